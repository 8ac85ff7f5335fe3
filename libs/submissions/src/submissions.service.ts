import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService } from '@hub/agreements';
import { findRegisteredKey, holds, someone, someoneAs, type Member, type Role } from '@hub/identity';
import { CLOCK, parsePeriod, Refusal, sha256, type Clock, type Finding } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import {
  CONFIG,
  crashPoint,
  crashPointAfter,
  innerId,
  newId,
  publicId,
  Rate,
  type Config,
  type Tx,
} from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import {
  assertAudience,
  isOver,
  limits,
  ownSignatures,
  parseEnvelope,
  periodsRefreshed,
  readHead,
  signedAt,
  takeSubmissionStep,
  verifySignatures,
  type Envelope,
  type SubmissionState,
} from './domain';
import { IntakeStore, lockReturn } from './intake.store';
import {
  checkers,
  ReturnJudge,
  type AgreementsBeside,
  type Examined,
  type Judged,
  type Standing,
} from './return-judge';
import {
  insertCells,
  insertRaw,
  insertReceipt,
  insertSaid,
  insertSubmission,
  signAgain,
  signOff,
  takePlace,
  waitInPlace,
  type Place,
} from './submission-rows';

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
  /** When it was signed, in seconds since 1970; null where it was taken before that was kept. */
  signed: number | null;
}

/** What is said beside each row that is found, and where there is none. */
interface Found {
  next: number;
  /** When the latest return of each period was signed, in seconds since 1970. */
  latest: Record<string, number> | null;
}

/** How an envelope stands to what is stored. */
interface Before extends Standing {
  /** What it already is. */
  readonly known: Stored | null;
  /** What has waited for the signature that it adds. */
  readonly waiting: Stored | null;
  /** The next number that is free. */
  readonly next: number;
  readonly agreements: AgreementsBeside | null;
}

const senders: readonly Role[] = ['authority-system'];
/** An approver may send as well what is signed off with it: the deputy too, while that role lasts. */
const signers: readonly Role[] = [...senders, 'authority-approver'];
/** NOT_FOR_THIS_ROLE, saying who sends what. */
const notTheirs = () =>
  new Refusal('NOT_FOR_THIS_ROLE', {
    expected: `${senders.join(' or ')}; an authority-approver sends only what waits for its signature`,
  });

@Injectable()
export class SubmissionsService {
  constructor(
    private readonly store: IntakeStore,
    private readonly agreements: AgreementsService,
    private readonly ledger: Ledger,
    private readonly keys: RegistryKeys,
    private readonly judge: ReturnJudge,
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
    const sender = someone(member);
    if (!sender.roles.some(({ role }) => signers.includes(role))) throw notTheirs();
    this.assertNotTooMany(sender, signers);
    return this.store.as(sender, async (tx) => {
      const examined = await this.examine(tx, sender, signers, bytes);
      crashPoint('submit.examined');
      const { head, period } = examined;
      // One return of an authority, dataset and period at a time, so that versions and "known already" are true.
      // Those that it refreshes follow, always the later ones first, so that two returns never wait for each other.
      const locks = [period, ...periodsRefreshed(head.body, period)].map(({ text }) =>
        lockReturn(tx, head.authority, head.dataset.code, text),
      );
      // Looked up when the locks are held, for it is asked after them.
      const [before] = await Promise.all([this.before(tx, examined, bytes), ...locks]);
      crashPoint('submit.locked');
      const { known, waiting } = before;
      if (known) {
        const again = signedAtMost(examined.envelope, this.clock.now());
        if (again.getTime() > (known.signed ?? 0) * 1000) await signAgain(tx, known.id, again);
        return { submission: this.toNow(foundAgain(known, examined.envelope, before.inUse)), known: true };
      }
      if (!waiting && !holds(sender, senders, head.authority)) throw notTheirs();
      const judged = await this.judge.judge(tx, examined, before.agreements, before);
      const { findings } = judged.validated;
      if (findings.some(({ severity }) => severity === 'error'))
        throw new Refusal('SUBMISSION_INVALID', {}, { findings });
      // What another key has added does not count for it.
      if (waiting && judged.waits) throw new Refusal('AGREEMENT_SIGN_OFF_MISSING');
      crashPoint('submit.judged');
      const submission = judged.waits
        ? await this.letWait(tx, sender, bytes, examined, judged, before.next)
        : await this.accept(tx, sender, bytes, examined, judged, before);
      return { submission, known: waiting !== null };
    });
  }

