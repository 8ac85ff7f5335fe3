import { join } from 'node:path';
import { HubClient, HubProblem, isOverheard, Unreachable } from '@hub/client';
import { readText, UsageError, type Command, type Values } from './command';

export const connectionOptions = { url: 'required', 'token-file': 'required' } as const satisfies Command['options'];

/** @throws UsageError */
export function hubAddress(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError('--url is an address that begins with http:// or https://.');
  return url;
}

/** The hub that --url and --token-file name. @throws UsageError */
export function hubOf(values: Values): HubClient {
  const url = hubAddress(values.the('url'));
  const token = readText(values.the('token-file')).trim();
  // RFC 6750's form, so that another file named by mistake (a private key, say) is never sent.
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) throw new UsageError('--token-file holds no access token.');
  if (isOverheard(url) && process.env['HUB_PLAIN_HTTP'] !== 'true')
    throw new UsageError(
      '--url begins with https://: by http:// your token could be read on its way to another machine. HUB_PLAIN_HTTP=true lets it go.',
    );
  return new HubClient({ url, token, plainHttp: true });
}

/** Null where the hub refuses so; whatever else goes wrong goes on. */
export async function nullWhere<T>(isSo: (problem: HubProblem) => boolean, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HubProblem && isSo(error)) return null;
    throw error;
  }
}

/**
 * A file in a folder, whose name is made of codes that a hub has answered.
 * @throws Unreachable where the name would lead out of the folder: no hub gives such a code
 */
export function placeIn(folder: string, name: string): string {
  if (!/^[A-Za-z0-9_][\w.-]*$/.test(name)) throw new Unreachable('The answer is not one of a hub: it names no file.');
  return join(folder, name);
}
