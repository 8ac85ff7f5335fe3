import { inTenths, parsePeriod, periodInShort } from '@hub/kernel';
import type { Indicator } from '@hub/registry/domain';
import { tenth, type Comparison } from '@hub/statistics';
import type { Benchmark, Coverage } from './benchmark';
import { aboutByChance } from './chance';
import type { Change } from './change';

/** A value that differs from the period before by more than chance, or by a break that is stated between the two. */
export interface Changed {
  readonly indicator: Indicator;
  /** Null: the region. */
  readonly authority: string | null;
  readonly value: number;
  readonly unit: string;
  /** Of the region: who stands in the value. */
  readonly coverage: Coverage | null;
  readonly change: Change & { readonly by: number };
  /** Beside the region, now. */
  readonly comparison: Comparison | null;
}

export interface Changes {
  /** The largest first, by the share of what it was. */
  readonly changes: readonly Changed[];
  /** Pairs of values with intervals, that could have been found to differ. */
  readonly compared: number;
  /** How many of them are of numbers at a date, of which chance gives fewer than `BY_CHANCE`. */
  readonly atDate: number;
  /** How many of the others chance would give if nothing had changed. */
  readonly expected: number;
  /** Why others were not compared, and how many each reason kept apart. */
  readonly notCompared: ReadonlyMap<string, number>;
}

/**
 * Two 95 % intervals of the same width lie apart when the values differ by more than 2 × 1.96 standard errors of one of them,
 * which is 2.77 of those of the difference: chance alone does that once in 180.
 * Source: Schenker and Gentleman, On judging the significance of differences by examining the overlap between confidence
 * intervals, The American Statistician 55 (2001).
 */
const BY_CHANCE = 0.0056;

const isAtDate = ({ basis }: Indicator): boolean => basis === 'snapshot';

/** What has changed since the period before by more than chance, in each authority that is shown by name and in the region. */
export function changesOf(
  rows: readonly { readonly benchmark: Benchmark; readonly changes: ReadonlyMap<string | null, Change> }[],
): Changes {
  const changed: Changed[] = [];
  const notCompared = new Map<string, number>();
  let [compared, atDate] = [0, 0];
  for (const { benchmark, changes } of rows) {
    for (const [authority, change] of changes) {
      const { by, remark } = change;
      if (remark !== null) notCompared.set(remark, (notCompared.get(remark) ?? 0) + 1);
      if (by === null) continue;
      if (change.isBeyondChance !== null) {
        compared++;
        if (isAtDate(benchmark.indicator)) atDate++;
      }
      // Whoever states a break does not take its change off the list.
      if (!change.isBeyondChance && change.across === undefined) continue;
      const one = benchmark.authorities.find((each) => each.authority === authority);
      const { value, unit } = authority === null ? benchmark.region : one!.figure;
      const comparison = one?.comparison ?? null;
      const coverage = authority === null ? benchmark.coverage : null;
      changed.push({
        indicator: benchmark.indicator,
        authority,
        value: value!,
        unit,
        coverage,
        change: { ...change, by },
        comparison,
      });
    }
  }
  const size = ({ change: { by, was } }: Changed) => Math.abs(by) / Math.max(Math.abs(was), 1);
  const expected = tenth((compared - atDate) * BY_CHANCE);
  return { changes: changed.sort((a, b) => size(b) - size(a)), compared, atDate, expected, notCompared };
}

/** `from 40.2 to 62.6 per 10,000 since Jan–Mar 2026; higher than the region`. */
export function changeInWords({ value, unit, change, comparison }: Changed): string {
  const { was, from, across, isConfirmed } = change;
  const beside =
    comparison === null ? '' : comparison === 'similar' ? '; similar to the region' : `; ${comparison} than the region`;
  const broken = across === undefined ? '' : `; not judged, a break is stated (${across})`;
  const asked = isConfirmed ? '; asked about, and the authority stands by it' : '';
  return `from ${inTenths(was)} to ${inTenths(value)}${unit === '%' ? '%' : ` ${unit}`} since ${periodInShort(parsePeriod(from))}${beside}${broken}${asked}`;
}

const some = (count: number) => `${count} ${count === 1 ? 'value' : 'values'}`;
const sum = (counts: Iterable<number>) => [...counts].reduce((a, b) => a + b, 0);

/** What was found beside what chance would give, in a line: numbers at a date apart. At length: `changesExplained`. */
export function changesInWords({ changes, compared, atDate, expected, notCompared }: Changes): string {
  if (!compared && !notCompared.size) return 'There is nothing before it that values could be compared with.';
  const judged = changes.filter(({ change }) => change.isBeyondChance);
  const ofDates = judged.filter(({ indicator }) => isAtDate(indicator)).length;
  const [others, apart] = [compared - atDate, sum(notCompared.values())];
  const differ = ' differ from the period before by more than their intervals';
  const found = [
    ...(others
      ? [`${judged.length - ofDates} of ${some(others)}${differ} (chance alone: ${aboutByChance(expected)})`]
      : []),
    ...(atDate ? [`${ofDates} of ${atDate} numbers at a date${others ? '' : differ}`] : []),
    ...(apart ? [`${apart} not compared`] : []),
  ];
  return `${found.join(', ')}.`;
}

/** How that is found, and why values were not compared, a sentence each. */
export function changesExplained({ compared, atDate, notCompared }: Changes): readonly string[] {
  return [
    ...(compared - atDate
      ? [
          'Two 95% intervals lie apart by chance alone, if nothing has changed, about once in 180; children of one family are counted together, which makes it somewhat more often.',
        ]
      : []),
    ...(atDate
      ? [
          'Numbers at a date are counted apart: neighbouring ones are mostly of the same people or cases, so that chance alone sets them apart less often.',
        ]
      : []),
    ...[...notCompared].map(([why, count]) => `Not compared (${some(count)}): ${why}`),
  ];
}
