import { scaleLinear } from 'd3-scale';
import { line as lineOf } from 'd3-shape';
import type { Funnel, FunnelStep } from '../funnel';
import {
  alike,
  BLUE,
  drawing,
  element,
  escaped,
  GREY,
  HALO,
  hiddenMark,
  keyOf,
  leftInWords,
  lengthOf,
  line,
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
  type Frame,
  type Left,
  type Letters,
  type Scale,
  type Written,
} from './svg';

/** Whose point or box it is in a funnel. */
interface Whose {
  readonly name: string;
  /** The one that the reader looks for. */
  readonly isFocus?: boolean;
  readonly base: number;
}

/** One authority in a funnel. */
export interface FunnelDot extends Whose {
  readonly value: number;
  /** Outside the 95 % limits, and outside those of 99.8 %. */
  readonly isOut: boolean;
  readonly isFar: boolean;
}

/** A hidden figure in a funnel: what is left of it. */
export interface FunnelHidden extends Whose {
  readonly between: Left;
}

/**
 * Values by how much they rest on, between the limits that chance leaves once in 20 and once in 500. Who lies outside is named, and who
 * is hidden or looked for; by a number that the caption explains where there is no room for the name.
 */
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
  const y = scaleOf(
    Math.max(0, least - room),
    Math.min(most + room, unit.endsWith('%') ? 100 : Infinity),
    bottom,
    TOP + 20,
  );
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
  const limitsAt = [
    ({ usual }: FunnelStep) => usual.lower,
    ({ usual }: FunnelStep) => usual.upper,
    ({ wide }: FunnelStep) => wide.lower,
    ({ wide }: FunnelStep) => wide.upper,
  ].map((valueOf) =>
    scaleLinear(
      curve.map(({ base }) => x(base)),
      curve.map((step) => within(y, valueOf(step))),
    ),
  );
  const places = x
    .ticks(5)
    .map((mark) => text(x(mark), bottom + 18, number(mark), { ...SMALL, 'text-anchor': 'middle' }));
  const end = curve.at(-1)!;
  const at = (value: number, name: string) => ({ at: within(y, value), name });
  const names = namesBeside(
    [at(end.wide.upper, '99.8%'), at(end.usual.upper, '95%'), at(end.usual.lower, '95%'), at(end.wide.lower, '99.8%')],
    at(pooled, 'region'),
    right,
  );
  const named = [
    ...dots
      .filter(({ isOut, isFocus }) => isOut || isFocus)
      .map(({ name, isFocus, isFar, base, value }): Named => {
        return { name, isFocus, mark: '', x: x(base), ys: [y(value)], order: isFocus ? 0 : isFar ? 1 : 2 };
      }),
    ...hidden.map(({ name, isFocus, base, between }): Named => {
      const [high, low] = [within(y, between[1] ?? Infinity) - 9, y(between[0]) + 9];
      const mark = { ...SMALL, 'text-anchor': 'middle', fill: PLUM, ...HALO };
      const instead = text(x(base), high + 4, '[c]', mark);
      return { name, isFocus, mark: ' [c]', x: x(base), ys: [high, low], order: isFocus ? 0 : 3, instead };
    }),
  ].sort((a, b) => a.order - b.order);
  const labels = namesOf(
    named,
    [left, right, TOP + 14, bottom - 6],
    [
      ...dots.map(({ base, value }) => ({ x: x(base) - 5, y: y(value), width: 10, height: 12 })),
      ...hidden.map(({ base, between }) => {
        const [high, low] = [within(y, between[1] ?? Infinity), y(between[0])];
        return { x: x(base) - 6, y: (high + low) / 2, width: 12, height: low - high };
      }),
    ],
    linesAcross([left, right], [...limitsAt, () => y(pooled)]),
  );
  const written = alike([...dots.map(({ value }) => value), ...hidden.flatMap(({ between }) => between)]);
  return drawing(
    { ...frame, caption: `${whoIsNamed(hidden.length > 0, labels)}${axisInWords(y)}\n${frame.caption}` },
    bottom + 42,
    marksUp(y, left, right) +
      path(({ usual }) => usual.upper, '6 4') +
      path(({ usual }) => usual.lower, '6 4') +
      path(({ wide }) => wide.upper, undefined) +
      path(({ wide }) => wide.lower, undefined) +
      line(left, y(pooled), right, y(pooled), { stroke: TEAL, 'stroke-width': 1.5 }) +
      hidden.map((one) => boxOf(one, x(one.base), (value) => within(y, value), written)).join('') +
      dots.map((dot) => dotOf(dot, x(dot.base), y(dot.value), written)).join('') +
      labels.drawn +
      places.join('') +
      names +
      text(12, TOP + 4, unit, SMALL) +
      keyOf(
        [
          [(at, of) => square(at, of, ORANGE), 'outside the 99.8% limits'],
          [(at, of) => square(at, of, '#FFFFFF'), 'outside the 95% limits'],
          [(at, of) => element('circle', { cx: at, cy: of, r: 4, fill: BLUE }), 'within'],
          hidden.length > 0 && [hiddenMark, '[c] hidden'],
        ],
        Math.max(180, lengthOf(unit) + 40),
        TOP,
      ) +
      text((left + right) / 2, bottom + 38, baseName, { ...SMALL, 'text-anchor': 'middle' }),
  );
}

