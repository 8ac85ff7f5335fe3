import { Inject, Injectable } from '@nestjs/common';
import { RegionGate, someone, type Member } from '@hub/identity';
import { parsePeriod, Refusal, type Period } from '@hub/kernel';
import { ReaderStore, type Tx } from '@hub/platform';
import { PublicationsReader, type PublicationHead } from '@hub/publications';
import {
  CATALOGUE,
  datasetOf,
  populationOf,
  REGISTRY,
  seriesKey,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import { benchmarkOf, type Benchmark } from './domain';

/** How many computed answers are kept; the oldest goes first. */
const MOST_ANSWERS = 2_000;

@Injectable()
export class BenchmarksService {
  /** A publication is frozen, so what is computed of it stays true; who may see it is asked every time. */
  private readonly answers = new Map<string, Benchmark>();

  constructor(
    private readonly store: ReaderStore,
    private readonly gate: RegionGate,
    private readonly publications: PublicationsReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /**
   * One indicator of one period across the region, out of its current publication: the same few statements however
   * many authorities there are.
   * @returns null when nothing of that period has been published
   * @throws Refusal REGION_ABSENT | PERIOD_MALFORMED | INDICATOR_ABSENT | AGREEMENT_NOT_COVERED
   */
  async benchmark(
    member: Member | null,
    region: string,
    indicator: string,
    periodText: string,
    categories: Readonly<Record<string, string>>,
  ): Promise<{ benchmark: Benchmark; publication: PublicationHead } | null> {
    const { regionId } = this.gate.enter(member, region);
    const caller = someone(member);
    const period = parsePeriod(periodText);
    const visit = { caller, region, regionId, standings: this.gate.standings(member) };
    return this.store.as(caller, async (tx) => {
      const current = await this.publications.current(tx, visit, period.text);
      if (!current.length) return null;
      for (const publication of current) {
        const dataset = datasetOf(this.catalogue, publication.dataset, publication.datasetVersion);
        if (!dataset.indicators.some(({ code }) => code === indicator)) continue;
        const benchmark = await this.answer(tx, publication.id, dataset, indicator, categories, period);
        if (!benchmark) break;
        await this.publications.read(tx, visit, publication, 'read.benchmark', `${region} ${indicator} ${period.text}`);
        return { benchmark, publication };
      }
      throw new Refusal('INDICATOR_ABSENT');
    });
  }
  private async answer(
    tx: Tx,
    publicationId: string,
    dataset: Dataset,
    indicator: string,
    categories: Readonly<Record<string, string>>,
    period: Period,
  ): Promise<Benchmark | null> {
    const key = `${publicationId} ${seriesKey(indicator, categories, 'count')}`;
    const kept = this.answers.get(key);
    if (kept) return kept;
    const document = await this.publications.open(tx, publicationId);
    const benchmark = benchmarkOf(document, dataset, indicator, categories, (authority) =>
      populationOf(this.registry, authority, period),
    );
    if (!benchmark) return null;
    if (this.answers.size >= MOST_ANSWERS) this.answers.delete(this.answers.keys().next().value!);
    this.answers.set(key, benchmark);
    return benchmark;
  }
}
