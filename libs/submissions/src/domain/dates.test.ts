import * as fc from 'fast-check';
import { codeOf } from '../../../../test/support/refusal';
import type { RoundDates } from './calendar';
import { assertInOrder, assertStillToCome, datesMoved } from './dates';

const dates: RoundDates = {
  opens: '2025-07-01',
  due: '2025-07-22',
  closes: '2025-07-31',
  checkUntil: '2025-08-07',
  publishesAt: new Date('2025-08-12T08:30:00Z'),
};

test.each<[string, Partial<RoundDates>, boolean]>([
  ['as they are', {}, true],
  ['without a check window or a moment', { checkUntil: null, publishesAt: null }, true],
  ['all on one day', { opens: '2025-07-31', due: '2025-07-31' }, true],
  ['opening before its period has ended', { opens: '2025-06-30' }, false],
  ['due before it opens', { due: '2025-06-30' }, false],
  ['closing before it is due', { closes: '2025-07-21' }, false],
  ['a check window that ends with the round', { checkUntil: '2025-07-31' }, false],
  ['published on the last day of looking', { publishesAt: new Date('2025-08-07T22:00:00Z') }, false],
  // 23:30 in London is the day before in UTC, and the other way round.
  ['published after London midnight of that day', { publishesAt: new Date('2025-08-07T23:30:00Z') }, true],
])('dates in order: %s', (_what, change, allowed) => {
  expect(codeOf(() => assertInOrder({ ...dates, ...change }, '2025-07-01'))).toBe(allowed ? null : 'ROUND_DATES');
});

test.each<[string, Partial<RoundDates>, string, boolean]>([
  ['a due date that is to come', { due: '2025-07-25' }, '2025-07-10', true],
  ['one that has passed', { due: '2025-07-25' }, '2025-07-23', false],
  ['to today', { due: '2025-07-10' }, '2025-07-10', true],
  ['to yesterday', { due: '2025-07-09' }, '2025-07-10', false],
  ['the opening of an open round', { opens: '2025-07-02' }, '2025-07-10', false],
  ['no check window any more', { checkUntil: null }, '2025-07-10', true],
  ['none after it has ended', { checkUntil: null }, '2025-08-08', false],
  ['a first moment', { publishesAt: null }, '2025-07-10', true],
  ['nothing, whenever', {}, '2026-01-01', true],
])('moved: %s', (_what, change, today, allowed) => {
  expect(codeOf(() => assertStillToCome(dates, { ...dates, ...change }, today))).toBe(allowed ? null : 'ROUND_DATES');
});

test('only what has moved is held to today', () => {
  const days = fc.integer({ min: 1, max: 28 }).map((n) => `2025-07-${String(n).padStart(2, '0')}`);
  fc.assert(
    fc.property(days, days, days, (due, closes, today) => {
      const after = { ...dates, due, closes };
      const moved = datesMoved(dates, after);
      const passed = moved.some((name) => [dates[name], after[name]].some((day) => String(day) < today));
      expect(codeOf(() => assertStillToCome(dates, after, today))).toBe(passed ? 'ROUND_DATES' : null);
    }),
  );
});
