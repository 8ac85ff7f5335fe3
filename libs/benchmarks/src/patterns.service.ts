import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { parsePeriod, periodsUntil, sha256, Shelf, type Period } from '@hub/kernel';
import type { PublicationHead } from '@hub/publications';
import { indicatorAbsent } from '@hub/registry';
import { foundIn, linesOf, together, type Endings, type LinesOfSeries, type Patterns } from './domain';
import type { Answer, Look, Reading } from './look';
import { LooksService } from './looks.service';
import { endingsIn } from './remarks/endings.store';

export interface PatternsAnswer extends Patterns {
  readonly newest: Answer;
  /** How those that were found before have ended. */
  readonly endings: Endings;
  /** Why periods that were looked back at are missing, in words; where it is asked for. */
  readonly gaps: readonly string[];
}

/** Patterns that are kept, half a kilobyte each. */
const MOST_FOUND = 50_000;

/**
 * Periods that patterns are looked for in, the newest with them: two years of months. Of quarters they are six years, for the rules want
 * twelve points, and of two years there are eight.
 */
const PATTERN_PERIODS = 24;

@Injectable()
export class PatternsService {
  /**
   * What was found of each indicator in publications, by their ids: they are frozen. Who may see them is asked every time. By the
   * indicator, so that nobody makes the same be found again by asking for others beside it.
   */
  private readonly found = new Shelf<Patterns>(MOST_FOUND, ({ patterns }) => 1 + patterns.length);

  constructor(private readonly looks: LooksService) {}

  /**
   * What of a dataset is unusual at a period beside up to 23 periods before it, in each authority and each category, and how much
   * of it chance would give.
   * @param only  codes of indicators; null: all
   * @returns null when nothing that is shared with the reader is in them
   * @throws Refusal as `benchmark`, and DATASET_ABSENT
   */
  async patterns(
    member: Member | null,
    reading: Reading,
    asked: { readonly dataset: string | null; readonly only: readonly string[] | null },
    periodText: string,
  ): Promise<PatternsAnswer | null> {
    const period = parsePeriod(periodText);
    const over = { back: PATTERN_PERIODS - 1, against: null };
    this.looks.assertDataset(asked.dataset);
    return this.looks.look(member, reading, period, asked, over, async (looking) => {
      const { current, before, look, asking, tx, regionId } = looking;
      asking.subject = `${reading.region} * ${period.text}`;
      const wanted = current.filter(({ dataset }) => asked.dataset === null || dataset === asked.dataset);
      if (!wanted.length) throw await looking.nothing(period, asked);
      const known = wanted.flatMap((head) => look.datasetOf(head).indicators);
      const unknown = asked.only?.find((code) => !known.some((one) => one.code === code));
      if (unknown !== undefined) throw indicatorAbsent(unknown, known);
      const having = before.filter(({ dataset }) => wanted.some((one) => one.dataset === dataset));
      const { found, newest } = await this.lookForPatterns(look, wanted, having, asked.only, period);
      if (!newest) return null;
      const gaps: string[] = [];
      for (const { dataset } of reading.gaps ? wanted : []) {
        const seen = having.filter((head) => head.dataset === dataset && look.showsAny(head, asked.only));
        const said = await looking.gaps(
          dataset,
          periodsUntil(period, PATTERN_PERIODS),
          new Set(seen.map((head) => head.period)),
          (head) => look.datasetOf(head).indicators.some(({ code }) => asked.only?.includes(code) ?? true),
        );
        gaps.push(...said.map((one) => (wanted.length > 1 ? `${dataset}: ${one}` : one)));
      }
      return { ...found, newest, endings: await endingsIn(tx, regionId), gaps };
    });
  }

  /** Every line of some publications and of those before them. */
  private async lookForPatterns(
    look: Look,
    current: readonly PublicationHead[],
    before: readonly PublicationHead[],
    only: readonly string[] | null,
    period: Period,
  ): Promise<{ found: Patterns; newest: Answer | null }> {
    const periods = periodsUntil(period, PATTERN_PERIODS);
    const parts: Patterns[] = [];
    let first: Answer | null = null;
    for (const head of current) {
      const dataset = look.datasetOf(head);
      const having = before.filter((one) => one.dataset === head.dataset);
      const ids = having.map(({ id }) => id).join(' ');
      for (const indicator of dataset.indicators) {
        if (only && !only.includes(indicator.code)) continue;
        const breaks = look.notes.breaksIn(indicator.code);
        const key =
          look.seesAll(having, [indicator.code]) &&
          sha256(JSON.stringify([indicator.code, period.text, ids, breaks])).toString('base64url');
        const kept = key ? this.found.find(key) : undefined;
        if (kept) {
          parts.push(kept);
          continue;
        }
        const dimensions = indicator.breakdowns.flatMap(({ dimension, categories }) =>
          (categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code)).map((category) => ({
            [dimension]: category,
          })),
        );
        const series: LinesOfSeries[] = [];
        for (const categories of [{}, ...dimensions]) {
          const place = { indicator: indicator.code, categories };
          const { seen, newest } = await look.seen(having, place, periods, { passing: true });
          first ??= newest;
          if (newest) series.push({ indicator: newest.benchmark.indicator, categories, lines: linesOf(seen), breaks });
        }
        const found = foundIn(series);
        parts.push(key ? this.found.keep(key, found) : found);
        // Others' requests come in between.
        await setImmediate();
      }
    }
    return { found: together(parts), newest: (await this.firstOf(look, current, only)) ?? first };
  }

  /** The first total that there is, for what is said of all. */
  private async firstOf(
    look: Look,
    heads: readonly PublicationHead[],
    only: readonly string[] | null,
  ): Promise<Answer | null> {
    for (const head of heads) {
      for (const { code } of look.datasetOf(head).indicators) {
        if (only && !only.includes(code)) continue;
        const answer = await look.at(head, { indicator: code, categories: {} }, { ifCovered: true });
        if (answer) return answer;
      }
    }
    return null;
  }
}
