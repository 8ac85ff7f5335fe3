import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, purposes, type Agreement, type Purpose } from '@hub/agreements';
import type { Member } from '@hub/identity';
import { parsePeriod, Refusal } from '@hub/kernel';
import { innerId, CONFIG, type Config, type Tx } from '@hub/platform';
import {
  isWhole,
  partOf,
  PublicationsReader,
  type Listed,
  type Printed,
  type PublicationDocument,
  type PublicationHead,
  type Share,
} from '@hub/publications';
import {
  CATALOGUE,
  datasetOf,
  denominatorSeriesOf,
  parseSeriesKey,
  RegistryKeys,
  seriesKey,
  type Catalogue,
} from '@hub/registry';
import { figureInWords, type Acting, type Cover } from './domain';
import type { Seat } from './seats';

/** Which figure: of a publication, as the API names it. */
export interface Named {
  readonly publication: string;
  readonly series: string;
  /** Null: the region. */
  readonly authority: string | null;
}

/** A figure that was there for its author, pinned to the document in which it stands. */
export interface Pinned extends Named {
  /** Inner id of the publication. */
  readonly id: string;
  readonly region: string;
  /** Of the document as its author saw it, lower-case hex. */
  readonly digest: string;
}

/** A pinned figure as whoever looks may see it. */
export interface Shown extends Pinned {
  readonly period: string;
  readonly indicator: string;
  readonly indicatorName: string;
  /** In words; null where this reader is not shown it. */
  readonly figure: string | null;
  /** Of the document as this reader sees it; null where they see none. */
  readonly digestSeen: string | null;
}

interface Opened {
  readonly figure: Printed | undefined;
  readonly words: string;
  /** In words as one reads it who may not see the whole publication. */
  readonly wordsOfPart: string;
  readonly digest: string;
  readonly document: PublicationDocument;
  readonly listed: Omit<Listed, 'digest'>;
  readonly agreements: readonly Agreement[];
}

/** A place in the publications of a region, over time. */
export interface LinePlace {
  readonly region: string;
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  /** Null: the region. */
  readonly authority: string | null;
}

