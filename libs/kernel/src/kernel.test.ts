import * as fc from 'fast-check';
import { judge, surelyHasOneReading } from './strict-json';
import {
  addDays,
  addYears,
  canonical,
  comparePeriods,
  csvCell,
  isCivilDate,
  keep,
  londonDate,
  NotStrictJson,
  parseAuthorityCode,
  parsePeriod,
  periodInShort,
  periodInWords,
  periodsUntil,
  parseRegionCode,
  parseStrictJson,
  Refusal,
  unlessRefused,
} from './index';

const reasonOf = (text: string | Uint8Array, depth?: number) => {
  try {
    parseStrictJson(text, depth);
    return 'accepted';
  } catch (error) {
    return error instanceof NotStrictJson ? `${error.reason} ${error.pointer}`.trim() : String(error);
  }
};

describe('strict JSON', () => {
  test.each([
    ['{"a":1,"a":2}', 'duplicateKey /a'],
    ['{"a":{"b":1,"\\u0062":2}}', 'duplicateKey /a/b'],
    ['[1e2]', 'number /0'],
    ['[1.0]', 'number /0'],
    ['[-0]', 'number /0'],
    ['[9007199254740992]', 'number /0'],
    ['["\\ud800"]', 'string /0'],
    ['{"a":1,}', 'syntax'],
    ['/* */ {}', 'syntax'],
    ['\ufeff{}', 'byteOrderMark'],
    ['', 'syntax'],
    ['[12.5, 0, -3, "{[", null]', 'accepted'],
  ])('%s is %s', (text, verdict) => expect(reasonOf(text)).toBe(verdict));

  test('refuses depth beyond its limit before it parses, and bytes that are not UTF-8', () => {
    expect(reasonOf('['.repeat(10_000) + ']'.repeat(10_000))).toBe('depth');
    expect(reasonOf('[[1]]', 1)).toBe('depth');
    expect(reasonOf('[[1]]', 2)).toBe('accepted');
    expect(reasonOf(new Uint8Array([0x22, 0xff, 0x22]))).toBe('encoding');
  });

  test('reads back every canonical text of JSON values with whole numbers', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(fc.property(json, (value) => canonical(parseStrictJson(canonical(value))) === canonical(value)));
  });
});

test('the quick look at a text lets nothing through that the thorough one refuses', () => {
  const name = fc.constantFrom('a', 'b', 'c"', '\\u0061', '');
  const scalar = fc.constantFrom(
    '1',
    '-3',
    '0',
    '-0',
    '1.0',
    '1.5',
    '1e2',
    '-1E-2',
    '0.10',
    '9007199254740992',
    '12345678901234.25',
    'null',
    'true',
    '"x"',
    '"\\\\"',
    '"\\\\\\""',
    '"{\\"a\\":1"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"é, [1]"',
  );
  const space = fc.constantFrom('', ' ', '\n\t');
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.tuple(space, fc.array(tie('text'), { maxLength: 4 })).map(([gap, all]) => `[${gap}${all.join(`,${gap}`)}]`),
      fc
        .tuple(space, fc.array(fc.tuple(name, tie('text')), { maxLength: 4 }))
        .map(
          ([gap, all]) =>
            `{${all.map(([key, value]) => `${gap}"${key.replace('"', '\\"')}"${gap}:${gap}${value}`).join(',')}}`,
        ),
    ),
  }));
  let [sure, refused] = [0, 0];
  fc.assert(
    fc.property(text, (one) => {
      JSON.parse(one);
      const isSure = surelyHasOneReading(one);
      if (isSure) sure++;
      try {
        judge(one);
      } catch {
        refused++;
        expect(isSure).toBe(false);
      }
    }),
    { numRuns: 5000 },
  );
  expect(sure).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
});

test('a return as it usually comes needs the quick look alone', () => {
  const row = {
    indicator: 'RF01',
    breakdown: { source: 'police' },
    count: 12.5,
    of: 388,
    text: 'New “front door” since May.\n',
  };
  expect(surelyHasOneReading(JSON.stringify({ rows: [row, row], empty: {}, none: [] }, null, 1))).toBe(true);
});

describe('periods', () => {
  test.each([
    ['2025-07', '2025-07-01', '2025-08-01'],
    ['2025-12', '2025-12-01', '2026-01-01'],
    ['2025-Q1', '2025-04-01', '2025-07-01'],
    ['2025-Q4', '2026-01-01', '2026-04-01'],
    ['2025-H1', '2025-04-01', '2025-10-01'],
    ['2025-H2', '2025-10-01', '2026-04-01'],
    ['2025-FY', '2025-04-01', '2026-04-01'],
    ['2025-CY', '2025-01-01', '2026-01-01'],
  ])('%s runs from %s until %s', (text, from, until) => expect(parsePeriod(text)).toMatchObject({ text, from, until }));

  test.each(['2025-Q5', '2025-13', '2025-00', '25-Q1', '2025-q1', ' 2025-Q1', '2025-Q1\n', '2025'])(
    'refuses %j without echoing it',
    (text) => {
      try {
        parsePeriod(text);
        throw new Error('accepted');
      } catch (error) {
        expect(error).toMatchObject({ code: 'PERIOD_MALFORMED' });
        expect(JSON.stringify((error as Refusal).facts)).not.toContain(JSON.stringify(text));
      }
    },
  );

  test('sort by their dates, not as text', () => {
    const sorted = ['2025-Q4', '2025-12', '2025-Q1', '2024-FY'].map(parsePeriod).sort(comparePeriods);
    expect(sorted.map((p) => p.text)).toEqual(['2024-FY', '2025-Q1', '2025-12', '2025-Q4']);
  });
});

