import { betterWords, type Indicator } from '@hub/registry/domain';
import type { Quartiles } from '@hub/statistics';
import type { Recent } from '../history';
import type { Cut } from '../standing';
import {
  alike,
  arrow,
  DARK,
  drawing,
  EDGE,
  element,
  inLines,
  inTwoLines,
  keyOf,
  leftInWords,
  line,
  nothing,
  ORANGE,
  PALE,
  PLUM,
  SKY,
  SMALL,
  text,
  TOP,
  type Frame,
  type KeyMark,
  type Left,
  type Written,
} from './svg';

/** One indicator of a spine. */
export interface SpineRow {
  readonly name: string;
  /** `per 10,000 in the quarter`, `%` or `average`. */
  readonly unit: string;
  /** Which end is the better one: `lower` is turned. */
  readonly polarity: Indicator['polarity'];
  readonly value: number | null;
  readonly between: Left | null;
  readonly mark: string | null;
  readonly region: number | null;
  /** What stands in the place of its value, and of a hidden one what is left of it. */
  readonly regionMark: string;
  readonly regionBetween: Left | null;
  /** Authorities in the region's figure: `11 of 12`. */
  readonly coverage: string;
  /** As published; null where nothing is. */
  readonly england: number | null;
  /** The mean of its statistical neighbours. */
  readonly neighbours: number | null;
  /** How many of them are in it: `2 of 10`; null where there is no mean. */
  readonly nearest: string | null;
  readonly quartiles: (Quartiles & { readonly least: number; readonly most: number }) | null;
  /** Whether these are whole (decision 58), and not written as if they were known to a decimal. */
  readonly isCoarse?: boolean;
  /** Cuts that the figures that are not printed could change. */
  readonly open: readonly Cut[];
  /** In words: better, similar, worse, higher, lower. */
  readonly comparison: string | null;
  /** Its recent trend; absent or null where there is none. */
  readonly recent?: { readonly direction: Recent; readonly words: string } | null;
}

const [LEFT, RIGHT, ROW] = [510, 770, 30];
/** Where the unit begins. */
const UNIT = 258;
/** Where the completeness of the region's figure stands, to its right end. */
const COMPLETE = 444;
/** Where the values of both ends are written: outside the marks. */
const [WORSE, BETTER] = [LEFT - 12, RIGHT + 12];
/** Where the value itself is written, and the right end of the first of the numbers that its marks stand for. */
const [VALUE, NUMBERS, COLUMN] = [RIGHT + 66, RIGHT + 216, 66];
const TO_RIGHT = { ...SMALL, 'text-anchor': 'end' };

type Column = readonly [head: string, of: (row: SpineRow, written: InRow) => readonly (string | null)[]];
/** How the numbers of a row are written: all alike, but cuts whole where rates are (decision 58). */
interface InRow {
  readonly one: Written;
  readonly cut: Written;
}
/** Behind a quartile, as the caption explains. */
export const OPEN = '*';
const cutOf =
  (which: Cut): Column[1] =>
  ({ quartiles, open }, { cut }) => [quartiles ? `${cut(quartiles[which])}${open.includes(which) ? OPEN : ''}` : '[z]'];
/** What the marks of a row stand for, in numbers, or why there is none. */
const allColumns: readonly Column[] = [
  [
    'region',
    ({ region, regionMark, regionBetween }, { one }) =>
      region !== null
        ? [one(region)]
        : [regionMark, ...(regionBetween ? [leftInWords(regionBetween, one).replace(' to ', '–')] : [])],
  ],
  ['neighbours', ({ neighbours, nearest }, { one }) => (neighbours === null ? ['[x]'] : [one(neighbours), nearest])],
  ['England', ({ england }, { one }) => [england === null ? '[x]' : one(england)]],
  ['lower quartile', cutOf('lower')],
  ['median', cutOf('median')],
  ['upper quartile', cutOf('upper')],
];
const placeOf = (i: number) => NUMBERS + (i + 1) * COLUMN - 14;

