import { Inject, Injectable } from '@nestjs/common';
import { Made } from '@hub/kernel';
import { CONFIG, toConnection, type Config, type Connection } from '@hub/platform';
import { viewOfPublication } from '@hub/publications';
import { RegistryKeys, type AuthorityView, type Indicator } from '@hub/registry';
import { colourOf, tenth } from '@hub/statistics';
import { indicatorOf } from './arguments';
import {
  countPoints,
  cursorOf,
  MOST_CHARTED,
  type AnswerOverTime,
  type Before,
  type HistoryAnswer,
} from './benchmarks.service';
import { coverageInWords, type AuthorityFigureView, type BenchmarkView, type SparkPointView } from './benchmarks.view';
import {
  bandInWords,
  controlShown,
  placeInWords,
  quartilesInWords,
  recentInWords,
  ruleInWords,
  type AuthorityFigure,
  type Benchmark,
  type Change,
  type ChartedLine,
  type HistoryPoint,
  type Notes,
  type Recent,
} from './domain';
import type { ControlPointView, HistoryView } from './history.view';
import { showsOf, type Answer, type Reading } from './look';
import { commentaryViewOf, type CommentaryView } from './remarks/commentary.view';
import { noteViewOf, type NoteView } from './remarks/notes.view';

/** Authorities and points of their lines in views that are kept, of single ones and of those in tables. */
const MOST_VIEWED = 100_000;
const weightOf = ({ authorities, before }: BenchmarkShown): number => authorities.length + countPoints(before.lines);

/** Of those that are shown, one authority alone where it is asked for. */
export const shownOf = <T extends { readonly authority: string | null }>(
  { authorities }: { readonly authorities: readonly T[] },
  only: string | null,
): readonly T[] => (only === null ? authorities : authorities.filter(({ authority }) => authority === only));

/**
 * Answers as the schema says them. A benchmark that is kept (whole and by name, `Look.whole`) has views that are kept with it, so that
 * what is written of them is known again (`knownTexts`); any other has views of its own, which nobody else is handed. What people
 * say beside figures may change at any time: where they have said anything, nothing is kept.
 */
@Injectable()
export class BenchmarkViews {
  private readonly ones = new Made<BenchmarkShown>(MOST_VIEWED, weightOf);
  private readonly tables = new Made<Connection<BenchmarkShown>>(MOST_VIEWED, ({ edges }) =>
    edges.reduce((sum, { node }) => sum + weightOf(node), 1),
  );
  private readonly histories = new Made<HistoryView>(MOST_CHARTED, ({ lines }) => countPoints(lines as never));

