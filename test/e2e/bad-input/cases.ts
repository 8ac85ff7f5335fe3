import { createHmac, createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { newKey, signEnvelope } from '@hub/client';
import { type RefusalCode } from '@hub/contracts';
import { ask } from '../../support/database';
import { encoded, newJti, quarterly, rawSignature } from '../../support/returns';
import { NORTH_EAST } from '../../support/world';
import { hartlepool, middlesbrough, birmingham, world, accepted, payload } from './hub';

const TYPE = 'safeguarding-submission+jws;v=1';

/** What a case sends; what it leaves out is as it should be. */
export interface Sent {
  readonly envelope: string | Uint8Array;
  /** null: nobody asks */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}
export interface Case {
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
export const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

export const cases: readonly Case[] = [
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
    restOnly: true, // GraphQL does not read as much of nobody
    send: async (mark) => ({ ...(await signed(payload(mark))), token: null }),
  },
  {
    rule: 'no token and no return',
    code: 'TOKEN_MISSING',
    send: async (mark) => ({ envelope: Buffer.from(mark), token: null }),
  },
  {
    rule: 'a bad token',
    code: 'TOKEN_INVALID',
    graphqlStatus: 401,
    send: async (mark) => ({ ...(await signed(payload(mark))), token: `${mark}.${mark}.${mark}` }),
  },
  {
    rule: 'a good token of somebody whom the hub does not know',
    code: 'MEMBER_UNKNOWN',
    graphqlStatus: 401,
    send: async (mark) => ({
      ...(await signed(payload(mark))),
      token: await world.issuer.tokenFor('authority-system', 'E06000999'),
    }),
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
