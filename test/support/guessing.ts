import { canonical, sha256 } from '@hub/kernel';
import { leafHash } from '@hub/ledger/domain';
import { ask } from './database';

/**
 * Everything that the hub keeps, as text, but what only the authority's own side and the worker's store hold: raw counts,
 * envelopes, salts, proofs over the truth. It is more than any reader is shown.
 */
export async function keptInSight(ownerUrl: string): Promise<string[]> {
  const withheld = ['intake.cell.', 'intake.raw.envelope', 'intake.raw.salt', 'intake.raw.findings', 'proof.'];
  const columns = await ask<{ name: string; column: string; table: string }>(
    ownerUrl,
    `select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name, quote_ident(a.attname) as column,
       c.oid::regclass::text as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  const shown = columns.filter(({ name }) => !withheld.some((prefix) => name.startsWith(prefix)));
  const texts = await ask<{ text: string }>(
    ownerUrl,
    shown.map(({ column, table }) => `select distinct ${column}::text as text from ${table}`).join(' union '),
  );
  return texts.flatMap(({ text }) => text ?? []);
}

/** Every 32 bytes that stand in the texts in hex or base64, also inside what is itself so written; lower-case hex. */
export function digestsIn(texts: readonly string[], depth = 3): Set<string> {
  const found = new Set<string>();
  const inner: string[] = [];
  for (const text of texts) {
    const runs = [
      ...[...text.matchAll(/(?<![0-9a-f])(?:[0-9a-f]{2}){32,}(?![0-9a-f])/g)].map(([run]) => Buffer.from(run, 'hex')),
      ...[...text.matchAll(/[A-Za-z0-9+/_-]{43,}/g)].map(([run]) => Buffer.from(run, 'base64')),
    ];
    for (const bytes of runs) {
      if (bytes.length === 32) found.add(bytes.toString('hex'));
      else if (depth > 0) inner.push(bytes.toString('latin1'));
    }
  }
  if (inner.length) for (const digest of digestsIn(inner, depth - 1)) found.add(digest);
  return found;
}

/** What somebody would hash who has guessed something: it as text, as canonical JSON, in base64url, in the forms of a leaf. */
export function hashesOf(guess: unknown): string[] {
  const texts = typeof guess === 'string' ? [guess] : [JSON.stringify(guess), canonical(guess)];
  return texts.flatMap((text) =>
    [text, Buffer.from(text).toString('base64url'), Buffer.from(text).toString('base64')].flatMap((form) => {
      const digest = sha256(form);
      return [digest, leafHash(Buffer.from(form)), sha256(digest), sha256(digest.toString('hex'))].map((hash) =>
        hash.toString('hex'),
      );
    }),
  );
}
