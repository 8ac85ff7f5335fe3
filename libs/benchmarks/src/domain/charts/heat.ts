import type { Comparison } from '@hub/statistics';
import {
  drawing,
  element,
  inLines,
  inTwoLines,
  lengthOf,
  MARKS_KEY,
  nothing,
  SMALL,
  text,
  TOP,
  WIDTH,
  type Frame,
} from './svg';

/** One cell of a heat table: a value or a mark, and in words how it stands. */
export interface HeatCell {
  readonly text: string;
  /** Of how the figure compares: `[note 1]`; empty where nothing is said. */
  readonly note: string;
  readonly comparison: Comparison | null;
}

export interface HeatRow {
  readonly name: string;
  /** `per 10,000 in the quarter`, `%` or `average`. */
  readonly unit: string;
  readonly region: string;
  /** Authorities in the region's figure: `11 of 12`. */
  readonly coverage: string;
  readonly cells: readonly HeatCell[];
}

/** How a comparison looks: a colour, of its own lightness, so that it is told from the others without red and green; and a letter beside it. An arrow would be read as a change since the last period. */
export const heat: Readonly<Record<string, { readonly fill: string; readonly sign: string }>> = {
  better: { fill: '#A8DED8', sign: 'B' },
  similar: { fill: '#F5F5F5', sign: 'S' },
  worse: { fill: '#F09D76', sign: 'W' },
  higher: { fill: '#93BDE0', sign: 'H' },
  lower: { fill: '#D9E8F5', sign: 'L' },
};
export const HEAT_KEY =
  'Beside the region: B better, S similar, W worse; H higher, L lower, where neither end is the better one; no letter: not compared. ' +
  MARKS_KEY;

/** The names of the indicators, and a column of what stands before the authorities. */
const [LEFT, COLUMN] = [220, 78];
/** The words of a cell: where there are many authorities ranges are broken, so that the picture can be read on a page. */
const [ROOMY, NARROW, MANY] = [74, 60, 10];
const CENTRED = { ...SMALL, 'text-anchor': 'middle' };
/** The longest name of an authority, written upwards. */
const HEAD = 150;

/** What is kept together in a cell. What is left of a hidden figure stands last. */
function piecesOf({ text: words, note, comparison }: HeatCell): string[] {
  const [first = '', ...left] = words.split(' ');
  return [first, comparison ? heat[comparison]!.sign : '', note, ...left].filter(Boolean);
}
/** Pieces in lines of so many pixels; a range that is longer goes on under its dash. */
function linesIn(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  const parts = pieces.flatMap((piece) =>
    lengthOf(piece) > width && !piece.startsWith('[') ? piece.split(/(?<=–)/) : [piece],
  );
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last} ${part}`;
    if (last !== undefined && !last.endsWith('–') && lengthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

/** Indicators by authorities: each cell has its value, a letter and a colour for how it stands beside the region. */
export function heatChart(frame: Frame, names: readonly string[], rows: readonly HeatRow[]): string {
  const top = TOP + 110;
  const notes = rows.flatMap(({ cells }) => cells.map(({ note }) => lengthOf(note)));
  // No mark of a note is cut short.
  const words = Math.max(names.length > MANY ? NARROW : ROOMY, ...notes);
  const cell = words + 4;
  // What is the same in each of many rows is said under the picture.
  const isEven = names.length > MANY && rows.every(({ coverage }) => coverage === rows[0]!.coverage);
  const before = ['Unit', 'Region', ...(isEven ? [] : ['Authorities in it'])];
  const first = LEFT + before.length * COLUMN;
  const middleOf = (i: number) => first + (i + 0.5) * cell;
  const heads = [...before.map((_, i) => LEFT + (i + 0.5) * COLUMN), ...names.map((_, i) => middleOf(i))].map(
    (middle, i) => {
      const [x, y] = [middle - 4, top - 12];
      const transform = `rotate(-40 ${x} ${y})`;
      return element('g', { transform }, inTwoLines(x, y, [...before, ...names][i]!, HEAD, SMALL));
    },
  );
  let bottom = top;
  const body = rows.map(({ name, unit, region, coverage, cells }) => {
    const lines = cells.map((one) => linesIn(piecesOf(one), words));
    const y = bottom;
    const height = Math.max(30, ...lines.map(({ length }) => 4 + length * 13));
    bottom += height;
    const middle = y + height / 2;
    const drawn = cells.map(({ comparison }, j) => {
      const { fill } = (comparison && heat[comparison]) || { fill: '#FFFFFF' };
      return (
        element('rect', { x: first + j * cell + 1, y: y + 1, width: cell - 2, height: height - 2, fill }) +
        inLines(middleOf(j), middle, lines[j]!, CENTRED)
      );
    });
    const measured = inLines(LEFT + COLUMN / 2, middle, unit.split(/ (?=in the )/), CENTRED);
    const bold = { ...CENTRED, 'font-weight': 'bold' } as const;
    const value = inTwoLines(LEFT + COLUMN * 1.5, middle, region, COLUMN - 4, bold);
    const complete = isEven ? '' : text(LEFT + COLUMN * 2.5, middle + 4, coverage, CENTRED);
    return inTwoLines(12, middle, name, LEFT - 24) + measured + value + complete + drawn.join('');
  });
  if (!rows.length) return drawing(frame, TOP + 30, nothing(TOP + 10));
  // The last name is written upwards to the right.
  const width = Math.max(first + names.length * cell + 110, WIDTH);
  // The key is longer than a picture of few authorities is wide: with what stands under it, it is broken into lines.
  return drawing(
    { ...frame, caption: `${HEAT_KEY}\n${frame.caption}` },
    bottom + 14,
    heads.join('') + body.join(''),
    width,
  );
}
