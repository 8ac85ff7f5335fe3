import { Inject, Injectable } from '@nestjs/common';
import {
  approvesFor,
  findRegisteredKey,
  holds,
  parseReason,
  readingRoles,
  someoneAs,
  type Member,
  type RegisteredKey,
} from '@hub/identity';
import {
  canonical,
  CLOCK,
  londonDate,
  NotStrictJson,
  parseStrictJson,
  Refusal,
  sha256,
  type AuthorityCode,
  type Clock,
} from '@hub/kernel';
import { Ledger, type AgreementEvent } from '@hub/ledger';
import { CONFIG, DeskStore, type Config, type Tx } from '@hub/platform';
import { AgreementsService } from './agreements.service';
import {
  agreementDigestInput,
  asOf,
  hasPart,
  isInForce,
  misplacedAt,
  parseAgreement,
  propose,
  sign,
  take,
  verifyAgreementSignature,
  verifyWithdrawal,
  widensAt,
  withdraw,
  type Agreement,
  type AgreementDocument,
} from './domain';

const leads = ['regional-lead'] as const;
const approvers = ['authority-approver'] as const;
/** Deeper than the form goes: what lies deeper is no agreement. */
const DEPTH = 8;

/** Which agreement a step is about. */
export interface Asked {
  readonly id: string;
  readonly version: number;
}

/**
 * The steps of an agreement's life. Each runs under a lock of its row, so that two at once are one after the other; what
 * all parties have signed is written into the ledger in the same transaction.
 */
