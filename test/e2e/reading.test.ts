import { Agent, request } from 'node:http';
import { loadRegistry, populationOf } from '@hub/registry/domain';
import { parsePeriod } from '@hub/kernel';
import { CountingProxy } from '../support/counting-proxy';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { nameOf, quarterly, returnOf } from '../support/returns';
import {
  asOwner,
  BEFORE,
  PERIOD,
  rowsOf,
  twoRegions,
  type PublishedRegion,
  type TwoRegions,
} from '../support/two-regions';
import { NORTH_EAST } from '../support/world';

interface Figure {
  kind: string;
  count: number | null;
  of: number | null;
  value: number | null;
  unit: string;
  between: number[] | null;
}
interface Benchmark {
  publication: { id: string; period: string };
  indicator: { code: string; name: string };
  coverage: { shown: number; submitted: number; parties: number; text: string };
  authorities: { authority: { code: string; name: string }; figure: Figure; rank: number | null }[];
  region: Figure;
  quartiles: { lower: number; median: number; upper: number; basis: number } | null;
}
interface Page {
  edges: { cursor: string; node: { id: string; number: number; period: string; state: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

let two: TwoRegions;
let proxy: CountingProxy | undefined;
let lead: string;
let northEast: PublishedRegion;

beforeAll(async () => {
  two = await twoRegions(async ({ urls }) => {
    proxy = await CountingProxy.before(urls.reader);
    return { DATABASE_READER_URL: proxy.url };
  });
  northEast = two.northEast;
  lead = await two.world.token('regional-lead', NORTH_EAST);
}, 240_000);
afterAll(async () => {
  await two?.stop();
  await proxy?.stop();
});

const figure = '{ kind count of value unit between }';
const query = `query ($region: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!]) {
  region(code: $region) { benchmark(indicator: $indicator, period: $period, breakdown: $breakdown) {
    publication { id period } indicator { code name } coverage { shown submitted parties text }
    authorities { authority { code name } figure ${figure} rank } region ${figure} quartiles { lower median upper basis } } } }`;

const ask = (
  variables: { indicator?: string; period?: string; breakdown?: object[]; region?: string },
  token: string | null = lead,
): Promise<GraphQLAnswer<{ region: { benchmark: Benchmark | null } | null }>> =>
  graphql(two.world.hub.url, token, query, { region: NORTH_EAST, indicator: 'CP07', period: PERIOD, ...variables });

async function benchmark(indicator: string, breakdown?: object[]): Promise<Benchmark> {
  const { data, errors } = await ask({ indicator, breakdown });
  expect(errors).toBeUndefined();
  return data!.region!.benchmark!;
}
const list = async (
  field: 'rounds' | 'publications',
  given: string,
): Promise<GraphQLAnswer<{ region: Record<string, Page> }>> =>
  graphql(
    two.world.hub.url,
    lead,
    `{ region(code: "${NORTH_EAST}") { ${field}${given} {
       edges { cursor node { id period state ${field === 'publications' ? 'number' : ''} } }
       pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
  );
const codes = ({ errors = [] }: { errors?: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

/** `100 × a ÷ b` and the like to one decimal, halves up, in whole numbers. */
const tenths = (numerator: number, denominator: number): number =>
  Math.floor((2 * 10 * numerator + denominator) / (2 * denominator)) / 10;
const median = (sorted: number[], share: number): number => {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
};
const returned = (indicator: string) => (_: unknown, i: number) =>
  rowsOf(i).find((row) => row.indicator === indicator && !row.breakdown)!;

describe('a benchmark', () => {
  test('shows each authority by name and code, in one order, and one that sent nothing as such', async () => {
    const { authorities, publication, indicator } = await benchmark('CP01');
    expect(authorities.map(({ authority }) => authority.code)).toEqual(northEast.authorities);
    expect(authorities[0]!.authority.name).toBe('Hartlepool');
    expect(authorities.at(-1)!.figure.kind).toBe('NOT_SUBMITTED');
    expect(publication.period).toBe(PERIOD);
    expect(indicator.code).toBe('CP01');
  });

  test('carries no number beside a hidden figure but what the print leaves of it, nor a rank', async () => {
    const { authorities } = await benchmark('CP07');
    const hidden = authorities.filter(({ figure }) => figure.kind === 'HIDDEN');
    expect(hidden.length).toBeGreaterThan(1);
    for (const { figure, rank } of authorities.filter(({ figure }) => figure.kind !== 'VALUE')) {
      expect({ ...figure, kind: '', between: null }).toEqual({
        kind: '',
        count: null,
        of: null,
        value: null,
        unit: '%',
        between: null,
      });
      // What the print leaves of it: at least one, and more than one count.
      const [least, most = Infinity] = figure.between ?? [];
      expect(figure.between !== null).toBe(figure.kind === 'HIDDEN');
      if (figure.between) expect([least! >= 1, most > least!]).toEqual([true, true]);
      expect(rank).toBeNull();
    }
    // Two returns of three plans fewer than all: too small to print what is left.
    for (const i of [1, 4]) expect(authorities[i]!.figure.kind).toBe('HIDDEN');
  });

  test('has percentages of the printed counts, to one decimal, halves up', async () => {
    const { authorities, region } = await benchmark('CP07');
    const shown = authorities.filter(({ figure }) => figure.kind === 'VALUE');
    expect(shown.length).toBeGreaterThan(4);
    for (const { figure } of [...shown, { figure: region }]) {
      expect(figure.value).toBe(tenths(100 * figure.count!, figure.of!));
      expect(figure.unit).toBe('%');
    }
    const sent = northEast.authorities.slice(0, -1).map(returned('CP07'));
    expect(region.count).toBe(sent.reduce((sum, { count }) => sum + count!, 0));
    expect(region.of).toBe(sent.reduce((sum, row) => sum + row.of!, 0));
  });

  test('has rates per 10,000 children of the registry', async () => {
    const { authorities, region } = await benchmark('RF01');
    const registry = loadRegistry();
    const children = northEast.authorities.map((code) => populationOf(registry, code, parsePeriod(PERIOD))!);
    authorities.slice(0, -1).forEach(({ figure }, i) => {
      expect(figure).toMatchObject({ count: returned('RF01')(null, i).count, of: null, unit: 'per 10,000' });
      expect(figure.value).toBe(tenths(10_000 * figure.count!, children[i]!));
    });
    // The children of those who sent a return, and of nobody else.
    const stand = children.slice(0, -1).reduce((a, b) => a + b, 0);
    expect(region.value).toBe(tenths(10_000 * region.count!, stand));
  });

  test('has means of counts in tenths', async () => {
    const { authorities } = await benchmark('WF04');
    expect(authorities[0]!.figure).toMatchObject({ count: 1500.5, of: 100, value: 15, unit: 'average' });
    expect(authorities[3]!.figure).toMatchObject({
      count: 1530.5,
      of: 103,
      value: tenths(15305, 1030),
      unit: 'average',
    });
  });

  test.each(['CP07', 'CP01', 'RF05', 'WF04'])(
    'ranks and quartiles of %s are made of printed values alone',
    async (indicator) => {
      const { authorities, quartiles } = await benchmark(indicator);
      const lowIsBest = indicator === 'WF04';
      const values = authorities.map(({ figure }) => figure.value);
      const printed = values.filter((value) => value !== null).sort((a, b) => a - b);
      authorities.forEach(({ rank }, i) => {
        const better = printed.filter((value) => (lowIsBest ? value < values[i]! : value > values[i]!)).length;
        expect(rank).toBe(values[i] === null ? null : better + 1);
      });
      expect(quartiles!.basis).toBe(printed.length);
      expect(quartiles!.lower).toBeCloseTo(median(printed, 0.25), 6);
      expect(quartiles!.median).toBeCloseTo(median(printed, 0.5), 6);
      expect(quartiles!.upper).toBeCloseTo(median(printed, 0.75), 6);
    },
  );

  test('says who stands behind the figure of the region', async () => {
    expect((await benchmark('CP07')).coverage).toEqual({ shown: 6, submitted: 11, parties: 12, text: '11 of 12' });
    const { coverage, authorities } = await benchmark('RF05');
    expect(coverage).toEqual({ shown: 10, submitted: 10, parties: 12, text: '10 of 12' });
    expect(authorities[2]!.figure.kind).toBe('NOT_COLLECTED');
    const nothing = await benchmark('RF02');
    expect(nothing.coverage).toEqual({ shown: 0, submitted: 0, parties: 12, text: '0 of 12' });
    expect(nothing.quartiles).toBeNull();
    expect(nothing.region).toMatchObject({ count: null, value: null });
  });

  test('a small category is hidden, and so is what would give it away', async () => {
    const categories = quarterly.dimensions.duration!.categories.map(({ code }) => code);
    const breakdowns = await Promise.all(
      categories.map(async (category) => {
        const { data } = await ask({ indicator: 'CP01', breakdown: [{ dimension: 'duration', category }] });
        return data?.region?.benchmark ?? null;
      }),
    );
    const printed = breakdowns.filter((one) => one !== null);
    expect(printed.length).toBeGreaterThan(3);
    // A total is printed for each authority: then never is just one of its parts hidden.
    northEast.authorities.slice(0, -1).forEach((_, i) => {
      const hidden = printed.filter(({ authorities }) => authorities[i]!.figure.kind === 'HIDDEN').length;
      expect(hidden).not.toBe(1);
      if (i % 4 === 1 || i % 5 === 2) expect(hidden).toBeGreaterThan(1);
    });
    for (const { authorities, region } of printed) {
      const hidden = authorities.filter(({ figure }) => figure.kind === 'HIDDEN').length;
      if (region.kind === 'VALUE') expect(hidden).not.toBe(1);
    }
  });
});

describe('what is not there', () => {
  test.each([
    ['an unknown indicator', { indicator: 'ZZ99' }],
    ['no indicator', { indicator: '' }],
    ['an unknown dimension', { breakdown: [{ dimension: 'shoe', category: 'left' }] }],
    ['an unknown category', { indicator: 'CP01', breakdown: [{ dimension: 'duration', category: 'ages' }] }],
    [
      'one dimension twice',
      { indicator: 'CP01', breakdown: Array(2).fill({ dimension: 'duration', category: '2-years-or-more' }) },
    ],
  ])('%s is refused', async (_, variables) => {
    const answer = await ask(variables as object);
    expect(answer.data).toEqual({ region: { benchmark: null } });
    expect(codes(answer)).toEqual(['INDICATOR_ABSENT']);
  });

  test.each([
    ['a key in place of a category', [{ dimension: 'duration', category: '2-years-or-more#count' }]],
    ['a name from the prototype', [{ dimension: '__proto__', category: 'constructor' }]],
    ['no text', [{ dimension: '', category: '' }]],
    [
      'a malformed one behind a good one',
      [
        { dimension: 'duration', category: '2-years-or-more' },
        { dimension: 'A B', category: 'x' },
      ],
    ],
  ])('%s as a category is refused and not repeated', async (_, breakdown) => {
    const answer = await ask({ indicator: 'CP01', breakdown });
    expect(answer.data).toEqual({ region: { benchmark: null } });
    expect(codes(answer)).toEqual(['REQUEST_MALFORMED']);
    expect(JSON.stringify(answer.errors)).not.toMatch(/#count|__proto__|A B/);
  });

  test.each([
    '2026',
    '2026-Q5',
    '2026-13',
    '2026-q1',
    ' 2026-Q1',
    '2026-Q1 ',
    '2026-Q1\u0000',
    '',
    '20260-Q1',
    "2026-Q1' or '1'='1",
  ])('the period %j is refused and not repeated', async (period) => {
    const answer = await ask({ period });
    expect(answer.data).toEqual({ region: { benchmark: null } });
    expect(codes(answer)).toEqual(['PERIOD_MALFORMED']);
    if (period.length > 6) expect(JSON.stringify(answer.errors)).not.toContain(period);
  });

  test.each(['2024-Q1', '2026-FY', '2026-07', '2099-H1'])(
    'the period %s has no publication, and which have one is told',
    async (period) => {
      const answer = await ask({ period });
      expect(answer.data).toEqual({ region: { benchmark: null } });
      expect(codes(answer)).toEqual(['NOTHING_PUBLISHED']);
      const { facts } = answer.errors![0]!.extensions;
      expect(facts).toEqual({ period, published: expect.stringContaining(PERIOD) as string });
    },
  );

  test('another region is refused as one that does not exist', async () => {
    const said = async (region: string) => {
      const { data, errors, status } = await ask({ region });
      return { data, status, errors };
    };
    expect(await said(two.westMidlands.code)).toEqual(await said('E12000042'));
    expect(codes(await said('E12000042'))).toEqual(['REGION_ABSENT']);
  });
});

describe('statements', () => {
  /** Statements of the reader's login for one benchmark, once the hub has read it before. */
  async function statements(region: PublishedRegion, indicator: string): Promise<number> {
    const token = await two.world.token('regional-lead', region.code);
    await ask({ region: region.code, indicator }, token);
    proxy!.statements = 0;
    const { errors } = await ask({ region: region.code, indicator }, token);
    expect(errors).toBeUndefined();
    return proxy!.statements;
  }

  test('are as many for fourteen authorities as for twelve', async () => {
    expect([two.northEast.authorities.length, two.westMidlands.authorities.length]).toEqual([12, 14]);
    const [twelve, fourteen] = [await statements(two.northEast, 'CP07'), await statements(two.westMidlands, 'CP07')];
    expect(fourteen).toBe(twelve);
    // The door, then begin, publication, agreement, access record and commit: fewer than there are authorities.
    expect(twelve).toBeGreaterThanOrEqual(5);
    expect(twelve).toBeLessThan(12);
  });

  test('are as many when the publication has to be opened first', async () => {
    const cold = async (region: PublishedRegion) => {
      const token = await two.world.token('elected-member', region.authorities[0]!);
      await ask({ region: region.code, indicator: 'SV01' }, token);
      proxy!.statements = 0;
      await ask({ region: region.code, indicator: 'SV02' }, token);
      return proxy!.statements;
    };
    expect(await cold(two.westMidlands)).toBe(await cold(two.northEast));
  });
});

describe('the access log', () => {
  const rows = () =>
    asOwner(
      two.world,
      `select m.subject as who, l.action, l.subject, g.code as region, l.agreement_id as agreement,
         l.agreement_version as version, l.clause, l.refusal
       from platform.access_log l join identity.member m on m.id = l.member_id
         left join registry.region g on g.id = l.region_id
       where l.action like 'read.%' order by l.id`,
    );
  const document = () => two.world.agreements.get(NORTH_EAST)!;

  test('holds one record per read, with the agreement and the clause that allowed it', async () => {
    const before = (await rows()).length;
    const chair = await two.world.token('board-chair', 'brd-tees');
    await ask({ indicator: 'CP07' }, chair);
    const agreement = { agreement: document().id, version: document().version, clause: '/audience/0', refusal: null };
    const by = { who: 'board-chair@brd-tees', region: NORTH_EAST, ...agreement };
    expect((await rows()).slice(before)).toEqual([
      { ...by, action: 'read.benchmark', subject: `${NORTH_EAST} CP07 ${PERIOD}` },
    ]);
    await graphql(two.world.hub.url, chair, `{ region(code: "${NORTH_EAST}") { publications { edges { cursor } } } }`);
    expect((await rows()).slice(before + 1)).toEqual([
      { ...by, action: 'read.publications', subject: `${NORTH_EAST} * *` },
    ]);
    await graphql(
      two.world.hub.url,
      chair,
      `{ region(code: "${NORTH_EAST}") {
           a: benchmark(indicator: "CP01", period: "${PERIOD}") { region { count } }
           b: benchmark(indicator: "RF01", period: "${PERIOD}") { region { count } } } }`,
    );
    expect(
      (await rows())
        .slice(before + 2)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual([`${NORTH_EAST} CP01 ${PERIOD}`, `${NORTH_EAST} RF01 ${PERIOD}`]);
  });

  test('holds the read of each reader, though the second is answered out of what was written for the first', async () => {
    const before = (await rows()).length;
    const readers = [lead, await two.world.token('board-chair', 'brd-tees')];
    const asked = `{ region(code: "${NORTH_EAST}") { benchmark(indicator: "CP07", period: "${PERIOD}") {
      publication { id document } region { count } } } }`;
    const answers: string[] = [];
    for (const reader of readers) {
      for (const text of [query, asked]) {
        const answer = await graphql(two.world.hub.url, reader, text, {
          region: NORTH_EAST,
          indicator: 'CP07',
          period: PERIOD,
        });
        answers.push(JSON.stringify(answer));
      }
    }
    expect([answers[0], answers[1]]).toEqual([answers[2], answers[3]]);
    const kept = (await rows())
      .slice(before)
      .map(({ who, action }) => `${String(who).split('@')[0]} ${String(action)}`);
    const each = ['read.benchmark', 'read.benchmark', 'read.publication'];
    expect(kept).toEqual([...each.map((one) => `regional-lead ${one}`), ...each.map((one) => `board-chair ${one}`)]);
  });

  test('holds none where nothing was read', async () => {
    const before = (await rows()).length;
    await ask({ indicator: 'ZZ99' });
    await ask({ period: '2024-Q1' });
    expect((await rows()).length).toBe(before);
  });

  test('counts by the day who asked in vain, however often, and keeps no text that is no code', async () => {
    const analyst = await two.world.token('authority-analyst', northEast.authorities[1]!);
    for (let i = 0; i < 5; i++) await ask({ region: two.westMidlands.code }, analyst);
    for (const region of ['E12000099', 'net-secret', '<script>']) await ask({ region }, analyst);
    await ask({ region: two.westMidlands.code }, null);
    const refused = await asOwner(
      two.world,
      `select l.subject, g.code as region, l.refusal, l.times, l.role, l.organisation, l.purpose, l.agreement_id as agreement
       from platform.access_log l left join identity.member m on m.id = l.member_id
         left join registry.region g on g.id = l.region_id
       where l.refusal is not null and (m.subject = $1 or m.id is null) order by l.id`,
      [`authority-analyst@${northEast.authorities[1]!}`],
    );
    const by = { role: 'authority-analyst', organisation: northEast.authorities[1]!, purpose: 'regional-benchmarking' };
    expect(refused).toEqual([
      { ...by, subject: 'E12000005', region: 'E12000005', refusal: 'REGION_ABSENT', times: 5, agreement: null },
      { ...by, subject: 'no such region', region: null, refusal: 'REGION_ABSENT', times: 3, agreement: null },
    ]);
  });
});

test('a member who was removed is out at the next request of the same connection', async () => {
  const token = await two.world.token('agency-partner', 'agy-cleveland-police');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = JSON.stringify({ query, variables: { region: NORTH_EAST, indicator: 'CP07', period: PERIOD } });
  const send = () =>
    new Promise<{ answer: GraphQLAnswer<{ region: unknown }>; port: number }>((done, failed) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = request(`${two.world.hub.url}/graphql`, { method: 'POST', agent, headers }, (response) => {
        const port = response.socket.localPort!;
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => done({ answer: JSON.parse(text) as never, port }));
      });
      sent.on('error', failed);
      sent.end(body);
    });
  const setEnd = (end: string) =>
    asOwner(
      two.world,
      `update identity.member_role r set valid = daterange(lower(valid), ${end}) from identity.member m
       where m.id = r.member_id and m.subject = 'agency-partner@agy-cleveland-police'`,
    );
  try {
    const first = await send();
    expect(codes(first.answer)).toEqual([]);
    expect(first.answer.data!.region).not.toBeNull();
    await setEnd('current_date - 1');
    const second = await send();
    expect(second.port).toBe(first.port);
    expect(second.answer.data).toEqual({ region: null });
    expect(codes(second.answer)).toEqual(['REGION_ABSENT']);
    await setEnd('null');
    expect(codes((await send()).answer)).toEqual([]);
  } finally {
    agent.destroy();
  }
});

describe('pages', () => {
  let publications: string[];
  let rounds: string[];
  beforeAll(async () => {
    const { world } = two;
    // A second publication, and rounds enough for pages of two.
    for (const [i, authority] of northEast.authorities.slice(1, 4).entries()) {
      const rows = returnOf(quarterly, [{ indicator: 'RF01', count: 250 + 20 * i }]);
      const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: BEFORE, rows });
      const answer = await world.send(authority, await world.sign(authority, payload));
      expect(answer.status).toBe(201);
    }
    expect(await world.publish(NORTH_EAST, northEast.openRound)).toMatchObject({ state: 'PUBLISHED' });
    for (const period of ['2020-FY', '2021-FY', '2022-FY'])
      await world.openRound(NORTH_EAST, 'safeguarding-annual', period);
    const all = async (field: 'rounds' | 'publications') =>
      (await list(field, '')).data!.region[field]!.edges.map(({ node }) => node.id);
    [publications, rounds] = [await all('publications'), await all('rounds')];
  }, 120_000);

  test('there is something to turn', async () => {
    expect([publications.length, rounds.length]).toEqual([2, 5]);
    const { edges } = (await list('publications', '')).data!.region.publications!;
    expect(edges.map(({ node }) => [node.number, node.period, node.state])).toEqual([
      [2, BEFORE, 'CURRENT'],
      [1, PERIOD, 'CURRENT'],
    ]);
  });

  test.each(['rounds', 'publications'] as const)('%s come page by page, each once and newest first', async (field) => {
    for (const size of [1, 2, 4]) {
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const { data, errors } = await list(field, `(first: ${size}${after ? `, after: "${after}"` : ''})`);
        expect(errors).toBeUndefined();
        const { edges, pageInfo } = data!.region[field]!;
        expect(pageInfo).toMatchObject({
          hasPreviousPage: after !== null,
          startCursor: edges[0]!.cursor,
          endCursor: edges.at(-1)!.cursor,
        });
        seen.push(...edges.map(({ node }) => node.id));
        if (!pageInfo.hasNextPage) break;
        expect(edges).toHaveLength(size);
        after = pageInfo.endCursor;
      }
      expect(seen).toEqual(field === 'rounds' ? rounds : publications);
    }
  });

  test('publications are chosen by dataset and period', async () => {
    const numbers = async (given: string) =>
      (await list('publications', given)).data!.region.publications!.edges.map(({ node }) => node.number);
    expect(await numbers(`(period: "${PERIOD}")`)).toEqual([1]);
    expect(await numbers('(dataset: "safeguarding-quarterly")')).toEqual([2, 1]);
    expect(await numbers('(dataset: "safeguarding-annual")')).toEqual([]);
    expect(await numbers('(period: "nonsense")')).toEqual([]);
  });

  test.each(['rounds', 'publications'] as const)(
    '%s refuse a page that is too large, and a cursor that is not theirs',
    async (field) => {
      const cursor = (text: string) => Buffer.from(text).toString('base64url');
      const other = (await list(field === 'rounds' ? 'publications' : 'rounds', '')).data!.region;
      const foreign = Object.values(other)[0]!.edges[0]!.cursor;
      for (const given of [
        '(first: 101)',
        '(first: 0)',
        '(first: -1)',
        `(after: "${foreign}")`,
        '(after: "")',
        '(after: "%%%")',
        `(after: "${cursor("1' or '1'='1")}")`,
        `(after: "${cursor('99999999999999999999')}")`,
        `(after: "${cursor('0-0-0')}")`,
      ]) {
        const answer = await list(field, given);
        expect([given, answer.data, codes(answer)]).toEqual([
          given,
          { region: { [field]: null } },
          ['REQUEST_MALFORMED'],
        ]);
      }
      expect(codes(await list(field, '(first: 100)'))).toEqual([]);
    },
  );

  test('while its agreement is suspended nothing is shown; every read under it leaves a record with the clause', async () => {
    const { id } = two.world.agreements.get(NORTH_EAST)!;
    const state = (to: string) =>
      asOwner(two.world, 'update agreements.agreement set state = $2 where id = $1 and version = 1', [id, to]);
    const numbers = async () =>
      (await list('publications', '')).data!.region.publications!.edges.map(({ node }) => node.number);
    const records = () =>
      asOwner<{ agreement: string; version: number; clause: string; refusal: string | null; times: number }>(
        two.world,
        `select agreement_id as agreement, agreement_version as version, clause, refusal, times from platform.access_log
         where action = 'read.publications' order by id`,
      );
    const before = (await records()).length;
    await state('suspended');
    try {
      expect(codes(await ask({ period: PERIOD }))).toEqual(['AGREEMENT_NOT_IN_FORCE']);
      expect(codes(await list('publications', ''))).toEqual(['AGREEMENT_NOT_IN_FORCE']);
      expect(codes(await list('publications', `(period: "${PERIOD}")`))).toEqual(['AGREEMENT_NOT_IN_FORCE']);
    } finally {
      await state('inForce');
    }
    expect(await numbers()).toEqual([2, 1]);
    const by = { agreement: id, version: 1 };
    expect((await records()).slice(before)).toEqual([
      { ...by, clause: '', refusal: 'AGREEMENT_NOT_IN_FORCE', times: 2 },
      { ...by, clause: '/audience/0', refusal: null, times: 1 },
    ]);
  });

  test.each(['rounds(dataset: $text)', 'publications(dataset: $text)', 'publications(period: $text)'])(
    'a text that the database cannot hold is refused: %s',
    async (field) => {
      const answer = await graphql<{ region: object }>(
        two.world.hub.url,
        lead,
        `query ($text: String!) { region(code: "${NORTH_EAST}") { x: ${field} { edges { cursor } } } }`,
        { text: 'a\u0000b' },
      );
      expect(answer.data).toEqual({ region: { x: null } });
      expect(codes(answer)).toEqual(['REQUEST_MALFORMED']);
    },
  );
});
