import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { capital, Refusal } from '@hub/kernel';
import type { PublicationHead } from '@hub/publications';
import {
  assertAuthority,
  CATALOGUE,
  loadEngland,
  namesOf,
  NEIGHBOUR_LISTS,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type NeighbourModel,
  type Neighbours,
  type Registry,
} from '@hub/registry';
import { TREND_POINTS } from '@hub/statistics';
import { BenchmarksService } from './benchmarks.service';
import {
  barOf,
  englandOf,
  funnelChartOf,
  funnelOf,
  isDrawn,
  isSent,
  isWholeOfItself,
  WHOLE_OF_ITSELF,
  whyNoFunnel,
  heatOf,
  LICENCE,
  publicationInWords,
  spineOf,
  timeOf,
  type Benchmark,
  type Chart,
  type ChartKind,
  type Told,
} from './domain';
import type { ChartView } from './charts.view';
import type { Answer, Place, Reading } from './look';

/** What a chart is asked for. */
export interface ChartAsked {
  readonly kind: ChartKind;
  readonly period: string;
  /** Of a bar, a line and a funnel, and of which category. */
  readonly indicator: string | null;
  readonly categories: Place['categories'];
  readonly dataset: string | null;
  /** Whose line or spine; in a bar chart and a funnel who is looked for. */
  readonly authority: string | null;
  /** Of a line: how many periods before this one. */
  readonly back: number;
  /** Of a spine: whose lists of neighbours. */
  readonly neighbours: NeighbourModel;
  readonly widened: boolean;
  /** Codes of those who are left out of the picture: of bars, a funnel or a heat table. */
  readonly without: readonly string[];
}

const nothingToDraw = (because: string) => new Refusal('NOTHING_TO_DRAW', { because });

/** @throws Refusal NOTHING_TO_DRAW */
function assertNotWhole({ benchmark }: Answer): void {
  if (isWholeOfItself(benchmark)) throw nothingToDraw(WHOLE_OF_ITSELF);
}

/**
 * Who is left out is shown by name, and not everybody is.
 * @throws Refusal AUTHORITY_ABSENT for a code that is not of the region in the period; NOTHING_TO_DRAW
 */
function assertSomeLeft(
  without: ReadonlySet<string>,
  kind: ChartKind,
  answers: readonly Answer[],
  keys: RegistryKeys,
): void {
  if (!without.size) return;
  const heads = answers.map(({ publication: { head } }) => head);
  for (const authority of without) assertAuthority(authority, heads, keys);
  const shown = answers.flatMap(({ benchmark: { authorities } }) => authorities);
  if (![...without].every((authority) => shown.some((one) => one.authority === authority)))
    throw nothingToDraw('who is to be left out is not shown to you by name');
  // A heat table has columns for those with names alone.
  const left = shown.filter(
    (one) => isDrawn({ without }, one.authority) && (kind !== 'heat' || one.authority !== null),
  );
  if (!left.some(({ figure }) => isSent(figure))) throw nothingToDraw('nobody who has sent a figure would be left');
}

const nothingBefore = { earlier: [], gaps: [] } as const;

/** More indicators than a dataset has. */
const ALL = { limit: 200, after: null };

