import { byHand } from '../../support/by-hand';
import { graphql } from '../../support/graphql';
import { nameOf, quarterly } from '../../support/returns';
import { asOwner, rowsOf } from '../../support/two-regions';
import { day, NORTH_EAST } from '../../support/world';
import { two, second, last, statusFor, send, nils } from './regions';

describe('the check window', () => {
  const PERIOD = '2025-Q3';
  let round: string;
  const codeOf = (answer: Awaited<ReturnType<typeof send>>) => (answer.body as { code?: string }).code ?? answer.status;
  const figuresFor = async (role: string, of: string) => (await two.world.client(role, of)).ownFigures(round);
  /** What the lead is told: the code of the refusal, or the state of the round. */
  const lead = async (step: 'closeRound' | 'checkRound' | 'publishRound') => {
    const { data, errors } = await graphql<Record<string, { state: string; beingChecked: boolean }>>(
      two.world.hub.url,
      await two.world.token('regional-lead-2', NORTH_EAST),
      `mutation ($id: ID!) { ${step}(id: $id) { state beingChecked } }`,
      { id: round },
    );
    return errors?.[0]?.extensions.code ?? data![step];
  };
  const confirm = async (version: number, seat = 'authority-approver', of = second) => {
    const asked = { round, authority: second, version };
    const { data, errors } = await graphql(
      two.world.hub.url,
      await two.world.token(seat, of),
      `
        mutation ($round: ID!, $authority: ID!, $version: Int!) {
          confirmReturn(round: $round, authority: $authority, version: $version) {
            id
          }
        }
      `,
      asked,
    );
    return errors?.[0]?.extensions.code ?? data;
  };
  const confirmed = async () =>
    (await statusFor('regional-lead-2', NORTH_EAST, round))
      .returns!.filter((one) => one.confirmed)
      .map(({ authority }) => authority.code);
  const withComment = async (referrals: number, more: object) => {
    const { world } = two;
    const rows = nils(referrals);
    const payload = {
      ...world.payload(NORTH_EAST, nameOf(quarterly), { authority: second, period: PERIOD, rows }),
      ...more,
    };
    return world.send(second, await world.sign(second, payload));
  };

  beforeAll(async () => {
    const client = await two.world.client('regional-lead-2', NORTH_EAST);
    const dates = { opens: day(-20), due: day(10), closes: day(40) };
    const asked = { region: NORTH_EAST, dataset: quarterly.code, period: PERIOD, ...dates };
    await expect(client.openRound({ ...asked, checkUntil: day(40) })).rejects.toMatchObject({ code: 'ROUND_DATES' });
    const early = { ...asked, checkUntil: day(47), publishesAt: `${day(47)}T09:30:00Z` };
    await expect(client.openRound(early)).rejects.toMatchObject({ code: 'ROUND_DATES' });
    const opened = await client.openRound({ ...asked, checkUntil: day(47) });
    round = opened.id;
    expect(opened).toMatchObject({ state: 'open', checkUntil: day(47), beingChecked: false });
    const commentary = [{ indicator: 'RF01', text: 'A new front door.' }];
    expect((await withComment(50, { commentary })).status).toBe(201);
  });

  test('comes after the end of the round, and nobody publishes while it runs', async () => {
    expect([await lead('checkRound'), await lead('publishRound')]).toEqual(['ROUND_NOT_CLOSED', 'ROUND_NOT_CLOSED']);
    expect(await lead('closeRound')).toEqual({ state: 'CLOSED', beingChecked: true });
    expect([await lead('checkRound'), await lead('publishRound')]).toEqual(['ROUND_NOT_CHECKED', 'ROUND_NOT_CHECKED']);
  });

  test('shows an authority its own figures as they are printed, and nothing of others', async () => {
    const [own, ...more] = await figuresFor('authority-analyst', second);
    expect(more).toEqual([]);
    expect(own).toMatchObject({ authority: { code: second }, version: 1, confirmed: false });
    const { figures, commentary, replaces, changes } = own!.check!;
    expect(figures!.find(({ indicator, dimension }) => indicator.code === 'RF01' && dimension === null)).toMatchObject({
      kind: 'value',
      count: 50,
      value: expect.any(Number) as number,
      unit: 'per 10,000',
    });
    expect(figures!.find(({ indicator }) => indicator.code === 'CP01')).toMatchObject({
      kind: 'notCollected',
      count: null,
    });
    expect(commentary).toMatchObject([{ indicator: { code: 'RF01' }, text: 'A new front door.' }]);
    expect([replaces, changes]).toEqual([null, null]);
    // Nothing sent, and nobody's figures for a lead or a member without figures of an authority.
    expect(await figuresFor('authority-analyst', last)).toMatchObject([{ version: null, check: null }]);
    expect(await figuresFor('regional-lead-2', NORTH_EAST)).toEqual([]);
    expect(await figuresFor('elected-member', second)).toEqual([]);
  });

  test('takes what mends a return, with what has changed, and no first one', async () => {
    expect(codeOf(await send(last, PERIOD, nils(40)))).toBe('ROUND_NOT_OPEN');
    expect(await confirm(1)).toMatchObject({ confirmReturn: { id: round } });
    expect(await confirmed()).toEqual([second]);
    expect((await withComment(51, { reason: 'One referral came late.' })).status).toBe(201);
    // What was said of the version before is not said of this one.
    expect(await confirmed()).toEqual([]);
    const [own] = await figuresFor('authority-approver', second);
    expect(own!.check).toMatchObject({
      replaces: 1,
      reason: 'One referral came late.',
      changes: [{ indicator: { code: 'RF01' }, dimension: null, ofDenominator: false, before: 50, after: 51 }],
    });
  });

  test.each<[string, string, number, string, (() => string)?]>([
    ['of a version that is not in use', 'CONFIRMATION_OUTDATED', 1, 'authority-approver'],
    ['by an analyst', 'NOT_FOR_THIS_ROLE', 2, 'authority-analyst'],
    ['by the lead', 'NOT_FOR_THIS_ROLE', 2, 'regional-lead-2', () => NORTH_EAST],
    ['by a neighbour', 'SUBMISSION_ABSENT', 2, 'authority-approver', () => last],
  ])('is not confirmed %s: %s', async (_what, code, version, seat, of = () => second) => {
    expect(await confirm(version, seat, of())).toBe(code);
    expect(await confirmed()).toEqual([]);
  });

  test('is not confirmed by whoever has sent the return, in the code and in the database', async () => {
    const { world } = two;
    const sentBy = (subject: string) =>
      asOwner(
        world,
        `update intake.submission set received_by = (select id from identity.member where subject = $1 and issuer = $4)
         where period = $2 and authority_id = (select id from registry.authority where code = $3)`,
        [subject, PERIOD, second, world.issuer.issuer],
      );
    await sentBy(`authority-approver@${second}`);
    expect(await confirm(2)).toBe('CONFIRMATION_OWN_RETURN');
    const insert = (subject: string) =>
      byHand(
        two.world,
        two.database.urls.intake,
        subject,
        `insert into rounds.confirmation (round_id, region_id, authority_id, version, confirmed_by, confirmed_at)
         select r.id, r.region_id, a.id, 2, identity.caller(), now() from rounds.round r, registry.authority a
         where r.period = $1 and r.region_id in (select identity.caller_regions()) and a.code = $2`,
        [PERIOD, second],
      );
    try {
      expect(await insert(`authority-approver@${second}`)).toBe('42501');
      expect(await insert(`authority-approver-2@${second}`)).toBe(1);
    } finally {
      await sentBy(`authority-system@${second}`);
    }
  });

  test('ends before its day once everybody who has reported has confirmed; then nothing more is taken', async () => {
    expect(await confirm(2, 'authority-approver-2')).toMatchObject({ confirmReturn: { id: round } });
    expect(await confirm(2)).toMatchObject({ confirmReturn: { id: round } });
    expect(await lead('checkRound')).toEqual({ state: 'CHECKED', beingChecked: false });
    expect(await lead('checkRound')).toEqual({ state: 'CHECKED', beingChecked: false });
    expect(codeOf(await withComment(52, {}))).toBe('ROUND_NOT_OPEN');
    expect(await lead('publishRound')).toMatchObject({ state: 'COMPILING' });
    expect(await confirm(2)).toBe('SUBMISSION_COMPILED');
  });
});

