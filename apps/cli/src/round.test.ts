import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { withToken } = there;

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
  test('check ends the check window', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { checkRound: { ...node, state: 'CHECKED' } } } }) };
    expect(await hub(['round', 'check', 'rnd_1', ...withToken()])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('checked') as string,
    });
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({ variables: { id: 'rnd_1' } });
  });
  test('open passes what it was told', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { openRound: node } } }) };
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
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({
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
      there.answers = { '/graphql': () => ({ body: { data: { round: round(of) } } }) };
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
    there.answers = { '/graphql': () => ({ body: { data: { openEdition: { ...node, edition: 'REVISED' } } } }) };
    const asks = ['rnd_1', '--due', '2025-09-20', '--closes', '2025-09-30', '--edition', 'revised'];
    expect(await hub(['round', 'edition', ...asks, ...withToken()])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('revised') as string,
    });
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({
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
    there.answers = { '/graphql': () => ({ body: { data: { region: { rounds: { edges, pageInfo } } } } }) };
    const { stdout } = await hub(['round', 'list', '--region', 'E12000001', ...withToken()]);
    expect(stdout).toMatch(
      /^open +\S+ +revised .*rnd_1\nopen +\S+ +provisional .*rnd_1\n +due 20 Jul 2025, not yet sent: E06000002\n$/,
    );
    there.answers = { '/graphql': () => ({ body: { data: { closeRound: { ...node, missing: [] } } } }) };
    expect((await hub(['round', 'close', 'rnd_1', ...withToken()])).stdout).toMatch(/returns +all have sent\n$/);
  });
  test('own figures have the same number of decimals, one under another', async () => {
    const figure = (code: string, value: number) => ({
      indicator: { code },
      dimension: null,
      category: null,
      kind: 'value',
      count: 40,
      of: 80,
      value,
      unit: '%',
    });
    const check = {
      replaces: null,
      reason: null,
      figures: [figure('RF02', 50), figure('RF03', 12.5)],
      answers: [],
      commentary: [],
      changes: [],
    };
    const own = { authority: { code: 'E06000001', name: 'Hartlepool' }, version: 1, confirmed: false, check };
    there.answers = {
      '/graphql': () => ({
        body: { data: { round: { mine: [own] }, rounds: { edges: [{ node: { mine: [own] } }] } } },
      }),
    };
    const { stdout } = await hub(['round', 'figures', 'rnd_1', ...withToken()]);
    expect(stdout).toContain('50.0 %');
    expect(stdout).toContain('12.5 %');
  });
  test('what a hub refuses because of a withdrawal is said in words', async () => {
    const extensions = {
      code: 'PUBLICATION_WITHDRAWN',
      kind: 'gone',
      facts: { since: '2026-11-02', because: 'figuresWrong' },
    };
    there.answers = {
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
    there.answers = {
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
      there.answers = {
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
    const mine = [
      {
        authority,
        version: 2,
        receivedAt: '2025-07-22T09:00:00.000Z',
        late: false,
        waiting: null,
        withdrawn: null,
        indicators,
      },
    ];
    const remarks = ['The round closes on a bank holiday.'];
    const notices = [
      { authority, kind: 'AFTER_DUE', madeAt: '2025-07-21T06:00:00.000Z', sentAt: null },
      { authority, kind: 'WITHDRAWN', madeAt: '2025-11-27T06:00:00.000Z', sentAt: '2025-11-27T06:00:01.000Z' },
    ];
    there.answers = { '/graphql': () => ({ body: { data: { round: { ...node, returns, mine, remarks, notices } } } }) };
    const { code, stdout } = await hub(['round', 'status', 'rnd_1', ...withToken()]);
    expect(code).toBe(0);
    expect(stdout).toContain('reminded after the due date on 2025-07-21, no mail has left: E06000001 Hartlepool\n');
    expect(stdout).toContain('told of a withdrawal on 2025-11-27, by mail: E06000001 Hartlepool\n');
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
  test('list takes its region bare or as an option, and one alone', async () => {
    const rounds = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
    there.answers = { '/graphql': () => ({ body: { data: { region: { rounds } } } }) };
    const list = (...args: string[]) => hub(['round', 'list', ...args, ...withToken()]);
    for (const args of [['e12000001'], ['--region', 'E12000001']]) {
      expect((await list(...args)).code).toBe(0);
      expect(there.asked.at(-1)!.body).toContain('E12000001');
    }
    expect((await list()).code).toBe(2);
    expect((await list('E12000001', 'E12000005')).code).toBe(2);
  });
  test('figures says how the own raw figures are to be handled, and names them', async () => {
    const place = { indicator: { code: 'LA07', name: 'Missing from care' }, dimension: null, category: null };
    const figures = [{ ...place, kind: 'VALUE', count: 3, of: 564, value: 0.53, unit: '%' }];
    const check = { replaces: null, reason: null, figures, answers: [], commentary: [], changes: null };
    const mine = [{ authority: { code: 'E06000001', name: 'Hartlepool' }, version: 2, confirmed: false, check }];
    there.answers = { '/graphql': () => ({ body: { data: { round: { mine } } } }) };
    const { stdout } = await hub(['round', 'figures', 'rnd_1', ...withToken()]);
    expect(stdout).toMatch(/^E06000001 Hartlepool, version 2\nRaw figures of your own authority.*Do not share/);
    expect(stdout).toMatch(/^ {2}LA07 +3 +of 564 +0\.5 % +Missing from care$/m);
  });
  test('confirm says of which version', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { confirmReturn: { ...node, missing: null } } } }) };
    const args = ['rnd_1', '--authority', 'E06000001', '--version', '2'];
    expect((await hub(['round', 'confirm', ...args, ...withToken()])).stdout).toMatch(
      /^Confirmed: version 2 of E06000001\.\n/,
    );
  });
  test('status says of an own return that was withdrawn, or waits, that it is so', async () => {
    const told = async (more: object) => {
      const authority = { code: 'E06000001', name: 'Hartlepool' };
      const none = { version: null, receivedAt: null, late: false, waiting: null, withdrawn: null, indicators: [] };
      const mine = [{ authority, ...none, ...more }];
      const round = { ...node, returns: null, remarks: [], notices: null, mine };
      there.answers = { '/graphql': () => ({ body: { data: { round } } }) };
      return (await hub(['round', 'status', 'rnd_1', ...withToken()])).stdout.split('\n').at(-2);
    };
    expect(await told({})).toBe('E06000001 Hartlepool: nothing sent yet');
    expect(await told({ withdrawn: 3 })).toBe('E06000001 Hartlepool: version 3 was withdrawn, and nothing is in use');
    expect(await told({ waiting: 'sub_4' })).toBe(
      'E06000001 Hartlepool: nothing sent yet, sub_4 waits for its approver',
    );
  });
  test('exception passes what it was told', async () => {
    const granted = {
      authority: { code: 'E06000001', name: 'Hartlepool' },
      until: '2025-08-05',
      reason: 'A new case system.',
      grantedAt: '2025-08-01T09:00:00.000Z',
    };
    there.answers = { '/graphql': () => ({ body: { data: { grantException: granted } } }) };
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
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({
      variables: { round: 'rnd_1', authority: 'E06000001', until: '2025-08-05', reason: granted.reason },
    });
    expect(await hub([...asks('5 August'), ...withToken()])).toMatchObject({ code: 2 });
  });
  test('publish --wait waits until it is held, and that is a refusal', async () => {
    let looks = 0;
    there.answers = {
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
    expect(there.asked.some(({ body }) => body.includes('rounds('))).toBe(false);
  });
});
