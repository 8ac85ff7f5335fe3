import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, decide, permitOrThrow } from '@hub/agreements';
import { CLOCK, londonDate, Refusal, type Clock } from '@hub/kernel';
import { recordAccess, type Caller, type Tx } from '@hub/platform';
import type { Edition, PublicationDocument } from './domain';

/** What is known of a publication without opening it. */
export interface PublicationHead {
  readonly id: string;
  readonly number: number;
  readonly edition: Edition;
  readonly state: 'current' | 'superseded' | 'withdrawn';
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly period: string;
  readonly digest: Buffer;
  readonly publishedAt: Date;
  readonly agreementId: string;
  readonly agreementVersion: number;
}

const head = `id, number, edition, state, dataset, dataset_version as "datasetVersion", period, digest,
  published_at as "publishedAt", agreement_id as "agreementId", agreement_version as "agreementVersion"`;

/** Who looks, at which region and in which roles: what the region gate has let through. */
export interface Visit {
  readonly caller: Caller;
  readonly region: string;
  readonly regionId: number;
  readonly roles: readonly string[];
}

/**
 * Reads publications inside the reader's transaction, so that row-level security decides which rows there are. Frozen
 * documents are kept decoded by id; whether this caller may see one is asked every time.
 */
@Injectable()
export class PublicationsReader {
  private readonly documents = new Map<string, PublicationDocument>();

  constructor(
    private readonly agreements: AgreementsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Publications of the region, newest number first. */
  async list(
    tx: Tx,
    { regionId }: Visit,
    filter: { dataset?: string | null; period?: string | null },
    page: { limit: number; after: string | null },
  ): Promise<PublicationHead[]> {
    return (await tx.query(
      `select ${head} from release.publication
       where region_id = $1 and ($2::text is null or dataset = $2) and ($3::text is null or period = $3)
         and ($4::int is null or number < $4)
       order by number desc limit $5`,
      [regionId, filter.dataset ?? null, filter.period ?? null, page.after === null ? null : Number(page.after), page.limit + 1],
    )) as PublicationHead[];
  }

  /** The current publications of a period, newest first: one for each dataset. */
  async current(tx: Tx, { regionId }: Visit, period: string): Promise<PublicationHead[]> {
    return (await tx.query(
      `select ${head} from release.publication where region_id = $1 and period = $2 and state = 'current' order by number desc`,
      [regionId, period],
    )) as PublicationHead[];
  }

  /**
   * Asks the agreement's read door, and leaves an access record of the read.
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
   */
  async read(tx: Tx, visit: Visit, publication: PublicationHead, what: 'read.benchmark' | 'read.publications', subject: string) {
    const agreement = await this.agreements.find(tx, publication.agreementId, publication.agreementVersion);
    if (!agreement) throw new Refusal('AGREEMENT_ABSENT');
    const now = this.clock.now();
    const { clause } = permitOrThrow(
      decide(
        agreement,
        {
          door: 'read',
          roles: visit.roles,
          region: visit.region,
          dataset: { code: publication.dataset, version: publication.datasetVersion },
        },
        londonDate(now),
      ),
    );
    await recordAccess(tx, visit.caller, {
      at: now,
      action: what,
      subject,
      regionId: visit.regionId,
      agreement: { id: publication.agreementId, version: publication.agreementVersion, clause },
    });
  }

  /** The decoded document of a publication that this transaction has just seen. */
  async open(tx: Tx, id: string): Promise<PublicationDocument> {
    const kept = this.documents.get(id);
    if (kept) return kept;
    const [row] = (await tx.query('select document from release.publication where id = $1', [id])) as { document: string }[];
    if (!row) throw new Error('a publication that was just seen is gone');
    const document = JSON.parse(row.document) as PublicationDocument;
    if (this.documents.size >= 64) this.documents.delete(this.documents.keys().next().value!);
    this.documents.set(id, document);
    return document;
  }
}
