import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, Refusal, sha256 } from '@hub/kernel';
import { makeDataFolder, type Config } from '@hub/platform';
import { verifierKeyLine } from './domain';

/** The hub's own Ed25519 key: signs checkpoints. */
export interface HubKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** C2SP verifier key, as hub.json's `ledgerKey`. */
  readonly line: string;
  /** For /.well-known/jwks.json. */
  readonly publicJwk: JsonWebKey & { kid: string; alg: 'EdDSA'; use: 'sig' };
}
/** The injection token of the HubKey. */
export const HUB_KEY = Symbol('HubKey');

const fileOf = (config: Config): string => config.signingKeyFile ?? join(config.dataFolder, 'hub-key.json');

/** Whether anybody on this machine can read the file of the key, and so sign as the hub; orchestrators lay secrets down like that. */
export const isKeyOpenToAll = (config: Config): boolean => (statSync(fileOf(config)).mode & 0o007) !== 0;

/**
 * Reads the key that HUB_SIGNING_KEY_FILE names; without one makes a key in the data folder, once, mode 0600. Another file,
 * or none in the data folder, at the next start is a rotation: what was signed before verifies by the key of its time.
 * @throws Refusal CONFIGURATION when the file does not hold a private Ed25519 JWK
 */
export function loadHubKey(config: Config): HubKey {
  const file = fileOf(config);
  if (!config.signingKeyFile && !existsSync(file)) {
    makeDataFolder(config.dataFolder);
    const made = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: JSON.parse(readFileSync(file, 'utf8')) as JsonWebKey, format: 'jwk' });
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not Ed25519');
  } catch {
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_SIGNING_KEY_FILE',
      expected: 'a file with a private Ed25519 JWK',
    });
  }
  const publicKey = createPublicKey(privateKey);
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  const kid = sha256(canonical({ crv, kty, x })).toString('base64url');
  return {
    privateKey,
    publicKey,
    line: verifierKeyLine(config.hubId, publicKey),
    publicJwk: { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' },
  };
}
