import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { loadCatalogue } from '@hub/registry/domain';
import { UsageError } from './command';
import { FiguresInvalid, readReturns } from './figures';
import { findingLines } from './findings';
import { run } from './hub';

const root = resolve(__dirname, '../../..');
const agreement = join(contractsFolder, 'agreements/north-east-benchmarking.v1.json');
const catalogue = loadCatalogue();
interface Collection {
  dataset: { code: string; version: string };
  returns: { authority: string; period: string; rows: { indicator: string; count?: number }[] }[];
}
const collection = JSON.parse(readFileSync(join(root, 'test/figures/E12000001.quarterly.json'), 'utf8')) as Collection;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-cli-figures-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function write(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const payload = (i: number, more: object = {}) => ({
  dataset: collection.dataset,
  agreement: { id: 'north-east-benchmarking', version: 1 },
  ...collection.returns[i]!,
  ...more,
});

describe('figures at hand', () => {
  test('a folder of payloads and a collection of the same returns are the same figures', () => {
    collection.returns.forEach((_, i) => write(`payloads/${i}.json`, payload(i)));
    const key = ({ file: _file, dataset, ...rest }: ReturnType<typeof readReturns>[number]) => ({
      ...rest,
      dataset: dataset.code,
    });
    const both = [
      readReturns(join(folder, 'payloads'), catalogue),
      readReturns(join(root, 'test/figures/E12000001.quarterly.json'), catalogue),
    ];
    const byAuthority = (a: { authority: string }, b: { authority: string }) => (a.authority < b.authority ? -1 : 1);
    const [files, together] = both.map((found) => found.map(key).sort(byAuthority));
    expect(files).toEqual(together);
    expect(files).toHaveLength(collection.returns.length);
    const { rows } = [...collection.returns].sort(byAuthority)[0]!;
    const count = rows.find((row) => row.indicator === 'RF01')!.count;
    expect(files![0]!.cells.get('RF01#count')).toEqual({ kind: 'value', value: count });
  });

  test('what the hub would refuse is refused here, with all its places', () => {
    const rows = payload(0).rows.map((row, i) => (i < 4 ? { ...row, count: -1 } : row));
    const bad = write('bad.json', payload(0, { rows }));
    expect(() => readReturns(bad, catalogue)).toThrow(FiguresInvalid);
    expect(() => readReturns(write('pc.json', { authority: 'nobody' }), catalogue)).toThrow(FiguresInvalid);
    expect(() =>
      readReturns(write('old.json', payload(0, { dataset: { code: 'gone', version: '1.0' } })), catalogue),
    ).toThrow(UsageError);
    expect(() => readReturns(write('twice.json', '{"a":1,"a":2}'), catalogue)).toThrow(UsageError);
    expect(() => readReturns(write('empty.json', ''), catalogue)).toThrow(UsageError);
  });
});

describe('hub agreement preview', () => {
  async function preview(...args: string[]) {
    const ran = { stdout: '', stderr: '' };
    const streams = { out: (text: string) => (ran.stdout += text), err: (text: string) => (ran.stderr += text) };
    const code = await run(['agreement', 'preview', '--in', agreement, ...args], streams);
    return { code, ...ran };
  }
  /** An agreement about one table of few indicators, so that looking is quick. */
  const narrow = () => {
    const document = JSON.parse(readFileSync(agreement, 'utf8')) as { tables: object[] };
    const tables = [{ ...document.tables[1], indicators: ['AS05', 'RF01'], breakdowns: ['factor'] }];
    return write('narrow.json', { ...document, tables });
  };
  /** A second period before the other, with the same counts. */
  const before = () =>
    collection.returns.map((_, i) => write(`two/${i}-before.json`, payload(i, { period: '2025-Q4' })));

  test('on figures at hand: how much of each table, and what was tried for those with too little', async () => {
    collection.returns.forEach((_, i) => write(`two/${i}.json`, payload(i, { period: '2026-Q1' })));
    before();
    const args = ['--in', narrow(), '--figures', join(folder, 'two'), '--enough', '100', '--json'];
    const { code, stdout, stderr } = await preview(...args);
    expect(code).toBe(0);
    expect(stderr).toContain('… safeguarding-quarterly: 2 periods added up');
    expect(stderr).toContain('for your own eyes');
    const [seen] = JSON.parse(stdout) as [
      { period: string; madeUp: boolean; tables: { indicator: string; breakdown: string | null; cells: number }[] },
    ];
    expect(seen).toMatchObject({ period: '2026-Q1', madeUp: false, tooFew: false });
    // What the agreement does not list is not among them.
    expect(seen.tables.map(({ indicator, breakdown }) => `${indicator} ${breakdown}`).sort()).toEqual([
      'AS05 factor',
      'AS05 null',
      'RF01 null',
    ]);
    expect(seen.tables.find(({ indicator }) => indicator === 'RF01')!.cells).toBe(collection.returns.length);
  });

  test('as a table for people, low tables with what would help', async () => {
    const { code, stdout } = await preview('--in', narrow(), '--figures', join(folder, 'two'), '--enough', '100');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Safeguarding children.*2026-Q1: figures of 12 of 12 parties, and 1 periods before\n\d+ % of the figures/,
    );
    expect(stdout).toMatch(/^AS05 by factor +74 +\d+ +\d+ +\d+ % +\d+ of \d+/m);
    expect(stdout).toMatch(/^What would help.*\n {2}AS05 by factor\n +\d+ % {2}/m);
  });

  test.each<[string, () => string[], RegExp]>([
    [
      'figures of strangers',
      () => [
        '--in',
        join(contractsFolder, 'agreements/west-midlands-benchmarking.v1.json'),
        '--figures',
        join(folder, 'payloads'),
      ],
      /None of the figures is of a party/,
    ],
    [
      'the same return twice',
      () => {
        write('double/a.json', payload(0));
        write('double/b.json', payload(0));
        return ['--figures', join(folder, 'double')];
      },
      /two returns of E/,
    ],
    ['a share that is none', () => ['--enough', '120'], /0 to 100/],
  ])('%s: wrong usage', async (_what, args, words) => {
    const { code, stdout, stderr } = await preview(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
  });
});

test('findings that say the same of many places are said once', () => {
  const finding = {
    severity: 'error',
    rule: 'negative',
    message: 'A count is not below zero.',
    expected: '0 or more',
  } as const;
  const at = (i: number) => ({ ...finding, pointer: `/rows/${i}/count`, found: '-1' });
  const note = { severity: 'note', rule: 'other', pointer: '', message: 'Look.' } as const;
  expect(findingLines([note, at(1), at(2), at(3)])).toBe(
    `error  3 places  negative
    A count is not below zero.
    expected: 0 or more
    /rows/1/count (-1), /rows/2/count (-1), /rows/3/count (-1)
note  (payload)  other
    Look.
`,
  );
  expect(findingLines([at(1), at(2)]).match(/negative/g)).toHaveLength(2);
});
