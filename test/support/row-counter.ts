import { Client } from 'pg';
import { rowCounts } from './database';

/** Counts the rows of every table but the access log, again and again, over one connection: "nothing was stored". */
export class RowCounter {
  private constructor(
    private readonly client: Client,
    private readonly tables: readonly string[],
  ) {}

  static async open(ownerUrl: string): Promise<RowCounter> {
    const tables = Object.keys(await rowCounts(ownerUrl));
    const client = new Client({ connectionString: ownerUrl });
    await client.connect();
    return new RowCounter(client, tables);
  }

  async count(): Promise<Record<string, number>> {
    const counts = this.tables.map((table) => `(select count(*)::int from ${table}) as "${table}"`);
    return (await this.client.query(`select ${counts.join(', ')}`)).rows[0] as Record<string, number>;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
