import { widthOf } from './letters';
import { cut } from './svg';
import { barChart, funnelChart, heat, heatChart, spineChart, timeChart, type BarRow, type Frame } from '.';
import type { HeatCell } from './heat';

const frame: Frame = {
  title: 'Referrals, 2025-Q1 <North & East>',
  description: 'Two of three are printed.',
  caption: 'Per 10,000 children. Publication 7. Official: for members of the region.',
};
const rows: BarRow[] = [
  { name: 'Hartlepool', value: 50, limits: { lower: 40.7, upper: 60.8 }, between: null, mark: null, isFocus: true },
  { name: 'Redcar & Cleveland', value: null, limits: null, between: [0.5, 4.5], mark: '[c]' },
  { name: 'Stockton', value: null, limits: null, between: [3, null], mark: '[c]' },
  { name: 'Darlington', value: null, limits: null, between: null, mark: '[x]' },
  { name: 'Middlesbrough', value: 12, limits: null, between: null, mark: null },
];
const points = Array.from({ length: 14 }, (_, i) => ({
  period: `2024-${i}`,
  name: `period ${i}`,
  value: i === 5 || i === 8 ? null : 100 + (i % 2 ? 10 : 0) + (i === 13 ? 90 : 0),
  between: i === 8 ? ([90, 120] as const) : null,
  mean: 110,
  control: { lower: 80, upper: 140 },
  isCompared: true,
  signal: i === 13 ? 'above the upper control limit' : null,
}));
const dots = [
  { name: 'Hartlepool', base: 900, value: 20, isFar: false, isOut: false },
  { name: 'Redcar', base: 1500, value: 31, isFar: true, isOut: true },
];
const curve = [800, 1200, 1600].map((base) => ({
  base,
  usual: { lower: 17, upper: 23 },
  wide: { lower: 15, upper: 25 },
}));
const unseen = [{ name: 'Darlington', base: 1000, between: [19, null] as const }];
const references = { region: { value: 40, between: null, coverage: '11 of 12' }, england: 45.5 };
const noReferences = { region: { value: null, between: null, coverage: '0 of 0' }, england: null };
const regional = {
  unit: 'per 10,000',
  polarity: 'neutral',
  nearest: null,
  regionMark: '[c]',
  regionBetween: null,
  open: [],
  coverage: '11 of 12',
  england: null,
} as const;
const quartiles = { least: 10, lower: 15, median: 20, upper: 25, most: 40, basis: 9 };

const charts: Record<string, string> = {
  bar: barChart(frame, rows, 'per 10,000', references),
  time: timeChart(frame, points, 'per 10,000'),
  funnel: funnelChart(frame, dots, unseen, { curve, pooled: 20 }, '%', 'referrals'),
  spine: spineChart(frame, [
    {
      name: 'RF01 Referrals',
      value: 22,
      between: null,
      mark: null,
      ...regional,
      region: 20,
      england: 24,
      neighbours: 21,
      nearest: '2 of 10',
      quartiles,
      comparison: 'higher',
    },
    {
      name: 'RF02 Re-referrals',
      value: null,
      between: [12, 18],
      mark: '[c]',
      ...regional,
      polarity: 'lower',
      region: null,
      regionBetween: [20, 22],
      neighbours: null,
      quartiles,
      comparison: null,
    },
  ]),
  heat: heatChart(
    frame,
    ['Hartlepool', 'Redcar & Cleveland'],
    [
      {
        name: 'RF01 Referrals',
        unit: 'per 10,000',
        region: '40',
        coverage: '11 of 12',
        cells: [
          { text: '50', note: '', comparison: 'higher' },
          { text: '[c]', note: '', comparison: null },
        ],
      },
    ],
  ),
};

/** Colours of the Analysis Function for categories, which are told apart by colour-blind readers; of those four at most. */
const CATEGORIES = ['#12436D', '#28A197', '#801650', '#F46A25'];
/** Its greys and tints, for what carries no series, and white. */
const TINTS = [
  '#3D3D3D',
  '#BFBFBF',
  '#E6EEF5',
  '#6BACE6',
  '#2073BC',
  '#FFFFFF',
  ...Object.values(heat).map(({ fill }) => fill),
];
/** By WCAG 2.2, 1.4.3: relative luminance, and contrast on white. */
const contrast = (colour: string): number => {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
};

