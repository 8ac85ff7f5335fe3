import { canonical, type Edition, sha256 } from '@hub/kernel';
import { fromPrinted, type Figure, type Printed } from './figure';

export type { Edition };

/**
 * A frozen publication, as its RFC 8785 bytes hold it. Numbers are whole, in units of the series' decimals. It says
 * nothing of why a figure is hidden, and holds nothing that is not printed.
 */
export interface PublicationDocument {
  readonly v: 1;
  readonly hub: string;
  readonly id: string;
  readonly region: string;
  /** Counts from 1 in each region. */
  readonly number: number;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly period: string;
  readonly edition: Edition;
  readonly publishedAt: string;
  readonly agreement: { readonly id: string; readonly version: number };
  /** Other agreements that cover the same cells, where there are any: of all of them the stricter rule was kept. */
  readonly besides?: readonly { readonly id: string; readonly version: number }[];
  /** The line that is printed on every page and export. */
  readonly handling: string;
  /** Counts under it are not printed. */
  readonly threshold: number;
  /**
   * Whether a zero is always printed, so that a hidden count is at least 1; publications of before do not say.
   */
  readonly zeros?: 'printed' | 'either' | 'hidden';
  /** Every authority of the region in that period, in order of code; `figures` follow this order. */
  readonly authorities: readonly string[];
  /** Those of them that sent a return. */
  readonly submitted: readonly string[];
  /** Those of them whose return is another one than in the edition before, late ones too; where there are any. */
  readonly revised?: readonly string[];
  /**
   * Those of them whose return came after the one that the current publication of the period before prints of them, by its number, and
   * found it in use: so it was held against that by the rules, and what they ask about such a count it has answered. Where there are any.
   */
  readonly heldAgainst?: { readonly number: number; readonly authorities: readonly string[] };
  /** Categories that are told together, because the region had few of them before; where there are any. */
  readonly together?: readonly Together[];
  readonly series: readonly {
    readonly key: string;
    readonly region: Printed;
    readonly figures: readonly Printed[];
  }[];
  /**
   * Beside hidden figures, by series and then by authority or `region`: what the print of this document alone leaves of
   * the count, in the units of the figures. Publications of before have none.
   */
  readonly between?: Readonly<Record<string, Readonly<Record<string, Between>>>>;
  /**
   * SHA-256, in lower-case hex, of the proof that goes with it: that nobody can compute a hidden figure from this document.
   * Null where no proof was found within the limits of the search; publications of before have none.
   */
  readonly proof?: string | null;
}

/** Categories of a breakdown that are told together: each reads as not available, and their sum is what the others leave. */
export interface Together {
  readonly dimension: string;
  /** Those that ask for the same list of categories, so that a share of one in another is of the same people. */
  readonly indicators: readonly string[];
  /** In the order of the specification. */
  readonly categories: readonly string[];
  /** In words: `Police, Legal agency and Other`. */
  readonly label: string;
}

/** Of a document what is printed in it, and what follows from how. */
export type PrintedFigures = Pick<PublicationDocument, 'zeros' | 'authorities' | 'series'>;

/** From the least count to the largest, and always the true one in it; null where there is no end above. */
export type Between = readonly [least: number, most: number | null];

/** The bytes of a publication and their SHA-256. */
export function freeze(document: PublicationDocument): { text: string; digest: Buffer } {
  const text = canonical(document);
  return { text, digest: sha256(text) };
}

/** One row of a publication, as the store keeps it too. `authority` null is the region. */
export interface FigureRow {
  readonly series: string;
  readonly authority: string | null;
  readonly figure: Figure;
}

/** The rows that a document holds; a test compares them with the stored ones. */
export function rowsOf(document: PublicationDocument): FigureRow[] {
  return document.series.flatMap(({ key, region, figures }) => [
    { series: key, authority: null, figure: fromPrinted(region) },
    ...figures.map((printed, i) => ({
      series: key,
      authority: document.authorities[i]!,
      figure: fromPrinted(printed),
    })),
  ]);
}
