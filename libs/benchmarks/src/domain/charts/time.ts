import { line as lineOf } from 'd3-shape';
import type { Limits } from '@hub/statistics';
import {
  alike,
  BLUE,
  drawing,
  element,
  escaped,
  HALO,
  hiddenMark,
  inTwoLines,
  keyOf,
  leftInWords,
  lengthOf,
  marksUp,
  namesBeside,
  number,
  ORANGE,
  PLUM,
  scaleOf,
  SMALL,
  square,
  TEAL,
  text,
  TOP,
  WIDTH,
  within,
  type Attributes,
  type Frame,
  type Left,
  type Written,
} from './svg';

/** One point of a control chart. */
export interface ChartPoint {
  readonly period: string;
  /** The period as the axis has it: `Apr–Jun 2025`. */
  readonly name: string;
  readonly value: number | null;
  /** Of a hidden figure what is left of it. */
  readonly between: Left | null;
  readonly mean: number | null;
  readonly control: Limits | null;
  /** Whether it is held against the newest; one that is not stands by itself, for other authorities are in it. */
  readonly isCompared: boolean;
  /** What is unusual about it, in words. */
  readonly signal: string | null;
}

/** A line over time with its mean and control limits; a gap is a gap, and a signal has another shape too. */
export function timeChart(frame: Frame, points: readonly ChartPoint[], unit: string): string {
  const [left, right, bottom] = [64, WIDTH - 84, 340];
  const all = points.flatMap(({ value, control }) =>
    [value, control?.lower, control?.upper].filter((one) => typeof one === 'number'),
  );
  // A hidden figure stretches the scale by half of what is printed, or makes it where nothing is.
  const most = Math.max(...all, 0);
  const hidden = points.flatMap(({ between }) => between?.[1] ?? between?.[0] ?? 0);
  const reach = Math.max(1, most, ...hidden.map((end) => (most ? Math.min(end, most * 1.5) : end)));
  const lowest = [...all, ...points.flatMap(({ between }) => between?.[0] ?? [])];
  const least = lowest.length ? Math.min(...lowest) : 0;
  // What moves far from nought is seen only on an axis that begins near it, which is said; half as much room is left as it moves.
  const begins =
    least > reach / 2 ? Math.max(0, least - Math.max((reach - least) / 2, reach * 0.05)) : Math.min(least, 0);
  const y = scaleOf(
    begins,
    Math.min(reach * 1.05, unit.endsWith('%') ? Math.max(100, reach) : Infinity),
    bottom,
    TOP + 20,
  );
  const [from] = y.domain() as [number];
  const axis = from > 0 ? `${unit}; the axis begins at ${number(from)}` : unit;
  const x = (i: number) => left + ((i + 0.5) * (right - left)) / points.length;
  // Counted from the newest, which is always named.
  const every = Math.ceil(points.length / 8);
  const periods = points.map(({ name }, i) =>
    (points.length - 1 - i) % every ? '' : inTwoLines(x(i), bottom + 20, name, 66, CENTRED),
  );
  const path = (valueOf: (point: ChartPoint) => number | null | undefined, more: Attributes) => {
    const d = lineOf<ChartPoint>()
      .digits(1)
      .defined((point) => typeof valueOf(point) === 'number')
      .x((_, i) => x(i))
      .y((point) => y(valueOf(point)!))([...points]);
    return d ? element('path', { d, fill: 'none', ...more }) : '';
  };
  const dashed = { stroke: PLUM, 'stroke-dasharray': '6 4' };
  const limits =
    path(({ control }) => control?.upper, dashed) +
    path(({ control }) => control?.lower, dashed) +
    path(({ mean }) => mean, { stroke: TEAL, 'stroke-width': 1.5 });
  const written = alike(points.flatMap(({ value, between }) => [value, ...(between ?? [])]));
  const dots = points.map((point, i) => dotOf(point, x(i), (value) => within(y, value), written));
  const last = points.findLast(({ control }) => control);
  const names = last?.control
    ? namesBeside(
        [
          { at: y(last.control.upper), name: 'upper limit', fill: PLUM },
          { at: y(last.control.lower), name: 'lower limit', fill: PLUM },
        ],
        { at: y(last.mean!), name: 'mean' },
        right,
      )
    : '';
  return drawing(
    frame,
    bottom + 44,
    marksUp(y, left, right) +
      limits +
      path(({ value, isCompared }) => (isCompared ? value : null), { stroke: BLUE, 'stroke-width': 2 }) +
      dots.join('') +
      periods.join('') +
      names +
      text(12, TOP + 4, axis, SMALL) +
      keyOf(
        [
          points.some(({ value, isCompared }) => value !== null && !isCompared) && [
            apartDot,
            'other authorities in it: not compared',
          ],
          points.some(({ signal }) => signal) && [(at, of) => square(at, of, ORANGE), 'unusual'],
          points.some(({ value, between }) => value === null && between) && [hiddenMark, '[c] hidden'],
        ],
        Math.max(180, lengthOf(axis) + 40),
        TOP,
      ),
  );
}

const CENTRED = { ...SMALL, 'text-anchor': 'middle' };

const apartDot = (x: number, y: number, label = ''): string =>
  element('circle', { cx: x, cy: y, r: 4, fill: '#FFFFFF', stroke: BLUE, 'stroke-width': 2 }, label);

function dotOf(
  { value, signal, name, between, isCompared }: ChartPoint,
  x: number,
  y: (value: number) => number,
  written: Written,
): string {
  const labelled = (words: string) => element('title', {}, escaped(`${name}: ${words}`));
  if (value === null) {
    if (!between) return '';
    const [low, high] = [y(between[0]), y(between[1] ?? Infinity)];
    const box = {
      x: x - 6,
      y: high,
      width: 12,
      height: Math.max(2, low - high),
      fill: '#FFFFFF',
      stroke: PLUM,
      'stroke-dasharray': '4 3',
    };
    return (
      element('rect', box, labelled(`[c] ${leftInWords(between, written)}`)) +
      // Under a box that reaches to the end of the scale, where the key stands over it.
      text(x, high < TOP + 30 ? low + 14 : high - 5, '[c]', { ...SMALL, 'text-anchor': 'middle', fill: PLUM, ...HALO })
    );
  }
  const place = y(value);
  const label = labelled(`${written(value)}${signal ? `, ${signal}` : ''}`);
  if (!isCompared) return apartDot(x, place, label);
  return signal ? square(x, place, ORANGE, label) : element('circle', { cx: x, cy: place, r: 3.5, fill: BLUE }, label);
}
