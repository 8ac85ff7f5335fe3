import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, londonDate, type Clock } from '@hub/kernel';
import type { WithdrawalReason } from '@hub/ledger/domain';
import {
  appendWork,
  CONFIG,
  lockName,
  LOGGER,
  MAILER,
  newId,
  sendMail,
  WorkerStore,
  workPart,
  type Config,
  type Logger,
  type Mailer,
  type Run,
  type Tx,
} from '@hub/platform';
import { withdrawnBecause } from '@hub/publications/domain';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import {
  compilesAt,
  isBeingChecked,
  noticeText,
  reminderAt,
  roundStateAt,
  toCompiling,
  withdrawnText,
  type NoticeKind,
  type RoundTimes,
} from './domain';
import { roundLock } from './intake.store';

interface Round extends RoundTimes {
  readonly id: string;
  readonly regionId: number;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly period: string;
  readonly due: string;
  readonly publishesAt: Date | null;
}

/** What a notice tells, and where to. */
interface Due {
  readonly kind: NoticeKind;
  readonly about: string;
  readonly addresses: readonly string[];
  readonly authority: string;
  readonly region: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly period: string;
  readonly due: string;
  readonly closes: string;
  /** Why the publication was withdrawn of which it tells. */
  readonly because: WithdrawalReason | null;
}

