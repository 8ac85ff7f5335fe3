import { withSolver } from '@hub/disclosure';
import { allSeries, seriesKey, termSeries } from '@hub/registry/domain';
import { parsePeriod } from '@hub/kernel';
import type { Print, PublishedYear } from './year.builder';

/*
 * Somebody who has kept every table of a year and computes. Written from the definitions: what tables say by themselves and
 * together, linear and whole-number programs, and nothing of what compiled or protected them.
 *
 * It is told more than a reader knows: of a return that was sent again, which counts are others than before, and of months
 * and their quarter, whether they add up.
 */

/** Σ factor × unknown or printed number, within bounds. */
interface Row {
  readonly terms: ReadonlyMap<string, number>;
  readonly lo: number;
  readonly hi: number;
}

/** All tables as one: what is printed is a number, what is hidden is not there but by its name. */
export interface Pool {
  readonly hidden: ReadonlySet<string>;
  /** Those of the hidden that may be none at all: no table hides them, they are told together with others. */
  readonly untold: ReadonlySet<string>;
  readonly rows: readonly Row[];
  /** The hidden counts of each authority: what it knows. */
  readonly own: ReadonlyMap<string, ReadonlySet<string>>;
  /** For the judge alone. */
  readonly truth: ReadonlyMap<string, number>;
  /** Which unknown a figure of a print is. */
  readonly nameOf: (print: Print, owner: string, key: string) => string;
}

/** What everybody takes for possible where months and quarter do not quite add up. */
const SLACK = 6;
const LEAST_HIDDEN = 1;
const MOST = 1e6;
const REGION = 'region';

/** Series of a document that are told together. */
const togetherIn = ({ document: { together = [] } }: Print): ReadonlySet<string> =>
  new Set(
    together.flatMap(({ dimension, indicators, categories }) =>
      indicators.flatMap((code) => categories.map((category) => seriesKey(code, { [dimension]: category }, 'count'))),
    ),
  );

interface Counted {
  readonly owner: string;
  readonly key: string;
  readonly figure: number | 'hidden' | 'untold';
}

/** The counts of a document: printed, hidden, or an authority's that are told together with others. */
function figuresOf(print: Print): Counted[] {
  const { authorities, submitted, series } = print.document;
  const together = togetherIn(print);
  return series.flatMap(({ key, region, figures }) =>
    [[REGION, region] as const, ...authorities.map((authority, i) => [authority, figures[i]!] as const)].flatMap(
      ([owner, figure]): Counted[] => {
        if (typeof figure === 'number' || figure === 'hidden') return [{ owner, key, figure }];
        return together.has(key) && submitted.includes(owner) ? [{ owner, key, figure: 'untold' }] : [];
      },
    ),
  );
}

