import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parsePeriod, periodsUntil } from '@hub/kernel';
import { publicId } from '@hub/platform';
import { sheetsOf } from '../../libs/benchmarks/src/workbook.builder';
import { typed } from '../support/command-line';
import { CountingProxy } from '../support/counting-proxy';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { categoriesOf, quarterly } from '../support/returns';
import { calmHistory, EARLIER, layPublications, monthlyClinic } from '../support/lay';
import { exampleAgreement } from '../seed/seed';
import { asOwner, BEFORE, PERIOD, twoRegions, type PublishedRegion, type TwoRegions } from '../support/two-regions';

/** What a regional lead asks each quarter, of a published quarter and thirteen before it, one of them missing. */

let two: TwoRegions;
let proxy: CountingProxy;
let lead: string;
let northEast: PublishedRegion;

beforeAll(async () => {
  two = await twoRegions(async ({ urls }) => {
    proxy = await CountingProxy.before(urls.reader);
    return { DATABASE_READER_URL: proxy.url };
  });
  ({ northEast } = two);
  for (const { code, authorities } of [two.northEast, two.westMidlands]) {
    const agreement = two.world.agreements.get(code)!;
    await layPublications(two.world.ownerUrl, calmHistory(two.world.hubId, code, authorities, agreement));
  }
  lead = await two.world.token('regional-lead', northEast.code);
}, 240_000);
afterAll(async () => {
  await two?.stop();
  await proxy?.stop();
});

interface Figure {
  kind: string;
  count: number | null;
  value: number | null;
}
interface Limits {
  lower: number;
  upper: number;
}
interface Covered {
  coverage: string | null;
}
interface Point extends Covered {
  period: string;
  figure: Figure | null;
  limits: Limits | null;
}
interface Change {
  from: string;
  by: number;
  isBeyondChance: boolean | null;
}
interface Benchmark {
  indicator: { code: string };
  authorities: {
    authority: { code: string } | null;
    figure: Figure;
    place: string | null;
    limits: Limits | null;
    comparison: string | null;
    band: string | null;
    bandText: string | null;
    change: Change | null;
    points: { period: string; kind: string | null; value: number | null }[];
  }[];
  region: Figure;
  coverage: { text: string };
  regionPoints: Covered[];
  regionChange: Change | null;
  quartiles: { least: number; most: number; basis: number; text: string } | null;
  questions: string[];
  funnel: { pooled: number; authorities: { authority: { code: string }; flag: string }[]; remark: string } | null;
}
interface Region {
  benchmark: Benchmark | null;
  benchmarkTable: {
    edges: { cursor: string; node: Benchmark }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  } | null;
  history: {
    lines: {
      authority: { code: string } | null;
      points: (Point & {
        mean: number | null;
        control: Limits | null;
        signal: { rule: string; meaning: string; text: string } | null;
      })[];
      recent: string | null;
      isTrial: boolean;
    }[];
    measure: string;
    choices: string[];
    handling: string;
  } | null;
  patterns: {
    charts: number;
    tooShort: number;
    atDate: number;
    expected: number;
    remark: string;
    choices: string[];
    list: {
      edges: {
        node: Covered & {
          authority: { code: string } | null;
          indicator: { code: string };
          signal: { rule: string };
          since: string;
          questions: string[];
        };
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  } | null;
}

const figure = '{ kind count value }';
const benchmarkFields = `indicator { code } authorities { authority { code } figure ${figure} place limits { lower upper }
  comparison band bandText change { from by isBeyondChance } points { period kind value } } region ${figure} coverage { text } regionPoints { coverage }
  regionChange { from by isBeyondChance } quartiles { least most basis text } questions
  funnel { pooled isWidened authorities { authority { code } flag } remark }`;
const TABLE = `edges { cursor node { ${benchmarkFields} } } pageInfo { hasNextPage endCursor }`;
const HISTORY = `lines { authority { code } recent isTrial
  points { period figure ${figure} coverage limits { lower upper } mean control { lower upper } signal { rule meaning text } } }
  measure choices handling`;
const PATTERNS = `charts tooShort atDate expected remark list(first: 1) {
  edges { node { authority { code } indicator { code } coverage signal { rule } since questions } } pageInfo { hasNextPage endCursor } }`;

const ask = (
  fields: string,
  region = northEast.code,
  token = lead,
): Promise<GraphQLAnswer<{ region: Region | null }>> =>
  graphql(two.world.hub.url, token, `{ region(code: "${region}") { ${fields} } }`);
async function region(fields: string): Promise<Region> {
  const { data, errors } = await ask(fields);
  expect(errors).toBeUndefined();
  return data!.region!;
}
const codes = ({ errors = [] }: { errors?: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

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
    const middlesbrough = (all: readonly Beside[]) => all.find(({ authority }) => authority.code === 'E06000002')!.neighbours; // prettier-ignore
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
    const { chart } = (await region(`chart(kind: SPINE, period: "${PERIOD}", authority: "E06000002") { columns rows }`)) as unknown as { chart: { columns: string[]; rows: string[][] } }; // prettier-ignore
    const at = chart.columns.indexOf('Neighbours (2025)');
    const [mean, of] = chart.rows.find(([name]) => name!.startsWith('RF01'))!.slice(at);
    expect([mean, of]).toEqual([String(neighbours.mean), '3 of 10']);
    const { chart: earlier } = (await region(`chart(kind: SPINE, period: "${PERIOD}", authority: "E06000002", neighbours: Y2021) { columns rows }`)) as unknown as { chart: typeof chart }; // prettier-ignore
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
    expect(benchmark!.regionPoints.map(({ coverage }) => coverage)).toEqual(['12 of 12', '12 of 12', null, '11 of 12']); // prettier-ignore
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
      const all = (await region(`benchmark(indicator: "${node.indicator.code}", period: "${PERIOD}") { ${benchmarkFields} }`)).benchmark!; // prettier-ignore
      expect(node.authorities[0]!.place).toBe(all.authorities.find(({ authority }) => authority!.code === mine)!.place);
    }
  });

