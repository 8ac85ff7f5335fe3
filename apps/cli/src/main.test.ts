import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nobodyListens } from '../../../test/support/nobody';
import { answeringHub, hub, receipts, root, type Ran } from './answering-hub.builder';
import { codesIn } from './command';

const main = join(root, 'dist/apps/cli/src/main.js');
beforeAll(() => {
  if (!process.env['HUB_TEST_BUILT'] || !existsSync(main))
    execFileSync(process.execPath, ['infra/build.mjs'], { cwd: root });
});
const there = answeringHub();
const { file, write, key, withToken } = there;

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

const exporting = (...more: string[]) =>
  hub(['export', 'E12000001', '--dataset', 'd', '--period', '2024-FY', '--out', 'x', ...more, ...withToken()]);

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
  const named = await hub(['submission', 'list', 'E06000001', ...withToken()]);
  expect(named).toMatchObject({ code: 2, stderr: expect.stringContaining('--authority E06000001') as string });
  there.answers['/graphql'] = () => ({ body: { data: { region: { rounds: { edges: [], pageInfo: {} } } } } });
  await hub(['round', 'list', '--region', 'e12000001', ...withToken()]);
  expect(there.asked[0]!.body).toContain('E12000001');
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
  there.answers['/graphql'] = () => ({
    body: { data: { ownFigures: { edges: [], pageInfo: { hasNextPage: false } } } },
  });
  await hub([...figures, ...withToken()]);
  expect(JSON.parse(there.asked[1]!.body)).toMatchObject({
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
  expect(there.asked).toEqual([]);
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
    there.answers = { '/graphql': () => ({ body: { data: { found: { agenda: [], pack } } } }) };
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
    ['widened limits without charts', () => exporting('--widened'), 2, /--widened .* goes with --charts/],
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
      () => hub(['receipt', 'verify', 'nowhere', '--hub-key', receipts.hubKey]),
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
      async () =>
        hub(['round', 'list', '--region', 'E12000001', '--url', there.url, '--token-file', await key('system')]),
      2,
      /no access token/,
    ],
    [
      'a publication that is none',
      () => built(['publication', 'verify', '-', '--hub-key', receipts.hubKey], { stdin: '{}' }),
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
        there.answers = {
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
    expect(there.asked.filter(({ headers }) => headers.authorization?.includes('{'))).toEqual([]);
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
  const receipt = write('r.tlog-proof', receipts.cases[0]!.receipt);
  for (const [args, stdin] of [
    [['disclosure', 'protect'], problem],
    [['disclosure', 'audit'], JSON.stringify({ ...(JSON.parse(problem) as object), decision: { suppressed: ['a'] } })],
    [['receipt', 'verify', receipt, '--hub-key', receipts.hubKey], ''],
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
