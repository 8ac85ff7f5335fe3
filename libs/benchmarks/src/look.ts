import type { Agreement, Purpose } from '@hub/agreements';
import { parsePeriod, Refusal, type Period, type Shelf } from '@hub/kernel';
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
  tableOf,
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
  /** What the region's authorities say of how their figures compare, in the periods that are looked at; where it was read. */
  readonly notes: Notes;
  /** What is said of the indicator in the period of the publication, by the region and by those who are shown by name. */
  readonly commentary: readonly CommentaryShown[];
}

/** In words, what is shown of the authorities and why not more. */
export const showsOf = ({ publication: { share, head } }: Pick<Answer, 'publication'>): string => shows(share, head);

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
  private readonly shares = new Map<PublicationHead, Map<string, Share | Refusal>>();
  private readonly opened = new Map<string, ReturnType<PublicationsReader['open']>>();
  private readonly revised = new Map<PublicationHead, readonly string[]>();
  private readonly estimates = new Map<string, (authority: string) => Estimate | undefined>();
  private readonly permitted = new Map<string, { share: Share; lists: Set<readonly string[]> }>();

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
   * @param ifCovered  whether what no agreement covers is left out
   * @returns null when the dataset or the publication has no such place
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
   */
  async at(
    head: PublicationHead,
    place: Place,
    { passing = false, ifCovered = false }: { readonly passing?: boolean; readonly ifCovered?: boolean } = {},
  ): Promise<Answer | null> {
    const { indicator, categories } = place;
    const dataset = this.datasetOf(head);
    const series = seriesKey(indicator, categories, 'count');
    const denominator = countsOf(dataset).get(series);
    if (denominator === undefined && !dataset.indicators.some(({ code }) => code === indicator)) return null;
    // The agreement is asked before it is said whether there is such a place: what it refuses is refused alike.
    const share = this.share(head, series);
    if (share instanceof Refusal) {
      if (ifCovered && share.code.startsWith('AGREEMENT_')) return null;
      throw share;
    }
    if (denominator === undefined) return null;
    const isWhole =
      this.visit.belongs && share.authorities === 'all' && (denominator === null || share.covers(denominator));
    const isAsPublished = isWhole && share.presentation === 'named';
    let { digest } = head;
    let revised: Listed['revised'];
    let benchmark: Benchmark | null;
    if (isWhole) {
      const key = `${head.id} ${series}`;
      benchmark = this.sources.answers.find(key) ?? (await this.whole(key, head, dataset, place, passing));
      if (isAsPublished) revised = this.revised.get(head) ?? (await this.revisedIn(head));
      else ({ digest, revised } = await this.open(head, share));
    } else {
      const part = await this.open(head, share);
      ({ digest, revised } = part);
      benchmark = this.compute(part.document, dataset, place);
    }
    if (!benchmark) return null;
    const presented = present(benchmark, share.presentation, this.visit.own);
    this.note(share, isAsPublished ? head.authorities : readIn(benchmark, presented));
    return {
      benchmark: presented,
      isKept: isAsPublished && !passing,
      publication: { head, share, digest: digest!, revised },
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
    const share = head && this.share(head, series);
    if (!share || share instanceof Refusal || !isShown({ head, share }, authority, this.visit.own))
      return { figure: null, state: null };
    if (head.state === 'withdrawn') return { figure: null, state: head.state };
    const { document } = await this.open(head, share);
    const { figure, words } = this.sources.figures.figureIn(document, share, this.visit.own, head, {
      series,
      authority,
    });
    this.note(share, authority === null ? head.authorities : [authority]);
    return { figure: figure === undefined ? null : words, state: head.state };
  }

  /**
   * One place in each of the periods, and the newest answer of them; and whether all that is seen is kept.
   * @param passing  as in `at`; what is not covered is a gap then, the newest too
   * @param known  the answer of one of the periods, where there is one already
   */
  async seen(
    heads: readonly PublicationHead[],
    place: Place,
    periods: readonly Period[],
    { passing = false, known }: { readonly passing?: boolean; readonly known?: Answer } = {},
  ): Promise<{ seen: readonly Seen[]; newest: Answer | null; isKept: boolean }> {
    const seen = periods.map((period): Seen => ({ period, benchmark: null }));
    let newest: Answer | null = null;
    let isKept = true;
    for (let i = periods.length - 1; i >= 0; i--) {
      const period = periods[i]!;
      const head = heads.find((one) => one.period === period.text);
      if (!head) continue;
      // The newest says whether there is such a place; an earlier one that is not covered is a gap.
      const ifCovered: boolean = newest !== null || passing;
      const answer: Answer | null =
        head === known?.publication.head ? known : await this.at(head, place, { passing, ifCovered });
      if (!answer) continue;
      newest ??= answer;
      isKept &&= answer.isKept;
      seen[i] = { period, benchmark: answer.benchmark };
    }
    return { seen, newest, isKept };
  }

  /** Whose return was held against what another publication prints; undefined too for who does not belong to the region. */
  async heldAgainst(head: PublicationHead): Promise<PublicationDocument['heldAgainst']> {
    if (!this.visit.belongs) return undefined;
    return (await this.sources.publications.document(this.tx, head.id)).heldAgainst;
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
        const share = this.share(head, series);
        if (share instanceof Refusal || share.authorities !== 'all' || share.presentation !== 'named') return false;
        if (denominator !== null && !share.covers(denominator)) return false;
        shares.push([share, head]);
      }
    }
    for (const [share, head] of shares) this.note(share, head.authorities);
    return shares.length > 0;
  }

  /** Whether the reader may see anything of a publication. @param only  codes of indicators; null: all */
  showsAny(head: PublicationHead, only: readonly string[] | null): boolean {
    return tablesOf(this.datasetOf(head)).some(
      ({ indicator, series }) =>
        (only === null || only.includes(indicator)) && !(this.share(head, series) instanceof Refusal),
    );
  }

  /**
   * Leaves the records, all at once: one for each agreement, with all of whom something was read. Throws at once what is no failure of
   * the database.
   */
  record(asking: Asking): Promise<unknown> {
    const { publications } = this.sources;
    return Promise.all(
      [...this.permitted.values()].map(({ share, lists }) =>
        publications.record(this.tx, this.visit, asking, share.permit, [...new Set([...lists].flat())]),
      ),
    );
  }

  /** What the read door says. */
  private share(head: PublicationHead, series: string): Share | Refusal {
    let shares = this.shares.get(head);
    if (!shares) this.shares.set(head, (shares = new Map()));
    let share = shares.get(series);
    if (!share) {
      const table = tableOf(series);
      share = shares.get(table) ?? this.ask(head, series);
      shares.set(table, share).set(series, share);
    }
    return share;
  }

  private ask(head: PublicationHead, series: string): Share | Refusal {
    try {
      return this.sources.publications.share(this.visit, this.agreements, head, series);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private note(share: Share, authorities: readonly string[]): void {
    const { agreement, clause } = share.permit;
    const key = `${agreement.id} ${agreement.version} ${clause}`;
    const known = this.permitted.get(key);
    if (known) known.lists.add(authorities);
    else this.permitted.set(key, { share, lists: new Set([authorities]) });
  }

  private open(head: PublicationHead, share: Share) {
    const { agreement } = share.permit;
    const key = `${head.id} ${agreement.id} ${agreement.version}`;
    const opened = this.opened.get(key) ?? this.sources.publications.open(this.tx, this.visit, head, share);
    this.opened.set(key, opened);
    return opened;
  }

  private async revisedIn(head: PublicationHead): Promise<readonly string[]> {
    const { revised = [] } = await this.sources.publications.document(this.tx, head.id);
    this.revised.set(head, revised);
    return revised;
  }

  /** Of the whole publication: computed once. */
  private async whole(
    key: string,
    head: PublicationHead,
    dataset: Dataset,
    place: Place,
    passing: boolean,
  ): Promise<Benchmark | null> {
    const { answers, publications } = this.sources;
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

/** Of whom something is read. Without names is read too. */
function readIn(benchmark: Benchmark, presented: Benchmark): readonly string[] {
  const isUnnamed = presented.authorities.some(({ authority }) => authority === null);
  return (isUnnamed ? benchmark : presented).authorities.map(({ authority }) => authority!);
}

const counts = new WeakMap<Dataset, ReadonlyMap<string, string | null>>();

/** The series of a dataset that hold counts, each with the one that it is divided by. */
function countsOf(dataset: Dataset): ReadonlyMap<string, string | null> {
  let known = counts.get(dataset);
  if (!known) {
    const all = allSeries(dataset).filter(({ measure }) => measure === 'count');
    known = new Map(all.map((one) => [one.key, denominatorSeriesOf(dataset, one.indicator, one.categories)]));
    counts.set(dataset, known);
  }
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
