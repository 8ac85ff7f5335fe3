import { Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { parsePeriod, periodsUntil } from '@hub/kernel';
import { PublicationsReader } from '@hub/publications';
import { BenchmarksService } from './benchmarks.service';
import { MOST_BACK } from './looks.service';
import { PatternsService, type PatternsAnswer } from './patterns.service';
import { changesOf, type Changes } from './domain';
import type { Answer, Reading } from './look';

/** What a lead looks at first: of the newest period of one dataset, what changed and whether it is chance. */
export interface MondayPart extends Changes {
  readonly newest: Answer;
  readonly patterns: PatternsAnswer | null;
}

const ALL = { limit: 200, after: null };

@Injectable()
export class MondayService {
  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly unusual: PatternsService,
    private readonly publications: PublicationsReader,
  ) {}

  /**
   * Of each dataset its newest published period beside the one published before it, the newest first: the same looks as the fields that it is made of, and so
   * the same agreements, presentation and records.
   * @throws Refusal as those
   */
  async monday(member: Member | null, reading: Reading): Promise<readonly MondayPart[]> {
    const visit = this.publications.visit(member, reading.region, reading.purpose);
    const newest = await this.publications.as(visit, 'read.benchmark', (tx) => this.publications.newest(tx, visit));
    const parts: MondayPart[] = [];
    for (const { dataset, period, before } of newest) {
      const asked = { dataset, only: null, authority: null };
      // Further back than anybody compares is not compared.
      const isNear = periodsUntil(parsePeriod(period), MOST_BACK + 1).some(({ text }) => text === before);
      const over = { back: null, against: isNear ? before : null };
      const table = await this.benchmarks.benchmarks(member, reading, asked, period, over, ALL);
      const [first] = table.rows;
      if (!first) continue;
      const patterns = await this.unusual.patterns(member, { ...reading, gaps: true }, { dataset, only: null }, period);
      parts.push({
        newest: first,
        ...changesOf(table.rows.map((row) => ({ ...row, changes: row.before.changes }))),
        patterns,
      });
    }
    return parts;
  }
}
