import { Inject, Injectable } from '@nestjs/common';
import { present, type Answer, type Benchmark } from '@hub/benchmarks';
import { parsePeriod, unlessRefused, type PeriodKind } from '@hub/kernel';
import { CONFIG, publicId, type Config } from '@hub/platform';
import {
  PublicationsReader,
  seesWhole,
  type Pinned,
  type PublicationDocument,
  type PublicationHead,
  type Share,
} from '@hub/publications';
import { CATALOGUE, datasetOf, newestDataset, parseSeriesKey, type Catalogue } from '@hub/registry';
import { evidenceInWords, handlingOf, type Acting, type PackChart, type PackDocument } from './domain';
import { EvidenceService, purposeFor, type LinePlace, type SeenByAll } from './evidence.service';
import { LINE_PERIODS, PatternFinder } from './pattern-finder';
import { Seats, type Seat } from './seats';

const MOST = { patterns: 10, looked: 40, charts: 8, publications: 20, figures: 30 };

/** Of each dataset the newest period that is published. */
type Newest = Awaited<ReturnType<PublicationsReader['newest']>>;
type Completeness = PackDocument['completeness'][number];

/** An answer, and what of it all who get the pack may see. */
interface Shown {
  readonly answer: Answer;
  readonly benchmark: Benchmark;
}

/** What of the figures a pack may hold, while it is written: for whom, and under which lines. */
export interface Quoting {
  readonly seat: Seat;
  /** The called boards. */
  readonly readers: readonly Acting[];
  /** Both grow with what is quoted: under which lines it stands, and whose figures it is. */
  readonly handling: Set<string>;
  readonly whose: Set<string>;
  /** By their places, so that nothing is drawn twice. */
  readonly charts: Map<string, PackChart>;
  /** Indicators that it speaks of, by region, code and length of the period. */
  readonly indicators: Map<string, { readonly region: string; readonly code: string; readonly kind: PeriodKind }>;
}

