import type { Agreement, Presentation, Purpose } from '@hub/agreements';
import { keep, parsePeriod, Refusal } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import {
  shows,
  type Asking,
  type Listed,
  type PublicationDocument,
  type PublicationHead,
  type PublicationsReader,
  type Share,
  type Visit,
} from '@hub/publications';
import {
  datasetOf,
  denominatorSeriesOf,
  populationOf,
  seriesKey,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import { benchmarkOf, present, type Benchmark, type Notes } from './domain';

/** How many computed answers are kept; the oldest goes first. */
const MOST_ANSWERS = 10_000;

/** What is the same for every look. */
export interface Sources {
  readonly publications: PublicationsReader;
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  /** A publication is frozen, so what is computed of it stays true; who may see it is asked every time. */
  readonly answers: Map<string, Benchmark>;
}

/** A benchmark as its reader may see it. */
export interface Answer {
  readonly benchmark: Benchmark;
  readonly publication: Listed;
  readonly presentation: Presentation;
  /** In words, what is shown and why not more. */
  readonly shows: string;
  /** What the region's authorities say of how their figures compare, in the periods that are looked at. */
  readonly notes: Notes;
}

/** One indicator, or one category of it. */
export interface Place {
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  /** The dataset that it is looked for in; absent: whichever has it. */
  readonly dataset?: string | null;
}

/**
 * One look of one member at a region: however many indicators and periods it takes in, the agreement is asked of each table
 * once, a publication is opened once, and one record is left for each agreement that permitted something.
 */
export class Look {
  private readonly shares = new Map<string, Share | Refusal>();
  private readonly opened = new Map<string, Promise<{ document: PublicationDocument; digest: Buffer }>>();
  private readonly permitted = new Map<string, { share: Share; authorities: Set<string> }>();

  constructor(
    private readonly sources: Sources,
    private readonly tx: Tx,
    private readonly visit: Visit,
    private readonly agreements: readonly Agreement[],
    private readonly notes: Notes,
  ) {}

  datasetOf(head: PublicationHead): Dataset {
    return datasetOf(this.sources.catalogue, head.dataset, head.datasetVersion);
  }

  /**
   * One place in one publication.
   * @returns null when the dataset or the publication has no such place
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
   */
  async at(head: PublicationHead, place: Place): Promise<Answer | null> {
    const { indicator, categories } = place;
    const dataset = this.datasetOf(head);
    if (!dataset.indicators.some(({ code }) => code === indicator)) return null;
    // The agreement is asked before the publication: what it refuses is refused alike, whatever was published.
    const series = seriesKey(indicator, categories, 'count');
    const share = this.share(head, series);
    const denominator = denominatorSeriesOf(dataset, indicator, categories);
    const isWhole = share.authorities === 'all' && (denominator === null || share.covers(denominator));
    let digest = head.digest;
    let benchmark: Benchmark | null;
    if (isWhole && this.visit.belongs) {
      benchmark = await this.whole(head, dataset, place, series);
      if (share.presentation !== 'named') ({ digest } = await this.open(head, share));
    } else {
      const part = await this.open(head, share);
      digest = part.digest;
      benchmark = this.compute(part.document, dataset, place);
    }
    if (!benchmark) return null;
    const presented = present(benchmark, share.presentation, this.visit.own);
    // Without names is read too.
    const read = presented.authorities.some(({ authority }) => authority === null) ? benchmark : presented;
    this.note(share, read.authorities.map(({ authority }) => authority!)); // prettier-ignore
    return {
      benchmark: presented,
      publication: { head, share, digest: digest! },
      presentation: share.presentation,
      shows: shows(share, head),
      notes: this.notes,
    };
  }

  /** The same, where what an agreement does not cover is left out. */
  async atIfCovered(head: PublicationHead, place: Place): Promise<Answer | null> {
    try {
      return await this.at(head, place);
    } catch (error) {
      if (error instanceof Refusal && error.code.startsWith('AGREEMENT_')) return null;
      throw error;
    }
  }

  /** Leaves the records: one for each agreement, with all of whom something was read. */
  async record(asking: Asking): Promise<void> {
    for (const { share, authorities } of this.permitted.values()) {
      await this.sources.publications.record(this.tx, this.visit, asking, share.permit, [...authorities]);
    }
  }

  /** @throws Refusal of the read door */
  private share(head: PublicationHead, series: string): Share {
    // Categories of one dimension are covered alike.
    const key = `${head.id} ${series.replace(/=[^|#]*|#.*/g, '')}`;
    let share = this.shares.get(key);
    if (!share) {
      try {
        share = this.sources.publications.share(this.visit, this.agreements, head, series);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        share = error;
      }
      this.shares.set(key, share);
    }
    if (share instanceof Refusal) throw share;
    return share;
  }

  private note(share: Share, authorities: readonly string[]): void {
    const { agreement, clause } = share.permit;
    const key = `${agreement.id} ${agreement.version} ${clause}`;
    const known = this.permitted.get(key) ?? { share, authorities: new Set<string>() };
    authorities.forEach((one) => known.authorities.add(one));
    this.permitted.set(key, known);
  }

  private open(head: PublicationHead, share: Share) {
    const { agreement } = share.permit;
    const key = `${head.id} ${agreement.id} ${agreement.version}`;
    const opened = this.opened.get(key) ?? this.sources.publications.open(this.tx, this.visit, head, share);
    this.opened.set(key, opened);
    return opened;
  }

  /** Of the whole publication: computed once. */
  private async whole(
    head: PublicationHead,
    dataset: Dataset,
    place: Place,
    series: string,
  ): Promise<Benchmark | null> {
    const { answers, publications } = this.sources;
    const key = `${head.id} ${series}`;
    const kept = answers.get(key);
    if (kept) return kept;
    const benchmark = this.compute(await publications.document(this.tx, head.id), dataset, place);
    return benchmark && keep(answers, MOST_ANSWERS, key, benchmark);
  }

  private compute(document: PublicationDocument, dataset: Dataset, { indicator, categories }: Place): Benchmark | null {
    const period = parsePeriod(document.period);
    return benchmarkOf(document, dataset, indicator, categories, (authority) =>
      populationOf(this.sources.registry, authority, period),
    );
  }
}

/** Who asks for what region, and for which purpose; null: regional benchmarking. */
export interface Reading {
  readonly region: string;
  readonly purpose: Purpose | null;
}
