import { BEFORE, PERIOD } from '../../support/two-regions';
import { two, lead, northEast, type Figure, type Region, benchmarkFields, TABLE, region } from './regions';

describe('one indicator across authorities', () => {
  test('has limits, a comparison with the region, a place in words, and the questions that a peer asks', async () => {
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "${PERIOD}") { ${benchmarkFields} }`);
    const sent = benchmark!.authorities.filter(({ figure: { kind } }) => kind === 'VALUE');
    expect(sent).toHaveLength(11);
    for (const {
      figure: { value },
      limits,
      comparison,
      place,
    } of sent) {
      expect(limits!.lower < value! && value! < limits!.upper).toBe(true);
      const { value: reference } = benchmark!.region;
      if (limits!.lower > reference! + 0.1) expect(comparison).toBe('HIGHER');
      if (limits!.upper < reference! - 0.1) expect(comparison).toBe('LOWER');
      expect(place).toMatch(/^\d+(st|nd|rd|th) of 11, highest first$/);
    }
    expect(benchmark!.authorities.at(-1)).toMatchObject({ place: null, limits: null, comparison: null });
    expect(benchmark!.questions.length).toBeGreaterThan(0);
    expect(benchmark!.authorities.every(({ points, change }) => !points.length && change === null)).toBe(true);
  });

  test('has the recent trend of who is printed five times in a row, as its history has it, and in the spine', async () => {
    const mine = 'E06000002';
    interface Spine {
      recents: {
        edges: { node: { indicator: { code: string }; authorities: { recent: string; recentText: string }[] } }[];
      };
      few: { edges: { node: { authorities: { recent: string | null }[] } }[] };
      rf01: { lines: { authority: { code: string } | null; recent: string }[] };
      chart: { columns: string[]; rows: string[][]; source: string };
    }
    const of = `period: "2025-Q3", authority: "${mine}"`;
    const { recents, few, rf01, chart } = (await region(
      `recents: benchmarkTable(${of}, first: 60, back: 4) { edges { node { indicator { code } authorities { recent recentText } } } }
       few: benchmarkTable(${of}, first: 60, back: 3) { edges { node { authorities { recent } } } }
       rf01: history(indicator: "RF01", period: "2025-Q3") { lines { authority { code } recent } }
       chart(kind: SPINE, ${of}) { columns rows source }`,
    )) as unknown as Spine;
    const trends = new Map(recents.edges.map(({ node }) => [node.indicator.code, node.authorities[0]!]));
    expect(trends.get('RF01')!.recent).toBe(rf01.lines.find(({ authority }) => authority?.code === mine)!.recent);
    expect(few.edges.flatMap(({ node }) => node.authorities).every(({ recent }) => recent === null)).toBe(true);
    const said = new Map(chart.rows.map((row) => [row[0]!.slice(0, 4), row[chart.columns.indexOf('Recent trend')]]));
    expect(said.size).toBeGreaterThan(1);
    for (const [code, words] of said) expect(words).toBe(trends.get(code)!.recentText);
    expect(chart.source).toMatch(/Values before: publications \d+ of 2025-Q2 .*, \d+ of 2024-Q3 \(provisional\)$/);
  });

  test('has the mean of those statistical neighbours that are printed, after either model, and in the spine', async () => {
    interface Beside {
      authority: { code: string };
      figure: Figure;
      neighbours: { of: number; printed: { code: string }[]; mean: number | null; text: string };
    }
    const one = 'authority { code } figure { kind count value }';
    const beside = async (code: string, model: string) => {
      const { benchmark } = await region(
        `benchmark(indicator: "${code}", period: "${PERIOD}") { authorities { ${one} neighbours${model} { of printed { code } mean text } } }`,
      );
      return benchmark!.authorities as unknown as Beside[];
    };
    const middlesbrough = (all: readonly Beside[]) =>
      all.find(({ authority }) => authority.code === 'E06000002')!.neighbours;
    const referrals = await beside('RF01', '');
    const ofThree = ['E06000001', 'E08000021', 'E08000023'];
    const values = ofThree.map((code) => referrals.find(({ authority }) => authority.code === code)!.figure.value!);
    const neighbours = middlesbrough(referrals);
    expect(neighbours.printed.map(({ code }) => code)).toEqual(ofThree);
    expect(neighbours.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 0);
    expect(neighbours.text).toMatch(/^The mean of 3 of its 10 statistical neighbours \(2025\).*Newcastle upon Tyne/);
    expect(middlesbrough(await beside('RF01', '(model: Y2021)')).printed).toHaveLength(2);
    // Where some are hidden only printed ones stand in it.
    const plans = await beside('CP07', '');
    const printed = plans.filter(({ figure: { value } }) => value !== null).map(({ authority }) => authority.code);
    expect(printed.length).toBeLessThan(11);
    for (const { neighbours: near } of plans) {
      expect(near.printed.every(({ code }) => printed.includes(code))).toBe(true);
      expect(near.mean === null).toBe(near.printed.length < 2);
    }
    const { chart } = (await region(
      `chart(kind: SPINE, period: "${PERIOD}", authority: "E06000002") { columns rows }`,
    )) as unknown as { chart: { columns: string[]; rows: string[][] } };
    const at = chart.columns.indexOf('Neighbours (2025)');
    const [mean, of] = chart.rows.find(([name]) => name!.startsWith('RF01'))!.slice(at);
    expect([mean, of]).toEqual([String(neighbours.mean), '3 of 10']);
    const { chart: earlier } = (await region(
      `chart(kind: SPINE, period: "${PERIOD}", authority: "E06000002", neighbours: Y2021) { columns rows }`,
    )) as unknown as { chart: typeof chart };
    expect(earlier.columns[at]).toBe('Neighbours (2021)');
    expect(earlier.rows.find(([name]) => name!.startsWith('RF01'))![at + 1]).toBe('2 of 10');
  });

  test('says of a hidden figure between which places it lies, and of a printed one what could move it', async () => {
    const { benchmark } = await region(`benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmarkFields} }`);
    const hidden = benchmark!.authorities.filter(({ figure: { kind } }) => kind === 'HIDDEN');
    expect(hidden.length).toBeGreaterThan(1);
    for (const { place, limits, comparison, band } of hidden) {
      expect(place).toMatch(/^\d+\w\w( to \d+\w\w)? of 11$/);
      expect([limits, comparison, band]).toEqual([null, null, null]);
    }
    const printed = benchmark!.authorities.filter(({ figure: { kind } }) => kind === 'VALUE');
    expect(printed.every(({ place }) => / of the \d+ printed/.test(place!))).toBe(true);
    const range = /^([A-D]) among the \d+ printed(, whatever|; [A-D]( to [A-D])? with) the \d+ not printed/;
    expect(printed.every(({ band, bandText }) => range.exec(bandText!)?.[1] === band)).toBe(true);
    expect(hidden.every(({ bandText }) => /^[A-D]( to [A-D])? among 11$/.test(bandText!))).toBe(true);
    expect(benchmark!.quartiles!.text).toMatch(/^of the \d+ printed; with the \d+ not printed lower quartile/);
    const spine = `chart(kind: SPINE, period: "${PERIOD}", authority: "${northEast.authorities[0]!}") { columns rows }`;
    const { chart } = (await region(spine)) as unknown as { chart: { columns: string[]; rows: string[][] } };
    const row = chart.rows.find(([name]) => name!.startsWith('CP07'))!;
    expect(row[chart.columns.indexOf('Quartiles')]).toBe(benchmark!.quartiles!.text);
  });

  test('looks back, and tells a change against any earlier period', async () => {
    const { benchmark } = await region(
      `benchmark(indicator: "RF01", period: "${PERIOD}", back: 3, against: "2025-Q3") { ${benchmarkFields} }`,
    );
    const [first] = benchmark!.authorities;
    expect(first!.points.map(({ period, kind }) => [period, kind])).toEqual([
      ['2025-Q2', 'VALUE'],
      ['2025-Q3', 'VALUE'],
      [BEFORE, null],
      [PERIOD, 'VALUE'],
    ]);
    expect(first!.change).toMatchObject({ from: '2025-Q3', isBeyondChance: true });
    expect(first!.change!.by).toBeCloseTo(first!.figure.value! - first!.points[1]!.value!, 6);
    expect(benchmark!.regionPoints.map(({ coverage }) => coverage)).toEqual(['12 of 12', '12 of 12', null, '11 of 12']);
    // The quarter before has no publication, and no change is told against a gap.
    const { benchmark: before } = await region(
      `benchmark(indicator: "RF01", period: "${PERIOD}", back: 1) { ${benchmarkFields} }`,
    );
    expect(before!.authorities.every(({ change }) => change === null)).toBe(true);
  });

  test('has a funnel, with what chance explains', async () => {
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "${PERIOD}") { ${benchmarkFields} }`);
    const { funnel } = benchmark!;
    expect(funnel!.pooled).toBe(benchmark!.region.value);
    expect(funnel!.authorities).toHaveLength(11);
    for (const { authority, flag } of funnel!.authorities) {
      const { comparison } = benchmark!.authorities.find((one) => one.authority!.code === authority.code)!;
      // The same intervals beside the same value: within means similar.
      expect(flag === 'WITHIN').toBe(comparison === 'SIMILAR');
    }
    expect(funnel!.remark).toContain('chance alone');
  });
});

