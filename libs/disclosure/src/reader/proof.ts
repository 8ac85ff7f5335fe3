import type { Highs, Model } from 'highs';
import { withSolver } from '../highs';
import { Connected } from './connected';
import { modelOf, rowsWithin } from './intervals';
import type { PrintedTable } from './printed';
import { systemOf, type Row, type System } from './system';

/**
 * Whole tables that fit a print, so that each hidden count is seen to be one or another: nobody who has the print alone
 * can compute it. Checked by addition alone (`checkReadersProof`). Holds no secret: it is made from the print.
 */
export interface ReadersProof {
  readonly v: 1;
  /** A count for every hidden cell: one table that fits. */
  readonly base: Readonly<Record<string, number>>;
  /** Further tables, as changes of the base. */
  readonly tables: readonly Readonly<Record<string, number>>[];
  /**
   * Marked cells of which nothing is shown: the print gives their count away, or no second table was found. Never one
   * that the publication had to protect.
   */
  readonly unshown: readonly string[];
}

/** Tables of a like print. They are tried first and taken where they fit: nothing is believed of them. */
export type Hint = Pick<ReadersProof, 'base' | 'tables'>;

/** No whole table was found that fits the print: it was not printed by these rules, or the search's limits were too narrow. */
export class NoTableFound extends Error {
  override readonly name = 'NoTableFound';
}

/** Prices of a unit of change that is not asked for: tables stay short. */
const ASIDE = 1e-3;
const EXACT = 1e-6;

/**
 * Proves from a printed table (or from that and one insider's own counts, `withOwn`) that nobody who has it can compute a
 * hidden count. The same table gives the same proof, byte for byte, whatever the hidden counts are.
 * @param hints  what to begin from; of nothing that this reader may not see. The same hints give the same proof
 * @throws NoTableFound
 */
export function readersProof(printed: PrintedTable, hints: readonly Hint[] = []): Promise<ReadersProof> {
  return withSolver((solver) => {
    const system = systemOf(printed);
    if (system.low.some((low, unknown) => low > system.high[unknown]!))
      throw new NoTableFound('no table fits the print');
    const base = Float64Array.from(system.low);
    const tables: Map<number, number>[] = [];
    const shown = new Set<number>();
    for (const members of system.components) {
      const found = new Component(solver, system, members).tables(hints);
      members.forEach((unknown, k) => (base[unknown] = found.base[k]!));
      // The parts of a table move apart from each other, so the first tables of all parts make one.
      found.moves.forEach((changes, i) => {
        const table = (tables[i] ??= new Map<number, number>());
        changes.forEach((change, k) => {
          if (change === 0) return;
          table.set(members[k]!, change);
          shown.add(members[k]!);
        });
      });
    }
    const marked = new Set(
      printed.cells.filter((cell) => 'hidden' in cell && cell.hidden === 'marked').map(({ id }) => id),
    );
    return {
      v: 1,
      base: Object.fromEntries(system.ids.map((id, unknown) => [id, base[unknown]!])),
      tables: tables.map((table) =>
        Object.fromEntries(
          [...table].sort((a, b) => a[0] - b[0]).map(([unknown, change]) => [system.ids[unknown]!, change]),
        ),
      ),
      unshown: system.ids.filter((id, unknown) => marked.has(id) && !shown.has(unknown)),
    };
  });
}

/** One connected part: a base table and moves away from it that together touch as many unknowns as can be. */
class Component {
  private readonly rows: Row[];
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private base: Float64Array = new Float64Array();
  private readonly moves: Float64Array[] = [];
  private readonly shown = new Set<number>();
  private readonly models: { linear?: Model | undefined; whole?: Model } = {};

  constructor(
    private readonly solver: Highs,
    private readonly system: System,
    private readonly members: readonly number[],
  ) {
    this.rows = rowsWithin(system, members);
    this.low = Float64Array.from(members, (unknown) => system.low[unknown]!);
    this.high = Float64Array.from(members, (unknown) => system.high[unknown]!);
  }

