import { parsePeriod } from '@hub/kernel';
import type { Direction, Rule } from '@hub/statistics';
import { seriesKey } from '@hub/registry/domain';
import type { Pattern } from './patterns';

/** What comes of something unusual once people have talked about it; none where it is chance, or understood. */
export const patternEnds = ['support', 'challenge', 'evaluation', 'none'] as const;
export type PatternEnd = (typeof patternEnds)[number];

/** How a pattern ended, once: a later ending stands before it, and it is kept. */
export interface Ending {
  /** `RF01|source=police#count` */
  readonly series: string;
  /** Null: the region. */
  readonly authority: string | null;
  /** The rule that it met then; it may meet another one now. */
  readonly rule: Rule;
  /** In which direction the line was unusual; null of an ending of before this was kept. */
  readonly direction: Direction | null;
  /** The first period of the pattern, and the one at which it was told; null as `direction`. */
  readonly since: string;
  readonly until: string | null;
  readonly end: PatternEnd;
  readonly reason: string;
  /** In which role, and for which organisation. */
  readonly role: string;
  readonly of: string;
  readonly at: Date;
}

export const seriesOfPattern = ({ indicator, categories }: Pick<Pattern, 'indicator' | 'categories'>): string =>
  seriesKey(indicator.code, categories, 'count');

/**
 * How patterns ended. A line that is unusual in one direction over periods that overlap is one pattern: its rule and its first period
 * move as the limits are made of one more period.
 */
export class Endings {
  private readonly byLine = new Map<string, Ending[]>();

  /** @param all  the newest first */
  constructor(all: readonly Ending[]) {
    for (const one of all) {
      const key = lineOf(one);
      this.byLine.set(key, [...(this.byLine.get(key) ?? []), one]);
    }
  }

  /** The newest first; none where nobody has ended it yet. */
  of(pattern: Pattern): readonly Ending[] {
    const known = this.byLine.get(lineOf({ series: seriesOfPattern(pattern), authority: pattern.authority })) ?? [];
    return known.filter((one) => isOf(one, pattern));
  }
}

const lineOf = ({ series, authority }: Pick<Ending, 'series' | 'authority'>): string => `${series} ${authority ?? ''}`;

function isOf({ direction, since, until }: Ending, pattern: Pattern): boolean {
  if (direction !== null && direction !== pattern.direction) return false;
  const [first, last, begun, newest] = [since, until ?? since, pattern.since, pattern.period].map(parsePeriod);
  return first!.kind === newest!.kind && first!.from <= newest!.from && begun!.from <= last!.from;
}
