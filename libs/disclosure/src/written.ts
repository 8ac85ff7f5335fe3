const TINY = 1e-11;
/** Rows of about one length share their memory between models: all zeros while they are not in use. */
const ROUND = 128;
const spares = new Map<number, Written[]>();

/** Rows of at least that width that nobody uses. */
export function spareRows(width: number): Written[] {
  const rounded = Math.ceil(width / ROUND) * ROUND;
  const known = spares.get(rounded);
  if (known) return known;
  const none: Written[] = [];
  spares.set(rounded, none);
  return none;
}

/** A row of a simplex, written out: dense, with a list of the columns that may not be 0. */
export class Written {
  readonly entries: Float64Array;
  private readonly isListed: Uint8Array;
  readonly list: Int32Array;
  many = 0;

  constructor(width: number) {
    const rounded = Math.ceil(width / ROUND) * ROUND;
    this.entries = new Float64Array(rounded);
    this.isListed = new Uint8Array(rounded);
    this.list = new Int32Array(rounded);
  }

  /** Has to be called before an entry that may be 0 becomes something else. */
  private note(column: number): void {
    if (this.isListed[column] === 1) return;
    this.isListed[column] = 1;
    this.list[this.many++] = column;
  }

  /** Gives an entry to a row that has none there. */
  begin(column: number, entry: number): void {
    this.note(column);
    this.entries[column] = entry;
  }

  /**
   * Takes a multiple of another row away.
   * @param columns, values  where that row is not 0, and what it has there: the first `many` of them
   * @returns by how much the square of this row's length grows
   */
  subtract(factor: number, columns: Int32Array, values: Float64Array, many: number): number {
    const { entries } = this;
    let growth = 0;
    for (let k = 0; k < many; k++) {
      const column = columns[k]!;
      const was = entries[column]!;
      if (was === 0) this.note(column);
      let now = was - factor * values[k]!;
      if (Math.abs(now) < TINY) now = 0;
      entries[column] = now;
      growth += now * now - was * was;
    }
    return growth;
  }

  clear(): void {
    const { entries, isListed, list } = this;
    for (let k = 0; k < this.many; k++) {
      entries[list[k]!] = 0;
      isListed[list[k]!] = 0;
    }
    this.many = 0;
  }
}
