import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import type { RegisteredKey } from '@hub/identity/domain';
import { Refusal } from '@hub/kernel';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { parsePeriod } from '@hub/kernel';
import { assertAudience, assertFresh, ENVELOPE_TYPE, parseEnvelope, verifySignatures } from './envelope';
import { readHead } from './payload';
import { validate } from './validate';

/**
 * 10,000 changes of valid envelopes in each run, through everything that stands before the agreement. None is accepted as
 * another message than was signed, and none does anything but be refused. Seeds are random; a failure prints its own.
 */

const CASES = 10_000;
const now = new Date('2025-07-10T12:00:00Z');
const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const pairs = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
type Algorithm = keyof typeof pairs;
const keys: RegisteredKey[] = (['EdDSA', 'ES256'] as const).map((alg) => ({
  kid: `key-${alg}`,
  organisation: 'E06000001',
  alg,
  jwk: pairs[alg].publicKey.export({ format: 'jwk' }),
  approvedAt: new Date('2025-01-01'),
  until: null,
  revokedAt: null,
}));
const b64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64url');
const text = JSON.stringify({
  authority: 'E06000001',
  dataset: { code: dataset.code, version: dataset.version },
  period: '2025-Q1',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  rows: [
    { indicator: 'RF01', count: 212 },
    { indicator: 'RF01', breakdown: { source: 'police' }, count: 20 },
    ...dataset.indicators
      .slice(1, 9)
      .map(({ code }) => ({ indicator: code, status: 'notCollected', reason: 'Later.' })),
  ],
});
function signed(alg: Algorithm, payload = text): { protected: string; signature: string } {
  const iat = now.getTime() / 1000;
  const header = { alg, kid: `key-${alg}`, typ: ENVELOPE_TYPE, iat, jti: 'A'.repeat(22), aud: 'hub.example' };
  const input = Buffer.from(`${b64(JSON.stringify(header))}.${b64(payload)}`);
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const signature = b64(sign(hash, input, { key: pairs[alg].privateKey, dsaEncoding: 'ieee-p1363' }));
  return { protected: b64(JSON.stringify(header)), signature };
}
/** One of each serialization and algorithm. */
const good: Record<string, object> = {
  flattened: { payload: b64(text), ...signed('EdDSA') },
  'flattened, ES256': { payload: b64(text), ...signed('ES256') },
  general: { payload: b64(text), signatures: [signed('EdDSA')] },
  'two signatures': { payload: b64(text), signatures: [signed('ES256'), signed('EdDSA')] },
};

