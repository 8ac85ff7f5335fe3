import { Client } from 'pg';
import { audit, checkCertificate } from '@hub/disclosure';
import { londonDate } from '@hub/kernel';
import { BOOK_LOCK, publicId } from '@hub/platform';
import { checkPublication } from '@hub/publications/checker';
import { loadRegistry } from '@hub/registry/domain';
import { ask } from '../../support/database';
import { until } from '../../support/field';
import { graphql } from '../../support/graphql';
import { annual, brokenDown, categoriesOf, nameOf, quarterly } from '../../support/returns';
import { NORTH_EAST, WEST_MIDLANDS, type Row } from '../../support/world';
import {
  NORTH_WEST,
  YORKSHIRE,
  EAST_MIDLANDS,
  EAST,
  SOUTH_EAST,
  QUARTER,
  world,
  northEast,
  conclude,
  send,
  publish,
  whyNot,
  released,
  documentOf,
  refusalOf,
  bands,
} from './hub';

test('too few returns are held', async () => {
  const before = await released();
  const returns = new Map(northEast.slice(0, 2).map((authority) => [authority, [{ indicator: 'EH01', count: 50 }]]));
  const held = await publish(NORTH_EAST, quarterly, '2022-Q1', returns);
  expect(held).toMatchObject({ state: 'HELD', heldBecause: 'PUBLICATION_TOO_FEW' });
  expect(await released()).toEqual(before);
});

test.each([
  ['range', NORTH_WEST, { protect: 'range' }],
  ['told', YORKSHIRE, { told: true }],
] as const)('an agreement that asks for %s gets it', async (_what, region, asked) => {
  const authorities = await conclude(region, asked);
  const returns = new Map(
    authorities.map((authority, i) => [authority, brokenDown(quarterly, 'CP01', 'duration', bands[i + 6]!)]),
  );
  expect(await publish(region, quarterly, QUARTER, returns)).toMatchObject({ state: 'PUBLISHED' });
  const { problem, decision } = await documentOf(region);
  expect(problem.policy).toMatchObject(asked);
  expect(await audit(problem, decision)).toMatchObject({ status: 'safe' });
  expect(decision.sensitive).toBeGreaterThan(0);
});

test('what a region had few of is told together from the next period on, with the words for it', async () => {
  const authorities = await conclude(WEST_MIDLANDS, { told: true });
  const young = [2, 1, 3];
  const publishIn = async (period: string) => {
    const rows = authorities.map(
      (one, i) => [one, brokenDown(quarterly, 'EH01', 'age', [0, young[i]!, 31, 40 + i, 52, 44, 30])] as const,
    );
    expect(await publish(WEST_MIDLANDS, quarterly, period, new Map(rows))).toMatchObject({ state: 'PUBLISHED' });
    return (await documentOf(WEST_MIDLANDS, period)).parsed;
  };
  expect((await publishIn('2022-Q1')).together).toBeUndefined();
  const { together = [], series, id } = await publishIn('2022-Q2');
  const [{ label, categories }] = together.filter(({ indicators }) => indicators.includes('EH01')) as [
    (typeof together)[0],
  ];
  // The region's next category was hidden as cover, and may be as few for all that is printed; and its neighbour.
  expect(categories).toEqual(['under-1', '1-4', '5-9']);
  const age = (category: string) => series.find(({ key }) => key === `EH01|age=${category}#count`)!;
  expect(categories.flatMap((one) => [age(one).region, ...age(one).figures.slice(0, 3)])).toEqual(
    Array(12).fill('notAvailable'),
  );
  expect(age('10-15').region).toBe(156);

  const analyst = await world.token('authority-analyst', authorities[0]!);
  const { publication: whole } = await world.ask<{ publication: Parameters<typeof checkPublication>[0] }>(
    analyst,
    'query ($id: ID!) { publication(id: $id) { digest document proof receipt } }',
    { id },
  );
  expect(checkPublication(whole, quarterly, [await world.ledgerKey()])).toMatchObject({ unshown: [] });
  const read = (category: string) =>
    world.ask<{ region: { benchmark: { together: string | null } }; publication: { why: { formula: string } } }>(
      analyst,
      `query ($id: ID!, $series: String!) { publication(id: $id) { why(series: $series) { formula } }
        region(code: "${WEST_MIDLANDS}") { benchmark(indicator: "EH01", period: "2022-Q2", breakdown: [{ dimension: "age", category: "${category}" }]) { together } } }`,
      { id, series: `EH01|age=${category}#count` },
    );
  const { region, publication } = await read('1-4');
  expect(region.benchmark.together).toBe(label);
  expect(publication.why.formula).toContain(`${label} are what the other categories leave of the total`);
  expect((await read('10-15')).region.benchmark.together).toBeNull();
});

