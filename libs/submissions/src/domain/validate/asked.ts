import { seriesKey } from '@hub/registry/domain';
import { measure, type PrintedRange } from '../printed-range';
import { queriesAbout, type Query } from '../queries';
import type { Reading, Standing } from './reading';
import type { Refresh } from './refreshes';
import type { Answer } from './texts';

/** A query that is asked of a return. */
export interface Asked {
  readonly rule: string;
  readonly pointer: string;
  readonly series: string;
  /** The earlier period, where the row refreshes one. */
  readonly refreshes?: string;
}

/**
 * What is asked about the return, of the earlier periods that it refreshes too; unanswered it refuses. What is answered and was
 * not asked is noted.
 */
export function checkQueries(main: Reading, refreshes: readonly Refresh[], answers: readonly Answer[]): Asked[] {
  const whole = refreshes.filter(({ standing }) => standing?.cells.size);
  const about = (reading: Reading, standing?: Standing): Asked[] => {
    // What the return itself says of the period before is what that one is from now on.
    const refreshed = whole.find(({ period }) => period.until === reading.context.period.from);
    const previous = refreshed ? countsOf(refreshed.reading) : reading.context.previous;
    const queries = queriesOf(reading, countsOf(reading), previous);
    // What stands as it stood is asked about only where that is new.
    const before = standing ? queriesOf(reading, standingCounts(standing), reading.context.previous) : [];
    return queries
      .filter((query) => !reading.rows.get(query.key)!.standing || !before.some((old) => isSame(old, query)))
      .map((query) => ask(reading, query, answers));
  };
  const asked = [
    ...whole.flatMap(({ period, reading, standing }) =>
      about(reading, standing).map((query) => ({ ...query, refreshes: period.text })),
    ),
    ...about(main),
  ];
  answers.forEach(({ rule, pointer, place }) => {
    if (asked.some((query) => query.rule === rule && query.pointer === pointer)) return;
    main.add({
      severity: 'note',
      rule: 'answer-not-asked',
      pointer: place,
      message: `The query ${rule} is not asked of that row.`,
    });
  });
  return asked;
}

const isSame = (one: Query, other: Query): boolean => JSON.stringify(one) === JSON.stringify(other);

function ask(
  reading: Reading,
  { rule, key, message, expected, found }: Query,
  answers: readonly Answer[],
): Omit<Asked, 'refreshes'> {
  const { pointer, indicator, count } = reading.rows.get(key)!;
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
      `an explanation with rule ${rule} and pointer ${pointer}; in a table query, answer and explanation on its row`,
    );
  }
  return { rule, pointer, series: key };
}

function queriesOf(
  { dataset, context, indicators }: Reading,
  now: ReadonlyMap<string, bigint>,
  previous: ReadonlyMap<string, bigint> | undefined,
): Query[] {
  const valueOf = (series: string) => {
    const value = now.get(series);
    return value === undefined ? undefined : Number(value);
  };
  return queriesAbout({
    now,
    previous: previous ?? new Map<string, bigint>(),
    history: context.history ?? new Map<string, readonly bigint[]>(),
    scaleOf: (code) => 10 ** (indicators.get(code)?.decimals ?? 0),
    ...(context.printed ? { printed: context.printed } : {}),
    measured: (key) => measure(dataset, key.slice(0, key.indexOf('#')), valueOf, context.children),
  });
}

/** Counts and own denominators by series. */
const countsOf = ({ rows }: Reading): Map<string, bigint> =>
  new Map(
    [...rows.values()].flatMap(({ indicator, categories, key, count, of }) => [
      ...(count === undefined ? [] : [[key, count] as const]),
      ...(of === undefined || !('own' in indicator.denominator)
        ? []
        : [[seriesKey(indicator.code, categories, 'of'), of] as const]),
    ]),
  );

const standingCounts = ({ cells }: Standing): Map<string, bigint> =>
  new Map([...cells].flatMap(([series, { value }]) => (value === undefined ? [] : [[series, value] as const])));

const inRange = ({ lowest, highest, of }: PrintedRange, units: string): string =>
  `about ${lowest} to ${highest}${units}, as printed for ${of}`;
