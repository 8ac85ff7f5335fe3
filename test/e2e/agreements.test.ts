import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import { agreementDigest, publicOf, readAgreement, signAgreement, signEnvelope, verifyAgreement } from '@hub/client';
import { run } from '../../apps/cli/src/hub';
import { ask, freshDatabase } from '../support/database';
import { graphql } from '../support/graphql';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { day, NORTH_EAST, World } from '../support/world';
import { exampleAgreement } from '../seed/seed';

/** The life of agreements over the API, on real PostgreSQL: by lead and approvers, with signatures that count. */
let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
const example = exampleAgreement('north-east-benchmarking.v1');
const codes: string[] = example.parties.map(({ authority }) => authority);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-agreements-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  for (const authority of codes) await world.registerKey(authority);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let names = 0;
/** A document like the example, between its first `parties` authorities, about a dataset that no round collects. */
const documentOf = (parties: number, change: Partial<AgreementDocument> = {}): AgreementDocument =>
  parseAgreement({
    ...example,
    id: `agreement-${++names}`,
    tables: [{ ...example.tables[0]!, dataset: 'of-its-own' }],
    parties: example.parties.slice(0, parties),
    disclosure: { ...example.disclosure, leastContributors: 1, leastAuthorities: 1 },
    ...change,
  });

const asLead = async (mutation: string, variables: Record<string, unknown>) =>
  graphql(world.hub.url, await world.token('regional-lead', NORTH_EAST), mutation, variables);
const draft = (document: unknown) =>
  asLead('mutation ($document: String!) { draftAgreement(document: $document) { state } }', {
    document: typeof document === 'string' ? document : JSON.stringify(document),
  });
const SIGN = `mutation ($id: ID!, $version: Int!, $signature: String!) {
  signAgreement(id: $id, version: $version, signature: $signature) { state missingSignatures { code } } }`;
/** What the hub answers to a signature that this approver hands in: the state, or the refusal's code. */
async function sign(document: AgreementDocument, by: string, signature: string): Promise<string> {
  const { data, errors } = await graphql<{ signAgreement: { state: string } }>(
    world.hub.url,
    await world.token('authority-approver', by),
    SIGN,
    { id: document.id, version: document.version, signature },
  );
  return errors?.[0]?.extensions.code ?? data!.signAgreement.state;
}
const signature = (document: AgreementDocument, authority: string) =>
  signAgreement({ document, key: world.keys.get(authority)! });
const codeOf = ({ errors }: Awaited<ReturnType<typeof draft>>) => errors?.[0]?.extensions.code;
const stored = () =>
  ask<{ rows: string }>(
    database.ownerUrl,
    `select md5(coalesce(string_agg(t, '|' order by t), '')) as rows from (
       select a::text as t from agreements.agreement a union all select p::text from agreements.party p
       union all select s::text from agreements.scope s union all select e::text from ledger.entry e) x`,
  );

test('25 rounds of 12 parties that sign at once conclude exactly once each', async () => {
  for (let round = 0; round < 25; round++) {
    const document = documentOf(12);
    await world.propose(document);
    const signatures = await Promise.all(codes.map((code) => signature(document, code)));
    // Every third party's system is impatient and sends its signature twice.
    const sent = codes.flatMap((code, i) => (i % 3 ? [[code, i] as const] : [[code, i] as const, [code, i] as const]));
    const answers = await Promise.all(sent.map(([code, i]) => sign(document, code, signatures[i]!)));
    expect(answers.filter((answer) => answer !== 'PROPOSED' && answer !== 'IN_FORCE')).toEqual([]);
    expect(answers).toContain('IN_FORCE');
    // One entry of the ledger in all, and of each party the signature that it sent.
    const [row] = await ask<{ signatures: string[] }>(
      database.ownerUrl,
      `select a.state, a.concluded_at is not null as concluded,
         (select array_agg(p.signature) from agreements.party p where p.agreement_id = a.id and p.status = 'signed') as signatures,
         (select array_agg(convert_from(e.leaf, 'UTF8')::jsonb ->> 'event') from ledger.entry e
           where convert_from(e.leaf, 'UTF8')::jsonb -> 'agreement' ->> 'id' = a.id) as entries
       from agreements.agreement a where a.id = '${document.id}'`,
    );
    expect({ ...row, signatures: row!.signatures.sort() }).toEqual({
      state: 'inForce',
      concluded: true,
      signatures: [...signatures].sort(),
      entries: ['concluded'],
    });
  }
}, 120_000);