test.each([
  ['bar', 4],
  ['time', 4],
  ['funnel', 4],
  ['spine', 2],
  ['heat', 0],
] as const)('the %s chart has colours of the palette alone, of %d series, each seen on white', (name, series) => {
  const used = new Set([...charts[name]!.matchAll(/ (?:fill|stroke)="(#[^"]+)"/g)].map(([, colour]) => colour!));
  expect([...used].filter((colour) => ![...CATEGORIES, ...TINTS].includes(colour))).toEqual([]);
  const categories = [...used].filter((colour) => CATEGORIES.includes(colour));
  expect(categories).toHaveLength(series);
  expect(series).toBeLessThanOrEqual(4);
  for (const colour of categories) expect(contrast(colour)).toBeGreaterThanOrEqual(3);
});

describe.each(Object.entries(charts))('the %s chart', (_, svg) => {
  test('has a role, a title, a description and its caption, and is well formed', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img"/);
    expect(svg).toContain(
      '<title>Referrals, 2025-Q1 &lt;North &amp; East&gt;</title><desc>Two of three are printed.</desc>',
    );
    expect(svg).toContain('Official: for members of the region.');
    const open: string[] = [];
    for (const [, end, name, , self] of svg.matchAll(/<(\/?)([a-z]+)((?: [a-z-]+="[^"<]*")*)(\/?)>/gi)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!self) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('has nothing that a page’s policy forbids', () =>
    expect(svg).not.toMatch(/style=|<script|<style|\son[a-z]+=|href=/));
});

test('a hidden figure is drawn as what is left of it, with its mark and its ends in words', () => {
  expect(charts.bar).toContain('[c] 0.5 to 4.5');
  expect(charts.bar).toContain('[c] 3.0 or more');
  // Two boxes, and one in the key.
  expect(charts.bar!.match(/stroke-dasharray="4 3"/g)).toHaveLength(3);
  expect(charts.funnel).toContain('Darlington: [c] 19 or more');
  expect(charts.funnel!.match(/stroke-dasharray="4 3"/g)).toHaveLength(2);
  // Of the region too, in a spine beside that of the authority.
  expect(charts.spine!.match(/stroke-dasharray="4 3"/g)).toHaveLength(2);
  expect(charts.bar).toContain('[x]');
});

test('a box that goes on beyond the scale has no end', () => {
  const far = barChart(
    frame,
    [
      { ...rows[1]!, between: [1, 90] },
      { ...rows[4]!, value: 9 },
    ],
    '%',
    noReferences,
  );
  const ends = [...far.matchAll(/<path d="(M[^"]+)" stroke-dasharray="4 3"/g)].map(([, d]) => d!.endsWith('Z'));
  expect(ends).toEqual([false]);
  // And an arrow beyond its end; one that ends within has none.
  const arrows = (svg: string) => svg.match(/l7 5l-7 5Z/g)?.length ?? 0;
  expect([arrows(far), arrows(barChart(frame, [rows[1]!, rows[0]!], '%', noReferences))]).toEqual([1, 0]);
  // One of 0.5 to 4.5 ends within it, one of 3 or more does not.
  expect(
    [...charts.bar!.matchAll(/<path d="(M[^"]+)" stroke-dasharray="4 3"/g)].map(([, d]) => d!.endsWith('Z')),
  ).toEqual([true, false]);
});

test('what tells the middle half of the region is seen on white', () => {
  expect(contrast('#2073BC')).toBeGreaterThanOrEqual(3);
  expect(charts.spine).toMatch(/<rect [^>]*fill="#6BACE6" stroke="#2073BC"/);
});

test('a gap breaks the line, and a signal has another shape and says what it is', () => {
  const line = /<path d="([^"]+)" fill="none" stroke="#12436D"/.exec(charts.time!)![1]!;
  expect(line.match(/M/g)).toHaveLength(3);
  expect(charts.time).toContain('period 13: 200, above the upper control limit');
  expect(charts.time!.match(/<circle/g)).toHaveLength(11);
  expect(charts.time).toContain('period 8: [c] 90 to 120');
});

test('a long unit of a funnel does not run into its key', () => {
  const unit = 'per 10,000 children in the half-year';
  const svg = funnelChart(frame, dots, [], { curve, pooled: 20 }, unit, 'referrals');
  const first = Number(
    /<rect x="([\d.]+)" y="[\d.]+" width="10" height="10" fill="#F46A25" stroke="#3D3D3D"\/>/.exec(svg)![1],
  );
  expect(first).toBeGreaterThan(12 + widthOf(unit, 12));
});

test('a funnel whose axis does not begin at nought says so under it', () => {
  const at = (lower: number) =>
    funnelChart(
      frame,
      dots,
      [],
      { curve: curve.map((one) => ({ ...one, wide: { lower, upper: 25 } })), pooled: 20 },
      '%',
      'referrals',
    );
  expect(at(15)).toContain('The axis of values begins at 10.');
  expect(at(0)).not.toContain('The axis');
});

test('an axis that does not begin at nought says where it begins, and that of a percentage ends at 100', () => {
  const of = (at: (i: number) => number, unit: string) =>
    textsOf(
      timeChart(
        frame,
        points.map((one, i) => ({ ...one, value: at(i), between: null, mean: null, control: null, signal: null })),
        unit,
      ),
    ).map(({ words }) => words);
  const high = of((i) => 90 + (i % 10), '%');
  expect(high.find((words) => words.startsWith('%'))).toMatch(/^%; the axis begins at 8\d$/);
  expect(high).toContain('100');
  expect(high.filter((words) => Number(words) > 100)).toEqual([]);
  const low = of((i) => 10 + i * 5, '%');
  expect(low).toContain('%');
  expect(low).toContain('0');
});

test('the mark of a hidden figure that may be as large as can be drawn stands under it, not in the key', () => {
  const svg = timeChart(
    frame,
    points.map((one, i) => ({ ...one, value: i ? 95 : null, between: i ? null : ([90, 100] as const) })),
    '%',
  );
  const marks = textsOf(svg).filter(({ words }) => words === '[c]');
  expect(marks).toHaveLength(1);
  expect(marks[0]!.y).toBeGreaterThan(80);
});

test('a point of other authorities is hollow and stands off the line, and the key says so', () => {
  const svg = timeChart(
    frame,
    points.map((one, i) => ({ ...one, isCompared: i !== 2 })),
    '%',
  );
  const line = /<path d="([^"]+)" fill="none" stroke="#12436D"/.exec(svg)![1]!;
  expect(line.match(/M/g)).toHaveLength(4);
  expect(svg).toContain('fill="#FFFFFF" stroke="#12436D" stroke-width="2"><title>period 2: 100</title>');
  expect(svg).toContain('other authorities in it: not compared');
  expect(charts.time).not.toContain('not compared');
});