export function poolOf({ prints, national }: Pick<PublishedYear, 'prints' | 'national'>): Pool {
  const contents = new Map<string, number[]>();
  const valueIn = (print: Print, authority: string, key: string): number => {
    const figure = print.truth.returns.get(authority)!.get(key)!;
    if (!('value' in figure)) throw new Error('there is no count');
    return figure.value;
  };
  const nameOf = (print: Print, owner: string, key: string) => {
    if (owner === REGION) return `sum ${prints.indexOf(print)} ${key}`;
    const base = `${owner} ${key} ${print.document.period}`;
    return `${base} ${contents.get(base)!.indexOf(valueIn(print, owner, key))}`;
  };
  for (const print of prints) {
    for (const { owner, key } of figuresOf(print)) {
      if (owner === REGION) continue;
      const base = `${owner} ${key} ${print.document.period}`;
      const value = valueIn(print, owner, key);
      const known = contents.get(base) ?? [];
      if (!known.includes(value)) contents.set(base, [...known, value]);
    }
  }
  // What the Department prints is known whether or not the hub has a table of it.
  for (const [base, value] of national) if (!contents.has(base)) contents.set(base, [value]);

  const printed = new Map<string, number>();
  const hidden = new Set<string>();
  const untold = new Set<string>();
  const truth = new Map<string, number>();
  const own = new Map<string, Set<string>>();
  for (const print of prints) {
    for (const { owner, key, figure } of figuresOf(print)) {
      const name = nameOf(print, owner, key);
      if (typeof figure === 'number') printed.set(name, figure);
      else (figure === 'hidden' ? hidden : untold).add(name);
      if (owner === REGION) continue;
      truth.set(name, valueIn(print, owner, key));
      own.set(owner, (own.get(owner) ?? new Set()).add(name));
    }
  }
  for (const [base, value] of national) {
    const name = `${base} ${contents.get(base)!.indexOf(value)}`;
    printed.set(name, value);
    truth.set(name, value);
  }
  for (const name of hidden) untold.delete(name);
  for (const name of untold) hidden.add(name);
  for (const name of printed.keys()) hidden.delete(name);

  const rows: Row[] = [];
  const equal = (total: string, parts: readonly string[], slack = 0) =>
    near([[total, 1], ...parts.map((part) => [part, -1] as const)], slack);
  const near = (summed: readonly (readonly [name: string, factor: number])[], slack: number) => {
    const terms = new Map<string, number>();
    let known = 0;
    for (const [name, factor] of summed) {
      if (hidden.has(name)) terms.set(name, (terms.get(name) ?? 0) + factor);
      else known += factor * printed.get(name)!;
    }
    if (terms.size) rows.push({ terms, lo: -slack - known, hi: slack - known });
  };
  for (const print of prints) {
    const { authorities } = print.document;
    const there = new Set(figuresOf(print).map(({ owner, key }) => `${owner}|${key}`));
    const has = (owner: string, key: string) => there.has(`${owner}|${key}`);
    for (const { key } of allSeries(print.dataset)) {
      const parts = authorities.filter((authority) => has(authority, key));
      if (has(REGION, key))
        equal(
          nameOf(print, REGION, key),
          parts.map((one) => nameOf(print, one, key)),
        );
    }
    for (const { code, breakdowns } of print.dataset.indicators) {
      for (const { dimension } of breakdowns) {
        const keys = print.dataset.dimensions[dimension]!.categories.map((one) =>
          seriesKey(code, { [dimension]: one.code }, 'count'),
        );
        const total = seriesKey(code, {}, 'count');
        for (const owner of [REGION, ...authorities]) {
          // The region's figures are of the same authorities only where each has all of them or none.
          const isOfSame =
            owner !== REGION ||
            authorities.every((one) => new Set([total, ...keys].map((key) => has(one, key))).size === 1);
          if (isOfSame && [total, ...keys].every((key) => has(owner, key)))
            equal(
              nameOf(print, owner, total),
              keys.map((key) => nameOf(print, owner, key)),
            );
        }
      }
    }
  }
  // Who is among others leaves those who are not: a count that no table has, and that may be none.
  for (const print of prints) {
    const there = new Set(figuresOf(print).map(({ owner, key }) => `${owner}|${key}`));
    for (const { code, terms } of print.dataset.rules.filter((rule) => rule.lower === 0 && rule.upper === undefined)) {
      for (const authority of print.document.authorities) {
        if (!terms.every(([term]) => there.has(`${authority}|${termSeries(term).key}`))) continue;
        const summed = terms.map(([term, factor]) => [nameOf(print, authority, termSeries(term).key), factor] as const);
        const rest = `rest of ${code}: ${summed.map(([name]) => name).join(', ')}`;
        truth.set(
          rest,
          summed.reduce((sum, [name, factor]) => sum + factor * truth.get(name)!, 0),
        );
        hidden.add(rest);
        untold.add(rest);
        own.get(authority)!.add(rest);
        near([...summed, [rest, -1]], 0);
      }
    }
  }
  for (const [base, values] of contents) {
    const [authority, key, period] = base.split(' ') as [string, string, string];
    const whole = parsePeriod(period);
    const parts = [...contents.keys()].flatMap((other) => {
      const [a, k, p] = other.split(' ') as [string, string, string];
      if (a !== authority || k !== key || p === period) return [];
      const part = parsePeriod(p);
      return part.from >= whole.from && part.until <= whole.until ? [{ base: other, part }] : [];
    });
    const isSnapshot = key.startsWith('CP');
    for (const kind of new Set(parts.map(({ part }) => part.kind))) {
      const all = parts.filter(({ part }) => part.kind === kind && (!isSnapshot || part.until === whole.until));
      const months = { month: 1, quarter: 3, half: 6, year: 12, calendarYear: 12 };
      if (!isSnapshot && all.length * months[kind] !== months[whole.kind]) continue;
      // The last content of each part.
      const names = all.map(({ base: one }) => `${one} ${contents.get(one)!.length - 1}`);
      if (!names.length) continue;
      const sum = names.reduce((left, name) => left + truth.get(name)!, 0);
      values.forEach((value, i) => {
        const gap = Math.abs(value - sum);
        if (gap <= SLACK) equal(`${base} ${i}`, names, gap === 0 ? 0 : SLACK);
      });
    }
  }
  for (const [who, names] of own) own.set(who, new Set([...names].filter((name) => hidden.has(name))));
  return { hidden, untold, rows, own, truth, nameOf };
}

/** A small count that somebody has narrowed down. */
export interface Recovered {
  readonly unknown: string;
  readonly attacker: string;
  readonly low: number;
  readonly high: number;
}

const THRESHOLD = 6;
const isSmall = (value: number) => value > 0 && value < THRESHOLD;

/**
 * What each attacker (the outsider, each authority with its own counts) makes of it.
 * @param asked  `exact`: small counts that are one number alone; `range`: also those that are proved small, or lie in an
 *   interval narrower than the threshold
 * @param between  what is printed beside hidden counts: the least and the largest, by unknown
 */
