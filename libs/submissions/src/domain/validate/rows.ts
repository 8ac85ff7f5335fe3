import { isObject, type JsonObject } from '@hub/identity/domain';
import { seriesKey, type Indicator } from '@hub/registry/domain';
import { statuses, type Reading, type Row } from './reading';

const rowMembers = ['indicator', 'breakdown', 'count', 'of', 'status', 'reason', 'period'];

export function readRow(reading: Reading, row: unknown, pointer: string): void {
  if (!isObject(row)) {
    reading.unplaced = true;
    return reading.error(
      'row-shape',
      pointer,
      'A row is not an object.',
      'an object with indicator and count or status',
    );
  }
  reading.onlyMembers(row, rowMembers, pointer);
  const indicator = typeof row['indicator'] === 'string' ? reading.indicators.get(row['indicator']) : undefined;
  if (!indicator) {
    reading.unplaced = true;
    reading.error(
      'unknown-indicator',
      `${pointer}/indicator`,
      'The dataset has no such indicator.',
      `a code of ${reading.dataset.code} ${reading.dataset.version}`,
    );
  }
  const categories = indicator && readBreakdown(reading, row['breakdown'], indicator, `${pointer}/breakdown`);
  if (indicator && !categories) reading.unplaced = true;
  const key = indicator && categories && seriesKey(indicator.code, categories, 'count');
  const figure = readFigure(reading, row, indicator, categories, pointer);
  if (!indicator || !categories || !key) return;
  const first = reading.rows.get(key);
  if (first || reading.spoilt.has(key)) {
    return reading.error(
      'duplicate-row',
      pointer,
      'There is more than one row for the same count.',
      first ? `one row; the first is ${first.pointer}` : 'one row',
    );
  }
  if (figure) reading.rows.set(key, { pointer, indicator, categories, key, ...figure });
  else reading.spoilt.add(key);
}

function readBreakdown(
  reading: Reading,
  breakdown: unknown,
  indicator: Indicator,
  pointer: string,
): Readonly<Record<string, string>> | undefined {
  if (breakdown === undefined) return {};
  const expected = () => {
    const dimensions = indicator.breakdowns.map(({ dimension }) => dimension);
    return dimensions.length ? `nothing, or one of ${dimensions.join(', ')}` : 'no breakdown';
  };
  if (!isObject(breakdown))
    return reading.refused('unknown-breakdown', pointer, 'The breakdown is not an object.', expected());
  const [entry, ...more] = Object.entries(breakdown);
  if (!entry) return {};
  const place = indicator.breakdowns.find(({ dimension }) => dimension === entry[0]);
  if (!place || more.length > 0) {
    return reading.refused(
      'unknown-breakdown',
      pointer,
      `${indicator.code} is not broken down in this way.`,
      expected(),
    );
  }
  const codes = reading.codesOf(place);
  if (typeof entry[1] !== 'string' || !codes.includes(entry[1])) {
    return reading.refused(
      'unknown-category',
      `${pointer}/${place.dimension}`,
      'The dimension has no such category.',
      codes.join(', '),
    );
  }
  return { [place.dimension]: entry[1] };
}

/** The count or status of a row; undefined when something about it is wrong. */
function readFigure(
  reading: Reading,
  row: JsonObject,
  indicator: Indicator | undefined,
  categories: Readonly<Record<string, string>> | undefined,
  pointer: string,
): Pick<Row, 'kind' | 'count' | 'of'> | undefined {
  const { count, of, status, reason } = row;
  if ((count === undefined) === (status === undefined)) {
    reading.error(
      'count-or-status',
      pointer,
      'A row is a count or a status, one of the two.',
      'count, or status with reason',
    );
    return undefined;
  }
  if (status !== undefined) {
    const known = statuses.find((one) => one === status);
    if (!known) reading.error('unknown-status', `${pointer}/status`, 'There is no such status.', statuses.join(', '));
    reading.checkText(reason, 'status-without-reason', `${pointer}/reason`, 'The reason of the status');
    if (of !== undefined)
      reading.error('of-unexpected', `${pointer}/of`, 'A row without a count has no denominator.', 'no of');
    return known ? { kind: known } : undefined;
  }
  if (reason !== undefined)
    reading.error(
      'reason-unexpected',
      `${pointer}/reason`,
      'A row with a count has no reason; use commentary.',
      'no reason',
    );
  const number = readNumber(reading, count, indicator?.decimals ?? 0, `${pointer}/count`);
  const denominator = readDenominator(reading, of, indicator, categories, pointer);
  if (number === undefined || denominator === 'wrong') return undefined;
  return { kind: 'value', count: number, ...(denominator === undefined ? {} : { of: denominator }) };
}

function readDenominator(
  reading: Reading,
  of: unknown,
  indicator: Indicator | undefined,
  categories: Readonly<Record<string, string>> | undefined,
  pointer: string,
): bigint | undefined | 'wrong' {
  if (!indicator) return undefined;
  const { denominator } = indicator;
  if ('population' in denominator) {
    if (of === undefined) return undefined;
    reading.error(
      'of-unexpected',
      `${pointer}/of`,
      `${indicator.code} is a rate: the hub itself knows the population.`,
      'no of',
    );
    return 'wrong';
  }
  if (of === undefined) {
    // Where a named denominator has a row, its absence here is noticed when all rows are known.
    if ('indicator' in denominator) return undefined;
    reading.error('of-missing', pointer, `${indicator.code} needs its denominator in "of": ${denominator.own}.`, 'of');
    return 'wrong';
  }
  const decimals =
    'own' in denominator ? indicator.decimals : reading.decimalsOf(reading.denominatorOf(indicator, categories ?? {}));
  return readNumber(reading, of, decimals, `${pointer}/of`) ?? 'wrong';
}

function readNumber(reading: Reading, value: unknown, decimals: 0 | 1, pointer: string): bigint | undefined {
  const expected = decimals === 0 ? 'a whole number of 0 or more' : 'a number of 0 or more with at most one decimal';
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return reading.refused('not-a-number', pointer, 'This is not a number.', expected);
  }
  if (value < 0) {
    reading.error('negative', pointer, 'A count is not below zero.', expected, String(value));
    return undefined;
  }
  const scaled = Math.round(value * 10 ** decimals);
  if (!Number.isSafeInteger(scaled)) return reading.refused('too-large', pointer, 'The number is too large.', expected);
  if (scaled / 10 ** decimals !== value) {
    reading.error('fraction', pointer, 'The number has more decimals than its indicator.', expected, String(value));
    return undefined;
  }
  return BigInt(scaled);
}
