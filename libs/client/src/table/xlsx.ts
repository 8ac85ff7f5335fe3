import { unzipSync } from 'fflate';
import { NotATable, type Cell, type Sheet, type SheetRow } from './sheet';

/** No part of a workbook may unpack to more: 20,000 rows take about a tenth of it. */
const LARGEST_PART = 128 * 1024 * 1024;

/**
 * The one sheet of an XLSX workbook that holds a return, as a table. Formulas are not worked out and their stored results
 * not believed; dates and percentages are told from numbers by how the sheet shows them.
 * @param isReturn  whether a first row is the header of a return
 * @throws NotATable
 */
export function readXlsx(bytes: Uint8Array, isReturn: (row: SheetRow) => boolean): Sheet {
  const parts = (want: (name: string) => boolean) => unzip(bytes, want);
  const book = parts((name) =>
    /^xl\/(workbook|styles|sharedStrings)\.xml$|^xl\/_rels\/workbook\.xml\.rels$/.test(name),
  );
  const workbook = book.get('xl/workbook.xml');
  if (workbook === undefined) throw new NotATable('not-a-workbook', 'The file is a ZIP archive, but no workbook.');
  const targets = new Map(
    [...tags(book.get('xl/_rels/workbook.xml.rels') ?? '', 'Relationship')].map(({ attributes }) => [
      attributes['Id'] ?? '',
      (attributes['Target'] ?? '').replace(/^\/?(xl\/)?/, 'xl/'),
    ]),
  );
  const visible = [...tags(workbook, 'sheet')].filter(
    ({ attributes }) => (attributes['state'] ?? 'visible') === 'visible',
  );
  const from1904 = /<workbookPr[^>]*date1904="(1|true)"/.test(workbook);
  const strings = [...tags(book.get('xl/sharedStrings.xml') ?? '', 'si')].map(({ inner }) => textIn(inner));
  const formats = formatsOf(book.get('xl/styles.xml') ?? '');
  const read = visible.map(({ attributes }) => {
    const target = targets.get(attributes['r:id'] ?? '') ?? '';
    const xml = parts((name) => name === target).get(target);
    return {
      name: attributes['name'] ?? '',
      sheet: xml === undefined ? undefined : sheetOf(xml, strings, formats, from1904),
    };
  });
  const filled = read.filter(({ sheet }) => sheet && sheet.rows.length > 0);
  if (filled.length === 0) throw new NotATable('empty-file', 'No visible sheet holds anything.');
  const returns = filled.filter(({ sheet }) => sheet!.rows.slice(0, 20).some(isReturn));
  if (returns.length > 1)
    throw new NotATable('two-returns', 'More than one visible sheet holds a return: hide or delete the others.');
  const chosen = (returns[0] ?? filled[0]!).sheet!;
  const others = filled.length - 1;
  const notes =
    others > 0 ? [`${others === 1 ? 'One other sheet is' : `${others} other sheets are`} not looked at.`] : [];
  return { ...chosen, notes };
}

function unzip(bytes: Uint8Array, want: (name: string) => boolean): Map<string, string> {
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!want(name)) return false;
        if (originalSize > LARGEST_PART)
          throw new NotATable('too-large', 'The workbook unpacks to more than is taken.');
        return true;
      },
    });
    return new Map(
      Object.entries(files).map(([name, part]) => [
        name,
        Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8'),
      ]),
    );
  } catch (error) {
    if (error instanceof NotATable) throw error;
    throw new NotATable('cut-off', 'The workbook cannot be unpacked: it is damaged, or breaks off.');
  }
}

/** The elements of that name, one after the other. Enough of XML for what spreadsheets write: no element of its kind inside. */
function* tags(xml: string, name: string): Generator<{ attributes: Record<string, string>; inner: string }> {
  const open = new RegExp(`<(?:[a-z0-9]+:)?${name}(?=[\\s/>])([^>]*?)(/?)>`, 'gi');
  for (let match = open.exec(xml); match; match = open.exec(xml)) {
    let inner = '';
    if (match[2] !== '/') {
      const close = new RegExp(`</(?:[a-z0-9]+:)?${name}\\s*>`, 'gi');
      close.lastIndex = open.lastIndex;
      const end = close.exec(xml);
      if (!end) throw new NotATable('cut-off', 'The workbook breaks off inside a sheet.');
      inner = xml.slice(open.lastIndex, end.index);
      open.lastIndex = close.lastIndex;
    }
    yield { attributes: attributesOf(match[1]!), inner };
  }
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(?<![\w:])([\w:]+)\s*=\s*"([^"]*)"/g)].map(([, name, value]) => [name!, unescaped(value!)]),
  );
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    const code = hex ? parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return entities[name ?? ''] ?? whole;
  });
/** The text of a string element: its runs one after the other, without phonetic guides. */
const textIn = (xml: string): string =>
  [...tags(xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, ''), 't')].map(({ inner }) => unescaped(inner)).join('');

