import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { clientToken, HubClient, newKey, publicOf } from '@hub/client';
import { londonDate, sha256 } from '@hub/kernel';
import {
  decodeLeaf,
  leafHash,
  openNote,
  parseCheckpoint,
  parseReceipt,
  parseVerifierKey,
  verifyReceipt,
} from '@hub/ledger/domain';
import { built as hub } from '../support/command-line';
import { ask, freshDatabase } from '../support/database';
import { graphql, post } from '../support/graphql';
import { startHubProcess } from '../support/hub-process';
import * as ledger from '../support/ledger';
import { nobodyListens } from '../support/nobody';
import { brokenDown, encoded, nameOf, newJti, quarterly, rawSignature, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import { RowCounter } from '../support/row-counter';
import { NORTH_EAST, WEST_MIDLANDS, World } from '../support/world';

const [FIRST, SECOND, THIRD] = ['2025-Q1', '2025-Q2', '2025-Q3'] as const;

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
let hubKey: string;
let northEast: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-submission-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  northEast = (await world.concludeAgreement(NORTH_EAST)).parties.map(({ authority }) => authority);
  for (const period of [FIRST, SECOND, THIRD]) await world.openRound(NORTH_EAST, quarterly.code, period);
  hubKey = ((await wellKnown('hub.json')) as { ledgerKey: string }).ledgerKey;
});
afterAll(async () => {
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const wellKnown = async (name: string) => (await fetch(`${world.hub.url}/.well-known/${name}`)).json();

/** A good return of an authority; `n` makes it another one. */
const payload = (authority: string, n = 0, period: string = FIRST, region: string = NORTH_EAST) =>
  world.payload(region, nameOf(quarterly), {
    authority,
    period,
    rows: returnOf(quarterly, [
      ...brokenDown(quarterly, 'SF03', 'abuse', [30 + n, 21, 12, 18, 0, 0]),
      { indicator: 'SV01', count: 40, of: 44 + n },
    ]),
  });

interface Answer {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly digest: string;
  readonly receipt: string;
  readonly findings: readonly object[];
}
const answerOf = ({ body }: { body: unknown }) => body as Answer;
/** The note of a return that is known already in another envelope. */
const foundAgain = (first: { body: unknown }) =>
  expect.objectContaining({
    severity: 'note',
    rule: 'known-already',
    expected: `the envelope with the SHA-256 ${answerOf(first).digest}`,
  }) as object;
const read = async (id: string, role: string, organisation: string) => {
  const authorization = `Bearer ${await world.token(role, organisation)}`;
  const response = await fetch(`${world.hub.url}/submissions/${id}`, { headers: { authorization } });
  if (response.ok) expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, body: (await response.json()) as Answer & { code: string } };
};
const checkpoint = async () => (await fetch(`${world.hub.url}/ledger/checkpoint`)).text();
const opened = (note: string) => parseCheckpoint(openNote(note, [parseVerifierKey(hubKey)]).text);

const ledgerHolds = () => ledger.ledgerHolds(world.ownerUrl, world.hubId, hubKey);

describe('an accepted return', () => {
  const authority = 'E06000001';
  let envelope: string;
  let first: Awaited<ReturnType<World['send']>>;
  let second: Awaited<ReturnType<World['send']>>;

  test('is answered with 201, its address and its receipt', async () => {
    envelope = await world.sign(authority, payload(authority));
    first = await world.send(authority, envelope);
    expect(first.status).toBe(201);
    const body = answerOf(first);
    expect(body).toEqual({
      id: expect.stringMatching(/^sub_/) as string,
      state: 'accepted',
      version: 1,
      digest: sha256(envelope).toString('hex'),
      receipt: expect.stringContaining('c2sp.org/tlog-proof@v1\n') as string,
      findings: [],
    });
    expect(first.headers.get('location')).toBe(`/submissions/${body.id}`);
    expect(await read(body.id, 'authority-system', authority)).toEqual({ status: 200, body });
  });

  test('keeps the bytes as they came', async () => {
    const [row] = await ask<{ envelope: Buffer }>(world.ownerUrl, 'select envelope from intake.raw');
    expect(row!.envelope.toString('utf8')).toBe(envelope);
  });

  test('has a receipt that verifies offline, and whose leaf commits to the bytes that were sent', () => {
    const { receipt } = answerOf(first);
    const leaf = verifyReceipt(receipt, hubKey);
    expect(leaf).toEqual({
      v: 1,
      kind: 'submission',
      hub: world.hubId,
      authority,
      dataset: nameOf(quarterly),
      period: FIRST,
      agreement: payload(authority).agreement,
      version: 1,
      envelope: sha256(envelope).toString('hex'),
      acceptedAt: expect.stringMatching(/Z$/) as string,
    });
    const elsewhere = receipt.replace(/^index (\d+)$/m, (_line, index) => `index ${Number(index) + 1}`);
    expect(() => verifyReceipt(elsewhere, hubKey)).toThrow('inclusion');
  });

  test('sent again gives the same receipt, byte for byte, and no entry', async () => {
    const before = await checkpoint();
    const again = await world.send(authority, envelope);
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await checkpoint()).toBe(before);
  });

  test('sent again through GraphQL too', async () => {
    const { submit } = await world.ask<{ submit: Answer }>(
      await world.token('authority-system', authority),
      'mutation ($e: String!) { submit(envelope: $e) { id state version digest receipt findings { rule } } }',
      { e: envelope },
    );
    expect(submit).toEqual({ ...answerOf(first), state: 'ACCEPTED' });
  });

  test('under another jti gives the current receipt, and says whose it is', async () => {
    const before = await checkpoint();
    const again = await world.send(authority, await world.sign(authority, payload(authority)));
    expect([again.status, again.body]).toEqual([200, { ...answerOf(first), findings: [foundAgain(first)] }]);
    expect(await checkpoint()).toBe(before);
  });

  test('is superseded by the next version, and keeps its receipt', async () => {
    second = await world.send(authority, await world.sign(authority, payload(authority, 1)));
    expect(second.status).toBe(201);
    expect(answerOf(second)).toMatchObject({ state: 'accepted', version: 2 });
    expect(verifyReceipt(answerOf(second).receipt, hubKey).version).toBe(2);
    const { body } = await read(answerOf(first).id, 'authority-system', authority);
    expect(body).toEqual({ ...answerOf(first), state: 'superseded' });
    expect(verifyReceipt(body.receipt, hubKey).version).toBe(1);
  });

  test('that is superseded is still known by its jti', async () => {
    const again = await world.send(authority, envelope);
    expect([again.status, again.body]).toEqual([200, { ...answerOf(first), state: 'superseded' }]);
  });

  test.each([
    ['authority-system', 'E06000002'],
    ['authority-approver', 'E08000025'],
    ['regional-lead', NORTH_EAST],
    ['board-chair', 'brd-tees'],
    ['agency-partner', 'agy-cleveland-police'],
    ['elected-member', authority],
    ['scrutineer', authority],
    ['steward', 'hub'],
    ['auditor', 'hub'],
  ])('is absent for %s of %s', async (role, organisation) => {
    const { id } = answerOf(first);
    expect(await read(id, role, organisation)).toMatchObject({ status: 404, body: { code: 'SUBMISSION_ABSENT' } });
    const asked = await graphql(
      world.hub.url,
      await world.token(role, organisation),
      'query ($id: ID!) { submission(id: $id) { id } }',
      { id },
    );
    expect([asked.data, asked.errors?.map(({ extensions }) => extensions.code)]).toEqual([
      { submission: null },
      ['SUBMISSION_ABSENT'],
    ]);
  });

  test.each(['authority-analyst', 'authority-approver'])('is there for the own %s', async (role) => {
    expect((await read(answerOf(second).id, role, authority)).body).toEqual(answerOf(second));
  });

  test('is absent under an id that is none, and asks who is asking', async () => {
    for (const id of ['sub_other-hub_0', 'x', `${answerOf(first).id}0`, answerOf(first).id.replace('sub_', 'pub_')]) {
      expect(await read(id, 'authority-system', authority)).toMatchObject({
        status: 404,
        body: { code: 'SUBMISSION_ABSENT' },
      });
    }
    const nobody = await fetch(`${world.hub.url}/submissions/${answerOf(first).id}`);
    expect([nobody.status, ((await nobody.json()) as Answer & { code: string }).code]).toEqual([401, 'TOKEN_MISSING']);
  });
});

