import { canonical, parseAuthorityCode, parsePeriod, parseStrictJson } from '@hub/kernel';

/** What every leaf says of the submission that it is about. No leaf holds a figure. */
interface AboutSubmission {
  readonly v: 1;
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
}

/**
 * What the ledger keeps of an accepted submission: RFC 8785 JSON, no figure. It commits to the whole envelope, signature
 * included, never to the payload alone, whose content could be guessed. `agreement` is the one that the return named.
 */
export interface SubmissionLeaf extends AboutSubmission {
  readonly kind: 'submission';
  /** UTC with milliseconds, `2025-07-31T09:00:00.000Z`. */
  readonly acceptedAt: string;
}

/** What a purge takes away: the bytes received with their salted digest and findings, the raw counts, proofs over them. */
export const purgedThings = ['envelope', 'cells', 'proofs'] as const;
export type PurgedThing = (typeof purgedThings)[number];

/**
 * What the ledger keeps of a purge; the leaf of the submission stays, and so does its receipt. `agreement` is the one
 * whose clause asked for it.
 */
export interface PurgeLeaf extends AboutSubmission {
  readonly kind: 'purge';
  /** In the order of `purgedThings`, at least one. */
  readonly what: readonly PurgedThing[];
  /** The clause of the agreement on which it rests, a JSON pointer; '' where the authority itself asked for it. */
  readonly clause: string;
  /** UTC with milliseconds. */
  readonly purgedAt: string;
}

/** What becomes of an agreement that all its parties have signed. */
const agreementEvents = ['concluded', 'withdrawn', 'suspended', 'resumed', 'terminated'] as const;
export type AgreementEvent = (typeof agreementEvents)[number];

/** What the ledger keeps of an agreement's life. */
export interface AgreementLeaf {
  readonly v: 1;
  readonly kind: 'agreement';
  /** The hub's id. */
  readonly hub: string;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly event: AgreementEvent;
  /** The party that withdraws; with that event alone. */
  readonly authority?: string;
  /** SHA-256 of the RFC 8785 form of the document, or of the notice as received; lower-case hex. */
  readonly digest: string;
  /** UTC with milliseconds. */
  readonly at: string;
}

/** What happens to a signing key: it is good, it gives way to another one, it is ended at once. */
const keyEvents = ['approved', 'replaced', 'revoked'] as const;
export type KeyEvent = (typeof keyEvents)[number];

/**
 * What the ledger keeps of a key's life, so that nobody can say later that it was good, or was not, on a day. A key that is
 * only registered verifies nothing and has no entry.
 */
export interface KeyLeaf {
  readonly v: 1;
  readonly kind: 'key';
  /** The hub's id. */
  readonly hub: string;
  /** The authority or agency whose key it is. */
  readonly organisation: string;
  readonly kid: string;
  readonly event: KeyEvent;
  /** SHA-256 of the public key as RFC 7638 writes it, its thumbprint; lower-case hex. */
  readonly digest: string;
  /** When it ends, UTC with milliseconds; with `replaced` alone. */
  readonly until?: string;
  /** UTC with milliseconds. */
  readonly at: string;
}

/** What happens to a publication. */
const publicationEvents = ['published', 'superseded', 'withdrawn'] as const;
export type PublicationEvent = (typeof publicationEvents)[number];

/** Why a publication was withdrawn: from this list, for words of one's own could tell what is hidden. */
export const withdrawalReasons = ['figuresWrong', 'agreementEnded', 'notToBeShown'] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

/** What the ledger keeps of a publication. Its document holds what is printed and no hidden number, so neither does this. */
export interface PublicationLeaf {
  readonly v: 1;
  readonly kind: 'publication';
  /** The hub's id. */
  readonly hub: string;
  readonly region: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly period: string;
  /** As the API shows it. */
  readonly publication: string;
  /** The publication's number in its region. */
  readonly number: number;
  readonly event: PublicationEvent;
  /** With `withdrawn` alone. */
  readonly because?: WithdrawalReason;
  /** SHA-256 of the RFC 8785 document, lower-case hex. */
  readonly digest: string;
  /** UTC with milliseconds. */
  readonly at: string;
}

/** What the ledger keeps of a release of others that two stewards have let into the book. */
export interface NationalLeaf {
  readonly v: 1;
  readonly kind: 'national';
  /** The hub's id. */
  readonly hub: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly period: string;
  /** Its short name, the same every year. */
  readonly release: string;
  /** SHA-256 of the RFC 8785 form of what was read of it, lower-case hex. */
  readonly digest: string;
  /** Inner ids of the two members. */
  readonly loadedBy: string;
  readonly confirmedBy: string;
  /** When it was confirmed, UTC with milliseconds. */
  readonly at: string;
}

