import type { Limits } from '@hub/statistics';

/**
 * Charts as SVG texts, out of the same figures that the answers print: no script, no style attribute (pages forbid both), a
 * title and a description for who cannot see them. Colours are those of the Analysis Function, which hold for colour-blind
 * readers; what a colour says is said in words, shapes or dashes too. A hidden figure is drawn as what is left of it.
 */

const BLUE = '#12436D';
const TEAL = '#28A197';
const PLUM = '#801650';
const ORANGE = '#F46A25';
const DARK = '#3D3D3D';
const GREY = '#BFBFBF';
const PALE = '#E6EEF5';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text inside an element or attribute; what XML 1.0 cannot hold is left out. */
export const escaped = (text: string): string =>
  text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replace(/[&<>"]/g, (one) => escapes[one]!);

type Attributes = Readonly<Record<string, string | number | undefined>>;
const short = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : escaped(value);
function element(name: string, attributes: Attributes, inner = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${short(value!)}"`)
    .join('');
  return inner ? `<${name}${written}>${inner}</${name}>` : `<${name}${written}/>`;
}
const text = (x: number, y: number, words: string, more: Attributes = {}) =>
  element('text', { x, y, fill: DARK, 'font-size': 13, ...more }, escaped(words));
const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes = {}) =>
  element('line', { x1, y1, x2, y2, stroke: DARK, ...more });

/** What stands around every chart. */
export interface Frame {
  readonly title: string;
  /** What the chart shows, in a sentence or two, for who cannot see it. */
  readonly description: string;
  /** Under the chart: measure, period, source, handling line. */
  readonly caption: string;
}

const WIDTH = 760;
const TOP = 46;

function drawing({ title, description, caption }: Frame, height: number, body: string, width = WIDTH): string {
  const lines = wrapped(caption, width / 6.6);
  const full = height + lines.length * 16 + 14;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      viewBox: `0 0 ${width} ${full}`,
      width,
      height: full,
      'font-family': 'Arial, Helvetica, sans-serif',
      'aria-label': `${title}. ${description}`,
    },
    element('title', {}, escaped(title)) +
      element('desc', {}, escaped(description)) +
      element('rect', { x: 0, y: 0, width, height: full, fill: '#FFFFFF' }) +
      text(12, 26, title, { 'font-size': 17, 'font-weight': 'bold' }) +
      body +
      lines.map((one, i) => text(12, height + 14 + i * 16, one, { 'font-size': 12 })).join(''),
  );
}

/** Words in lines of about so many letters. */
function wrapped(words: string, letters: number): string[] {
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length + 1 > letters) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** A straight scale from values to places, with about five round marks. */
function scale(least: number, most: number, from: number, to: number) {
  const span = most - least || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough)!;
  const [low, high] = [Math.floor(least / step) * step, Math.ceil((least + span) / step) * step];
  const at = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  const marks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) =>
    Number((low + i * step).toPrecision(10)),
  );
  return { at, marks, low, high };
}

const number = (value: number): string => value.toLocaleString('en-GB');

/** One row of a bar chart. */
export interface BarRow {
  readonly name: string;
  readonly value: number | null;
  readonly limits: Limits | null;
  /** Of a hidden figure what is left of it; null where it is not known, or for a figure that is not there. */
  readonly between: readonly [number, number | null] | null;
  /** What stands in place of a value: `[c]` or `[x]`. */
  readonly mark: string | null;
  readonly isOwn?: boolean;
}

