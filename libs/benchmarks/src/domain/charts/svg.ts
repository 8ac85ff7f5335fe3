import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { inTenths } from '@hub/kernel';
import { tenth } from '@hub/statistics';
import { widthOf } from './letters';

/**
 * What all charts share: SVG texts without script or style attribute (pages forbid both), a title and a description for who
 * cannot see them. Colours are those of the Analysis Function, which hold for colour-blind readers; what a colour says is
 * said in words, shapes or dashes too.
 */

export const BLUE = '#12436D';
export const TEAL = '#28A197';
export const PLUM = '#801650';
export const ORANGE = '#F46A25';
export const DARK = '#3D3D3D';
export const GREY = '#BFBFBF';
export const PALE = '#E6EEF5';
export const SKY = '#6BACE6';
/** Around what is sky blue: by itself that is not seen on white. */
export const EDGE = '#2073BC';

/** What is written over a line stays readable. */
export const HALO = { stroke: '#FFFFFF', 'stroke-width': 3, 'paint-order': 'stroke' };

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text inside an element or attribute; what XML 1.0 cannot hold is left out. */
export const escaped = (text: string): string =>
  text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replace(/[&<>"]/g, (one) => escapes[one]!);

export type Attributes = Readonly<Record<string, string | number | undefined>>;
const short = (value: string | number): string => (typeof value === 'number' ? String(tenth(value)) : escaped(value));

export function element(name: string, attributes: Attributes, inner = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${short(value!)}"`)
    .join('');
  return inner ? `<${name}${written}>${inner}</${name}>` : `<${name}${written}/>`;
}
/** How letters look, where not as most of them do. */
export interface Letters extends Attributes {
  readonly 'font-size'?: number;
  readonly 'font-weight'?: 'bold';
}
export const SMALL = { 'font-size': 12 } as const satisfies Letters;
const [TITLE, USUAL] = [{ 'font-size': 17, 'font-weight': 'bold' }, 13] as const;
export const text = (x: number, y: number, words: string, more: Letters = {}) =>
  element('text', { x, y, fill: DARK, 'font-size': USUAL, ...more }, escaped(words));
/** How many pixels such words take. */
export const lengthOf = (words: string, more: Letters = SMALL): number =>
  widthOf(words, more['font-size'] ?? USUAL, more['font-weight'] === 'bold');
export const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes = {}) =>
  element('line', { x1, y1, x2, y2, stroke: DARK, ...more });

/** What stands around every chart. */
export interface Frame {
  readonly title: string;
  /** What the chart shows, in a sentence or two, for who cannot see it. */
  readonly description: string;
  /** Under the chart: measure, period, source; the handling line begins a line of its own. */
  readonly caption: string;
}

export const WIDTH = 760;
/** Where the drawing begins, under the title. */
export const TOP = 46;

export function drawing({ title, description, caption }: Frame, height: number, body: string, width = WIDTH): string {
  const titles = wrapped(title, width - 24, TITLE);
  // All that stands under a title of two lines moves down.
  const down = (titles.length - 1) * 20;
  const lines = caption.split('\n').flatMap((one) => wrapped(one, width - 24, SMALL));
  const below = height + down;
  const full = below + lines.length * 16 + 14;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      viewBox: `0 0 ${width} ${short(full)}`,
      width,
      height: full,
      'font-family': 'Arial, Helvetica, sans-serif',
      'aria-label': `${title}. ${description}`,
    },
    element('title', {}, escaped(title)) +
      element('desc', {}, escaped(description)) +
      element('rect', { x: 0, y: 0, width, height: full, fill: '#FFFFFF' }) +
      titles.map((one, i) => text(12, 26 + i * 20, one, TITLE)).join('') +
      (down ? element('g', { transform: `translate(0 ${down})` }, body) : body) +
      lines.map((one, i) => text(12, below + 14 + i * 16, one, SMALL)).join(''),
  );
}

/** The mark of a note stays whole. */
const BETWEEN_WORDS = / (?!\d+\])/g;

