import { formulaOf, isAggregated, seriesKey, termSeries, type Indicator } from '@hub/registry/domain';
import type { Reading, Row } from './reading';

/** 10^decimals. */
const tens = [1n, 10n] as const;

/** `of` is the row that it names, and no part is larger than its whole. */
export function checkDenominators(reading: Reading): void {
  for (const { pointer, indicator, categories, count, of } of reading.rows.values()) {
    if (count === undefined || 'population' in indicator.denominator) continue;
    const named = reading.denominatorOf(indicator, categories)!;
    const decimals = reading.decimalsOf(named);
    if ('indicator' in indicator.denominator && !reading.spoilt.has(named)) {
      const row = reading.rows.get(named);
      const whole = row?.count;
      const name = named.slice(0, named.indexOf('#'));
      if (whole === undefined) {
        if (of !== undefined) {
          reading.error(
            'of-differs',
            `${pointer}/of`,
            `"of" is the count of ${name}, and the return has none.`,
            `no of, or a count for ${name}`,
            reading.written(of, decimals),
          );
        }
      } else if (of === undefined) {
        reading.error('of-missing', pointer, `The denominator in "of" is missing.`, `of, the count of ${name}`);
      } else if (of !== whole) {
        reading.error(
          'of-differs',
          `${pointer}/of`,
          `"of" is not the count of ${name}, ${row!.standing ? 'as it stands' : row!.pointer}.`,
          reading.written(whole, decimals),
          reading.written(of, decimals),
        );
      }
    }
    if (of === undefined || indicator.unit !== 'percent') continue;
    if (count * tens[decimals] > of * tens[indicator.decimals]) {
      reading.error(
        'numerator-above-denominator',
        pointer,
        `The count of ${indicator.code} is above its denominator.`,
        `at most ${reading.written(of, decimals)}`,
        reading.written(count, indicator.decimals),
      );
    }
  }
}

/**
 * A breakdown is whole or not there; where it covers everyone once, it sums to its total. Of an authority's own measures those
 * categories are there that it has, its teams, and together they are no more than the total.
 */
export function checkBreakdowns(reading: Reading): void {
  for (const indicator of reading.dataset.indicators) {
    for (const breakdown of indicator.breakdowns) {
      const codes = reading.codesOf(breakdown);
      const keys = codes.map((code) => seriesKey(indicator.code, { [breakdown.dimension]: code }, 'count'));
      const rows = keys.flatMap((key) => reading.rows.get(key) ?? []);
      const there = keys.filter((key) => reading.rows.has(key) || reading.spoilt.has(key));
      if (rows.length === 0) continue;
      if (there.length < keys.length && isAggregated(reading.dataset)) {
        const missing = codes.filter((_, i) => !there.includes(keys[i]!));
        reading.error(
          'breakdown-incomplete',
          rows[0]!.pointer,
          `${indicator.code} by ${breakdown.dimension} does not have every category.`,
          `also ${missing.join(', ')}`,
        );
        continue;
      }
      if (!breakdown.exhaustive || rows.length < there.length) continue;
      const sumsTo = breakdown.sumsTo ?? indicator.code;
      checkSum(reading, indicator, sumsTo, rows, keys.length, 'count');
      if ('own' in indicator.denominator) checkSum(reading, indicator, sumsTo, rows, keys.length, 'of');
    }
  }
}

/** @param places  categories that there are, with a row or without */
function checkSum(
  reading: Reading,
  indicator: Indicator,
  totalCode: string,
  rows: readonly Row[],
  places: number,
  measure: 'count' | 'of',
): void {
  const total = reading.rows.get(seriesKey(totalCode, {}, 'count'));
  const whole = total?.[measure];
  if (!total || whole === undefined) return;
  const parts = rows.flatMap((row) => row[measure] ?? []);
  const sum = parts.reduce((a, b) => a + b, 0n);
  const [left, right] = [sum * tens[total.indicator.decimals], whole * tens[indicator.decimals]];
  // Where a category has no count, the others can still not exceed the whole; so too an authority's own teams, for what belongs
  // to none of them stands in the total alone.
  const mayBeLess = parts.length < places || !isAggregated(reading.dataset);
  if (left === right || (mayBeLess && left < right)) return;
  const [dimension] = Object.keys(rows[0]!.categories);
  const what = measure === 'count' ? 'counts' : 'denominators';
  reading.error(
    'parts-do-not-sum',
    measure === 'count' ? `${total.pointer}/count` : `${total.pointer}/of`,
    `The ${what} of ${indicator.code} by ${dimension} do not sum to ${totalCode}.`,
    reading.written(whole, total.indicator.decimals),
    reading.written(sum, indicator.decimals),
  );
}

/** Nothing is implied: an indicator without a row is not a nil return. */
export function checkRequired(reading: Reading): void {
  if (reading.unplaced && reading.rows.size === 0 && reading.spoilt.size === 0) return;
  // Nobody asks an authority for its own measures; one that it gives by team has a total.
  const given = new Set([...reading.rows.values()].map(({ indicator }) => indicator.code));
  const asked = reading.dataset.indicators.filter(({ code }) => isAggregated(reading.dataset) || given.has(code));
  const missing = asked.filter(({ code }) => {
    const key = seriesKey(code, {}, 'count');
    return !reading.rows.has(key) && !reading.spoilt.has(key);
  });
  for (const { code } of missing) {
    reading.error(
      'row-missing',
      '/rows',
      `There is no row for ${code}.`,
      `${code} with a count (0 is a confirmed nil) or a status and its reason`,
    );
  }
}

/** The linear rules of the dataset, where every term has a count. */
export function checkRules(reading: Reading): void {
  for (const { code, message, terms, lower, upper } of reading.dataset.rules) {
    const found = terms.map(([term]) => {
      const { indicator, categories, measure } = termSeries(term);
      const row = reading.rows.get(seriesKey(indicator, categories, 'count'));
      return row && { row, value: row[measure] };
    });
    if (!found.every((one) => one?.value !== undefined)) continue;
    // In tenths, so that counts with and without a decimal can be added.
    const sum = terms.reduce(
      (total, [, factor], i) =>
        total + BigInt(factor * 10 ** (1 - found[i]!.row.indicator.decimals)) * found[i]!.value!,
      0n,
    );
    const below = lower !== undefined && sum < BigInt(Math.round(lower * 10));
    const above = upper !== undefined && sum > BigInt(Math.round(upper * 10));
    if (!below && !above) continue;
    reading.error(code, found[0]!.row.pointer, message, formulaOf({ terms, lower, upper }), reading.written(sum, 1));
  }
}
