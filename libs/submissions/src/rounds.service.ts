import { Inject, Injectable } from '@nestjs/common';
import { decideAsLead, holds, RegionGate, someoneAs, worksFor, type Member } from '@hub/identity';
import { CLOCK, type Clock, type Edition, londonDate, parsePeriod, Refusal } from '@hub/kernel';
import {
  appendWork,
  CONFIG,
  DeskStore,
  innerId,
  lockName,
  newId,
  ReaderStore,
  type Config,
  type Tx,
} from '@hub/platform';
import { CATALOGUE, datasetOf, isAggregated, newestDataset, RegistryKeys, type Catalogue } from '@hub/registry';
import {
  assertInOrder,
  assertStillToCome,
  compilesAt,
  datesMoved,
  isBeingChecked,
  isLate,
  nextEdition,
  parseReasonAboutNobody,
  reminderMoments,
  roundStateAt,
  takeRoundStep,
  toCompiling,
  type RoundDates,
  type RoundState,
} from './domain';
import { roundLock } from './intake.store';
import { RoundEntity } from './round.entity';

const leads = ['regional-lead'] as const;

/** What a lead asks for; dates are civil dates of Europe/London. */
export interface RoundAsked {
  readonly region: string;
  readonly dataset: string;
  readonly period: string;
  readonly opens: string;
  readonly due: string;
  readonly closes: string;
  readonly checkUntil?: string | null;
  readonly publishesAt?: Date | null;
}

/** A round as it stands at this moment. */
export interface RoundNow {
  readonly row: RoundEntity;
  readonly state: RoundState;
}

/** How one authority's return stands: what a lead may know of it, and never a figure. */
export interface ReturnNow {
  readonly authority: string;
  readonly state: 'reported' | 'missing';
  /** Of the return in use; null while there is none. */
  readonly version: number | null;
  readonly receivedAt: Date | null;
  /** Against the soft due date; one that is missing is late once that has passed. */
  readonly late: boolean;
  /** Indicators with a count, nil or not; null while there is no return, or where it is not known. */
  readonly counted: number | null;
  /** Whether an approver has said of the version in use that it is right. */
  readonly confirmed: boolean;
  /** Indicators of the dataset. */
  readonly indicators: number;
}

/** Leave to send a return after the end of its round. */
export interface LateException {
  readonly authority: string;
  /** The last day; it ends at London midnight. */
  readonly until: string;
  readonly reason: string;
  readonly grantedAt: Date;
}

