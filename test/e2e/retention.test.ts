import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgreementsService } from '@hub/agreements';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import { addYears, sha256 } from '@hub/kernel';
import { Ledger, loadHubKey } from '@hub/ledger';
import { verifyReceipt, verifyRecord } from '@hub/ledger/domain';
import { innerId, newId, openDataSource, publicId, readConfig, WorkerStore } from '@hub/platform';
import { loadRegistry } from '@hub/registry/domain';
import { RetentionService } from '@hub/submissions';
import { exampleAgreement } from '../seed/seed';
import { ask, freshDatabase } from '../support/database';
import { graphql } from '../support/graphql';
import * as ledger from '../support/ledger';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import { searchEverywhere } from '../support/search';
import { day, World, type Row } from '../support/world';

const REGION = 'E12000003';
const [BEFORE, PERIOD] = ['2025-Q4', '2026-Q1'];
const yearsOn = (years: number): string => addYears(day(0), years);

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
let hubKey: string;
let agreement: AgreementDocument;
/** The one that erases, and three others. */
let authority: string;
let others: readonly string[];
let rounds: { before: string; period: string };
/** What each authority's return became; of the first one both. */
const sent = new Map<string, Sent>();
interface Sent {
  readonly id: string;
  readonly envelope: string;
  readonly receipt: string;
}

/** Counts and words that occur nowhere else. */
const before = '7134211';
const counts = ['17134223', '7250003', '7250027', '7250041', '7250057'];
const total = String(counts.slice(1).reduce((sum, count) => sum + Number(count), 3));
const [word, remark] = ['Quenselbruch', 'Zwirnfeldhaus'];
const neighbour = '6543217';

async function conclude(): Promise<readonly string[]> {
  const authorities = loadRegistry()
    .authorities.filter(({ region, until }) => region === REGION && until === null)
    .map(({ code }) => code)
    .slice(0, 4);
  const example = exampleAgreement('north-east-benchmarking.v1');
  agreement = parseAgreement({
    ...example,
    id: 'yorkshire-benchmarking',
    regions: [REGION],
    parties: authorities.map((code) => ({ ...example.parties[0]!, authority: code })),
    audience: example.audience.map((one) => ({ ...one, of: REGION })),
    retention: { cellsYears: 7, envelopesYears: 2, atEnd: 'return' },
    effective: { from: '2024-04-01', until: '2040-04-01' },
    dpia: { ...example.dpia, reviewDate: '2039-04-01' },
  });
  await world.conclude(agreement);
  return authorities;
}

async function send(code: string, period: string, rows: Row[], more: object = {}): Promise<Sent> {
  const payload = { ...world.payload(REGION, nameOf(quarterly), { authority: code, period, rows }), ...more };
  const envelope = await world.sign(code, payload);
  const answer = await world.send(code, envelope);
  if (answer.status !== 201) throw new Error(`${code} ${period}: ${answer.status} ${answer.text.slice(0, 600)}`);
  const { id, receipt } = answer.body as unknown as { id: string; receipt: string };
  return { id, envelope, receipt };
}

