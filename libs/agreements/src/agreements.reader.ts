import { Inject, Injectable } from '@nestjs/common';
import { RegionGate, type Member } from '@hub/identity';
import { CLOCK, londonDate, Refusal, type AuthorityCode, type Clock } from '@hub/kernel';
import { ReaderStore, type Tx } from '@hub/platform';
import { AgreementsService } from './agreements.service';
import {
  asOf,
  hasPart,
  partsOf,
  type Agreement,
  type AgreementRef,
  type AgreementState,
  type PartOf,
  type SignatureMade,
} from './domain';

/** An authority of a region on a day. */
export interface AuthorityOfRegion {
  readonly authority: AuthorityCode;
  /** Since when it is one of the region; null: since before the registry begins. */
  readonly since: string | null;
  /** Under which agreements about the region it shares. */
  readonly partyOf: readonly PartOf[];
}

/** Agreements for those who have a part in them. */
@Injectable()
export class AgreementsReader {
  constructor(
    private readonly store: ReaderStore,
    private readonly agreements: AgreementsService,
    private readonly gate: RegionGate,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One agreement.
   * @param version  absent: the newest that the caller has a part in
   * @throws Refusal AGREEMENT_ABSENT, the same for what the caller has no part in
   */
  async find(member: Member | null, id: string, version: number | null): Promise<Agreement> {
    return this.store.as(member, (tx) => this.found(tx, member, id, version));
  }

  /**
   * What the parties of one agreement have signed, with the keys that verify it.
   * @param version  absent: the newest that the caller has a part in
   * @throws Refusal AGREEMENT_ABSENT, the same for what the caller has no part in
   */
  async signatures(member: Member | null, id: string, version: number | null): Promise<SignatureMade[]> {
    return this.store.as(member, async (tx) => {
      const { document } = await this.found(tx, member, id, version);
      return this.agreements.signatures(tx, document);
    });
  }

  private async found(tx: Tx, member: Member | null, id: string, version: number | null): Promise<Agreement> {
    const found = (await this.agreements.versions(tx, id))
      .filter(({ document }) => hasPart(member, document) && (version === null || document.version === version))
      .at(-1);
    if (!found) throw new Refusal('AGREEMENT_ABSENT');
    return found;
  }

  /**
   * A page of the agreements that the caller has a part in, `limit + 1` of them, by id and version.
   * @param asked.region  those about this region alone
   * @param asked.state   as it is today, expired and superseded ones too
   * @param page.after    those behind this one, whether the caller still sees it or not
   * @throws Refusal REGION_ABSENT for a region that is not the caller's and of which no agreement tells them
   */
  async list(
    member: Member | null,
    asked: { readonly region: string | null; readonly state: AgreementState | null },
    page: { readonly limit: number; readonly after: AgreementRef | null },
  ): Promise<Agreement[]> {
    const today = londonDate(this.clock.now());
    const { region, state } = asked;
    const isTheirs = hasPart(member, { regions: [region] as never, parties: [], audience: [] } as never);
    return this.store.as(member, async (tx) => {
      if (region !== null && !isTheirs) {
        const about = await this.agreements.some(tx, { region, after: null }, page.limit);
        if (!about.some(({ document }) => hasPart(member, document))) throw new Refusal('REGION_ABSENT');
      }
      const found: Agreement[] = [];
      for (let { after } = page; ;) {
        const some = await this.agreements.some(tx, { region, after }, page.limit + 1);
        found.push(
          ...some.filter(
            (one) => hasPart(member, one.document) && (state === null || asOf(one, today).state === state),
          ),
        );
        if (some.length <= page.limit || found.length > page.limit) return found.slice(0, page.limit + 1);
        after = some.at(-1)!.document;
      }
    });
  }

  /**
   * The authorities of the region today, in order of code, each with what it is a party of.
   * @throws Refusal REGION_ABSENT for a region that the caller does not belong to
   */
  async authorities(member: Member | null, region: string): Promise<AuthorityOfRegion[]> {
    const { regionId } = this.gate.enter(member, region);
    const today = londonDate(this.clock.now());
    return this.store.as(member, async (tx) => {
      const here = (await tx.query(
        `select a.code as authority, lower(ra.valid)::text as since
         from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
         where ra.region_id = $1 and ra.valid @> $2::date order by a.code`,
        [regionId, today],
      )) as { authority: AuthorityCode; since: string | null }[];
      const about = (await this.agreements.about(tx, regionId)).filter(({ document }) => hasPart(member, document));
      return here.map((one) => ({ ...one, partyOf: partsOf(about, one.authority, today) }));
    });
  }
}
