import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import type { PeriodKind } from '@hub/kernel';
import { denominatorSeriesOf, seriesKey, type Dataset } from '@hub/registry/domain';
import { per, valueBy } from '@hub/statistics';

/** The lowest and the highest that is printed of one indicator: rates per 10,000, percentages or means. */
export interface PrintedRange {
  readonly lowest: number;
  readonly highest: number;
  /** Whose they are, in words: "the region’s authorities, 2025-Q4". */
  readonly of: string;
}

/** A figure as it is compared. */
export interface Measured {
  readonly value: number;
  /** One thing counted more, in the unit of the value: 10,000 / children, 100 / of. */
  readonly step: number;
}

/** contracts/rules/national-ranges.json */
interface NationalRanges {
  readonly v: 1;
  readonly source: string;
  readonly ranges: readonly {
    readonly indicator: string;
    readonly lowest: number;
    readonly highest: number;
    /** What the Department measures, by its name there. */
    readonly measure: string;
    readonly period: string;
    /** Only for returns of such periods: what happens in a year is not what happens in a quarter. Absent: for all. */
    readonly frequency?: PeriodKind;
  }[];
}

let read: NationalRanges | undefined;
const national = (): NationalRanges =>
  (read ??= JSON.parse(readFileSync(join(contractsFolder, 'rules', 'national-ranges.json'), 'utf8')) as NationalRanges);

/** What the Department prints of the dataset's indicators, as far as returns of such periods can be compared with it. */
export function nationalRanges({ indicators }: Dataset, kind: PeriodKind): Map<string, PrintedRange> {
  const codes = new Set(indicators.map(({ code }) => code));
  return new Map(
    national()
      .ranges.filter(({ indicator, frequency }) => codes.has(indicator) && (frequency ?? kind) === kind)
      .map(({ indicator, lowest, highest, period }) => [
        indicator,
        { lowest, highest, of: `England’s authorities, ${period}` },
      ]),
  );
}

/**
 * Rate, percentage or mean of an indicator's total, or of one category.
 * @param valueOf   a count or denominator by its series, whole numbers of 10^-decimals; undefined where there is none
 * @param children  aged 0 to 17; undefined where there is no estimate
 * @returns undefined where there is nothing to divide, or to divide by
 */
export function measure(
  dataset: Dataset,
  code: string,
  valueOf: (series: string) => number | undefined,
  children: number | undefined,
  categories: Readonly<Record<string, string>> = {},
): Measured | undefined {
  const indicator = dataset.indicators.find((one) => one.code === code);
  const count = valueOf(seriesKey(code, categories, 'count'));
  if (!indicator || count === undefined) return undefined;
  const denominator = denominatorSeriesOf(dataset, code, categories);
  const of = denominator === null ? children : valueOf(denominator);
  if (!of) return undefined;
  const value = valueBy[indicator.unit](count, of);
  if (value === undefined) return undefined;
  return { value, step: (10 ** indicator.decimals * per[indicator.unit]) / of };
}

/** A figure printed for an authority. */
export interface PrintedFigure {
  readonly authority: string;
  readonly series: string;
  /** Whole number of 10^-decimals. */
  readonly value: number;
}

/**
 * The range of each indicator among authorities, out of what a publication prints of them.
 * @param needed  from so few authorities on there is a range
 * @param childrenOf  aged 0 to 17 in the publication's period
 */
export function regionalRanges(
  dataset: Dataset,
  figures: readonly PrintedFigure[],
  period: string,
  needed: number,
  childrenOf: (authority: string) => number | undefined,
): Map<string, PrintedRange> {
  const byAuthority = new Map<string, Map<string, number>>();
  for (const { authority, series, value } of figures) {
    const own = byAuthority.get(authority) ?? new Map<string, number>();
    byAuthority.set(authority, own.set(series, value));
  }
  const ranges = new Map<string, PrintedRange>();
  for (const { code } of dataset.indicators) {
    const values = [...byAuthority].flatMap(([authority, own]) => {
      const one = measure(dataset, code, (series) => own.get(series), childrenOf(authority));
      return one ? [one.value] : [];
    });
    if (values.length < needed) continue;
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    ranges.set(code, { lowest, highest, of: `the region’s authorities, ${period}` });
  }
  return ranges;
}

/**
 * Whether a figure lies beyond a range by more than a share of its width, and by more than some counts.
 * @param rule.percent  of the width
 * @param rule.least    counts
 */
export function isOutside(
  { value, step }: Measured,
  { lowest, highest }: PrintedRange,
  rule: { readonly percent: number; readonly least: number },
): boolean {
  const beyond = Math.max(lowest - value, value - highest);
  return beyond > ((highest - lowest) * rule.percent) / 100 && beyond > rule.least * step;
}
