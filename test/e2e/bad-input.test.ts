import { createHash, createHmac, createPrivateKey, createPublicKey, randomBytes, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { HubClient, newKey, signEnvelope } from '@hub/client';
import { logins } from '@hub/platform';
import { refusals, type Kind, type RefusalCode } from '@hub/contracts';
import { ask, freshDatabase } from '../support/database';
import { graphql, post } from '../support/graphql';
import { startHubProcess } from '../support/hub-process';
import { brokenDown, encoded, nameOf, newJti, quarterly, rawSignature, returnOf } from '../support/returns';
import { RowCounter } from '../support/row-counter';
import { hubEnvironment, NORTH_EAST, World } from '../support/world';

const PERIOD = '2025-Q1';
const [hartlepool, middlesbrough, birmingham] = ['E06000001', 'E06000002', 'E08000025'] as const;
const TYPE = 'safeguarding-submission+jws;v=1';

/** What a case sends; what it leaves out is as it should be. */
interface Sent {
  readonly envelope: string | Uint8Array;
  /** null: nobody asks */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}
interface Case {
  readonly rule: string;
  readonly code: RefusalCode;
  /** `mark` is a word that occurs nowhere else: nothing of it may come back. */
  readonly send: (mark: string) => Promise<Sent> | Sent;
  readonly pointer?: string;
  /** Every finding, `rule pointer`. */
  readonly findings?: readonly string[];
  /** A number that was refused, and that may stand in `found` and nowhere else: it was parsed. */
  readonly number?: number;
  /** The REST door alone, for what GraphQL has no place for. */
  readonly restOnly?: boolean;
  /** The status of GraphQL; 200 unless the whole request is refused. */
  readonly graphqlStatus?: 200 | 401;
}

const statuses: Record<Kind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  unsupportedType: 415,
  unprocessable: 422,
  tooMany: 429,
  unavailable: 503,
};

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
let stored: RowCounter;
/** Where the numbers for who runs the hub are. */
let metricsPort: number;
/** An accepted return, and the jti that it used up. */
let accepted: { readonly jti: string; readonly payload: Payload };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-bad-input-'));
  database = await freshDatabase();
  metricsPort = await freePort();
  world = await World.start({ dataFolder: folder, database, environment: { METRICS_PORT: String(metricsPort) } });
  const document = await world.concludeAgreement(NORTH_EAST);
  await world.propose({ ...document, version: 2 });
  await world.registerKey(birmingham);
  await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
  accepted = { jti: newJti(), payload: payload('a reason') };
  const answer = await world.send(hartlepool, await world.sign(hartlepool, accepted.payload, { jti: accepted.jti }));
  expect(answer.status).toBe(201);
  stored = await RowCounter.open(world.ownerUrl);
});
afterAll(async () => {
  await stored.close();
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const freePort = () =>
  new Promise<number>((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

type Payload = ReturnType<typeof payload>;
/** A good return whose reasons hold the mark: whatever is refused, no free text of it may come back. */
const payload = (mark: string, change: object = {}) => ({
  ...world.payload(NORTH_EAST, nameOf(quarterly), {
    authority: hartlepool,
    period: PERIOD,
    rows: returnOf(
      quarterly,
      [
        ...brokenDown(quarterly, 'SF03', 'abuse', [30, 21, 12, 18, 0, 0]),
        { indicator: 'SF04', count: 50, of: 81 },
        { indicator: 'SV01', count: 40, of: 44 },
      ],
      `Reason ${mark}.`,
    ),
  }),
  ...change,
});
/** The place of that row in `payload`, of the total when there is no category. */
const at = (indicator: string, category?: string) =>
  payload('').rows.findIndex(
    (row) => row.indicator === indicator && Object.values(row.breakdown ?? {})[0] === category,
  );
/** The good return with one row changed. */
const withRow = (mark: string, indicator: string, change: object, category?: string) =>
  payload(mark, {
    rows: payload(mark).rows.map((row, i) => (i === at(indicator, category) ? { ...row, ...change } : row)),
  });

/** The good return with one more row. */
const andRow = (mark: string, row: object) => payload(mark, { rows: [...payload(mark).rows, row] });
const last = () => payload('').rows.length;

const key = (authority: string = hartlepool) => world.keys.get(authority)!;
const header = (more: object = {}) => ({
  alg: 'EdDSA',
  kid: key().kid,
  typ: TYPE,
  iat: Math.floor(Date.now() / 1000),
  jti: newJti(),
  aud: world.hubId,
  ...more,
});
/** An envelope whose header is whatever it is said to be. */
const withHeader = (mark: string, head: unknown, body: unknown = payload(mark)) => ({
  envelope: JSON.stringify({ payload: encoded(body), ...rawSignature(key(), head, body) }),
});
/** A well-signed envelope over that payload. */
const signed = (body: unknown, more: object = {}) => withHeader('', header(more), body);
const parts = async (mark: string) =>
  JSON.parse(await world.sign(hartlepool, payload(mark))) as { payload: string; protected: string; signature: string };
/** Another text for the same bytes: the spare bits of its last character set. */
const withSpareBits = (text: string) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(text.at(-1)!);
  const loose = `${text.slice(0, -1)}${alphabet[last ^ 1]!}`;
  if (!Buffer.from(loose, 'base64url').equals(Buffer.from(text, 'base64url'))) throw new Error('no spare bits here');
  return loose;
};
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const cases: readonly Case[] = [
  // The envelope.
  { rule: 'not JSON', code: 'ENVELOPE_MALFORMED', send: (mark) => ({ envelope: `{"payload": ${mark}` }) },
  { rule: 'nothing at all', code: 'ENVELOPE_MALFORMED', send: () => ({ envelope: '' }) },
  { rule: 'not a JWS', code: 'ENVELOPE_MALFORMED', send: (mark) => ({ envelope: JSON.stringify({ [mark]: mark }) }) },
  { rule: 'a bare payload', code: 'ENVELOPE_MALFORMED', send: (mark) => ({ envelope: JSON.stringify(payload(mark)) }) },
  {
    rule: 'compact serialization',
    code: 'ENVELOPE_MALFORMED',
    send: async (mark) => {
      const { payload: body, protected: head, signature } = await parts(mark);
      return { envelope: `${head}.${body}.${signature}` };
    },
  },
  {
    rule: 'a member that nobody asked for',
    code: 'ENVELOPE_MALFORMED',
    pointer: '',
    send: async (mark) => ({ envelope: JSON.stringify({ ...(await parts(mark)), [mark]: mark }) }),
  },
  {
    rule: 'duplicate members of the envelope',
    code: 'ENVELOPE_MALFORMED',
    send: async (mark) => {
      const whole = JSON.stringify(await parts(mark));
      return { envelope: `${whole.slice(0, -1)},"payload":"${mark}"}` };
    },
  },
  {
    rule: 'an envelope 10,000 deep',
    code: 'ENVELOPE_MALFORMED',
    send: (mark) => ({ envelope: `{"payload":"${mark}","protected":${deep(10_000)},"signature":""}` }),
  },
  {
    rule: 'padded base64',
    code: 'ENVELOPE_MALFORMED',
    pointer: '/payload',
    send: async (mark) => {
      const good = await parts(mark);
      return { envelope: JSON.stringify({ ...good, payload: `${good.payload}=` }) };
    },
  },
  {
    rule: 'base64 with a space',
    code: 'ENVELOPE_MALFORMED',
    pointer: '/signature',
    send: async (mark) => {
      const good = await parts(mark);
      return {
        envelope: JSON.stringify({ ...good, signature: `${good.signature.slice(0, 40)} ${good.signature.slice(40)}` }),
      };
    },
  },
  {
    rule: 'base64 with spare bits',
    code: 'ENVELOPE_MALFORMED',
    pointer: '/signature',
    send: async (mark) => {
      const good = await parts(mark);
      return { envelope: JSON.stringify({ ...good, signature: withSpareBits(good.signature) }) };
    },
  },
  {
    rule: 'no signature in the list',
    code: 'ENVELOPE_MALFORMED',
    pointer: '/signatures',
    send: (mark) => ({ envelope: JSON.stringify({ payload: encoded(payload(mark)), signatures: [] }) }),
  },
  {
    rule: 'a body over the limit',
    code: 'ENVELOPE_TOO_LARGE',
    send: (mark) => ({ envelope: JSON.stringify({ payload: mark, filler: 'A'.repeat(4_194_304) }) }),
  },
  {
    rule: 'a body far over the limit',
    code: 'ENVELOPE_TOO_LARGE',
    restOnly: true,
    send: (mark) => ({ envelope: JSON.stringify({ payload: mark, filler: 'A'.repeat(7_000_000) }) }),
  },
  // Its header.
  {
    rule: 'the algorithm none',
    code: 'ENVELOPE_ALGORITHM',
    pointer: '/protected',
    send: (mark) => ({
      envelope: JSON.stringify({
        payload: encoded(payload(mark)),
        protected: encoded(header({ alg: 'none' })),
        signature: '',
      }),
    }),
  },
  {
    rule: 'an HMAC with the public key',
    code: 'ENVELOPE_ALGORITHM',
    pointer: '/protected',
    send: (mark) => {
      const spki = createPublicKey(createPrivateKey({ key: key() as JsonWebKey, format: 'jwk' })).export({
        type: 'spki',
        format: 'pem',
      });
      const [head, body] = [encoded(header({ alg: 'HS256' })), encoded(payload(mark))];
      const signature = encoded(createHmac('sha256', spki).update(`${head}.${body}`).digest());
      return { envelope: JSON.stringify({ payload: body, protected: head, signature }) };
    },
  },
  {
    rule: 'an HMAC with the public key, said to be EdDSA',
    code: 'SIGNATURE_INVALID',
    pointer: '/signature',
    send: (mark) => {
      const [head, body] = [encoded(header()), encoded(payload(mark))];
      const bytes = Buffer.from(key().x!, 'base64url');
      const signature = encoded(createHmac('sha512', bytes).update(`${head}.${body}`).digest());
      return { envelope: JSON.stringify({ payload: body, protected: head, signature }) };
    },
  },
  {
    rule: 'an algorithm that nobody knows',
    code: 'ENVELOPE_ALGORITHM',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ alg: mark })),
  },
  {
    rule: 'another algorithm than the registered key',
    code: 'ENVELOPE_ALGORITHM',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ alg: 'ES256' })),
  },
  {
    rule: 'a key in the header',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ jwk: { ...key(), d: undefined, kid: mark } })),
  },
  {
    rule: 'an extra member of the header',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ [mark]: mark })),
  },
  {
    rule: 'crit',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ crit: [mark], [mark]: true })),
  },
  {
    rule: 'b64 false',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ crit: ['b64'], b64: false })),
  },
  {
    rule: 'duplicate members of the header',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, JSON.stringify(header()).replace(/}$/, `,"kid":"${mark}"}`)),
  },
  {
    rule: 'a header that is no JSON',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, mark),
  },
  {
    rule: 'an unprotected header',
    code: 'ENVELOPE_HEADER',
    pointer: '/header',
    send: async (mark) => ({ envelope: JSON.stringify({ ...(await parts(mark)), header: { kid: mark } }) }),
  },
  {
    rule: 'another type',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ typ: mark })),
  },
  {
    rule: 'a guessable jti',
    code: 'ENVELOPE_HEADER',
    pointer: '/protected',
    send: (mark) => withHeader(mark, header({ jti: mark.slice(0, 12) })),
  },
  {
    rule: 'another audience',
    code: 'ENVELOPE_AUDIENCE',
    send: (mark) => signed(payload(mark), { aud: `hub-${mark}` }),
  },
  {
    rule: 'signed 15 days ago',
    code: 'ENVELOPE_STALE',
    send: (mark) => signed(payload(mark), { iat: Math.floor(Date.now() / 1000) - 15 * 86_400 }),
  },
  {
    rule: 'signed an hour ahead',
    code: 'ENVELOPE_STALE',
    send: (mark) => signed(payload(mark), { iat: Math.floor(Date.now() / 1000) + 3600 }),
  },
  // Key, signature, and who is asking.
  { rule: 'an unknown key', code: 'KEY_UNKNOWN', send: (mark) => withHeader(mark, header({ kid: mark })) },
  {
    rule: 'a revoked key',
    code: 'KEY_REVOKED',
    send: async (mark) => {
      const good = key();
      const revoked = await world.registerKey(hartlepool);
      const envelope = await world.sign(hartlepool, payload(mark));
      world.keys.set(hartlepool, good);
      await world.ask(
        await world.token('authority-approver', hartlepool),
        'mutation ($kid: ID!) { revokeKey(kid: $kid, reason: "a test") { state } }',
        { kid: revoked.kid },
      );
      return { envelope };
    },
  },
  {
    rule: 'a key that nobody has approved yet',
    code: 'KEY_UNKNOWN',
    send: async (mark) => {
      const pending = await newKey(`pending-${mark}`);
      await world.askToRegister(hartlepool, pending);
      return {
        envelope: await signEnvelope({ payload: JSON.stringify(payload(mark)), key: pending, aud: world.hubId }),
      };
    },
  },
  {
    rule: 'a key that another has replaced',
    code: 'KEY_RETIRED',
    send: async (mark) => {
      const good = key();
      const { kid } = await world.registerKey(hartlepool);
      const envelope = await world.sign(hartlepool, payload(mark));
      world.keys.set(hartlepool, good);
      await ask(world.ownerUrl, 'update identity.signing_key set until = now() where kid = $1', [kid]);
      return { envelope };
    },
  },
  {
    rule: 'the key of another authority',
    code: 'KEY_FOREIGN',
    send: async (mark) => ({ envelope: await world.sign(middlesbrough, payload(mark)) }),
  },
  {
    rule: 'the token of another authority',
    code: 'KEY_FOREIGN',
    send: async (mark) => ({
      ...(await signed(payload(mark))),
      token: await world.token('authority-system', middlesbrough),
    }),
  },
  {
    rule: 'a foreign caller with a payload that is known already',
    code: 'KEY_FOREIGN',
    send: async () => ({
      envelope: await world.sign(middlesbrough, accepted.payload),
      token: await world.token('authority-system', middlesbrough),
    }),
  },
  {
    rule: 'a payload changed after signing',
    code: 'SIGNATURE_INVALID',
    pointer: '/signature',
    send: async (mark) => {
      const good = await parts(mark);
      const changed = withRow(mark, 'SV01', { count: 41 });
      return { envelope: JSON.stringify({ ...good, payload: encoded(changed) }) };
    },
  },
  {
    rule: 'a changed payload that is not even JSON, of which nothing is parsed',
    code: 'SIGNATURE_INVALID',
    pointer: '/signature',
    send: async (mark) => ({ envelope: JSON.stringify({ ...(await parts(mark)), payload: encoded(mark) }) }),
  },
  {
    rule: 'a second signature that does not hold',
    code: 'SIGNATURE_INVALID',
    pointer: '/signatures/1/signature',
    send: async (mark) => {
      const good = key();
      const second = await world.registerKey(hartlepool);
      world.keys.set(hartlepool, good);
      const [jti, body] = [newJti(), payload(mark)];
      const one = rawSignature(good, header({ jti }), body);
      const other = rawSignature(good, header({ jti, kid: second.kid }), body);
      return { envelope: JSON.stringify({ payload: encoded(body), signatures: [one, other] }) };
    },
  },
  {
    rule: 'no token',
    code: 'TOKEN_MISSING',
    send: async (mark) => ({ ...(await signed(payload(mark))), token: null }),
  },
  {
    rule: 'a bad token',
    code: 'TOKEN_INVALID',
    graphqlStatus: 401,
    send: async (mark) => ({ ...(await signed(payload(mark))), token: `${mark}.${mark}.${mark}` }),
  },
  {
    rule: 'a role that does not send',
    code: 'NOT_FOR_THIS_ROLE',
    send: async (mark) => ({
      ...(await signed(payload(mark))),
      token: await world.token('authority-analyst', hartlepool),
    }),
  },
  {
    rule: 'a lead, who is of no authority',
    code: 'NOT_FOR_THIS_ROLE',
    send: async (mark) => ({ ...(await signed(payload(mark))), token: await world.token('regional-lead', NORTH_EAST) }),
  },
  // The request around it.
  {
    rule: 'another content type',
    code: 'MEDIA_TYPE',
    restOnly: true,
    send: async (mark) => ({ ...(await signed(payload(mark))), headers: { 'content-type': 'application/json' } }),
  },
  {
    rule: 'a compressed body',
    code: 'MEDIA_TYPE',
    restOnly: true,
    send: async (mark) => ({
      envelope: gzipSync((await signed(payload(mark))).envelope),
      headers: { 'content-encoding': 'gzip' },
    }),
  },
  // The head of the return.
  {
    rule: 'a payload that is not JSON',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json '],
    send: (mark) => signed(`{"authority": ${mark}`),
  },
  {
    rule: 'duplicate members of the payload',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json /period'],
    send: (mark) => signed(JSON.stringify(payload(mark)).replace(/}$/, `,"period":"${mark}"}`)),
  },
  {
    rule: 'duplicate members that have no name of the specification',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json '],
    send: (mark) => signed(JSON.stringify(payload(mark)).replace(/}$/, `,"${mark}":1,"${mark}":2}`)),
  },
  {
    rule: 'a payload 10,000 deep',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json '],
    send: (mark) => signed(`{"${mark}":${deep(10_000)}}`),
  },
  {
    rule: 'a number with an exponent',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json /rows/0/count'],
    send: (mark) => signed(JSON.stringify(withRow(mark, 'SF03', { count: 987654321 })).replace('987654321', '8.1e1')),
  },
  {
    rule: 'a number beyond 2^53',
    code: 'SUBMISSION_INVALID',
    findings: ['strict-json /rows/0/count'],
    send: (mark) =>
      signed(JSON.stringify(withRow(mark, 'SF03', { count: 987654321 })).replace('987654321', '9007199254740993')),
  },
  {
    rule: 'a payload that is a list',
    code: 'SUBMISSION_INVALID',
    findings: ['payload-shape '],
    send: (mark) => signed([mark]),
  },
  {
    rule: 'a malformed period',
    code: 'SUBMISSION_INVALID',
    findings: ['head-period /period'],
    send: (mark) => signed(payload(mark, { period: `2025-${mark}` })),
  },
  {
    rule: 'every fault of the head at once',
    code: 'SUBMISSION_INVALID',
    findings: [
      'head-agreement /agreement',
      'head-authority /authority',
      'head-dataset /dataset',
      'head-period /period',
    ],
    send: (mark) =>
      signed(payload(mark, { agreement: mark, authority: mark, dataset: { code: mark, version: mark }, period: 4711 })),
  },
  // Known already, agreement, round.
  {
    rule: 'a jti used for another payload',
    code: 'SUBMISSION_JTI_REUSED',
    send: (mark) => signed(payload(mark), { jti: accepted.jti }),
  },
  {
    rule: 'an agreement that does not exist',
    code: 'AGREEMENT_NOT_IN_FORCE',
    send: (mark) => signed(payload(mark, { agreement: { id: mark, version: 1 } })),
  },
  {
    rule: 'an agreement that is not in force',
    code: 'AGREEMENT_NOT_IN_FORCE',
    send: (mark) => signed(payload(mark, { agreement: { id: 'north-east-benchmarking', version: 2 } })),
  },
  {
    rule: 'an authority outside the agreement',
    code: 'AGREEMENT_NOT_A_PARTY',
    send: async (mark) => ({
      envelope: await world.sign(birmingham, payload(mark, { authority: birmingham })),
      token: await world.token('authority-system', birmingham),
    }),
  },
  {
    rule: 'a dataset that the agreement does not list',
    code: 'AGREEMENT_NOT_COVERED',
    send: (mark) => signed(payload(mark, { dataset: { code: mark, version: '1.0' } })),
  },
  {
    rule: 'a period of another frequency',
    code: 'AGREEMENT_NOT_COVERED',
    send: (mark) => signed(payload(mark, { period: '2025-07' })),
  },
  {
    rule: 'a period before the agreement',
    code: 'AGREEMENT_NOT_COVERED',
    send: (mark) => signed(payload(mark, { period: '2021-Q1' })),
  },
  { rule: 'a future period', code: 'ROUND_NOT_OPEN', send: (mark) => signed(payload(mark, { period: '2029-Q1' })) },
  {
    rule: 'a period without a round',
    code: 'ROUND_NOT_OPEN',
    send: (mark) => signed(payload(mark, { period: '2024-Q4' })),
  },
  {
    rule: 'another version of the dataset than the round’s',
    code: 'ROUND_NOT_OPEN',
    send: (mark) => signed(payload(mark, { dataset: { code: quarterly.code, version: '1.7' } })),
  },
  // The content: every finding at once.
  ...(
    [
      {
        rule: 'an unknown indicator',
        body: (mark: string) => andRow(mark, { indicator: mark, count: 1 }),
        findings: () => [`unknown-indicator /rows/${last()}/indicator`],
      },
      {
        rule: 'an unknown category',
        body: (mark: string) => andRow(mark, { indicator: 'SF03', breakdown: { abuse: mark }, count: 1 }),
        findings: () => [`unknown-category /rows/${last()}/breakdown/abuse`],
      },
      {
        rule: 'an unknown dimension',
        body: (mark: string) => andRow(mark, { indicator: 'SF03', breakdown: { [mark]: mark }, count: 1 }),
        findings: () => [`unknown-breakdown /rows/${last()}/breakdown`],
      },
      {
        rule: 'an unknown member of a row',
        body: (mark: string) => withRow(mark, 'SV01', { [mark]: mark }),
        findings: () => [`unknown-member /rows/${at('SV01')}`],
      },
      {
        rule: 'text for a count',
        body: (mark: string) => withRow(mark, 'SF03', { count: mark }, 'neglect'),
        findings: () => [`not-a-number /rows/${at('SF03', 'neglect')}/count`],
      },
      {
        rule: 'a negative count',
        body: (mark: string) => withRow(mark, 'SF03', { count: -918273645 }, 'neglect'),
        number: -918273645,
        findings: () => [`negative /rows/${at('SF03', 'neglect')}/count`],
      },
      {
        rule: 'a fraction',
        body: (mark: string) => withRow(mark, 'SF03', { count: 9182736.45 }, 'neglect'),
        number: 9182736.45,
        findings: () => [`fraction /rows/${at('SF03', 'neglect')}/count`],
      },
      {
        rule: 'parts that do not sum to their total',
        body: (mark: string) => withRow(mark, 'SF03', { count: 918273645 }, 'neglect'),
        number: 918273645,
        findings: () => [`parts-do-not-sum /rows/${at('SF03')}/count`],
      },
      {
        rule: 'a numerator above its denominator',
        body: (mark: string) => withRow(mark, 'SV01', { count: 918273645 }),
        number: 918273645,
        findings: () => [`numerator-above-denominator /rows/${at('SV01')}`],
      },
      {
        rule: 'a denominator that is not the row it names',
        body: (mark: string) => withRow(mark, 'SF04', { of: 918273645 }),
        number: 918273645,
        findings: () => [`of-differs /rows/${at('SF04')}/of`],
      },
      {
        rule: 'an unknown status',
        body: (mark: string) => withRow(mark, 'RF01', { status: mark }),
        findings: () => [`unknown-status /rows/${at('RF01')}/status`],
      },
      {
        rule: 'a required row that is missing',
        body: (mark: string) =>
          payload(mark, { rows: payload(mark).rows.filter(({ indicator }) => indicator !== 'SV01') }),
        findings: () => ['row-missing /rows'],
      },
      {
        rule: 'the same row twice',
        body: (mark: string) => andRow(mark, payload(mark).rows[at('SV01')]!),
        findings: () => [`duplicate-row /rows/${last()}`],
      },
      {
        rule: 'a person in a commentary',
        body: (mark: string) =>
          payload(mark, { commentary: [{ indicator: 'SF03', text: `${mark} was born on 3.4.2017` }] }),
        findings: () => ['looks-like-a-person /commentary/0/text'],
      },
      {
        rule: 'a person in a reason',
        body: (mark: string) => withRow(mark, 'RF01', { reason: `ask ${mark}@example.org` }),
        findings: () => [`looks-like-a-person /rows/${at('RF01')}/reason`],
      },
      {
        rule: 'an unknown member of the payload',
        body: (mark: string) => payload(mark, { [mark]: mark }),
        findings: () => ['unknown-member '],
      },
      {
        rule: 'several faults at once',
        body: (mark: string) => ({
          ...withRow(mark, 'SF03', { count: mark }, 'neglect'),
          commentary: [{ indicator: mark, text: '' }],
        }),
        findings: () => [
          'commentary-shape /commentary/0/text',
          `not-a-number /rows/${at('SF03', 'neglect')}/count`,
          'unknown-indicator /commentary/0/indicator',
        ],
      },
    ] as const
  ).map((one): Case => ({
    rule: one.rule,
    code: 'SUBMISSION_INVALID',
    send: (mark) => signed(one.body(mark)),
    ...('number' in one ? { number: one.number } : {}),
    get findings() {
      return one.findings();
    },
  })),
];

