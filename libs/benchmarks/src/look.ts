import type { Agreement, Presentation, Purpose } from '@hub/agreements';
import { parsePeriod, Refusal, unlessRefused, type Period, type Shelf } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import {
  isShown,
  shows,
  type Asking,
  type Listed,
  type PinnedFigures,
  type PublicationDocument,
  type PublicationHead,
  type PublicationsReader,
  type Share,
  type Visit,
} from '@hub/publications';
import {
  allSeries,
  datasetOf,
  denominatorSeriesOf,
  estimateOf,
  seriesKey,
  type Catalogue,
  type Dataset,
  type Estimate,
  type Registry,
} from '@hub/registry';
import {
  benchmarkOf,
  present,
  type Benchmark,
  type Commentary,
  type CommentaryFigure,
  type FigureSaid,
  type Notes,
  type Seen,
} from './domain';

/** What is the same for every look. */
export interface Sources {
  readonly publications: PublicationsReader;
  readonly figures: PinnedFigures;
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  /**
   * By publication and series. A publication is frozen, so what is computed of it stays true; who may see it is asked every time.
   */
  readonly answers: Shelf<Benchmark>;
}

/** A benchmark as its reader may see it. */
export interface Answer {
  readonly benchmark: Benchmark;
  /** Whether the next look of anybody who may see it finds this same object: whole and by name. What is made of any other is found by nobody. */
  readonly isKept: boolean;
  readonly publication: Listed & { readonly digest: Buffer };
  readonly presentation: Presentation;
  /** In words, what is shown and why not more. */
  readonly shows: string;
  /** What the region's authorities say of how their figures compare, in the periods that are looked at; where it was read. */
  readonly notes: Notes;
  /** What is said of the indicator in the period of the publication, by the region and by those who are shown by name. */
  readonly commentary: readonly CommentaryShown[];
}

/** A commentary with its figures as its reader may see them. */
export interface CommentaryShown {
  readonly commentary: Commentary;
  readonly figures: readonly FigureSaid[];
}

/** What people have said of what is looked at. */
export interface Remarks {
  readonly notes: Notes;
  readonly commentary: readonly Commentary[];
  /** Publications that the commentary names, by inner id, as far as the reader sees them. */
  readonly named: ReadonlyMap<string, PublicationHead>;
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
  private readonly opened = new Map<string, ReturnType<PublicationsReader['open']>>();
  private readonly estimates = new Map<string, (authority: string) => Estimate | undefined>();
  private readonly permitted = new Map<string, { share: Share; authorities: Set<string> }>();

  constructor(
    private readonly sources: Sources,
    private readonly tx: Tx,
    private readonly visit: Visit,
    private readonly agreements: readonly Agreement[],
    private readonly remarks: Remarks,
  ) {}

  get notes(): Notes {
    return this.remarks.notes;
  }

  datasetOf(head: PublicationHead): Dataset {
    return datasetOf(this.sources.catalogue, head.dataset, head.datasetVersion);
  }

  /** Whether the dataset of a publication has such a place, whatever is shown of it. */
  hasPlace(head: PublicationHead, { indicator, categories }: Place): boolean {
    return countsOf(this.datasetOf(head)).has(seriesKey(indicator, categories, 'count'));
  }

  /**
   * One place in one publication.
   * @param passing  whether it is looked at once, among thousands: such an answer is not kept
   * @returns null when the dataset or the publication has no such place
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
   */
  async at(head: PublicationHead, place: Place, passing = false): Promise<Answer | null> {
    const { indicator, categories } = place;
    const dataset = this.datasetOf(head);
    if (!dataset.indicators.some(({ code }) => code === indicator)) return null;
    // The agreement is asked before the publication: what it refuses is refused alike, whatever was published.
    const series = seriesKey(indicator, categories, 'count');
    const share = this.share(head, series);
    const denominator = denominatorSeriesOf(dataset, indicator, categories);
    const isWhole = share.authorities === 'all' && (denominator === null || share.covers(denominator));
    let { digest } = head;
    let revised: Listed['revised'];
    let benchmark: Benchmark | null;
    if (isWhole && this.visit.belongs) {
      benchmark = await this.whole(head, dataset, place, series, passing);
      if (share.presentation === 'named')
        ({ revised = [] } = await this.sources.publications.document(this.tx, head.id));
      else ({ digest, revised } = await this.open(head, share));
    } else {
      const part = await this.open(head, share);
      ({ digest, revised } = part);
      benchmark = this.compute(part.document, dataset, place);
    }
    if (!benchmark) return null;
    const presented = present(benchmark, share.presentation, this.visit.own);
    // Without names is read too.
    const read = presented.authorities.some(({ authority }) => authority === null) ? benchmark : presented;
    this.note(
      share,
      read.authorities.map(({ authority }) => authority!),
    );
    return {
      benchmark: presented,
      isKept: isWhole && this.visit.belongs && share.presentation === 'named' && !passing,
      publication: { head, share, digest: digest!, revised },
      presentation: share.presentation,
      shows: shows(share, head),
      notes: this.remarks.notes,
      commentary: this.remarks.commentary.length ? await this.said(head, indicator, presented) : [],
    };
  }

