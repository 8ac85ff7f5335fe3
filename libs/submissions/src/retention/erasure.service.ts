import { Inject, Injectable } from '@nestjs/common';
import { afterChange, AgreementsService, withdraw } from '@hub/agreements';
import { holds, someoneAs, type Member } from '@hub/identity';
import {
  CLOCK,
  londonDate,
  parseAuthorityCode,
  parsePeriod,
  Refusal,
  type AuthorityCode,
  type Clock,
} from '@hub/kernel';
import type { PurgedThing } from '@hub/ledger/domain';
import { appendWork, CONFIG, innerId, newId, publicId, type Config, type Tx } from '@hub/platform';
import { CATALOGUE, newestDataset, RegistryKeys, type Catalogue } from '@hub/registry';
import { planDigest, roundsWithout, whenTheyGo, type ErasureFacts, type Holding, type RoundHead } from '../domain';
import { IntakeStore, lockReturn } from '../intake.store';
import { heldColumns, toHolding, type HeldRow } from './holding';

const among = ['authority-approver'] as const;

/** A plan and its name: naming it is what makes it happen. */
export interface ErasurePlan extends ErasureFacts {
  /** Lower-case hex. */
  readonly id: string;
}

/** What was asked for, and how far it has come. */
export interface ErasureNow {
  readonly id: string;
  readonly askedAt: Date;
  readonly doneAt: Date | null;
  /** The ledger's receipts for what has gone. */
  readonly receipts: readonly string[];
}

/** What is kept of a return and until when, and what has gone already. */
export interface ReturnKept {
  readonly submission: string;
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  /** Civil dates, the first day on which it may be kept no longer; null: it has gone. */
  readonly envelopeOn: string | null;
  readonly cellsOn: string | null;
  readonly purges: readonly PurgeNow[];
}

export interface PurgeNow {
  readonly what: readonly PurgedThing[];
  readonly agreement: { readonly id: string; readonly version: number };
  readonly clause: string;
  readonly purgedAt: Date;
  readonly receipt: string;
}

