import {
  outerIntervalsInThreads,
  proofApart,
  proofTogether,
  readersProofsInThreads,
  tablesApart,
  type PrintedCell,
  type PrintedTable,
  type ReadersProof,
  type ToProve,
} from '@hub/disclosure';
import { readersCheck } from '@hub/disclosure/checker';
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
  private readonly parts = new WeakMap<PrintedTable, readonly Part[]>();

  constructor(
    private readonly findIntervals: (
      parts: readonly PrintedTable[],
    ) => Promise<readonly Intervals[]> = outerIntervalsInThreads,
    private readonly findProofs: typeof readersProofsInThreads = readersProofsInThreads,
  ) {}

  private partsOf(printed: PrintedTable): readonly Part[] {
    let parts = this.parts.get(printed);
    if (!parts) this.parts.set(printed, (parts = tablesApart(printed).map((part) => ({ part, name: nameOf(part) }))));
    return parts;
  }

  /** As `outerIntervals`. */
  async intervals(printed: PrintedTable): Promise<Intervals> {
    const parts = new Map(this.partsOf(printed).map(({ name, part }) => [name, part]));
    const known = [...parts.keys()].map((name) => this.intervalsOf.get(name) ?? {});
    const open = [...parts].filter(([name]) => !this.intervalsOf.has(name));
    const found = await this.findIntervals(open.map(([, part]) => part));
    open.forEach(([name], i) => keep(this.intervalsOf, MOST, name, found[i]!));
    return Object.assign({}, ...found, ...known) as Intervals;
  }

  /**
   * As `readersProof` of each table.
   * @param tables  everybody's first, then those of the same print that hold more (`withOwn`)
   * @param before  by the table's place the reader's own proof of an edition before. Of a part of the print it is taken as it is where it
   *   holds there and shows every hidden figure; of the others what still fits is taken over
   * @returns null where no whole table was found that fits
   */
  readonly proofs = async (
    tables: readonly PrintedTable[],
    before: ReadonlyMap<number, ReadersProof> = new Map(),
  ): Promise<readonly (ReadersProof | null)[]> => {
    const open: Open[] = [];
    const ask = (asked: ToProve): Open => {
      const one: Open = { asked, proof: null };
      open.push(one);
      return one;
    };
    const [everybody, ...others] = tables;
    const parts = everybody ? this.partsOf(everybody) : [];
    const everybodys = parts.map(({ part, name }): Open | Found => {
      const proof = this.proofOf.get(name);
      return proof ? { proof } : ask({ table: part });
    });
    const checks = parts.map(({ part }) => readersCheck(part));
    const owns = others.map((table, i) => {
      const known = knownBeside(everybody!, table);
      return ownProofs({ parts, everybodys, checks, known, before: before.get(i + 1), ask });
    });
    const found = await this.findProofs(open.map(({ asked }) => asked));
    open.forEach((one, i) => (one.proof = found[i]!));
    everybodys.forEach(({ proof }, i) => {
      if (proof) keep(this.proofOf, MOST, parts[i]!.name, proof);
    });
    return tables.map((_, reader) => {
      const proofs = (reader === 0 ? everybodys : owns[reader - 1]!).map(({ proof }) => proof);
      return proofs.every((proof) => proof !== null) ? proofTogether(proofs) : null;
    });
  };
}

interface Found {
  readonly proof: ReadersProof | null;
}
/** What a prover is asked for, until it has answered. */
interface Open {
  readonly asked: ToProve;
  proof: ReadersProof | null;
}

interface Part {
  readonly part: PrintedTable;
  readonly name: string;
}

/** What a reader knows of cells that are hidden from everybody. */
const knownBeside = (everybody: PrintedTable, table: PrintedTable): ReadonlyMap<string, PrintedCell> =>
  new Map(table.cells.filter((cell, i) => cell !== everybody.cells[i]).map((cell) => [cell.id, cell]));

interface Own {
  readonly parts: readonly Part[];
  readonly everybodys: readonly (Open | Found)[];
  readonly checks: readonly ReturnType<typeof readersCheck>[];
  readonly known: ReadonlyMap<string, PrintedCell>;
  readonly before: ReadersProof | undefined;
  readonly ask: (asked: ToProve) => Open;
}

/** Proofs of the parts of a print for one who knows more: of a part of which it knows nothing more everybody's is its own. */
function ownProofs({ parts, everybodys, checks, known, before, ask }: Own): (Open | Found)[] {
  const hints =
    before &&
    proofApart(
      parts.map(({ part }) => part),
      before,
    );
  return parts.flatMap(({ part }, i): (Open | Found)[] => {
    if (!part.cells.some(({ id }) => known.has(id))) return [everybodys[i]!];
    const cells = part.cells.map((cell) => known.get(cell.id) ?? cell);
    const hint = hints?.[i];
    const taken: ReadersProof | undefined = hint && { v: 1, ...hint, unshown: [] };
    if (taken && checks[i]!(cells, taken) === undefined) return [{ proof: taken }];
    const apart = tablesApart({ ...part, cells });
    const hintsApart = hint && proofApart(apart, hint);
    return apart.map((table, k) => ask(hintsApart ? { table, hints: [hintsApart[k]!] } : { table }));
  });
}

const nameOf = (table: PrintedTable): string => sha256(JSON.stringify(table)).toString('base64');
