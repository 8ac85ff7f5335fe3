import { canonical, parseAuthorityCode, parsePeriod, parseStrictJson } from '@hub/kernel';

/**
 * What the ledger keeps of an accepted submission: RFC 8785 JSON, no figure. It commits to the whole envelope, signature
 * included, never to the payload alone, whose content could be guessed.
 */
export interface Leaf {
  readonly v: 1;
  /** Room for key, agreement and purge events. */
  readonly kind: 'submission';
  /** The hub's id. */
  readonly hub: string;
  readonly authority: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly period: string;
  readonly agreement: { readonly id: string; readonly version: number };
  /** The submission's version: 1 is the first for its authority, dataset and period. */
  readonly version: number;
  /** SHA-256 of the envelope's bytes as received, lower-case hex. */
  readonly envelope: string;
  /** UTC with milliseconds, `2025-07-31T09:00:00.000Z`. */
  readonly acceptedAt: string;
}

/** A leaf that is not in its only form. Names the member, holds nothing of the text. */
export class LeafInvalid extends Error {
  override readonly name = 'LeafInvalid';
  constructor(readonly member: string) {
    super(`not a leaf of the ledger: ${member}`);
  }
}

type Check = (value: unknown) => boolean;
const isText =
  (form: RegExp): Check =>
  (value) =>
    typeof value === 'string' && form.test(value);
const isCount: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
const parses =
  (parse: (text: string) => unknown): Check =>
  (value) => {
    try {
      return typeof value === 'string' && parse(value) !== undefined;
    } catch {
      return false;
    }
  };
const isInstant: Check = (value) =>
  typeof value === 'string' &&
  /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value;
const hasExactly =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === Object.keys(members).length &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const members: Readonly<Record<keyof Leaf, Check>> = {
  v: (value) => value === 1,
  kind: (value) => value === 'submission',
  hub: isText(/^[^\s+]+$/),
  authority: parses(parseAuthorityCode),
  dataset: hasExactly({ code: isText(/^[a-z0-9-]+$/), version: isText(/^\d+\.\d+$/) }),
  period: parses(parsePeriod),
  agreement: hasExactly({ id: isText(/^[A-Za-z0-9._-]+$/), version: isCount }),
  version: isCount,
  envelope: isText(/^[0-9a-f]{64}$/),
  acceptedAt: isInstant,
};

function check(leaf: Leaf): Leaf {
  if (typeof leaf !== 'object' || leaf === null || Array.isArray(leaf)) throw new LeafInvalid('leaf');
  for (const [name, holds] of Object.entries(members)) {
    if (!holds(leaf[name as keyof Leaf])) throw new LeafInvalid(name);
  }
  if (Object.keys(leaf).length !== Object.keys(members).length) throw new LeafInvalid('leaf');
  return leaf;
}

/**
 * The bytes of a leaf, which are hashed and kept.
 * @throws LeafInvalid
 */
export const encodeLeaf = (leaf: Leaf): Buffer => Buffer.from(canonical(check(leaf)));

/**
 * @param bytes  as kept, in RFC 8785 form
 * @throws LeafInvalid, also when the same content is written in another way
 */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  let value: unknown;
  try {
    value = parseStrictJson(bytes, 2);
  } catch {
    throw new LeafInvalid('leaf');
  }
  const leaf = check(value as Leaf);
  if (Buffer.compare(Buffer.from(canonical(leaf)), bytes) !== 0) throw new LeafInvalid('leaf');
  return leaf;
}
