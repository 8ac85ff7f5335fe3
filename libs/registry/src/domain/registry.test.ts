import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { parsePeriod } from '@hub/kernel';
import { authoritiesOf, loadRegistry, populationOf, registryFaults, type Registry } from './registry';

const england = loadRegistry();
const today = '2026-11-23';
const codesOf = (region: string, when: Parameters<typeof authoritiesOf>[2]) =>
  authoritiesOf(england, region, when).map(({ code }) => code);
const countOn = (date: string) =>
  england.regions.reduce((sum, { code }) => sum + authoritiesOf(england, code, date).length, 0);
const population = (authority: string, period: string) => populationOf(england, authority, parsePeriod(period));

describe('the registry of England', () => {
  test('has nine regions, and inner and outer London are none of them', () => {
    expect(england.regions).toHaveLength(9);
    expect(england.regions.every(({ code }) => /^E1200000[1-9]$/.test(code))).toBe(true);
    const halves = england.authorities.filter(({ subRegion }) => subRegion?.startsWith('E13'));
    expect(new Set(halves.map(({ region }) => region))).toEqual(new Set(['E12000007']));
    expect(codesOf('E12000007', today)).toHaveLength(33);
  });

  test('has 12 authorities in the North East, 14 in the West Midlands and 153 in all today', () => {
    expect(codesOf('E12000001', today)).toHaveLength(12);
    expect(codesOf('E12000005', today)).toHaveLength(14);
    expect(countOn(today)).toBe(153);
  });

  test.each([
    ['2019-03-31', 152],
    ['2019-04-01', 151],
    ['2021-04-01', 152],
    ['2023-04-01', 153],
    ['2025-04-01', 153],
  ])('had on %s %i authorities', (date, count) => expect(countOn(date)).toBe(count));

  test('an authority belongs to the days from its first up to, not on, the day after its last', () => {
    expect(codesOf('E12000002', '2023-03-31')).toContain('E10000006');
    expect(codesOf('E12000002', '2023-04-01')).not.toContain('E10000006');
    expect(codesOf('E12000002', '2023-04-01')).toEqual(expect.arrayContaining(['E06000063', 'E06000064']));
    expect(codesOf('E12000002', parsePeriod('2022-FY'))).not.toContain('E06000063');
    expect(codesOf('E12000002', parsePeriod('2023-FY'))).not.toContain('E10000006');
  });

  test('new bodies are successors, the same body under another code is recoded', () => {
    const kindOf = (from: string, to: string) =>
      england.links.find((link) => link.from === from && link.to === to)?.kind;
    expect(kindOf('E10000021', 'E06000061')).toBe('successor');
    expect(kindOf('E10000009', 'E06000059')).toBe('successor');
    expect(kindOf('E08000016', 'E08000038')).toBe('recoded');
    expect(kindOf('E06000048', 'E06000057')).toBe('recoded');
  });

  test('joint returns cover two authorities and are not counted beside them', () => {
    const joint = england.authorities.filter(({ kind }) => kind === 'joint');
    expect(joint.map(({ code, covers }) => [code, covers])).toEqual([
      ['E06000061 / E06000062', ['E06000061', 'E06000062']],
      ['E09000021 / E09000027', ['E09000021', 'E09000027']],
    ]);
    expect(codesOf('E12000007', today)).not.toContain('E09000021 / E09000027');
  });

  test('names each source with repository, commit, checksum and licence', () => {
    expect(england.sources.length).toBeGreaterThan(0);
    for (const source of england.sources) {
      expect(source).toEqual({
        file: expect.stringMatching(/\.csv$/),
        repository: expect.stringMatching(/^[\w-]+\/[\w-]+$/),
        path: expect.any(String),
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        licence: expect.stringContaining('Crown copyright'),
      });
    }
  });

  const folder = join(contractsFolder, '..', '..', 'shared', 'data');
  (england.sources.every(({ file }) => existsSync(join(folder, file))) ? test : test.skip)(
    'its sources have the checksums that it names',
    () => {
      for (const { file, sha256 } of england.sources) {
        expect(
          createHash('sha256')
            .update(readFileSync(join(folder, file)))
            .digest('hex'),
        ).toBe(sha256);
      }
    },
  );
});

describe('populations', () => {
  test('a period is divided by the estimate of the year in which it begins', () => {
    expect(population('E06000001', '2024-FY')).toBe(21090);
    expect(population('E06000001', '2024-Q1')).toBe(21090);
    const of2023 = england.populations.find(({ authority, year }) => authority === 'E06000001' && year === 2023);
    expect(population('E06000001', '2023-FY')).toBe(of2023?.children);
  });

  test('else by the latest earlier one, and never by a later one', () => {
    expect(population('E06000001', '2026-Q2')).toBe(21090);
    expect(populationOf(england, 'E06000001', { from: '2011-04-01' })).toBeUndefined();
    expect(population('E06000063', '2022-FY')).toBeUndefined();
    expect(population('E99999999', '2024-FY')).toBeUndefined();
  });

  test('a body that was given a new code keeps its estimates, a new body has none of the old one', () => {
    expect(population('E08000038', '2025-FY')).toBe(population('E08000016', '2024-FY'));
    expect(population('E06000065', '2022-FY')).toBe(population('E10000023', '2022-FY'));
    expect(population('E06000061', '2020-FY')).toBeUndefined();
  });

  test('a joint return has the children of both', () => {
    const [a, b] = ['E09000021', 'E09000027'].map((code) => population(code, '2024-FY')!);
    expect(population('E09000021 / E09000027', '2024-FY')).toBe(a! + b!);
  });

  test('are there for every authority in every year since 2019 in which it stood in July', () => {
    for (let year = 2019; year <= 2024; year++) {
      const standing = england.regions.flatMap(({ code }) => authoritiesOf(england, code, `${year}-07-01`));
      const missing = standing.filter(
        ({ code }) => !england.populations.some((one) => one.authority === code && one.year === year),
      );
      expect(missing).toEqual([]);
    }
  });
});

describe('a registry that contradicts itself is refused', () => {
  const [first, second] = england.authorities;
  const changed = (more: Partial<Registry>) => registryFaults({ ...england, ...more });
  test.each<[string, Partial<Registry>]>([
    ['an unknown region', { authorities: [{ ...first!, region: 'E12000010' }] }],
    ['a code twice', { authorities: [...england.authorities, first!] }],
    ['a code of another form', { authorities: [...england.authorities, { ...first!, code: 'X1' }] }],
    ['dates in the wrong order', { authorities: [{ ...first!, from: '2020-04-01', until: '2020-04-01' }] }],
    [
      'a date that is none',
      { authorities: [...england.authorities, { ...first!, code: 'E06999999', from: '2020-4-1' }] },
    ],
    ['a link to nobody', { links: [{ kind: 'successor', from: second!.code, to: 'E06999999', on: '2020-04-01' }] }],
    ['a link on another day', { links: [{ ...england.links[0]!, on: '2014-04-01' }] }],
    ['a cover of nobody', { authorities: [{ ...first!, kind: 'joint', covers: ['E06999999'] }] }],
    ['a joint return of nobody', { authorities: [{ ...first!, kind: 'joint' }] }],
    ['a population of nobody', { populations: [{ authority: 'E06999999', year: 2024, children: 1 }] }],
    ['a negative population', { populations: [{ authority: first!.code, year: 2024, children: -1 }] }],
  ])('%s', (_what, more) => expect(changed(more)).not.toEqual([]));

  test('and the one that is shipped is not', () => expect(registryFaults(england)).toEqual([]));
});
