import type { Highs } from 'highs';
import { Deadline } from './deadline';
import { fold, type Folded } from './fold';
import { solverSeconds } from './highs';
import { changeAt, moveOf, overlaps, seeded, type Move } from './moves';
import type { Part } from './parts';
import { Simplex, type Outcome, type Program } from './simplex';

/** What is asked of a move. */
export interface Wanted {
  /** The cell that has to change, and how: `direction` · at least `amount`. */
  readonly cell: number;
  readonly direction: 1 | -1;
  readonly amount: number;
  /** As far as possible instead of as cheaply as possible; `amount` is then the furthest that is of use. */
  readonly furthest?: boolean;
  /** Attackers to convince: no cell that one of them knows may move. */
  readonly avoid: Uint32Array;
  /** 1 for each hidden cell. */
  readonly hidden: Uint8Array;
  /** Whether printed cells may be taken (they become hidden). */
  readonly mayHide: boolean;
  readonly told: boolean;
  /** What it may cost for each unit of `amount`; without it, whatever it costs. */
  readonly limit?: number;
}

/** `impossible` only where the solver finished with that answer; `unknown` where no whole move was found, or none within the limit. */
export type Found = Move | 'impossible' | 'unknown';

/** The price of a unit of change in a cell that is hidden already: small, so that moves stay short, but not nothing. */
const HIDDEN_PRICE = 1e-4;
/** How many changes of hidden cells a limit leaves room for. */
const SLACK = 300;
const INTEGRAL = 1e-6;
/** Nodes of a whole-number program where its answer would only be welcome, and where it decides. */
const FEW_NODES = 100;
const MANY_NODES = 5000;

/**
 * Finds cheapest moves among some cells of a part, while all others stand still. The cells are folded first; a dual
 * simplex of our own answers, because every question starts anew from the true table and is over in a few steps.
 */
export class MoveFinder {
  /** Bundles that can move at all. */
  readonly size: number;
  private readonly folded: Folded;
  /** For each cell of the part its bundle and sign; -1 where it cannot move. */
  private readonly at: Int32Array;
  private readonly signs: Int8Array;
  /** The cells of bundle b: members[memberStart[b]] to members[memberStart[b + 1] - 1]. */
  private readonly memberStart: Int32Array;
  private readonly members: Int32Array;
  private readonly knows: Uint32Array;
  private readonly up: Float64Array;
  private readonly down: Float64Array;
  private readonly toldUp: Float64Array;
  private readonly toldDown: Float64Array;
  private readonly simplex: Simplex;
  /** Of whole-number programs; see `effort`. */
  private programs = 0;
  private asked = 0;

  constructor(
    private readonly solver: Highs,
    private readonly part: Part,
    /** Cells that may move, ascending. */
    cells: ArrayLike<number>,
    private readonly deadline = Deadline.none,
  ) {
    this.folded = fold(part, cells, deadline);
    const { bundles } = this.folded;
    const n = (this.size = bundles.length);
    this.at = new Int32Array(part.ids.length).fill(-1);
    this.signs = new Int8Array(part.ids.length);
    this.knows = new Uint32Array(n * part.words);
    this.up = new Float64Array(n).fill(Infinity);
    this.down = new Float64Array(n).fill(Infinity);
    this.toldUp = this.up.slice();
    this.toldDown = this.down.slice();
    this.simplex = new Simplex(this.folded, deadline);
    this.memberStart = new Int32Array(n + 1);
    bundles.forEach(({ cells }, b) => (this.memberStart[b + 1] = this.memberStart[b]! + cells.length));
    this.members = new Int32Array(this.memberStart[n]!);
    bundles.forEach(({ cells }, b) => this.members.set(cells, this.memberStart[b]!));
    bundles.forEach(({ cells, signs }, b) => {
      cells.forEach((cell, m) => {
        this.at[cell] = b;
        this.signs[cell] = signs[m]!;
        for (let w = 0; w < part.words; w++) this.knows[b * part.words + w]! |= part.knows[cell * part.words + w]!;
        const [up, down] = [Infinity, -part.down[cell]!];
        const toldUp = Math.min(part.toldUp[cell]!, up);
        const toldDown = Math.min(-part.toldDown[cell]!, down);
        const turned = signs[m] === -1;
        this.up[b] = Math.min(this.up[b]!, turned ? down : up);
        this.down[b] = Math.min(this.down[b]!, turned ? up : down);
        this.toldUp[b] = Math.min(this.toldUp[b]!, turned ? toldDown : toldUp);
        this.toldDown[b] = Math.min(this.toldDown[b]!, turned ? toldUp : toldDown);
      });
    });
  }

  /** Whether a cell can move here at all. */
  holds(cell: number): boolean {
    return this.at[cell]! >= 0;
  }

  /** The cells that follow a cell here, itself among them. */
  bundleOf(cell: number): readonly number[] {
    return this.folded.bundles[this.at[cell]!]?.cells ?? [];
  }

