import { Injectable } from '@nestjs/common';
import {
  BenchmarksService,
  charted,
  heatOf,
  PatternsService,
  patternsOf,
  ruleInWords,
  timeOf,
  type Answer,
  type Benchmark,
  type Chart,
  type HistoryAnswer,
  type Notes,
  type Told,
} from '@hub/benchmarks';
import { unlessRefused } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import type { SeenPattern } from './domain';
import { purposeFor, type LinePlace, type SeenByAll } from './evidence.service';
import type { Seat } from './seats';

/** A pattern and the region in whose publications it is seen. */
export interface FoundPattern extends SeenPattern {
  readonly region: string;
}

/** How many periods a line of a chart has, the newest with them: as many as patterns are looked for in. */
export const LINE_PERIODS = 24;
/** With fewer printed periods there is nothing to see. */
const LEAST_PRINTED = 3;

/** What is unusual in the newest publications of some regions, as whoever acts may read them, and how it looks. */
@Injectable()
export class PatternFinder {
  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly unusual: PatternsService,
    private readonly keys: RegistryKeys,
  ) {}

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
      const answer = await unlessRefused(() =>
        this.unusual.patterns(seat.member, this.reading(seat, region), { dataset: null, only: null }, period),
      );
      for (const one of answer?.patterns ?? []) {
        if (one.authority === null) continue;
        found.push({
          indicator: one.indicator.code,
          name: one.indicator.name,
          categories: one.categories,
          text: ruleInWords(one),
          questions: one.indicator.challenge ?? [],
          authority: one.authority,
          region,
        });
      }
    }
    return found;
  }

  /**
   * A line until a period with its control chart, of the periods alone that are seen.
   * @param seen      by all who get it: the others are gaps, and mean and limits are made without them; of those of which not all
   *   see the whole publication hidden figures have no interval
   * @param handling  the line that stands under it
   * @returns the chart, and what of it is unusual at its end, in words; null where too little is printed
   */
  async chart(
    seat: Seat,
    { region, indicator, categories, authority }: LinePlace,
    period: string,
    seen: ReadonlyMap<string, SeenByAll>,
    handling: string,
  ): Promise<{ readonly chart: Chart; readonly unusual: string | null } | null> {
    const asked = { back: LINE_PERIODS - 1, measure: 'as-published', authority } as const;
    const answer = await unlessRefused<HistoryAnswer | null>(() =>
      this.benchmarks.history(
        seat.member,
        { ...this.reading(seat, region), notes: true },
        { indicator, categories },
        period,
        asked,
        {},
      ),
    );
    const whole = answer?.lines.find((line) => line.authority === authority);
    if (!answer || !whole) return null;
    const points = whole.points.map((point) => {
      const told = seen.get(point.period);
      if (!told) return { ...point, figure: null, limits: null, base: null, coverage: null };
      if (told.isWhole) return point;
      const { limits, figure } = point;
      return { ...point, limits, figure: figure && { ...figure, between: null } };
    });
    if (points.filter(({ figure }) => figure?.value !== null && figure?.value !== undefined).length < LEAST_PRINTED) {
      return null;
    }
    const { benchmark, publication, notes } = answer.newest;
    const named = new Set(answer.lines.map((line) => line.authority));
    const breaks = notes.breaksIn(benchmark.indicator.code).filter((one) => named.has(one.authority));
    const line = charted({ authority, points }, benchmark.indicator, {}, breaks);
    const [pattern] = patternsOf([{ indicator: benchmark.indicator, categories, lines: [line], breaks }]).patterns;
    const chart = timeOf(line, benchmark, this.told(region, period, [publication.head.number], handling, notes));
    return { chart, unusual: pattern ? ruleInWords(pattern) : null };
  }

  /** The totals of an indicator in a period, as whoever acts may read them; null where they may not. */
  async totals(seat: Seat, region: string, indicator: string, period: string): Promise<Answer | null> {
    const reading = { ...this.reading(seat, region), notes: true };
    const over = { back: null, against: null };
    return unlessRefused<Answer | null>(() =>
      this.benchmarks.benchmark(seat.member, reading, { indicator, categories: {} }, period, over),
    );
  }

  /**
   * Figures of authorities beside their region's, with limits.
   * @param shown  what all who get it may see of each answer
   */
  figures(
    region: string,
    period: string,
    shown: readonly { readonly answer: Answer; readonly benchmark: Benchmark }[],
    handling: string,
  ): Chart {
    const numbers = [...new Set(shown.map(({ answer }) => answer.publication.head.number))];
    const told = this.told(region, period, numbers, handling, shown[0]!.answer.notes);
    return heatOf(
      shown.map(({ benchmark }) => benchmark),
      told,
    );
  }

  private told(region: string, period: string, numbers: readonly number[], handling: string, notes: Notes): Told {
    return {
      region: this.keys.regionName(region) ?? region,
      period,
      source: numbers.map((number) => `Publication ${number}`).join('. '),
      handling,
      notes,
      englandOf: () => null,
      nameOf: (code) => this.keys.authorityName(code),
    };
  }

  private reading(seat: Seat, region: string) {
    return { region, purpose: purposeFor(seat.covers, region) };
  }
}
