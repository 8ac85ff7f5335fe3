import { seeded } from './moves';
import type { Part } from './parts';

/** A prime below 2^26: products of two remainders stay whole in a double. */
const PRIME = 67_108_859;
/** How many cells can be printed before the vectors are made anew. */
const SPARE = 12;

const times = (a: number, b: number): number => {
  const product = a * b;
  const rest = product - Math.floor(product / PRIME) * PRIME;
  return rest < 0 ? rest + PRIME : rest >= PRIME ? rest - PRIME : rest;
};

const plus = (a: number, b: number): number => (a + b >= PRIME ? a + b - PRIME : a + b);

function inverse(a: number): number {
  let result = 1;
  for (let power = PRIME - 2, base = a; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = times(result, base);
    base = times(base, base);
  }
  return result;
}

/**
 * What the equations alone say, for every attacker: which hidden cells always move in one proportion. To print one of
 * two such cells gives the other away, so that no solver need be asked. Works modulo a prime, with a few random
 * solutions of the equations between changes for each attacker: two cells are in proportion in all solutions exactly
 * when they are in two random ones (save for a chance of one in tens of millions, which costs a printed cell, never
 * safety).
 */
export class Proportions {
  private readonly vectors: (Float64Array[] | undefined)[];
  private readonly targets: number[];

  constructor(
    private readonly part: Part,
    private readonly hidden: Uint8Array,
  ) {
    this.vectors = part.attackers.map(() => undefined);
    this.targets = [...part.sensitive.keys()].filter((cell) => part.sensitive[cell]);
  }

  /** Whether somebody could compute a sensitive cell by equations alone if this cell were printed too. */
  isNeeded(cell: number): boolean {
    const { part } = this;
    for (let bit = 0; bit < part.attackers.length; bit++) {
      if (this.knows(cell, bit)) continue;
      const [a, b] = this.of(bit) as [Float64Array, Float64Array];
      const [x, y] = [a[cell]!, b[cell]!];
      if (x === 0 && y === 0) continue; // it cannot move for this attacker, printed or not
      for (const target of this.targets) {
        if (target === cell || this.knows(target, bit)) continue;
        const [u, v] = [a[target]!, b[target]!];
        if ((u !== 0 || v !== 0) && times(u, y) === times(v, x)) return true;
      }
    }
    return false;
  }

  /** Tells that a cell was printed: the solutions in which it stands still are those that are left. */
  printed(cell: number): void {
    for (let bit = 0; bit < this.vectors.length; bit++) {
      const vectors = this.vectors[bit];
      if (!vectors || this.knows(cell, bit)) continue;
      const at = vectors.findIndex((vector) => vector[cell] !== 0);
      if (at < 0) continue;
      const [pivot] = vectors.splice(at, 1) as [Float64Array];
      const scale = inverse(pivot[cell]!);
      for (const vector of vectors) {
        if (vector[cell] === 0) continue;
        const factor = PRIME - times(vector[cell]!, scale);
        for (let i = 0; i < vector.length; i++) {
          if (pivot[i] !== 0) vector[i] = plus(vector[i]!, times(factor, pivot[i]!));
        }
      }
      if (vectors.length < 2) this.vectors[bit] = undefined;
    }
  }

  private knows(cell: number, bit: number): boolean {
    return (this.part.knows[cell * this.part.words + (bit >> 5)]! & (1 << (bit & 31))) !== 0;
  }

  private of(bit: number): Float64Array[] {
    return (this.vectors[bit] ??= this.solutions(bit));
  }

  /** Random solutions of the equations over the cells that are hidden from an attacker, by sparse elimination. */
  private solutions(bit: number): Float64Array[] {
    const { part, hidden } = this;
    const rows: Map<number, number>[] = [];
    const rowsAt = new Map<number, Set<number>>();
    for (let row = 0; row + 1 < part.rowStart.length; row++) {
      if (part.rowLo[row] !== 0 || part.rowHi[row] !== 0) continue;
      const terms = new Map<number, number>();
      for (let e = part.rowStart[row]!; e < part.rowStart[row + 1]!; e++) {
        const cell = part.rowCell[e]!;
        if (!hidden[cell] || this.knows(cell, bit)) continue;
        const rest = part.rowCoef[e]! % PRIME;
        terms.set(cell, rest < 0 ? rest + PRIME : rest);
        const at = rowsAt.get(cell);
        if (at) at.add(rows.length);
        else rowsAt.set(cell, new Set([rows.length]));
      }
      rows.push(terms);
    }
    // Short rows first: they fill the others least. A row whose length has changed is filed again.
    const byLength: number[][] = [];
    let length = 0;
    const file = (row: number) => {
      const size = rows[row]!.size;
      (byLength[size] ??= []).push(row);
      length = Math.min(length, size);
    };
    rows.forEach((_, row) => file(row));
    const done = new Set<number>();
    const pivots: { cell: number; row: Map<number, number> }[] = [];
    while (length < byLength.length) {
      const row = byLength[length]?.pop();
      if (row === undefined) {
        length++;
        continue;
      }
      if (length === 0 || done.has(row) || rows[row]!.size !== length) continue;
      done.add(row);
      const terms = rows[row]!;
      let pivot = -1;
      for (const cell of terms.keys()) if (pivot < 0 || rowsAt.get(cell)!.size < rowsAt.get(pivot)!.size) pivot = cell;
      const scale = inverse(terms.get(pivot)!);
      for (const cell of terms.keys()) rowsAt.get(cell)!.delete(row);
      for (const other of [...rowsAt.get(pivot)!]) {
        const into = rows[other]!;
        const factor = PRIME - times(into.get(pivot)!, scale);
        for (const [cell, coefficient] of terms) {
          const sum = plus(into.get(cell) ?? 0, times(factor, coefficient));
          if (sum === 0) {
            into.delete(cell);
            rowsAt.get(cell)!.delete(other);
          } else {
            into.set(cell, sum);
            rowsAt.get(cell)!.add(other);
          }
        }
        file(other);
      }
      pivots.push({ cell: pivot, row: terms });
    }
    const isPivot = new Set(pivots.map(({ cell }) => cell));
    const random = seeded(bit + 1);
    const vectors = Array.from({ length: 2 + SPARE }, () => new Float64Array(part.ids.length));
    for (let cell = 0; cell < part.ids.length; cell++) {
      if (!hidden[cell] || this.knows(cell, bit) || isPivot.has(cell)) continue;
      for (const vector of vectors) vector[cell] = 1 + Math.floor(random() * (PRIME - 1));
    }
    for (const { cell, row } of pivots.reverse()) {
      const scale = inverse(row.get(cell)!);
      for (const vector of vectors) {
        let sum = 0;
        for (const [other, coefficient] of row) if (other !== cell) sum += times(coefficient, vector[other]!);
        vector[cell] = times((PRIME - (sum % PRIME)) % PRIME, scale);
      }
    }
    return vectors;
  }
}
