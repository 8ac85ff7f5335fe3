import { Deadline } from './deadline';
import { OUTSIDER, isProtected, leastOf, type Cell, type Problem } from './problem';

/**
 * A connected part of a problem as the protector works on it: everything that can never move (printed zeros, cells
 * locked as printed, and what follows from those alone) is gone. All bounds are changes against the true values.
 */
export interface Part {
  /** Ids in ascending order, so that the answer does not depend on the order of the input. */
  readonly ids: readonly string[];
  readonly value: Float64Array;
  /** The scaled threshold of each cell: from here on a count is not small. */
  readonly least: Float64Array;
  readonly cost: Float64Array;
  /** Lowest change of a hidden cell that an attacker must think possible: its floor less its value. */
  readonly down: Float64Array;
  /** The same bounds for an attacker who was told which hidden counts are small. */
  readonly toldDown: Float64Array;
  readonly toldUp: Float64Array;
  /** 1: hidden whatever happens (sensitive, locked as hidden, unpublished). */
  readonly hidden: Uint8Array;
  /** 1: to be kept from everyone who does not know it. */
  readonly sensitive: Uint8Array;
  /** Rows: lo ≤ Σ coefficient · change ≤ hi; both 0 for an equation. */
  readonly rowStart: Int32Array;
  readonly rowCell: Int32Array;
  readonly rowCoef: Float64Array;
  readonly rowLo: Float64Array;
  readonly rowHi: Float64Array;
  /** The same entries by cell. */
  readonly cellStart: Int32Array;
  readonly cellRow: Int32Array;
  readonly cellCoef: Float64Array;
  /** Names behind each attacker bit. Bit 0 holds all those who know no cell of this part, the outsider among them. */
  readonly attackers: readonly (readonly string[])[];
  /** 32-bit words per attacker set. */
  readonly words: number;
  /** For each cell the set of attacker bits that know it: `words` words each. */
  readonly knows: Uint32Array;
}

/** A sensitive cell that follows from what can never be hidden. */
export interface Lost {
  readonly cell: Cell;
  readonly attackers: readonly string[];
}

export interface Row {
  readonly terms: Map<number, number>;
  readonly lo: number;
  readonly hi: number;
}

/** Who knows a cell by its owner or as one of its knowers. */
const partiesOf = ({ owner, knowers = [] }: Cell): readonly string[] =>
  owner === undefined ? knowers : [owner, ...knowers];

/** An attacker knows what one of its parties knows. */
interface Attacker {
  readonly name: string;
  readonly parties: readonly string[];
}

/** Every attacker, in the order of the names. */
export function attackersOf(problem: Problem): Attacker[] {
  const insiders = new Set(problem.policy.insiders ? problem.cells.flatMap(partiesOf) : []);
  return [
    { name: OUTSIDER, parties: [] },
    ...[...insiders].sort().map((name) => ({ name, parties: [name] })),
    ...problem.attackers.map(({ name, knows }) => ({ name, parties: knows })),
  ];
}

/** Equations and ranges in terms of changes: coefficient by cell, zero coefficients dropped. */
function rowsOf(problem: Problem, place: ReadonlyMap<string, number>, deadline: Deadline): Row[] {
  const collect = (pairs: readonly (readonly [string, number])[], row: number) => {
    deadline.checkAt(row);
    const terms = new Map<number, number>();
    for (const [id, coefficient] of pairs) {
      const at = place.get(id)!;
      const sum = (terms.get(at) ?? 0) + coefficient;
      if (sum === 0) terms.delete(at);
      else terms.set(at, sum);
    }
    return terms;
  };
  const equations = problem.equations.map(({ total, parts, coefs }, row) => ({
    terms: collect([[total, -1], ...parts.map((id, i): [string, number] => [id, coefs?.[i] ?? 1])], row),
    lo: 0,
    hi: 0,
  }));
  const ranges = problem.ranges.map(({ terms, lo, hi }, row) => {
    const now = terms.reduce((sum, [id, coefficient]) => sum + coefficient * problem.cells[place.get(id)!]!.value, 0);
    return {
      terms: collect(terms, row),
      lo: lo === undefined ? -Infinity : lo - now,
      hi: hi === undefined ? Infinity : hi - now,
    };
  });
  return [...equations, ...ranges];
}

