import { exportJWK, FlattenedSign, generateKeyPair, importJWK, type JWK } from 'jose';
import { canonical } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar } from '../agreement.builder';
import {
  AGREEMENT_SIGNATURE_TYPE,
  agreementDigestInput,
  signAgreementDocument,
  verifyAgreementSignature,
} from './index';
import type { RegisteredKey } from '@hub/identity/domain';

const at = new Date('2025-07-01T09:00:00Z');
const document = anAgreement.documentBetween([hartlepool, middlesbrough]);

interface Pair {
  readonly privateJwk: JWK;
  readonly registered: RegisteredKey;
}
async function pair(kid: string, organisation: string, algorithm: 'EdDSA' | 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg: algorithm },
    registered: {
      kid,
      organisation,
      alg: algorithm,
      jwk: await exportJWK(publicKey),
      approvedAt: new Date('2025-01-01'),
      until: null,
      revokedAt: null,
    },
  };
}

let own: Pair;
let twin: Pair;
let foreign: Pair;
let keys: RegisteredKey[];
const keyOf = (kid: string) => keys.find((key) => key.kid === kid);
const verify = (jws: string, of = document) => verifyAgreementSignature(of, jws, keyOf, at);

beforeAll(async () => {
  own = await pair('hartlepool-1', hartlepool, 'EdDSA');
  twin = await pair('middlesbrough-1', middlesbrough, 'ES256');
  foreign = await pair('redcar-1', redcar, 'EdDSA');
});
beforeEach(() => {
  keys = [own.registered, twin.registered, foreign.registered];
});

/** A signature by the own key with other header members or another payload. */
async function forged(change: { header?: Record<string, unknown>; payload?: string; key?: JWK }): Promise<string> {
  const key = change.key ?? own.privateJwk;
  const header = { alg: key.alg, kid: key.kid, typ: AGREEMENT_SIGNATURE_TYPE, iat: 1_751_360_400, ...change.header };
  const jws = await new FlattenedSign(Buffer.from(change.payload ?? agreementDigestInput(document)))
    .setProtectedHeader(JSON.parse(JSON.stringify(header)) as { alg: string })
    .sign(await importJWK(key, key.alg));
  return JSON.stringify(jws);
}
const refused = (code: string) => expect.objectContaining({ code });

test.each([['EdDSA', () => own, hartlepool] as const, ['ES256', () => twin, middlesbrough] as const])(
  'a party signs with %s, and the signature says who',
  async (_alg, party, authority) => {
    const jws = await signAgreementDocument(document, party().privateJwk, at);
    expect(Object.keys(JSON.parse(jws) as object).sort()).toEqual(['payload', 'protected', 'signature']);
    await expect(verify(jws)).resolves.toEqual({
      authority,
      kid: party().registered.kid,
      signedAt: Date.parse('2025-07-01T09:00:00Z') / 1000,
    });
  },
);

test('the order of members in the document does not matter', async () => {
  const reordered = Object.fromEntries(Object.entries(document).reverse()) as unknown as typeof document;
  expect(JSON.stringify(reordered)).not.toBe(JSON.stringify(document));
  const jws = await signAgreementDocument(reordered, own.privateJwk, at);
  await expect(verify(jws)).resolves.toMatchObject({ authority: hartlepool });
});

test('an altered word, a next version and other bytes of the same document are other documents', async () => {
  const jws = await signAgreementDocument(document, own.privateJwk, at);
  await expect(verify(jws, { ...document, handling: 'Publish freely.' })).rejects.toEqual(refused('SIGNATURE_INVALID'));
  await expect(verify(jws, { ...document, version: 2 })).rejects.toEqual(refused('SIGNATURE_INVALID'));
  const spaced = await forged({ payload: JSON.stringify(JSON.parse(canonical(document)), null, 1) });
  await expect(verify(spaced)).rejects.toEqual(refused('SIGNATURE_INVALID'));
});

test('the key must be registered, active, of a party, and used with its own algorithm', async () => {
  const jws = await signAgreementDocument(document, own.privateJwk, at);
  keys = [twin.registered];
  await expect(verify(jws)).rejects.toEqual(refused('KEY_UNKNOWN'));
  keys = [{ ...own.registered, approvedAt: null }];
  await expect(verify(jws)).rejects.toEqual(refused('KEY_UNKNOWN'));
  keys = [{ ...own.registered, revokedAt: at }];
  await expect(verify(jws)).rejects.toEqual(refused('KEY_REVOKED'));
  keys = [{ ...own.registered, until: at }];
  await expect(verify(jws)).rejects.toEqual(refused('KEY_RETIRED'));
  keys = [{ ...own.registered, alg: 'ES256' }];
  await expect(verify(jws)).rejects.toEqual(refused('SIGNATURE_INVALID'));
  keys = [foreign.registered];
  const stranger = await signAgreementDocument(document, foreign.privateJwk, at);
  await expect(verify(stranger)).rejects.toEqual(refused('AGREEMENT_NOT_A_PARTY'));
});