  test('is kept by nobody on its way', async () => {
    const headers = { authorization: `Bearer ${lead}`, 'content-type': 'application/json' };
    for (const [query, status] of [[`{ region(code: "${northEast.code}") { name } }`, 200], ['{ nothing }', 400]] as const) {
      const answer = await fetch(`${two.world.hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
    }
  }); // prettier-ignore
});

test('the catalogue tells what can be asked for, by theme', async () => {
  const { catalogue } = (await region('catalogue { name indicators { code datasets breakdowns questions } }')) as unknown as { catalogue: { name: string; indicators: { code: string; datasets: string[] }[] }[] }; // prettier-ignore
  expect(catalogue[0]!.name).toBe('Front door');
  expect(catalogue.flatMap(({ indicators }) => indicators).find(({ code }) => code === 'RF01')!.datasets).toEqual(['front-door-monthly', 'safeguarding-annual', 'safeguarding-quarterly']); // prettier-ignore
  const one = (await region('catalogue(theme: "Care leavers") { name indicators { code } }')) as unknown as { catalogue: { indicators: { code: string }[] }[] }; // prettier-ignore
  expect(one.catalogue.map(({ indicators }) => indicators.map(({ code }) => code))).toEqual([['CL01', 'CL02', 'CL03']]);
});

describe('a history', () => {
  test('is a control chart of each line, in which missing and hidden quarters are gaps', async () => {
    const { history } = await region(`history(indicator: "RF01", period: "${PERIOD}") { ${HISTORY} }`);
    expect(history!.lines.map(({ authority }) => authority?.code ?? null)).toEqual([...northEast.authorities, null]);
    const [first] = history!.lines;
    expect(first!.points.map(({ period }) => period)).toEqual([...EARLIER, BEFORE, PERIOD]);
    const at = (period: string) => first!.points.find((one) => one.period === period)!;
    expect(at(BEFORE)).toMatchObject({ figure: null, signal: null });
    expect(at('2024-Q1').figure).toEqual({ kind: 'HIDDEN', count: null, value: null });
    expect(at(PERIOD).signal).toMatchObject({
      rule: 'OUTSIDE',
      meaning: 'HIGH',
      text: 'above the upper control limit',
    });
    expect(first!.isTrial).toBe(false);
    // Beside each point of the region who stands in it.
    const ofRegion = history!.lines.at(-1)!.points.map(({ coverage }) => coverage);
    expect(ofRegion).toEqual([...EARLIER.map(() => '12 of 12'), null, '11 of 12']);
    expect(first!.points.every(({ coverage }) => coverage === null)).toBe(true);
    expect(at(PERIOD).figure!.value!).toBeGreaterThan(at(PERIOD).control!.upper);
    expect(history!.choices.join(' ')).toMatch(/7 points.*is a gap/);
    expect(history!.handling).toContain('Not for publication');
  });

  test('adds up four quarters of printed counts', async () => {
    const { history } = await region(
      `history(indicator: "RF01", period: "2025-Q3", measure: TWELVE_MONTHS, authority: "${northEast.authorities[1]!}") { ${HISTORY} }`,
    );
    expect(history!.lines).toHaveLength(2);
    const counts = history!.lines[0]!.points.map(({ figure: shown }) => shown?.count ?? null);
    expect(counts.slice(0, 5)).toEqual([null, null, null, 4 * 167 + 20, 4 * 167 + 20]);
    // The region's 2024-Q1 is hidden, and with it every sum that it is in.
    expect(history!.lines[1]!.points.map(({ figure: shown }) => typeof shown?.count === 'number')).toEqual([false, false, false, true, true, true, true, true, false, false, false, false, true, true, true]); // prettier-ignore
    for (const { figure: shown, limits, control, signal } of history!.lines[1]!.points) {
      expect([control, signal]).toEqual([null, null]);
      if (typeof shown?.count === 'number')
        expect(limits!.lower < shown.value! && shown.value! < limits!.upper).toBe(true);
    }
    expect(history!.measure).toBe('TWELVE_MONTHS');
    expect(history!.choices.join(' ')).toMatch(/^Without control limits/);
    // What is counted on a day does not add up: it is as published, and says so.
    const day = async (measure: string) => (await region(`history(indicator: "CP01", period: "2025-Q3"${measure}) { ${HISTORY} }`)).history!; // prettier-ignore
    const { choices, ...asPublished } = await day('');
    const asked = await day(', measure: YEAR_TO_DATE');
    expect(asked).toMatchObject(asPublished);
    expect([asked.measure, asked.choices.length]).toEqual(['AS_PUBLISHED', choices.length + 1]);
  });
});

test('the region is not held against periods in which others stand, and says so', async () => {
  const found = (await region(
    `against: benchmark(indicator: "RF01", period: "${PERIOD}", against: "2025-Q3") { regionChange { from by isBeyondChance remark } }
     patterns(period: "${PERIOD}", indicators: ["RF01"]) { list(first: 50) { edges { node { authority { code } coverage } } } }
     monday { changes { authority { code } coverage } }`,
  )) as unknown as { against: { regionChange: unknown }; patterns: { list: { edges: { node: Covered & { authority: unknown } }[] } }; monday: { changes: (Covered & { authority: unknown })[] }[] }; // prettier-ignore
  for (const all of [
    found.patterns.list.edges.map(({ node }) => node),
    found.monday.flatMap(({ changes }) => changes),
  ]) {
    // Each authority rose far more than the twelfth, which has sent nothing, could hide.
    expect(all.length).toBeGreaterThan(0);
    expect(all.every(({ authority, coverage }) => authority && coverage === null)).toBe(true);
  }
  expect(found.against.regionChange).toEqual({ from: '2025-Q3', by: null, isBeyondChance: null, remark: `11 of 12 authorities stand in the region’s figure of ${PERIOD}, 12 of 12 in that of 2025-Q3: they do not compare.` }); // prettier-ignore
});

test('patterns are told with how many chance would give, the largest first, page by page', async () => {
  const { patterns } = await region(`patterns(period: "${PERIOD}", indicators: ["RF01"]) { ${PATTERNS} }`);
  // Eleven authorities have sent; the twelfth has no newest figure, and the region none of the same authorities before.
  expect(patterns).toMatchObject({ charts: 11, tooShort: 2, atDate: 0 });
  expect(patterns!.expected).toBeGreaterThan(0);
  expect(patterns!.remark).toMatch(
    /^11 of 11 charts show a pattern at the newest period; fewer than one would by chance/,
  );
  const { node } = patterns!.list.edges[0]!;
  expect(node).toMatchObject({ since: PERIOD, indicator: { code: 'RF01' } });
  expect(node.questions.length).toBeGreaterThan(0);
  expect(patterns!.list.pageInfo.hasNextPage).toBe(true);
});

describe('a chart', () => {
  interface Chart {
    title: string;
    svg: string;
    columns: string[];
    rows: string[][];
    handling: string;
    source: string;
    licence: string;
  }
  const chart = async (asked: string): Promise<Chart | null> =>
    ((await region(`chart(${asked}, period: "${PERIOD}") { title svg columns rows handling source licence }`)) as unknown as { chart: Chart | null }).chart; // prettier-ignore
  const mine = () => northEast.authorities[3]!;

  test('of each kind has a picture, and beside it a table without empty cells, with the same figures', async () => {
    const kinds = ['kind: BAR, indicator: "CP07"', 'kind: LINE, indicator: "RF01"', 'kind: FUNNEL, indicator: "RF01"', `kind: SPINE, authority: "${mine()}"`, 'kind: HEAT']; // prettier-ignore
    for (const asked of kinds) {
      const drawn = (await chart(asked))!;
      expect(drawn.svg).toMatch(/^<svg [^>]*role="img"/);
      expect(drawn.svg).toContain('<title>');
      expect(drawn.svg).not.toMatch(/style=|<script|NaN|Infinity|undefined/);
      expect(drawn.title.split(' ').length).toBeLessThanOrEqual(10);
      expect(drawn.rows.length).toBeGreaterThan(1);
      expect(drawn.rows.every((row) => row.length === drawn.columns.length && row.every((cell) => cell !== ''))).toBe(true); // prettier-ignore
      expect(drawn.handling).toContain('Not for publication');
      // However it is broken into lines, the picture says what goes with it wherever it is carried.
      const words = drawn.svg.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
      expect(drawn.source).toMatch(/^Publication \d+, digest [0-9a-f]{64}$/);
      for (const said of [drawn.source, drawn.handling, drawn.licence, '11 of 12']) expect(words).toContain(said);
      expect([...drawn.columns, ...drawn.rows.flat()].join()).toMatch(/Region \(11 of 12\)|Authorities in it/);
      // What is hidden is never called not applicable.
      for (const row of drawn.rows.filter((one) => /^\[c\]/.test(one[1]!))) expect(row).not.toContain('[x]');
    }
    const { benchmark } = await region(`benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmarkFields} }`);
    const printed = benchmark!.authorities.flatMap(({ figure: { value } }) => value ?? []);
    const { rows } = (await chart(kinds[0]!))!;
    expect(rows.slice(0, printed.length).map(([, value]) => Number(value))).toEqual(printed.sort((a, b) => b - a));
    expect(rows.map(([, value]) => value).filter((value) => value!.startsWith('[c]')).length).toBeGreaterThan(0);
  });

  test('without its indicator or its authority is refused, and of nothing is none', async () => {
    expect(codes(await ask(`chart(kind: BAR, period: "${PERIOD}") { title }`))).toEqual(['REQUEST_MALFORMED']);
    expect(codes(await ask(`chart(kind: SPINE, period: "${PERIOD}") { title }`))).toEqual(['REQUEST_MALFORMED']);
    expect(codes(await ask(`chart(kind: HEAT, period: "2019-Q1") { title }`))).toEqual(['NOTHING_PUBLISHED']);
    const funnel = await ask(`chart(kind: FUNNEL, indicator: "WF04", period: "${PERIOD}") { title }`);
    expect(funnel.errors![0]!.extensions).toMatchObject({ code: 'NOTHING_TO_DRAW', facts: { because: expect.stringContaining('an average') as string } }); // prettier-ignore
    // Of the dataset that is asked for alone.
    for (const kind of ['BAR', 'LINE', 'FUNNEL']) {
      const one = `chart(kind: ${kind}, indicator: "RF01", period: "${PERIOD}", dataset: `;
      expect(codes(await ask(`${one}"safeguarding-annual") { title }`))).toEqual(['NOTHING_PUBLISHED']);
      expect(codes(await ask(`${one}"nothing") { title }`))).toEqual(['DATASET_ABSENT']);
      expect(
        ((await region(`${one}"safeguarding-quarterly") { title }`)) as unknown as { chart: Chart | null }).chart,
      ).not.toBeNull();
    }
  });
});

describe('an export', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-export-'));
    writeFileSync(join(folder, 'token'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (...args: string[]) => typed(two.world.hub.url, join(folder, 'token'), args);
  const periods = ['--dataset', 'safeguarding-quarterly', '--period', PERIOD, '--from', '2025-Q2'];
  const stem = 'safeguarding_quarterly_e12000001';

  test('holds the figures of the answers, is read by other readers, and leaves records as a read does', async () => {
    const records = () =>
      asOwner<{ n: number }>(
        two.world,
        `select cardinality(authorities) as n from platform.access_log where action = 'read.benchmark'`,
      );
    const before = (await records()).length;
    const out = join(folder, 'out');
    const { code, text, error } = await hub('export', northEast.code, ...periods, '--out', out);
    // Of the fourth it says why there is nothing.
    const gap = /^… 2025-Q4: its round is open, ends on [0-9-]+, and is published when its lead asks for it\n$/;
    expect([error.replace(/^.*publication \d+\n/gm, ''), code]).toEqual([expect.stringMatching(gap), 0]);
    // Of four periods three are published, each on one page.
    expect((await records()).slice(before).every(({ n }) => n === 12)).toBe(true);
    expect((await records()).length - before).toBe(3);
    expect(text).toContain('Not for publication');

    const [header, ...lines] = parse(readFileSync(join(out, `${stem}.csv`))) as string[][];
    expect(lines).toHaveLength(3 * 13);
    const { benchmark } = await region(`benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmarkFields} }`);
    const at = (line: string[], column: string) => line[header!.indexOf(column)];
    for (const { authority, figure: shown, limits } of benchmark!.authorities) {
      const line = lines.find((one) => at(one, 'time_identifier') === 'Financial year Q1' && at(one, 'time_period') === '202627' && at(one, 'new_la_code') === authority!.code)!; // prettier-ignore
      const mark = { HIDDEN: 'c', NOT_SUBMITTED: 'x' }[shown.kind];
      expect(at(line, 'cp07_number')).toBe(mark ?? String(shown.count));
      expect(at(line, 'cp07_percentage')).toBe(mark ?? String(shown.value ?? 'c'));
      expect(at(line, 'cp07_percentage_upper_ci')).toBe(mark ?? (shown.value === null ? 'c' : String(limits!.upper)));
    }
    expect(benchmark!.authorities.some(({ figure: { kind } }) => kind === 'HIDDEN')).toBe(true);
    const sheets = sheetsOf(readFileSync(join(out, `${stem}.xlsx`)));
    expect(sheets.get('1 Values')!.slice(4)).toHaveLength(3 * 13);
    expect(sheets.get('1 Values')!.flat()).toContain('[c]');
    expect(sheets.get('Cover')!.flat().join()).toMatch(/Digest \(SHA-256\): [0-9a-f]{64}/);
    const about = JSON.parse(readFileSync(join(out, `${stem}.csv-metadata.json`), 'utf8')) as Record<string, string>;
    expect(about['dc:license']).toContain('agreement');
    expect(about['dc:rights']).toContain('Not for publication');
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8').split('\n')).toHaveLength(5);
  });

  test('breaks down where that is asked for, by filters in the CSV and in a table of the workbook', async () => {
    const out = join(folder, 'broken');
    const { code, error } = await hub('export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', '2025-Q3', '--out', out, '--breakdowns'); // prettier-ignore
    expect([code, error]).toEqual([0, '']);
    const [header, ...lines] = parse(readFileSync(join(out, `${stem}.csv`))) as string[][];
    const at = (line: string[], column: string) => line[header!.indexOf(column)];
    // Of plans one category is published beside the totals.
    expect(lines).toHaveLength(2 * 13);
    expect([...new Set(lines.map((line) => at(line, 'duration')))]).toEqual(['Total', expect.stringMatching(/months/)]);
    const [category] = categoriesOf(quarterly, 'CP01', 'duration');
    const { benchmark } = await region(`benchmark(indicator: "CP01", period: "2025-Q3", breakdown: [{ dimension: "duration", category: "${category}" }]) { ${benchmarkFields} }`); // prettier-ignore
    const broken = lines.slice(14);
    expect(broken.map((line) => at(line, 'cp01_number'))).toEqual(benchmark!.authorities.map(({ figure: { count } }) => String(count))); // prettier-ignore
    expect(broken.every((line) => at(line, 'rf01_number') === 'z')).toBe(true);
    expect(
      sheetsOf(readFileSync(join(out, `${stem}.xlsx`)))
        .get('8 Breakdowns')!
        .slice(4),
    ).toHaveLength(13);
  });

  test('draws charts beside, each with its table', async () => {
    const out = join(folder, 'charts');
    const { code, text } = await hub('export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', '2025-Q3', '--out', out, '--charts', '--neighbours', '2021'); // prettier-ignore
    expect(code).toBe(0);
    expect(readFileSync(join(out, `${stem}_${northEast.authorities[0]!.toLowerCase()}_spine.csv`), 'utf8')).toContain('Neighbours (2021)'); // prettier-ignore
    // A heat table, twelve spines, and of RF01, CP01 and CP07 bar, line and funnel.
    expect(text).toMatch(/charts +22, each/);
    expect(readFileSync(join(out, `${stem}_rf01_bar.svg`), 'utf8')).toMatch(/^<svg/);
    const [columns, ...rows] = parse(readFileSync(join(out, `${stem}_rf01_bar.csv`))) as string[][];
    expect(rows).toHaveLength(13);
    // Numbers as programs read them, in the table of each chart.
    expect(columns!.slice(1, 4).flatMap((_, i) => rows.map((row) => Number(row[i + 1])))).not.toContain(NaN);
    expect(rows.at(-1)![0]).toBe('Region (12 of 12)');
    // Beside each what goes with it wherever it is carried.
    const files = readdirSync(out);
    for (const svg of files.filter((name) => name.endsWith('.svg'))) {
      const notes = readFileSync(join(out, svg.replace('.svg', '.notes.txt')), 'utf8');
      expect(notes).toMatch(/^Publication \d+, digest [0-9a-f]{64}\n.*Not for publication.*\nFor the purposes/);
      expect(files).toContain(svg.replace('.svg', '.csv'));
    }
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8')).toContain(`${stem}_heat.svg`);
  });

  test('on a Monday says in one query who is missing, what changed and whether it is chance, and what to ask', async () => {
    const { code, text } = await hub('monday', northEast.code);
    expect(code).toBe(0);
    expect(text).toMatch(
      /^North East: who is missing\n {2}safeguarding-quarterly 2025-Q4, open, due [-\d]+: 11 missing: /,
    );
    expect(text).toContain(`safeguarding-quarterly ${PERIOD}, publication`);
    // The quarter before has no publication: the one before that is what it is held against.
    expect(text).toMatch(
      /\d+ of \d+ values differ from the period before by more than their intervals; fewer than one/,
    );
    expect(text).toMatch(/Hartlepool: RF01 Referrals, from [\d.]+ to [\d.]+ per 10,000 since 2025-Q3; /);
    expect(text).toMatch(/of \d+ charts show a pattern at the newest period; .* by chance alone/);
    expect(text).toMatch(/CP01 Child protection plans open, below the lower control limit since 2026-Q1/);
    expect(text).toMatch(/How that is found\n {2}.*moving ranges/);
    expect(text).toMatch(/What to ask\n {2}\w\w\d\d .*\?/);
    expect(text).toContain('Not for publication');
    // Of another region nothing.
    expect(await hub('monday', two.westMidlands.code)).toMatchObject({ code: 1, error: expect.stringMatching(/^REGION_ABSENT/) as string }); // prettier-ignore
  });

  test('for a request for information lists what exists and who is to be asked, and holds no figure', async () => {
    const { code, text } = await hub('export', northEast.code, '--foi');
    expect(code).toBe(0);
    expect(text).toContain('consult within');
    for (const authority of northEast.authorities) expect(text).toContain(authority);
    expect(text).toMatch(new RegExp(`${PERIOD} +safeguarding-quarterly +current`));
  });

  test('of a region that is not the reader’s, of nothing, and backwards is none', async () => {
    const foreign = await hub('export', two.westMidlands.code, ...periods, '--out', join(folder, 'no'));
    expect([foreign.code, foreign.error]).toEqual([1, expect.stringMatching(/^REGION_ABSENT/)]);
    const nothing = await hub('export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', '2019-Q1', '--out', join(folder, 'no')); // prettier-ignore
    expect([nothing.code, nothing.error]).toEqual([
      1,
      expect.stringMatching(/^NOTHING_PUBLISHED: .* is published for that period: no round of it was opened/),
    ]);
    const backwards = await hub('export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', '2025-Q1', '--from', '2025-Q2', '--out', join(folder, 'no')); // prettier-ignore
    expect([backwards.code, backwards.error]).toEqual([2, expect.stringContaining('--from')]);
  });
});

describe('what is said of an indicator names figures and copies none', () => {
  let mine: string;
  let writer: string;
  let folder: string;
  const idOf = async (period: string): Promise<string> => {
    const { publications } = (await region(`publications(first: 1, period: "${period}", dataset: "safeguarding-quarterly") { edges { node { id } } }`)) as unknown as { publications: { edges: { node: { id: string } }[] } }; // prettier-ignore
    return publications.edges[0]!.node.id;
  };
  beforeAll(async () => {
    mine = northEast.authorities[2]!;
    writer = await two.world.token('authority-analyst', mine);
    folder = mkdtempSync(join(tmpdir(), 'hub-commentary-'));
    writeFileSync(join(folder, 'writer'), writer);
    writeFileSync(join(folder, 'lead'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (who: 'writer' | 'lead', ...args: string[]) =>
    typed(two.world.hub.url, join(folder, who), ['commentary', ...args]);
  const write = (who: 'writer' | 'lead', of: string, text: string, figures: string) =>
    hub(who, 'write', of, '--indicator', 'RF01', '--period', PERIOD, '--text', text, '--figures', figures);
  const beside = async (token = lead, of = northEast.code) =>
    (await ask(`benchmark(indicator: "RF01", period: "${PERIOD}") { commentary { id of text figures { figure state } } }`, of, token)).data!
      .region as unknown as { benchmark: { commentary: { id: string; of: string; text: string; figures: { figure: string | null; state: string | null }[] }[] } };

  test('each as its publication prints it: beside the comparison and as a list, and until it is taken back', async () => {
    const [now, before] = [await idOf(PERIOD), await idOf('2025-Q3')];
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "${PERIOD}") { ${benchmarkFields} }`);
    const own = benchmark!.authorities.find(({ authority }) => authority?.code === mine)!.figure.count;
    const figures = `${now} RF01#count ${mine}, ${now} RF01#count, ${before} RF01#count ${mine}`;
    const written = await write('writer', mine, 'Contacts are {a}, in the region {b}; they were {c}.', figures);
    expect([written.code, written.error]).toEqual([0, '']);
    expect((await write('lead', northEast.code, 'Asked at the meeting: {a}.', `${now} RF01#count`)).code).toBe(0);

    const { commentary } = (await beside()).benchmark;
    expect(commentary.map(({ of }) => of)).toEqual([mine, northEast.code]);
    const [first] = commentary;
    expect(first!.figures.map(({ figure: said }) => said)).toEqual([String(own), String(benchmark!.region.count), expect.stringMatching(/^\d+$/)]);
    expect(first!.text).toBe(`Contacts are ${own}, in the region ${benchmark!.region.count}; they were ${first!.figures[2]!.figure}.`);
    expect((await hub('lead', 'list', northEast.code, '--period', PERIOD, '--indicator', 'RF01')).text).toContain(first!.text);
    expect((await hub('lead', 'list', northEast.code, '--period', PERIOD, '--indicator', 'CP07')).text).toContain('Nothing is said');
    // An export says the same, and breaks nothing off its other tables.
    const out = join(folder, 'out');
    const file = typed(two.world.hub.url, join(folder, 'lead'), ['export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', PERIOD, '--out', out]);
    expect((await file).error).toBe('');
    const sheet = sheetsOf(readFileSync(join(out, 'safeguarding_quarterly_e12000001.xlsx'))).get('7 Commentary')!;
    expect(sheet.slice(4).map(([period, of, , indicator, text]) => [period, of, indicator, text])).toEqual(commentary.map(({ of, text }) => [PERIOD, of, 'RF01', text]));
    const notes = (JSON.parse(readFileSync(join(out, 'safeguarding_quarterly_e12000001.csv-metadata.json'), 'utf8')) as { notes: { text: string }[] }).notes;
    expect(notes.map(({ text }) => text)).toEqual(expect.arrayContaining(commentary.map(({ text }) => text)));
    // Another region sees none of it.
    const foreign = await two.world.token('regional-lead', two.westMidlands.code);
    expect((await beside(foreign, two.westMidlands.code)).benchmark.commentary).toEqual([]);

    const [, inner] = /_([0-9a-f]{32})$/.exec(before)!;
    const now3 = async (state: string) => {
      await asOwner(two.world, `update release.publication set state = '${state}' where replace(id::text, '-', '') = '${inner}'`);
      return (await beside()).benchmark.commentary[0]!;
    };
    expect((await now3('superseded')).text).toMatch(/they were \d+ \[superseded\]\.$/);
    expect(await now3('withdrawn')).toMatchObject({ text: expect.stringMatching(/they were \[withdrawn\]\.$/), figures: [{}, {}, { figure: null, state: 'WITHDRAWN' }] });
    await now3('current');

    expect((await hub('lead', 'withdraw', first!.id)).error).toMatch(/^COMMENTARY_ABSENT/);
    expect((await hub('writer', 'withdraw', first!.id)).code).toBe(0);
    expect((await beside()).benchmark.commentary.map(({ of }) => of)).toEqual([northEast.code]);
    expect(await asOwner(two.world, 'select text, figures from remarks.commentary order by id')).toEqual([{ text: '', figures: [] }, { text: 'Asked at the meeting: {a}.', figures: [expect.anything()] }]);
  });

  test('and is refused with a number of its own, a figure that its author is not shown, or of another organisation', async () => {
    const now = await idOf(PERIOD);
    const codeOf = async (...said: Parameters<typeof write>) => (await write(...said)).error.split(/\W/)[0];
    expect(await codeOf('writer', mine, 'Only three children were counted twice.', '')).toBe('WORDS_REFUSED');
    expect(await codeOf('writer', mine, 'Contacts rose.', `${now} RF01#count`)).toBe('COMMENTARY_FIGURES');
    expect(await codeOf('writer', mine, 'They are {a}.', `${now} RF99#count`)).toBe('EVIDENCE_NOT_SEEN');
    expect(await codeOf('writer', mine, 'They are {a}.', 'pub_hub-local_00000000000000000000000000000000 RF01#count')).toBe('EVIDENCE_NOT_SEEN');
    expect(await codeOf('writer', northEast.authorities[0]!, 'Contacts rose.', '')).toBe('ORGANISATION_ABSENT');
    expect(await codeOf('lead', mine, 'Contacts rose.', '')).toBe('ORGANISATION_ABSENT');
  });
}); // prettier-ignore

