import { Client } from 'pg';
import { asSuperuser } from './database';

/**
 * Every place of a database in which one of the marks occurs: every column of every table, and the planner's samples,
 * cast to text. What lies in bytes, in base64 (also inside bytes) or in hex is looked into too, three layers deep.
 * @param marks  decimal numbers, words, or bytes
 * @returns for each mark that was found `schema.table.column`, or `samples of schema.table`, in order
 */
export async function searchEverywhere(
  ownerUrl: string,
  marks: Readonly<Record<string, string | Uint8Array>>,
): Promise<Record<string, string[]>> {
  const client = new Client({ connectionString: asSuperuser(ownerUrl) });
  await client.connect();
  const found: Record<string, Set<string>> = {};
  try {
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
      `select c.oid::regclass::text as table, quote_ident(a.attname) as column, format_type(a.atttypid, null) as type
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind in ('r', 'p', 'm') and (c.relname = 'pg_statistic' or c.relnamespace::regnamespace::text
         not in ('pg_catalog', 'information_schema', 'pg_toast'))`,
    );
    for (const { table, column, type } of columns) {
      const asText = type === 'bytea' ? `encode(${column}, 'hex')` : `${column}::text`;
      const origin = table === 'pg_statistic' ? `'samples of ' || starelid::regclass` : `'${table}.${column}'`;
      const { rows } = await client.query<{ text: string; place: string }>(
        `select distinct ${asText} as text, ${origin} as place from ${table} where ${column} is not null`,
      );
      for (const { text, place } of rows) {
        for (const layer of layersOf(type === 'bytea' ? Buffer.from(text, 'hex').toString('latin1') : text)) {
          for (const [name, mark] of Object.entries(marks)) {
            if (holds(layer, mark)) (found[name] ??= new Set()).add(place);
          }
        }
      }
    }
  } finally {
    await client.end();
  }
  return Object.fromEntries(Object.entries(found).map(([name, places]) => [name, [...places].sort()]));
}

/** A number is found as a whole one; words and bytes anywhere. */
function holds(text: string, mark: string | Uint8Array): boolean {
  if (typeof mark !== 'string') return text.includes(Buffer.from(mark).toString('latin1'));
  return /^\d+$/.test(mark) ? new RegExp(`(?<!\\d)${mark}(?!\\d)`).test(text) : text.includes(mark);
}

/** The text, and what the runs of base64 and hex in it stand for. */
function layersOf(text: string, depth = 3): string[] {
  if (depth === 0) return [text];
  const runs = [
    ...[...text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)].map(([run]) => Buffer.from(run, 'base64')),
    ...[...text.matchAll(/(?:[0-9a-f]{2}){8,}/gi)].map(([run]) => Buffer.from(run, 'hex')),
  ];
  return [text, ...runs.flatMap((bytes) => layersOf(bytes.toString('latin1'), depth - 1))];
}
