import * as fc from 'fast-check';
import type { PublicationDocument } from '@hub/publications/domain';
import { graphql } from '../support/graphql';
import { nameOf, newJti, quarterly, returnOf } from '../support/returns';
import { asOwner, PERIOD, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST, type Row } from '../support/world';

/** What an authority does at the end of a quarter: it refreshes the quarters before. */

const NOW = '2026-Q2';
let two: TwoRegions;
let first: string, second: string;
let round: string;

beforeAll(async () => {
  two = await twoRegions();
  [first, second] = two.northEast.authorities as [string, string];
  round = await two.world.openRound(NORTH_EAST, quarterly.code, NOW);
}, 240_000);
afterAll(() => two?.stop());

interface Found {
  severity: string;
  rule: string;
  pointer: string;
  expected?: string;
}
interface Answer {
  id: string;
  state: string;
  version: number;
  receipt: string;
  code?: string;
  findings?: Found[];
}
const payloadOf = (authority: string, rows: readonly Row[], more: object = {}, period = NOW) => ({
  ...two.world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] }),
  ...more,
});
const send = async (authority: string, payload: object, jti = newJti()) => {
  const answer = await two.world.send(authority, await two.world.sign(authority, payload, { jti }));
  return { status: answer.status, body: answer.body as unknown as Answer };
};
const check = async (role: string, authority: string, payload: object) =>
  (await two.world.client(role, authority)).check(await two.world.sign(authority, payload));
/** Of the authority all that is in use, by period. */
const inUse = (authority: string) =>
  asOwner<{ period: string; version: number; carried: boolean }>(
    two.world,
    `select b.period, b.version, b.carried_by is not null as carried from intake.submission b
       join registry.authority a on a.id = b.authority_id where a.code = $1 and b.state = 'accepted' and b.period >= $2 order by b.period`,
    [authority, PERIOD],
  );

