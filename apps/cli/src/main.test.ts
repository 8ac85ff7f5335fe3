import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parsePublicJwk, verifyKeyProof } from '@hub/identity/domain';
import { verifierKeyLine } from '@hub/ledger/domain';
import { parseEnvelope } from '@hub/submissions/domain';
import { nobodyListens } from '../../../test/support/nobody';
import { codesIn } from './command';
import { run } from './hub';

const root = resolve(__dirname, '../../..');
const main = join(root, 'dist/apps/cli/src/main.js');
const vectors = JSON.parse(readFileSync(join(root, 'contracts/vectors/receipt.json'), 'utf8')) as {
  hubKey: string;
  cases: { name: string; expected: string; receipt: string }[];
};

let folder: string;
let server: Server;
let url: string;
let asked: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
let answers: Record<string, (body: string) => { status?: number; body: unknown }>;

beforeAll(async () => {
  if (!process.env['HUB_TEST_BUILT'] || !existsSync(main))
    execFileSync(process.execPath, ['infra/build.mjs'], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), 'hub-cli-'));
  process.env['HUB_DATA_DIR'] = folder;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ method: request.method!, path: request.url!, headers: request.headers, body });
      const answer = answers[request.url!]?.(body) ?? {
        status: 404,
        body: { code: 'PATH_ABSENT', title: 'Nothing here' },
      };
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
  answers = {};
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  writeFileSync(file(name), text);
  return file(name);
};
interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}
/** The command in this process. */
async function hub(args: string[]): Promise<Ran> {
  const ran = { stdout: '', stderr: '' };
  const code = await run(args, { out: (text) => (ran.stdout += text), err: (text) => (ran.stderr += text) });
  return { code, ...ran };
}
/** The built command in a process of its own, as authorities run it. */
function built(
  args: string[],
  { stdin = '', env = {} }: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
    const ran = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
    child.on('error', failed);
    child.on('close', (code) => done({ code, ...ran }));
    child.stdin.end(stdin);
  });
}
const key = async (name: string, alg = 'EdDSA') => {
  if (!existsSync(file(name))) await hub(['keys', 'new', '--kid', name, '--alg', alg, '--out', file(name)]);
  return file(name);
};
const withToken = () => ['--url', url, '--token-file', write('token', 'abc.def.ghi\n')];
const exporting = (...more: string[]) =>
  hub(['export', 'E12000001', '--dataset', 'd', '--period', '2024-FY', '--out', 'x', ...more, ...withToken()]);
const finding = {
  severity: 'ERROR',
  rule: 'negative',
  pointer: '/rows/0/count',
  message: 'A count is not below zero.',
  expected: 'a whole number of 0 or more',
  found: '-1',
};

const replacesIn = (body: string) =>
  (JSON.parse(body) as { variables: { replaces: string | null } }).variables.replaces;

describe('hub keys', () => {
  test.each(['EdDSA', 'ES256'])(
    'new: %s, the private half where only its owner reads it, never over another',
    async (alg) => {
      const path = file(`new-${alg}`);
      const { code, stdout } = await hub(['keys', 'new', '--kid', 'hartlepool-1', '--alg', alg, '--out', path]);
      expect([code, statSync(path).mode & 0o777]).toEqual([0, 0o600]);
      expect(parsePublicJwk(stdout)).toMatchObject({ kid: 'hartlepool-1', alg });
      expect(stdout).not.toContain((JSON.parse(readFileSync(path, 'utf8')) as { d: string }).d);
      const before = readFileSync(path, 'utf8');
      expect(await hub(['keys', 'new', '--kid', 'other', '--out', path])).toMatchObject({ code: 2, stdout: '' });
      expect(readFileSync(path, 'utf8')).toBe(before);
    },
  );

  test('register sends the public key and a proof for this hub', async () => {
    answers = {
      '/.well-known/hub.json': () => ({ body: { hubId: 'hub.example' } }),
      '/graphql': () => ({ body: { data: { registerKey: { kid: 'system', state: 'PENDING' } } } }),
    };
    const args = ['keys', 'register', '--key', await key('system'), '--authority', 'E06000001', ...withToken()];
    const ran = await hub(args);
    expect(ran).toEqual({
      code: 0,
      stdout: 'system is pending\n',
      stderr: 'Another approver of the organisation makes it good: hub keys approve system\n',
    });
    await hub([...args, '--replaces', 'old']);
    expect(asked.filter(({ path }) => path === '/graphql').map(({ body }) => replacesIn(body))).toEqual([null, 'old']);
    const { variables } = JSON.parse(asked[1]!.body) as {
      variables: { authority: string; jwk: string; proof: string };
    };
    const proof = await verifyKeyProof(variables.proof, parsePublicJwk(variables.jwk), 'E06000001');
    expect([variables.authority, proof.aud, asked[1]!.headers.authorization]).toEqual([
      'E06000001',
      'hub.example',
      'Bearer abc.def.ghi',
    ]);
  });

  test('approve names the key', async () => {
    answers = { '/graphql': () => ({ body: { data: { approveKey: { kid: 'system', state: 'ACTIVE' } } } }) };
    expect(await hub(['keys', 'approve', 'system', ...withToken()])).toEqual({
      code: 0,
      stdout: 'system is active\n',
      stderr: '',
    });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { kid: 'system' } });
  });

  test('list tells of each key what it is and what has happened to it', async () => {
    const never = { approvedAt: null, until: null, revokedAt: null, reason: null, replaces: null };
    const july = { ...never, registeredAt: '2025-07-01T09:00:00.000Z', approvedAt: '2025-07-02T10:30:59.999Z' };
    const signingKeys = [
      { ...never, kid: 'd', state: 'PENDING', registeredAt: '2026-01-05T08:00:00.000Z' },
      { ...july, kid: 'c', state: 'ACTIVE', replaces: 'b', until: '2026-02-01T00:00:00.000Z' },
      { ...july, kid: 'b', state: 'RETIRED', until: '2025-08-01T10:30:59.999Z' },
      { ...july, kid: 'a', state: 'REVOKED', revokedAt: '2025-07-03T12:00:00.000Z', reason: 'lost laptop' },
    ];
    answers = { '/graphql': () => ({ body: { data: { signingKeys } } }) };
    const args = ['keys', 'list', '--organisation', 'E06000001', ...withToken()];
    expect((await hub(args)).stdout).toBe(
      [
        'pending  d',
        '         registered 2026-01-05 08:00 UTC',
        'active   c',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, in place of b, ends 2026-02-01 00:00 UTC',
        'retired  b',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, ended 2025-08-01 10:30 UTC',
        'revoked  a',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, revoked 2025-07-03 12:00 UTC: lost laptop',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { organisation: 'E06000001' } });
    const printed = JSON.parse((await hub([...args, '--json'])).stdout) as unknown[];
    expect(printed).toEqual(signingKeys.map((one) => ({ ...one, state: one.state.toLowerCase() })));
    answers = { '/graphql': () => ({ body: { data: { signingKeys: [] } } }) };
    expect((await hub(args)).stdout).toBe('No keys.\n');
  });

  test('revoke says its reason', async () => {
    answers = { '/graphql': () => ({ body: { data: { revokeKey: { kid: 'system', state: 'REVOKED' } } } }) };
    expect(await hub(['keys', 'revoke', 'system', '--reason', 'lost laptop', '--json', ...withToken()])).toMatchObject({
      code: 0,
      stdout: '{"kid":"system","state":"revoked"}\n',
    });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { kid: 'system', reason: 'lost laptop' } });
  });
});

