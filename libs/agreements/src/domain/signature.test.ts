import { calculateJwkThumbprint, exportJWK, FlattenedSign, generateKeyPair, importJWK, type JWK } from 'jose';
import { canonical } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar } from '../agreement.builder';
import {
  AGREEMENT_SIGNATURE_TYPE,
  agreementDigestInput,
  signAgreementDocument,
  signWithdrawal,
  verifyAgreementSignature,
  verifyMade,
  verifyWithdrawal,
  WITHDRAWAL_TYPE,
  type SignatureMade,
  type WithdrawalNotice,
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
const refused = (code: string, ...facts: Record<string, string>[]) =>
  expect.objectContaining({ code, ...(facts[0] ? { facts: facts[0] } : {}) });
const malformed = (expected: string) => refused('AGREEMENT_SIGNATURE_MALFORMED', { expected });

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
  await expect(verify(spaced)).rejects.toEqual(
    refused('SIGNATURE_INVALID', { expected: 'the RFC 8785 form of this document as payload' }),
  );
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
  await expect(verify(jws)).rejects.toEqual(refused('SIGNATURE_INVALID', { expected: 'alg ES256' }));
  keys = [foreign.registered];
  const stranger = await signAgreementDocument(document, foreign.privateJwk, at);
  await expect(verify(stranger)).rejects.toEqual(refused('AGREEMENT_NOT_A_PARTY', { authority: redcar }));
});

