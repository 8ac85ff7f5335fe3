import { DataSource, type EntityManager, type EntityTarget, type MixedList, type ObjectLiteral } from 'typeorm';
import type { Login } from './config';

/** A transaction: the only thing that can reach the database. */
export type Tx = EntityManager;

/** Who is asking, as far as the database needs to know. */
export interface Caller {
  readonly id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * One pool of one login, and the one door to a connection: it tells the database who is asking, and row-level security
 * does the rest. Each login has its own class of store, so that a library can only be given the logins it may use.
 */
export class Store {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Begin, tell the database who asks, the work in sequence, commit. The work never opens another.
   * @param caller  null where nobody asks: background work, and the door that finds out who does
   */
  async as<T>(caller: Caller | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (caller && !UUID.test(caller.id)) throw new TypeError('a member’s id is a UUID');
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction();
      await runner.query(`select set_config('hub.member', $1, true)`, [caller?.id ?? '']);
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Answers when the database does. */
  async ping(): Promise<void> {
    await this.dataSource.query('select 1');
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** For what answers queries: no grant on raw figures or proofs. */
export class ReaderStore extends Store {}
/** For what people administer: agreements, keys, rounds. */
export class DeskStore extends Store {}

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
    extra: { statement_timeout: login === 'worker' ? 0 : 30_000 },
  });
  return dataSource.initialize();
}