export function attack(
  { hidden, untold, rows, own, truth }: Pool,
  asked: 'exact' | 'range',
  between: ReadonlyMap<string, readonly [number, number]> = new Map(),
): Promise<Recovered[]> {
  return withSolver((solver) => {
    const found: Recovered[] = [];
    for (const names of componentsOf(hidden, rows)) {
      const targets = names.filter((name) => !name.startsWith('sum ') && isSmall(truth.get(name)!));
      if (!targets.length) continue;
      const place = new Map(names.map((name, i) => [name, i]));
      const within = rows.filter(({ terms }) => place.has([...terms.keys()][0]!));
      const modelOf = (whole: boolean) => {
        const entries = within.map(({ terms }) =>
          [...terms].map(([name, factor]) => [place.get(name)!, factor] as const).sort(([a], [b]) => a - b),
        );
        const starts = entries.reduce((all, row) => [...all, all.at(-1)! + row.length], [0]);
        const model = solver.createModel({
          numCols: names.length,
          numRows: within.length,
          colCost: new Float64Array(names.length),
          colLower: new Float64Array(names.length).fill(LEAST_HIDDEN),
          colUpper: new Float64Array(names.length).fill(MOST),
          rowLower: within.map(({ lo }) => lo),
          rowUpper: within.map(({ hi }) => hi),
          matrix: {
            format: 'csr',
            numRows: within.length,
            numCols: names.length,
            starts,
            indices: entries.flat().map(([at]) => at),
            values: entries.flat().map(([, factor]) => factor),
          },
          ...(whole ? { integrality: new Int32Array(names.length).fill(solver.constants.variableType.integer) } : {}),
        });
        model.options.set({ output_flag: false });
        if (!whole) model.options.set({ presolve: 'off', solver: 'simplex' });
        return model;
      };
      const [relaxed, whole] = [modelOf(false), modelOf(true)];
      /** For each unknown the lowest and highest count in the tables that fit. */
      const everybody = new Map<string, [number, number]>();
      const seen = (into: Map<string, [number, number]>, table: Float64Array) =>
        names.forEach((name, i) => {
          const value = Math.round(table[i]!);
          const [low, high] = into.get(name) ?? [value, value];
          into.set(name, [Math.min(low, value), Math.max(high, value)]);
        });
      // What fits an authority's own counts fits the print, so the outsider comes last.
      for (const [attacker, known] of [...own, ['outsider', new Set<string>()] as const]) {
        const reached = known.size ? new Map<string, [number, number]>() : everybody;
        const bound = (unknown: (name: string) => number) =>
          Float64Array.from(names, (name) => (known.has(name) ? truth.get(name)! : unknown(name)));
        const all = { kind: 'range' as const, from: 0, to: names.length - 1 };
        for (const model of [relaxed, whole])
          model.changeColsBounds(
            all,
            bound((name) => between.get(name)?.[0] ?? (untold.has(name) ? 0 : LEAST_HIDDEN)),
            bound((name) => Math.min(MOST, between.get(name)?.[1] ?? MOST)),
          );
        const furthest = (name: string, sign: 1 | -1): number => {
          const cost = new Float64Array(names.length);
          cost[place.get(name)!] = -sign;
          for (const model of [relaxed, whole]) {
            model.changeColsCost(all, cost);
            if (model.run().modelStatus !== solver.constants.modelStatus.optimal) throw new Error('no table fits');
            const table = model.getSolution().colValue;
            if (!table.every((value) => Math.abs(value - Math.round(value)) < 1e-6)) continue;
            seen(reached, table);
            if (reached !== everybody) seen(everybody, table);
            return Math.round(table[place.get(name)!]!);
          }
          throw new Error('no whole table was found');
        };
        const isEnough = (name: string) => {
          const [low, high] = reached.get(name) ?? [0, 0];
          return asked === 'exact' ? high > low : high >= THRESHOLD && high - low >= THRESHOLD - 1;
        };
        for (const unknown of targets) {
          if (known.has(unknown) || isEnough(unknown)) continue;
          const high = furthest(unknown, 1);
          if (isEnough(unknown)) continue;
          const low = furthest(unknown, -1);
          if (!isEnough(unknown)) found.push({ unknown, attacker, low, high });
        }
      }
      relaxed.dispose();
      whole.dispose();
    }
    return found;
  });
}

/** Unknowns that hang together. */
function componentsOf(hidden: ReadonlySet<string>, rows: readonly Row[]): string[][] {
  const at = new Map<string, Row[]>();
  for (const row of rows) for (const name of row.terms.keys()) at.set(name, [...(at.get(name) ?? []), row]);
  const visited = new Set<string>();
  const all: string[][] = [];
  for (const start of hidden) {
    if (visited.has(start)) continue;
    visited.add(start);
    const group = [start];
    for (const name of group) {
      for (const { terms } of at.get(name) ?? []) {
        for (const other of terms.keys()) {
          if (visited.has(other)) continue;
          visited.add(other);
          group.push(other);
        }
      }
    }
    all.push(group);
  }
  return all;
}