/** Bars with their limits, and the region's value as a dashed line. */
export function barChart(frame: Frame, rows: readonly BarRow[], region: number | null, unit: string): string {
  const left = 190;
  const right = WIDTH - 90;
  const ends = rows.flatMap(({ value, limits, between }) => [
    value ?? 0,
    limits?.upper ?? 0,
    between?.[1] ?? between?.[0] ?? 0,
  ]);
  const x = scale(0, Math.max(region ?? 0, ...ends, 1), left, right);
  const bottom = TOP + 14 + rows.length * 26;
  const marks = x.marks.map(
    (mark) =>
      line(x.at(mark), TOP, x.at(mark), bottom, { stroke: GREY, 'stroke-width': 0.6 }) +
      text(x.at(mark), bottom + 18, number(mark), { 'text-anchor': 'middle', 'font-size': 12 }),
  );
  const bars = rows.map((row, i) => {
    const y = TOP + 10 + i * 26;
    const middle = y + 9;
    const name = text(left - 8, middle + 4, row.name, {
      'text-anchor': 'end',
      ...(row.isOwn ? { 'font-weight': 'bold' } : {}),
    });
    if (row.value === null) {
      if (!row.between) return name + text(left + 6, middle + 4, `${row.mark ?? ''}`, { fill: DARK });
      const [least, most] = row.between;
      const to = most === null ? x.high : Math.min(most, x.high);
      const words =
        most === null ? `${row.mark} ${number(least)} or more` : `${row.mark} ${number(least)} to ${number(most)}`;
      return (
        name +
        element('rect', {
          x: x.at(least),
          y: middle - 6,
          width: Math.max(2, x.at(to) - x.at(least)),
          height: 12,
          fill: '#FFFFFF',
          stroke: PLUM,
          'stroke-dasharray': '4 3',
        }) +
        text(x.at(to) + 8, middle + 4, words, { fill: PLUM, 'font-size': 12 })
      );
    }
    const bar = element('rect', {
      x: left,
      y,
      width: Math.max(0.5, x.at(row.value) - left),
      height: 18,
      fill: row.isOwn ? TEAL : BLUE,
    });
    const { limits } = row;
    const whisker = limits
      ? line(x.at(limits.lower), middle, x.at(limits.upper), middle, { stroke: ORANGE, 'stroke-width': 2 }) +
        [limits.lower, limits.upper]
          .map((end) => line(x.at(end), middle - 5, x.at(end), middle + 5, { stroke: ORANGE, 'stroke-width': 2 }))
          .join('')
      : '';
    return (
      name +
      bar +
      whisker +
      text(x.at(limits?.upper ?? row.value) + 8, middle + 4, number(row.value), { 'font-size': 12 })
    );
  });
  const reference =
    region === null
      ? ''
      : line(x.at(region), TOP, x.at(region), bottom, { 'stroke-dasharray': '6 4', 'stroke-width': 1.5 }) +
        text(x.at(region), TOP - 4, `Region ${number(region)}`, { 'text-anchor': 'middle', 'font-size': 12 });
  return drawing(
    frame,
    bottom + 38,
    marks.join('') +
      bars.join('') +
      reference +
      text((left + right) / 2, bottom + 34, unit, { 'text-anchor': 'middle', 'font-size': 12 }),
  );
}

/** One point of a control chart. */
export interface ChartPoint {
  readonly period: string;
  readonly value: number | null;
  readonly between?: readonly [number, number | null] | null;
  readonly mean: number | null;
  readonly control: Limits | null;
  readonly signal: string | null;
}

