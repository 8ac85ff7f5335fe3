import type { RegisteredKey } from './domain';

/** The key of that name, whatever has become of it; null when this login sees none. */
export async function findRegisteredKey(
  tx: { query(sql: string, values: unknown[]): Promise<unknown> },
  kid: string,
): Promise<RegisteredKey | null> {
  const [key] = (await tx.query(
    `select kid, organisation, algorithm as alg, jwk, approved_at as "approvedAt", until, revoked_at as "revokedAt"
     from identity.signing_key where kid = $1`,
    [kid],
  )) as RegisteredKey[];
  return key ?? null;
}
