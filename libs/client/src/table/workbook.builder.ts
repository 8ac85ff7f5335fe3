import { strToU8, zipSync } from 'fflate';

/** A cell of a made-up workbook: a text, a number, or a number with a format, a formula, an error. */
export type MadeCell =
  | string
  | number
  | null
  | { readonly number: number; readonly format: 'date' | 'percentage' | 'plain' }
  | { readonly formula: string; readonly result: number }
  | { readonly error: string };

export interface MadeSheet {
  readonly name?: string;
  readonly hidden?: boolean;
  readonly rows: readonly (readonly MadeCell[])[];
  readonly merged?: readonly string[];
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
const letters = (i: number): string =>
  (i < 26 ? '' : letters(Math.floor(i / 26) - 1)) + String.fromCharCode(65 + (i % 26));
const styles = { plain: 0, date: 1, percentage: 2 };

/** A workbook as spreadsheets write them: shared strings, styles, relationships. */
export function workbookOf(sheets: readonly MadeSheet[], { inline = false } = {}): Uint8Array {
  const strings = new Map<string, number>();
  const cellXml = (cell: MadeCell, at: string): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
    if (typeof cell === 'string') {
      if (inline) return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
      if (!strings.has(cell)) strings.set(cell, strings.size);
      return `<c r="${at}" t="s"><v>${strings.get(cell)}</v></c>`;
    }
    if ('formula' in cell) return `<c r="${at}"><f>${escaped(cell.formula)}</f><v>${cell.result}</v></c>`;
    if ('error' in cell) return `<c r="${at}" t="e"><v>${cell.error}</v></c>`;
    return `<c r="${at}" s="${styles[cell.format]}"><v>${cell.number}</v></c>`;
  };
  const sheetXml = ({ rows, merged = [] }: MadeSheet) => {
    const body = rows.map(
      (row, r) => `<row r="${r + 1}">${row.map((cell, c) => cellXml(cell, `${letters(c)}${r + 1}`)).join('')}</row>`,
    );
    const merges = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
    return `<?xml version="1.0"?><worksheet xmlns="m"><sheetData>${body.join('')}</sheetData>${merges ? `<mergeCells>${merges}</mergeCells>` : ''}</worksheet>`;
  };
  const parts = sheets.map((sheet, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet)] as const);
  const names = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${name ?? `Sheet${i + 1}`}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  );
  const links = sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Target="worksheets/sheet${i + 1}.xml"/>`);
  const files = {
    ...Object.fromEntries(parts),
    'xl/workbook.xml': `<workbook xmlns="m"><sheets>${names.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${links.join('')}</Relationships>`,
    'xl/styles.xml':
      '<styleSheet><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml': `<sst>${[...strings.keys()].map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(xml)])));
}
