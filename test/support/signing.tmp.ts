import { randomBytes } from 'node:crypto';
import { exportJWK, FlattenedSign, generateKeyPair, importJWK, type JWK } from 'jose';
export type PrivateJwk = JWK & { kid: string; alg: 'EdDSA' | 'ES256' };
export async function newKey(kid: string, alg: 'EdDSA' | 'ES256'): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(alg === 'EdDSA' ? 'Ed25519' : 'ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg };
}
export const publicOf = ({ d: _, ...jwk }: PrivateJwk) => jwk;
const sign = async (payload: string, key: PrivateJwk, aud: string, typ: string, jti?: string, iat?: number) =>
  JSON.stringify(
    await new FlattenedSign(Buffer.from(payload))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ, iat: iat ?? Math.floor(Date.now() / 1000), jti: jti ?? randomBytes(16).toString('base64url'), aud })
      .sign(await importJWK(key, key.alg)),
  );
export const signEnvelope = (o: { payload: string; key: PrivateJwk; aud: string; jti?: string; iat?: number }) =>
  sign(o.payload, o.key, o.aud, 'safeguarding-submission+jws;v=1', o.jti, o.iat);
export const keyProof = (o: { key: PrivateJwk; authority: string; aud: string }) =>
  sign(JSON.stringify({ authority: o.authority, kid: o.key.kid }), o.key, o.aud, 'safeguarding-key-proof+jws;v=1');
