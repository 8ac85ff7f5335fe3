/** The one source of the present moment. Rules never ask the machine. */
export interface Clock {
  now(): Date;
}
/** The injection token of the Clock port. */
export const CLOCK = Symbol('Clock');
export const systemClock: Clock = { now: () => new Date() };

const london = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The civil date of Europe/London at that moment, `2025-07-31`. Deadlines end at London midnight. */
export function londonDate(moment: Date): string {
  // Midnight falls on a whole minute, and a request asks for the date many times.
  const minute = Math.floor(moment.getTime() / 60_000);
  if (minute !== last.minute) last = { minute, date: london.format(moment) };
  return last.date;
}
let last = { minute: NaN, date: '' };