describe('what an authority says of how its figures compare', () => {
  const NOTES = 'notes { about text authority { code } }';
  const said = { about: `from 2025-Q1 on, another recording system`, text: 'Contacts are recorded as referrals.' };
  let writer: string;
  let mine: string;
  let folder: string;
  let note: string;
  beforeAll(async () => {
    mine = northEast.authorities[2]!;
    writer = await two.world.token('authority-analyst', mine);
    folder = mkdtempSync(join(tmpdir(), 'hub-notes-'));
    writeFileSync(join(folder, 'writer'), writer);
    writeFileSync(join(folder, 'lead'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (who: 'writer' | 'lead', ...args: string[]) => typed(two.world.hub.url, join(folder, who), args);
  const write = (text: string, more: readonly string[] = []) =>
    hub('writer', 'note', 'write', mine, '--indicator', 'RF01', '--kind', 'system-change', '--from', '2025-Q1', '--text', text, ...more); // prettier-ignore
  interface Change {
    readonly indicator?: { readonly code: string };
    readonly authority: { readonly code: string } | null;
    readonly text?: string;
  }
  /** Every comparison, with the notes in it, of whom they are. */
  const everywhere = async (token = lead, of = northEast.code, whose = mine) => {
    const { data, errors } = await ask(
      `benchmark(indicator: "RF01", period: "${PERIOD}") { authorities { authority { code } ${NOTES} } funnel { authorities { authority { code } ${NOTES} } } }
       benchmarkTable(period: "${PERIOD}", authority: "${whose}", first: 30) { edges { node { indicator { code } authorities { ${NOTES} } } } }
       history(indicator: "RF01", period: "${PERIOD}") { lines { authority { code } ${NOTES} } }
       patterns(period: "${PERIOD}", indicators: ["RF01"]) { list { edges { node { authority { code } text ${NOTES} } } } }
       monday { changes { indicator { code } authority { code } ${NOTES} } }
       bar: chart(kind: BAR, indicator: "RF01", period: "${PERIOD}") { notes rows }
       heat: chart(kind: HEAT, period: "${PERIOD}") { notes rows }
       spine: chart(kind: SPINE, period: "${PERIOD}", authority: "${whose}") { notes rows }
       line: chart(kind: LINE, indicator: "RF01", period: "${PERIOD}", authority: "${whose}") { notes }
       funnel: chart(kind: FUNNEL, indicator: "RF01", period: "${PERIOD}") { notes rows }`,
      of,
      token,
    );
    expect(errors).toBeUndefined();
    return JSON.stringify(data);
  };

  test('is refused where it counts or names somebody, and by everybody else', async () => {
    expect(await write('Only three children were counted twice.')).toMatchObject({ code: 1, error: expect.stringMatching(/^WORDS_REFUSED/) as string }); // prettier-ignore
    expect(await write('It ends before.', ['--until', '2024-Q4'])).toMatchObject({ code: 1, error: expect.stringMatching(/^NOTE_DATES/) as string }); // prettier-ignore
    expect(await hub('lead', 'note', 'list', mine)).toMatchObject({ code: 1, error: expect.stringMatching(/^NOT_FOR_THIS_ROLE/) as string }); // prettier-ignore
    expect(await everywhere()).not.toContain('from 2025-Q1');
  });

  test('stands beside its figures in every comparison, and beside nobody else’s', async () => {
    const written = await write(said.text);
    expect([written.code, written.error]).toEqual([0, '']);
    note = /cmp_\S+/.exec(written.text)![0];
    const all = JSON.parse(await everywhere()) as { region: Record<string, unknown> };
    const { benchmark, benchmarkTable, history, patterns, monday, ...charts } = all.region;
    const whose = (part: unknown): string[] => [...JSON.stringify(part).matchAll(/\{"about":"([^"]*)","text":"[^"]*","authority":\{"code":"(\w+)"/g)].map(([, about, code]) => `${code} ${about}`); // prettier-ignore
    // Across authorities and in the funnel; in the spine beside one indicator.
    expect(whose(benchmark)).toEqual([`${mine} ${said.about}`, `${mine} ${said.about}`]);
    expect(whose(benchmarkTable)).toEqual([`${mine} ${said.about}`]);
    expect(whose(history)).toEqual([`${mine} ${said.about}`]);
    // Beside each pattern and each change of that indicator; Monday's changes are of others too.
    const { list } = patterns as { list: { edges: { node: Change }[] } };
    const changes = (monday as { changes: Change[] }[]).flatMap((part) => part.changes);
    const changed = changes.filter((one) => one.indicator!.code === 'RF01');
    expect(whose(changed)).toEqual([`${mine} ${said.about}`]);
    // Since the new system there are too few quarters for limits: the pattern stays, with what is stated beside it, and nobody else's has it.
    const stated = list.edges.filter(({ node }) => node.text!.endsWith(`; a break is stated (${mine}, ${said.about})`));
    expect(stated.map(({ node }) => node.authority?.code)).toEqual([mine]);
    expect(list.edges.length).toBeGreaterThan(1);
    for (const chart of Object.values(charts) as { notes: string[]; rows?: string[][] }[]) {
      expect(chart.notes).toEqual([expect.stringMatching(/^\[note 1\] .*, RF01, from 2025-Q1 on, another recording system: Contacts/)]); // prettier-ignore
      expect(chart.rows?.flat().filter((cell) => cell.includes('[note 1]')).length ?? 1).toBe(1);
    }
    const onMonday = (await hub('lead', 'monday', northEast.code)).text;
    expect(onMonday.split('What authorities say of how these compare\n')[1]).toMatch(new RegExp(`^  .*, RF01, ${said.about}: ${said.text}$`, 'm')); // prettier-ignore
    const out = join(folder, 'out');
    const exported = await hub('lead', 'export', northEast.code, '--dataset', 'safeguarding-quarterly', '--period', PERIOD, '--out', out); // prettier-ignore
    expect(exported.code).toBe(0);
    expect(sheetsOf(readFileSync(join(out, 'safeguarding_quarterly_e12000001.xlsx'))).get('6 Comparability')!.slice(4)).toEqual([
      [PERIOD, mine, expect.any(String), 'RF01', said.about, said.text],
    ]); // prettier-ignore
    expect(readFileSync(join(out, 'safeguarding_quarterly_e12000001.csv-metadata.json'), 'utf8')).toContain(said.text);
    // Of another region nothing.
    const beyond = two.westMidlands;
    expect(await everywhere(await two.world.token('regional-lead', beyond.code), beyond.code, beyond.authorities[0])).not.toContain(said.text); // prettier-ignore
  });

  test('stays beside the periods that it was about, and one that is taken back is gone', async () => {
    expect((await hub('writer', 'note', 'end', note, '--until', '2025-Q2')).text).toContain('from 2025-Q1 to 2025-Q2');
    const at = async (period: string) =>
      JSON.stringify(await region(`benchmark(indicator: "RF01", period: "${period}") { authorities { ${NOTES} } }`));
    expect(await at('2025-Q2')).toContain(said.text);
    expect(await at('2025-Q3')).not.toContain(said.text);
    // A comparison with the time before holds it.
    expect(JSON.stringify(await region(`history(indicator: "RF01", period: "2025-Q3") { lines { ${NOTES} } }`))).toContain(said.text); // prettier-ignore
    expect((await hub('writer', 'note', 'list', mine)).text).toContain(note);
    expect((await hub('writer', 'note', 'end', note)).text).toContain('Taken back');
    expect(await at('2025-Q2')).not.toContain(said.text);
    expect(await asOwner(two.world, 'select text from remarks.note')).toEqual([{ text: '' }]);
    expect(await hub('writer', 'note', 'end', note)).toMatchObject({ code: 1, error: expect.stringMatching(/^NOTE_ABSENT/) as string }); // prettier-ignore
  });
});

describe('a pattern', () => {
  const ENDED = 'authority { code } indicator { code } since endings { end reason role of }';
  const end = (who: string, more: string, asked = `region: "${northEast.code}", indicator: "CP01"`) =>
    graphql<{ endPattern: { endings: { end: string }[] } | null }>(two.world.hub.url, who, `mutation { endPattern(${asked}, period: "${PERIOD}", ${more}) { ${ENDED} } }`); // prettier-ignore
  const listed = async (token = lead) => {
    const { data, errors } = await ask(`patterns(period: "${PERIOD}", indicators: ["CP01"]) { list(first: 100) { edges { node { ${ENDED} categories { category } } } } }`, northEast.code, token); // prettier-ignore
    expect(errors).toBeUndefined();
    return data!.region!.patterns!.list.edges.map(({ node }) => node as unknown as { authority: { code: string } | null; endings: { end: string; reason: string; role: string; of: string }[]; categories: unknown[] }); // prettier-ignore
  };

  test('ends with a reason that is told again at the next look, and what was told before stays', async () => {
    const [first] = (await listed()).filter(({ authority, categories }) => authority && !categories.length);
    const whose = `authority: "${first!.authority!.code}"`;
    expect(first!.endings).toEqual([]);
    expect((await end(lead, `${whose}, end: CHALLENGE, reason: "How are plans ended?"`)).errors).toBeUndefined();
    const { data } = await end(lead, `${whose}, end: NONE, reason: "A new way of counting."`);
    const told = [
      { end: 'NONE', reason: 'A new way of counting.', role: 'REGIONAL_LEAD', of: northEast.code },
      { end: 'CHALLENGE', reason: 'How are plans ended?', role: 'REGIONAL_LEAD', of: northEast.code },
    ];
    expect(data!.endPattern).toMatchObject({ endings: told });
    const again = await listed(await two.world.token('authority-analyst', northEast.authorities[0]!));
    expect(again.filter(({ endings }) => endings.length)).toMatchObject([
      { authority: first!.authority, endings: told },
    ]);
  });

  test('is ended by nobody else, about nothing else, and not in words that give somebody away', async () => {
    const whose = `authority: "${northEast.authorities[0]!}"`;
    const analyst = await two.world.token('authority-analyst', northEast.authorities[0]!);
    const foreign = await two.world.token('regional-lead', two.westMidlands.code);
    const chair = await two.world.token('board-chair', 'brd-tees');
    const said = 'end: NONE, reason: "Understood."';
    expect(codes(await end(analyst, `${whose}, ${said}`))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await end(foreign, `${whose}, ${said}`))).toEqual(['REGION_ABSENT']);
    expect(codes(await end(chair, said))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await end(lead, `${whose}, end: NONE, reason: "Only three children."`))).toEqual(['WORDS_REFUSED']);
    expect(codes(await end(lead, `${whose}, ${said}`, `region: "${northEast.code}", indicator: "RF99"`))).toEqual(['INDICATOR_ABSENT']); // prettier-ignore
  });

  test('of a lead’s own authority is ended by the deputy', async () => {
    const [first] = (await listed()).filter(({ authority, categories }) => authority && !categories.length);
    const [own] = [first!.authority!.code];
    const both = await two.world.token('authority-analyst', own);
    await asOwner(two.world, `insert into identity.member_role (member_id, role, organisation) select r.member_id, 'regional-lead', $1 from identity.member_role r where r.role = 'authority-analyst' and r.organisation = $2`, [northEast.code, own]); // prettier-ignore
    expect(codes(await end(both, `authority: "${own}", end: NONE, reason: "Understood."`))).toEqual([
      'LEAD_OWN_AUTHORITY',
    ]);
    await asOwner(two.world, `delete from identity.member_role where role = 'regional-lead' and member_id in (select member_id from identity.member_role where role = 'authority-analyst')`); // prettier-ignore
  });
});

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
    expect(word.errors![0]!.extensions.facts).toMatchObject({ nearest: expect.stringMatching(/^CP0\d, CP0\d/) as string, names: expect.stringContaining('CP01 Child protection plans open; ') as string }); // prettier-ignore
  });

  test('an unknown category comes with the nearest one, an unknown breakdown with those that there are', async () => {
    const broken = async (indicator: string, dimension: string, category: string, rest = '{ handling }') =>
      (await ask(`benchmark(indicator: "${indicator}", period: "${PERIOD}", breakdown: [{ dimension: "${dimension}", category: "${category}" }]) ${rest}`)).errors![0]!.extensions.facts; // prettier-ignore
    expect(await broken('RF01', 'source', 'polise')).toEqual({ indicator: 'RF01', dimension: 'source', nearest: 'police', categories: expect.stringMatching(/police, /) as string }); // prettier-ignore
    expect(await broken('CP01', 'source', 'police')).toMatchObject({ indicator: 'CP01', breakdowns: expect.stringContaining('duration') as string }); // prettier-ignore
    const table = await ask(`benchmarkTable(period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { edges { cursor } }`); // prettier-ignore
    expect(table.errors![0]!.extensions.facts).toMatchObject({ dimension: 'source', categories: expect.stringContaining('police') as string }); // prettier-ignore
  });

  test('limits that were asked for out of more points than there are stand among the choices', async () => {
    const { history } = await region(
      `history(indicator: "RF01", period: "${PERIOD}", back: 2, fixAfter: 20) { choices }`,
    );
    expect(history!.choices[0]).toBe('Limits out of the first 20 points were asked for; there are 3, and the limits are out of all of them.'); // prettier-ignore
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
    [`benchmarkTable(period: "${PERIOD}", indicators: ["RF01"], after: "${Buffer.from('safeguarding-quarterly CP01').toString('base64url')}") { edges { cursor } }`, 'REQUEST_MALFORMED'], // prettier-ignore
    [`history(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { handling }`, 'INDICATOR_ABSENT'], // prettier-ignore
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
    ...['2024Q5', '2025-Q5', '', 'x'.repeat(500)].map((period) => [`benchmark(indicator: "RF01", period: "${period}") { handling }`, 'PERIOD_MALFORMED'] as const), // prettier-ignore
    ...['', 'x'.repeat(500)].map((indicator) => [`benchmark(indicator: "${indicator}", period: "${PERIOD}") { handling }`, 'INDICATOR_ABSENT'] as const), // prettier-ignore
    ...[0, -1].map((first) => [`benchmarkTable(period: "${PERIOD}", first: ${first}) { edges { cursor } }`, 'REQUEST_MALFORMED'] as const), // prettier-ignore
    ...[-1, 37].map((back) => [`history(indicator: "RF01", period: "${PERIOD}", back: ${back}) { handling }`, 'REQUEST_MALFORMED'] as const), // prettier-ignore
    // Of a region beyond the border as of none.
    ...['E08000025', 'E06999999', '', 'x'.repeat(500)].flatMap((authority) =>
      [
        `benchmarkTable(period: "${PERIOD}", authority: "${authority}") { edges { cursor } }`,
        `history(indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { handling }`,
        `chart(kind: SPINE, period: "${PERIOD}", authority: "${authority}") { title }`,
        `chart(kind: LINE, indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { title }`,
        `chart(kind: BAR, indicator: "RF01", period: "${PERIOD}", authority: "${authority}") { title }`,
      ].map((asked) => [asked, 'AUTHORITY_ABSENT'] as const),
    ),
    [`benchmarkTable(period: "2019-Q1", authority: "E06999999") { edges { cursor } }`, 'NOTHING_PUBLISHED'],
    [`patterns(period: "${PERIOD}", indicators: ["RF1"]) { remark }`, 'INDICATOR_ABSENT'],
    ...['{ dimension: "colour", category: "red" }', '{ dimension: "source", category: "moon" }'].map((one) => [`benchmarkTable(period: "${PERIOD}", breakdown: [${one}]) { edges { cursor } }`, 'INDICATOR_ABSENT'] as const), // prettier-ignore
    [`benchmark(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "source", category: "moon" }]) { handling }`, 'INDICATOR_ABSENT'], // prettier-ignore
    [`benchmark(indicator: "RF01", period: "${PERIOD}", breakdown: [{ dimension: "", category: "" }]) { handling }`, 'REQUEST_MALFORMED'], // prettier-ignore
    [`benchmarkTable(period: "${PERIOD}", back: 36) { ${TABLE} }`, 'QUERY_TOO_LARGE'],
  ])('%s', async (asked, code) => {
    const answer = await ask(asked);
    expect(codes(answer)).toEqual([code]);
    expect(JSON.stringify(answer)).not.toMatch(/x{80}|E06999999|colour|moon/);
    for (const { message, extensions } of answer.errors ?? []) expect([message, extensions.next]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]); // prettier-ignore
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

describe('statements', () => {
  async function statements(fields: string, of: PublishedRegion = northEast): Promise<number> {
    const token = await two.world.token('regional-lead', of.code);
    await ask(fields, of.code, token);
    proxy.statements = 0;
    proxy.roundTrips = 0;
    const { errors } = await ask(fields, of.code, token);
    expect(errors).toBeUndefined();
    return proxy.statements;
  }
  const table = (more: string) => `benchmarkTable(period: "${PERIOD}"${more}) { edges { node { region { value } } } }`;

  test('are as many for all indicators as for one, for fourteen authorities as for twelve, and for a year as for three', async () => {
    const one = await statements(table(', indicators: ["RF01"]'));
    // The door; begin and publications; record and commit.
    expect([one, proxy.roundTrips]).toEqual([5, 3]);
    expect(await statements(table(''))).toBe(one);
    expect(proxy.roundTrips).toBe(3);
    expect(await statements(table(''), two.westMidlands)).toBe(one);
    // Over time, and where lines begin anew.
    expect(await statements(table(', back: 4'))).toBe(one + 1);
    expect(await statements(table(', back: 15'))).toBe(one + 1);
    expect(await statements(`history(indicator: "RF01", period: "${PERIOD}") { handling }`)).toBe(one + 1);
    // And how those of before have ended.
    expect(await statements(`patterns(period: "${PERIOD}") { remark }`)).toBe(one + 2);
    // And what the authorities say of how they compare, where it is asked for; a chart prints it.
    const said = `benchmarkTable(period: "${PERIOD}") { edges { node { commentary { text } } } }`;
    expect(await statements(said)).toBe(one + 1);
    const noted = `benchmarkTable(period: "${PERIOD}") { edges { node { authorities { notes { text } } } } }`;
    expect(await statements(noted)).toBe(one + 1);
    expect(await statements(`chart(kind: HEAT, period: "${PERIOD}") { title }`)).toBe(one + 1);
    // Of each dataset a table and its patterns, after which periods there are.
    const monday = await statements('monday { remark }');
    expect(monday).toBeLessThanOrEqual(3 * one + 3);
    expect(await statements('monday { remark }', two.westMidlands)).toBe(monday);
  });

  test('are as many for the first reader after a publication', async () => {
    const { code, authorities } = two.northEast;
    const fresh = calmHistory(two.world.hubId, code, authorities, two.world.agreements.get(code)!, ['2021-Q4']);
    await layPublications(two.world.ownerUrl, fresh);
    [proxy.statements, proxy.roundTrips] = [0, 0];
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "2021-Q4") { region { kind } }`);
    expect(benchmark!.region.kind).toBe('VALUE');
    expect([proxy.statements, proxy.roundTrips]).toEqual([5, 3]);
  });

  test('leave one record for each look, with the agreement that permitted it', async () => {
    const records = () =>
      asOwner<{ subject: string; agreement: string; n: number }>(
        two.world,
        `select subject, agreement_id as agreement, cardinality(authorities) as n from platform.access_log
         where action = 'read.benchmark' order by id`,
      );
    const before = (await records()).length;
    await region(table(', back: 4'));
    await region(`history(indicator: "RF01", period: "${PERIOD}") { handling }`);
    await region(`patterns(period: "${PERIOD}") { remark }`);
    const agreement = two.world.agreements.get(northEast.code)!.id;
    expect((await records()).slice(before)).toEqual([
      { subject: `${northEast.code} * ${PERIOD}`, agreement, n: 12 },
      { subject: `${northEast.code} RF01 ${PERIOD}`, agreement, n: 12 },
      { subject: `${northEast.code} * ${PERIOD}`, agreement, n: 12 },
    ]);
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
    const type = await graphql<{ __type: { fields: { name: string; args: { name: string }[] }[] } }>(two.world.hub.url, lead, '{ __type(name: "Region") { fields { name args { name } } } }'); // prettier-ignore
    const ofPeriod = type.data!.__type.fields.filter(({ args }) => args.some(({ name }) => name === 'period'));
    expect(ofPeriod.map(({ name }) => name).sort()).toEqual(Object.keys(fields).sort());

    const before = await all();
    for (const [i, name] of Object.keys(fields).entries()) expect([name, ...before[i]!]).not.toEqual([name, null]);
    for (const period of [PERIOD, GAP]) {
      const { publications } = (await region(`publications(period: "${period}") { edges { node { id } } }`)) as unknown as { publications: { edges: { node: { id: string } }[] } }; // prettier-ignore
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
    expect((answer(names.indexOf('history')) as { gaps: string[] }).gaps.filter((one) => gone.test(one) || one.startsWith(`${PERIOD}: withdrawn`))).toHaveLength(2); // prettier-ignore
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
  await layPublications(two.world.ownerUrl, [{ ...laid!, dataset: { code: 'case-file-audits', version: '1.0' }, series: [{ ...laid!.series[0]!, key: 'AU01#count' }] }]); // prettier-ignore
  const [{ id }] = (await asOwner<{ id: string }>(two.world, "select id from release.publication where period = '2018-Q1'")) as [{ id: string }]; // prettier-ignore
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
    expect([asked, await facts(asked)]).toEqual([asked, { period: '2018-Q1', published: expect.stringContaining('2025-Q3, ') as string }]); // prettier-ignore
  expect(await facts('benchmark(indicator: "AU01", period: "2018-Q1") { handling }')).toMatchObject({
    because: 'figuresWrong',
  });
});

test('England’s public figures stand beside a year, with their period and source, in answers, charts and exports', async () => {
  const { code, authorities } = two.northEast;
  const [year] = calmHistory(two.world.hubId, code, authorities, two.world.agreements.get(code)!, ['2024-FY']);
  const series = year!.series.filter(({ key }) => key === 'RF01#count');
  await layPublications(two.world.ownerUrl, [{ ...year!, dataset: { code: 'safeguarding-annual', version: '1.0' }, series }]); // prettier-ignore
  const source = 'Department for Education, children in need census';
  interface Beside {
    benchmark: { england: { count: number; of: number; value: number; period: string; source: string; text: string } };
    bar: { rows: string[][]; svg: string };
    spine: { columns: string[]; rows: string[][] };
  }
  const { benchmark, bar, spine } = (await region(
    `benchmark(indicator: "RF01", period: "2024-FY") { england { count of value period source text } }
     bar: chart(kind: BAR, indicator: "RF01", period: "2024-FY") { rows svg }
     spine: chart(kind: SPINE, authority: "${authorities[0]!}", period: "2024-FY") { columns rows }`,
  )) as unknown as Beside;
  // 519.4 referrals of 10,000 children.
  const { england } = benchmark;
  expect(england).toMatchObject({ period: '2024-FY', source });
  expect(england.value).toBe(Math.round((england.count / england.of) * 100_000) / 10);
  expect(england.text).toMatch(/public .*not collected by the hub/);
  expect(bar.rows.at(-1)!.slice(0, 2)).toEqual([`England, 2024-FY, public: ${source}`, String(england.value)]);
  expect(bar.svg).toContain(`England ${england.value} (public)`);
  expect(spine.rows[0]![spine.columns.indexOf('England')]).toBe(String(england.value));
  expect(spine.rows[0]![spine.columns.indexOf('England: period and source')]).toContain(source);

  const folder = mkdtempSync(join(tmpdir(), 'hub-england-'));
  writeFileSync(join(folder, 'token'), lead);
  const exported = await typed(two.world.hub.url, join(folder, 'token'), ['export', code, '--dataset', 'safeguarding-annual', '--period', '2024-FY', '--out', folder]); // prettier-ignore
  expect([exported.code, exported.error]).toEqual([0, '']);
  const file = (ending: string) => join(folder, `safeguarding_annual_e12000001.${ending}`);
  const [header, ...lines] = parse(readFileSync(file('csv'))) as string[][];
  const at = (column: string) => lines.slice(0, 2).map((line) => line[header!.indexOf(column)]);
  // On a line of its own.
  const national = lines.at(-1)!;
  expect(['geographic_level', 'region_code', 'rf01_number', 'rf01_rate'].map((one) => national[header!.indexOf(one)])).toEqual(['National', '', String(england.count), String(england.value)]); // prettier-ignore
  expect([at('rf01_authorities'), at('region_authorities')]).toEqual([['12', 'z'], ['12', 'z']]); // prettier-ignore
  expect(readFileSync(file('csv-metadata.json'), 'utf8')).toContain(england.text);
  expect(sheetsOf(readFileSync(file('xlsx'))).get('1 Values')!.at(-1)).toEqual(expect.arrayContaining(['E92000001', england.value])); // prettier-ignore
  rmSync(folder, { recursive: true, force: true });
});

describe('the monthly clinic', () => {
  const MONTH = '2026-03';
  const months = periodsUntil(parsePeriod(MONTH), 24).map(({ text }) => text);
  const police = [{ dimension: 'source', category: 'police' }];
  interface Found {
    authority: { code: string } | null;
    indicator: { code: string; name: string };
    categories: { dimension: string; category: string }[];
    signal: { rule: string; meaning: string; text: string };
    since: string;
    value: number;
    mean: number;
    size: number;
  }
  const found = async (filter = '') => {
    const { patterns } = await region(
      `patterns(period: "${MONTH}", dataset: "front-door-monthly") { charts tooShort expected remark choices list(first: 100${filter}) {
         edges { node { authority { code } indicator { code name } categories { dimension category } signal { rule meaning text } since value mean size } } } }`,
    );
    return { ...patterns!, all: patterns!.list.edges.map(({ node }) => node as unknown as Found) };
  };
  const isPlanted = ({ authority, indicator, categories }: Found) =>
    authority?.code === northEast.authorities[2] && indicator.code === 'FD01' && categories[0]?.category === 'police';

  beforeAll(async () => {
    const benchmarking = exampleAgreement('north-east-benchmarking.v1');
    const tables = [{ ...benchmarking.tables[0]!, dataset: 'front-door-monthly', frequency: 'month' as const }];
    const clinic = await two.world.conclude({ ...benchmarking, id: 'north-east-front-door', tables });
    // `conclude` takes it for one that collects the rest.
    two.world.agreements.set(northEast.code, benchmarking);
    await layPublications(two.world.ownerUrl, monthlyClinic(two.world.hubId, northEast.code, northEast.authorities, clinic, months), false); // prettier-ignore
  }, 60_000);

  test('finds the agency that brings more than it did, in which authority, by which rule, and since when', async () => {
    const { all, charts, expected, remark, choices } = await found();
    // Of contacts and referrals the total and five agencies whose figures are printed, in twelve authorities and the region: nearly all.
    expect(charts).toBeGreaterThan(120);
    const [first] = all;
    expect(isPlanted(first!)).toBe(true);
    expect(first).toMatchObject({
      indicator: { code: 'FD01', name: 'Contacts' },
      categories: police,
      signal: { rule: 'OUTSIDE', meaning: 'HIGH', text: 'above the upper control limit' },
      since: months.at(-5),
    });
    expect(first!.value / first!.mean).toBeGreaterThan(1.2);
    // Beside it stands what chance gives: of its order, and told as such.
    expect(all.length).toBeLessThan(3 * expected + 6);
    expect(remark).toBe(
      `${all.length} of ${charts} charts show a pattern at the newest period; about ${Math.round(expected)} would by chance alone if nothing had changed.`,
    );
    expect(choices.join(' ')).toMatch(/moving ranges.*7 points.*on trial.*gap.*before they are rounded/);
    expect(all.some(({ categories }) => categories[0]?.category === 'anonymous')).toBe(false);
  });

  test('shows one authority, or one rule, and says of chance what it says of all', async () => {
    const whole = await found();
    const mine = await found(`, authority: "${northEast.authorities[2]!}"`);
    expect(mine.all).toEqual(whole.all.filter(({ authority }) => authority?.code === northEast.authorities[2]));
    expect(mine.all.some(isPlanted)).toBe(true);
    const outside = await found(', rule: OUTSIDE');
    expect(outside.all).toEqual(whole.all.filter(({ signal }) => signal.rule === 'OUTSIDE'));
    expect([mine.remark, outside.remark]).toEqual([whole.remark, whole.remark]);
    expect((await found(`, authority: "${two.westMidlands.authorities[0]!}"`)).all).toEqual([]);
  });
});