test('the keys of funnel and bars say what shapes, whiskers and marks stand for', () => {
  for (const words of ['outside the 99.8% limits', 'outside the 95% limits', 'within', '[c] hidden'])
    expect(charts.funnel).toContain(`>${words}</text>`);
  for (const words of ['95% limits', '[c] hidden, with what is left of it', '[x] not available'])
    expect(charts.bar).toContain(`>${words}</text>`);
  // Only of what is in the picture.
  const plain = barChart(frame, [rows[4]!], '%', noReferences);
  for (const words of ['95% limits', '[c]', '[x]']) expect(plain).not.toContain(words);
});

/** Red, green and blue of a colour, each linear. */
const linear = (colour: string) =>
  [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];

test('a cell of a heat table has as many lines as it needs: no mark of a note is cut, and a range goes on under its dash', () => {
  const cell: HeatCell = { text: '[c] 1,291.3–1,400.8', note: '[notes\u00a0110–112]', comparison: 'worse' };
  const names = Array.from({ length: 12 }, (_, i) => `Authority ${i}`);
  const row = { name: 'RF01 Referrals', unit: '%', region: '40', coverage: '11 of 12' };
  const svg = (cells: readonly HeatCell[]) => heatChart(frame, names.slice(0, cells.length), [{ ...row, cells }]);
  const textsOf = (drawn: string) => [...drawn.matchAll(/<text [^>]*>([^<]*)/g)].map(([, words]) => words!);
  for (const cells of [[cell], names.map(() => cell)]) {
    const found = textsOf(svg(cells));
    expect(found.filter((words) => words === cell.note)).toHaveLength(cells.length);
    expect(found.filter((words) => words.includes('…'))).toEqual([]);
  }
  const plain: HeatCell = { ...cell, note: '', comparison: 'lower' };
  expect(textsOf(svg(names.map(() => plain)))).toEqual(expect.arrayContaining(['[c] L', '1,291.3–', '1,400.8']));
  // Of many authorities what is the same in each row has no column; under the picture it is said.
  expect([svg([cell]), svg(names.map(() => cell))].map((one) => one.includes('>Authorities in it<'))).toEqual([
    true,
    false,
  ]);
});

