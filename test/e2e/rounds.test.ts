import type { RoundStatusAnswer } from '@hub/client';
import { graphql } from '../support/graphql';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { asOwner, BEFORE, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST, type Row } from '../support/world';

/** The life of a round, as an authority and as its lead see it. */

let two: TwoRegions;
let first: string, second: string, last: string;

beforeAll(async () => {
  two = await twoRegions();
  [first, second] = two.northEast.authorities as [string, string];
  last = two.northEast.authorities.at(-1)!;
}, 240_000);
afterAll(() => two?.stop());

const statusFor = async (role: string, of: string, round: string): Promise<RoundStatusAnswer> =>
  (await two.world.client(role, of)).roundStatus(round);
const send = async (authority: string, period: string, rows: readonly Row[]) => {
  const { world } = two;
  const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] });
  return world.send(authority, await world.sign(authority, payload));
};
const nils = (of: number): Row[] =>
  returnOf(quarterly, [{ indicator: 'RF01', count: of }, ...brokenDown(quarterly, 'SF03', 'abuse', [])]);

describe('the status of a return', () => {
  test('is for the lead who has reported and how much, and who is missing', async () => {
    const { returns, mine, missing } = await statusFor('regional-lead', NORTH_EAST, two.northEast.round);
    expect(mine).toBeNull();
    expect(returns!.map(({ authority }) => authority.code)).toEqual(two.northEast.authorities);
    expect(returns!.slice(0, 3)).toMatchObject([
      { state: 'reported', version: 1, late: false, counted: 5, indicators: 51 },
      { state: 'reported', version: 1, late: false, counted: 5, indicators: 51 },
      // Collects no RF05: a number, and not which.
      { state: 'reported', version: 1, late: false, counted: 4, indicators: 51 },
    ]);
    expect(returns!.at(-1)).toMatchObject({ state: 'missing', version: null, receivedAt: null, counted: null });
    expect(missing).toEqual([last]);
  });

  test('is for an authority its own alone, indicator by indicator', async () => {
    expect((await send(second, BEFORE, nils(70))).status).toBe(201);
    for (const role of ['authority-analyst', 'authority-approver', 'authority-system']) {
      const { returns, mine, missing } = await statusFor(role, second, two.northEast.openRound);
      expect([returns, missing]).toEqual([null, null]);
      expect(mine).toMatchObject([{ authority: { code: second }, version: 1, late: false }]);
      const of = (code: string) => mine![0]!.indicators!.find(({ indicator }) => indicator.code === code);
      expect(mine![0]!.indicators).toHaveLength(51);
      expect(of('RF01')).toMatchObject({ state: 'reported', counted: true, expected: expect.arrayContaining(['RF01|source']) as unknown }); // prettier-ignore
      expect(of('SF03')).toMatchObject({ state: 'confirmedNil', counted: true, expected: [] });
      expect(of('CP01')).toMatchObject({ state: 'reported', counted: false, expected: [] });
    }
    const { mine } = await statusFor('authority-analyst', last, two.northEast.openRound);
    expect(mine).toMatchObject([{ authority: { code: last }, version: null, receivedAt: null }]);
    expect(new Set(mine![0]!.indicators!.map(({ state }) => state))).toEqual(new Set(['missing']));
    expect(mine![0]!.indicators!.every(({ indicator, expected }) => expected[0] === indicator.code)).toBe(true);
  });

  test('late counts from what first came and has stood since: sending again later takes nothing away', async () => {
    const { world, northEast } = two;
    const [{ due }] = (await asOwner(world, `select due::text from rounds.round where period = '${BEFORE}'`)) as [
      { due: string },
    ];
    await asOwner(world, `update rounds.round set due = $1 where period = '${BEFORE}'`, [day(-2)]);
    try {
      const late = async () => {
        const { returns } = await statusFor('regional-lead', NORTH_EAST, northEast.openRound);
        return returns!.filter((one) => !one.late).map(({ authority, version }) => [authority.code, version]);
      };
      expect(await late()).toEqual([]);
      await asOwner(
        world,
        `update rounds.return_state s set first_received_at = now() - interval '3 days'
         from rounds.round r, registry.authority a
         where r.id = s.round_id and r.period = '${BEFORE}' and a.id = s.authority_id and a.code = $1`,
        [second],
      );
      expect((await send(second, BEFORE, nils(71))).status).toBe(201);
      expect(await late()).toEqual([[second, 2]]);
    } finally {
      await asOwner(world, `update rounds.round set due = $1 where period = '${BEFORE}'`, [due]);
    }
  });

  test('is nobody’s else: not of a member without figures of an authority, not across regions, not without a token', async () => {
    const { world, northEast, westMidlands } = two;
    const { returns, mine } = await statusFor('elected-member', first, northEast.openRound);
    expect([returns, mine]).toEqual([null, null]);
    const query = 'query ($id: ID!) { round(id: $id) { id } }';
    for (const [token, id] of [
      [await world.token('regional-lead', NORTH_EAST), westMidlands.round],
      [await world.token('regional-lead', NORTH_EAST), 'rnd_none'],
      [null, northEast.round],
    ] as const) {
      const { data, errors } = await graphql(world.hub.url, token, query, { id });
      expect([data, errors?.[0]?.extensions.code]).toEqual([{ round: null }, 'ROUND_ABSENT']);
    }
  });
});
