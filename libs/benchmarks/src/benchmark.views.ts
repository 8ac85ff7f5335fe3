import { Inject, Injectable } from '@nestjs/common';
import { Made } from '@hub/kernel';
import { CONFIG, toConnection, type Config, type Connection } from '@hub/platform';
import { viewOfPublication } from '@hub/publications';
import { RegistryKeys, type AuthorityView, type Indicator } from '@hub/registry';
import { colourOf, tenth } from '@hub/statistics';
import { indicatorOf } from './arguments';
import { cursorOf, MOST_CHARTED, pointsIn, type AnswerOverTime, type HistoryAnswer } from './benchmarks.service';
import {
  coverageInWords,
  type BenchmarkView,
  type ControlPointView,
  type HistoryView,
  type SparkPointView,
} from './benchmarks.view';
import {
  bandInWords,
  controlShown,
  placeInWords,
  quartilesInWords,
  ruleInWords,
  type AuthorityFigure,
  type Benchmark,
  type Change,
  type ChartedLine,
  type HistoryPoint,
  type Notes,
} from './domain';
import type { Answer, Reading } from './look';
import { commentaryViewOf } from './remarks/commentary.view';
import { noteViewOf, type NoteView } from './remarks/notes.view';

/** Authorities and points of their lines in views that are kept, of single ones and of those in tables. */
const MOST_VIEWED = 100_000;
const weightOf = ({ authorities }: BenchmarkView): number =>
  authorities.reduce((sum, { points }) => sum + 1 + points.length, 1);

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
  private readonly ones = new Made<BenchmarkView>(MOST_VIEWED, weightOf);
  private readonly tables = new Made<Connection<BenchmarkView>>(MOST_VIEWED, ({ edges }) =>
    edges.reduce((sum, { node }) => sum + weightOf(node), 1),
  );
  private readonly histories = new Made<HistoryView>(MOST_CHARTED, ({ lines }) => pointsIn(lines as never));

  constructor(
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param only  this authority alone; the region, its quartiles, ends and places are those of all */
  one(answer: AnswerOverTime, reading: Reading, only: string | null = null): BenchmarkView {
    const make = () => this.make(answer, reading, only);
    if (!isFound(answer)) return make();
    return this.ones.of([answer.benchmark, answer.before], howOf(answer, reading, only), make);
  }

  table(
    { rows, hasMore }: { readonly rows: readonly AnswerOverTime[]; readonly hasMore: boolean },
    page: { readonly limit: number; readonly after: string | null },
    reading: Reading,
    only: string | null,
  ): Connection<BenchmarkView> {
    const views = new Map(rows.map((row) => [row, this.one(row, reading, only)]));
    const make = () => {
      const cursor = ({ publication: { head }, benchmark }: Answer) => cursorOf(head, benchmark.indicator);
      const connection = toConnection(rows, page, cursor, (row) => views.get(row)!);
      return { ...connection, pageInfo: { ...connection.pageInfo, hasNextPage: hasMore } };
    };
    return rows.length && rows.every(isFound)
      ? this.tables.of([...views.values()], JSON.stringify([page, hasMore]), make)
      : make();
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
        presentation: newest.presentation,
        shows: newest.shows,
        handling: newest.publication.share.handling,
      }) as HistoryView;
    return isKept && isFound(newest)
      ? this.histories.of([lines], howOf(newest, reading, JSON.stringify([asked, choices, gaps])), make)
      : make();
  }

  private notesOf(notes: Notes, indicator: string, authority: string | null): NoteView[] {
    return notes.about(indicator, authority).map((note) => noteViewOf(note, this.keys, this.config));
  }

  private make(answer: AnswerOverTime, reading: Reading, only: string | null): BenchmarkView {
    const { benchmark, publication, presentation, shows, notes } = answer;
    const { lines, changes } = answer.before;
    const pointsOfLine = (authority: string | null): SparkPointView[] =>
      (lines.find((line) => line.authority === authority)?.points ?? []).map(({ period, figure, coverage }) => ({
        period,
        kind: figure?.kind ?? null,
        value: figure?.value ?? null,
        coverage: coverageInWords(coverage),
      }));
    const { hubId } = this.config;
    return {
      // A view of its own for each request: what is taken away of a publication is one look of whoever holds that view.
      get publication() {
        return viewOfPublication(hubId, publication, reading);
      },
      indicator: indicatorOf(benchmark.indicator),
      coverage: benchmark.coverage,
      authorities: shownOf(benchmark, only).map(
        (one) =>
          new AuthorityShown(
            this.keys.authority(one.authority),
            one,
            benchmark,
            (one.authority !== null && changes.get(one.authority)) || null,
            one.authority === null ? [] : pointsOfLine(one.authority),
            this.notesOf(notes, benchmark.indicator.code, one.authority),
          ),
      ),
      region: benchmark.region,
      get regionLimits() {
        return benchmark.regionLimits;
      },
      regionChange: changes.get(null) ?? null,
      regionPoints: pointsOfLine(null),
      gaps: answer.before.gaps,
      get quartiles() {
        const { quartiles } = benchmark;
        return quartiles && { ...quartiles, text: quartilesInWords(quartiles) };
      },
      together: benchmark.together,
      questions: benchmark.indicator.challenge ?? [],
      commentary: answer.commentary.map((one) => commentaryViewOf(one.commentary, one.figures, this.keys, this.config)),
      presentation,
      handling: publication.share.handling,
      shows,
      benchmark,
      only,
      noted: notes,
    } as BenchmarkView;
  }
}

/** One authority as the schema says it; what is computed of its figure, and what is said in words, only where it is asked for. */
export class AuthorityShown {
  constructor(
    readonly authority: AuthorityView | null,
    private readonly one: AuthorityFigure,
    /** Not of the schema: among whom it stands, as the reader sees them. */
    readonly all: Benchmark,
    readonly change: Change | null,
    readonly points: readonly SparkPointView[],
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
}

/** Whether the next reader may be handed what is made of it: nothing else is kept, nor what people have said something of, where that was asked for. */
const isFound = ({ benchmark, isKept, notes, commentary }: Answer): boolean =>
  isKept && !notes.isAbout(benchmark.indicator.code) && !commentary.length;

/** What a view depends on beside the figures: handling and words are those of the agreement's version. */
function howOf(
  { publication: { head, share }, presentation }: Answer,
  { purpose }: Reading,
  more: string | null,
): string {
  const { id, version } = share.permit.agreement;
  return `${head.id} ${head.state} ${presentation} ${id} ${version} ${purpose} ${more}`;
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
