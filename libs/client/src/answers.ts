import type { AgreementState, SignatureMade } from '@hub/agreements/domain';
import type { Edition, Finding } from '@hub/kernel';
import type { KeyState } from '@hub/identity/domain';
import type { WithdrawalReason } from '@hub/ledger/domain';
import type { NoticeKind, RoundState, SubmissionState } from '@hub/submissions/domain';

export interface SubmissionAnswer {
  readonly id: string;
  readonly state: SubmissionState;
  readonly version: number;
  /** SHA-256 of the envelope's bytes, lower-case hex. */
  readonly digest: string;
  /** C2SP tlog-proof@v1: keep it. Null while the return waits for its approver. */
  readonly receipt: string | null;
  readonly findings: readonly Finding[];
}
export interface CheckAnswer {
  readonly accepted: boolean;
  readonly findings: readonly Finding[];
}
/** Dates of a round, civil ones as `2025-07-31`; `publishesAt` is an instant. */
export interface RoundDatesAsked {
  readonly opens: string;
  readonly due: string;
  readonly closes: string;
  readonly checkUntil: string | null;
  readonly publishesAt: string | null;
}
export interface RoundAnswer {
  readonly id: string;
  readonly dataset: string;
  readonly period: string;
  /** For which it collects, or which was the last. */
  readonly edition: Edition;
  readonly state: RoundState;
  readonly opens?: string;
  readonly due?: string;
  /** Since which day those in `missing` are late; null: not yet. */
  readonly lateSince?: string | null;
  readonly closes?: string;
  /** The last day on which each authority looks at its own figures; null: there is no check window. */
  readonly checkUntil?: string | null;
  readonly publishesAt?: string | null;
  readonly beingChecked?: boolean;
  readonly heldBecause: string | null;
  /** Codes of the authorities that have sent nothing yet; null for anybody but a lead. */
  readonly missing: readonly string[] | null;
}
interface Place {
  readonly indicator: { readonly code: string; readonly name: string | null };
  /** null: the total. */
  readonly dimension: string | null;
  readonly category: string | null;
}
/** An own return as it will be printed where nothing hides it. */
export interface OwnFiguresAnswer {
  readonly authority: { readonly code: string; readonly name: string | null };
  readonly version: number | null;
  readonly confirmed: boolean;
  /** null while there is no return. */
  readonly check: {
    readonly replaces: number | null;
    readonly reason: string | null;
    readonly figures:
      | readonly (Place & {
          readonly kind: 'value' | 'notCollected' | 'notApplicable' | 'notAvailable';
          readonly count: number | null;
          readonly of: number | null;
          readonly value: number | null;
          readonly unit: string;
        })[]
      | null;
    readonly answers: readonly (Place & { readonly rule: string; readonly answer: string; readonly text: string })[];
    readonly commentary: readonly { readonly indicator: Place['indicator']; readonly text: string }[];
    readonly changes:
      | readonly (Place & {
          readonly ofDenominator: boolean;
          readonly before: number | null;
          readonly after: number | null;
        })[]
      | null;
  } | null;
}
/** Dates for a round: civil dates, and the instant of publication. */
export interface ProposedDatesAnswer {
  readonly opens: string;
  readonly due: string;
  readonly closes: string;
  readonly checkUntil: string;
  readonly publishesAt: string;
  /** What to think of before they are used. */
  readonly remarks: readonly string[];
}
export interface WithdrawnAnswer {
  readonly id: string;
  readonly state: 'withdrawn';
  readonly version: number;
  readonly withdrawnBecause: string;
}
/** Leave to send a return after the end of its round, until the end of a civil date. */
export interface ExceptionAnswer {
  readonly authority: { readonly code: string; readonly name: string | null };
  readonly until: string;
  readonly reason: string;
  readonly grantedAt: string;
}
/** How a round stands: for a lead every authority's return, for who acts for an authority its own; else null. */
export interface RoundStatusAnswer extends RoundAnswer {
  /** For a lead all of them, for an authority its own. */
  readonly exceptions: readonly ExceptionAnswer[] | null;
  /** What is particular about its dates. */
  readonly remarks: readonly string[];
  /** What authorities were reminded of or told: for a lead all of them, for an authority its own. */
  readonly notices:
    | readonly {
        readonly authority: { readonly code: string; readonly name: string | null };
        readonly kind: NoticeKind;
        readonly madeAt: string;
        /** null: no mail has left. */
        readonly sentAt: string | null;
      }[]
    | null;
  readonly returns:
    | readonly {
        readonly authority: { readonly code: string; readonly name: string | null };
        readonly state: 'reported' | 'missing';
        readonly version: number | null;
        readonly receivedAt: string | null;
        /** Against the soft due date. */
        readonly late: boolean;
        /** Indicators with a count, nil or not, of so many. */
        readonly counted: number | null;
        /** An approver has said of the version in use that it is right. */
        readonly confirmed: boolean;
        readonly indicators: number;
      }[]
    | null;
  readonly mine:
    | readonly {
        readonly authority: { readonly code: string; readonly name: string | null };
        readonly version: number | null;
        readonly receivedAt: string | null;
        readonly late: boolean;
        readonly confirmed: boolean;
        /** Id of a version that waits for its approver. */
        readonly waiting: string | null;
        /** The version that was withdrawn last, where nothing is in use since. */
        readonly withdrawn: number | null;
        /** null once the counts have been deleted. */
        readonly indicators:
          | readonly {
              readonly indicator: { readonly code: string; readonly name: string | null };
              readonly state: 'reported' | 'confirmedNil' | 'missing';
              readonly counted: boolean;
              /** What the dataset asks for and the return does not give: `RF01`, `RF01|source`. */
              readonly expected: readonly string[];
            }[]
          | null;
      }[]
    | null;
}
export interface KeyAnswer {
  readonly kid: string;
  readonly state: KeyState;
}
/** A key with all that has happened to it; moments in UTC, `2025-07-31T09:00:00.000Z`. */
export interface KeyHistoryAnswer extends KeyAnswer {
  readonly registeredAt: string;
  readonly approvedAt: string | null;
  readonly until: string | null;
  readonly revokedAt: string | null;
  readonly reason: string | null;
  readonly replaces: string | null;
}
/** An agreement and how far it has come; dates are civil, `2026-04-01`. */
export interface AgreementAnswer {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** As it is today. */
  readonly state: AgreementState;
  readonly regions: readonly string[];
  readonly parties: readonly {
    readonly authority: string;
    readonly name: string | null;
    readonly status: 'invited' | 'signed' | 'withdrawn';
    /** The first day on which it is no longer a party. */
    readonly withdrawnFrom: string | null;
  }[];
  /** Codes of the parties that still have to sign. */
  readonly missingSignatures: readonly string[];
  readonly effectiveFrom: string;
  /** The day after the last. */
  readonly effectiveUntil: string;
  readonly reviewDate: string;
  readonly reviewDue: boolean;
  /** What the hub says that the document's digest is; `agreementDigest` says what it is. */
  readonly digest: string;
  readonly parent: string | null;
  readonly supersededFrom: string | null;
}
/** An agreement with its words and what has been signed: enough to verify it without the hub. */
export interface WholeAgreement extends AgreementAnswer {
  /** The RFC 8785 form as JSON text: `readAgreement` reads it. */
  readonly document: string;
  /** A page in Markdown. */
  readonly plainEnglish: string;
  readonly signatures: readonly SignatureMade[];
}
/** What a version of an agreement is called by. */
export interface AgreementName {
  readonly id: string;
  readonly version: number;
}
/** Which returns of an authority are meant: all, or those of a dataset, a period. */
export interface ReturnsAsked {
  readonly authority: string;
  readonly dataset?: string | undefined;
  readonly period?: string | undefined;
}
/** Until when what came with a return is kept, and what has gone. */
export interface ReturnKeptAnswer {
  readonly submission: string;
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  /** The day on which the signed envelope goes; null once it has gone. */
  readonly envelopeOn: string | null;
  /** The day on which the raw counts go; null once they have. */
  readonly cellsOn: string | null;
  readonly purges: readonly {
    readonly what: readonly string[];
    readonly agreement: string;
    readonly version: number;
    readonly clause: string;
    readonly purgedAt: string;
    readonly receipt: string;
  }[];
}
/** What an erasure would take away; nothing has happened yet. */
export interface ErasurePlanAnswer {
  /** Names this plan: `eraseReturns` asks for it. */
  readonly id: string;
  readonly submissions: readonly {
    readonly submission: string;
    readonly dataset: string;
    readonly period: string;
    readonly version: number;
    readonly envelope: boolean;
    readonly cells: number;
  }[];
  readonly cells: number;
  /** They stay as they are. */
  readonly publications: readonly string[];
  /** Rounds, not published yet, that would have no return of the authority. */
  readonly rounds: readonly string[];
  /** Returns of later periods in whose envelopes some of it stays, until they are erased too. */
  readonly alsoIn: readonly string[];
}
export interface ErasureAnswer {
  readonly id: string;
  readonly state: 'asked' | 'done';
  readonly askedAt: string;
  readonly doneAt: string | null;
  /** For each return a C2SP tlog-proof@v1 that says what was purged. */
  readonly receipts: readonly string[];
}
/** What leaving would mean; nothing has happened yet. */
export interface WithdrawalPlanAnswer {
  readonly rounds: readonly string[];
  readonly returns: readonly ReturnKeptAnswer[];
}
/** Since when a publication is withdrawn, and why; nothing else of it is given to anybody. */
export interface WithdrawalAnswer {
  readonly at: string;
  readonly because: WithdrawalReason;
  readonly inWords: string;
  /** The publication of its dataset and period that is current now and open to the caller; null while there is none. */
  readonly replacedBy: string | null;
}
/** What has become of a publication. */
export type PublicationStanding = Pick<PublicationAnswer, 'id' | 'state' | 'endedAt' | 'supersededBy' | 'withdrawal'>;
/** A publication, with what is needed to check it elsewhere. */
export interface PublicationAnswer {
  readonly id: string;
  readonly number: number;
  readonly edition: string;
  readonly state: 'current' | 'superseded' | 'withdrawn';
  readonly dataset: string;
  readonly period: string;
  /** SHA-256 of `document`, lower-case hex. */
  readonly digest: string;
  readonly publishedAt: string;
  readonly handling: string | null;
  readonly document: string;
  /** For those who are shown the whole by name; null where there is none. */
  readonly proof: string | null;
  readonly receipt: string | null;
  readonly endedAt: string | null;
  readonly supersededBy: string | null;
  /** Null where it was not withdrawn. */
  readonly withdrawal: WithdrawalAnswer | null;
  /** Of the own authorities that stand in it. */
  readonly mine:
    | readonly {
        readonly authority: string;
        readonly submission: string;
        readonly version: number;
        readonly receipt: string;
        readonly proof: string | null;
      }[]
    | null;
}
/** Why a figure of a publication is what it is. */
export interface WhyAnswer {
  readonly figure: {
    readonly kind: string;
    readonly count: number | null;
    readonly value: number | null;
    readonly unit: string | null;
    readonly between: readonly number[] | null;
  };
  readonly formula: string;
  readonly parts: readonly {
    readonly as: string;
    /** Null: the region's. */
    readonly authority: { readonly code: string; readonly name: string | null } | null;
    readonly series: string | null;
    readonly count: number;
  }[];
  readonly hiddenParts: number;
  readonly agreement: string;
  readonly version: number;
  readonly clause: string;
}
/** /.well-known/hub.json */
export interface HubDescription {
  readonly hubId: string;
  /** Who issues access tokens, and for which audience; null where the hub takes none. */
  readonly issuer: string | null;
  readonly audience: string | null;
  /** The C2SP verifier key that new receipts verify by. */
  readonly ledgerKey: string;
  /** Every one that the hub ever had, newest first. */
  readonly ledgerKeys: readonly { readonly line: string; readonly since: string }[];
  readonly regions: readonly string[];
  readonly [more: string]: unknown;
}
