import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RoundStatusAnswer } from '@hub/client';
import { verifyRecord, type NationalLeaf } from '@hub/ledger/domain';
import { nationalDigest, parseNationalMap, readNational } from '@hub/publications/domain';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { byHand } from '../support/by-hand';
import { built } from '../support/command-line';
import { graphql } from '../support/graphql';
import { catchMail, type MailCatcher } from '../support/mail-catcher';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import { asOwner, BEFORE, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST, type Row } from '../support/world';

/** The life of a round, as an authority and as its lead see it. */

let two: TwoRegions;
let catcher: MailCatcher;
let first: string, second: string, last: string;

beforeAll(async () => {
  catcher = await catchMail();
  two = await twoRegions(async () => ({ HUB_SMTP_URL: catcher.url }));
  [first, second] = two.northEast.authorities as [string, string];
  last = two.northEast.authorities.at(-1)!;
}, 240_000);
afterAll(async () => {
  await two?.stop();
  await catcher?.stop();
});

const statusFor = async (role: string, of: string, round: string): Promise<RoundStatusAnswer> =>
  (await two.world.client(role, of)).roundStatus(round);
const send = async (authority: string, period: string, rows: readonly Row[]) => {
  const { world } = two;
  const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] });
  return world.send(authority, await world.sign(authority, payload));
};
/** What `check` says: accepted or not, or the code of the refusal. */
const checked = async (authority: string, period: string, rows: readonly Row[]) => {
  const { world } = two;
  const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] });
  const { data, errors } = await graphql<{ checkSubmission: { accepted: boolean } }>(
    world.hub.url,
    await world.token('authority-system', authority),
    'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted } }',
    { e: await world.sign(authority, payload) },
  );
  return errors?.[0]?.extensions.code ?? data!.checkSubmission.accepted;
};
/** What the database itself says to a lead of the region, over the desk's login. */
const asDesk = (seat: string, sql: string) => byHand(two.world, two.database.urls.desk, `${seat}@${NORTH_EAST}`, sql);
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
    ['to an authority of another region', 'ORGANISATION_ABSENT', 'regional-lead-2', () => ({ authority: two.westMidlands.authorities[0] })],
    ['until yesterday', 'EXCEPTION_DATES', 'regional-lead-2', () => ({ until: day(-1) })],
    ['without a reason', 'REQUEST_MALFORMED', 'regional-lead-2', () => ({ reason: ' ' })],
    ['for a reason that names somebody', 'REQUEST_MALFORMED', 'regional-lead-2', () => ({ reason: 'Ask jo@example.org' })],
    ['to a round that is published', 'ROUND_NOT_CLOSED', 'regional-lead-2', () => ({ round: two.northEast.round })],
  ])('is not let in %s: %s', async (_what, code, seat, change, of = () => NORTH_EAST) => {
    expect(await asked(seat, of(), GRANT, change())).toBe(code);
    expect(await stored()).toEqual([]);
  }); // prettier-ignore

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
    expect(await asDesk('regional-lead', `update rounds.round set state = 'compiling' where period = '${PERIOD}'`)).toBe('23514'); // prettier-ignore
    expect(await asDesk('regional-lead-2', `update rounds.round set state = 'compiling' where period = '${PERIOD}'`)).toBe(1); // prettier-ignore
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
    expect(mine).toMatchObject([{ version: null }]);
    expect(new Set(mine![0]!.indicators!.map(({ state }) => state))).toEqual(new Set(['missing']));

    // The same counts, signed anew, are a new version.
    const answer = await send(second, PERIOD, nils(51));
    expect(answer.body).toMatchObject({ version: 3, state: 'accepted' });
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
        expected: expect.stringMatching(/^about [\d.]+ to [\d.]+ per 10,000, as printed for the region’s authorities, 2026-Q1$/) as string, // prettier-ignore
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
      Promise.all([90_000, 9_000, 2_000].map(async (n) => (await checkedBy('authority-system', last, rowsWith(n))).findings)); // prettier-ignore
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
    const again = await submit(last, rowsWith(90_001), { ...answered(text), reason: 'One referral came late.' });
    expect(again).toMatchObject({ status: 201, findings: [{ severity: 'query' }] });
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
      { version: 2, reason: 'One referral came late.', text },
    ]);
  });
});

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
    (await statusFor('regional-lead-2', NORTH_EAST, round)).returns!.filter((one) => one.confirmed).map(({ authority }) => authority.code); // prettier-ignore
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

