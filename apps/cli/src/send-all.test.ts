import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubProblem, newKey, signEnvelope, Unreachable, type HubClient } from '@hub/client';
import { canonical, sha256 } from '@hub/kernel';
import { formatReceipt } from '@hub/ledger/domain';
import { UsageError } from './command';
import { parcelsOf, sendAll } from './send-all';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hub-send-all-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const receipts = () => join(folder, 'new', 'receipts');
const receiptOf = (envelope: string) => {
  const leaf = {
    v: 1,
    kind: 'submission',
    hub: 'hub.example',
    authority: 'E06000001',
    dataset: { code: 'd', version: '1.0' },
    period: '2025-Q1',
    agreement: { id: 'a', version: 1 },
    version: 1,
    envelope: digestOf(envelope),
    acceptedAt: '2025-07-31T09:00:00.000Z',
  };
  return formatReceipt({ leaf: Buffer.from(canonical(leaf)), index: 0, proof: [], checkpoint: 'c\n' });
};
const digestOf = (envelope: string) => sha256(Buffer.from(envelope)).toString('hex');
/** A hub that takes what it is sent, but for what the texts say; and what it has had before in another envelope. */
const hubThat = (fails: Readonly<Record<string, Error>> = {}, before: Readonly<Record<string, string>> = {}) => {
  const took: string[] = [];
  const submit = (envelope: string) => {
    if (fails[envelope]) return Promise.reject(fails[envelope]);
    took.push(envelope);
    const first = before[envelope] ?? envelope;
    const digest = digestOf(first);
    return Promise.resolve({
      id: 'sub_1',
      state: 'accepted',
      version: 1,
      digest,
      receipt: receiptOf(first),
      findings: [],
    });
  };
  return { took, client: { submit } as unknown as HubClient };
};
const once = { attempts: 1 };

test('keeps each receipt in a folder that it makes, goes on after a refusal, and sends only what has none yet', async () => {
  const files = ['good', 'bad', 'last'].map((name) => write(`${name}.json`, name));
  const refusal = new HubProblem('ROUND_NOT_OPEN', 'There is no open round', { status: 409 });
  const first = await sendAll(hubThat({ bad: refusal }).client, parcelsOf(files, receipts()), once);
  expect(first).toMatchObject({
    exitCode: 1,
    text: `${files[0]}: accepted, version 1\n${files[1]}: ROUND_NOT_OPEN\n${files[2]}: accepted, version 1\n`,
  });
  expect(readFileSync(join(receipts(), 'good.json.receipt'), 'utf8')).toBe(receiptOf('good'));
  const { took, client } = hubThat();
  const again = await sendAll(client, parcelsOf(files, receipts()), once);
  expect(again).toMatchObject({
    exitCode: 0,
    text: `${files[0]}: sent before\n${files[1]}: accepted, version 1\n${files[2]}: sent before\n`,
  });
  expect(took).toEqual(['bad']);
});

test('the receipt of another envelope is filed under no name: which one it is of is told, at every run', async () => {
  const files = ['anew', 'other'].map((name) => write(`${name}.json`, name));
  for (const other of ['accepted, version 1', 'sent before']) {
    const { client } = hubThat({}, { anew: 'at first' });
    const sent = await sendAll(client, parcelsOf(files, receipts()), once);
    expect(sent).toMatchObject({
      exitCode: 0,
      text: `${files[0]}: accepted, version 1, in the envelope ${digestOf('at first')} (sub_1)\n${files[1]}: ${other}\n`,
      remark: expect.stringMatching(
        /^1 of 2 the hub had already, in another envelope: .*hub submission status ID/,
      ) as string,
      json: [{ knownIn: digestOf('at first') }, {}],
    });
    expect(existsSync(join(receipts(), 'anew.json.receipt'))).toBe(false);
  }
});

test('what was signed first goes first, whatever the order of the files', async () => {
  const key = await newKey('a-key');
  const signed = (iat: number) => signEnvelope({ payload: '{}', key, aud: 'hub.example', iat });
  const [newer, older] = [await signed(1752148900), await signed(1752148800)];
  const files = [write('a-newer.json', newer), write('b-none.json', 'none'), write('c-older.json', older)];
  const { took, client } = hubThat();
  await sendAll(client, parcelsOf(files, receipts()), once);
  expect(took).toEqual([older, newer, 'none']);
});

test.each<[string, () => string[], RegExp]>([
  ['no file', () => [], /ENVELOPE is missing/],
  ['two of one name', () => [write('a/e.json', 'a'), write('b/e.json', 'b')], /Two envelopes are called e\.json/],
  ['one that is not there', () => [write('e.json', 'e'), join(folder, 'f.json')], /f\.json cannot be read/],
  [
    'the receipt of another envelope of that name',
    () => (write('new/receipts/e.json.receipt', receiptOf('of last quarter')), [write('e.json', 'e')]),
    new RegExp(
      `e\\.json\\.receipt is the receipt of another envelope \\(E06000001, d 2025-Q1, version 1, SHA-256 ${digestOf('of last quarter')}\\); ` +
        `\\S*e\\.json is ${digestOf('e')}\\. .*give \\S*e\\.json another name`,
    ),
  ],
  [
    'half a receipt',
    () => (write('new/receipts/e.json.receipt', 'c2sp'), [write('e.json', 'e')]),
    /e\.json\.receipt is no receipt, or a part of one: move it away, and \S*e\.json is sent again/,
  ],
  [
    'a file where the folder should be',
    () => (write('new/receipts', ''), [write('e.json', 'e')]),
    /is a file; a folder/,
  ],
])('before anything is sent it refuses %s', (_what, files, words) => {
  expect(() => parcelsOf(files(), receipts())).toThrow(UsageError);
  expect(() => parcelsOf(files(), receipts())).toThrow(words);
});

test('a hub that goes away ends it, and what was sent until then is told', async () => {
  const files = ['one', 'two', 'three'].map((name) => write(`${name}.json`, name));
  const { took, client } = hubThat({ two: new Unreachable('No answer.') });
  const ended = await sendAll(client, parcelsOf(files, receipts()), once);
  expect(ended).toMatchObject({
    exitCode: 3,
    text: `${files[0]}: accepted, version 1\n`,
    remark: 'No answer. 2 of 3 not sent, or without a receipt: run it again.',
  });
  expect([took, existsSync(join(receipts(), 'three.json.receipt'))]).toEqual([['one'], false]);
});

test('a receipt that cannot be written ends it, and says so', async () => {
  const parcels = parcelsOf([write('one.json', 'one'), write('two.json', 'two')], receipts());
  rmSync(receipts(), { recursive: true });
  const { took, client } = hubThat();
  const ended = await sendAll(client, parcels, once);
  expect(ended).toMatchObject({
    exitCode: 3,
    text: '',
    remark: expect.stringMatching(/there is no such folder/) as string,
  });
  expect(took).toEqual(['one']);
});
