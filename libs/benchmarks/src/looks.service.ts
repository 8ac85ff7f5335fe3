import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { parsePeriod, periodsUntil, Refusal, Shelf, type Period } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { PinnedFigures, PublicationsReader, type Asking, type PublicationHead, type Visit } from '@hub/publications';
import { CATALOGUE, isAggregated, newestDataset, REGISTRY, type Catalogue, type Registry } from '@hub/registry';
import { gapsIn, nothingPublished, Notes, type Benchmark, type Commentary } from './domain';
import { Look, type Place, type Reading, type Sources } from './look';
import { commentaryAbout } from './remarks/commentary.store';
import { notesAbout } from './remarks/notes.store';

/** How far a benchmark looks back. */
export interface Back {
  /** So many periods before this one; null: none. */
  readonly back: number | null;
  /** The period that a change is told against; null: the one before, where `back` asks for one. */
  readonly against: string | null;
}

/** Nobody reads a chart of more periods, and rules over longer ones give false alarms. */
export const MOST_BACK = 36;

/** Authorities' figures in benchmarks that are kept, half a kilobyte each. */
const MOST_FIGURES = 100_000;

const figuresIn = ({ authorities }: Benchmark): number => 1 + authorities.length;

const noNotes = new Notes([]);

/** What is asked for. */
export interface Sought {
  /** Null: of any. */
  readonly dataset: string | null;
  /** Codes of indicators; null: all. */
  readonly only: readonly string[] | null;
}

/** What a look finds at once. */
export interface Found {
  readonly current: readonly PublicationHead[];
  /** Those of the period too, where it looks back. */
  readonly before: readonly PublicationHead[];
  /** Those that are looked at, oldest first. */
  readonly periods: readonly Period[];
  readonly look: Look;
  /** Its subject is told before an agreement is asked, so that a refusal names it. */
  readonly asking: Asking;
  readonly tx: Tx;
  readonly regionId: number | null;
  /** That nothing of a period is published, with what is of the datasets that have what is asked for. */
  nothing(period: Period, sought: Sought): Promise<Refusal>;
  /**
   * Why some of the periods that are looked back at are gaps, a sentence for each.
   * @param seen  those of which something is shown
   * @param isCollected  whether a publication is of a version of the dataset that has what is asked for
   */
  gaps(
    dataset: string,
    periods: readonly Period[],
    seen: ReadonlySet<string>,
    isCollected: (head: PublicationHead) => boolean,
  ): Promise<readonly string[]>;
}

/** Opens looks: what everything that is computed of publications stands on. */
@Injectable()
export class LooksService {
  private readonly sources: Sources;

