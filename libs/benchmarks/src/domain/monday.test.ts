import type { Benchmark } from './benchmark';
import type { Change } from './change';
import { changeInWords, changesExplained, changesInWords, changesOf } from './monday';

const change = (by: number, isBeyondChance: boolean | null, was = 100): Change => ({
  from: '2025-Q4',
  was,
  by,
  isBeyondChance,
  remark: null,
  isConfirmed: false,
});
const row = (code: string, value: number, changes: readonly (readonly [string | null, Change])[]) => ({
  benchmark: {
    indicator: { code },
    region: { value: 50, unit: 'per 10,000' },
    coverage: { text: '11 of 12' },
    authorities: [{ authority: 'A', figure: { value, unit: 'per 10,000' }, comparison: 'higher' }],
  } as unknown as Benchmark,
  changes: new Map(changes),
});

test('what differs by more than chance is listed, the largest share first, with how many chance would give', () => {
  const found = changesOf([
    row('RF01', 60, [
      ['A', change(10, true)],
      [null, change(2, false)],
    ]),
    row('CP01', 60, [
      ['A', change(30, true, 29.9)],
      [null, change(-25, true, 75)],
    ]),
    row('WF04', 15, [['A', change(9, null)]]),
  ]);
  expect(found.changes.map(({ indicator, authority }) => [indicator.code, authority])).toEqual([
    ['CP01', 'A'],
    ['CP01', null],
    ['RF01', 'A'],
  ]);
  expect(found.changes.map(({ coverage }) => coverage?.text ?? null)).toEqual([null, '11 of 12', null]);
  // Means have no interval, and are not among what was compared.
  expect(found).toMatchObject({ compared: 4, expected: 0 });
  expect(changeInWords(found.changes[0]!)).toBe(
    // As the two were printed, though their difference is of values before they were rounded.
    'from 29.9 to 60.0 per 10,000 since Jan–Mar 2026; higher than the region',
  );
  expect(changeInWords(found.changes[1]!)).toBe('from 75.0 to 50.0 per 10,000 since Jan–Mar 2026');
  const confirmed = { ...found.changes[0]!.change, isConfirmed: true };
  expect(changeInWords({ ...found.changes[0]!, change: confirmed })).toMatch(
    /; higher than the region; asked about, and the authority stands by it$/,
  );
  expect(changeInWords({ ...found.changes[0]!, unit: '%' })).toMatch(/^from 29\.9 to 60\.0% since/);
  expect(changesInWords(found)).toBe(
    '3 of 4 values differ from the period before by more than their intervals (chance alone: fewer than one).',
  );
});

test('what changed across a stated break stays on the list, and is not counted with what chance gives', () => {
  const stated = {
    ...change(40, null),
    remark: 'Between the two a break is stated.',
    across: 'A, from 2026-Q1 on, a break',
  };
  const found = changesOf([
    row('RF01', 60, [
      ['A', change(10, true)],
      [null, change(2, false)],
    ]),
    row('CP01', 140, [['A', stated]]),
  ]);
  expect(found.changes.map(changeInWords)).toEqual([
    'from 100.0 to 140.0 per 10,000 since Jan–Mar 2026; higher than the region; not judged, a break is stated (A, from 2026-Q1 on, a break)',
    'from 100.0 to 60.0 per 10,000 since Jan–Mar 2026; higher than the region',
  ]);
  expect(changesInWords(found)).toBe(
    '1 of 2 values differ from the period before by more than their intervals (chance alone: fewer than one), 1 not compared.',
  );
});

test('numbers at a date are counted apart, and what is not compared is told with its reason', () => {
  const atDate = row('CP01', 60, [
    ['A', change(30, true)],
    [null, change(1, false)],
  ]);
  const dated = {
    ...atDate,
    benchmark: { ...atDate.benchmark, indicator: { code: 'CP01', basis: 'snapshot' } as Benchmark['indicator'] },
  };
  const broken: Change = {
    from: '2025-Q4',
    was: 100,
    by: null,
    isBeyondChance: null,
    remark: 'They do not compare.',
    isConfirmed: false,
  };
  const events = Array.from({ length: 300 }, (_, i) => [String(i), change(1, false)] as const);
  const found = changesOf([dated, row('RF01', 60, [...events, [null, broken]])]);
  expect(found).toMatchObject({ compared: 302, atDate: 2, expected: 1.7 });
  expect(found.changes.map(({ authority }) => authority)).toEqual(['A']);
  expect(changesInWords(found)).toBe(
    '0 of 300 values differ from the period before by more than their intervals (chance alone: about 2), 1 of 2 numbers at a date, 1 not compared.',
  );
  expect(changesInWords(changesOf([dated]))).toBe(
    '1 of 2 numbers at a date differ from the period before by more than their intervals.',
  );
  expect(changesExplained(found)).toEqual([
    'Two 95% intervals lie apart by chance alone, if nothing has changed, about once in 180; children of one family are counted together, which makes it somewhat more often.',
    expect.stringContaining('mostly of the same people or cases'),
    'Not compared (1 value): They do not compare.',
  ]);
  expect(changesExplained(changesOf([dated]))).toHaveLength(1);
});

test('chance alone leaves two intervals of the same width apart about once in 180', () => {
  // A small generator with a fixed seed, and normal values by Box and Muller.
  let seed = 7;
  const uniform = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const times = 60_000;
  let apart = 0;
  for (let i = 0; i < times; i++) if (Math.abs(normal() - normal()) > 2 * 1.959964) apart++;
  const many = changesOf([
    row(
      'RF01',
      60,
      Array.from({ length: times }, (_, i) => [String(i), change(1, false)] as const),
    ),
  ]);
  expect(apart / times).toBeCloseTo(many.expected / times, 3);
});

test('without anything before there is nothing to compare', () => {
  expect(changesInWords(changesOf([row('RF01', 60, [])]))).toContain('nothing before');
});
