import type { Limits } from '@hub/statistics';
import {
  alike,
  arrow,
  BLUE,
  boxAlong,
  DARK,
  drawing,
  element,
  GREY,
  HALO,
  hiddenMark,
  inTwoLines,
  keyOf,
  leftInWords,
  lengthOf,
  line,
  number,
  ORANGE,
  PALE,
  PLUM,
  scaleOf,
  SMALL,
  TEAL,
  text,
  TOP,
  WIDTH,
  within,
  type Frame,
  type KeyMark,
  type Left,
  type Letters,
  type Scale,
  type Written,
} from './svg';

/** One row of a bar chart. */
export interface BarRow {
  readonly name: string;
  readonly value: number | null;
  readonly limits: Limits | null;
  /** Of a hidden figure what is left of it; null where it is not known, or for a figure that is not there. */
  readonly between: Left | null;
  /** What stands in place of a value: `[c]` or `[x]`. */
  readonly mark: string | null;
  /** The one that the reader looks for. */
  readonly isFocus?: boolean;
  /** Its rate is whole (decision 58), and is not written as if it were known to a decimal. */
  readonly isUnnamed?: boolean;
}

const [LEFT, RIGHT, ROW] = [210, WIDTH - 146, 28];
/** Where values are written: beside the drawing, so that no line runs through them. */
const VALUES = RIGHT + 14;

/** What the rows are held against. */
export interface BarReferences {
  /** Hidden, what is left of it; with how many authorities stand in it. */
  readonly region: { readonly value: number | null; readonly between: Left | null; readonly coverage: string };
  /** As published; null where nothing is. */
  readonly england: number | null;
}

/** Bars with their limits, the region's value as a dashed line, or as a dashed box over what is left of it, and England's dotted. */
export function barChart(
  frame: Frame,
  rows: readonly BarRow[],
  unit: string,
  { region, england }: BarReferences,
): string {
  const [named, unnamed] = [false, true].map((which) =>
    alike([
      ...rows
        .filter(({ isUnnamed }) => Boolean(isUnnamed) === which)
        .flatMap(({ value, between }) => [value, ...(between ?? [])]),
      ...(which ? [] : [region.value, ...(region.between ?? []), england]),
    ]),
  ) as [Written, Written];
  // A hidden figure that may be anything does not stretch the scale.
  const ends = rows.flatMap(({ value, limits }) => [value ?? 0, limits?.upper ?? 0]);
  const hidden = [region, ...rows].flatMap(({ between }) => between?.[1] ?? between?.[0] ?? 0);
  const usual = Math.max(region.value ?? 0, england ?? 0, ...ends);
  const x = scaleOf(
    0,
    Math.max(1, usual, ...hidden.map((end) => (usual ? Math.min(end, usual * 1.5) : end))),
    LEFT,
    RIGHT,
  );
  // A line of names for each reference.
  const top = TOP + (england === null ? 18 : 34);
  const bottom = top + 10 + rows.length * ROW;
  const marks = x
    .ticks(5)
    .map(
      (mark) =>
        line(x(mark), top, x(mark), bottom, { stroke: GREY, 'stroke-width': 0.6 }) +
        text(x(mark), bottom + 18, number(mark), { ...SMALL, 'text-anchor': 'middle' }),
    );
  const said = (from: number, to: number, y: number, words: string) => {
    const length = lengthOf(words);
    // England's line runs through the row of the region's name, which stands on the other side of it.
    const side = england === null ? 'middle' : x(england) < (from + to) / 2 ? 'start' : 'end';
    const [before, after] = { start: [0, length], middle: [length / 2, length / 2], end: [length, 0] }[side] as [
      number,
      number,
    ];
    const at = { start: from, middle: (from + to) / 2, end: to }[side];
    const place = Math.max(12 + before, Math.min(at, WIDTH - 8 - after));
    return text(place, y, words, { ...SMALL, 'text-anchor': side, ...HALO });
  };
  const references =
    (england === null
      ? ''
      : line(x(england), top - 16, x(england), bottom, { 'stroke-dasharray': '1 3', 'stroke-width': 2 }) +
        text(Math.min(x(england), WIDTH - 88), top - 22, `England ${named(england)} (public)`, {
          ...SMALL,
          'text-anchor': 'middle',
        })) + regionOf(region, x, top, bottom, { said, written: named });
  const body = rows.map((row, i) => barOf(row, x, top + 6 + i * ROW, row.isUnnamed ? unnamed : named));
  const axis = text((LEFT + RIGHT) / 2, bottom + 36, unit, { ...SMALL, 'text-anchor': 'middle' });
  const isMarked = (as: string) => rows.some(({ mark, value }) => value === null && mark === as);
  const key: readonly (KeyMark | false)[] = [
    rows.some(({ limits }) => limits) && [whiskerMark, '95% limits'],
    isMarked('[c]') && [hiddenMark, '[c] hidden, with what is left of it'],
    isMarked('[x]') && [() => '', '[x] not available'],
  ];
  const below = bottom + 44 + (key.some(Boolean) ? 20 : 0);
  return drawing(frame, below, marks.join('') + references + body.join('') + axis + keyOf(key, 22, bottom + 56));
}