/** Pictures of what the reader may see: each is drawn from the same answer as the fields beside it, and leaves its record. */
@Injectable()
export class ChartsService {
  private readonly england = loadEngland();
  private readonly names: (code: string) => string | undefined;

  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly keys: RegistryKeys,
    @Inject(NEIGHBOUR_LISTS) private readonly lists: Neighbours,
    @Inject(REGISTRY) registry: Registry,
    @Inject(CATALOGUE) catalogue: Catalogue,
  ) {
    this.names = namesOf(registry, catalogue);
  }

  /**
   * @throws Refusal REQUEST_MALFORMED where the kind needs an indicator or an authority, NOTHING_TO_DRAW with the reason, and what
   *   the answers throw
   */
  async chart(member: Member | null, reading: Reading, asked: ChartAsked): Promise<ChartView> {
    const { chart, told } = await this.drawn(member, reading, asked);
    return { ...chart, source: told.source, handling: told.handling, licence: LICENCE };
  }

  private async drawn(
    member: Member | null,
    reading: Reading,
    {
      kind,
      period,
      indicator,
      categories,
      dataset,
      authority,
      back,
      neighbours,
      widened,
      without: leftOut,
    }: ChartAsked,
  ): Promise<{ chart: Chart; told: Told }> {
    const over = { back: null, against: null };
    const without = new Set(leftOut);
    if (without.size && (kind === 'line' || kind === 'spine'))
      throw new Refusal('REQUEST_MALFORMED', { expected: 'without of a BAR, FUNNEL or HEAT' });
    if (kind === 'heat' || kind === 'spine') {
      if (Object.keys(categories).length)
        throw new Refusal('REQUEST_MALFORMED', { expected: 'breakdown of a BAR, LINE or FUNNEL' });
      if (kind === 'spine' && authority === null) throw new Refusal('REQUEST_MALFORMED', { expected: 'an authority' });
      const found = await this.benchmarks.benchmarks(
        member,
        reading,
        { dataset, only: null, authority },
        period,
        kind === 'spine' ? { ...over, back: TREND_POINTS - 1 } : over,
        ALL,
      );
      if (!found.rows.length) throw nothingToDraw('no agreement shows you an indicator of this period');
      const all: readonly Benchmark[] = found.rows.map(({ benchmark }) => benchmark);
      assertSomeLeft(without, kind, found.rows, this.keys);
      if (kind === 'heat') {
        const told = { ...this.told(reading, period, found.rows), without };
        return { told, chart: heatOf(all, told) };
      }
      const trends = new Map(
        found.rows.map(({ benchmark, before, publication: { head } }) => {
          return [benchmark, { of: before.recentOf(authority!), dataset: head.dataset }];
        }),
      );
      // A trend is of all the periods that are looked back at.
      const moving = [...trends.values()].flatMap(({ of, dataset: one }) => (of ? one : []));
      const earlier = found.earlier.filter((head) => moving.includes(head.dataset));
      const told = {
        ...this.told(reading, period, found.rows, { earlier, gaps: [] }),
        recentOf: (benchmark: Benchmark) => trends.get(benchmark)?.of ?? null,
      };
      return { told, chart: spineOf(all, authority!, told, this.lists, neighbours) };
    }
    if (indicator === null) throw new Refusal('REQUEST_MALFORMED', { expected: 'an indicator' });
    const place = { indicator, categories, dataset };
    if (kind === 'line') {
      const asked = { back, measure: 'as-published', authority } as const;
      const found = await this.benchmarks.history(member, { ...reading, gaps: true }, place, period, asked, {});
      const line = found.lines.find((one) => one.authority === authority);
      if (!line) throw nothingToDraw('the authority is not shown to you by name');
      const { newest, earlier } = found;
      assertNotWhole(newest);
      const told = this.told(reading, period, [newest], { earlier, gaps: found.gaps });
      return { told, chart: timeOf(line, newest.benchmark, told) };
    }
    const answer = await this.benchmarks.benchmark(member, reading, place, period, over);
    assertAuthority(authority, [answer.publication.head], this.keys);
    const told = { ...this.told(reading, period, [answer]), without };
    assertNotWhole(answer);
    if (!answer.benchmark.authorities.some(({ figure }) => isSent(figure)))
      throw nothingToDraw('nobody whom you are shown has sent a figure of it');
    assertSomeLeft(without, kind, [answer], this.keys);
    if (kind === 'bar') return { told, chart: barOf(answer.benchmark, told, authority) };
    const funnel = funnelOf(answer.benchmark, widened, (one) => isDrawn(told, one));
    if (!funnel) throw nothingToDraw(whyNoFunnel(answer.benchmark)!);
    return { told, chart: funnelChartOf(answer.benchmark, funnel, told, authority) };
  }

  /**
   * A heat table may hold several publications, each with its agreement.
   * @param before  of a line and of trends the publications of their other values, newest first; and which periods of a line are missing
   */
  private told(
    { region }: Reading,
    period: string,
    answers: readonly Answer[],
    {
      earlier,
      gaps,
    }: { readonly earlier: readonly PublicationHead[]; readonly gaps: readonly string[] } = nothingBefore,
  ): Told {
    const each = (of: (answer: Answer) => string) => [...new Set(answers.map(of))];
    const nameOf = (authority: string) => this.keys.authorityName(authority);
    const sources = each(
      ({ publication: { head, revised, digest } }) =>
        `${capital(publicationInWords({ ...head, revised }, nameOf))}, digest ${digest.toString('hex')}`,
    );
    const before = earlier.map((head) => `${head.number} of ${head.period} (${head.edition})`).join(', ');
    return {
      region: this.keys.regionName(region) ?? region,
      period,
      source: [...sources, ...(earlier.length ? [`Values before: publications ${before}`] : [])].join('. '),
      handling: each(({ publication }) => publication.share.handling).join(' '),
      notes: answers[0]!.notes,
      gaps,
      englandOf: ({ indicator, categories }) => englandOf(this.england, indicator, categories, period),
      indicatorName: (code) => this.names(code) ?? code,
      nameOf,
    };
  }
}
