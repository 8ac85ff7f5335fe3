import type { Finding, Period } from '@hub/kernel';
import { isObject } from '@hub/identity/domain';
import { seriesKey, type Dataset } from '@hub/registry/domain';
import { limits } from '../limits';
import { payloadMembers } from '../payload';
import { checkQueries, type Asked } from './asked';
import { Reading, type CellKind, type ValidationContext } from './reading';
import { Refreshes, type Refresh } from './refreshes';
import { readRow } from './rows';
import { checkBreakdowns, checkDenominators, checkRequired, checkRules } from './sums';
import { readCommentary, readExplanations, readReason, type Said } from './texts';

export type { Asked } from './asked';
export { statuses } from './reading';
export type { CellKind, Standing, ValidationContext } from './reading';
export type { Answer, Comment, Said } from './texts';

/** One number of a return, or why there is none. `value` is a whole number of 10^-decimals of the indicator. */
export interface Cell {
  readonly series: string;
  readonly kind: CellKind;
  readonly value?: bigint;
}

export interface Validated {
  /** In the order of their pointers. A finding of severity `error` refuses. */
  readonly findings: readonly Finding[];
  /** In the order of the rows; empty when there is an error. */
  readonly cells: readonly Cell[];
  /** Earlier periods in which the return changes something, the oldest first, each whole as it stands then; none when there is an error. */
  readonly refreshed: readonly RefreshedPeriod[];
  /** Every query that is asked of the return, answered or not. */
  readonly asked: readonly Asked[];
  /** What the return says beside its numbers; empty when there is an error. */
  readonly said: Said;
}

/** An earlier period with the cells that a return leaves in it. */
export interface RefreshedPeriod {
  readonly period: Period;
  readonly cells: readonly Cell[];
}

/**
 * Says everything that is wrong with a return at once. The findings are a function of this payload, its dataset, the
 * authority's own earlier returns and what is printed, and of nothing else; `found` holds numbers and codes of the
 * specification alone, never a text out of the payload.
 * @param body  the parsed payload; its head has been read
 */
export function validate(body: unknown, dataset: Dataset, context: ValidationContext): Validated {
  const reading = new Reading(dataset, context);
  const { asked, said, refreshes } = read(reading, body);
  const findings = reading.findings
    .map((finding, i) => ({ finding, i }))
    .sort((a, b) => compare(a.finding, b.finding) || a.i - b.i)
    .map(({ finding }) => finding);
  const refused = findings.some(({ severity }) => severity === 'error');
  return {
    findings,
    cells: refused ? [] : cellsOf(reading),
    refreshed: refused ? [] : refreshes.flatMap(refreshedBy),
    asked,
    said: refused ? nothingSaid : said,
  };
}

const nothingSaid: Said = { answers: [], commentary: [] };

function read(
  reading: Reading,
  body: unknown,
): Pick<Validated, 'asked' | 'said'> & { readonly refreshes: readonly Refresh[] } {
  if (!isObject(body)) {
    reading.error('payload-shape', '', 'The payload is not an object.');
    return { asked: [], said: nothingSaid, refreshes: [] };
  }
  reading.onlyMembers(body, payloadMembers, '');
  const { rows } = body;
  const earlier = new Refreshes(reading);
  if (!Array.isArray(rows)) reading.error('payload-shape', '/rows', 'The rows are missing.', 'a list of rows');
  else if (rows.length > limits.rows) {
    reading.error(
      'too-many-rows',
      '/rows',
      'There are more rows than the hub takes.',
      `at most ${limits.rows}`,
      String(rows.length),
    );
  } else {
    rows.forEach((row, i) => readRow(earlier.readingOf(row, `/rows/${i}`), row, `/rows/${i}`));
    earlier.lay();
    // Nothing can be said of a period of which only the changes are known.
    const whole = earlier.all.filter(({ standing }) => standing?.cells.size).map((refresh) => refresh.reading);
    for (const one of [reading, ...whole]) {
      checkDenominators(one);
      checkBreakdowns(one);
      checkRules(one);
    }
    checkRequired(reading);
  }
  const answers = readExplanations(reading, body['explanations'], Array.isArray(rows) ? rows.length : 0);
  const asked = checkQueries(reading, earlier.all, answers);
  const commentary = readCommentary(reading, body['commentary']);
  const reason = readReason(reading, body['reason']);
  return { asked, said: { answers, commentary, ...(reason === undefined ? {} : { reason }) }, refreshes: earlier.all };
}

/** What a refresh leaves; nothing where it says what stands already, and where what stands is not known. */
function refreshedBy({ period, reading, standing }: Refresh): RefreshedPeriod[] {
  if (!standing) return [];
  const cells = cellsOf(reading);
  const differs = ({ series, kind, value }: Cell) => {
    const before = standing.cells.get(series);
    return before?.kind !== kind || before.value !== value;
  };
  return cells.some(differs) ? [{ period, cells }] : [];
}

function cellsOf(reading: Reading): Cell[] {
  return [...reading.rows.values()].flatMap(({ indicator, categories, key, kind, count, of }): Cell[] => {
    const cell = (series: string, value?: bigint): Cell =>
      value === undefined ? { series, kind } : { series, kind, value };
    const own = 'own' in indicator.denominator;
    return [cell(key, count), ...(own ? [cell(seriesKey(indicator.code, categories, 'of'), of)] : [])];
  });
}

/** By pointer, places in their numeric order; then by rule. */
function compare(a: Finding, b: Finding): number {
  const [left, right] = [a.pointer.split('/'), b.pointer.split('/')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    const [m, n] = [Number(x), Number(y)];
    return Number.isNaN(m) || Number.isNaN(n) ? (x < y ? -1 : 1) : m - n;
  }
  return left.length - right.length || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
