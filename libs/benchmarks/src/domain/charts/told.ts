import { parsePeriod, periodInWords } from '@hub/kernel';
import { figureInWords } from '@hub/publications/domain';
import type { Indicator } from '@hub/registry/domain';
import { withinInWords } from '../shown';
import type { AuthorityFigure, Benchmark, Coverage, ShownFigure } from '../benchmark';
import { spanOf } from '../standing';
import type { EnglandFigure } from '../england-figure';
import { aboutByChance } from '../chance';
import { apartAnyway, dispersionOf, FAR_APART } from '../funnel';
import { isLow, LICENCE, shorthandOf, written } from '../exports/table';
import type { Recent } from '../history';
import { noteKindInWords, type Notes } from '../notes';
import { cut, leftInWords, SMALL, type Left } from './svg';

/** What charts and the tables beside them say in words. A table holds numbers as a program reads them: without separators. */

/** A chart with what stands beside it: whoever cannot see it reads the table, which holds the same figures. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  readonly svg: string;
  /** What stands under the picture of how it was made, and what is left out; with the table it goes where the picture does not. */
  readonly about: string;
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
  /** Publications and their digests. */
  readonly source: string;
  readonly handling: string;
  nameOf(authority: string): string;
  /** Of an indicator that another one is a part of. */
  indicatorName?(code: string): string;
  readonly notes: Notes;
  /** What is published for England beside it; null where nothing is. */
  englandOf(benchmark: Benchmark): EnglandFigure | null;
  /** Of a spine: the recent trend of its authority; null where there is none. */
  recentOf?(benchmark: Benchmark): Recent | null;
  /** Of a line: which of its periods are missing, and why. */
  readonly gaps?: readonly string[];
  /** Who is left out of the picture by choice; the table has all. */
  readonly without?: ReadonlySet<string>;
}

/** Whether somebody is drawn: one who is shown without a name cannot be left out by it. */
export const isDrawn = ({ without }: Pick<Told, 'without'>, authority: string | null): boolean =>
  authority === null || !without?.has(authority);

/** ` Left out by choice: Leeds.`; nothing where nobody is. */
export const leftOutInWords = ({ without, nameOf }: Told): string =>
  without?.size ? ` Left out of the picture by choice: ${[...without].map(nameOf).join(', ')}.` : '';

/** Notes of one chart, numbered as they are first met. */
export class Marks {
  readonly lines: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly told: Told) {}

  /** ` [note 1]` behind what it is about; nothing where there is no note. */
  of(indicator: string, authority: string | null): string {
    return this.numbersOf(indicator, authority)
      .map((one) => ` [note ${one}]`)
      .join('');
  }

  /** A cell has room for one mark: `[note 1]`, or `[notes 1–3]` of notes that are first met together. */
  inOne(indicator: string, authority: string | null): string {
    const numbers = this.numbersOf(indicator, authority);
    return numbers.length > 1
      ? `[notes\u00a0${numbers[0]}–${numbers.at(-1)}]`
      : numbers.map((one) => `[note ${one}]`).join('');
  }

  private numbersOf(indicator: string, authority: string | null): readonly number[] {
    return this.told.notes.about(indicator, authority).map((note) => {
      const known = this.numbers.get(note.id) ?? this.lines.length + 1;
      if (!this.numbers.has(note.id)) {
        this.numbers.set(note.id, known);
        this.lines.push(
          `[note ${known}] ${this.told.nameOf(note.authority)}, ${indicator}, ${noteKindInWords(note)}: ${note.text}`,
        );
      }
      return known;
    });
  }
}

/** So many notes stand whole under a picture; where there are more, so many letters of each. */
const [WHOLE_NOTES, LETTERS] = [8, 140];
function underPicture({ lines }: Marks): readonly string[] {
  if (lines.length <= WHOLE_NOTES || lines.every(({ length }) => length <= LETTERS)) return lines;
  const cutShort = lines.map((one) => (one.length > LETTERS ? `${one.slice(0, LETTERS).trimEnd()}…` : one));
  return [...cutShort, 'Of so many notes each is cut short here; with the table they stand whole.'];
}

/** A dozen words are read: of the ways to say what is seen the first that has no more, else the last. No title has a code alone. */
export const titled = (...ways: readonly string[]): string =>
  ways.find((way) => way.split(' ').length <= 12) ?? ways.at(-1)!;

/** What is drawn, of when, how it was made and what is left out. @param what  in sentences */
export function aboutOf(told: Told, what: string): string {
  const { region, period } = told;
  const left = leftOutInWords(told).trim();
  return [
    ...(left
      ? [`${left} The table has them, and the region’s value, limits, places, quartiles and counts are of all.`]
      : []),
    `${what.replace(/[.]$/, '')}. ${region}, ${periodInWords(parsePeriod(period))} (${period}).`,
  ].join(' ');
}