test('tints of a heat table differ in lightness for who sees no green, and letters on them are read', () => {
  // Viénot, Brettel and Mollon (1999): what a deuteranope sees of red, green and blue.
  const luminance = (colour: string) => {
    const [r, g, b] = linear(colour);
    const [yellow, blue] = [0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b];
    return 0.2126 * yellow + 0.7152 * yellow + 0.0722 * Math.max(0, blue);
  };
  const between = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const fills = (words: readonly string[]) => words.map((word) => luminance(heat[word]!.fill));
  const [better, similar, worse, higher, lower] = fills(['better', 'similar', 'worse', 'higher', 'lower']) as [
    number,
    number,
    number,
    number,
    number,
  ];
  for (const [one, other] of [
    [better, similar],
    [similar, worse],
    [better, worse],
    [higher, similar],
    [higher, lower],
  ] as const)
    expect(between(one, other)).toBeGreaterThanOrEqual(1.25);
  for (const { fill } of Object.values(heat)) expect(contrast('#3D3D3D') / contrast(fill)).toBeGreaterThanOrEqual(4.5);
});

test('the mark of a note stands in the cell that it is about, before what is left of a hidden figure', () => {
  const cellsOf = (text: string, note: string) =>
    textsOf(
      heatChart(
        frame,
        ['Hartlepool'],
        [
          {
            name: 'RF01',
            unit: '%',
            region: '40',
            coverage: '1 of 1',
            cells: [{ text, note, comparison: text === '28.8' ? 'worse' : null }],
          },
        ],
      ),
    ).map(({ words }) => words);
  expect(cellsOf('28.8', '[note 1]')).toEqual(expect.arrayContaining(['28.8 W', '[note 1]']));
  expect(cellsOf('[c] 74.2–100.0', '[note 12]')).toEqual(expect.arrayContaining(['[c] [note 12]', '74.2–100.0']));
  expect(cellsOf('[x]', '[notes\u00a01–3]')).toEqual(expect.arrayContaining(['[x]', '[notes\u00a01–3]']));
});

test('in a heat table a letter and a word of the key say what a colour says', () => {
  expect(charts.heat).toContain('50 H');
  expect(charts.heat).toContain('H higher');
});

test('the mean of neighbours is a shape of its own, in the key and where there is one', () => {
  expect(charts.spine!.match(/l6 12l-12 0Z/g)).toHaveLength(2);
  expect(charts.spine).toContain('its neighbours');
});

test('the region’s figure comes with how complete it is, and where it is hidden with what is left of it', () => {
  for (const svg of [charts.bar!, charts.spine!, charts.heat!]) expect(svg).toContain('11 of 12');
  expect(charts.bar).toContain('Region 40.0 (11 of 12)');
  const hidden = { ...references, region: { value: null, between: [35, 60] as const, coverage: '9 of 12' } };
  const svg = barChart(frame, rows, '%', hidden);
  expect(svg).toContain('Region [c] 35.0 to 60.0 (9 of 12)');
  expect(svg).toMatch(/<rect [^>]*stroke-dasharray="6 4"/);
});

test('England is drawn where something is published, and is said to be public', () => {
  expect(charts.bar).toContain('England 45.5 (public)');
  expect(charts.spine).toContain('England (public)');
  expect(charts.spine!.match(/stroke-dasharray="3 2"/g)).toHaveLength(2);
  const without = barChart(frame, rows, '%', { ...references, england: null });
  expect(without).not.toContain('England');
});

