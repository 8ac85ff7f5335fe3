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

describe('an issue in a file', () => {
  const issue = {
    ...{ theme: 'Front door', title: 'Forms', text: 'They changed.', question: 'Why?', source: 'pattern' },
    ...{ likelihood: 4, impact: 3, areas: ['E06000004'], evidence: [{ publication: 'pub_1', series: 'RF01#count' }] },
  };
  const raise = (json: unknown) => {
    writeFileSync(at('issue.json'), JSON.stringify(json));
    return hub('issue', 'raise', '--in', at('issue.json'));
  };

  test('every mistake is told with its field and what it takes, before anything is sent', async () => {
    const { title, impact: _, ...rest } = issue;
    const evidence = [{ publication: 'pub_1', serie: 'RF01#count' }];
    const mistaken = {
      ...rest,
      titel: title,
      source: 'patern',
      likelihood: 6,
      areas: 'E06000004',
      nextReview: '2026-02-30',
      evidence,
    };
    const { code, error } = await raise(mistaken);
    expect([code, asked]).toEqual([2, []]);
    for (const said of [
      'titel: there is no such field. Did you mean title?',
      'title is missing: a text.',
      'source is one of pattern, figure, survey, audit, review, chair.',
      'likelihood is a whole number from 1 to 5.',
      'impact is missing: a whole number from 1 to 5.',
      'areas is a list of codes.',
      'nextReview is a date, 2026-04-01.',
      'evidence 1, serie: there is no such field. Did you mean series?',
      'evidence 1, series is missing: a series, RF01#count.',
    ])
      expect(error.split('\n')).toContain(said);
    for (const other of [[], 'x', null])
      expect((await raise(other)).error).toContain('--in is a JSON file with theme, title');
  });

  test('what is right is sent, the source as the hub writes it', async () => {
    await raise(issue).catch(() => undefined);
    expect(asked[0]!.variables).toEqual({ as: 'brd-tees', input: { ...issue, source: 'PATTERN', confirmed: false } });
  });

  test('a step or a state that there is not is told with those that there are', async () => {
    const step = await hub('issue', 'step', 'iss_1', '--step', 'share');
    expect(step.error).toContain(
      '--step is one of toOwnBoard, askReplies, toNetwork, accept, start, watch, resolve, decline.',
    );
    const list = await hub('issue', 'list', '--state', 'open');
    expect(list.error).toContain('--state is one of draft, ownBoard, reply, ');
    expect([step.code, list.code, asked]).toEqual([2, 2, []]);
  });
});

test('who answers, judges or reports reads what they said under what it is about', async () => {
  const body = { code: 'brd-tees', name: 'Tees' };
  const item = {
    ...{ id: 'itm_1', kind: 'CHALLENGE', issue: null, title: null, about: null, at: '2026-05-01T09:00:00Z', by: body },
    ...{ to: null, ownerRole: null, text: 'What changed?', impact: null, state: 'SATISFIED', due: null },
    ...{ overdue: false, wording: 'SHOWN' },
  };
  answer = { data: { done: item } };
  const words = ['--text', 'It does.', '--impact', 'Fewer wait.'];
  for (const typed of [
    ['judge', 'itm_1', '--state', 'satisfied', ...words],
    ['progress', 'itm_1', '--state', 'done', ...words],
  ])
    expect((await hub('issue', ...typed)).text).toMatch(
      /What changed\?\n[^]*You said: It does\.\nImpact: Fewer wait\.\n$/,
    );
  expect((await hub('issue', 'answer', 'itm_1', '--text', 'The form.')).text).toMatch(/\nYou said: The form\.\n$/);
});

test('an action that follows from a decision is told whole or not at all', async () => {
  const { code, error } = await hub('meeting', 'decide', 'mtg_1', '--text', 'Read them.', '--action', 'Read.');
  expect([code, asked]).toEqual([2, []]);
  expect(error).toContain('An action needs --issue, --action, --owner, --role and --due.');
});
