import type { Comparison } from '@hub/statistics';
import { drawing, element, inLines, inTwoLines, MARKS_KEY, nothing, SMALL, text, TOP, WIDTH, type Frame } from './svg';

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

const [LEFT, CELL, ROW] = [300, 78, 30];
const CENTRED = { ...SMALL, 'text-anchor': 'middle' };
/** The longest name of an authority, written upwards, and what a cell holds: what is left of a hidden figure stands under its mark. */
const [HEAD, WORDS] = [150, CELL - 4];

/** What a cell holds, what is left of a hidden figure last: it is longest, and has a line of its own. */
function inOrder(words: string, sign: string, note: string): string {
  const [first = '', ...left] = words.split(' ');
  return [first, sign, note, ...left].filter(Boolean).join(' ');
}

/** Indicators by authorities: each cell has its value, a letter and a colour for how it stands beside the region. */
export function heatChart(frame: Frame, names: readonly string[], rows: readonly HeatRow[]): string {
  const top = TOP + 110;
  const heads = ['Unit', 'Region', 'Authorities in it', ...names].map((name, i) => {
    const [x, y] = [LEFT + i * CELL + CELL / 2 - 4, top - 12];
    const transform = `rotate(-40 ${x} ${y})`;
    return element('g', { transform }, inTwoLines(x, y, name, HEAD, SMALL));
  });
  const body = rows.map(({ name, unit, region, coverage, cells }, i) => {
    const [y, middle] = [top + i * ROW, top + (i + 0.5) * ROW];
    const drawn = cells.map(({ text: words, note, comparison }, j) => {
      const x = LEFT + (j + 3) * CELL;
      const { fill, sign } = (comparison && heat[comparison]) || { fill: '#FFFFFF', sign: '' };
      return (
        element('rect', { x: x + 1, y: y + 1, width: CELL - 2, height: ROW - 2, fill }) +
        inTwoLines(x + CELL / 2, middle, inOrder(words, sign, note), WORDS, CENTRED)
      );
    });
    const measured = inLines(LEFT + CELL / 2, middle, unit.split(/ (?=in the )/), CENTRED);
    const value = inTwoLines(LEFT + CELL * 1.5, middle, region, WORDS, { ...CENTRED, 'font-weight': 'bold' });
    const complete = text(LEFT + CELL * 2.5, middle + 4, coverage, CENTRED);
    return inTwoLines(12, middle, name, LEFT - 24) + measured + value + complete + drawn.join('');
  });
  if (!rows.length) return drawing(frame, TOP + 30, nothing(TOP + 10));
  const bottom = top + rows.length * ROW + 14;
  // The last name is written upwards to the right.
  const width = Math.max(LEFT + (names.length + 3) * CELL + 110, WIDTH);
  // The key is longer than a picture of few authorities is wide: with what stands under it, it is broken into lines.
  return drawing({ ...frame, caption: `${HEAT_KEY}\n${frame.caption}` }, bottom, heads.join('') + body.join(''), width);
}