/**
 * One authority across indicators: each row from the least printed value to the largest, the middle half, and where it stands. Better
 * is to the right: rows of which less is better are turned; where neither end is better the middle half is hollow (decision 64).
 * @param why  what is said where there is no row
 */
export function spineChart(frame: Frame, rows: readonly SpineRow[], why?: string): string {
  if (!rows.length) return drawing(frame, TOP + 24, nothing(TOP + 6, why));
  const hasEngland = rows.some(({ england }) => england !== null);
  const columns = allColumns.filter(([head]) => hasEngland || head !== 'England');
  const body = rows.map((row, i) => rowOf(row, columns, TOP + 64 + i * ROW));
  const half = (fill: string) => (x: number, y: number) =>
    element('rect', { x: x - 7, y: y - 6, width: 14, height: 12, fill, stroke: EDGE });
  const has = (isNeutral: boolean) => rows.some(({ polarity }) => (polarity === 'neutral') === isNeutral);
  const marks: readonly (KeyMark | false)[] = [
    [dot, 'this authority'],
    [diamond, rows.some((row) => row.regionBetween) ? 'region (dashed box: hidden)' : 'region'],
    [triangle, 'its neighbours'],
    hasEngland && [upright, 'England (public)'],
    has(false) && [half(SKY), 'middle half, better to the right'],
    has(true) && [half(HOLLOW), 'middle half where neither end is better, higher to the right'],
  ];
  const heads = [
    text(UNIT, TOP + 42, 'unit', SMALL),
    inTwoLines(COMPLETE, TOP + 30, 'in the region’s figure', 90, TO_RIGHT),
    inLines(WORSE, TOP + 30, ['← worse', 'or lower'], TO_RIGHT),
    inLines(BETTER, TOP + 30, ['better →', 'or higher'], SMALL),
    rows.some(({ recent }) => recent)
      ? inTwoLines(VALUE, TOP + 30, 'this authority, beside the region, and its recent trend', 150, SMALL)
      : inTwoLines(VALUE, TOP + 30, 'this authority, beside the region', 110, SMALL),
    ...columns.map(([head], i) => inTwoLines(placeOf(i), TOP + 30, head, COLUMN - 4, TO_RIGHT)),
  ];
  return drawing(
    frame,
    TOP + 56 + rows.length * ROW,
    keyOf(marks, 20, TOP + 4) + heads.join('') + body.join(''),
    placeOf(columns.length - 1) + 12,
  );
}

const HOLLOW = '#FFFFFF';
const dot = (x: number, y: number): string => element('circle', { cx: x, cy: y, r: 6, fill: ORANGE, stroke: DARK });
const diamond = (x: number, y: number): string =>
  element('path', { d: `M${Math.round(x)} ${y - 9}l5 9l-5 9l-5 -9Z`, fill: PLUM });
/** Taller than the others, so that it is seen behind them. */
const upright = (x: number, y: number): string =>
  line(x, y - 12, x, y + 12, { stroke: DARK, 'stroke-width': 2.5, 'stroke-dasharray': '3 2' });

/** Hollow, so that what lies under it is seen. */
const triangle = (x: number, y: number): string =>
  element('path', { d: `M${Math.round(x)} ${y - 7}l6 12l-12 0Z`, fill: 'none', stroke: DARK, 'stroke-width': 2 });

const STROKE = { fill: 'none', stroke: DARK, 'stroke-width': 1.8 };
/** Which way values move, in a place of 12 pixels about a height: told by its direction, and in words beside it. */
const ways: Readonly<Record<Recent, (x: number, y: number) => string>> = {
  increasing: (x, y) => element('path', { d: `M${x} ${y + 5}l10 -10m-6.5 0h6.5v6.5`, ...STROKE }),
  decreasing: (x, y) => element('path', { d: `M${x} ${y - 5}l10 10m-6.5 0h6.5v-6.5`, ...STROKE }),
  noChange: (x, y) => element('path', { d: `M${x} ${y}h11m-4.5 -4.5l4.5 4.5l-4.5 4.5`, ...STROKE }),
};

