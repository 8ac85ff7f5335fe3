import { publicId } from '@hub/platform';
import { graphql } from '../../support/graphql';
import { calmHistory, layPublications } from '../../support/lay';
import { asOwner, PERIOD } from '../../support/two-regions';
import { two, lead, type Benchmark, type Region, figure, TABLE, ask, region, codes } from './regions';

describe('what is not there', () => {
  const fields = (indicator: string) =>
    `benchmark(indicator: "${indicator}", period: "${PERIOD}") { region ${figure} }`;

  test('an unknown indicator comes with the one that was probably meant, and is not repeated', async () => {
    for (const [asked, meant] of [
      ['RF1', 'RF01'],
      ['Referals', 'RF01'],
    ] as const) {
      const { errors } = await ask(fields(asked));
      expect(errors![0]!.extensions).toMatchObject({ code: 'INDICATOR_ABSENT', facts: { nearest: meant } });
      expect(JSON.stringify(errors)).not.toContain(`"${asked}"`);
    }
    const far = await ask(fields('something else altogether'));
    expect(far.errors![0]!.extensions.facts).toBeUndefined();
    // A word of the field comes with whatever has it in its name.
    const word = await ask(fields('plans'));
    expect(word.errors![0]!.extensions.facts).toMatchObject({
      nearest: expect.stringMatching(/^CP0\d, CP0\d/) as string,
      names: expect.stringContaining('CP01 Child protection plans open; ') as string,
    });
  });

  test('an unknown category comes with the nearest one, an unknown breakdown with those that there are', async () => {
    const broken = async (indicator: string, dimension: string, category: string, rest = '{ handling }') =>
      (
        await ask(
          `benchmark(indicator: "${indicator}", period: "${PERIOD}", breakdown: [{ dimension: "${dimension}", category: "${category}" }]) ${rest}`,
        )
      ).errors![0]!.extensions.facts;
    expect(await broken('RF01', 'source', 'polise')).toEqual({
      indicator: 'RF01',
      dimension: 'source',
      nearest: 'police',
      categories: expect.stringMatching(/police, /) as string,
    });
    expect(await broken('CP01', 'source', 'police')).toMatchObject({
      indicator: 'CP01',
      breakdowns: expect.stringContaining('duration') as string,
    });
    const table = await ask(
      `benchmarkTable(period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { edges { cursor } }`,
    );
    expect(table.errors![0]!.extensions.facts).toMatchObject({
      dimension: 'source',
      categories: expect.stringContaining('police') as string,
    });
  });

  test('limits that were asked for out of more points than there are stand among the choices', async () => {
    const { history } = await region(
      `history(indicator: "RF01", period: "${PERIOD}", back: 2, fixAfter: 20) { choices }`,
    );
    expect(history!.choices[0]).toBe(
      'Limits out of the first 20 points were asked for; there are 3, and the limits are out of all of them.',
    );
  });

  test.each<readonly [asked: string, code: string]>([
    ['benchmarkTable(period: "2019-Q1") { edges { cursor } }', 'NOTHING_PUBLISHED'],
    ['history(indicator: "RF01", period: "2019-Q1", back: 3) { handling }', 'NOTHING_PUBLISHED'],
    ['patterns(period: "2019-Q1") { remark }', 'NOTHING_PUBLISHED'],
    ['commentary(period: "2019-Q1") { text }', 'NOTHING_PUBLISHED'],
    [`benchmark(indicator: "RF01", period: "${PERIOD}", against: "2019-Q1") { handling }`, 'NOTHING_PUBLISHED'],
    [`benchmarkTable(period: "${PERIOD}", against: "2019-Q1") { edges { cursor } }`, 'NOTHING_PUBLISHED'],
    ['catalogue(theme: "colour") { name }', 'REQUEST_MALFORMED'],
    [`chart(kind: FUNNEL, indicator: "WF04", period: "${PERIOD}") { title }`, 'NOTHING_TO_DRAW'],
    [`chart(kind: BAR, indicator: "RF02", period: "${PERIOD}") { title }`, 'NOTHING_TO_DRAW'],
    [
      `benchmarkTable(period: "${PERIOD}", indicators: ["RF01"], after: "${Buffer.from('safeguarding-quarterly CP01').toString('base64url')}") { edges { cursor } }`,
      'REQUEST_MALFORMED',
    ],
    [
      `history(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { handling }`,
      'INDICATOR_ABSENT',
    ],
    ['benchmarkTable(period: "2019") { edges { cursor } }', 'PERIOD_MALFORMED'],
    [`benchmarkTable(period: "${PERIOD}", first: 101) { edges { cursor } }`, 'REQUEST_MALFORMED'],
    [`benchmarkTable(period: "${PERIOD}", after: "eA") { edges { cursor } }`, 'REQUEST_MALFORMED'],
    [`benchmarkTable(period: "${PERIOD}", dataset: "nothing") { edges { cursor } }`, 'DATASET_ABSENT'],
    [`benchmarkTable(period: "${PERIOD}", indicators: ["RF99"]) { edges { cursor } }`, 'INDICATOR_ABSENT'],
    [`commentary(period: "${PERIOD}", indicator: "RF99") { text }`, 'INDICATOR_ABSENT'],
    [`benchmark(indicator: "RF01", period: "${PERIOD}", back: 37) { region ${figure} }`, 'REQUEST_MALFORMED'],
    [`benchmark(indicator: "RF01", period: "${PERIOD}", against: "2026-Q2") { region ${figure} }`, 'REQUEST_MALFORMED'],
    [`benchmark(indicator: "RF01", period: "${PERIOD}", against: "2025-07") { region ${figure} }`, 'REQUEST_MALFORMED'],
    [`history(indicator: "RF01", period: "${PERIOD}", fixAfter: 3) { handling }`, 'REQUEST_MALFORMED'],
    ...['2024Q5', '2025-Q5', '', 'x'.repeat(500)].map(
      (period) => [`benchmark(indicator: "RF01", period: "${period}") { handling }`, 'PERIOD_MALFORMED'] as const,
    ),
    ...['', 'x'.repeat(500)].map(
      (indicator) =>
        [`benchmark(indicator: "${indicator}", period: "${PERIOD}") { handling }`, 'INDICATOR_ABSENT'] as const,
    ),
    ...[0, -1].map(
      (first) =>
        [`benchmarkTable(period: "${PERIOD}", first: ${first}) { edges { cursor } }`, 'REQUEST_MALFORMED'] as const,
    ),
    ...[-1, 37].map(
      (back) =>
        [`history(indicator: "RF01", period: "${PERIOD}", back: ${back}) { handling }`, 'REQUEST_MALFORMED'] as const,
    ),
    // Of a region beyond the border as of none.
    ...['E08000025', 'E06999999', '', 'x'.repeat(500)].flatMap((authority) =>
      [
        `benchmarkTable(period: "${PERIOD}", authority: "${authority}") { edges { cursor } }`,
        `history(indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { handling }`,
        `chart(kind: SPINE, period: "${PERIOD}", authority: "${authority}") { title }`,
        `chart(kind: LINE, indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { title }`,
        `chart(kind: BAR, indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { title }`,
        `chart(kind: HEAT, period: "${PERIOD}", without: ["${authority}"]) { title }`,
        `chart(kind: FUNNEL, indicator: "RF01", period: "${PERIOD}", without: ["${authority}"]) { title }`,
        `patterns(period: "${PERIOD}") { list(authority: "${authority}") { edges { cursor } } }`,
      ].map((asked) => [asked, 'AUTHORITY_ABSENT'] as const),
    ),
    [`benchmarkTable(period: "2019-Q1", authority: "E06999999") { edges { cursor } }`, 'NOTHING_PUBLISHED'],
    [`patterns(period: "${PERIOD}", indicators: ["RF1"]) { remark }`, 'INDICATOR_ABSENT'],
    ...['{ dimension: "colour", category: "red" }', '{ dimension: "source", category: "moon" }'].map(
      (one) =>
        [`benchmarkTable(period: "${PERIOD}", breakdown: [${one}]) { edges { cursor } }`, 'INDICATOR_ABSENT'] as const,
    ),
    [
      `benchmark(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { handling }`,
      'INDICATOR_ABSENT',
    ],
    [
      `benchmark(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "", category: "" }]) { handling }`,
      'REQUEST_MALFORMED',
    ],
    [`benchmarkTable(period: "${PERIOD}", back: 36) { ${TABLE} }`, 'QUERY_TOO_LARGE'],
  ])('%s', async (asked, code) => {
    const answer = await ask(asked);
    expect(codes(answer)).toEqual([code]);
    expect(JSON.stringify(answer)).not.toMatch(/x{80}|E06999999|colour|moon/);
    for (const { message, extensions } of answer.errors ?? [])
      expect([message, extensions.next]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    if (code !== 'QUERY_TOO_LARGE') expect(Object.values(answer.data!.region!)).toEqual([null]);
  });

  test('a dataset without a publication is refused as a period without one is, whatever else the period has', async () => {
    const answer = await ask(`benchmarkTable(period: "${PERIOD}", dataset: "workforce") { edges { cursor } }`);
    expect([answer.data, codes(answer)]).toEqual([{ region: { benchmarkTable: null } }, ['NOTHING_PUBLISHED']]);
  });

  test('another region is as absent here as anywhere', async () => {
    for (const code of [two.westMidlands.code, 'E12000042']) {
      const { data, errors } = await ask(`history(indicator: "RF01", period: "${PERIOD}") { handling }`, code);
      expect([data, codes({ errors: errors ?? [] })]).toEqual([{ region: null }, ['REGION_ABSENT']]);
    }
  });
});

describe('a publication that its lead withdraws', () => {
  const GAP = '2025-Q2';
  /** Each field of a region that is asked for a period: a new one that is not asked here fails below. */
  const fields: Readonly<Record<string, string>> = {
    benchmark: `benchmark(indicator: "RF01", period: "${PERIOD}") { region ${figure} }`,
    benchmarkTable: `benchmarkTable(period: "${PERIOD}") { edges { node { region ${figure} } } }`,
    chart: `chart(kind: HEAT, period: "${PERIOD}") { title }`,
    commentary: `commentary(period: "${PERIOD}") { text }`,
    patterns: `patterns(period: "${PERIOD}") { charts }`,
    history: `history(indicator: "RF01", period: "${PERIOD}") { gaps lines { points { period figure ${figure} } } }`,
    publications: `publications(period: "${PERIOD}") { edges { node { state } } }`,
  };
  const spine = `benchmarkTable(period: "${PERIOD}", authority: "E06000001") { edges { node { region ${figure} } } }`;
  const line = `benchmark(indicator: "RF01", period: "2025-Q3", back: 3) { gaps region ${figure} authorities { points { period kind value } } }`;
  const against = `benchmark(indicator: "RF01", period: "2025-Q3", against: "${GAP}") { regionChange { from } }`;
  const all = async () => {
    const asked = [...Object.values(fields), spine, line, against, 'monday { publication { period } remark gaps }'];
    return Promise.all(
      asked.map(async (one) => {
        const { data, errors = [] } = await ask(one);
        const [value] = Object.values(data!.region!) as unknown[];
        return [value, ...errors.flatMap(({ extensions }) => [extensions.code, extensions.facts] as unknown[])];
      }),
    );
  };

  test('is in no answer of its region from then on: of its period there is nothing, and in a line a gap', async () => {
    const type = await graphql<{ __type: { fields: { name: string; args: { name: string }[] }[] } }>(
      two.world.hub.url,
      lead,
      '{ __type(name: "Region") { fields { name args { name } } } }',
    );
    const ofPeriod = type.data!.__type.fields.filter(({ args }) => args.some(({ name }) => name === 'period'));
    expect(ofPeriod.map(({ name }) => name).sort()).toEqual(Object.keys(fields).sort());

    const before = await all();
    for (const [i, name] of Object.keys(fields).entries()) expect([name, ...before[i]!]).not.toEqual([name, null]);
    for (const period of [PERIOD, GAP]) {
      const { publications } = (await region(
        `publications(period: "${period}") { edges { node { id } } }`,
      )) as unknown as { publications: { edges: { node: { id: string } }[] } };
      const withdrawn = `mutation { withdrawPublication(id: "${publications.edges[0]!.node.id}", because: FIGURES_WRONG) { at } }`;
      expect(codes(await graphql(two.world.hub.url, lead, withdrawn))).toEqual([]);
    }

    const answers = await all();
    const answer = (i: number) => answers[i]![0];
    const names = Object.keys(fields);
    const withdrawn = (period: string) => ({
      period,
      since: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      because: 'figuresWrong',
      published: expect.stringMatching(/^2025-Q3, 2025-Q1/) as string,
    });
    for (const name of ['benchmark', 'benchmarkTable', 'chart', 'commentary', 'patterns'])
      expect([name, ...answers[names.indexOf(name)]!]).toEqual([name, null, 'NOTHING_PUBLISHED', withdrawn(PERIOD)]);
    const { lines } = answer(names.indexOf('history')) as NonNullable<Region['history']>;
    for (const { points } of lines)
      for (const { period, figure: shown } of points)
        if ([PERIOD, GAP].includes(period)) expect([period, shown]).toEqual([period, null]);
    expect(lines[0]!.points.filter(({ figure: shown }) => shown !== null).length).toBeGreaterThan(5);
    expect(answer(names.indexOf('publications'))).toEqual({ edges: [{ node: { state: 'WITHDRAWN' } }] });
    expect(answers[names.length]).toEqual([null, 'NOTHING_PUBLISHED', withdrawn(PERIOD)]);
    const { authorities, gaps } = answer(names.length + 1) as Benchmark & { gaps: string[] };
    const gone = new RegExp(`^${GAP}: withdrawn on \\d{4}-\\d\\d-\\d\\d, because some of its figures are wrong\\.$`);
    expect(gaps.filter((one) => gone.test(one))).toHaveLength(1);
    expect(
      (answer(names.indexOf('history')) as { gaps: string[] }).gaps.filter(
        (one) => gone.test(one) || one.startsWith(`${PERIOD}: withdrawn`),
      ),
    ).toHaveLength(2);
    for (const { points } of authorities)
      expect(points.find(({ period }) => period === GAP)).toEqual({ period: GAP, kind: null, value: null });
    expect(answers[names.length + 2]).toEqual([null, 'NOTHING_PUBLISHED', withdrawn(GAP)]);
    const monday = answer(names.length + 3) as { publication: { period: string }; gaps: string[] }[];
    expect(monday[0]!.gaps.filter((one) => gone.test(one))).toHaveLength(1);
    expect(monday.map(({ publication }) => publication.period)).toEqual(['2025-Q3']);
  });

  test('is in none either when the database shows it still: the code withholds it by itself', async () => {
    const before = await all();
    const policies = await asOwner<{ of: string; was: string }>(
      two.world,
      `select schemaname || '.' || tablename as of, qual as was from pg_policies where policyname = 'not_withdrawn'`,
    );
    expect(policies).toHaveLength(4);
    for (const { of } of policies) await asOwner(two.world, `alter policy not_withdrawn on ${of} using (true)`);
    try {
      expect(await all()).toEqual(before);
    } finally {
      for (const { of, was } of policies)
        await asOwner(two.world, `alter policy not_withdrawn on ${of} using (${was})`);
    }
  });
});

test('a period without figures of an indicator tells nothing of a dataset that has no such indicator', async () => {
  const { code, authorities } = two.northEast;
  const [laid] = calmHistory(two.world.hubId, code, authorities, two.world.agreements.get(code)!, ['2018-Q1']);
  await layPublications(two.world.ownerUrl, [
    {
      ...laid!,
      dataset: { code: 'case-file-audits', version: '1.0' },
      series: [{ ...laid!.series[0]!, key: 'AU01#count' }],
    },
  ]);
  const [{ id }] = (await asOwner<{ id: string }>(
    two.world,
    "select id from release.publication where period = '2018-Q1'",
  )) as [{ id: string }];
  const withdraw = `mutation { withdrawPublication(id: "${publicId('pub', two.world.hubId, id)}", because: FIGURES_WRONG) { at } }`;
  expect(codes(await graphql(two.world.hub.url, lead, withdraw))).toEqual([]);
  const facts = async (asked: string) => (await ask(asked)).errors![0]!.extensions.facts;
  for (const asked of [
    'benchmark(indicator: "RF01", period: "2018-Q1") { handling }',
    'history(indicator: "RF01", period: "2018-Q1", back: 1) { handling }',
    'chart(kind: BAR, indicator: "RF01", period: "2018-Q1") { title }',
    'benchmarkTable(period: "2018-Q1", indicators: ["RF01"]) { edges { cursor } }',
    'commentary(period: "2018-Q1", indicator: "RF01") { text }',
  ])
    expect([asked, await facts(asked)]).toEqual([
      asked,
      { period: '2018-Q1', published: expect.stringContaining('2025-Q3, ') as string },
    ]);
  expect(await facts('benchmark(indicator: "AU01", period: "2018-Q1") { handling }')).toMatchObject({
    because: 'figuresWrong',
  });
});