describe('all indicators of a period', () => {
  test('come page by page in the order of the dataset, and one authority alone is its spine', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Region = await region(
        `benchmarkTable(period: "${PERIOD}", first: 20${after ? `, after: "${after}"` : ''}) { edges { cursor node { indicator { code } authorities { authority { code } } } } pageInfo { hasNextPage endCursor } }`,
      );
      seen.push(...page.benchmarkTable!.edges.map(({ node }) => node.indicator.code));
      if (!page.benchmarkTable!.pageInfo.hasNextPage) break;
      after = page.benchmarkTable!.pageInfo.endCursor;
    }
    expect(seen).toHaveLength(51);
    expect(new Set(seen).size).toBe(51);
    const mine = northEast.authorities[3]!;
    const { benchmarkTable } = await region(
      `benchmarkTable(period: "${PERIOD}", authority: "${mine}", indicators: ["RF01", "CP07"], back: 2, first: 2) { ${TABLE} }`,
    );
    for (const { node } of benchmarkTable!.edges) {
      expect(node.authorities.map(({ authority }) => authority!.code)).toEqual([mine]);
      const { value } = node.authorities[0]!.figure;
      expect(node.quartiles!.least <= value! && value! <= node.quartiles!.most).toBe(true);
      expect(node.authorities[0]!.points).toHaveLength(3);
      // Where it stands among all, though the others are left out.
      const all = (
        await region(`benchmark(indicator: "${node.indicator.code}", period: "${PERIOD}") { ${benchmarkFields} }`)
      ).benchmark!;
      expect(node.authorities[0]!.place).toBe(all.authorities.find(({ authority }) => authority!.code === mine)!.place);
    }
  });

  test('is kept by nobody on its way', async () => {
    const headers = { authorization: `Bearer ${lead}`, 'content-type': 'application/json' };
    for (const [query, status] of [
      [`{ region(code: "${northEast.code}") { name } }`, 200],
      ['{ nothing }', 400],
    ] as const) {
      const answer = await fetch(`${two.world.hub.url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
    }
  });
});

test('the catalogue tells what can be asked for, by theme', async () => {
  const { catalogue } = (await region(
    'catalogue { name indicators { code datasets breakdowns questions } }',
  )) as unknown as { catalogue: { name: string; indicators: { code: string; datasets: string[] }[] }[] };
  expect(catalogue[0]!.name).toBe('Front door');
  expect(catalogue.flatMap(({ indicators }) => indicators).find(({ code }) => code === 'RF01')!.datasets).toEqual([
    'front-door-monthly',
    'safeguarding-annual',
    'safeguarding-quarterly',
  ]);
  const one = (await region('catalogue(theme: "Care leavers") { name indicators { code } }')) as unknown as {
    catalogue: { indicators: { code: string }[] }[];
  };
  expect(one.catalogue.map(({ indicators }) => indicators.map(({ code }) => code))).toEqual([['CL01', 'CL02', 'CL03']]);
});