test('before the first edition a national release says what is rare, and shares are told together too', async () => {
  // The agreement that asks for told, of the test above.
  const authorities = loadRegistry()
    .authorities.filter(({ region, until }) => region === YORKSHIRE && until === null)
    .map(({ code }) => code)
    .slice(0, 3);
  const ages = categoriesOf(annual, 'EH01', 'age');
  const map = JSON.stringify({
    ...{ v: 1, release: 'episodes-by-age', title: 'Early help by age', by: 'Somebody who counts it too' },
    ...{ dataset: nameOf(annual), periods: 'year-to-31-march', threshold: 6, rounding: { authority: 0, sum: 10 } },
    columns: Object.fromEntries(ages.map((age) => [age, `EH01|age=${age}#count`])),
  });
  const lines = authorities.map((code) =>
    ['2021', 'Local authority', 'E92000001', YORKSHIRE, code, 4, 4, 400, 400, 400, 400, 400, 400].join(),
  );
  const csv = ['time_period,geographic_level,country_code,region_code,new_la_code', ...ages]
    .join()
    .concat(`\n${lines.join('\n')}\n`);
  const steward = (name: string) => world.token(name, 'hub');
  const proposer = await steward('steward');
  const propose = () =>
    world.ask<{ loadNationalRelease: { id: string; digest: string } }>(
      proposer,
      'mutation ($map: String!, $csv: String!) { loadNationalRelease(map: $map, csv: $csv, period: "2020-FY") { id digest } }',
      { map, csv },
    );
  // Who asks again before there is an answer proposes one release: both have seen none when they write it.
  const owner = new Client({ connectionString: world.ownerUrl });
  await owner.connect();
  await owner.query('begin; lock table registry.national_release in share mode');
  const proposals = Promise.all([propose(), propose()]);
  await until('both write it', async () => {
    const waiting = `select from pg_locks where relation = 'registry.national_release'::regclass and not granted`;
    return (await ask(world.ownerUrl, waiting)).length === 2;
  }).finally(() => owner.end());
  const [{ loadNationalRelease: proposed }, again] = await proposals;
  expect(again).toEqual({ loadNationalRelease: proposed });
  await world.ask(
    await steward('steward-2'),
    'mutation ($digest: String!) { confirmNationalRelease(digest: $digest) { state } }',
    { digest: proposed.digest },
  );
  await until('it is loaded', async () => {
    const [row] = await ask<{ state: string }>(
      world.ownerUrl,
      'select state from registry.national_release where digest = $1',
      [proposed.digest],
    );
    return row!.state === 'loaded';
  });

  const assessed = [1, 2, 31, 40, 52, 44, 30, 25];
  const seen = [1, 1, 15, 20, 26, 22, 15, 12];
  const rows = authorities.map((one, i): [string, Row[]] => {
    const more = (counts: readonly number[]) => counts.map((count, at) => (at < 2 ? count : count + i));
    const of = brokenDown(quarterly, 'AS01', 'age', more(assessed));
    const share = brokenDown(quarterly, 'AS03', 'age', more(seen)).map((row, at) => ({ ...row, of: of[at]!.count! }));
    return [one, [...of, ...share]];
  });
  expect(await publish(YORKSHIRE, quarterly, '2022-Q1', new Map(rows))).toMatchObject({ state: 'PUBLISHED' });
  const { parsed, problem, decision } = await documentOf(YORKSHIRE, '2022-Q1');
  const told = parsed.together!.find(({ indicators }) => indicators.includes('AS03'))!;
  expect(told.indicators).toEqual(expect.arrayContaining(['AS01', 'AS03', 'EH01']));
  expect(told.categories.slice(0, 2)).toEqual(ages.slice(0, 2));
  for (const indicator of ['AS01', 'AS03']) {
    const figures = (age: string) => parsed.series.find(({ key }) => key === `${indicator}|age=${age}#count`)!;
    for (const age of told.categories) {
      expect(figures(age).region).toBe('notAvailable');
      expect(figures(age).figures.every((figure) => typeof figure === 'string')).toBe(true);
    }
    // What is left of the detail is printed.
    expect(ages.some((age) => typeof figures(age).region === 'number')).toBe(true);
  }
  expect(await audit(problem, decision)).toMatchObject({ status: 'safe' });
  expect(checkCertificate(problem, decision, decision.certificate)).toMatchObject({ status: 'safe' });
});

