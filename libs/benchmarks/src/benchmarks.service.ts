import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { keep, nearest, parsePeriod, periodsUntil, Refusal, type Period } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { PinnedFigures, PublicationsReader, type Asking, type PublicationHead, type Visit } from '@hub/publications'; // prettier-ignore
import {
  CATALOGUE,
  isAggregated,
  newestDataset,
  REGISTRY,
  type Catalogue,
  type Indicator,
  type Registry,
} from '@hub/registry';
import type { ControlOptions } from '@hub/statistics';
import {
  addedUp,
  changeBetween,
  charted,
  linesOf,
  Notes,
  patternsOf,
  type Change,
  type ChartedLine,
  type Commentary,
  type Endings,
  type HistoryMeasure,
  type Line,
  type LinesOfSeries,
  type Patterns,
  type Seen,
} from './domain';
import { Look, type Answer, type CommentaryShown, type Place, type Reading, type Sources } from './look';
import { commentaryAbout } from './remarks/commentary.store';
import { endingsIn } from './remarks/endings.store';
import { notesAbout } from './remarks/notes.store';

/** How far a benchmark looks back. */
export interface Back {
  /** So many periods before this one; null: none. */
  readonly back: number | null;
  /** The period that a change is told against; null: the one before, where `back` asks for one. */
  readonly against: string | null;
}

/** A benchmark with what was before it. */
export interface AnswerOverTime extends Answer {
  /** One for each authority that is shown by name, and the region's last; empty when nothing before is asked for. */
  readonly lines: readonly Line[];
  /** How each line has changed, by authority; null: the region. */
  readonly changes: ReadonlyMap<string | null, Change>;
}

export interface HistoryAnswer {
  readonly newest: Answer;
  readonly lines: readonly ChartedLine[];
  readonly measure: HistoryMeasure;
}

export interface PatternsAnswer extends Patterns {
  readonly newest: Answer;
  /** How those that were found before have ended. */
  readonly endings: Endings;
}

/** Nobody reads a chart of more periods, and rules over longer ones give false alarms. */
export const MOST_BACK = 36;

/** How many lists of patterns are kept; the oldest goes first. */
const MOST_FOUND = 200;

const noNotes = new Notes([]);

/** More indicators than the datasets of a period have. */
const MOST_SAID = 500;

const nothingBefore: Omit<AnswerOverTime, keyof Answer> = { lines: [], changes: new Map() };

/** Past periods that patterns are looked for in: two years of months. */
const PATTERN_PERIODS = 24;

@Injectable()
export class BenchmarksService {
  private readonly sources: Sources;
  /** What was found in publications, by their ids: they are frozen. Who may see them is asked every time. */
  private readonly found = new Map<string, Patterns>();