/** Which cells can never move: known outright, or the only unknown of an equation whose other cells never move. */
function fixedCells(problem: Problem, rows: readonly Row[], deadline: Deadline): boolean[] {
  const fixed = problem.cells.map(
    (cell) =>
      cell.locked === 'published' ||
      (cell.value === 0 && problem.policy.zeros === 'printed' && cell.locked !== 'unpublished'),
  );
  const rowsAt: number[][] = problem.cells.map(() => []);
  const open = rows.map((row, r) => {
    deadline.checkAt(r);
    for (const cell of row.terms.keys()) rowsAt[cell]!.push(r);
    return [...row.terms.keys()].filter((cell) => !fixed[cell]).length;
  });
  const queue = rows.map((_, r) => r).filter((r) => open[r] === 1);
  for (let r = queue.pop(); r !== undefined; r = queue.pop()) {
    const row = rows[r]!;
    if (open[r] !== 1 || row.lo !== 0 || row.hi !== 0) continue;
    const last = [...row.terms.keys()].find((cell) => !fixed[cell])!;
    fixed[last] = true;
    for (const other of rowsAt[last]!) if (--open[other]! === 1) queue.push(other);
  }
  return fixed;
}

/**
 * Splits a problem into its connected parts. Parts without a sensitive cell are left out: nothing in them has to be
 * hidden beyond what is locked.
 * @returns the parts in the order of their first id, and the sensitive cells that no hiding can save
 * @throws OutOfTime
 */
