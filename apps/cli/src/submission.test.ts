import { readFileSync } from 'node:fs';
import { sha256 } from '@hub/kernel';
import { parseEnvelope } from '@hub/submissions/domain';
import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { file, write, key, withToken } = there;

const finding = {
  severity: 'ERROR',
  rule: 'negative',
  pointer: '/rows/0/count',
  message: 'A count is not below zero.',
  expected: 'a whole number of 0 or more',
  found: '-1',
};

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
    there.answers = { '/submissions': () => ({ status: 201, body: answer }) };
    const envelope = write('envelope.json', (await sign()).stdout);
    const ran = await hub(['submission', 'send', '--in', envelope, ...withToken()]);
    expect(ran).toMatchObject({
      code: 0,
      stdout: answer.receipt,
      stderr: expect.stringContaining('version 2') as string,
    });
    expect(there.asked[0]!.body).toBe(readFileSync(envelope, 'utf8'));
    const json = await hub(['submission', 'send', '--json', '--in', envelope, ...withToken()]);
    expect(JSON.parse(json.stdout)).toEqual({ ...answer, known: false });
  });

  test('send of an old envelope says that it is not in use, and what the hub says to do', async () => {
    const note = {
      severity: 'note',
      rule: 'nothing-in-use',
      pointer: '',
      message: 'Nothing is.',
      expected: 'signed anew',
    };
    const old = { id: 'sub_1', state: 'superseded', version: 2, digest: 'ab', receipt: 'R\n', findings: [note] };
    there.answers = { '/submissions': () => ({ status: 200, body: old }) };
    const { stderr } = await hub(['submission', 'send', '--in', write('e.json', '{}'), ...withToken()]);
    expect(stderr).toMatch(
      /^The hub had it already: sub_1, version 2, superseded\. It is not in use\.\n(.|\n)*signed anew/,
    );
  });

  test('send says who signs next where the return waits for its approver, and gives the envelope to sign', async () => {
    const waiting = { id: 'sub_1', state: 'awaitingSignOff', version: 2, digest: 'ab', receipt: null, findings: [] };
    const text = (await sign()).stdout.trim();
    there.answers = {
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
    there.answers = { '/submissions': () => ({ status: 422, body: problem }) };
    const args = ['submission', 'send', '--in', write('e.json', '{}'), ...withToken()];
    const ran = await hub(args);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^SUBMISSION_INVALID: The return(.|\n)*\/rows\/0\/count(.|\n)*Mend it\./);
    const json = await hub([...args, '--json']);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'SUBMISSION_INVALID', findings: [{ rule: 'negative' }] });
  });

  test('check lists every finding; exit 1 when one refuses', async () => {
    there.answers = {
      '/graphql': () => ({ body: { data: { checkSubmission: { accepted: false, findings: [finding] } } } }),
    };
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
    there.answers = { '/graphql': () => ({ body: { data: { checkSubmission: { accepted: true, findings: [] } } } }) };
    expect(await hub(args)).toMatchObject({ code: 0, stderr: '' });
  });

  test('check and a refused send name the count that a finding is about', async () => {
    const payload = '{"dataset":{"code":"local-measures","version":"1.1"},"rows":[{"indicator":"LM01","count":-1}]}';
    const signed = write('signed.json', JSON.stringify({ payload: Buffer.from(payload).toString('base64url') }));
    const problem = { code: 'SUBMISSION_INVALID', title: 'No', findings: [{ ...finding, severity: 'error' }] };
    there.answers = {
      '/graphql': () => ({ body: { data: { checkSubmission: { accepted: false, findings: [finding] } } } }),
      '/submissions': () => ({ status: 422, body: problem }),
    };
    const line = '/rows/0/count (LM01: Own measure 1)  negative';
    expect((await hub(['submission', 'check', '--in', signed, ...withToken()])).stdout).toContain(line);
    expect((await hub(['submission', 'send', '--in', signed, ...withToken()])).stderr).toContain(line);
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
    there.answers = { '/graphql': () => ({ body: { data: { checkSubmission: { accepted: false, findings } } } }) };
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
    there.answers = { '/submissions': () => (times++ === 0 ? busy : { status: 201, body: taken }) };
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
    there.answers = {
      '/submissions/sub_1': () => ({
        body: { id: 'sub_1', state: 'superseded', version: 1, digest: 'ab', receipt: 'R\n', findings: [] },
      }),
    };
    expect((await hub(['submission', 'status', 'sub_1', ...withToken()])).stdout).toMatch(
      /state +superseded\n(.|\n)*R\n$/,
    );
  });

  test('status names the counts that its findings are about, by the envelope that is kept, and by no other', async () => {
    const dataset = { code: 'safeguarding-quarterly', version: '1.0' };
    const payload = JSON.stringify({ dataset, rows: [{ indicator: 'RF01', count: 3 }] });
    const envelope = JSON.stringify({ payload: Buffer.from(payload).toString('base64url'), signatures: [] });
    const found = { severity: 'query', rule: 'change-against-previous', pointer: '/rows/0', message: 'Much.' };
    const digest = sha256(envelope).toString('hex');
    there.answers = {
      '/submissions/sub_1': () => ({
        body: { id: 'sub_1', state: 'accepted', version: 1, digest, receipt: 'R\n', findings: [found] },
      }),
    };
    const status = (text: string) =>
      hub(['submission', 'status', 'sub_1', '--in', write('kept.json', text), ...withToken()]);
    expect((await status(envelope)).stdout).toMatch(/query {2}\/rows\/0 \(RF01: .+\) {2}change-against-previous/);
    expect(await status(envelope.replace('payload', 'other'))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`that has the SHA-256 ${digest}`) as string,
    });
  });
});