/** What stands under a picture, wherever it is carried. @param marks  of notes that the picture shows: their texts follow */
export const captionOf = ({ source, handling }: Told, about: string, marks: Marks): string =>
  [about, ...underPicture(marks), `${source}. ${handling}`, LICENCE].join('\n');

/** A rate of a category is not of the children of that category, of whom there is no estimate: `per 10,000 of all children aged 0 to 17`. */
export const unitOf = (benchmark: Benchmark, { period }: Pick<Told, 'period'>): string => {
  const { indicator, region } = benchmark;
  const rate = isOfCategory(benchmark) ? 'per 10,000 of all children aged 0 to 17' : 'per 10,000 children';
  return `${region.unit === 'per 10,000' ? rate : region.unit}${withinInWords(indicator, parsePeriod(period))}`;
};
/** The same in a cell. */
export const shortUnitOf = ({ indicator, region: { unit } }: Benchmark, { period }: Pick<Told, 'period'>): string =>
  `${unit}${withinInWords(indicator, parsePeriod(period))}`;
const isOfCategory = ({ categoryNames }: Benchmark): boolean => Object.keys(categoryNames).length > 0;
/** Along an axis, where there is room for so many pixels of a category's name. */
export const axisOf = (benchmark: Benchmark, told: Pick<Told, 'period'>): string =>
  isOfCategory(benchmark)
    ? `${cut(Object.values(benchmark.categoryNames).join(', '), 90, SMALL)}, ${shortUnitOf(benchmark, told)}`
    : unitOf(benchmark, told);
/** What the values of an indicator are a part of. */
export const baseNameOf = ({ denominator }: Indicator, told: Told): string =>
  'population' in denominator
    ? 'Children aged 0 to 17'
    : 'own' in denominator
      ? denominator.own
      : (told.indicatorName?.(denominator.indicator) ?? denominator.indicator);

/** Such a category is not printed by itself: its picture would look as if nobody had sent it. */
export const toldTogether = ({ together }: Benchmark) => (together === null ? '' : `. ${together} are told together`);
export const other = 'one of the others';

export const regionName = ({ coverage }: Pick<Benchmark, 'coverage'>) => `Region (${coverage.text})`;
/** How complete the region's figures are, in a sentence without its end. */
export function completeness(all: readonly Coverage[]): string {
  const sorted = [...all].sort((a, b) => a.submitted / a.parties - b.submitted / b.parties);
  if (!sorted.length) return '';
  const [least, most] = [sorted[0]!, sorted.at(-1)!].map(({ submitted, parties }) => `${submitted} of ${parties}`);
  const range = least === most ? least : `${least} to ${most}`;
  return `. Authorities in the region’s figure${all.length > 1 ? 's' : ''}: ${range}`;
}

/** Of which year's estimate rates are, in a sentence without its end; nothing of what is no rate. */
export function estimateInWords({ authorities, region }: Benchmark): string {
  const year = (region.population ?? authorities.find(({ figure }) => figure.population)?.figure.population)?.year;
  return year === undefined
    ? ''
    : `. Children aged 0 to 17: mid-year estimate of ${year}, Office for National Statistics`;
}

/**
 * How many comparisons with the region lie apart and how many of them chance would mark, in a sentence without its end: limits of
 * 95 % leave out at most about one value of twenty that differs from the region, of which it is a part, by chance alone. They hold chance in
 * the counts of independent children and nothing else: where authorities are not alike for reasons of their own, as the funnel tells, many more lie
 * apart, and it is said how many are left where the limits allow for that (decision 69).
 * @param benchmarks  those whose comparisons are shown
 * @param shown       which of their authorities; absent: all
 */
export function comparedInWords(
  benchmarks: readonly Benchmark[],
  shown: (one: AuthorityFigure) => boolean = () => true,
): string {
  const compared = benchmarks.flatMap(({ authorities }) =>
    authorities.filter((one) => one.comparison !== null && shown(one)),
  );
  if (!compared.length) return '';
  const isApart = ({ comparison }: AuthorityFigure) => comparison !== null && comparison !== 'similar';
  const apart = compared.filter(isApart).length;
  const byChance = compared.length / 20;
  const about = byChance < 1 ? aboutByChance(byChance) : `at most ${aboutByChance(byChance)}`;
  const far = benchmarks.filter((one) => (dispersionOf(one) ?? 0) > FAR_APART);
  const found = `. ${apart} of ${compared.length} values differ from the region by their 95% limits, where chance alone would give ${about} (somewhat more, for brothers and sisters are counted together)`;
  if (!far.length) return found;
  const near = benchmarks.filter((one) => !far.includes(one));
  const left = [...far.flatMap(apartAnyway), ...near.flatMap(({ authorities }) => authorities.filter(isApart))].filter(
    shown,
  );
  const where =
    benchmarks.length === 1 ? 'Authorities' : `In ${far.length} of ${benchmarks.length} indicators authorities`;
  return `${found}. ${where} differ from each other far more than chance explains: with limits widened to allow for that, ${left.length} of the ${apart} would still differ from the region`;
}

