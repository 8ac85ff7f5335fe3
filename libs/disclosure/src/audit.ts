import type { Highs, Model } from 'highs';
import { checkCertificate } from './checker';
import { withSolver } from './highs';
import { fits, possible, suffices, viewOf, type Attacker, type Demand, type Seen, type View } from './knowledge';
import { parseProblem, parseRelease, type Certificate, type Exposure, type Problem, type Release } from './problem';

/** What an audit finds. Holds secrets. */
export interface Verdict {
  readonly status: 'safe' | 'exposed';
  /** Each pair that is not safe or could not be shown to be; an end that was not found is null. */
  readonly exposed: readonly Exposure[];
  /** How many sensitive cells were attacked. */
  readonly cells: number;
  readonly attackers: number;
  readonly ms: number;
}

/** A table that differs from the true one, by the cells in which it does. */
type Table = ReadonlyMap<number, number>;

/** Seconds for one whole-number question; beyond it the pair counts as exposed. */
const SECONDS = 30;

/**
 * Tries to undo a release: for each attacker and each sensitive cell that it does not know, looks with linear and
 * whole-number programs for the tables that fit everything the attacker knows. Shares no code with `protect` beyond the
 * types. Every table found is checked by addition before it counts; only a finished proof that there is none, or no
 * answer, makes a pair exposed.
 * @param decision     what is hidden; everything else that is not `unpublished` is printed
 * @param certificate  when given, it is checked by addition alone instead, and no solver runs
 * @throws ProblemMalformed
 */
export async function audit(problem: Problem, decision: Release, certificate?: Certificate): Promise<Verdict> {
  const started = performance.now();
  const checked = parseProblem(problem);
  const release = parseRelease({ suppressed: decision.suppressed }, checked);
  const view = viewOf(checked, release);
  const checkedBy = certificate && checkCertificate(checked, release, certificate);
  const verdict = verdictOf(view, checkedBy?.exposed ?? (await openIn(view, [])), started);
  return checkedBy?.status === 'exposed' ? { ...verdict, status: 'exposed' } : verdict;
}

/**
 * The same where another proof is at hand, of this release or of one that differs little: its tables serve as far as they
 * fit, which is added up anew, and only the pairs that they leave open are attacked.
 * @throws ProblemMalformed
 */
export async function auditBeside(problem: Problem, decision: Release, earlier: Certificate): Promise<Verdict> {
  const started = performance.now();
  const { view, tables } = beside(problem, decision, earlier);
  return verdictOf(view, await openIn(view, tables), started);
}

/**
 * Whether a release is safe, as in `auditBeside`; the first pair that is not ends it.
 * @throws ProblemMalformed
 */
export async function withstands(problem: Problem, decision: Release, earlier: Certificate): Promise<boolean> {
  const { view, tables } = beside(problem, decision, earlier);
  return withSolver((solver) =>
    view.demands.every((demand) => new Auditor(solver, view, demand, tables).run().next().done === true),
  );
}

/** What is attacked, and the tables of a proof, whether they fit or not. */
function beside(problem: Problem, decision: Release, earlier: Certificate): { view: View; tables: Table[] } {
  const checked = parseProblem(problem);
  const view = viewOf(checked, parseRelease({ suppressed: decision.suppressed }, checked));
  const once = new Map(earlier.witnesses.map(({ values }) => [JSON.stringify(values), values]));
  const tables = [...once.values()].flatMap((values) => {
    const counts = Object.entries(values).map(([id, count]) => [view.placeOf.get(id), count] as const);
    return counts.every((each): each is [number, number] => each[0] !== undefined) ? [new Map(counts)] : [];
  });
  return { view, tables };
}

/** Each pair that is not safe under one of the demands. */
const openIn = (view: View, tables: readonly Table[]): Promise<Exposure[]> =>
  withSolver((solver) => view.demands.flatMap((demand) => [...new Auditor(solver, view, demand, tables).run()]));

function verdictOf({ seen, attackers }: View, exposed: readonly Exposure[], started: number): Verdict {
  const once = new Map(exposed.map((each) => [JSON.stringify([each.id, each.attacker]), each]));
  return {
    status: once.size === 0 ? 'safe' : 'exposed',
    exposed: [...once.values()],
    cells: seen.filter(({ isProtected }) => isProtected).length,
    attackers: attackers.length,
    ms: Math.round(performance.now() - started),
  };
}

