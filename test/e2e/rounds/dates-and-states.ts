import { graphql } from '../../support/graphql';
import { quarterly } from '../../support/returns';
import { asOwner } from '../../support/two-regions';
import { day, NORTH_EAST } from '../../support/world';
import { two, first, second, asDesk } from './regions';

describe('the dates of a round', () => {
  const PERIOD = '2023-Q3';
  const dates = { opens: day(-20), due: day(10), closes: day(40), checkUntil: null, publishesAt: null };
  let round: string;
  const moved = async (change: object, seat = 'regional-lead-2', of: string = NORTH_EAST) =>
    (await two.world.client(seat, of)).moveRoundDates(round, { ...dates, ...change }).then(
      ({ due, closes, checkUntil }) => ({ due, closes, checkUntil }),
      ({ code }: { code: string }) => code,
    );

  beforeAll(async () => {
    round = await two.world.openRound(NORTH_EAST, quarterly.code, PERIOD);
  });

  test.each<[string, string, object, string, (() => string)?]>([
    ['by an approver', 'NOT_FOR_THIS_ROLE', { due: day(11) }, 'authority-approver', () => second],
    ['by the lead of another region', 'ROUND_ABSENT', { due: day(11) }, 'regional-lead', () => two.westMidlands.code],
    ['by a lead whose own authority has sent nothing', 'LEAD_OWN_AUTHORITY', { closes: day(50) }, 'regional-lead'],
    ['into the past', 'ROUND_DATES', { due: day(-1) }, 'regional-lead-2'],
    ['where they have passed', 'ROUND_DATES', { opens: day(-21) }, 'regional-lead-2'],
    ['out of their order', 'ROUND_DATES', { due: day(41) }, 'regional-lead-2'],
    ['to a check window that ends before it begins', 'ROUND_DATES', { checkUntil: day(40) }, 'regional-lead-2'],
  ])('are not moved %s: %s', async (_what, code, change, seat, of = () => NORTH_EAST) => {
    expect(await moved(change, seat, of())).toBe(code);
  });

  test('move while they are to come, and what is taken until when follows them', async () => {
    expect(await moved({ due: day(12), closes: day(30), checkUntil: day(35) })).toEqual({
      due: day(12),
      closes: day(30),
      checkUntil: day(35),
    });
    await asOwner(two.world, 'update rounds.round set due = $2, closes = $2 where period = $1', [PERIOD, day(-1)]);
    // Over: the end of looking may still move, the end of the round not any more.
    const over = { due: day(-1), closes: day(-1) };
    expect(await moved({ ...over, closes: day(30), checkUntil: day(35) })).toBe('ROUND_NOT_OPEN');
    expect(await moved({ ...over, checkUntil: day(20) })).toEqual({ ...over, checkUntil: day(20) });
    expect(await moved({ ...over, checkUntil: day(-1) })).toBe('ROUND_DATES');
  });

  test('and the database itself lets no lead move the end for the own authority that is missing', async () => {
    const later = (seat: string) =>
      asDesk(seat, `update rounds.round set closes = closes + 1 where period = '${PERIOD}'`);
    expect([await later('regional-lead'), await later('regional-lead-2')]).toEqual(['23514', 1]);
  });
});