const plainRows = (i: number, referrals = 400 + i) =>
  returnOf(quarterly, [
    ...brokenDown(quarterly, 'CP01', 'duration', [40 + i, 30, 25 + 2 * i, 33, 21, 19]),
    { indicator: 'RF01', count: referrals },
  ]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-retention-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  hubKey = await world.ledgerKey();
  [authority, ...others] = (await conclude()) as [string, ...string[]];
  rounds = {
    before: await world.openRound(REGION, quarterly.code, BEFORE),
    period: await world.openRound(REGION, quarterly.code, PERIOD),
  };
  sent.set(BEFORE, await send(authority, BEFORE, returnOf(quarterly, [{ indicator: 'RF01', count: Number(before) }])));
  const rows = returnOf(quarterly, [
    ...brokenDown(quarterly, 'CP01', 'duration', [Number(counts[1]), 3, ...counts.slice(2).map(Number)]),
    { indicator: 'RF01', count: Number(counts[0]) },
  ]);
  const pointer = `/rows/${rows.findIndex(({ indicator }) => indicator === 'RF01')}`;
  sent.set(
    PERIOD,
    await send(authority, PERIOD, rows, {
      explanations: [
        { rule: 'change-against-previous', pointer, answer: 'confirmed', text: `The ${word} effect.` },
        { rule: 'outside-the-printed-range', pointer: '/rows/0', answer: 'confirmed', text: `The ${word} effect.` },
      ],
      commentary: [{ indicator: 'RF01', text: `See ${remark}.` }],
    }),
  );
  for (const [i, code] of others.entries()) {
    await send(code, BEFORE, plainRows(i));
    sent.set(
      code,
      await send(
        code,
        PERIOD,
        plainRows(i, i === 0 ? Number(neighbour) : undefined),
        i === 0
          ? {
              explanations: [
                { rule: 'change-against-previous', pointer: '/rows/6', answer: 'confirmed', text: 'Confirmed.' },
              ],
            }
          : {},
      ),
    );
  }
  expect(await world.publish(REGION, rounds.period)).toEqual({ state: 'PUBLISHED', heldBecause: null });
  // So that the planner would have samples.
  await ask(database.ownerUrl, 'analyze');
}, 240_000);
afterAll(async () => {
  await world?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const marks = (...numbers: string[]) => Object.fromEntries(numbers.map((number) => [number, number]));
const search = (sought: Record<string, string | Uint8Array>) => searchEverywhere(database.ownerUrl, sought);

interface Plan {
  readonly id: string;
  readonly submissions: { submission: string; period: string; version: number; envelope: boolean; cells: number }[];
  readonly cells: number;
  readonly publications: string[];
  readonly rounds: string[];
}
const PLAN = 'id submissions { submission period version envelope cells } cells publications rounds';
const planOf = async (period: string | null, role = 'authority-approver', of = authority) =>
  graphql<{ erasurePlan: Plan }>(
    world.hub.url,
    role ? await world.token(role, of) : null,
    `query ($authority: ID!, $period: String) { erasurePlan(authority: $authority, period: $period) { ${PLAN} } }`,
    { authority, period },
  );
const ERASURE = 'id state askedAt doneAt receipts';
interface Erasure {
  readonly id: string;
  readonly state: string;
  readonly receipts: string[];
}
const order = async (period: string | null, plan: string, role = 'authority-approver', of = authority) =>
  graphql<{ eraseReturns: Erasure }>(
    world.hub.url,
    await world.token(role, of),
    `mutation ($authority: ID!, $period: String, $plan: ID!) {
       eraseReturns(authority: $authority, period: $period, plan: $plan) { ${ERASURE} } }`,
    { authority, period, plan },
  );
async function done(id: string): Promise<Erasure> {
  const token = await world.token('authority-approver', authority);
  for (;;) {
    const { erasure } = await world.ask<{ erasure: Erasure }>(
      token,
      `query ($id: ID!) { erasure(id: $id) { ${ERASURE} } }`,
      { id },
    );
    if (erasure.state === 'DONE') return erasure;
    await new Promise((later) => setTimeout(later, 50));
  }
}
const codes = (answer: { errors?: readonly { extensions: { code: string } }[] }) =>
  (answer.errors ?? []).map(({ extensions }) => extensions.code);

const ledgerHolds = () => ledger.ledgerHolds(database.ownerUrl, world.hubId, hubKey);
/** Every publication's digest is that of its document, and its figures are those of the document. */
async function publicationsHold(): Promise<number> {
  const rows = await ask<{ document: string; digest: Buffer; figures: number }>(
    database.ownerUrl,
    `select p.document, p.digest, (select count(*)::int from release.figure f where f.publication_id = p.id) as figures
     from release.publication p`,
  );
  for (const { document, digest, figures } of rows) {
    expect(sha256(document)).toEqual(digest);
    const { series } = JSON.parse(document) as { series: { figures: object[] }[] };
    expect(figures).toBe(series.reduce((sum, one) => sum + 1 + one.figures.length, 0));
  }
  return rows.length;
}

/** Where what was printed stands, and where PostgreSQL keeps samples of it. */
const whatWasPrinted = ['release.figure.value', 'release.publication.document', 'samples of release.figure'];
/** What the hub printed of the first authority in the published round. */
const printed = async (): Promise<string[]> =>
  (
    await ask<{ value: string }>(
      database.ownerUrl,
      `select f.value::text as value from release.figure f join registry.authority a on a.id = f.authority_id
       where a.code = $1 and f.kind = 0`,
      [authority],
    )
  ).map(({ value }) => value);

/** Lays what is kept of a round that could not be protected beside the publication of a period: told once, and waiting again. */
async function layHeldBeside(period: string, round: string): Promise<void> {
  const id = innerId('rnd', world.hubId, round);
  const lay = (sql: string, ...more: string[]) => ask(database.ownerUrl, sql, [id, ...more]);
  await lay(
    `insert into proof.gate_refusal (id, round_id, code, detail, linked, at)
     select $1, $1, 'PUBLICATION_POLICY', '{}', array_agg(p.id), now() from release.publication p where p.period = $2`,
    period,
  );
  await lay(`insert into proof.prepared (round_id, region_id, moment, held_because, held)
    select id, region_id, now() + interval '1 day', 'PUBLICATION_POLICY', '{}' from rounds.round where id = $1`);
  await lay(`insert into rounds.held_table (round_id, region_id, indicator, dimension)
    select id, region_id, 'RF01', '' from rounds.round where id = $1`);
  await lay(
    `insert into intake.held_cell (round_id, authority_id, series_id)
     select $1, a.id, s.id from registry.authority a, registry.series s where a.code = $2 and s.key = 'RF01#count'`,
    others[0]!,
  );
}
async function toldOf(round: string) {
  const tables = {
    refusals: 'proof.gate_refusal',
    tables: 'rounds.held_table',
    counts: 'intake.held_cell',
    waiting: 'proof.prepared',
  };
  const counted = Object.entries(tables).map(
    ([name, table]) => `(select count(*)::int from ${table} where round_id = $1) as ${name}`,
  );
  const [row] = await ask(database.ownerUrl, `select ${counted.join(', ')}`, [innerId('rnd', world.hubId, round)]);
  return row;
}

describe('before anything has gone', () => {
  test('what was sent is found: in the envelope, in the cells, in the proof, in the findings of the next return', async () => {
    const found = await search(marks(before, ...counts, word, remark));
    expect(found[before]).toEqual(['intake.cell.value', 'intake.raw.envelope', 'intake.raw.findings']);
    for (const count of counts) {
      expect(found[count]).toEqual(
        expect.arrayContaining(['intake.cell.value', 'intake.raw.envelope', 'proof.certificate.problem']),
      );
    }
    expect(found[word]).toEqual(['intake.answer.text', 'intake.raw.envelope']);
    expect(found[remark]).toEqual(['intake.comment.text', 'intake.raw.envelope']);
    // Some are printed, and some are not: those nobody may find later.
    const shown = await printed();
    expect(counts.some((count) => shown.includes(count))).toBe(true);
    expect(counts.some((count) => !shown.includes(count))).toBe(true);
  });
});

describe('an erasure', () => {
  test('is shown to an approver of that authority alone', async () => {
    expect(codes(await planOf(null, 'authority-analyst'))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await planOf(null, 'regional-lead', REGION))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await planOf(null, 'authority-approver', others[0]))).toEqual(['SUBMISSION_ABSENT']);
    expect(codes(await planOf(null, ''))).toEqual(['TOKEN_MISSING']);
    const { data } = await planOf(null);
    const { cells, submissions, publications, rounds: lost } = data!.erasurePlan;
    expect(submissions.map(({ submission, envelope }) => [submission, envelope])).toEqual([
      [sent.get(BEFORE)!.id, true],
      [sent.get(PERIOD)!.id, true],
    ]);
    const [{ n }] = (await ask(
      database.ownerUrl,
      'select count(*)::int as n from intake.cell c join registry.authority a on a.id = c.authority_id where a.code = $1',
      [authority],
    )) as [{ n: number }];
    expect(cells).toBe(n);
    expect(publications).toHaveLength(1);
    expect(lost).toEqual([rounds.before]);
  });

  test('without the plan that was shown erases nothing', async () => {
    const { id } = (await planOf(BEFORE)).data!.erasurePlan;
    for (const [period, plan] of [
      [null, id],
      [PERIOD, id],
      [BEFORE, '0'.repeat(64)],
    ] as const) {
      expect(codes(await order(period, plan))).toEqual(['ERASURE_PLAN_CHANGED']);
    }
    expect(codes(await order(BEFORE, 'yes'))).toEqual(['REQUEST_MALFORMED']);
    expect(codes(await order(BEFORE, id, 'authority-analyst'))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await order(BEFORE, id, 'authority-approver', others[0]))).toEqual(['SUBMISSION_ABSENT']);
    expect(await ask(database.ownerUrl, 'select id from intake.erasure')).toEqual([]);
  });

  test('of one period takes it away everywhere, also what the next return was asked about', async () => {
    const { data } = await planOf(BEFORE);
    expect(data!.erasurePlan.submissions.map(({ period }) => period)).toEqual([BEFORE]);
    const entries = await ledgerHolds();
    const [one, again] = await Promise.all([order(BEFORE, data!.erasurePlan.id), order(BEFORE, data!.erasurePlan.id)]);
    expect(one.data!.eraseReturns.id).toBe(again.data!.eraseReturns.id);
    const { receipts } = await done(one.data!.eraseReturns.id);
    expect(await search(marks(before))).toEqual({});
    expect(Object.keys(await search(marks(...counts))).sort()).toEqual([...counts].sort());
    expect(receipts.map((receipt) => verifyRecord(receipt, hubKey))).toEqual([
      expect.objectContaining({
        kind: 'purge',
        authority,
        period: BEFORE,
        version: 1,
        what: ['envelope', 'cells'],
        clause: '',
        envelope: sha256(sent.get(BEFORE)!.envelope).toString('hex'),
      }),
    ]);
    expect(await ledgerHolds()).toBe(entries + 1);
    // The same order once more is the same order, though the plan has changed since.
    expect((await order(BEFORE, data!.erasurePlan.id)).data!.eraseReturns).toMatchObject({ state: 'DONE', receipts });
  });

  test('leaves a round that is not published without a return: the authority is missing again', async () => {
    const { region } = await world.ask<{
      region: { rounds: { edges: { node: { id: string; missing: { code: string }[] } }[] } };
    }>(
      await world.token('regional-lead', REGION),
      'query ($code: ID!) { region(code: $code) { rounds { edges { node { id missing { code } } } } } }',
      { code: REGION },
    );
    const missing = region.rounds.edges.find(({ node }) => node.id === rounds.before)!.node.missing;
    expect(missing.map(({ code }) => code)).toContain(authority);
  });

  test('of everything leaves nothing in any column of any table but what was printed', async () => {
    const shown = await printed();
    const [{ salt, digest }] = (await ask(
      database.ownerUrl,
      `select w.salt, w.payload_digest as digest from intake.raw w join registry.authority a on a.id = w.authority_id
       where a.code = $1`,
      [authority],
    )) as [{ salt: Buffer; digest: Buffer }];
    const payload = Buffer.from((JSON.parse(sent.get(PERIOD)!.envelope) as { payload: string }).payload, 'base64url');
    const secret = { salt, digest, payload, unsalted: sha256(payload) };
    expect(Object.keys(await search(secret)).sort()).toEqual(['digest', 'payload', 'salt']);

    await layHeldBeside(PERIOD, rounds.before);
    expect(await toldOf(rounds.before)).toEqual({ refusals: 1, tables: 1, counts: 1, waiting: 1 });
    const { id } = (await planOf(null)).data!.erasurePlan;
    const { receipts } = await done((await order(null, id)).data!.eraseReturns.id);
    expect(await toldOf(rounds.before)).toEqual({ refusals: 0, tables: 0, counts: 0, waiting: 0 });
    const found = await search({ ...marks(before, ...counts, total, word, remark), ...secret });
    for (const place of Object.values(found).flat()) expect(whatWasPrinted).toContain(place);
    expect(Object.keys(found).sort()).toEqual([...counts, total].filter((count) => shown.includes(count)).sort());
    expect(receipts.map((receipt) => verifyRecord(receipt, hubKey))).toEqual([
      expect.objectContaining({ period: PERIOD, what: ['envelope', 'cells', 'proofs'] }),
    ]);
    // Nobody else has lost a cell or an envelope.
    expect(Object.keys(await search(marks(neighbour)))).toEqual([neighbour]);
    const [{ n }] = (await ask(database.ownerUrl, 'select count(*)::int as n from intake.raw')) as [{ n: number }];
    expect(n).toBe(2 * others.length);
  });

  test('leaves receipts, ledger and publication verifiable', async () => {
    for (const { receipt, envelope } of sent.values())
      expect(verifyReceipt(receipt, hubKey).envelope).toBe(sha256(envelope).toString('hex'));
    await ledgerHolds();
    expect(await publicationsHold()).toBe(1);
  });

  const hasPython = spawnSync('python3', ['--version']).status === 0;
  (hasPython ? test : test.skip)('leaves a receipt verifiable without any program of ours, from the own files', () => {
    const { receipt, envelope } = sent.get(PERIOD)!;
    const files = [join(folder, 'mine.tlog-proof'), join(folder, 'mine.json')] as const;
    writeFileSync(files[0], receipt);
    writeFileSync(files[1], envelope);
    const recipe = join(rootFolder, 'docs/examples/verify_receipt.py');
    expect(spawnSync('python3', [recipe, files[0], hubKey, files[1]]).status).toBe(0);
    expect(spawnSync('python3', [recipe, files[0], hubKey, files[0]]).status).toBe(1);
  });

  test('leaves the return known: the same envelope gives the same receipt, its jti stands for no other', async () => {
    const { id, envelope, receipt } = sent.get(PERIOD)!;
    const again = await world.send(authority, envelope);
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ id, receipt, findings: [] });
    const { jti } = JSON.parse(
      Buffer.from((JSON.parse(envelope) as { protected: string }).protected, 'base64url').toString(),
    ) as { jti: string };
    const other = world.payload(REGION, nameOf(quarterly), { authority, period: PERIOD, rows: plainRows(9) });
    const reused = await world.send(authority, await world.sign(authority, other, { jti }));
    expect([reused.status, reused.body.code]).toEqual([409, 'SUBMISSION_JTI_REUSED']);
  });

  test('leaves a round that is published later without the authority', async () => {
    expect(await world.publish(REGION, rounds.before)).toEqual({ state: 'PUBLISHED', heldBecause: null });
    const [{ document }] = (await ask(database.ownerUrl, 'select document from release.publication where period = $1', [
      BEFORE,
    ])) as [{ document: string }];
    const { submitted } = JSON.parse(document) as { submitted: string[] };
    expect(submitted).toEqual([...others].sort());
    const kinds = await ask<{ kind: number }>(
      database.ownerUrl,
      `select distinct f.kind from release.figure f join registry.authority a on a.id = f.authority_id
         join release.publication p on p.id = f.publication_id where a.code = $1 and p.period = $2`,
      [authority, BEFORE],
    );
    expect(kinds).toEqual([{ kind: 5 }]);
  });

  test('is no end: what is sent anew is accepted, and kept', async () => {
    const third = await world.openRound(REGION, quarterly.code, '2025-Q3');
    expect(third).toMatch(/^rnd_/);
    const { id } = await send(authority, '2025-Q3', plainRows(3));
    const { submissions } = (await planOf(null)).data!.erasurePlan;
    expect(submissions.filter(({ envelope }) => envelope).map(({ submission }) => submission)).toEqual([id]);
  });
});