/** What both doors say of a refusal, in one form. */
interface Said {
  readonly code: string;
  readonly title: string;
  readonly next: string;
  readonly pointer?: string;
  readonly findings?: readonly { rule: string; pointer: string; severity: string; message: string; found?: string }[];
}

const doors = {
  REST: async ({ envelope, headers }: Sent, token: string | null, { code }: Case) => {
    const answer = await post(world.hub.url, token, envelope, headers);
    const kind = refusals[code].kind;
    expect(answer.body).toMatchObject({ code, status: statuses[kind] });
    expect(answer.status).toBe(statuses[kind]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = answer.body as unknown as Omit<Said, 'next'> & { detail: string };
    return { text: answer.text, said: { ...problem, next: problem.detail } as Said };
  },
  GraphQL: async ({ envelope }: Sent, token: string | null, { code, graphqlStatus = 200 }: Case) => {
    const answer = await graphql(
      world.hub.url,
      token,
      'mutation ($envelope: String!) { submit(envelope: $envelope) { id } }',
      { envelope: Buffer.from(envelope).toString('utf8') },
    );
    expect(answer.errors?.map(({ extensions }) => [extensions.code, extensions.kind])).toEqual([
      [code, refusals[code].kind],
    ]);
    expect(answer.status).toBe(graphqlStatus);
    expect(answer.data?.['submit' as never] ?? null).toBeNull();
    const { message, extensions } = answer.errors![0]!;
    return { text: JSON.stringify(answer), said: { title: message, ...extensions } as unknown as Said };
  },
};

const tried = new Set<RefusalCode>();
const rows = cases.flatMap((one) =>
  (one.restOnly ? (['REST'] as const) : (['REST', 'GraphQL'] as const)).map((door) => [one.rule, door, one] as const),
);

test.each(rows)('%s is refused by %s, and nothing is stored or repeated', async (_rule, door, one) => {
  // Letters alone, or it might look like a person's number.
  const mark = `zq${[...randomBytes(16)].map((byte) => 'abcdefghijklmnop'[byte % 16]).join('')}`;
  const sent = await one.send(mark);
  const before = await stored.count();
  const token = sent.token === undefined ? await world.token('authority-system', hartlepool) : sent.token;

  const { text, said } = await doors[door](sent, token, one);
  tried.add(one.code);

  expect(said).toMatchObject({ title: refusals[one.code].title, next: refusals[one.code].next });
  if (one.pointer !== undefined) expect(said.pointer).toBe(one.pointer);
  if (one.findings) {
    expect(said.findings!.map(({ rule, pointer }) => `${rule} ${pointer}`).sort()).toEqual([...one.findings].sort());
    expect(
      said.findings!.every(
        ({ severity, message }) => severity === (door === 'REST' ? 'error' : 'ERROR') && message.length > 10,
      ),
    ).toBe(true);
  }
  expect(await stored.count()).toEqual(before);
  for (const place of [text, world.hub.stderr()]) {
    expect(place.toLowerCase()).not.toContain(mark);
    expect(place).not.toContain(mark.toUpperCase());
  }
  if (one.number !== undefined) {
    const number = String(Math.abs(one.number));
    expect(world.hub.stderr()).not.toContain(number);
    const elsewhere = said.findings!.map(({ found: _, ...finding }) => finding);
    // What a sum or a whole should have been is of this very return.
    expect(JSON.stringify(elsewhere.map(({ message, pointer, rule }) => [message, pointer, rule]))).not.toContain(
      number,
    );
  }
});

describe('what is no request', () => {
  const ask = async (body: string) => {
    const token = await world.token('authority-system', hartlepool);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${world.hub.url}/graphql`, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const good = '{ me { id } }';
  const broken: readonly (readonly [rule: string, body: string, status: number, code: string])[] = [
    ['JSON that does not parse', '{"query": zqbroken}', 400, 'REQUEST_MALFORMED'],
    ['JSON 10,000 deep', `{"query":"{ zqbroken","variables":${deep(10_000)}}`, 400, 'REQUEST_MALFORMED'],
    ['nothing at all', '', 400, 'REQUEST_MALFORMED'],
    ['a query twice, of which another server would take the first', `{"query":"{ zqbroken }","query":"${good}"}`, 400, 'REQUEST_MALFORMED'], // prettier-ignore
    ['a byte order mark', `\uFEFF{"query":"${good}"}`, 400, 'REQUEST_MALFORMED'],
    ['a document that does not parse', '{"query":"{ \\"zqbroken\\" }"}', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'another value than a text',
      '{"query":"mutation { submit(envelope: { zqbroken: 1 }) { id } }"}',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable of another type',
      '{"query":"mutation ($e: String!) { submit(envelope: $e) { id } }","variables":{"e":{"zqbroken":["zqbroken"]}}}',
      400,
      'BAD_USER_INPUT',
    ],
    ['a body far over the limit', JSON.stringify({ query: 'zqbroken'.repeat(900_000) }), 413, 'REQUEST_TOO_LARGE'],
  ];
  test.each(broken)(
    '%s is refused by GraphQL, and nothing is stored or repeated',
    async (_rule, body, status, code) => {
      const before = await stored.count();
      const answer = await ask(body);
      expect(answer.status).toBe(status);
      const { errors } = JSON.parse(answer.text) as { errors: { extensions: { code: string } }[] };
      expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
      expect(answer.text).not.toContain('zqbroken');
      expect(await stored.count()).toEqual(before);
      expect(world.hub.stderr()).not.toContain('zqbroken');
    },
  );
});

describe('a query that asks for too much', () => {
  const send = async (body: unknown, token: string | null, more: RequestInit = {}, path = '/graphql') => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${world.hub.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      ...more,
    });
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      body: JSON.parse(text || 'null') as {
        errors?: { extensions: { code: string; facts?: { of: string; asked: number; limit: number } } }[];
      },
    };
  };
  const lead = () => world.token('regional-lead', NORTH_EAST);
  const many = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(' ');
  const region = (inner: string) => `{ region(code: "${NORTH_EAST}") { ${inner} } }`;

  test.each<{ rule: string; query: string; variables?: object }>([
    {
      rule: 'deep',
      query: `{ __schema { types { fields { type { ${'ofType { '.repeat(14)} name ${'} '.repeat(14)} } } } } }`,
    },
    { rule: 'by many names', query: `{ ${many(41, (i) => `a${i}: me { id }`)} }` },
    { rule: 'by many directives', query: `{ me { ${many(21, () => 'id @skip(if: false)')} } }` },
    { rule: 'of many words', query: region(many(2_000, () => 'code')) },
    {
      rule: 'of pages in pages',
      query: `{ ${many(30, (i) => `a${i}: region(code: "${NORTH_EAST}") { rounds(first: 100) { edges { node { id dataset period state missing { code } } } } }`)} }`,
    },
    {
      rule: 'by fragments that double',
      query: `{ ...f0 } ${many(30, (i) => `fragment f${i} on Query { me { id } ...f${i + 1} ... { ...f${i + 1} } }`)} fragment f30 on Query { me { id } }`,
    },
    {
      rule: 'of many entities',
      query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Region { code } } }',
      variables: { of: Array(101).fill({ __typename: 'Region', code: NORTH_EAST }) },
    },
    {
      rule: 'of many entities by several names',
      query: `{ ${many(3, (i) => `a${i}: _entities(representations: [${many(40, () => `{ __typename: "Region", code: "${NORTH_EAST}" },`)}]) { ... on Region { code } }`)} }`,
    },
  ])(
    '$rule is refused before anything is looked up, and members alone are told by how much',
    async ({ rule, query, variables }) => {
      for (const token of [await lead(), null]) {
        const { status, text, body } = await send({ query, variables }, token);
        expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([400, ['QUERY_TOO_LARGE']]);
        expect(text).not.toContain('stack');
        const { facts } = body.errors![0]!.extensions;
        // What is not even parsed is not measured.
        if (token === null || rule === 'of many words')
          expect(text.replace(/"locations":.*?\]/g, '')).not.toMatch(/\d/);
        else expect(facts!.asked).toBeGreaterThan(facts!.limit);
      }
    },
  );

  test('what people ask is far from the limits: every round of a region with all of its fields, twice', async () => {
    const rounds =
      'rounds { edges { cursor node { id dataset period state opens due closes heldBecause missing { code name } } } pageInfo { hasNextPage } }';
    const { status, body } = await send({ query: region(`a: ${rounds} b: ${rounds}`) }, await lead());
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  test('is not sent in a batch, nor changes anything by GET, nor as a form', async () => {
    const token = await lead();
    const before = await stored.count();
    expect((await send([{ query: '{ me { id } }' }, { query: '{ me { id } }' }], token)).status).toBe(400);
    const mutation = encodeURIComponent('mutation { closeRound(id: "rnd_x") { id } }');
    const authorization = `Bearer ${token}`;
    const get = (query: string, more: Record<string, string>) =>
      send(
        undefined,
        token,
        { method: 'GET', body: null, headers: { authorization, ...more } },
        `/graphql?query=${query}`,
      );
    expect((await get(mutation, { 'apollo-require-preflight': 'yes' })).status).toBe(405);
    // A page elsewhere can make a browser send these without asking.
    expect((await get(encodeURIComponent('{ me { id } }'), {})).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(
        (await send({ query: '{ me { id } }' }, token, { headers: { authorization, 'content-type': type } })).status,
      ).toBe(400);
    expect(await stored.count()).toEqual(before);
  });

  test('is believed for its token alone: no header says who asks, for whom, from where or how', async () => {
    const spoofed = {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-user': `regional-lead@${NORTH_EAST}`,
      'x-forwarded-host': 'hub.example',
      'x-forwarded-proto': 'https',
      'x-real-ip': '127.0.0.1',
      'x-original-url': '/graphql',
      'x-rewrite-url': '/health/live',
      'x-http-method-override': 'POST',
      'x-user': `regional-lead@${NORTH_EAST}`,
      'x-member': `regional-lead@${NORTH_EAST}`,
      'x-role': 'regional-lead',
      forwarded: 'for=127.0.0.1;host=hub.example;proto=https',
      cookie: `token=${await lead()}; authorization=Bearer ${await lead()}`,
    };
    const asked = { query: `{ me { id } region(code: "${NORTH_EAST}") { code } }` };
    for (const token of [null, await lead(), await world.token('authority-analyst', hartlepool)]) {
      const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const plain = await send(asked, token);
      const headers = { 'content-type': 'application/json', ...authorization, ...spoofed };
      const { status, text } = await send(asked, token, { headers });
      expect([status, text]).toEqual([plain.status, plain.text]);
      // Nor does one make a question out of a page that is only fetched.
      const fetched = { method: 'GET', body: null, headers: { ...authorization, ...spoofed } };
      expect((await send(undefined, token, fetched, '/submissions')).status).toBe(404);
    }
  });

  test('for the schema is answered to members, and to nobody else; a word that is nearly right gets no hint', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ ...f } fragment f on Query { t: __type(name: "Region") { name } }',
    ]) {
      expect((await send({ query }, await lead())).status).toBe(200);
      const { status, body } = await send({ query }, null);
      expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([401, ['TOKEN_MISSING']]);
    }
    for (const query of ['{ mee { id } }', '{ me { idd } }', '{ region(cod: "x") { code } }']) {
      const { text } = await send({ query }, null);
      expect(text).not.toMatch(/did you mean|"stacktrace"|node_modules/i);
    }
  });
});

test('GraphQL is spoken over HTTP as its specification has it: the audit of graphql-http, as a member asks', async () => {
  const token = await world.token('regional-lead', NORTH_EAST);
  const asMember = (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('apollo-require-preflight', 'true');
    return fetch(url, { ...init, headers });
  };
  const results = await auditServer({ url: `${world.hub.url}/graphql`, fetchFn: asMember });
  const by = (status: string) =>
    results.flatMap((result) =>
      result.status === status ? [`${result.id} ${result.name}: ${'reason' in result ? result.reason : ''}`] : [],
    );
  process.stdout.write(
    `graphql-http: ${results.length} audits, ${by('ok').length} ok, ${by('warn').length} warnings\n`,
  );
  expect(by('error')).toEqual([]);
  // To old clients it would rather say 200 when it has refused a query: what is refused is never 200 here.
  expect(by('warn').map((one) => one.slice(0, 4))).toEqual(['572B', 'FDE2', '7B9B']);
  expect(results.length).toBeGreaterThan(50);
});

const withoutLogins = Object.fromEntries(logins.map((login) => [`DATABASE_${login.toUpperCase()}_URL`, '']));

describe('numbers for who runs the hub', () => {
  const read = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const sample = /^([a-z_]+)(?:\{(\w+="[^"\n]*"(?:,\w+="[^"\n]*")*)\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;
  const samplesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '))
      .map((line) => {
        const [, name, labels = '', value] = sample.exec(line) ?? [];
        if (!name) throw new Error(`no sample: ${line}`);
        const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, word]) => [label!, word!] as const);
        return { name, labels: new Map(pairs), value: Number(value) };
      });

  test('are on a port of their own alone, in the text of Prometheus', async () => {
    expect((await fetch(`${world.hub.url}/metrics`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/graphql`)).status).toBe(404);
    const text = await read();
    const typed = new Map([...text.matchAll(/^# TYPE (\w+) (counter|gauge|histogram)$/gm)].map(([, n, t]) => [n!, t!]));
    const families = samplesOf(text).map(({ name }) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...new Set(families)].filter((name) => !typed.has(name))).toEqual([]);
    expect([...typed.keys()].sort()).toEqual([
      'hub_database_connections',
      'hub_database_up',
      'hub_http_answers_total',
      'hub_http_seconds',
      'hub_ledger_entries',
      'hub_outbox_oldest_seconds',
      'hub_outbox_waiting',
      'hub_refusals_total',
      'hub_rounds_held',
      'hub_work_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
  });

  test('count a refusal by its code, an answer by the kind of request, and the ledger’s entries', async () => {
    const of = async (name: string, labels: Record<string, string>) =>
      samplesOf(await read()).find(
        (one) => one.name === name && Object.entries(labels).every(([label, word]) => one.labels.get(label) === word),
      )?.value ?? 0;
    const now = () =>
      Promise.all([
        of('hub_refusals_total', { code: 'ENVELOPE_MALFORMED' }),
        of('hub_http_answers_total', { route: 'submit', status: '4xx' }),
        of('hub_http_answers_total', { route: 'graphql', status: '2xx' }),
        of('hub_http_seconds_bucket', { route: 'submit', le: '+Inf' }),
      ]);
    const [refused, answers, asked, timed] = await now();
    const token = await world.token('authority-system', hartlepool);
    expect((await post(world.hub.url, token, 'no envelope')).status).toBe(400);
    await graphql(world.hub.url, token, 'mutation { submit(envelope: "no envelope") { id } }');
    expect(await now()).toEqual([refused! + 2, answers! + 1, asked! + 1, timed! + 1]);
    const [{ entries }] = (await ask(world.ownerUrl, 'select count(*)::int as entries from ledger.entry')) as [
      { entries: number },
    ];
    expect(await of('hub_ledger_entries', {})).toBe(entries);
    expect(await of('hub_database_up', {})).toBe(1);
  });

  test('name no authority, region, agreement, key or person: their labels are few words of the hub’s own', async () => {
    const samples = samplesOf(await read());
    const words = new Map<string, Set<string>>();
    for (const { labels } of samples)
      for (const [label, word] of labels) words.set(label, (words.get(label) ?? new Set<string>()).add(word));
    const known: Record<string, RegExp> = {
      route: /^(graphql|submit|submissions|ledger|health|about|other)$/,
      status: /^([2-5]xx|cut)$/,
      code: /^[A-Z]+(_[A-Z]+)*$/,
      type: /^[a-z]+\.[a-z]+$/,
      outcome: /^(done|failed|overtaken)$/,
      within: /^(10s|1m|10m|longer)$/,
      login: /^(intake|reader|desk|worker)$/,
      state: /^(busy|idle|waiting)$/,
      quantile: /^(0.5|0.99|1)$/,
      le: /^([\d.]+|\+Inf)$/,
    };
    const strange = [...words].flatMap(([label, all]) => [...all].filter((word) => !known[label]?.test(word)));
    expect(strange).toEqual([]);
    expect(words.get('code')).toContain('ENVELOPE_MALFORMED');
  });
});

test('a hub that cannot start says in one line which setting is wrong, and why', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const good = hubEnvironment({ dataFolder: folder, issuer: world.issuer, database });
  const wrongPassword = new URL(database.urls.desk);
  wrongPassword.password = 'hunter2';
  const faults: [variable: string, environment: Record<string, string>, why: RegExp][] = [
    ['DATABASE_URL', { DATABASE_URL: 'postgres://a:hunter2@127.0.0.1:9/x' }, /answers there .*\(ECONNREFUSED\)/],
    ['DATABASE_DESK_URL', { DATABASE_DESK_URL: wrongPassword.href }, /user and password .*\(28P01\)/],
    ['PORT', { PORT: new URL(world.hub.url).port }, /free .*\(EADDRINUSE\)/],
    ['METRICS_PORT', { METRICS_PORT: String(metricsPort) }, /free .*\(EADDRINUSE\)/],
    ['HUB_DATA_DIR', { HUB_DATA_DIR: file, DATABASE_URL: '', ...withoutLogins }, /a folder.*\(EEXIST\)/],
  ];
  const starts = faults.map(async ([variable, environment, why]) => {
    const said = await startHubProcess({ ...good, ...environment }).then(
      async (hub) => `it started: ${await hub.stop()}`,
      ({ message }: Error) => message.split(' before it was ready:\n')[1]!,
    );
    expect(said).toMatch(new RegExp(`^the hub did not start: ${variable}: .*\n$`));
    expect(said).toMatch(why);
    expect(said).not.toContain('hunter2');
  });
  await Promise.all(starts);
});

