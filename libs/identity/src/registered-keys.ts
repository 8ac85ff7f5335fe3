import type { KeyInLine } from './domain';

/** The key of that name, whatever has become of it; null when this login sees none. */
export async function findRegisteredKey(
  tx: { query(sql: string, values: unknown[]): Promise<unknown> },
  kid: string,
): Promise<KeyInLine | null> {
  const [key] = (await tx.query(
    `select kid, organisation, algorithm as alg, jwk, approved_at as "approvedAt", until, revoked_at as "revokedAt",
       case when replaces is null then kid else (
         with recursive line as (
           select o.kid, o.replaces from identity.signing_key o where o.kid = key.replaces
           union all select o.kid, o.replaces from identity.signing_key o join line l on o.kid = l.replaces)
         select l.kid from line l where l.replaces is null) end as line
     from identity.signing_key key where kid = $1`,
    [kid],
  )) as KeyInLine[];
  return key ?? null;
}
