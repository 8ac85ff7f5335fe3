import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { addDays, londonDate, type Period } from '@hub/kernel';

/** contracts/calendar/england.json */
export interface Calendar {
  readonly v: 1;
  readonly bankHolidays: {
    readonly source: string;
    /** The first and the last year of which the days are known. */
    readonly from: number;
    readonly until: number;
    readonly days: readonly { readonly on: string; readonly name: string }[];
  };
  readonly releases: {
    readonly source: string;
    readonly list: readonly {
      readonly title: string;
      /** `2026-10` */
      readonly month: string;
      /** The day, where it is announced. */
      readonly on?: string;
    }[];
  };
}

let read: Calendar | undefined;
export const calendar = (): Calendar =>
  (read ??= JSON.parse(readFileSync(join(contractsFolder, 'calendar', 'england.json'), 'utf8')) as Calendar);

const noon = (date: string) => new Date(`${date}T12:00:00Z`);

/** Why nobody works on that day: its weekday or the holiday's name; undefined on a working day. */
export function dayOff(date: string): string | undefined {
  const weekday = noon(date).getUTCDay();
  if (weekday === 6) return 'a Saturday';
  if (weekday === 0) return 'a Sunday';
  const holiday = calendar().bankHolidays.days.find(({ on }) => on === date);
  return holiday && `a bank holiday, ${holiday.name}`;
}

/** Whether the bank holidays of that day's year are known. */
const isKnown = (date: string): boolean => {
  const { from, until } = calendar().bankHolidays;
  const year = Number(date.slice(0, 4));
  return from <= year && year <= until;
};

/** The date itself, or the next working day of England. */
export function workingDayFrom(date: string): string {
  let day = date;
  while (dayOff(day) !== undefined) day = addDays(day, 1);
  return day;
}

/** The working day so many working days later. */
export function workingDaysAfter(date: string, days: number): string {
  let day = date;
  for (let left = days; left > 0; left--) day = workingDayFrom(addDays(day, 1));
  return day;
}

/** The moment at which it is that time in London, `2026-12-01` and `09:30`. */
export function londonMoment(date: string, time: string): Date {
  const utc = new Date(`${date}T${time}:00Z`);
  const there = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(utc);
  const [hours, minutes] = there.split(':').map(Number) as [number, number];
  const [wanted, wantedMinutes] = time.split(':').map(Number) as [number, number];
  const ahead = (hours - wanted) * 60 + (minutes - wantedMinutes);
  return new Date(utc.getTime() - ahead * 60_000);
}

/** The dates of a round: civil dates of Europe/London, and the moment of publication. */
export interface RoundDates {
  readonly opens: string;
  readonly due: string;
  readonly closes: string;
  readonly checkUntil: string | null;
  readonly publishesAt: Date | null;
}

/** Working days: to the soft due date, from there to the end, and of the check window. Official statistics come at half past nine. */
const usual = { due: 15, closes: 5, check: 5, publication: 1, time: '09:30' } as const;

/** Dates for the round of a period: it opens on the first working day after the period, and every other one is a working day too. */
export function proposedDates({
  until,
}: Pick<Period, 'until'>): RoundDates & { checkUntil: string; publishesAt: Date } {
  const opens = workingDayFrom(until);
  const due = workingDaysAfter(opens, usual.due);
  const closes = workingDaysAfter(due, usual.closes);
  const checkUntil = workingDaysAfter(closes, usual.check);
  const publishesAt = londonMoment(workingDaysAfter(checkUntil, usual.publication), usual.time);
  return { opens, due, closes, checkUntil, publishesAt };
}

/** What to think of before these dates are used, in words; empty when there is nothing. */
export function remarksOn(dates: RoundDates): string[] {
  const published = dates.publishesAt && londonDate(dates.publishesAt);
  const named: [string, string | null][] = [
    ['opening day', dates.opens],
    ['due date', dates.due],
    ['closing date', dates.closes],
    ['last day of the check window', dates.checkUntil],
    ['day of publication', published],
  ];
  const remarks = named.flatMap(([what, date]) => {
    if (date === null) return [];
    const off = dayOff(date);
    if (off === undefined) return [];
    return [`The ${what} ${date} is ${off}; the next working day is ${workingDayFrom(date)}.`];
  });
  const unknown = named.filter(([, date]) => date !== null && !isKnown(date)).map(([, date]) => date!.slice(0, 4));
  for (const year of new Set(unknown)) remarks.push(`The bank holidays of ${year} are not known to the hub.`);
  if (published !== null) {
    for (const { title, month, on } of calendar().releases.list) {
      const near = on === undefined ? published.startsWith(month) : published === on;
      if (near)
        remarks.push(`The Department publishes “${title}” ${on === undefined ? `in ${month}` : `on ${on}`} too.`);
    }
  }
  return remarks;
}

/** When those are reminded who have sent nothing. */
export const reminders = ['beforeDue', 'afterDue', 'beforeEnd'] as const;
export type Reminder = (typeof reminders)[number];
/** What an authority is told of a round by the hub itself. */
export const noticeKinds = [...reminders, 'withdrawn'] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/**
 * Mailboxes of an authority: of whoever sends returns, and of its data protection contact, who is told of nothing but withdrawals
 * and of what a national release opens.
 */
export const mailboxes = ['reminders', 'dataProtection'] as const;
export type Mailbox = (typeof mailboxes)[number];

/** The moments of the reminders of a round: nine in the morning, in London. */
export function reminderMoments({ due, closes }: Pick<RoundDates, 'due' | 'closes'>): Record<Reminder, Date> {
  let before = due;
  for (let left = 5; left > 0; left--) before = workingDayBefore(before);
  return {
    beforeDue: londonMoment(before, '09:00'),
    afterDue: londonMoment(workingDayFrom(addDays(due, 1)), '09:00'),
    beforeEnd: londonMoment(workingDayBefore(closes), '09:00'),
  };
}

function workingDayBefore(date: string): string {
  let day = addDays(date, -1);
  while (dayOff(day) !== undefined) day = addDays(day, -1);
  return day;
}
