import { createECDH, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { KEY_PROOF_TYPE } from '@hub/identity/domain';
import { canonical, sha256 } from '@hub/kernel';
import {
  append,
  encodeLeaf,
  formatCheckpoint,
  formatReceipt,
  leafHash,
  nodesToRead,
  parseReceipt,
  signNote,
  verifierKeyLine,
  type SubmissionLeaf,
} from '@hub/ledger/domain';
import { ENVELOPE_TYPE } from '@hub/submissions/domain';
import { keyProof, publicOf, signEnvelope, type PrivateJwk } from '../signing';

/*
 * Makes contracts/vectors: examples that a client in any language can check itself against. Run it after a build:
 *
 *   node dist/libs/client/src/vectors/make.js
 *
 * Keys come from fixed texts and are good for nothing else. ES256 signatures hold a random number, so they differ from
 * run to run; everything else is the same each time.
 */

const secretOf = (name: string) => sha256(`safeguarding hub, test vectors, never a real key: ${name}`);

/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ed25519Of = (name: string) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, secretOf(name)]), format: 'der', type: 'pkcs8' });
function edDsaKey(kid: string): PrivateJwk {
  const { x, d } = ed25519Of(kid).export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: x!, kid, alg: 'EdDSA', d: d! };
}
function es256Key(kid: string): PrivateJwk {
  const secret = secretOf(kid);
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret);
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url')) as [
    string,
    string,
  ];
  return { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', d: secret.toString('base64url') };
}

const hubId = 'hub.example';
const now = 1752148800;
const jti = 'c2FmZWd1YXJkaW5nLXRlc3Q';
const system = edDsaKey('test-system');
const approver = es256Key('test-approver');
const stranger = edDsaKey('test-stranger');
const payload = canonical({
  authority: 'E06000001',
  dataset: { code: 'safeguarding-quarterly', version: '1.0' },
  period: '2025-Q1',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  rows: [{ indicator: 'RF01', count: 212 }],
});

const b64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');
/** A flattened envelope by the system's key with any header. */
function headed(header: object | string, by = system, body = payload) {
  const head = b64(typeof header === 'string' ? header : JSON.stringify(header));
  const signature = sign(
    null,
    Buffer.from(`${head}.${b64(body)}`),
    createPrivateKey({ key: { ...by }, format: 'jwk' }),
  );
  return { payload: b64(body), protected: head, signature: b64(signature) };
}
const header = (more: object = {}) => ({
  alg: 'EdDSA',
  kid: system.kid,
  typ: ENVELOPE_TYPE,
  iat: now,
  jti,
  aud: hubId,
  ...more,
});

async function envelopes() {
  const good = await signEnvelope({ payload, key: system, aud: hubId, jti, iat: now });
  const parts = JSON.parse(good) as Record<'payload' | 'protected' | 'signature', string>;
  const general = await signEnvelope({ payload, key: approver, aud: hubId, iat: now, also: good });
  const hs256 = (() => {
    const [head, body] = [b64(JSON.stringify(header({ alg: 'HS256' }))), b64(payload)];
    const publicKey = Buffer.from(system.x, 'base64url');
    return {
      payload: body,
      protected: head,
      signature: b64(createHmac('sha256', publicKey).update(`${head}.${body}`).digest()),
    };
  })();
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const cases: [name: string, envelope: unknown, expected: string][] = [
    ['flattened, EdDSA', good, 'accepted'],
    ['flattened, ES256', await signEnvelope({ payload, key: approver, aud: hubId, jti, iat: now }), 'accepted'],
    ['general, EdDSA and ES256 over the same payload', general, 'accepted'],
    ['signed 5 minutes ahead', headed(header({ iat: now + 300 })), 'accepted'],
    ['signed more than 5 minutes ahead', headed(header({ iat: now + 301 })), 'ENVELOPE_STALE'],
    ['signed more than 14 days ago', headed(header({ iat: now - 14 * 86400 - 1 })), 'ENVELOPE_STALE'],
    ['for another hub', headed(header({ aud: 'sister.example' })), 'ENVELOPE_AUDIENCE'],
    ['compact serialization', `${parts.protected}.${parts.payload}.${parts.signature}`, 'ENVELOPE_MALFORMED'],
    ['a further member', { ...parts, note: '' }, 'ENVELOPE_MALFORMED'],
    ['a member twice', good.replace('{', '{"payload":"e30",'), 'ENVELOPE_MALFORMED'],
    ['padding', { ...parts, payload: `${parts.payload}=` }, 'ENVELOPE_MALFORMED'],
    ['a space in base64url', { ...parts, signature: ` ${parts.signature}` }, 'ENVELOPE_MALFORMED'],
    [
      'spare bits that are not zero',
      { ...parts, signature: parts.signature.replace(/.$/, (last) => (last === 'B' ? 'C' : 'B')) },
      'ENVELOPE_MALFORMED',
    ],
    ['an unprotected header', { ...parts, header: { kid: system.kid } }, 'ENVELOPE_HEADER'],
    [
      'algorithm none',
      { payload: parts.payload, protected: b64(JSON.stringify(header({ alg: 'none' }))), signature: '' },
      'ENVELOPE_ALGORITHM',
    ],
    ['HS256 with the public key as secret', hs256, 'ENVELOPE_ALGORITHM'],
    ['ES256 in the header, EdDSA registered', headed(header({ alg: 'ES256' })), 'ENVELOPE_ALGORITHM'],
    ['jwk in the header', headed(header({ jwk: publicOf(stranger) }), stranger), 'ENVELOPE_HEADER'],
    ['crit', headed(header({ crit: ['exp'] })), 'ENVELOPE_HEADER'],
    ['no iat', headed(header({ iat: undefined })), 'ENVELOPE_HEADER'],
    ['another typ', headed(header({ typ: KEY_PROOF_TYPE })), 'ENVELOPE_HEADER'],
    ['fewer than 120 bits of jti', headed(header({ jti: 'A'.repeat(19) })), 'ENVELOPE_HEADER'],
    ['an unknown key', headed(header({ kid: stranger.kid }), stranger), 'KEY_UNKNOWN'],
    ["another key's signature", headed(header(), stranger), 'SIGNATURE_INVALID'],
    ['a changed payload', { ...parts, payload: b64(payload.replace('212', '213')) }, 'SIGNATURE_INVALID'],
  ];
  return {
    comment: 'Envelopes and what the hub answers at the moment `now`. The keys are test keys: never register them.',
    hubId,
    now,
    keys: [system, approver].map((key) => ({ ...key, registered: true })),
    unregistered: [stranger],
    payload,
    cases: cases.map(([name, envelope, expected]) => ({
      name,
      expected,
      digest: sha256(text(envelope)).toString('hex'),
      envelope: text(envelope),
    })),
  };
}