/** Codes that neither door of a submission can give, and where they are given instead. */
const elsewhere: Readonly<Partial<Record<RefusalCode, string>>> = {
  PUBLICATION_ABSENT: 'publication',
  NOTE_ABSENT: 'comparabilityNotes',
  PATTERN_ABSENT: 'endPattern',
  NOTE_DATES: 'writeComparabilityNote',
  COMMENTARY_ABSENT: 'withdrawCommentary',
  COMMENTARY_FIGURES: 'writeCommentary',
  KEY_PROOF_INVALID: 'registerKey',
  KEY_MALFORMED: 'registerKey',
  KEY_TAKEN: 'registerKey',
  KEY_ABSENT: 'revokeKey',
  KEY_SELF_APPROVED: 'approveKey',
  SUBMISSION_STEP_REFUSED: 'withdrawSubmission',
  SUBMISSION_COMPILED: 'withdrawSubmission',
  EXCEPTION_DATES: 'grantException',
  ROUND_NOT_CHECKED: 'checkRound',
  CONFIRMATION_OUTDATED: 'confirmReturn',
  CONFIRMATION_OWN_RETURN: 'confirmReturn',
  SUBMISSION_ABSENT: 'reading a submission',
  ERASURE_ABSENT: 'erasures',
  ERASURE_PLAN_CHANGED: 'eraseReturns',
  AGREEMENT_ABSENT: 'reading a publication',
  AGREEMENT_MALFORMED: 'proposing an agreement',
  AGREEMENT_UNSUPPRESSED: 'proposing an agreement',
  AGREEMENT_SIGNATURE_MALFORMED: 'signing an agreement',
  AGREEMENT_STEP_REFUSED: 'the life of an agreement',
  AGREEMENT_NOT_PROPOSED: 'signing an agreement',
  AGREEMENT_NOTICE_TOO_SHORT: 'withdrawing from an agreement',
  AGREEMENT_SIGN_OFF_MISSING: 'signing off with one signature alone, in the test of the quarter’s end',
  AGREEMENT_WIDENS: 'drafting an agreement',
  AGREEMENT_PARTY_FOREIGN: 'drafting an agreement',
  AGREEMENT_ONE_SIDED: 'drafting an agreement',
  AGREEMENT_VERSION_TAKEN: 'drafting an agreement',
  RETENTION_ENDED: 'the retention job; to a sender what is gone is as if it had not been sent',
  ROUND_ABSENT: 'rounds',
  ROUND_EXISTS: 'rounds',
  ROUND_DATES: 'rounds',
  ROUND_NOT_CLOSED: 'publishing',
  ROUND_EDITION: 'rounds',
  PUBLICATION_ELSEWHERE: 'publishing',
  PUBLICATION_WITHDRAWN: 'publication',
  PUBLICATION_LINKED: 'publishing',
  PUBLICATION_UNSAFE: 'publishing',
  PUBLICATION_TOO_FEW: 'publishing',
  PUBLICATION_POLICY: 'publishing',
  ORGANISATION_ABSENT: 'members',
  INVITATION_ABSENT: 'acceptInvitation and withdrawInvitation',
  MEMBER_ABSENT: 'endRole',
  MEMBER_DATES: 'inviteMember and endRole',
  MEMBER_LAST_ADMINISTRATOR: 'endRole',
  TOKEN_REFUSED: 'the client, when the issuer gives no token',
  SYSTEM_ABSENT: 'confirmSystem and withdrawSystem',
  SYSTEM_SELF_CONFIRMED: 'confirmSystem',
  SYSTEM_TAKEN: 'registerSystem and confirmSystem',
  SYSTEM_NOT_INVITED: 'inviteMember',
  LEAD_OWN_AUTHORITY: 'members, and rounds that close early',
  REGION_ABSENT: 'reading a region',
  INDICATOR_ABSENT: 'reading a benchmark',
  NOTHING_PUBLISHED: 'reading a benchmark',
  NOTHING_TO_DRAW: 'a chart',
  AUTHORITY_ABSENT: 'what is asked of benchmarks',
  DATASET_ABSENT: 'rounds; a round’s own dataset is there',
  DATASET_LOCAL: 'rounds; its returns need none',
  PERIOD_MALFORMED: 'rounds and benchmarks; in a return it is a finding',
  CODE_MALFORMED: 'keys; in a return it is a finding',
  NATIONAL_MAP: 'loading what the Department prints',
  NATIONAL_FILE: 'loading what the Department prints',
  NATIONAL_SYMBOL: 'loading what the Department prints',
  NATIONAL_CONTRADICTS: 'loading what the Department prints',
  NATIONAL_ABSENT: 'confirming what the Department prints',
  NATIONAL_SELF_CONFIRMED: 'confirming what the Department prints',
  ACTING_FOR_SEVERAL: 'what boards do together',
  ISSUE_ABSENT: 'issues',
  ISSUE_STEP_REFUSED: 'stepIssue',
  ISSUE_REPLY_PENDING: 'shareIssue',
  ISSUE_BOARD_OUTSIDE: 'shareIssue',
  ISSUE_BODY_OUTSIDE: 'raiseIssue',
  EVIDENCE_NOT_SEEN: 'raiseIssue',
  ITEM_ABSENT: 'challenges and actions',
  ITEM_STEP_REFUSED: 'challenges and actions',
  ACTION_EVIDENCE_MISSING: 'closing an action',
  WORDS_REFUSED: 'what chairs write',
  WORDS_QUESTIONED: 'what chairs write',
  WORDS_AWAITING: 'what chairs write',
  WORDS_SECOND_PERSON: 'what chairs write',
  MEETING_ABSENT: 'meetings of boards',
  REQUEST_MALFORMED: 'a request that is no request, the test above',
  REQUEST_TOO_LARGE: 'a request that is no request, the test above',
  SUBMISSIONS_TOO_MANY: 'a hub with low limits, the test below',
  QUERY_TOO_LARGE: 'a query that asks for too much, the test above',
  QUERY_UNKNOWN: 'a hub that answers known documents alone, the test below',
  PATH_ABSENT: 'another address',
  UNAVAILABLE: 'a database or issuer that is gone',
  CONFIGURATION: 'the start',
  DATABASE_TOO_OLD: 'the start',
};