  tables(hints: readonly Hint[]): { base: Float64Array; moves: Float64Array[] } {
    this.base = this.baseOf(hints) ?? this.mendedBase(hints) ?? this.leastTable();
    for (const { tables } of hints) for (const table of tables) this.takeOver(this.ofMembers(table));
    try {
      this.cover([...this.members.keys()], 1);
    } finally {
      this.models.linear?.dispose();
      this.models.whole?.dispose();
    }
    return { base: this.base, moves: this.moves };
  }

  private ofMembers(counts: Readonly<Record<string, number>>): Float64Array {
    return Float64Array.from(this.members, (unknown) => counts[this.system.ids[unknown]!] ?? 0);
  }

  /** The first table of a hint that fits. */
  private baseOf(hints: readonly Hint[]): Float64Array | undefined {
    const none = new Float64Array(this.members.length);
    for (const { base } of hints) {
      this.base = this.ofMembers(base);
      if (this.fits(none)) return this.base;
    }
    return undefined;
  }

  /** A hint's table with as little changed as can be, so that it fits: what moved from there mostly still moves. */
  private mendedBase(hints: readonly Hint[]): Float64Array | undefined {
    for (const { base } of hints) {
      this.base = this.ofMembers(base).map((count, k) => Math.min(Math.max(count, this.low[k]!), this.high[k]!));
      const move = this.move(new Map(), false);
      // The rows of a model are about moves away from its base.
      this.models.linear?.dispose();
      this.models.linear = undefined;
      if (move) return this.base.map((count, k) => count + move[k]!);
    }
    return undefined;
  }

  /** Takes of a hint's move what fits and shows something more: the whole, or those of its pieces that go together. */
  private takeOver(move: Float64Array): void {
    let taken = new Float64Array(move.length);
    for (const piece of [[...move.keys()], ...this.pieces(move)]) {
      if (!piece.some((k) => move[k] !== 0 && taken[k] === 0 && !this.shown.has(k))) continue;
      for (const sign of [1, -1]) {
        const more = taken.slice();
        for (const k of piece) more[k] = sign * move[k]! + 0;
        if (!this.fits(more)) continue;
        taken = more;
        break;
      }
    }
    if (taken.some((change) => change !== 0)) this.keep(taken);
  }

  /** What of a move hangs together by rows: no row is touched by two of these. */
  private pieces(move: Float64Array): number[][] {
    const connected = new Connected(move.length);
    for (const { terms } of this.rows) connected.join(terms.flatMap(([k]) => (move[k] === 0 ? [] : [k])));
    return connected.groups([...move.keys()].filter((k) => move[k] !== 0));
  }

  private keep(move: Float64Array): void {
    this.moves.push(move);
    move.forEach((change, k) => void (change !== 0 && this.shown.add(k)));
  }

  /** Finds moves for all of these: as many at once as will go, in halves where these stand in each other's way. */
  private cover(places: readonly number[], turn: 1 | -1): void {
    for (;;) {
      const left = places.filter((k) => !this.shown.has(k));
      if (left.length === 0) return;
      // The likelier way first: up, where the base is not at the end already.
      const ways = left.map((k) => [k, this.base[k]! < this.high[k]! ? turn : -turn] as const);
      const found = this.move(new Map(ways), left.length === 1);
      if (found) {
        const before = this.shown.size;
        found.forEach((change, k) => void (change !== 0 && this.shown.add(k)));
        if (this.shown.size > before) this.moves.push(found);
        if (left.some((k) => found[k] !== 0)) continue;
      }
      if (left.length > 1) {
        const half = left.length >> 1;
        this.cover(left.slice(0, half), turn);
        this.cover(left.slice(half), turn);
      } else if (turn === 1) this.cover(left, -1);
      return;
    }
  }

  /** A whole table with a small sum. */
  private leastTable(): Float64Array {
    const cost = new Float64Array(this.members.length).fill(1);
    const none = new Float64Array(this.members.length);
    for (const integral of [false, true]) {
      const model = modelOf(this.solver, this.rows, cost, this.low, this.high, integral);
      try {
        model.run();
        const table = model.getSolution().colValue.map(Math.round);
        this.base = table;
        if (table.length === none.length && this.fits(none)) return table;
      } finally {
        model.dispose();
      }
    }
    throw new NoTableFound('no whole table that fits the print was found');
  }