export function splitIntoParts(problem: Problem, deadline = Deadline.none): { parts: Part[]; lost: Lost[] } {
  const { cells, policy } = problem;
  const place = new Map(cells.map((cell, i) => [cell.id, i]));
  const rows = rowsOf(problem, place, deadline);
  const fixed = fixedCells(problem, rows, deadline);
  const attackers = attackersOf(problem);
  const lost = cells
    .filter((cell, i) => fixed[i] && isProtected(cell, policy))
    .map((cell) => {
      const known = partiesOf(cell);
      const strangers = attackers.filter(({ parties }) => !parties.some((party) => known.includes(party)));
      return { cell, attackers: strangers.map(({ name }) => name) };
    });

  const parent = cells.map((_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const open = rows.map((row) => [...row.terms.keys()].filter((cell) => !fixed[cell]));
  for (const members of open) for (const cell of members) parent[root(cell)] = root(members[0]!);
  deadline.check();

  const groups = new Map<number, number[]>();
  const order = cells.map((_, i) => i).filter((i) => !fixed[i]);
  order.sort((a, b) => (cells[a]!.id < cells[b]!.id ? -1 : 1));
  for (const i of order) {
    const group = groups.get(root(i));
    if (group) group.push(i);
    else groups.set(root(i), [i]);
  }
  const rowsOfGroup = new Map<number, number[]>();
  open.forEach((members, r) => {
    if (members.length === 0) return;
    const at = root(members[0]!);
    const list = rowsOfGroup.get(at);
    if (list) list.push(r);
    else rowsOfGroup.set(at, [r]);
  });
  const parts: Part[] = [];
  for (const [at, members] of groups) {
    if (!members.some((i) => isProtected(cells[i]!, policy))) continue;
    parts.push(
      partOf(
        problem,
        members,
        (rowsOfGroup.get(at) ?? []).map((r) => rows[r]!),
        attackers,
        deadline,
      ),
    );
  }
  return { parts, lost };
}

function partOf(
  problem: Problem,
  members: readonly number[],
  rows: readonly Row[],
  attackers: readonly Attacker[],
  deadline: Deadline,
): Part {
  const { policy } = problem;
  const cells = members.map((i) => problem.cells[i]!);
  const local = new Map(members.map((i, at) => [i, at]));
  const floor = (cell: Cell) => (policy.zeros === 'printed' && cell.locked !== 'unpublished' ? 1 : 0);
  const least = cells.map((cell) => leastOf(cell, policy));
  const mean = cells.reduce((sum, cell) => sum + (cell.cost ?? 1), 0) / cells.length || 1;

  const rowStart = [0];
  const rowCell: number[] = [];
  const rowCoef: number[] = [];
  const rowsAt: number[][] = cells.map(() => []);
  const coefsAt: number[][] = cells.map(() => []);
  // In an order of their own, so that the answer does not depend on the order of the input.
  const written = new Map<string, { terms: [number, number][]; lo: number; hi: number }>();
  for (const [r, { terms, lo, hi }] of rows.entries()) {
    deadline.checkAt(r);
    const moving: [number, number][] = [];
    for (const [cell, coefficient] of terms) {
      const at = local.get(cell);
      if (at !== undefined) moving.push([at, coefficient]); // the others never move
    }
    moving.sort((a, b) => a[0] - b[0]);
    let key = '';
    for (const [at, coefficient] of moving) key += `${at},${coefficient};`;
    written.set(`${key}${lo},${hi}`, { terms: moving, lo, hi });
  }
  const inOrder = [...written].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, row]) => row);
  inOrder.forEach(({ terms }, r) => {
    deadline.checkAt(r);
    for (const [at, coefficient] of terms) {
      rowCell.push(at);
      rowCoef.push(coefficient);
      rowsAt[at]!.push(r);
      coefsAt[at]!.push(coefficient);
    }
    rowStart.push(rowCell.length);
  });
  const cellStart = [0];
  for (const list of rowsAt) cellStart.push(cellStart[cellStart.length - 1]! + list.length);

  // Attackers who know the same cells of this part are one and the same here.
  const cellsOf = new Map<string, number[]>();
  cells.forEach((cell, i) => {
    for (const party of partiesOf(cell)) {
      const list = cellsOf.get(party);
      if (list) list.push(i);
      else cellsOf.set(party, [i]);
    }
  });
  const bySignature = new Map<string, string[]>([['', []]]);
  deadline.check();
  for (const { name, parties } of attackers) {
    const known = new Set(parties.flatMap((party) => cellsOf.get(party) ?? []));
    const signature = [...known].sort((a, b) => a - b).join(',');
    const names = bySignature.get(signature);
    if (names) names.push(name);
    else bySignature.set(signature, [name]);
  }
  const words = Math.ceil(bySignature.size / 32);
  const knows = new Uint32Array(cells.length * words);
  [...bySignature.keys()].forEach((signature, bit) => {
    if (signature === '') return;
    for (const i of signature.split(',')) knows[Number(i) * words + (bit >> 5)]! |= 1 << (bit & 31);
  });

  // Told: the attacker knows of every hidden cell whether it is none, small or not small. Where zeros are hidden, none is small.
  const fewest = policy.zeros === 'hidden' ? 0 : 1;
  const down = cells.map((cell) => floor(cell) - cell.value);
  const toldDown = cells.map(({ value, untold }, i) => {
    if (untold) return down[i]!;
    return value < fewest ? 0 : value < least[i]! ? fewest - value : least[i]! - value;
  });
  const toldUp = cells.map(({ value, untold }, i) => {
    if (untold) return Infinity;
    return value < fewest ? 0 : value < least[i]! ? least[i]! - 1 - value : Infinity;
  });
  return {
    ids: cells.map(({ id }) => id),
    value: Float64Array.from(cells, ({ value }) => value),
    least: Float64Array.from(least),
    cost: Float64Array.from(cells, ({ cost }) => (cost ?? 1) / mean),
    down: Float64Array.from(down),
    toldDown: Float64Array.from(toldDown),
    toldUp: Float64Array.from(toldUp),
    hidden: Uint8Array.from(cells, (cell) => Number(cell.locked !== undefined || isProtected(cell, policy))),
    sensitive: Uint8Array.from(cells, (cell) => Number(isProtected(cell, policy))),
    rowStart: Int32Array.from(rowStart),
    rowCell: Int32Array.from(rowCell),
    rowCoef: Float64Array.from(rowCoef),
    rowLo: Float64Array.from(inOrder, ({ lo }) => lo),
    rowHi: Float64Array.from(inOrder, ({ hi }) => hi),
    cellStart: Int32Array.from(cellStart),
    cellRow: Int32Array.from(rowsAt.flat()),
    cellCoef: Float64Array.from(coefsAt.flat()),
    attackers: [...bySignature.values()],
    words,
    knows,
  };
}
