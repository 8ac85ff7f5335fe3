import { Inject, Injectable } from '@nestjs/common';
import { Shelf } from '@hub/kernel';
import { CONFIG, publicId, type Config, type Tx } from '@hub/platform';
import { kindOf, toPrinted, type Printed, type PublicationDocument } from '../domain';
import type { PublicationHead, Share, Visit } from './visit';

/** Figures of decoded documents that are kept, some 16 bytes each: those of 24 quarters of nine regions are two million. */
const MOST_FIGURES = 4_000_000;

/** Heads that are kept: of nine regions and five datasets some twenty years of quarters. */
const MOST_HEADS = 5_000;

/** What anybody may know of a publication whom anything of it is shown. */
export const sharedColumns = `id, edition, state, dataset, dataset_version as "datasetVersion", period,
  published_at as "publishedAt", agreement_id as "agreementId", agreement_version as "agreementVersion", threshold, authorities`;
/** A `PublicationHead` as a member of the region knows it. */
export const headColumns = `${sharedColumns}, number, digest`;

const figuresIn = ({ series, authorities }: PublicationDocument): number => series.length * (1 + authorities.length);

/**
 * The documents of publications, decoded and kept by id. Whether a caller may see one is asked every time, by whoever asks here: the
 * row has just been seen in the caller's own transaction.
 */
@Injectable()
export class PublicationDocuments {
  private readonly documents = new Shelf<PublicationDocument>(MOST_FIGURES, figuresIn);

  /** As they were first seen: all but the state is frozen. */
  private readonly heads = new Shelf<PublicationHead>(MOST_HEADS);

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * The heads of publications that this transaction has just seen, in that order; those that are not kept come with their
   * documents, by one statement.
   */
  async headsOf(tx: Tx, seen: readonly Pick<PublicationHead, 'id' | 'state'>[]): Promise<readonly PublicationHead[]> {
    const missing = seen.map(({ id }) => id).filter((id) => !this.heads.find(id));
    const rows = missing.length
      ? ((await tx.query(`select ${headColumns}, document from release.publication where id = any($1)`, [
          missing,
        ])) as (PublicationHead & { readonly document: string })[])
      : [];
    for (const { document, ...head } of rows) {
      this.heads.keep(head.id, head);
      if (!this.documents.find(head.id)) this.keep(head.id, document);
    }
    return seen.map(({ id, state }) => {
      const head = this.heads.find(id);
      if (!head) throw new Error('a publication that was just seen is gone');
      return head.state === state ? head : this.heads.keep(id, { ...head, state });
    });
  }

  /** Decodes the documents of publications that this transaction has just seen, as many as are missing by one statement. */
  async preload(tx: Tx, heads: readonly PublicationHead[]): Promise<void> {
    const missing = heads.map(({ id }) => id).filter((id) => !this.documents.find(id));
    if (!missing.length) return;
    const rows = (await tx.query('select id, document from release.publication where id = any($1)', [missing])) as {
      id: string;
      document: string;
    }[];
    for (const { id, document } of rows) this.keep(id, document);
  }

  /** The decoded document of a publication whose row this transaction has just seen. */
  async document(tx: Tx, id: string): Promise<PublicationDocument> {
    const kept = this.documents.find(id);
    if (kept) return kept;
    const [row] = (await tx.query('select document from release.publication where id = $1', [id])) as {
      document: string;
    }[];
    if (!row) throw new Error('a publication that was just seen is gone');
    return this.keep(id, row.document);
  }

  private keep(id: string, document: string): PublicationDocument {
    return this.documents.keep(id, JSON.parse(document) as PublicationDocument);
  }

  /** What the database lets somebody see who does not belong to the region, figure by figure, in the form of a document. */
  async rebuilt(
    tx: Tx,
    { region }: Visit,
    head: PublicationHead,
    { permit, handling }: Share,
  ): Promise<PublicationDocument> {
    const rows = (await tx.query(
      `select s.key, a.code as authority, f.kind, f.value from release.figure f
         join registry.series s on s.id = f.series_id left join registry.authority a on a.id = f.authority_id
       where f.publication_id = $1 order by s.key`,
      [head.id],
    )) as { key: string; authority: string | null; kind: number; value: string | null }[];
    const series = new Map<string, Map<string | null, Printed>>();
    for (const { key, authority, kind, value } of rows) {
      const figures = series.get(key) ?? new Map<string | null, Printed>();
      series.set(key, figures);
      const named = kindOf(kind);
      figures.set(authority, toPrinted(named === 'value' ? { kind: named, value: Number(value) } : { kind: named }));
    }
    return {
      v: 1,
      hub: this.config.hubId,
      id: publicId('pub', this.config.hubId, head.id),
      region,
      number: head.number,
      dataset: { code: head.dataset, version: head.datasetVersion },
      period: head.period,
      edition: head.edition,
      publishedAt: head.publishedAt.toISOString(),
      agreement: permit.agreement,
      handling,
      threshold: head.threshold,
      authorities: head.authorities,
      submitted: [],
      series: [...series].map(([key, figures]) => ({
        key,
        region: figures.get(null) ?? 'notAvailable',
        figures: head.authorities.map((authority) => figures.get(authority) ?? 'notAvailable'),
      })),
    };
  }
}

/** The series of a document of which there is any count, printed or hidden. */
const counting = new WeakMap<PublicationDocument, readonly string[]>();
export function seriesWithCounts(document: PublicationDocument): readonly string[] {
  const known = counting.get(document);
  if (known) return known;
  const isCount = (printed: Printed) => typeof printed === 'number' || printed === 'hidden';
  const series = document.series
    .filter(({ region, figures }) => isCount(region) || figures.some(isCount))
    .map(({ key }) => key);
  counting.set(document, series);
  return series;
}