  /** Whether the base table, changed so, keeps every row and bound. Whole numbers, added up. */
  private fits(changes: Float64Array): boolean {
    const value = (k: number) => this.base[k]! + changes[k]!;
    for (let k = 0; k < changes.length; k++) {
      if (!Number.isSafeInteger(value(k)) || value(k) < this.low[k]! || value(k) > this.high[k]!) return false;
    }
    return this.rows.every(({ terms, lo, hi }) => {
      const sum = terms.reduce((all, [k, coefficient]) => all + coefficient * value(k), 0);
      return sum >= lo && sum <= hi;
    });
  }

  /**
   * A whole move away from the base, in which as many of these unknowns as possible go their way by one.
   * @param thorough  with whole-number programming where the linear program's answer is fractional
   * @returns undefined where none of them goes, or no whole move was found
   */
  private move(ways: ReadonlyMap<number, number>, thorough: boolean): Float64Array | undefined {
    const { cost, upper } = this.columnsFor(ways);
    for (const integral of thorough ? [false, true] : [false]) {
      const model = this.modelOfMoves(cost, upper, integral);
      const { modelStatus } = model.run();
      const columns = model.getSolution().colValue;
      if (columns.length < cost.length) continue;
      const changes = Float64Array.from(this.members, (_, k) => {
        return columns[4 * k]! + columns[4 * k + 1]! - columns[4 * k + 2]! - columns[4 * k + 3]!;
      });
      if (changes.every((change) => Math.abs(change) < EXACT)) {
        if (!integral && modelStatus === this.solver.constants.modelStatus.optimal) return undefined;
        continue;
      }
      for (const factor of [1, 2, 3, 4, 6]) {
        const whole = changes.map((change) => Math.round(change * factor));
        if (whole.some((change, k) => Math.abs(change - changes[k]! * factor) > EXACT * factor)) continue;
        if (this.fits(whole)) return whole.map((change) => change + 0);
      }
    }
    return undefined;
  }

  /** Four columns of each unknown: up by one, further up, down by one, further down; what each costs and how far it goes. */
  private columnsFor(ways: ReadonlyMap<number, number>): { cost: Float64Array; upper: Float64Array } {
    const n = this.members.length;
    const cost = new Float64Array(4 * n).fill(ASIDE);
    const upper = new Float64Array(4 * n);
    for (let k = 0; k < n; k++) {
      const up = this.high[k]! - this.base[k]!;
      const down = this.base[k]! - this.low[k]!;
      upper.set([Math.min(1, up), Math.max(0, up - 1), Math.min(1, down), Math.max(0, down - 1)], 4 * k);
    }
    for (const [k, way] of ways) {
      cost[4 * k + (way === 1 ? 0 : 2)] = -1;
      upper.fill(0, 4 * k + (way === 1 ? 2 : 0), 4 * k + (way === 1 ? 4 : 2));
    }
    return { cost, upper };
  }

  /** The model of moves away from the base; from one question to the next only prices and bounds of its columns change. */
  private modelOfMoves(cost: Float64Array, upper: Float64Array, integral: boolean): Model {
    const kind = integral ? 'whole' : 'linear';
    const made = this.models[kind];
    if (made) {
      const all = { kind: 'range', from: 0, to: cost.length - 1 } as const;
      made.changeColsCost(all, cost);
      made.changeColsBounds(
        all,
        new Float64Array(cost.length),
        upper.map((bound) => Math.min(bound, this.solver.infinity)),
      );
      return made;
    }
    const rows = this.rows.map(({ terms, lo, hi }) => {
      const now = terms.reduce((all, [k, coefficient]) => all + coefficient * this.base[k]!, 0);
      return {
        terms: terms.flatMap(([k, c]) => [
          [4 * k, c] as const,
          [4 * k + 1, c] as const,
          [4 * k + 2, -c] as const,
          [4 * k + 3, -c] as const,
        ]),
        lo: lo - now,
        hi: hi - now,
      };
    });
    return (this.models[kind] = modelOf(this.solver, rows, cost, new Float64Array(cost.length), upper, integral));
  }
}