test("a name of somebody else's key on the own signature does not hold", async () => {
  keys = [{ ...own.registered, kid: 'middlesbrough-1', organisation: middlesbrough, jwk: foreign.registered.jwk }];
  await expect(verify(await forged({ header: { kid: 'middlesbrough-1' } }))).rejects.toEqual(
    refused('SIGNATURE_INVALID'),
  );
});

test('one changed bit in payload or signature does not hold', async () => {
  const jws = JSON.parse(await signAgreementDocument(document, own.privateJwk, at)) as Record<string, string>;
  for (const part of ['payload', 'signature']) {
    const bytes = Buffer.from(jws[part]!, 'base64url');
    bytes[10]! ^= 1;
    const bent = JSON.stringify({ ...jws, [part]: bytes.toString('base64url') });
    await expect(verify(bent)).rejects.toEqual(refused('SIGNATURE_INVALID'));
  }
});

describe('only the one form is read', () => {
  test.each<[what: string, header: Record<string, unknown>]>([
    ['another typ', { typ: 'safeguarding-submission+jws;v=1' }],
    ['no iat', { iat: undefined }],
    ['iat as text', { iat: '1751360400' }],
    ['a negative iat', { iat: -1 }],
    ['an extra member', { jku: 'https://keys.example' }],
    ['no kid', { kid: undefined }],
    ['an empty kid', { kid: '' }],
  ])('%s', async (_what, header) => {
    await expect(verify(await forged({ header }))).rejects.toEqual(refused('AGREEMENT_SIGNATURE_MALFORMED'));
  });

  test.each<[what: string, change: (jws: Record<string, string>) => unknown]>([
    ['padding', (jws) => ({ ...jws, payload: `${jws.payload}=` })],
    ['a space', (jws) => ({ ...jws, signature: ` ${jws.signature}` })],
    ['the other base64 alphabet', (jws) => ({ ...jws, payload: `${jws.payload}+/` })],
    ['spare bits', (jws) => ({ ...jws, signature: `${jws.signature!.slice(0, -1)}${'_'}` })],
    ['an unprotected header', (jws) => ({ ...jws, header: {} })],
    ['a missing part', ({ payload, signature }) => ({ payload, signature })],
    ['an empty part', (jws) => ({ ...jws, signature: '' })],
    ['a list', (jws) => [jws]],
    ['compact form', (jws) => `${jws.protected}.${jws.payload}.${jws.signature}`],
    ['null', () => null],
  ])('%s', async (_what, change) => {
    const jws = JSON.parse(await signAgreementDocument(document, own.privateJwk, at)) as Record<string, string>;
    await expect(verify(JSON.stringify(change(jws)))).rejects.toEqual(refused('AGREEMENT_SIGNATURE_MALFORMED'));
  });

  test.each(['', 'not JSON', '{"payload":"","payload":"","protected":"","signature":""}'])('%j', async (text) => {
    await expect(verify(text)).rejects.toEqual(refused('AGREEMENT_SIGNATURE_MALFORMED'));
  });

  test('alg none is no algorithm of a registered key', async () => {
    const jws = JSON.parse(await signAgreementDocument(document, own.privateJwk, at)) as Record<string, string>;
    const header = { ...(JSON.parse(Buffer.from(jws.protected!, 'base64url').toString()) as object), alg: 'none' };
    const none = { ...jws, protected: Buffer.from(JSON.stringify(header)).toString('base64url') };
    await expect(verify(JSON.stringify(none))).rejects.toEqual(refused('SIGNATURE_INVALID'));
  });
});

test('a key without name or with another algorithm signs nothing', async () => {
  await expect(signAgreementDocument(document, { ...own.privateJwk, kid: undefined }, at)).rejects.toEqual(
    refused('KEY_MALFORMED'),
  );
  await expect(signAgreementDocument(document, { ...own.privateJwk, alg: 'HS256' }, at)).rejects.toEqual(
    refused('KEY_MALFORMED'),
  );
});
