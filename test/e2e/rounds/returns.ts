import { graphql } from '../../support/graphql';
import { nameOf, quarterly, returnOf } from '../../support/returns';
import { asOwner, BEFORE } from '../../support/two-regions';
import { day, NORTH_EAST, type Row } from '../../support/world';
import { two, first, second, last, statusFor, send, checked, asDesk, nils } from './regions';

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
      expect(of('RF01')).toMatchObject({
        state: 'reported',
        counted: true,
        expected: expect.arrayContaining(['RF01|source']) as unknown,
      });
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
    expect((await statusFor('regional-lead', NORTH_EAST, northEast.openRound)).lateSince).toBeNull();
    await asOwner(world, `update rounds.round set due = $1 where period = '${BEFORE}'`, [day(-2)]);
    try {
      const late = async () => {
        const { returns, lateSince } = await statusFor('regional-lead', NORTH_EAST, northEast.openRound);
        expect(lateSince).toBe(day(-1));
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
    for (const [token, id, code] of [
      [await world.token('regional-lead', NORTH_EAST), westMidlands.round, 'ROUND_ABSENT'],
      [await world.token('regional-lead', NORTH_EAST), 'rnd_none', 'ROUND_ABSENT'],
      [null, northEast.round, 'TOKEN_MISSING'],
    ] as const) {
      const { data, errors } = await graphql(world.hub.url, token, query, { id });
      expect([data, errors?.[0]?.extensions.code]).toEqual([{ round: null }, code]);
    }
  });
});

