import { Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { Made, parsePeriod, periodsUntil, Refusal, type Period } from '@hub/kernel';
import { startOf } from '@hub/platform';
import type { PublicationHead } from '@hub/publications';
import {
  assertAuthority,
  breakdownAbsent,
  indicatorAbsent,
  placeAbsent,
  RegistryKeys,
  type Indicator,
} from '@hub/registry';
import type { ControlOptions } from '@hub/statistics';
import {
  addedUp,
  changeOver,
  isAskedAbout,
  charted,
  linesOf,
  measureOf,
  type Benchmark,
  type Break,
  type Change,
  type ChartedLine,
  type HistoryMeasure,
  type Line,
  type Recent,
  type Seen,
} from './domain';
import type { Answer, CommentaryShown, Look, Place, Reading } from './look';
import { LooksService, type Back, type Found, type Sought } from './looks.service';

/** What was before a benchmark: the same object for as long as it says the same. */
export interface Before {
  /** One for each authority that is shown by name, and the region's last; empty when nothing before is asked for. */
  readonly lines: readonly Line[];
  /** How each line has changed, by authority; null: the region. */
  readonly changes: ReadonlyMap<string | null, Change>;
  /** The recent trend of an authority that is shown by name; null where there is none, as of fewer than five periods. */
  recentOf(authority: string): Recent | null;
  /** Why periods that are looked back at are missing, in words; where it is asked for. */
  readonly gaps: readonly string[];
}

export interface AnswerOverTime extends Answer {
  /** Kept too where the answer is. */
  readonly before: Before;
}

export interface HistoryAnswer {
  readonly newest: Answer;
  /** The other publications that the lines are drawn from, newest first. */
  readonly earlier: readonly PublicationHead[];
  readonly lines: readonly ChartedLine[];
  /** Whether the next look finds these same lines. */
  readonly isKept: boolean;
  /** The one that was used. */
  readonly measure: HistoryMeasure;
  /** What to know of it, in words. */
  readonly choices: readonly string[];
  /** Why periods of it are missing, in words; where it is asked for. */
  readonly gaps: readonly string[];
}

/** Points of lines that are kept. */
export const MOST_CHARTED = 200_000;
export const countPoints = (lines: readonly Line[]): number =>
  lines.reduce((sum, { points }) => sum + points.length, 1);

const nothingBefore: Before = { lines: [], changes: new Map(), recentOf: () => null, gaps: [] };

@Injectable()
export class BenchmarksService {
  private readonly charted = new Made<readonly ChartedLine[]>(MOST_CHARTED, countPoints);
  private readonly befores = new Made<Before>(MOST_CHARTED, ({ lines }) => countPoints(lines));

  constructor(
    private readonly looks: LooksService,
    private readonly keys: RegistryKeys,
  ) {}

  /**
   * One indicator of one period across the region, out of its current publication, as far as an agreement in force lets the
   * reader see it for that purpose: the same few statements however many authorities there are.
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED | NOTHING_PUBLISHED for this period or the one before that it is held against |
   *   INDICATOR_ABSENT | AGREEMENT_NOT_COVERED | AGREEMENT_NOT_IN_FORCE
   */
  async benchmark(
    member: Member | null,
    reading: Reading,
    place: Place,
    periodText: string,
    over: Back,
  ): Promise<AnswerOverTime> {
    const period = parsePeriod(periodText);
    const sought = soughtIn(place);
    this.looks.assertDataset(sought.dataset);
    return this.looks.look(member, reading, period, sought, over, async (found) => {
      const { current, look, asking } = found;
      const head = current.find((one) => this.has(look, one, place));
      if (head) asking.subject = `${reading.region} ${place.indicator} ${period.text}`;
      const answer = head && (await look.at(head, place));
      if (!answer) throw await this.absent(found, period, place, current);
      if (over.against !== null) await this.assertPublished(found, over.against, [answer.publication.head]);
      return this.overTime(found, answer, place, over, reading);
    });
  }

  /**
   * All indicators of one period, in the order of the dataset: a heat table. What no agreement covers is left out.
   * @param only  codes of indicators; null: all
   * @param categories  of this category those indicators that are broken down so; empty: the totals
   * @param authority  the one that is looked for; null: all
   * @returns `earlier`: the publications that are looked back at
   * @throws Refusal as `benchmark`, DATASET_ABSENT, INDICATOR_ABSENT too where nothing is broken down so, and REQUEST_MALFORMED
   *   for a cursor that is not of this list
   */
  async benchmarks(
    member: Member | null,
    reading: Reading,
    asked: {
      readonly dataset: string | null;
      readonly only: readonly string[] | null;
      readonly categories?: Place['categories'];
      readonly authority: string | null;
    },
    periodText: string,
    over: Back,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<{ rows: readonly AnswerOverTime[]; earlier: readonly PublicationHead[]; hasMore: boolean }> {
    const period = parsePeriod(periodText);
    this.looks.assertDataset(asked.dataset);
    return this.looks.look(member, reading, period, asked, over, async (found) => {
      const { current, look, asking } = found;
      const heads = current.filter(({ dataset }) => asked.dataset === null || dataset === asked.dataset);
      if (!heads.length) throw await found.nothing(period, asked);
      const places = heads.flatMap((head) => look.datasetOf(head).indicators.map((indicator) => ({ head, indicator })));
      for (const code of asked.only ?? []) {
        if (places.some(({ indicator }) => indicator.code === code)) continue;
        throw await this.absent(found, period, { indicator: code, categories: {}, dataset: asked.dataset }, heads);
      }
      asking.subject = `${reading.region} ${asked.only?.length === 1 ? asked.only[0] : '*'} ${period.text}`;
      assertAuthority(asked.authority, heads, this.keys);
      if (over.against !== null) await this.assertPublished(found, over.against, heads);
      const wanted = places.filter(({ indicator }) => asked.only?.includes(indicator.code) ?? true);
      const categories = asked.categories ?? {};
      const isBroken = wanted.some(({ head, indicator }) =>
        look.hasPlace(head, { indicator: indicator.code, categories }),
      );
      if (wanted.length && !isBroken)
        throw breakdownAbsent(
          categories,
          wanted.map(({ head, indicator }) => ({ dataset: look.datasetOf(head), indicator })),
        );
      const cursors = wanted.map(({ head, indicator }) => cursorOf(head, indicator));
      let place = startOf(cursors, page);
      const rows: AnswerOverTime[] = [];
      for (; place < wanted.length && rows.length < page.limit; place++) {
        const { head, indicator } = wanted[place]!;
        const one: Place = { indicator: indicator.code, categories };
        const answer = await look.at(head, one, { ifCovered: asked.only === null });
        if (!answer) continue;
        rows.push(await this.overTime(found, answer, one, over, reading));
      }
      const earlier = found.before.filter(
        (head) => head.period !== period.text && heads.some(({ dataset }) => dataset === head.dataset),
      );
      return { rows, earlier, hasMore: place < wanted.length };
    });
  }

  /**
   * One indicator over the periods until this one, each line with its control chart.
   * @param back  so many periods before it
   * @throws Refusal as `benchmark`; NOTHING_PUBLISHED where nothing of all these periods is
   */
  async history(
    member: Member | null,
    reading: Reading,
    place: Place,
    periodText: string,
    asked: { readonly back: number; readonly measure: HistoryMeasure; readonly authority: string | null },
    options: ControlOptions,
  ): Promise<HistoryAnswer> {
    const period = parsePeriod(periodText);
    const sought = soughtIn(place);
    this.looks.assertDataset(sought.dataset);
    return this.looks.look(member, reading, period, sought, { back: asked.back, against: null }, async (found) => {
      const { before, look, asking } = found;
      const having = before.filter((head) => this.has(look, head, place));
      if (!having.length) throw await this.absent(found, period, place, before);
      asking.subject = `${reading.region} ${place.indicator} ${period.text}`;
      assertAuthority(asked.authority, having, this.keys);
      const { seen, newest, isKept } = await look.seen(having, place, periodsUntil(period, asked.back + 1));
      if (!newest) throw await this.absent(found, period, place, having);
      const shown = trimmed(seen);
      const periods = shown.map(({ period: one }) => one);
      const { indicator } = newest.benchmark;
      const { measure, choices } = measureOf(indicator, asked.measure, period.kind);
      const all = linesOf(shown);
      // Of one who is shown without a name a note says nothing, in the region's line either.
      const named = new Set(all.map((line) => line.authority));
      const breaks = newest.notes.breaksIn(indicator.code).filter((one) => named.has(one.authority));
      const make = () =>
        all
          .filter(({ authority }) => asked.authority === null || authority === null || authority === asked.authority)
          .map((line) =>
            measure === 'as-published'
              ? charted(line, indicator, fitting(options, line), breaks)
              : addedUp(line, periods, indicator, measure, breaks),
          );
      const lines = isKept
        ? this.charted.of(benchmarksIn(shown), howSeen(shown, [asked, options, breaks]), make)
        : make();
      const { fixAfter } = options;
      const isUnfixed = measure === 'as-published' && fixAfter !== undefined && fixAfter > shown.length;
      const drawn = new Set(shown.flatMap((one) => (one.benchmark ? one.period.text : [])));
      return {
        newest,
        earlier: having.filter((head) => head !== newest.publication.head && drawn.has(head.period)),
        lines,
        isKept,
        measure,
        choices: isUnfixed ? [...choices, notFixed(fixAfter, shown.length)] : choices,
        gaps: reading.gaps ? await gapsOf(found, newest, place, seen) : [],
      };
    });
  }

  /**
   * What is said of a period, in the order of the datasets: of each indicator that an agreement lets the reader see, by the
   * region and by the authorities that are shown by name.
   * @param only  code of an indicator; null: all
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED | NOTHING_PUBLISHED | INDICATOR_ABSENT
   */
  async commentary(
    member: Member | null,
    reading: Reading,
    only: string | null,
    periodText: string,
  ): Promise<readonly CommentaryShown[]> {
    const period = parsePeriod(periodText);
    const asked = { ...reading, commentary: true };
    const over = { back: null, against: null };
    const sought: Sought = { dataset: null, only: only === null ? null : [only] };
    return this.looks.look(member, asked, period, sought, over, async ({ current, look, asking }) => {
      const places = current.flatMap((head) =>
        look.datasetOf(head).indicators.map((indicator) => ({ head, indicator })),
      );
      const wanted = places.filter(({ indicator }) => only === null || indicator.code === only);
      if (!wanted.length)
        throw indicatorAbsent(
          only!,
          places.map(({ indicator }) => indicator),
        );
      asking.subject = `${reading.region} ${only ?? '*'} ${period.text}`;
      const said: CommentaryShown[] = [];
      for (const { head, indicator } of wanted) {
        if (!look.isSpokenOf(head, indicator.code)) continue;
        const answer = await look.at(head, { indicator: indicator.code, categories: {} }, { ifCovered: true });
        said.push(...(answer?.commentary ?? []));
      }
      return said;
    });
  }

  /** Why there is no such place: it is of a dataset that has no publication, or it is nowhere. */
  private async absent(
    { look, nothing }: Found,
    period: Period,
    place: Place,
    heads: readonly PublicationHead[],
  ): Promise<Refusal> {
    const having = heads.filter((head) => this.has(look, head, place));
    const [elsewhere] = having.length ? [] : this.looks.datasetsWith(period, place);
    if (elsewhere !== undefined) return nothing(period, { dataset: elsewhere, only: null });
    return placeAbsent(
      place,
      (having.length ? having : heads).map((head) => look.datasetOf(head)),
    );
  }

  /** @throws Refusal NOTHING_PUBLISHED where none of the datasets has a publication of an earlier period */
  private async assertPublished({ before, nothing }: Found, against: string, heads: readonly PublicationHead[]) {
    const isThere = before.some(
      ({ dataset, period }) => period === against && heads.some((head) => head.dataset === dataset),
    );
    if (!isThere) {
      const dataset = heads.length === 1 ? heads[0]!.dataset : null;
      throw await nothing(parsePeriod(against), { dataset, only: null });
    }
  }

  private has(look: Look, head: PublicationHead, { indicator, dataset }: Place): boolean {
    if ((dataset ?? head.dataset) !== head.dataset) return false;
    return look.datasetOf(head).indicators.some(({ code }) => code === indicator);
  }

  private async overTime(
    found: Found,
    answer: Answer,
    place: Place,
    { back, against }: Back,
    reading: Reading,
  ): Promise<AnswerOverTime> {
    if (!back && against === null) return { ...answer, before: nothingBefore };
    const having = found.before.filter(({ dataset }) => dataset === answer.publication.head.dataset);
    const { seen, isKept } = await found.look.seen(having, place, found.periods, { known: answer });
    const gaps = reading.gaps ? await gapsOf(found, answer, place, seen.slice(-(back ?? 0) - 1)) : [];
    const breaks = answer.notes.breaksIn(place.indicator);
    const heldAgainst = await found.look.heldAgainst(answer.publication.head);
    const printed = having.find(({ number }) => number === heldAgainst?.number)?.period;
    const confirms = (authority: string | null, from: string) =>
      from === printed && authority !== null && heldAgainst!.authorities.includes(authority);
    const make = () => ({ ...beforeOf(seen, answer.benchmark.indicator, { back, against }, breaks, confirms), gaps });
    if (!isKept || !answer.isKept) return { ...answer, isKept: false, before: make() };
    const before = this.befores.of(benchmarksIn(seen), howSeen(seen, [back, against, gaps, breaks]), make);
    return { ...answer, before };
  }
}

function beforeOf(
  seen: readonly Seen[],
  indicator: Indicator,
  { back, against }: Back,
  breaks: readonly Break[],
  confirms: (authority: string | null, from: string) => boolean,
): Omit<Before, 'gaps'> {
  const lines = linesOf(seen);
  const changes = new Map<string | null, Change>();
  for (const line of lines) {
    const change = changeOver(line, against ?? line.points.at(-2)?.period, indicator, breaks);
    if (!change) continue;
    const isConfirmed = confirms(line.authority, change.from) && isAskedAbout(line, change.from, indicator);
    changes.set(line.authority, isConfirmed ? { ...change, isConfirmed } : change);
  }
  const asked = (back ?? 0) + 1;
  const kept = seen.length <= asked ? lines : lines.map((line) => ({ ...line, points: line.points.slice(-asked) }));
  // What is kept is asked again: five limits of each of fifty indicators take longer than all else of a spine.
  const recents = new Map<Line, Recent | null>();
  return {
    lines: kept,
    changes,
    recentOf: (authority) => {
      const line = kept.find((one) => one.authority === authority);
      if (line && !recents.has(line)) recents.set(line, charted(line, indicator, {}, breaks).recent);
      return (line && recents.get(line)) ?? null;
    },
  };
}

const benchmarksIn = (seen: readonly Seen[]): Benchmark[] => seen.flatMap(({ benchmark }) => benchmark ?? []);

/** What is made of benchmarks over time depends on in which periods they are too. */
const howSeen = (seen: readonly Seen[], asked: unknown): string =>
  seen.reduce((how, { period, benchmark }) => `${how} ${period.text}${benchmark ? '' : ' -'}`, JSON.stringify(asked));

const gapsOf = (
  { gaps, look }: Found,
  { publication: { head } }: Answer,
  place: Place,
  seen: readonly Seen[],
): Promise<readonly string[]> =>
  gaps(
    head.dataset,
    seen.map(({ period }) => period),
    new Set(seen.flatMap(({ period, benchmark }) => (benchmark ? period.text : []))),
    (one) => look.hasPlace(one, place),
  );

const soughtIn = ({ indicator, dataset }: Place): Sought => ({ dataset: dataset ?? null, only: [indicator] });

const notFixed = (asked: number, points: number): string =>
  `Limits out of the first ${asked} points were asked for; there are ${points}, and the limits are out of all of them.`;

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
