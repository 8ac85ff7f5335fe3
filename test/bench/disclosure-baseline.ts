import type { Problem } from '@hub/disclosure';

/** A prime whose square a double holds with room: 2^26 - 5. */
const PRIME = 67_108_859;

function inverse(value: number): number {
  let [a, b, x, y] = [value, PRIME, 1, 0];
  while (b !== 0) {
    const times = Math.floor(a / b);
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  return ((x % PRIME) + PRIME) % PRIME;
}

/** Subtracts so much of `row` that `from` is 0 at the pivot. */
function clear(from: Float64Array, row: Float64Array, pivot: number): void {
  const factor = from[pivot]!;
  if (factor === 0) return;
  for (let k = 0; k < row.length; k++) {
    if (row[k] !== 0) from[k] = (from[k]! + factor * (PRIME - row[k]!)) % PRIME;
  }
}

/** Scales a row so that its first entry is 1. @returns where that is; -1 for a row of zeros */
function scale(row: Float64Array): number {
  const pivot = row.findIndex((entry) => entry !== 0);
  if (pivot < 0) return -1;
  const by = inverse(row[pivot]!);
  for (let k = pivot; k < row.length; k++) row[k] = (row[k]! * by) % PRIME;
  return pivot;
}

/**
 * What is done where small numbers are hidden by elimination: cells are printed one after the other, what costs most to hide first and
 * the larger count before the smaller, each where no sensitive cell is then a sum of printed ones. It is safe from an outsider
 * who reasons with equations alone, and knows neither that counts are whole, nor that a hidden one is not zero, nor any count.
 *
 * The rule is that of Langsrud, "Secondary Cell Suppression by Gaussian Elimination: An Algorithm Suitable for Handling Issues with Zeros
 * and Singletons", PSD 2024; over the numbers modulo a prime, so that nothing is rounded.
 * @returns the ids of the hidden cells
 */
export function linearlySafe({ cells, equations }: Problem, sensitive: ReadonlySet<string>): string[] {
  const place = new Map(cells.map(({ id }, i) => [id, i]));
  const unit = (at: number, to = new Float64Array(cells.length)) => to.fill(1, at, at + 1);
  const known: { row: Float64Array; pivot: number }[] = [];
  const open = new Map([...sensitive].map((id) => [id, unit(place.get(id)!)]));

  /** What everybody knows grows by a row, unless a sensitive cell would follow. */
  const learn = (row: Float64Array): boolean => {
    for (const one of known) clear(row, one.row, one.pivot);
    const pivot = scale(row);
    if (pivot < 0) return true;
    // One that is a multiple of the row would be nothing without it.
    for (const left of open.values()) {
      const factor = left[pivot]!;
      if (factor !== 0 && left.every((entry, k) => entry === (factor * row[k]!) % PRIME)) return false;
    }
    for (const left of open.values()) clear(left, row, pivot);
    known.push({ row, pivot });
    return true;
  };

  for (const { total, parts, coefs } of equations) {
    const row = unit(place.get(total)!);
    parts.forEach((id, i) => (row[place.get(id)!] = PRIME - (coefs?.[i] ?? 1)));
    learn(row);
  }
  const candidates = cells
    .filter(({ id }) => !sensitive.has(id))
    .sort(
      (a, b) => Number(b.value === 0) - Number(a.value === 0) || (b.cost ?? 1) - (a.cost ?? 1) || b.value - a.value,
    );
  const hidden = candidates.filter(({ id }) => !learn(unit(place.get(id)!))).map(({ id }) => id);
  return [...sensitive, ...hidden].sort();
}
