import { parseOpenWords, parsePeriod, Refusal, type Period, type WordsAround } from '@hub/kernel';

/** A figure that a commentary names: it holds no number of its own. */
export interface CommentaryFigure {
  /** Inner id of the publication. */
  readonly publication: string;
  readonly series: string;
  /** Null: the region. */
  readonly authority: string | null;
}

/** What an authority or a region's lead says of an indicator in a period, with its figures by their letters: `{a}`. */
export interface Commentary {
  readonly id: string;
  /** Code of the authority or region. */
  readonly of: string;
  /** Null: the region’s lead has said it. */
  readonly authority: string | null;
  readonly indicator: string;
  readonly period: string;
  readonly text: string;
  readonly figures: readonly CommentaryFigure[];
  readonly writtenAt: Date;
}

/** A figure as the reader of a commentary is shown it. */
export interface FigureSaid {
  /** In words, as its publication prints it; null where it is not shown to this reader by name, or not any more. */
  readonly figure: string | null;
  /** Of its publication; null for a reader who sees none. */
  readonly state: 'current' | 'superseded' | 'withdrawn' | null;
}

const MOST_FIGURES = 12;
const LETTERS = [...'abcdefghijkl'];
const BRACES = /\{([^{}]*)\}/g;

/**
 * @param figures  how many it names, the first as `{a}`
 * @param around   the authority, and those of whom it must not speak; none of them for a region
 * @throws Refusal PERIOD_MALFORMED | COMMENTARY_FIGURES where text and figures do not match | REQUEST_MALFORMED | WORDS_REFUSED
 */
export function parseCommentary(
  said: { readonly period: string; readonly text: string },
  figures: number,
  around?: WordsAround,
): { readonly period: Period; readonly text: string } {
  const period = parsePeriod(said.period);
  const letters = LETTERS.slice(0, figures);
  const named = [...said.text.matchAll(BRACES)].map(([, letter]) => letter!);
  const isWhole = letters.every((letter) => named.includes(letter)) && named.every((one) => letters.includes(one));
  if (figures > MOST_FIGURES || !isWhole || /[{}]/.test(said.text.replace(BRACES, '')))
    throw new Refusal('COMMENTARY_FIGURES');
  return { period, text: parseOpenWords(said.text, around) };
}

/** The text with each figure as its publication prints it for this reader; what was superseded or withdrawn says so. */
export const commentaryInWords = (text: string, figures: readonly FigureSaid[]): string =>
  text.replace(BRACES, (_, letter: string) => said(figures[LETTERS.indexOf(letter)]!));

function said({ figure, state }: FigureSaid): string {
  if (state === 'withdrawn') return '[withdrawn]';
  if (figure === null) return '[not shown]';
  return state === 'superseded' ? `${figure} [superseded]` : figure;
}
