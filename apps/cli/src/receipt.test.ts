import { generateKeyPairSync } from 'node:crypto';
import { verifierKeyLine } from '@hub/ledger/domain';
import { answeringHub, hub, receipts } from './answering-hub.builder';

const there = answeringHub();
const { write } = there;

describe('hub receipt verify', () => {
  test.each(receipts.cases)('published receipt: $name: $expected', async ({ receipt, expected }) => {
    const ran = await hub(['receipt', 'verify', write('r.tlog-proof', receipt), '--hub-key', receipts.hubKey]);
    expect(ran.code).toBe(expected === 'holds' ? 0 : expected === 'malformed' ? 2 : 1);
    if (ran.code === 1) expect(ran.stderr).toMatch(/^RECEIPT_INVALID/);
    if (ran.code === 2) expect(ran.stderr).toContain('may have changed its newlines');
    expect(ran.stdout.includes('The receipt holds.')).toBe(expected === 'holds');
    expect(ran.stdout.includes('Which envelope it is of was not looked at')).toBe(expected === 'holds');
  });
  test.each<[string, object, number, string]>([
    ['its receipt', { id: 'sub_x', receipt: receipts.cases[0]!.receipt }, 0, 'The receipt holds.'],
    ['none yet', { id: 'sub_x', receipt: null }, 2, 'holds no receipt yet: the return waits for its approver.'],
    ['something else', { id: 'sub_x' }, 2, 'holds no receipt.'],
  ])('the hub’s answer, as it was saved, holds %s', async (_what, answer, code, says) => {
    const ran = await hub(['receipt', 'verify', write('a.json', JSON.stringify(answer)), '--hub-key', receipts.hubKey]);
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
  test('the key may stand in a file, and the envelope be compared', async () => {
    const args = [
      'receipt',
      'verify',
      write('r.tlog-proof', receipts.cases[0]!.receipt),
      '--hub-key',
      write('hub.key', `${receipts.hubKey}\n`),
    ];
    const { leaf } = JSON.parse((await hub([...args, '--json'])).stdout) as { leaf: { authority: string } };
    expect(leaf.authority).toBe('E06000001');
    expect(await hub([...args, '--envelope', write('e.txt', 'envelope 0')])).toMatchObject({ code: 0 });
    expect(await hub([...args, '--envelope', write('e.txt', 'envelope 1')])).toMatchObject({ code: 1 });
  });
  const older = verifierKeyLine('hub.example', generateKeyPairSync('ed25519').publicKey);
  test.each<[string, string, number]>([
    ['several lines', `${older}\n${receipts.hubKey}\n`, 0],
    ['several lines, none of them the signer’s', `${older}\n`, 1],
    ['lines as another system ends them', `${older}\r\n\r\n${receipts.hubKey}\r\n`, 0],
    ['nothing', '\n', 2],
    ['something else', 'Hello\n', 2],
    [
      'a saved hub.json',
      JSON.stringify({ ledgerKey: older, ledgerKeys: [{ line: older }, { line: receipts.hubKey }] }, null, 1),
      0,
    ],
    ['a hub.json of before a rotation', JSON.stringify({ hubId: 'hub.example', ledgerKey: receipts.hubKey }), 0],
    ['a hub.json of another hub', JSON.stringify({ ledgerKey: older, ledgerKeys: [{ line: older }] }), 1],
    ['JSON without keys', '{"ledgerKeys":[null,{"line":1}]}', 2],
  ])('the file of keys holds %s', async (_what, text, code) => {
    const receipt = write('r.tlog-proof', receipts.cases[0]!.receipt);
    const ran = await hub(['receipt', 'verify', receipt, '--hub-key', write('hub.keys', text)]);
    expect(ran).toMatchObject({ code });
    expect(ran.stdout.includes('The receipt holds.')).toBe(code === 0);
  });
});
