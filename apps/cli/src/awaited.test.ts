import { awaitedInWords } from './awaited';

const due = '2026-12-07';
test.each([
  [
    'before its date a return is due, and not missing',
    { due, lateSince: null },
    ['A', 'B'],
    'due 7 Dec 2026, not yet sent: A, B',
  ],
  [
    'after it, it is late since the day after',
    { due, lateSince: '2026-12-08' },
    ['A'],
    'late since 8 Dec 2026, nothing sent: A',
  ],
  [
    'long lists are counted',
    { due, lateSince: null },
    ['A', 'B', 'C', 'D'],
    'due 7 Dec 2026, not yet sent: 4, A, B, C, D',
  ],
  ['nobody is late where all have sent', { due, lateSince: '2026-12-08' }, [], 'all have sent'],
])('%s', (_what, round, who, said) => {
  expect(awaitedInWords(round, who)).toBe(said);
});
