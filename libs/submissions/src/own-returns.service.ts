import { Inject, Injectable } from '@nestjs/common';
import { holds, ofAnAuthority, someoneAs, worksFor, type Member } from '@hub/identity';
import { CLOCK, parsePeriod, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, innerId, publicId, recordAccess, shareName, type Config, type Tx } from '@hub/platform';
import {
  CATALOGUE,
  datasetOf,
  parseSeriesKey,
  populationOf,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type Registry,
} from '@hub/registry';
import {
  changesBetween,
  isLate,
  ownFigures,
  parseReasonAboutNobody,
  roundStateAt,
  standingsOfReturn,
  takeSubmissionStep,
  type CellStanding,
  type IndicatorStanding,
  type OwnChange,
  type OwnFigure,
  type ReturnedCell,
  type RoundTimes,
  type SubmissionState,
} from './domain';
import { IntakeStore, lockReturn, roundLock } from './intake.store';
import type { RoundEntity } from './round.entity';
import { cellKindOf } from './submission-rows';

/** How the return of one of the caller's own authorities stands in a round. */
export interface OwnReturn {
  readonly authority: string;
  /** Of the return in use; null where there is none. */
  readonly version: number | null;
  readonly receivedAt: Date | null;
  readonly late: boolean;
  /** Whether an approver has said of this version that it is right. */
  readonly confirmed: boolean;
  /** Inner id of the return in use; null where there is none. */
  readonly submission: string | null;
  /** The id in the API of a version that waits for its approver; null where there is none. */
  readonly waiting: string | null;
  /** The latest version, where that was withdrawn and nothing is in use; null otherwise. */
  readonly withdrawn: number | null;
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

/** A version of an earlier period that a return has made of the one before it. */
export interface RefreshedReturn {
  readonly period: string;
  readonly version: number;
  /** The submission's id in the API. */
  readonly submission: string;
}

/** What an authority looks at in its check window: its own alone, and nothing of what will be hidden. */
export interface OwnCheck {
  /** null once the counts have been deleted. */
  readonly figures: readonly OwnFigure[] | null;
  readonly answers: readonly {
    readonly rule: string;
    readonly indicator: string;
    readonly categories: Readonly<Record<string, string>>;
    readonly answer: string;
    readonly text: string;
  }[];
  readonly commentary: readonly { readonly indicator: string; readonly text: string }[];
  /** The version whose place this one has taken; null where it is the first. */
  readonly replaces: number | null;
  readonly reason: string | null;
  /** null where nothing was replaced, or the counts of either have been deleted. */
  readonly changes: readonly OwnChange[] | null;
}

/** An authority's own returns, seen by those who act for it, out of its own raw figures. */
@Injectable()
export class OwnReturnsService {
  constructor(
    private readonly store: IntakeStore,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
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
        `select a.code as authority, s.version, s.received_at as "receivedAt", s.first_received_at as "first", b.id as submission,
           c.round_id is not null as confirmed, w.id as waiting,
           case when s.version is null then (select max(g.version) from intake.submission g
             where g.authority_id = a.id and g.dataset = $2 and g.period = $3 and g.state = 'withdrawn') end as withdrawn
         from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
           left join intake.submission w on w.authority_id = a.id and w.dataset = $2 and w.period = $3 and w.state = 'awaitingSignOff'
           left join rounds.return_state s on s.round_id = $1 and s.authority_id = a.id
           left join rounds.confirmation c on c.round_id = s.round_id and c.authority_id = a.id and c.version = s.version
           left join intake.submission b on s.round_id is not null and b.authority_id = a.id
             and b.dataset = $2 and b.period = $3 and b.state = 'accepted'
         where ra.region_id = $4 and ra.valid && daterange($5::date, $6::date) and a.code = any($7::text[])
         order by a.code`,
        [round.id, round.dataset, round.period, round.regionId, round.periodFrom, round.periodUntil, own],
      )) as (Omit<OwnReturn, 'late' | 'indicators'> & { first: Date | null })[];
      if (!returns.length) return null;
      const standings: OwnReturn[] = [];
      for (const { authority, version, receivedAt, first, submission, confirmed, waiting, withdrawn } of returns) {
        const cells = submission === null ? [] : ((await tx.query(cellsOf, [submission])) as CellStanding[]);
        const deleted = version !== null && !cells.length;
        const indicators = deleted ? null : standingsOfReturn(dataset, cells);
        standings.push({
          authority,
          version,
          receivedAt,
          late: isLate(round.due, first, this.clock.now()),
          confirmed,
          submission,
          waiting: waiting && publicId('sub', this.config.hubId, waiting),
          withdrawn,
          indicators,
        });
      }
      return standings;
    });
  }

  /**
   * Which returns of the caller's own authorities stand in a publication; null for one who acts for none of those that do, and
   * for publications of before. Of one that was withdrawn without the proofs.
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
             and not exists (select from release.publication w where w.id = p.publication_id and w.state = 'withdrawn')
         where p.publication_id = $1 and a.code = any($2::text[]) order by a.code`,
        [inner, own],
      ),
    )) as PublishedReturn[];
    if (!returns.length) return null;
    return returns.map((one) => ({ ...one, submission: publicId('sub', this.config.hubId, one.submission) }));
  }

  /**
   * The own figures, answers and comments as they will be printed where nothing hides them, and what has changed since the
   * version before; leaves an access record.
   * @param id  inner id of a return in use
   * @returns null for a return that is not the caller's own
   */
  async check(member: Member | null, id: string): Promise<OwnCheck | null> {
    if (!member) return null;
    return this.store.as(member, async (tx) => {
      const [own] = (await tx.query(
        `select a.code as authority, a.id as "authorityId", b.dataset, b.dataset_version as "datasetVersion", b.period, b.version, w.reason
         from intake.submission b join registry.authority a on a.id = b.authority_id
           left join intake.raw w on w.submission_id = coalesce(b.carried_by, b.id) where b.id = $1`,
        [id],
      )) as {
        authority: string;
        authorityId: number;
        dataset: string;
        datasetVersion: string;
        period: string;
        version: number;
        reason: string | null;
      }[];
      if (!own || !worksFor(member).includes(own.authority)) return null;
      await recordOwnLook(tx, member, { ...own, at: this.clock.now() });
      const dataset = datasetOf(this.catalogue, own.dataset, own.datasetVersion);
      const [before] = (await tx.query(
        `select id, version from intake.submission
         where authority_id = $1 and dataset = $2 and period = $3 and state = 'superseded' and version < $4
         order by version desc limit 1`,
        [own.authorityId, own.dataset, own.period, own.version],
      )) as { id: string; version: number }[];
      const returned = await returnedCells(tx, before ? [id, before.id] : [id]);
      const [cells, old] = [returned.get(id) ?? [], (before && returned.get(before.id)) ?? []];
      const said = [own.authorityId, own.dataset, own.period, own.version];
      const answers = (await tx.query(answersGiven, said)) as {
        rule: string;
        key: string;
        answer: string;
        text: string;
      }[];
      const commentary = (await commentsOf(tx, [id])).get(id) ?? [];
      const children = populationOf(this.registry, own.authority, parsePeriod(own.period));
      return {
        figures: cells.length ? ownFigures(dataset, cells, children) : null,
        answers: answers.map(({ key, ...said }) => {
          const { indicator, categories } = parseSeriesKey(key);
          return { ...said, indicator, categories };
        }),
        commentary,
        replaces: before?.version ?? null,
        reason: own.reason,
        changes: cells.length && old.length ? changesBetween(dataset, old, cells) : null,
      };
    });
  }

  /** The envelope of a return that waits for its approver; null for anybody else's, and where it does not wait. */
  async toSign(member: Member | null, id: string): Promise<string | null> {
    const inner = innerId('sub', this.config.hubId, id);
    if (!inner || !member) return null;
    const [row] = (await this.store.as(member, (tx) =>
      tx.query(
        `select w.envelope, a.code as authority from intake.submission b join registry.authority a on a.id = b.authority_id
           join intake.raw w on w.submission_id = b.id where b.id = $1 and b.state = 'awaitingSignOff'`,
        [inner],
      ),
    )) as { envelope: Buffer; authority: string }[];
    return row && holds(member, ofAnAuthority, row.authority) ? row.envelope.toString('utf8') : null;
  }

  /** Earlier periods that a return has changed, the oldest first, and which versions they became; none for anybody else's. */
  async refreshedBy(member: Member | null, id: string): Promise<RefreshedReturn[]> {
    const inner = innerId('sub', this.config.hubId, id);
    if (!inner || !member) return [];
    const rows = (await this.store.as(member, (tx) =>
      tx.query(
        `select b.id as submission, b.period, b.version, a.code as authority
         from intake.submission b join registry.authority a on a.id = b.authority_id
         where b.carried_by = $1 order by b.period_from`,
        [inner],
      ),
    )) as (RefreshedReturn & { authority: string })[];
    return rows
      .filter(({ authority }) => holds(member, ofAnAuthority, authority))
      .map((one) => ({ ...one, submission: publicId('sub', this.config.hubId, one.submission) }));
  }

  /**
   * An approver says that the version in use is right, before its round compiles. Saying it again changes nothing.
   * @throws Refusal NOT_FOR_THIS_ROLE | SUBMISSION_ABSENT for what is not the own authority's or not in the round |
   *   CONFIRMATION_OUTDATED | CONFIRMATION_OWN_RETURN | SUBMISSION_COMPILED
   */
  async confirm(
    member: Member | null,
    id: string,
    asked: { readonly authority: string; readonly version: number },
  ): Promise<void> {
    const approver = someoneAs(member, approvers);
    const inner = innerId('rnd', this.config.hubId, id);
    if (!inner || !holds(approver, approvers, asked.authority)) throw new Refusal('SUBMISSION_ABSENT');
    await this.store.as(approver, async (tx) => {
      const [round] = (await tx.query(
        'select id, region_id as "regionId", dataset, period from rounds.round where id = $1',
        [inner],
      )) as Pick<RoundEntity, 'id' | 'regionId' | 'dataset' | 'period'>[];
      if (!round) throw new Refusal('SUBMISSION_ABSENT');
      await lockReturn(tx, asked.authority, round.dataset, round.period);
      await shareName(tx, roundLock(round.regionId, round.dataset, round.period));
      const authorityId = this.keys.authorityId(asked.authority);
      const [now] = (await tx.query(
        `select s.version, r.state, r.opens::text, r.closes::text, r.closed_early_at as "closedEarlyAt",
           r.check_until::text as "checkUntil", b.received_by as "sentBy"
         from rounds.return_state s join rounds.round r on r.id = s.round_id
           left join intake.submission b on b.authority_id = s.authority_id and b.dataset = r.dataset and b.period = r.period
             and b.version = s.version
         where s.round_id = $1 and s.authority_id = $2`,
        [round.id, authorityId],
      )) as (RoundTimes & { version: number; sentBy: string })[];
      if (!now) throw new Refusal('SUBMISSION_ABSENT');
      if (['compiling', 'held', 'published'].includes(roundStateAt(now, this.clock.now())))
        throw new Refusal('SUBMISSION_COMPILED');
      if (now.version !== asked.version) throw new Refusal('CONFIRMATION_OUTDATED', { version: now.version });
      if (now.sentBy === approver.id) throw new Refusal('CONFIRMATION_OWN_RETURN');
      await tx.query(
        `insert into rounds.confirmation (round_id, region_id, authority_id, version, confirmed_by, confirmed_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [round.id, round.regionId, authorityId, asked.version, approver.id, this.clock.now()],
      );
    });
  }

  /**
   * Takes a return back before any round compiles it, or one that waits for its approver. The authority has sent nothing then, or what it
   * had sent before the one that waited: an earlier version does not
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
      // What waits for its approver stands in no round; the version in use stays there.
      const waits = state === 'awaitingSignOff';
      const held = async () =>
        waits ? [] : ((await tx.query(roundsOf, [authorityId, dataset, period])) as RoundHeld[]);
      // A lead may be publishing at this moment: either the return is gone before, or it is too late for that.
      for (const round of await held()) {
        await shareName(tx, roundLock(round.regionId, dataset, period));
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

/**
 * What was answered of a version: in the last whole return of the period, and since then in the returns that refreshed it; of a
 * question that was asked again the last answer. $1 authority, $2 dataset, $3 period, $4 version.
 */
const answersGiven = `with versions as (
    select id, version, carried_by from intake.submission where authority_id = $1 and dataset = $2 and period = $3 and version <= $4
  ), whole as (
    select id, version from versions where carried_by is null order by version desc limit 1
  ) select distinct on (s.key, n.rule) n.rule, s.key, n.answer, n.text
  from versions v join whole on v.version >= whole.version
    join intake.answer n on n.submission_id = coalesce(v.carried_by, v.id)
      and n.refreshes is not distinct from (case when v.carried_by is null then null else $3 end)
    join registry.series s on s.id = n.series_id
  order by s.key, n.rule, v.version desc`;

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
  readonly regionId: number;
  readonly state: string | null;
}
/** Rounds that compile an authority's return of a dataset and period; in one order, for they are locked. */
const roundsOf = `select r.id, r.region_id as "regionId", r.state from rounds.round r
  where r.dataset = $2 and r.period = $3 and exists (select from registry.region_authority ra
    where ra.region_id = r.region_id and ra.authority_id = $1 and ra.valid && daterange(r.period_from, r.period_until))
  order by r.id`;

const cellsOf = `select s.key as series, c.kind = 0 as counted, c.kind = 0 and c.value = 0 as nil
  from intake.cell c join registry.series s on s.id = c.series_id where c.submission_id = $1`;

/** That raw figures of an authority were looked at by somebody who works for it. */
export async function recordOwnLook(
  tx: Tx,
  member: Member,
  look: {
    readonly at: Date;
    readonly authority: string;
    readonly authorityId: number;
    readonly dataset: string;
    readonly period: string;
  },
): Promise<void> {
  const { role } = member.roles.find((held) => ofAnAuthority.includes(held.role) && held.of === look.authority)!;
  await recordAccess(tx, member, {
    at: look.at,
    action: 'read.own',
    subject: `${look.dataset} ${look.period}`,
    reader: { role, organisation: look.authority },
    authorities: [look.authorityId],
  });
}

/** What was read of several returns, by each. */
function byReturn<Row extends { submission: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const of = found.get(row.submission);
    if (of) of.push(row);
    else found.set(row.submission, [row]);
  }
  return found;
}

/** @param submissions  inner ids @returns nothing of those whose counts have been deleted */
export async function returnedCells(
  tx: Tx,
  submissions: readonly string[],
): Promise<ReadonlyMap<string, readonly ReturnedCell[]>> {
  const rows = (await tx.query(
    `select c.submission_id as submission, s.key as series, c.kind, c.value
     from intake.cell c join registry.series s on s.id = c.series_id where c.submission_id = any($1::uuid[])`,
    [submissions],
  )) as { submission: string; series: string; kind: number; value: string | null }[];
  return byReturn(
    rows.map(({ kind, value, ...row }) => ({
      ...row,
      kind: cellKindOf(kind),
      value: value === null ? null : Number(value),
    })),
  );
}

/** The comments of versions: those in the last whole return of the period. @param submissions  inner ids */
export async function commentsOf(
  tx: Tx,
  submissions: readonly string[],
): Promise<ReadonlyMap<string, readonly { readonly indicator: string; readonly text: string }[]>> {
  return byReturn(
    (await tx.query(
      `select b.id as submission, c.indicator, c.text
       from intake.submission b cross join lateral (
         select w.id from intake.submission w
         where w.authority_id = b.authority_id and w.dataset = b.dataset and w.period = b.period and w.version <= b.version
           and w.carried_by is null
         order by w.version desc limit 1
       ) whole join intake.comment c on c.submission_id = whole.id
       where b.id = any($1::uuid[]) order by c.indicator`,
      [submissions],
    )) as { submission: string; indicator: string; text: string }[],
  );
}