describe('a return that comes after one that was signed later', () => {
  const authority = 'E06000047';
  const now = Math.floor(Date.now() / 1000);
  const signed = (n: number, iat: number) => world.sign(authority, payload(authority, n), { iat });
  const sent = async (n: number, iat: number) => world.send(authority, await signed(n, iat));
  let first: string;

  test('does not take its place, and nothing of it is stored; signed again it does', async () => {
    first = await signed(0, now - 200_000);
    expect((await world.send(authority, first)).status).toBe(201);
    expect((await sent(1, now - 100)).status).toBe(201);
    const stored = await RowCounter.open(world.ownerUrl);
    const before = await stored.count();
    const late = await signed(2, now - 86_500);
    const answer = await world.send(authority, late);
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { code: 'SUBMISSION_OLDER', facts: { period: FIRST, iat: now - 86_500, latest: now - 100 } },
    ]);
    const checked = await graphql(
      world.hub.url,
      await world.token('authority-system', authority),
      'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted } }',
      { e: late },
    );
    expect(checked.errors?.map(({ extensions }) => extensions.code)).toEqual(['SUBMISSION_OLDER']);
    // What was taken once is known, however old it is.
    const again = await world.send(authority, first);
    expect([again.status, answerOf(again).state, answerOf(again).version]).toEqual([200, 'superseded', 1]);
    expect(await stored.count()).toEqual(before);
    await stored.close();
    const meant = await sent(2, now - 50);
    expect([meant.status, answerOf(meant).version]).toEqual([201, 3]);
  });

  test('is taken in the same second, and after one whose signer’s clock was ahead', async () => {
    expect((await sent(3, now - 50)).status).toBe(201);
    expect((await sent(4, now + 250)).status).toBe(201);
    const after = await sent(5, Math.floor(Date.now() / 1000));
    expect([after.status, answerOf(after).version]).toEqual([201, 6]);
  });

  test('is refused too where what is in use was signed again since', async () => {
    const other = 'E06000003';
    const sentOf = async (n: number, iat: number) =>
      world.send(other, await world.sign(other, payload(other, n, THIRD), { iat }));
    const inUse = await sentOf(0, now - 100);
    const again = await sentOf(0, now - 20);
    expect([inUse.status, again.status, answerOf(again).id]).toEqual([201, 200, answerOf(inUse).id]);
    expect((await sentOf(1, now - 50)).body).toMatchObject({ code: 'SUBMISSION_OLDER', facts: { latest: now - 20 } });
  });

  test('not even after that one was withdrawn', async () => {
    const envelope = await signed(6, Math.floor(Date.now() / 1000));
    const last = await world.send(authority, envelope);
    const approver = await world.client('authority-approver', authority);
    await approver.withdrawSubmission(answerOf(last).id, 'Sent too early.');
    expect((await sent(7, now - 10)).body).toMatchObject({ code: 'SUBMISSION_OLDER' });
    // Whoever sends the old envelopes again hears that nothing is in use.
    const note = { severity: 'note', rule: 'nothing-in-use' };
    const nothing = expect.arrayContaining([expect.objectContaining(note)]) as object[];
    expect((await world.send(authority, envelope)).body).toMatchObject({ state: 'withdrawn', findings: nothing });
    expect((await world.send(authority, first)).body).toMatchObject({
      state: 'superseded',
      version: 1,
      findings: nothing,
    });
    const checked = await approver.check(first);
    expect(checked).toEqual({ accepted: true, findings: nothing });
  });
});