/** A line over time with its mean and control limits; a gap is a gap, and a signal has another shape too. */
export function timeChart(frame: Frame, points: readonly ChartPoint[], unit: string): string {
  const [left, right, bottom] = [64, WIDTH - 70, 330];
  const all = points.flatMap(({ value, control }) =>
    [value, control?.lower, control?.upper].filter((one) => typeof one === 'number'),
  );
  const y = scale(Math.min(...all, 0), Math.max(...all, 1), bottom, TOP + 16);
  const x = (i: number) => left + ((i + 0.5) * (right - left)) / points.length;
  const marks = y.marks.map(
    (mark) =>
      line(left, y.at(mark), right, y.at(mark), { stroke: GREY, 'stroke-width': 0.6 }) +
      text(left - 8, y.at(mark) + 4, number(mark), { 'text-anchor': 'end', 'font-size': 12 }),
  );
  const every = Math.ceil(points.length / 8);
  // Counted from the newest, which is always named.
  const periods = points.map(({ period }, i) =>
    (points.length - 1 - i) % every
      ? ''
      : text(x(i), bottom + 18, period, { 'text-anchor': 'middle', 'font-size': 12 }),
  );
  const path = (valueOf: (point: ChartPoint) => number | null | undefined, more: Attributes) => {
    let d = '';
    let isOpen = false;
    points.forEach((point, i) => {
      const value = valueOf(point);
      if (value === null || value === undefined) return void (isOpen = false);
      d += `${isOpen ? 'L' : 'M'}${short(x(i))} ${short(y.at(value))}`;
      isOpen = true;
    });
    return d && element('path', { d, fill: 'none', ...more });
  };
  const limits =
    path(({ control }) => control?.upper, { stroke: PLUM, 'stroke-dasharray': '6 4' }) +
    path(({ control }) => control?.lower, { stroke: PLUM, 'stroke-dasharray': '6 4' }) +
    path(({ mean }) => mean, { stroke: TEAL, 'stroke-width': 1.5 });
  const dots = points.map(({ value, signal, period }, i) => {
    if (value === null) return '';
    const [px, py] = [x(i), y.at(value)];
    const label = element('title', {}, escaped(`${period}: ${number(value)}${signal ? `, ${signal}` : ''}`));
    return signal
      ? element('rect', { x: px - 5, y: py - 5, width: 10, height: 10, fill: ORANGE, stroke: DARK }, label)
      : element('circle', { cx: px, cy: py, r: 3.5, fill: BLUE }, label);
  });
  const last = points.findLast(({ control }) => control);
  const names = last?.control
    ? text(right + 6, y.at(last.control.upper) + 4, 'upper limit', { 'font-size': 11, fill: PLUM }) +
      text(right + 6, y.at(last.mean!) + 4, 'mean', { 'font-size': 11 }) +
      text(right + 6, y.at(last.control.lower) + 4, 'lower limit', { 'font-size': 11, fill: PLUM })
    : '';
  return drawing(
    frame,
    bottom + 34,
    marks.join('') +
      limits +
      path(({ value }) => value, { stroke: BLUE, 'stroke-width': 2 }) +
      dots.join('') +
      periods.join('') +
      names +
      text(left, TOP + 4, unit, { 'font-size': 12 }),
  );
}

/** One authority in a funnel. */
export interface FunnelDot {
  readonly name: string;
  readonly base: number;
  readonly value: number;
  readonly isFar: boolean;
  readonly isOut: boolean;
}

