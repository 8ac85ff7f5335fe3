import {
  outerIntervalsInThread,
  proofTogether,
  readersProofsInThread,
  tableAsPrinted,
  tablesApart,
  type PrintedTable,
  type ReadersProof,
} from '@hub/disclosure';
import { keep, sha256 } from '@hub/kernel';
import type { Between } from './domain';

type Intervals = Readonly<Record<string, Between>>;

/** So many parts of prints are remembered: some editions of each region. */
const MOST = 20_000;

/**
 * Works out what readers are shown of a print, and remembers it by parts: of a later edition those parts alone are worked out that
 * its print has changed. It is the same bytes either way. What is remembered was made from prints alone; of what an authority can
 * add to a print of its own counts nothing is kept beyond the call.
 */
export class ReadersViews {
  private readonly intervalsOf = new Map<string, Intervals>();
  private readonly proofOf = new Map<string, ReadersProof>();

  constructor(
    private readonly findIntervals: (printed: PrintedTable) => Promise<Intervals> = outerIntervalsInThread,
    private readonly findProofs: typeof readersProofsInThread = readersProofsInThread,
  ) {}

  /** As `outerIntervals`. */
  async intervals(printed: PrintedTable): Promise<Intervals> {
    const parts = new Map(tablesApart(printed).map((part) => [nameOf(part), part]));
    const open = [...parts].filter(([name]) => !this.intervalsOf.has(name));
    const found = open.length ? await this.findIntervals(sideBySide(open.map(([, part]) => part))) : {};
    const known = [...parts.keys()].map((name) => this.intervalsOf.get(name) ?? {});
    for (const [name, part] of open) {
      const own = part.cells.flatMap(({ id }): [string, Between][] => (found[id] ? [[id, found[id]]] : []));
      keep(this.intervalsOf, MOST, name, Object.fromEntries(own));
    }
    return Object.assign({}, found, ...known) as Intervals;
  }

  /**
   * As `readersProof` of each table.
   * @param tables  everybody's first, then those that hold more
   * @returns null where no whole table was found that fits
   */
  readonly proofs = async (tables: readonly PrintedTable[]): Promise<readonly (ReadersProof | null)[]> => {
    const apart = tables.map((table) => new Map(tablesApart(table).map((part) => [nameOf(part), part])));
    // What an authority's own counts say nothing of is the same for it as for everybody.
    const open = [...new Map(apart.flatMap((parts) => [...parts]))].filter(([name]) => !this.proofOf.has(name));
    const found = new Map((await Promise.all(inTwo(open).map((half) => this.prove(half)))).flat());
    const answers = apart.map((parts) => {
      const proofs = [...parts.keys()].map((name) => found.get(name) ?? this.proofOf.get(name) ?? null);
      return proofs.every((proof) => proof !== null) ? proofTogether(proofs) : null;
    });
    for (const name of apart[0]?.keys() ?? []) {
      const proof = found.get(name);
      if (proof) keep(this.proofOf, MOST, name, proof);
    }
    return answers;
  };

  private async prove(parts: readonly (readonly [string, PrintedTable])[]): Promise<[string, ReadersProof | null][]> {
    const proofs = await this.findProofs(parts.map(([, part]) => part));
    return parts.map(([name], i) => [name, proofs[i]!]);
  }
}

/** In two threads: each authority has some large parts of its own, and they take as long as all else together. */
const inTwo = <T>(all: readonly T[]): T[][] =>
  [0, 1].map((turn) => all.filter((_, i) => i % 2 === turn)).filter(({ length }) => length > 0);

const nameOf = (table: PrintedTable): string => sha256(JSON.stringify(table)).toString('base64');

/** Several tables as one; a printed cell may stand in more than one of them. */
function sideBySide(tables: readonly PrintedTable[]): PrintedTable {
  const cells = new Map(tables.flatMap((table) => table.cells.map((cell) => [cell.id, cell])));
  return tableAsPrinted({
    cells: [...cells.values()],
    equations: tables.flatMap(({ equations }) => equations),
    ranges: tables.flatMap(({ ranges }) => ranges),
  });
}