describe('hub submission', () => {
  const payload = '{ "authority": "E06000001" }\n';
  const sign = async (more: string[] = []) =>
    hub([
      'submission',
      'sign',
      '--key',
      await key('system'),
      '--in',
      write('payload.json', payload),
      '--aud',
      'hub.example',
      ...more,
    ]);

  test('sign leaves the payload as it is, and takes jti and iat', async () => {
    const { code, stdout } = await sign(['--jti', 'B'.repeat(22), '--iat', '1752148800']);
    const envelope = parseEnvelope(Buffer.from(stdout));
    expect([code, envelope.payloadBytes.toString(), envelope.jti, envelope.signatures[0]!.header.iat]).toEqual([
      0,
      payload,
      'B'.repeat(22),
      1752148800,
    ]);
  });

  test('sign --also adds a signature', async () => {
    const first = write('first.json', (await sign()).stdout);
    const approver = await key('approver', 'ES256');
    const args = [
      'submission',
      'sign',
      '--key',
      approver,
      '--in',
      file('payload.json'),
      '--aud',
      'hub.example',
      '--also',
      first,
    ];
    const both = parseEnvelope(Buffer.from((await hub(args)).stdout));
    expect(both.signatures.map(({ header }) => header.kid)).toEqual(['system', 'approver']);
  });

  test('send prints the receipt alone, and says the rest to the person', async () => {
    const answer = {
      id: 'sub_1',
      state: 'accepted',
      version: 2,
      digest: 'ab',
      receipt: 'c2sp.org/tlog-proof@v1\n',
      findings: [],
    };
    answers = { '/submissions': () => ({ status: 201, body: answer }) };
    const envelope = write('envelope.json', (await sign()).stdout);
    const ran = await hub(['submission', 'send', '--in', envelope, ...withToken()]);
    expect(ran).toMatchObject({
      code: 0,
      stdout: answer.receipt,
      stderr: expect.stringContaining('version 2') as string,
    });
    expect(asked[0]!.body).toBe(readFileSync(envelope, 'utf8'));
    const json = await hub(['submission', 'send', '--json', '--in', envelope, ...withToken()]);
    expect(JSON.parse(json.stdout)).toEqual({ ...answer, known: false });
  });

  test('send says who signs next where the return waits for its approver, and gives the envelope to sign', async () => {
    const waiting = { id: 'sub_1', state: 'awaitingSignOff', version: 2, digest: 'ab', receipt: null, findings: [] };
    const text = (await sign()).stdout.trim();
    answers = {
      '/submissions': () => ({ status: 201, body: waiting }),
      '/graphql': () => ({ status: 200, body: { data: { submission: { toSign: text } } } }),
    };
    const sent = await hub(['submission', 'send', '--in', write('one.json', text), ...withToken()]);
    expect(sent).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('hub submission to-sign sub_1') as string,
    });
    const toSign = await hub(['submission', 'to-sign', 'sub_1', ...withToken()]);
    expect([toSign.code, toSign.stdout]).toEqual([0, `${text}\n`]);
    // The approver needs no payload beside it.
    const also = write('waiting.json', toSign.stdout);
    const args = ['submission', 'sign', '--key', await key('approver'), '--aud', 'hub.example', '--also', also];
    const both = parseEnvelope(Buffer.from((await hub(args)).stdout));
    expect(both.signatures.map(({ header }) => header.kid)).toEqual(['system', 'approver']);
    expect((await hub(args.slice(0, -2))).code).toBe(2);
  });

  test('a refusal is exit 1 with its code and findings on stderr', async () => {
    const problem = {
      code: 'SUBMISSION_INVALID',
      title: 'The return does not satisfy its dataset',
      detail: 'Mend it.',
      findings: [{ ...finding, severity: 'error' }],
    };
    answers = { '/submissions': () => ({ status: 422, body: problem }) };
    const args = ['submission', 'send', '--in', write('e.json', '{}'), ...withToken()];
    const ran = await hub(args);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^SUBMISSION_INVALID: The return(.|\n)*\/rows\/0\/count(.|\n)*Mend it\./);
    const json = await hub([...args, '--json']);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'SUBMISSION_INVALID', findings: [{ rule: 'negative' }] });
  });

  test('check lists every finding; exit 1 when one refuses', async () => {
    answers = { '/graphql': () => ({ body: { data: { checkSubmission: { accepted: false, findings: [finding] } } } }) };
    const args = ['submission', 'check', '--in', write('e.json', '{}'), ...withToken()];
    const ran = await hub(args);
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/error {2}\/rows\/0\/count {2}negative\n.*\n.*found: -1\n/),
    ]);
    expect(JSON.parse((await hub([...args, '--json'])).stdout)).toEqual({
      accepted: false,
      findings: [{ ...finding, severity: 'error' }],
    });
    answers = { '/graphql': () => ({ body: { data: { checkSubmission: { accepted: true, findings: [] } } } }) };
    expect(await hub(args)).toMatchObject({ code: 0, stderr: '' });
  });

  test('check --payload names line and column of what was signed', async () => {
    const pretty = '{\n  "rows": [\n    { "indicator": "RF01", "count": 1 },\n    { "count": -1, "a/b": 2 }\n  ]\n}\n';
    const signed = write('signed.json', JSON.stringify({ payload: Buffer.from(pretty).toString('base64url') }));
    const at = (severity: string, pointer: string) => ({ ...finding, severity, pointer });
    const findings = [
      at('NOTE', '/rows/0'),
      at('ERROR', '/rows/1/count'),
      at('ERROR', '/rows/1/a~1b'),
      at('ERROR', '/rows/1/of'),
      at('ERROR', ''),
    ];
    answers = { '/graphql': () => ({ body: { data: { checkSubmission: { accepted: false, findings } } } }) };
    const args = ['submission', 'check', '--in', signed, ...withToken()];
    const ran = await hub([...args, '--payload', write('pretty.json', pretty)]);
    expect(ran.stdout.split('\n').map((line) => /^\S+ \S+/.exec(line)?.[0])).toEqual([
      'pretty.json:4:16 negative',
      'pretty.json:3:5 negative',
      undefined,
    ]);
    expect(ran.stdout).toContain('4 times, also at 4:27 (-1), 4:5 (-1), 1:1 (-1))');
    const other = await hub([...args, '--payload', write('other.json', '{}')]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('not what the envelope signs')]);
  });

  test('a hub that is busy is tried again, and says so to the person; --attempts 1 tries once', async () => {
    let times = 0;
    const busy = { status: 503, body: { code: 'UNAVAILABLE', title: 'Away', status: 503 } };
    const taken = { id: 'sub_1', state: 'accepted', version: 1, digest: 'ab', receipt: 'R\n', findings: [] };
    answers = { '/submissions': () => (times++ === 0 ? busy : { status: 201, body: taken }) };
    const args = ['submission', 'send', '--in', write('e.json', '{}'), ...withToken()];
    const ran = await hub(args);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([
      0,
      'R\n',
      expect.stringMatching(/UNAVAILABLE: Away Again in \d s\.(.|\n)*Accepted/),
    ]);
    times = 0;
    expect((await hub([...args, '--attempts', '1'])).stderr).toContain('UNAVAILABLE');
    expect(times).toBe(1);
  });

  test('status shows state and receipt', async () => {
    answers = {
      '/submissions/sub_1': () => ({
        body: { id: 'sub_1', state: 'superseded', version: 1, digest: 'ab', receipt: 'R\n', findings: [] },
      }),
    };
    expect((await hub(['submission', 'status', 'sub_1', ...withToken()])).stdout).toMatch(
      /state +superseded\n(.|\n)*R\n$/,
    );
  });
});