@Injectable()
export class RoundsService {
  constructor(
    private readonly desk: DeskStore,
    private readonly reader: ReaderStore,
    private readonly gate: RegionGate,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Opens a round for the newest version of a dataset; it takes returns from `opens` to the end of `closes`. Until the end of
   * `checkUntil` each authority looks at its own figures; at `publishesAt` the hub publishes by itself.
   * @throws Refusal NOT_FOR_THIS_ROLE | REGION_ABSENT | DATASET_ABSENT | DATASET_LOCAL | PERIOD_MALFORMED | ROUND_DATES |
   *   ROUND_EXISTS
   */
  async open(member: Member | null, asked: RoundAsked): Promise<RoundNow> {
    const lead = someoneAs(member, leads);
    const { regionId } = this.gate.enter(lead, asked.region);
    if (!holds(lead, leads, asked.region)) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: 'regional-lead' });
    const dataset = newestDataset(this.catalogue, asked.dataset);
    if (!isAggregated(dataset)) throw new Refusal('DATASET_LOCAL');
    const period = parsePeriod(asked.period);
    const { opens, due, closes, checkUntil = null, publishesAt = null } = asked;
    if (period.kind !== dataset.frequency)
      throw new Refusal('ROUND_DATES', { expected: `a period of kind ${dataset.frequency}` });
    assertInOrder({ opens, due, closes, checkUntil, publishesAt }, period.until);
    return this.desk.as(lead, async (tx) => {
      const row = tx.create(RoundEntity, {
        id: newId(),
        regionId,
        dataset: dataset.code,
        datasetVersion: dataset.version,
        period: period.text,
        periodKind: period.kind,
        periodFrom: period.from,
        periodUntil: period.until,
        opens,
        due,
        closes,
        edition: 'provisional',
        closedEarlyAt: null,
        checkUntil,
        publishesAt,
        state: null,
        heldBecause: null,
      });
      await tx.insert(RoundEntity, row).catch((error: { driverError?: { code?: string } }) => {
        if (error.driverError?.code === '23505') throw new Refusal('ROUND_EXISTS');
        throw error;
      });
      await this.awaitMoments(tx, row);
      return this.now(row);
    });
  }

  /** What has to be done at the moments of a round waits in the outbox. What waits for moments of before finds nothing to do. */
  private async awaitMoments(tx: Tx, row: RoundEntity): Promise<void> {
    const now = this.clock.now();
    const moments = Object.values(reminderMoments(row)).filter((moment) => moment > now);
    for (const moment of moments) await appendWork(tx, 'round.remind', row.id, now, moment);
    const { publishesAt } = row;
    if (publishesAt)
      await appendWork(tx, 'round.publish', row.id, now, compilesAt({ ...row, publishesAt }, this.config));
  }

  /**
   * Moves the dates of a round that has not passed them, by the same rules as at its opening. Reminders and the publication follow the
   * new ones.
   * @param asked  all of them; dates are civil dates of Europe/London
   * @throws Refusal ROUND_ABSENT | ROUND_DATES also for what has passed | ROUND_NOT_OPEN once it is closed, for all but the end of the
   *   check window and the publication; LEAD_OWN_AUTHORITY where the lead's own authority has sent nothing yet and is given more or
   *   less time
   */
  async moveDates(member: Member | null, id: string, asked: RoundDates): Promise<RoundNow> {
    return this.settle(member, id, async (tx, { row, state }, lead) => {
      const moved = datesMoved(row, asked);
      if (!moved.length) return;
      const returnsTaken = moved.some((name) => ['opens', 'due', 'closes'].includes(name));
      const isOver = row.state !== null || (returnsTaken && state !== 'scheduled' && state !== 'open');
      if (isOver) throw new Refusal('ROUND_NOT_OPEN', { from: state });
      assertStillToCome(row, asked, londonDate(this.clock.now()));
      assertInOrder(asked, row.periodUntil);
      if (moved.includes('due') || moved.includes('closes')) decideAsLead(lead, await missingFrom(tx, row));
      const { opens, due, closes, checkUntil, publishesAt } = asked;
      Object.assign(row, { opens, due, closes, checkUntil, publishesAt });
      await tx.update(RoundEntity, { id: row.id }, { opens, due, closes, checkUntil, publishesAt });
      await this.awaitMoments(tx, row);
    });
  }

  /**
   * Closes an open round before its date. Closing a closed one changes nothing.
   * @throws Refusal ROUND_NOT_OPEN; LEAD_OWN_AUTHORITY where the lead's own authority has sent nothing yet
   */
  async close(member: Member | null, id: string): Promise<RoundNow> {
    return this.settle(member, id, async (tx, { row, state }, lead) => {
      if (state === 'closed') return;
      takeRoundStep(state, 'close');
      decideAsLead(lead, await missingFrom(tx, row));
      row.closedEarlyAt = this.clock.now();
      await tx.update(RoundEntity, { id: row.id }, { closedEarlyAt: row.closedEarlyAt });
    });
  }

  /**
   * Ends the check window before its last day, for all who have reported have confirmed. Checking a checked one changes nothing.
   * @throws Refusal ROUND_NOT_CLOSED | ROUND_NOT_CHECKED
   */
  async check(member: Member | null, id: string): Promise<RoundNow> {
    return this.settle(member, id, async (tx, { row, state }) => {
      if (state === 'checked') return;
      const next = takeRoundStep(state, 'check') as RoundEntity['state'];
      if (isBeingChecked(row, this.clock.now())) {
        const unconfirmed = (await returnsFor(tx, row)).some((one) => !isMissing(one) && !one.confirmed);
        if (unconfirmed) throw new Refusal('ROUND_NOT_CHECKED', { until: row.checkUntil! });
      }
      row.state = next;
      await tx.update(RoundEntity, { id: row.id }, { state: row.state });
    });
  }

  /**
   * Asks for the publication of a round that is closed and checked; the outbox carries the work. It appears once the time that a
   * compile is given has passed, however long that one takes. A round without a check window passes `checked` at once.
   * @throws Refusal ROUND_NOT_CLOSED | ROUND_NOT_CHECKED; LEAD_OWN_AUTHORITY before the closing date, or while an exception of
   *   the lead's own authority runs, where that has sent nothing yet
   */
  async publish(member: Member | null, id: string): Promise<RoundNow> {
    return this.settle(member, id, async (tx, { row, state }, lead) => {
      const now = this.clock.now();
      const next = toCompiling(state);
      if (isBeingChecked(row, now)) throw new Refusal('ROUND_NOT_CHECKED', { until: row.checkUntil! });
      const today = londonDate(now);
      const missing = await missingFrom(tx, row);
      const running = (await exceptionsOf(tx, row)).filter(({ until }) => today <= until);
      const waiting = missing.filter(
        (code) => today <= row.closes || running.some(({ authority }) => authority === code),
      );
      decideAsLead(lead, waiting);
      const publishesAt = new Date(now.getTime() + this.config.compileSeconds * 1000);
      Object.assign(row, { state: next, publishesAt });
      await tx.update(RoundEntity, { id: row.id }, { state: row.state, publishesAt });
      await appendWork(tx, 'round.compile', row.id, now);
    });
  }

  /**
   * Opens a published or held round again for its next edition, or for the same one where that was withdrawn: later versions and
   * late returns are taken until the end of `closes`, and enter it. What has been published stays until then. Those who are missing are reminded as at the first time.
   * @param asked  dates are civil dates of Europe/London
   * @throws Refusal ROUND_ABSENT | ROUND_NOT_CLOSED | ROUND_EDITION | ROUND_DATES; LEAD_OWN_AUTHORITY where the lead's own
   *   authority has sent nothing yet: more time for it is for another lead to give
   */
  async openEdition(
    member: Member | null,
    id: string,
    asked: { edition: Edition; due: string; closes: string; checkUntil?: string | null; publishesAt?: Date | null },
  ): Promise<RoundNow> {
    const { due, closes, checkUntil = null, publishesAt = null } = asked;
    return this.settle(member, id, async (tx, { row, state }, lead) => {
      const edition = nextEdition(state, row.edition, asked.edition, await isWithdrawn(tx, row));
      const today = londonDate(this.clock.now());
      assertInOrder({ opens: today, due, closes, checkUntil, publishesAt }, today);
      decideAsLead(lead, await missingFrom(tx, row));
      const changed = {
        edition,
        due,
        closes,
        closedEarlyAt: null,
        checkUntil,
        publishesAt,
        state: null,
        heldBecause: null,
      };
      Object.assign(row, changed);
      await tx.update(RoundEntity, { id: row.id }, changed);
      await this.awaitMoments(tx, row);
    });
  }

  /**
   * Lets an authority send its return after the end of a round that is not compiling yet. A later day extends; what was
   * granted is not taken back.
   * @param asked  `until` is the last day, a civil date of Europe/London
   * @throws Refusal ROUND_ABSENT | ROUND_NOT_CLOSED | ORGANISATION_ABSENT for what is no authority of the round |
   *   LEAD_OWN_AUTHORITY | EXCEPTION_DATES | REQUEST_MALFORMED for the reason
   */
  async grantException(
    member: Member | null,
    id: string,
    asked: { authority: string; until: string; reason: string },
  ): Promise<LateException> {
    const { authority, until } = asked;
    const grantedAt = this.clock.now();
    const today = londonDate(grantedAt);
    let granted!: LateException;
    await this.settle(member, id, async (tx, { row, state }, lead) => {
      const reason = parseReasonAboutNobody(asked.reason);
      // Checked by its date it still waits; checked by its lead it takes nothing more.
      if (state !== 'checked' || row.state !== null) takeRoundStep(state, 'check');
      const authorities = await returnsFor(tx, row);
      if (!authorities.some((one) => one.authority === authority)) throw new Refusal('ORGANISATION_ABSENT');
      decideAsLead(lead, [authority]);
      if (until < today) throw new Refusal('EXCEPTION_DATES', { expected: `until ${today} or later` });
      await tx.query(
        `insert into rounds.late_exception (id, round_id, region_id, authority_id, until, reason, granted_by, granted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [newId(), row.id, row.regionId, this.keys.authorityId(authority), until, reason, lead.id, grantedAt],
      );
      granted = { authority, until, reason, grantedAt };
    });
    return granted;
  }

  /**
   * Exceptions of a round, the oldest first: all of them for its leads, the own ones for those who act for an authority;
   * null for anybody else.
   */
  async exceptions(member: Member | null, round: RoundEntity): Promise<LateException[] | null> {
    const own = worksFor(member);
    const isLead = this.gate.isLedBy(member, round.regionId);
    if (!isLead && !own.length) return null;
    const all = await this.reader.as(member, (tx) => exceptionsOf(tx, round));
    return all.filter(({ authority }) => isLead || own.includes(authority));
  }

  /** Rounds of a region, newest first. */
  async list(
    member: Member | null,
    region: string,
    dataset: string | null,
    page: { limit: number; after: string | null },
  ): Promise<RoundNow[]> {
    const { regionId } = this.gate.enter(member, region);
    return this.reader.as(member, async (tx) => {
      const query = tx
        .createQueryBuilder(RoundEntity, 'r')
        .where('r.regionId = :regionId', { regionId })
        .orderBy('r.id', 'DESC')
        .limit(page.limit + 1);
      if (dataset !== null) query.andWhere('r.dataset = :dataset', { dataset });
      if (page.after !== null) query.andWhere('r.id < :after', { after: page.after });
      return (await query.getMany()).map((row) => this.now(row));
    });
  }

  /** A round of a region that the member belongs to. @throws Refusal ROUND_ABSENT for any other */
  async find(member: Member | null, id: string): Promise<RoundNow> {
    const inner = innerId('rnd', this.config.hubId, id);
    if (!inner || !member) throw new Refusal('ROUND_ABSENT');
    const row = await this.reader.as(member, (tx) => tx.findOne(RoundEntity, { where: { id: inner } }));
    // The row policy makes another region's round absent; this says so again, without it.
    const entered = member.roles.flatMap(({ regions }) => regions).map((code) => this.gate.look(member, code));
    if (!row || !entered.some(({ regionId, belongs }) => belongs && regionId === row.regionId))
      throw new Refusal('ROUND_ABSENT');
    return this.now(row);
  }

  /**
   * How the return of each authority of the region stands: for its leads, who see the state of a return and never a
   * figure of it; null for anybody else.
   */
  async returns(member: Member | null, round: RoundEntity): Promise<ReturnNow[] | null> {
    if (!this.gate.isLedBy(member, round.regionId)) return null;
    const indicators = datasetOf(this.catalogue, round.dataset, round.datasetVersion).indicators.length;
    const rows = await this.reader.as(member, (tx) => returnsFor(tx, round));
    return rows.map(({ authority, version, receivedAt, first, counted, confirmed }) => ({
      authority,
      state: isMissing({ version }) ? 'missing' : 'reported',
      version,
      receivedAt,
      late: isLate(round.due, first, this.clock.now()),
      counted,
      confirmed,
      indicators,
    }));
  }

  /** Authorities of the region that have sent nothing for the round yet: for its leads; null for anybody else. */
  async missing(member: Member | null, round: RoundEntity): Promise<string[] | null> {
    if (!this.gate.isLedBy(member, round.regionId)) return null;
    return this.reader.as(member, (tx) => missingFrom(tx, round));
  }

  /** Loads a round that the caller leads, under lock, and changes it. */
  private async settle(
    member: Member | null,
    id: string,
    change: (tx: Tx, round: RoundNow, lead: Member) => Promise<void>,
  ): Promise<RoundNow> {
    const lead = someoneAs(member, leads);
    const inner = innerId('rnd', this.config.hubId, id);
    if (!inner) throw new Refusal('ROUND_ABSENT');
    return this.desk.as(lead, async (tx) => {
      const found = await tx.findOne(RoundEntity, { where: { id: inner } });
      // The row policy makes another region's round absent; this says so again, without it.
      if (!found || !this.gate.isLedBy(lead, found.regionId)) throw new Refusal('ROUND_ABSENT');
      // After returns that arrive or go at this moment; those that follow see what the lead has done. Before the row, which
      // they refer to: the other way round the two would wait for each other.
      await lockName(tx, roundLock(found.regionId, found.dataset, found.period));
      const row = (await tx.findOne(RoundEntity, { where: { id: inner }, lock: { mode: 'for_no_key_update' } }))!;
      const round = this.now(row);
      await change(tx, round, lead);
      return this.now(row);
    });
  }

  private now(row: RoundEntity): RoundNow {
    return { row, state: roundStateAt(row, this.clock.now()) };
  }
}

interface ReturnRow {
  authority: string;
  version: number | null;
  receivedAt: Date | null;
  /** When the authority first sent what has stood since. */
  first: Date | null;
  counted: number | null;
  confirmed: boolean;
}

const isMissing = ({ version }: Pick<ReturnRow, 'version'>): boolean => version === null;

/** What is known of the return of each authority of the region in that period, in order of code. */
async function returnsFor(tx: Tx, round: RoundEntity): Promise<ReturnRow[]> {
  return (await tx.query(
    `select a.code as authority, s.version, s.received_at as "receivedAt", s.first_received_at as "first", s.counted,
       c.round_id is not null as confirmed
     from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
       left join rounds.return_state s on s.round_id = $4 and s.authority_id = a.id
       left join rounds.confirmation c on c.round_id = s.round_id and c.authority_id = a.id and c.version = s.version
     where ra.region_id = $1 and ra.valid && daterange($2::date, $3::date)
     order by a.code`,
    [round.regionId, round.periodFrom, round.periodUntil, round.id],
  )) as ReturnRow[];
}

/** Authorities of the region in that period that have sent nothing for the round, in order of code. */
const missingFrom = async (tx: Tx, round: RoundEntity): Promise<string[]> =>
  (await returnsFor(tx, round)).filter(isMissing).map(({ authority }) => authority);

/** Whether the newest publication of the round was withdrawn. */
async function isWithdrawn(tx: Tx, { id }: RoundEntity): Promise<boolean> {
  const [newest] = (await tx.query(
    'select state from release.publication where round_id = $1 order by number desc limit 1',
    [id],
  )) as { state: string }[];
  return newest?.state === 'withdrawn';
}

const exceptionsOf = async (tx: Tx, round: RoundEntity): Promise<LateException[]> =>
  (await tx.query(
    `select a.code as authority, e.until::text, e.reason, e.granted_at as "grantedAt"
     from rounds.late_exception e join registry.authority a on a.id = e.authority_id where e.round_id = $1 order by e.id`,
    [round.id],
  )) as LateException[];
