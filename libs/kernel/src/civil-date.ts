/** Whether the text is a day of the calendar, `2025-03-31`; 30 February is none. */
export function isCivilDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A day beyond the last that can be written is that last one: dates are compared as text. */
const civil = (moment: Date): string =>
  moment.getUTCFullYear() > 9999 ? '9999-12-31' : moment.toISOString().slice(0, 10);

/** The civil date so many days later. */
export function addDays(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return civil(moment);
}

/** The civil date so many years later; 29 February becomes 1 March where there is none. */
export function addYears(date: string, years: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCFullYear(moment.getUTCFullYear() + years);
  return civil(moment);
}