describe('hub own figures', () => {
  const point = {
    period: '2025-Q2',
    version: 1,
    kind: 'VALUE',
    count: 9,
    of: 40,
    value: 22.5,
    countChange: -3,
    valueChange: 7.5,
  };
  const none = { ...point, kind: null, count: null, of: null, value: null, countChange: null, valueChange: null };
  const node = {
    authority: { code: 'E06000001', name: 'Hartlepool' },
    handling: 'Raw figures of your own.',
    dataset: 'local-measures',
    indicator: { code: 'LM01', name: 'Own measure 1' },
    unit: '%',
    comments: [{ since: '2025-Q1', text: 'Re-referrals.' }],
    lines: [
      { dimension: null, category: null, points: [{ ...none, period: '2025-Q1', version: null }, point] },
      { dimension: 'team', category: 't01', points: [none, { ...point, kind: 'NOT_AVAILABLE', countChange: null }] },
    ],
  };
  const paged = (hasNextPage: boolean, code: string) => ({
    edges: [{ node: { ...node, indicator: { code, name: null } } }],
    pageInfo: { hasNextPage, endCursor: code },
  });
  const sent = () => asked.map(({ body }) => (JSON.parse(body) as { variables: Record<string, unknown> }).variables);

  test('prints how to handle them, and a table of each indicator, page after page', async () => {
    answers = {
      '/graphql': (body) => ({
        body: {
          data: {
            ownFigures: paged(!body.includes('"after":"LM01"'), body.includes('"after":"LM01"') ? 'LM02' : 'LM01'),
          },
        },
      }),
    };
    const ran = await hub(['own', 'figures', 'E06000001', ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe(
      [
        'E06000001 Hartlepool: local-measures',
        'Raw figures of your own.',
        ...['LM01', 'LM02'].flatMap((code) => [
          '',
          `${code}, %`,
          'from 2025-Q1: Re-referrals.',
          '            2025-Q1        2025-Q2    change',
          '--------  ---------  -------------  --------',
          'total     no return  9 of 40: 22.5  −3: +7.5',
          'team t01          –  not available',
        ]),
        '',
      ].join('\n'),
    );
    expect(sent().map(({ authority, after }) => [authority, after])).toEqual([
      ['E06000001', null],
      ['E06000001', 'LM01'],
    ]);
  });

  test('says instead of a change that the comment is another: what it counts is', async () => {
    const points = [
      { ...point, period: '2025-Q1' },
      { ...point, countChange: null, valueChange: null },
    ];
    const lines = [{ dimension: null, category: null, points }];
    answers = {
      '/graphql': () => ({
        body: { data: { ownFigures: { ...paged(false, 'LM01'), edges: [{ node: { ...node, lines } }] } } },
      }),
    };
    const { stdout } = await hub(['own', 'figures', 'E06000001', ...withToken()]);
    expect(stdout).toMatch(/^total +9 of 40: 22\.5 +9 of 40: 22\.5 +another comment$/m);
  });

  test('asks for what it is told, and for machines writes words as files do', async () => {
    answers = { '/graphql': () => ({ body: { data: { ownFigures: paged(false, 'LM01') } } }) };
    const args = [
      '--dataset',
      'workforce',
      '--indicators',
      'WF01, WF02',
      '--dimension',
      'role',
      '--category',
      'manager',
    ];
    const ran = await hub([
      'own',
      'figures',
      'E06000001',
      ...args,
      '--until',
      '2025-H1',
      '--back',
      '2',
      '--json',
      ...withToken(),
    ]);
    expect(sent()[0]).toEqual({
      authority: 'E06000001',
      dataset: 'workforce',
      indicators: ['WF01', 'WF02'],
      dimension: 'role',
      category: 'manager',
      until: '2025-H1',
      back: 2,
      after: null,
    });
    expect(ran.stdout).toContain('"notAvailable"');
    expect(ran.stdout).not.toContain('NOT_AVAILABLE');
  });

  test('says where there is nothing, and what --back is', async () => {
    answers = {
      '/graphql': () => ({
        body: { data: { ownFigures: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } } } },
      }),
    };
    expect((await hub(['own', 'figures', 'E06000001', ...withToken()])).stdout).toContain(
      'There is no return of yours',
    );
    expect(await hub(['own', 'figures', 'E06000001', '--back', 'all', ...withToken()])).toMatchObject({ code: 2 });
  });
});

test('hub submission withdraw says the reason, and what it means', async () => {
  const withdrawn = { id: 'sub_1', state: 'WITHDRAWN', version: 2, withdrawnBecause: 'Counted twice.' };
  answers = { '/graphql': () => ({ body: { data: { withdrawSubmission: withdrawn } } }) };
  const ran = await hub(['submission', 'withdraw', 'sub_1', '--reason', 'Counted twice.', ...withToken()]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/state +withdrawn/) as string });
  expect(ran.stderr).toContain('has sent nothing now');
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { id: 'sub_1', reason: 'Counted twice.' } });
});

