import { camelCase } from '@hub/client';
import { inTenths, inWholes } from '@hub/kernel';
import { prose, type Values } from './command';
import type { EditionNode } from './published';

/** What the pages share that show published figures in a terminal. */

export interface Named {
  readonly code: string;
  readonly name: string | null;
}
export interface Note {
  readonly about: string;
  readonly text: string;
}
export interface Figure {
  readonly kind: string;
  readonly count: number | null;
  /** Of a hidden count the least and the largest; the least alone: that many or more. */
  readonly between: readonly number[] | null;
  readonly value: number | null;
  readonly valueKind: string;
  readonly unit: string;
}
/** What is asked of each. */
export const FIGURE = 'kind count between value valueKind unit';
export interface Limits {
  readonly lower: number;
  readonly upper: number;
}
export interface Publication extends EditionNode {
  readonly number: number;
  readonly dataset: string;
  readonly period: string;
  readonly digest: string;
}
export interface Answer<View> {
  readonly region: { readonly name: string } & View;
}

/** What the command line writes otherwise than the graph: `notCollected` for `NOT_COLLECTED`. */
const enumerated = ['kind', 'valueKind', 'comparison', 'flag', 'edition', 'recent'];
export const forMachines = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (key, value: unknown) =>
    enumerated.includes(key) && typeof value === 'string' ? camelCase(value) : value,
  );

export const inWords = (name: string): string => name.toLowerCase().replace(/_/g, ' ');
export const nameOf = (one: Named | null): string => (one === null ? '(without a name)' : (one.name ?? one.code));

/** Values of one column, with a decimal where any has one; nothing of what is not printed. */
export function numbers(values: readonly (number | null | undefined)[]): (value: number | null | undefined) => string {
  const isWhole = values.every((value) => value === null || value === undefined || Number.isInteger(value));
  const format = isWhole ? inWholes : inTenths;
  return (value) => (value === null || value === undefined ? '' : format(value));
}
/** A count, or between which two a hidden one lies. */
export function countOf({ count, between }: Figure): string {
  if (count !== null) return String(count);
  if (!between) return '';
  const [least, most] = between;
  return most === undefined ? `${least} or more` : `${least} to ${most}`;
}
/** Why there is no value; nothing where there is one. */
export const whyNone = ({ kind, value, valueKind }: Figure): string =>
  value !== null ? '' : inWords(kind === 'VALUE' ? valueKind : kind);

export const HIDDEN = 'hidden: disclosure control does not print it, and why is not told.';
/** Parts with an empty line between them; those without a line are left out. */
export const page = (...parts: readonly (readonly string[])[]): string =>
  `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
export const rowsOf = (made: string): string[] => made.trimEnd().split('\n');
/** A heading and what stands under it; nothing where nothing does. */
export const under = (heading: string, lines: readonly string[]): string[] =>
  lines.length ? prose([heading, ...lines.map((line) => `  ${line}`)]) : [];

/** What has to go with it wherever it is carried, behind it. */
export const footOf = ({
  digest,
  handling,
}: {
  readonly digest?: string;
  readonly handling: string | null;
}): string[] => prose([...(digest === undefined ? [] : [`digest ${digest}`]), ...(handling ? [handling] : [])]);

export const SAID = 'What authorities say of how these compare';
export const notesOf = (
  all: readonly { readonly authority: Named | null; readonly notes: readonly Note[] }[],
): string[] =>
  all.flatMap(({ authority, notes }) =>
    notes.map(({ about, text }) => `${nameOf(authority)}, ${inWords(about)}: ${text}`),
  );

/** Of which category it is asked, behind the indicator's name. */
export const categoryInWords = (values: Values): string =>
  values.has('category') ? `, ${values.get('category')}` : '';