describe('the plan of an approver', () => {
  const kept = async (query: string, variables: object = {}) =>
    graphql<Record<string, never>>(world.hub.url, await world.token('authority-approver', others[0]!), query, {
      authority: others[0],
      ...variables,
    });
  const RETURNS = 'period envelopeOn cellsOn purges { clause }';

  test('says when what was sent goes', async () => {
    const { data } = await kept(`query ($authority: ID!) { retentionPlan(authority: $authority) { ${RETURNS} } }`);
    const envelopeOn = yearsOn(2);
    expect(data!['retentionPlan']).toEqual([
      { period: BEFORE, envelopeOn, cellsOn: '2033-04-01', purges: [] },
      { period: PERIOD, envelopeOn, cellsOn: '2033-07-01', purges: [] },
    ]);
  });

  test('says what a withdrawal would mean', async () => {
    const plan = (from: string, version = 1) =>
      kept(
        `query ($authority: ID!, $agreement: ID!, $version: Int!, $from: Date!) {
           withdrawalPlan(agreement: $agreement, version: $version, authority: $authority, from: $from) {
             rounds returns { ${RETURNS} } } }`,
        { agreement: agreement.id, version, from },
      );
    const [from, gone] = [day(60), day(90)];
    const { data } = await plan(from);
    const { rounds: lost, returns } = data!['withdrawalPlan'] as unknown as { rounds: string[]; returns: object[] };
    expect(lost).toHaveLength(1); // 2025-Q3, the one that is not published
    // "return": it can be fetched for another 30 days.
    expect(returns).toEqual([
      { period: BEFORE, envelopeOn: gone, cellsOn: gone, purges: [] },
      { period: PERIOD, envelopeOn: gone, cellsOn: gone, purges: [] },
    ]);
    expect(codes(await plan('2020-01-01'))).toEqual(['AGREEMENT_NOTICE_TOO_SHORT']);
    expect(codes(await plan(from, 9))).toEqual(['AGREEMENT_ABSENT']);
  });
});