describe('hub round', () => {
  const node = {
    id: 'rnd_1',
    dataset: 'd',
    period: '2025-Q1',
    edition: 'PROVISIONAL',
    state: 'OPEN',
    opens: '2025-07-01',
    due: '2025-07-20',
    closes: '2025-07-31',
    heldBecause: null,
    missing: [{ code: 'E06000001' }],
  };
  test('open passes what it was told', async () => {
    answers = { '/graphql': () => ({ body: { data: { openRound: node } } }) };
    const asks = [
      '--region',
      'E12000001',
      '--dataset',
      'd',
      '--period',
      '2025-Q1',
      '--opens',
      '2025-07-01',
      '--due',
      '2025-07-20',
      '--closes',
      '2025-07-31',
    ];
    expect(await hub(['round', 'open', ...asks, ...withToken()])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('rnd_1') as string,
    });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({
      variables: {
        region: 'E12000001',
        dataset: 'd',
        period: '2025-Q1',
        opens: '2025-07-01',
        due: '2025-07-20',
        closes: '2025-07-31',
      },
    });
    expect(await hub(['round', 'open', ...asks.with(-1, '31 July'), ...withToken()])).toMatchObject({ code: 2 });
  });
  test('held tells its lead what would help, and an authority which of its own counts', async () => {
    const round = (of: object) => ({
      ...node,
      state: 'HELD',
      heldBecause: 'PUBLICATION_POLICY',
      heldHelp: null,
      heldCells: null,
      ...of,
    });
    const told = async (of: object) => {
      answers = { '/graphql': () => ({ body: { data: { round: round(of) } } }) };
      return hub(['round', 'held', 'rnd_1', ...withToken()]);
    };
    const lead = await told({ heldHelp: { words: ['FD01 by source cannot be protected.'] } });
    expect([lead.code, lead.stdout]).toEqual([
      0,
      expect.stringMatching(/PUBLICATION_POLICY\nFD01 by source cannot be protected\.\n$/),
    ]);
    const cells = [{ authority: { code: 'E06000001' }, series: ['FD01|source=police#count'] }];
    expect((await told({ heldCells: cells })).stdout).toMatch(
      /Own counts of E06000001 .*:\n  FD01\|source=police#count\n$/,
    );
    expect((await told({ state: 'OPEN', heldBecause: null })).stdout).toBe('The round is open, not held.\n');
  });
  test('edition opens it again, for one of the editions that there are', async () => {
    answers = { '/graphql': () => ({ body: { data: { openEdition: { ...node, edition: 'REVISED' } } } }) };
    const asks = ['rnd_1', '--due', '2025-09-20', '--closes', '2025-09-30', '--edition', 'revised'];
    expect(await hub(['round', 'edition', ...asks, ...withToken()])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('revised') as string,
    });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({
      variables: { round: 'rnd_1', edition: 'REVISED', due: '2025-09-20', closes: '2025-09-30' },
    });
    expect(await hub(['round', 'edition', ...asks.with(-1, 'fnal'), ...withToken()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--edition is revised or final.') as string,
    });
  });
  test('list says of each round which edition it is, and whom it lacks', async () => {
    const edges = [
      { node: { ...node, edition: 'REVISED', missing: [] } },
      { node: { ...node, missing: [{ code: 'E06000002' }] } },
    ];
    const pageInfo = { hasNextPage: false, endCursor: null };
    answers = { '/graphql': () => ({ body: { data: { region: { rounds: { edges, pageInfo } } } } }) };
    const { stdout } = await hub(['round', 'list', '--region', 'E12000001', ...withToken()]);
    expect(stdout).toMatch(
      /^open +\S+ +revised .*rnd_1\nopen +\S+ +provisional .*rnd_1\n +due 20 Jul 2025, not yet sent: E06000002\n$/,
    );
    answers = { '/graphql': () => ({ body: { data: { closeRound: { ...node, missing: [] } } } }) };
    expect((await hub(['round', 'close', 'rnd_1', ...withToken()])).stdout).toMatch(/returns +all have sent\n$/);
  });
  test('what a hub refuses because of a withdrawal is said in words', async () => {
    const extensions = {
      code: 'PUBLICATION_WITHDRAWN',
      kind: 'gone',
      facts: { since: '2026-11-02', because: 'figuresWrong' },
    };
    answers = {
      '/graphql': () => ({ body: { data: null, errors: [{ message: 'The publication was withdrawn', extensions }] } }),
    };
    const { stderr } = await hub(['round', 'status', 'rnd_1', ...withToken()]);
    expect(stderr).toContain('(since 2026-11-02, because some of its figures are wrong)');
  });
  test('list says of a round whether what it has published was withdrawn', async () => {
    const rounds = ['2025-Q1', '2025-Q2'].map((period) => ({
      node: { ...node, state: 'PUBLISHED', period, missing: [] },
    }));
    const published = (number: number, period: string, state: string) => ({
      node: { id: 'pub_1', number, period, state, dataset: node.dataset, digest: '' },
    });
    const publications = [
      published(3, '2025-Q2', 'WITHDRAWN'),
      published(2, '2025-Q2', 'SUPERSEDED'),
      published(1, '2025-Q1', 'CURRENT'),
    ];
    const pageInfo = { hasNextPage: false, endCursor: null };
    answers = {
      '/graphql': () => ({
        body: {
          data: { region: { rounds: { edges: rounds, pageInfo }, publications: { edges: publications, pageInfo } } },
        },
      }),
    };
    const { stdout } = await hub(['round', 'list', '--region', 'E12000001', ...withToken()]);
    expect(stdout).toMatch(/^published +2025-Q1 .*\nwithdrawn +2025-Q2 .*\n$/);
    // Under an agreement that is suspended or has ended rounds are shown, publications are not.
    const refusing = (code: string) => {
      const errors = [{ message: 'The agreement is not in force', extensions: { code, kind: 'conflict' } }];
      answers = {
        '/graphql': (body) =>
          body.includes('publications(')
            ? { body: { data: { region: { publications: null } }, errors } }
            : { body: { data: { region: { rounds: { edges: rounds, pageInfo } } } } },
      };
      return hub(['round', 'list', '--region', 'E12000001', ...withToken(), '--json']);
    };
    const json = await refusing('AGREEMENT_NOT_IN_FORCE');
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout) as { withdrawn: unknown }[]).map(({ withdrawn }) => withdrawn)).toEqual([
      null,
      null,
    ]);
    expect((await refusing('READING_TOO_MUCH')).code).not.toBe(0);
  });
  test('status shows a lead who is late or missing, and an authority what is nil and what is not given', async () => {
    const authority = { code: 'E06000001', name: 'Hartlepool' };
    const indicator = (code: string, state: string, counted = true, expected: string[] = []) => ({
      indicator: { code, name: null },
      state,
      counted,
      expected,
    });
    const returns = [
      {
        authority,
        state: 'REPORTED',
        version: 1,
        receivedAt: '2025-07-22T09:00:00.000Z',
        late: true,
        counted: 48,
        indicators: 51,
      },
      {
        authority: { ...authority, code: 'E06000002' },
        state: 'MISSING',
        version: null,
        receivedAt: null,
        late: true,
        counted: null,
        indicators: 51,
      },
    ];
    const indicators = [
      indicator('RF01', 'REPORTED', true, ['RF01|source']),
      indicator('SF03', 'CONFIRMED_NIL'),
      indicator('CN03', 'REPORTED', false),
    ];
    const mine = [{ authority, version: 2, receivedAt: '2025-07-22T09:00:00.000Z', late: false, indicators }];
    const remarks = ['The round closes on a bank holiday.'];
    const notices = [{ authority, kind: 'AFTER_DUE', madeAt: '2025-07-21T06:00:00.000Z', sentAt: null }];
    answers = { '/graphql': () => ({ body: { data: { round: { ...node, returns, mine, remarks, notices } } } }) };
    const { code, stdout } = await hub(['round', 'status', 'rnd_1', ...withToken()]);
    expect(code).toBe(0);
    expect(stdout).toContain('reminded after the due date on 2025-07-21, no mail has left: E06000001 Hartlepool\n');
    expect(stdout).toContain(remarks[0]!);
    expect(stdout).toMatch(/reported +late +E06000001 +2025-07-22 +48 of 51 indicators/);
    expect(stdout).toMatch(/not sent +late +E06000002/);
    expect(stdout).toContain('1 of 2 reported, 1 not sent, 2 late (due 2025-07-20).');
    expect(stdout).toMatch(
      /E06000001 Hartlepool: version 2 of 2025-07-22\n +reported +1 +RF01\n +confirmed nil +1 +SF03\n/,
    );
    expect(stdout).toMatch(/said, without a count +1 +CN03\n +breakdowns not given +1 +RF01\|source\n/);
    const json = await hub(['round', 'status', 'rnd_1', '--json', ...withToken()]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'open',
      returns: [{ state: 'reported' }, { state: 'missing' }],
      mine: [{ indicators: [{ state: 'reported' }, { state: 'confirmedNil' }, { counted: false }] }],
    });
  });
  test('exception passes what it was told', async () => {
    const granted = {
      authority: { code: 'E06000001', name: 'Hartlepool' },
      until: '2025-08-05',
      reason: 'A new case system.',
      grantedAt: '2025-08-01T09:00:00.000Z',
    };
    answers = { '/graphql': () => ({ body: { data: { grantException: granted } } }) };
    const asks = (until: string) =>
      [
        'round',
        'exception',
        'rnd_1',
        '--authority',
        'E06000001',
        '--until',
        until,
        '--reason',
        granted.reason,
      ] as const;
    const ran = await hub([...asks('2025-08-05'), ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/until +2025-08-05/) as string });
    expect(JSON.parse(asked[0]!.body)).toMatchObject({
      variables: { round: 'rnd_1', authority: 'E06000001', until: '2025-08-05', reason: granted.reason },
    });
    expect(await hub([...asks('5 August'), ...withToken()])).toMatchObject({ code: 2 });
  });
  test('publish --wait waits until it is held, and that is a refusal', async () => {
    let looks = 0;
    answers = {
      '/graphql': (body) => {
        if (body.includes('publishRound'))
          return {
            body: { data: { publishRound: { ...node, state: 'COMPILING', publishesAt: '2199-08-01T08:30:00.000Z' } } },
          };
        const now =
          ++looks < 2 ? { ...node, state: 'COMPILING' } : { ...node, state: 'HELD', heldBecause: 'PUBLICATION_LINKED' };
        return {
          body: {
            data: { round: { ...now, exceptions: null, remarks: [], notices: null, returns: null, mine: null } },
          },
        };
      },
    };
    const ran = await hub(['round', 'publish', 'rnd_1', '--wait', '--json', ...withToken()]);
    expect([ran.code, looks, JSON.parse(ran.stdout)]).toMatchObject([
      1,
      2,
      { state: 'held', heldBecause: 'PUBLICATION_LINKED' },
    ]);
    expect(ran.stderr).toMatch(
      /^… it compiles; what comes of it appears at 2199-08-01 08:30 UTC; waiting\nPUBLICATION_LINKED/,
    );
    expect(asked.some(({ body }) => body.includes('rounds('))).toBe(false);
  });
});

