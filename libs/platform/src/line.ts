import type { Pool, PoolClient } from 'pg';

interface Open {
  readonly client: Promise<PoolClient>;
  unanswered: number;
}

/**
 * One connection of a pool for all who ask at the same time, each for one statement that is a transaction of its own. It is taken
 * when somebody asks and goes back when everybody has been answered. What fails of one touches no other; where the connection
 * itself is lost, who asks next has another one.
 */
export class Line {
  private open: Open | null = null;

  constructor(private readonly pool: () => Pool) {}

  async ask<T>(statement: (client: PoolClient) => Promise<T>): Promise<T> {
    const open = (this.open ??= { client: this.connect(), unanswered: 0 });
    open.unanswered++;
    try {
      return await statement(await open.client);
    } finally {
      if (--open.unanswered === 0) this.letGo(open);
    }
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.pool().connect();
    // Whoever has asked is told by the statement; unheard, the event would end the process.
    client.on('error', this.lost);
    return client;
  }

  private readonly lost = (): void => void (this.open = null);

  private letGo(open: Open): void {
    if (this.open === open) this.open = null;
    open.client.then(
      (client) => {
        client.off('error', this.lost);
        client.release();
      },
      () => undefined,
    );
  }
}