describe('at the same time', () => {
  test('fifty twins make one submission and one leaf', async () => {
    const authority = 'E06000002';
    const before = await ledgerHolds();
    const envelope = await world.sign(authority, payload(authority));
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.send(authority, envelope)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 201]);
    const receipts = new Set(answers.map((answer) => answerOf(answer).receipt));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const leaves = (await ledgerHolds()) - before;
    expect(leaves).toBe(1);
    const [{ n }] = (await ask(
      world.ownerUrl,
      `select count(*)::int as n from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1`,
      [authority],
    )) as [{ n: number }];
    expect(n).toBe(1);
    process.stdout.write(
      `${answers.length} racing sends of one envelope: ${n} version, ${leaves} leaf, ${receipts.size} receipt\n`,
    );
  });

  test('sixteen authorities leave no gap, and every checkpoint is the root of all leaves before it', async () => {
    const westMidlands = (await world.concludeAgreement(WEST_MIDLANDS)).parties.map(({ authority }) => authority);
    await world.openRound(WEST_MIDLANDS, quarterly.code, SECOND);
    const senders = [
      ...northEast.map((authority) => [authority, NORTH_EAST] as const),
      ...westMidlands.slice(0, 4).map((authority) => [authority, WEST_MIDLANDS] as const),
    ];
    expect(senders.length).toBe(16);
    const before = await ledgerHolds();
    const envelopes = await Promise.all(
      senders.map(([authority, region]) => world.sign(authority, payload(authority, 0, SECOND, region))),
    );
    const answers = await Promise.all(senders.map(([authority], i) => world.send(authority, envelopes[i]!)));
    expect(answers.map(({ status }) => status)).toEqual(senders.map(() => 201));
    expect(await ledgerHolds()).toBe(before + 16);
    const places = answers.map((answer, i) => {
      const { receipt } = answerOf(answer);
      expect(verifyReceipt(receipt, hubKey)).toMatchObject({
        authority: senders[i]![0],
        envelope: sha256(envelopes[i]!).toString('hex'),
      });
      return parseReceipt(receipt).index;
    });
    expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, i) => before + i));
  });

  test('versions of one return stay in a row', async () => {
    const authority = 'E06000003';
    const iat = Math.floor(Date.now() / 1000); // signed in one second: whichever comes first, none is older
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, n) =>
        world.send(authority, await world.sign(authority, payload(authority, n), { iat })),
      ),
    );
    expect(answers.map((answer) => answerOf(answer).version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const states = await ask<{ state: string; n: number }>(
      world.ownerUrl,
      `select state, count(*)::int as n from intake.submission b join registry.authority a on a.id = b.authority_id
       where a.code = $1 and period = $2 group by 1 order by 1`,
      [authority, FIRST],
    );
    expect(states).toEqual([
      { state: 'accepted', n: 1 },
      { state: 'superseded', n: 7 },
    ]);
    await ledgerHolds();
  });
});

