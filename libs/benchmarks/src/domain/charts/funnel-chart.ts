import { scaleLinear } from 'd3-scale';
import { line as lineOf } from 'd3-shape';
import type { Funnel, FunnelStep } from '../funnel';
import {
  BLUE,
  cut,
  DARK,
  drawing,
  element,
  escaped,
  leftInWords,
  line,
  marksUp,
  namesBeside,
  number,
  ORANGE,
  PLUM,
  scaleOf,
  TEAL,
  text,
  TOP,
  WIDTH,
  within,
  type Frame,
  type Left,
} from './svg';

/** One authority in a funnel. */
export interface FunnelDot {
  readonly name: string;
  readonly base: number;
  readonly value: number;
  /** Outside the 95 % limits, and outside those of 99.8 %. */
  readonly isOut: boolean;
  readonly isFar: boolean;
}

/** A hidden figure in a funnel: what is left of it. */
export interface FunnelHidden {
  readonly name: string;
  readonly base: number;
  readonly between: Left;
}

/** Values by how much they rest on, between the limits that chance leaves once in 20 and once in 500. */
export function funnelChart(
  frame: Frame,
  dots: readonly FunnelDot[],
  hidden: readonly FunnelHidden[],
  { curve, pooled }: Pick<Funnel, 'curve' | 'pooled'>,
  unit: string,
  baseName: string,
): string {
  const [left, right, bottom] = [64, WIDTH - 100, 370];
  const values = [...dots.map(({ value }) => value), pooled];
  const least = Math.min(...values, ...hidden.map(({ between }) => between[0]), ...curve.map(({ wide }) => wide.lower));
  const usual = Math.max(...values, ...curve.map(({ wide }) => wide.upper));
  // A hidden figure that may be anything does not stretch the scale.
  const most = Math.max(usual, ...hidden.map(({ between }) => Math.min(between[1] ?? between[0], usual * 1.5)));
  // What hardly differs is not made to look as if it did.
  const room = Math.max((most - least) * 0.05, most * 0.05);
  const y = scaleOf(Math.max(0, least - room), Math.min(most + room, unit === '%' ? 100 : Infinity), bottom, TOP + 20);
  const bases = [...curve, ...hidden].map(({ base }) => base);
  // Without round ends, so that the curves end where their names stand.
  const x = scaleLinear([Math.min(...bases), Math.max(...bases)], [left, right]);
  const path = (valueOf: (step: FunnelStep) => number, dash: string | undefined) => {
    const drawn = lineOf<FunnelStep>()
      .digits(1)
      .x(({ base }) => x(base))
      .y((step) => within(y, valueOf(step)));
    return element('path', { d: drawn([...curve]) ?? '', fill: 'none', stroke: PLUM, 'stroke-dasharray': dash });
  };
  const places = x
    .ticks(5)
    .map((mark) => text(x(mark), bottom + 18, number(mark), { 'text-anchor': 'middle', 'font-size': 12 }));
  const end = curve.at(-1)!;
  const at = (value: number, name: string) => ({ at: within(y, value), name });
  const names = namesBeside(
    [
      at(end.wide.upper, '99.8 %'),
      at(end.usual.upper, '95 %'),
      at(end.usual.lower, '95 %'),
      at(end.wide.lower, '99.8 %'),
    ],
    at(pooled, 'region'),
    right + 6,
  );
  return drawing(
    frame,
    bottom + 42,
    marksUp(y, left, right) +
      path(({ usual }) => usual.upper, '6 4') +
      path(({ usual }) => usual.lower, '6 4') +
      path(({ wide }) => wide.upper, undefined) +
      path(({ wide }) => wide.lower, undefined) +
      line(left, y(pooled), right, y(pooled), { stroke: TEAL, 'stroke-width': 1.5 }) +
      hidden.map((one) => boxOf(one, x(one.base), (value) => within(y, value))).join('') +
      dots.map((dot) => dotOf(dot, x(dot.base), y(dot.value))).join('') +
      namesOf(
        dots.map((dot) => ({ ...dot, at: [x(dot.base), y(dot.value)] as const })),
        [right, TOP + 14, bottom - 6],
        hidden.flatMap(({ base, between }) => stacked(x(base), within(y, between[1] ?? Infinity), y(between[0]))),
      ) +
      places.join('') +
      names +
      text(12, TOP + 4, unit, { 'font-size': 12 }) +
      text((left + right) / 2, bottom + 38, baseName, { 'text-anchor': 'middle', 'font-size': 12 }),
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}
const HEIGHT = 12;
const meets = (a: Box, b: Box) => Math.abs(a.y - b.y) < HEIGHT && a.x < b.x + b.width && b.x < a.x + a.width;

/** A box of any height, with the mark above it, as boxes of one line each. */
const stacked = (x: number, high: number, low: number): Box[] =>
  Array.from({ length: Math.ceil((low - high) / HEIGHT) + 2 }, (_, i) => ({
    x: x - 6,
    y: high - HEIGHT + i * HEIGHT,
    width: 12,
  }));

/** The names of those outside, each on the first side where it covers no other name and no other point; else none. */
function namesOf(
  dots: readonly (FunnelDot & { readonly at: readonly [x: number, y: number] })[],
  [right, top, bottom]: readonly [right: number, top: number, bottom: number],
  boxes: readonly Box[],
): string {
  const taken: Box[] = [...dots.map(({ at: [x, y] }) => ({ x: x - 5, y, width: 10 })), ...boxes];
  const written = dots
    .filter(({ isOut }) => isOut)
    .map(({ name, at: [x, y] }) => {
      const words = cut(name, 28);
      const width = words.length * 6.4;
      const sides = [
        { x: x + 10, y },
        { x: x - 10 - width, y },
        { x: x - width / 2, y: y - 13 },
        { x: x - width / 2, y: y + 15 },
      ].map((place) => ({ ...place, width }));
      const isFree = (box: Box) =>
        box.x > 0 && box.x + width < right && box.y >= top && box.y <= bottom && !taken.some((one) => meets(one, box));
      const box = sides.find(isFree);
      if (!box) return '';
      taken.push(box);
      return text(box.x, box.y + 4, words, { 'font-size': 12 });
    });
  return written.join('');
}

function boxOf({ name, between }: FunnelHidden, x: number, y: (value: number) => number): string {
  const [low, high] = [y(between[0]), y(between[1] ?? Infinity)];
  const dashed = { fill: 'none', stroke: PLUM, 'stroke-dasharray': '4 3' };
  const label = element('title', {}, escaped(`${name}: [c] ${leftInWords(between)}`));
  return (
    element('rect', { x: x - 5, y: high, width: 10, height: Math.max(2, low - high), ...dashed }, label) +
    text(x, high - 5, '[c]', { 'text-anchor': 'middle', 'font-size': 11, fill: PLUM })
  );
}

function dotOf({ name, value, isFar, isOut }: FunnelDot, x: number, y: number): string {
  const label = element('title', {}, escaped(`${name}: ${number(value)}`));
  if (!isOut) return element('circle', { cx: x, cy: y, r: 4, fill: BLUE }, label);
  const mark = { x: x - 5, y: y - 5, width: 10, height: 10, fill: isFar ? ORANGE : '#FFFFFF', stroke: DARK };
  return element('rect', mark, label);
}