describe('the job of a day', () => {
  /** The very service of the worker, over its login, with another clock. */
  async function runOn(moment: string): Promise<number> {
    const config = readConfig({ HUB_ID: world.hubId, HUB_DATA_DIR: folder });
    const clock = { now: () => new Date(`${moment}T12:00:00Z`) };
    const store = new WorkerStore(await openDataSource(database.urls.worker, 'worker'));
    const before = await ledgerHolds();
    try {
      const ledger = new Ledger(config, clock, loadHubKey(config));
      const retention = new RetentionService(store, new AgreementsService(clock), ledger, config, clock);
      let settled = 0;
      const run = {
        id: '0190c0de-0000-7000-8000-000000000001',
        type: 'retention.keep',
        subject: '',
        attempt: 1,
      } as const;
      await retention.keep({ ...run, settle: async () => void settled++ });
      expect(settled).toBe(1);
    } finally {
      await store.close();
    }
    return (await ledgerHolds()) - before;
  }
  const secret = () => search(marks(neighbour));

  test('was asked for when the hub started, once', async () => {
    const rows = await ask<{ done: boolean }>(
      database.ownerUrl,
      `select done_at is not null as done from platform.outbox where type = 'retention.keep'`,
    );
    expect(rows).toEqual([{ done: true }]);
  });

  test('lets nothing go before its time', async () => {
    expect(await runOn(day(0))).toBe(0);
    expect((await secret())[neighbour]).toEqual(expect.arrayContaining(['intake.cell.value', 'intake.raw.envelope']));
  });

  test('lets envelopes go in their year, and cells later; a second run on the day finds nothing', async () => {
    // One more waits for its approver: without its envelope it never can be completed.
    const waits = newId();
    await ask(
      database.ownerUrl,
      `insert into intake.submission
         select (jsonb_populate_record(b, jsonb_build_object('id', $1::text, 'version', 2, 'state', 'awaitingSignOff', 'jti', 'waits'))).*
         from intake.submission b where b.id = $2`,
      [waits, innerId('sub', world.hubId, sent.get(others[0]!)!.id)],
    );
    await ask(
      database.ownerUrl,
      `insert into intake.raw (submission_id, authority_id, envelope, salt, payload_digest, findings)
         select id, authority_id, 'bytes', substr(sha256('salt'), 1, 16), sha256('payload'), '[]'
         from intake.submission where id = $1`,
      [waits],
    );
    const { submission } = await world.ask<{ submission: object }>(
      await world.token('authority-approver', others[0]!),
      'query ($id: ID!) { submission(id: $id) { state } }',
      { id: publicId('sub', world.hubId, waits) },
    );
    expect(submission).toEqual({ state: 'AWAITING_SIGN_OFF' });

    expect(await runOn(yearsOn(3))).toBe(2 * others.length + 2);
    const gone = await world.ask(
      await world.token('authority-approver', others[0]!),
      'query ($id: ID!) { submission(id: $id) { state toSign } }',
      { id: publicId('sub', world.hubId, waits) },
    );
    expect(gone).toEqual({ submission: { state: 'LAPSED', toSign: null } });
    expect((await secret())[neighbour]).not.toContain('intake.raw.envelope');
    expect((await secret())[neighbour]).toContain('intake.cell.value');
    expect(await runOn(yearsOn(3))).toBe(0);
    // 2025-Q4 and 2025-Q3 are seven years past, 2026-Q1 is not yet.
    expect(await runOn('2033-06-30')).toBe(others.length + 1);
    expect(await runOn('2033-07-01')).toBe(others.length);
    for (const place of Object.values(await secret()).flat()) expect(whatWasPrinted).toContain(place);
    const [left] = await ask(
      database.ownerUrl,
      `select (select count(*)::int from intake.raw) as raw, (select count(*)::int from intake.cell) as cells,
         (select count(*)::int from proof.certificate) as proofs,
         (select count(*)::int from intake.own_proof) as "ownProofs", (select count(*)::int from intake.submission) as submissions`,
    );
    expect(left).toEqual({ raw: 0, cells: 0, proofs: 0, ownProofs: 0, submissions: 2 * others.length + 4 });
    for (const { receipt } of sent.values()) verifyReceipt(receipt, hubKey);
    expect(await publicationsHold()).toBe(2);
  });

  test('says on which clause each thing has gone', async () => {
    const clauses = await ask(
      database.ownerUrl,
      `select what[1] as first, clause, count(*)::int as n from intake.purge where clause <> '' group by 1, 2 order by 1`,
    );
    expect(clauses).toEqual([
      { first: 'cells', clause: '/retention/cellsYears', n: 2 * others.length + 1 },
      { first: 'envelope', clause: '/retention/envelopesYears', n: 2 * others.length + 2 },
    ]);
  });
});
