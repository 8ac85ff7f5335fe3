import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listing, placeToFill, prose, table, UsageError, writeTogether, writeWhole } from './command';

/** What a command puts on the disk is there whole, or is not there. */
let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is written whole over the one before, and nothing is left beside it', () => {
  writeFileSync(at('key'), 'before');
  writeWhole(at('key'), 'after', 0o600);
  expect([readFileSync(at('key'), 'utf8'), statSync(at('key')).mode & 0o777]).toEqual(['after', 0o600]);
  expect(readdirSync(folder)).toEqual(['key']);
});

test('where it cannot be put in its place, what was there stays, and nothing is left beside it', async () => {
  await writeTogether(at('page'), async (draft) => writeFileSync(join(draft, 'mine'), 'x'));
  expect(() => writeWhole(at('page'), 'text')).toThrow('cannot be written: it is a folder');
  expect(readdirSync(folder)).toEqual(['page']);
  expect(readdirSync(at('page'))).toEqual(['mine']);
});

test('a place is seen to be free before anything is done for it', () => {
  expect(() => placeToFill(at('none'))).not.toThrow();
  writeFileSync(at('file'), '');
  expect(() => placeToFill(at('file'))).toThrow('it is there already');
  for (const place of ['no/folder', 'file/page'])
    expect(() => placeToFill(at(place))).toThrow('there is no such folder');
  expect(readdirSync(folder)).toEqual(['file']);
});

test.each<[string, Error, new () => Error]>([
  ['the disk is full', Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }), UsageError as never],
  ['the hub goes away', new TypeError('gone'), TypeError],
])('of files that belong together all are there or none is new: %s', async (_, failure, kind) => {
  writeFileSync(at('a.csv'), 'before');
  const writing = writeTogether(folder, async (draft) => {
    writeFileSync(join(draft, 'a.csv'), 'half');
    throw failure;
  });
  await expect(writing).rejects.toBeInstanceOf(kind);
  expect([readdirSync(folder), readFileSync(at('a.csv'), 'utf8')]).toEqual([['a.csv'], 'before']);
  const done = await writeTogether(folder, async (draft) => {
    for (const name of ['a.csv', 'b.csv']) writeFileSync(join(draft, name), name);
    expect(existsSync(at('b.csv'))).toBe(false);
    return 'done';
  });
  expect([done, readdirSync(folder), readFileSync(at('a.csv'), 'utf8')]).toEqual(['done', ['a.csv', 'b.csv'], 'a.csv']);
});

describe('what is printed', () => {
  const before = process.env['COLUMNS'];
  const screenOf = (columns: string | undefined) => {
    if (columns === undefined) delete process.env['COLUMNS'];
    else process.env['COLUMNS'] = columns;
  };
  afterEach(() => screenOf(before));
  const rows = [
    ['RF02 Re-referrals within 12 months', '25.3%'],
    ['RF01 Referrals', '1020.9'],
  ];

  test('in a table too wide for the screen is folded in one column, and nothing is cut', () => {
    screenOf('32');
    expect(table(['', 'value'], rows, [1], 0)).toBe(
      [
        '                           value',
        '------------------------  ------',
        'RF02 Re-referrals within   25.3%',
        '  12 months',
        'RF01 Referrals            1020.9',
        '',
      ].join('\n'),
    );
    // Not narrower than a word or two, whatever the screen.
    screenOf('5');
    expect(table(['', 'value'], rows, [1], 0)).toContain(
      '\nRF02             25.3%\n  Re-referrals\n  within 12\n  months\nRF01 Referrals  1020.9\n',
    );
  });

  test('beside a name goes on under itself', () => {
    screenOf('30');
    expect(
      listing([
        ['handling', 'Official: for members of it.'],
        ['id', 'rnd_hub-local_01a21d94e67178b29fbd'],
      ]),
    ).toBe('handling  Official: for\n            members of it.\nid        rnd_hub-local_01a21d94e67178b29fbd\n');
  });

  test('in sentences breaks between words', () => {
    screenOf('20');
    expect(prose(['  What grows, and do partners see it?', 'short'])).toEqual([
      '  What grows, and do',
      '    partners see it?',
      'short',
    ]);
  });

  test('is whole where there is no screen', () => {
    screenOf(undefined);
    expect(table(['', 'value'], rows, [1], 0)).toContain('\nRF02 Re-referrals within 12 months   25.3%\n');
    const long = `  ${'word '.repeat(60)}end`;
    expect(prose([long])).toEqual([long]);
  });
});