/** Why figures are not there, by reason, in a sentence without its end: `. Without a figure: not collected: Hartlepool; not submitted: Gateshead`. */
export function whyNoneInWords(benchmarks: readonly Benchmark[], told: Told): string {
  const [, ...more] = benchmarks;
  const reasons = new Map<string, Map<string, string[]>>();
  for (const { indicator, authorities, together } of benchmarks) {
    // Of categories that are told together something else is said.
    if (together !== null) continue;
    for (const { authority, figure } of authorities) {
      const { valueKind } = figure;
      if (valueKind === 'value' || valueKind === 'hidden' || !isDrawn(told, authority)) continue;
      // Who has no name has no column among several indicators.
      if (authority === null && more.length) continue;
      const reason = figureInWords(valueKind, undefined, 0);
      const whose = reasons.get(reason) ?? new Map<string, string[]>();
      const name = authority === null ? other : told.nameOf(authority);
      whose.set(name, [...(whose.get(name) ?? []), indicator.code]);
      reasons.set(reason, whose);
    }
  }
  const codesOf = (codes: readonly string[]) => (codes.length === benchmarks.length ? 'all' : codes.join(', '));
  const namesOf = (whose: ReadonlyMap<string, readonly string[]>) =>
    [...whose].map(([name, codes]) => {
      if (more.length) return `${name} (${codesOf(codes)})`;
      return codes.length > 1 ? `${codes.length} of the others` : name;
    });
  const said = [...reasons].map(([reason, whose]) => `${reason}: ${namesOf(whose).join(', ')}`);
  return said.length ? `. Without a figure: ${said.join('; ')}` : '';
}

/** `England, year to March 2025, public: Department for Education, children in need census`. */
export const englandName = ({ period, source }: EnglandFigure) =>
  `England, ${periodInWords(parsePeriod(period))}, public: ${source}`;
export const englandInWords = (england: EnglandFigure | null) => (england ? `. ${england.text}` : '');

export const mark = (figure: ShownFigure): string => `[${shorthandOf(figure)}]`;
/** No cell is empty. */
export const orNone = (cell: string | number | null | undefined): string => String(cell ?? '[z]');
export const orMissing = (cell: string | number | null | undefined): string => String(cell ?? '[x]');

/** Of a hidden figure what is left of it, in the unit of the values; null where that is not known. */
export function leftOf(figure: ShownFigure, base: number | null, indicator: Indicator): Left | null {
  if (figure.kind !== 'hidden' || !figure.between || !base) return null;
  const span = spanOf(figure, base, indicator);
  return span && [span.lower, Number.isFinite(span.upper) ? span.upper : null];
}

/** A figure as a picture has it: `50.1`, `[c] 0.2 to 2.2`, `[x]`. @param as  how numbers are written */
export function shown(
  figure: ShownFigure,
  base: number | null,
  indicator: Indicator,
  as: (value: number) => string,
): string {
  if (figure.value !== null) return isLow(figure) ? '[low]' : as(figure.value);
  const left = leftOf(figure, base, indicator);
  return left ? `${mark(figure)} ${leftInWords(left, as)}` : mark(figure);
}

/** The columns of a figure in a table. */
export const VALUE = ['Value', 'Hidden: at least', 'Hidden: at most'] as const;
/**
 * A figure as a table has it: its value, or why there is none, and of a hidden one what is left of it, in cells that a program
 * reads; without an end above `[z]`.
 */
export function valueOfTable(
  figure: ShownFigure,
  base: number | null,
  indicator: Indicator,
): readonly [value: string, least: string, most: string] {
  if (figure.value !== null) return [isLow(figure) ? '[low]' : String(figure.value), '[z]', '[z]'];
  const none = mark(figure);
  const [least, most] = leftOf(figure, base, indicator) ?? [none, none];
  return [none, String(least), orNone(most)];
}

/** The lower and the upper limit; of a figure that is hidden or not there, why there is none. */
export const limitsOfTable = ({ figure, limits }: Pick<AuthorityFigure, 'figure' | 'limits'>): [string, string] => {
  const [lower, upper] = (['lower', 'upper'] as const).map((end) =>
    written({ ...figure, population: null, limits }, end),
  );
  const cell = (one: ReturnType<typeof written>) => (typeof one === 'number' ? String(one) : `[${one}]`);
  return [cell(lower!), cell(upper!)];
};

/** How a figure stands beside the region's, or why that is not known. */
export const besideRegion = ({ figure, comparison }: AuthorityFigure, region: ShownFigure): string =>
  comparison ?? (figure.value === null ? mark(figure) : region.value === null ? mark(region) : '[z]');
