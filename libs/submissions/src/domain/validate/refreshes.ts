import { isObject } from '@hub/identity/domain';
import { parseSeriesKey } from '@hub/registry/domain';
import { comparePeriods, type Period } from '@hub/kernel';
import { earlierPeriodOf } from '../refresh';
import { Reading, type Row, type Standing } from './reading';

/** A refresh while it is read: the rows of one earlier period, laid over what stands. */
export interface Refresh {
  readonly period: Period;
  readonly reading: Reading;
  /** Undefined where it is not known. */
  readonly standing: Standing | undefined;
}

/**
 * Tells which period a row is of. A row of a period that cannot be refreshed is read all the same, so that everything wrong with
 * it is said at once, and counts nowhere.
 */
export class Refreshes {
  private readonly byPeriod = new Map<string, Refresh>();

  constructor(private readonly main: Reading) {}

  /** The oldest first. */
  get all(): Refresh[] {
    return [...this.byPeriod.values()].sort((a, b) => comparePeriods(a.period, b.period));
  }

  /** The reading in which a row belongs. */
  readingOf(row: unknown, pointer: string): Reading {
    const { main } = this;
    const { dataset, context, findings } = main;
    const named = isObject(row) ? row['period'] : undefined;
    if (named === undefined || named === context.period.text) return main;
    const known = typeof named === 'string' ? this.byPeriod.get(named) : undefined;
    if (known) return known.reading;
    const period = earlierPeriodOf(named, context.period);
    const standing = period && context.refreshable?.get(period.text);
    if (!period || (context.refreshable && !standing)) {
      // It may have been meant for this period.
      main.unplaced = true;
      const offered = [...(context.refreshable?.keys() ?? [])];
      main.error(
        'refresh-not-offered',
        `${pointer}/period`,
        'A row is of a period that cannot be refreshed now.',
        `${context.period.text}${offered.length ? `; or ${offered.join(', ')}` : ''}`,
      );
      return new Reading(dataset, context, findings);
    }
    if (standing?.cells.size === 0) {
      main.error(
        'refresh-without-return',
        `${pointer}/period`,
        'There is no return of that period to refresh.',
        'a whole return of it, by an exception of the lead',
      );
    }
    const { previous, history, children } = standing ?? {};
    const reading = new Reading(
      dataset,
      {
        ...context,
        period,
        previous: previous ?? new Map<string, bigint>(),
        history: history ?? new Map<string, readonly bigint[]>(),
        children,
      },
      findings,
    );
    this.byPeriod.set(period.text, { period, reading, standing });
    return reading;
  }

  /** Lays the rows that stand under those that refresh them; from then on the period's rows are whole. */
  lay(): void {
    for (const { reading, standing } of this.byPeriod.values()) if (standing) layUnder(reading, standing);
  }
}

function layUnder(reading: Reading, { cells }: Standing): void {
  const sent = [...reading.rows.values()];
  const laid: Row[] = [];
  for (const [key, { kind, value }] of cells) {
    const { indicator: code, categories, measure } = parseSeriesKey(key);
    const indicator = reading.indicators.get(code);
    if (measure !== 'count' || !indicator || reading.rows.has(key) || reading.spoilt.has(key)) continue;
    const named = reading.denominatorOf(indicator, categories);
    // Of what has changed beside it: the count that it is divided by, another of the same indicator, or any.
    const beside = sent.find((row) => row.key === named) ?? sent.find((row) => row.indicator.code === code) ?? sent[0];
    laid.push({
      pointer: beside?.pointer ?? '/rows',
      standing: true,
      indicator,
      categories,
      key,
      kind,
      ...(value === undefined ? {} : { count: value }),
    });
  }
  for (const row of laid) reading.rows.set(row.key, row);
  for (const row of laid) {
    const named = reading.denominatorOf(row.indicator, row.categories);
    if (named === null || row.count === undefined) continue;
    const of = 'own' in row.indicator.denominator ? cells.get(named)?.value : reading.rows.get(named)?.count;
    if (of !== undefined) reading.rows.set(row.key, { ...row, of });
  }
}
