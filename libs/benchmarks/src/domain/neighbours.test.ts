import * as fc from 'fast-check';
import { loadNeighbours, loadRegistry } from '@hub/registry/domain';
import type { Benchmark, ShownFigure } from './benchmark';
import { neighbourFigureOf } from './neighbours';
import { present } from './present';

const registry = loadRegistry();
const lists = loadNeighbours(registry);
const nameOf = (code: string) => registry.authorities.find((one) => one.code === code)!.name;

/** Middlesbrough, and whose figure there is. Hartlepool, Newcastle and South Tyneside are its neighbours; Northumberland is none. */
const [MINE, HARTLEPOOL, NEWCASTLE, SOUTH_TYNESIDE, NORTHUMBERLAND] = [
  'E06000002',
  'E06000001',
  'E08000021',
  'E08000023',
  'E06000057',
];
type Cell = number | Exclude<ShownFigure['kind'], 'value'>;
const benchmarkOf = (cells: Readonly<Record<string, Cell>>): Benchmark =>
  ({
    indicator: { unit: 'percent' },
    region: { kind: 'hidden', value: null },
    coverage: { shown: 0, submitted: 0, parties: 0, text: '' },
    authorities: Object.entries(cells).map(([authority, cell]) => ({
      authority,
      figure: typeof cell === 'number' ? { kind: 'value', value: cell } : { kind: cell, value: null },
    })),
  }) as unknown as Benchmark;
const of = (cells: Readonly<Record<string, Cell>>) =>
  neighbourFigureOf(benchmarkOf(cells), MINE!, lists, '2025', nameOf);

test('is the mean of the neighbours that are printed, without itself and without others', () => {
  const all = { [MINE!]: 90, [HARTLEPOOL!]: 10.1, [NEWCASTLE!]: 20, [SOUTH_TYNESIDE!]: 31, [NORTHUMBERLAND!]: 500 };
  expect(of(all)).toEqual({
    of: 10,
    printed: [HARTLEPOOL, NEWCASTLE, SOUTH_TYNESIDE],
    mean: 20.4,
    text: 'The mean of 3 of its 10 statistical neighbours (2025), those with a value printed here: Hartlepool, Newcastle upon Tyne, South Tyneside.',
  });
});

test('a half is rounded up, as whoever adds the printed values up finds it', () => {
  expect(of({ [HARTLEPOOL!]: 79.3, [NEWCASTLE!]: 93.6 })!.mean).toBe(86.5);
  const tenths = fc.integer({ min: 0, max: 99_999 });
  fc.assert(
    fc.property(tenths, tenths, (one, other) => {
      const cells = { [HARTLEPOOL!]: one / 10, [NEWCASTLE!]: other / 10 };
      expect(of(cells)!.mean).toBe(Math.floor((one + other + 1) / 2) / 10);
    }),
  );
});

test('of another model its neighbours are others', () => {
  const cells = benchmarkOf({ [HARTLEPOOL!]: 10, [NEWCASTLE!]: 20, [SOUTH_TYNESIDE!]: 31 });
  expect(neighbourFigureOf(cells, MINE!, lists, '2021', nameOf)!.printed).toEqual([HARTLEPOOL, SOUTH_TYNESIDE]);
});

test('with fewer than two there is none, and it says why', () => {
  const one = of({ [MINE!]: 90, [HARTLEPOOL!]: 10, [NEWCASTLE!]: 'hidden', [NORTHUMBERLAND!]: 3 })!;
  expect(one).toMatchObject({ mean: null, printed: [HARTLEPOOL] });
  expect(one.text).toBe(
    'No mean: it needs 2, and 1 of its 10 statistical neighbours (2025) can be seen here by name with a value.',
  );
});

test('a hidden neighbour is left out as one that is not there, whatever the reason and whatever is left of it', () => {
  const kind = fc.constantFrom<Cell>('hidden', 'notSubmitted', 'notCollected', 'notApplicable', 'notAvailable');
  const cell = fc.oneof(
    kind,
    fc.integer({ min: 0, max: 9_000 }).map((tenths) => tenths / 10),
  );
  fc.assert(
    fc.property(
      fc.record({ [MINE!]: cell, [HARTLEPOOL!]: cell, [NEWCASTLE!]: cell, [SOUTH_TYNESIDE!]: cell }),
      (cells) => {
        const printed = Object.fromEntries(Object.entries(cells).filter(([, one]) => typeof one === 'number'));
        expect(of(cells)).toEqual(of(printed));
      },
    ),
  );
});

test('where the others have no names nothing is said of them', () => {
  const all = benchmarkOf({ [MINE!]: 90, [HARTLEPOOL!]: 10, [NEWCASTLE!]: 20, [SOUTH_TYNESIDE!]: 31 });
  for (const presentation of ['own-and-unnamed', 'own-and-region'] as const) {
    const seen = present(all, presentation, [MINE!]);
    expect(neighbourFigureOf(seen, MINE!, lists, '2025', nameOf)).toMatchObject({ printed: [], mean: null });
  }
});

test('who has no list has none', () => {
  expect(neighbourFigureOf(benchmarkOf({}), 'E09000021 / E09000027', lists, '2025', nameOf)).toBeNull();
});
