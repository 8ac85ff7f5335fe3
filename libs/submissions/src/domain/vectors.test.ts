import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  parsePublicJwk,
  readHeader,
  signatureHolds,
  signingInput,
  strictBase64url,
  strictObject,
  type Algorithm,
  type PublicJwk,
} from '@hub/identity/domain';
import { Refusal } from '@hub/kernel';
import { ENVELOPE_TYPE, parseEnvelope } from './envelope';

/**
 * Vectors that others have published, through the very code that reads envelopes and keys. Where we say something else than
 * they do, it stands here with its reason; the numbers in the names are counted. Skipped where the vectors are not there.
 */

const folder = resolve(__dirname, '../../../../../shared/data/vectors');
const maybe = existsSync(folder) ? test : test.skip;
const read = <T>(name: string) => JSON.parse(readFileSync(resolve(folder, name), 'utf8')) as T;

interface Jwk {
  readonly alg?: string;
  readonly d?: string;
  readonly [member: string]: unknown;
}

/** A key as it would be registered, its public half; undefined where nobody can register it. */
function registrable({ d: _private, ...jwk }: Jwk): PublicJwk | undefined {
  try {
    return parsePublicJwk(jwk);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
/** Whether one of the keys can be registered and has signed this, in the order in which the hub looks. */
function holds(jws: unknown, keys: readonly Jwk[]): boolean {
  const [head, body, signature, ...more] = typeof jws === 'string' ? jws.split('.') : [];
  const parts = [head, body, signature].map(strictBase64url);
  if (more.length || !parts.every((part) => part !== undefined)) return false;
  const alg = strictObject(parts[0]!, 2)?.['alg'];
  return keys.some((jwk) => {
    const key = registrable(jwk);
    return key !== undefined && key.alg === alg && signatureHolds(key.alg, key, signingInput(head!, body!), parts[2]!);
  });
}

describe.each<[file: string, alg: Algorithm, cases: number, valid: number]>([
  ['ed25519_test', 'EdDSA', 151, 88],
  ['ecdsa_secp256r1_sha256_p1363_test', 'ES256', 262, 173],
])('Wycheproof %s', (file, alg, cases, valid) => {
  type Group = { publicKeyPem: string; tests: { tcId: number; msg: string; sig: string; result: string }[] };
  maybe(`${cases} signatures, ${valid} of them good: no difference`, () => {
    const counted = { cases: 0, valid: 0 };
    for (const { publicKeyPem, tests } of read<{ testGroups: Group[] }>(`wycheproof/${file}.json`).testGroups) {
      const jwk = createPublicKey(publicKeyPem).export({ format: 'jwk' });
      for (const { tcId, msg, sig, result } of tests) {
        const said = signatureHolds(alg, jwk, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'));
        expect([tcId, said]).toEqual([tcId, result === 'valid']);
        counted.cases++;
        if (said) counted.valid++;
      }
    }
    expect(counted).toEqual({ cases, valid });
  });
});

/** Why a JWS that others take is none for us. Each is a refusal; what others refuse we always refuse. */
const reasons = {
  'a shared secret, by which the hub could sign for the authority': /^HS/,
  'RSA: two algorithms are enough, and its keys and paddings have had many faults': /^(RS|PS)\d/,
  'the name of no algorithm (ES521)': /^ES521$/,
  'encryption, not a signature': /^(A256KW|ECDH-ES)/,
};
/** The cases, by their number in the file (tcId). */
type Differences = Partial<Record<keyof typeof reasons, readonly number[]>>;
describe.each<[file: string, cases: number, taken: number, differences: Differences]>([
  [
    'json_web_signature_test',
    401,
    2,
    {
      'a shared secret, by which the hub could sign for the authority': [
        1, 348, 352, 357, 358, 359, 372, 373, 376, 377,
      ],
      'RSA: two algorithms are enough, and its keys and paddings have had many faults': [
        33, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274, 275, 287, 288, 320, 321,
        322, 323, 325, 326, 327, 328, 345, 346, 349, 350,
      ],
      'the name of no algorithm (ES521)': [347, 351],
    },
  ],
  [
    'json_web_key_test',
    26,
    0,
    {
      'a shared secret, by which the hub could sign for the authority': [2, 13, 14, 15],
      'RSA: two algorithms are enough, and its keys and paddings have had many faults': [5],
    },
  ],
  [
    'json_web_crypto_test',
    83,
    1,
    {
      'a shared secret, by which the hub could sign for the authority': [1, 48],
      'RSA: two algorithms are enough, and its keys and paddings have had many faults': [33],
      'encryption, not a signature': [50, 67],
    },
  ],
])('Wycheproof %s', (file, cases, taken, differences) => {
  type Group = {
    public?: Jwk & { keys?: Jwk[] };
    private?: Jwk & { keys?: Jwk[] };
    tests: { tcId: number; jws?: string | object; jwe?: string | object; result: string }[];
  };
  const all = () =>
    read<{ testGroups: Group[] }>(`wycheproof/${file}.json`).testGroups.flatMap(({ tests, ...group }) => {
      const key = group.public ?? group.private!;
      return tests.map((one) => ({ ...one, text: one.jws ?? one.jwe, keys: key.keys ?? [key] }));
    });

  maybe(`${cases} cases, ${taken} taken; the others are refused, and each difference has its reason`, () => {
    const found: Record<string, number[]> = {};
    let accepted = 0;
    for (const { tcId, text, keys, result } of all()) {
      const said = holds(text, keys);
      if (said) accepted++;
      if (said === (result === 'valid')) continue;
      // Nothing is taken that others refuse.
      expect([tcId, said]).toEqual([tcId, false]);
      const why = Object.entries(reasons).find(([, form]) => keys.every(({ alg }) => form.test(alg ?? '')));
      expect([tcId, why]).toEqual([tcId, expect.anything()]);
      (found[why![0]] ??= []).push(tcId);
    }
    expect([all().length, accepted, found]).toEqual([cases, taken, differences]);
    process.stdout.write(
      `Wycheproof ${file}: ${cases} cases, ${taken} taken, ${Object.values(found).flat().length} different, each listed\n`,
    );
  });

  maybe(`as an envelope each of the ${cases} is refused, also those whose signature holds`, () => {
    for (const { tcId, text } of all()) {
      const written = typeof text === 'string' ? text : JSON.stringify(text);
      for (const envelope of [written, JSON.stringify(written), compactToFlattened(written)]) {
        let code = 'accepted';
        try {
          parseEnvelope(Buffer.from(envelope));
        } catch (error) {
          code = error instanceof Refusal ? error.code : String(error);
        }
        expect([tcId, code]).toEqual([tcId, expect.stringMatching(/^ENVELOPE_(MALFORMED|ALGORITHM|HEADER)$/)]);
      }
    }
  });
});

/** The same JWS in the serialization that the hub reads. */
function compactToFlattened(jws: string): string {
  const [head, payload, signature] = jws.split('.');
  return JSON.stringify({ payload, protected: head, signature });
}

describe('RFC examples', () => {
  interface Example {
    readonly title?: string;
    readonly alg?: string;
    readonly jwk?: Jwk;
    readonly key?: Jwk;
    readonly compact?: string;
  }
  maybe('RFC 7515 A.3 (ES256) and RFC 8037 A.4 (EdDSA) hold, and not over another byte', () => {
    const examples = [
      { ...read<Example>('jose/rfc7515-a3-es256.json'), alg: 'ES256' },
      ...read<Example[]>('jose/rfc7520-rfc8037-jws.json').filter(({ alg }) => alg === 'EdDSA'),
    ];
    expect(examples).toHaveLength(2);
    for (const { alg, jwk, key, compact } of examples) {
      // `ext` is Web Crypto's own; the hub takes a key with the members of RFC 7517 and 8037 alone.
      const { ext: _ext, ...members } = (jwk ?? key)!;
      const keys = [{ kid: 'example', alg, ...members }];
      expect(registrable({ ...keys[0]!, ext: false })).toBeUndefined();
      const [head, body, signature] = compact!.split('.') as [string, string, string];
      expect(holds(compact, keys)).toBe(true);
      expect(holds(`${head}.${body}A.${signature}`, keys)).toBe(false);
      expect(readHeader(strictBase64url(head)!, ENVELOPE_TYPE)).toHaveProperty('fault');
    }
  });

  maybe('RFC 7520: the 6 of algorithms that are not ours have keys that nobody can register', () => {
    const others = read<Example[]>('jose/rfc7520-rfc8037-jws.json').filter(({ alg }) => alg !== 'EdDSA');
    expect(others.map(({ alg }) => alg)).toEqual(['RS256', 'PS384', 'ES512', 'HS256', 'HS256', 'HS256']);
    for (const { alg, key } of others) expect(registrable({ kid: 'example', alg, ...key })).toBeUndefined();
  });

  maybe('RFC 7797: a payload that is not encoded (b64 false, crit) is refused by its header', () => {
    const { b64true, b64false } = read<Record<'b64true' | 'b64false', unknown>>('jose/rfc7797-unencoded.json');
    const headers = [...JSON.stringify([b64true, b64false]).matchAll(/"(eyJ[A-Za-z0-9_-]+)/g)].map(([, head]) => head!);
    expect(headers.length).toBeGreaterThan(1);
    for (const head of headers)
      expect(readHeader(strictBase64url(head)!, ENVELOPE_TYPE)).toMatchObject({ fault: 'algorithm' });
  });

  maybe('RFC 9421 B.2.6: Ed25519 over other bytes than a JWS', () => {
    const { jwk, signatureBase, signature } = read<{ jwk: Jwk; signatureBase: string; signature: string }>(
      'jose/rfc9421-b26-ed25519.json',
    );
    const key = registrable({ ...jwk, alg: 'EdDSA' })!;
    const raw = Buffer.from(signature.replace(/^.*?:(.*):$/, '$1'), 'base64');
    expect(raw).toHaveLength(64);
    expect(signatureHolds('EdDSA', key, Buffer.from(signatureBase), raw)).toBe(true);
    expect(signatureHolds('EdDSA', key, Buffer.from(`${signatureBase}\n`), raw)).toBe(false);
  });
});
