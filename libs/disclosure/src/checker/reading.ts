import type { Cell, Problem, Release } from '../problem';

/*
 * The checker's own reading of a problem, in whole numbers. Only the shape of a problem is shared with anybody else:
 * what is sensitive, who knows what and what may be thought possible is worked out here once more.
 */

/** A rule between counts, lo ≤ Σ coefficient · count ≤ hi, with what its sum is now. */
interface Row {
  readonly now: number;
  readonly lo: number;
  readonly hi: number;
}

/** A release as it lies before its attackers. Places are those of the problem's list of cells. */
export interface Reading {
  readonly cells: readonly Cell[];
  readonly placeOf: ReadonlyMap<string, number>;
  /** 1: nobody can read it off the print. */
  readonly hidden: Uint8Array;
  /** 1: to be kept from everyone who does not know it. */
  readonly guarded: Uint8Array;
  /** The least count that everyone must think possible while it is hidden. */
  readonly floor: Float64Array;
  /** From here on a count is not small, in units of the cell. */
  readonly least: Float64Array;
  /** The least small count: 0 where zeros are hidden too. */
  readonly fewest: number;
  readonly rows: readonly Row[];
  /** The rows that cell p stands in, with its coefficient there: places rowStart[p] to rowStart[p + 1] - 1. */
  readonly rowStart: Int32Array;
  readonly rowAt: Int32Array;
  readonly coefficientAt: Float64Array;
  readonly attackers: readonly { readonly name: string; readonly knows: Uint8Array }[];
  /** What is wrong with problem or release themselves, in plain words; nothing can be shown about such a release. */
  readonly fault: string | undefined;
}

/** ⌈threshold / unit⌉ without fractions: the unit is taken as the decimal number that it is written as. */
export function leastCount(threshold: number, unit: number): number {
  const [mantissa = '0', exponent = '0'] = String(unit).split('e');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  const shift = decimals.length - Number(exponent);
  const divisor = BigInt(whole + decimals) * 10n ** BigInt(Math.max(0, -shift));
  return Number((BigInt(threshold) * 10n ** BigInt(Math.max(0, shift)) + divisor - 1n) / divisor);
}

/** Adds whole numbers; NaN, which no later comparison accepts, where the sum would not be exact. */
const exactly = (number: number): number => (Number.isSafeInteger(number) ? number : NaN);

/** Reads problem and release. */
export function read(problem: Problem, release: Release): Reading {
  const { cells, policy } = problem;
  let fault: string | undefined;
  const wrong = (words: string) => (fault ??= words);

  const placeOf = new Map(cells.map(({ id }, place) => [id, place]));
  if (placeOf.size !== cells.length) wrong('an id is given twice');
  const hidden = new Uint8Array(cells.length);
  for (const id of release.suppressed) {
    const place = placeOf.get(id);
    if (place === undefined) wrong('an unknown cell is hidden');
    else if (cells[place]!.locked === 'published') wrong('a cell locked as printed is hidden');
    else hidden[place] = 1;
  }
  const guarded = new Uint8Array(cells.length);
  const floor = new Float64Array(cells.length);
  const least = new Float64Array(cells.length);
  const leasts = new Map<number, number>();
  cells.forEach(({ value, locked, sensitive, unit = 1 }, place) => {
    if (!Number.isSafeInteger(value) || value < 0) wrong('a count is not whole, or below nothing');
    if (!leasts.has(unit)) leasts.set(unit, leastCount(policy.threshold, unit));
    least[place] = leasts.get(unit)!;
    if (locked === 'unpublished') hidden[place] = 1;
    else if (policy.zeros === 'printed') floor[place] = 1;
    if (hidden[place] && value < floor[place]!) wrong('a zero is hidden where everyone knows that zeros are printed');
    const small = value === 0 ? policy.zeros === 'hidden' : value < least[place]!;
    if (locked !== 'published' && (sensitive ?? small)) guarded[place] = 1;
    if (locked === 'suppressed' && !hidden[place]) wrong('a cell locked as hidden is printed');
  });

  const rows: Row[] = [];
  const rowsAt: [number, number][][] = cells.map(() => []);
  const addRow = (terms: Iterable<readonly [string, number]>, lo: number, hi: number) => {
    let now = 0;
    for (const [id, coefficient] of terms) {
      const place = placeOf.get(id);
      if (place === undefined) {
        wrong('an equation or range names an unknown cell');
        continue;
      }
      now = exactly(now + exactly(coefficient * cells[place]!.value));
      rowsAt[place]!.push([rows.length, coefficient]);
    }
    if (!(now >= lo && now <= hi)) wrong('the counts do not meet an equation or range');
    rows.push({ now, lo, hi });
  };
  for (const { total, parts, coefs, const: constant = 0 } of problem.equations) {
    addRow([[total, 1], ...parts.map((id, i) => [id, -(coefs?.[i] ?? 1)] as const)], constant, constant);
  }
  for (const { terms, lo = -Infinity, hi = Infinity } of problem.ranges) addRow(terms, lo, hi);

  const rowStart = new Int32Array(cells.length + 1);
  rowsAt.forEach((list, place) => (rowStart[place + 1] = rowStart[place]! + list.length));
  const inRows = rowsAt.flat();
  const rowAt = Int32Array.from(inRows, ([row]) => row);
  const coefficientAt = Float64Array.from(inRows, ([, coefficient]) => coefficient);

  // Who is told a count by being its owner or knower.
  const told = new Map<string, number[]>();
  cells.forEach(({ owner, knowers = [] }, place) => {
    for (const party of owner === undefined ? knowers : [owner, ...knowers]) {
      const places = told.get(party);
      if (places) places.push(place);
      else told.set(party, [place]);
    }
  });
  const knowing = (parties: readonly string[]) => {
    const knows = new Uint8Array(cells.length);
    for (const party of parties) for (const place of told.get(party) ?? []) knows[place] = 1;
    return knows;
  };
  const attackers = [
    { name: 'outsider', knows: knowing([]) },
    ...(policy.insiders ? [...told.keys()].map((name) => ({ name, knows: knowing([name]) })) : []),
    ...problem.attackers.map(({ name, knows }) => ({ name, knows: knowing(knows) })),
  ];
  const fewest = policy.zeros === 'hidden' ? 0 : 1;
  return {
    cells,
    placeOf,
    hidden,
    guarded,
    floor,
    least,
    fewest,
    rows,
    rowStart,
    rowAt,
    coefficientAt,
    attackers,
    fault,
  };
}