/**
 * Evidence: figures of publications, asked of the read door each time that somebody looks. The exchange keeps no number, so no
 * page of it can show more than the publication does to whoever looks.
 */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly publications: PublicationsReader,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Pins figures that the author may see by name.
   * @throws Refusal EVIDENCE_NOT_SEEN, the same for a publication that does not exist
   */
  async pin(seat: Seat, all: readonly Named[]): Promise<Pinned[]> {
    const pinned: Pinned[] = [];
    for (const one of all) {
      const id = innerId('pub', this.config.hubId, one.publication);
      const region = id && (await this.regionOf(seat.member, one.publication));
      const opened = region ? await this.open(seat, { ...one, region }) : null;
      if (
        !id ||
        !region ||
        !opened ||
        opened.figure === undefined ||
        !isShown(opened, one.authority, seat.acting.areas)
      ) {
        throw new Refusal('EVIDENCE_NOT_SEEN');
      }
      pinned.push({ ...one, id, region, digest: opened.digest });
    }
    return pinned;
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
  ): Promise<{ readonly shown: Shown; readonly handling: readonly string[] } | null> {
    const opened = await this.open(seat, one);
    if (!opened || opened.figure === undefined) return null;
    const shares = readers.map((reader) => this.figureOf(reader, one, opened));
    if (!shares.every((share) => share !== null)) return null;
    const isForAll = shares.every((share) => seesWhole(share, opened.document));
    const shown = { ...this.shownOf(one, opened), figure: isForAll ? opened.words : opened.wordsOfPart };
    return { shown, handling: shares.map(({ handling }) => handling) };
  }

  /**
   * The periods of a line that each of them may read by name, with the lines under which each does.
   * @param most  how many periods, this one with them
   */
  async periodsSeenBy(
    seat: Seat,
    { region, indicator, categories, authority }: LinePlace,
    periodText: string,
    most: number,
    readers: readonly Acting[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const period = parsePeriod(periodText);
    const datasets = this.catalogue.datasets.filter(
      (one) => one.frequency === period.kind && one.indicators.some(({ code }) => code === indicator),
    );
    const visit = this.publications.visit(seat.member, region, purposeFor(seat.covers, region));
    const { heads, agreements } = await this.publications.as(visit, 'read.benchmark', (tx) =>
      this.publications.history(tx, visit, datasets.map(({ code }) => code), period, most),
    ); // prettier-ignore
    const seen = new Map<string, readonly string[]>();
    for (const head of heads) {
      const count = seriesKey(indicator, categories, 'count');
      const of = denominatorSeriesOf(
        datasetOf(this.catalogue, head.dataset, head.datasetVersion),
        indicator,
        categories,
      );
      const isGood = (acting: Acting) => (share: Share) =>
        isShown({ listed: { head, share } }, authority, acting.areas) && (of === null || share.covers(of));
      const shares = readers.map((reader) => this.shareOf(reader, region, head, agreements, count, isGood(reader)));
      if (shares.every((share) => share !== null)) seen.set(head.period, shares.map(({ handling }) => handling)); // prettier-ignore
    }
    return seen;
  }

  /** Each as its publication shows it to this reader. */
  async show(seat: Seat, evidence: readonly Pinned[]): Promise<Shown[]> {
    const shown: Shown[] = [];
    for (const one of evidence) shown.push(this.shownOf(one, await this.open(seat, one)));
    return shown;
  }

  private shownOf(one: Pinned, opened: Opened | null): Shown {
    const { indicator } = parseSeriesKey(one.series);
    return {
      ...one,
      period: opened?.listed.head.period ?? '',
      indicator,
      indicatorName: this.indicatorName(indicator),
      figure: opened && opened.figure !== undefined ? opened.words : null,
      digestSeen: opened?.digest ?? null,
    };
  }

  private indicatorName(code: string): string {
    for (const { indicators } of this.catalogue.datasets) {
      const found = indicators.find((one) => one.code === code);
      if (found) return found.name;
    }
    return code;
  }

  private async regionOf(member: Member, publication: string): Promise<string | null> {
    try {
      return await this.publications.regionOf(member, publication);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /** The figure as the reader is shown it by name; null where the read door says no. */
  private async open(seat: Seat, one: Named & { readonly region: string }): Promise<Opened | null> {
    const visit = this.publications.visit(seat.member, one.region, purposeFor(seat.covers, one.region));
    try {
      return await this.publications.as(visit, 'read.publication', async (tx: Tx, asking) => {
        const listed = await this.publications.look(tx, visit, asking, one.publication, one.series);
        const { head, share } = listed;
        const { document, digest } = await this.publications.open(tx, visit, head, share);
        const shown = share.presentation === 'named' ? document : partOf(document, visit.own);
        const line = shown.series.find(({ key }) => key === one.series);
        const place = one.authority === null ? -1 : shown.authorities.indexOf(one.authority);
        const figure = one.authority === null ? line?.region : line?.figures[place];
        const between = shown.between?.[one.series]?.[one.authority ?? 'region'];
        const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
        const { indicator } = parseSeriesKey(one.series);
        const decimals = dataset.indicators.find(({ code }) => code === indicator)?.decimals ?? 0;
        return {
          figure,
          words: figure === undefined ? '' : figureInWords(figure, between, decimals),
          wordsOfPart: figure === undefined ? '' : figureInWords(figure, undefined, decimals),
          document,
          digest: digest.toString('hex'),
          listed,
          agreements: await this.agreementsAbout(tx, one.region),
        };
      });
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  /** The agreements about a region, for `shareOf`. */
  agreementsAbout(tx: Tx, region: string): Promise<Agreement[]> {
    return this.agreements.about(tx, this.keys.regionId(region));
  }

  private figureOf(reader: Acting, one: Pinned, { listed: { head }, agreements }: Opened): Share | null {
    return this.shareOf(reader, one.region, head, agreements, one.series, (share) =>
      isShown({ listed: { head, share } }, one.authority, reader.areas),
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

/** Whether somebody may see each table of the document by name. */
export const seesWhole = ({ authorities, presentation, covers }: Share, { series }: PublicationDocument): boolean =>
  authorities === 'all' && presentation === 'named' && series.every(({ key }) => covers(key));

/** Whether one figure of what is shared stands there by name. */
function isShown(
  { listed: { head, share } }: Pick<Opened, 'listed'>,
  authority: string | null,
  own: readonly string[],
): boolean {
  if (authority === null) return isWhole(head.authorities, share.authorities);
  const isShared = share.authorities === 'all' || (share.authorities as readonly string[]).includes(authority);
  return isShared && (share.presentation === 'named' || own.includes(authority));
}

/** For which purpose the agreements let whoever acts read a region. */
export function purposeFor(covers: readonly Cover[], region: string): Purpose | null {
  const all = covers.filter(({ regions }) => regions.includes(region)).flatMap((cover) => cover.purposes);
  return all.includes('regional-benchmarking') ? 'regional-benchmarking' : (all[0] ?? null);
}