test.each(['2025-Q4', '2025-07', '2024-H2', '2024-FY', '2025-CY', '2026-01', '2025-Q1'])(
  'the periods until %s follow one another without a gap, and it is the last',
  (text) => {
    const periods = periodsUntil(parsePeriod(text), 14);
    expect(periods.at(-1)).toEqual(parsePeriod(text));
    expect(new Set(periods.map(({ kind }) => kind)).size).toBe(1);
    periods.slice(1).forEach(({ from }, i) => expect(periods[i]!.until).toBe(from));
  },
);

test('periods before 2000 are none', () => {
  expect(periodsUntil(parsePeriod('2002-FY'), 37).map(({ text }) => text)).toEqual(['2000-FY', '2001-FY', '2002-FY']);
});

test('codes are parsed once, at the boundary', () => {
  expect(parseAuthorityCode('E06000001')).toBe('E06000001');
  expect(parseAuthorityCode('E09000021 / E09000027')).toBe('E09000021 / E09000027');
  expect(() => parseAuthorityCode('e06000001')).toThrow(Refusal);
  expect(parseRegionCode('net-eastern-project')).toBe('net-eastern-project');
  expect(() => parseRegionCode('E13000001')).toThrow(Refusal);
});

test('a day ends at London midnight', () => {
  expect(londonDate(new Date('2025-06-30T22:59:59Z'))).toBe('2025-06-30');
  expect(londonDate(new Date('2025-06-30T23:00:00Z'))).toBe('2025-07-01');
  expect(londonDate(new Date('2025-12-31T23:59:59Z'))).toBe('2025-12-31');
});

test('a map keeps so many at most, and the oldest goes first', () => {
  const map = new Map<string, number>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['b', 3],
    ['c', 4],
  ] as const)
    expect(keep(map, 2, key, value)).toBe(value);
  expect([...map]).toEqual([
    ['b', 3],
    ['c', 4],
  ]);
});

test('what is refused is not there, at once or later; what else fails is thrown on', async () => {
  expect(await unlessRefused(() => 7)).toBe(7);
  const refuse = () => {
    throw new Refusal('REGION_ABSENT');
  };
  expect(await unlessRefused(refuse)).toBeNull();
  expect(await unlessRefused(() => Promise.resolve().then(refuse))).toBeNull();
  await expect(unlessRefused(() => Promise.reject(new TypeError('no')))).rejects.toThrow('no');
});

test.each([
  ['{"a": 1,\n "b" 2}', { line: 2, column: 6 }],
  ['[1, 2', { line: 1, column: 6 }],
  ['{\n // no\n}', { line: 2, column: 2 }],
])('a fault of syntax has its line and column: %j', (text, place) => {
  expect(() => parseStrictJson(text)).toThrow(expect.objectContaining({ reason: 'syntax', place }) as Error);
});

test('behind a first fault nothing is read: what looks like a text to one reader is no depth to another', () => {
  expect(() => parseStrictJson(`["\n${'['.repeat(200_000)}"`)).toThrow(
    expect.objectContaining({ reason: 'syntax', place: { line: 1, column: 2 } }) as Error,
  );
});

test('a cell of CSV holds nothing that a spreadsheet would take for a formula', () => {
  expect([csvCell('=1+1'), csvCell('@x'), csvCell(-1), csvCell('a;b')]).toEqual(["'=1+1", "'@x", '-1', '"a;b"']);
});

test('days and years are counted over the end of a year, of February, and of the calendar that can be written', () => {
  expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addYears('2024-02-29', 1)).toBe('2025-03-01');
  expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
  expect(addDays('9999-12-30', 1)).toBe('9999-12-31');
  expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
  expect(addYears('9998-06-30', 1)).toBe('9999-06-30');
  expect(addYears('9998-06-30', 2)).toBe('9999-12-31');
});

test.each([
  ['2024-02-29', true],
  ['2025-02-29', false],
  ['2025-04-31', false],
  ['2025-13-01', false],
  ['2025-1-01', false],
  ['2025-01-01T00:00', false],
  ['', false],
])('%j is a day of the calendar: %s', (text, is) => expect(isCivilDate(text)).toBe(is));

test.each([
  ['2025-07', 'July 2025', 'Jul 2025'],
  ['2025-12', 'December 2025', 'Dec 2025'],
  ['2025-Q1', 'April to June 2025', 'Apr–Jun 2025'],
  ['2025-Q4', 'January to March 2026', 'Jan–Mar 2026'],
  ['2025-H1', 'April to September 2025', 'Apr–Sep 2025'],
  ['2025-H2', 'October 2025 to March 2026', 'Oct 2025–Mar 2026'],
  ['2025-FY', 'year to March 2026', 'year to Mar 2026'],
  ['2025-CY', 'January to December 2025', 'Jan–Dec 2025'],
])('%s is said as %s, or %s', (text, words, short) => {
  expect([periodInWords, periodInShort].map((said) => said(parsePeriod(text)))).toEqual([words, short]);
});
