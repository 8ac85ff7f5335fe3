import { Inject, Injectable } from '@nestjs/common';
import { changesSoFar } from '@hub/agreements';
import { Shelf } from '@hub/kernel';
import { CONFIG, publicId, type Config, type Tx } from '@hub/platform';
import { kindOf, toPrinted, type Printed, type PublicationDocument } from '../domain';
import type { PublicationHead, Share, Visit } from './visit';
import { Withdrawals } from './withdrawals';

/** Figures of decoded documents that are kept, some 16 bytes each: those of 24 quarters of nine regions are two million. */
const MOST_FIGURES = 4_000_000;

/** Heads that are kept: of nine regions and five datasets some twenty years of quarters. */
const MOST_HEADS = 5_000;

const headAsJson = `json_build_object('number', number, 'edition', edition, 'dataset', dataset,
  'datasetVersion', dataset_version, 'period', period, 'publishedAt', published_at, 'agreementId', agreement_id,
  'agreementVersion', agreement_version, 'threshold', threshold, 'authorities', authorities, 'digest', encode(digest, 'hex'))`;

interface SeenRow {
  readonly id: string;
  readonly state: PublicationHead['state'];
  readonly changes: string;
  /** Null where it was kept. */
  readonly head:
    | (Omit<PublicationHead, 'id' | 'state' | 'publishedAt' | 'digest'> & {
        readonly publishedAt: string;
        readonly digest: string;
      })
    | null;
  readonly document: string | null;
}

const headOf = (id: string, { publishedAt, digest, ...rest }: NonNullable<SeenRow['head']>) => ({
  ...rest,
  id,
  publishedAt: new Date(publishedAt),
  digest: Buffer.from(digest, 'hex'),
});

const figuresIn = ({ series, authorities }: PublicationDocument): number => series.length * (1 + authorities.length);

/**
 * The documents of publications, decoded and kept by id. Whether a caller may see one is asked every time, by whoever asks here: the
 * row has just been seen in the caller's own transaction.
 */
@Injectable()
export class PublicationDocuments {
  private readonly documents = new Shelf<PublicationDocument>(MOST_FIGURES, figuresIn);

  private readonly heads = new Shelf<PublicationHead>(MOST_HEADS);
  /** Which a statement found when it was last asked: it is not sent again what it sent then. What there is, the database says. */
  private readonly found = new Shelf<readonly string[]>(MOST_HEADS, (ids) => 1 + ids.length);

  constructor(
    private readonly withdrawals: Withdrawals,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Publications as this transaction finds them, in the order of the statement: state and changes as they are now, the rest of the
   * head, which is frozen, as it was first seen. What is not kept comes with its document in the same statement, so a first reader
   * makes no more round trips than later ones.
   * @param which  `where …` and what follows it, of release.publication
   */
  async find(
    tx: Tx,
    which: string,
    values: readonly unknown[],
  ): Promise<{ heads: PublicationHead[]; changes: string }> {
    const asked = JSON.stringify([which, values]);
    const known = new Map<string, PublicationHead>();
    for (const id of this.found.find(asked) ?? []) {
      const head = this.heads.find(id);
      if (head && this.documents.find(id)) known.set(id, head);
    }
    const rows = (await tx.query(
      `select id, state, ${changesSoFar} as changes,
         case when id <> all($${values.length + 1}::uuid[]) then ${headAsJson} end as head,
         case when id <> all($${values.length + 1}::uuid[]) then document end as document
       from release.publication ${which}`,
      [...values, [...known.keys()]],
    )) as SeenRow[];
    const heads = rows.map(({ id, state, head, document }) => {
      const before = known.get(id);
      if (before?.state === state) return before;
      if (document !== null && !this.documents.find(id)) this.keep(id, document);
      return this.heads.keep(id, { ...(before ?? headOf(id, head!)), state });
    });
    this.found.keep(
      asked,
      heads.map(({ id }) => id),
    );
    return { heads, changes: rows[0]?.changes ?? '' };
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

  /**
   * The decoded document of a publication whose row this transaction has just seen.
   * @throws Refusal PUBLICATION_WITHDRAWN where that was done in between
   */
  async document(tx: Tx, id: string): Promise<PublicationDocument> {
    const kept = this.documents.find(id);
    if (kept) return kept;
    const [row] = (await tx.query('select document from release.publication where id = $1', [id])) as {
      document: string;
    }[];
    if (!row) throw this.withdrawals.refusal(await this.withdrawals.in(tx, id));
    return this.keep(id, row.document);
  }

  private keep(id: string, document: string): PublicationDocument {
    return this.documents.keep(id, JSON.parse(document) as PublicationDocument);
  }

  /**
   * What the database lets somebody see who does not belong to the region, figure by figure, in the form of a document.
   * @throws Refusal PUBLICATION_WITHDRAWN
   */
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
    // It was not yet when its head was read.
    const gone = rows.length ? null : await this.withdrawals.in(tx, head.id);
    if (gone) throw this.withdrawals.refusal(gone);
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