function regionOf(
  { value, between, coverage }: BarReferences['region'],
  x: Scale,
  top: number,
  bottom: number,
  { said, written }: { said: (from: number, to: number, y: number, words: string) => string; written: Written },
): string {
  if (value !== null) {
    const words = `Region ${written(value)} (${coverage})`;
    return (
      line(x(value), top, x(value), bottom, { 'stroke-dasharray': '6 4', 'stroke-width': 1.5 }) +
      said(x(value), x(value), top - 6, words)
    );
  }
  if (!between) return '';
  const [from, to] = [within(x, between[0]), within(x, between[1] ?? Infinity)];
  const box = { x: from, y: top, width: Math.max(2, to - from), height: bottom - top, fill: PALE, stroke: DARK };
  return (
    element('rect', { ...box, 'stroke-dasharray': '6 4' }) +
    said(from, to, top - 6, `Region [c] ${leftInWords(between, written)} (${coverage})`)
  );
}

const WHISKER = { stroke: ORANGE, 'stroke-width': 2 };
const whiskerOf = (from: number, to: number, middle: number): string =>
  line(from, middle, to, middle, WHISKER) +
  [from, to].map((at) => line(at, middle - 5, at, middle + 5, WHISKER)).join('');
const whiskerMark = (x: number, y: number): string => whiskerOf(x - 8, x + 8, y);

function barOf(row: BarRow, x: Scale, y: number, written: Written): string {
  const middle = y + 9;
  const bold: Letters = row.isFocus ? { 'font-weight': 'bold' } : {};
  const name = inTwoLines(LEFT - 8, middle, row.name, LEFT - 20, { 'text-anchor': 'end', ...bold });
  if (row.value === null) {
    if (!row.between) return name + text(VALUES, middle + 4, row.mark ?? '', SMALL);
    const [least, most] = row.between;
    const [from, to] = [within(x, least), within(x, most ?? Infinity)];
    const goesOn = (most ?? Infinity) > x.domain()[1]!;
    const words = `${row.mark} ${leftInWords(row.between, written)}`;
    return (
      name +
      boxAlong([from, to], middle - 7, 14, goesOn, { fill: '#FFFFFF', stroke: PLUM }) +
      (goesOn ? arrow(to + 2, middle) : '') +
      text(VALUES, middle + 4, words, { ...SMALL, fill: PLUM })
    );
  }
  const { limits, value } = row;
  const fill = row.isFocus ? TEAL : BLUE;
  const bar = element('rect', { x: LEFT, y, width: Math.max(2, x(value) - LEFT), height: 18, fill });
  const whisker = limits ? whiskerOf(x(limits.lower), x(limits.upper), middle) : '';
  const said = text(VALUES, middle + 4, written(value), SMALL);
  return name + bar + whisker + said;
}
