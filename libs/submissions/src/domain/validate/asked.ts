import { seriesKey } from '@hub/registry/domain';
import { measure, type PrintedRange } from '../printed-range';
import { queriesAbout } from '../queries';
import type { Reading } from './reading';
import type { Answer } from './texts';

/** A query that is asked of a return. */
export interface Asked {
  readonly rule: string;
  readonly pointer: string;
  readonly series: string;
}

/** What is asked about the return; unanswered it refuses. What is answered and was not asked is noted. */
export function checkQueries(reading: Reading, answers: readonly Answer[]): Asked[] {
  const { dataset, context, rows, indicators } = reading;
  const now = new Map(
    [...rows.values()].flatMap(({ indicator, categories, key, count, of }) => [
      ...(count === undefined ? [] : [[key, count] as const]),
      ...(of === undefined || !('own' in indicator.denominator) ? [] : [[seriesKey(indicator.code, categories, 'of'), of] as const]), // prettier-ignore
    ]),
  );
  const valueOf = (series: string) => {
    const value = now.get(series);
    return value === undefined ? undefined : Number(value);
  };
  const queries = queriesAbout({
    now,
    previous: context.previous ?? new Map<string, bigint>(),
    history: context.history ?? new Map<string, readonly bigint[]>(),
    scaleOf: (code) => 10 ** (indicators.get(code)?.decimals ?? 0),
    ...(context.printed ? { printed: context.printed } : {}),
    measured: (key) => measure(dataset, key.slice(0, key.indexOf('#')), valueOf, context.children),
  });
  const asked = queries.map(({ rule, key, message, expected, found }): Asked => {
    const { pointer, indicator, count } = rows.get(key)!;
    const units = { per10000: ' per 10,000', percent: ' %', mean: ' on average' }[indicator.unit];
    reading.add({
      severity: 'query',
      rule,
      pointer,
      message,
      expected:
        typeof expected === 'number'
          ? `close to ${expected / 10 ** indicator.decimals}, by the own earlier figures`
          : inRange(expected, units),
      found: found === undefined ? reading.written(count!, indicator.decimals) : `${found}${units}`,
    });
    if (!answers.some((answer) => answer.rule === rule && answer.pointer === pointer)) {
      reading.error(
        'query-unanswered',
        pointer,
        `The query ${rule} is not answered.`,
        `an explanation with rule ${rule} and pointer ${pointer}`,
      );
    }
    return { rule, pointer, series: key };
  });
  answers.forEach(({ rule, pointer, place }) => {
    if (asked.some((query) => query.rule === rule && query.pointer === pointer)) return;
    reading.add({
      severity: 'note',
      rule: 'answer-not-asked',
      pointer: place,
      message: `The query ${rule} is not asked of that row.`,
    });
  });
  return asked;
}

const inRange = ({ lowest, highest, of }: PrintedRange, units: string): string =>
  `about ${lowest} to ${highest}${units}, as printed for ${of}`;
