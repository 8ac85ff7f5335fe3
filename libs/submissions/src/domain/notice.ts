import { reminderMoments, reminders, type Reminder, type RoundDates } from './calendar';

/** What a reminder tells, and to whom: never a figure. */
export interface NoticeFacts {
  readonly kind: Reminder;
  /** Name of the authority. */
  readonly authority: string;
  /** Name of the region. */
  readonly region: string;
  /** Title of the dataset. */
  readonly dataset: string;
  readonly period: string;
  readonly due: string;
  readonly closes: string;
}

const because: Readonly<Record<Reminder, (facts: NoticeFacts) => string>> = {
  beforeDue: ({ due }) => `is due on ${due}`,
  afterDue: ({ due }) => `was due on ${due}`,
  beforeEnd: ({ closes }) => `is taken until the end of ${closes}`,
};

/** What is told of a publication that was withdrawn. */
export interface WithdrawnFacts extends Pick<NoticeFacts, 'authority' | 'region' | 'dataset' | 'period'> {
  /** Civil date of Europe/London. */
  readonly on: string;
  /** In words, after "because". */
  readonly because: string;
}

/** The words of the mail about a withdrawal. */
export function withdrawnText(facts: WithdrawnFacts): { readonly subject: string; readonly text: string } {
  const { authority, region, dataset, period, on, because } = facts;
  return {
    subject: `Withdrawn: ${dataset} for ${period}`,
    text: [
      `A lead of ${region} has withdrawn a publication in which ${authority} stands, on ${on}, because ${because}.`,
      '',
      `Collection: ${dataset}`,
      `Period:     ${period}`,
      '',
      'The hub gives nobody anything of it any more. Use no copy, export or chart that you have kept, and tell those to whom you',
      'have passed one on. An edition that takes its place is read as always.',
      '',
      'This mail was sent by the hub itself to the address that your authority has given. It holds no figures.',
      '',
    ].join('\n'),
  };
}

/** The words of a reminder. */
export function noticeText(facts: NoticeFacts): { readonly subject: string; readonly text: string } {
  const { authority, region, dataset, period, due, closes, kind } = facts;
  const when = because[kind](facts);
  return {
    subject: `The return for ${period} ${when}: ${dataset}`,
    text: [
      `The hub of ${region} has no return of ${authority} yet.`,
      '',
      `Collection: ${dataset}`,
      `Period:     ${period}`,
      `Due:        ${due}`,
      `Ends:       ${closes}, at midnight London time`,
      '',
      `The return ${when}. A return that is nil is sent too: nothing is implied.`,
      'Where it cannot come in time, ask a regional lead for an exception.',
      '',
      'This mail was sent by the hub itself to the address that your authority has given. It holds no figures.',
      '',
    ].join('\n'),
  };
}

/** The newest reminder whose moment has come; undefined before the first. What was missed is not caught up one by one. */
export function reminderAt(dates: Pick<RoundDates, 'due' | 'closes'>, now: Date): Reminder | undefined {
  const moments = reminderMoments(dates);
  return reminders.filter((kind) => moments[kind] <= now).at(-1);
}