  /** Every check and every finding of `submit`; stores nothing. */
  async check(member: Member | null, bytes: Uint8Array): Promise<{ accepted: boolean; findings: readonly Finding[] }> {
    const sender = someoneAs(member, checkers);
    this.assertNotTooMany(sender, checkers);
    return this.store.as(sender, async (tx) => {
      const examined = await this.examine(tx, sender, checkers, bytes);
      const before = await this.before(tx, examined, bytes);
      const { known, agreements } = before;
      if (known) return { accepted: true, findings: foundAgain(known, examined.envelope, before.inUse).findings };
      const { findings } = (await this.judge.judge(tx, examined, agreements, before)).validated;
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
      signatures: ownSignatures(keys, head.authority),
      agencies: others,
      head,
      period: parsePeriod(head.period),
    };
  }

  /** What the envelope finds here: see `knownAs`; and the agreements by which it is judged. */
  private async before(tx: Tx, examined: Examined, bytes: Uint8Array): Promise<Before> {
    const { envelope, head, period } = examined;
    const periods = [period, ...periodsRefreshed(head.body, period)].map(({ text }) => text);
    const [rows, agreements] = await Promise.all([
      // Of one period's signatures the latest is last, and stands.
      tx.query(
        `select v.next, v.latest, s.* from (
           select coalesce(max(version) filter (where period = $4), 0) + 1 as next,
             jsonb_object_agg(period, extract(epoch from signed_at) order by signed_at)
               filter (where signed_at is not null and jti is distinct from $2) as latest
           from intake.submission where authority_id = $1 and dataset = $3 and period = any($5)
         ) v left join (
           select ${stored} from ${withRaw}
           where submission.authority_id = $1 and (jti = $2 or (dataset = $3 and period = $4 and state = 'accepted'))
         ) s on true order by (s.jti = $2) desc`,
        [this.keys.authorityId(head.authority), envelope.jti, head.dataset.code, period.text, periods],
      ) as Promise<[Found & { id: null }, ...(Stored & Found)[]]>,
      this.agreements.beside(tx, head.agreement.id, head.agreement.version),
    ]);
    const { next, latest } = rows[0];
    return {
      ...this.knownAs(
        rows.filter((row) => row.id !== null),
        examined,
        bytes,
      ),
      next,
      latest: new Map(Object.entries(latest ?? {})),
      agreements,
    };
  }

  /**
   * The submission that this envelope already is: the same `jti`, or the payload of the current version again. Once that
   * is purged only the very same envelope is known again, by the digest that the receipt holds. One that has waited, with another
   * signature, is not known: it is completed.
   * @throws Refusal SUBMISSION_JTI_REUSED when the `jti` stands for another payload; AGREEMENT_SIGN_OFF_MISSING where a signature
   *   of before is not there; SUBMISSION_STEP_REFUSED where it does not wait any more, also once what waited is purged
   */
  private knownAs(
    rows: readonly Stored[],
    { envelope, kids }: Examined,
    bytes: Uint8Array,
  ): Pick<Before, 'known' | 'waiting' | 'inUse'> {
    const isSame = (row: Stored) =>
      row.salt && row.payload_digest
        ? sha256(row.salt, envelope.payloadBytes).equals(row.payload_digest)
        : sha256(bytes).equals(row.envelope_digest);
    const ofTheName = rows.find(({ jti }) => jti === envelope.jti);
    if (ofTheName && !isSame(ofTheName)) {
      // What waited is purged: whether this would complete it cannot be told, but nothing does any more.
      if (!ofTheName.salt && ofTheName.receipt === null) takeSubmissionStep(ofTheName.state, 'signOff');
      throw new Refusal('SUBMISSION_JTI_REUSED');
    }
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

  private async accept(
    tx: Tx,
    sender: Member,
    bytes: Uint8Array,
    { envelope, kids, head, period }: Examined,
    { validated, roundId, regionId, rounds }: Judged,
    { waiting, next }: Before,
  ): Promise<SubmissionNow> {
    const now = this.clock.now();
    const authorityId = this.keys.authorityId(head.authority);
    const place: Place = { authorityId, dataset: head.dataset.code, period, roundId, regionId };
    const { findings, cells, said, refreshed } = validated;
    const version = waiting?.version ?? next;
    const digest = sha256(bytes);
    const row = { state: 'accepted', head, kids, digest, ...arrived(sender, envelope, now) } as const;
    const payload = envelope.payloadBytes;
    // All of it goes to the database together, and is done there in this order.
    const id = waiting?.id ?? newId();
    const written: Promise<unknown>[] = [
      crashPointAfter(takePlace(tx, place, cells, now, version), 'submit.versioned'),
      ...(waiting
        ? signOff(tx, id, { kids, bytes, findings, by: sender.id, at: now })
        : [
            insertSubmission(tx, id, place, { ...row, version, jti: envelope.jti, carriedBy: null }),
            insertRaw(tx, id, authorityId, { bytes, payload, findings, reason: said.reason }),
          ]),
      ...insertSaid(tx, this.keys, id, authorityId, validated),
      insertCells(tx, this.keys, id, authorityId, cells),
    ];
    // Each earlier period in which it changes something has a next version too, which it carries.
    const carried: string[] = [];
    for (const earlier of refreshed) {
      const its = { ...place, period: earlier.period, roundId: rounds.get(earlier.period.text)! };
      const nextOfIt = await takePlace(tx, its, earlier.cells, now);
      const one = newId();
      written.push(
        insertSubmission(tx, one, its, { ...row, version: nextOfIt, jti: null, carriedBy: id }),
        insertCells(tx, this.keys, one, authorityId, earlier.cells),
      );
      carried.push(one);
    }
    const stored = crashPointAfter(Promise.all(written), 'submit.stored');
    // Last, for the ledger's lock is held until the commit; the receipts go with the entry.
    const appended = this.ledger.append(
      tx,
      {
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
      },
      (receipt) => [id, ...carried].forEach((one) => void insertReceipt(tx, one, authorityId, receipt)),
    );
    const [receipt] = await Promise.all([appended, stored]);
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
    version: number,
  ): Promise<SubmissionNow> {
    const authorityId = this.keys.authorityId(head.authority);
    const place: Place = { authorityId, dataset: head.dataset.code, period, roundId, regionId };
    const digest = sha256(bytes);
    const row = {
      state: 'awaitingSignOff',
      head,
      kids,
      digest,
      ...arrived(sender, envelope, this.clock.now()),
    } as const;
    const id = newId();
    await Promise.all([
      waitInPlace(tx, place),
      insertSubmission(tx, id, place, { ...row, version, jti: envelope.jti, carriedBy: null }),
      insertRaw(tx, id, authorityId, { bytes, payload: envelope.payloadBytes, findings, reason: said.reason }),
    ]);
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

/**
 * What is known already; where it came in another envelope, with a note that names the one to which its receipt belongs, and where
 * it is not in use and nothing else is, with one that says so.
 */
function foundAgain(known: Stored, { digest }: Envelope, inUse: number | null): Stored {
  const first = known.envelope_digest.toString('hex');
  const { state, version } = known;
  const notes: Omit<Finding, 'severity' | 'pointer'>[] = [];
  if (first !== digest)
    notes.push({
      rule: 'known-already',
      message: 'The hub has this return already, in another envelope: digest and receipt are of that one. Keep it.',
      expected: `the envelope with the SHA-256 ${first}`,
    });
  if (inUse === null && isOver(state))
    notes.push({
      rule: 'nothing-in-use',
      message: `The hub took this return as version ${version}, which is ${state}, and no other is in use: for this period nothing has been sent now.`,
      expected: 'the return signed anew, where it is meant: hub submission sign, then hub submission send',
    });
  const told = notes.map((note): Finding => ({ severity: 'note', pointer: '', ...note }));
  return { ...known, findings: [...told, ...known.findings] };
}

/** When a return was signed. One whose signer’s clock is ahead was signed when it came: what is signed after it is newer. */
const signedAtMost = (envelope: Envelope, now: Date): Date =>
  new Date(Math.min(signedAt(envelope), Math.floor(now.getTime() / 1000)) * 1000);

/** Who brought a return, and when. */
const arrived = (sender: Member, envelope: Envelope, now: Date) => ({
  receivedBy: sender.id,
  receivedAt: now,
  signedAt: signedAtMost(envelope, now),
});

const withRaw = 'intake.submission left join intake.raw w on w.submission_id = submission.id';
const stored = `id, state, version, jti, kids, w.salt, w.payload_digest, envelope_digest, coalesce(w.findings, '[]') as findings,
  extract(epoch from signed_at)::float8 as signed,
  (select r.receipt from intake.receipt r where r.submission_id = submission.id) as receipt`;
