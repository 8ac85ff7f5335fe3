/** What stands in one cell of a file, before anybody asks what it should be. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** `text` is the number as the file writes it. */
  | { readonly kind: 'number'; readonly text: string }
  /** A number that the spreadsheet shows as a date: year, month from 1, day. */
  | { readonly kind: 'date'; readonly year: number; readonly month: number; readonly day: number }
  | { readonly kind: 'percentage' | 'formula' | 'error' | 'boolean' };

export interface SheetRow {
  /** As people count: the first is 1. For CSV the line on which it begins. */
  readonly number: number;
  /** By column; undefined where nothing stands. */
  readonly cells: readonly (Cell | undefined)[];
}

/** A table out of a file, whatever its format. */
export interface Sheet {
  readonly rows: readonly SheetRow[];
  /** Areas that the file shows as one cell, told by their first column; both rows belong to them, and the first row and column are 1. */
  readonly merged: readonly { readonly fromRow: number; readonly toRow: number; readonly fromColumn: number }[];
  /** Whether the file breaks off inside its last row. */
  readonly cutOff: boolean;
  /** What was done to read it, for the person who made it. */
  readonly notes: readonly string[];
}

/** Something about the file itself: it cannot be read as a table. Row and column are 1 where it is about the whole. */
export class NotATable extends Error {
  override readonly name = 'NotATable';
  constructor(
    readonly rule: string,
    message: string,
    readonly row = 1,
    readonly column = 1,
  ) {
    super(message);
  }
}
