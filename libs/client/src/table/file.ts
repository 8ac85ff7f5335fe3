import { normal, textOf } from './cells';
import { requiredColumns } from './columns';
import { readCsv } from './csv';
import { NotATable, type Sheet, type SheetRow } from './sheet';
import { readXlsx } from './xlsx';

/** Larger files are no table of 20,000 rows. */
const LARGEST_FILE = 32 * 1024 * 1024;

/** Whether the columns are named in this row. */
export const isHeader = ({ cells }: SheetRow): boolean => {
  const names = cells.map((cell) => normal(textOf(cell)));
  return requiredColumns.every((column) => names.includes(column));
};

/**
 * The table in a file, by what the file begins with.
 * @throws NotATable
 */
export function sheetOf(bytes: Uint8Array): Sheet {
  if (bytes.length === 0) throw new NotATable('empty-file', 'The file is empty.');
  if (bytes.length > LARGEST_FILE) throw new NotATable('too-large', 'The file is larger than 32 MiB.');
  const begins = (...magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) {
    throw new NotATable(
      'old-workbook',
      'This is an old or a password-protected workbook: save it as XLSX or CSV, without a password.',
    );
  }
  if (begins(0x25, 0x50, 0x44, 0x46)) throw new NotATable('not-a-table', 'This is a PDF, not a table.');
  return begins(0x50, 0x4b) ? readXlsx(bytes, isHeader) : readCsv(bytes);
}
