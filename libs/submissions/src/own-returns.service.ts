import { Inject, Injectable } from '@nestjs/common';
import { holds, ofAnAuthority, someoneAs, worksFor, type Member } from '@hub/identity';
import { CLOCK, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, innerId, publicId, shareName, type Config, type Tx } from '@hub/platform';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import {
  isLate,
  parseReasonAboutNobody,
  standingsOfReturn,
  takeSubmissionStep,
  type CellStanding,
  type IndicatorStanding,
  type SubmissionState,
} from './domain';
import { IntakeStore, lockReturn } from './intake.store';
import type { RoundEntity } from './round.entity';

/** How the return of one of the caller's own authorities stands in a round. */
export interface OwnReturn {
  readonly authority: string;
  /** Of the return in use; null where there is none. */
  readonly version: number | null;
  readonly receivedAt: Date | null;
  readonly late: boolean;
  /** Every indicator of the dataset; null once the counts have been deleted. */
  readonly indicators: readonly IndicatorStanding[] | null;
}

/** The return of one of the caller's own authorities that stands in a publication. */
export interface PublishedReturn {
  readonly authority: string;
  /** The submission's id in the API. */
  readonly submission: string;
  readonly version: number;
  readonly receipt: string;
  /** The proof from the authority's own side, RFC 8785; null where none was found, and once the counts have been deleted. */
  readonly proof: string | null;
}

