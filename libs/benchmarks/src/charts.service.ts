import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { NEIGHBOUR_LISTS, RegistryKeys, type NeighbourModel, type Neighbours } from '@hub/registry';
import { BenchmarksService } from './benchmarks.service';
import {
  barOf,
  funnelChartOf,
  funnelOf,
  heatOf,
  spineOf,
  timeOf,
  type Benchmark,
  type Chart,
  type ChartKind,
  type Told,
} from './domain';
import type { Answer, Place, Reading } from './look';

/** What a chart is asked for. */
export interface ChartAsked {
  readonly kind: ChartKind;
  readonly period: string;
  /** For a bar, a line and a funnel. */
  readonly place: Place | null;
  readonly dataset: string | null;
  /** Whose line or spine; in a bar chart who is looked for. */
  readonly authority: string | null;
  /** Of a line: how many periods before this one. */
  readonly back: number;
  /** Of a spine: whose lists of neighbours. */
  readonly neighbours: NeighbourModel;
  readonly widened: boolean;
}

/** More indicators than a dataset has. */
const ALL = { limit: 200, after: null };

/** Pictures of what the reader may see: each is drawn from the same answer as the fields beside it, and leaves its record. */
@Injectable()
export class ChartsService {
  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly keys: RegistryKeys,
    @Inject(NEIGHBOUR_LISTS) private readonly lists: Neighbours,
  ) {}

  /**
   * @returns null when nothing of the period has been published, or there is nothing to draw
   * @throws Refusal REQUEST_MALFORMED where the kind needs an indicator or an authority, and what the answers throw
   */
  async chart(
    member: Member | null,
    reading: Reading,
    asked: ChartAsked,
  ): Promise<(Chart & { readonly handling: string }) | null> {
    const drawn = await this.drawn(member, reading, asked);
    return drawn && { ...drawn.chart, handling: drawn.answer.publication.share.handling };
  }

  private async drawn(
    member: Member | null,
    reading: Reading,
    { kind, period, place, dataset, authority, back, neighbours, widened }: ChartAsked,
  ): Promise<{ chart: Chart; answer: Answer } | null> {
    const over = { back: null, against: null };
    if (kind === 'heat' || kind === 'spine') {
      if (kind === 'spine' && authority === null) throw new Refusal('REQUEST_MALFORMED', { expected: 'an authority' });
      const found = await this.benchmarks.benchmarks(member, reading, { dataset, only: null }, period, over, ALL);
      const [answer] = found?.rows ?? [];
      if (!answer) return null;
      const all: readonly Benchmark[] = found!.rows.map(({ benchmark }) => benchmark);
      const told = this.told(reading, period, answer);
      if (kind === 'heat') return { answer, chart: heatOf(all, told) };
      return { answer, chart: spineOf(all, authority!, told, this.lists, neighbours) };
    }
    if (!place) throw new Refusal('REQUEST_MALFORMED', { expected: 'an indicator' });
    if (kind === 'line') {
      const asked = { back, measure: 'as-published', authority } as const;
      const found = await this.benchmarks.history(member, reading, place, period, asked, {});
      const line = found?.lines.find((one) => one.authority === authority);
      if (!line) return null;
      const { newest } = found!;
      return { answer: newest, chart: timeOf(line, newest.benchmark, this.told(reading, period, newest)) };
    }
    const answer = await this.benchmarks.benchmark(member, reading, place, period, over);
    if (!answer) return null;
    const told = this.told(reading, period, answer);
    if (kind === 'bar') return { answer, chart: barOf(answer.benchmark, told, authority) };
    const funnel = funnelOf(answer.benchmark, widened);
    return funnel && { answer, chart: funnelChartOf(answer.benchmark, funnel, told) };
  }

  private told({ region }: Reading, period: string, { publication, notes }: Answer): Told {
    const { head, digest, share } = publication;
    return {
      region: this.keys.regionName(region) ?? region,
      period,
      source: `Publication ${head.number}, digest ${digest.toString('hex').slice(0, 16)}`,
      handling: share.handling,
      notes,
      nameOf: (authority) => this.keys.authorityName(authority) ?? authority,
    };
  }
}
