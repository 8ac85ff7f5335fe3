import { MONTHS } from '@hub/kernel';
import type { Cell } from './sheet';

const months = MONTHS.map((month) => month.slice(0, 3).toLowerCase());

/** `Jul-25`, as a spreadsheet shows 2025-07, in our form; any other text as it is. */
export function monthOf(text: string): string {
  const match = /^([A-Za-z]{3})-(\d{2})$/.exec(text);
  const month = months.indexOf(match?.[1]?.toLowerCase() ?? '') + 1;
  return match && month > 0 ? `20${match[2]}-${String(month).padStart(2, '0')}` : text;
}

/** Whether a spreadsheet shows the code, `1-4` or `10-15`, in this way when it takes it for a date. */
export function looksLike(code: string, text: string): boolean {
  const match = /^(\d{1,2})-(\d{1,2})$/.exec(code);
  if (!match) return false;
  const [first, second] = [Number(match[1]), Number(match[2])];
  const [a, b] = [months[first - 1], months[second - 1]];
  const two = (n: number) => String(n).padStart(2, '0');
  // Day and month as in Britain, month and day as in America, month and year where the second is no day of it.
  return [
    ...(b ? [`${first}-${b}`, `${two(first)}-${b}`] : []),
    ...(a ? [`${second}-${a}`, `${two(second)}-${a}`, `${a}-${two(second)}`] : []),
  ].includes(text.toLowerCase());
}

/** Whether the date is what a spreadsheet makes of the code. */
export function isDateOf(code: string, { year, month, day }: Extract<Cell, { kind: 'date' }>): boolean {
  const match = /^(\d{1,2})-(\d{1,2})$/.exec(code);
  if (!match) return false;
  const [first, second] = [Number(match[1]), Number(match[2])];
  return (
    (day === first && month === second) ||
    (month === first && day === second) ||
    (month === first && day === 1 && year % 100 === second)
  );
}