/** What the hub does with rounds by itself when their moments come. */
@Injectable()
export class RoundWorkService {
  constructor(
    private readonly store: WorkerStore,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Has a round compiled in time for its moment, if it is closed and checked and nobody has asked for it before. Where the moment
   * has been moved since, this is another one's work.
   */
  async publish(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      const now = this.clock.now();
      const round = await this.locked(tx, run.subject);
      const state = round && roundStateAt(round, now);
      const isTime = round?.publishesAt && compilesAt({ ...round, publishesAt: round.publishesAt }, this.config) <= now;
      if (isTime && (state === 'closed' || state === 'checked') && !isBeingChecked(round, now)) {
        const next = toCompiling(state);
        await tx.query('update rounds.round set state = $2 where id = $1', [round.id, next]);
        await appendWork(tx, 'round.compile', round.id, now);
      }
      await run.settle(tx);
    });
  }

  /** Writes the reminder of this moment for each authority that has sent nothing to an open round: once, however often it runs. */
  async remind(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      const now = this.clock.now();
      const round = await this.locked(tx, run.subject);
      const kind = round && roundStateAt(round, now) === 'open' ? reminderAt(round, now) : undefined;
      if (round && kind) {
        // A date that was moved, or is one of another edition, is another thing to be reminded of.
        const about = kind === 'beforeEnd' ? round.closes : round.due;
        const missing = (await tx.query(
          `select ra.authority_id as id from registry.region_authority ra join rounds.round r on r.id = $1
           where ra.region_id = r.region_id and ra.valid && daterange(r.period_from, r.period_until)
             and not exists (select from rounds.return_state s where s.round_id = r.id and s.authority_id = ra.authority_id)
             and not exists (select from rounds.notice n
               where n.round_id = r.id and n.authority_id = ra.authority_id and n.kind = $2 and n.about = $3)`,
          [round.id, kind, about],
        )) as { id: number }[];
        for (const { id } of missing) await this.notify(tx, { round, authorityId: id, kind, about, now });
      }
      await run.settle(tx);
    });
  }

  /** Tells each authority of the region that a publication was withdrawn: once a day of the same round, however often it runs. */
  async tellWithdrawn(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      const now = this.clock.now();
      const about = londonDate(now);
      const members = (await tx.query(
        `select r.id, r.region_id as "regionId", ra.authority_id as "authorityId"
         from release.publication p join rounds.round r on r.id = p.round_id
           join registry.region_authority ra on ra.region_id = r.region_id and ra.valid && daterange(r.period_from, r.period_until)
         where p.id = $1 and not exists (select from rounds.notice n
           where n.round_id = r.id and n.authority_id = ra.authority_id and n.kind = 'withdrawn' and n.about = $2)`,
        [run.subject, about],
      )) as { id: string; regionId: number; authorityId: number }[];
      for (const { authorityId, ...round } of members)
        await this.notify(tx, { round, authorityId, kind: 'withdrawn', about, now });
      await run.settle(tx);
    });
  }

  /** Writes a notice, and asks for its mail. */
  private async notify(
    tx: Tx,
    told: {
      readonly round: Pick<Round, 'id' | 'regionId'>;
      readonly authorityId: number;
      readonly kind: NoticeKind;
      readonly about: string;
      readonly now: Date;
    },
  ): Promise<void> {
    const { round, authorityId, kind, about, now } = told;
    const notice = newId();
    await tx.query(
      `insert into rounds.notice (id, round_id, region_id, authority_id, kind, about, made_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [notice, round.id, round.regionId, authorityId, kind, about, now],
    );
    await appendWork(tx, 'notice.send', notice, now);
  }

  /**
   * Sends a notice by mail where there is a way out and an address, and the return of which it reminds is missing still.
   */
  async send(run: Run): Promise<void> {
    const found = await this.store.as(null, async (tx) => {
      const [notice] = (await tx.query(
        `select n.kind, n.about::text, addresses, a.name as authority, g.name as region, r.dataset,
           r.dataset_version as "datasetVersion", r.period, r.due::text, r.closes::text,
           (select e.because from release.publication_event e join release.publication p on p.id = e.publication_id
            where n.kind = 'withdrawn' and p.round_id = r.id and e.event = 'withdrawn' order by e.at desc limit 1) as because
         from rounds.notice n join rounds.round r on r.id = n.round_id
           join registry.authority a on a.id = n.authority_id join registry.region g on g.id = n.region_id
           cross join lateral rounds.mailboxes(n.authority_id, n.kind = 'withdrawn') addresses
         where n.id = $1 and n.sent_at is null and addresses is not null and (n.kind = 'withdrawn' or not exists (
           select from rounds.return_state s where s.round_id = n.round_id and s.authority_id = n.authority_id))`,
        [run.subject],
      )) as Due[];
      return notice;
    });
    const sent = await sendMail(this.mailer, this.logger, run, found && this.mailOf(found));
    await this.store.as(null, async (tx) => {
      if (sent) {
        await tx.query('update rounds.notice set sent_at = $2 where id = $1', [run.subject, this.clock.now()]);
      }
      await run.settle(tx);
    });
  }

  private mailOf({ addresses, dataset: code, datasetVersion, kind, about: on, because, ...facts }: Due) {
    const to = addresses.join(', ');
    const { title: dataset } = datasetOf(this.catalogue, code, datasetVersion);
    if (kind !== 'withdrawn') return { to, ...noticeText({ ...facts, kind, dataset }) };
    return { to, ...withdrawnText({ ...facts, dataset, on, because: withdrawnBecause[because!] }) };
  }

  /** The round, when all returns that arrive or go at this moment have done so. */
  private async locked(tx: Tx, id: string): Promise<Round | undefined> {
    const find = async (how: string) =>
      (
        (await tx.query(
          `select id, region_id as "regionId", dataset, dataset_version as "datasetVersion", period, state, opens::text, due::text,
             closes::text, closed_early_at as "closedEarlyAt", check_until::text as "checkUntil",
             publishes_at as "publishesAt"
           from rounds.round where id = $1 ${how}`,
          [id],
        )) as Round[]
      )[0];
    const found = await find('');
    if (!found) return undefined;
    await lockName(tx, roundLock(found.regionId, found.dataset, found.period));
    return find('for no key update');
  }
}

/** Background work of rounds. */
export const roundWork = workPart([RoundWorkService], (rounds) => ({
  'round.publish': (run) => rounds.publish(run),
  'round.remind': (run) => rounds.remind(run),
  'notice.send': (run) => rounds.send(run),
  'withdrawal.tell': (run) => rounds.tellWithdrawn(run),
}));
