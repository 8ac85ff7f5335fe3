import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, purposes, type Agreement, type Purpose } from '@hub/agreements';
import type { Member } from '@hub/identity';
import { benchmarkOf, isWholeOfItself, present, valueInWords } from '@hub/benchmarks';
import { parsePeriod, Refusal } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import {
  isShown,
  PinnedFigures,
  PublicationsReader,
  seesWhole,
  type FigureOpened,
  type FigureNamed,
  type Pinned,
  type PublicationHead,
  type Share,
} from '@hub/publications';
import {
  allSeries,
  CATALOGUE,
  datasetOf,
  denominatorSeriesOf,
  estimateOf,
  parseSeriesKey,
  REGISTRY,
  RegistryKeys,
  seriesKey,
  type Catalogue,
  type Registry,
} from '@hub/registry';
import type { Acting, Cover } from './domain';
import type { Seat } from './seats';

/** A pinned figure as whoever looks may see it. */
export interface Shown extends Pinned {
  /** Of the publication; null where this reader is shown nothing of it. */
  readonly period: string | null;
  readonly indicator: string;
  readonly indicatorName: string;
  /** Of the series: its indicator, or what that is of, with the category. */
  readonly name: string;
  /** In words; null where this reader is not shown it. */
  readonly figure: string | null;
  /** The rate, percentage or average of a printed count in words, or why there is none; null where the count is no number. */
  readonly value: string | null;
  /** Of a region's figure, how many authorities stand in it: `11 of 12`. */
  readonly coverage: string | null;
  /** Of the document as this reader sees it; null where they see none. */
  readonly digestSeen: string | null;
}

/** An indicator, or a category of it, in the publications of a region. */
export interface IndicatorPlace {
  readonly region: string;
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
}

/** A place in the publications of a region, over time. */
export interface LinePlace extends IndicatorPlace {
  /** Null: the region. */
  readonly authority: string | null;
}

/** How several readers, each by itself, may read one figure. */
export interface SeenByAll {
  /** The lines under which each of them does. */
  readonly handling: readonly string[];
  /** Whether each may see the whole publication: then the interval of a hidden figure too. */
  readonly isWhole: boolean;
  /** Whose figure it is: of the region's all its authorities. */
  readonly whose: readonly string[];
}

const whoseOf = (authority: string | null, { authorities }: PublicationHead): readonly string[] =>
  authority === null ? authorities : [authority];