describe('what the hub does by itself', () => {
  const PERIOD = '2024-Q4';
  let round: string;
  /** The inner id of the round. */
  let id: string;
  const { dataset, region } = { dataset: quarterly.code, region: NORTH_EAST };
  const hubDoes = async (type: string) => {
    const [{ work }] = (await asOwner(
      two.world,
      `insert into platform.outbox (id, type, subject, created_at, next_at) values (gen_random_uuid(), $1, $2, now(), now())
       returning id as work`,
      [type, id],
    )) as [{ work: string }];
    const pending = `select from platform.outbox where done_at is null and (id = $1 or type = 'notice.send')`;
    while ((await asOwner(two.world, pending, [work])).length) await new Promise((later) => setTimeout(later, 100));
  };
  const noticesFor = async (role: string, of: string) => (await statusFor(role, of, round)).notices;

  beforeAll(async () => {
    const client = await two.world.client('regional-lead-2', NORTH_EAST);
    const dates = { opens: day(-20), due: day(1), closes: day(40), checkUntil: day(47) };
    ({ id: round } = await client.openRound({
      region,
      dataset,
      period: PERIOD,
      ...dates,
      publishesAt: `${day(50)}T09:30:00Z`,
    }));
    const rows = (await asOwner(two.world, 'select id from rounds.round where period = $1', [PERIOD])) as {
      id: string;
    }[];
    id = rows[0]!.id;
    expect((await send(first, PERIOD, nils(60))).status).toBe(201);
    const approver = await two.world.client('authority-approver', second);
    expect(await approver.reminderAddress(second)).toBeNull();
    expect(await approver.reminderAddress(second, 'data@second.example')).toBe('data@second.example');
    await (await two.world.client('authority-analyst', last)).reminderAddress(last, 'data@last.example');
    // It is not reminded of returns.
    expect(await approver.reminderAddress(second, 'protection@second.example', 'dataProtection')).toBe('protection@second.example'); // prettier-ignore
    expect(await approver.reminderAddress(second)).toBe('data@second.example');
    await expect(approver.reminderAddress(second, 'a@b\r\nBcc: x')).rejects.toMatchObject({
      code: 'REQUEST_MALFORMED',
    });
    await expect(approver.reminderAddress(last, 'a@b.example')).rejects.toMatchObject({ code: 'ORGANISATION_ABSENT' });
  });

  test('waits from the first day on: reminders that are still to come, and the publication', async () => {
    const rows = await asOwner(
      two.world,
      'select type, next_at > now() as later from platform.outbox where subject = $1 order by next_at',
      [id],
    );
    expect(rows).toEqual([
      { type: 'round.remind', later: true },
      { type: 'round.remind', later: true },
      { type: 'round.publish', later: true },
    ]);
    const dates = await (await two.world.client('regional-lead', NORTH_EAST)).proposedDates(dataset, '2026-Q2');
    expect(dates).toMatchObject({ opens: '2026-10-01', due: '2026-10-22', publishesAt: '2026-11-06T09:30:00.000Z' });
  });

  test('reminds those who are missing, by mail where there is an address, and nobody twice', async () => {
    // The first answer of the mail server is no.
    catcher.refuse(1);
    await hubDoes('round.remind');
    expect(catcher.mails.flatMap(({ to }) => to).sort()).toEqual(['data@last.example', 'data@second.example']);
    for (const { headers, text } of catcher.mails) {
      expect(headers['message-id']).toMatch(/^<[0-9a-f-]{36}@hub-local>$/);
      expect(text).toContain(PERIOD);
    }
    const notices = (await noticesFor('regional-lead', NORTH_EAST))!;
    expect(notices.map(({ authority }) => authority.code)).toEqual(two.northEast.authorities.slice(1));
    expect(notices.filter(({ sentAt }) => sentAt).map(({ authority }) => authority.code)).toEqual([second, last]);
    expect(await noticesFor('authority-analyst', second)).toMatchObject([
      { authority: { code: second }, kind: 'beforeDue' },
    ]);
    expect([await noticesFor('authority-analyst', first), await noticesFor('elected-member', second)]).toEqual([
      [],
      null,
    ]);
    await hubDoes('round.remind');
    expect(catcher.mails).toHaveLength(2);
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(notices.length);
  });

  test('publishes at its moment, once the round is closed and checked, and not before', async () => {
    const state = async () => (await statusFor('regional-lead', NORTH_EAST, round)).state;
    await hubDoes('round.publish');
    expect(await state()).toBe('open');
    const move = (closes: number, checkUntil: number) =>
      asOwner(two.world, 'update rounds.round set due = $2, closes = $2, check_until = $3 where id = $1', [id, day(closes), day(checkUntil)]); // prettier-ignore
    await move(-2, 2);
    await hubDoes('round.publish');
    expect(await state()).toBe('closed');
    await move(-3, -1);
    expect(await state()).toBe('checked');
    await hubDoes('round.publish');
    expect(await state()).toBe('checked');
    await asOwner(two.world, 'update rounds.round set publishes_at = now() where id = $1', [id]);
    await hubDoes('round.publish');
    // One return is too few to print anything.
    for (let seen = ''; seen !== 'held'; seen = await state()) expect(['', 'compiling', 'held']).toContain(seen);
  });

  test('opens a held round again for the same edition, and reminds of its new dates, those who are missing still', async () => {
    const client = await two.world.client('regional-lead-2', NORTH_EAST);
    const before = (await noticesFor('regional-lead', NORTH_EAST))!.length;
    const dates = { due: day(1), closes: day(30), checkUntil: day(37) };
    const asked = { edition: 'provisional', ...dates, publishesAt: `${day(40)}T09:30:00Z` } as const;
    await expect(client.openEdition(round, { ...asked, checkUntil: day(30) })).rejects.toMatchObject({
      code: 'ROUND_DATES',
    });
    await expect(client.openEdition(round, { ...asked, due: day(-1) })).rejects.toMatchObject({ code: 'ROUND_DATES' });
    expect(await client.openEdition(round, asked)).toMatchObject({ state: 'open', edition: 'provisional', ...dates });
    const waiting = await asOwner(
      two.world,
      'select type from platform.outbox where subject = $1 and done_at is null and next_at > now() order by type',
      [id],
    );
    expect(waiting.map(({ type }) => type)).toEqual(expect.arrayContaining(['round.publish', 'round.remind']));
    // A due date that has been reminded of already is not a new one.
    await hubDoes('round.remind');
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(before);
    await client.moveRoundDates(round, { ...asked, opens: day(-20), due: day(2) });
    await hubDoes('round.remind');
    const after = (await noticesFor('regional-lead', NORTH_EAST))!;
    expect(after.slice(before).map(({ authority }) => authority.code)).toEqual(two.northEast.authorities.slice(1));
    expect(catcher.mails.slice(2).map(({ to }) => to[0]).sort()).toEqual(['data@last.example', 'data@second.example']); // prettier-ignore
    await hubDoes('round.remind');
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(after.length);
  });
});