describe('a round', () => {
  const OPEN = `mutation ($region: ID!, $dataset: String!, $period: String!, $opens: Date!, $due: Date!, $closes: Date!) {
    openRound(region: $region, dataset: $dataset, period: $period, opens: $opens, due: $due, closes: $closes) { id state } }`;
  const CLOSE = 'mutation ($id: ID!) { closeRound(id: $id) { state missing { code } } }';
  const PUBLISH = 'mutation ($id: ID!) { publishRound(id: $id) { state } }';
  const [PERIOD, LATER, OWN] = ['2022-Q3', '2022-Q4', '2022-Q2'];
  const dates = { opens: day(-20), due: day(5), closes: day(10) };
  const good = { region: NORTH_EAST, dataset: 'safeguarding-quarterly', period: PERIOD, ...dates };
  /** What the mutation answers, or the code with which it is refused. */
  const does = async (seat: string, of: string, mutation: string, variables: Record<string, unknown>) => {
    const token = await two.world.token(seat, of);
    const { data, errors } = await graphql<Record<string, unknown>>(two.world.hub.url, token, mutation, variables);
    return errors?.[0]?.extensions.code ?? Object.values(data!)[0];
  };
  const asLead = (mutation: string, variables: object) => does('regional-lead', NORTH_EAST, mutation, { ...variables });
  const asDeputy = (mutation: string, variables: object) =>
    does('regional-lead-2', NORTH_EAST, mutation, { ...variables });

  test.each<[string, string, object, string?, (() => string)?]>([
    ['by somebody else than a lead', 'NOT_FOR_THIS_ROLE', {}, 'authority-analyst', () => first],
    ['in a region that the lead does not lead', 'REGION_ABSENT', {}, 'regional-lead', () => two.westMidlands.code],
    ['of a dataset that does not exist', 'DATASET_ABSENT', { dataset: 'nothing' }],
    ['of a period of another kind', 'ROUND_DATES', { period: '2022-07' }],
    ['of a period that is no period', 'PERIOD_MALFORMED', { period: 'soon' }],
    ['of a period that has not ended when it opens', 'ROUND_DATES', { period: '2029-Q1' }],
    ['that closes before it is due', 'ROUND_DATES', { closes: day(1) }],
    ['with a date that is none', 'REQUEST_MALFORMED', { due: '2026-02-30' }],
  ])('is not opened %s: %s', async (_what, code, change, seat = 'regional-lead', of = () => NORTH_EAST) => {
    const stored = () => asOwner(two.world, 'select * from rounds.round order by id');
    const before = await stored();
    expect(await does(seat, of(), OPEN, { ...good, ...change })).toBe(code);
    expect(await stored()).toEqual(before);
  });

  test('goes from scheduled or open to closed, and only a closed one is published', async () => {
    const opened = (await asDeputy(OPEN, good)) as { id: string; state: string };
    expect(opened.state).toBe('OPEN');
    expect(await asDeputy(OPEN, good)).toBe('ROUND_EXISTS');
    const scheduled = (await asDeputy(OPEN, { ...good, period: LATER, opens: day(3) })) as typeof opened;
    expect(scheduled.state).toBe('SCHEDULED');
    expect(await asDeputy(CLOSE, { id: scheduled.id })).toBe('ROUND_NOT_OPEN');
    const { id } = opened;
    expect(await asDeputy(PUBLISH, { id })).toBe('ROUND_NOT_CLOSED');
    expect(await does('regional-lead', two.westMidlands.code, CLOSE, { id })).toBe('ROUND_ABSENT');
    const missing = two.northEast.authorities.map((code) => ({ code }));
    expect(await asDeputy(CLOSE, { id })).toEqual({ state: 'CLOSED', missing });
    expect(await asDeputy(CLOSE, { id })).toMatchObject({ state: 'CLOSED' });
    expect(await asDeputy(PUBLISH, { id })).toEqual({ state: 'COMPILING' });
    expect(await asDeputy(PUBLISH, { id })).toBe('ROUND_NOT_CLOSED');
  });

  describe('whose lead works for an authority that has sent nothing', () => {
    let id: string;
    beforeAll(async () => {
      // The deputy's authority has sent its return; that of the lead has not.
      await asOwner(
        two.world,
        `insert into identity.member_role (member_id, role, organisation)
         select id, 'authority-analyst', $2 from identity.member where subject = $1`,
        [`regional-lead-2@${NORTH_EAST}`, second],
      );
      ({ id } = (await asLead(OPEN, { ...good, period: OWN })) as { id: string });
      await asOwner(
        two.world,
        `insert into rounds.return_state (round_id, region_id, authority_id, version, received_at)
         select r.id, r.region_id, a.id, 1, now() from rounds.round r, registry.authority a
         where r.period = $1 and a.code = $2`,
        [OWN, second],
      );
    });

    const isRefused = async (mutation: string) => {
      const stored = () =>
        asOwner(
          two.world,
          `select r.*, (select count(*) from platform.outbox o where o.subject = r.id) as work
           from rounds.round r where period = $1`,
          [OWN],
        );
      const before = await stored();
      expect(await asLead(mutation, { id })).toBe('LEAD_OWN_AUTHORITY');
      expect(await stored()).toEqual(before);
    };
    const change = (what: string) => `update rounds.round set ${what} where period = '${OWN}'`;

    test('is closed before its date by the deputy from another authority alone', async () => {
      await isRefused(CLOSE);
      expect(await asDesk('regional-lead', change('closed_early_at = now()'))).toBe('23514');
      expect(await asDesk('regional-lead-2', change('closed_early_at = now()'))).toBe(1);
      expect(await asDeputy(CLOSE, { id })).toMatchObject({ state: 'CLOSED' });
    });

    test('and published before its closing date; afterwards it is nobody’s own matter', async () => {
      await isRefused(PUBLISH);
      expect(await asDesk('regional-lead', change("state = 'compiling'"))).toBe('23514');
      expect(await asDesk('regional-lead-2', change("state = 'compiling'"))).toBe(1);
      await asOwner(two.world, 'update rounds.round set due = $2, closes = $2 where period = $1', [OWN, day(-1)]);
      expect(await asDesk('regional-lead', change("state = 'compiling'"))).toBe(1);
      expect(await asLead(PUBLISH, { id })).toEqual({ state: 'COMPILING' });
    });
  });
});
