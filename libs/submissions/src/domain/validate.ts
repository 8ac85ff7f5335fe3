import type { Finding, Period } from '@hub/kernel';
import {
  denominatorSeriesOf,
  formulaOf,
  isAggregated,
  seriesKey,
  termSeries,
  type Dataset,
  type Indicator,
} from '@hub/registry/domain';
import { isObject, type JsonObject } from '@hub/identity/domain';
import { limits } from './limits';
import { payloadMembers } from './payload';
import { personIn } from './personal';
import { queriesAbout } from './queries';
import { rules } from './rules';

/** One number of a return, or why there is none. `value` is a whole number of 10^-decimals of the indicator. */
export interface Cell {
  readonly series: string;
  readonly kind: CellKind;
  readonly value?: bigint;
}
export type CellKind = 'value' | (typeof statuses)[number];
const statuses = ['notCollected', 'notApplicable', 'notAvailable'] as const;

export interface ValidationContext {
  /** The payload's period. */
  readonly period: Pick<Period, 'text'>;
  /** The authority's own counts of the period before, by series; whole numbers of 10^-decimals. */
  readonly previous?: ReadonlyMap<string, bigint>;
  /** Those of its earlier periods, the newest first. */
  readonly history?: ReadonlyMap<string, readonly bigint[]>;
}

export interface Validated {
  /** In the order of their pointers. A finding of severity `error` refuses. */
  readonly findings: readonly Finding[];
  /** In the order of the rows; empty when there is an error. */
  readonly cells: readonly Cell[];
}

const rowMembers = ['indicator', 'breakdown', 'count', 'of', 'status', 'reason', 'period'];
const answers = ['confirmed', 'corrected'];
const LONGEST_TEXT = 2000;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;

/** A row as far as it is understood. */
interface Row {
  readonly pointer: string;
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  readonly key: string;
  readonly kind: CellKind;
  readonly count?: bigint;
  /** Whole number of 10^-decimals of the indicator that is the denominator. */
  readonly of?: bigint;
}

/**
 * Says everything that is wrong with a return at once. The findings are a function of this payload, its dataset and the
 * authority's own previous counts, and of nothing else; `found` holds numbers and codes of the specification alone,
 * never a text out of the payload.
 * @param body  the parsed payload; its head has been read
 */
