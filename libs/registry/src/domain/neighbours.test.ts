import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { loadNeighbours, neighbourFaults, type NeighbourLists, type NeighbourModel } from './neighbours';
import { loadRegistry } from './registry';

const registry = loadRegistry();
const shipped = JSON.parse(readFileSync(join(contractsFolder, 'registry/neighbours.json'), 'utf8')) as NeighbourLists;
const neighbours = loadNeighbours(registry);
const codes = registry.authorities.map(({ code }) => code);
const isGone = (code: string) => registry.authorities.some((one) => one.code === code && one.until !== null);
const listsOf = (model: NeighbourModel) => shipped.lists.filter((one) => one.model === model);

test('each authority of today has ten in 2025, nearest first, wherever they lie', () => {
  expect(listsOf('2025')).toHaveLength(153);
  expect(listsOf('2025').some((one) => [one.authority, ...one.neighbours].some(isGone))).toBe(false);
  // Barking and Dagenham as the Department's table begins: Enfield, Luton, Hounslow.
  expect(neighbours.among('E09000002', '2025', codes)!.slice(0, 3)).toEqual(['E09000010', 'E06000032', 'E09000018']);
});

test('the lists of 2021 name five that are no more, and have none of who was established since', () => {
  expect(listsOf('2021')).toHaveLength(156);
  const gone = listsOf('2021').filter(({ authority }) => isGone(authority));
  expect(gone.map(({ authority }) => authority)).toEqual([
    'E06000028',
    'E06000029',
    'E10000006',
    'E10000009',
    'E10000021',
  ]);
  expect(listsOf('2021').filter((one) => one.neighbours.some(isGone))).toHaveLength(10);
  for (const code of ['E06000063', 'E06000064']) expect(neighbours.among(code, '2021', codes)).toBeNull();
});

test('a body is found under whichever of its codes a return has', () => {
  // Barnsley, E08000038 since 2025, and whose neighbour Redcar and Cleveland it is.
  for (const code of ['E08000016', 'E08000038']) {
    expect(neighbours.among('E06000003', '2025', ['E06000001', code])).toEqual(['E06000001', code]);
    expect(neighbours.among(code, '2025', codes)).toEqual(neighbours.among('E08000038', '2025', codes));
  }
  expect(neighbours.among('E06000003', '2025', ['E06000003', 'E09000001'])).toEqual([]);
  expect(neighbours.among('E09000021 / E09000027', '2025', codes)).toBeNull();
});

describe('lists that contradict themselves or the registry are refused', () => {
  const [first, ...rest] = shipped.lists;
  const changed = (more: Partial<(typeof shipped.lists)[number]>) => [{ ...first!, ...more }, ...rest];
  test.each<[string, NeighbourLists['lists']]>([
    ['one twice', [...shipped.lists, first!]],
    ['one that is missing', rest],
    ['nine', changed({ neighbours: first!.neighbours.slice(1) })],
    ['one neighbour twice', changed({ neighbours: [...first!.neighbours.slice(1), first!.neighbours[1]!] })],
    ['itself', changed({ neighbours: [...first!.neighbours.slice(1), first!.authority] })],
    ['nobody', changed({ neighbours: [...first!.neighbours.slice(1), 'E06999999'] })],
    ['a code of before', changed({ neighbours: [...first!.neighbours.slice(1), 'E08000016'] })],
    ['a joint return', changed({ neighbours: [...first!.neighbours.slice(1), 'E09000021 / E09000027'] })],
    ['another model', changed({ model: '2014' as NeighbourModel })],
  ])('%s', (_what, lists) => expect(neighbourFaults({ ...shipped, lists }, registry)).not.toEqual([]));

  test('and those that are shipped are not', () => expect(neighbourFaults(shipped, registry)).toEqual([]));
});

const folder = join(contractsFolder, '..', '..', 'shared', 'data');
(shipped.sources.every(({ file }) => existsSync(join(folder, file))) ? test : test.skip)(
  'their sources have the checksums that they name',
  () => {
    expect(shipped.sources).toHaveLength(2);
    for (const { file, sha256 } of shipped.sources)
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ).toBe(sha256);
  },
);