test('a declared circle of two cannot subtract its way to a third one’s small count, as it could the day before', async () => {
  const [first, second, third] = (await conclude(SOUTH_EAST, {})) as [string, string, string];
  const counts = { [first]: 40, [second]: 50, [third]: 3 };
  const publishTotals = async (period: string) => {
    const rows = Object.entries(counts).map(([one, count]) => [one, [{ indicator: 'EH01', count }]] as const);
    expect(await publish(SOUTH_EAST, quarterly, period, new Map(rows))).toMatchObject({ state: 'PUBLISHED' });
    const { parsed, ...more } = await documentOf(SOUTH_EAST, period);
    return { ...more, ...parsed.series.find(({ key }) => key === 'EH01#count')! };
  };
  const before = await publishTotals('2022-Q1');
  expect([before.region, before.figures[2]]).toEqual([93, 'hidden']);
  expect(Number(before.region) - counts[first]! - counts[second]!).toBe(counts[third]);

  await world.ask(
    await world.token('steward', 'hub'),
    `mutation ($authorities: [ID!]!, $from: Date!) {
       declareCircle(name: "Children first together", authorities: $authorities, from: $from) { id } }`,
    { authorities: [first, second], from: londonDate(new Date()) },
  );
  const after = await publishTotals('2022-Q2');
  expect([after.region, after.figures[2]]).toEqual(['hidden', 'hidden']);
  const { problem, decision } = after;
  expect(await audit(problem, decision)).toMatchObject({ status: 'safe' });
  // The audit counts with the circle: what was printed the day before would not have passed.
  const suppressed = before.decision.suppressed.map((id) => id.replace('2022-Q1', '2022-Q2'));
  expect(await audit(problem, { suppressed })).toMatchObject({
    status: 'exposed',
    exposed: [{ attacker: expect.stringMatching(/^circle [0-9a-f]{12}$/) as string }],
  });
  // Neither the proof nor the publication says who the circle is.
  expect(JSON.stringify(after)).not.toContain('Children first');
  expect(after.document).not.toContain('circle');
});