describe('a return after the end of its round', () => {
  const PERIOD = '2025-Q1';
  const GRANT = `mutation ($round: ID!, $authority: ID!, $until: Date!, $reason: String!) {
    grantException(round: $round, authority: $authority, until: $until, reason: $reason) { authority { code } until } }`;
  const PUBLISH = 'mutation ($round: ID!) { publishRound(id: $round) { state } }';
  let round: string;

  /** What a seat is told: the code of its refusal, or what was done. */
  const asked = async (seat: string, of: string, query: string, change: object = {}) => {
    const variables = { round, authority: first, until: day(2), reason: 'A new case system.', ...change };
    const { data, errors } = await graphql(two.world.hub.url, await two.world.token(seat, of), query, variables);
    return errors?.[0]?.extensions.code ?? data;
  };
  const stored = () => asOwner(two.world, 'select authority_id, until::text from rounds.late_exception order by id');
  const codeOf = (answer: Awaited<ReturnType<typeof send>>) => (answer.body as { code?: string }).code ?? answer.status;
  const insertFor = (code: string) => `
    insert into rounds.late_exception (id, round_id, region_id, authority_id, until, reason, granted_by, granted_at)
    select gen_random_uuid(), r.id, r.region_id, a.id, '2099-01-01', 'by hand', identity.caller(), now()
    from rounds.round r, registry.authority a where r.period = '${PERIOD}' and a.code = '${code}'`;

  beforeAll(async () => {
    const { world } = two;
    round = await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
    // The lead works for the first authority; the deputy does not.
    await asOwner(
      world,
      `insert into identity.member_role (member_id, role, organisation)
       select id, 'authority-analyst', $2 from identity.member where subject = $1`,
      [`regional-lead@${NORTH_EAST}`, first],
    );
    expect(await asked('regional-lead-2', NORTH_EAST, GRANT)).toBe('ROUND_NOT_CLOSED');
    await asOwner(world, 'update rounds.round set due = $1, closes = $1 where period = $2', [day(-1), PERIOD]);
  });

  test('is refused, by check and by submit, and nothing is stored', async () => {
    expect(codeOf(await send(first, PERIOD, nils(60)))).toBe('ROUND_NOT_OPEN');
    expect(await checked(first, PERIOD, nils(60))).toBe('ROUND_NOT_OPEN');
    expect(await asOwner(two.world, `select from intake.submission where period = '${PERIOD}'`)).toEqual([]);
  });

  test.each<[string, string, string, () => object, (() => string)?]>([
    ['by a lead who works for that authority', 'LEAD_OWN_AUTHORITY', 'regional-lead', () => ({})],
    ['by somebody who leads nothing', 'NOT_FOR_THIS_ROLE', 'authority-approver', () => ({}), () => second],
    ['by the lead of another region', 'ROUND_ABSENT', 'regional-lead', () => ({}), () => two.westMidlands.code],
    [
      'to an authority of another region',
      'ORGANISATION_ABSENT',
      'regional-lead-2',
      () => ({ authority: two.westMidlands.authorities[0] }),
    ],
    ['until yesterday', 'EXCEPTION_DATES', 'regional-lead-2', () => ({ until: day(-1) })],
    ['without a reason', 'REQUEST_MALFORMED', 'regional-lead-2', () => ({ reason: ' ' })],
    [
      'for a reason that names somebody',
      'REQUEST_MALFORMED',
      'regional-lead-2',
      () => ({ reason: 'Ask jo@example.org' }),
    ],
    ['to a round that is published', 'ROUND_NOT_CLOSED', 'regional-lead-2', () => ({ round: two.northEast.round })],
  ])('is not let in %s: %s', async (_what, code, seat, change, of = () => NORTH_EAST) => {
    expect(await asked(seat, of(), GRANT, change())).toBe(code);
    expect(await stored()).toEqual([]);
  });

  test('and the database itself stops a lead from excusing the own authority', async () => {
    expect(await asDesk('regional-lead', insertFor(first))).toBe('23514');
    expect(await asDesk('regional-lead', insertFor(second))).toBe(1);
    expect(await asDesk('regional-lead-2', insertFor(first))).toBe(1);
  });

  test('is taken by an exception of the deputy, after the same checks, and of that authority alone', async () => {
    expect(await asked('regional-lead-2', NORTH_EAST, GRANT)).toEqual({
      grantException: { authority: { code: first }, until: day(2) },
    });
    const { exceptions } = await statusFor('authority-analyst', first, round);
    expect(exceptions).toMatchObject([{ authority: { code: first }, until: day(2), reason: 'A new case system.' }]);
    expect((await statusFor('authority-analyst', second, round)).exceptions).toEqual([]);
    expect((await statusFor('elected-member', first, round)).exceptions).toBeNull();
    expect((await statusFor('regional-lead-2', NORTH_EAST, round)).exceptions).toHaveLength(1);

    expect(codeOf(await send(second, PERIOD, nils(60)))).toBe('ROUND_NOT_OPEN');
    expect(codeOf(await send(first, PERIOD, nils(60).slice(1)))).toBe('SUBMISSION_INVALID');
    // Until it has sent, publishing cuts its time short: not the own lead's matter.
    expect(await asked('regional-lead', NORTH_EAST, PUBLISH)).toBe('LEAD_OWN_AUTHORITY');
    expect(
      await asDesk('regional-lead', `update rounds.round set state = 'compiling' where period = '${PERIOD}'`),
    ).toBe('23514');
    expect(
      await asDesk('regional-lead-2', `update rounds.round set state = 'compiling' where period = '${PERIOD}'`),
    ).toBe(1);
    expect(await checked(first, PERIOD, nils(60))).toBe(true);
    expect((await send(first, PERIOD, nils(60))).status).toBe(201);
    const { returns } = await statusFor('regional-lead-2', NORTH_EAST, round);
    expect(returns!.filter(({ state }) => state === 'reported')).toMatchObject([
      { authority: { code: first }, late: true },
    ]);
  });

  test('is refused once the exception has ended, and once the round compiles', async () => {
    const move = (until: string) =>
      asOwner(two.world, `update rounds.late_exception set until = $1 where reason <> 'by hand'`, [until]);
    await move(day(-1));
    expect(codeOf(await send(first, PERIOD, nils(61)))).toBe('ROUND_NOT_OPEN');
    await move(day(2));
    expect(await asked('regional-lead', NORTH_EAST, PUBLISH)).toEqual({ publishRound: { state: 'COMPILING' } });
    expect(codeOf(await send(first, PERIOD, nils(61)))).toBe('ROUND_NOT_OPEN');
    expect(await asked('regional-lead-2', NORTH_EAST, GRANT)).toBe('ROUND_NOT_CLOSED');
  });
});