function rowOf(row: SpineRow, columns: readonly Column[], y: number): string {
  const { name, value, between, mark, region, regionBetween, england, neighbours, quartiles, comparison, recent } = row;
  const cuts = quartiles ? [quartiles.least, quartiles.lower, quartiles.median, quartiles.upper, quartiles.most] : [];
  const left = [between, regionBetween].flatMap((one) => one ?? []);
  const one = alike([value, region, england, neighbours, ...left, ...cuts]);
  const written: InRow = { one, cut: row.isCoarse ? alike(cuts) : one };
  const words =
    inTwoLines(12, y, name, UNIT - 24) +
    inLines(UNIT, y, [row.unit, betterWords[row.polarity]], SMALL) +
    text(COMPLETE, y + 4, row.coverage, TO_RIGHT);
  const hiddenWords = [mark ?? '', ...(between ? [leftInWords(between, written.one)] : [])].join(' ');
  const shown = value === null ? hiddenWords : `${written.one(value)}${comparison ? `  ${comparison}` : ''}`;
  const numbers = columns.map(([, of], i) =>
    inLines(
      placeOf(i),
      y,
      of(row, written).filter((line) => line !== null),
      TO_RIGHT,
    ),
  );
  const said =
    text(VALUE, recent ? y - 2 : y + 4, shown, SMALL) +
    (recent ? ways[recent.direction](VALUE, y + 7) + text(VALUE + 16, y + 11, recent.words, SMALL) : '') +
    numbers.join('');
  if (!quartiles) return words + said;
  const isTurned = row.polarity === 'lower';
  const ends = [written.cut(quartiles.least), written.cut(quartiles.most)];
  const [worse, better] = isTurned ? ends.reverse() : ends;
  // As far as the region and England, which may lie outside what its authorities print.
  const [least, most] = [
    Math.min(quartiles.least, region ?? Infinity, england ?? Infinity),
    Math.max(quartiles.most, region ?? -Infinity, england ?? -Infinity),
  ];
  const at = (one: number) => {
    // Where all are alike, they stand in the middle.
    const share = most > least ? (one - least) / (most - least) : one === least ? 0.5 : Math.sign(one - least);
    const place = LEFT + (isTurned ? 1 - share : share) * (RIGHT - LEFT);
    return Math.min(RIGHT, Math.max(LEFT, place));
  };
  /** From one value to another, whichever of them lies on the left. */
  const span = (from: number, to: number) => {
    const [a, b] = [at(from), at(to)];
    return { x: Math.min(a, b), width: Math.abs(b - a) };
  };
  const band = { y: y - 7, height: 14 };
  const bands =
    element('rect', {
      ...(most > least ? span(quartiles.least, quartiles.most) : { x: LEFT, width: RIGHT - LEFT }),
      ...band,
      fill: PALE,
    }) +
    element('rect', {
      ...span(quartiles.lower, quartiles.upper),
      ...band,
      fill: row.polarity === 'neutral' ? HOLLOW : SKY,
      stroke: EDGE,
    });
  /** What is left of a hidden figure. */
  const box = (left: Left | null, height: number, fill: string) => {
    if (!left) return '';
    const { x, width } = span(left[0], left[1] ?? Infinity);
    const dashed = { fill, stroke: PLUM, 'stroke-dasharray': '4 3' };
    const goesOn = [left[0] < least, (left[1] ?? Infinity) > most];
    const [before, behind] = isTurned ? goesOn.reverse() : goesOn;
    return (
      element('rect', { x, y: y - height / 2, width: Math.max(3, width), height, ...dashed }) +
      (before ? arrow(LEFT - 2, y, true) : '') +
      (behind ? arrow(RIGHT + 2, y) : '')
    );
  };
  const drawn = (one: number | null, shape: (x: number, y: number) => string) =>
    one === null ? '' : shape(at(one), y);
  return (
    words +
    text(WORSE, y + 4, worse!, TO_RIGHT) +
    text(BETTER, y + 4, better!, SMALL) +
    bands +
    drawn(england, upright) +
    box(regionBetween, 18, 'none') +
    box(between, 10, '#FFFFFF') +
    drawn(region, diamond) +
    drawn(value, dot) +
    drawn(neighbours, triangle) +
    said
  );
}