describe('a return that refreshes an earlier quarter', () => {
  const now = returnOf(quarterly, [{ indicator: 'RF01', count: 320 }]);
  const earlier = (rows: Row[]) => rows.map((row) => ({ ...row, period: PERIOD }));
  const AT = now.length;
  const refresh = earlier([{ indicator: 'RF01', count: 310 }]);
  const because = {
    explanations: [{ rule: 'change-against-previous', pointer: `/rows/${AT}`, answer: 'confirmed', text: 'Ten came late.' }], // prettier-ignore
  };
  let published: string;
  let theirs: unknown;

  const documentOf = async () => {
    const [row] = await asOwner<{ document: string }>(
      two.world,
      `select p.document from release.publication p join registry.region g on g.id = p.region_id
       where g.code = $1 and p.period = $2 and p.state = 'current'`,
      [NORTH_EAST, PERIOD],
    );
    return row!.document;
  };
  const printed = (document: string, authority: string, key = 'RF01#count') => {
    const { series, authorities } = JSON.parse(document) as PublicationDocument;
    return series.find((one) => one.key === key)!.figures[authorities.indexOf(authority)];
  };
  /** Everything that a neighbour is told of the two quarters. */
  const seenBy = async (authority: string) => {
    const analyst = await two.world.client('authority-analyst', authority);
    const of = async (id: string) => [await analyst.roundStatus(id), await analyst.ownFigures(id)];
    return [await of(round), await of(two.northEast.round)];
  };

  beforeAll(async () => {
    published = await documentOf();
    theirs = await seenBy(second);
  });

  test('is held to that quarter as it stands, the same by check and by submit, and stores nothing of what is wrong', async () => {
    const wrong = payloadOf(first, [...now, ...earlier([{ indicator: 'CP01', count: 1 }])]);
    const { accepted, findings } = await check('authority-analyst', first, wrong);
    expect(accepted).toBe(false);
    expect(findings.map(({ rule, pointer }) => `${rule} ${pointer}`)).toContain(`parts-do-not-sum /rows/${AT}/count`);
    expect(await send(first, wrong)).toMatchObject({ status: 422, body: { code: 'SUBMISSION_INVALID', findings } });
    const asked = await check('authority-analyst', first, payloadOf(first, [...now, ...refresh]));
    expect(asked.findings.map(({ rule }) => rule)).toEqual(['change-against-previous', 'query-unanswered']);
    for (const period of ['2025-Q4', '2026-Q3', '2026-Q4']) {
      const other = payloadOf(first, [...now, { ...refresh[0]!, period }]);
      expect((await send(first, other)).body.findings).toMatchObject([{ rule: 'refresh-not-offered', expected: NOW }]);
    }
    expect(await inUse(first)).toEqual([{ period: PERIOD, version: 1, carried: false }]);
  });

  test('makes the next version of it, which its own authority sees, with one receipt', async () => {
    const jti = newJti();
    const payload = payloadOf(first, [...now, ...refresh], { ...because, reason: 'Ten referrals came late.' });
    const { status, body } = await send(first, payload, jti);
    expect([status, body]).toMatchObject([201, { version: 1, state: 'accepted' }]);
    expect(await send(first, payload, jti)).toMatchObject({ status: 200, body: { receipt: body.receipt } });
    expect(await inUse(first)).toEqual([
      { period: PERIOD, version: 2, carried: true },
      { period: NOW, version: 1, carried: false },
    ]);
    const { submission } = await two.world.ask<{ submission: { refreshed: { period: string; version: number; submission: string }[] } }>(
      await two.world.token('authority-analyst', first),
      'query ($id: ID!) { submission(id: $id) { refreshed { period version submission } } }',
      { id: body.id },
    ); // prettier-ignore
    expect(submission.refreshed).toEqual([{ period: PERIOD, version: 2, submission: expect.any(String) as string }]);
    const system = await two.world.client('authority-system', first);
    const its = await system.status(submission.refreshed[0]!.submission);
    expect(its).toMatchObject({ version: 2, receipt: body.receipt, findings: [] });

    const [own] = await (await two.world.client('authority-analyst', first)).ownFigures(two.northEast.round);
    expect(own).toMatchObject({ version: 2, check: { replaces: 1, reason: 'Ten referrals came late.' } });
    expect(own!.check!.changes).toMatchObject([{ indicator: { code: 'RF01' }, before: 300, after: 310 }]);
    expect(own!.check!.answers.map(({ text }) => text)).toEqual(['Ten came late.']);
    // All else stands as it was sent.
    const totals = rowsOf(0).filter(({ breakdown, count }) => !breakdown && count !== undefined);
    expect(own!.check!.figures!.filter(({ dimension, kind }) => !dimension && kind === 'value')).toHaveLength(totals.length); // prettier-ignore
  });

  test('and nobody else before the next edition: not the figures, not their neighbours’ answers, of a lead the version', async () => {
    expect(await documentOf()).toBe(published);
    expect(await seenBy(second)).toEqual(theirs);
    const { returns } = await (await two.world.client('regional-lead', NORTH_EAST)).roundStatus(two.northEast.round);
    expect(returns!.find(({ authority }) => authority.code === first)).toMatchObject({ version: 2, late: false });
    expect(JSON.stringify(returns)).not.toMatch(/3[01]0/);
  });

  test('stays when the return that carried it is replaced, and is refreshed again by that', async () => {
    const reason = 'One more referral.';
    expect((await send(first, payloadOf(first, returnOf(quarterly, [{ indicator: 'RF01', count: 321 }]), { reason }))).status).toBe(201); // prettier-ignore
    expect(await inUse(first)).toMatchObject([{ version: 2 }, { version: 2 }]);
    const more = payloadOf(first, [...now, ...earlier([{ indicator: 'CP07', count: 107, of: 128 }])], { reason });
    const { findings } = await check('authority-analyst', first, more);
    expect(findings).toEqual([]);
    expect((await send(first, more)).status).toBe(201);
    expect(await inUse(first)).toMatchObject([{ version: 3, carried: true }, { version: 3 }]);
    // What it says already makes no version.
    expect((await send(first, { ...more, reason: 'Once more.' })).body).toMatchObject({ version: 4 });
    expect(await inUse(first)).toMatchObject([{ version: 3 }, { version: 4 }]);
  });

  test('cannot be taken back with it, for its quarter is published', async () => {
    const withdraw = async (id: string) => {
      const { data, errors } = await graphql<{ withdrawSubmission: { state: string } }>(
        two.world.hub.url,
        await two.world.token('authority-approver', first),
        'mutation ($id: ID!) { withdrawSubmission(id: $id, reason: "Wrong file.") { state } }',
        { id },
      );
      return errors?.[0]?.extensions.code ?? data!.withdrawSubmission.state;
    };
    const ids = await asOwner<{ id: string; carried: boolean }>(
      two.world,
      `select replace(b.id::text, '-', '') as id, b.carried_by is not null as carried from intake.submission b
         join registry.authority a on a.id = b.authority_id
       where a.code = $1 and b.state = 'accepted' and b.period in ($2, $3) order by b.period`,
      [first, PERIOD, NOW],
    );
    const [quarterBefore, current] = ids.map(({ id }) => `sub_${two.world.hubId}_${id}`) as [string, string];
    expect(await withdraw(quarterBefore)).toBe('SUBMISSION_COMPILED');
    expect(await withdraw(current)).toBe('WITHDRAWN');
    expect(await inUse(first)).toEqual([{ period: PERIOD, version: 3, carried: true }]);
  });

  test('is printed with the revised edition, which says whose figures are revised', async () => {
    const lead = await two.world.client('regional-lead', NORTH_EAST);
    await lead.openEdition(two.northEast.round, { edition: 'revised', due: day(5), closes: day(10) });
    // Open again, its round takes refreshes and whole returns alike; closed, neither.
    expect((await check('authority-system', first, payloadOf(first, [...now, ...refresh]))).findings.map(({ rule }) => rule)).toContain('change-against-previous'); // prettier-ignore
    await lead.closeRound(two.northEast.round);
    expect((await check('authority-system', first, payloadOf(first, [...now, ...refresh]))).findings.map(({ rule }) => rule)).toEqual(['refresh-not-offered']); // prettier-ignore
    expect(await two.world.publish(NORTH_EAST, two.northEast.round)).toEqual({ state: 'PUBLISHED', heldBecause: null });
    const after = await documentOf();
    expect([printed(published, first), printed(after, first)]).toEqual([300, 310]);
    expect(printed(after, second)).toBe(printed(published, second));
    expect(JSON.parse(after)).toMatchObject({ edition: 'revised', revised: [first] });
    const { publication } = await two.world.ask<{ publication: { mine: { version: number }[] } }>(
      await two.world.token('authority-analyst', first),
      'query ($id: ID!) { publication(id: $id) { mine { version receipt } } }',
      { id: (JSON.parse(after) as PublicationDocument).id },
    );
    expect(publication.mine).toMatchObject([{ version: 3 }]);
  });

  test('gives the same verdict by check and by submit, whatever it changes', async () => {
    const good = [...now, ...earlier(rowsOf(1).filter(({ count }) => count !== undefined))];
    const places = fc.integer({ min: AT, max: good.length - 1 });
    const values = fc.constantFrom<unknown>(-1, 0, 5, 300, 2.5, 'x', null);
    const members = fc.constantFrom('count', 'of', 'period', 'indicator');
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(places, members, values), { maxLength: 2 }), async (all) => {
        const rows = good.map((row, i) =>
          all.reduce<Row>((one, [place, member, value]) => (place === i ? { ...one, [member]: value } : one), row),
        );
        const open = payloadOf(second, rows);
        const explanations = await two.world.explanationsOf(second, open);
        const payload = explanations.length ? { ...open, explanations } : open;
        const { accepted } = await check('authority-system', second, payload);
        verdicts.add(accepted);
        expect((await send(second, payload)).status < 300).toBe(accepted);
      }),
      { numRuns: 20, seed: 7, examples: [[[]]] },
    );
    expect(verdicts.size).toBe(2);
  });

  test('and whole returns of that quarter at the same moment follow one another', async () => {
    const lead = await two.world.client('regional-lead', NORTH_EAST);
    await lead.openEdition(two.northEast.round, { edition: 'revised', due: day(5), closes: day(10) });
    const third = two.northEast.authorities[3]!;
    const plain = rowsOf(3);
    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) => {
        const counts = [{ indicator: 'RF01', count: 400 + i }, { indicator: 'RF05', count: 50 + i, of: 400 + i }] as const; // prettier-ignore
        const whole = plain.map((row) => counts.find(({ indicator }) => indicator === row.indicator) ?? row);
        // A refresh of the total alone divides what stands by it; it hangs together whichever came before.
        const refreshing = [...now, ...earlier([{ indicator: 'RF01', count: 420 + i }])];
        return send(third, i % 2 ? payloadOf(third, whole, {}, PERIOD) : payloadOf(third, refreshing));
      }),
    );
    expect(answers.map(({ status, body }) => [status, body.findings?.filter(({ severity }) => severity === 'error')])).toEqual(answers.map(() => [201, []])); // prettier-ignore
    const versions = await asOwner<{ version: number; state: string; cells: number }>(
      two.world,
      `select b.version, b.state, (select count(*)::int from intake.cell c where c.submission_id = b.id) as cells
       from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1 and b.period = $2 order by b.version`,
      [third, PERIOD],
    );
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(versions.map(({ state }) => state)).toEqual([...Array<string>(6).fill('superseded'), 'accepted']);
    expect(new Set(versions.map(({ cells }) => cells)).size).toBe(1);
  });
});
