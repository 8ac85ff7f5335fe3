import {
  decide,
  decideKeeping,
  keptUntil,
  type Agreement,
  type DatasetVersion,
  type KeepQuestion,
} from '@hub/agreements/domain';
import { canonical, sha256, type AuthorityCode, type Period } from '@hub/kernel';

/** One accepted submission, as far as it matters to how long what came with it may be kept. */
export interface Holding {
  readonly id: string;
  readonly authority: AuthorityCode;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  readonly version: number;
  /** Civil date of Europe/London. */
  readonly receivedOn: string;
  /** The agreement under which it was sent. */
  readonly agreement: { readonly id: string; readonly version: number };
  /** What of it is still there: the bytes received, with all that was computed from them; the raw counts. */
  readonly envelope: boolean;
  readonly cells: boolean;
}

/** What has to go together, and the clause on which it goes. */
export interface Purge {
  readonly what: readonly ('envelope' | 'cells')[];
  readonly agreement: { readonly id: string; readonly version: number };
  readonly clause: string;
}

/** What an agreement speaks of, and what the ledger calls it. */
const things = [
  ['envelopes', 'envelope'],
  ['cells', 'cells'],
] as const;

const asked = ({ authority, dataset, period, receivedOn }: Holding, item: KeepQuestion['item']): KeepQuestion => ({
  door: 'keep',
  item,
  authority,
  dataset,
  period,
  receivedOn,
});

/** What of the submission has to go on that day; what goes on the same clause goes together. */
export function purgesDue(holding: Holding, agreements: readonly Agreement[], today: string): Purge[] {
  const due: { what: ('envelope' | 'cells')[]; agreement: Purge['agreement']; clause: string }[] = [];
  for (const [item, thing] of things) {
    if (!holding[thing]) continue;
    const { permitted, agreement, clause } = decideKeeping(holding.agreement, agreements, asked(holding, item), today);
    if (permitted) continue;
    const same = due.find(
      (one) =>
        one.clause === clause && one.agreement.id === agreement.id && one.agreement.version === agreement.version,
    );
    if (same) same.what.push(thing);
    else due.push({ what: [thing], agreement, clause });
  }
  return due;
}

// ---------------------------------------------------------------------------------------------------------------------

/** What an erasure would take away, and what stays. Ids are public ones. */
export interface ErasureFacts {
  readonly authority: string;
  /** null: all. */
  readonly dataset: string | null;
  readonly period: string | null;
  readonly submissions: readonly {
    readonly id: string;
    readonly dataset: string;
    readonly period: string;
    readonly version: number;
    readonly envelope: boolean;
    /** Raw counts that are still there. */
    readonly cells: number;
  }[];
  /** They stay as they are; the hub's proofs over their raw counts go. */
  readonly publications: readonly string[];
  /** Rounds that are not published yet, and would have no return of the authority. */
  readonly rounds: readonly string[];
  /** Returns of later periods that brought some of it: in their envelopes it stays, until those returns are erased too. */
  readonly alsoIn: readonly string[];
}

/**
 * The name of a plan: the SHA-256 of its facts. Who asks for the erasure names it, so that nothing goes that was not
 * shown. It is a function of ids and numbers of rows, of no count.
 */
export const planDigest = (facts: ErasureFacts): Buffer => sha256(canonical(facts));

// ---------------------------------------------------------------------------------------------------------------------

/** When what came with a submission goes if nobody takes a step meanwhile; null for what has gone already. */
export interface Goes {
  readonly submission: string;
  readonly envelopeOn: string | null;
  readonly cellsOn: string | null;
}

/** When each of them goes, by the agreements as they stand. */
export const whenTheyGo = (holdings: readonly Holding[], agreements: readonly Agreement[], today: string): Goes[] =>
  holdings.map((holding) => {
    const day = (item: KeepQuestion['item']) =>
      keptUntil(holding.agreement, agreements, asked(holding, item), today).goesOn;
    return {
      submission: holding.id,
      envelopeOn: holding.envelope ? day('envelopes') : null,
      cellsOn: holding.cells ? day('cells') : null,
    };
  });

/** A round, and the indicators of its dataset. */
export interface RoundHead {
  readonly id: string;
  readonly region: string;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  readonly indicators: readonly string[];
}

/**
 * The rounds in which something of the authority could be published on that day by the agreements before, and nothing by
 * those after.
 */
export function roundsWithout(
  authority: AuthorityCode,
  rounds: readonly RoundHead[],
  before: readonly Agreement[],
  after: readonly Agreement[],
  day: string,
): string[] {
  const mayCompile = (agreements: readonly Agreement[], { region, dataset, period, indicators }: RoundHead) =>
    agreements.some((agreement) =>
      indicators.some(
        (indicator) =>
          decide(agreement, { door: 'compile', region, authority, dataset, period, indicator, breakdown: null }, day)
            .permitted,
      ),
    );
  return rounds.filter((round) => mayCompile(before, round) && !mayCompile(after, round)).map(({ id }) => id);
}