test('empty charts are charts', () => {
  expect(barChart(frame, [], '%', noReferences)).not.toMatch(/NaN|Infinity/);
  expect(timeChart(frame, [], '%')).not.toMatch(/NaN|Infinity/);
});

const LONG = 'Bournemouth, Christchurch and Poole';
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="(\d+)"[^>]*>([^<]*)</g)].map(
    ([, x, y, size, words]) => ({ x: Number(x), y: Number(y), size: Number(size), words: words! }),
  );

test('names that are too long for one line stand on two, whole, and nothing is smaller than 12 pixels', () => {
  const svgs = [
    barChart(frame, [{ ...rows[0]!, name: `${LONG} [note 1]` }], '%', noReferences),
    heatChart(
      frame,
      [LONG],
      [
        {
          name: `CL02 ${LONG} and more`,
          unit: 'per 10,000',
          region: '[c] 126.3–197.2',
          coverage: '1 of 1',
          cells: [{ text: '[c] 126.3–197.2', note: '', comparison: null }],
        },
      ],
    ),
  ];
  // A range of thousands is longer than a cell: it is broken, not cut.
  const wide = heatChart(
    frame,
    [LONG],
    [
      {
        name: 'FD01 Contacts',
        unit: 'per 10,000',
        region: '[c] 1,126.3–1,197.2',
        coverage: '1 of 1',
        cells: [{ text: '[c] 1,126.3–1,197.2', note: '', comparison: null }],
      },
    ],
  );
  expect(wide).not.toContain('…');
  expect(textsOf(wide).filter(({ words }) => words === '1,197.2')).toHaveLength(2);
  for (const svg of svgs) {
    expect(svg).not.toContain('…');
    expect(textsOf(svg).some(({ words }) => words.startsWith('Bournemouth,'))).toBe(true);
  }
  expect(textsOf(svgs[0]!).map(({ words }) => words)).toContain('and Poole [note 1]');
  expect(textsOf(svgs[1]!).filter(({ words }) => words === '126.3–197.2')).toHaveLength(2);
  // Of few authorities a picture is narrower than its key is long.
  const width = Number(/ width="(\d+)"/.exec(svgs[1]!)![1]);
  for (const { x, words } of textsOf(svgs[1]!)) expect(x + widthOf(words, 12)).toBeLessThan(width);
  for (const svg of [...svgs, ...Object.values(charts)])
    expect(Math.min(...textsOf(svg).map(({ size }) => size))).toBeGreaterThanOrEqual(12);
});

test('a title of two lines is whole, and what stands under it moves down', () => {
  const title = 'Ended plans that lasted 2 years or more: Bournemouth, Christchurch and Poole as usual';
  const svg = barChart({ ...frame, title: `${title} in 2025-Q4` }, rows, '%', references);
  expect(svg).not.toContain('…');
  expect(svg).toContain('<g transform="translate(0 20)">');
  expect(charts.bar).not.toContain('translate');
});

test('the values of bars stand beside the drawing, where no line of reference runs', () => {
  const lines = [...charts.bar!.matchAll(/<line x1="([\d.]+)"/g)].map(([, x]) => Number(x));
  const values = textsOf(charts.bar!).filter(({ words }) => ['50.0', '12.0', '[x]', '[c] 0.5 to 4.5'].includes(words));
  const column = Math.max(...values.map(({ x }) => x));
  expect(values.filter(({ x }) => x === column).length).toBeGreaterThanOrEqual(4);
  expect(column).toBeGreaterThan(Math.max(...lines));
});

test('a spine has the numbers that its marks stand for beside it', () => {
  expect(textsOf(charts.spine!).filter(({ words }) => words === 'per 10,000')).toHaveLength(2);
  const numbers = textsOf(charts.spine!)
    .filter(({ y }) => y === 114 || y === 80)
    .map(({ words }) => words);
  for (const words of ['region', 'neighbours', 'England', 'median']) expect(numbers).toContain(words);
  for (const words of ['10', '15', '20', '25', '40', '24']) expect(numbers).toContain(words);
  // On two lines: a mean with how many neighbours are in it, and what is left of a hidden region.
  const all = textsOf(charts.spine!).map(({ words }) => words);
  for (const words of ['21', '2 of 10', '[c]', '20–22']) expect(all).toContain(words);
});