/** Shows an authority's approver what goes and when, and takes the order to erase; what erases is background work. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly store: IntakeStore,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What an erasure would take away, and what stays; changes nothing. */
  async plan(member: Member | null, asked: Asked): Promise<ErasurePlan> {
    const { approver, authority, dataset, period } = this.allowed(member, asked);
    return this.store.as(approver, async (tx) => (await this.look(tx, authority, dataset, period)).plan);
  }

  /**
   * Orders the erasure that was shown. Ordering it again changes nothing. What waits for its approver is withdrawn at once: were it
   * completed before the erasure's turn, counts would go that no plan has shown.
   * @throws Refusal ERASURE_PLAN_CHANGED when the plan of that name is not the one of this moment
   */
  async order(member: Member | null, asked: Asked & { readonly plan: string }): Promise<ErasureNow> {
    const { approver, authority, dataset, period } = this.allowed(member, asked);
    if (!/^[0-9a-f]{64}$/.test(asked.plan)) throw new Refusal('REQUEST_MALFORMED', { expected: 'the id of a plan' });
    const digest = Buffer.from(asked.plan, 'hex');
    const authorityId = this.keys.authorityId(authority);
    return this.store.as(approver, async (tx) => {
      const known = await this.orders(tx, 'e.authority_id = $1 and e.plan = $2', [authorityId, digest]);
      if (known[0]) return known[0];
      const waiting = await this.holdWaiting(tx, authority, dataset, period);
      const { plan, submissions } = await this.look(tx, authority, dataset, period);
      if (plan.id !== asked.plan) throw new Refusal('ERASURE_PLAN_CHANGED');
      const id = newId();
      const now = this.clock.now();
      await tx.query(
        `with withdrawn as (
           update intake.submission set state = 'withdrawn' where id = any($1) and state = 'awaitingSignOff' returning id, authority_id
         ) insert into intake.withdrawal (submission_id, authority_id, reason, withdrawn_by, withdrawn_at)
           select id, authority_id, $2, $3, $4 from withdrawn`,
        [waiting, 'Its erasure was ordered.', approver.id, now],
      );
      await tx.query(
        `insert into intake.erasure (id, authority_id, plan, submissions, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (authority_id, plan) do nothing`,
        [id, authorityId, digest, submissions, approver.id, now],
      );
      const [order] = await this.orders(tx, 'e.authority_id = $1 and e.plan = $2', [authorityId, digest]);
      // Somebody else may have ordered the same at the same moment.
      if (order!.id === publicId('era', this.config.hubId, id)) await appendWork(tx, 'retention.erase', id, now);
      return order!;
    });
  }

  /** @throws Refusal ERASURE_ABSENT for anybody but an approver of the authority that has ordered it */
  async find(member: Member | null, id: string): Promise<ErasureNow> {
    const approver = someoneAs(member, among);
    const inner = innerId('era', this.config.hubId, id);
    if (!inner) throw new Refusal('ERASURE_ABSENT');
    return this.store.as(approver, async (tx) => {
      const [order] = await this.orders(tx, 'e.id = $1', [inner]);
      // The row policy makes another authority's order absent; this says so again, without it.
      if (!order || !holds(approver, among, order.authority)) throw new Refusal('ERASURE_ABSENT');
      return order;
    });
  }

  /** When what the authority has sent goes, by the agreements as they stand, and what has gone. */
  async kept(member: Member | null, asked: Asked): Promise<ReturnKept[]> {
    const { approver, authority, dataset, period } = this.allowed(member, asked);
    return this.store.as(approver, async (tx) => {
      const returns = await this.returns(tx, authority, dataset, period);
      return this.whenReturnsGo(tx, returns, await this.agreements.concluded(tx));
    });
  }

  /**
   * What the authority's withdrawal from that day would mean: the rounds, as far as not published before, that it will not
   * be in any more, and when what it has sent goes; changes nothing.
   * @throws Refusal AGREEMENT_ABSENT, and what the withdrawal itself would be refused with
   */
  async withdrawal(
    member: Member | null,
    asked: { authority: string; agreement: string; version: number; from: string },
  ): Promise<{ rounds: string[]; returns: ReturnKept[] }> {
    const { approver, authority } = this.allowed(member, { ...asked, dataset: null, period: null });
    const today = londonDate(this.clock.now());
    return this.store.as(approver, async (tx) => {
      const before = await this.agreements.concluded(tx);
      const leaves = before.find(
        ({ document: { id, version } }) => id === asked.agreement && version === asked.version,
      );
      if (!leaves) throw new Refusal('AGREEMENT_ABSENT');
      const left = withdraw(leaves, authority, asked.from, today);
      const after = afterChange(before, left);
      const rounds = (await tx.query(
        `select r.id, g.code as region, r.dataset as code, r.dataset_version as version, r.period
         from rounds.round r join registry.region g on g.id = r.region_id
           join registry.region_authority ra on ra.region_id = g.id and ra.authority_id = $1
             and ra.valid && daterange(r.period_from, r.period_until)
         where r.state is distinct from 'published' order by r.id`,
        [this.keys.authorityId(authority)],
      )) as { id: string; region: string; code: string; version: string; period: string }[];
      const heads = rounds.map(({ id, region, code, version, period }): RoundHead => {
        const indicators = this.catalogue.datasets.find(
          (one) => one.code === code && one.version === version,
        )?.indicators;
        return {
          id,
          region,
          dataset: { code, version },
          period: parsePeriod(period),
          indicators: (indicators ?? []).map((indicator) => indicator.code),
        };
      });
      const returns = await this.returns(tx, authority, null, null);
      return {
        rounds: roundsWithout(authority, heads, before, after, asked.from).map((id) => this.round(id)),
        returns: await this.whenReturnsGo(tx, returns, after),
      };
    });
  }

  /** Approvers alone, each for the own authority: of another one nothing is told, not even that it has sent something. */
  private allowed(member: Member | null, asked: Asked) {
    const approver = someoneAs(member, among);
    const authority = parseAuthorityCode(asked.authority);
    if (!holds(approver, among, authority)) throw new Refusal('SUBMISSION_ABSENT');
    const dataset = asked.dataset === null ? null : newestDataset(this.catalogue, asked.dataset).code;
    const period = asked.period === null ? null : parsePeriod(asked.period).text;
    return { approver, authority, dataset, period };
  }

  /** What waits for its approver, held as `submit` does, in the same order: nobody completes it until the commit. */
  private async holdWaiting(tx: Tx, authority: AuthorityCode, dataset: string | null, period: string | null) {
    const rows = (await tx.query(
      `select id, dataset, period from intake.submission
       where authority_id = $1 and ($2::text is null or dataset = $2) and ($3::text is null or period = $3)
         and state = 'awaitingSignOff' order by dataset, period_from desc`,
      [this.keys.authorityId(authority), dataset, period],
    )) as { id: string; dataset: string; period: string }[];
    for (const one of rows) await lockReturn(tx, authority, one.dataset, one.period);
    return rows.map(({ id }) => id);
  }

  private async look(tx: Tx, authority: AuthorityCode, dataset: string | null, period: string | null) {
    const sent = await this.returns(tx, authority, dataset, period);
    const returns = sent.filter(({ envelope, cells }) => envelope || cells);
    const submissions = returns.map(({ id }) => id);
    const authorityId = this.keys.authorityId(authority);
    const touched = async (sql: string, of: readonly string[] = submissions) =>
      ((await tx.query(sql, [authorityId, of])) as { id: string }[]).map(({ id }) => id);
    const carriers = await touched(
      `select distinct w.submission_id as id from intake.raw w join intake.submission b on b.carried_by = w.submission_id
       where b.authority_id = $1 and b.id = any($2) order by 1`,
      sent.map(({ id }) => id),
    );
    const publications = await touched(
      `select p.id from release.publication p where
         (p.dataset, p.period) in (select dataset, period from intake.submission where id = any($2))
         and p.authorities ? (select code from registry.authority where id = $1) order by p.id`,
    );
    const rounds = await touched(
      `select r.id from rounds.return_state s join rounds.round r on r.id = s.round_id and r.state is distinct from 'published'
         join intake.submission b on b.authority_id = s.authority_id and b.dataset = r.dataset and b.period = r.period
           and b.version = s.version
       where s.authority_id = $1 and b.id = any($2) order by r.id`,
    );
    const facts: ErasureFacts = {
      authority,
      dataset,
      period,
      submissions: returns.map((one) => ({
        id: publicId('sub', this.config.hubId, one.id),
        dataset: one.dataset.code,
        period: one.period.text,
        version: one.version,
        envelope: one.envelope,
        cells: one.count,
      })),
      publications: publications.map((id) => publicId('pub', this.config.hubId, id)),
      rounds: rounds.map((id) => this.round(id)),
      alsoIn: carriers.filter((id) => !submissions.includes(id)).map((id) => publicId('sub', this.config.hubId, id)),
    };
    return { plan: { ...facts, id: planDigest(facts).toString('hex') }, submissions };
  }

  /** Every accepted return, also those of which nothing is left. */
  private async returns(tx: Tx, authority: AuthorityCode, dataset: string | null, period: string | null) {
    const rows = (await tx.query(
      `select ${heldColumns}, (select count(*)::int from intake.cell c where c.submission_id = b.id) as count
       from intake.submission b
       where b.authority_id = $1 and ($2::text is null or b.dataset = $2) and ($3::text is null or b.period = $3)
       order by b.id`,
      [this.keys.authorityId(authority), dataset, period],
    )) as (HeldRow & { count: number })[];
    return rows.map(({ count, ...row }) => ({ ...toHolding(row, authority, count > 0), count }));
  }

  private async whenReturnsGo(
    tx: Tx,
    returns: readonly Holding[],
    agreements: Parameters<typeof whenTheyGo>[1],
  ): Promise<ReturnKept[]> {
    const purges = (await tx.query(
      `select submission_id as submission, what, agreement_id as id, agreement_version as version, clause,
         purged_at as "purgedAt", receipt
       from intake.purge where submission_id = any($1) order by id`,
      [returns.map(({ id }) => id)],
    )) as (PurgeNow & { submission: string; id: string; version: number })[];
    const goes = whenTheyGo(returns, agreements, londonDate(this.clock.now()));
    return returns.map(({ id, dataset, period, version }, i) => ({
      submission: publicId('sub', this.config.hubId, id),
      dataset: dataset.code,
      period: period.text,
      version,
      envelopeOn: goes[i]!.envelopeOn,
      cellsOn: goes[i]!.cellsOn,
      purges: purges
        .filter(({ submission }) => submission === id)
        .map(({ what, id: agreement, version: of, clause, purgedAt, receipt }) => ({
          what,
          agreement: { id: agreement, version: of },
          clause,
          purgedAt,
          receipt,
        })),
    }));
  }

  private async orders(tx: Tx, where: string, values: unknown[]): Promise<(ErasureNow & { authority: string })[]> {
    const rows = (await tx.query(
      `select e.id, a.code as authority, e.asked_at as "askedAt", e.done_at as "doneAt",
         array(select p.receipt from intake.purge p where p.erasure_id = e.id order by p.id) as receipts
       from intake.erasure e join registry.authority a on a.id = e.authority_id where ${where}`,
      values,
    )) as (ErasureNow & { authority: string })[];
    return rows.map((row) => ({ ...row, id: publicId('era', this.config.hubId, row.id) }));
  }

  private round(id: string): string {
    return publicId('rnd', this.config.hubId, id);
  }
}

/** Whose returns, and which: null for all. */
export interface Asked {
  readonly authority: string;
  readonly dataset: string | null;
  readonly period: string | null;
}
