import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PublicJwk } from '@hub/identity/domain';
import { rootFolder } from '../support/root';

export interface Issuer {
  /** Its address, which is its name too. */
  readonly issuer: string;
  readonly audience: string;
  /** The client secret of everyone. */
  readonly secret: string;
  /** An access token of `ROLE@CODE`. */
  tokenFor(role: string, code: string): Promise<string>;
  /** Registers a client that shows who it is by `private_key_jwt`; its id. */
  registerClient(key: PublicJwk): Promise<string>;
  stop(): Promise<void>;
}

/** An access token of `ROLE@CODE` from a development issuer that runs already. */
export async function askForToken(issuer: string, secret: string, role: string, code: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: `${role}@${code}`,
      client_secret: secret,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await answer.json()) as { access_token?: string; error?: string };
  if (!body.access_token) throw new Error(`the issuer gave no token for ${role}@${code}: ${body.error}`);
  return body.access_token;
}

/** Registers a client with a public key of its own (RFC 7591) at a development issuer that runs already; its id. */
export async function registerClient(issuer: string, secret: string, key: PublicJwk): Promise<string> {
  const answer = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: key.alg,
      jwks: { keys: [key] },
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await answer.json()) as { client_id?: string; error_description?: string };
  if (!body.client_id) throw new Error(`the issuer registered no client: ${body.error_description}`);
  return body.client_id;
}

/**
 * Starts the development issuer as a child process and waits until it listens. It ends with this process.
 * @param ttl   seconds for which a token is valid; an hour when absent
 * @param port  a free one when absent
 */
export async function startIssuer({
  audience,
  ttl = 3600,
  port = 0,
}: {
  audience: string;
  ttl?: number;
  port?: number;
}): Promise<Issuer> {
  const secret = randomBytes(16).toString('hex');
  const args = ['--port', `${port}`, '--audience', audience, '--secret', secret, '--ttl', `${ttl}`];
  const child = spawn(process.execPath, [join(rootFolder, 'test/issuer/main.mjs'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const issuer = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('issuer ')) resolve(line.slice('issuer '.length));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the development issuer ended with ${code}`)));
  });
  return {
    issuer,
    audience,
    secret,
    tokenFor: (role, code) => askForToken(issuer, secret, role, code),
    registerClient: (key) => registerClient(issuer, secret, key),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
