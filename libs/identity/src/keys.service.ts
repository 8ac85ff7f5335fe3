import { Inject, Injectable } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import { CLOCK, type Clock, isAgencyCode, parseAuthorityCode, Refusal } from '@hub/kernel';
import { Ledger, type KeyLeaf } from '@hub/ledger';
import { CONFIG, DeskStore, type Config, type Tx } from '@hub/platform';
import {
  approvesFor,
  assertGoodAt,
  endOfOverlap,
  keyRoles,
  keyStateAt,
  KID,
  parsePublicJwk,
  parseReason,
  someoneAs,
  verifyKeyProof,
  type KeyState,
  type Member,
} from './domain';
import { SigningKeyEntity } from './signing-key.entity';

/** How far the clock of a proof may be off, and how old it may be. */
const PROOF_SECONDS = 3600;

/** A key and what it is at this moment. */
export type KeyNow = SigningKeyEntity & { readonly state: KeyState };

@Injectable()
export class KeysService {
  constructor(
    private readonly store: DeskStore,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Registers a public key for the caller's organisation, against proof that the caller holds the private one. It
   * verifies nothing until a second person has approved it. Registering the same key again changes nothing.
   * @param organisation  an authority's or an agency's code
   * @param replaces      the key whose place it takes: that one ends some time after this one is approved
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | CODE_MALFORMED | KEY_FOREIGN | KEY_MALFORMED | KEY_PROOF_INVALID |
   *   KEY_TAKEN | KEY_ABSENT, KEY_UNKNOWN, KEY_REVOKED, KEY_RETIRED when the key to replace is not a good one
   */
  async register(
    member: Member | null,
    organisation: string,
    jwkText: string,
    proof: string,
    replaces: string | null = null,
  ): Promise<KeyNow> {
    const approver = someoneAs(member, keyRoles);
    if (!isAgencyCode(organisation)) parseAuthorityCode(organisation);
    if (!approvesFor(approver, organisation)) throw new Refusal('KEY_FOREIGN');
    const jwk = parsePublicJwk(jwkText);
    const now = this.clock.now();
    const { aud, iat } = await verifyKeyProof(proof, jwk, organisation);
    if (aud !== this.config.hubId) throw new Refusal('KEY_PROOF_INVALID', { expected: `aud ${this.config.hubId}` });
    // A proof is made to be used at once; an old one may have been found somewhere.
    if (Math.abs(now.getTime() / 1000 - iat) > PROOF_SECONDS) {
      throw new Refusal('KEY_PROOF_INVALID', { expected: 'a proof signed within the last hour' });
    }
    const thumbprint = await calculateJwkThumbprint(jwk);
    return this.store.as(approver, async (tx) => {
      if (!(await tx.existsBy(SigningKeyEntity, { kid: jwk.kid }))) {
        if (replaces !== null) assertGoodAt(await this.ownKey(tx, replaces), now);
        const row = { kid: jwk.kid, organisation, algorithm: jwk.alg, jwk: { ...jwk }, thumbprint, replaces };
        const made = { ...row, registeredBy: approver.id, registeredAt: now };
        await tx.createQueryBuilder().insert().into(SigningKeyEntity).values(made).orIgnore().execute();
      }
      // Nothing was written where name or bytes are taken; a key of another organisation is not even seen here.
      const known = await tx.findOneBy(SigningKeyEntity, { kid: jwk.kid });
      if (known?.thumbprint !== thumbprint || known.organisation !== organisation || known.replaces !== replaces) {
        throw new Refusal('KEY_TAKEN');
      }
      return this.at(now, known);
    });
  }

  /**
   * Makes a key good: a second person of the same organisation says so. The key that it replaces ends after the overlap.
   * Approving a key that is good already changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | KEY_ABSENT | KEY_REVOKED | KEY_RETIRED | KEY_SELF_APPROVED
   */
  async approve(member: Member | null, kid: string): Promise<KeyNow> {
    const approver = someoneAs(member, keyRoles);
    const now = this.clock.now();
    return this.store.as(approver, async (tx) => {
      const key = await this.ownKey(tx, kid);
      if (keyStateAt(key, now) !== 'pending') {
        assertGoodAt(key, now);
        return this.at(now, key);
      }
      if (key.registeredBy === approver.id) throw new Refusal('KEY_SELF_APPROVED');
      const change = { approvedAt: now, approvedBy: approver.id };
      await tx.update(SigningKeyEntity, { kid }, change);
      const old = key.replaces === null ? null : await this.ownKey(tx, key.replaces);
      const until = endOfOverlap(now);
      // Another successor may have been approved first: the earlier end stays.
      if (old && !old.until) await tx.update(SigningKeyEntity, { kid: old.kid }, { until });
      await this.record(tx, key, now, { event: 'approved' });
      if (old && !old.until) await this.record(tx, old, now, { event: 'replaced', until: until.toISOString() });
      return this.at(now, { ...key, ...change });
    });
  }

  /**
   * Ends a key at once. Revoking it again changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | REQUEST_MALFORMED | KEY_ABSENT
   */
  async revoke(member: Member | null, kid: string, reason: string): Promise<KeyNow> {
    const approver = someoneAs(member, keyRoles);
    const why = parseReason(reason);
    const now = this.clock.now();
    return this.store.as(approver, async (tx) => {
      const key = await this.ownKey(tx, kid);
      if (key.revokedAt) return this.at(now, key);
      const change = { revokedAt: now, revokedBy: approver.id, reason: why };
      await tx.update(SigningKeyEntity, { kid }, change);
      await this.record(tx, key, now, { event: 'revoked' });
      return this.at(now, { ...key, ...change });
    });
  }

  /**
   * Every key that the organisation ever had, newest first.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | KEY_FOREIGN
   */
  async list(member: Member | null, organisation: string): Promise<KeyNow[]> {
    const approver = someoneAs(member, keyRoles);
    if (!approvesFor(approver, organisation)) throw new Refusal('KEY_FOREIGN');
    const now = this.clock.now();
    return this.store.as(approver, async (tx) => {
      const order = { registeredAt: 'DESC', kid: 'ASC' } as const;
      return (await tx.find(SigningKeyEntity, { where: { organisation }, order })).map((key) => this.at(now, key));
    });
  }

  /** A key of the caller's organisation, and nobody else changes it until the commit. @throws Refusal KEY_ABSENT */
  private async ownKey(tx: Tx, kid: string): Promise<SigningKeyEntity> {
    const key = KID.test(kid)
      ? await tx.findOne(SigningKeyEntity, { where: { kid }, lock: { mode: 'pessimistic_write' } })
      : null;
    if (!key) throw new Refusal('KEY_ABSENT');
    return key;
  }

  /** Writes it into the ledger. Call it last: the ledger's lock is held until the commit. */
  private async record(
    tx: Tx,
    { organisation, kid, thumbprint }: SigningKeyEntity,
    now: Date,
    happened: Pick<KeyLeaf, 'event' | 'until'>,
  ): Promise<void> {
    const digest = Buffer.from(thumbprint, 'base64url').toString('hex');
    const about = { v: 1, kind: 'key', hub: this.config.hubId, organisation, kid, digest } as const;
    await this.ledger.append(tx, { ...about, ...happened, at: now.toISOString() });
  }

  private at(now: Date, key: SigningKeyEntity): KeyNow {
    return { ...key, state: keyStateAt(key, now) };
  }
}