test('a box that a row of a spine cuts off has an arrow on that side', () => {
  const row = {
    name: 'CP04',
    value: null,
    mark: '[c]',
    ...regional,
    region: 20,
    neighbours: null,
    quartiles,
    comparison: null,
  };
  const arrows = (between: readonly [number, number | null], polarity: 'higher' | 'lower') => {
    const svg = spineChart(frame, [{ ...row, between, polarity }]);
    return ['l-7 5l7 5Z', 'l7 5l-7 5Z'].map((path) => svg.includes(path));
  };
  expect(arrows([12, 39], 'higher')).toEqual([false, false]);
  expect(arrows([12, 41], 'higher')).toEqual([false, true]);
  expect(arrows([12, null], 'lower')).toEqual([true, false]);
  expect(arrows([9, 39], 'lower')).toEqual([false, true]);
});

test('a spine has no empty cell: what is hidden, what is not there and what could be another are marked', () => {
  const row = { name: 'WF01', value: 12, between: null, mark: null, ...regional, neighbours: null, comparison: null };
  const of = (more: object) =>
    textsOf(spineChart(frame, [{ ...row, region: null, quartiles, ...more }])).map(({ words }) => words);
  expect(of({})).toEqual(expect.arrayContaining(['[c]', '[x]', '15', '20', '25']));
  expect(of({ open: ['lower', 'upper'] })).toEqual(expect.arrayContaining(['15*', '20', '25*']));
  expect(of({ quartiles: null }).filter((words) => words === '[z]')).toHaveLength(3);
});

test('a region outside what its authorities print stands where it belongs', () => {
  const row = {
    name: 'RF01',
    value: 12,
    between: null,
    mark: null,
    ...regional,
    neighbours: null,
    quartiles,
    comparison: null,
  };
  const dotIn = (region: number) => /<circle cx="([\d.]+)" cy="110"/.exec(spineChart(frame, [{ ...row, region }]))![1];
  expect(dotIn(5)).not.toBe(dotIn(20));
});

describe('a spine has the better end on the right', () => {
  const row = {
    name: 'CP05 Ended plans that lasted 2 years or more',
    value: 12,
    between: null,
    mark: null,
    ...regional,
    region: 20,
    neighbours: null,
    quartiles,
    comparison: null,
  };
  const of = (polarity: 'higher' | 'lower' | 'neutral', more: object = {}) =>
    spineChart(frame, [{ ...row, polarity, ...more }]);
  const dotIn = (svg: string) => Number(/<circle cx="([\d.]+)" cy="110"/.exec(svg)![1]);
  const MIDDLE = 640;
  const wordsIn = (svg: string) => textsOf(svg).map(({ words }) => words);
  /** Values at the ends, which are 10 and 40, from left to right. */
  const endsIn = (svg: string) => textsOf(svg).filter(({ y, words }) => y === 114 && ['10', '40'].includes(words));

  test('where lower is better the row is turned, with true values at its ends, and says which end is better', () => {
    expect(dotIn(of('higher'))).toBeLessThan(MIDDLE);
    expect(dotIn(of('lower'))).toBeCloseTo(2 * MIDDLE - dotIn(of('higher')), 0);
    expect(endsIn(of('higher')).map(({ words }) => words)).toEqual(['10', '40']);
    expect(endsIn(of('lower')).map(({ words }) => words)).toEqual(['40', '10']);
    expect(wordsIn(of('higher'))).toContain('higher is better');
    expect(wordsIn(of('lower'))).toContain('lower is better');
  });

  test('where neither end is better higher is to the right, and the middle half is hollow', () => {
    const svg = of('neutral');
    expect(dotIn(svg)).toBe(dotIn(of('higher')));
    expect(wordsIn(svg)).toContain('neither is better');
    expect(svg).not.toContain('#6BACE6');
    expect(svg).toMatch(/<rect [^>]*height="14" fill="#FFFFFF" stroke="#2073BC"/);
    expect(wordsIn(svg)).toContain('middle half where neither end is better, higher to the right');
    expect(wordsIn(of('lower'))).not.toContain('middle half where neither end is better, higher to the right');
  });

  test('what is left of a hidden figure is turned too, and goes on to the left where it has no end', () => {
    const boxIn = (svg: string) => {
      const [, x, width] = /<rect x="([\d.]+)" y="105" width="([\d.]+)"[^>]*stroke-dasharray="4 3"/.exec(svg)!;
      return [Number(x), Number(x) + Number(width)] as const;
    };
    const hidden = (polarity: 'higher' | 'lower', between: readonly [number, number | null]) =>
      boxIn(of(polarity, { value: null, mark: '[c]', between }));
    const [from, to] = hidden('higher', [12, 18]);
    const [turnedFrom, turnedTo] = hidden('lower', [12, 18]);
    expect(turnedFrom).toBeCloseTo(2 * MIDDLE - to, 0);
    expect(turnedTo).toBeCloseTo(2 * MIDDLE - from, 0);
    expect(hidden('higher', [12, null])[1]).toBe(770);
    expect(hidden('lower', [12, null])[0]).toBe(510);
  });
});

