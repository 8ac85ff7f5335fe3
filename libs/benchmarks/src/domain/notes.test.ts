import fc from 'fast-check';
import { codeOf } from '../../../../test/support/refusal';
import { lastOf, noteKindInWords, Notes, noteKinds, parseNote, type Note } from './notes';

const said = {
  indicator: 'RF02',
  kind: 'ownDefinition',
  from: '2024-Q1',
  until: null,
  text: 'We count within six months.',
} as const;
const note = (over: Partial<Note>): Note => ({
  ...said,
  id: '1',
  authority: 'E06000001',
  writtenAt: new Date(0),
  ...over,
});

test('a note is about whole periods, and does not end before it begins', () => {
  expect(parseNote(said)).toMatchObject({ from: { from: '2024-04-01' }, until: null, text: said.text });
  expect(parseNote({ ...said, until: '2024-Q1' }).until).toMatchObject({ until: '2024-07-01' });
  // Of another kind of period too: a break of a quarter stands beside the year.
  expect(lastOf({ from: '2024-04-01' }, '2024-FY')).toMatchObject({ until: '2025-04-01' });
  expect(codeOf(() => parseNote({ ...said, until: '2023-Q4' }))).toBe('NOTE_DATES');
  expect(codeOf(() => parseNote({ ...said, from: 'spring' }))).toBe('PERIOD_MALFORMED');
});

test('a note states no figure, and speaks of no other authority', () => {
  expect(codeOf(() => parseNote({ ...said, text: 'Only 3 children were counted twice.' }))).toBe('WORDS_REFUSED');
  expect(codeOf(() => parseNote({ ...said, text: 'Ours is 24 after the move.' }))).toBe('WORDS_REFUSED');
  const around = { places: ['Hartlepool'], bodies: ['Stockton-on-Tees'] };
  expect(codeOf(() => parseNote({ ...said, text: 'Stockton was late.' }, around))).toBe('WORDS_REFUSED');
  expect(parseNote({ ...said, text: 'Hartlepool was late.' }, around).text).toBe('Hartlepool was late.');
});

test('what is said is found beside the own figure of that indicator, and beside no other', () => {
  const place = fc.record({
    indicator: fc.constantFrom('RF01', 'RF02'),
    authority: fc.constantFrom('E06000001', 'E06000002'),
  });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 6 }), place, (places, asked) => {
      const all = places.map((one, i) => note({ ...one, id: String(i) }));
      const found = new Notes(all).about(asked.indicator, asked.authority);
      expect(found).toEqual(
        all.filter((one) => one.indicator === asked.indicator && one.authority === asked.authority),
      );
    }),
  );
  expect(new Notes([note({})]).about('RF02', null)).toEqual([]);
});

test('its kind and periods are told in words', () => {
  expect(noteKinds.map((kind) => noteKindInWords({ kind, from: '2024-Q1', until: null }))).toEqual([
    'from 2024-Q1 on, a definition of its own',
    'from 2024-Q1 on, another recording system',
    'from 2024-Q1 on, a break in the series',
  ]);
  expect(noteKindInWords({ kind: 'break', from: '2024-Q1', until: '2024-Q2' })).toBe(
    'from 2024-Q1 to 2024-Q2, a break in the series',
  );
});

test('whatever is stated begins a line anew, and again where it ends', () => {
  const breaksOf = (over: Partial<Note>) =>
    new Notes([note({ authority: 'E06000001', indicator: 'RF01', ...over })]).breaksIn('RF01');
  const reason = 'E06000001, from 2024-Q2 on, a break in the series';
  expect(breaksOf({ kind: 'break', from: '2024-Q2', until: null })).toEqual([
    { authority: 'E06000001', from: '2024-07-01', reason },
  ]);
  expect(breaksOf({ kind: 'systemChange', from: '2024-Q2', until: '2024-Q3' }).map(({ from }) => from)).toEqual([
    '2024-07-01',
    '2025-01-01',
  ]);
  expect(breaksOf({ kind: 'ownDefinition', from: '2025-Q4', until: null }).map(({ from }) => from)).toEqual([
    '2026-01-01',
  ]);
  expect(new Notes([note({ kind: 'break', indicator: 'RF02' })]).breaksIn('RF01')).toEqual([]);
});