describe('a return that is withdrawn', () => {
  const PERIOD = '2025-Q2';
  const WITHDRAW = `mutation ($id: ID!, $reason: String!) {
    withdrawSubmission(id: $id, reason: $reason) { state version withdrawnBecause receipt } }`;
  let round: string;
  let ids: string[];

  const withdraw = async (id: string, seat = 'authority-approver', of = second, reason = 'Counted twice.') => {
    const { data, errors } = await graphql<{ withdrawSubmission: object }>(
      two.world.hub.url,
      await two.world.token(seat, of),
      WITHDRAW,
      { id, reason },
    );
    return errors?.[0]?.extensions.code ?? data!.withdrawSubmission;
  };
  const states = () =>
    asOwner(two.world, 'select version, state from intake.submission where period = $1 order by version', [PERIOD]);
  const idOf = (answer: Awaited<ReturnType<typeof send>>) => {
    expect(answer.status).toBe(201);
    return (answer.body as unknown as { id: string }).id;
  };

  beforeAll(async () => {
    round = await two.world.openRound(NORTH_EAST, quarterly.code, PERIOD);
    ids = [idOf(await send(second, PERIOD, nils(50))), idOf(await send(second, PERIOD, nils(51)))];
  });

  const approver = 'authority-approver';
  const own = () => second;
  const standing = () => ids[1]!;
  test.each<[string, string, () => string, string, () => string, string]>([
    ['by a system', 'NOT_FOR_THIS_ROLE', standing, 'authority-system', own, 'Wrong.'],
    ['by an analyst', 'NOT_FOR_THIS_ROLE', standing, 'authority-analyst', own, 'Wrong.'],
    ['by a neighbour', 'SUBMISSION_ABSENT', standing, approver, () => last, 'Wrong.'],
    ['by the lead', 'NOT_FOR_THIS_ROLE', standing, 'regional-lead', () => NORTH_EAST, 'Wrong.'],
    ['without a reason', 'REQUEST_MALFORMED', standing, approver, own, ''],
    ['where a newer one has taken its place', 'SUBMISSION_STEP_REFUSED', () => ids[0]!, approver, own, 'Wrong.'],
    [
      'where it is published',
      'SUBMISSION_COMPILED',
      () => two.northEast.submissions.get(second)!.id,
      approver,
      own,
      'Wrong.',
    ],
  ])('is not one %s: %s', async (_what, code, id, seat, of, reason) => {
    const before = await states();
    expect(await withdraw(id(), seat, of(), reason)).toBe(code);
    expect(await states()).toEqual(before);
  });

  test('leaves its authority without one: no earlier version comes back, until a new one is sent', async () => {
    const gone = { state: 'WITHDRAWN', version: 2, withdrawnBecause: 'Counted twice.' };
    expect(await withdraw(ids[1]!)).toMatchObject({
      ...gone,
      receipt: expect.stringContaining('tlog-proof') as string,
    });
    // Once more, with other words: nothing changes.
    expect(await withdraw(ids[1]!, 'authority-approver', second, 'Another reason.')).toMatchObject(gone);
    expect(await states()).toEqual([
      { version: 1, state: 'superseded' },
      { version: 2, state: 'withdrawn' },
    ]);
    expect((await statusFor('regional-lead', NORTH_EAST, round)).missing).toEqual(two.northEast.authorities);
    const { mine } = await statusFor('authority-analyst', second, round);
    expect(mine).toMatchObject([{ version: null, withdrawn: 2 }]);
    expect(new Set(mine![0]!.indicators!.map(({ state }) => state))).toEqual(new Set(['missing']));

    // The same counts, signed anew, are a new version.
    const answer = await send(second, PERIOD, nils(51));
    expect(answer.body).toMatchObject({ version: 3, state: 'accepted' });
    expect((await statusFor('authority-analyst', second, round)).mine).toMatchObject([{ version: 3, withdrawn: null }]);
    expect((await statusFor('regional-lead', NORTH_EAST, round)).missing).not.toContain(second);
    expect(await states()).toContainEqual({ version: 3, state: 'accepted' });
  });
});