  /** The work done so far, the same on every machine: about so many microseconds on a common one. */
  get effort(): number {
    return this.asked * (10 + this.size / 4) + this.simplex.steps * (2 + this.size / 20) + this.programs;
  }

  /** The program for what is wanted, or undefined where the cell cannot move so far here; `jitter` shakes the prices. */
  private program(wanted: Wanted, jitter?: () => number, attempt = 0): Program | undefined {
    const { part, members, memberStart } = this;
    const { hidden, avoid, mayHide } = wanted;
    const bundle = this.at[wanted.cell]!;
    if (bundle < 0) return undefined;
    const n = this.size;
    const low = new Float64Array(n);
    const high = new Float64Array(n);
    const price = new Float64Array(n);
    // Long ways through hidden cells are where fractions come from: at each new attempt they cost more.
    const passing = HIDDEN_PRICE * 30 ** Math.min(attempt, 3);
    const isFar = wanted.furthest === true && mayHide; // there only the distance counts
    const up = wanted.told ? this.toldUp : this.up;
    const down = wanted.told ? this.toldDown : this.down;
    for (let b = 0; b < n; b++) {
      let cost = 0;
      let isHidden = true;
      for (let m = memberStart[b]!; m < memberStart[b + 1]!; m++) {
        if (hidden[members[m]!]) continue;
        isHidden = false;
        cost += part.cost[members[m]!]!;
      }
      // A little dearer with each id, so that of equal answers the one with the smaller ids is taken.
      let each = (isHidden ? passing : Math.max(cost, 2 * passing)) * (1 + (1e-3 * b) / n);
      if (jitter) each *= 1 + jitter();
      price[b] = isFar ? 1e-6 : each;
      if ((!isHidden && !mayHide) || overlaps(this.knows, b * part.words, avoid)) continue;
      high[b] = up[b]!;
      low[b] = -down[b]!;
    }
    const direction = (wanted.direction * this.signs[wanted.cell]!) as 1 | -1;
    const room = direction === 1 ? high[bundle]! : -low[bundle]!;
    if (room < (wanted.furthest ? 1 : wanted.amount)) return undefined;
    const { amount, furthest = false, limit = Infinity } = wanted;
    // Long ways through what is hidden add up too.
    return { low, high, price, bundle, direction, amount, furthest, limit: (limit + SLACK * passing) * amount };
  }

  /**
   * The cheapest move of the wanted kind, by linear programming, checked in whole numbers outside the solver.
   * @param tries  how often fractional answers are asked for again with shaken prices
   */
  find(wanted: Wanted, tries: number): Found {
    let random: (() => number) | undefined;
    const support = new Set<number>();
    for (let attempt = 0; attempt <= tries; attempt++) {
      const program = this.program(wanted, random, attempt);
      if (!program) return 'impossible';
      this.asked++;
      const outcome = this.solve(program);
      if (typeof outcome === 'string') return outcome;
      const move = this.whole(outcome.bundles, outcome.changes, wanted);
      if (move) return move;
      for (const bundle of outcome.bundles) for (const cell of this.folded.bundles[bundle]!.cells) support.add(cell);
      random = seeded(wanted.cell * 31 + attempt);
    }
    if (tries === 0) return 'unknown';
    // A whole-number program over no more than the cells of the fractional answers: small, and often enough.
    const few = new MoveFinder(this.solver, this.part, Int32Array.from(support).sort(), this.deadline);
    const found = few.findWhole(wanted, FEW_NODES);
    this.programs += few.effort;
    return typeof found === 'string' ? 'unknown' : found;
  }

  /**
   * How far a cell can change at most, as far as is of use: by linear programming, so whole numbers get no further.
   * @throws OutOfTime
   */
  bound(wanted: Wanted): number {
    const program = this.program({ ...wanted, furthest: true });
    if (!program) return 0;
    this.asked++;
    const outcome = this.solve(program);
    if (outcome === 'unknown') return wanted.amount;
    const at = outcome === 'impossible' ? -1 : outcome.bundles.indexOf(program.bundle);
    return at < 0 || outcome === 'impossible' ? 0 : Math.floor(Math.abs(outcome.changes[at]!) + INTEGRAL);
  }

  /** By our own simplex; what is too long for it is the other solver's. */
  private solve(program: Program): Exclude<Outcome, 'too dear' | 'steps ran out'> | 'unknown' {
    const outcome = this.simplex.solve(program);
    if (outcome === 'steps ran out') return this.solveElsewhere(program);
    return outcome === 'too dear' ? 'unknown' : outcome;
  }

