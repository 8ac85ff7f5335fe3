import { statuses } from '@hub/submissions/domain';
import type { Cell } from './sheet';

/** A name as it is compared: letters of one width and no capitals, one space for several and for underscores. */
export const normal = (text: string) =>
  text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');
/** The text of a cell, without the mark by which a spreadsheet keeps it one; none of what is no text. */
export const textOf = (cell: Cell | undefined): string =>
  cell?.kind === 'text' || cell?.kind === 'number'
    ? cell.text
        .normalize('NFKC')
        .replace(/^[\s'’]+/, '')
        .trimEnd()
    : '';
/** Whether anything stands there. */
export const isFilled = (cell: Cell | undefined): cell is Cell =>
  cell !== undefined && (cell.kind !== 'text' || textOf(cell) !== '');

const statusInWords: Readonly<Record<(typeof statuses)[number], string>> = {
  notCollected: 'nobody records it here',
  notApplicable: 'it cannot occur here',
  notAvailable: 'it is recorded, but cannot be told this time',
};
/** Why a cell of that kind is read as nothing else. */
export const unreadable: Readonly<
  Record<Exclude<Cell['kind'], 'text' | 'number'>, readonly [rule: string, message: string]>
> = {
  formula: ['formula-cell', 'This is a formula, and what it gives may change: copy the column and paste its values.'],
  date: [
    'date-as-number',
    'The spreadsheet shows this as a date: format the column as text or number and write it again.',
  ],
  percentage: ['percentage', 'This is shown as a percentage: send the count and what it is of.'],
  error: ['formula-error', 'A formula has failed here: put the value in.'],
  boolean: ['not-a-number', 'This is true or false, not a value.'],
};

/** Why what stands in a cell is no number. */
export interface NoNumber {
  readonly rule: string;
  readonly message: string;
  readonly expected: string;
}
const refuse = (rule: string, message: string, expected = 'a number of 0 or more'): NoNumber => ({
  rule,
  message,
  expected,
});

/** The number of 0 or more in a cell; undefined where nothing stands. What could be read in two ways is refused. */
export function numberIn(cell: Cell | undefined): number | undefined | NoNumber {
  if (cell === undefined) return undefined;
  if (cell.kind === 'number') return Number(Number(cell.text).toPrecision(15));
  if (cell.kind !== 'text') return refuse(...unreadable[cell.kind]);
  const text = textOf(cell);
  if (text === '') return undefined;
  if (/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return Number(text);
  // 1,234 and 1 234 and 1'234: groups of three throughout, and one kind of mark.
  const grouped = /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:['’]\d{3})+)(?:\.\d+)?$/;
  if (grouped.test(text)) return Number(text.replace(/[, '’]/g, ''));
  if (/^[-−(]/.test(text) && /\d/.test(text)) return refuse('negative', 'A count is not below zero.');
  if (text.endsWith('%')) return refuse('percentage', 'This is a percentage: send the count and what it is of.');
  if (/^\d+(?:\.\d+)?e[+-]?\d+$/i.test(text))
    return refuse('number-form', 'This number is written with an exponent: write it out.');
  if (/^\d{1,3}(?:\.\d{3})*,\d+$|^\d+,\d+$/.test(text))
    return refuse('number-form', 'The comma can be a decimal point or a mark of thousands: write a point, or none.');
  if (/^0\d+(?:\.\d+)?$/.test(text)) return refuse('number-form', 'A number does not begin with a zero.');
  if (/^#/.test(text)) return refuse('formula-error', 'A formula has failed here: put the value in.');
  if (/^=/.test(text)) return refuse('formula-cell', unreadable.formula[1]);
  if (/^(?:[<>≤≥].*|[*~.:\-–—]{1,2}|[cxzku]|n\/?a|nil|none|low|\[[a-z]\]|suppressed)$/i.test(text)) {
    return refuse(
      'marker-for-number',
      'This is a marker, not a number: 0 says that there were none; for anything else leave the cell empty and write status and reason.',
      `a number, or a status: ${statuses.map((one) => `${one} (${statusInWords[one]})`).join(', ')}`,
    );
  }
  if (/\d[\/.-]\d+[\/.-]\d|\d-[A-Za-z]{3}|[A-Za-z]{3}-\d/.test(text))
    return refuse('date-as-number', unreadable.date[1]);
  return refuse('not-a-number', 'This is not a number.');
}
