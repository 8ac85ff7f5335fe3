import { Injectable } from '@nestjs/common';
import { BenchmarksService, ruleInWords } from '@hub/benchmarks';
import { Refusal } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { seriesKey } from '@hub/registry';
import type { SeenPattern } from './domain';
import { purposeFor } from './evidence.service';
import type { Seat } from './seats';

/** A pattern with the figure in which it is seen. */
export interface FoundPattern extends SeenPattern {
  readonly publication: { readonly id: string; readonly digest: Buffer };
  readonly series: string;
  readonly region: string;
}

/** What is unusual in the newest publications of some regions, as whoever acts may read them. */
@Injectable()
export class PatternFinder {
  constructor(private readonly benchmarks: BenchmarksService) {}

  /** The newest published quarter of the caller's own regions; null where there is none. */
  async newestQuarter(tx: Tx): Promise<string | null> {
    const [row] = (await tx.query(
      `select period from release.publication where state = 'current' and period_kind = 'quarter'
       order by period_from desc limit 1`,
    )) as { period: string }[];
    return row?.period ?? null;
  }

  async find(seat: Seat, regions: readonly string[], period: string): Promise<FoundPattern[]> {
    const found: FoundPattern[] = [];
    for (const region of regions) {
      try {
        const reading = { region, purpose: purposeFor(seat.covers, region) };
        const answer = await this.benchmarks.patterns(seat.member, reading, { dataset: null, only: null }, period);
        if (!answer) continue;
        const { head, digest } = answer.newest.publication;
        for (const one of answer.patterns) {
          if (one.authority === null) continue;
          found.push({
            indicator: one.indicator.code,
            name: one.indicator.name,
            categories: one.categories,
            text: ruleInWords(one),
            questions: one.indicator.challenge ?? [],
            authority: one.authority,
            publication: { id: head.id, digest },
            series: seriesKey(one.indicator.code, one.categories, 'count'),
            region,
          });
        }
      } catch (error) {
        // What no agreement opens to them has no patterns for them.
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return found;
  }
}
