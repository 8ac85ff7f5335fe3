import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './hub';

/** What a chair types, before and beside what a hub says to it. */
let folder: string;
let server: Server;
/** What was asked of the hub. */
let asked: { query: string; variables: Record<string, unknown> }[];
let answer: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-chair-'));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(body) as (typeof asked)[number]);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  writeFileSync(join(folder, 'token'), 'a.b.c');
});
beforeEach(() => {
  asked = [];
  answer = {};
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);

async function hub(...args: string[]): Promise<{ code: number; text: string; error: string }> {
  let [text, error] = ['', ''];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = ['--as', 'brd-tees', '--url', url, '--token-file', at('token')];
  const streams = { out: (one: string) => void (text += one), err: (one: string) => void (error += one) };
  return { code: await run([...args, ...connection], streams), text, error };
}

describe('the page of a pack', () => {
  const pack = { digest: 'ab'.repeat(32), markdown: '# The network', html: '<h1>The network</h1>' };
  const freeze = (name: string) => hub('pack', 'mtg_1', '--freeze', '--html', '--out', at(name));

  test('a file that is there already is told before anything is frozen', async () => {
    writeFileSync(at('there.html'), 'mine');
    const { code, error } = await freeze('there.html');
    expect([code, asked]).toEqual([2, []]);
    expect(error).toContain('it is there already');
    expect(readFileSync(at('there.html'), 'utf8')).toBe('mine');
  });

  test('it is written, and where the hub refuses no file is left', async () => {
    answer = { data: { found: { agenda: [], pack } } };
    expect(await freeze('pack.html')).toMatchObject({ code: 0, error: '' });
    expect(readFileSync(at('pack.html'), 'utf8')).toBe(pack.html);
    answer = { errors: [{ message: 'No such meeting', extensions: { code: 'MEETING_ABSENT' } }] };
    expect(await freeze('none.html')).toMatchObject({ code: 1 });
    expect(existsSync(at('none.html'))).toBe(false);
  });

  test.each([[['--html']], [['--out', 'F']], [['--html', '--out', 'F']]])(
    'of a pack that is not frozen there is none: %j is told so, and no file is written',
    async (typed) => {
      answer = { data: { found: { agenda: ['2026-05-01: Forms, review'], pack: null } } };
      const options = typed.map((one) => (one === 'F' ? at('early.html') : one));
      const { code, text, error } = await hub('pack', 'mtg_1', ...options);
      expect([code, text]).toEqual([2, '']);
      expect(error).toContain('not frozen yet');
      expect(existsSync(at('early.html'))).toBe(false);
      expect((await hub('pack', 'mtg_1')).text).toContain('- 2026-05-01: Forms, review');
    },
  );
});
