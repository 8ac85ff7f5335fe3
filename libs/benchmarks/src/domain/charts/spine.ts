import type { Quartiles } from '@hub/statistics';
import {
  cut,
  DARK,
  drawing,
  element,
  leftInWords,
  nothing,
  number,
  ORANGE,
  PALE,
  PLUM,
  SKY,
  text,
  TOP,
  WIDTH,
  type Frame,
  type Left,
} from './svg';

/** One indicator of a spine. */
export interface SpineRow {
  readonly name: string;
  readonly value: number | null;
  readonly between: Left | null;
  readonly mark: string | null;
  readonly region: number | null;
  /** The mean of its statistical neighbours. */
  readonly neighbours: number | null;
  readonly quartiles: (Quartiles & { readonly least: number; readonly most: number }) | null;
  /** In words: better, similar, worse, higher, lower. */
  readonly comparison: string | null;
}

const [LEFT, RIGHT, ROW] = [330, WIDTH - 150, 28];

/** One authority across indicators: each row from the least printed value to the largest, the middle half, and where it stands. */
export function spineChart(frame: Frame, rows: readonly SpineRow[]): string {
  const body = rows.map((row, i) => rowOf(row, TOP + 36 + i * ROW));
  const key =
    element('circle', { cx: LEFT + 6, cy: TOP + 4, r: 5, fill: ORANGE, stroke: DARK }) +
    text(LEFT + 16, TOP + 8, 'this authority', { 'font-size': 12 }) +
    element('path', { d: `M${LEFT + 112} ${TOP - 2}l5 6l-5 6l-5 -6Z`, fill: PLUM }) +
    text(LEFT + 122, TOP + 8, 'region', { 'font-size': 12 }) +
    triangle(LEFT + 180, TOP + 4) +
    text(LEFT + 190, TOP + 8, 'its neighbours', { 'font-size': 12 }) +
    element('rect', { x: LEFT + 282, y: TOP - 2, width: 14, height: 12, fill: SKY }) +
    text(LEFT + 301, TOP + 8, 'middle half', { 'font-size': 12 });
  const none = rows.length ? '' : nothing(TOP + 40);
  return drawing(frame, TOP + 30 + Math.max(1, rows.length) * ROW, key + none + body.join(''));
}

/** Hollow, so that what lies under it is seen. */
const triangle = (x: number, y: number): string =>
  element('path', { d: `M${Math.round(x)} ${y - 7}l6 12l-12 0Z`, fill: 'none', stroke: DARK, 'stroke-width': 2 });

function rowOf({ name, value, between, mark, region, neighbours, quartiles, comparison }: SpineRow, y: number): string {
  const words = text(12, y + 4, cut(name, 44));
  const hiddenWords = [mark ?? '', ...(between ? [leftInWords(between)] : [])].join(' ');
  const shown = value === null ? hiddenWords : `${number(value)}${comparison ? `  ${comparison}` : ''}`;
  const said = text(RIGHT + 14, y + 4, shown, { 'font-size': 12 });
  if (!quartiles) return words + said;
  const { least, most } = quartiles;
  const at = (one: number) => {
    // Where all are alike, they stand in the middle.
    const share = most > least ? (one - least) / (most - least) : one === least ? 0.5 : Math.sign(one - least);
    const place = LEFT + share * (RIGHT - LEFT);
    return Math.min(RIGHT, Math.max(LEFT, place));
  };
  const [from, to] = [at(quartiles.lower), at(quartiles.upper)];
  const bands =
    element('rect', { x: LEFT, y: y - 7, width: RIGHT - LEFT, height: 14, fill: PALE }) +
    element('rect', { x: from, y: y - 7, width: to - from, height: 14, fill: SKY });
  const left = between && [at(between[0]), at(between[1] ?? Infinity)];
  const hidden = left
    ? element('rect', {
        x: left[0]!,
        y: y - 5,
        width: Math.max(3, left[1]! - left[0]!),
        height: 10,
        fill: '#FFFFFF',
        stroke: PLUM,
        'stroke-dasharray': '4 3',
      })
    : '';
  const diamond =
    region === null ? '' : element('path', { d: `M${Math.round(at(region))} ${y - 9}l5 9l-5 9l-5 -9Z`, fill: PLUM });
  const dot = value === null ? '' : element('circle', { cx: at(value), cy: y, r: 6, fill: ORANGE, stroke: DARK });
  const mean = neighbours === null ? '' : triangle(at(neighbours), y);
  return words + bands + hidden + diamond + dot + mean + said;
}