/** What the hub makes of it: the signed texts that it accepts, or the code of the refusal. */
async function verdict(bytes: Uint8Array): Promise<{ accepted: string } | { refused: string }> {
  try {
    const envelope = parseEnvelope(bytes);
    assertAudience(envelope, 'hub.example');
    await verifySignatures(envelope, async (kid) => keys.find((key) => key.kid === kid) ?? null, now);
    readHead(envelope.payloadBytes);
    assertFresh(envelope, now);
    const { payload, signatures } = envelope;
    return { accepted: JSON.stringify([payload, ...signatures.map((one) => [one.protected, one.signature])]) };
  } catch (error) {
    // Anything else is a defect, and fails the test with its stack.
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

const nat = fc.nat({ max: 2 ** 30 });
const replaced = (whole: string, at: number, length: number, by: string) =>
  whole.slice(0, at) + by + whole.slice(at + length);
/** The places of the texts in base64url in an envelope. */
const parts = (whole: string) =>
  [...whole.matchAll(/"([A-Za-z0-9_-]{20,})"/g)].map((m) => ({ at: m.index + 1, of: m[1]! }));
const inPart = (whole: string, which: number, change: (of: string) => string): string => {
  const all = parts(whole);
  const { at, of } = all[which % all.length]!;
  return replaced(whole, at, of.length, change(of));
};
/** The same with what the part stands for: its JSON, or its bytes. */
const inside = (whole: string, which: number, change: (of: string) => string): string =>
  inPart(whole, which, (of) => b64(Buffer.from(change(Buffer.from(of, 'base64url').toString('latin1')), 'latin1')));
type Change = (whole: string) => string | Uint8Array;
const byte = (bytes: Buffer, at: number, change: (old: number) => number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at % copy.length] = change(copy[at % copy.length]!);
  return copy;
};

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '=',
    '==',
    '+',
    '/',
    ' ',
    '\n',
    '\t',
    '.',
    '%41',
    '\\u0041',
    '\u0000',
    '\uFEFF',
    '﷽',
    'A',
    '_',
    '-',
  ),
  fc.string({ maxLength: 5 }),
);
const json = fc.constantFrom(
  'null',
  'true',
  '0',
  '1e2',
  '-0',
  '1.0',
  '9007199254740993',
  '""',
  '[]',
  '{}',
  '"A"',
  '[[[]]]',
);
const member = fc.constantFrom(
  ...['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'crit', 'b64', 'zip', 'cty', 'iss', 'exp', 'nbf', 'alg', 'kid', 'typ', 'iat'],
  ...[
    'jti',
    'aud',
    '__proto__',
    'constructor',
    'toString',
    'header',
    'payload',
    'signature',
    'signatures',
    'protected',
  ],
);
/** How somebody could change what was signed; each is given as a function from the text of an envelope. */
const changes: Record<string, fc.Arbitrary<Change>> = {
  'a bit': fc.tuple(nat, fc.nat(7)).map(
    ([at, bit]) =>
      (whole: string) =>
        byte(Buffer.from(whole), at, (old) => old ^ (1 << bit)),
  ),
  'a byte': fc.tuple(nat, fc.nat(255)).map(
    ([at, value]) =>
      (whole: string) =>
        byte(Buffer.from(whole), at, () => value),
  ),
  'a cut': fc.tuple(nat, nat).map(
    ([at, length]) =>
      (whole: string) =>
        replaced(whole, at % whole.length, (length % whole.length) + 1, ''),
  ),
  'a piece put in': fc.tuple(nat, nasty).map(
    ([at, piece]) =>
      (whole: string) =>
        replaced(whole, at % whole.length, 0, piece),
  ),
  'base64 in another form': fc
    .tuple(nat, nat, nasty, fc.constantFrom('put', 'end', 'standard', 'padded', 'spare', 'upper'))
    .map(
      ([which, at, piece, how]) =>
        (whole: string) =>
          inPart(whole, which, (of) => {
            if (how === 'put') return replaced(of, at % of.length, 0, piece);
            if (how === 'end') return of + piece;
            if (how === 'standard') return Buffer.from(of, 'base64url').toString('base64');
            if (how === 'padded') return of.padEnd(Math.ceil(of.length / 4) * 4 + 4, '=');
            if (how === 'upper') return of.toUpperCase();
            return of.slice(0, -1) + String.fromCharCode(of.charCodeAt(of.length - 1) + 1);
          }),
    ),
  'JSON spelt otherwise': fc
    .tuple(
      nat,
      fc.constantFrom(' ', '\n', '\t', '\r', '\u00a0', '\ufeff', '//', '/**/', ',', "'"),
      fc.constantFrom('space', 'escape', 'twice', 'quote'),
    )
    .map(([at, piece, how]) => (whole: string) => {
      const marks = [...whole.matchAll(/[{}[\],:]/g)];
      const place = marks[at % marks.length]!.index;
      if (how === 'space') return replaced(whole, place + 1, 0, piece);
      if (how === 'escape') {
        const { at: from, of } = parts(whole)[0]!;
        const letter = from + (at % of.length);
        return replaced(whole, letter, 1, `\\u${whole.charCodeAt(letter).toString(16).padStart(4, '0')}`);
      }
      if (how === 'twice') return whole.replace('{', `{"payload":"${b64('{}')}",`);
      return whole.replaceAll('"', piece);
    }),
  'a member more, less or otherwise': fc.tuple(member, json, nat).map(([name, value, at]) => (whole: string) => {
    const object = JSON.parse(whole) as Record<string, unknown>;
    const names = Object.keys(object);
    if (at % 3 === 0) delete object[names[at % names.length]!];
    else if (at % 3 === 1) object[names[at % names.length]!] = JSON.parse(value);
    else return whole.replace('{', `{"${name}":${value},`);
    return JSON.stringify(object);
  }),
  'a member of the header': fc.tuple(nat, member, json).map(
    ([at, name, value]) =>
      (whole: string) =>
        whole.replace(/"protected":"([^"]+)"/g, (_all, of: string) => {
          const header = JSON.parse(Buffer.from(of, 'base64url').toString()) as Record<string, unknown>;
          const names = Object.keys(header);
          if (at % 3 === 0) delete header[names[at % names.length]!];
          else if (at % 3 === 1) header[names[at % names.length]!] = JSON.parse(value);
          const written = JSON.stringify(header);
          return `"protected":"${b64(at % 3 === 2 ? written.replace('{', `{"${name}":${value},`) : written)}"`;
        }),
  ),
  'the bytes under the base64': fc.tuple(nat, nat, nasty, nat).map(
    ([which, at, piece, length]) =>
      (whole: string) =>
        inside(whole, which, (of) => replaced(of, at % of.length, length % 3, piece)),
  ),
  'a signature of something else': fc
    .constantFrom(...(['EdDSA', 'ES256'] as const))
    .map(
      (alg) => (whole: string) =>
        whole.replace(/"signature":"[^"]+"/, `"signature":"${signed(alg, `${text} `).signature}"`),
    ),
};

