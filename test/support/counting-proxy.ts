import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * Stands between a hub and PostgreSQL and counts what is executed there: simple queries, and executions of prepared or
 * unnamed statements, by the messages of the wire protocol. It sees what every layer above it might hide.
 */
export class CountingProxy {
  /** Statements since it was last set to 0. */
  statements = 0;
  /** Times that a connection was written to after it had been answered, or for the first time, since it was last set to 0. */
  roundTrips = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.carry(client));

  private constructor(private readonly target: URL) {}

  static async before(connectionString: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(connectionString));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** The same login and database, through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = `${(this.server.address() as AddressInfo).port}`;
    return url.toString();
  }

  private carry(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const count = this.counter();
    let isAnswered = true;
    client.on('data', (chunk) => {
      if (isAnswered) this.roundTrips++;
      isAnswered = false;
      count(chunk);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      isAnswered = true;
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  /** Counts Query and Execute; the first message of a connection, its start, has no type byte. */
  private counter(): (chunk: Buffer) => void {
    let rest = Buffer.alloc(0);
    let started = false;
    return (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const head = started ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) return;
        if (started && 'QE'.includes(String.fromCharCode(rest[0]!))) this.statements++;
        started = true;
        rest = rest.subarray(length);
      }
    };
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
