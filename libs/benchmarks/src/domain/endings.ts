import type { Rule } from '@hub/statistics';
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
  readonly rule: Rule;
  /** The first period of the pattern. */
  readonly since: string;
  readonly end: PatternEnd;
  readonly reason: string;
  /** In which role, and for which organisation. */
  readonly role: string;
  readonly of: string;
  readonly at: Date;
}

export const seriesOfPattern = ({ indicator, categories }: Pick<Pattern, 'indicator' | 'categories'>): string =>
  seriesKey(indicator.code, categories, 'count');

/** How patterns ended: the same rule met by the same line since the same period is the same pattern. */
export class Endings {
  private readonly byPattern = new Map<string, Ending[]>();

  /** @param all  the newest first */
  constructor(all: readonly Ending[]) {
    for (const one of all) {
      const key = keyOf(one);
      this.byPattern.set(key, [...(this.byPattern.get(key) ?? []), one]);
    }
  }

  /** The newest first; none where nobody has ended it yet. */
  of(pattern: Pattern): readonly Ending[] {
    const { authority, rule, since } = pattern;
    return this.byPattern.get(keyOf({ series: seriesOfPattern(pattern), authority, rule, since })) ?? [];
  }
}

const keyOf = ({ series, authority, rule, since }: Pick<Ending, 'series' | 'authority' | 'rule' | 'since'>): string =>
  [series, authority ?? '', rule, since].join(' ');