  constructor(
    private readonly publications: PublicationsReader,
    figures: PinnedFigures,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) registry: Registry,
  ) {
    this.sources = { publications, figures, catalogue, registry, answers: new WeakMap() };
  }

  /**
   * One indicator of one period across the region, out of its current publication, as far as an agreement in force lets the
   * reader see it for that purpose: the same few statements however many authorities there are.
   * @returns null when nothing of that period has been published, or nothing that is shared with the reader
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED | INDICATOR_ABSENT | AGREEMENT_NOT_COVERED | AGREEMENT_NOT_IN_FORCE
   */
  async benchmark(
    member: Member | null,
    reading: Reading,
    place: Place,
    periodText: string,
    over: Back,
  ): Promise<AnswerOverTime | null> {
    const period = parsePeriod(periodText);
    this.assertDataset(place.dataset);
    return this.look(member, reading, period, over, async ({ current, before, look, asking }) => {
      if (!current.length) return null;
      const head = current.find((one) => this.has(look, one, place));
      if (head) asking.subject = `${reading.region} ${place.indicator} ${period.text}`;
      const answer = head && (await look.at(head, place));
      if (!answer) throw this.absent(place.indicator, current.map((one) => look.datasetOf(one).indicators).flat()); // prettier-ignore
      return this.overTime(look, answer, place, period, over, before);
    });
  }

  /**
   * All indicators of one period, in the order of the dataset: a heat table. What no agreement covers is left out.
   * @param only  codes of indicators; null: all
   * @param categories  of this category those indicators that are broken down so; empty: the totals
   * @returns null when nothing of that period has been published
   * @throws Refusal as `benchmark`, and DATASET_ABSENT
   */
  async benchmarks(
    member: Member | null,
    reading: Reading,
    asked: {
      readonly dataset: string | null;
      readonly only: readonly string[] | null;
      readonly categories?: Place['categories'];
    },
    periodText: string,
    over: Back,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<{ rows: readonly AnswerOverTime[]; hasMore: boolean } | null> {
    const period = parsePeriod(periodText);
    this.assertDataset(asked.dataset);
    return this.look(member, reading, period, over, async ({ current, before, look, asking }) => {
      const places = current
        .filter(({ dataset }) => asked.dataset === null || dataset === asked.dataset)
        .flatMap((head) => look.datasetOf(head).indicators.map((indicator) => ({ head, indicator })));
      for (const code of asked.only ?? []) {
        if (!places.some(({ indicator }) => indicator.code === code)) throw this.absent(code, places.map(({ indicator }) => indicator)); // prettier-ignore
      }
      asking.subject = `${reading.region} ${asked.only?.length === 1 ? asked.only[0] : '*'} ${period.text}`;
      if (!current.length) return null;
      const wanted = places.filter(({ indicator }) => asked.only?.includes(indicator.code) ?? true);
      const from = page.after === null ? 0 : 1 + wanted.findIndex(({ head, indicator }) => cursorOf(head, indicator) === page.after); // prettier-ignore
      const rows: AnswerOverTime[] = [];
      let place = from;
      for (; place < wanted.length && rows.length < page.limit; place++) {
        const { head, indicator } = wanted[place]!;
        const one: Place = { indicator: indicator.code, categories: asked.categories ?? {} };
        const answer = asked.only ? await look.at(head, one) : await look.atIfCovered(head, one);
        if (!answer) continue;
        rows.push(await this.overTime(look, answer, one, period, over, before));
      }
      return { rows, hasMore: place < wanted.length };
    });
  }

  /**
   * One indicator over the periods until this one, each line with its control chart.
   * @param back  so many periods before it
   * @returns null when nothing of these periods has been published
   * @throws Refusal as `benchmark`
   */
  async history(
    member: Member | null,
    reading: Reading,
    place: Place,
    periodText: string,
    asked: { readonly back: number; readonly measure: HistoryMeasure; readonly authority: string | null },
    options: ControlOptions,
  ): Promise<HistoryAnswer | null> {
    const period = parsePeriod(periodText);
    this.assertDataset(place.dataset);
    return this.look(member, reading, period, { back: asked.back, against: null }, async ({ before, look, asking }) => {
      const having = before.filter((head) => this.has(look, head, place));
      if (!having.length) throw this.absent(place.indicator, before.filter(({ dataset }) => dataset === (place.dataset ?? dataset)).map((one) => look.datasetOf(one).indicators).flat()); // prettier-ignore
      asking.subject = `${reading.region} ${place.indicator} ${period.text}`;
      const { seen, newest } = await this.seenOf(look, having, place, periodsUntil(period, asked.back + 1));
      if (!newest) return null;
      const shown = trimmed(seen);
      const lines = linesOf(shown)
        .filter(({ authority }) => asked.authority === null || authority === null || authority === asked.authority)
        .map((line) =>
          addedUp(
            line,
            shown.map(({ period: one }) => one),
            newest.benchmark,
            asked.measure,
          ),
        ) // prettier-ignore
        .map((line) => charted(line, fitting(options, line)));
      return { newest, lines, measure: asked.measure };
    });
  }

  /**
   * What of a dataset is unusual at a period beside the two years before, in each authority and each category, and how much
   * of it chance would give.
   * @param only  codes of indicators; null: all
   * @returns null when nothing of these periods has been published
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
    this.assertDataset(asked.dataset);
    return this.look(member, reading, period, over, async ({ current, before, look, asking, tx, regionId }) => {
      asking.subject = `${reading.region} * ${period.text}`;
      const wanted = current.filter(({ dataset }) => asked.dataset === null || dataset === asked.dataset);
      const having = before.filter(({ dataset }) => wanted.some((one) => one.dataset === dataset));
      const key = look.seesAll(having, asked.only) && [asked.only?.join(' ') ?? '*', ...having.map(({ id }) => id)].join(' '); // prettier-ignore
      const kept = key ? this.found.get(key) : undefined;
      const { found, newest } = kept
        ? { found: kept, newest: await this.firstOf(look, wanted, asked.only) }
        : await this.lookForPatterns(look, wanted, having, asked.only, period);
      if (!newest) return null;
      if (key && !kept) keep(this.found, MOST_FOUND, key, found);
      return { ...found, newest, endings: await endingsIn(tx, regionId) };
    });
  }

  /**
   * What is said of a period, in the order of the datasets: of each indicator that an agreement lets the reader see, by the
   * region and by the authorities that are shown by name.
   * @param only  code of an indicator; null: all
   * @returns null when nothing of that period has been published
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED
   */
  async commentary(
    member: Member | null,
    reading: Reading,
    only: string | null,
    periodText: string,
  ): Promise<readonly CommentaryShown[] | null> {
    const asked = { dataset: null, only: null };
    const page = { limit: MOST_SAID, after: null };
    const found = await this.benchmarks(member, { ...reading, commentary: true }, asked, periodText, { back: null, against: null }, page); // prettier-ignore
    const said = found?.rows.flatMap(({ commentary }) => commentary) ?? null;
    return said && (only === null ? said : said.filter(({ commentary }) => commentary.indicator === only));
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
    const series: LinesOfSeries[] = [];
    let first: Answer | null = null;
    for (const head of current) {
      const dataset = look.datasetOf(head);
      const having = before.filter((one) => one.dataset === head.dataset);
      for (const indicator of dataset.indicators) {
        if (only && !only.includes(indicator.code)) continue;
        const dimensions = indicator.breakdowns.flatMap(({ dimension, categories }) =>
          (categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code)).map((category) => ({
            [dimension]: category,
          })),
        );
        for (const categories of [{}, ...dimensions]) {
          const place = { indicator: indicator.code, categories };
          const { seen, newest } = await this.seenOf(look, having, place, periods, true);
          first ??= newest;
          if (newest) series.push({ indicator, categories, lines: linesOf(seen) });
        }
      }
    }
    return { found: patternsOf(series), newest: first };
  }

  /** The first total that there is, for what is said of all. */
  private async firstOf(
    look: Look,
    heads: readonly PublicationHead[],
    only: readonly string[] | null,
  ): Promise<Answer | null> {
    // prettier-ignore
    for (const head of heads) {
      for (const { code } of look.datasetOf(head).indicators) {
        if (only && !only.includes(code)) continue;
        const answer = await look.atIfCovered(head, { indicator: code, categories: {} });
        if (answer) return answer;
      }
    }
    return null;
  }

  /** One transaction: the publications of the period and of those before it, the agreements, the work, and the records. */
  private async look<T>(
    member: Member | null,
    { region, purpose, ...asked }: Reading,
    period: Period,
    { back, against }: Back,
    work: (found: {
      current: readonly PublicationHead[];
      before: readonly PublicationHead[];
      look: Look;
      /** Its subject is told before an agreement is asked, so that a refusal names it. */
      asking: Asking;
      tx: Tx;
      regionId: number | null;
    }) => Promise<T | null>,
  ): Promise<T | null> {
    const visit = this.publications.visit(member, region, purpose);
    const most = this.periodsBack(period, back, against);
    return this.publications.as(visit, 'read.benchmark', async (tx, asking) => {
      const [oldest] = periodsUntil(period, most);
      // Together, for neither waits for the other.
      const [{ heads, agreements }, notes, commentary] = await Promise.all([
        most > 1
          ? this.publications.history(tx, visit, this.datasetsOf(period), period, most)
          : this.publications.current(tx, visit, period.text),
        asked.notes ? notesAbout(tx, visit.regionId, oldest!.from, period.until) : noNotes,
        asked.commentary ? commentaryAbout(tx, visit.regionId, period.from, period.until) : [],
      ]);
      if (!heads.length) return null;
      const current = heads.filter((head) => head.period === period.text);
      const named = await this.named(tx, visit, commentary, current);
      const look = new Look(this.sources, tx, visit, agreements, { notes, commentary, named });
      if (visit.belongs && most > 1) await this.publications.preload(tx, heads);
      const value = await work({ current, before: heads, look, asking, tx, regionId: visit.regionId });
      // They go with the commit, and where one fails, so does that.
      look.record(asking).catch(() => undefined);
      return value;
    });
  }

  /** The publications that a commentary names: at most one statement for their heads, and one for the documents that are not kept. */
  private async named(
    tx: Tx,
    visit: Visit,
    commentary: readonly Commentary[],
    known: readonly PublicationHead[],
  ): Promise<ReadonlyMap<string, PublicationHead>> {
    const ids = [...new Set(commentary.flatMap(({ figures }) => figures.map(({ publication }) => publication)))];
    const others = ids.filter((id) => !known.some((head) => head.id === id));
    const found = others.length ? await this.publications.byId(tx, visit, others) : [];
    if (visit.belongs && found.length) await this.publications.preload(tx, found);
    return new Map([...known, ...found].map((head) => [head.id, head]));
  }

  /** How many periods are looked at, this one with them. @throws Refusal REQUEST_MALFORMED | PERIOD_MALFORMED */
  private periodsBack(period: Period, back: number | null, against: string | null): number {
    const least = back ?? 0;
    if (!Number.isInteger(least) || least < 0 || least > MOST_BACK) {
      throw new Refusal('REQUEST_MALFORMED', { expected: `back from 0 to ${MOST_BACK}` });
    }
    if (against === null) return least + 1;
    const other = parsePeriod(against);
    const all = periodsUntil(period, MOST_BACK + 1);
    const away = all.length - 1 - all.findIndex(({ text }) => text === other.text);
    if (away < 1 || away === all.length) {
      throw new Refusal('REQUEST_MALFORMED', { expected: `an earlier ${period.kind}, ${MOST_BACK} before at most` });
    }
    return Math.max(least, away) + 1;
  }

  /** @throws Refusal DATASET_ABSENT */
  private assertDataset(dataset: string | null | undefined): void {
    if (typeof dataset === 'string') newestDataset(this.catalogue, dataset);
  }

  private datasetsOf({ kind }: Period): string[] {
    return [...new Set(this.catalogue.datasets.filter((one) => one.frequency === kind && isAggregated(one)).map(({ code }) => code))]; // prettier-ignore
  }

  private has(look: Look, head: PublicationHead, { indicator, dataset }: Place): boolean {
    if ((dataset ?? head.dataset) !== head.dataset) return false;
    return look.datasetOf(head).indicators.some(({ code }) => code === indicator);
  }

  private absent(asked: string, known: readonly Indicator[]): Refusal {
    // Longer texts are nobody's mistyped code.
    const text = asked.slice(0, 80).toLowerCase();
    const byCode = nearest(text.toUpperCase(), known.map(({ code }) => code)); // prettier-ignore
    const byName = nearest(text, known.map(({ name }) => name.toLowerCase())); // prettier-ignore
    const meant = byCode ?? known.find(({ name }) => name.toLowerCase() === byName)?.code;
    return new Refusal('INDICATOR_ABSENT', meant ? { nearest: meant } : {});
  }

  private async overTime(
    look: Look,
    answer: Answer,
    place: Place,
    period: Period,
    { back, against }: Back,
    before: readonly PublicationHead[],
  ): Promise<AnswerOverTime> {
    const most = this.periodsBack(period, back, against);
    if (most === 1) return { ...answer, ...nothingBefore };
    const having = before.filter(({ dataset }) => dataset === answer.publication.head.dataset);
    const { seen } = await this.seenOf(look, having, place, periodsUntil(period, most));
    const lines = linesOf(seen);
    const changes = new Map<string | null, Change>();
    for (const { authority, points } of lines) {
      const from = against === null ? points.at(-2) : points.find((point) => point.period === against);
      const change = changeBetween(from, points.at(-1));
      if (change) changes.set(authority, change);
    }
    const kept = back ?? 0;
    return { ...answer, lines: lines.map((line) => ({ ...line, points: line.points.slice(-kept - 1) })), changes };
  }

  /** One place in each of the periods, and the newest answer of them. */
  private async seenOf(
    look: Look,
    heads: readonly PublicationHead[],
    place: Place,
    periods: readonly Period[],
    onlyIfCovered = false,
  ): Promise<{ seen: Seen[]; newest: Answer | null }> {
    const seen: Seen[] = [];
    let newest: Answer | null = null;
    for (const period of [...periods].reverse()) {
      const head = heads.find((one) => one.period === period.text);
      // The newest says whether there is such a place; an earlier one that is not covered is a gap.
      const answer: Answer | null | undefined =
        head &&
        (newest || onlyIfCovered ? await look.atIfCovered(head, place, onlyIfCovered) : await look.at(head, place));
      newest ??= answer ?? null;
      seen.unshift({ period, benchmark: answer?.benchmark ?? null });
    }
    return { seen, newest };
  }
}

/** What a cursor of the heat table holds. */
export const cursorOf = ({ dataset }: Pick<PublicationHead, 'dataset'>, { code }: Pick<Indicator, 'code'>): string =>
  `${dataset} ${code}`;

/** Without the periods before anything was published. */
function trimmed(seen: readonly Seen[]): readonly Seen[] {
  const first = seen.findIndex(({ benchmark }) => benchmark !== null);
  return first < 0 ? [] : seen.slice(first);
}

/** Limits cannot be fixed on more points than there are. */
const fitting = (options: ControlOptions, { points }: Line): ControlOptions => {
  const { fixAfter, ...rest } = options;
  return fixAfter !== undefined && fixAfter <= points.length ? options : rest;
};