test('hub submission withdraw says the reason, and what it means', async () => {
  const withdrawn = { id: 'sub_1', state: 'WITHDRAWN', version: 2, withdrawnBecause: 'Counted twice.' };
  there.answers = { '/graphql': () => ({ body: { data: { withdrawSubmission: withdrawn } } }) };
  const ran = await hub(['submission', 'withdraw', 'sub_1', '--reason', 'Counted twice.', ...withToken()]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/state +withdrawn/) as string });
  expect(ran.stderr).toContain('has sent nothing now');
  expect(JSON.parse(there.asked[0]!.body)).toMatchObject({ variables: { id: 'sub_1', reason: 'Counted twice.' } });
});

test('hub submission list shows how each version came and stands, turns pages, and says where the list is empty why that may be', async () => {
  const one = {
    id: 'sub_2',
    receivedAt: '2026-07-03T09:05:00.000Z',
    dataset: 'workforce',
    period: '2025-H1',
    version: 2,
    state: 'AWAITING_SIGN_OFF',
    kids: ['system'],
    sender: 'm-1',
    signedOffBy: null,
    digest: 'ab'.repeat(32),
    hasReceipt: false,
    carriedBy: null,
  };
  const whole = {
    ...one,
    id: 'sub_1',
    state: 'ACCEPTED',
    kids: ['system', 'hers'],
    signedOffBy: 'm-2',
    hasReceipt: true,
  };
  const pages = [
    { edges: [{ node: one }], pageInfo: { hasNextPage: true, endCursor: 'c' } },
    { edges: [{ node: { ...whole, carriedBy: 'sub_3' } }], pageInfo: { hasNextPage: false, endCursor: null } },
  ];
  const refused = { message: 'No', extensions: { code: 'NOT_FOR_THIS_ROLE' } };
  const known = { data: { members: [{ member: 'm-2', name: 'Ms Ada' }] } };
  const answering = (members: object) => ({
    '/graphql': (body: string) => ({
      body: body.includes('members(')
        ? members
        : { data: { ownSubmissions: pages[body.includes('"after":"c"') ? 1 : 0] } },
    }),
  });
  there.answers = answering({ data: null, errors: [refused] });
  const list = ['submission', 'list', '--authority', 'e06000001', ...withToken()];
  const ran = await hub(list);
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('hub member list --of E06000001') as string });
  const rest = ' '.repeat(16);
  expect(ran.stdout).toBe(`awaitingSignOff 2025-H1  workforce, version 2  sub_2
${rest}received 2026-07-03 09:05 UTC, keys system
${rest}sent by m-1
${rest}envelope ${one.digest}, without a receipt
accepted        2025-H1  workforce, version 2  sub_1
${rest}received 2026-07-03 09:05 UTC, keys system, hers
${rest}sent by m-1, signed off by m-2
${rest}envelope ${one.digest}, with a receipt, came with sub_3
`);
  there.answers = answering(known);
  const named = await hub(list);
  expect(named).toMatchObject({ code: 0, stderr: '', stdout: ran.stdout.replace('by m-2', 'by Ms Ada (m-2)') });
  expect(JSON.parse((await hub([...list, '--json'])).stdout)).toMatchObject([
    { state: 'awaitingSignOff', kids: ['system'] },
    { state: 'accepted', carriedBy: 'sub_3' },
  ]);
  pages.splice(0, 2, { edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  expect((await hub([...list, '--kid', 'sytsem', '--period', '2025-h1'])).stdout).toMatch(
    /that the key sytsem has signed\. How keys are called: hub keys list --organisation E06000001\n$/,
  );
  expect(JSON.parse(there.asked.at(-2)!.body)).toMatchObject({
    variables: { authority: 'E06000001', dataset: null, period: '2025-H1', kid: 'sytsem', after: null },
  });
  expect((await hub(list)).stdout).toBe('No return.\n');
});
