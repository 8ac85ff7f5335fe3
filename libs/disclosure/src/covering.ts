/**
 * Cells to choose, and demands each of which wants at least one of some cells chosen. A local search over choices: what has
 * been left open long weighs more (row weighting local search, Gao, Weise and Li 2015).
 */
export class Covering {
  readonly chosen: Uint8Array;
  /** Of what is chosen. */
  cost = 0;
  /** The work done, in entries looked at. */
  effort = 0;
  private readonly demands: Int32Array[] = [];
  private readonly known = new Set<string>();
  private readonly demandsOf: number[][];
  private readonly weight: number[] = [];
  /** How many cells of each demand are chosen. */
  private readonly hits: number[] = [];
  /** What would be lost by giving a chosen cell up, gained by choosing another: weights of demands. */
  private readonly score: Float64Array;
  /** When each was last chosen or given up. */
  private readonly since: Float64Array;
  /** 0: given up, and nothing near it has changed since. */
  private readonly mayCome: Uint8Array;
  private readonly open: number[] = [];
  private readonly openAt: number[] = [];
  private now = 0;

  /** @param price  of each cell, above 0; `Infinity` where it is not to be chosen */
  constructor(private readonly price: Float64Array) {
    const { length } = price;
    this.chosen = new Uint8Array(length);
    this.score = new Float64Array(length);
    this.since = new Float64Array(length);
    this.mayCome = new Uint8Array(length).fill(1);
    this.demandsOf = Array.from({ length }, () => []);
  }

  get isMet(): boolean {
    return this.open.length === 0;
  }

  /** Demands one of some cells, out of those that may be chosen; where there are none it says nothing. */
  add(cells: readonly number[]): void {
    const demand = Int32Array.from(cells.filter((cell) => this.price[cell]! < Infinity)).sort();
    const key = demand.join();
    if (demand.length === 0 || this.known.has(key)) return;
    this.known.add(key);
    const at = this.demands.push(demand) - 1;
    this.weight.push(1);
    let hits = 0;
    let last = -1;
    for (const cell of demand) {
      this.demandsOf[cell]!.push(at);
      if (this.chosen[cell]) [hits, last] = [hits + 1, cell];
    }
    this.hits.push(hits);
    this.openAt.push(-1);
    if (hits === 1) this.score[last]!++;
    if (hits === 0) {
      for (const cell of demand) this.score[cell]!++;
      this.leaveOpen(at);
    }
  }

  choose(cell: number): void {
    if (this.chosen[cell]) return;
    this.chosen[cell] = 1;
    this.cost += this.price[cell]!;
    this.since[cell] = ++this.now;
    let loss = 0;
    for (const at of this.demandsOf[cell]!) {
      const demand = this.demands[at]!;
      const hits = ++this.hits[at]!;
      if (hits > 2) continue;
      this.effort += demand.length;
      if (hits === 1) {
        loss += this.weight[at]!;
        this.close(at);
        for (const each of demand) {
          if (each === cell) continue;
          this.score[each]! -= this.weight[at]!;
          this.mayCome[each] = 1;
        }
      } else this.score[this.other(demand, cell)]! -= this.weight[at]!;
    }
    this.score[cell] = loss;
  }

  giveUp(cell: number): void {
    if (!this.chosen[cell]) return;
    this.chosen[cell] = 0;
    this.cost -= this.price[cell]!;
    this.since[cell] = ++this.now;
    let gain = 0;
    for (const at of this.demandsOf[cell]!) {
      const demand = this.demands[at]!;
      const hits = --this.hits[at]!;
      if (hits > 1) continue;
      this.effort += demand.length;
      if (hits === 0) {
        gain += this.weight[at]!;
        this.leaveOpen(at);
        for (const each of demand) {
          if (each === cell) continue;
          this.score[each]! += this.weight[at]!;
          this.mayCome[each] = 1;
        }
      } else this.score[this.other(demand, cell)]! += this.weight[at]!;
    }
    this.score[cell] = gain;
    this.mayCome[cell] = 0;
  }

  /** The chosen cell of a demand that is not this one. */
  private other(demand: Int32Array, cell: number): number {
    return demand.find((each) => this.chosen[each] === 1 && each !== cell)!;
  }

  private leaveOpen(at: number): void {
    this.openAt[at] = this.open.push(at) - 1;
  }

  private close(at: number): void {
    const place = this.openAt[at]!;
    const last = this.open.pop()!;
    this.openAt[at] = -1;
    if (last === at) return;
    this.open[place] = last;
    this.openAt[last] = place;
  }

  /** Gives up the chosen cell that loses least for its price, the one that was not touched for longest. */
  giveUpOne(but = -1): number {
    let best = -1;
    let least = Infinity;
    const { chosen, score, price, since } = this;
    this.effort += chosen.length;
    for (let cell = 0; cell < chosen.length; cell++) {
      if (!chosen[cell] || cell === but) continue;
      const rank = score[cell]! / price[cell]!;
      if (rank < least || (rank === least && since[cell]! < since[best]!)) [best, least] = [cell, rank];
    }
    if (best >= 0) this.giveUp(best);
    return best;
  }

  /** Chooses a cell for one of the open demands and gives others up, so that all cost less than `limit`. */
  exchange(limit: number, random: () => number): void {
    const demand = this.demands[this.open[Math.floor(random() * this.open.length)]!]!;
    let best = -1;
    let most = -1;
    const { score, price, since, mayCome } = this;
    for (const cell of demand) {
      if (!mayCome[cell]) continue;
      const rank = score[cell]! / price[cell]!;
      if (rank > most || (rank === most && since[cell]! < since[best]!)) [best, most] = [cell, rank];
    }
    if (best < 0) for (const cell of demand) if (best < 0 || since[cell]! < since[best]!) best = cell;
    this.choose(best);
    while (this.cost >= limit - 1e-9 && this.giveUpOne(best) >= 0);
    for (const at of this.open) {
      this.weight[at]!++;
      this.effort += this.demands[at]!.length;
      for (const cell of this.demands[at]!) this.score[cell]!++;
    }
  }
}
