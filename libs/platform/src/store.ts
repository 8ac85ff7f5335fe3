import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Pool, PoolClient, QueryResult } from 'pg';
import {
  DataSource,
  QueryFailedError,
  type EntityManager,
  type EntityTarget,
  type MixedList,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm';
import { Refusal } from '@hub/kernel';
import { urlOf, type Login } from './config';
import { crashPoint } from './crash-points';
import { UUID } from './ids';
import { Line } from './line';

/** A transaction: the only thing that can reach the database. */
export type Tx = EntityManager;

/** Who is asking, as far as the database needs to know. */
export interface Caller {
  readonly id: string;
}

/** TypeORM is told that a transaction is open, so that what it writes for an entity opens none of its own. */
function active(runner: QueryRunner, open: boolean): void {
  (runner as { isTransactionActive: boolean }).isTransactionActive = open;
}

/** Names of prepared statements by their text. The hub's statements are constants, so there are not many. */
const statements = new Map<string, string>();
const MOST_STATEMENTS = 1_000;

function statementOf(sql: string): string | undefined {
  const known = statements.get(sql);
  if (known || statements.size >= MOST_STATEMENTS) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 24);
  statements.set(sql, name);
  return name;
}

/**
 * What is asked in one go leaves in one go: a write to a socket costs this process as much as a small statement costs the
 * database.
 * @param end  calls when the go is over
 */
function gather(client: PoolClient, end: (leave: () => void) => void = process.nextTick): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  if (stream.writableCorked) return;
  stream.cork();
  end(() => stream.uncork());
}

/**
 * One statement, prepared once in each connection, so that the database parses and plans it once and not at every
 * request. Answers as TypeORM does: the rows, or for an update or delete `[rows, count]`. What is given no
 * values, not even `[]`, is not prepared: it may be several statements, which go in one round trip, and the last one's answer counts.
 * @throws QueryFailedError
 */
async function run(on: PoolClient, sql: string, values?: unknown[]): Promise<unknown> {
  try {
    const name = values ? statementOf(sql) : undefined;
    const answer = (await on.query({ name, text: sql, values })) as QueryResult | QueryResult[];
    const { command, rows, rowCount } = Array.isArray(answer) ? answer.at(-1)! : answer;
    return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
  } catch (error) {
    throw new QueryFailedError(sql, values ?? [], error as Error);
  }
}

/**
 * One pool of one login, and the one door to a connection: it tells the database who is asking, and row-level security
 * does the rest. Each login has its own class of store, so that a library can only be given the logins it may use.
 */
export class Store {
  private readonly line = new Line(() => (this.dataSource.driver as unknown as { master: Pool }).master);

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Begin, tell the database who asks, the work in sequence, commit. The work never opens another. Statements that do not wait
   * for each other's answers (`Promise.all`) go to the database together and are done there one by one, in the order in which
   * they were asked: each sees what those before it have done and what others had committed when its own turn came. Once one
   * has failed those behind it fail too.
   * @param caller  null where nobody asks: background work, and the door that finds out who does
   */
  async as<T>(caller: Caller | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (caller && !UUID.test(caller.id)) throw new TypeError('a member’s id is a UUID');
    const runner = this.dataSource.createQueryRunner();
    const unanswered = new Set<Promise<unknown>>();
    let isOpen = true;
    try {
      const client = (await runner.connect()) as PoolClient;
      runner.manager.query = (sql: string, values?: unknown[]) => {
        // What still runs of a work that has ended must not ask in the next one's name.
        if (!isOpen) return Promise.reject(new Error('the transaction is over'));
        gather(client);
        const answer = run(client, sql, values) as Promise<never>;
        const answered = () => unanswered.delete(answer);
        unanswered.add(answer);
        answer.then(answered, answered);
        return answer;
      };
      // Both in one, and what the work asks first goes with them; the id has just been seen to be a UUID.
      gather(client);
      const begun = client.query(`begin; set local hub.member = '${caller?.id ?? ''}'`);
      active(runner, true);
      const [result] = await Promise.all([work(runner.manager), begun]);
      isOpen = false;
      const committing = client.query('commit');
      crashPoint('commit.sent');
      const [{ command }] = await Promise.all([committing, ...unanswered]);
      crashPoint('commit.done');
      active(runner, false);
      // So the database answers where a statement had failed and the work went on as if it had not.
      if (command !== 'COMMIT') throw new Error('a statement had failed: nothing was committed');
      return result;
    } catch (error) {
      isOpen = false;
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /**
   * One statement that is asked as nobody, in a transaction of its own. Outside `as` no member is ever set, so row-level
   * security sees nobody here. Those who ask at once share a connection and what is written to it; the database answers them one
   * by one, and what fails of one touches no other.
   */
  async ask<T>(sql: string, values: readonly unknown[]): Promise<T[]> {
    return this.line.ask(async (client) => {
      gather(client, setImmediate);
      return (await run(client, sql, [...values])) as T[];
    });
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** For what answers queries: no grant on raw figures or proofs. */
export class ReaderStore extends Store {}
/** For what people administer: agreements, keys, rounds. */
export class DeskStore extends Store {}

/** What a connection needs, by what PostgreSQL says of it. */
const wanted: Readonly<Record<string, string>> = {
  '28P01': 'a user and password that the database takes',
  '28000': 'a user whom the database lets in',
  '3D000': 'the name of a database that is there',
};

/**
 * The first connection of a pool.
 * @param variable  the setting that names its database
 * @throws Refusal CONFIGURATION with that setting and the code of what went wrong; what the setting holds is not repeated
 */
export async function firstConnection(dataSource: DataSource, variable: string): Promise<DataSource> {
  try {
    return await dataSource.initialize();
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? 'unknown');
    const expected = wanted[code] ?? 'a PostgreSQL that answers there and takes this connection';
    throw new Refusal('CONFIGURATION', { variable, expected: `${expected} (${code})` });
  }
}

/** Opens the pool of one login. `entities` are the tables with rules; the rest is SQL. */
export async function openDataSource(
  url: string,
  login: Login,
  entities: MixedList<EntityTarget<ObjectLiteral>> = [],
  poolSize = 10,
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    entities: entities as never,
    synchronize: false,
    applicationName: `hub ${login}`,
    poolSize,
    extra: { statement_timeout: login === 'worker' ? 0 : 30_000, pipeline: true },
  });
  return firstConnection(dataSource, urlOf(login));
}
