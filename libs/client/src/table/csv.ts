import { CsvError, parse } from 'csv-parse/sync';
import { NotATable, type Cell, type Sheet, type SheetRow } from './sheet';

const separators = [',', ';', '\t', '|'] as const;
type Separator = (typeof separators)[number];
const names: Record<Separator, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/**
 * A CSV file as a table: UTF-8, UTF-16 or Windows-1252; commas, semicolons, tabs or bars between the cells.
 * @throws NotATable
 */
export function readCsv(bytes: Uint8Array): Sheet {
  const { text, encoding } = decode(bytes);
  if (text.trim() === '') throw new NotATable('empty-file', 'The file is empty.');
  const notes = encoding === 'UTF-8' ? [] : [`The file is in ${encoding}.`];
  // Excel can begin a file with a line that names its separator.
  const said = /^sep=([,;\t|])\r?\n/i.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  const separator = (said?.[1] as Separator | undefined) ?? separatorOf(body);
  if (separator !== ',') notes.push(`The cells are separated by ${names[separator]}.`);
  const records = parsed(body, separator);
  let line = said ? 2 : 1;
  const rows = records.map(({ record, info }): SheetRow => {
    const number = line;
    line = info.lines + (said ? 2 : 1);
    return {
      number,
      cells: record.map((cell): Cell | undefined => (cell === '' ? undefined : { kind: 'text', text: cell })),
    };
  });
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const cutOff = !/[\r\n]$/.test(body) && rows.length > 1 && last.cells.length < first.cells.length;
  return { rows, merged: [], cutOff, notes };
}

interface Recorded {
  readonly record: readonly string[];
  /** `lines`: how many lines of the file were read up to the end of the record. */
  readonly info: { readonly lines: number };
}

function parsed(body: string, separator: Separator): readonly Recorded[] {
  try {
    return parse(body, { delimiter: separator, info: true, relax_column_count: true }) as unknown as Recorded[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as CsvError & { lines?: number }).lines ?? 1);
    const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED';
    throw new NotATable(
      unclosed ? 'cut-off' : 'csv-broken',
      unclosed
        ? 'A quotation mark is opened and never closed: the file may break off.'
        : 'The quotation marks do not fit together.',
      line,
    );
  }
}

function decode(bytes: Uint8Array): { text: string; encoding: string } {
  const [a, b] = bytes;
  const utf16 =
    a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : withoutMark(bytes.subarray(0, 200));
  if (utf16) {
    const swapped = utf16 === 'utf-16be' ? Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16() : bytes;
    return { text: new TextDecoder('utf-16le').decode(swapped), encoding: 'UTF-16' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    // What Excel on Windows saves as "CSV"; every byte is a character of it.
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

/** UTF-16 without a mark: every other byte of ordinary text is zero. */
function withoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const zeros = (parity: number) => bytes.filter((byte, i) => i % 2 === parity && byte === 0).length;
  if (zeros(1) > bytes.length / 4) return 'utf-16le';
  return zeros(0) > bytes.length / 4 ? 'utf-16be' : undefined;
}

/** The separator that stands most often in the first line that holds anything, outside of quotation marks. */
function separatorOf(text: string): Separator {
  const line = text.split(/\r?\n|\r/).find((one) => one.trim() !== '') ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (separator: string) => bare.split(separator).length;
  return [...separators].sort((x, y) => count(y) - count(x))[0]!;
}