test("a name of somebody else's key on the own signature does not hold", async () => {
  keys = [{ ...own.registered, kid: 'middlesbrough-1', organisation: middlesbrough, jwk: foreign.registered.jwk }];
  await expect(verify(await forged({ header: { kid: 'middlesbrough-1' } }))).rejects.toEqual(
    refused('SIGNATURE_INVALID', { kid: 'middlesbrough-1' }),
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
  const members = 'exactly the members alg, kid, typ, iat';
  test.each<[what: string, header: Record<string, unknown>, expected: string]>([
    ['another typ', { typ: 'safeguarding-submission+jws;v=1' }, 'typ safeguarding-agreement+jws;v=1'],
    ['the typ of a withdrawal', { typ: WITHDRAWAL_TYPE }, 'typ safeguarding-agreement+jws;v=1'],
    ['no iat', { iat: undefined }, members],
    ['iat as text', { iat: '1751360400' }, 'iat as whole seconds'],
    ['a part of a second', { iat: 1751360400.5 }, 'iat as whole seconds'],
    ['a negative iat', { iat: -1 }, 'iat as whole seconds'],
    ['an extra member', { jku: 'https://keys.example' }, members],
    ['no kid', { kid: undefined }, members],
    ['an empty kid', { kid: '' }, 'kid as text'],
  ])('%s', async (_what, header, expected) => {
    await expect(verify(await forged({ header }))).rejects.toEqual(malformed(expected));
  });

  test('the first second of 1970 is one', async () => {
    await expect(verify(await forged({ header: { iat: 0 } }))).resolves.toMatchObject({ signedAt: 0 });
  });

  test.each<[what: string, change: (jws: Record<string, string>) => unknown]>([
    ['padding', (jws) => ({ ...jws, payload: `${jws.payload}=` })],
    ['a space', (jws) => ({ ...jws, signature: ` ${jws.signature}` })],
    ['the other base64 alphabet', (jws) => ({ ...jws, payload: `${jws.payload}+/` })],
    ['spare bits', (jws) => ({ ...jws, signature: `${jws.signature!.slice(0, -1)}${'_'}` })],
    ['an unprotected header', (jws) => ({ ...jws, header: {} })],
    ['a missing part', ({ payload, signature }) => ({ payload, signature })],
    ['an empty part', (jws) => ({ ...jws, signature: '' })],
    ['a header that is none', (jws) => ({ ...jws, protected: '=' })],
    ['a part that is an object', (jws) => ({ ...jws, payload: {} })],
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

  test('the refusal says which form is meant', async () => {
    const jws = JSON.parse(await signAgreementDocument(document, own.privateJwk, at)) as Record<string, string>;
    await expect(verify('not JSON')).rejects.toEqual(malformed('strict JSON'));
    await expect(verify(JSON.stringify({ ...jws, header: {} }))).rejects.toEqual(malformed('strict JSON'));
    await expect(verify(JSON.stringify({ ...jws, more: 1 }))).rejects.toEqual(
      malformed('exactly the members payload, protected, signature'),
    );
    await expect(verify(JSON.stringify({ ...jws, protected: '=' }))).rejects.toEqual(malformed('strict base64url'));
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
    refused('KEY_MALFORMED', { expected: 'kid, and alg EdDSA or ES256' }),
  );
});

describe('a notice of withdrawal', () => {
  const { id, version } = document;
  const notice: WithdrawalNotice = { v: 1, agreement: { id, version }, authority: hartlepool, from: '2026-01-01' };
  const signs = (change: object = {}, key = own.privateJwk) => signWithdrawal({ ...notice, ...change }, key, at);
  const leaves = (jws: string, of = document) => verifyWithdrawal(of, '2026-01-01', jws, keyOf, at);

  test('says who leaves, and its bytes are those that anybody can write by hand', async () => {
    const jws = await signs();
    await expect(leaves(jws)).resolves.toEqual({ authority: hartlepool, kid: 'hartlepool-1', signedAt: 1_751_360_400 });
    const { payload, protected: head } = JSON.parse(jws) as Record<string, string>;
    const text = (part: string) => Buffer.from(part, 'base64url').toString();
    expect(text(payload!)).toBe(
      '{"agreement":{"id":"example-benchmarking","version":1},"authority":"E06000001","from":"2026-01-01","v":1}',
    );
    expect(JSON.parse(text(head!))).toMatchObject({ typ: 'safeguarding-agreement-withdrawal+jws;v=1' });
  });

  const other = refused('SIGNATURE_INVALID', {
    expected: 'the RFC 8785 form of {"v","agreement","authority","from"} as payload',
  });
  test.each<[what: string, change: object]>([
    ['another day', { from: '2026-01-02' }],
    ['another version', { agreement: { id, version: 2 } }],
    ['another agreement', { agreement: { id: 'another', version } }],
    ['somebody else', { authority: middlesbrough }],
    ['another form', { v: 2 }],
    ['more', { reason: 'None.' }],
  ])('about %s is none', async (_what, change) => {
    await expect(leaves(await signs(change))).rejects.toEqual(other);
  });

  test('by another key of a party, by a stranger, or with the type of a signature is none either', async () => {
    await expect(leaves(await signs({}, twin.privateJwk))).rejects.toEqual(other);
    await expect(leaves(await signs({ authority: redcar }, foreign.privateJwk))).rejects.toEqual(
      refused('AGREEMENT_NOT_A_PARTY'),
    );
    await expect(leaves(await forged({ payload: canonical(notice) }))).rejects.toEqual(
      malformed('typ safeguarding-agreement-withdrawal+jws;v=1'),
    );
    const bent = JSON.parse(await signs()) as Record<string, string>;
    const more = JSON.stringify({
      ...bent,
      signature: (JSON.parse(await signs({ v: 2 })) as typeof bent)['signature'],
    });
    await expect(leaves(more)).rejects.toEqual(refused('SIGNATURE_INVALID', { kid: 'hartlepool-1' }));
  });

  describe('and a signature are verified offline', () => {
    const shown = async (change: Partial<SignatureMade> = {}): Promise<SignatureMade> => {
      const { kid, alg } = own.registered;
      const jwk = { ...own.registered.jwk, kid, alg };
      const jws = await signAgreementDocument(document, own.privateJwk, at);
      return { authority: hartlepool, what: 'signature', kid, jwk, jws, ...change };
    };
    const told = async () => ({
      authority: hartlepool,
      kid: 'hartlepool-1',
      thumbprint: await calculateJwkThumbprint(own.registered.jwk as JWK),
      signedAt: at,
    });

    test('with the key that is shown beside them', async () => {
      const held = await verifyMade(document, await shown());
      expect(held).toEqual({ ...(await told()), what: 'signature' });
      expect('from' in held).toBe(false);
      expect(await verifyMade(document, await shown({ what: 'withdrawal', jws: await signs() }))).toEqual({
        ...(await told()),
        what: 'withdrawal',
        from: '2026-01-01',
      });
    });

    test('with the keys that the authority says are its own', async () => {
      const { privateJwk: mine } = own;
      const known = async (...keys: readonly RegisteredKey[]) =>
        verifyMade(document, await shown(), (authority) =>
          authority === hartlepool ? keys.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg })) : [],
        );
      expect(await known(twin.registered, own.registered)).toMatchObject({ kid: mine.kid });
      await expect(known(twin.registered)).rejects.toEqual(refused('KEY_UNKNOWN', { authority: hartlepool }));
      await expect(known()).rejects.toEqual(refused('KEY_UNKNOWN'));
    });

    test('and not with another key, for another document, as something else, or without a day', async () => {
      const otherKey = { ...twin.registered.jwk, kid: 'middlesbrough-1', alg: 'ES256' };
      await expect(verifyMade(document, await shown({ jwk: otherKey }))).rejects.toEqual(refused('KEY_UNKNOWN'));
      await expect(verifyMade(document, await shown({ jwk: { ...own.registered.jwk } }))).rejects.toEqual(
        refused('KEY_MALFORMED'),
      );
      await expect(verifyMade({ ...document, version: 2 }, await shown())).rejects.toEqual(
        refused('SIGNATURE_INVALID'),
      );
      await expect(verifyMade(document, await shown({ authority: redcar }))).rejects.toEqual(
        refused('AGREEMENT_NOT_A_PARTY'),
      );
      await expect(verifyMade(document, await shown({ jws: await signs() }))).rejects.toEqual(
        malformed('typ safeguarding-agreement+jws;v=1'),
      );
      const day = malformed('a notice with the day from which it holds');
      const text = (payload: string, more: object = {}) =>
        JSON.stringify({ payload: Buffer.from(payload).toString('base64url'), ...more });
      const nested = [
        text('{"from":"2026-01-01"}', { protected: {} }),
        text('{"from":"2026-01-01","agreement":{"id":{}}}'),
      ];
      for (const jws of [
        '',
        '{}',
        text('{}'),
        text('[1]'),
        text('{"from":1}'),
        ...nested,
        await signAgreementDocument(document, own.privateJwk, at),
      ]) {
        await expect(verifyMade(document, await shown({ what: 'withdrawal', jws }))).rejects.toEqual(day);
      }
    });
  });
});