describe('check', () => {
  const authority = 'E06000004';
  const fortyFaults = () =>
    JSON.parse(readFileSync(join(rootFolder, 'contracts/submission/examples/forty-faults.json'), 'utf8')) as object;
  const check = async (envelope: string, role = 'authority-system') =>
    graphql<{ checkSubmission: { accepted: boolean; findings: object[] } | null }>(
      world.hub.url,
      await world.token(role, authority),
      'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted findings { severity rule pointer message expected found } } }',
      { e: envelope },
    );
  const change = (index: number, row: object) => {
    const good = payload(authority);
    return { ...good, rows: good.rows.map((one, i) => (i === index ? { ...one, ...row } : one)) };
  };
  /** As GraphQL writes a finding that REST has given. */
  const inGraph = (findings: readonly object[]) =>
    (findings as { severity: string }[]).map((finding) => ({
      expected: null,
      found: null,
      ...finding,
      severity: finding.severity.toUpperCase(),
    }));

  test.each<[rule: string, body: () => object, status: number]>([
    ['a negative count', () => change(1, { count: -4 }), 422],
    ['parts that do not sum', () => change(1, { count: 5000 }), 422],
    ['several faults', () => ({ ...change(3, { count: 'a' }), rows: change(3, { count: 'a' }).rows.slice(0, 9) }), 422],
    ['forty faults', () => ({ ...fortyFaults(), authority }), 422],
    ['a period without a round', () => ({ ...payload(authority), period: '2024-Q1' }), 409],
    ['another agreement', () => ({ ...payload(authority), agreement: { id: 'none', version: 1 } }), 403],
    ['a good return', () => payload(authority), 201],
    ['the same again', () => payload(authority), 200],
  ])('says of %s what submit says, and stores nothing', async (_rule, body, status) => {
    const stored = await RowCounter.open(world.ownerUrl);
    const envelope = await world.sign(authority, body());
    const before = await stored.count();
    const said = await check(envelope);
    expect(await stored.count()).toEqual(before);
    await stored.close();
    const sent = await world.send(authority, envelope);
    expect(sent.status).toBe(status);
    const findings = inGraph((sent.body as unknown as { findings?: object[] }).findings ?? []);
    if (status === 201 || status === 200 || status === 422) {
      expect(said.data!.checkSubmission).toEqual({ accepted: status !== 422, findings });
      // A new version that does not say why is noted, and no worse for it.
      expect(JSON.stringify(findings).includes('ERROR')).toBe(status === 422);
    } else {
      expect(said.errors?.map(({ extensions }) => extensions.code)).toEqual([sent.body['code']]);
    }
  });

  test('lists all 45 faults of the shipped example at once, with their places', async () => {
    const { data } = await check(await world.sign(authority, { ...fortyFaults(), authority }));
    const findings = data!.checkSubmission!.findings as { rule: string; pointer: string; severity: string }[];
    const errors = findings.filter(({ rule, severity }) => rule !== 'query-unanswered' && severity === 'ERROR');
    expect(new Set(errors.map(({ rule }) => rule)).size).toBe(45);
    for (const { pointer } of findings) expect(pointer).toMatch(/^\/(rows|explanations|commentary)/);
  });

  test('never gives another verdict than submit, whatever is changed in a return', async () => {
    const sender = 'E08000037';
    const good = { ...payload(sender, 7, THIRD), authority: sender };
    const members = fc.constantFrom('count', 'of', 'status', 'reason', 'indicator', 'breakdown', 'note');
    const values = fc.constantFrom<unknown>(-1, 0, 7, 2.5, 'x', null, {}, { source: 'police' }, 'notCollected', 'AS01');
    const changes = fc.array(fc.tuple(fc.nat(good.rows.length - 1), members, values), { maxLength: 2 });
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const rows = good.rows.map((row, i) =>
          all.reduce((one, [place, member, value]) => (place === i ? { ...one, [member]: value } : one), row),
        );
        const envelope = await world.sign(sender, { ...good, rows });
        const token = await world.token('authority-system', sender);
        const { data } = await graphql<{ checkSubmission: { accepted: boolean } }>(
          world.hub.url,
          token,
          'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted } }',
          { e: envelope },
        );
        const { accepted } = data!.checkSubmission;
        verdicts.add(accepted);
        expect([200, 201].includes((await world.send(sender, envelope)).status)).toBe(accepted);
      }),
      { numRuns: 25, seed: 5, examples: [[[]]] },
    );
    expect(verdicts.size).toBe(2);
  });

  test('is open to the analyst, who may not send', async () => {
    const envelope = await world.sign(authority, payload(authority, 5));
    expect((await check(envelope, 'authority-analyst')).data).toMatchObject({ checkSubmission: { accepted: true } });
    const sent = await post(world.hub.url, await world.token('authority-analyst', authority), envelope);
    expect([sent.status, sent.body['code']]).toEqual([403, 'NOT_FOR_THIS_ROLE']);
    const byApprover = await post(world.hub.url, await world.token('authority-approver', authority), envelope);
    for (const { status, body } of [sent, byApprover]) {
      const expected = 'authority-system; an authority-approver sends only what waits for its signature';
      expect([status, body['facts']]).toEqual([403, { expected }]);
    }
  });

  test('asks about a jump against the own period before, and takes an answer', async () => {
    // The period before was sent above; the total and its first category jump.
    const jump = payload(authority, 900, SECOND);
    const refused = await world.send(authority, await world.sign(authority, jump));
    expect([refused.status, refused.body['code']]).toEqual([422, 'SUBMISSION_INVALID']);
    const explained = {
      ...jump,
      explanations: ['/rows/0', '/rows/1'].map((pointer) => ({
        rule: 'change-against-previous',
        pointer,
        answer: 'confirmed',
        text: 'A new front door.',
      })),
    };
    const answer = await world.send(authority, await world.sign(authority, explained));
    expect([answer.status, answerOf(answer).state]).toEqual([201, 'accepted']);
    expect(answerOf(answer).findings).toContainEqual(
      expect.objectContaining({ severity: 'query', rule: 'change-against-previous', pointer: '/rows/0' }),
    );
  });
});

