import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, decideAmong, permitOrThrow, type Decision, type Standing } from '@hub/agreements';
import { CLOCK, londonDate, parsePeriod, Refusal, type Clock } from '@hub/kernel';
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
  /** Counts under it are not printed. */
  readonly threshold: number;
}

const head = `id, number, edition, state, dataset, dataset_version as "datasetVersion", period, digest,
  published_at as "publishedAt", agreement_id as "agreementId", agreement_version as "agreementVersion", threshold`;

/** What an access record of a publication says was done. */
export type ReadAction = 'read.benchmark' | 'read.publications';

/** Who looks, at which region and in which roles: what the region gate has let through. */
export interface Visit {
  readonly caller: Caller;
  readonly region: string;
  readonly regionId: number;
  readonly standings: readonly Standing[];
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
      [
        regionId,
        filter.dataset ?? null,
        filter.period ?? null,
        page.after === null ? null : Number(page.after),
        page.limit + 1,
      ],
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
  async read(tx: Tx, visit: Visit, publication: PublicationHead, what: ReadAction, subject: string): Promise<void> {
    const { clause } = permitOrThrow(inFull(await this.askDoor(tx, visit, publication)));
    await this.record(tx, visit, publication, clause, what, subject);
  }

  /**
   * The same for a list: every agreement that the publications rest on is asked, what one refuses is left out, and each
   * one that permits leaves a record.
   * @throws Refusal as `read`, when all of them are refused
   */
  async readAll(
    tx: Tx,
    visit: Visit,
    publications: readonly PublicationHead[],
    what: ReadAction,
    subject: string,
  ): Promise<PublicationHead[]> {
    const decisions = new Map<string, { publication: PublicationHead; decision: Decision }>();
    const doorOf = (one: PublicationHead) =>
      [one.agreementId, one.agreementVersion, one.dataset, one.datasetVersion, one.period, one.threshold].join(' ');
    for (const publication of publications) {
      if (decisions.has(doorOf(publication))) continue;
      decisions.set(doorOf(publication), { publication, decision: inFull(await this.askDoor(tx, visit, publication)) });
    }
    const all = [...decisions.values()];
    if (all[0] && !all.some(({ decision }) => decision.permitted)) permitOrThrow(all[0].decision);
    const recorded = new Set<string>();
    for (const { publication, decision } of all) {
      const agreement = `${publication.agreementId} ${publication.agreementVersion}`;
      if (!decision.permitted || recorded.has(agreement)) continue;
      recorded.add(agreement);
      await this.record(tx, visit, publication, decision.clause, what, subject);
    }
    return publications.filter((one) => decisions.get(doorOf(one))!.decision.permitted);
  }

  private async askDoor(tx: Tx, visit: Visit, publication: PublicationHead): Promise<Decision> {
    const all = await this.agreements.about(tx, visit.regionId);
    const { agreementId, agreementVersion } = publication;
    const first = all.find(({ document: { id, version } }) => id === agreementId && version === agreementVersion);
    const others = all.filter((one) => one !== first);
    if (!first) throw new Refusal('AGREEMENT_ABSENT');
    return decideAmong(
      first,
      others,
      {
        door: 'read',
        purpose: 'regional-benchmarking',
        standings: visit.standings,
        region: visit.region,
        dataset: { code: publication.dataset, version: publication.datasetVersion },
        period: parsePeriod(publication.period),
        publishedUnder: { id: publication.agreementId, threshold: publication.threshold },
      },
      londonDate(this.clock.now()),
    );
  }

  private record(
    tx: Tx,
    { caller, regionId }: Visit,
    { agreementId: id, agreementVersion: version }: PublicationHead,
    clause: string,
    action: ReadAction,
    subject: string,
  ): Promise<void> {
    const at = this.clock.now();
    return recordAccess(tx, caller, { at, action, subject, regionId, agreement: { id, version, clause } });
  }

  /** The decoded document of a publication that this transaction has just seen. */
  async open(tx: Tx, id: string): Promise<PublicationDocument> {
    const kept = this.documents.get(id);
    if (kept) return kept;
    const [row] = (await tx.query('select document from release.publication where id = $1', [id])) as {
      document: string;
    }[];
    if (!row) throw new Error('a publication that was just seen is gone');
    const document = JSON.parse(row.document) as PublicationDocument;
    if (this.documents.size >= 64) this.documents.delete(this.documents.keys().next().value!);
    this.documents.set(id, document);
    return document;
  }
}

/** Every view names the authorities. Where the agreement lets a reader see less than that, nothing is shown yet. */
const inFull = (decision: Decision): Decision =>
  decision.permitted && decision.presentation !== 'named'
    ? { permitted: false, agreement: decision.agreement, code: 'AGREEMENT_NOT_COVERED', clause: decision.clause }
    : decision;
