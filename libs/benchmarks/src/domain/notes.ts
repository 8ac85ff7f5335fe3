import { parseOpenWords, parsePeriod, Refusal, type Period, type WordsAround } from '@hub/kernel';

/** Why figures of an authority do not compare with others', or with its own of before. */
export const noteKinds = ['ownDefinition', 'systemChange', 'break'] as const;
export type NoteKind = (typeof noteKinds)[number];

/** What an authority says of how its figures of one indicator compare, for as long as it holds. It states no figure. */
export interface Note {
  readonly id: string;
  readonly authority: string;
  readonly indicator: string;
  readonly kind: NoteKind;
  /** The first period that it is about. */
  readonly from: string;
  /** The last one; null: it still holds. */
  readonly until: string | null;
  readonly text: string;
  readonly writtenAt: Date;
}

/** What somebody wants to say, as it comes. */
export type NoteSaid = Pick<Note, 'indicator' | 'kind' | 'from' | 'until' | 'text'>;

/** The same, in its form. */
export interface NoteDraft {
  readonly indicator: string;
  readonly kind: NoteKind;
  readonly from: Period;
  readonly until: Period | null;
  readonly text: string;
}

/**
 * @param around  the authority, and those of whom it must not speak
 * @throws Refusal PERIOD_MALFORMED | NOTE_DATES | REQUEST_MALFORMED | WORDS_REFUSED with all findings
 */
export function parseNote(said: NoteSaid, around?: WordsAround): NoteDraft {
  const from = parsePeriod(said.from);
  return {
    ...said,
    from,
    until: said.until === null ? null : lastOf(from, said.until),
    text: parseOpenWords(said.text, around),
  };
}

/** The last period of a note. @throws Refusal PERIOD_MALFORMED | NOTE_DATES where it would end before it begins */
export function lastOf(from: Pick<Period, 'from'>, until: string): Period {
  const last = parsePeriod(until);
  if (last.until <= from.from) throw new Refusal('NOTE_DATES');
  return last;
}

const KINDS: Readonly<Record<NoteKind, string>> = {
  ownDefinition: 'a definition of its own',
  systemChange: 'another recording system',
  break: 'a break in the series',
};

/** When and what kind, in words: `from 2024-Q1 to 2024-Q4, another recording system`. */
export const noteKindInWords = ({ kind, from, until }: Pick<Note, 'kind' | 'from' | 'until'>): string =>
  `from ${from}${until === null ? ' on' : ` to ${until}`}, ${KINDS[kind]}`;

/** A day from which figures of an authority do not compare with its own of before. */
export interface Break {
  readonly authority: string;
  /** Civil date. */
  readonly from: string;
  /** Whose and why, in words. */
  readonly reason: string;
}

/**
 * What a note breaks: with its first period, and where it ends, with the one after its last. Of whatever kind: what was counted by
 * a definition of one's own compares neither with others’ nor with one's own of before it.
 */
function breaksOf({ authority, kind, from, until }: Note): Break[] {
  const reason = `${authority}, ${noteKindInWords({ kind, from, until })}`;
  const days = [parsePeriod(from).from, ...(until === null ? [] : [parsePeriod(until).until])];
  return days.map((day) => ({ authority, from: day, reason }));
}

/** Notes beside what they are about. */
export class Notes {
  private readonly byIndicator = new Map<string, Note[]>();

  constructor(all: readonly Note[]) {
    for (const one of all) this.byIndicator.set(one.indicator, [...(this.byIndicator.get(one.indicator) ?? []), one]);
  }

  /** Whether anybody says anything of how figures of the indicator compare. */
  isAbout(indicator: string): boolean {
    return this.byIndicator.has(indicator);
  }

  /** Where lines of an indicator begin anew. */
  breaksIn(indicator: string): readonly Break[] {
    return this.byIndicator.get(indicator)?.flatMap(breaksOf) ?? none;
  }

  /** @param authority  null: the region, of which there are none; and one of the others without a name, whom a note would name */
  about(indicator: string, authority: string | null): readonly Note[] {
    if (authority === null) return none;
    return this.byIndicator.get(indicator)?.filter((one) => one.authority === authority) ?? none;
  }
}
const none: readonly never[] = [];
