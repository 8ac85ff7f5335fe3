import type { Indicator, NeighbourModel, Neighbours } from '@hub/registry/domain';
import { shorthandOf } from '../exports/table';
import { spanOf, type AuthorityFigure, type Benchmark, type ShownFigure } from '../benchmark';
import { spreadInWords, type Funnel } from '../funnel';
import type { ChartedLine } from '../history';
import { neighbourFigureOf, type NeighbourFigure } from '../neighbours';
import { noteKindInWords, type Notes } from '../notes';
import { ruleInWords } from '../patterns';
import { barChart, type BarRow } from './bar';
import { funnelChart } from './funnel-chart';
import { heatChart } from './heat';
import { spineChart } from './spine';
import { leftInWords, number, type Frame, type Left } from './svg';
import { timeChart } from './time';

/** Which charts there are. */
export const chartKinds = ['bar', 'line', 'funnel', 'spine', 'heat'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** A chart with what stands beside it: whoever cannot see it reads the table, which holds the same figures. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  readonly svg: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Under the table: what authorities say of how their figures compare, each with the mark that stands behind a name. */
  readonly notes: readonly string[];
}

/** What is said of a chart besides its figures. */
export interface Told {
  /** The region's name. */
  readonly region: string;
  readonly period: string;
  /** Publication and digest. */
  readonly source: string;
  readonly handling: string;
  nameOf(authority: string): string;
  readonly notes: Notes;
}

/** Notes of one chart, numbered as they are first met. */
class Marks {
  readonly lines: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly told: Told) {}

  /** ` [note 1]` behind what it is about; nothing where there is no note. */
  of(indicator: string, authority: string | null): string {
    const marks = this.told.notes.about(indicator, authority).map((note) => {
      const known = this.numbers.get(note.id) ?? this.lines.length + 1;
      if (!this.numbers.has(note.id)) {
        this.numbers.set(note.id, known);
        this.lines.push(
          `[note ${known}] ${this.told.nameOf(note.authority)}, ${indicator}, ${noteKindInWords(note)}: ${note.text}`,
        );
      }
      return ` [note ${known}]`;
    });
    return marks.join('');
  }
}

/** In a picture that has no room for marks. */
const besides = ({ lines }: Marks) =>
  lines.length ? `. Notes on how figures compare stand under the table: ${lines.length}` : '';

/** Ten words or fewer are read: a longer name gives way to its code. */
function titled({ code, name }: Indicator, rest: string): string {
  const title = `${name}: ${rest}`;
  return title.split(' ').length > 10 ? `${code}: ${rest}` : title;
}
const captionOf = ({ region, period, source, handling }: Told, what: string) =>
  `${what.replace(/[.]$/, '')}. ${region}, ${period}. ${source}.\n${handling}`;
const unitOf = ({ region: { unit } }: Benchmark) => (unit === 'per 10,000' ? 'per 10,000 children' : unit);
/** Such a category is not printed by itself: its picture would look as if nobody had sent it. */
const toldTogether = ({ together }: Benchmark) => (together === null ? '' : `. ${together} are told together`);
const other = 'one of the others';
const mark = (figure: ShownFigure): string => `[${figure.kind === 'value' ? 'c' : shorthandOf(figure)}]`;

/** Of a hidden figure what is left of it, in the unit of the values; null where that is not known. */
export function leftOf(figure: ShownFigure, base: number | null, indicator: Indicator): Left | null {
  if (figure.kind !== 'hidden' || !figure.between || !base) return null;
  const span = spanOf(figure, base, indicator);
  return span && [span.lower, Number.isFinite(span.upper) ? span.upper : null];
}

/** A figure as a table has it: `50.1`, `[c] 0.2 to 2.2`, `[x]`. */
function shown(figure: ShownFigure, base: number | null, indicator: Indicator): string {
  if (figure.value !== null) return number(figure.value);
  const left = leftOf(figure, base, indicator);
  return left ? `${mark(figure)} ${leftInWords(left)}` : mark(figure);
}
/** `44.1, mean of 3 of 10`; no cell is empty. */
const neighboursInWords = (one: NeighbourFigure | null): string =>
  one === null || one.mean === null ? '[z]' : `${number(one.mean)}, mean of ${one.printed.length} of ${one.of}`;
const limitsText = ({ limits }: Pick<AuthorityFigure, 'limits'>) =>
  limits ? `${number(limits.lower)} to ${number(limits.upper)}` : '[z]';
/** No cell is empty. */
const orNone = (text: string | null | undefined) => text ?? '[z]';