/** An authority's own returns, seen by those who act for it, out of its own raw figures. */
@Injectable()
export class OwnReturnsService {
  constructor(
    private readonly store: IntakeStore,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How the returns of the caller's own authorities stand; null for one who acts for none of the round's. */
  async inRound(member: Member | null, round: RoundEntity): Promise<OwnReturn[] | null> {
    const own = worksFor(member);
    if (!member || !own.length) return null;
    const dataset = datasetOf(this.catalogue, round.dataset, round.datasetVersion);
    return this.store.as(member, async (tx) => {
      const returns = (await tx.query(
        `select a.code as authority, s.version, s.received_at as "receivedAt", s.first_received_at as "first", b.id as submission
         from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
           left join rounds.return_state s on s.round_id = $1 and s.authority_id = a.id
           left join intake.submission b on s.round_id is not null and b.authority_id = a.id
             and b.dataset = $2 and b.period = $3 and b.state = 'accepted'
         where ra.region_id = $4 and ra.valid && daterange($5::date, $6::date) and a.code = any($7::text[])
         order by a.code`,
        [round.id, round.dataset, round.period, round.regionId, round.periodFrom, round.periodUntil, own],
      )) as (Omit<OwnReturn, 'late' | 'indicators'> & { first: Date | null; submission: string | null })[];
      if (!returns.length) return null;
      const standings: OwnReturn[] = [];
      for (const { authority, version, receivedAt, first, submission } of returns) {
        const cells = submission === null ? [] : ((await tx.query(cellsOf, [submission])) as CellStanding[]);
        const deleted = version !== null && !cells.length;
        const indicators = deleted ? null : standingsOfReturn(dataset, cells);
        standings.push({
          authority,
          version,
          receivedAt,
          late: isLate(round.due, first, this.clock.now()),
          indicators,
        });
      }
      return standings;
    });
  }

  /**
   * Which returns of the caller's own authorities stand in a publication; null for one who acts for none of those that do, and
   * for publications of before.
   */
  async inPublication(member: Member | null, publication: string): Promise<PublishedReturn[] | null> {
    const own = worksFor(member);
    const inner = innerId('pub', this.config.hubId, publication);
    if (!member || !own.length || !inner) return null;
    const returns = (await this.store.as(member, (tx) =>
      tx.query(
        `select a.code as authority, b.id as submission, b.version, r.receipt, o.proof from intake.published_return p
           join registry.authority a on a.id = p.authority_id
           join intake.submission b on b.id = p.submission_id join intake.receipt r on r.submission_id = b.id
           left join intake.own_proof o on o.publication_id = p.publication_id and o.authority_id = p.authority_id
         where p.publication_id = $1 and a.code = any($2::text[]) order by a.code`,
        [inner, own],
      ),
    )) as PublishedReturn[];
    if (!returns.length) return null;
    return returns.map((one) => ({ ...one, submission: publicId('sub', this.config.hubId, one.submission) }));
  }

  /**
   * Takes a return back before any round compiles it. The authority has sent nothing then: an earlier version does not
   * come back by itself, for nobody has said again that it is right. Withdrawing once more changes nothing.
   * @throws Refusal NOT_FOR_THIS_ROLE | SUBMISSION_ABSENT | SUBMISSION_STEP_REFUSED | SUBMISSION_COMPILED |
   *   REQUEST_MALFORMED for the reason
   */
  async withdraw(member: Member | null, id: string, why: string): Promise<void> {
    const approver = someoneAs(member, approvers);
    const inner = innerId('sub', this.config.hubId, id);
    if (!inner) throw new Refusal('SUBMISSION_ABSENT');
    await this.store.as(approver, async (tx) => {
      const found = await headOf(tx, inner);
      // The row policy makes another authority's return absent; this says so again, without it.
      if (!found || !holds(approver, approvers, found.authority)) throw new Refusal('SUBMISSION_ABSENT');
      const reason = parseReasonAboutNobody(why);
      const { authority, authorityId, dataset, period } = found;
      // As `submit` does: one step of an authority, dataset and period at a time.
      await lockReturn(tx, authority, dataset, period);
      const { state } = (await headOf(tx, inner))!;
      if (state === 'withdrawn') return;
      const next = takeSubmissionStep(state, 'withdraw');
      const held = async () => (await tx.query(roundsOf, [authorityId, dataset, period])) as RoundHeld[];
      // A lead may be publishing at this moment: either the return is gone before, or it is too late for that.
      for (const round of await held()) {
        await shareName(tx, round.id);
      }
      const rounds = await held();
      if (rounds.some((round) => round.state !== null)) throw new Refusal('SUBMISSION_COMPILED');
      await tx.query('update intake.submission set state = $2 where id = $1', [inner, next]);
      await tx.query(
        `insert into intake.withdrawal (submission_id, authority_id, reason, withdrawn_by, withdrawn_at)
         values ($1, $2, $3, $4, $5)`,
        [inner, authorityId, reason, approver.id, this.clock.now()],
      );
      await tx.query('delete from rounds.return_state where authority_id = $1 and round_id = any($2::uuid[])', [
        authorityId,
        rounds.map((round) => round.id),
      ]);
    });
  }

  /** Why a return was withdrawn; null where it was not, and for anybody but those who act for its authority. */
  async withdrawnBecause(member: Member | null, id: string): Promise<string | null> {
    const inner = innerId('sub', this.config.hubId, id);
    if (!inner || !member) return null;
    const [row] = (await this.store.as(member, (tx) =>
      tx.query(
        `select w.reason, a.code as authority from intake.withdrawal w join registry.authority a on a.id = w.authority_id
         where w.submission_id = $1`,
        [inner],
      ),
    )) as { reason: string; authority: string }[];
    return row && holds(member, ofAnAuthority, row.authority) ? row.reason : null;
  }
}

const approvers = ['authority-approver'] as const;

interface SubmissionHead {
  readonly authority: string;
  readonly authorityId: number;
  readonly dataset: string;
  readonly period: string;
  readonly state: SubmissionState;
}
async function headOf(tx: Tx, id: string): Promise<SubmissionHead | undefined> {
  const [row] = (await tx.query(
    `select a.code as authority, a.id as "authorityId", b.dataset, b.period, b.state
     from intake.submission b join registry.authority a on a.id = b.authority_id where b.id = $1`,
    [id],
  )) as SubmissionHead[];
  return row;
}

interface RoundHeld {
  readonly id: string;
  readonly state: string | null;
}
/** Rounds that compile an authority's return of a dataset and period; in one order, for they are locked. */
const roundsOf = `select r.id, r.state from rounds.round r
  where r.dataset = $2 and r.period = $3 and exists (select from registry.region_authority ra
    where ra.region_id = r.region_id and ra.authority_id = $1 and ra.valid && daterange(r.period_from, r.period_until))
  order by r.id`;

const cellsOf = `select s.key as series, c.kind = 0 as counted, c.kind = 0 and c.value = 0 as nil
  from intake.cell c join registry.series s on s.id = c.series_id where c.submission_id = $1`;