  constructor(
    private readonly publications: PublicationsReader,
    figures: PinnedFigures,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) registry: Registry,
  ) {
    this.sources = { publications, figures, catalogue, registry, answers: new Shelf(MOST_FIGURES, figuresIn) };
  }

  /**
   * One transaction: the publications of the period and of those before it, the agreements, the work, and the records.
   * @throws Refusal NOTHING_PUBLISHED where nothing of these periods is published
   */
  async look<T>(
    member: Member | null,
    { region, purpose, ...asked }: Reading,
    period: Period,
    sought: Sought,
    { back, against }: Back,
    work: (found: Found) => Promise<T>,
  ): Promise<T> {
    const visit = this.publications.visit(member, region, purpose);
    const most = this.periodsBack(period, back, against);
    return this.publications.as(visit, 'read.benchmark', async (tx, asking) => {
      const periods = periodsUntil(period, most);
      // Together, for neither waits for the other.
      const [{ heads, agreements }, notes, commentary] = await Promise.all([
        most > 1
          ? this.publications.history(tx, visit, this.datasetsOf(period), period, most)
          : this.publications.current(tx, visit, period.text),
        // Over time they say where a line begins anew.
        asked.notes || most > 1 ? notesAbout(tx, visit.regionId, periods[0]!.from, period.until) : noNotes,
        asked.commentary ? commentaryAbout(tx, visit.regionId, period.from, period.until) : [],
      ]);
      let all: ReturnType<PublicationsReader['known']> | undefined;
      const known = async (of: readonly string[] | null) =>
        (await (all ??= this.publications.known(tx, visit))).filter(({ dataset }) => of?.includes(dataset) ?? true);
      const nothing: Found['nothing'] = async (at, of) => nothingPublished(at, await known(this.datasetsAsked(of)));
      const gaps: Found['gaps'] = async (of, periods, seen, isCollected) => {
        if (periods.every(({ text }) => seen.has(text))) return [];
        const lacking = heads.filter((head) => head.dataset === of && !isCollected(head));
        const uncollected = new Set(lacking.map((head) => head.period));
        return gapsIn(periods, await known([of]), { seen, uncollected, belongs: visit.belongs });
      };
      if (!heads.some((head) => (sought.dataset ?? head.dataset) === head.dataset)) throw await nothing(period, sought);
      const current = heads.filter((head) => head.period === period.text);
      const named = await this.named(tx, visit, commentary, current);
      const look = new Look(this.sources, tx, visit, agreements, { notes, commentary, named });
      if (visit.belongs && most > 1) await this.publications.preload(tx, heads);
      const value = await work({
        current,
        before: heads,
        periods,
        look,
        asking,
        tx,
        regionId: visit.regionId,
        nothing,
        gaps,
      });
      // They go with the commit, and where the database refuses one, so does that. What fails before it is asked is thrown here.
      look.record(asking).catch(() => undefined);
      return value;
    });
  }

  /** The publications that a commentary names: at most one statement for their heads, and one for the documents that are not kept. */
  private async named(
    tx: Tx,
    visit: Visit,
    commentary: readonly Commentary[],
    known: readonly PublicationHead[],
  ): Promise<ReadonlyMap<string, PublicationHead>> {
    const ids = [...new Set(commentary.flatMap(({ figures }) => figures.map(({ publication }) => publication)))];
    const others = ids.filter((id) => !known.some((head) => head.id === id));
    const found = others.length ? await this.publications.byId(tx, visit, others) : [];
    if (visit.belongs && found.length) await this.publications.preload(tx, found);
    return new Map([...known, ...found].map((head) => [head.id, head]));
  }

  /** How many periods are looked at, this one with them. @throws Refusal REQUEST_MALFORMED | PERIOD_MALFORMED */
  periodsBack(period: Period, back: number | null, against: string | null): number {
    const least = back ?? 0;
    if (!Number.isInteger(least) || least < 0 || least > MOST_BACK) {
      throw new Refusal('REQUEST_MALFORMED', { expected: `back from 0 to ${MOST_BACK}` });
    }
    if (against === null) return least + 1;
    const other = parsePeriod(against);
    const all = periodsUntil(period, MOST_BACK + 1);
    const away = all.length - 1 - all.findIndex(({ text }) => text === other.text);
    if (away < 1 || away === all.length) {
      throw new Refusal('REQUEST_MALFORMED', { expected: `an earlier ${period.kind}, ${MOST_BACK} before at most` });
    }
    return Math.max(least, away) + 1;
  }

  /** @throws Refusal DATASET_ABSENT */
  assertDataset(dataset: string | null | undefined): void {
    if (typeof dataset === 'string') newestDataset(this.catalogue, dataset);
  }

  /** The datasets of periods of this kind that have an indicator, whatever is published of them. */
  datasetsWith(period: Period, { indicator, dataset }: Place): string[] {
    return this.datasetsOf(period).filter((code) => (dataset ?? code) === code && this.has(code, [indicator]));
  }

  /** The datasets, of whatever periods, of which nothing is said to be published; null: all, also where none has such an indicator. */
  private datasetsAsked({ dataset, only }: Sought): readonly string[] | null {
    if (dataset !== null) return [dataset];
    const having = this.catalogue.datasets.flatMap(({ code }) => (only && this.has(code, only) ? code : []));
    return having.length ? having : null;
  }

  private has(dataset: string, codes: readonly string[]): boolean {
    return newestDataset(this.catalogue, dataset).indicators.some(({ code }) => codes.includes(code));
  }

  private datasetsOf({ kind }: Period): string[] {
    return [
      ...new Set(
        this.catalogue.datasets.filter((one) => one.frequency === kind && isAggregated(one)).map(({ code }) => code),
      ),
    ];
  }
}
