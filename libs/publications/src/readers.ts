import {
  outerIntervalsInThreads,
  proofApart,
  proofTogether,
  readersProofsInThreads,
  tablesApart,
  type PrintedTable,
  type ReadersProof,
  type ToProve,
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
    private readonly findIntervals: (
      parts: readonly PrintedTable[],
    ) => Promise<readonly Intervals[]> = outerIntervalsInThreads,
    private readonly findProofs: typeof readersProofsInThreads = readersProofsInThreads,
  ) {}

  /** As `outerIntervals`. */
  async intervals(printed: PrintedTable): Promise<Intervals> {
    const parts = new Map(tablesApart(printed).map((part) => [nameOf(part), part]));
    const known = [...parts.keys()].map((name) => this.intervalsOf.get(name) ?? {});
    const open = [...parts].filter(([name]) => !this.intervalsOf.has(name));
    const found = await this.findIntervals(open.map(([, part]) => part));
    open.forEach(([name], i) => keep(this.intervalsOf, MOST, name, found[i]!));
    return Object.assign({}, ...found, ...known) as Intervals;
  }

  /**
   * As `readersProof` of each table.
   * @param tables  everybody's first, then those of the same print that hold more (`withOwn`)
   * @param before  by the table's place the reader's own proof of an edition before: what of it still fits is taken over
   * @returns null where no whole table was found that fits
   */
  readonly proofs = async (
    tables: readonly PrintedTable[],
    before: ReadonlyMap<number, ReadersProof> = new Map(),
  ): Promise<readonly (ReadersProof | null)[]> => {
    const [everybody, ...others] = tables;
    const parts = everybody ? partsOf(everybody) : [];
    const apart = [parts, ...others.map((table) => partsOfOne(parts, table))];
    // What an authority's own counts say nothing of is the same for it as for everybody.
    const everybodys = new Set(parts.map(({ name }) => name));
    const open = apart.flatMap((parts, reader) => {
      const anew = parts.filter(({ name }) => !(reader === 0 ? this.proofOf : everybodys).has(name));
      const asked = toProve(
        anew.map(({ part }) => part),
        before.get(reader),
      );
      return anew.map(({ name }, i) => ({ reader, name, asked: asked[i]! }));
    });
    const found = await this.findProofs(open.map(({ asked }) => asked));
    const own = new Map(open.map(({ reader, name }, i) => [`${reader} ${name}`, found[i]!]));
    const answers = apart.map((parts, reader) => {
      const proofs = parts.map(({ name }) => {
        return own.get(`${reader} ${name}`) ?? own.get(`0 ${name}`) ?? this.proofOf.get(name) ?? null;
      });
      return proofs.every((proof) => proof !== null) ? proofTogether(proofs) : null;
    });
    for (const [i, { reader, name }] of open.entries())
      if (reader === 0 && found[i]) keep(this.proofOf, MOST, name, found[i]);
    return answers;
  };
}

interface Part {
  readonly part: PrintedTable;
  readonly name: string;
}
const partsOf = (table: PrintedTable): Part[] => tablesApart(table).map((part) => ({ part, name: nameOf(part) }));

/** The parts of a table that holds more: those of everybody's of which it knows nothing more are the same. */
function partsOfOne(everybodys: readonly Part[], table: PrintedTable): Part[] {
  const known = new Map(table.cells.flatMap((cell) => ('hidden' in cell ? [] : [[cell.id, cell]])));
  return everybodys.flatMap((one) => {
    const cells = one.part.cells.map((cell) => ('hidden' in cell ? (known.get(cell.id) ?? cell) : cell));
    return cells.some((cell, i) => cell !== one.part.cells[i]) ? partsOf({ ...one.part, cells }) : [one];
  });
}

function toProve(parts: readonly PrintedTable[], before: ReadersProof | undefined): ToProve[] {
  const hints = before && proofApart(parts, before);
  return parts.map((table, i) => (hints ? { table, hints: [hints[i]!] } : { table }));
}

const nameOf = (table: PrintedTable): string => sha256(JSON.stringify(table)).toString('base64');