export function validate(body: unknown, dataset: Dataset, context: ValidationContext): Validated {
  const validation = new Validation(dataset, context);
  validation.read(body);
  const findings = validation.findings
    .map((finding, i) => ({ finding, i }))
    .sort((a, b) => compare(a.finding, b.finding) || a.i - b.i);
  const refused = findings.some(({ finding }) => finding.severity === 'error');
  return { findings: findings.map(({ finding }) => finding), cells: refused ? [] : validation.cells() };
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

/** What is asked of a specification for every row of every return: found out once. */
interface Lookups {
  /** The codes of a dimension. */
  readonly codes: Map<string, readonly string[]>;
  /** The series that a count is divided by, by the count's own. */
  readonly denominators: Map<string, string | null>;
}
const lookups = new WeakMap<Dataset, Lookups>();

class Validation {
  readonly findings: Finding[] = [];
  private readonly rows = new Map<string, Row>();
  /** Series whose row is there but not understood: nothing more is said about them. */
  private readonly spoilt = new Set<string>();
  /** Whether some row could not even be placed; then a missing row may be that one. */
  private unplaced = false;
  private readonly indicators: ReadonlyMap<string, Indicator>;
  private readonly lookups: Lookups;

  constructor(
    private readonly dataset: Dataset,
    private readonly context: ValidationContext,
  ) {
    this.indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
    this.lookups = lookups.get(dataset) ?? { codes: new Map(), denominators: new Map() };
    lookups.set(dataset, this.lookups);
  }

  read(body: unknown): void {
    if (!isObject(body)) return this.error('payload-shape', '', 'The payload is not an object.');
    this.onlyMembers(body, payloadMembers, '');
    const { rows } = body;
    if (!Array.isArray(rows)) this.error('payload-shape', '/rows', 'The rows are missing.', 'a list of rows');
    else if (rows.length > limits.rows) {
      this.error(
        'too-many-rows',
        '/rows',
        'There are more rows than the hub takes.',
        `at most ${limits.rows}`,
        String(rows.length),
      );
    } else {
      rows.forEach((row, i) => this.readRow(row, `/rows/${i}`));
      this.checkDenominators();
      this.checkBreakdowns();
      this.checkRequired();
      this.checkRules();
    }
    const explained = this.readExplanations(body['explanations'], Array.isArray(rows) ? rows.length : 0);
    this.checkChanges(explained);
    this.readCommentary(body['commentary']);
  }

  cells(): Cell[] {
    return [...this.rows.values()].flatMap(({ indicator, categories, key, kind, count, of }): Cell[] => {
      const cell = (series: string, value?: bigint): Cell =>
        value === undefined ? { series, kind } : { series, kind, value };
      const own = 'own' in indicator.denominator;
      return [cell(key, count), ...(own ? [cell(seriesKey(indicator.code, categories, 'of'), of)] : [])];
    });
  }

  private error(rule: string, pointer: string, message: string, expected?: string, found?: string): void {
    this.add({ severity: 'error', rule, pointer, message, expected, found });
  }
  private add({ expected, found, ...finding }: Finding): void {
    this.findings.push({
      ...finding,
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    });
  }

  /** The name of an unknown member may be anything, so it is not repeated. */
  private onlyMembers(value: JsonObject, members: readonly string[], pointer: string): void {
    const unknown = Object.keys(value).filter((name) => !members.includes(name)).length;
    if (unknown > 0) {
      this.error(
        'unknown-member',
        pointer,
        'There are members that nobody asked for.',
        members.join(', '),
        String(unknown),
      );
    }
  }

  /** A free text of the authority: said, plain, not too long, and about nobody. */
  private checkText(text: unknown, rule: string, pointer: string, what: string): void {
    if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST_TEXT || CONTROL.test(text)) {
      return this.error(
        rule,
        pointer,
        `${what} is missing, too long or not plain text.`,
        `a text of 1 to ${LONGEST_TEXT} characters`,
      );
    }
    const person = personIn(text);
    if (person) {
      this.error(
        'looks-like-a-person',
        pointer,
        `The text holds something that looks like ${person}.`,
        'nothing about a person; months instead of days',
      );
    }
  }

  private readRow(row: unknown, pointer: string): void {
    if (!isObject(row)) {
      this.unplaced = true;
      return this.error(
        'row-shape',
        pointer,
        'A row is not an object.',
        'an object with indicator and count or status',
      );
    }
    this.onlyMembers(row, rowMembers, pointer);
    const indicator = typeof row['indicator'] === 'string' ? this.indicators.get(row['indicator']) : undefined;
    if (!indicator) {
      this.unplaced = true;
      this.error(
        'unknown-indicator',
        `${pointer}/indicator`,
        'The dataset has no such indicator.',
        `a code of ${this.dataset.code} ${this.dataset.version}`,
      );
    }
    const categories = indicator && this.readBreakdown(row['breakdown'], indicator, `${pointer}/breakdown`);
    if (indicator && !categories) this.unplaced = true;
    const { period } = row;
    if (period !== undefined && period !== this.context.period.text) {
      this.unplaced = true;
      this.error(
        'refresh-not-offered',
        `${pointer}/period`,
        'Refreshing an earlier period is not offered yet.',
        this.context.period.text,
      );
    }
    const key = indicator && categories && seriesKey(indicator.code, categories, 'count');
    const figure = this.readFigure(row, indicator, categories, pointer);
    if (!indicator || !categories || !key) return;
    if (period !== undefined && period !== this.context.period.text) return;
    const first = this.rows.get(key);
    if (first || this.spoilt.has(key)) {
      return this.error(
        'duplicate-row',
        pointer,
        'There is more than one row for this.',
        first ? `one row; the first is ${first.pointer}` : 'one row',
      );
    }
    if (figure) this.rows.set(key, { pointer, indicator, categories, key, ...figure });
    else this.spoilt.add(key);
  }

  private readBreakdown(
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
      return this.refused('unknown-breakdown', pointer, 'The breakdown is not an object.', expected());
    const [entry, ...more] = Object.entries(breakdown);
    if (!entry) return {};
    const place = indicator.breakdowns.find(({ dimension }) => dimension === entry[0]);
    if (!place || more.length > 0) {
      return this.refused(
        'unknown-breakdown',
        pointer,
        `${indicator.code} is not broken down in this way.`,
        expected(),
      );
    }
    const codes = this.codesOf(place);
    if (typeof entry[1] !== 'string' || !codes.includes(entry[1])) {
      return this.refused(
        'unknown-category',
        `${pointer}/${place.dimension}`,
        'The dimension has no such category.',
        codes.join(', '),
      );
    }
    return { [place.dimension]: entry[1] };
  }
  private refused(rule: string, pointer: string, message: string, expected: string): undefined {
    this.error(rule, pointer, message, expected);
  }

  private codesOf(breakdown: Indicator['breakdowns'][number]): readonly string[] {
    if (breakdown.categories) return breakdown.categories;
    let codes = this.lookups.codes.get(breakdown.dimension);
    if (!codes) {
      codes = this.dataset.dimensions[breakdown.dimension]!.categories.map(({ code }) => code);
      this.lookups.codes.set(breakdown.dimension, codes);
    }
    return codes;
  }

  /** The count or status of a row; undefined when something about it is wrong. */
  private readFigure(
    row: JsonObject,
    indicator: Indicator | undefined,
    categories: Readonly<Record<string, string>> | undefined,
    pointer: string,
  ): Pick<Row, 'kind' | 'count' | 'of'> | undefined {
    const { count, of, status, reason } = row;
    if ((count === undefined) === (status === undefined)) {
      this.error(
        'count-or-status',
        pointer,
        'A row is a count or a status, one of the two.',
        'count, or status with reason',
      );
      return undefined;
    }
    if (status !== undefined) {
      const known = statuses.find((one) => one === status);
      if (!known) this.error('unknown-status', `${pointer}/status`, 'There is no such status.', statuses.join(', '));
      this.checkText(reason, 'status-without-reason', `${pointer}/reason`, 'The reason of the status');
      if (of !== undefined)
        this.error('of-unexpected', `${pointer}/of`, 'A row without a count has no denominator.', 'no of');
      return known ? { kind: known } : undefined;
    }
    if (reason !== undefined)
      this.error(
        'reason-unexpected',
        `${pointer}/reason`,
        'A row with a count has no reason; use commentary.',
        'no reason',
      );
    const number = this.readNumber(count, indicator?.decimals ?? 0, `${pointer}/count`);
    const denominator = this.readDenominator(of, indicator, categories, pointer);
    if (number === undefined || denominator === 'wrong') return undefined;
    return { kind: 'value', count: number, ...(denominator === undefined ? {} : { of: denominator }) };
  }

  private readDenominator(
    of: unknown,
    indicator: Indicator | undefined,
    categories: Readonly<Record<string, string>> | undefined,
    pointer: string,
  ): bigint | undefined | 'wrong' {
    if (!indicator) return undefined;
    const { denominator } = indicator;
    if ('population' in denominator) {
      if (of === undefined) return undefined;
      this.error(
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
      this.error('of-missing', pointer, `${indicator.code} needs its denominator in "of": ${denominator.own}.`, 'of');
      return 'wrong';
    }
    const decimals =
      'own' in denominator ? indicator.decimals : this.decimalsOf(this.denominatorOf(indicator, categories ?? {}));
    return this.readNumber(of, decimals, `${pointer}/of`) ?? 'wrong';
  }

  /** The series that a row is divided by. */
  private denominatorOf(indicator: Indicator, categories: Readonly<Record<string, string>>): string | null {
    const key = seriesKey(indicator.code, categories, 'count');
    const known = this.lookups.denominators.get(key);
    if (known !== undefined) return known;
    const series = denominatorSeriesOf(this.dataset, indicator.code, categories);
    this.lookups.denominators.set(key, series);
    return series;
  }

  private decimalsOf(series: string | null): 0 | 1 {
    const code = series === null ? '' : series.slice(0, series.search(/[|#]/));
    return this.indicators.get(code)?.decimals ?? 0;
  }

  private readNumber(value: unknown, decimals: 0 | 1, pointer: string): bigint | undefined {
    const expected = decimals === 0 ? 'a whole number of 0 or more' : 'a number of 0 or more with at most one decimal';
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.refused('not-a-number', pointer, 'This is not a number.', expected);
    }
    if (value < 0) {
      this.error('negative', pointer, 'A count is not below zero.', expected, String(value));
      return undefined;
    }
    const scaled = Math.round(value * 10 ** decimals);
    if (!Number.isSafeInteger(scaled)) return this.refused('too-large', pointer, 'The number is too large.', expected);
    if (scaled / 10 ** decimals !== value) {
      this.error('fraction', pointer, 'The number has more decimals than its indicator.', expected, String(value));
      return undefined;
    }
    return BigInt(scaled);
  }

  /** A scaled number as it is written. */
  private written(value: bigint, decimals: number): string {
    return decimals === 0 ? String(value) : String(Number(value) / 10 ** decimals);
  }

  /** `of` is the row that it names, and no part is larger than its whole. */
  private checkDenominators(): void {
    for (const { pointer, indicator, categories, count, of } of this.rows.values()) {
      if (count === undefined || 'population' in indicator.denominator) continue;
      const named = this.denominatorOf(indicator, categories)!;
      const decimals = this.decimalsOf(named);
      if ('indicator' in indicator.denominator && !this.spoilt.has(named)) {
        const row = this.rows.get(named);
        const whole = row?.count;
        const name = named.slice(0, named.indexOf('#'));
        if (whole === undefined) {
          if (of !== undefined) {
            this.error(
              'of-differs',
              `${pointer}/of`,
              `"of" is the count of ${name}, and the return has none.`,
              `no of, or a count for ${name}`,
              this.written(of, decimals),
            );
          }
        } else if (of === undefined) {
          this.error('of-missing', pointer, `The denominator in "of" is missing.`, `of, the count of ${name}`);
        } else if (of !== whole) {
          this.error(
            'of-differs',
            `${pointer}/of`,
            `"of" is not the count of ${name}, ${row!.pointer}.`,
            this.written(whole, decimals),
            this.written(of, decimals),
          );
        }
      }
      if (of === undefined || indicator.unit !== 'percent') continue;
      if (count * 10n ** BigInt(decimals) > of * 10n ** BigInt(indicator.decimals)) {
        this.error(
          'numerator-above-denominator',
          pointer,
          'The count is above its denominator.',
          `at most ${this.written(of, decimals)}`,
          this.written(count, indicator.decimals),
        );
      }
    }
  }

  /** A breakdown is whole or not there; where it covers everyone once, it sums to its total. */
  private checkBreakdowns(): void {
    for (const indicator of this.dataset.indicators) {
      for (const breakdown of indicator.breakdowns) {
        const codes = this.codesOf(breakdown);
        const keys = codes.map((code) => seriesKey(indicator.code, { [breakdown.dimension]: code }, 'count'));
        const rows = keys.flatMap((key) => this.rows.get(key) ?? []);
        const there = keys.filter((key) => this.rows.has(key) || this.spoilt.has(key));
        if (there.length === 0) continue;
        if (there.length < keys.length) {
          if (rows.length === 0) continue;
          const missing = codes.filter((_, i) => !there.includes(keys[i]!));
          this.error(
            'breakdown-incomplete',
            rows[0]!.pointer,
            `${indicator.code} by ${breakdown.dimension} does not have every category.`,
            `also ${missing.join(', ')}`,
          );
          continue;
        }
        if (!breakdown.exhaustive || rows.length < keys.length) continue;
        this.checkSum(indicator, breakdown.sumsTo ?? indicator.code, rows, 'count');
        if ('own' in indicator.denominator) this.checkSum(indicator, breakdown.sumsTo ?? indicator.code, rows, 'of');
      }
    }
  }

  private checkSum(indicator: Indicator, totalCode: string, rows: readonly Row[], measure: 'count' | 'of'): void {
    const total = this.rows.get(seriesKey(totalCode, {}, 'count'));
    const whole = total?.[measure];
    if (!total || whole === undefined) return;
    const parts = rows.flatMap((row) => row[measure] ?? []);
    const sum = parts.reduce((a, b) => a + b, 0n);
    const [left, right] = [sum * 10n ** BigInt(total.indicator.decimals), whole * 10n ** BigInt(indicator.decimals)];
    // Where a category has no count, the others can still not exceed the whole.
    if (left === right || (parts.length < rows.length && left < right)) return;
    const [dimension] = Object.keys(rows[0]!.categories);
    const what = measure === 'count' ? 'counts' : 'denominators';
    this.error(
      'parts-do-not-sum',
      measure === 'count' ? `${total.pointer}/count` : `${total.pointer}/of`,
      `The ${what} of ${indicator.code} by ${dimension} do not sum to ${totalCode}.`,
      this.written(whole, total.indicator.decimals),
      this.written(sum, indicator.decimals),
    );
  }

  /** Nothing is implied: an indicator without a row is not a nil return. */
  private checkRequired(): void {
    // Nobody asks an authority for its own measures.
    if (!isAggregated(this.dataset)) return;
    if (this.unplaced && this.rows.size === 0 && this.spoilt.size === 0) return;
    const missing = this.dataset.indicators.filter(({ code }) => {
      const key = seriesKey(code, {}, 'count');
      return !this.rows.has(key) && !this.spoilt.has(key);
    });
    for (const { code } of missing) {
      this.error(
        'row-missing',
        '/rows',
        `There is no row for ${code}.`,
        `${code} with a count (0 is a confirmed nil) or a status and its reason`,
      );
    }
  }

  /** The linear rules of the dataset, where every term has a count. */
  private checkRules(): void {
    for (const { code, message, terms, lower, upper } of this.dataset.rules) {
      const found = terms.map(([term]) => {
        const { indicator, categories, measure } = termSeries(term);
        const row = this.rows.get(seriesKey(indicator, categories, 'count'));
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
      this.error(code, found[0]!.row.pointer, message, formulaOf({ terms, lower, upper }), this.written(sum, 1));
    }
  }

  /** @returns the rule and pointer of every query that is answered */
  private readExplanations(explanations: unknown, rows: number): Set<string> {
    const answered = new Set<string>();
    if (explanations === undefined) return answered;
    if (!Array.isArray(explanations)) {
      this.error('explanation-shape', '/explanations', 'The explanations are not a list.', 'a list');
      return answered;
    }
    explanations.forEach((explanation: unknown, i) => {
      const pointer = `/explanations/${i}`;
      if (!isObject(explanation))
        return this.error(
          'explanation-shape',
          pointer,
          'An explanation is not an object.',
          'rule, pointer, answer, text',
        );
      this.onlyMembers(explanation, ['rule', 'pointer', 'answer', 'text'], pointer);
      const { rule, pointer: place, answer, text } = explanation;
      const queries = rules().queries.map(({ code }) => code);
      const known = queries.some((code) => code === rule);
      if (!known) this.error('explanation-shape', `${pointer}/rule`, 'No query has this rule.', queries.join(', '));
      const row = typeof place === 'string' ? /^\/rows\/(0|[1-9]\d{0,5})$/.exec(place) : null;
      const placed = row !== null && Number(row[1]) < rows;
      if (!placed)
        this.error(
          'explanation-shape',
          `${pointer}/pointer`,
          'The pointer does not lead to a row.',
          'the pointer of the query, /rows/0',
        );
      if (!answers.some((one) => one === answer)) {
        this.error('explanation-shape', `${pointer}/answer`, 'There is no such answer.', answers.join(' or '));
      }
      this.checkText(text, 'explanation-shape', `${pointer}/text`, 'The explanation');
      if (!known || !placed) return;
      const name = `${rule as string} ${place as string}`;
      if (answered.has(name)) this.error('explanation-shape', pointer, 'The query is answered twice.', 'one answer');
      answered.add(name);
    });
    return answered;
  }

  private readCommentary(commentary: unknown): void {
    if (!isAggregated(this.dataset)) this.checkNamed(commentary);
    if (commentary === undefined) return;
    if (!Array.isArray(commentary))
      return this.error('commentary-shape', '/commentary', 'The commentary is not a list.', 'a list');
    const seen = new Set<string>();
    commentary.forEach((comment: unknown, i) => {
      const pointer = `/commentary/${i}`;
      if (!isObject(comment))
        return this.error('commentary-shape', pointer, 'A comment is not an object.', 'indicator, text');
      this.onlyMembers(comment, ['indicator', 'text'], pointer);
      const { indicator, text } = comment;
      if (typeof indicator !== 'string' || !this.indicators.has(indicator)) {
        this.error(
          'unknown-indicator',
          `${pointer}/indicator`,
          'The dataset has no such indicator.',
          `a code of ${this.dataset.code} ${this.dataset.version}`,
        );
      } else if (seen.has(indicator)) {
        this.error('commentary-shape', pointer, `There is more than one comment on ${indicator}.`, 'one comment');
      } else seen.add(indicator);
      this.checkText(text, 'commentary-shape', `${pointer}/text`, 'The comment');
    });
  }

  /** What an own measure counts stands in its comment and nowhere else. */
  private checkNamed(commentary: unknown): void {
    const named = new Set(Array.isArray(commentary) ? commentary.filter(isObject).map((one) => one['indicator']) : []);
    for (const { pointer, indicator, count } of this.rows.values()) {
      if (count === undefined || named.has(indicator.code)) continue;
      this.error(
        'own-measure-unnamed',
        pointer,
        `Nothing says what ${indicator.code} counts.`,
        `a comment on ${indicator.code}`,
      );
    }
  }

  /** What is asked about the authority's own figures; unanswered it refuses. */
  private checkChanges(answered: ReadonlySet<string>): void {
    const now = new Map(
      [...this.rows.values()].flatMap(({ indicator, categories, key, count, of }) => [
        ...(count === undefined ? [] : [[key, count] as const]),
        ...(of === undefined || !('own' in indicator.denominator) ? [] : [[seriesKey(indicator.code, categories, 'of'), of] as const]), // prettier-ignore
      ]),
    );
    const { previous = new Map<string, bigint>(), history = new Map<string, readonly bigint[]>() } = this.context;
    const scaleOf = (indicator: string) => 10 ** (this.indicators.get(indicator)?.decimals ?? 0);
    for (const { rule, key, message, expected } of queriesAbout({ now, previous, history, scaleOf })) {
      const { pointer, indicator, count } = this.rows.get(key)!;
      this.add({
        severity: 'query',
        rule,
        pointer,
        message,
        expected: `close to ${expected / 10 ** indicator.decimals}, by the own earlier figures`,
        found: this.written(count!, indicator.decimals),
      });
      if (answered.has(`${rule} ${pointer}`)) continue;
      this.error(
        'query-unanswered',
        pointer,
        `The query ${rule} is not answered.`,
        `an explanation with rule ${rule} and pointer ${pointer}`,
      );
    }
  }
}