/** One entry of the ledger. */
export type Leaf = SubmissionLeaf | PurgeLeaf | AgreementLeaf | KeyLeaf | PublicationLeaf | NationalLeaf;

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

const isSorted: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  JSON.stringify(value) === JSON.stringify(purgedThings.filter((thing) => value.includes(thing)));

type Members<L> = Readonly<Record<Exclude<keyof L, 'kind'>, Check>>;
const isAgreement = hasExactly({ id: isText(/^[A-Za-z0-9._-]+$/), version: isCount });
const is1: Check = (value) => value === 1;
const isDataset = hasExactly({ code: isText(/^[a-z0-9-]+$/), version: isText(/^\d+\.\d+$/) });
const isDigest = isText(/^[0-9a-f]{64}$/);
const isHub = isText(/^[^\s+]+$/);
const isMember = isText(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const aboutSubmission: Members<AboutSubmission> = {
  v: is1,
  hub: isHub,
  authority: parses(parseAuthorityCode),
  dataset: isDataset,
  period: parses(parsePeriod),
  agreement: isAgreement,
  version: isCount,
  envelope: isDigest,
};
const isOneOf =
  (known: readonly string[]): Check =>
  (value) =>
    known.some((word) => word === value);
/** What each kind of leaf holds, and nothing else. */
const membersOf: { readonly [K in Leaf['kind']]: Members<Extract<Leaf, { kind: K }>> } = {
  submission: { ...aboutSubmission, acceptedAt: isInstant },
  purge: { ...aboutSubmission, what: isSorted, clause: isText(/^(\/[A-Za-z0-9/]+)?$/), purgedAt: isInstant },
  agreement: {
    v: is1,
    hub: isHub,
    agreement: isAgreement,
    event: isOneOf(agreementEvents),
    authority: (value) => value === undefined || parses(parseAuthorityCode)(value),
    digest: isDigest,
    at: isInstant,
  },
  key: {
    v: is1,
    hub: isHub,
    organisation: (value) => parses(parseAuthorityCode)(value) || isText(/^agy-[a-z0-9-]+$/)(value),
    kid: isText(/^[A-Za-z0-9._:-]{1,64}$/),
    event: isOneOf(keyEvents),
    digest: isDigest,
    until: (value) => value === undefined || isInstant(value),
    at: isInstant,
  },
  publication: {
    v: is1,
    hub: isHub,
    region: isText(/^(E12\d{6}|net-[a-z0-9-]+)$/),
    dataset: isDataset,
    period: parses(parsePeriod),
    publication: isText(/^pub_\S+$/),
    number: isCount,
    event: isOneOf(publicationEvents),
    because: (value) => value === undefined || isOneOf(withdrawalReasons)(value),
    digest: isDigest,
    at: isInstant,
  },
  national: {
    v: is1,
    hub: isHub,
    dataset: isDataset,
    period: parses(parsePeriod),
    release: isText(/^[a-z0-9-]{1,60}$/),
    digest: isDigest,
    loadedBy: isMember,
    confirmedBy: isMember,
    at: isInstant,
  },
};

function check(leaf: Leaf): Leaf {
  if (typeof leaf !== 'object' || leaf === null || Array.isArray(leaf)) throw new LeafInvalid('leaf');
  // A list of one word would pass for the word.
  if (typeof leaf.kind !== 'string' || !Object.hasOwn(membersOf, leaf.kind)) throw new LeafInvalid('kind');
  const members = Object.entries<Check>(membersOf[leaf.kind]);
  for (const [name, holds] of members) {
    if (!holds((leaf as unknown as Record<string, unknown>)[name])) throw new LeafInvalid(name);
  }
  if (!Object.keys(leaf).every((name) => name === 'kind' || Object.hasOwn(membersOf[leaf.kind], name))) {
    throw new LeafInvalid('leaf');
  }
  if (leaf.kind === 'agreement' && (leaf.event === 'withdrawn') !== (leaf.authority !== undefined)) {
    throw new LeafInvalid('authority');
  }
  if (leaf.kind === 'national' && leaf.loadedBy === leaf.confirmedBy) throw new LeafInvalid('confirmedBy');
  if (leaf.kind === 'publication' && (leaf.event === 'withdrawn') !== (leaf.because !== undefined)) {
    throw new LeafInvalid('because');
  }
  if (leaf.kind === 'key' && (leaf.event === 'replaced') !== (leaf.until !== undefined)) throw new LeafInvalid('until');
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
