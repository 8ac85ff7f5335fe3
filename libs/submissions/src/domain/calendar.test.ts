import * as fc from 'fast-check';
import { addDays, parsePeriod } from '@hub/kernel';
import {
  calendar,
  dayOff,
  londonMoment,
  proposedDates,
  remarksOn,
  reminderMoments,
  workingDayFrom,
  workingDaysAfter,
} from './calendar';

/** Easter Sunday, Gregorian. Source: Meeus, Astronomical Algorithms, chapter 8. */
function easter(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e, g] = [b >> 2, b % 4, Math.floor((8 * b + 13) / 25)];
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [c >> 2, c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
const weekday = (date: string) => new Date(`${date}T12:00:00Z`).getUTCDay();
const mondayFrom = (date: string): string => (weekday(date) === 1 ? date : mondayFrom(addDays(date, 1)));
const lastMonday = (date: string): string => (weekday(date) === 1 ? date : lastMonday(addDays(date, -1)));

/** The rule by which the days are fixed: schedule 1 of the Act, with substitute days for what falls on a weekend. */
function byRule(year: number): string[] {
  const days = [
    addDays(easter(year), -2),
    addDays(easter(year), 1),
    mondayFrom(`${year}-05-01`),
    lastMonday(`${year}-05-31`),
    lastMonday(`${year}-08-31`),
  ];
  for (const date of [`${year}-01-01`, `${year}-12-25`, `${year}-12-26`]) {
    let day = date;
    while ([0, 6].includes(weekday(day)) || days.includes(day)) day = addDays(day, 1);
    days.push(day);
  }
  return days.sort();
}

test('the bank holidays are those of the Act, year by year', () => {
  const { from, until, days } = calendar().bankHolidays;
  for (let year = from; year <= until; year++) {
    expect(days.filter(({ on }) => on.startsWith(`${year}-`)).map(({ on }) => on)).toEqual(byRule(year));
  }
  expect(days).toHaveLength(8 * (until - from + 1));
});

test('a working day is neither at the weekend nor a bank holiday', () => {
  expect(dayOff('2026-12-28')).toBe('a bank holiday, Boxing Day (substitute day)');
  expect([dayOff('2026-11-28'), dayOff('2026-11-29'), dayOff('2026-11-30')]).toEqual([
    'a Saturday',
    'a Sunday',
    undefined,
  ]);
  expect(workingDayFrom('2026-12-25')).toBe('2026-12-29');
  expect(workingDaysAfter('2026-12-23', 2)).toBe('2026-12-29');
});

test('half past nine in London is a moment of its own in summer and in winter', () => {
  expect(londonMoment('2026-07-01', '09:30').toISOString()).toBe('2026-07-01T08:30:00.000Z');
  expect(londonMoment('2026-12-01', '09:30').toISOString()).toBe('2026-12-01T09:30:00.000Z');
  // The day after the clocks go back, and the day before they go forward.
  expect(londonMoment('2026-10-26', '09:30').toISOString()).toBe('2026-10-26T09:30:00.000Z');
  expect(londonMoment('2027-03-27', '09:30').toISOString()).toBe('2027-03-27T09:30:00.000Z');
});

describe('proposed dates', () => {
  test('of the third quarter step over Christmas', () => {
    expect(proposedDates(parsePeriod('2026-Q2'))).toEqual({
      opens: '2026-10-01',
      due: '2026-10-22',
      closes: '2026-10-29',
      checkUntil: '2026-11-05',
      publishesAt: new Date('2026-11-06T09:30:00Z'),
    });
    const { opens, due } = proposedDates(parsePeriod('2026-Q3'));
    // New Year’s Day is a Friday.
    expect([opens, due]).toEqual(['2027-01-04', '2027-01-25']);
  });
  test('follow one another, and none is a day off', () => {
    const quarters = fc.tuple(fc.integer({ min: 2024, max: 2027 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(quarters, ([year, quarter]) => {
        const period = parsePeriod(`${year}-Q${quarter}`);
        const dates = proposedDates(period);
        const days = [dates.opens, dates.due, dates.closes, dates.checkUntil];
        expect(days).toEqual([...days].sort());
        expect(period.until <= dates.opens && dates.closes < dates.checkUntil).toBe(true);
        expect(days.map(dayOff)).toEqual([undefined, undefined, undefined, undefined]);
        expect(remarksOn(dates).filter((text) => text.includes('is a '))).toEqual([]);
        const { beforeDue, afterDue, beforeEnd } = reminderMoments(dates);
        expect(beforeDue < afterDue && afterDue < beforeEnd).toBe(true);
      }),
    );
  });
});

test('remarks name days off, unknown years and what the Department publishes at the time', () => {
  expect(
    remarksOn({
      opens: '2026-10-01',
      due: '2026-12-28',
      closes: '2029-01-05',
      checkUntil: null,
      publishesAt: null,
    }),
  ).toEqual([
    'The due date 2026-12-28 is a bank holiday, Boxing Day (substitute day); the next working day is 2026-12-29.',
    'The bank holidays of 2029 are not known to the hub.',
  ]);
  expect(remarksOn(proposedDates(parsePeriod('2026-Q2')))).toEqual([
    'The Department publishes “Children looked after in England including adoptions” in 2026-11 too.',
  ]);
});