  private solveElsewhere(program: Program) {
    const { modelStatus: status } = this.solver.constants;
    const model = this.model(program, false);
    try {
      model.options.set({ output_flag: false, time_limit: solverSeconds(this.deadline.seconds) });
      this.programs += 20 * this.size;
      const { modelStatus } = model.run();
      this.deadline.check();
      if (modelStatus === status.infeasible) return 'impossible';
      if (modelStatus !== status.optimal) return 'unknown';
      const changes = changesOf(model.getSolution().colValue);
      const cost = changes.reduce((sum, change, b) => sum + Math.abs(change) * program.price[b]!, 0);
      if (!program.furthest && cost > program.limit) return 'unknown';
      const bundles = [...changes.keys()].filter((b) => Math.abs(changes[b]!) > INTEGRAL);
      return { bundles, changes: bundles.map((b) => changes[b]!) };
    } finally {
      model.dispose();
    }
  }

  /** The program as a model of the solver: two columns for each bundle, up and down, so that a change either way has its price. */
  private model(program: Program, isWhole: boolean) {
    const { infinity, constants } = this.solver;
    const { bundles, rows } = this.folded;
    const numCols = 2 * this.size;
    const colCost = new Float64Array(numCols);
    const colLower = new Float64Array(numCols);
    const colUpper = new Float64Array(numCols);
    bundles.forEach((_, b) => {
      colCost.fill(program.price[b]!, 2 * b, 2 * b + 2);
      colUpper[2 * b] = Math.min(program.high[b]!, infinity);
      colUpper[2 * b + 1] = Math.min(-program.low[b]!, infinity);
    });
    const column = 2 * program.bundle + (program.direction === 1 ? 0 : 1);
    colUpper[column ^ 1] = 0;
    if (program.furthest) {
      colUpper[column] = Math.min(colUpper[column]!, program.amount);
      colCost[column] = -1;
    } else colLower[column] = program.amount;
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    for (const { terms } of rows) {
      for (const [bundle, coefficient] of terms) {
        indices.push(2 * bundle, 2 * bundle + 1);
        values.push(coefficient, -coefficient);
      }
      starts.push(indices.length);
    }
    return this.solver.createModel({
      numCols,
      numRows: rows.length,
      colCost,
      colLower,
      colUpper,
      rowLower: rows.map(({ lo }) => Math.max(lo, -infinity)),
      rowUpper: rows.map(({ hi }) => Math.min(hi, infinity)),
      matrix: { format: 'csr', numRows: rows.length, numCols, starts, indices, values },
      ...(isWhole ? { integrality: new Int32Array(numCols).fill(constants.variableType.integer) } : {}),
    });
  }

  /** The solver's answer, times a small factor where it is fractional, as a move of the wanted kind. */
  private whole(bundles: readonly number[], columns: readonly number[], wanted: Wanted): Move | undefined {
    const cells: number[] = [];
    const changes: number[] = [];
    bundles.forEach((bundle, at) => {
      if (Math.abs(columns[at]!) <= INTEGRAL) return;
      const { cells: members, signs } = this.folded.bundles[bundle]!;
      members.forEach((cell, m) => {
        cells.push(cell);
        changes.push(columns[at]! * signs[m]!);
      });
    });
    for (let factor = 1; factor <= 6; factor++) {
      if (changes.some((each) => Math.abs(each * factor - Math.round(each * factor)) > INTEGRAL * factor)) continue;
      const move = moveOf(
        this.part,
        cells,
        changes.map((each) => Math.round(each * factor)),
      );
      if (move && (move.told || !wanted.told) && reaches(move, wanted)) return move;
    }
    return undefined;
  }

  /**
   * The same question with whole columns: slow, exact, for the few pairs where the linear programs do not decide.
   * @param nodes  of the search after which the answer is `unknown`: the same on every machine
   * @throws OutOfTime
   */
  findWhole(wanted: Wanted, nodes = MANY_NODES): Found {
    const program = this.program(wanted);
    if (!program) return 'impossible';
    const { constants } = this.solver;
    const model = this.model(program, true);
    try {
      const gap = program.furthest ? 0 : 0.5;
      model.options.set({
        output_flag: false,
        mip_max_nodes: nodes,
        time_limit: solverSeconds(this.deadline.seconds),
        mip_rel_gap: gap,
      });
      this.programs += 4000 + 20 * this.size;
      const { modelStatus } = model.run();
      this.deadline.check();
      if (modelStatus === constants.modelStatus.infeasible) return 'impossible';
      if (modelStatus !== constants.modelStatus.optimal) return 'unknown';
      const changes = changesOf(model.getSolution().colValue.map(Math.round));
      const move = this.whole([...changes.keys()], changes, wanted);
      if (move) return move;
      return program.furthest && changes[program.bundle] === 0 ? 'impossible' : 'unknown';
    } finally {
      model.dispose();
    }
  }
}

const reaches = (move: Move, wanted: Wanted): boolean =>
  changeAt(move, wanted.cell) * wanted.direction >= (wanted.furthest ? 1 : wanted.amount);

/** The change of each bundle, of two columns for each. */
const changesOf = (columns: ArrayLike<number>): number[] =>
  Array.from({ length: columns.length / 2 }, (_, b) => columns[2 * b]! - columns[2 * b + 1]!);
