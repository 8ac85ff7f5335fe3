import { HubClient } from '@hub/client';
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
  return new HubClient({ url, token });
}
