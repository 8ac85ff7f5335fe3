import { Inject, Injectable } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import { CLOCK, type Clock, parseAuthorityCode, Refusal } from '@hub/kernel';
import { CONFIG, DeskStore, type Config } from '@hub/platform';
import { holds, parsePublicJwk, someoneAs, verifyKeyProof, type Member } from './domain';
import { SigningKeyEntity } from './signing-key.entity';

const among = ['authority-approver'] as const;
/** How far the clock of a proof may be off, and how old it may be. */
const PROOF_SECONDS = 3600;

@Injectable()
export class KeysService {
  constructor(
    private readonly store: DeskStore,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Registers a public key for the caller's authority, against proof that the caller holds the private one. Registering
   * the same key again changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | KEY_FOREIGN | KEY_MALFORMED | KEY_PROOF_INVALID | KEY_TAKEN
   */
  async register(member: Member | null, authority: string, jwkText: string, proof: string): Promise<SigningKeyEntity> {
    const approver = someoneAs(member, among);
    const code = parseAuthorityCode(authority);
    if (!holds(approver, among, code)) throw new Refusal('KEY_FOREIGN');
    const jwk = parsePublicJwk(jwkText);
    const { aud, iat } = await verifyKeyProof(proof, jwk, code);
    if (aud !== this.config.hubId) throw new Refusal('KEY_PROOF_INVALID', { expected: `aud ${this.config.hubId}` });
    // A proof is made to be used at once; an old one may have been found somewhere.
    if (Math.abs(this.clock.now().getTime() / 1000 - iat) > PROOF_SECONDS) {
      throw new Refusal('KEY_PROOF_INVALID', { expected: 'a proof signed within the last hour' });
    }
    const thumbprint = await calculateJwkThumbprint(jwk);
    return this.store.as(approver, async (tx) => {
      const known = await tx.findOne(SigningKeyEntity, { where: { kid: jwk.kid } });
      if (known) {
        if (known.thumbprint !== thumbprint || known.organisation !== code) throw new Refusal('KEY_TAKEN');
        return known;
      }
      const row = tx.create(SigningKeyEntity, {
        kid: jwk.kid,
        organisation: code,
        algorithm: jwk.alg,
        jwk: { ...jwk },
        thumbprint,
        // The second person's approval comes with the agreements issue; until then a key works at once.
        state: 'active',
        registeredBy: approver.id,
        registeredAt: this.clock.now(),
      });
      // A key of another organisation is not visible here; the unique constraints see it all the same.
      await tx.insert(SigningKeyEntity, row).catch((error: { driverError?: { code?: string } }) => {
        if (error.driverError?.code === '23505') throw new Refusal('KEY_TAKEN');
        throw error;
      });
      return row;
    });
  }

  /** Confirms a key of the caller's authority: until keys have their full life it works at once, so this only reads it. */
  async approve(member: Member | null, kid: string): Promise<SigningKeyEntity> {
    const approver = someoneAs(member, among);
    return this.store.as(approver, async (tx) => {
      const row = await tx.findOne(SigningKeyEntity, { where: { kid } });
      if (!row) throw new Refusal('KEY_ABSENT');
      if (row.state === 'revoked') throw new Refusal('KEY_REVOKED');
      return row;
    });
  }

  /** Ends a key at once. Revoking it again changes nothing. */
  async revoke(member: Member | null, kid: string, reason: string): Promise<SigningKeyEntity> {
    const approver = someoneAs(member, among);
    return this.store.as(approver, async (tx) => {
      const row = await tx.findOne(SigningKeyEntity, { where: { kid }, lock: { mode: 'pessimistic_write' } });
      if (!row) throw new Refusal('KEY_ABSENT');
      if (row.state === 'revoked') return row;
      const change = { state: 'revoked' as const, revokedAt: this.clock.now(), revokedBy: approver.id, reason };
      await tx.update(SigningKeyEntity, { kid }, change);
      return { ...row, ...change };
    });
  }
}
