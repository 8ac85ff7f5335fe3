import { tenth, type Quartiles } from '@hub/statistics';
import {
  DARK,
  drawing,
  EDGE,
  element,
  inTwoLines,
  keyOf,
  leftInWords,
  line,
  nothing,
  number,
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
} from './svg';

/** One indicator of a spine. */
export interface SpineRow {
  readonly name: string;
  /** `per 10,000`, `%` or `average`. */
  readonly unit: string;
  readonly value: number | null;
  readonly between: Left | null;
  readonly mark: string | null;
  readonly region: number | null;
  /** Of a hidden region what is left of it. */
  readonly regionBetween: Left | null;
  /** Authorities in the region's figure: `11 of 12`. */
  readonly coverage: string;
  /** As published; null where nothing is. */
  readonly england: number | null;
  /** The mean of its statistical neighbours. */
  readonly neighbours: number | null;
  readonly quartiles: (Quartiles & { readonly least: number; readonly most: number }) | null;
  /** In words: better, similar, worse, higher, lower. */
  readonly comparison: string | null;
}

const [LEFT, RIGHT, ROW] = [440, 700, 30];
/** Where the unit begins. */
const UNIT = 302;
/** Where the completeness of the region's figure stands, to its right end. */
const COMPLETE = LEFT - 18;
/** Where the value itself is written, and the right end of the first of the numbers that its marks stand for. */
const [VALUE, NUMBERS, COLUMN] = [RIGHT + 14, RIGHT + 164, 66];
const TO_RIGHT = { ...SMALL, 'text-anchor': 'end' };

type Column = readonly [head: string, of: (row: SpineRow) => number | string | null];
/** What the marks of a row stand for, in numbers. */
const allColumns: readonly Column[] = [
  [
    'region',
    ({ region, regionBetween }) =>
      region ?? (regionBetween && `[c] ${leftInWords(regionBetween)}`.replace(' to ', '–')),
  ],
  ['neighbours', ({ neighbours }) => neighbours],
  ['England', ({ england }) => england],
  ['least', ({ quartiles }) => quartiles && quartiles.least],
  ['lower quartile', ({ quartiles }) => quartiles && quartiles.lower],
  ['median', ({ quartiles }) => quartiles && quartiles.median],
  ['upper quartile', ({ quartiles }) => quartiles && quartiles.upper],
  ['most', ({ quartiles }) => quartiles && quartiles.most],
];
const placeOf = (i: number) => NUMBERS + (i + 1) * COLUMN - 14;

/**
 * One authority across indicators: each row from the least printed value to the largest, the middle half, and where it stands.
 * @param why  what is said where there is no row
 */
export function spineChart(frame: Frame, rows: readonly SpineRow[], why?: string): string {
  if (!rows.length) return drawing(frame, TOP + 24, nothing(TOP + 6, why));
  const hasEngland = rows.some(({ england }) => england !== null);
  const columns = allColumns.filter(([head]) => hasEngland || head !== 'England');
  const body = rows.map((row, i) => rowOf(row, columns, TOP + 64 + i * ROW));
  const marks: readonly KeyMark[] = [
    [dot, 'this authority'],
    [diamond, rows.some((row) => row.regionBetween) ? 'region (dashed box: hidden)' : 'region'],
    [triangle, 'its neighbours'],
    ...(hasEngland ? ([[upright, 'England (public)']] as const) : []),
    [(x, y) => element('rect', { x: x - 7, y: y - 6, width: 14, height: 12, fill: SKY, stroke: EDGE }), 'middle half'],
  ];
  const heads = [
    text(UNIT, TOP + 42, 'unit', SMALL),
    inTwoLines(COMPLETE, TOP + 30, 'in the region’s figure', 90, TO_RIGHT),
    inTwoLines(VALUE, TOP + 30, 'this authority, beside the region', 110, SMALL),
    ...columns.map(([head], i) => inTwoLines(placeOf(i), TOP + 30, head, COLUMN - 4, TO_RIGHT)),
  ];
  return drawing(
    frame,
    TOP + 56 + rows.length * ROW,
    keyOf(marks, 20, TOP + 4) + heads.join('') + body.join(''),
    placeOf(columns.length - 1) + 12,
  );
}

const dot = (x: number, y: number): string => element('circle', { cx: x, cy: y, r: 6, fill: ORANGE, stroke: DARK });
const diamond = (x: number, y: number): string =>
  element('path', { d: `M${Math.round(x)} ${y - 9}l5 9l-5 9l-5 -9Z`, fill: PLUM });
/** Taller than the others, so that it is seen behind them. */
const upright = (x: number, y: number): string =>
  line(x, y - 12, x, y + 12, { stroke: DARK, 'stroke-width': 2.5, 'stroke-dasharray': '3 2' });

/** Hollow, so that what lies under it is seen. */
const triangle = (x: number, y: number): string =>
  element('path', { d: `M${Math.round(x)} ${y - 7}l6 12l-12 0Z`, fill: 'none', stroke: DARK, 'stroke-width': 2 });

function rowOf(row: SpineRow, columns: readonly Column[], y: number): string {
  const { name, value, between, mark, region, regionBetween, england, neighbours, quartiles, comparison } = row;
  const words =
    inTwoLines(12, y, name, UNIT - 24) +
    text(UNIT, y + 4, row.unit, SMALL) +
    text(COMPLETE, y + 4, row.coverage, TO_RIGHT);
  const hiddenWords = [mark ?? '', ...(between ? [leftInWords(between)] : [])].join(' ');
  const shown = value === null ? hiddenWords : `${number(value)}${comparison ? `  ${comparison}` : ''}`;
  const numbers = columns.map(([, of], i) => {
    const one = of(row);
    return one === null
      ? ''
      : inTwoLines(placeOf(i), y, typeof one === 'number' ? number(tenth(one)) : one, COLUMN - 4, TO_RIGHT);
  });
  const said = text(VALUE, y + 4, shown, SMALL) + numbers.join('');
  if (!quartiles) return words + said;
  // As far as England, which may lie outside what the region prints.
  const [least, most] = [
    Math.min(quartiles.least, england ?? Infinity),
    Math.max(quartiles.most, england ?? -Infinity),
  ];
  const at = (one: number) => {
    // Where all are alike, they stand in the middle.
    const share = most > least ? (one - least) / (most - least) : one === least ? 0.5 : Math.sign(one - least);
    const place = LEFT + share * (RIGHT - LEFT);
    return Math.min(RIGHT, Math.max(LEFT, place));
  };
  const band = (from: number, to: number, fill: string, stroke?: string) =>
    element('rect', { x: from, y: y - 7, width: to - from, height: 14, fill, stroke });
  const bands =
    (most > least ? band(at(quartiles.least), at(quartiles.most), PALE) : band(LEFT, RIGHT, PALE)) +
    band(at(quartiles.lower), at(quartiles.upper), SKY, EDGE);
  /** What is left of a hidden figure. */
  const box = (left: Left | null, height: number, fill: string) => {
    if (!left) return '';
    const [begin, end] = [at(left[0]), at(left[1] ?? Infinity)];
    const dashed = { fill, stroke: PLUM, 'stroke-dasharray': '4 3' };
    return element('rect', { x: begin, y: y - height / 2, width: Math.max(3, end - begin), height, ...dashed });
  };
  const drawn = (one: number | null, shape: (x: number, y: number) => string) =>
    one === null ? '' : shape(at(one), y);
  return (
    words +
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