test('two regions asked for at once are compiled one after the other, and meanwhile nobody takes a return back', async () => {
  const [period, london] = ['2022-Q3', 'E12000007'] as const;
  const regions = [
    [NORTH_EAST, northEast.slice(0, 3)],
    [london, await conclude(london, {})],
  ] as const;
  // As if a third compile held the book.
  const book = new Client({ connectionString: world.ownerUrl });
  await book.connect();
  await book.query('select pg_advisory_lock($1)', [BOOK_LOCK]);
  try {
    for (const [region, authorities] of regions) {
      const round = await world.openRound(region, quarterly.code, period);
      for (const [i, one] of authorities.entries())
        await send(region, quarterly, period, one, [{ indicator: 'EH01', count: 40 + i }]);
      const lead = await world.token('regional-lead', region);
      await world.ask(lead, 'mutation ($id: ID!) { closeRound(id: $id) { state } publishRound(id: $id) { state } }', {
        id: round,
      });
    }
    const waiting = `select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await until(
      'a compile waits for the book',
      async () => (await ask(world.ownerUrl, waiting, [BOOK_LOCK])).length > 0,
    );
    const states = () => ask(world.ownerUrl, 'select state from rounds.round where period = $1', [period]);
    const compiling = [{ state: 'compiling' }, { state: 'compiling' }];
    expect(await states()).toEqual(compiling);
    const [own] = await ask<{ id: string }>(
      world.ownerUrl,
      `select s.id from intake.submission s join registry.authority a on a.id = s.authority_id
       where a.code = $1 and s.period = $2`,
      [northEast[0], period],
    );
    const taken = await graphql(
      world.hub.url,
      await world.token('authority-approver', northEast[0]!),
      'mutation ($id: ID!) { withdrawSubmission(id: $id, reason: "Counted twice.") { state } }',
      { id: publicId('sub', world.hubId, own!.id) },
    );
    expect(whyNot(taken)).toEqual(['SUBMISSION_COMPILED']);
    expect(await states()).toEqual(compiling);

    await book.query('select pg_advisory_unlock($1)', [BOOK_LOCK]);
    await until('both are published', async () => (await states()).every(({ state }) => state === 'published'));
    const returned = `select count(*)::int as returns from intake.published_return r
      join release.publication p on p.id = r.publication_id where p.period = $1`;
    expect(await ask(world.ownerUrl, returned, [period])).toEqual([{ returns: 6 }]);
  } finally {
    await book.end();
  }
});

/** In the annual dataset the Department prints these itself: they are known anyway, and nothing can cover for them. */
const onBase = (count: number, base: number): Row[] => [
  { indicator: 'SF03', count: base },
  { indicator: 'SF04', count, of: base },
];

test('what others give away whatever is hidden holds nothing up: the edition does without those rows', async () => {
  const authorities = await conclude(EAST_MIDLANDS, { protect: 'range' });
  // 3 of a printed 7: an attacker knows that the count does not reach the threshold of 10. And of a printed total of 10 and a
  // printed category of 17 to 18 the other category follows.
  const leavers = [
    { indicator: 'CL01', count: 10, of: 40 },
    { indicator: 'CL01', breakdown: { age: '17-18' }, count: 7, of: 20 },
    { indicator: 'CL01', breakdown: { age: '19-21' }, count: 3, of: 20 },
  ];
  const returns = new Map(authorities.map((one, i) => [one, i === 0 ? [...onBase(3, 7), ...leavers] : onBase(40, 90)]));
  expect(await publish(EAST_MIDLANDS, annual, '2023-FY', returns)).toMatchObject({ state: 'PUBLISHED' });
  const { series } = (await documentOf(EAST_MIDLANDS, '2023-FY')).parsed;
  const printed = (key: string) => series.find((one) => one.key === key)!;
  expect(printed('SF04#count').figures.slice(0, 3)).toEqual(['notAvailable', 40, 40]);
  expect(printed('CL01|age=19-21#count').figures[0]).toBe('notAvailable');
  expect(printed('CL01#count').figures[0]).toBe(10);
});

test('a table that cannot be protected is held, and nobody is told what would be exposed', async () => {
  const authorities = await conclude(EAST, { told: true });
  const before = await released();
  // Nine counts of one under a total of nine: whoever is told that the total is small has them all.
  const sources = annual.dimensions['source']!.categories.map(({ code: source }, i) => ({
    indicator: 'FD01',
    breakdown: { source },
    count: i < 9 ? 1 : 0,
  }));
  const contacts = [{ indicator: 'FD01', count: 9 }, ...sources];
  const held = await publish(EAST, annual, '2023-FY', new Map(authorities.map((one) => [one, contacts])));
  expect(held).toMatchObject({ state: 'HELD', heldBecause: 'PUBLICATION_POLICY' });
  expect(await released()).toEqual(before);

  const { code, detail } = await refusalOf(held.round);
  expect([code, detail.status]).toEqual(['PUBLICATION_POLICY', 'refused']);
  expect(detail.exposed!.length).toBeGreaterThan(0);
  for (const who of [
    ['regional-lead', EAST],
    ['authority-approver', authorities[0]!],
  ] as const) {
    const { text } = await seenBy(who, EAST);
    expect(text).toContain('PUBLICATION_POLICY');
    expect(text).not.toMatch(/exposed|outsider|interval|FD01/);
  }
  // What would help is for the lead to know, which counts it is for their owner alone.
  const told = async (role: string, organisation: string) => {
    const token = await world.token(role, organisation);
    const query = `query ($id: ID!) { round(id: $id) {
      heldHelp { dataset nextEdition words tables { indicator { code } dimension coarser fourQuarters } }
      heldCells { authority { code } series } } }`;
    return (await graphql<{ round: object | null }>(world.hub.url, token, query, { id: held.round })).data?.round;
  };
  const help = {
    dataset: annual.code,
    nextEdition: true,
    // A year is no quarter.
    tables: expect.arrayContaining([
      { indicator: { code: 'FD01' }, dimension: 'source', coarser: true, fourQuarters: false },
    ]) as object,
    words: expect.arrayContaining([
      'FD01 by source cannot be protected. What would help: take categories of it together, or leave the breakdown out of the agreement.',
      'The next edition may do: later and corrected returns can stand in it.',
    ]) as object,
  };
  expect(await told('regional-lead', EAST)).toEqual({ heldHelp: help, heldCells: null });
  const first = `FD01|source=${annual.dimensions['source']!.categories[0]!.code}#count`;
  for (const authority of authorities.slice(0, 2)) {
    const cells = [{ authority: { code: authority }, series: expect.arrayContaining([first]) as object }];
    for (const role of ['authority-approver', 'authority-analyst'])
      expect(await told(role, authority)).toEqual({ heldHelp: null, heldCells: cells });
  }
  expect(await told('elected-member', authorities[0]!)).toEqual({ heldHelp: null, heldCells: null });
  expect(await told('regional-lead', NORTH_EAST)).toBeNull();
  expect(world.hub.stderr()).not.toMatch(/exposed|interval|FD01/);
});

test('what is told of a held round goes when a return of it is erased, and what is told of others stays', async () => {
  const [region, others, period] = [EAST, NORTH_EAST, '2023-FY'];
  // The same dataset and period of another region, which is held too: as if a table of it could not be protected.
  const ofOthers = `from rounds.round r join registry.region g on g.id = r.region_id
    where g.code = $1 and r.dataset = $2 and r.period = $3`;
  await ask(
    world.ownerUrl,
    `insert into rounds.held_table (round_id, region_id, indicator, dimension) select r.id, r.region_id, 'FD01', '' ${ofOthers}`,
    [others, annual.code, period],
  );
  await ask(
    world.ownerUrl,
    `insert into intake.held_cell (round_id, authority_id, series_id)
     select r.id, (select id from registry.authority where code = $4), (select id from registry.series where key = 'FD01#count') ${ofOthers}`,
    [others, annual.code, period, northEast[0]!],
  );
  /** Of whom something is told: regions by tables, authorities by counts. */
  const told = async () => ({
    tables: await ask<{ code: string }>(
      world.ownerUrl,
      'select distinct g.code from rounds.held_table h join registry.region g on g.id = h.region_id order by 1',
    ),
    counts: await ask<{ code: string }>(
      world.ownerUrl,
      'select distinct a.code from intake.held_cell h join registry.authority a on a.id = h.authority_id order by 1',
    ),
  });
  const authorities = loadRegistry()
    .authorities.filter((one) => one.region === region && one.until === null)
    .map(({ code }) => code)
    .slice(0, 3);
  const named = (...codes: readonly string[]) =>
    codes.map((code) => ({ code })).sort((a, b) => (a.code < b.code ? -1 : 1));
  expect(await told()).toEqual({ tables: named(region, others), counts: named(...authorities, northEast[0]!) });

  const token = await world.token('authority-approver', authorities[0]!);
  const which = { authority: authorities[0]!, period };
  const { erasurePlan } = await world.ask<{ erasurePlan: { id: string } }>(
    token,
    'query ($authority: ID!, $period: String) { erasurePlan(authority: $authority, period: $period) { id } }',
    which,
  );
  const { eraseReturns } = await world.ask<{ eraseReturns: { id: string } }>(
    token,
    'mutation ($authority: ID!, $period: String, $plan: ID!) { eraseReturns(authority: $authority, period: $period, plan: $plan) { id } }',
    { ...which, plan: erasurePlan.id },
  );
  await until('it is erased', async () => {
    const query = 'query ($id: ID!) { erasure(id: $id) { state } }';
    return (await world.ask<{ erasure: { state: string } }>(token, query, eraseReturns)).erasure.state === 'DONE';
  });
  // The counts of all three made it what it was.
  expect(await told()).toEqual({ tables: named(others), counts: named(northEast[0]!) });
});

/** Everything about rounds and publications of a region that the schema has. */
async function seenBy([role, organisation]: readonly [string, string], region: string) {
  const answer = await graphql(
    world.hub.url,
    await world.token(role, organisation),
    `
      query ($code: ID!) {
        region(code: $code) {
          rounds {
            edges {
              node {
                id
                dataset
                period
                state
                heldBecause
                missing {
                  code
                }
              }
            }
          }
          publications {
            edges {
              node {
                id
                number
                state
                digest
              }
            }
          }
        }
      }
    `,
    { code: region },
  );
  return { text: JSON.stringify(answer) };
}