/** One indicator across authorities, in the order of their values, with intervals. @param focus  who is looked for */
export function barOf(benchmark: Benchmark, told: Told, focus: string | null): Chart {
  const { indicator, authorities, region } = benchmark;
  const sorted = [...authorities].sort((a, b) => (b.figure.value ?? -1) - (a.figure.value ?? -1));
  const marks = new Marks(told);
  const nameOf = (code: string | null) => (code === null ? other : told.nameOf(code) + marks.of(indicator.code, code));
  const rows = sorted.map(({ authority, figure, limits, base }): BarRow => ({
    name: nameOf(authority),
    value: figure.value,
    limits,
    between: leftOf(figure, base, indicator),
    mark: mark(figure),
    isFocus: authority !== null && authority === focus,
  }));
  const apart = sorted.filter(({ comparison }) => comparison && comparison !== 'similar').length;
  const compared = sorted.filter(({ comparison }) => comparison).length;
  const rest = compared ? `${apart} of ${compared} differ from the region` : told.period;
  const frame: Frame = {
    title: titled(indicator, rest),
    description: `A bar for each of ${sorted.length} authorities, the largest value first, with 95% limits as whiskers and the region’s value as a dashed line. Hidden figures are dashed boxes over what is left of them.`,
    caption: captionOf(told, `${indicator.name}, ${unitOf(benchmark)}${toldTogether(benchmark)}`),
  };
  return {
    ...frame,
    svg: barChart(frame, rows, region.value, unitOf(benchmark)),
    columns: ['Authority', 'Value', '95% limits', 'Beside the region'],
    rows: [
      ...sorted.map((one) => [
        nameOf(one.authority),
        shown(one.figure, one.base, indicator),
        limitsText(one),
        orNone(one.comparison),
      ]),
      ['Region', shown(region, null, indicator), limitsText({ limits: benchmark.regionLimits }), '[z]'],
    ],
    notes: marks.lines,
  };
}

/** One line over time as a control chart. */
export function timeOf(line: ChartedLine, newest: Benchmark, told: Told): Chart {
  const { indicator } = newest;
  const points = line.points.map(({ period, figure, base }, i) => {
    const { limits, signal } = line.chart.points[i]!;
    return {
      period,
      value: figure?.value ?? null,
      between: figure && leftOf(figure, base, indicator),
      mean: limits?.mean ?? null,
      control: limits ? { lower: Math.max(0, limits.lower), upper: limits.upper } : null,
      signal: signal ? ruleInWords(signal) : null,
      text: figure ? shown(figure, base, indicator) : '[x]',
    };
  });
  const marks = new Marks(told);
  const mark = marks.of(indicator.code, line.authority);
  const who = line.authority === null ? told.region : told.nameOf(line.authority);
  const last = points.at(-1)?.signal;
  const isPrinted = typeof points.at(-1)?.value === 'number';
  // Without limits nothing says what is usual.
  const hasLimits = Boolean(points.at(-1)?.control);
  const newestInWords = !isPrinted
    ? 'The newest is not printed.'
    : last
      ? `The newest is ${last}.`
      : hasLimits
        ? 'The newest period meets no rule of control charts.'
        : 'There are too few periods for control limits.';
  const state = !isPrinted ? 'not printed' : last ? 'unusual' : hasLimits ? 'as usual' : 'without limits yet';
  const frame: Frame = {
    title: titled(indicator, `${who} ${state} at ${told.period}`),
    description: `A line of ${points.length} periods of ${who} with its mean and control limits. ${newestInWords} A gap is a period that is not printed.`,
    caption: captionOf(
      told,
      `${indicator.name}${mark}, ${unitOf(newest)}${toldTogether(newest)}. ${line.chart.choices.join(' ')}`,
    ),
  };
  const tenth = (value: number | null | undefined) =>
    typeof value === 'number' ? number(Math.round(value * 10) / 10) : '[z]';
  return {
    ...frame,
    svg: timeChart(frame, points, unitOf(newest)),
    columns: ['Period', 'Value', 'Mean', 'Lower control limit', 'Upper control limit', 'Signal'],
    rows: points.map((one) => [
      one.period,
      one.text,
      tenth(one.mean),
      tenth(one.control?.lower),
      tenth(one.control?.upper),
      one.signal ?? 'none',
    ]),
    notes: marks.lines,
  };
}

/** Who differs from the region by more than chance, among those whose values are printed by name. */
export function funnelChartOf(benchmark: Benchmark, funnel: Funnel, told: Told): Chart {
  const { indicator } = benchmark;
  const marks = new Marks(told);
  const dots = funnel.authorities.map(({ authority, base, value, flag }) => ({
    name: authority === null ? other : told.nameOf(authority) + marks.of(indicator.code, authority),
    base,
    value,
    isOut: flag !== 'within',
    isFar: flag.endsWith('0.998'),
    flag,
  }));
  const far = dots.filter(({ isFar }) => isFar).length;
  const missing = benchmark.authorities.length - dots.length;
  const frame: Frame = {
    title: titled(indicator, `${far} of ${dots.length} outside the 99.8% limits`),
    description:
      `A point for each authority by what its value rests on, between limits of 95% (dashed) and 99.8% (solid) about the region’s value. Squares lie outside, with their names where there is room; all stand in the table. ${missing ? `${missing} without a printed value are not drawn.` : ''}`.trim(),
    caption: captionOf(told, `${indicator.name}, ${unitOf(benchmark)}. ${spreadInWords(funnel)}`),
  };
  const baseName = indicator.unit === 'per10000' ? 'Children aged 0 to 17' : 'What the percentage is of';
  const flags = {
    'low-0.998': 'far below',
    'low-0.95': 'below',
    within: 'within',
    'high-0.95': 'above',
    'high-0.998': 'far above',
  };
  return {
    ...frame,
    svg: funnelChart(frame, dots, funnel.curve, funnel.pooled, unitOf(benchmark), baseName),
    columns: ['Authority', baseName, 'Value', 'Beside the limits'],
    rows: dots.map(({ name, base, value, flag }) => [
      name,
      number(base),
      number(value),
      flags[flag as keyof typeof flags],
    ]),
    notes: marks.lines,
  };
}

