import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rootFolder } from '../support/root';

export interface Issuer {
  /** Its address, which is its name too. */
  readonly issuer: string;
  readonly audience: string;
  /** The client secret of everyone. */
  readonly secret: string;
  /** An access token of `ROLE@CODE`. */
  tokenFor(role: string, code: string): Promise<string>;
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
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