type Format = 'number' | 'date' | 'percentage';

/** How each style of a workbook shows a number. */
function formatsOf(styles: string): Format[] {
  const own = new Map(
    [...tags(styles, 'numFmt')].map(({ attributes }) => [
      Number(attributes['numFmtId']),
      attributes['formatCode'] ?? '',
    ]),
  );
  const xfs = [...tags(styles, 'cellXfs')][0]?.inner ?? '';
  return [...xfs.matchAll(/<(?:\w+:)?xf\b([^>]*)>/g)].map(([, text]) => {
    const id = Number(attributesOf(text!)['numFmtId'] ?? 0);
    const code = own.get(id);
    if (code === undefined) {
      if (id === 9 || id === 10) return 'percentage';
      return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58) ? 'date' : 'number';
    }
    const bare = code.replace(/"[^"]*"|\\.|\[[^[\]]*\]|_./g, '');
    return bare.includes('%') ? 'percentage' : /[dmyhs]/i.test(bare) ? 'date' : 'number';
  });
}

function sheetOf(xml: string, strings: readonly string[], formats: readonly Format[], from1904: boolean) {
  const rows: SheetRow[] = [];
  const data = xml.indexOf('<sheetData') < 0 ? xml.search(/<\w+:sheetData/) : xml.indexOf('<sheetData');
  const element = /<(?:\w+:)?row(?=[\s/>])([^>]*?)(\/?)>/g;
  element.lastIndex = Math.max(0, data);
  for (let match = element.exec(xml); match; match = element.exec(xml)) {
    const number = Number(attributesOf(match[1]!)['r'] ?? (rows.at(-1)?.number ?? 0) + 1);
    if (match[2] === '/') continue;
    const close = /<\/(?:\w+:)?row\s*>/g;
    close.lastIndex = element.lastIndex;
    const end = close.exec(xml);
    if (!end) throw new NotATable('cut-off', 'The workbook breaks off inside a row.', number);
    const cells = cellsOf(xml.slice(element.lastIndex, end.index), strings, formats, from1904);
    if (cells.some((cell) => cell !== undefined)) rows.push({ number, cells });
    element.lastIndex = close.lastIndex;
  }
  const merged = [...tags(xml.slice(xml.search(/<\/(\w+:)?sheetData/)), 'mergeCell')].flatMap(({ attributes }) => {
    const ends = /^([A-Z]+)(\d+):[A-Z]+(\d+)$/.exec(attributes['ref'] ?? '');
    return ends ? [{ fromColumn: columnNumber(ends[1]!), fromRow: Number(ends[2]), toRow: Number(ends[3]) }] : [];
  });
  return { rows, merged, cutOff: false };
}

/** `A` is 1, `AA` 27. */
const columnNumber = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

function cellsOf(xml: string, strings: readonly string[], formats: readonly Format[], from1904: boolean) {
  const cells: (Cell | undefined)[] = [];
  for (const { attributes, inner } of tags(xml, 'c')) {
    const letters = /^[A-Z]{1,3}/.exec(attributes['r'] ?? '')?.[0];
    const at = letters === undefined ? cells.length : columnNumber(letters) - 1;
    while (cells.length < at) cells.push(undefined);
    cells[at] = cellOf(attributes, inner, strings, formats, from1904);
  }
  return cells;
}

function cellOf(
  attributes: Readonly<Record<string, string>>,
  inner: string,
  strings: readonly string[],
  formats: readonly Format[],
  from1904: boolean,
): Cell | undefined {
  if (inner === '') return undefined;
  if (/<(?:\w+:)?f[\s/>]/.test(inner)) return { kind: 'formula' };
  const value = /<(?:\w+:)?v>([^<]*)</.exec(inner)?.[1];
  switch (attributes['t'] ?? 'n') {
    case 'inlineStr':
      return text(textIn(inner));
    case 's':
      return text(strings[Number(value)] ?? '');
    case 'str':
      return text(unescaped(value ?? ''));
    case 'b':
      return { kind: 'boolean' };
    case 'e':
      return { kind: 'error' };
    case 'd':
      return dateOf((Date.parse(value ?? '') - Date.UTC(1899, 11, 30)) / 86_400_000);
    default:
      if (value === undefined || value === '') return undefined;
      switch (formats[Number(attributes['s'] ?? 0)]) {
        case 'date':
          return dateOf(Number(value) + (from1904 ? 1462 : 0));
        case 'percentage':
          return { kind: 'percentage' };
        default:
          return { kind: 'number', text: value };
      }
  }
}

const text = (value: string): Cell | undefined => (value === '' ? undefined : { kind: 'text', text: value });

/** Days since the end of 1899, as spreadsheets count them. */
function dateOf(days: number): Cell {
  const date = new Date(Date.UTC(1899, 11, 30) + Math.floor(days) * 86_400_000);
  return { kind: 'date', year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