/** One authority across indicators. @param benchmarks  those where it is shown by name @param lists  who its neighbours are, by this model */
export function spineOf(
  benchmarks: readonly Benchmark[],
  authority: string,
  told: Told,
  lists: Neighbours,
  model: NeighbourModel,
): Chart {
  const own = benchmarks.flatMap((benchmark) => {
    const mine = benchmark.authorities.find((one) => one.authority === authority);
    return mine && (mine.figure.kind === 'value' || mine.figure.kind === 'hidden') ? [{ benchmark, mine }] : [];
  });
  const marks = new Marks(told);
  const rows = own.map(({ benchmark, mine: { figure, base, comparison } }) => {
    const { indicator, region, quartiles } = benchmark;
    const near = neighbourFigureOf(benchmark, authority, lists, model, told.nameOf);
    return {
      name: `${indicator.code} ${indicator.name}`,
      noted: marks.of(indicator.code, authority),
      value: figure.value,
      between: leftOf(figure, base, indicator),
      mark: mark(figure),
      region: region.value,
      neighbours: near?.mean ?? null,
      nearest: neighboursInWords(near),
      quartiles,
      comparison,
      text: shown(figure, base, indicator),
    };
  });
  const count = (word: string) => rows.filter(({ comparison }) => comparison === word).length;
  const frame: Frame = {
    title: rows.some(({ comparison }) => comparison)
      ? `${told.nameOf(authority)}: ${count('better')} better, ${count('worse')} worse than the region`
      : `${told.nameOf(authority)}: nothing to hold against the region`,
    description: `${rows.length} indicators, each from the least to the largest printed value of the region, the middle half darker; a dot for this authority, a diamond for the region, a triangle for the mean of those of its statistical neighbours that are printed, a dashed box over what is left of a hidden figure.`,
    caption: captionOf(
      told,
      `Each row has its own scale. Without quartiles where fewer than four values are printed. Neighbours: the mean of those statistical neighbours (${model}) whose values are printed here${besides(marks)}`,
    ),
  };
  return {
    ...frame,
    svg: spineChart(frame, rows),
    columns: [
      'Indicator',
      'Value',
      'Region',
      `Neighbours (${model})`,
      'Least',
      'Lower quartile',
      'Median',
      'Upper quartile',
      'Most',
      'Beside the region',
    ],
    rows: rows.map(({ name, noted, text, region, nearest, quartiles: q, comparison }) => [
      name + noted,
      text,
      orNone(region?.toLocaleString('en-GB')),
      nearest,
      ...(q ? [q.least, q.lower, q.median, q.upper, q.most].map(number) : Array<string>(5).fill('[z]')),
      orNone(comparison),
    ]),
    notes: marks.lines,
  };
}

/** Indicators by authorities; what nobody has a figure of is left out. */
export function heatOf(benchmarks: readonly Benchmark[], told: Told): Chart {
  const filled = benchmarks.filter(({ authorities }) =>
    authorities.some(({ figure: { kind } }) => kind === 'value' || kind === 'hidden'),
  );
  const codes = [
    ...new Set(filled.flatMap(({ authorities }) => authorities.flatMap(({ authority }) => authority ?? []))),
  ];
  const marks = new Marks(told);
  const rows = filled.map(({ indicator, authorities, region }) => ({
    name: `${indicator.code} ${indicator.name}`,
    region: shown(region, null, indicator),
    cells: codes.map((code) => {
      const one = authorities.find(({ authority }) => authority === code);
      const text = one ? shown(one.figure, one.base, indicator) : '[x]';
      return {
        text: text.replace(' to ', '–').replace(' or more', '+'),
        words: text,
        comparison: one?.comparison ?? null,
        noted: marks.of(indicator.code, one ? code : null),
      };
    }),
  }));
  const frame: Frame = {
    title: `${told.region}: each authority beside the region`,
    description: `${rows.length} indicators by ${codes.length} authorities; in each cell the value, and a sign and colour for how it stands beside the region’s.`,
    caption: captionOf(told, `Rates per 10,000 children, percentages and averages${besides(marks)}`),
  };
  return {
    ...frame,
    svg: heatChart(frame, codes.map(told.nameOf), rows),
    columns: ['Indicator', 'Region', ...codes.map(told.nameOf)],
    rows: rows.map(({ name, region, cells }) => [
      name,
      region,
      ...cells.map(({ words, comparison, noted }) => `${words}${comparison ? `, ${comparison}` : ''}${noted}`),
    ]),
    notes: marks.lines,
  };
}
