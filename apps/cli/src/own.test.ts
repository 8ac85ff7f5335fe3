import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { withToken } = there;

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
  const sent = () =>
    there.asked.map(({ body }) => (JSON.parse(body) as { variables: Record<string, unknown> }).variables);

  test('prints how to handle them, and a table of each indicator, page after page', async () => {
    there.answers = {
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

  test('says where it looked, where there is nothing', async () => {
    const none = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
    there.answers = { '/graphql': () => ({ body: { data: { ownFigures: none } } }) };
    const told = async (...more: string[]) =>
      (await hub(['own', 'figures', 'E06000001', ...more, ...withToken()])).stdout;
    expect(await told()).toContain('Looked at: local-measures, which is looked at where --dataset names no other.');
    expect(await told('--dataset', 'workforce')).toContain('Looked at: workforce.');
  });

  test('says instead of a change that the comment is another: what it counts is', async () => {
    const points = [
      { ...point, period: '2025-Q1' },
      { ...point, countChange: null, valueChange: null },
    ];
    const lines = [{ dimension: null, category: null, points }];
    there.answers = {
      '/graphql': () => ({
        body: { data: { ownFigures: { ...paged(false, 'LM01'), edges: [{ node: { ...node, lines } }] } } },
      }),
    };
    const { stdout } = await hub(['own', 'figures', 'E06000001', ...withToken()]);
    expect(stdout).toMatch(/^total +9 of 40: 22\.5 +9 of 40: 22\.5 +another comment$/m);
  });

  test('asks for what it is told, and for machines writes words as files do', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { ownFigures: paged(false, 'LM01') } } }) };
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
    there.answers = {
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
