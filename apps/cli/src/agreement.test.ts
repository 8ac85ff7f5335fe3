import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey, publicOf, readAgreement, signAgreement, signNotice, type PrivateJwk } from '@hub/client';
import { contractsFolder } from '@hub/contracts';
import { run } from './hub';

/** What needs no hub: a document is checked, and who has signed it verified. The rest runs against a real one, in test/e2e. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-cli-agreement-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const contract = (name: string) => join(contractsFolder, 'agreements', `${name}.json`);
const document = readAgreement(readFileSync(contract('north-east-benchmarking.v1')));
function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
async function hub(...args: string[]) {
  const ran = { stdout: '', stderr: '' };
  const code = await run(['agreement', ...args], {
    out: (text) => (ran.stdout += text),
    err: (text) => (ran.stderr += text),
  });
  return { code, ...ran };
}

describe('check', () => {
  const purpose = contract('north-east-peer-challenge.v1');
  const parent = contract('north-east-benchmarking.v1');

  test('a good document is summed up by what its parties agree on, or shown as the page that they will read', async () => {
    const { code, stdout, stderr } = await hub('check', '--in', purpose, '--parent', parent);
    expect([code, stderr]).toEqual([0, 'Nothing speaks against it.\n']);
    expect(stdout).toMatch(/^title {6}North East: figures for peer challenge\n(.*\n)*hides {6}counts from 1 to 9\n/m);
    const page = await hub('check', '--in', purpose, '--parent', parent, '--page');
    expect(page.stdout).toContain('# North East: figures for peer challenge\n');
    expect(page.stdout).toContain('Hartlepool (E06000001)');
  });

  test('every error has its place and what would be right, and a widened clause too', async () => {
    const bad = write('bad.json', { ...document, signOff: 'yes', lawfulBasis: '6(1)(f)' });
    expect(await hub('check', '--in', bad)).toEqual({
      code: 1,
      stdout: `error  /lawfulBasis  AGREEMENT_MALFORMED
    This is not what the form of an agreement has at this place.
    expected: 6(1)(c), 6(1)(e)
error  /signOff  AGREEMENT_MALFORMED
    This is not what the form of an agreement has at this place.
    expected: true or false
`,
      stderr: 'AGREEMENT_MALFORMED: The hub would refuse this document, for 2 reasons.\n',
    });
    const wide = JSON.parse(readFileSync(purpose, 'utf8')) as { disclosure: object };
    const wider = write('wide.json', { ...wide, disclosure: { ...wide.disclosure, threshold: 5, surveyThreshold: 5 } });
    const { code, stdout } = await hub('check', '--in', wider, '--parent', parent, '--json');
    expect(code).toBe(1);
    const { accepted, findings } = JSON.parse(stdout) as { accepted: boolean; findings: { severity: string }[] };
    expect(accepted).toBe(false);
    // Notes about dates that run out stand there too.
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'AGREEMENT_WIDENS', pointer: '/disclosure/threshold' },
    ]);
  });

  test('what is no JSON is malformed input', async () => {
    expect(await hub('check', '--in', write('no.json', '{"a":1,"a":2}'))).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('verify', () => {
  const [first, second] = document.parties.map(({ authority }): string => authority) as [string, string];
  let keys: PrivateJwk[];
  let signed: { document: unknown; digest?: string; signatures: Record<string, unknown>[] };
  beforeAll(async () => {
    keys = [await newKey('first-1'), await newKey('second-1', 'ES256')];
    const jws = await Promise.all(
      keys.map((key) => signAgreement({ document, key, at: new Date('2026-04-02T09:30:00Z') })),
    );
    signed = {
      document,
      signatures: [first, second].map((authority, i) => ({
        authority,
        what: 'signature',
        jws: jws[i],
        kid: keys[i]!.kid,
        jwk: publicOf(keys[i]!),
      })),
    };
  });

  test('who has signed, when, with which key; and how many have', async () => {
    const { code, stdout, stderr } = await hub('verify', write('signed.json', signed));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Hartlepool +E06000001 +2026-04-02 09:30 UTC +first-1 +[\w-]{43}$/m);
    expect(stdout).toMatch(/^Gateshead +E08000037 +not signed$/m);
    expect(stdout).toMatch(/\n2 of 12 parties have signed this very document\.\n$/);
    const json = JSON.parse((await hub('verify', write('signed.json', signed), '--json')).stdout) as object;
    expect(json).toMatchObject({ status: 'holds', complete: false, parties: { length: 12 } });
  });

  test('a party that leaves is shown with its day', async () => {
    const jws = await signNotice({ agreement: document, authority: first, from: '2027-01-01', key: keys[0]! });
    const signatures = [...signed.signatures, { ...signed.signatures[0], what: 'withdrawal', jws }];
    const { stdout } = await hub('verify', write('left.json', { ...signed, signatures }));
    expect(stdout).toMatch(/^party +code +signed +leaves from +key/m);
    expect(stdout).toMatch(/^Hartlepool .*UTC +2027-01-01 +first-1/m);
  });

  test('the first that does not hold ends it, with the party and why', async () => {
    const altered = write('altered.json', { ...signed, document: { ...document, handling: 'For everybody.' } });
    expect(await hub('verify', altered)).toEqual({
      code: 1,
      stdout: '',
      stderr: `SIGNATURE_INVALID: The signature of ${first} does not hold. It was made of other words, or with another key than the one beside it.\n`,
    });
    expect(await hub('verify', write('digest.json', { ...signed, digest: '0'.repeat(64) }))).toMatchObject({ code: 1 });
    const theirs = write('keys.json', { [first]: [publicOf(keys[0]!)], [second]: publicOf(keys[0]!) });
    expect(await hub('verify', write('signed.json', signed), '--keys', theirs)).toMatchObject({
      code: 1,
      stderr: `KEY_UNKNOWN: The signature of ${second} does not hold. It was made with a key that is not one of this authority’s.\n`,
    });
  });

  test.each<[string, unknown]>([
    ['a document alone', document],
    ['no object', [1]],
    [
      'a signature without its key',
      { document, signatures: [{ authority: first, what: 'signature', jws: '{}', kid: 'a' }] },
    ],
    ['a document that is none', { document: { v: 2 }, signatures: [] }],
  ])('%s is malformed input', async (_what, content) => {
    expect(await hub('verify', write('other.json', content))).toMatchObject({ code: 2, stdout: '' });
  });
});

test.each<[string, string[], RegExp]>([
  [
    'a version that is none',
    ['sign', 'a', '--version', 'one', '--key', 'x', '--url', 'http://x', '--token-file', 'x'],
    /whole number/,
  ],
  [
    'a state that is none',
    ['list', '--state', 'gone', '--url', 'http://x', '--token-file', 'x'],
    /one of draft, proposed/,
  ],
  [
    'a date that is none',
    [
      'withdraw',
      'a',
      '--version',
      '1',
      '--authority',
      'E06000001',
      '--from',
      '1.4.',
      '--url',
      'http://x',
      '--token-file',
      'x',
    ],
    /a date, 2026-04-01/,
  ],
])('%s is wrong usage', async (_what, args, words) => {
  const { code, stdout, stderr } = await hub(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(words);
});