test('bars have the same number of decimals, and those without names, which are whole, none', () => {
  const one = { limits: null, between: null, mark: null };
  const svg = barChart(
    frame,
    [
      { ...one, name: 'Hartlepool', value: 50 },
      { ...one, name: 'one of the others', value: 61, isUnnamed: true },
    ],
    'per 10,000',
    { ...noReferences, region: { ...references.region, value: 40.5 } },
  );
  const words = textsOf(svg).map((text) => text.words);
  for (const written of ['50.0', '61', 'Region 40.5 (11 of 12)']) expect(words).toContain(written);
});

test('numbers of one row have the same number of decimals; whole ones have none, nor have cuts that are known no closer', () => {
  const row = { name: 'RF01', between: null, mark: null, ...regional, neighbours: null, comparison: null };
  const svg = spineChart(frame, [
    { ...row, value: 22, region: 20.5, quartiles },
    { ...row, value: 33, region: 30.5, quartiles: { ...quartiles, median: 31 }, isCoarse: true },
    { ...row, value: 1000, region: 900, quartiles: null },
  ]);
  const words = textsOf(svg).map((one) => one.words);
  for (const number of ['22.0', '20.5', '10.0', '15.0', '33.0', '30.5', '31', '1,000', '900'])
    expect(words).toContain(number);
});

test('a name in a funnel lies on no limit, and a hidden figure has its authority’s', () => {
  const far = [...dots, { name: 'Kingston upon Hull, City of', base: 1000, value: 23.2, isFar: false, isOut: true }];
  const svg = funnelChart(frame, far, unseen, { curve, pooled: 20 }, '%', 'referrals');
  const named = textsOf(svg).filter(({ words }) => /^(Kingston|Redcar)/.test(words));
  expect(named).toHaveLength(2);
  const limits = [...svg.matchAll(/<path d="M[\d.]+,([\d.]+)L/g)].map(([, y]) => Number(y));
  expect(limits).toHaveLength(4);
  // These limits are level: the middle of a line of words is four above its foot.
  for (const { y } of named) for (const limit of limits) expect(Math.abs(y - 4 - limit)).toBeGreaterThanOrEqual(8);
  expect(textsOf(svg).map(({ words }) => words)).toContain('Darlington [c]');
  // Lines of the scale, which it may cross, do not strike it out.
  expect(svg).toMatch(/paint-order="stroke"[^>]*>Kingston upon Hull/);
});

test('a hidden figure without room for its authority’s name keeps its mark', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    name: `${LONG} ${i}`,
    base: 800 + 20 * i,
    between: [15, 25] as const,
  }));
  const words = textsOf(funnelChart(frame, dots, many, { curve, pooled: 20 }, '%', 'referrals')).map(
    (one) => one.words,
  );
  expect(words.filter((one) => one.endsWith('[c]'))).toHaveLength(40);
  expect(words).toContain('[c]');
});

test('mean and limits that nearly meet have a name each, apart from one another', () => {
  const close = points.map((one) => ({ ...one, mean: 110, control: { lower: 107, upper: 113 } }));
  const named = textsOf(timeChart(frame, close, '%')).filter(({ words }) =>
    ['mean', 'upper limit', 'lower limit'].includes(words),
  );
  const heights = named.map(({ y }) => y);
  expect(heights).toHaveLength(3);
  expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThanOrEqual(28);
});

