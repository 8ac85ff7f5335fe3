import { Inject, Injectable } from '@nestjs/common';
import { ofAnAuthority, someoneOf, type Member } from '@hub/identity';
import { parsePeriod } from '@hub/kernel';
import { CONFIG, publicId, type Config } from '@hub/platform';
import { CATALOGUE, RegistryKeys, versionsOf, type Catalogue } from '@hub/registry';
import type { SubmissionState } from './domain';
import { IntakeStore } from './intake.store';

/** A version of a return as the hub took it. Ids are those of the API. */
export interface OwnSubmission {
  readonly id: string;
  readonly receivedAt: Date;
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  readonly state: SubmissionState;
  /** Those of the envelope that counts: with a sign-off, of the one with both signatures. */
  readonly kids: string[];
  /** Members: of what another return carries, those of that one. */
  readonly sender: string;
  readonly signedOffBy: string | null;
  /** SHA-256 of the envelope, in lower-case hex. */
  readonly digest: string;
  readonly hasReceipt: boolean;
  readonly carriedBy: string | null;
}

/** All versions of returns that an authority has sent, whatever has become of them: which came with a key, and which of them stand? */
@Injectable()
export class OwnSubmissionsService {
  constructor(
    private readonly store: IntakeStore,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The newest first; one more than the page where there are more.
   * @param asked  all of the authority's where the others are null
   * @param page   `after`: the inner id of the last one of the page before
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT for any but the own authority | DATASET_ABSENT |
   *   PERIOD_MALFORMED
   */
  async list(
    member: Member | null,
    asked: {
      readonly authority: string;
      readonly dataset: string | null;
      readonly period: string | null;
      readonly kid: string | null;
    },
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<(OwnSubmission & { readonly cursor: string })[]> {
    const own = someoneOf(member, ofAnAuthority, asked.authority);
    if (asked.dataset !== null) versionsOf(this.catalogue, asked.dataset);
    const period = asked.period === null ? null : parsePeriod(asked.period).text;
    const rows = (await this.store.as(own, (tx) =>
      tx.query(
        `select b.id, b.received_at as "receivedAt", b.dataset, b.period, b.version, b.state, b.kids,
           coalesce(c.received_by, b.received_by) as sender, coalesce(c.signed_off_by, b.signed_off_by) as "signedOffBy",
           encode(b.envelope_digest, 'hex') as digest, b.carried_by as "carriedBy",
           exists (select from intake.receipt r where r.submission_id = coalesce(b.carried_by, b.id)) as "hasReceipt"
         from intake.submission b left join intake.submission c on c.id = b.carried_by
         where b.authority_id = $1 and ($2::text is null or b.dataset = $2) and ($3::text is null or b.period = $3)
           and ($4::text is null or $4 = any(b.kids)) and ($5::uuid is null or b.id < $5)
         order by b.id desc limit $6`,
        [this.keys.authorityId(asked.authority), asked.dataset, period, asked.kid, page.after, page.limit + 1],
      ),
    )) as OwnSubmission[];
    const shown = (id: string) => publicId('sub', this.config.hubId, id);
    return rows.map(({ id, carriedBy, ...row }) => ({
      ...row,
      id: shown(id),
      carriedBy: carriedBy && shown(carriedBy),
      cursor: id,
    }));
  }
}
