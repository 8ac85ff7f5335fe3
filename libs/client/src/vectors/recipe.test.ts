import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { verifyReceipt } from '@hub/ledger/domain';

/** The recipe in Python, for who will not take our program's word: it and our own code say the same of every receipt. */

const recipe = resolve(__dirname, '../../../../docs/examples/verify_receipt.py');
const maybe = spawnSync('python3', ['--version']).status === 0 ? test : test.skip;
const { hubKey, cases } = JSON.parse(readFileSync(join(contractsFolder, 'vectors/receipt.json'), 'utf8')) as {
  hubKey: string;
  cases: { name: string; expected: string; receipt: string }[];
};

/** Whether the recipe takes each of these, all of them in one process; `takes` is the Python that asks it of `case`. */
function said(takes: string, cases: readonly unknown[]): boolean[] {
  const harness = `
import base64, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("recipe", sys.argv[1])
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)
def takes(case):
    try:
        return bool(${takes})
    except (SystemExit, Exception):
        return False
print(json.dumps([takes(case) for case in json.load(sys.stdin)]))`;
  const { stdout, stderr } = spawnSync('python3', ['-B', '-c', harness, recipe, hubKey], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as boolean[];
}
const taken = (receipts: readonly Uint8Array[]) =>
  said(
    'recipe.verify(base64.b64decode(case), [sys.argv[2]])',
    receipts.map((bytes) => Buffer.from(bytes).toString('base64')),
  );
const oursTakes = (receipt: Uint8Array): boolean => {
  try {
    return verifyReceipt(receipt, hubKey) !== undefined;
  } catch {
    return false;
  }
};

test('the recipe has fewer than 100 lines and needs nothing but Python', () => {
  const text = readFileSync(recipe, 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThan(100);
  expect(text.match(/^(import|from) .*$/gm)).toEqual(['import base64, hashlib, json, os, re, sys']);
});

maybe('of every published receipt it says what we say', () => {
  const found = taken(cases.map(({ receipt }) => Buffer.from(receipt)));
  expect(cases.map(({ name }, i) => [name, found[i]])).toEqual(
    cases.map(({ name, expected }) => [name, expected === 'holds']),
  );
});

maybe('it takes the hub’s answer as it was saved, and says how it is called', () => {
  const { receipt } = cases[0]!;
  const answers = [
    { id: 'sub_x', receipt },
    { id: 'sub_x', receipt: receipt.slice(1) },
    { id: 'sub_x', receipt: null },
    {},
  ];
  expect(taken(answers.map((answer) => Buffer.from(JSON.stringify(answer))))).toEqual([true, false, false, false]);
  const call = (...args: string[]) => {
    const { status, stdout } = spawnSync('python3', [recipe, ...args], { encoding: 'utf8' });
    return [status, stdout.includes('verify_receipt.py RECEIPT HUB_KEY [ENVELOPE]')];
  };
  expect([call('--help'), call(), call('a-receipt')]).toEqual([
    [0, true],
    [2, true],
    [2, true],
  ]);
});

maybe('no change of a byte is taken, wherever it is', () => {
  const good = Buffer.from(cases[3]!.receipt);
  const changed = Array.from({ length: Math.floor(good.length / 5) }, (_, i) => {
    const bytes = Buffer.from(good);
    bytes[i * 5]! ^= 1 << (i % 8);
    return bytes;
  });
  const cut = [good.subarray(1), good.subarray(0, -1), Buffer.concat([good, Buffer.from('\n')])];
  expect(taken([good, ...changed, ...cut])).toEqual([true, ...[...changed, ...cut].map(oursTakes)]);
  expect([...changed, ...cut].some(oursTakes)).toBe(false);
  expect(changed.length).toBeGreaterThan(100);
});

const wycheproof = resolve(contractsFolder, '../../shared/data/vectors/wycheproof/ed25519_test.json');
(existsSync(wycheproof) ? maybe : test.skip)('its Ed25519 agrees with all 151 published vectors (Wycheproof)', () => {
  const { testGroups } = JSON.parse(readFileSync(wycheproof, 'utf8')) as {
    testGroups: { publicKey: { pk: string }; tests: { msg: string; sig: string; result: string }[] }[];
  };
  const vectors = testGroups.flatMap(({ publicKey: { pk }, tests }) => tests.map((one) => ({ pk, ...one })));
  const [key, message, signature] = ['pk', 'msg', 'sig'].map((name) => `bytes.fromhex(case["${name}"])`);
  const found = said(`recipe.signed(${key}, ${message}, ${signature})`, vectors);
  expect(found).toEqual(vectors.map(({ result }) => result === 'valid'));
  expect(found).toHaveLength(151);
});