/** Attacks every pair under one demand. */
class Auditor {
  constructor(
    private readonly solver: Highs,
    private readonly view: View,
    private readonly demand: Demand,
    /** Tables that may fit, to begin with. */
    private readonly tables: readonly Table[] = [],
  ) {}

  /** Each pair that is not safe. */
  *run(): Generator<Exposure> {
    for (const places of this.components()) {
      const targets = places.filter((place) => this.view.seen[place]!.isProtected);
      if (targets.length === 0) continue;
      const component = new Component(this.solver, this.view, this.demand, places);
      try {
        for (const table of this.tables) component.take(table);
        for (const place of targets) yield* this.attack(place, component);
      } finally {
        component.dispose();
      }
    }
    for (const { cell, place, isHidden, isProtected } of this.view.seen) {
      if (!isProtected || isHidden) continue;
      for (const { name, knows } of this.view.attackers) {
        if (!knows.has(place)) yield { id: cell.id, attacker: name, interval: [cell.value, cell.value] };
      }
    }
  }

  /** The hidden cells, in groups that share no equation or range. */
  private components(): number[][] {
    const { seen, bonds, bondsAt } = this.view;
    const visited = new Set<number>();
    const groups: number[][] = [];
    for (const { place, isHidden } of seen) {
      if (!isHidden || visited.has(place)) continue;
      visited.add(place);
      const group = [place];
      for (let at = 0; at < group.length; at++) {
        for (const bond of bondsAt[group[at]!]!) {
          for (const other of bonds[bond]!.terms.keys()) {
            if (visited.has(other) || !seen[other]!.isHidden) continue;
            visited.add(other);
            group.push(other);
          }
        }
      }
      groups.push(group.sort((a, b) => a - b));
    }
    return groups;
  }

  /** One cell against everyone who does not know it. */
  private *attack(place: number, component: Component): Generator<Exposure> {
    const seen = this.view.seen[place]!;
    let left = this.view.attackers.filter(({ knows }) => !knows.has(place));
    const shown = (attacker: Attacker) => {
      const [low, high] = component.reached(place, attacker);
      return suffices(this.demand, seen, low, high);
    };
    // One table that keeps every insider's cells still convinces all of them at once: asked for first.
    left = left.filter((attacker) => !shown(attacker));
    if (left.length > 1) {
      component.look(place, left);
      left = left.filter((attacker) => !shown(attacker));
    }
    for (const attacker of left) {
      if (shown(attacker)) continue;
      component.look(place, [attacker]);
      if (shown(attacker)) continue;
      const interval = component.decide(place, attacker);
      const [low, high] = interval;
      if (low === null || high === null || !suffices(this.demand, seen, low, high)) {
        yield { id: seen.cell.id, attacker: attacker.name, interval };
      }
    }
  }
}

/**
 * The unknowns of one connected group of hidden cells, as a model of changes against the true table: one column up and
 * one down for each, so that the sum of both is how far a table lies from the truth.
 */
class Component {
  private readonly tables: { readonly table: Table; readonly places: readonly number[] }[] = [];
  private readonly tablesAt = new Map<number, number[]>();
  private readonly column: ReadonlyMap<number, number>;
  private readonly model: Model;

  constructor(
    private readonly solver: Highs,
    private readonly view: View,
    private readonly demand: Demand,
    private readonly places: readonly number[],
  ) {
    this.column = new Map(places.map((place, k) => [place, k]));
    this.model = this.create(false);
  }

  dispose(): void {
    this.model.dispose();
  }

