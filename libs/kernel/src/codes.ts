import { Refusal } from './refusal';

declare const brand: unique symbol;
type Branded<T extends string> = string & { readonly [brand]: T };

/** A local authority: nine characters of the ONS, `E` and eight digits; a joint return is two codes with ` / ` between. */
export type AuthorityCode = Branded<'AuthorityCode'>;
/** A region: an English region `E12…` or a named network `net-…`. */
export type RegionCode = Branded<'RegionCode'>;

const AUTHORITY = /^E\d{8}( \/ E\d{8})?$/;
const AGENCY = /^agy-[a-z0-9]+(-[a-z0-9]+)*$/;
const REGION = /^(E12\d{6}|net-[a-z0-9]+(-[a-z0-9]+)*)$/;

/** @throws Refusal CODE_MALFORMED when `text` is not an authority's code. */
export function parseAuthorityCode(text: string): AuthorityCode {
  if (!AUTHORITY.test(text)) throw new Refusal('CODE_MALFORMED', { expected: 'E06000001' });
  return text as AuthorityCode;
}

export const isRegionCode = (text: string): text is RegionCode => REGION.test(text);

/** @throws Refusal CODE_MALFORMED when `text` is not a region's code. */
export function parseRegionCode(text: string): RegionCode {
  if (!isRegionCode(text)) throw new Refusal('CODE_MALFORMED', { expected: 'E12000001 or net-name' });
  return text;
}

/** Whether the text is an agency's code, `agy-…`: police, health, and others that serve several areas. */
export const isAgencyCode = (text: string): boolean => AGENCY.test(text);

const MAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** Whether the text is a mail address of the plain kind, one that no header can be smuggled into. */
export const isMailAddress = (text: string): boolean => text.length <= 254 && MAIL.test(text);