describe('a national release', () => {
  const HACKNEY = 'E09000012';
  const csv = readFileSync(join(rootFolder, 'test/figures/national/inner-london-referrals.csv'), 'utf8');
  const map = join(rootFolder, 'contracts/national/children-in-need-referrals.json');
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hub-national-'));
    const approver = await two.world.client('authority-approver', HACKNEY);
    await approver.reminderAddress(HACKNEY, 'children@hackney.example');
    await approver.reminderAddress(HACKNEY, 'protection@hackney.example', 'dataProtection');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The built command line, as somebody. */
  const hub = async (role: string, of: string, ...args: string[]) => {
    const token = join(folder, 'token');
    writeFileSync(token, await two.world.token(role, of));
    return built(...args, '--url', two.world.hub.url, '--token-file', token);
  };
  const load = (text: string, role = 'steward', of = 'hub') => {
    const file = join(folder, 'release.csv');
    writeFileSync(file, text);
    return hub(role, of, 'book', 'load', file, '--map', map, '--period', '2020-FY');
  };
  /** What a second steward finds of the own copy of the file. */
  const digestOf = (text: string) => {
    const datasets = loadCatalogue();
    const read = parseNationalMap(readFileSync(map, 'utf8'), (code, version) => datasetOf(datasets, code, version));
    return nationalDigest(read, readNational(text, read, '2020-FY'));
  };
  const confirm = (text: string, role = 'steward-2', of = 'hub') => hub(role, of, 'book', 'confirm', digestOf(text));
  const book = () =>
    asOwner(
      two.world,
      `select c.publication_id, md5(c.problem::text) as problem, c.decision, (select count(*)::int from intake.opening) as openings
       from proof.certificate c order by 1`,
    );

  test('is loaded by a steward, and what it opens is told to the approvers of its authority alone, and its data protection contact', async () => {
    const mails = catcher.mails.length;
    const before = await book();
    const asked = await load(csv);
    expect([asked.status, asked.stdout]).toEqual([0, expect.stringMatching(/state +proposed/)]);
    expect(asked.stderr + asked.stdout).toContain(`hub book confirm ${digestOf(csv)}`);
    // One steward is not enough, and neither is anybody else; until then the book is as it was.
    for (const [role, of, code] of [
      ['steward', 'hub', 'NATIONAL_SELF_CONFIRMED'],
      ['regional-lead', NORTH_EAST, 'NOT_FOR_THIS_ROLE'],
    ] as const)
      expect(await confirm(csv, role, of)).toMatchObject({ status: 1, stderr: expect.stringMatching(`^${code}`) as string }); // prettier-ignore
    expect(await book()).toEqual(before);
    const answer = await confirm(csv);
    expect([answer.status, answer.stderr.replace(/^… .*\n/, '')]).toEqual([0, '']);
    expect(answer.stdout).toMatch(/state +loaded/);
    // Nothing of what it has opened is in the steward's answer.
    expect(answer.stdout.replace(/nat_\S+|[0-9a-f]{64}/g, '')).not.toMatch(/503|Hackney|E09000012/);
    const own = await hub('authority-approver', HACKNEY, 'book', 'opened', '--authority', HACKNEY);
    expect(own.stdout).toMatch(/RF01#count +2020-FY +5025 to 5035 +Children in need census/);
    for (const [role, of] of [
      ['authority-approver', first],
      ['regional-lead', 'E12000007'],
      ['authority-analyst', HACKNEY],
      ['steward', 'hub'],
    ] as const) {
      // prettier-ignore
      const other = await hub(role, of, 'book', 'opened', '--authority', HACKNEY);
      expect([role, other.status, other.stdout]).toEqual([role, 1, '']);
      expect(other.stderr).toMatch(/^(ORGANISATION_ABSENT|NOT_FOR_THIS_ROLE)/);
    }
    while (catcher.mails.length === mails) await new Promise((later) => setTimeout(later, 100));
    // Not its Message-ID: that holds any digits.
    const mail = JSON.stringify(
      catcher.mails.slice(mails).map(({ to, headers, text }) => [to, headers['subject'], text]),
    );
    expect(catcher.mails[mails]!.to).toEqual(['children@hackney.example', 'protection@hackney.example']);
    expect(mail).toContain('hub book opened --authority E09000012');
    expect(mail).not.toMatch(/RF01|50[0-9]{2}/);
    expect(catcher.mails).toHaveLength(mails + 1);
  });

  test('is seen by members, with its digest and the receipt of its entry in the ledger', async () => {
    const { stdout } = await hub('scrutineer', first, 'book', 'list');
    expect(stdout).toMatch(new RegExp(`2020-FY +confirmed .*${digestOf(csv)}`));
    const { nationalReleases } = await two.world.ask<{ nationalReleases: { receipt: string }[] }>(
      await two.world.token('scrutineer', first),
      '{ nationalReleases { receipt } }',
    );
    const about = (await (await fetch(`${two.world.hub.url}/.well-known/hub.json`)).json()) as { ledgerKey: string };
    const leaf = verifyRecord(nationalReleases[0]!.receipt, about.ledgerKey);
    expect(leaf).toMatchObject({ kind: 'national', digest: digestOf(csv), period: '2020-FY' });
    const people = await asOwner(two.world, `select id, subject from identity.member where subject like 'steward%'`);
    const nameOf = new Map((people as { id: string; subject: string }[]).map(({ id, subject }) => [id, subject]));
    const { loadedBy, confirmedBy } = leaf as NationalLeaf;
    expect([loadedBy, confirmedBy].map((id) => nameOf.get(id))).toEqual(['steward@hub', 'steward-2@hub']); // prettier-ignore
  });

  test('that waits is taken back by any steward, and is not confirmed then', async () => {
    const text = revised(csv);
    await load(text);
    expect((await hub('steward-2', 'hub', 'book', 'withdraw', digestOf(text))).stdout).toMatch(/state +withdrawn/);
    expect((await confirm(text)).stderr).toMatch(/^NATIONAL_ABSENT/);
  });

  test('is loaded by nobody else', async () => {
    for (const [role, of] of [['regional-lead', NORTH_EAST], ['authority-approver', HACKNEY]] as const)
      expect(await load(csv, role, of)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^NOT_FOR_THIS_ROLE/) as string }); // prettier-ignore
  });

  test.each([
    [
      'a symbol that nobody knows',
      (text: string) => text.replace(/(2021,[^\n]*E09000007,[^,]*,[^,]*,)\d+/, '$1Smith'),
      'NATIONAL_SYMBOL',
    ],
    ['a figure that was printed otherwise before', (text: string) => revised(text), 'NATIONAL_CONTRADICTS'],
  ] as const)('with %s is refused, and the book is as it was', async (_what, change, code) => {
    const before = await book();
    expect(change(csv)).not.toBe(csv);
    const asked = await load(change(csv));
    const { status, stderr } = asked.status === 0 ? await confirm(change(csv)) : asked;
    expect(status).not.toBe(0);
    expect(stderr).toMatch(new RegExp(`^${code}`, 'm'));
    expect(stderr).not.toContain('Smith');
    expect(await book()).toEqual(before);
  });
});