  private create(integral: boolean): Model {
    const { view, places, solver } = this;
    const n = places.length;
    const bonds = [...new Set(places.flatMap((place) => view.bondsAt[place]!))];
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    const lower: number[] = [];
    const upper: number[] = [];
    for (const at of bonds) {
      const { terms, lo, hi } = view.bonds[at]!;
      let now = 0;
      const row: [number, number][] = [];
      for (const [place, coefficient] of terms) {
        now += coefficient * view.seen[place]!.cell.value;
        const k = this.column.get(place);
        if (k !== undefined && coefficient !== 0) row.push([k, coefficient]);
      }
      for (const [k, coefficient] of row.sort((a, b) => a[0] - b[0])) {
        indices.push(2 * k, 2 * k + 1);
        values.push(coefficient, -coefficient);
      }
      starts.push(indices.length);
      lower.push(Math.max(lo - now, -solver.infinity));
      upper.push(Math.min(hi - now, solver.infinity));
    }
    const model = solver.createModel({
      numCols: 2 * n,
      numRows: bonds.length,
      colCost: new Float64Array(2 * n).fill(1),
      colLower: new Float64Array(2 * n),
      colUpper: this.uppers([]),
      rowLower: lower,
      rowUpper: upper,
      matrix: { format: 'csr', numRows: bonds.length, numCols: 2 * n, starts, indices, values },
      ...(integral ? { integrality: new Int32Array(2 * n).fill(solver.constants.variableType.integer) } : {}),
    });
    model.options.set({ output_flag: false });
    if (integral) model.options.set({ time_limit: SECONDS, mip_rel_gap: 0, mip_abs_gap: 0.5 });
    else model.options.set({ presolve: 'off', solver: 'simplex' });
    return model;
  }

  /** How far each column may go before the eyes of these attackers together. */
  private uppers(attackers: readonly Attacker[]): Float64Array {
    const upper = new Float64Array(2 * this.places.length);
    this.places.forEach((place, k) => {
      if (attackers.some(({ knows }) => knows.has(place))) return;
      const seen = this.view.seen[place]!;
      const [low, high] = possible(seen, this.demand.isTold);
      upper[2 * k] = Math.min(high - seen.cell.value, this.solver.infinity);
      upper[2 * k + 1] = Math.max(0, seen.cell.value - low);
    });
    return upper;
  }

  /** How far up and down a cell has to be shown to go for the demand to be met for certain. */
  private enough({ cell, least, floor }: Seen): { up: number; down: number } {
    if (this.demand.kind === 'exact') return { up: 1, down: Math.min(1, cell.value) };
    return { up: Math.max(least - cell.value, least - 1, 1), down: Math.max(0, cell.value - floor) };
  }

  /** The lowest and highest count of a cell among the tables found that fit what the attacker knows. */
  reached(place: number, attacker: Attacker): readonly [number, number] {
    const { value } = this.view.seen[place]!.cell;
    let [low, high] = [value, value];
    for (const at of this.tablesAt.get(place) ?? []) {
      const { table, places } = this.tables[at]!;
      if (places.some((each) => attacker.knows.has(each))) continue;
      low = Math.min(low, table.get(place)!);
      high = Math.max(high, table.get(place)!);
    }
    return [low, high];
  }

  /** Looks with linear programs for tables near the truth that serve these attackers together; keeps the whole ones. */
  look(place: number, attackers: readonly Attacker[]): void {
    const { up, down } = this.enough(this.view.seen[place]!);
    const isRange = this.demand.kind === 'range';
    if (isRange && down > 0) this.solve(place, attackers, -1, down, true);
    const found = up > 0 && this.solve(place, attackers, 1, up, isRange);
    if (!isRange && !found && down > 0) this.solve(place, attackers, -1, 1, false);
  }

  /** One linear program; `stretch`: as far as possible up to `amount`, otherwise that far at the least change elsewhere. */
  private solve(
    place: number,
    attackers: readonly Attacker[],
    sign: 1 | -1,
    amount: number,
    stretch: boolean,
  ): boolean {
    const { lower, upper, cost } = this.question(place, attackers, sign, amount, stretch);
    if (lower.some((each, c) => each > upper[c]!)) return false;
    const all = { kind: 'range' as const, from: 0, to: upper.length - 1 };
    this.model.changeColsBounds(all, lower, upper);
    this.model.changeColsCost(all, cost);
    this.model.setLogicalBasis();
    if (this.model.run().modelStatus !== this.solver.constants.modelStatus.optimal) return false;
    return this.keep(this.model.getSolution().colValue, attackers) !== undefined;
  }