describe('hub receipt verify', () => {
  test.each(vectors.cases)('published receipt: $name: $expected', async ({ receipt, expected }) => {
    const ran = await hub(['receipt', 'verify', write('r.tlog-proof', receipt), '--hub-key', vectors.hubKey]);
    expect(ran.code).toBe(expected === 'holds' ? 0 : expected === 'malformed' ? 2 : 1);
    if (ran.code === 1) expect(ran.stderr).toMatch(/^RECEIPT_INVALID/);
    if (ran.code === 2) expect(ran.stderr).toContain('may have changed its newlines');
    expect(ran.stdout.includes('The receipt holds.')).toBe(expected === 'holds');
  });
  test('the key may stand in a file, and the envelope be compared', async () => {
    const args = [
      'receipt',
      'verify',
      write('r.tlog-proof', vectors.cases[0]!.receipt),
      '--hub-key',
      write('hub.key', `${vectors.hubKey}\n`),
    ];
    const { leaf } = JSON.parse((await hub([...args, '--json'])).stdout) as { leaf: { authority: string } };
    expect(leaf.authority).toBe('E06000001');
    expect(await hub([...args, '--envelope', write('e.txt', 'envelope 0')])).toMatchObject({ code: 0 });
    expect(await hub([...args, '--envelope', write('e.txt', 'envelope 1')])).toMatchObject({ code: 1 });
  });
  const older = verifierKeyLine('hub.example', generateKeyPairSync('ed25519').publicKey);
  test.each<[string, string, number]>([
    ['several lines', `${older}\n${vectors.hubKey}\n`, 0],
    ['several lines, none of them the signer’s', `${older}\n`, 1],
    ['lines as another system ends them', `${older}\r\n\r\n${vectors.hubKey}\r\n`, 0],
    ['nothing', '\n', 2],
    ['something else', 'Hello\n', 2],
    [
      'a saved hub.json',
      JSON.stringify({ ledgerKey: older, ledgerKeys: [{ line: older }, { line: vectors.hubKey }] }, null, 1),
      0,
    ],
    ['a hub.json of before a rotation', JSON.stringify({ hubId: 'hub.example', ledgerKey: vectors.hubKey }), 0],
    ['a hub.json of another hub', JSON.stringify({ ledgerKey: older, ledgerKeys: [{ line: older }] }), 1],
    ['JSON without keys', '{"ledgerKeys":[null,{"line":1}]}', 2],
  ])('the file of keys holds %s', async (_what, text, code) => {
    const receipt = write('r.tlog-proof', vectors.cases[0]!.receipt);
    const ran = await hub(['receipt', 'verify', receipt, '--hub-key', write('hub.keys', text)]);
    expect(ran).toMatchObject({ code });
    expect(ran.stdout.includes('The receipt holds.')).toBe(code === 0);
  });
});

test('help lists the words that an option takes, and a usage line has one space between its parts', async () => {
  const helpOf = async (...command: string[]) => (await hub([...command, '--help'])).stdout;
  for (const command of [['member', 'invite'], ['token']])
    expect(await helpOf(...command)).toContain('authority-approver');
  expect(await helpOf('issue', 'list')).toContain('inProgress');
  expect(await helpOf('agreement', 'list')).toContain('inForce');
  expect(await helpOf('round', 'open')).toContain('2026-08-14T09:30:00Z');
  expect(await helpOf('token')).toMatch(/^usage: .*--assertion-audience/);
  expect(await helpOf('dataset', 'list')).toMatch(/^usage: hub dataset list \[--json\]\n/);
  expect(await helpOf('submission', 'send')).toContain('authority-system');
});

test('an argument too many is told which option was meant, and codes are taken in small letters', async () => {
  const named = await hub(['round', 'list', 'E12000001', ...withToken()]);
  expect(named).toMatchObject({ code: 2, stderr: expect.stringContaining('--region E12000001') as string });
  answers['/graphql'] = () => ({ body: { data: { region: { rounds: { edges: [], pageInfo: {} } } } } });
  await hub(['round', 'list', '--region', 'e12000001', ...withToken()]);
  expect(asked[0]!.body).toContain('E12000001');
  const figures = [
    'own',
    'figures',
    'e06000001',
    '--indicators',
    'lm01, lm11',
    '--until',
    '2025-q4',
    '--category',
    't03',
  ];
  answers['/graphql'] = () => ({ body: { data: { ownFigures: { edges: [], pageInfo: { hasNextPage: false } } } } });
  await hub([...figures, ...withToken()]);
  expect(JSON.parse(asked[1]!.body)).toMatchObject({
    variables: { authority: 'E06000001', indicators: ['LM01', 'LM11'], until: '2025-Q4', category: 't03' },
  });
});