  /** What the region and those who are shown by name say of an indicator in the period of a publication. */
  private async said(head: PublicationHead, indicator: string, { authorities }: Benchmark): Promise<CommentaryShown[]> {
    const all = this.remarks.commentary.filter(
      (one) =>
        one.indicator === indicator &&
        one.period === head.period &&
        (one.authority === null || authorities.some(({ authority }) => authority === one.authority)),
    );
    const shown: CommentaryShown[] = [];
    for (const commentary of all) {
      const figures: FigureSaid[] = [];
      for (const figure of commentary.figures) figures.push(await this.pinned(figure));
      shown.push({ commentary, figures });
    }
    return shown;
  }

  /** A figure that somebody has named, as the reader is shown it by name: the door is asked of its table as of any other. */
  private async pinned({ publication, series, authority }: CommentaryFigure): Promise<FigureSaid> {
    const head = this.remarks.named.get(publication);
    const share = head && (await unlessRefused(() => this.share(head, series)));
    if (!share || !isShown({ head, share }, authority, this.visit.own)) return { figure: null, state: null };
    if (head.state === 'withdrawn') return { figure: null, state: head.state };
    const { document } = await this.open(head, share);
    const { figure, words } = this.sources.figures.figureIn(document, share, this.visit.own, head, {
      series,
      authority,
    });
    this.note(share, authority === null ? head.authorities : [authority]);
    return { figure: figure === undefined ? null : words, state: head.state };
  }

  /** The same, where what an agreement does not cover is left out. */
  async atIfCovered(head: PublicationHead, place: Place, passing = false): Promise<Answer | null> {
    try {
      return await this.at(head, place, passing);
    } catch (error) {
      if (error instanceof Refusal && error.code.startsWith('AGREEMENT_')) return null;
      throw error;
    }
  }

  /** One place in each of the periods, and the newest answer of them; and whether all that is seen is kept. */
  async seen(
    heads: readonly PublicationHead[],
    place: Place,
    periods: readonly Period[],
    onlyIfCovered = false,
  ): Promise<{ seen: Seen[]; newest: Answer | null; isKept: boolean }> {
    const seen: Seen[] = [];
    let newest: Answer | null = null;
    let isKept = true;
    for (const period of [...periods].reverse()) {
      const head = heads.find((one) => one.period === period.text);
      // The newest says whether there is such a place; an earlier one that is not covered is a gap.
      const answer: Answer | null | undefined =
        head &&
        (newest || onlyIfCovered ? await this.atIfCovered(head, place, onlyIfCovered) : await this.at(head, place));
      newest ??= answer ?? null;
      if (answer) isKept &&= answer.isKept;
      seen.unshift({ period, benchmark: answer?.benchmark ?? null });
    }
    return { seen, newest, isKept };
  }

  /** Whether anything is said of an indicator in the period of a publication. */
  isSpokenOf(head: PublicationHead, indicator: string): boolean {
    return this.remarks.commentary.some((one) => one.indicator === indicator && one.period === head.period);
  }

