import type { Edition } from '@hub/kernel';
import type { Permit, Presentation, Purpose, Standing } from '@hub/agreements';
import type { Member } from '@hub/identity';
import type { AccessAction } from '@hub/platform';
import type { WithdrawalReason } from '@hub/ledger/domain';
import type { PublicationState } from '../domain';

/** What is known of a publication without opening it. */
export interface PublicationHead {
  readonly id: string;
  readonly number: number;
  readonly edition: Edition;
  readonly state: PublicationState;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly period: string;
  readonly publishedAt: Date;
  readonly agreementId: string;
  readonly agreementVersion: number;
  /** Counts under it are not printed. */
  readonly threshold: number;
  /** Every authority of the region in that period: a fact of the registry. */
  readonly authorities: readonly string[];
  /** Of the whole document; null for those who may not see the whole. */
  readonly digest: Buffer | null;
}

/** Who looks, at which region and for what: what the region gate says, and nothing that has been permitted yet. */
export interface Visit {
  readonly caller: Member;
  readonly region: string;
  /** Null for a region that is not there. */
  readonly regionId: number | null;
  /** A member of the region; anybody else sees what agreements open to them. */
  readonly belongs: boolean;
  readonly standings: readonly Standing[];
  readonly own: readonly string[];
  readonly purpose: Purpose;
}

/** What the read door has permitted of one publication. */
export interface Share {
  readonly permit: Permit;
  readonly presentation: Presentation;
  readonly handling: string;
  readonly authorities: 'all' | readonly string[];
  /** Whether the same agreement permits the series too. */
  readonly covers: (series: string) => boolean;
}

/** What is being asked, for the record of it: the subject grows as its parts turn out to be codes. */
export interface Asking {
  readonly action: AccessAction;
  subject: string;
}

/** A publication as its reader may see it. */
export interface Listed {
  readonly head: PublicationHead;
  readonly share: Share;
  /** Null for who is shown a part of one that was withdrawn. */
  readonly digest: Buffer | null;
  /**
   * Whose returns are other ones than in the edition before, of those who are shown by name; null of one that was withdrawn, and for who
   * does not belong to the region.
   */
  readonly revised: readonly string[] | null;
}

/** What a reader takes away of a publication. */
export interface Held {
  /** The text whose SHA-256 is the digest that this reader is shown: RFC 8785; null where it was withdrawn. */
  readonly text: string | null;
  /** For those who may see the whole by name, as are the receipts: they are made of the whole. */
  readonly proof: string | null;
  readonly events: readonly PublicationEventNow[];
}

/** Since when a publication is withdrawn, why, and what stands in its place. */
export interface Withdrawal {
  readonly at: Date;
  readonly because: WithdrawalReason;
  /** The inner id of the publication of the same dataset and period that is current now; null while there is none. */
  readonly replacedBy: string | null;
}

/** What became of a publication. */
export interface PublicationEventNow {
  readonly event: 'published' | 'superseded' | 'withdrawn';
  readonly at: Date;
  /** The inner id of what stands in its place. */
  readonly successor: string | null;
  readonly receipt: string;
}