test.each([
  ['e06000001,E06000002', 'E06000001,E06000002'],
  ['rf01|source=police#count, rf05#count', 'RF01|source=police#count, RF05#count'],
  ['pub_1 cp01|duration=0-3#count e06000001', 'pub_1 CP01|duration=0-3#count E06000001'],
  ['2025-fy', '2025-FY'],
  ['2026-04-01', '2026-04-01'],
  ['brd-tees, regional-lead, ag10x, xe06000001', 'brd-tees, regional-lead, ag10x, xe06000001'],
])('codes are taken in small letters: %s', (given, taken) => {
  expect(codesIn(given)).toBe(taken);
});

test('an instant without its time zone, and a state that there is not, are wrong usage', async () => {
  const dates = ['--opens', '2026-07-01', '--due', '2026-07-10', '--closes', '2026-07-20'];
  const round = ['round', 'open', '--region', 'E12000001', '--dataset', 'workforce', '--period', '2025-H2', ...dates];
  const at = await hub([...round, '--publishes-at', '2026-08-14 09:30', ...withToken()]);
  expect(at).toMatchObject({ code: 2, stderr: expect.stringContaining('--publishes-at is an instant') as string });
  const state = await hub(['issue', 'list', '--as', 'E06000001', '--state', 'open', ...withToken()]);
  expect(state).toMatchObject({ code: 2, stderr: expect.stringContaining('--state is one of') as string });
  expect(asked).toEqual([]);
});