test('every code that these doors can give was given', () => {
  const codes = Object.keys(refusals) as RefusalCode[];
  expect(codes.filter((code) => !tried.has(code) && !elsewhere[code])).toEqual([]);
  expect(codes.filter((code) => tried.has(code) && elsewhere[code])).toEqual([]);
});

describe('a hub with low limits, which answers known documents alone', () => {
  const query = 'mutation { checkSubmission(envelope: "no envelope") { accepted } }';
  const known = '{ me { id } }';
  beforeAll(async () => {
    const documents = join(folder, 'documents.json');
    writeFileSync(documents, JSON.stringify([query, known]));
    const low = { HUB_SUBMISSIONS_PER_MINUTE: '2', HUB_REQUEST_SECONDS: '1' };
    await world.restart({ ...low, HUB_TRUSTED_DOCUMENTS: documents });
  });

  describe('a document', () => {
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
    const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    const send = async (body: unknown) => {
      const answer = await fetch(`${world.hub.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await world.token('authority-approver', hartlepool)}`,
        },
        body: JSON.stringify(body),
      });
      const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
      return [answer.status, errors?.map(({ extensions }) => extensions.code)];
    };

    test('of the hub’s own client is answered', async () => {
      const token = await world.token('authority-approver', hartlepool);
      const keys = await new HubClient({ url: world.hub.url, token }).signingKeys(hartlepool);
      expect(keys.length).toBeGreaterThan(0);
    });

    test('of the operator’s list is answered, as a text or by its hash alone', async () => {
      expect(await send({ query: known })).toEqual([200, undefined]);
      expect(await send(byHash(hashOf(known)))).toEqual([200, undefined]);
    });

    const foreign = '{ me { roles { of } } }';
    test.each<[what: string, body: unknown]>([
      ['unknown text', { query: foreign }],
      ['text that differs by a space', { query: `${known} ` }],
      ['text that is no query, which nobody parses', { query: '{{{' }],
      ['question for the schema', { query: '{ __schema { types { name } } }' }],
      ['unknown hash', byHash(hashOf(foreign))],
      ['unknown text with a known hash', { query: foreign, ...byHash(hashOf(known)) }],
      ['list', [{ query: known }]],
      ['request without any', {}],
    ])('%s: refused with a code', async (_what, body) => {
      expect(await send(body)).toEqual([403, ['QUERY_UNKNOWN']]);
    });

    test('sent by GET is refused too', async () => {
      const headers = { authorization: `Bearer ${await world.token('authority-approver', hartlepool)}`, 'apollo-require-preflight': 'yes' }; // prettier-ignore
      const answer = await fetch(`${world.hub.url}/graphql?query=${encodeURIComponent(foreign)}`, { headers });
      expect(answer.status).toBe(403);
    });
  });

  test('knows what was sent before it was started again', async () => {
    const again = await world.sign(hartlepool, accepted.payload, { jti: accepted.jti });
    expect((await world.send(hartlepool, again)).status).toBe(200);
  });

  test('asks an authority that sends very much to wait, and no other; nothing is stored', async () => {
    const before = await stored.count();
    const token = await world.token('authority-system', hartlepool);
    const answers = [];
    // Some have been used up, and one comes back every half minute.
    for (let i = 0; i < 8; i++) answers.push(await post(world.hub.url, token, 'no envelope'));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]));
    const { headers, body } = answers.find(({ status }) => status === 429)!;
    expect([body.code, headers.get('retry-after')]).toEqual([
      'SUBMISSIONS_TOO_MANY',
      String((body as { facts?: { seconds: number } }).facts?.seconds),
    ]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const { errors, retryAfter } = await graphql(world.hub.url, token, query);
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'SUBMISSIONS_TOO_MANY', retryAfter: Number(retryAfter) },
    ]);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    const other = await world.token('authority-system', middlesbrough);
    expect((await post(world.hub.url, other, 'no envelope')).status).toBe(400);
    expect(await stored.count()).toEqual(before);
  });

  test.each(['/submissions', '/graphql'])('cuts off a body that comes byte by byte: %s', async (path) => {
    const token = await world.token('authority-system', middlesbrough);
    const socket = connect(Number(new URL(world.hub.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: hub',
      `Authorization: Bearer ${token}`,
      `Content-Type: ${path === '/graphql' ? 'application/json' : 'application/jose+json'}`,
      'Content-Length: 1000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    const drip = setInterval(() => socket.write(' '), 100);
    await new Promise((closed) => socket.on('error', closed).on('close', closed));
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect((await fetch(`${world.hub.url}/health/live`)).status).toBe(200);
  });
});