/** Values by how much they rest on, between the limits that chance leaves once in 20 and once in 500. */
export function funnelChart(
  frame: Frame,
  dots: readonly FunnelDot[],
  curve: readonly { readonly base: number; readonly usual: Limits; readonly wide: Limits }[],
  pooled: number,
  unit: string,
  baseName: string,
): string {
  const [left, right, bottom] = [64, WIDTH - 110, 360];
  const values = dots.map(({ value }) => value);
  const most = Math.max(...values, pooled, ...curve.map(({ usual }) => usual.upper));
  const y = scale(
    Math.max(0, Math.min(...values, pooled, ...curve.map(({ usual }) => usual.lower)) * 0.9),
    most,
    bottom,
    TOP + 16,
  );
  const bases = curve.map(({ base }) => base);
  const x = scale(Math.min(...bases), Math.max(...bases), left, right);
  const inside = (value: number) => y.at(Math.min(y.high, Math.max(y.low, value)));
  const path = (valueOf: (step: { usual: Limits; wide: Limits }) => number, dash: string | undefined) =>
    element('path', {
      d: curve.map((step, i) => `${i ? 'L' : 'M'}${short(x.at(step.base))} ${short(inside(valueOf(step)))}`).join(''),
      fill: 'none',
      stroke: PLUM,
      'stroke-dasharray': dash,
    });
  const marks = y.marks.map(
    (mark) =>
      line(left, y.at(mark), right, y.at(mark), { stroke: GREY, 'stroke-width': 0.6 }) +
      text(left - 8, y.at(mark) + 4, number(mark), { 'text-anchor': 'end', 'font-size': 12 }),
  );
  const places = x.marks
    .filter((mark) => mark >= x.low && x.at(mark) <= right + 1)
    .map((mark) => text(x.at(mark), bottom + 18, number(mark), { 'text-anchor': 'middle', 'font-size': 12 }));
  const points = dots.map(({ name, base, value, isFar, isOut }) => {
    const [px, py] = [x.at(base), y.at(value)];
    const label = element('title', {}, escaped(`${name}: ${number(value)}`));
    const mark = isOut
      ? element(
          'rect',
          { x: px - 5, y: py - 5, width: 10, height: 10, fill: isFar ? ORANGE : '#FFFFFF', stroke: DARK },
          label,
        )
      : element('circle', { cx: px, cy: py, r: 4, fill: BLUE }, label);
    return mark + (isOut ? text(px + 9, py + 4, name, { 'font-size': 11 }) : '');
  });
  const end = curve.at(-1)!;
  const names = [
    [end.wide.upper, '99.8 %'],
    [end.usual.upper, '95 %'],
    [pooled, 'region'],
  ] as const;
  const labels = names.map(([value, name], i) =>
    text(right + 6, inside(value) + 4 - (i === 0 ? 4 : 0), name, { 'font-size': 11 }),
  );
  return drawing(
    frame,
    bottom + 42,
    marks.join('') +
      path(({ usual }) => usual.upper, '6 4') +
      path(({ usual }) => usual.lower, '6 4') +
      path(({ wide }) => wide.upper, undefined) +
      path(({ wide }) => wide.lower, undefined) +
      line(left, y.at(pooled), right, y.at(pooled), { stroke: TEAL, 'stroke-width': 1.5 }) +
      points.join('') +
      places.join('') +
      labels.join('') +
      text(left, TOP + 4, unit, { 'font-size': 12 }) +
      text((left + right) / 2, bottom + 36, baseName, { 'text-anchor': 'middle', 'font-size': 12 }),
  );
}

/** One indicator of a spine. */
export interface SpineRow {
  readonly name: string;
  readonly value: number | null;
  readonly mark: string | null;
  readonly region: number | null;
  readonly quartiles: {
    readonly least: number;
    readonly lower: number;
    readonly median: number;
    readonly upper: number;
    readonly most: number;
  } | null;
  /** In words: better, similar, worse, higher, lower. */
  readonly comparison: string | null;
}