test(`${CASES} changes of valid envelopes: none is accepted, none does anything but be refused`, async () => {
  for (const whole of Object.values(good))
    expect(await verdict(Buffer.from(JSON.stringify(whole)))).toHaveProperty('accepted');
  const kinds = Object.entries(changes).map(([kind, change]) => change.map((apply) => ({ kind, apply })));
  const seen = { refused: 0, same: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(good)), fc.oneof(...kinds), async (base, { kind, apply }) => {
      const whole = JSON.stringify(base);
      const before = await acceptedAs(whole);
      const said = await verdict(Buffer.from(apply(whole)));
      if ('refused' in said) {
        seen.refused++;
        return expect(said.refused).toMatch(/^(ENVELOPE|KEY|SIGNATURE)_/);
      }
      // JSON may be written in several ways around the same signed texts: that is the same message, known already.
      expect([kind, said.accepted]).toEqual([kind, before]);
      seen.same++;
    }),
    { numRuns: CASES },
  );
  expect(seen.refused + seen.same).toBe(CASES);
  expect(seen.refused).toBeGreaterThan(CASES * 0.9);
});

/** What the untouched envelope is accepted as; worked out once for each. */
const known = new Map<string, string>();
async function acceptedAs(whole: string): Promise<string> {
  if (!known.has(whole)) known.set(whole, ((await verdict(Buffer.from(whole))) as { accepted: string }).accepted);
  return known.get(whole)!;
}

test('1,000 changes inside what is signed, signed anew: each is refused or has its findings, and none does anything else', () => {
  const context = { period: parsePeriod('2025-Q1'), previous: new Map<string, bigint>() };
  const value = fc.oneof(
    json,
    fc.json({ maxDepth: 3 }),
    fc.constantFrom('-1', '1e400', '"2025-Q9"', '"E06000001"', '"notCollected"'),
  );
  const change = fc.oneof(
    fc.tuple(nat, value).map(([at, by]) => (of: string) => {
      const places = [...of.matchAll(/:("[^"]*"|\d+|\{[^{}]*\}|\[[^[\]]*\])/g)];
      const { index, 1: old } = places[at % places.length]!;
      return replaced(of, index + 1, old!.length, by);
    }),
    fc.tuple(nat, nasty).map(
      ([at, piece]) =>
        (of: string) =>
          replaced(of, at % of.length, 0, piece),
    ),
    fc.tuple(nat, nat).map(
      ([at, length]) =>
        (of: string) =>
          replaced(of, at % of.length, length % 40, ''),
    ),
    fc.tuple(nat, member, value).map(([at, name, by]) => (of: string) => {
      const open = [...of.matchAll(/\{/g)];
      return replaced(of, open[at % open.length]!.index + 1, 0, `"${name}":${by},`);
    }),
  );
  fc.assert(
    fc.property(change, (apply) => {
      try {
        const head = readHead(Buffer.from(apply(text)));
        const { findings, cells } = validate(head.body, dataset, context);
        // This return leaves most indicators out, so whatever was changed it does not come in.
        expect([findings.some(({ severity }) => severity === 'error'), cells]).toEqual([true, []]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        expect(error.code).toBe('SUBMISSION_INVALID');
      }
    }),
    { numRuns: 1_000 },
  );
});
