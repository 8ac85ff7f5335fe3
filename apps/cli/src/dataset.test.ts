import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { run } from './hub';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hub-dataset-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function hub(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await run(args, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

test('lint over all that comes with the hub finds nothing', async () => {
  expect(await hub('dataset', 'lint')).toEqual({ code: 0, out: '8 specifications, 0 findings.\n', err: '' });
});

test('lint names file, place and rule of each finding, and fails', async () => {
  const name = 'workforce.1.1.json';
  const text = readFileSync(join(contractsFolder, 'datasets', 'workforce.1.0.json'), 'utf8');
  const changed = text.replace('"version":"1.0"', '"version":"1.1"').replace('"since":null', '"since":"1.0"');
  const path = join(folder, name);
  writeFileSync(path, changed.replace('"polarity":"lower"', '"polarity":"higher"'));
  const { code, out } = await hub('dataset', 'lint', path);
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    `${name}:/changes/list changes it is not said that indicators/WF01/polarity was changed`,
    `${name}:/indicators/0/polarity shared WF01 has another polarity in safeguarding-annual`,
    `${name}:/indicators/0/polarity shared WF01 has another polarity in safeguarding-quarterly`,
    '1 specification, 3 findings.',
    '',
  ]);
  const json = await hub('dataset', 'lint', path, '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    files: [name],
    findings: [{ file: name, pointer: '/changes/list' }, {}, {}],
  });
  expect((await hub('dataset', 'lint', join(folder, 'none.json'))).code).toBe(2);
});

test('list and show say what is asked for; an unknown one is refused with those that there are', async () => {
  expect((await hub('dataset', 'list')).out).toContain('8 indicators, 10 breakdowns, 7 rules');
  const { out: shown } = await hub('dataset', 'show', 'front-door-monthly@1.0');
  expect(shown).toContain('FD02  Contacts leading to referral');
  expect(shown).toMatch(
    /\nCategories, as --category DIMENSION=CATEGORY takes them\nsource +individual school .* police .*unknown\n/,
  );
  const { code, err } = await hub('dataset', 'show', 'workfource');
  expect([code, err]).toEqual([2, expect.stringContaining('DATASET_ABSENT')]);
  expect(err).toContain('workforce');
});

test('a template is filled with the last return of the same dataset alone', async () => {
  const payload = {
    dataset: { code: 'workforce', version: '1.0' },
    rows: [{ indicator: 'WF05', count: 12.5, of: 900 }],
  };
  const path = join(folder, 'last.json');
  writeFileSync(path, JSON.stringify(payload));
  const { out } = await hub('dataset', 'template', 'workforce', '--period', '2025-H1', '--previous', path);
  expect(out).toContain('workforce,1.0,2025-H1,,WF05,,,Absence,12.5,900,');
  expect((await hub('dataset', 'template', 'representations', '--previous', path)).code).toBe(2);
});

test('help of a template says what is written in the columns of answers', async () => {
  const { out } = await hub('dataset', 'template', '--help');
  for (const column of ['query', 'answer', 'explanation']) expect(out).toContain(column);
});

test('a table or a payload in the place of an envelope is told what comes first', async () => {
  const place = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const table = place('return.csv', 'indicator,count\nLM01,4\n');
  const workbook = place('workbook', 'PK\u0003\u0004');
  const payload = place('unsigned.json', '{"authority":"E06000001","rows":[]}');
  const token = place('token', 'abc');
  const key = join(folder, 'wrong-file.json');
  await hub('keys', 'new', '--kid', 'test', '--out', key);
  const there = ['--url', 'http://127.0.0.1:1', '--token-file', token];
  for (const file of [table, workbook]) {
    const signed = await hub('submission', 'sign', '--key', key, '--in', file, '--aud', 'hub.example');
    expect(signed).toMatchObject({ code: 2, out: '', err: expect.stringContaining('hub submission make') as string });
  }
  for (const command of [
    ['check', '--in'],
    ['send', '--in'],
    ['send-all', '--receipts', folder],
  ]) {
    const { code, err } = await hub('submission', ...command, table, ...there);
    expect([code, err]).toEqual([2, expect.stringContaining('is a table: make its payload first')]);
    const unsigned = await hub('submission', ...command, payload, ...there);
    expect([unsigned.code, unsigned.err]).toEqual([2, expect.stringContaining('is not signed yet')]);
  }
});

describe('submission make', () => {
  const made = (text: string, ...more: string[]) => {
    const path = join(folder, 'E06000001.csv');
    writeFileSync(path, text);
    return hub(
      'submission',
      'make',
      '--in',
      path,
      '--authority',
      'E06000001',
      '--dataset',
      'local-measures',
      '--period',
      '2025-Q1',
      '--agreement',
      'north-east-benchmarking@1',
      ...more,
    );
  };
  const good = 'indicator,count,of,commentary\nLM01,4,9,Homes inspected.\n';

  test('writes the payload that is signed, a row on a line, and nothing else', async () => {
    const { code, out, err } = await made(good);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      `{"agreement":{"id":"north-east-benchmarking","version":1},
"authority":"E06000001",
"commentary":[
{"indicator":"LM01","text":"Homes inspected."}
],
"dataset":{"code":"local-measures","version":"1.1"},
"period":"2025-Q1",
"rows":[
{"count":4,"indicator":"LM01","of":9}
]}
`,
    );
    const payload = join(folder, 'payload.json');
    writeFileSync(payload, out);
    const key = join(folder, 'key.json');
    await hub('keys', 'new', '--kid', 'test', '--out', key);
    const signed = await hub('submission', 'sign', '--key', key, '--in', payload, '--aud', 'hub.example');
    const { payload: inside } = JSON.parse(signed.out) as { payload: string };
    expect(Buffer.from(inside, 'base64url').toString()).toBe(out);
  });

  test('prints findings as file:row:column rule message, and makes nothing', async () => {
    const { code, out, err } = await made(`${good}LM02,<5,9,Homes.\nLM99,1,,\n`);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.split('\n').slice(0, 2)).toEqual([
      'E06000001.csv:3:2 marker-for-number (column B, count, LM02) This is a marker, not a number: 0 says that there were none; for anything else leave the cell empty and write status and reason. (expected: a number, or a status: notCollected (nobody records it here), notApplicable (it cannot occur here), notAvailable (it is recorded, but cannot be told this time))',
      'E06000001.csv:4:1 unknown-indicator (column A, indicator) The dataset has no such indicator. Did you mean LM09? (expected: a code of local-measures)',
    ]);
    expect(err).toContain('SUBMISSION_INVALID: no payload was made; 2 findings.');
  });

  test('says with --reason why the return takes the place of another, and refuses what is about a person', async () => {
    const { out } = await made(good, '--reason', 'Two homes had been left out.');
    expect(JSON.parse(out)).toMatchObject({ reason: 'Two homes had been left out.' });
    const { code, err } = await made(good, '--reason', 'Ring 0191 498 0000');
    expect([code, err]).toEqual([1, expect.stringContaining('looks-like-a-person') as string]);
  });

  test('a period of another kind, or an agreement without a version, is wrong usage', async () => {
    expect((await made(good, '--period', '2025-07')).code).toBe(2);
    expect((await made(good, '--agreement', 'north-east-benchmarking')).code).toBe(2);
  });
});