  /**
   * Whether the reader may see every table of these publications whole and by name: then they see what anybody sees who may,
   * and what was found of them stays found. That they were read is noted.
   * @param only  codes of indicators; null: all
   */
  seesAll(heads: readonly PublicationHead[], only: readonly string[] | null): boolean {
    if (!this.visit.belongs) return false;
    const shares: [Share, PublicationHead][] = [];
    for (const head of heads) {
      for (const { indicator, series, denominator } of tablesOf(this.datasetOf(head))) {
        if (only && !only.includes(indicator)) continue;
        try {
          const share = this.share(head, series);
          const isWhole = share.authorities === 'all' && (denominator === null || share.covers(denominator));
          if (!isWhole || share.presentation !== 'named') return false;
          shares.push([share, head]);
        } catch (error) {
          if (error instanceof Refusal) return false;
          throw error;
        }
      }
    }
    for (const [share, head] of shares) this.note(share, head.authorities);
    return shares.length > 0;
  }

  /** Whether the reader may see anything of a publication. @param only  codes of indicators; null: all */
  showsAny(head: PublicationHead, only: readonly string[] | null): boolean {
    return tablesOf(this.datasetOf(head)).some(({ indicator, series }) => {
      if (only && !only.includes(indicator)) return false;
      try {
        return Boolean(this.share(head, series));
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    });
  }

  /** Leaves the records, all at once: one for each agreement, with all of whom something was read. */
  async record(asking: Asking): Promise<void> {
    const { publications } = this.sources;
    await Promise.all(
      [...this.permitted.values()].map(({ share, authorities }) =>
        publications.record(this.tx, this.visit, asking, share.permit, [...authorities]),
      ),
    );
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
    passing: boolean,
  ): Promise<Benchmark | null> {
    const { answers, publications } = this.sources;
    const key = `${head.id} ${series}`;
    const known = answers.find(key);
    if (known) return known;
    const document = await publications.document(this.tx, head.id);
    const benchmark = this.compute(document, dataset, place);
    return benchmark && !passing ? answers.keep(key, benchmark) : benchmark;
  }

  /** The children of authorities in a period: a rate of each indicator of a heat table is made of the same. */
  private estimateIn(text: string): (authority: string) => Estimate | undefined {
    const known = this.estimates.get(text);
    if (known) return known;
    const period = parsePeriod(text);
    const found = new Map<string, Estimate | undefined>();
    const estimate = (authority: string) => {
      if (!found.has(authority)) found.set(authority, estimateOf(this.sources.registry, authority, period));
      return found.get(authority);
    };
    this.estimates.set(text, estimate);
    return estimate;
  }

  private compute(document: PublicationDocument, dataset: Dataset, { indicator, categories }: Place): Benchmark | null {
    const estimate = this.estimateIn(document.period);
    return benchmarkOf(
      document,
      dataset,
      indicator,
      categories,
      (authority) => estimate(authority)?.children,
      estimate,
    );
  }
}

const counts = new WeakMap<Dataset, ReadonlySet<string>>();

/** The series of a dataset that hold counts. */
function countsOf(dataset: Dataset): ReadonlySet<string> {
  const known =
    counts.get(dataset) ?? new Set(allSeries(dataset).map((one) => seriesKey(one.indicator, one.categories, 'count')));
  counts.set(dataset, known);
  return known;
}

interface TableAsked {
  readonly indicator: string;
  readonly series: string;
  /** Of what a percentage or mean is divided by. */
  readonly denominator: string | null;
}
const tables = new WeakMap<Dataset, readonly TableAsked[]>();

/** One series of each table of a dataset: categories of one dimension are covered alike. */
function tablesOf(dataset: Dataset): readonly TableAsked[] {
  const known = tables.get(dataset);
  if (known) return known;
  const found = new Map<string, TableAsked>();
  for (const { indicator, categories, measure } of allSeries(dataset)) {
    if (measure !== 'count') continue;
    const place = `${indicator} ${Object.keys(categories).join(' ')}`;
    if (found.has(place)) continue;
    const denominator = denominatorSeriesOf(dataset, indicator, categories);
    found.set(place, { indicator, series: seriesKey(indicator, categories, 'count'), denominator });
  }
  const all = [...found.values()];
  tables.set(dataset, all);
  return all;
}

/** What region is asked for, and for which purpose; null: regional benchmarking. */
export interface Reading {
  readonly region: string;
  readonly purpose: Purpose | null;
  /** Whether notes and commentary are read too; notes are too where something is looked at over time. */
  readonly notes?: boolean;
  readonly commentary?: boolean;
  /** Whether it is told why periods that are looked back at are missing. */
  readonly gaps?: boolean;
}
