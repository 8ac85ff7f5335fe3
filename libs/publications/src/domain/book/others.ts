import { periodsUntil, type Period } from '@hub/kernel';
import {
  inPeriod,
  localMarkOf,
  nationalMarkOf,
  type Breakdown,
  type Dataset,
  type PrintMark,
} from '@hub/registry/domain';
import { inTimeOf } from './periods';

/** What others print of a count over a longer period. */
export interface Longer {
  readonly period: string;
  /** From which count on, in the count's own units; nothing is printed below it but 0. */
  readonly threshold: number;
}

/** What others will print of longer periods than the edition's: of counts that add up to them. */
export type LongerPrint = (key: string) => readonly Longer[];

/** The period of that kind which holds another one; undefined where it does not hold all of it. */
function around(kind: Period['kind'], period: Period): Period | undefined {
  const [found] = periodsUntil({ ...period, kind }, 1);
  return found && found.from <= period.from && period.until <= found.until ? found : undefined;
}

/** Every dataset that counts over periods which hold this one, as it stands for them. */
const holding = (datasets: readonly Dataset[], period: Period) =>
  datasets.flatMap((dataset) => {
    const longer = around(dataset.frequency, period);
    return longer ? [{ dataset: inPeriod(dataset, longer), longer }] : [];
  });

type Marks = Pick<Breakdown, 'nationallyPublished' | 'printedLocally'>;

/**
 * A dataset as it stands for a period, with the marks of all datasets that hold the same count: of the same period, or, where it stands
 * for its last day, of the year that ends with it. What the Department prints of the year's last day is known of the last
 * quarter's too. A mark that is printed before its period ends is about some other day.
 */
export function asOthersPrint(dataset: Dataset, period: Period, datasets: readonly Dataset[]): Dataset {
  const inTime = inTimeOf(dataset);
  const own = inPeriod(dataset, period);
  const others = holding([dataset, ...datasets], period).filter(
    ({ longer }) => longer.text === period.text || (longer.kind === 'year' && longer.until === period.until),
  );
  const marked = (code: string, dimension?: string): Marks => {
    const mark = (kind: keyof Marks): Marks => {
      const all = others.flatMap(({ dataset: other, longer }): PrintMark[] => {
        const isSame = longer.text === period.text;
        if (!isSame && inTime(`${code}#count`) !== 'stands') return [];
        const indicator = other.indicators.find((one) => one.code === code);
        const place =
          dimension === undefined ? indicator : indicator?.breakdowns.find((one) => one.dimension === dimension);
        const found = place?.[kind];
        return found && (isSame || (found.monthsAfter ?? 0) >= 0) ? [found] : [];
      });
      const [lowest] = all.sort((a, b) => a.threshold - b.threshold);
      return lowest ? { [kind]: lowest } : {};
    };
    return { ...mark('nationallyPublished'), ...mark('printedLocally') };
  };
  return {
    ...own,
    indicators: own.indicators.map((one) => ({
      ...one,
      ...marked(one.code),
      breakdowns: one.breakdowns.map((breakdown) => ({ ...breakdown, ...marked(one.code, breakdown.dimension) })),
    })),
  };
}

/** What others will print of longer periods, as the datasets of the hub say it. */
export function longerPrint(
  dataset: Dataset,
  period: Period,
  datasets: readonly Dataset[],
  ignoreNationalMarks: boolean,
): LongerPrint {
  const inTime = inTimeOf(dataset);
  const units = new Map(dataset.indicators.map(({ code, decimals }) => [code, 10 ** decimals]));
  const longer = holding(datasets, period).filter((one) => one.longer.text !== period.text);
  return (key) => {
    if (inTime(key) !== 'adds') return [];
    const unit = units.get(/^[A-Z0-9-]+/.exec(key)![0])!;
    return longer.flatMap(({ dataset: other, longer: { text } }) => {
      const marks = [ignoreNationalMarks ? undefined : nationalMarkOf(other, key), localMarkOf(other, key)];
      return marks.flatMap((mark: PrintMark | undefined) =>
        mark ? [{ period: text, threshold: mark.threshold * unit }] : [],
      );
    });
  };
}