/** The figures of a pack: each is one that the read door shows to every called board by name. */
@Injectable()
export class PackFigures {
  constructor(
    private readonly seats: Seats,
    private readonly evidence: EvidenceService,
    private readonly finder: PatternFinder,
    private readonly publications: PublicationsReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Figures of an issue in words, and their lines as charts. */
  async quotes(quoting: Quoting, evidence: readonly Pinned[]): Promise<string[]> {
    const { seat, readers, handling } = quoting;
    const words: string[] = [];
    for (const one of evidence) {
      const quote = await this.evidence.quote(seat, one, readers);
      if (!quote) continue;
      quote.handling.forEach((line) => handling.add(line));
      quote.whose.forEach((authority) => quoting.whose.add(authority));
      const { authority, period } = quote.shown;
      words.push(evidenceInWords({ ...quote.shown, whose: this.placeOf(seat, authority) }));
      const { indicator, categories, measure } = parseSeriesKey(one.series);
      speakOf(quoting, one.region, indicator, period);
      if (measure === 'count')
        await this.drawn(quoting, { region: one.region, indicator, categories, authority }, period);
    }
    return words;
  }

  /** What is unusual on the lines that every called board may read, by these lines alone. */
  async patterns(
    quoting: Quoting,
    regions: readonly string[],
    period: string | null,
  ): Promise<PackDocument['patterns']> {
    if (period === null) return [];
    const { seat } = quoting;
    const found = (await this.finder.find(seat, regions, period)).filter(({ questions }) => questions.length);
    const shown: PackDocument['patterns'][number][] = [];
    for (const one of found.slice(0, MOST.looked)) {
      if (shown.length === MOST.patterns) break;
      const text = await this.drawn(quoting, one, period, true);
      if (text === null) continue;
      speakOf(quoting, one.region, one.indicator, period);
      const within = Object.values(one.categories).join(', ');
      const name = within ? `${one.name}: ${within}` : one.name;
      shown.push({ name, where: this.placeOf(seat, one.authority), text, question: one.questions[0]! });
    }
    return shown;
  }

  /**
   * The newest published figures of the indicators that the pack speaks of, in the areas of its boards beside the region: of each
   * period a picture and its table. What one of the boards may not read by name is not there; where one may not read the region's
   * figure, neither is anything that is held against it.
   */
  async figures({ seat, readers, handling, whose, indicators }: Quoting): Promise<PackChart[]> {
    const areas = [...new Set(readers.flatMap((reader) => reader.areas))].sort();
    const pages = new Map<string, { region: string; period: string; shown: Shown[]; seen: SeenByAll[] }>();
    const sorted = [...indicators.values()].sort((a, b) => (a.code < b.code ? -1 : 1)).slice(0, MOST.figures);
    const newest = new Map<string, Newest>();
    for (const { region } of sorted) if (!newest.has(region)) newest.set(region, await this.newestIn(seat, region));
    for (const { region, code, kind } of sorted) {
      const period = this.newestOf(newest.get(region)!, code, kind);
      if (period === null) continue;
      const place = { region, indicator: code, categories: {} };
      const seen = await this.evidence.periodsSeenBy(seat, place, [null, ...areas], period, 1, readers);
      const told = (one: string | null) => seen.get(one)?.get(period);
      const named = areas.filter(told);
      const answer = told(null) && named.length ? await this.finder.totals(seat, region, code, period) : null;
      if (!answer) continue;
      const all = [told(null)!, ...named.map((one) => told(one)!)];
      const page = pages.get(`${region} ${period}`) ?? { region, period, shown: [], seen: [] };
      page.shown.push({
        answer,
        benchmark: ofAreas(
          answer.benchmark,
          named,
          all.every(({ isWhole }) => isWhole),
        ),
      });
      page.seen.push(...all);
      pages.set(`${region} ${period}`, page);
    }
    return [...pages.values()].flatMap(({ region, period, shown, seen }) => {
      const lines = seen.flatMap((one) => one.handling);
      const chart = this.finder.figures(region, period, shown, handlingOf([...new Set(lines)]));
      if (!chart.rows.length) return [];
      lines.forEach((line) => handling.add(line));
      for (const one of seen) one.whose.forEach((authority) => whose.add(authority));
      return [chart];
    });
  }

  private async newestIn(seat: Seat, region: string): Promise<Newest> {
    const visit = this.publications.visit(seat.member, region, purposeFor(seat.covers, region));
    const newest = await unlessRefused(() =>
      this.publications.as(visit, 'read.benchmark', (tx) => this.publications.newest(tx, visit)),
    );
    return newest ?? [];
  }

  /** The newest published period of this length in which there is the indicator; null where there is none. */
  private newestOf(newest: Newest, code: string, kind: PeriodKind): string | null {
    const found = newest.find(({ dataset }) => {
      const { frequency, indicators } = newestDataset(this.catalogue, dataset);
      return frequency === kind && indicators.some((one) => one.code === code);
    });
    return found?.period ?? null;
  }

  /** What is complete of the publications that every called board may read, for each of the boards and as a whole. */
  async completeness({ seat, readers, handling }: Quoting): Promise<Completeness[]> {
    const rows: Completeness[] = [];
    for (const region of [...new Set(readers.flatMap(({ regions }) => regions))].sort()) {
      const visit = this.publications.visit(seat.member, region, purposeFor(seat.covers, region));
      // Whoever is no member of a region is not told who has sent something.
      if (!visit.belongs) continue;
      await this.publications.as(visit, 'read.publications', async (tx, asking) => {
        const page = { limit: MOST.publications, after: null };
        const { readable } = await this.publications.list(tx, visit, asking, {}, page);
        for (const { head, share } of readable.values()) {
          if (head.state !== 'current') continue;
          const agreements = await this.evidence.agreementsAbout(tx, region);
          const shares = readers.map((reader) =>
            this.evidence.shareOf(
              reader,
              region,
              head,
              agreements,
              undefined,
              ({ presentation }) => presentation === 'named',
            ),
          );
          if (!shares.every((one) => one !== null)) continue;
          const { document, digest } = await this.publications.open(tx, visit, head, share);
          shares.forEach((one) => handling.add(one.handling));
          rows.push(this.rowOf(seat, readers, shares, { head, document, digest: digest.toString('hex') }));
        }
      });
    }
    return rows;
  }

  private rowOf(
    seat: Seat,
    readers: readonly Acting[],
    shares: readonly Share[],
    { head, document, digest }: { head: PublicationHead; document: PublicationDocument; digest: string },
  ): Completeness {
    const isToldOf = (area: string) =>
      shares.every(({ authorities }) => authorities === 'all' || authorities.includes(area));
    const counted = (areas: readonly string[]) => {
      const asked = areas.filter((area) => document.authorities.includes(area));
      if (!asked.length || !asked.every(isToldOf)) return null;
      return `${asked.filter((area) => document.submitted.includes(area)).length} of ${asked.length}`;
    };
    return {
      publication: publicId('pub', this.config.hubId, head.id),
      // Whoever knows nearly all of a publication could try the rest against the digest of the whole.
      digest: shares.every((share) => seesWhole(share, document)) ? digest : null,
      dataset: datasetOf(this.catalogue, head.dataset, head.datasetVersion).title,
      period: head.period,
      coverage: counted(document.authorities),
      boards: readers.flatMap(({ of, areas }) => {
        const coverage = counted(areas);
        return coverage === null ? [] : [{ board: this.seats.name(seat, of), coverage }];
      }),
    };
  }

  /**
   * Draws a line of the periods that every called board may read.
   * @param isPattern  draw it only where these periods by themselves are unusual
   * @returns what is unusual at its end; null where nothing is, or there is nothing to draw
   */
  private async drawn(
    { seat, readers, handling, whose, charts }: Quoting,
    place: LinePlace,
    period: string,
    isPattern = false,
  ): Promise<string | null> {
    const lineOf = await this.evidence.periodsSeenBy(seat, place, [place.authority], period, LINE_PERIODS, readers);
    const seen = lineOf.get(place.authority)!;
    if (!seen.has(period)) return null;
    const lines = [...new Set([...seen.values()].flatMap((one) => one.handling))];
    const drawn = await this.finder.chart(seat, place, period, seen, handlingOf(lines));
    if (!drawn || (isPattern && drawn.unusual === null)) return null;
    const { region, indicator, categories, authority } = place;
    const key = JSON.stringify([region, indicator, categories, authority, period]);
    if (charts.size < MOST.charts && !charts.has(key)) charts.set(key, drawn.chart);
    lines.forEach((line) => handling.add(line));
    for (const one of seen.values()) one.whose.forEach((each) => whose.add(each));
    return drawn.unusual;
  }

  private placeOf(seat: Seat, authority: string | null): string {
    return authority === null ? 'the region' : this.seats.name(seat, authority);
  }
}

function speakOf({ indicators }: Quoting, region: string, code: string, period: string): void {
  const { kind } = parsePeriod(period);
  indicators.set(`${region} ${code} ${kind}`, { region, code, kind });
}

/**
 * A benchmark of some authorities beside the region.
 * @param isWhole  whether whoever gets it may see the whole publication: if not, hidden figures have no interval
 */
function ofAreas(benchmark: Benchmark, areas: readonly string[], isWhole: boolean): Benchmark {
  const part = present(benchmark, 'own-and-region', areas);
  if (!isWhole) return part;
  const authorities = benchmark.authorities.filter(({ authority }) => authority !== null && areas.includes(authority));
  return { ...part, authorities, region: benchmark.region };
}
