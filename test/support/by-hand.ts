import { Client } from 'pg';
import type { World } from './world';

/**
 * What the database itself says to a member over one of the logins, whatever the code has let through. Nothing of it stays.
 * @param subject  as the issuer knows the member: `regional-lead@E12000001`
 * @returns how many rows the statement touched, or the code with which it was refused
 */
export async function byHand(
  world: World,
  loginUrl: string,
  subject: string,
  sql: string,
  values: unknown[] = [],
): Promise<number | string | null> {
  const client = new Client({ connectionString: loginUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('hub.member', (select id::text from identity.find_member($1, $2) limit 1), true)`,
      [world.issuer.issuer, subject],
    );
    return (await client.query(sql, values)).rowCount;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.end();
  }
}