@Injectable()
export class AgreementDesk {
  constructor(
    private readonly store: DeskStore,
    private readonly agreements: AgreementsService,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Lays down a document that nobody has been asked to sign yet. The same document again is the same draft.
   * @param text  the document as JSON; only its RFC 8785 form counts
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE; AGREEMENT_MALFORMED | AGREEMENT_UNSUPPRESSED; REGION_ABSENT where
   *   the first region is not the lead's; AGREEMENT_VERSION_TAKEN | AGREEMENT_PARTY_FOREIGN | AGREEMENT_ONE_SIDED |
   *   AGREEMENT_WIDENS; AGREEMENT_ABSENT where there is no such parent
   */
  async draft(member: Member | null, text: string): Promise<Agreement> {
    const lead = someoneAs(member, leads);
    const document = parseAgreement(strictJson(text));
    const home = document.regions[0]!;
    const isServed = this.config.regions === null || this.config.regions.includes(home);
    if (!isServed || !readingRoles(lead, home).length) {
      throw new Refusal('REGION_ABSENT', {}, { pointer: '/regions/0' });
    }
    if (!holds(lead, leads, home)) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: `regional-lead of ${home}` });
    return this.store.as(lead, async (tx) => {
      const known = await this.sameAs(tx, document);
      if (known) return known;
      const [{ newest }] = (await tx.query('select agreements.newest_version($1) as newest', [document.id])) as [
        { newest: number },
      ];
      if (document.version <= newest) throw new Refusal('AGREEMENT_VERSION_TAKEN');
      if (document.version > newest + 1) {
        throw new Refusal('AGREEMENT_MALFORMED', { expected: `version ${newest + 1}` }, { pointer: '/version' });
      }
      await this.assertPlaced(tx, document);
      await this.assertNarrows(tx, document);
      const canonicalText = agreementDigestInput(document);
      const inserted = (await tx.query(
        `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at)
         select $1, $2, id, 'draft', daterange($4::date, $5::date), $6, $7, $8 from registry.region where code = $3
         on conflict do nothing returning version`,
        [
          document.id,
          document.version,
          home,
          document.effective.from,
          document.effective.until,
          canonicalText,
          sha256(canonicalText),
          this.clock.now(),
        ],
      )) as unknown[];
      if (!inserted.length) {
        // Somebody else was faster, or the name is at home in another region.
        const other = await this.sameAs(tx, document);
        if (other) return other;
        throw new Refusal('AGREEMENT_VERSION_TAKEN');
      }
      await tx.query(
        `insert into agreements.scope (agreement_id, agreement_version, region_id)
         select $1, $2, id from registry.region where code = any($3)`,
        [document.id, document.version, document.regions],
      );
      await tx.query(
        `insert into agreements.party (agreement_id, agreement_version, region_id, authority_id, status)
         select $1, $2, r.id, a.id, 'invited' from registry.region r, registry.authority a
         where r.code = $3 and a.code = any($4)`,
        [document.id, document.version, home, document.parties.map(({ authority }) => authority)],
      );
      return (await this.agreements.find(tx, document.id, document.version))!;
    });
  }

  /** Opens a draft for signature. @throws Refusal AGREEMENT_ABSENT | NOT_FOR_THIS_ROLE | AGREEMENT_STEP_REFUSED */
  async propose(member: Member | null, asked: Asked): Promise<Agreement> {
    return this.asLead(member, asked, null, propose);
  }

  /** Stops an agreement in force until it is resumed. @throws Refusal as `propose`; REQUEST_MALFORMED for the reason */
  async suspend(member: Member | null, asked: Asked, reason: string): Promise<Agreement> {
    return this.asLead(member, asked, { event: 'suspended', reason }, (agreement) => take(agreement, 'suspend'));
  }

  /** @throws Refusal as `suspend` */
  async resume(member: Member | null, asked: Asked, reason: string): Promise<Agreement> {
    return this.asLead(member, asked, { event: 'resumed', reason }, (agreement) => take(agreement, 'resume'));
  }

  /** Ends an agreement, or a draft of one, for good. @throws Refusal as `suspend` */
  async terminate(member: Member | null, asked: Asked, reason: string): Promise<Agreement> {
    return this.asLead(member, asked, { event: 'terminated', reason }, (agreement) => take(agreement, 'terminate'));
  }

  /**
   * Adds the signature of the caller's authority; the last one brings the agreement into force. Signing twice changes
   * nothing.
   * @param signature  what `signAgreementDocument` makes
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE; AGREEMENT_ABSENT; AGREEMENT_SIGNATURE_MALFORMED |
   *   KEY_UNKNOWN | KEY_REVOKED | KEY_RETIRED | SIGNATURE_INVALID; KEY_FOREIGN where the key is not of an authority that
   *   the caller signs for; AGREEMENT_NOT_A_PARTY; AGREEMENT_NOT_PROPOSED; AGREEMENT_STEP_REFUSED after withdrawal
   */
  async sign(member: Member | null, asked: Asked, signature: string): Promise<Agreement> {
    const approver = someoneAs(member, approvers);
    return this.store.as(approver, async (tx) => {
      const { document } = await this.seen(tx, approver, asked);
      const now = this.clock.now();
      const { authority, kid } = await verifyAgreementSignature(document, signature, keyOf(tx), now);
      if (!approvesFor(approver, authority)) throw new Refusal('KEY_FOREIGN');
      const before = await this.locked(tx, asked);
      const after = sign(before, authority, londonDate(now), kid);
      if (after === before) return before;
      await tx.query(
        `update agreements.party set status = 'signed', signature = $4, kid = $5
         where agreement_id = $1 and agreement_version = $2
           and authority_id = (select id from registry.authority where code = $3)`,
        [asked.id, asked.version, authority, signature, kid],
      );
      if (after.state !== before.state) {
        await tx.query(
          'update agreements.agreement set state = $3, concluded_at = $4, changed_at = $4 where id = $1 and version = $2',
          [asked.id, asked.version, after.state, now],
        );
        await this.record(tx, document, 'concluded', now);
      }
      return after;
    });
  }

  /**
   * Takes one of the caller's authorities out from a civil date on. The same notice again changes nothing.
   * @param from    the first day on which it is no longer a party
   * @param notice  what `signWithdrawal` makes
   * @throws Refusal as `sign`; AGREEMENT_NOTICE_TOO_SHORT; AGREEMENT_STEP_REFUSED
   */
  async withdraw(
    member: Member | null,
    asked: Asked & { readonly authority: string; readonly from: string },
    notice: string,
  ): Promise<Agreement> {
    const approver = someoneAs(member, approvers);
    return this.store.as(approver, async (tx) => {
      const { document } = await this.seen(tx, approver, asked);
      if (!approvesFor(approver, asked.authority)) throw new Refusal('KEY_FOREIGN');
      const now = this.clock.now();
      const { authority } = await verifyWithdrawal(document, asked.from, notice, keyOf(tx), now);
      if (authority !== asked.authority) throw new Refusal('KEY_FOREIGN');
      const before = await this.locked(tx, asked);
      const after = withdraw(before, authority, asked.from, londonDate(now));
      if (after === before) return before;
      await tx.query(
        `update agreements.party set status = 'withdrawn', withdrawn_from = $4, notice = $5
         where agreement_id = $1 and agreement_version = $2
           and authority_id = (select id from registry.authority where code = $3)`,
        [asked.id, asked.version, authority, asked.from, notice],
      );
      if (before.state !== 'proposed') await this.record(tx, document, 'withdrawn', now, { authority, notice });
      return after;
    });
  }

  /** A step by a lead of the agreement's home region. */
  private async asLead(
    member: Member | null,
    asked: Asked,
    why: { readonly event: AgreementEvent; readonly reason: string } | null,
    step: (agreement: Agreement) => Agreement,
  ): Promise<Agreement> {
    const lead = someoneAs(member, leads);
    const reason = why && parseReason(why.reason);
    return this.store.as(lead, async (tx) => {
      const { document } = await this.seen(tx, lead, asked);
      const home = document.regions[0]!;
      if (!holds(lead, leads, home)) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: `regional-lead of ${home}` });
      const now = this.clock.now();
      const before = await this.locked(tx, asked);
      const after = step(before);
      const endedOn = after.state === 'terminated' ? londonDate(now) : null;
      await tx.query(
        `update agreements.agreement set state = $3, ended_on = $4, reason = coalesce($5, reason), changed_at = $6
         where id = $1 and version = $2`,
        [asked.id, asked.version, after.state, endedOn, reason, now],
      );
      const wasConcluded = before.state === 'inForce' || before.state === 'suspended';
      if (why && wasConcluded) await this.record(tx, document, why.event, now);
      return endedOn === null ? after : { ...after, endedOn };
    });
  }

  /** The agreement, when the caller has a part in it: row policies say so, and the code says so again. */
  private async seen(tx: Tx, member: Member, { id, version }: Asked): Promise<Agreement> {
    const agreement = await this.agreements.find(tx, id, version);
    if (!agreement || !hasPart(member, agreement.document)) throw new Refusal('AGREEMENT_ABSENT');
    return agreement;
  }

  /** The agreement as it stands today, locked until the transaction ends. */
  private async locked(tx: Tx, { id, version }: Asked): Promise<Agreement> {
    const rows = (await tx.query('select version from agreements.agreement where id = $1 and version = $2 for update', [
      id,
      version,
    ])) as unknown[];
    // Row policies let only those who lead its home or sign for a party lock it; for others there is no such row.
    if (!rows.length) throw new Refusal('AGREEMENT_NOT_A_PARTY');
    return asOf((await this.agreements.find(tx, id, version))!, londonDate(this.clock.now()));
  }

  /** This very document, if it is there. @throws Refusal AGREEMENT_VERSION_TAKEN when other words are */
  private async sameAs(tx: Tx, document: AgreementDocument): Promise<Agreement | null> {
    const known = await this.agreements.find(tx, document.id, document.version);
    if (known && canonical(known.document) !== canonical(document)) throw new Refusal('AGREEMENT_VERSION_TAKEN');
    return known;
  }

  /** @throws Refusal AGREEMENT_PARTY_FOREIGN | AGREEMENT_ONE_SIDED, by what the registry knows today or within its dates */
  private async assertPlaced(tx: Tx, document: AgreementDocument): Promise<void> {
    const organisations = [...document.regions, ...document.audience.map(({ of }) => of)];
    const rows = (await tx.query(
      `with place as (
         select g.code as of, m.authority_id, m.valid from registry.region g
           join registry.region_authority m on m.region_id = g.id where g.code = any($1)
         union all
         select o.organisation, o.authority_id, o.valid from registry.organisation_area o where o.organisation = any($1)
       )
       select p.of, a.code as authority from place p join registry.authority a on a.id = p.authority_id
       where p.valid && daterange($2::date, $3::date) or p.valid @> $4::date`,
      [organisations, document.effective.from, document.effective.until, londonDate(this.clock.now())],
    )) as { of: string; authority: string }[];
    const misplaced = misplacedAt(document, {
      authoritiesOf: (organisation) => rows.filter(({ of }) => of === organisation).map(({ authority }) => authority),
    });
    if (misplaced) throw new Refusal(misplaced.code, {}, { pointer: misplaced.pointer });
  }

  /** @throws Refusal AGREEMENT_ABSENT | AGREEMENT_MALFORMED | AGREEMENT_WIDENS */
  private async assertNarrows(tx: Tx, document: AgreementDocument): Promise<void> {
    if (document.parent === undefined) return;
    const today = londonDate(this.clock.now());
    const versions = await this.agreements.versions(tx, document.parent);
    const parent = (versions.filter((one) => isInForce(one, today)).at(-1) ?? versions.at(-1))?.document;
    if (!parent) throw new Refusal('AGREEMENT_ABSENT', {}, { pointer: '/parent' });
    if (parent.parent !== undefined) {
      throw new Refusal(
        'AGREEMENT_MALFORMED',
        { expected: 'an agreement that stands under no other' },
        { pointer: '/parent' },
      );
    }
    const pointer = widensAt(document, parent);
    if (pointer !== undefined) {
      throw new Refusal('AGREEMENT_WIDENS', { agreement: parent.id, version: parent.version }, { pointer });
    }
  }

  /** Writes it into the ledger. Call it last: the ledger's lock is held until the commit. */
  private async record(
    tx: Tx,
    document: AgreementDocument,
    event: AgreementEvent,
    now: Date,
    withdrawal?: { readonly authority: AuthorityCode; readonly notice: string },
  ): Promise<void> {
    await this.ledger.append(tx, {
      v: 1,
      kind: 'agreement',
      hub: this.config.hubId,
      agreement: { id: document.id, version: document.version },
      event,
      ...(withdrawal ? { authority: withdrawal.authority } : {}),
      digest: sha256(withdrawal?.notice ?? agreementDigestInput(document)).toString('hex'),
      at: now.toISOString(),
    });
  }
}

/** The key of that name. @throws Refusal KEY_FOREIGN for one of an organisation that the caller does not sign for */
const keyOf =
  (tx: Tx) =>
  async (kid: string): Promise<RegisteredKey | null> => {
    const key = await findRegisteredKey(tx, kid);
    if (key) return key;
    const [{ owner }] = (await tx.query('select agreements.owner_of_key($1) as owner', [kid])) as [
      { owner: string | null },
    ];
    if (owner !== null) throw new Refusal('KEY_FOREIGN');
    return null;
  };

function strictJson(text: string): unknown {
  try {
    return parseStrictJson(text, DEPTH);
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error;
    throw new Refusal('AGREEMENT_MALFORMED', { expected: 'strict JSON' }, { pointer: '' });
  }
}