test('a return that arrives while its round is closed and published is in the publication, or refused', async () => {
  const { world, westMidlands } = two;
  const { code, authorities } = westMidlands;
  const PERIOD = '2025-Q1';
  const round = await world.openRound(code, quarterly.code, PERIOD);
  const envelopes = await Promise.all(
    authorities.map(async (authority, i) => {
      const payload = world.payload(code, nameOf(quarterly), { authority, period: PERIOD, rows: rowsOf(i) });
      return [authority, await world.sign(authority, payload)] as const;
    }),
  );
  const answers = new Map<string, number>();
  const sendOne = async ([authority, envelope]: (typeof envelopes)[number]) =>
    void answers.set(authority, (await world.send(authority, envelope)).status);
  for (const one of envelopes.slice(0, 4)) await sendOne(one);
  const [, outcome] = await Promise.all([
    Promise.all(
      envelopes
        .slice(4)
        .map(async (one, i) => new Promise((later) => setTimeout(later, 15 * i)).then(() => sendOne(one))),
    ),
    world.publish(code, round),
  ]);
  expect(outcome).toEqual({ state: 'PUBLISHED', heldBecause: null });
  const [{ submitted }] = (await asOwner(
    world,
    `select document::jsonb -> 'submitted' as submitted from release.publication p join registry.region g on g.id = p.region_id
     where g.code = $1 and p.period = $2`,
    [code, PERIOD],
  )) as [{ submitted: string[] }];
  expect([...new Set(answers.values())].every((status) => status === 201 || status === 409)).toBe(true);
  expect(submitted).toEqual(authorities.filter((authority) => answers.get(authority) === 201));
});