describe('what is asked about a return beside what is printed', () => {
  const PERIOD = '2026-Q2';
  interface Found {
    severity: string;
    rule: string;
    pointer: string;
    expected?: string;
    found?: string;
    offered?: object;
  }
  const rowsWith = (referrals: number) => returnOf(quarterly, [{ indicator: 'RF01', count: referrals }]);
  const payloadOf = (authority: string, rows: Row[], more: object = {}) => ({
    ...two.world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: PERIOD, rows }),
    ...more,
  });
  const checkedBy = async (role: string, authority: string, rows: Row[], more: object = {}) => {
    const client = await two.world.client(role, authority);
    return client.check(await two.world.sign(authority, payloadOf(authority, rows, more)));
  };
  const submit = async (authority: string, rows: Row[], more: object = {}) => {
    const answer = await two.world.send(authority, await two.world.sign(authority, payloadOf(authority, rows, more)));
    return { status: answer.status, findings: (answer.body as unknown as { findings: Found[] }).findings };
  };
  const answered = (text: string) => ({
    explanations: [{ rule: 'outside-the-printed-range', pointer: '/rows/0', answer: 'confirmed', text }],
  });

  beforeAll(async () => {
    await two.world.openRound(NORTH_EAST, quarterly.code, PERIOD);
  });

  test('is a query that names the print, the same by whomever of the authority it is checked, and by submit', async () => {
    const { findings, accepted } = await checkedBy('authority-system', last, rowsWith(90_000));
    expect(accepted).toBe(false);
    expect(findings).toMatchObject([
      {
        severity: 'query',
        rule: 'outside-the-printed-range',
        pointer: '/rows/0',
        expected: expect.stringMatching(
          /^about [\d.]+ to [\d.]+ per 10,000, as printed for the region’s authorities, 2026-Q1$/,
        ) as string,
      },
      { severity: 'error', rule: 'query-unanswered' },
    ]);
    for (const role of ['authority-analyst', 'authority-approver']) {
      expect((await checkedBy(role, last, rowsWith(90_000))).findings).toEqual(findings);
    }
    expect(await submit(last, rowsWith(90_000))).toEqual({ status: 422, findings });
    expect((await checkedBy('authority-system', last, rowsWith(400))).findings).toEqual([]);
  });

  test('is a function of the print alone: what the others send changes nothing', async () => {
    const ask = async () =>
      Promise.all(
        [90_000, 9_000, 2_000].map(async (n) => (await checkedBy('authority-system', last, rowsWith(n))).findings),
      );
    const before = await ask();
    expect(before.map((findings) => findings.length)).toContain(2);
    for (const [i, authority] of two.northEast.authorities.slice(0, 3).entries()) {
      const explanations = ['change-against-previous', 'outside-the-printed-range'].map((rule) => ({
        ...answered('All of them are real.').explanations[0]!,
        rule,
      }));
      expect(await submit(authority, rowsWith(100_000 * (i + 1)), { explanations })).toMatchObject({ status: 201 });
    }
    expect(await ask()).toEqual(before);
  });

  test('is answered once: the answer is kept, and offered again for the same query', async () => {
    const text = 'A city of students opened.';
    expect(await submit(last, rowsWith(90_000), answered(text))).toMatchObject({
      status: 201,
      findings: [{ rule: 'outside-the-printed-range' }],
    });
    const { findings } = await checkedBy('authority-analyst', last, rowsWith(90_001));
    expect(findings.find(({ severity }) => severity === 'query')).toMatchObject({
      offered: { answer: 'confirmed', text, period: PERIOD },
    });
    expect((await checkedBy('authority-analyst', last, rowsWith(400))).findings).toMatchObject([
      { severity: 'note', rule: 'replaced-without-a-reason' },
    ]);
    // To nobody else.
    const others = await checkedBy('authority-system', second, rowsWith(90_000));
    expect(JSON.stringify(others)).not.toContain(text);
    const later = 'More courses opened.';
    const again = await submit(last, rowsWith(90_001), { ...answered(later), reason: 'One referral came late.' });
    expect(again).toMatchObject({ status: 201, findings: [{ severity: 'query', offered: { text } }] });
    // The newest one counts.
    expect((await checkedBy('authority-analyst', last, rowsWith(90_002))).findings).toContainEqual(
      expect.objectContaining({ severity: 'query', offered: { answer: 'confirmed', text: later, period: PERIOD } }),
    );
    expect(
      await asOwner(
        two.world,
        `select b.version, w.reason, a.text from intake.submission b join intake.raw w on w.submission_id = b.id
           join intake.answer a on a.submission_id = b.id join registry.authority c on c.id = b.authority_id
         where b.period = $1 and c.code = $2 order by b.version`,
        [PERIOD, last],
      ),
    ).toEqual([
      { version: 1, reason: null, text },
      { version: 2, reason: 'One referral came late.', text: later },
    ]);
  });
});