  constructor(
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param only  this authority alone; the region, its quartiles, ends and places are those of all */
  one(answer: AnswerOverTime, reading: Reading, only: string | null = null): BenchmarkShown {
    const make = () => this.make(answer, reading, only);
    if (!isFound(answer)) return make();
    return this.ones.of([answer.benchmark, answer.before], howOf(answer, reading, only), make);
  }

  table(
    { rows, hasMore }: { readonly rows: readonly AnswerOverTime[]; readonly hasMore: boolean },
    page: { readonly limit: number; readonly after: string | null },
    reading: Reading,
    only: string | null,
  ): Connection<BenchmarkShown> {
    const make = () => {
      const cursor = ({ publication: { head }, benchmark }: Answer) => cursorOf(head, benchmark.indicator);
      const connection = toConnection(rows, page, cursor, (row) => this.one(row, reading, only));
      return { ...connection, pageInfo: { ...connection.pageInfo, hasNextPage: hasMore } };
    };
    if (!rows.length || !rows.every(isFound)) return make();
    const hows = rows.map((row) => howOf(row, reading, only));
    const how = JSON.stringify([page, hasMore, hows.map((one, i) => (one === hows[i - 1] ? '' : one))]);
    return this.tables.of(
      rows.flatMap(({ benchmark, before }) => [benchmark, before]),
      how,
      make,
    );
  }

  /** @param asked  what takes time to compute, and whether it is asked for */
  history(
    { newest, lines, isKept, measure, choices, gaps }: HistoryAnswer,
    reading: Reading,
    asked: { readonly isCharted: boolean; readonly isRecent: boolean },
  ): HistoryView {
    const of = newest.benchmark.indicator;
    const make = () =>
      ({
        indicator: indicatorOf(of),
        unit: newest.benchmark.region.unit,
        measure,
        lines: lines.map((line) => ({
          authority: this.keys.authority(line.authority),
          points: asked.isCharted ? pointsOf(line, of) : line.points.map(covered),
          recent: asked.isRecent ? line.recent : null,
          isTrial: asked.isCharted && line.chart.isTrial,
          notes: this.notesOf(newest.notes, of.code, line.authority),
        })),
        choices: asked.isCharted ? [...new Set([...choices, ...lines.flatMap(({ chart }) => chart.choices)])] : [],
        gaps,
        questions: of.challenge ?? [],
        presentation: newest.publication.share.presentation,
        shows: showsOf(newest),
        handling: newest.publication.share.handling,
      }) as HistoryView;
    return isKept && isFound(newest)
      ? this.histories.of([lines], howOf(newest, reading, JSON.stringify([asked, choices, gaps])), make)
      : make();
  }

  private notesOf(notes: Notes, indicator: string, authority: string | null): readonly NoteView[] {
    const about = notes.about(indicator, authority);
    return about.length ? about.map((note) => noteViewOf(note, this.keys, this.config)) : none;
  }

  private make(answer: AnswerOverTime, reading: Reading, only: string | null): BenchmarkShown {
    const { benchmark, notes, commentary, before } = answer;
    const authorities = shownOf(benchmark, only).map((one) => {
      const { authority } = one;
      const said = this.notesOf(notes, benchmark.indicator.code, authority);
      return new AuthorityShown(this.keys.authority(authority), one, benchmark, before, said);
    });
    const spoken = commentary.map((one) => commentaryViewOf(one.commentary, one.figures, this.keys, this.config));
    return new BenchmarkShown(answer, reading, only, authorities, spoken, this.config.hubId);
  }
}

/** A benchmark as the schema says it; what is computed and what is said in words only where it is asked for. */
class BenchmarkShown implements BenchmarkView {
  constructor(
    private readonly answer: AnswerOverTime,
    private readonly reading: Reading,
    readonly only: string | null,
    readonly authorities: readonly AuthorityShown[],
    readonly commentary: readonly CommentaryView[],
    private readonly hubId: string,
  ) {}
  // A view of its own for each request: what is taken away of a publication is one look of whoever holds that view.
  get publication() {
    return viewOfPublication(this.hubId, this.answer.publication, this.reading);
  }
  /** Not of the schema, as the next two. */
  get before() {
    return this.answer.before;
  }
  get benchmark() {
    return this.answer.benchmark;
  }
  get noted() {
    return this.answer.notes;
  }
  get indicator() {
    return indicatorOf(this.benchmark.indicator);
  }
  get coverage() {
    return this.benchmark.coverage;
  }
  get region() {
    return this.benchmark.region;
  }
  get regionLimits() {
    return this.benchmark.regionLimits;
  }
  get regionChange() {
    return this.before.changes.get(null) ?? null;
  }
  get regionPoints() {
    return pointsIn(this.before, null);
  }
  get gaps() {
    return this.before.gaps;
  }
  get quartiles() {
    const { quartiles } = this.benchmark;
    return quartiles && { ...quartiles, text: quartilesInWords(quartiles) };
  }
  get together() {
    return this.benchmark.together;
  }
  get questions() {
    return this.benchmark.indicator.challenge ?? [];
  }
  get presentation() {
    return this.answer.publication.share.presentation;
  }
  get handling() {
    return this.answer.publication.share.handling;
  }
  get shows() {
    return showsOf(this.answer);
  }
}

/** One authority as the schema says it, in the same way. */
export class AuthorityShown implements AuthorityFigureView {
  constructor(
    readonly authority: AuthorityView | null,
    private readonly one: AuthorityFigure,
    /** Not of the schema: among whom it stands, as the reader sees them. */
    readonly all: Benchmark,
    private readonly before: Before,
    readonly notes: readonly NoteView[],
  ) {}
  get figure() {
    return this.one.figure;
  }
  get rank() {
    return this.one.rank;
  }
  get place() {
    return placeInWords(this.all, this.one);
  }
  get limits() {
    return this.one.limits;
  }
  get comparison() {
    return this.one.comparison;
  }
  get band() {
    return this.one.band;
  }
  get bandText() {
    return bandInWords(this.all, this.one);
  }
  // Of one who is shown without a name there is nothing before.
  get change(): Change | null {
    const { authority } = this.one;
    return (authority !== null && this.before.changes.get(authority)) || null;
  }
  get recent(): Recent | null {
    const { authority } = this.one;
    return authority === null ? null : this.before.recentOf(authority);
  }
  get recentText(): string | null {
    const { recent } = this;
    return recent && recentInWords(recent, this.all.indicator);
  }
  get points(): readonly SparkPointView[] {
    const { authority } = this.one;
    return authority === null ? [] : pointsIn(this.before, authority);
  }
}

const none: readonly never[] = [];

/** The periods of a line; null: the region's. */
const pointsIn = ({ lines }: Before, whose: string | null): SparkPointView[] =>
  (lines.find(({ authority }) => authority === whose)?.points ?? []).map(({ period, figure, coverage }) => ({
    period,
    kind: figure?.kind ?? null,
    value: figure?.value ?? null,
    coverage: coverageInWords(coverage),
  }));

/** Whether the next reader may be handed what is made of it: nothing else is kept, nor what people have said something of, where that was asked for. */
const isFound = ({ benchmark, isKept, notes, commentary }: Answer): boolean =>
  isKept && !notes.isAbout(benchmark.indicator.code) && !commentary.length;

/** What a view depends on beside the figures: handling and words are those of the agreement's version. */
function howOf({ publication: { head, share } }: Answer, { purpose }: Reading, more: string | null): string {
  const { id, version } = share.permit.agreement;
  return `${head.id} ${head.state} ${share.presentation} ${id} ${version} ${purpose} ${more}`;
}

const covered = (point: HistoryPoint) => ({
  period: point.period,
  figure: point.figure,
  limits: point.limits,
  coverage: coverageInWords(point.coverage),
});

function pointsOf({ points, chart }: ChartedLine, indicator: Indicator): ControlPointView[] {
  return points.map((point, i) => {
    const { limits, signal } = chart.points[i]!;
    const shown = limits ? controlShown(limits, indicator) : null;
    return {
      ...covered(point),
      mean: limits ? tenth(limits.mean) : null,
      control: shown && { lower: tenth(shown.lower), upper: tenth(shown.upper) },
      signal: signal
        ? { rule: signal.rule, meaning: colourOf(signal.direction, indicator.polarity), text: ruleInWords(signal) }
        : null,
    } as ControlPointView;
  });
}