/** Of a scale that does not begin at nought, in a sentence. */
const axisInWords = (scale: Scale): string => {
  const [from] = scale.domain() as [number];
  return from > 0 ? ` The axis of values begins at ${number(from)}.` : '';
};

interface Box {
  readonly x: number;
  /** Of its middle. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const meets = (a: Box, b: Box) =>
  Math.abs(a.y - b.y) < (a.height + b.height) / 2 && a.x < b.x + b.width && b.x < a.x + a.width;

/** Lines in small pieces, which no name covers. */
function linesAcross([left, right]: readonly [number, number], lines: readonly ((x: number) => number)[]): Box[] {
  const steps = Array.from({ length: Math.ceil((right - left) / 6) }, (_, i) => left + i * 6);
  return lines.flatMap((line) => steps.map((x) => ({ x, y: line(x + 3), width: 6, height: 3 })));
}

interface Named {
  readonly name: string;
  readonly isFocus?: boolean | undefined;
  /** The least is named first. */
  readonly order: number;
  /** Behind its name, and behind the number that stands for it. */
  readonly mark: string;
  readonly x: number;
  /** Of a box its upper and its lower end. */
  readonly ys: readonly number[];
  /** What is drawn where there is room for neither name nor number. */
  readonly instead?: string;
}

/** Names of points as they are drawn, those that a number stands for, from 1 on, and those for which there is no room. */
interface Labels {
  readonly drawn: string;
  readonly numbered: readonly string[];
  readonly left: readonly string[];
}

/** Who has a name in the picture, in words. */
function whoIsNamed(hasHidden: boolean, { numbered, left }: Labels): string {
  const numbers = numbered.map((name, i) => `${i + 1}\u00a0${name}`).join(', ');
  return [
    `Named: who lies outside the limits${hasHidden ? ' or is hidden' : ''}; the table names all.`,
    ...(numbers ? [`By number, for want of room: ${numbers}.`] : []),
    ...(left.length ? [`Without room for either: ${left.join(', ')}.`] : []),
  ].join(' ');
}

/**
 * Names of points, those that matter most first, each in the nearest place where it covers no line, no point and no other name, with a
 * stroke to its point where it stands apart; then numbers for those without such a place, which may cover a line at need.
 */
function namesOf(
  points: readonly Named[],
  [left, right, top, bottom]: readonly [left: number, right: number, top: number, bottom: number],
  drawn: readonly Box[],
  lines: readonly Box[],
): Labels {
  // Names, and strokes from them to their points in small pieces.
  const names: Box[] = [];
  const strokes: Box[] = [];
  /** @returns null where there is no room for these words */
  const written = ({ x, ys, isFocus }: Named, words: string, uncovered: readonly Box[]): string | null => {
    const bold: Letters = isFocus ? { 'font-weight': 'bold' } : {};
    const letters: Letters = { ...SMALL, ...bold, ...HALO };
    // A stroke that ran through another point would seem to lead to it.
    const others = drawn.filter((box) => Math.abs(box.x + box.width / 2 - x) > 0.1);
    const width = lengthOf(words, letters);
    const places = [0, 14, 28, 42, 56, 70].flatMap((away) =>
      ys.flatMap((y) => [
        ...[y - away, y + away].flatMap((at) => [
          { x: x + 10, y: at, from: y },
          { x: x - 10 - width, y: at, from: y },
        ]),
        ...[y - 13 - away, y + 15 + away].flatMap((at) =>
          [x - width / 2, x - 8, x + 8 - width].map((begin) => ({ x: begin, y: at, from: y })),
        ),
      ]),
    );
    const tried = places.map(({ from: y, ...place }) => {
      const box = { ...place, width, height: 13 };
      const side = Math.sign(box.y - y);
      const [begin, end] = [y + 6 * side, box.y - 5 * side];
      const near = Math.min(box.x + width, Math.max(box.x, x));
      const stroke = Array.from({ length: Math.abs(box.y - y) > 16 ? 12 : 0 }, (_, i) => ({
        x: x + ((near - x) * i) / 12,
        y: begin + ((end - begin) * i) / 12,
        width: 2,
        height: 6,
      }));
      return { box, stroke, drawn: stroke.length ? line(x, begin, near, end, { stroke: GREY }) : '' };
    });
    const found = tried.find(({ box, stroke }) => {
      const isInside = box.x > left && box.x + width < right && box.y >= top && box.y <= bottom;
      const isFree = ![...drawn, ...uncovered, ...names, ...strokes].some((other) => meets(box, other));
      return isInside && isFree && !stroke.some((piece) => [...names, ...others].some((other) => meets(piece, other)));
    });
    if (!found) return null;
    names.push(found.box);
    strokes.push(...found.stroke);
    return found.drawn + text(found.box.x, found.box.y + 4, words, letters);
  };
  const all: string[] = [];
  const without = points.filter((point) => {
    const name = written(point, point.name + point.mark, lines);
    if (name !== null) all.push(name);
    return name === null;
  });
  const numbered: string[] = [];
  const neither = without.filter((point) => {
    const words = `${numbered.length + 1}${point.mark}`;
    const number = written(point, words, lines) ?? written(point, words, []);
    all.push(number ?? point.instead ?? '');
    if (number !== null) numbered.push(point.name);
    return number === null;
  });
  return { drawn: all.join(''), numbered, left: neither.map(({ name }) => name) };
}

function boxOf({ name, between }: FunnelHidden, x: number, y: (value: number) => number, written: Written): string {
  const [low, high] = [y(between[0]), y(between[1] ?? Infinity)];
  const dashed = { fill: 'none', stroke: PLUM, 'stroke-dasharray': '4 3' };
  const label = element('title', {}, escaped(`${name}: [c] ${leftInWords(between, written)}`));
  return element('rect', { x: x - 5, y: high, width: 10, height: Math.max(2, low - high), ...dashed }, label);
}

function dotOf({ name, value, isFar, isOut, isFocus }: FunnelDot, x: number, y: number, written: Written): string {
  const label = element('title', {}, escaped(`${name}: ${written(value)}`));
  const ring = isFocus ? element('circle', { cx: x, cy: y, r: 9, fill: 'none', stroke: TEAL, 'stroke-width': 2 }) : '';
  return (
    ring +
    (isOut
      ? square(x, y, isFar ? ORANGE : '#FFFFFF', label)
      : element('circle', { cx: x, cy: y, r: 4, fill: BLUE }, label))
  );
}
