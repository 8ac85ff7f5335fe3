import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Whether this machine has a redis-server; suites that need one are skipped where it has none. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real redis-server of a suite's own, which keeps nothing on disk. */
export class RedisServer {
  private server: ChildProcess | null = null;
  private port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), 'hub-redis-'));

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, empty; again on the same port. */
  async restore(): Promise<void> {
    this.port ||= await new Promise<number>((found) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => found(port));
      });
    });
    const settings = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      this.folder,
    ];
    this.server = spawn('redis-server', settings, { stdio: 'ignore' });
    while ((await this.command('PING').catch(() => '')) !== '+PONG\r\n') await wait(20);
  }

  /** Killed, as a crash would: what was in it is gone. */
  async interrupt(): Promise<void> {
    const ended = once(this.server!, 'exit');
    this.server!.kill('SIGKILL');
    await ended;
  }

  async lose(): Promise<void> {
    expect(await this.command('FLUSHALL')).toBe('+OK\r\n');
  }

  /** Holds its connections and answers nothing, until it is resumed. */
  pause(): void {
    this.server!.kill('SIGSTOP');
  }
  resume(): void {
    this.server!.kill('SIGCONT');
  }

  async command(text: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${text}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    } finally {
      socket.destroy();
    }
  }

  async end(): Promise<void> {
    if (this.server?.exitCode === null && this.server.signalCode === null) await this.interrupt();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
