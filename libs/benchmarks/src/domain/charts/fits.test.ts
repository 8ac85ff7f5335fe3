import { crowdedCharts } from './crowded.builder';
import { widthOf } from './letters';

type Point = readonly [x: number, y: number];
/** Where a text stands: the corners of its box, in the order around it. */
interface Placed {
  readonly words: string;
  readonly corners: readonly Point[];
}

type Move = (point: Point) => Point;
function moveOf(transform: string | undefined): Move {
  const [, name, inner = ''] = /^(translate|rotate)\(([^)]*)\)$/.exec(transform ?? '') ?? [];
  const [a = 0, b = 0, c = 0] = inner.split(' ').map(Number);
  if (name === 'translate') return ([x, y]) => [x + a, y + b];
  if (name !== 'rotate') return (point) => point;
  const [sine, cosine] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)];
  return ([x, y]) => [b + (x - b) * cosine - (y - c) * sine, c + (x - b) * sine + (y - c) * cosine];
}

const plain = (words: string) =>
  words.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!);

/** All texts that are drawn, wherever a group moves them. */
function textsIn(svg: string): Placed[] {
  const moves: Move[] = [];
  const placed: Placed[] = [];
  for (const [, end, group, texts, words = ''] of svg.matchAll(/<(\/)?g( [^>]*)?>|<text ([^>]*)>([^<]*)<\/text>/g)) {
    const of = (name: string, from: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(from)?.[1];
    if (texts === undefined) {
      if (end) moves.pop();
      else moves.push(moveOf(of('transform', group ?? '')));
      continue;
    }
    const size = Number(of('font-size', texts));
    const wide = widthOf(plain(words), size, of('font-weight', texts) === 'bold');
    const before = { start: 0, middle: wide / 2, end: wide }[of('text-anchor', texts) ?? 'start']!;
    const [left, foot] = [Number(of('x', texts)) - before, Number(of('y', texts))];
    // Of capitals and of letters that go below the line; what stands above a capital is rare.
    const [top, bottom] = [foot - 0.72 * size, foot + 0.2 * size];
    const box: Point[] = [
      [left, top],
      [left + wide, top],
      [left + wide, bottom],
      [left, bottom],
    ];
    placed.push({
      words: plain(words),
      corners: box.map((corner) => moves.reduceRight((at, move) => move(at), corner)),
    });
  }
  return placed;
}

/** Two boxes meet unless a line along a side of one of them parts them. */
function meet({ corners: one }: Placed, { corners: other }: Placed): boolean {
  // Far apart in height, most of them need no more.
  if (one[0]![1] > other[2]![1] + 200 || other[0]![1] > one[2]![1] + 200) return false;
  const sides = [one, other].flatMap((box) =>
    [0, 1].map((i) => [box[i + 1]![0] - box[i]![0], box[i + 1]![1] - box[i]![1]]),
  );
  return sides.every(([a, b]) => {
    const along = (box: readonly Point[]) => box.map(([x, y]) => x * a! + y * b!);
    const slack = 0.5 * Math.hypot(a!, b!);
    return (
      Math.min(...along(one)) < Math.max(...along(other)) - slack &&
      Math.min(...along(other)) < Math.max(...along(one)) - slack
    );
  });
}

const charts = Object.entries(crowdedCharts());

test.each(charts)('no text of %s lies over another one, leaves the picture, or is cut short', (_, { svg }) => {
  const [, width, height] = / width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number) as [number, number, number];
  const texts = textsIn(svg).filter(({ words }) => words);
  expect(texts.length).toBeGreaterThan(10);
  const outside = texts.filter(({ corners }) => corners.some(([x, y]) => x < 0 || y < 0 || x > width || y > height));
  expect(outside.map(({ words }) => words)).toEqual([]);
  const over = texts.flatMap((one, i) =>
    texts.slice(i + 1).flatMap((other) => (meet(one, other) ? [`${one.words} | ${other.words}`] : [])),
  );
  expect(over).toEqual([]);
  expect(texts.filter(({ words }) => words.includes('…')).map(({ words }) => words)).toEqual([]);
});

test.each(charts.filter(([name]) => name.startsWith('funnel')))(
  'no stroke of %s leads to a name through the point of another authority',
  (_, { svg }) => {
    const numbers = (found: RegExpMatchArray) => found.slice(1).map(Number);
    const points = [
      ...[...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4"[^>]*><title>/g)].map(numbers),
      ...[...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="10" height="10"[^>]*><title>/g)].map((found) =>
        numbers(found).map((corner) => corner + 5),
      ),
    ];
    expect(points.length).toBeGreaterThan(10);
    const strokes = [
      ...svg.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" stroke="#BFBFBF"\/>/g),
    ].map(numbers);
    for (const [x1, y1, x2, y2] of strokes) {
      for (const [x, y] of points.filter((point) => Math.abs(point[0]! - x1!) > 0.2)) {
        for (let share = 0; share <= 1; share += 0.05) {
          const [dx, dy] = [x1! + (x2! - x1!) * share - x!, y1! + (y2! - y1!) * share - y!];
          expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeGreaterThan(4);
        }
      }
    }
  },
);

test.each(charts.filter(([name]) => name.startsWith('funnel')))(
  'everybody of %s who lies outside the limits or is hidden is named in the picture, by a number at the least',
  (_, { svg, rows }) => {
    const texts = textsIn(svg).map(({ words }) => words);
    const below = texts.findIndex((words) => words.startsWith('Named: '));
    const [inDrawing, caption] = [texts.slice(0, below), texts.slice(below)];
    const numbers = /By number[^:]*: (.*?)\.( |$)/.exec(caption.join(' '))?.[1]?.split(/, (?=\d+\u00a0)/) ?? [];
    const marked = rows.filter((row) => /above|below/.test(row.at(-1)!) || row[2]!.startsWith('[c]'));
    expect(marked.length).toBeGreaterThan(5);
    for (const [name] of marked) {
      if (/^Region /.test(name!)) continue;
      const number = numbers.find((one) => one.endsWith(`\u00a0${name}`))?.split('\u00a0')[0];
      const isSaid = (words: string) => inDrawing.some((one) => one.replace(' [c]', '') === words);
      expect([name, isSaid(name!) || (number !== undefined && isSaid(number))]).toEqual([name, true]);
    }
    expect(caption[0]).toMatch(/^Named: who lies outside the limits.*; the table names all\./);
  },
);
