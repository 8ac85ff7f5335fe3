import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A public key that an organisation signs with. Never deleted: old receipts need its history. */
@Entity({ schema: 'identity', name: 'signing_key' })
export class SigningKeyEntity {
  @PrimaryColumn('text') kid: string;
  @Column('text') organisation: string;
  @Column('text') algorithm: 'EdDSA' | 'ES256';
  @Column('jsonb') jwk: Record<string, string>;
  /** RFC 7638: the same key under another name is the same key. */
  @Column('text') thumbprint: string;
  @Column('text') state: 'pending' | 'active' | 'revoked';
  @Column('uuid', { name: 'registered_by' }) registeredBy: string;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('uuid', { name: 'revoked_by', nullable: true }) revokedBy: string | null;
  @Column('text', { nullable: true }) reason: string | null;
}
