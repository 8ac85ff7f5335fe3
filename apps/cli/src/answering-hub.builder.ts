import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './hub';

export const root = resolve(__dirname, '../../..');
export const receipts = JSON.parse(readFileSync(join(root, 'contracts/vectors/receipt.json'), 'utf8')) as {
  hubKey: string;
  cases: { name: string; expected: string; receipt: string }[];
};

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Stands where a hub would: answers what a test says, and keeps what it was asked. */
class AnsweringHub {
  folder: string;
  url: string;
  asked: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
  /** By path, out of the body that was sent; what is not here is absent. */
  answers: Record<string, (body: string) => { status?: number; body: unknown }>;
  private server: Server;

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'hub-cli-'));
    process.env['HUB_DATA_DIR'] = this.folder;
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.asked.push({ method: request.method!, path: request.url!, headers: request.headers, body });
        const answer = this.answers[request.url!]?.(body) ?? {
          status: 404,
          body: { code: 'PATH_ABSENT', title: 'Nothing here' },
        };
        response
          .writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly file = (name: string): string => join(this.folder, name);
  readonly write = (name: string, text: string): string => {
    writeFileSync(this.file(name), text);
    return this.file(name);
  };
  /** A key file of that name. */
  readonly key = async (name: string, alg = 'EdDSA'): Promise<string> => {
    if (!existsSync(this.file(name))) await hub(['keys', 'new', '--kid', name, '--alg', alg, '--out', this.file(name)]);
    return this.file(name);
  };
  readonly withToken = (): string[] => ['--url', this.url, '--token-file', this.write('token', 'abc.def.ghi\n')];
}

/** One for the tests of a file. */
export function answeringHub(): AnsweringHub {
  const at = new AnsweringHub();
  beforeAll(() => at.start());
  beforeEach(() => {
    at.asked = [];
    at.answers = {};
  });
  afterAll(() => at.stop());
  return at;
}

/** The command in this process. */
export async function hub(args: string[]): Promise<Ran> {
  const ran = { stdout: '', stderr: '' };
  const code = await run(args, { out: (text) => (ran.stdout += text), err: (text) => (ran.stderr += text) });
  return { code, ...ran };
}