  /** Bounds and prices for one question; `aside` is the price of other changes while stretching. */
  private question(
    place: number,
    attackers: readonly Attacker[],
    sign: 1 | -1,
    amount: number,
    stretch: boolean,
    aside = 1e-3,
  ) {
    const upper = this.uppers(attackers);
    const lower = new Float64Array(upper.length);
    const cost = new Float64Array(upper.length).fill(stretch ? aside : 1);
    const wanted = 2 * this.column.get(place)! + (sign === 1 ? 0 : 1);
    upper[wanted ^ 1] = 0;
    if (stretch) {
      upper[wanted] = Math.min(upper[wanted]!, amount);
      cost[wanted] = -1;
    } else lower[wanted] = amount;
    return { lower, upper, cost };
  }

  /**
   * Keeps the solver's answer if it is a table, by addition. A fractional answer may become one when all its changes are
   * doubled or trebled: equations between changes allow it, bounds and ranges are checked anew.
   */
  private keep(columns: Float64Array, attackers: readonly Attacker[]): Table | undefined {
    const moved: [place: number, change: number][] = [];
    this.places.forEach((place, k) => {
      const change = columns[2 * k]! - columns[2 * k + 1]!;
      if (Math.abs(change) > 1e-6) moved.push([place, change]);
    });
    if (moved.length === 0) return undefined;
    for (const factor of [1, 2, 3, 4]) {
      if (moved.some(([, change]) => Math.abs(change * factor - Math.round(change * factor)) > 1e-5)) continue;
      const table = new Map(
        moved.map(([place, change]) => [place, this.view.seen[place]!.cell.value + Math.round(change * factor)]),
      );
      if (!attackers.every((attacker) => fits(this.view, attacker, table, this.demand.isTold))) continue;
      this.store(table);
      return table;
    }
    return undefined;
  }

  private store(table: Table): void {
    const at = this.tables.push({ table, places: [...table.keys()] }) - 1;
    for (const place of table.keys()) {
      const list = this.tablesAt.get(place);
      if (list) list.push(at);
      else this.tablesAt.set(place, [at]);
    }
  }

  /** Takes a table from elsewhere, if it changes nothing but this group and fits the print; who knows more is asked where it is used. */
  take(table: Table): void {
    if (![...table.keys()].every((place) => this.column.has(place))) return;
    const [outsider] = this.view.attackers;
    if (fits(this.view, outsider!, table, this.demand.isTold)) this.store(table);
  }

  /**
   * The exact interval of a cell for one attacker as far as the demand needs it, by whole-number programs.
   * @returns its ends; null for one that was not found in time
   */
  decide(place: number, attacker: Attacker): readonly [number | null, number | null] {
    const seen = this.view.seen[place]!;
    const { up, down } = this.enough(seen);
    const [low, high] = this.reached(place, attacker);
    const least = low < seen.cell.value - down + 1 || down === 0 ? low : this.furthest(place, attacker, -1, down);
    if (least !== null && suffices(this.demand, seen, least, high)) return [least, high];
    return [least, this.furthest(place, attacker, 1, up)];
  }

  private furthest(place: number, attacker: Attacker, sign: 1 | -1, amount: number): number | null {
    const { value } = this.view.seen[place]!.cell;
    const model = this.create(true);
    try {
      // Under `exact` any change at all is enough, and one step may be too short where coefficients are not 1.
      const stretch = this.demand.kind === 'range';
      const { lower, upper, cost } = this.question(place, [attacker], sign, amount, stretch, 1e-7);
      if (lower.some((each, c) => each > upper[c]!)) return value;
      const all = { kind: 'range' as const, from: 0, to: upper.length - 1 };
      model.changeColsBounds(all, lower, upper);
      model.changeColsCost(all, cost);
      const { modelStatus } = model.run();
      const { optimal, infeasible } = this.solver.constants.modelStatus;
      if (modelStatus === infeasible) return value;
      if (modelStatus !== optimal) return null;
      const columns = model.getSolution().colValue;
      const table = this.keep(columns, [attacker]);
      if (table) return table.get(place) ?? value;
      const still = columns.every((each) => Math.abs(each) < 1e-6);
      return still ? value : null;
    } finally {
      model.dispose();
    }
  }
}
