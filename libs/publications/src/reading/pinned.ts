import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, type Agreement, type Purpose } from '@hub/agreements';
import type { Member } from '@hub/identity';
import { Refusal, unlessRefused } from '@hub/kernel';
import { CONFIG, innerId, type Config } from '@hub/platform';
import {
  assertAuthority,
  assertSeries,
  CATALOGUE,
  datasetOf,
  parseSeriesKey,
  RegistryKeys,
  type Catalogue,
} from '@hub/registry';
import { figureInWords, isWhole, partOf, type Printed, type PublicationDocument } from '../domain';
import { PublicationsReader } from '../publications.reader';
import type { Listed, PublicationHead, Share, Visit } from './visit';

/** Which figure: of a publication, as the API names it. */
export interface FigureNamed {
  readonly publication: string;
  readonly series: string;
  /** Null: the region. */
  readonly authority: string | null;
}

/** A figure that was there for its author, pinned to the document in which it stands. It holds no number of its own. */
export interface Pinned extends FigureNamed {
  /** Inner id of the publication. */
  readonly id: string;
  readonly region: string;
  /** Of the document as its author saw it, lower-case hex. */
  readonly digest: string;
}

/** A figure as a share of its publication shows it. */
export interface FigureShown {
  /** Undefined where the document has no such figure. */
  readonly figure: Printed | undefined;
  /** In words; empty for none. */
  readonly words: string;
  /** The same for who may not see the whole publication: without the interval of a hidden one. */
  readonly wordsOfPart: string;
}

/** A figure with the document in which its reader finds it. */
export interface FigureOpened extends FigureShown {
  readonly digest: string;
  readonly document: PublicationDocument;
  readonly listed: Pick<Listed, 'head' | 'share'>;
  /** Those about the region. */
  readonly agreements: readonly Agreement[];
}

/** Figures that somebody names in words of their own: each is asked of the read door by whoever looks, and none is copied. */
@Injectable()
export class PinnedFigures {
  constructor(
    private readonly publications: PublicationsReader,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Pins figures that their author may see by name.
   * @param purposeIn  for which the author reads a region
   * @param place  the field in which they stand, to say which of them is meant
   * @throws Refusal EVIDENCE_NOT_SEEN, the same for a publication that does not exist; REQUEST_MALFORMED | INDICATOR_ABSENT for what
   *   can name no figure, whatever is published; INDICATOR_ABSENT | AUTHORITY_ABSENT for what a publication that its author sees has not
   */
  async pin(
    member: Member,
    purposeIn: (region: string) => Purpose | null,
    all: readonly FigureNamed[],
    place: string,
  ): Promise<(Pinned & { readonly opened: FigureOpened })[]> {
    // The form of each before any of them is looked for.
    const formed = all.map((one, i) => ({ ...one, at: `/${place}/${i}`, id: this.idOf(one, `/${place}/${i}`) }));
    const pinned: (Pinned & { readonly opened: FigureOpened })[] = [];
    for (const { at, id, ...one } of formed) {
      const region = await unlessRefused(() => this.publications.regionOf(member, one.publication));
      if (!region) throw new Refusal('EVIDENCE_NOT_SEEN', {}, { pointer: at });
      const visit = this.publications.visit(member, region, purposeIn(region));
      const opened = await this.open(visit, one);
      if (!opened) throw new Refusal('EVIDENCE_NOT_SEEN', {}, { pointer: at });
      const { head } = opened.listed;
      assertAuthority(one.authority, [head], this.keys, `${at}/authority`);
      assertSeries(one.series, [datasetOf(this.catalogue, head.dataset, head.datasetVersion)], `${at}/series`);
      if (opened.figure === undefined || !isShown(opened.listed, one.authority, visit.own)) {
        throw new Refusal('EVIDENCE_NOT_SEEN', {}, { pointer: at });
      }
      pinned.push({ ...one, id, region, digest: opened.digest, opened });
    }
    return pinned;
  }

  /** The inner id of the publication of a figure that is named in the right form, which the public catalogue alone decides. */
  private idOf({ publication, series }: FigureNamed, at: string): string {
    const id = innerId('pub', this.config.hubId, publication);
    if (!id) {
      const expected = 'the id of a publication of this hub, as `hub publication list` tells it';
      throw new Refusal('REQUEST_MALFORMED', { expected }, { pointer: `${at}/publication` });
    }
    assertSeries(series, this.catalogue.datasets, `${at}/series`);
    return id;
  }

  /** The figure as the reader is shown it by name; null where the read door says no. */
  open(visit: Visit, one: FigureNamed): Promise<FigureOpened | null> {
    const opening = () =>
      this.publications.as(visit, 'read.publication', async (tx, asking) => {
        const listed = await this.publications.look(tx, visit, asking, one.publication, one.series);
        const { head, share } = listed;
        const { document, digest } = await this.publications.open(tx, visit, head, share);
        return {
          ...this.figureIn(document, share, visit.own, head, one),
          document,
          digest: digest.toString('hex'),
          listed,
          agreements: await this.agreements.about(tx, this.keys.regionId(visit.region)),
        };
      });
    return unlessRefused(opening);
  }

  /** @param document  of the publication, as far as it is shared */
  figureIn(
    document: PublicationDocument,
    { presentation }: Pick<Share, 'presentation'>,
    own: readonly string[],
    head: Pick<PublicationHead, 'dataset' | 'datasetVersion'>,
    { series, authority }: Pick<FigureNamed, 'series' | 'authority'>,
  ): FigureShown {
    const shown = presentation === 'named' ? document : partOf(document, own);
    const line = shown.series.find(({ key }) => key === series);
    const figure = authority === null ? line?.region : line?.figures[shown.authorities.indexOf(authority)];
    if (figure === undefined) return { figure, words: '', wordsOfPart: '' };
    const { indicator } = parseSeriesKey(series);
    const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
    const decimals = dataset.indicators.find(({ code }) => code === indicator)?.decimals ?? 0;
    const between = shown.between?.[series]?.[authority ?? 'region'];
    return {
      figure,
      words: figureInWords(figure, between, decimals),
      wordsOfPart: figureInWords(figure, undefined, decimals),
    };
  }
}

/** Whether somebody may see each table of the document by name. */
export const seesWhole = (
  { authorities, presentation, covers }: Share,
  { series }: { readonly series: readonly { readonly key: string }[] },
): boolean => authorities === 'all' && presentation === 'named' && series.every(({ key }) => covers(key));

/** Whether one figure of what is shared stands there by name. */
export function isShown(
  { head, share }: Pick<Listed, 'head' | 'share'>,
  authority: string | null,
  own: readonly string[],
): boolean {
  if (authority === null) return isWhole(head.authorities, share.authorities);
  const isShared = share.authorities === 'all' || (share.authorities as readonly string[]).includes(authority);
  return isShared && (share.presentation === 'named' || own.includes(authority));
}