/**
 * Evidence: figures of publications, asked of the read door each time that somebody looks. The exchange keeps no number, so no
 * page of it can show more than the publication does to whoever looks.
 */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly publications: PublicationsReader,
    private readonly figures: PinnedFigures,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /**
   * Pins figures that the author may see by name.
   * @throws Refusal EVIDENCE_NOT_SEEN, the same for a publication that does not exist; as `PinnedFigures.pin` for what is malformed
   */
  async pin(seat: Seat, all: readonly FigureNamed[]): Promise<Pinned[]> {
    const pinned = await this.figures.pin(seat.member, (region) => purposeFor(seat.covers, region), all, 'evidence');
    return pinned.map(({ opened: _opened, ...one }) => one);
  }

  /** @throws Refusal EVIDENCE_NOT_SEEN unless each of them may see each figure by name, for some purpose */
  async assertSeenBy(seat: Seat, evidence: readonly Pinned[], recipients: readonly Acting[]): Promise<void> {
    for (const one of evidence) {
      const opened = await this.open(seat, one);
      if (!opened) throw new Refusal('EVIDENCE_NOT_SEEN');
      for (const recipient of recipients) {
        if (!this.figureOf(recipient, one, opened)) throw new Refusal('EVIDENCE_NOT_SEEN', { recipient: recipient.of });
      }
    }
  }

  /**
   * A figure as all of them together may read it, and the lines under which each of them does; null unless each of them may see it by
   * name. The interval of a hidden one is for those alone who may see the whole publication.
   */
  async quote(
    seat: Seat,
    one: Pinned,
    readers: readonly Acting[],
  ): Promise<({ readonly shown: Shown & { readonly period: string } } & Pick<SeenByAll, 'handling' | 'whose'>) | null> {
    const opened = await this.open(seat, one);
    if (!opened || opened.figure === undefined) return null;
    const shares = readers.map((reader) => this.figureOf(reader, one, opened));
    if (!shares.every((share) => share !== null)) return null;
    const isForAll = shares.every((share) => seesWhole(share, opened.document));
    const shown = {
      ...this.shownOf(one, opened),
      ...this.valueOf(one, opened, shares),
      period: opened.listed.head.period,
      figure: isForAll ? opened.words : opened.wordsOfPart,
    };
    return {
      shown,
      handling: shares.map(({ handling }) => handling),
      whose: whoseOf(one.authority, opened.listed.head),
    };
  }

  /**
   * The periods of lines that each of them may read by name: by authority, and null for the region.
   * @param most  how many periods, this one with them
   */
  async periodsSeenBy(
    seat: Seat,
    { region, indicator, categories }: IndicatorPlace,
    authorities: readonly (string | null)[],
    periodText: string,
    most: number,
    readers: readonly Acting[],
  ): Promise<ReadonlyMap<string | null, ReadonlyMap<string, SeenByAll>>> {
    const period = parsePeriod(periodText);
    const datasets = this.catalogue.datasets.filter(
      (one) => one.frequency === period.kind && one.indicators.some(({ code }) => code === indicator),
    );
    const visit = this.publications.visit(seat.member, region, purposeFor(seat.covers, region));
    const { heads, agreements } = await this.publications.as(visit, 'read.benchmark', (tx) =>
      this.publications.history(
        tx,
        visit,
        datasets.map(({ code }) => code),
        period,
        most,
      ),
    );
    const seen = new Map(authorities.map((one) => [one, new Map<string, SeenByAll>()]));
    const count = seriesKey(indicator, categories, 'count');
    for (const head of heads) {
      const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
      const of = denominatorSeriesOf(dataset, indicator, categories);
      for (const [authority, periods] of seen) {
        const isGood = (acting: Acting) => (share: Share) =>
          isShown({ head, share }, authority, acting.areas) && (of === null || share.covers(of));
        const shares = readers.map((reader) => this.shareOf(reader, region, head, agreements, count, isGood(reader)));
        if (!shares.every((share) => share !== null)) continue;
        const isWhole = shares.every((share) => seesWhole(share, { series: allSeries(dataset) }));
        const handling = shares.map((share) => share.handling);
        periods.set(head.period, { handling, isWhole, whose: whoseOf(authority, head) });
      }
    }
    return seen;
  }

  /** Each as its publication shows it to this reader. */
  async show(seat: Seat, evidence: readonly Pinned[]): Promise<Shown[]> {
    const shown: Shown[] = [];
    for (const one of evidence) shown.push(this.shownOf(one, await this.open(seat, one)));
    return shown;
  }

  private shownOf(one: Pinned, opened: FigureOpened | null): Shown {
    const { indicator } = parseSeriesKey(one.series);
    return {
      ...one,
      period: opened?.listed.head.period ?? null,
      indicator,
      ...this.namesOf(one.series),
      figure: opened && opened.figure !== undefined ? opened.words : null,
      ...(opened ? this.valueOf(one, opened, [opened.listed.share]) : { value: null, coverage: null }),
      digestSeen: opened?.digest ?? null,
    };
  }

  /**
   * What is made of the figure, out of the same print: as the region's own pages make it.
   * @param shares  of all who read it: where one may not see the whole, no more than what stands beside an authority's own
   */
  private valueOf(
    { series, authority }: Pinned,
    { document, listed: { head } }: FigureOpened,
    shares: readonly Share[],
  ): Pick<Shown, 'value' | 'coverage'> {
    const { indicator, categories, measure } = parseSeriesKey(series);
    const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
    const period = parsePeriod(head.period);
    const estimate = (one: string) => estimateOf(this.registry, one, period);
    const whole =
      measure === 'count'
        ? benchmarkOf(document, dataset, indicator, categories, (one) => estimate(one)?.children, estimate)
        : null;
    if (!whole) return { value: null, coverage: null };
    const isForAll = shares.every((share) => seesWhole(share, document));
    const told = isForAll ? whole : present(whole, 'own-and-region', authority === null ? [] : [authority]);
    const found =
      authority === null
        ? { figure: told.region, base: told.regionBase, limits: told.regionLimits }
        : told.authorities.find((one) => one.authority === authority);
    const of = denominatorSeriesOf(dataset, indicator, categories);
    const isTold = found && !isWholeOfItself(told) && (of === null || shares.every((share) => share.covers(of)));
    return {
      value: isTold ? valueInWords(found, told.indicator, period) : null,
      coverage: authority === null ? told.coverage.text : null,
    };
  }

  private namesOf(series: string): Pick<Shown, 'indicatorName' | 'name'> {
    const { indicator, categories, measure } = parseSeriesKey(series);
    for (const { indicators, dimensions } of this.catalogue.datasets) {
      const found = indicators.find(({ code }) => code === indicator);
      if (!found) continue;
      const { name, denominator } = found;
      const within = Object.entries(categories).map(
        ([dimension, code]) => dimensions[dimension]?.categories.find((one) => one.code === code)?.name ?? code,
      );
      const counted = measure === 'of' && 'own' in denominator ? denominator.own : name;
      return { indicatorName: name, name: [counted, ...within].join(': ') };
    }
    return { indicatorName: indicator, name: indicator };
  }

  /** The figure as the reader is shown it by name; null where the read door says no. */
  private open({ member, covers }: Seat, one: FigureNamed & { readonly region: string }): Promise<FigureOpened | null> {
    return this.figures.open(this.publications.visit(member, one.region, purposeFor(covers, one.region)), one);
  }

  /** The agreements about a region, for `shareOf`. */
  agreementsAbout(tx: Tx, region: string): Promise<Agreement[]> {
    return this.agreements.about(tx, this.keys.regionId(region));
  }

  private figureOf(reader: Acting, one: Pinned, { listed: { head }, agreements }: FigureOpened): Share | null {
    return this.shareOf(reader, one.region, head, agreements, one.series, (share) =>
      isShown({ head, share }, one.authority, reader.areas),
    );
  }

  /**
   * What the same door gives somebody else of a publication, for the first purpose for which it is good enough.
   * @param series  a table of it; absent: the publication as such
   */
  shareOf(
    { of, roles, areas: authorities, regions, boards }: Acting,
    region: string,
    head: PublicationHead,
    agreements: readonly Agreement[],
    series: string | undefined,
    isGood: (share: Share) => boolean,
  ): Share | null {
    const member: Member = { id: of, roles: roles.map((role) => ({ role, of, authorities, regions, boards })) };
    for (const purpose of purposes) {
      try {
        const visit = this.publications.visit(member, region, purpose);
        const share = this.publications.share(visit, agreements, head, series);
        if (isGood(share)) return share;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return null;
  }
}

/** For which purpose the agreements let whoever acts read a region. */
export function purposeFor(covers: readonly Cover[], region: string): Purpose | null {
  const all = covers.filter(({ regions }) => regions.includes(region)).flatMap((cover) => cover.purposes);
  return all.includes('regional-benchmarking') ? 'regional-benchmarking' : (all[0] ?? null);
}