/** Words in lines that are no longer than so many pixels, but for a word that is. */
function wrapped(words: string, width: number, more: Letters): string[] {
  const lines = [''];
  for (const word of words.split(BETWEEN_WORDS)) {
    const last = lines.at(-1)!;
    const longer = last ? `${last} ${word}` : word;
    if (last && lengthOf(longer, more) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Words about the middle of their row, on two lines where they are longer than so many pixels. */
export function inTwoLines(x: number, middle: number, words: string, width: number, more: Letters = {}): string {
  const [first, second] = lengthOf(words, more) > width ? halvesOf(words, width, more) : [words];
  return inLines(
    x,
    middle,
    [first, second].flatMap((line) => (line === undefined ? [] : cut(line, width, more))),
    more,
  );
}

/** Lines about the middle of their row. */
export function inLines(x: number, middle: number, lines: readonly string[], more: Letters = {}): string {
  const foot = middle + 4 - Math.max(0, lines.length - 1) * 6;
  return lines.map((line, i) => text(x, foot + i * 13, line, more)).join('');
}

type Lines = readonly [first: string, second?: string];
/** Words on two lines of about one length; a range is broken only where it is too long for a line. */
function halvesOf(words: string, width: number, more: Letters): Lines {
  const longer = (lines: Lines) => Math.max(...lines.map((line) => lengthOf(line!, more)));
  const [betweenWords, inRange] = [BETWEEN_WORDS, /(?<=–)/g].map((gaps) =>
    [...words.matchAll(gaps)]
      .map(({ index, 0: gap }): Lines => [words.slice(0, index), words.slice(index + gap.length)])
      .sort((a, b) => longer(a) - longer(b))
      .at(0),
  );
  const ways = [betweenWords, inRange].filter((way) => way !== undefined);
  return ways.find((way) => longer(way) <= width) ?? ways[0] ?? [words];
}

/** No name is longer than the place that it has, in pixels; the mark of a note behind it stays. */
export function cut(words: string, width: number, more: Letters = {}): string {
  if (lengthOf(words, more) <= width) return words;
  const [mark] = /(?:(?<!\])(?: \[note \d+\])+)?$/.exec(words)!;
  let letters = words.length - mark.length;
  const shorter = () => `${words.slice(0, letters).trimEnd()}…${mark}`;
  while (letters > 1 && lengthOf(shorter(), more) > width) letters--;
  return shorter();
}

export type Scale = ScaleLinear<number, number>;
/** A straight scale from values to places, with round ends. */
export const scaleOf = (least: number, most: number, from: number, to: number): Scale =>
  scaleLinear()
    .domain([least, most > least ? most : least + 1])
    .nice(5)
    .range([from, to]);

/** A value no further out than the scale reaches. */
export const within = (scale: Scale, value: number): number => {
  const [low, high] = scale.domain() as [number, number];
  return scale(Math.min(high, Math.max(low, value)));
};

/** A dashed box over what is left of a hidden figure, open where it goes on beyond the scale. */
export function boxAlong(
  [from, to]: readonly [number, number],
  y: number,
  height: number,
  goesOn: boolean,
  more: Attributes,
): string {
  const [left, right, low] = [from, Math.max(from + 2, to), y + height].map((at) => short(at));
  const d = `M${right} ${short(y)}H${left}V${low}H${right}${goesOn ? '' : 'Z'}`;
  return element('path', { d, 'stroke-dasharray': '4 3', ...more });
}

/** Where a scale cuts such a box off: to the right, or to the left. */
export const arrow = (x: number, y: number, isLeft = false): string =>
  element('path', { d: `M${Math.round(x)} ${y - 5}l${isLeft ? -7 : 7} 5l${isLeft ? 7 : -7} 5Z`, fill: PLUM });

/** Marks of a scale that goes up, with lines across the drawing. */
export const marksUp = (y: Scale, left: number, right: number): string =>
  y
    .ticks(5)
    .map(
      (mark) =>
        line(left, y(mark), right, y(mark), { stroke: GREY, 'stroke-width': 0.6 }) +
        text(left - 8, y(mark) + 4, number(mark), { ...SMALL, 'text-anchor': 'end' }),
    )
    .join('');

/** One end of a line, with what is written beside it. */
export interface LineEnd {
  readonly at: number;
  readonly name: string;
  readonly fill?: string;
}

/**
 * Names beside the ends of a middle line and its limits. Those of lines that nearly meet are moved apart, away from the middle one,
 * each with a stroke to its line; lines that are drawn over one another have one name.
 */
export function namesBeside(ends: readonly LineEnd[], middle: LineEnd, right: number): string {
  const groups: LineEnd[][] = [];
  for (const end of [...ends, middle].sort((a, b) => a.at - b.at)) {
    const last = groups.at(-1);
    if (last && end.at - last[0]!.at < 2) last.push(end);
    else groups.push([end]);
  }
  const center = groups.findIndex((met) => met.includes(middle));
  const places = groups.map(([first]) => first!.at);
  for (let i = center - 1; i >= 0; i--) places[i] = Math.min(places[i]!, places[i + 1]! - 14);
  for (let i = center + 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + 14);
  return groups
    .map((met, i) => {
      const [{ at, fill = DARK }, place] = [met[0]!, places[i]!];
      const name =
        met.length > 1 && met.includes(middle) ? `${middle.name}, limits` : met.map((one) => one.name).join(' and ');
      const stroke = place === at ? '' : line(right + 1, at, right + 11, place, { stroke: fill, 'stroke-width': 0.8 });
      return stroke + text(right + 13, place + 4, name, { ...SMALL, fill });
    })
    .join('');
}

/** Where there is nothing to draw a chart says so. */
export const nothing = (y: number, words = 'Nothing of this is printed.'): string => text(12, y, words);

/** What stands in the place of numbers. */
export const MARKS_KEY = '[c] hidden, with what is left of it where that is known; [x] not available.';

/** What a mark stands for: how it is drawn about a point, and its name. */
export type KeyMark = readonly [drawn: (x: number, y: number) => string, name: string];
/** A key in one line, from `x` on. @param marks  false: not in this picture @param y  of their middle */
export function keyOf(marks: readonly (KeyMark | false)[], x: number, y: number): string {
  let at = x;
  return marks
    .filter((one) => one !== false)
    .map(([drawn, name]) => {
      const place = at;
      at += 36 + lengthOf(name);
      return drawn(place, y) + text(place + 12, y + 4, name, SMALL);
    })
    .join('');
}
/** A dashed box over what is left of a hidden figure, as it stands in a key. */
export const hiddenMark = (x: number, y: number): string =>
  element('rect', {
    x: x - 6,
    y: y - 6,
    width: 12,
    height: 12,
    fill: '#FFFFFF',
    stroke: PLUM,
    'stroke-dasharray': '4 3',
  });
/** A square on a point; filled or not. */
export const square = (x: number, y: number, fill: string, label = ''): string =>
  element('rect', { x: x - 5, y: y - 5, width: 10, height: 10, fill, stroke: DARK }, label);

export const number = (value: number): string => value.toLocaleString('en-GB');
export type Written = (value: number) => string;
const { format: inOneAtMost } = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
/** How numbers that are read beside one another are written: all with one decimal, unless all of them are whole. */
export function alike(values: readonly (number | null | undefined)[]): Written {
  const isWhole = values.every((value) => typeof value !== 'number' || Number.isInteger(tenth(value)));
  return isWhole ? inOneAtMost : inTenths;
}

/** What is left of a hidden figure; without its end where it is that much or more. */
export type Left = readonly [least: number, most: number | null];
export const leftInWords = ([least, most]: Left, written: (value: number) => string = number): string =>
  most === null ? `${written(least)} or more` : `${written(least)} to ${written(most)}`;