test('a document that is refused leaves nothing behind, and says why and where', async () => {
  const parent = documentOf(4);
  await world.conclude(parent);
  const under = { ...documentOf(3), parent: parent.id };
  const within = { ...documentOf(2), parent: parent.id };
  await world.conclude(within);
  const before = await stored();
  const refused: [document: unknown, code: string][] = [
    ['{', 'AGREEMENT_MALFORMED'],
    [{ ...documentOf(2), rounding: 5 }, 'AGREEMENT_MALFORMED'],
    [{ ...documentOf(2), purposes: [{ code: 'marketing', necessity: 'None.' }] }, 'AGREEMENT_MALFORMED'],
    [{ ...documentOf(2), effective: { from: '2026-04-01', until: '2026-04-01' } }, 'AGREEMENT_MALFORMED'],
    [
      { ...documentOf(2), audience: [{ ...example.audience[0], presentation: 'unsuppressed' }] },
      'AGREEMENT_UNSUPPRESSED',
    ],
    [{ ...documentOf(2), parties: [{ ...example.parties[0], authority: 'E08000025' }] }, 'AGREEMENT_PARTY_FOREIGN'],
    [
      {
        ...documentOf(2),
        regions: [NORTH_EAST, 'E12000005'],
        audience: [NORTH_EAST, 'E12000005'].map((of) => ({ ...example.audience[0], of })),
      },
      'AGREEMENT_ONE_SIDED',
    ],
    [{ ...documentOf(2), version: 2 }, 'AGREEMENT_MALFORMED'],
    [{ ...documentOf(2), regions: ['E12000005'] }, 'REGION_ABSENT'],
    [{ ...documentOf(2), parent: 'nobody-knows-it' }, 'AGREEMENT_ABSENT'],
    [{ ...parent, title: 'Other words' }, 'AGREEMENT_VERSION_TAKEN'],
    [{ ...under, parties: example.parties.slice(0, 5) }, 'AGREEMENT_WIDENS'],
    [{ ...under, disclosure: { ...under.disclosure, threshold: 9 } }, 'AGREEMENT_WIDENS'],
    // As the next version of one that keeps within.
    [
      { ...within, version: 2, signOff: false, effective: { ...within.effective, until: '2099-04-01' } },
      'AGREEMENT_WIDENS',
    ],
  ];
  for (const [document, code] of refused) expect([code, codeOf(await draft(document))]).toEqual([code, code]);
  expect(await stored()).toEqual(before);
  expect(codeOf(await draft(under))).toBeUndefined();
});

test('a signature that does not hold changes nothing', async () => {
  const [first, second] = codes as [string, string];
  const document = documentOf(2);
  await world.propose(document);
  const good = await signature(document, first);
  const altered = await signature({ ...document, title: 'One word more' }, first);
  const { payload, protected: head } = JSON.parse(good) as Record<string, string>;
  const forged = JSON.stringify({
    payload,
    protected: head,
    signature: (JSON.parse(altered) as typeof payload & { signature: string }).signature,
  });
  await world.registerKey('E08000025');
  const before = await stored();
  expect(await sign(document, first, altered)).toBe('SIGNATURE_INVALID');
  expect(await sign(document, first, forged)).toBe('SIGNATURE_INVALID');
  expect(await sign(document, first, 'no signature')).toBe('AGREEMENT_SIGNATURE_MALFORMED');
  expect(await sign(document, second, good)).toBe('KEY_FOREIGN');
  expect(await sign(document, first, await signature(document, second))).toBe('KEY_FOREIGN');
  expect(await sign(document, 'E08000025', await signature(document, 'E08000025'))).toBe('AGREEMENT_ABSENT');
  expect(await stored()).toEqual(before);
  expect(await sign(document, first, good)).toBe('PROPOSED');
  expect(await sign(document, first, good)).toBe('PROPOSED');
  expect(await sign(document, second, await signature(document, second))).toBe('IN_FORCE');
});

test('a party that has withdrawn does not sign, and a notice for the wrong day is none', async () => {
  const [first, second] = codes as [string, string];
  const document = documentOf(2, { membership: { joining: 'new-version', leavingNoticeDays: 30 } });
  await world.propose(document);
  await expect(world.withdraw(document, first, day(29))).rejects.toMatchObject({ code: 'AGREEMENT_NOTICE_TOO_SHORT' });
  await world.withdraw(document, first, day(31));
  await world.withdraw(document, first, day(31));
  const before = await stored();
  await expect(world.withdraw(document, first, day(32))).rejects.toMatchObject({ code: 'AGREEMENT_STEP_REFUSED' });
  expect(await sign(document, first, await signature(document, first))).toBe('AGREEMENT_STEP_REFUSED');
  expect(await stored()).toEqual(before);
  expect(await sign(document, second, await signature(document, second))).toBe('PROPOSED');
});

