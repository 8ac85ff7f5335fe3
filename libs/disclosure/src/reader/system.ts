import { Connected } from './connected';
import type { PrintedTable } from './printed';

/** lo ≤ Σ coefficient · unknown ≤ hi. */
export interface Row {
  readonly terms: readonly (readonly [unknown: number, coefficient: number])[];
  readonly lo: number;
  readonly hi: number;
}

/** What a printed table says of its hidden cells: whole unknowns, the rows between them, and bounds that follow. */
export interface System {
  /** Ids of the hidden cells, ascending; an unknown is a place in this list. */
  readonly ids: readonly string[];
  readonly rows: readonly Row[];
  /** Bounds that follow from single rows, by whole-number steps; `high` may be Infinity. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Unknowns that hang together by rows with two or more open unknowns, each list ascending. */
  readonly components: readonly (readonly number[])[];
}

/** Rounds through the table after which bounds are left as they are: each is true, only wider than it might be. */
const ROUNDS = 60;

/** Puts the printed counts into the rules, and follows bounds from row to row. Whole numbers only. */
export function systemOf({ cells, equations, ranges }: PrintedTable): System {
  const printed = new Map<string, number>();
  const ids: string[] = [];
  const least: number[] = [];
  for (const cell of cells) {
    if ('hidden' in cell) {
      ids.push(cell.id);
      least.push(cell.least);
    } else printed.set(cell.id, cell.value);
  }
  const unknownOf = new Map(ids.map((id, at) => [id, at]));
  const rows: Row[] = [];
  const addRow = (pairs: readonly (readonly [string, number])[], lo: number, hi: number) => {
    const terms = new Map<number, number>();
    let sum = 0;
    for (const [id, coefficient] of pairs) {
      const unknown = unknownOf.get(id);
      if (unknown === undefined) sum += coefficient * printed.get(id)!;
      else terms.set(unknown, (terms.get(unknown) ?? 0) + coefficient);
    }
    const open = [...terms].filter(([, coefficient]) => coefficient !== 0).sort((a, b) => a[0] - b[0]);
    if (open.length > 0) rows.push({ terms: open, lo: lo - sum, hi: hi - sum });
  };
  for (const { total, parts, coefs, const: constant = 0 } of equations) {
    addRow([[total, 1], ...parts.map((id, i) => [id, -(coefs?.[i] ?? 1)] as const)], constant, constant);
  }
  for (const { terms, lo = -Infinity, hi = Infinity } of ranges) addRow(terms, lo, hi);

  const low = Float64Array.from(least);
  const high = new Float64Array(ids.length).fill(Infinity);
  follow(rows, low, high);
  return { ids, rows, low, high, components: componentsOf(rows, low, high) };
}

/** Tightens bounds: what a row leaves to one unknown when the others stand at their ends. */
function follow(rows: readonly Row[], low: Float64Array, high: Float64Array): void {
  for (let round = 0, changed = true; changed && round < ROUNDS; round++) {
    changed = false;
    for (const { terms, lo, hi } of rows) {
      // The least and most that the row can sum to; ends that are open are counted apart.
      let [least, most, openBelow, openAbove] = [0, 0, 0, 0];
      const ends = terms.map(([unknown, coefficient]) => {
        const [a, b] = [coefficient * low[unknown]!, coefficient * high[unknown]!];
        return coefficient > 0 ? ([a, b] as const) : ([b, a] as const);
      });
      for (const [a, b] of ends) {
        if (a === -Infinity) openBelow++;
        else least += a;
        if (b === Infinity) openAbove++;
        else most += b;
      }
      terms.forEach(([unknown, coefficient], i) => {
        const [a, b] = ends[i]!;
        const othersLeast = openBelow - Number(a === -Infinity) > 0 ? -Infinity : least - (a === -Infinity ? 0 : a);
        const othersMost = openAbove - Number(b === Infinity) > 0 ? Infinity : most - (b === Infinity ? 0 : b);
        // coefficient · unknown lies between these two.
        const [from, to] = [lo - othersMost, hi - othersLeast];
        const [bottom, top] =
          coefficient > 0 ? [from / coefficient, to / coefficient] : [to / coefficient, from / coefficient];
        // A quotient that is not whole lies at least 1/|coefficient| from the next whole number.
        const slack = 0.5 / Math.abs(coefficient);
        if (Number.isFinite(bottom) && Math.ceil(bottom - slack) > low[unknown]!) {
          low[unknown] = Math.ceil(bottom - slack);
          changed = true;
        }
        if (Number.isFinite(top) && Math.floor(top + slack) < high[unknown]!) {
          high[unknown] = Math.floor(top + slack);
          changed = true;
        }
      });
    }
  }
}

function componentsOf(rows: readonly Row[], low: Float64Array, high: Float64Array): number[][] {
  const isOpen = (unknown: number) => low[unknown]! < high[unknown]!;
  const connected = new Connected(low.length);
  for (const { terms } of rows) connected.join(terms.map(([unknown]) => unknown).filter(isOpen));
  return connected.groups([...low.keys()].filter(isOpen));
}
