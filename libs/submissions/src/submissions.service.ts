import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, decideAmong, permitOrThrow, type Agreement, type AgreementRef } from '@hub/agreements';
import { findRegisteredKey, holds, someoneAs, type Member, type Role } from '@hub/identity';
import {
  CLOCK,
  londonDate,
  parseAuthorityCode,
  parsePeriod,
  Refusal,
  sha256,
  type Clock,
  type AuthorityCode,
  type Finding,
  type OfferedAnswer,
  type Period,
} from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import { CONFIG, crashPoint, innerId, publicId, Rate, shareName, type Config, type Tx } from '@hub/platform';
import {
  CATALOGUE,
  datasetOf,
  isAggregated,
  populationOf,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import {
  assertAudience,
  assertFresh,
  limits,
  nationalRanges,
  parseEnvelope,
  periodsRefreshed,
  readHead,
  takesReturn,
  takeSubmissionStep,
  validate,
  verifySignatures,
  type Asked,
  type Envelope,
  type PayloadHead,
  type PrintedRange,
  type RoundTimes,
  type SubmissionState,
  type Validated,
} from './domain';
import { IntakeStore, lockReturn, roundLock } from './intake.store';
import { OwnPastReader } from './own-past';
import { PrintedFigures } from './printed-figures';
import { insertCells, insertRaw, insertReceipt, insertSaid, insertSubmission, signOff, takePlace, waitInPlace, type Place } from './submission-rows'; // prettier-ignore

/** A submission as its authority sees it. */
export interface SubmissionNow {
  readonly id: string;
  readonly state: SubmissionState;
  readonly version: number;
  readonly digest: string;
  /** Null while it waits for its approver, and where it never was complete. */
  readonly receipt: string | null;
  /** Empty too once they are purged: they hold counts. */
  readonly findings: readonly Finding[];
}

interface Stored {
  id: string;
  state: SubmissionState;
  version: number;
  jti: string;
  kids: string[];
  /** null once the envelope is purged, with its salt. */
  salt: Buffer | null;
  payload_digest: Buffer | null;
  envelope_digest: Buffer;
  receipt: string | null;
  findings: Finding[];
}

/** How an envelope stands to what is stored. */
interface Before {
  /** What it already is. */
  readonly known: Stored | null;
  /** What has waited for the signature that it adds. */
  readonly waiting: Stored | null;
  /** The version in use; null where there is none. */
  readonly inUse: number | null;
}

/** What every check before the content has established. */
interface Examined {
  readonly envelope: Envelope;
  readonly kids: readonly string[];
  /** Agencies among the signers. */
  readonly agencies: readonly string[];
  readonly head: PayloadHead;
  readonly period: Period;
}

/** What the content is worth, and where it belongs. */
interface Judged {
  readonly validated: Validated;
  /** Null for an authority's own dataset. */
  readonly roundId: string | null;
  readonly regionId: number;
  /** Of the earlier periods that it may refresh. */
  readonly rounds: ReadonlyMap<string, string>;
  /** Whether an approver's signature is still to come. */
  readonly waits: boolean;
}

const senders: readonly Role[] = ['authority-system'];
/** An approver may send as well what is signed off with it: the deputy too, while that role lasts. */
const signers: readonly Role[] = [...senders, 'authority-approver'];
const checkers: readonly Role[] = ['authority-system', 'authority-analyst', 'authority-approver'];

@Injectable()
export class SubmissionsService {
  constructor(
    private readonly store: IntakeStore,
    private readonly agreements: AgreementsService,
    private readonly ledger: Ledger,
    private readonly keys: RegistryKeys,
    private readonly printed: PrintedFigures,
    private readonly past: OwnPastReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.rate = new Rate(config.submissionsPerMinute, clock);
  }

  private readonly rate: Rate;

  /** @throws Refusal SUBMISSIONS_TOO_MANY, before anything is read: each organisation for which the sender acts takes one */
  private assertNotTooMany(sender: Member, among: readonly Role[]): void {
    const of = new Set(sender.roles.filter(({ role }) => among.includes(role)).map((held) => held.of));
    const seconds = Math.max(0, ...[...of].map((organisation) => this.rate.take(organisation)));
    if (seconds) throw new Refusal('SUBMISSIONS_TOO_MANY', { seconds });
  }

  /**
   * Accepts a signed return, or refuses it and stores nothing. The same return again gives the same receipt. One that needs its
   * approver's signature too waits for it; the envelope with both completes it.
   * @param bytes  the envelope exactly as received
   * @returns the submission, and whether it was there already
   */
  async submit(member: Member | null, bytes: Uint8Array): Promise<{ submission: SubmissionNow; known: boolean }> {
    const sender = someoneAs(member, signers);
    this.assertNotTooMany(sender, signers);
    return this.store.as(sender, async (tx) => {
      const examined = await this.examine(tx, sender, signers, bytes);
      crashPoint('submit.examined');
      const { head, period } = examined;
      // One return of an authority, dataset and period at a time, so that versions and "known already" are true.
      // Those that it refreshes follow, always the later ones first, so that two returns never wait for each other.
      for (const { text } of [period, ...periodsRefreshed(head.body, period)]) {
        await lockReturn(tx, head.authority, head.dataset.code, text);
      }
      crashPoint('submit.locked');
      const { known, waiting, inUse } = await this.known(tx, examined, bytes);
      if (known) return { submission: this.toNow(known), known: true };
      if (!waiting && !holds(sender, senders, head.authority))
        throw new Refusal('NOT_FOR_THIS_ROLE', { expected: senders.join() });
      const judged = await this.judge(tx, examined, inUse);
      const { findings } = judged.validated;
      if (findings.some(({ severity }) => severity === 'error'))
        throw new Refusal('SUBMISSION_INVALID', {}, { findings });
      crashPoint('submit.judged');
      const submission = judged.waits
        ? await this.letWait(tx, sender, bytes, examined, judged)
        : await this.accept(tx, sender, bytes, examined, judged, waiting);
      return { submission, known: waiting !== null };
    });
  }

  /** Every check and every finding of `submit`; stores nothing. */
  async check(member: Member | null, bytes: Uint8Array): Promise<{ accepted: boolean; findings: readonly Finding[] }> {
    const sender = someoneAs(member, checkers);
    this.assertNotTooMany(sender, checkers);
    return this.store.as(sender, async (tx) => {
      const examined = await this.examine(tx, sender, checkers, bytes);
      const { known, inUse } = await this.known(tx, examined, bytes);
      if (known) return { accepted: true, findings: known.findings };
      const { findings } = (await this.judge(tx, examined, inUse)).validated;
      return { accepted: !findings.some(({ severity }) => severity === 'error'), findings };
    });
  }

  /** A submission of the caller's own authority. @throws Refusal SUBMISSION_ABSENT for any other */
  async find(member: Member | null, id: string): Promise<SubmissionNow> {
    const inner = innerId('sub', this.config.hubId, id);
    if (!inner || !member) throw new Refusal('SUBMISSION_ABSENT');
    return this.store.as(member, async (tx) => {
      const [row] = (await tx.query(
        `select ${stored}, (select code from registry.authority a where a.id = submission.authority_id) as authority
         from ${withRaw} where id = $1`,
        [inner],
      )) as (Stored & { authority: string })[];
      // The row policy makes another authority's return absent; this says so again, without it.
      if (!row || !holds(member, checkers, row.authority)) throw new Refusal('SUBMISSION_ABSENT');
      return this.toNow(row);
    });
  }

  /**
   * From the envelope's shape to whose return it is. Nothing of the payload is parsed before its signature holds, and
   * who may ask is settled before anything is compared with what is stored.
   */
  private async examine(tx: Tx, sender: Member, among: readonly Role[], bytes: Uint8Array): Promise<Examined> {
    const envelope = parseEnvelope(bytes, limits);
    assertAudience(envelope, this.config.hubId);
    const keys = await verifySignatures(envelope, (kid) => findRegisteredKey(tx, kid), this.clock.now());
    const head = readHead(envelope.payloadBytes);
    if (!holds(sender, among, head.authority)) throw new Refusal('KEY_FOREIGN');
    const others = keys.map(({ organisation }) => organisation).filter((one) => one !== head.authority);
    // Only an agreement can name an agency for an area; until it is known to, the key is a stranger's.
    if (others.length) {
      const agreement = await this.agreements.find(tx, head.agreement.id, head.agreement.version);
      const named = agreement?.document.parties.find(({ authority }) => authority === head.authority)?.agencies ?? [];
      if (!others.every((agency) => named.includes(agency))) throw new Refusal('KEY_FOREIGN');
    }
    return {
      envelope,
      kids: keys.map(({ kid }) => kid),
      agencies: others,
      head,
      period: parsePeriod(head.period),
    };
  }

  /**
   * The submission that this envelope already is: the same `jti`, or the payload of the current version again. Once that
   * is purged only the very same envelope is known again, by the digest that the receipt holds. One that has waited, with another
   * signature, is not known: it is completed.
   * @throws Refusal SUBMISSION_JTI_REUSED when the `jti` stands for another payload; AGREEMENT_SIGN_OFF_MISSING where a signature
   *   of before is not there; SUBMISSION_STEP_REFUSED where it does not wait any more
   */
  private async known(tx: Tx, { envelope, kids, head, period }: Examined, bytes: Uint8Array): Promise<Before> {
    const rows = (await tx.query(
      `select ${stored} from ${withRaw}
       where submission.authority_id = $1 and (jti = $2 or (dataset = $3 and period = $4 and state = 'accepted'))
       order by (jti = $2) desc`,
      [this.keys.authorityId(head.authority), envelope.jti, head.dataset.code, period.text],
    )) as Stored[];
    const isSame = (row: Stored) =>
      row.salt && row.payload_digest
        ? sha256(row.salt, envelope.payloadBytes).equals(row.payload_digest)
        : sha256(bytes).equals(row.envelope_digest);
    const ofTheName = rows.find(({ jti }) => jti === envelope.jti);
    if (ofTheName && !isSame(ofTheName)) throw new Refusal('SUBMISSION_JTI_REUSED');
    const inUse = rows.find(({ state, jti }) => state === 'accepted' && jti !== envelope.jti);
    const version = inUse?.version ?? null;
    if (ofTheName) {
      // Whatever once had its receipt keeps it.
      const adds = ofTheName.receipt === null && kids.some((kid) => !ofTheName.kids.includes(kid));
      if (!adds) return { known: ofTheName, waiting: null, inUse: version };
      takeSubmissionStep(ofTheName.state, 'signOff');
      if (!ofTheName.kids.every((kid) => kids.includes(kid))) throw new Refusal('AGREEMENT_SIGN_OFF_MISSING');
      return { known: null, waiting: ofTheName, inUse: version };
    }
    return { known: inUse && isSame(inUse) ? inUse : null, waiting: null, inUse: version };
  }

  /**
   * Freshness, agreement, round, content. The findings are a function of this return, the own earlier ones, and what is
   * printed for everybody who may send for the authority.
   * @param inUse  the version whose place the return takes
   */
  private async judge(
    tx: Tx,
    { envelope, kids, agencies, head, period }: Examined,
    inUse: number | null,
  ): Promise<Judged> {
    const now = this.clock.now();
    assertFresh(envelope, now, limits);
    const found = await this.agreements.beside(tx, head.agreement.id, head.agreement.version);
    if (!found) throw new Refusal('AGREEMENT_NOT_IN_FORCE');
    const { named, others } = found;
    const authority = parseAuthorityCode(head.authority);
    const regionId = this.keys.regionId(named.document.regions[0]!);
    const signatures = new Set(kids).size;
    const question = { door: 'accept', authority, dataset: head.dataset, period, signatures, agencies } as const;
    const { signOff: asked } = permitOrThrow(decideAmong(named, others, question, londonDate(now)));
    const own = this.catalogue.datasets.find((one) => one.code === head.dataset.code && !isAggregated(one));
    const roundId = own ? this.ownReturn(own, period, now) : await this.openRound(tx, regionId, head, period, now);
    const dataset = datasetOf(this.catalogue, head.dataset.code, head.dataset.version);
    const children = populationOf(this.registry, authority, period);
    const { rounds, ...past } = await this.past.read(tx, head, period, own ? null : regionId);
    const validated = validate(head.body, dataset, {
      period,
      threshold: named.document.disclosure.threshold,
      ...past,
      ...(own ? {} : { printed: await this.ranges(tx, authority, dataset, period, [named, ...others]) }),
      ...(children === undefined ? {} : { children }),
      ...(inUse === null ? {} : { replaces: inUse }),
    });
    const offered = await this.withOffers(tx, head, period, validated);
    const waits = asked !== undefined;
    return { validated: waits ? withSignOff(offered, asked) : offered, roundId, regionId, rounds, waits };
  }

  /** What is printed of each indicator: of the region first, then of England. */
  private async ranges(
    tx: Tx,
    authority: AuthorityCode,
    dataset: Dataset,
    period: Period,
    agreements: readonly Agreement[],
  ): Promise<Map<string, PrintedRange[]>> {
    const region = await this.printed.ranges(tx, { authority, dataset, period, agreements, roles: checkers });
    const england = nationalRanges(dataset, period.kind);
    return new Map(
      [...new Set([...region.keys(), ...england.keys()])].map((code) => [
        code,
        [region.get(code), england.get(code)].filter((range) => range !== undefined),
      ]),
    );
  }

  /** Each query with what the authority itself has last answered to the same one. */
  private async withOffers(tx: Tx, head: PayloadHead, period: Period, validated: Validated): Promise<Validated> {
    if (!validated.asked.length) return validated;
    const answers = (await tx.query(
      `select distinct on (a.rule, s.key) a.rule, s.key as series, a.answer, a.text, b.period from intake.answer a
         join registry.series s on s.id = a.series_id join intake.submission b on b.id = a.submission_id
       where b.authority_id = $1 and b.dataset = $2 and b.period_kind = $3 and b.period_from <= $4
         and b.state in ('accepted', 'superseded')
       order by a.rule, s.key, b.period_from desc, b.version desc`,
      [this.keys.authorityId(head.authority), head.dataset.code, period.kind, period.from],
    )) as (OfferedAnswer & Pick<Asked, 'rule' | 'series'>)[];
    const findings = validated.findings.map((finding) => {
      const query = validated.asked.find(({ rule, pointer }) => rule === finding.rule && pointer === finding.pointer);
      const last = query && answers.find(({ rule, series }) => rule === query.rule && series === query.series);
      if (finding.severity !== 'query' || !last) return finding;
      return { ...finding, offered: { answer: last.answer, text: last.text, period: last.period } };
    });
    return { ...validated, findings };
  }

  /**
   * The round that takes the return: an open one; one whose check window runs, where the return mends another; or one with an
   * exception for the authority.
   * @throws Refusal ROUND_NOT_OPEN
   */
  private async openRound(tx: Tx, regionId: number, head: PayloadHead, period: Period, now: Date): Promise<string> {
    // A lead may be closing, checking or publishing at this moment: either what is sent now is in, or it is refused.
    await shareName(tx, roundLock(regionId, head.dataset.code, period.text));
    const [round] = (await tx.query(
      `select r.id, r.state, r.opens::text, r.closes::text, r.closed_early_at as "closedEarlyAt", r.check_until::text as "checkUntil",
         r.dataset_version as "datasetVersion", s.round_id is not null as reported,
         (select max(e.until)::text from rounds.late_exception e where e.round_id = r.id and e.authority_id = $4) as until
       from rounds.round r left join rounds.return_state s on s.round_id = r.id and s.authority_id = $4
       where r.region_id = $1 and r.dataset = $2 and r.period = $3`,
      [regionId, head.dataset.code, period.text, this.keys.authorityId(head.authority)],
    )) as (RoundTimes & { id: string; datasetVersion: string; until: string | null; reported: boolean })[];
    if (!round || !takesReturn(round, round, now)) throw new Refusal('ROUND_NOT_OPEN', { period: period.text });
    if (round.datasetVersion !== head.dataset.version) {
      throw new Refusal('ROUND_NOT_OPEN', { expected: `${head.dataset.code} ${round.datasetVersion}` });
    }
    return round.id;
  }

  /** An authority's own dataset has no rounds: it is taken once its period has ended. @throws Refusal ROUND_NOT_OPEN */
  private ownReturn({ frequency }: Dataset, period: Period, now: Date): null {
    if (period.kind !== frequency || period.until > londonDate(now)) {
      throw new Refusal('ROUND_NOT_OPEN', { expected: `a ${frequency} that has ended`, period: period.text });
    }
    return null;
  }

  private async accept(
    tx: Tx,
    sender: Member,
    bytes: Uint8Array,
    { envelope, kids, head, period }: Examined,
    { validated, roundId, regionId, rounds }: Judged,
    waiting: Stored | null,
  ): Promise<SubmissionNow> {
    const now = this.clock.now();
    const authorityId = this.keys.authorityId(head.authority);
    const place: Place = { authorityId, dataset: head.dataset.code, period, roundId, regionId };
    const { findings, cells, said, refreshed } = validated;
    const version = await takePlace(tx, place, cells, now, waiting?.version);
    crashPoint('submit.versioned');
    const digest = sha256(bytes);
    const row = { state: 'accepted', head, kids, digest, receivedBy: sender.id, receivedAt: now } as const;
    const payload = envelope.payloadBytes;
    let id: string;
    if (waiting) {
      ({ id } = waiting);
      await signOff(tx, id, { kids, bytes, findings, by: sender.id, at: now });
    } else {
      id = await insertSubmission(tx, place, { ...row, version, jti: envelope.jti, carriedBy: null });
      await insertRaw(tx, id, authorityId, { bytes, payload, findings, reason: said.reason });
    }
    await insertSaid(tx, this.keys, id, authorityId, validated);
    await insertCells(tx, this.keys, id, authorityId, cells);
    // Each earlier period in which it changes something has a next version too, which it carries.
    const carried: string[] = [];
    for (const earlier of refreshed) {
      const its = { ...place, period: earlier.period, roundId: rounds.get(earlier.period.text)! };
      const next = await takePlace(tx, its, earlier.cells, now);
      const one = await insertSubmission(tx, its, { ...row, version: next, jti: null, carriedBy: id });
      await insertCells(tx, this.keys, one, authorityId, earlier.cells);
      carried.push(one);
    }
    crashPoint('submit.stored');
    // Last, for the ledger's lock is held until the commit.
    const receipt = await this.ledger.append(tx, {
      v: 1,
      kind: 'submission',
      hub: this.config.hubId,
      authority: head.authority,
      dataset: head.dataset,
      period: period.text,
      agreement: head.agreement,
      version,
      envelope: digest.toString('hex'),
      acceptedAt: now.toISOString(),
    });
    for (const one of [id, ...carried]) await insertReceipt(tx, one, authorityId, receipt);
    crashPoint('submit.written');
    return this.toNow({ id, state: 'accepted', version, envelope_digest: digest, receipt, findings });
  }

  /** Keeps what waits for its approver: the envelope and what was found, and no count, until it is complete. */
  private async letWait(
    tx: Tx,
    sender: Member,
    bytes: Uint8Array,
    { envelope, kids, head, period }: Examined,
    { validated: { findings, said }, roundId, regionId }: Judged,
  ): Promise<SubmissionNow> {
    const authorityId = this.keys.authorityId(head.authority);
    const place: Place = { authorityId, dataset: head.dataset.code, period, roundId, regionId };
    const version = await waitInPlace(tx, place);
    const digest = sha256(bytes);
    const row = { state: 'awaitingSignOff', head, kids, digest, receivedBy: sender.id, receivedAt: this.clock.now() } as const; // prettier-ignore
    const id = await insertSubmission(tx, place, { ...row, version, jti: envelope.jti, carriedBy: null });
    await insertRaw(tx, id, authorityId, { bytes, payload: envelope.payloadBytes, findings, reason: said.reason });
    return this.toNow({ id, state: row.state, version, envelope_digest: digest, receipt: null, findings });
  }

  private toNow({
    id,
    state,
    version,
    envelope_digest,
    receipt,
    findings,
  }: Pick<Stored, 'id' | 'state' | 'version' | 'envelope_digest' | 'receipt'> &
    Pick<SubmissionNow, 'findings'>): SubmissionNow {
    return {
      id: publicId('sub', this.config.hubId, id),
      state,
      version,
      digest: envelope_digest.toString('hex'),
      receipt,
      findings: findings.map(inOrder),
    };
  }
}

/** Says that the return waits: the first finding of all, for it is about the whole. */
function withSignOff(validated: Validated, { id, version }: AgreementRef): Validated {
  const waits: Finding = {
    severity: 'note',
    rule: 'sign-off-awaited',
    pointer: '',
    message: 'The return is used nowhere until its approver has signed too.',
    expected: `a second signature over the same payload, for agreement ${id} version ${version}`,
  };
  return { ...validated, findings: [waits, ...validated.findings] };
}

/** The members of a finding in one order: the database keeps its own, and the same return has to be answered alike. */
const inOrder = ({ severity, rule, pointer, message, expected, found, offered }: Finding): Finding => ({
  severity,
  rule,
  pointer,
  message,
  ...(expected === undefined ? {} : { expected }),
  ...(found === undefined ? {} : { found }),
  ...(offered ? { offered: { answer: offered.answer, text: offered.text, period: offered.period } } : {}),
});

const withRaw = 'intake.submission left join intake.raw w on w.submission_id = submission.id';
const stored = `id, state, version, jti, kids, w.salt, w.payload_digest, envelope_digest, coalesce(w.findings, '[]') as findings,
  (select r.receipt from intake.receipt r where r.submission_id = submission.id) as receipt`;