describe('signatures', () => {
  test('ES256 keys sign too', async () => {
    const authority = 'E06000005';
    const key = await world.registerKey(authority, 'ES256');
    expect(key.alg).toBe('ES256');
    const envelope = await world.sign(authority, payload(authority, 0, THIRD));
    const answer = await world.send(authority, envelope);
    expect(answer.status).toBe(201);
    expect(verifyReceipt(answerOf(answer).receipt, hubKey).envelope).toBe(sha256(envelope).toString('hex'));
  });

  test('and the other signature over the same message is the same return, with the same receipt', async () => {
    const authority = 'E06000005';
    expect(world.keys.get(authority)!.alg).toBe('ES256');
    const envelope = await world.sign(authority, payload(authority, 7, THIRD));
    const answer = await world.send(authority, envelope);
    expect(answer.status).toBe(201);
    const before = await checkpoint();
    // With (r, s) also (r, n − s) verifies: anybody can make one of the other.
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const parts = JSON.parse(envelope) as { signature: string };
    const raw = Buffer.from(parts.signature, 'base64url');
    const s = order - BigInt(`0x${raw.subarray(32).toString('hex')}`);
    const twin = Buffer.concat([raw.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
    const again = await world.send(authority, JSON.stringify({ ...parts, signature: twin.toString('base64url') }));
    expect([again.status, again.body]).toEqual([
      200,
      { ...answerOf(answer), findings: [foundAgain(answer), ...answerOf(answer).findings] },
    ]);
    expect(await checkpoint()).toBe(before);
  });

  test('two signatures of the same authority cover one payload', async () => {
    const authority = 'E06000047';
    const keys = [world.keys.get(authority)!, await world.registerKey(authority, 'ES256')];
    const jti = newJti();
    const body = payload(authority, 0, THIRD);
    const envelope = JSON.stringify({
      payload: encoded(body),
      signatures: keys.map(({ alg, kid }, i) =>
        rawSignature(
          keys[i]!,
          {
            alg,
            kid,
            typ: 'safeguarding-submission+jws;v=1',
            iat: Math.floor(Date.now() / 1000),
            jti,
            aud: world.hubId,
          },
          body,
        ),
      ),
    });
    const answer = await world.send(authority, envelope);
    expect(answer.status).toBe(201);
    const [row] = await ask<{ kids: string[] }>(world.ownerUrl, 'select kids from intake.submission where jti = $1', [
      jti,
    ]);
    expect(row!.kids).toEqual(keys.map(({ kid }) => kid));
  });
});

describe('what anybody may ask', () => {
  test('hub.json and jwks.json tell names and public keys alone', async () => {
    expect(await wellKnown('hub.json')).toMatchObject({
      hubId: world.hubId,
      issuer: world.issuer.issuer,
      ledgerKey: expect.stringMatching(new RegExp(`^${world.hubId}\\+[0-9a-f]{8}\\+`)) as string,
      regions: expect.arrayContaining([NORTH_EAST, WEST_MIDLANDS]) as string[],
      limits: {
        envelopeBytes: 4194304,
        jsonDepth: 32,
        rows: 20000,
        pageSize: 100,
        iatPastSeconds: 1209600,
        iatFutureSeconds: 300,
      },
    });
    const { keys } = (await wellKnown('jwks.json')) as { keys: Record<string, string>[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
    const raw = parseVerifierKey(hubKey).publicKey.export({ format: 'jwk' });
    expect(keys[0]).toMatchObject({ x: raw.x, kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
  });

  test('the newest checkpoint is signed, and is that of the newest receipt', async () => {
    const [{ n }] = (await ask(world.ownerUrl, 'select count(*)::int as n from ledger.entry')) as [{ n: number }];
    expect(opened(await checkpoint())).toMatchObject({ origin: world.hubId, size: n });
    const [{ leaf }] = (await ask(world.ownerUrl, 'select leaf from ledger.entry order by index desc limit 1')) as [
      { leaf: Buffer },
    ];
    expect(decodeLeaf(leaf).hub).toBe(world.hubId);
  });

  test('the ledger as tiles that may be kept for ever, and nothing else below its address', async () => {
    const n = await ledgerHolds();
    const get = async (path: string) => {
      const response = await fetch(`${world.hub.url}/ledger/${path}`);
      const body = Buffer.from(await response.arrayBuffer());
      return { status: response.status, cache: response.headers.get('cache-control'), body };
    };
    const entries = await ask<{ leaf: Buffer }>(world.ownerUrl, 'select leaf from ledger.entry order by index');
    const forEver = 'public, max-age=31536000, immutable';
    expect(await get(`tile/0/000.p/${n}`)).toEqual({
      status: 200,
      cache: forEver,
      body: Buffer.concat(entries.map(({ leaf }) => leafHash(leaf))),
    });
    expect((await get(`checkpoint/${n}`)).cache).toBe(forEver);
    expect((await get(`checkpoint/${n}`)).body.toString()).toBe(await checkpoint());
    expect((await get('checkpoint')).cache).toBe('no-cache');
    for (const path of [
      ...[`tile/0/000.p/${n + 1}`, 'tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1', 'tile/0/0', 'tile/0/000.p/0'],
      ...['tile/entries/000', `tile/entries/000.p/${n}`, 'tile/', 'entry/0', `checkpoint/${n + 1}`, 'checkpoint/x'],
      ...['checkpoint/0', 'checkpoint/01', 'checkpoint/9007199254740993', 'tile/0/000.p/%31', 'tile/0//000.p/1'],
    ]) {
      const { status, cache, body } = await get(path);
      expect([path, status, cache, (JSON.parse(body.toString()) as { code: string }).code]).toEqual([
        path,
        404,
        null,
        'PATH_ABSENT',
      ]);
    }
  });

  test('hub ledger verify and watch: whether it holds, and the first entry that does not', async () => {
    const state = join(folder, 'watched.json');
    const saved = join(folder, 'checkpoint');
    writeFileSync(saved, await checkpoint());
    const n = await ledgerHolds();
    const url = ['--url', world.hub.url];
    expect(await hub('ledger', 'verify', ...url, '--from', saved)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`^The ledger holds\\.\n(.*\n)*entries +${n}\n`)) as string,
    });
    expect((await hub('ledger', 'watch', ...url, '--state', state, '--json')).stdout).toContain('"begun"');
    const before = readFileSync(state, 'utf8');
    expect((await hub('ledger', 'watch', ...url, '--state', state, '--json')).stdout).toContain('"continues"');
    expect(readFileSync(state, 'utf8')).toBe(before);
    // The owner of the database swaps two entries of one length, and swaps them back.
    const swap = `alter table ledger.entry disable trigger append_only;
      update ledger.entry set leaf = (select leaf from ledger.entry other where other.index = 5 - entry.index)
      where index in (2, 3); alter table ledger.entry enable trigger append_only`;
    await ask(world.ownerUrl, swap);
    expect(await hub('ledger', 'verify', ...url, '--json')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"fault":"altered","first":2,') as string,
      stderr: 'LEDGER_BROKEN: The ledger does not hold: entry 2 is not the one that was signed; it is the first.\n',
    });
    await ask(world.ownerUrl, swap);
    expect((await hub('ledger', 'verify', ...url, '--from', state)).status).toBe(0);
    // Somebody who remembers more entries than there are.
    const remembered = JSON.parse(before) as { checkpoints: string[] };
    expect(remembered.checkpoints).toEqual([await checkpoint()]);
    writeFileSync(state, JSON.stringify({ ...remembered, checkpoints: ['x'] }));
    expect((await hub('ledger', 'watch', ...url, '--state', state)).status).toBe(2);
    expect((await hub('ledger', 'watch', ...url, '--state', saved)).status).toBe(2);
    expect((await hub('ledger', 'verify', '--url', await nobodyListens())).status).toBe(3);
    expect((await hub('ledger', 'verify', ...url, '--hub-key', 'nonsense')).status).toBe(2);
  });

  test('the process is alive and ready', async () => {
    for (const path of ['live', 'ready']) {
      const response = await fetch(`${world.hub.url}/health/${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).toMatch(/^\S+ .+\n/);
    }
  });
});

describe('a system of an authority', () => {
  const authority = 'E06000047';
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const as = async (seat: string) => [
    '--url',
    world.hub.url,
    '--token-file',
    file(seat, await world.token(seat, authority)),
  ];
  const asked = async (...args: string[]) => {
    const { status, stdout, stderr } = await hub(...args, '--json');
    return { status, ...(JSON.parse(status === 0 ? stdout : stderr) as { id: string; state: string; code?: string }) };
  };

  test('gets its token by its own key, sends a return once two approvers have let it in, and is out at once', async () => {
    const key = await newKey('case-system');
    const client = await world.issuer.registerClient(publicOf(key));
    const keyFile = file('client.json', JSON.stringify(key));
    const token = () => hub('token', '--client', client, '--key', keyFile, '--url', world.hub.url);
    const envelope = file('envelope.json', await world.sign(authority, payload(authority)));
    const send = async () => {
      const { status, stdout } = await token();
      expect(status).toBe(0);
      const tokenFile = file('system', stdout);
      return asked('submission', 'send', '--in', envelope, '--url', world.hub.url, '--token-file', tokenFile);
    };
    const entries = await ledgerHolds();

    // The issuer knows it, the hub does not.
    expect(await send()).toMatchObject({ status: 1, code: 'MEMBER_UNKNOWN' });
    const { id } = await asked(
      'system',
      'register',
      '--client',
      client,
      '--of',
      authority,
      '--name',
      'Case system',
      ...(await as('authority-approver')),
    );
    expect(await send()).toMatchObject({ status: 1, code: 'MEMBER_UNKNOWN' });
    expect(await asked('system', 'confirm', id, ...(await as('authority-approver')))).toMatchObject({
      status: 1,
      code: 'SYSTEM_SELF_CONFIRMED',
    });
    const confirmed = await asked('system', 'confirm', id, ...(await as('authority-approver-2')));
    expect(confirmed).toMatchObject({ status: 0, state: 'confirmed' });
    expect(await ledgerHolds()).toBe(entries);
    expect(await send()).toMatchObject({ status: 0, state: 'accepted' });
    expect(await ledgerHolds()).toBe(entries + 1);

    // Its own client renews the token by itself; it is out at the next request all the same.
    const system = new HubClient({
      url: world.hub.url,
      token: clientToken({ issuer: world.issuer.issuer, audience: world.issuer.audience, client, key }),
    });
    const me = 'query { me { roles { role of } } }';
    expect(await system.graphql(me)).toEqual({ me: { roles: [{ role: 'AUTHORITY_SYSTEM', of: authority }] } });
    const { member } = confirmed as unknown as { member: string };
    const today = londonDate(new Date());
    const end = ['member', 'end', member, '--role', 'authority-system', '--of', authority, '--on', today];
    expect(await asked(...end, ...(await as('authority-approver-2')))).toMatchObject({ status: 0 });
    expect(await system.graphql(me)).toEqual({ me: { roles: [] } });
    expect(await send()).toMatchObject({ status: 1, code: 'NOT_FOR_THIS_ROLE' });
    expect(await ledgerHolds()).toBe(entries + 1);
  });

  test('with another key, or another client’s name, gets none', async () => {
    const [key, other] = [await newKey('case-system'), await newKey('case-system')];
    const client = await world.issuer.registerClient(publicOf(key));
    const run = (id: string, with_: object) =>
      hub('token', '--client', id, '--key', file('k.json', JSON.stringify(with_)), '--url', world.hub.url);
    for (const ran of [await run(client, other), await run('client-nobody', key), await run('steward@hub', key)]) {
      expect([ran.status, ran.stdout, ran.stderr.split(':')[0]]).toEqual([1, '', 'TOKEN_REFUSED']);
    }
    expect((await run(client, key)).status).toBe(0);
  });
});

test('SIGTERM ends the process with 0 within ten seconds, and finishes what it was asked', async () => {
  const hub = await startHubProcess({
    HUB_ID: world.hubId,
    HUB_DATA_DIR: folder,
    LOG_LEVEL: 'error',
    DATABASE_URL: database.ownerUrl,
    ...Object.fromEntries(
      Object.entries(database.urls).map(([login, url]) => [`DATABASE_${login.toUpperCase()}_URL`, url]),
    ),
  });
  const asked = fetch(`${hub.url}/ledger/checkpoint`);
  expect((await asked).status).toBe(200);
  // A connection that is kept alive must not hold the process up.
  const started = Date.now();
  expect(await hub.stop()).toBe(0);
  expect(Date.now() - started).toBeLessThan(10_000);
  // It has no issuer, and says what that means for whoever comes with a token; nothing else.
  expect(hub.stderr()).toMatch(/^Every token is refused: no issuer is set\. Set OIDC_ISSUER .*\n$/);
});