async function proofs() {
  const authority = 'E06000001';
  const proof = await keyProof({ key: system, authority, aud: hubId, jti, iat: now });
  const claim = canonical({ authority, kid: system.kid });
  const typed = header({ typ: KEY_PROOF_TYPE });
  return {
    comment: 'Proofs of possession, for registering `jwk` for `authority`. The key is a test key: never register it.',
    authority,
    jwk: publicOf(system),
    privateJwk: system,
    cases: [
      { name: 'a proof', expected: 'accepted', proof },
      { name: 'by another key', expected: 'KEY_PROOF_INVALID', proof: JSON.stringify(headed(typed, stranger, claim)) },
      {
        name: 'for another authority',
        expected: 'KEY_PROOF_INVALID',
        proof: JSON.stringify(headed(typed, system, canonical({ authority: 'E06000002', kid: system.kid }))),
      },
      {
        name: 'typed as a submission',
        expected: 'KEY_PROOF_INVALID',
        proof: JSON.stringify(headed(header(), system, claim)),
      },
    ],
  };
}

function receipts() {
  const ledger = ed25519Of('test-ledger');
  const hubKey = verifierKeyLine(hubId, createPublicKey(ledger));
  const stored = new Map<string, Buffer>();
  const leaves = Array.from({ length: 7 }, (_, i): SubmissionLeaf => ({
    v: 1,
    kind: 'submission',
    hub: hubId,
    authority: `E0600000${i + 1}`,
    dataset: { code: 'safeguarding-quarterly', version: '1.0' },
    period: '2025-Q1',
    agreement: { id: 'north-east-benchmarking', version: 1 },
    version: 1,
    envelope: sha256(`envelope ${i}`).toString('hex'),
    acceptedAt: new Date((now + i) * 1000).toISOString(),
  }));
  const entries = leaves.map((leaf, size) => {
    const bytes = encodeLeaf(leaf);
    const peaks = nodesToRead(size).map(({ level, index }) => stored.get(`${level}/${index}`)!);
    const { newNodes, root, inclusionProof } = append(size, peaks, leafHash(bytes));
    for (const { level, index, hash } of newNodes) stored.set(`${level}/${index}`, hash);
    const checkpoint = signNote(formatCheckpoint({ origin: hubId, size: size + 1, root }), hubId, ledger);
    const receipt = formatReceipt({ leaf: bytes, index: size, proof: inclusionProof, checkpoint });
    return {
      leaf: bytes.toString(),
      leafHash: leafHash(bytes).toString('base64'),
      size: size + 1,
      root: root.toString('base64'),
      receipt,
    };
  });
  const last = entries[6]!.receipt;
  const parsed = parseReceipt(last);
  const swapped = formatReceipt({ ...parsed, leaf: encodeLeaf({ ...leaves[6]!, version: 2 }) });
  return {
    comment: 'A ledger of seven entries and their receipts (C2SP tlog-proof@v1). The key is a test key.',
    hubKey,
    privateKeySeed: secretOf('test-ledger').toString('base64'),
    entries,
    cases: [
      ...entries.map(({ receipt }, i) => ({ name: `entry ${i}`, expected: 'holds', receipt })),
      { name: 'another index', expected: 'inclusion', receipt: last.replace('index 6', 'index 5') },
      { name: 'another leaf', expected: 'inclusion', receipt: swapped },
      {
        name: 'a leaf in other words',
        expected: 'leaf',
        receipt: formatReceipt({ ...parsed, leaf: Buffer.from(JSON.stringify(leaves[6])) }),
      },
      {
        name: 'a missing hash',
        expected: 'inclusion',
        receipt: formatReceipt({ ...parsed, proof: parsed.proof.slice(1) }),
      },
      { name: 'another size', expected: 'signature', receipt: last.replace('\n7\n', '\n8\n') },
      { name: 'signed by nobody known', expected: 'signer', receipt: last.replace(`— ${hubId} `, '— sister.example ') },
      { name: 'no last newline', expected: 'malformed', receipt: last.slice(0, -1) },
      { name: 'carriage returns', expected: 'malformed', receipt: last.replaceAll('\n', '\r\n') },
    ],
  };
}

async function make(): Promise<void> {
  const folder = join(contractsFolder, 'vectors');
  mkdirSync(folder, { recursive: true });
  const files = { 'envelope.json': await envelopes(), 'key-proof.json': await proofs(), 'receipt.json': receipts() };
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
    console.log(`${name}: ${value.cases.length} cases`);
  }
}
void make();
