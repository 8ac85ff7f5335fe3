import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyHistory } from './domain';

/** A public key that an organisation signs with. Never deleted: old receipts and agreements need its history. */
@Entity({ schema: 'identity', name: 'signing_key' })
export class SigningKeyEntity implements KeyHistory {
  @PrimaryColumn('text') kid: string;
  @Column('text') organisation: string;
  @Column('text') algorithm: 'EdDSA' | 'ES256';
  @Column('jsonb') jwk: Record<string, string>;
  /** RFC 7638: the same key under another name is the same key. */
  @Column('text') thumbprint: string;
  /** The key of the same organisation whose place it takes once it is approved. */
  @Column('text', { nullable: true }) replaces: string | null;
  @Column('uuid', { name: 'registered_by' }) registeredBy: string;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt: Date;
  @Column('uuid', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt: Date | null;
  @Column('timestamptz', { nullable: true }) until: Date | null;
  @Column('uuid', { name: 'revoked_by', nullable: true }) revokedBy: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('text', { nullable: true }) reason: string | null;
}
