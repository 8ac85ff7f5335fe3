import { uuidv7, V7Generator } from 'uuidv7';

export type IdKind =
  'sub' | 'pub' | 'rnd' | 'inv' | 'sys' | 'cir' | 'era' | 'nat' | 'iss' | 'itm' | 'mtg' | 'cmp' | 'com';
/** An inner id. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID_HEX = /^[0-9a-f]{32}$/;

/** A new id. UUIDv7: made here, sorted by time, never a sequence. */
export const newId = (): string => uuidv7();

/** A new id that says it was made at that moment: an id shows when it was made, and not every moment may be shown. */
export const newIdAt = (moment: Date): string => new V7Generator().generateOrResetWithTs(moment.getTime()).toString();

/** The opaque id of the API: `sub_HUB_…`, so that a gateway knows whose it is. */
export const publicId = (kind: IdKind, hubId: string, id: string): string =>
  `${kind}_${hubId}_${id.replaceAll('-', '')}`;

/** The inner id, or null when the text is not an id of this kind and this hub: then there is no such thing here. */
export function innerId(kind: IdKind, hubId: string, text: string): string | null {
  const prefix = `${kind}_${hubId}_`;
  const hex = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  if (!UUID_HEX.test(hex)) return null;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
