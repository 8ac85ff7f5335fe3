import { Inject, Injectable } from '@nestjs/common';
import {
  AgreementsService,
  changesSoFar,
  opensRegion,
  type Agreement,
  type Permit,
  type Purpose,
} from '@hub/agreements';
import { ownAuthorities, RegionGate, type Member } from '@hub/identity';
import { CLOCK, londonDate, periodsUntil, Refusal, type Clock, type Period } from '@hub/kernel';
import {
  countRefusal,
  innerId,
  CONFIG,
  ReaderStore,
  publicId,
  recordAccess,
  type AccessAction,
  type Config,
  type Tx,
} from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import { freeze, partOf, revisionsBetween, type KnownPeriod, type PublicationDocument, type Revision } from './domain';
import { PublicationDocuments, seriesWithCounts } from './reading/documents';
import {
  headsById,
  headsOfRegion,
  knownPeriods,
  newestPeriods,
  type NewestPeriod,
  regionsOf,
  seriesOfWithdrawn,
  sharedHeads,
  type Counted,
  type Filter,
} from './reading/heads';
import { isOfTheDoor, refOf, shareOf } from './reading/share';
import type { Asking, Held, Listed, PublicationEventNow, PublicationHead, Share, Visit } from './reading/visit';
import { Withdrawals } from './reading/withdrawals';

/** No region has this inner id: asking for one that is not there runs the same statements. */
const NO_REGION = -1;

/**
 * Reads publications inside the reader's transaction, so that row-level security decides which rows there are. Frozen
 * documents are kept decoded by id; whether this caller may see one is asked every time.
 */
