import type { AgreementDocument } from '@hub/agreements/domain';
import type { Dataset } from '@hub/registry/domain';
import type { Figures, Row, World } from '../support/world';

export const json = process.argv.includes('--json');
const WIDE = 120;
/** Writes a line; one that is wider goes on in the next, as far in as it began. */
export const say = (text = '') => json || process.stdout.write(`${folded(text)}\n`);
function folded(text: string): string {
  const indent = /^ */.exec(text)![0];
  if (text.length <= WIDE) return text;
  return text.replace(
    new RegExp(`(.{${indent.length + 1},${WIDE - indent.length}})(?: +|$)`, 'g'),
    (_, line: string, at: number) => (at ? `\n${indent}${line}` : line),
  );
}
export const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

/** What the acts of the demonstration have in common. An act does something, says what came of it, and returns it for `--json`. */
export interface Stage {
  readonly world: World;
  /** Real returns of the North East, three financial years. */
  readonly figures: Figures;
  readonly periods: readonly string[];
  /** The token of the region's lead. */
  readonly lead: string;
  /** The hub's public key, as `hub.json` gives it. */
  readonly hubKey: string;
  readonly agreement: AgreementDocument;
  /** Period to the id of its round. */
  readonly rounds: Map<string, string>;
}

/** Something that must be true for the demonstration to be one. */
export function mustBe(true_: boolean, what: string): void {
  if (!true_) throw new Error(`the demonstration failed: ${what}`);
}

export const timings: Record<string, number> = {};
export async function timed<T>(part: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  try {
    return await work();
  } finally {
    timings[part] = (timings[part] ?? 0) + (Date.now() - began) / 1000;
  }
}

export interface Shown {
  kind: string;
  count: number | null;
  value: number | null;
}
export interface Benchmark {
  indicator: { code: string; name: string };
  coverage: { shown: number; submitted: number; parties: number; text: string };
  authorities: { authority: { code: string; name: string }; figure: Shown; rank: number | null }[];
  region: Shown;
  quartiles: { lower: number; median: number; upper: number; basis: number } | null;
  publication: { number: number; digest: string };
}

export const BENCHMARK = `query ($code: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!]) {
  region(code: $code) {
    benchmark(indicator: $indicator, period: $period, breakdown: $breakdown) {
      indicator { code name } coverage { shown submitted parties text }
      authorities { authority { code name } figure { kind count value } rank }
      region { kind count value } quartiles { lower median upper basis } publication { number digest }
    }
  }
}`;

export const seriesOf = (row: Row) =>
  JSON.stringify([
    row.indicator,
    Object.entries(row.breakdown ?? {}).map(([dimension, category]) => ({ dimension, category })),
  ]);

/** A table that a person enjoys reading: names to the left, numbers to the right; a head of several lines stands on its last one. */
export function table(head: string[], rows: string[][]): void {
  const heads = head.map((cell) => cell.split('\n'));
  const height = Math.max(...heads.map(({ length }) => length));
  const headed = Array.from({ length: height }, (_, i) => heads.map((lines) => lines[i - height + lines.length] ?? ''));
  const widths = head.map((_, i) => Math.max(...[...headed, ...rows].map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    `  ${row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('   ')}`;
  for (const row of headed) say(bold(line(row)));
  say(`  ${widths.map((width) => '─'.repeat(width)).join('───')}`);
  for (const row of rows) say(line(row));
}

/** A count as it is, a measure with one decimal, or the mark for why there is none. */
export const written = (figure: Shown, what: 'count' | 'value') => {
  const number = figure[what];
  if (figure.kind === 'HIDDEN') return '[c]';
  if (figure.kind === 'NOT_APPLICABLE') return '[z]';
  if (figure.kind !== 'VALUE' || number === null) return '[x]';
  return what === 'count' ? number.toLocaleString('en-GB') : oneDecimal(number);
};
export const oneDecimal = (value: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Words over lines no wider than so many letters, for the head of a column. */
export const stacked = (words: string, width: number): string =>
  words.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n').trimEnd();

/** A category of a breakdown in the words of the dataset. */
export const categoryName = ({ dimensions }: Dataset, dimension: string, category: string): string =>
  dimensions[dimension]?.categories.find(({ code }) => code === category)?.name ?? category;