test('neither a revoked key nor a revoked approver signs or leaves', async () => {
  const [first] = codes as [string];
  const document = documentOf(2);
  await world.propose(document);
  const key = world.keys.get(first)!;
  const revoked = await world.registerKey(first);
  const signed = await signAgreement({ document, key: revoked });
  await world.ask(
    await world.token('authority-approver', first),
    'mutation ($kid: ID!) { revokeKey(kid: $kid, reason: "Lost.") { state } }',
    { kid: revoked.kid },
  );
  const before = await stored();
  expect(await sign(document, first, signed)).toBe('KEY_REVOKED');
  await expect(world.withdraw(document, first, day(1))).rejects.toMatchObject({ code: 'KEY_REVOKED' });
  world.keys.set(first, key);

  const until = (end: string) =>
    ask(
      database.ownerUrl,
      `update identity.member_role r set valid = daterange(lower(valid), ${end}) from identity.member m
       where m.id = r.member_id and m.subject = 'authority-approver@${first}'`,
    );
  const good = await signature(document, first);
  await until('current_date');
  try {
    expect(['NOT_FOR_THIS_ROLE', 'AGREEMENT_ABSENT']).toContain(await sign(document, first, good));
    await expect(world.withdraw(document, first, day(1))).rejects.toMatchObject({
      code: expect.stringMatching(/NOT_FOR_THIS_ROLE|AGREEMENT_ABSENT/) as string,
    });
    expect(await stored()).toEqual(before);
  } finally {
    await until('null');
  }
  expect(await sign(document, first, good)).toBe('PROPOSED');
});

test('whoever has a part in it verifies without the hub who has signed, and who has left', async () => {
  const [first, second, third] = codes as [string, string, string];
  const document = documentOf(3);
  await world.propose(document);
  const reader = await world.client('scrutineer', codes[5]!);
  expect((await reader.agreement(document.id)).signatures).toEqual([]);
  for (const authority of [first, second]) await world.signAgreement(document, authority);
  await world.withdraw(document, second, day(1));
  const whole = await reader.agreement(document.id, 1);
  const read = readAgreement(whole.document);
  expect([agreementDigest(read), read]).toEqual([whole.digest, document]);
  const { parties, broken } = await verifyAgreement({ document: read, signatures: whole.signatures });
  expect(broken).toBeUndefined();
  expect(parties).toEqual([
    { authority: first, signature: expect.objectContaining({ kid: world.keys.get(first)!.kid }) as unknown },
    {
      authority: second,
      signature: expect.objectContaining({ kid: world.keys.get(second)!.kid }) as unknown,
      withdrawal: expect.objectContaining({ from: day(1) }) as unknown,
    },
    { authority: third },
  ]);
  // Only what the authority itself says that its keys are counts, where that is known.
  const keysOf = (authority: string) => [publicOf(world.keys.get(authority === second ? first : authority)!)];
  expect((await verifyAgreement({ document: read, signatures: whole.signatures }, keysOf)).broken).toMatchObject({
    authority: second,
    refusal: { code: 'KEY_UNKNOWN' },
  });
  // A new key changes nothing about what the old one has signed.
  await world.registerKey(first, 'ES256', world.keys.get(first)!.kid);
  expect((await reader.agreement(document.id, 1)).signatures).toEqual(whole.signatures);
  expect(whole.plainEnglish).toContain(`Agreement: ${document.id}, version 1`);
  expect(whole.plainEnglish).toContain('Hartlepool (E06000001)');
  const stranger = await world.client('regional-lead', 'E12000005');
  await expect(stranger.agreement(document.id)).rejects.toMatchObject({ code: 'AGREEMENT_ABSENT' });
});