@Injectable()
export class PublicationsReader {
  constructor(
    private readonly store: ReaderStore,
    private readonly gate: RegionGate,
    private readonly keys: RegistryKeys,
    private readonly agreements: AgreementsService,
    private readonly documents: PublicationDocuments,
    private readonly withdrawals: Withdrawals,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Refusal TOKEN_MISSING when nobody asks: that it is no region of theirs would be looked for in its code */
  visit(member: Member | null, region: string, purpose: Purpose | null = null): Visit {
    if (!member) throw new Refusal('TOKEN_MISSING');
    return {
      caller: member,
      region,
      ...this.gate.look(member, region),
      standings: this.gate.standings(member),
      own: ownAuthorities(member),
      purpose: purpose ?? 'regional-benchmarking',
    };
  }

  /**
   * One look, in a transaction of the reader. What the door refuses is counted, and the count is kept.
   * @throws Refusal what the work throws
   */
  async as<T>(visit: Visit, action: AccessAction, work: (tx: Tx, asking: Asking) => Promise<T>): Promise<T> {
    const asking: Asking = { action, subject: visit.regionId === null ? 'no such region' : visit.region };
    const answer = await this.store.as(visit.caller, async (tx) => {
      try {
        return { value: await work(tx, asking) };
      } catch (error) {
        if (!(error instanceof Refusal) || !isOfTheDoor(error)) throw error;
        await this.refused(tx, visit, asking, error);
        return { refusal: error };
      }
    });
    if (answer.refusal) throw answer.refusal;
    return answer.value as T;
  }

  /**
   * Lets the caller look at the region at all.
   * @throws Refusal REGION_ABSENT unless they belong to it or an agreement in force opens it to them; the same for a region
   *   that does not exist
   */
  async enter(member: Member | null, region: string): Promise<void> {
    const visit = this.visit(member, region);
    if (!visit.belongs) await this.as(visit, 'read.region', (tx) => this.about(tx, visit));
  }

  /**
   * The agreements about the region.
   * @throws Refusal REGION_ABSENT as `enter`
   */
  private async about(tx: Tx, visit: Visit): Promise<readonly Agreement[]> {
    const regionId = visit.regionId ?? NO_REGION;
    const [{ changes }] = (await tx.query(`select ${changesSoFar} as changes`)) as [Counted];
    const all = await this.agreements.aboutAsSeen(tx, visit.caller.id, regionId, changes);
    const today = londonDate(this.clock.now());
    if (!visit.belongs && !all.some((one) => opensRegion(one, visit, today))) throw new Refusal('REGION_ABSENT');
    return all;
  }

  /**
   * The current publications of a period, newest first, one for each dataset; and the agreements about the region, none where
   * there is no publication to ask them about.
   * @throws Refusal REGION_ABSENT as `enter`
   */
  async current(
    tx: Tx,
    visit: Visit,
    period: string,
  ): Promise<{ heads: readonly PublicationHead[]; agreements: readonly Agreement[] }> {
    if (!visit.belongs) {
      const agreements = await this.about(tx, visit);
      return {
        agreements,
        heads: (await sharedHeads(tx, visit, { period })).filter(({ state }) => state === 'current'),
      };
    }
    return this.found(tx, visit, `where region_id = $1 and period = $2 and state = 'current' order by number desc`, [
      visit.regionId,
      period,
    ]);
  }

  private async found(tx: Tx, visit: Visit, which: string, values: readonly unknown[]) {
    const { heads, changes } = await this.documents.find(tx, which, values);
    return { heads, agreements: await this.besides(tx, visit, heads.length ? [{ changes }] : []) };
  }

  /** The agreements about a member's region, by what the statement that found its publications says of them. */
  private async besides(tx: Tx, visit: Visit, rows: readonly Counted[]): Promise<readonly Agreement[]> {
    return rows.length ? this.agreements.aboutAsSeen(tx, visit.caller.id, visit.regionId!, rows[0]!.changes) : [];
  }

  /**
   * The current publications of datasets, of periods as long as this one and no later, newest first: what is needed to look
   * back.
   * @param most  how many periods, this one with them
   * @throws Refusal REGION_ABSENT as `enter`
   */
  async history(
    tx: Tx,
    visit: Visit,
    datasets: readonly string[],
    until: Period,
    most: number,
  ): Promise<{ heads: readonly PublicationHead[]; agreements: readonly Agreement[] }> {
    const periods = new Map(periodsUntil(until, most).map(({ text, from }) => [text, from]));
    const [since] = [...periods.values()];
    if (!visit.belongs) {
      const agreements = await this.about(tx, visit);
      const heads = (await sharedHeads(tx, visit))
        .filter(
          ({ dataset, period, state }) => state === 'current' && datasets.includes(dataset) && periods.has(period),
        )
        .sort((a, b) => (periods.get(a.period)! < periods.get(b.period)! ? 1 : -1));
      return { heads, agreements };
    }
    return this.found(
      tx,
      visit,
      `where region_id = $1 and dataset = any($2) and state = 'current' and period_kind = $3
         and period_from between $4 and $5 order by period_from desc, number desc`,
      [visit.regionId, datasets, until.kind, since, until.from],
    );
  }

  /** Of which periods something is published, or was until it was withdrawn, as far as the caller may know. */
  known(tx: Tx, visit: Visit): Promise<readonly KnownPeriod[]> {
    return knownPeriods(tx, visit);
  }

  /** Publications of the region by their inner ids, in whatever state, as far as the caller sees them. */
  byId(tx: Tx, visit: Visit, ids: readonly string[]): Promise<readonly PublicationHead[]> {
    return headsById(tx, visit, ids);
  }

  /**
   * Of each dataset the newest period that has a current publication, and the one that has one before it; the newest first.
   * @throws Refusal REGION_ABSENT as `enter`
   */
  async newest(tx: Tx, visit: Visit): Promise<readonly NewestPeriod[]> {
    if (!visit.belongs) await this.about(tx, visit);
    return newestPeriods(tx, visit);
  }

  /**
   * A page of the publications that the caller may read, `limit + 1` of them, newest first. One record for each agreement
   * that lets them; what one refuses is left out and counted.
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause, when all of the page are refused;
   *   REGION_ABSENT as `enter`
   */
  async list(
    tx: Tx,
    visit: Visit,
    asking: Asking,
    filter: Filter,
    page: { limit: number; after: string | null },
  ): Promise<{ rows: PublicationHead[]; readable: ReadonlyMap<PublicationHead, Listed> }> {
    const opened = visit.belongs ? null : await this.about(tx, visit);
    const rows = visit.belongs ? await headsOfRegion(tx, visit, filter, page) : await sharedHeads(tx, visit, filter);
    const agreements = opened ?? (await this.besides(tx, visit, rows as (PublicationHead & Counted)[]));

    const shares = new Map<PublicationHead, Share>();
    const refusals = new Map<string, Refusal>();
    const permits = new Map<string, { permit: Permit; shown: Set<string> | undefined }>();
    for (const head of rows) {
      try {
        const share = this.share(visit, agreements, head);
        const { permit, authorities } = share;
        const known = permits.get(refOf(permit));
        const theirs = authorities === 'all' ? undefined : head.authorities.filter((one) => authorities.includes(one));
        permits.set(refOf(permit), { permit, shown: theirs && new Set([...(known?.shown ?? []), ...theirs]) });
        shares.set(head, share);
      } catch (error) {
        if (!(error instanceof Refusal) || !isOfTheDoor(error)) throw error;
        refusals.set(JSON.stringify([error.code, error.facts]), error);
      }
    }
    const [first] = refusals.values();
    if (first && !shares.size) throw first;
    // In one order, so that two looks at once do not wait for each other's rows crosswise.
    for (const [, refusal] of [...refusals].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.refused(tx, visit, asking, refusal);
    }
    for (const { permit, shown } of permits.values()) {
      await this.record(tx, visit, asking, permit, shown && [...shown]);
    }
    // Thinned before it is turned: a page of an outsider is as long as what they may read.
    const turned = visit.belongs
      ? rows
      : rows
          .filter((head) => shares.has(head) && (page.after === null || head.id < page.after))
          .slice(0, page.limit + 1);
    // The digest of a part is made of its figures, so only for those that are on the page.
    const readable = new Map<PublicationHead, Listed>();
    for (const head of turned.slice(0, page.limit)) {
      const share = shares.get(head);
      if (!share) continue;
      readable.set(head, { head, share, ...(await this.named(tx, visit, head, share)) });
    }
    return { rows: turned, readable };
  }

  /**
   * The region of a publication that the caller may see anything of; the database says which.
   * @throws Refusal PUBLICATION_ABSENT
   */
  async regionOf(member: Member | null, publication: string): Promise<string> {
    const id = innerId('pub', this.config.hubId, publication);
    if (!member || !id) throw new Refusal('PUBLICATION_ABSENT');
    const [region] = await this.store.as(member, (tx) => regionsOf(tx, id));
    if (region === undefined) throw new Refusal('PUBLICATION_ABSENT');
    return region;
  }

  /**
   * One publication, by its id in the API.
   * @throws Refusal PUBLICATION_ABSENT | AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause | REGION_ABSENT
   */
  async one(tx: Tx, visit: Visit, asking: Asking, publication: string): Promise<Listed> {
    const { head, share } = await this.look(tx, visit, asking, publication);
    return { head, share, ...(await this.named(tx, visit, head, share)) };
  }

  /**
   * What the caller may take away of a publication, so that it can be checked elsewhere.
   * @throws Refusal as `one`
   */
  async hold(tx: Tx, visit: Visit, asking: Asking, publication: string): Promise<Held> {
    const { head, share } = await this.look(tx, visit, asking, publication);
    const isGone = head.state === 'withdrawn';
    if (!(await this.seesAll(tx, head, share))) {
      const text = isGone ? null : (await this.part(tx, visit, head, share)).text;
      return { text, proof: null, events: [] };
    }
    const [found] = isGone
      ? []
      : ((await tx.query(
          `select p.document as text, r.proof from release.publication p
             left join release.proof r on r.publication_id = p.id where p.id = $1`,
          [head.id],
        )) as { text: string; proof: string | null }[]);
    return { text: null, proof: null, ...found, events: await this.eventsOf(tx, head) };
  }

  /**
   * In which printed figures a publication differs from the one whose place it has taken, as far as the caller is shown both by name.
   * @returns null where it is the first, where the one before was withdrawn, and for who does not belong to the region
   * @throws Refusal as `one`, about either; PUBLICATION_WITHDRAWN
   */
  async revisions(
    tx: Tx,
    visit: Visit,
    asking: Asking,
    publication: string,
  ): Promise<{ readonly head: PublicationHead; readonly revisions: readonly Revision[] } | null> {
    const { head, share } = await this.look(tx, visit, asking, publication);
    if (head.state === 'withdrawn') throw this.withdrawals.refusal(await this.withdrawals.in(tx, head.id));
    if (!visit.belongs) return null;
    const [before] = (await tx.query(
      `select publication_id as id from release.publication_event where event = 'superseded' and successor_id = $1`,
      [head.id],
    )) as { id: string }[];
    if (!before) return null;
    const earlier = await this.look(tx, visit, asking, publicId('pub', this.config.hubId, before.id));
    if (earlier.head.state === 'withdrawn') return null;
    const shown = async ({ id }: PublicationHead, { authorities, presentation, covers }: Share) => {
      const document = partOf(await this.documents.document(tx, id), authorities, covers);
      // Without names a value that is another one than before would be theirs who sent anew.
      return presentation === 'named' ? document : partOf(document, visit.own);
    };
    const was = await shown(earlier.head, earlier.share);
    return { head, revisions: revisionsBetween(was, await shown(head, share)) };
  }

  private async eventsOf(tx: Tx, { id }: PublicationHead): Promise<PublicationEventNow[]> {
    return (await tx.query(
      `select event, at, successor_id as successor, receipt from release.publication_event
       where publication_id = $1 order by at, event`,
      [id],
    )) as PublicationEventNow[];
  }

  /**
   * What the read door permits of one publication, or of one table of it; leaves the access record.
   * @throws Refusal as `one`
   */
  async look(
    tx: Tx,
    visit: Visit,
    asking: Asking,
    publication: string,
    series?: string,
  ): Promise<Pick<Listed, 'head' | 'share'>> {
    const agreements = await this.about(tx, visit);
    const id = innerId('pub', this.config.hubId, publication);
    const [head] = id ? await headsById(tx, visit, [id]) : [];
    if (!head) throw new Refusal('PUBLICATION_ABSENT');
    asking.subject = `${visit.region} ${head.dataset} ${head.period}`;
    const share = this.share(visit, agreements, head, series);
    const { authorities } = share;
    const shown = authorities === 'all' ? undefined : head.authorities.filter((one) => authorities.includes(one));
    await this.record(tx, visit, asking, share.permit, shown);
    return { head, share };
  }

  /**
   * What the read door permits of a publication, or of one table of it.
   * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
   */
  share(visit: Visit, agreements: readonly Agreement[], head: PublicationHead, series?: string): Share {
    return shareOf(visit, agreements, head, londonDate(this.clock.now()), series);
  }

  /** Decodes documents of publications that this transaction has just seen, before they are asked for one by one. */
  preload(tx: Tx, heads: readonly PublicationHead[]): Promise<void> {
    return this.documents.preload(tx, heads);
  }

  /** The decoded document of a publication whose row this transaction has just seen. */
  document(tx: Tx, id: string): Promise<PublicationDocument> {
    return this.documents.document(tx, id);
  }

  /**
   * A publication as far as it is shared with the caller, with everything in it that the presentation may still take away;
   * and of what they may see of it by name the digest, and who is revised in it. The digest of the whole is for those alone who may see
   * the whole, for whoever knows nearly all of a document can try what is left against it.
   * @throws Refusal PUBLICATION_WITHDRAWN with since when, why, and what stands in its place
   */
  async open(
    tx: Tx,
    visit: Visit,
    head: PublicationHead,
    share: Share,
  ): Promise<Pick<Listed, 'revised'> & { readonly document: PublicationDocument; readonly digest: Buffer }> {
    if (head.state === 'withdrawn') throw this.withdrawals.refusal(await this.withdrawals.in(tx, head.id));
    if (!(await this.seesAll(tx, head, share))) return this.part(tx, visit, head, share);
    const document = await this.documents.document(tx, head.id);
    return { document, digest: head.digest!, revised: document.revised ?? [] };
  }

  /** What is told of a publication by name. The digest of a part is made of its figures: of one that was withdrawn there is none. */
  private async named(
    tx: Tx,
    visit: Visit,
    head: PublicationHead,
    share: Share,
  ): Promise<Pick<Listed, 'digest' | 'revised'>> {
    if (head.state === 'withdrawn')
      return { digest: (await this.seesAll(tx, head, share)) ? head.digest : null, revised: null };
    const { digest, revised } = await this.open(tx, visit, head, share);
    return { digest, revised };
  }

  /** Whether the whole publication is shown by name, to a member of its region, every table of it that holds a count. */
  private async seesAll(tx: Tx, head: PublicationHead, { authorities, presentation, covers }: Share): Promise<boolean> {
    if (head.digest === null || authorities !== 'all' || presentation !== 'named') return false;
    const series =
      head.state === 'withdrawn'
        ? await seriesOfWithdrawn(tx, head.id)
        : seriesWithCounts(await this.documents.document(tx, head.id));
    return series.every(covers);
  }

  private async part(
    tx: Tx,
    visit: Visit,
    head: PublicationHead,
    share: Share,
  ): Promise<Pick<Listed, 'revised'> & { document: PublicationDocument; digest: Buffer; text: string }> {
    const { authorities, presentation, covers } = share;
    const all = visit.belongs
      ? await this.documents.document(tx, head.id)
      : await this.documents.rebuilt(tx, visit, head, share);
    const document = partOf(all, authorities, covers);
    const named = presentation === 'named' ? document : partOf(document, visit.own);
    return { document, revised: visit.belongs ? (named.revised ?? []) : null, ...freeze(named) };
  }

  /**
   * Leaves the access record of a read; throws at once what is no failure of the database.
   * @param shown  the authorities of which there was something in the answer, with names or without; absent: all of the region
   */
  record(tx: Tx, visit: Visit, asking: Asking, permit: Permit, shown?: readonly string[]): Promise<void> {
    const { agreement, clause } = permit;
    const [role] = permit.reader!.roles;
    return recordAccess(tx, visit.caller, {
      at: this.clock.now(),
      ...asking,
      regionId: visit.regionId,
      purpose: visit.purpose,
      reader: { role: role!, organisation: permit.reader!.organisation! },
      agreement: { ...agreement, clause },
      ...(shown ? { authorities: shown.map((code) => this.keys.authorityId(code)) } : {}),
    });
  }

  private async refused(tx: Tx, visit: Visit, asking: Asking, refusal: Refusal): Promise<void> {
    const { agreement, version, clause } = refusal.facts as { agreement?: string; version?: number; clause?: string };
    const standing = visit.standings.find(({ of }) => of === visit.region) ?? visit.standings[0];
    await countRefusal(tx, {
      at: this.clock.now(),
      ...asking,
      regionId: visit.regionId,
      purpose: visit.purpose,
      ...(standing ? { reader: { role: standing.roles[0]!, organisation: standing.organisation! } } : {}),
      ...(agreement === undefined ? {} : { agreement: { id: agreement, version: version!, clause: clause! } }),
      refusal: refusal.code,
    });
  }
}