/** One authority and the sum of its region, both a hundred more: it adds up, and contradicts what was printed before. */
function revised(csv: string): string {
  const [head, ...lines] = csv.split('\n');
  const at = head!.split(',').indexOf('referral_count');
  const [year, level, code] = ['time_period', 'geographic_level', 'new_la_code'].map((name) => head!.split(',').indexOf(name)) as [number, number, number]; // prettier-ignore
  const more = lines.map((line) => {
    const cells = line.split(',');
    const isMeant = cells[year] === '2021' && (cells[level] === 'Regional' || cells[code] === 'E09000007');
    if (isMeant) cells[at] = String(Number(cells[at]) + 100);
    return cells.join(',');
  });
  return [head, ...more].join('\n');
}

describe('the moment of publication', () => {
  /** Seconds: twice what a hub needs to start here and now, so that a slow machine too compiles and looks within one. */
  let step: number;
  const PERIODS = ['2024-Q1', '2024-Q2', '2024-Q3'] as const;
  type Seen = Record<'id' | 'state' | 'publishesAt', string> & { heldBecause: string | null };
  beforeAll(async () => {
    const began = Date.now();
    await two.world.restart({});
    step = Math.max(3, Math.ceil((2 * (Date.now() - began)) / 1000));
    await two.world.restart({ HUB_COMPILE_SECONDS: String(step) });
  }, 180_000);

  const lead = (query: string, variables: Record<string, unknown>) =>
    two.world.token('regional-lead-2', NORTH_EAST).then((token) => two.world.ask<Record<string, Seen>>(token, query, variables)); // prettier-ignore
  const roundNow = async (id: string) =>
    (await lead('query ($id: ID!) { round(id: $id) { id state heldBecause publishesAt } }', { id })).round!;
  /** Closed and asked for: when that was, and what the lead is told. */
  const asked = async (period: string, senders: readonly string[]) => {
    const id = await two.world.openRound(NORTH_EAST, quarterly.code, period);
    for (const [i, authority] of senders.entries()) {
      const one = { authority, period, rows: rowsOf(i) };
      const { answer } = await two.world.sendReturn(NORTH_EAST, nameOf(quarterly), one);
      expect([authority, answer.status, answer.text.slice(0, 300)]).toEqual([authority, 201, expect.anything()]);
    }
    await lead('mutation ($id: ID!) { closeRound(id: $id) { id } }', { id });
    const at = Date.now();
    const { publishRound } = await lead(
      'mutation ($id: ID!) { publishRound(id: $id) { id state heldBecause publishesAt } }',
      { id },
    );
    expect(publishRound).toMatchObject({ state: 'COMPILING', heldBecause: null });
    const set = Date.parse(publishRound!.publishesAt);
    expect(set - at).toBeGreaterThanOrEqual(step * 1000);
    return { id, set };
  };
  const prepared = (period: string) =>
    asOwner(
      two.world,
      `select p.held_because, p.moment, p.publication_id from proof.prepared p join rounds.round r on r.id = p.round_id
       where r.period = $1`,
      [period],
    ) as Promise<{ held_because: string | null; moment: Date; publication_id: string | null }[]>;
  const ready = async (id: string, period: string) => {
    for (;;) {
      const [one] = await prepared(period);
      if (one) return one;
      const { state } = await roundNow(id);
      if (state !== 'COMPILING') throw new Error(`the round is ${state} before anybody could look`);
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  /** When the round is no longer being compiled, as its lead sees it. */
  const settled = async (id: string) => {
    for (;;) {
      const round = await roundNow(id);
      if (round.state !== 'COMPILING') return { ...round, seenAt: Date.now() };
      await new Promise((later) => setTimeout(later, 50));
    }
  };
  /** Everything that a member can see of publications, and that anybody can see of the ledger. */
  const seen = async () => [
    await two.world.ask(
      await two.world.token('scrutineer', first),
      `query ($code: ID!) { region(code: $code) { publications(first: 100) { edges { node { id number state } } }
         rounds(first: 100) { edges { node { id state heldBecause publishesAt } } } } }`,
      { code: NORTH_EAST },
    ),
    await (await fetch(`${two.world.hub.url}/ledger/checkpoint`)).text(),
  ];
  const isWholeSteps = (ms: number) => ms >= 0 && ms % (step * 1000) === 0;

  test('is set before the compile begins, and until then nothing is seen of what it has made', async () => {
    const { id, set } = await asked(PERIODS[0], two.northEast.authorities.slice(0, 6));
    const { moment, held_because } = await ready(id, PERIODS[0]);
    const ledger = 'select count(*)::int as n from ledger.entry';
    const entries = await asOwner(two.world, ledger);
    const before = await seen();
    expect(held_because).toBeNull();
    expect(isWholeSteps(moment.getTime() - set)).toBe(true);
    // Whatever else is compiled meanwhile has to be safe beside it.
    expect(await asOwner(two.world, `select from proof.certificate c where not exists (
      select from release.publication p where p.id = c.publication_id
      union all select from registry.national_release r where r.id = c.publication_id)`)).toHaveLength(1); // prettier-ignore
    let looks = 0;
    for (; Date.now() < moment.getTime() - 1000; looks++) {
      expect(await seen()).toEqual(before);
      await new Promise((later) => setTimeout(later, 100));
    }
    expect(looks).toBeGreaterThan(0);
    const round = await settled(id);
    expect(round).toMatchObject({ state: 'PUBLISHED', publishesAt: moment.toISOString() });
    expect(round.seenAt).toBeGreaterThanOrEqual(moment.getTime());
    const [publication] = (await asOwner(
      two.world,
      `select p.id, p.published_at, p.document::json ->> 'publishedAt' as said from release.publication p where p.period = $1`,
      [PERIODS[0]],
    )) as { id: string; published_at: Date; said: string }[];
    expect([publication!.published_at, publication!.said]).toEqual([moment, moment.toISOString()]);
    // Its id says when it was made, as every id does: at that moment.
    expect(parseInt(publication!.id.replaceAll('-', '').slice(0, 12), 16)).toBe(moment.getTime());
    const [leaf] = (await asOwner(two.world, 'select leaf from ledger.entry order by index desc limit 1')) as { leaf: Buffer }[]; // prettier-ignore
    expect(JSON.parse(leaf!.leaf.toString())).toMatchObject({ event: 'published', at: moment.toISOString() });
    expect(await asOwner(two.world, ledger)).not.toEqual(entries);
    expect(await prepared(PERIODS[0])).toEqual([]);
  }, 180_000);

  test('is the same for what may not leave: that it is held is seen no sooner', async () => {
    const { id, set } = await asked(PERIODS[1], [first]);
    const { moment, held_because } = await ready(id, PERIODS[1]);
    expect(held_because).toBe('PUBLICATION_TOO_FEW');
    expect(await roundNow(id)).toMatchObject({ state: 'COMPILING', heldBecause: null });
    const round = await settled(id);
    expect(round).toMatchObject({
      state: 'HELD',
      heldBecause: 'PUBLICATION_TOO_FEW',
      publishesAt: moment.toISOString(),
    });
    expect(isWholeSteps(moment.getTime() - set)).toBe(true);
    expect(round.seenAt).toBeGreaterThanOrEqual(moment.getTime());
  }, 180_000);

  test('is all that is seen of a compile: what is asked of its round is answered while it works, and all other work is done', async () => {
    const owner = new Client({ connectionString: two.world.ownerUrl });
    await owner.connect();
    const waitsFor = (what: string) =>
      asOwner(
        two.world,
        `select from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
         where not l.granted and l.locktype = any($1)`,
        [what.split(' ')],
      );
    /** The codes with which it is refused; nobody may wait for a row meanwhile. */
    const atOnce = async (mutation: string, variables: Record<string, unknown>) => {
      const token = await two.world.token('regional-lead-2', NORTH_EAST);
      let isAnswered = false;
      const answer = graphql(two.world.hub.url, token, mutation, variables).finally(() => (isAnswered = true));
      while (!isAnswered) expect(await waitsFor('transactionid tuple')).toEqual([]);
      return (await answer).errors?.map(({ extensions }) => extensions.code);
    };
    try {
      // It reads the book, protects, and stops before it writes its certificate.
      await owner.query('begin; lock table proof.certificate in share mode');
      const { id } = await asked('2023-Q4', two.northEast.authorities.slice(0, 6));
      while (!(await waitsFor('relation')).length) await new Promise((later) => setTimeout(later, 20));
      const refused = await atOnce(
        `mutation ($id: ID!, $day: Date!, $other: ID!) {
           closeRound(id: $id) { id } checkRound(id: $id) { id } publishRound(id: $id) { id }
           openEdition(round: $id, edition: REVISED, due: $day, closes: $day) { id }
           moveRoundDates(round: $id, opens: $day, due: $day, closes: $day) { id }
           grantException(round: $id, authority: $other, until: $day, reason: "The system was down.") { until } }`,
        { id, day: day(5), other: last },
      );
      expect(refused).toEqual(['ROUND_NOT_OPEN', 'ROUND_NOT_CLOSED', 'ROUND_NOT_CLOSED', 'ROUND_NOT_CLOSED', 'ROUND_NOT_OPEN', 'ROUND_NOT_CLOSED']); // prettier-ignore
      const works = (await asOwner(
        two.world,
        `insert into platform.outbox (id, type, subject, created_at, next_at)
           select gen_random_uuid(), type, id, now(), now()
           from rounds.round, unnest('{round.release,round.publish,round.remind}'::text[]) type where period = any($1)
         returning id`,
        [['2023-Q4', BEFORE]],
      )) as { id: string }[];
      const left = 'select from platform.outbox where id = any($1) and done_at is null';
      while ((await asOwner(two.world, left, [works.map((one) => one.id)])).length)
        await new Promise((later) => setTimeout(later, 50));
      expect((await roundNow(id)).state).toBe('COMPILING');
      expect(await waitsFor('relation')).toHaveLength(1);
      await owner.query('rollback');
      expect((await settled(id)).state).toBe('PUBLISHED');
    } finally {
      await owner.end();
    }
  }, 180_000);

  test('is whole steps later where what lay ready has been purged: it is compiled again, and published once', async () => {
    const { id, set } = await asked(PERIODS[2], two.northEast.authorities.slice(0, 6));
    const { publication_id } = await ready(id, PERIODS[2]);
    await asOwner(two.world, 'delete from proof.prepared where publication_id = $1', [publication_id]);
    await asOwner(two.world, 'delete from proof.certificate where publication_id = $1', [publication_id]);
    const round = await settled(id);
    expect(round.state).toBe('PUBLISHED');
    const late = Date.parse(round.publishesAt) - set;
    expect([late > 0, isWholeSteps(late)]).toEqual([true, true]);
    expect(await asOwner(two.world, 'select from release.publication where period = $1', [PERIODS[2]])).toHaveLength(1);
  }, 180_000);
});

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
    expect(await moved({ due: day(12), closes: day(30), checkUntil: day(35) })).toEqual({ due: day(12), closes: day(30), checkUntil: day(35) }); // prettier-ignore
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
