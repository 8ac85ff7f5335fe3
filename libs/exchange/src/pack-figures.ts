import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, publicId, type Config } from '@hub/platform';
import {
  PublicationsReader,
  seesWhole,
  type Pinned,
  type PublicationDocument,
  type PublicationHead,
  type Share,
} from '@hub/publications';
import { CATALOGUE, datasetOf, parseSeriesKey, type Catalogue } from '@hub/registry';
import { handlingOf, type Acting, type PackDocument } from './domain';
import { EvidenceService, purposeFor, type LinePlace } from './evidence.service';
import { LINE_PERIODS, PatternFinder } from './pattern-finder';
import { Seats, type Seat } from './seats';

const MOST = { patterns: 10, looked: 40, charts: 8, publications: 20 };

type Completeness = PackDocument['completeness'][number];

/** What of the figures a pack may hold, while it is written: for whom, and under which lines. */
export interface Quoting {
  readonly seat: Seat;
  /** The called boards. */
  readonly readers: readonly Acting[];
  /** Grows with what is quoted. */
  readonly handling: Set<string>;
  /** By their places, so that nothing is drawn twice. */
  readonly charts: Map<string, NonNullable<PackDocument['charts']>[number]>;
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
      const { indicatorName, authority, period, figure } = quote.shown;
      words.push(`${indicatorName}, ${this.placeOf(seat, authority)}, ${period}: ${figure}`);
      const { indicator, categories, measure } = parseSeriesKey(one.series);
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
      const within = Object.values(one.categories).join(', ');
      const name = within ? `${one.name}: ${within}` : one.name;
      shown.push({ name, where: this.placeOf(seat, one.authority), text, question: one.questions[0]! });
    }
    return shown;
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
    { seat, readers, handling, charts }: Quoting,
    place: LinePlace,
    period: string,
    isPattern = false,
  ): Promise<string | null> {
    const seen = await this.evidence.periodsSeenBy(seat, place, period, LINE_PERIODS, readers);
    if (!seen.has(period)) return null;
    const lines = [...new Set([...seen.values()].flat())];
    const drawn = await this.finder.chart(seat, place, period, seen, handlingOf(lines));
    if (!drawn || (isPattern && drawn.unusual === null)) return null;
    const { region, indicator, categories, authority } = place;
    const key = JSON.stringify([region, indicator, categories, authority, period]);
    if (charts.size < MOST.charts && !charts.has(key)) charts.set(key, drawn.chart);
    lines.forEach((line) => handling.add(line));
    return drawn.unusual;
  }

  private placeOf(seat: Seat, authority: string | null): string {
    return authority === null ? 'the region' : this.seats.name(seat, authority);
  }
}