/** One authority across indicators: each row from the least printed value to the largest, the middle half, and where it stands. */
export function spineChart(frame: Frame, rows: readonly SpineRow[]): string {
  const [left, right] = [330, WIDTH - 150];
  const bottom = TOP + 22 + rows.length * 28;
  const body = rows.map(({ name, value, mark, region, quartiles, comparison }, i) => {
    const y = TOP + 30 + i * 28;
    const words = text(12, y + 4, name.length > 44 ? `${name.slice(0, 43)}…` : name);
    const said = text(
      right + 12,
      y + 4,
      value === null ? (mark ?? '') : `${number(value)}${comparison ? `  ${comparison}` : ''}`,
      { 'font-size': 12 },
    );
    if (!quartiles) return words + said;
    const { least, most } = quartiles;
    const at = (one: number) => left + ((one - least) / (most - least || 1)) * (right - left);
    const clipped = (one: number) => Math.min(right, Math.max(left, at(one)));
    return (
      words +
      element('rect', { x: left, y: y - 7, width: right - left, height: 14, fill: PALE }) +
      element('rect', {
        x: at(quartiles.lower),
        y: y - 7,
        width: at(quartiles.upper) - at(quartiles.lower),
        height: 14,
        fill: '#6BACE6',
      }) +
      (region === null
        ? ''
        : element('path', {
            d: `M${short(clipped(region))} ${short(y - 9)}L${short(clipped(region) + 5)} ${short(y)}L${short(clipped(region))} ${short(y + 9)}L${short(clipped(region) - 5)} ${short(y)}Z`,
            fill: PLUM,
          })) +
      (value === null ? '' : element('circle', { cx: clipped(value), cy: y, r: 6, fill: ORANGE, stroke: DARK })) +
      said
    );
  });
  const key =
    element('circle', { cx: left + 6, cy: TOP + 4, r: 5, fill: ORANGE, stroke: DARK }) +
    text(left + 16, TOP + 8, 'this authority', { 'font-size': 11 }) +
    element('path', { d: `M${left + 106} ${TOP - 2}l5 6l-5 6l-5 -6Z`, fill: PLUM }) +
    text(left + 116, TOP + 8, 'region', { 'font-size': 11 }) +
    element('rect', { x: left + 166, y: TOP - 2, width: 14, height: 12, fill: '#6BACE6' }) +
    text(left + 185, TOP + 8, 'middle half', { 'font-size': 11 });
  return drawing(frame, bottom, key + body.join(''));
}

/** One cell of a heat table: a value or a mark, and in words how it stands. */
export interface HeatCell {
  readonly text: string;
  readonly comparison: 'better' | 'similar' | 'worse' | 'higher' | 'lower' | null;
}

const heat = {
  better: { fill: '#D5EFEC', sign: '▲' },
  similar: { fill: '#F3F3F3', sign: '' },
  worse: { fill: '#F9D9C8', sign: '▼' },
  higher: { fill: '#D0E2F2', sign: '↑' },
  lower: { fill: '#E7EFF7', sign: '↓' },
} as const;

/** Indicators by authorities: each cell has its value, a sign and a colour for how it stands beside the region. */
export function heatChart(
  frame: Frame,
  names: readonly string[],
  rows: readonly { readonly name: string; readonly region: string; readonly cells: readonly HeatCell[] }[],
): string {
  const [left, cell] = [270, 66];
  const width = left + (names.length + 1) * cell + 16;
  const top = TOP + 96;
  const heads = ['Region', ...names].map((name, i) => {
    const [x, y] = [left + i * cell + cell / 2 - 4, top - 8];
    return element(
      'text',
      { x, y, fill: DARK, 'font-size': 12, transform: `rotate(-40 ${short(x)} ${y})` },
      escaped(name.length > 18 ? `${name.slice(0, 17)}…` : name),
    );
  });
  const body = rows.map(({ name, region, cells }, i) => {
    const y = top + i * 26;
    const drawn = cells.map(({ text: words, comparison }, j) => {
      const x = left + (j + 1) * cell;
      const { fill, sign } = comparison ? heat[comparison] : { fill: '#FFFFFF', sign: '' };
      return (
        element('rect', { x: x + 1, y: y + 1, width: cell - 2, height: 24, fill, stroke: '#FFFFFF' }) +
        text(x + cell / 2, y + 17, `${words}${sign ? ` ${sign}` : ''}`, { 'text-anchor': 'middle', 'font-size': 12 })
      );
    });
    return (
      text(12, y + 17, name.length > 38 ? `${name.slice(0, 37)}…` : name) +
      text(left + cell / 2, y + 17, region, { 'text-anchor': 'middle', 'font-size': 12, 'font-weight': 'bold' }) +
      drawn.join('')
    );
  });
  const bottom = top + rows.length * 26 + 34;
  const key =
    'Beside the region: ▲ better  ▼ worse  ↑ higher  ↓ lower; no sign: similar.  [c] hidden  [x] not available';
  return drawing(
    frame,
    bottom,
    heads.join('') + body.join('') + text(12, bottom - 10, key, { 'font-size': 12 }),
    Math.max(width, WIDTH),
  );
}
