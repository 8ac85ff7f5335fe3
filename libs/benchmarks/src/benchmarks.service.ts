import { Inject, Injectable } from '@nestjs/common';
import type { Presentation, Purpose } from '@hub/agreements';
import type { Member } from '@hub/identity';
import { parsePeriod, Refusal, type Period } from '@hub/kernel';
import {
  PublicationsReader,
  shows,
  type Listed,
  type PublicationDocument,
  type PublicationHead,
} from '@hub/publications';
import {
  CATALOGUE,
  datasetOf,
  denominatorSeriesOf,
  populationOf,
  REGISTRY,
  seriesKey,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import { benchmarkOf, present, type Benchmark } from './domain';

/** How many computed answers are kept; the oldest goes first. */
const MOST_ANSWERS = 2_000;

@Injectable()
export class BenchmarksService {
  /** A publication is frozen, so what is computed of it stays true; who may see it is asked every time. */
  private readonly answers = new Map<string, Benchmark>();

  constructor(
    private readonly publications: PublicationsReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /**
   * One indicator of one period across the region, out of its current publication, as far as an agreement in force lets the
   * reader see it for that purpose: the same few statements however many authorities there are.
   * @param purpose  null: regional benchmarking
   * @returns null when nothing of that period has been published, or nothing that is shared with the reader
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED | INDICATOR_ABSENT | AGREEMENT_NOT_COVERED | AGREEMENT_NOT_IN_FORCE
   */
  async benchmark(
    member: Member | null,
    region: string,
    indicator: string,
    periodText: string,
    categories: Readonly<Record<string, string>>,
    purpose: Purpose | null,
  ): Promise<Answer | null> {
    const visit = this.publications.visit(member, region, purpose);
    const period = parsePeriod(periodText);
    return this.publications.as(visit, 'read.benchmark', async (tx, asking) => {
      const { heads, agreements } = await this.publications.current(tx, visit, period.text);
      if (!heads.length) return null;
      for (const head of heads) {
        const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
        if (!dataset.indicators.some(({ code }) => code === indicator)) continue;
        asking.subject = `${region} ${indicator} ${period.text}`;
        // The agreement is asked before the publication: what it refuses is refused alike, whatever was published.
        const series = seriesKey(indicator, categories, 'count');
        const share = this.publications.share(visit, agreements, head, series);
        const denominator = denominatorSeriesOf(dataset, indicator, categories);
        const parts = { indicator, categories, period, dataset, series };
        const isWhole = share.authorities === 'all' && (denominator === null || share.covers(denominator));
        let digest = head.digest;
        let benchmark: Benchmark | null;
        if (isWhole && visit.belongs) {
          benchmark = await this.whole(head, parts, () => this.publications.document(tx, head.id));
          if (share.presentation !== 'named') ({ digest } = await this.publications.open(tx, visit, head, share));
        } else {
          const part = await this.publications.open(tx, visit, head, share);
          digest = part.digest;
          benchmark = this.compute(part.document, parts);
        }
        if (!benchmark) break;
        const { presentation, permit } = share;
        const presented = present(benchmark, presentation, visit.own);
        // Without names is read too.
        const read = presented.authorities.some(({ authority }) => authority === null) ? benchmark : presented;
        const authorities = read.authorities.map(({ authority }) => authority!);
        await this.publications.record(tx, visit, asking, permit, authorities);
        return {
          benchmark: presented,
          publication: { head, share, digest: digest! },
          presentation,
          shows: shows(share, head),
        };
      }
      throw new Refusal('INDICATOR_ABSENT');
    });
  }

  /** Of the whole publication: computed once. */
  private async whole(
    { id }: PublicationHead,
    parts: Parts,
    open: () => Promise<PublicationDocument>,
  ): Promise<Benchmark | null> {
    const key = `${id} ${parts.series}`;
    const kept = this.answers.get(key);
    if (kept) return kept;
    const benchmark = this.compute(await open(), parts);
    if (!benchmark) return null;
    if (this.answers.size >= MOST_ANSWERS) this.answers.delete(this.answers.keys().next().value!);
    this.answers.set(key, benchmark);
    return benchmark;
  }

  private compute(document: PublicationDocument, { dataset, indicator, categories, period }: Parts): Benchmark | null {
    return benchmarkOf(document, dataset, indicator, categories, (authority) =>
      populationOf(this.registry, authority, period),
    );
  }
}

/** What is asked for, parsed. */
interface Parts {
  readonly dataset: Dataset;
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  readonly period: Period;
  readonly series: string;
}

/** A benchmark as its reader may see it. */
export interface Answer {
  readonly benchmark: Benchmark;
  readonly publication: Listed;
  readonly presentation: Presentation;
  /** In words, what is shown and why not more. */
  readonly shows: string;
}
