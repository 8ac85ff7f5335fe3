import { Refusal } from '@hub/kernel';

/**
 * The identifier of a client at the token issuer: visible ASCII (RFC 6749, appendix A.1), without spaces at its ends.
 * @throws Refusal REQUEST_MALFORMED
 */
export function parseClientId(text: string): string {
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(text)) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'a client id of 1 to 255 visible ASCII characters' });
  }
  return text;
}