test('from the draft to the end with the command line alone', async () => {
  const [first, second] = codes as [string, string];
  const document = documentOf(2);
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  /** One command as this member. */
  const as = async (role: string, of: string, ...args: string[]) => {
    const ran = { stdout: '', stderr: '' };
    const streams = { out: (text: string) => (ran.stdout += text), err: (text: string) => (ran.stderr += text) };
    const token = write('token', await world.token(role, of));
    const code = await run([...args, '--url', world.hub.url, '--token-file', token], streams);
    return { code, ...ran };
  };
  const asLead = (...args: string[]) => as('regional-lead', NORTH_EAST, 'agreement', ...args);
  const file = write('document.json', JSON.stringify(document, null, 2));
  const keyFile = (of: string) => write(`${of}.jwk`, JSON.stringify(world.keys.get(of)!));
  const name = [document.id, '--version', '1'];

  expect(await asLead('draft', '--in', file)).toMatchObject({
    code: 0,
    stderr: `Open it for signature: hub agreement propose ${document.id} --version 1\n`,
  });
  expect(await as('authority-approver', first, 'agreement', 'sign', ...name, '--key', keyFile(first))).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('AGREEMENT_NOT_PROPOSED') as string,
  });
  expect((await asLead('propose', ...name)).stderr).toContain(agreementDigest(document));
  const sign = (of: string, ...more: string[]) =>
    as('authority-approver', of, 'agreement', 'sign', ...name, '--key', keyFile(of), ...more);
  expect(await sign(first, '--digest', '0'.repeat(64))).toMatchObject({ code: 2, stdout: '' });
  const signed = await sign(first, '--digest', agreementDigest(document));
  expect(signed.stderr).toContain(`digest     SHA-256 ${agreementDigest(document)}`);
  expect(signed.stderr).toContain(`Still to sign: ${second}.`);
  expect((await sign(second, '--json')).stdout).toContain('"state":"inForce"');

  const shown = await as('scrutineer', second, 'agreement', 'show', document.id, '--json');
  const { stdout: page } = await as('scrutineer', second, 'agreement', 'show', document.id);
  expect(page).toContain(`# ${document.title}`);
  const { stdout: words } = await as('scrutineer', second, 'agreement', 'show', document.id, '--document');
  expect(JSON.parse(words)).toEqual(document);
  const ran = { stdout: '' };
  const streams = { out: (text: string) => (ran.stdout += text), err: () => undefined };
  expect(await run(['agreement', 'verify', write('shown.json', shown.stdout)], streams)).toBe(0);
  expect(ran.stdout).toContain('2 of 2 parties have signed this very document.');

  const leave = ['agreement', 'withdraw', ...name, '--authority', second, '--from', day(3)];
  expect(await as('authority-approver', second, ...leave, '--plan')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('Nothing has happened yet') as string,
  });
  expect((await as('authority-approver', second, ...leave, '--key', keyFile(second))).stdout).toMatch(
    new RegExp(`${second} +leaves from ${day(3)}`),
  );
  expect((await asLead('list', '--state', 'inForce')).stdout).toMatch(new RegExp(`^${document.id} +1 +inForce`, 'm'));
  expect((await asLead('suspend', ...name, '--reason', 'It is looked into.')).stdout).toMatch(/^state +suspended$/m);
  expect(await asLead('suspend', ...name, '--reason', 'Again.')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(from suspended, step suspend)') as string,
  });
  expect((await asLead('resume', ...name, '--reason', 'It was nothing.')).stdout).toMatch(/^state +in force$/m);
  expect((await asLead('terminate', ...name, '--reason', 'It is done.')).stdout).toMatch(/^state +ended$/m);
  expect(await as('regional-lead', 'E12000005', 'agreement', 'show', document.id)).toMatchObject({
    code: 1,
    stdout: '',
  });
});

test('a later version takes the place of the one before when all have signed, and not sooner', async () => {
  const one = documentOf(2);
  await world.conclude(one);
  const two = { ...one, version: 2, title: 'The second version' };
  const state = async (version: number) =>
    (
      await world.ask<{ agreement: { state: string } }>(
        await world.token('authority-analyst', codes[0]!),
        'query ($id: ID!, $version: Int) { agreement(id: $id, version: $version) { state } }',
        { id: one.id, version },
      )
    ).agreement.state;
  await world.propose(two);
  expect(await world.signAgreement(two, codes[0]!)).toBe('proposed');
  expect([await state(1), await state(2)]).toEqual(['IN_FORCE', 'PROPOSED']);
  expect(await world.signAgreement(two, codes[1]!)).toBe('inForce');
  expect([await state(1), await state(2)]).toEqual(['SUPERSEDED', 'IN_FORCE']);
  // What is final stays final: when the later one ends, the earlier does not come back.
  const ended = await asLead(
    'mutation ($id: ID!) { terminateAgreement(id: $id, version: 2, reason: "It has done its work.") { state } }',
    { id: one.id },
  );
  expect(ended.errors).toBeUndefined();
  expect([await state(1), await state(2)]).toEqual(['SUPERSEDED', 'TERMINATED']);
});