test('hub token asks the development issuer, and prints the token alone', async () => {
  write('dev.json', JSON.stringify({ issuer: url, audience: 'urn:hub' }));
  write('dev-issuer.json', JSON.stringify({ clientSecret: 's3cret' }));
  answers = {
    '/.well-known/openid-configuration': () => ({ body: { token_endpoint: `${url}/token` } }),
    '/token': () => ({ body: { access_token: 'abc.def' } }),
  };
  expect(await hub(['token', '--as', 'regional-lead', '--of', 'E12000001'])).toEqual({
    code: 0,
    stdout: 'abc.def\n',
    stderr: '',
  });
  expect(Object.fromEntries(new URLSearchParams(asked[1]!.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'regional-lead@E12000001',
    client_secret: 's3cret',
    resource: 'urn:hub',
  });
  answers['/token'] = () => ({ status: 401, body: { error: 'invalid_client' } });
  expect(await hub(['token', '--as', 'king', '--of', 'E12000001'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/--as is one of .*authority-analyst.*ROLE-2/) as string,
  });
  answers['/.well-known/openid-configuration'] = () => ({ body: { token_endpoint: 'http://elsewhere.example/token' } });
  expect(await hub(['token', '--as', 'regional-lead', '--of', 'E12000001'])).toMatchObject({ code: 3, stdout: '' });
});

test('hub token gets a system its token by its own key, from the issuer that the hub names', async () => {
  answers = {
    '/.well-known/hub.json': () => ({ body: { hubId: 'hub.example', issuer: url, audience: 'urn:hub' } }),
    '/.well-known/openid-configuration': () => ({ body: { issuer: url, token_endpoint: `${url}/token` } }),
    '/token': () => ({ body: { access_token: 'abc.def', token_type: 'Bearer', expires_in: 60 } }),
  };
  const args = ['token', '--client', 'client-1', '--key', await key('system')];
  expect(await hub([...args, '--url', url])).toEqual({ code: 0, stdout: 'abc.def\n', stderr: '' });
  const form = Object.fromEntries(new URLSearchParams(asked.at(-1)!.body));
  expect(form).toMatchObject({ grant_type: 'client_credentials', client_id: 'client-1', resource: 'urn:hub' });
  expect(form['client_assertion']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(form).not.toHaveProperty('client_secret');
  asked = [];
  expect(await hub([...args, '--issuer', url, '--audience', 'urn:other'])).toMatchObject({ code: 0 });
  expect(asked.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration', '/token']);
  answers['/token'] = () => ({ status: 401, body: { error: 'invalid_client' } });
  const refused = await hub([...args, '--url', url]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^TOKEN_REFUSED: /);
  for (const wrong of [['token'], ['token', '--client', 'c'], [...args], [...args, '--as', 'steward', '--of', 'hub']]) {
    expect(await hub(wrong)).toMatchObject({ code: 2, stdout: '' });
  }
});

describe('hub member, system and circle', () => {
  const graphql = (data: object) => (answers = { '/graphql': () => ({ body: { data } }) });
  const sent = () => (JSON.parse(asked.at(-1)!.body) as { variables: Record<string, unknown> }).variables;
  const invitation = {
    id: 'inv_1',
    role: 'AUTHORITY_ANALYST',
    of: 'E06000001',
    name: 'Ann',
    from: '2026-01-01',
    until: null,
    state: 'OPEN',
    expiresAt: '2026-01-15T09:00:00.000Z',
    code: null,
  };
  const system = {
    id: 'sys_1',
    of: 'E06000001',
    client: 'c-1',
    name: 'S',
    from: '2026-01-01',
    until: null,
    state: 'PENDING',
    member: null,
  };

  test('invite sends the role as the API names it, and shows the code with whose it is', async () => {
    graphql({ inviteMember: { ...invitation, code: 'secret-code' } });
    const args = ['member', 'invite', '--role', 'authority-analyst', '--of', 'E06000001', '--name', 'Ann'];
    const ran = await hub([...args, '--until', '2027-01-01', ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/Give the code to Ann alone.*2026-01-15/) });
    expect(ran.stdout).toMatch(/code +secret-code/);
    expect(sent()).toEqual({
      role: 'AUTHORITY_ANALYST',
      of: 'E06000001',
      name: 'Ann',
      from: null,
      until: '2027-01-01',
    });
    expect(await hub([...args, '--until', 'soon', ...withToken()])).toMatchObject({ code: 2 });
    expect(await hub([...args.with(3, 'king'), ...withToken()])).toMatchObject({ code: 2 });
  });

  test('accept reads the code from a file, for a command line is seen by others', async () => {
    graphql({ acceptInvitation: { id: 'm', roles: [{ role: 'SCRUTINEER', of: 'E06000001' }] } });
    const ran = await hub(['member', 'accept', '--code-file', write('code', 'secret-code\n'), ...withToken()]);
    expect(ran).toEqual({ code: 0, stdout: 'scrutineer of E06000001\n', stderr: '' });
    expect(sent()).toEqual({ code: 'secret-code' });
  });

  test.each<[string, string[], object, RegExp, Record<string, unknown>]>([
    [
      'member list',
      ['--of', 'E06000001'],
      {
        members: [{ member: 'm-1', name: 'Ann', role: 'SCRUTINEER', of: 'E06000001', from: '2026-01-01', until: null }],
      },
      /scrutineer +Ann +2026-01-01 +m-1/,
      { of: 'E06000001' },
    ],
    [
      'member invitations',
      ['--of', 'E06000001'],
      { invitations: [invitation] },
      /open +authority-analyst +Ann/,
      { of: 'E06000001' },
    ],
    [
      'member withdraw',
      ['inv_1'],
      { withdrawInvitation: { ...invitation, state: 'WITHDRAWN' } },
      /state +withdrawn/,
      { id: 'inv_1' },
    ],
    [
      'member end',
      ['m-1', '--role', 'scrutineer', '--of', 'E06000001', '--on', '2026-02-01'],
      {
        endRole: {
          member: 'm-1',
          name: 'Ann',
          role: 'SCRUTINEER',
          of: 'E06000001',
          from: '2026-01-01',
          until: '2026-02-01',
        },
      },
      /scrutineer of E06000001, 2026-01-01 to 2026-02-01/,
      { id: 'm-1', role: 'SCRUTINEER', of: 'E06000001', on: '2026-02-01' },
    ],
    [
      'system register',
      ['--client', 'c-1', '--of', 'E06000001', '--name', 'S'],
      { registerSystem: system },
      /state +pending/,
      { of: 'E06000001', client: 'c-1', name: 'S', from: null, until: null },
    ],
    [
      'system confirm',
      ['sys_1'],
      { system: { ...system, state: 'CONFIRMED', member: 'm-2' } },
      /member +m-2/,
      { id: 'sys_1' },
    ],
    ['system withdraw', ['sys_1'], { system: { ...system, state: 'WITHDRAWN' } }, /state +withdrawn/, { id: 'sys_1' }],
    ['system list', ['--of', 'E06000001'], { systemAccounts: [system] }, /pending +c-1 +S/, { of: 'E06000001' }],
    [
      'circle declare',
      ['--name', 'C', '--authorities', 'E06000001, E06000002', '--from', '2026-01-01', '--series', 'RF05#count'],
      {
        declareCircle: {
          id: 'cir_1',
          name: 'C',
          authorities: [{ code: 'E06000001' }, { code: 'E06000002' }],
          series: ['RF05#count'],
          from: '2026-01-01',
        },
      },
      /knows +RF05#count/,
      { name: 'C', authorities: ['E06000001', 'E06000002'], from: '2026-01-01', series: ['RF05#count'] },
    ],
    [
      'circle list',
      [],
      { circles: [{ id: 'cir_1', name: 'C', authorities: [{ code: 'E06000001' }], series: null, from: '2026-01-01' }] },
      /C +E06000001 +everything/,
      {},
    ],
  ])('%s', async (name, args, data, shown, variables) => {
    graphql(data);
    const ran = await hub([...name.split(' '), ...args, ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(shown) });
    expect(sent()).toEqual(variables);
    const { stdout } = await hub([...name.split(' '), ...args, ...withToken(), '--json']);
    expect(JSON.stringify(JSON.parse(stdout))).not.toMatch(/"[A-Z_]{6,}"/);
  });
});

describe('a command that ends half-way', () => {
  /** The built command behind a few words of the shell: a limit of its files, or another place for its output. */
  const inShell = (words: string, args: string[]): Promise<Ran> =>
    new Promise((done) => {
      const child = spawn('sh', ['-c', words, 'sh', process.execPath, main, ...args]);
      const ran = { stdout: '', stderr: '' };
      child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
      child.on('close', (code) => done({ code, ...ran }));
    });

  test('leaves no part of a pack where its file belongs, and can be typed again', async () => {
    const pack = { digest: 'ab'.repeat(32), markdown: '', html: '<p>'.repeat(50_000) };
    answers = { '/graphql': () => ({ body: { data: { found: { agenda: [], pack } } } }) };
    const args = ['pack', 'mtg_1', '--as', 'brd-tees', '--html', '--out', file('half.html'), ...withToken()];
    // A file of more than a few kilobytes is cut off.
    const cut = await inShell('ulimit -f 8; exec "$@"', args);
    expect(cut.code).not.toBe(0);
    expect(existsSync(file('half.html'))).toBe(false);
    expect(await built(args)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(file('half.html'), 'utf8')).toBe(pack.html);
  });

  test('says so where its output is not taken', async () => {
    const template = ['dataset', 'template', 'safeguarding-quarterly'];
    const ran = await inShell('exec "$@" > /dev/full', template);
    expect(ran).toMatchObject({ code: 2, stderr: 'Standard output cannot be written: the disk is full.\n' });
  });
});

describe('exit codes', () => {
  const make = ['submission', 'make', '--period', '2025-Q1', '--dataset', 'local-measures', '--agreement', 'a@1'];
  const ending = ['--period', '2024-FY', '--indicator', 'RF01', '--reason', 'r'];
  test.each<[string, () => Promise<Ran>, number, RegExp]>([
    ['nothing asked', () => hub([]), 2, /hub keys new/],
    ['no such command', () => hub(['frobnicate']), 2, /no such command/],
    ['a mistyped word', () => hub(['keys', 'lst', ...withToken()]), 2, /Did you mean `hub keys list`/],
    ['a mistyped first word', () => hub(['rond', 'list']), 2, /Did you mean `hub round list`/],
    ['a mistyped group', () => hub(['submision']), 2, /Did you mean `hub submission --help`/],
    ['help for what there is not', () => hub(['benchmark', '--help']), 2, /no such command/],
    ['a mistyped word of a long group', () => hub(['round', 'lst']), 2, /^.*Did you mean `hub round list`.*\n$/],
    [
      'a list for FOI with a folder',
      () => hub(['export', 'E12000001', '--foi', '--out', 'x', ...withToken()]),
      2,
      /--foi .* takes no --out/,
    ],
    ['neighbours without charts', () => exporting('--neighbours', '2021'), 2, /--neighbours .* goes with --charts/],
    [
      'neighbours by a model that there is not',
      () => exporting('--charts', '--neighbours', '2014'),
      2,
      /--neighbours is one of 2025, 2021/,
    ],
    [
      'a payload with a comma too few',
      async () =>
        hub(['submission', 'sign', '--key', await key('system'), '--in', write('p', '{"a":1\n"b":2}'), '--aud', 'h']),
      2,
      /syntax in line 2, column 1\./,
    ],
    ['an unknown option', () => hub(['keys', 'new', '--colour', 'red']), 2, /'--colour'\.\nusage/],
    ['a mistyped option', () => hub(['keys', 'new', '--kdi', 'red']), 2, /Did you mean --kid\?/],
    ['no address', () => hub(['keys', 'approve', 'a']), 2, /--url is missing \(or the environment variable HUB_URL\)/],
    ['a missing option', () => hub(['keys', 'new', '--kid', 'a']), 2, /--out is missing/],
    ['a missing argument', () => hub(['submission', 'status', ...withToken()]), 2, /ID is missing/],
    ['an argument too many', () => hub(['submission', 'status', 'a', 'b', ...withToken()]), 2, /more arguments/],
    [
      'a file that is not there',
      () => hub(['receipt', 'verify', 'nowhere', '--hub-key', vectors.hubKey]),
      2,
      /no such file/,
    ],
    [
      'a key into a folder that is not there',
      () => hub(['keys', 'new', '--kid', 'a', '--out', file('nodir/k.json')]),
      2,
      /cannot be written: there is no such folder\.$/m,
    ],
    [
      'a national release that is not there',
      () => hub(['book', 'load', 'nope.csv', '--map', 'nope.json', '--period', '2024-FY', ...withToken()]),
      2,
      /nope\.csv cannot be read: there is no such file/,
    ],
    [
      'findings of a table: stdout is the payload’s',
      () => hub([...make, '--authority', 'E06000001', '--in', write('t.csv', 'indicator,count,of\nLM01,-4,9\n')]),
      1,
      /^t\.csv:2:[\s\S]*SUBMISSION_INVALID: no payload was made; 1 finding\.$/m,
    ],
    [
      'a mistyped authority',
      () => hub([...make, '--authority', 'E0600001', '--in', write('u.csv', 'indicator,count\n')]),
      2,
      /--authority is a code/,
    ],
    [
      'a template for a period of another length',
      () => hub(['dataset', 'template', 'safeguarding-annual', '--period', '2024-Q1']),
      2,
      /--period is a quarter; safeguarding-annual is asked for each year/,
    ],
    ['no ending', () => hub(['pattern', 'end', 'E12000001', ...ending, ...withToken()]), 2, /--ending is missing/],
    [
      'an ending that is none',
      () => hub(['pattern', 'end', 'E12000001', ...ending, '--ending', 'best', ...withToken()]),
      2,
      /--ending is support, challenge, evaluation, none/,
    ],
    ['a kid that cannot be one', () => hub(['keys', 'new', '--kid', 'a b', '--out', file('x')]), 2, /^KEY_MALFORMED/],
    [
      'a payload that is not strict JSON',
      async () =>
        hub(['submission', 'sign', '--key', await key('system'), '--in', write('p', '{"a":1,"a":2}'), '--aud', 'h']),
      2,
      /not strict JSON/,
    ],
    [
      'a private key where the token should be',
      async () => hub(['round', 'list', '--region', 'E12000001', '--url', url, '--token-file', await key('system')]),
      2,
      /no access token/,
    ],
    [
      'a publication that is none',
      () => built(['publication', 'verify', '-', '--hub-key', vectors.hubKey], { stdin: '{}' }),
      2,
      /is not a file that/,
    ],
    ['a problem that is none', () => built(['disclosure', 'audit'], { stdin: '{}' }), 2, /malformed/],
    [
      'an export without a place to put it',
      () => built(['export', 'E12000001', '--url', 'http://localhost:1', '--token-file', write('token', 'abc')]),
      2,
      /needs --dataset, or --foi/,
    ],
    [
      'nobody there',
      async () =>
        hub([
          'round',
          'list',
          '--region',
          'E12000001',
          '--url',
          await nobodyListens(),
          '--token-file',
          write('token', 'abc'),
        ]),
      3,
      /No answer/,
    ],
    [
      'a hub that cannot answer',
      () => {
        answers = {
          '/graphql': () => ({
            body: {
              data: null,
              errors: [{ message: 'The hub cannot answer', extensions: { code: 'UNAVAILABLE', kind: 'unavailable' } }],
            },
          }),
        };
        return hub(['round', 'list', '--region', 'E12000001', ...withToken()]);
      },
      3,
      /^UNAVAILABLE/,
    ],
  ])('%s', async (_what, run, code, words) => {
    const ran = await run();
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toMatch(words);
    expect(asked.filter(({ headers }) => headers.authorization?.includes('{'))).toEqual([]);
  });

  test('help WORD is WORD --help, and --version is the package’s', async () => {
    expect(await hub(['help', 'submission'])).toEqual(await hub(['submission', '--help']));
    expect((await hub(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('help is no failure', async () => {
    for (const args of [
      ['--help'],
      ['help'],
      ['keys', '--help'],
      ['keys', 'new', '--help'],
      ['disclosure', '--help'],
      ['disclosure', 'protect', '--help'],
      ['help', 'disclosure', 'audit'],
    ]) {
      expect(await hub(args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('hub ') as string });
    }
  });
});

test('address and token may stand in the environment; what is given goes before it', async () => {
  answers = { '/graphql': () => ({ body: { data: { approveKey: { kid: 'a', state: 'ACTIVE' } } } }) };
  process.env['HUB_URL'] = url;
  process.env['HUB_TOKEN_FILE'] = write('token', 'from.the.environment');
  try {
    expect(await hub(['keys', 'approve', 'a'])).toMatchObject({ code: 0, stdout: 'a is active\n' });
    await hub(['keys', 'approve', 'a', '--token-file', write('other', 'given')]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer from.the.environment', 'Bearer given']);
  } finally {
    delete process.env['HUB_URL'];
    delete process.env['HUB_TOKEN_FILE'];
  }
});

test('what works offline loads neither Nest nor TypeORM nor a database', async () => {
  const hook = write(
    'hook.cjs',
    `const Module = require('node:module');
     const seen = new Set();
     const resolveFilename = Module._resolveFilename;
     Module._resolveFilename = function (request, ...rest) { const found = resolveFilename.call(this, request, ...rest); seen.add(found); return found; };
     process.on('exit', () => require('node:fs').writeFileSync(process.env.HUB_TEST_SEEN, [...seen].join('\\n')));`,
  );
  const problem = JSON.stringify({
    cells: [{ id: 'a', value: 3 }],
    equations: [],
    policy: { threshold: 6, zeros: 'printed' },
  });
  const agreement = join(root, 'contracts/agreements/north-east-benchmarking.v1.json');
  const signed = write(
    'signed.json',
    JSON.stringify({ document: JSON.parse(readFileSync(agreement, 'utf8')) as unknown, signatures: [] }),
  );
  const receipt = write('r.tlog-proof', vectors.cases[0]!.receipt);
  for (const [args, stdin] of [
    [['disclosure', 'protect'], problem],
    [['disclosure', 'audit'], JSON.stringify({ ...(JSON.parse(problem) as object), decision: { suppressed: ['a'] } })],
    [['receipt', 'verify', receipt, '--hub-key', vectors.hubKey], ''],
    [['agreement', 'verify', signed], ''],
    [['dataset', 'lint'], ''],
    [
      [
        ...['submission', 'make', '--in', '-', '--authority', 'E06000001', '--period', '2025-Q1'],
        ...['--dataset', 'local-measures', '--agreement', 'north-east-benchmarking@1'],
      ],
      'indicator,count,of,commentary\nLM01,4,9,Homes inspected.\n',
    ],
    [
      ['submission', 'sign', '--key', await key('system'), '--in', write('payload.json', '{}'), '--aud', 'hub.example'],
      '',
    ],
  ] as const) {
    const seen = file('seen');
    const ran = await built([...args], { stdin, env: { NODE_OPTIONS: `--require ${hook}`, HUB_TEST_SEEN: seen } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const loaded = readFileSync(seen, 'utf8').split('\n');
    expect(loaded.some((name) => name.includes('/libs/'))).toBe(true);
    expect(
      loaded.filter((name) => /node_modules\/(@nestjs|typeorm|pg|express|graphql|@apollo|bull)\//.test(name)),
    ).toEqual([]);
  }
});