test('a name that is cut keeps the mark of its note', () => {
  expect(cut('Redcar and Cleveland [note 1]', 170)).toBe('Redcar and Clevel… [note 1]');
  expect(cut('A name that is far too long for it', 90)).toBe('A name that i…');
});

describe('what is all alike, or far out', () => {
  const flat = [300, 900].map((base) => ({
    base,
    usual: { lower: 100, upper: 100 },
    wide: { lower: 100, upper: 100 },
  }));
  const alike = [300, 600, 900].map((base, i) => ({
    name: `Authority ${i}`,
    base,
    value: 100,
    isFar: false,
    isOut: false,
  }));
  const placesOf = (svg: string, words: string) =>
    [...svg.matchAll(new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${words}</text>`, 'g'))].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);

  test('a funnel of 100 % everywhere has one name for its lines, and no mark above 100', () => {
    const svg = funnelChart(frame, alike, [], { curve: flat, pooled: 100 }, '%', 'referrals');
    expect(placesOf(svg, 'region, limits')).toHaveLength(1);
    expect(svg).not.toContain('>99.8%<');
    expect(svg).not.toMatch(/>10[1-9]</);
  });

  test('names of points outside cover neither one another nor the axis; those without room are left to the table', () => {
    const crowd = Array.from({ length: 14 }, (_, i) => ({
      name: `Quite a long name of an authority ${i}`,
      base: 800 + 20 * i,
      value: 1,
      isFar: true,
      isOut: true,
    }));
    const svg = funnelChart(
      frame,
      [...crowd, { ...dots[0]!, value: 10_000 }],
      [],
      { curve, pooled: 20 },
      'per 10,000',
      'children',
    );
    const named = placesOf(svg, 'Quite a long name of an authority \\d+');
    expect(named.length).toBeLessThan(crowd.length);
    for (const [x, y] of named) {
      expect(y).toBeLessThan(370);
      expect(named.filter((other) => Math.abs(other[1]! - y!) < 12 && Math.abs(other[0]! - x!) < 100)).toHaveLength(1);
    }
  });

  test('in a spine all alike stand in the middle, and what is left of a hidden figure is said where no scale is', () => {
    const same = { least: 100, lower: 100, median: 100, upper: 100, most: 100, basis: 9 };
    const svg = spineChart(frame, [
      {
        name: 'RF02',
        value: 100,
        between: null,
        mark: null,
        ...regional,
        region: 100,
        neighbours: null,
        quartiles: same,
        comparison: 'similar',
      },
      {
        name: 'RF03',
        value: null,
        between: [1, 9],
        mark: '[c]',
        ...regional,
        region: null,
        neighbours: null,
        quartiles: null,
        comparison: null,
      },
    ]);
    expect(svg).toMatch(/<circle cx="640" cy="110"/);
    expect(svg).toContain('[c] 1 to 9');
  });

  test('a line that never moves has one name for mean and limits; hidden figures alone make their own scale', () => {
    const still = points.map((one) => ({ ...one, value: 5, between: null, mean: 5, control: { lower: 5, upper: 5 } }));
    expect(placesOf(timeChart(frame, still, '%'), 'mean, limits')).toHaveLength(1);
    const hidden = points.map((one) => ({ ...one, value: null, between: [1, 9] as const, mean: null, control: null }));
    expect(timeChart(frame, hidden, '%')).toContain('>8</text>');
    expect(barChart(frame, [{ ...rows[1]!, between: [0, 80] }], '%', noReferences)).toContain('>80</text>');
  });

  test('a spine of nobody says why, and has no key', () => {
    const svg = spineChart(frame, [], 'Gateshead has sent no figure of 2024-FY.');
    expect(svg).toContain('>Gateshead has sent no figure of 2024-FY.</text>');
    expect(svg).not.toContain('middle half');
  });

  test('a chart of nothing says so', () => {
    for (const svg of [spineChart(frame, []), heatChart(frame, [], [])])
      expect(svg).toContain('Nothing of this is printed.');
  });
});