test('a later version that is ended before its first day takes nobody’s place, and what leaves a party out is signed without it', async () => {
  const one = documentOf(3);
  await world.conclude(one);
  const two = documentOf(2, { id: one.id, version: 2, effective: { ...one.effective, from: day(30) } });
  await world.conclude(two);
  const first = async () =>
    (
      await world.ask<{ agreement: unknown }>(
        await world.token('authority-analyst', codes[2]!),
        'query ($id: ID!) { agreement(id: $id, version: 1) { state supersededFrom } }',
        { id: one.id },
      )
    ).agreement;
  expect(await first()).toEqual({ state: 'IN_FORCE', supersededFrom: day(30) });
  const end = 'mutation ($id: ID!) { terminateAgreement(id: $id, version: 2, reason: "A mistake.") { state } }';
  expect((await asLead(end, { id: one.id })).errors).toBeUndefined();
  expect(await first()).toEqual({ state: 'IN_FORCE', supersededFrom: null });

  // Signed after its first day, the third takes the place from the day of the last signature.
  const three = documentOf(2, { id: one.id, version: 3 });
  const four = documentOf(3, { id: one.id, version: 4 });
  await world.propose(three);
  await world.propose(four);
  expect(await world.signAgreement(three, codes[0]!)).toBe('proposed');
  for (const code of codes.slice(0, 3)) await world.signAgreement(four, code);
  expect(await first()).toEqual({ state: 'SUPERSEDED', supersededFrom: day(0) });
  const before = await stored();
  expect(await sign(three, codes[1]!, await signature(three, codes[1]!))).toBe('AGREEMENT_NOT_PROPOSED');
  expect(await stored()).toEqual(before);
});

test('what happens between accept and compile counts: a party that withdraws stays out, and sign-off needs two keys', async () => {
  const period = '2026-Q1';
  const document = parseAgreement({ ...example, disclosure: { ...example.disclosure, leastAuthorities: 2 } });
  await world.conclude(document);
  const round = await world.openRound(NORTH_EAST, quarterly.code, period);
  const rows = (i: number) =>
    returnOf(quarterly, brokenDown(quarterly, 'CP01', 'duration', [30 + i, 25 + i, 40 + i, 18 + i, 15 + i, 12 + i]));
  const payload = (authority: string, i: number) =>
    world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: rows(i) });
  for (const [i, authority] of codes.entries()) {
    expect((await world.send(authority, await world.sign(authority, payload(authority, i)))).status).toBe(201);
  }

  // A second agreement over the same dataset asks for the approver's signature: the stricter rule holds for the first too.
  const stricter = parseAgreement({ ...document, id: 'north-east-sign-off', signOff: true });
  await world.conclude(stricter);
  world.agreements.set(NORTH_EAST, document);
  const [first] = codes as [string];
  const text = JSON.stringify(payload(first, 7));
  const key = world.keys.get(first)!;
  const alone = await signEnvelope({ payload: text, key, aud: world.hubId });
  const { status, body } = await world.send(first, alone);
  expect([status, body]).toMatchObject([201, { state: 'awaitingSignOff', version: 2, receipt: null }]);
  const second = await world.registerKey(first);
  world.keys.set(first, key);
  const both = await signEnvelope({ payload: text, key: second, aud: world.hubId, also: alone });
  expect((await world.send(first, both)).body).toMatchObject({ state: 'accepted', version: 2 });
  // One that waits still when the region publishes stands nowhere.
  const other = JSON.stringify(payload(first, 8));
  const late = await world.send(first, await signEnvelope({ payload: other, key, aud: world.hubId }));
  expect(late.body).toMatchObject({ state: 'awaitingSignOff' });

  const leaver = codes[4]!;
  await world.withdraw(document, leaver, day(0));
  await world.withdraw(stricter, leaver, day(0));
  expect((await world.send(leaver, await world.sign(leaver, payload(leaver, 9)))).body).toMatchObject({
    code: 'AGREEMENT_NOT_A_PARTY',
    facts: { agreement: document.id, version: 1, clause: '/parties/4' },
  });
  expect(await world.publish(NORTH_EAST, round)).toMatchObject({ state: 'PUBLISHED' });
  const { region } = await world.ask<{
    region: {
      benchmark: {
        coverage: { text: string };
        authorities: { authority: { code: string }; figure: { kind: string } }[];
      };
    };
  }>(
    await world.token('regional-lead', NORTH_EAST),
    `{ region(code: "${NORTH_EAST}") { benchmark(indicator: "CP01", period: "${period}") {
       coverage { text } authorities { authority { code } figure { kind } } } } }`,
  );
  expect(region.benchmark.coverage.text).toBe('11 of 12');
  expect(region.benchmark.authorities.find(({ authority }) => authority.code === leaver)!.figure.kind).toBe(
    'NOT_SUBMITTED',
  );
}, 60_000);
