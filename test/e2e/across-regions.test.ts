import { Client } from 'pg';
import type { AgreementDocument } from '@hub/agreements/domain';
import { newId, publicId } from '@hub/platform';
import { exampleAgreement } from '../seed/seed';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { calmHistory, layPublications } from '../support/lay';
import { nameOf, quarterly } from '../support/returns';
import { asOwner, PERIOD, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST, WEST_MIDLANDS } from '../support/world';

/**
 * An agreement of several regions, of boards or of a purpose lets its audience read what it names, while it holds, and
 * nothing beyond. What is not named is as absent as a region that does not exist.
 */

interface Figure {
  kind: string;
  count: number | null;
  of: number | null;
  value: number | null;
}
interface Benchmark {
  publication: { id: string; number: number; digest: string; handling: string };
  coverage: { shown: number; submitted: number; parties: number; text: string };
  authorities: { authority: { code: string } | null; figure: Figure; rank: number | null }[];
  region: Figure;
  quartiles: { median: number; basis: number } | null;
  presentation: string;
  shows: string;
  handling: string;
}
type Seen = GraphQLAnswer<{ region: { name: string; benchmark: Benchmark | null } | null }>;

let two: TwoRegions;
let view: AgreementDocument;
let lead: string;
let home: string;
let northEast: readonly string[];
let westMidlands: readonly string[];

beforeAll(async () => {
  two = await twoRegions();
  view = exampleAgreement('north-east-west-midlands-view.v1');
  [lead, home] = [
    await two.world.token('regional-lead', WEST_MIDLANDS),
    await two.world.token('regional-lead', NORTH_EAST),
  ];
  [northEast, westMidlands] = [two.northEast.authorities, two.westMidlands.authorities];
}, 240_000);
afterAll(() => two?.stop());

const inside = `publication { id number digest handling } coverage { shown submitted parties text }
  authorities { authority { code } figure { kind count of value } rank }
  region { kind count of value } quartiles { median basis } presentation shows handling`;
const ask = (
  token: string,
  asked: { region?: string; indicator?: string; period?: string; purpose?: string; breakdown?: object[] } = {},
): Promise<Seen> =>
  graphql(
    two.world.hub.url,
    token,
    `query ($region: ID!, $indicator: String!, $period: String!, $purpose: Purpose, $breakdown: [CategoryInput!]) {
       region(code: $region) { name benchmark(indicator: $indicator, period: $period, purpose: $purpose, breakdown: $breakdown) { ${inside} } } }`,
    { region: NORTH_EAST, indicator: 'RF01', period: PERIOD, purpose: 'PRACTICE_EXCHANGE', ...asked },
  );
async function benchmark(token: string, asked: Parameters<typeof ask>[1] = {}): Promise<Benchmark> {
  const { data, errors } = await ask(token, asked);
  expect(errors).toBeUndefined();
  return data!.region!.benchmark!;
}
const whyNot = ({ errors = [] }: Pick<GraphQLAnswer<unknown>, 'errors'>) =>
  errors.map(({ extensions: { code, facts } }) =>
    [code, (facts as { clause?: string } | undefined)?.clause].filter((one) => one !== undefined).join(' '),
  );
const isAbsent = async (token: string, region = NORTH_EAST): Promise<void> => {
  const said = async (code: string) => ask(token, { region: code });
  expect(await said(region)).toEqual(await said('E12000042'));
  expect(whyNot(await said(region))).toEqual(['REGION_ABSENT']);
};
const codesIn = ({ authorities }: Benchmark) => authorities.map(({ authority }) => authority?.code ?? null);
const publications = async (token: string, given = '', region = NORTH_EAST) =>
  graphql<{
    region: {
      publications: {
        edges: {
          cursor: string;
          node: { id: string; number: number; dataset: string; digest: string; handling: string };
        }[];
        pageInfo: object;
      } | null;
      rounds?: object | null;
    };
  }>(
    two.world.hub.url,
    token,
    `{ region(code: "${region}") { publications(purpose: PRACTICE_EXCHANGE ${given}) {
         edges { cursor node { id number dataset digest handling } } pageInfo { hasNextPage hasPreviousPage } } } }`,
  );
const setState = (id: string, state: string) =>
  asOwner(two.world, 'update agreements.agreement set state = $2 where id = $1', [id, state]);

describe('an agreement of two regions', () => {
  test('opens nothing before all have signed it', async () => {
    await isAbsent(lead);
    await two.world.propose(view);
    const parties = view.parties.map(({ authority }) => authority);
    for (const authority of parties.slice(0, -1)) {
      expect(await two.world.signAgreement(view, authority)).toBe('proposed');
    }
    await isAbsent(lead);
    expect(await two.world.signAgreement(view, parties.at(-1)!)).toBe('inForce');
  }, 60_000);

  test('lets the other region read what it names, as the own members see it, under its own line', async () => {
    const [theirs, own] = [await benchmark(lead), await benchmark(home, { purpose: 'REGIONAL_BENCHMARKING' })];
    for (const part of ['authorities', 'region', 'coverage', 'quartiles', 'presentation'] as const) {
      expect([part, theirs[part]]).toEqual([part, own[part]]);
    }
    expect(codesIn(theirs)).toEqual(northEast);
    expect(theirs.region.count).toBeGreaterThan(1000);
    expect(theirs.handling).toBe(view.handling);
    expect(theirs.publication.handling).toBe(view.handling);
    expect(own.handling).toBe(two.world.agreements.get(NORTH_EAST)!.handling);
    expect(theirs.publication.id).toBe(own.publication.id);
    expect(theirs.shows).toBe(
      'Each authority that shares under north-east-west-midlands-view version 1, by name; and the region.',
    );
    // The digest of the whole could be tried against guesses of what is not shown.
    expect(theirs.publication.digest).not.toBe(own.publication.digest);
    const back = await benchmark(home, { region: WEST_MIDLANDS });
    expect(codesIn(back)).toEqual(westMidlands);
  });

  test('is one door for _entities too', async () => {
    const { data, errors } = await graphql<{ _entities: { benchmark: Benchmark }[] }>(
      two.world.hub.url,
      lead,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Region {
         benchmark(indicator: "RF01", period: "${PERIOD}", purpose: PRACTICE_EXCHANGE) { ${inside} } } } }`,
      { of: [{ __typename: 'Region', code: NORTH_EAST }] },
    );
    expect(errors).toBeUndefined();
    expect(data!._entities[0]!.benchmark).toEqual(await benchmark(lead));
  });

  test.each<[string, Parameters<typeof ask>[1], string]>([
    ['another indicator', { indicator: 'CP07' }, 'AGREEMENT_NOT_COVERED /tables/0/indicators'],
    ['one that nobody has sent', { indicator: 'RF02' }, 'AGREEMENT_NOT_COVERED /tables/0/indicators'],
    [
      'a breakdown',
      { indicator: 'CP01', breakdown: [{ dimension: 'duration', category: '2-years-or-more' }] },
      'AGREEMENT_NOT_COVERED /tables/0/breakdowns',
    ],
    ['another purpose', { purpose: 'PEER_CHALLENGE' }, 'AGREEMENT_NOT_COVERED /purposes'],
    ['no purpose, so the first', { purpose: undefined }, 'AGREEMENT_NOT_COVERED /purposes'],
  ])('refuses %s, with the clause', async (_, asked, why) => {
    const answer = await ask(lead, asked);
    expect(answer.data!.region!.benchmark).toBeNull();
    expect(whyNot(answer)).toEqual([why]);
  });

  test('keeps rounds, who is a party and everybody outside its audience away', async () => {
    for (const [field, below] of [
      ['rounds', 'edges { node { id } }'],
      ['authorities', 'authority { code } partyOf { id }'],
    ] as const) {
      const own = await graphql<{ region: object }>(
        two.world.hub.url,
        lead,
        `{ region(code: "${NORTH_EAST}") { name ${field} { ${below} } } }`,
      );
      expect(own.data).toEqual({ region: { name: 'North East', [field]: null } });
      expect(whyNot(own)).toEqual(['REGION_ABSENT']);
    }
    await isAbsent(await two.world.token('elected-member', westMidlands[0]!));
    await isAbsent(await two.world.token('authority-system', westMidlands[0]!));
    await isAbsent(await two.world.token('regional-lead', 'E12000002'));
    await isAbsent(await two.world.token('steward', 'hub'));
    await isAbsent(lead, 'E12000002');
  });

  test('lists what it names and counts nothing else', async () => {
    const { data, errors } = await publications(lead);
    expect(errors).toBeUndefined();
    const { edges, pageInfo } = data!.region.publications!;
    const { publication } = await benchmark(lead);
    expect(edges.map(({ node }) => node)).toEqual([{ ...publication, dataset: quarterly.code }]);
    expect(pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false });
    const after = await publications(lead, `, after: "${edges[0]!.cursor}"`);
    expect(after.data!.region.publications!.edges).toEqual([]);
    // A publication of another dataset, which it does not name, changes nothing: neither number nor page.
    const before = JSON.stringify(data);
    const plant = async (dataset: string, number: number) =>
      asOwner(
        two.world,
        `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
           period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
         select region_id, $1, $2, round_id, $3, dataset_version, period, period_kind, period_from, period_until, edition,
           'superseded', agreement_id, agreement_version, document, digest, published_at
         from release.publication where region_id = (select id from registry.region where code = $4)`,
        [newId(), number, dataset, NORTH_EAST],
      );
    await plant('another-dataset', 2);
    expect(JSON.stringify((await publications(lead)).data)).toBe(before);
    await asOwner(two.world, `delete from release.publication where dataset = 'another-dataset'`);
  });

  test('the database by itself gives an outsider the named figures, row by row, and no publication', async () => {
    const client = new Client({ connectionString: two.database.urls.reader });
    await client.connect();
    const seen = async (subject: string) => {
      const [{ id }] = (await asOwner<{ id: string }>(two.world, 'select id from identity.member where subject = $1', [
        subject,
      ])) as [{ id: string }];
      await client.query('begin');
      try {
        await client.query(`select set_config('hub.member', $1, true)`, [id]);
        const figures = await client.query<{ key: string; authority: string | null }>(
          `select s.key, a.code as authority from release.figure f join registry.series s on s.id = f.series_id
             join registry.region g on g.id = f.region_id left join registry.authority a on a.id = f.authority_id
           where g.code = $1`,
          [NORTH_EAST],
        );
        const heads = await client.query(
          'select document from release.publication p join registry.region g on g.id = p.region_id where g.code = $1',
          [NORTH_EAST],
        );
        return {
          keys: [...new Set(figures.rows.map(({ key }) => key))].sort(),
          authorities: new Set(figures.rows.map(({ authority }) => authority)).size,
          rows: figures.rows.length,
          heads: heads.rows.length,
        };
      } finally {
        await client.query('rollback');
      }
    };
    try {
      const named = ['CP01#count', 'LA01#count', 'RF01#count'];
      expect(await seen(`regional-lead@${WEST_MIDLANDS}`)).toEqual({
        keys: named,
        authorities: 13,
        rows: 39,
        heads: 0,
      });
      const nothing = { keys: [], authorities: 0, rows: 0, heads: 0 };
      expect(await seen(`elected-member@${westMidlands[0]!}`)).toEqual(nothing);
      expect(await seen('regional-lead@E12000002')).toEqual(nothing);
      expect((await seen(`regional-lead@${NORTH_EAST}`)).heads).toBe(1);
    } finally {
      await client.end();
    }
  });

  test('the code by itself shows no more when the database shows all', async () => {
    const asked = async () => ({
      named: await ask(lead),
      unnamed: await ask(lead, { indicator: 'CP07' }),
      list: await publications(lead),
      outside: await ask(await two.world.token('elected-member', westMidlands[0]!)),
    });
    const before = await asked();
    const [{ was }] = (await asOwner<{ was: string }>(
      two.world,
      `select qual as was from pg_policies where policyname = 'shared' and tablename = 'figure'`,
    )) as [{ was: string }];
    await asOwner(two.world, 'alter policy shared on release.figure using (true)');
    try {
      expect(await asked()).toEqual(before);
    } finally {
      await asOwner(two.world, `alter policy shared on release.figure using (${was})`);
    }
  });

  test('of one that was withdrawn tells since when, why and by which of those that it lets them read it is replaced', async () => {
    const lay = async () =>
      publicId(
        'pub',
        two.world.hubId,
        (
          await layPublications(
            two.world.ownerUrl,
            calmHistory(two.world.hubId, NORTH_EAST, northEast, two.world.agreements.get(NORTH_EAST)!, ['2025-Q3']),
          )
        )[0]!,
      );
    const id = await lay();
    const look = async (token: string, field: string) =>
      graphql<{ publication: Record<string, unknown> | null }>(
        two.world.hub.url,
        token,
        `query ($id: ID!) { publication(id: $id, purpose: PRACTICE_EXCHANGE) { ${field} } }`,
        { id },
      );
    const fields = 'state digest receipt endedAt supersededBy withdrawal { at because inWords replacedBy }';
    const { digest } = (await look(lead, fields)).data!.publication!;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const withdraw = `mutation { withdrawPublication(id: "${id}", because: FIGURES_WRONG) { at } }`;
    const { withdrawPublication: done } = await two.world.ask<{ withdrawPublication: { at: string } }>(home, withdraw);
    const facts = { since: done.at, because: 'figuresWrong' };

    for (const replace of [() => null, lay]) {
      const replacedBy = await replace();
      const seen = await look(lead, fields);
      expect(seen.errors).toBeUndefined();
      // Neither the digest of the whole, which its receipt holds, nor one of a part: that would be made of its figures.
      expect(seen.data!.publication).toEqual({
        state: 'WITHDRAWN',
        digest: '',
        receipt: null,
        endedAt: done.at,
        supersededBy: replacedBy,
        withdrawal: { at: done.at, because: 'FIGURES_WRONG', inWords: 'some of its figures are wrong', replacedBy },
      });
      for (const field of ['document', `why(series: "RF01#count") { formula }`]) {
        const { data, errors } = await look(lead, field);
        expect([field, Object.values(data!.publication!)]).toEqual([field, [null]]);
        expect([field, errors![0]!.extensions]).toMatchObject([
          field,
          { code: 'PUBLICATION_WITHDRAWN', facts: replacedBy === null ? facts : { ...facts, replacedBy } },
        ]);
      }
    }
    // Whom it lets read nothing is told nothing, not even that there was one.
    const nobody = await look(await two.world.token('elected-member', westMidlands[0]!), fields);
    expect([nobody.data!.publication, whyNot(nobody)]).toEqual([null, ['PUBLICATION_ABSENT']]);
  });

  test('every read and every refusal is there for those whose figures they are, without a name', async () => {
    const accesses = async (token: string, authority: string, given = '') =>
      graphql<{
        accesses: {
          edges: { cursor: string; node: Record<string, unknown> }[];
          pageInfo: { hasNextPage: boolean };
        } | null;
      }>(
        two.world.hub.url,
        token,
        `{ accesses(authority: "${authority}" ${given}) {
             edges { cursor node { action subject role organisation purpose agreement version clause refusal times } }
             pageInfo { hasNextPage } } }`,
      );
    await benchmark(lead, { indicator: 'LA01' });
    const analyst = await two.world.token('authority-analyst', northEast[3]!);
    const { data, errors } = await accesses(analyst, northEast[3]!);
    expect(errors).toBeUndefined();
    const nodes = data!.accesses!.edges.map(({ node }) => node);
    const by = { role: 'REGIONAL_LEAD', organisation: WEST_MIDLANDS, purpose: 'PRACTICE_EXCHANGE' };
    const under = { agreement: view.id, version: 1 };
    expect(nodes[0]).toEqual({
      ...by,
      ...under,
      action: 'BENCHMARK',
      subject: `${NORTH_EAST} LA01 ${PERIOD}`,
      clause: '/audience/1',
      refusal: null,
      times: 1,
    });
    expect(nodes).toContainEqual({
      ...by,
      ...under,
      action: 'BENCHMARK',
      subject: `${NORTH_EAST} CP07 ${PERIOD}`,
      clause: '/tables/0/indicators',
      refusal: 'AGREEMENT_NOT_COVERED',
      times: expect.any(Number) as number,
    });
    expect(nodes).toContainEqual(
      expect.objectContaining({ action: 'REGION', organisation: 'E12000002', refusal: 'REGION_ABSENT' }),
    );
    expect(nodes).toContainEqual(expect.objectContaining({ action: 'PUBLICATIONS', organisation: WEST_MIDLANDS }));
    // Page by page, each once.
    const all: unknown[] = [];
    for (let after = ''; ;) {
      const page = (await accesses(analyst, northEast[3]!, `, first: 3${after}`)).data!.accesses!;
      all.push(...page.edges.map(({ node }) => node));
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.edges.at(-1)!.cursor}"`;
    }
    expect(all).toEqual(nodes);
    // Not a neighbour's, and not for those who only send.
    expect(whyNot(await accesses(analyst, northEast[2]!))).toEqual(['ORGANISATION_ABSENT']);
    expect(whyNot(await accesses(await two.world.token('authority-system', northEast[3]!), northEast[3]!))).toEqual([
      'NOT_FOR_THIS_ROLE',
    ]);
    const elsewhere = await accesses(await two.world.token('authority-analyst', westMidlands[0]!), westMidlands[0]!);
    expect(JSON.stringify(elsewhere.data)).not.toContain(NORTH_EAST + ' ');
  });

  test('without a party that has left, and then without the region’s figure', async () => {
    const leaver = northEast[0]!;
    await two.world.withdraw(view, leaver, day(0));
    const seen = await benchmark(lead);
    expect(codesIn(seen)).toEqual(northEast.slice(1));
    expect(seen.region).toEqual({ kind: 'NOT_AVAILABLE', count: null, of: null, value: null });
    expect(seen.coverage).toEqual({ shown: 10, submitted: 10, parties: 11, text: '10 of 11' });
    expect(seen.quartiles!.basis).toBe(10);
    expect(seen.shows).toContain('The region’s figure holds others too, so it is not shown.');
    // Who works for the one that has left reads the other region no longer; neighbours do.
    await isAbsent(await two.world.token('authority-analyst', leaver), WEST_MIDLANDS);
    const neighbour = await two.world.token('authority-analyst', northEast[1]!);
    expect(codesIn(await benchmark(neighbour, { region: WEST_MIDLANDS }))).toEqual(westMidlands);
    expect(codesIn(await benchmark(home, { purpose: 'REGIONAL_BENCHMARKING' }))).toEqual(northEast);
  });

  test('is closed at the next request while it is suspended, and when it has ended', async () => {
    await setState(view.id, 'suspended');
    await isAbsent(lead);
    expect(whyNot(await publications(lead))).toEqual(['REGION_ABSENT']);
    await setState(view.id, 'inForce');
    expect(codesIn(await benchmark(lead))).toHaveLength(11);
    await two.world.ask(
      home,
      `mutation { terminateAgreement(id: "${view.id}", version: 1, reason: "The exercise is over.") { state } }`,
    );
    await isAbsent(lead);
  });
});

describe('an agreement across boards', () => {
  const [tees, blackCountry] = [
    ['E06000001', 'E06000004'],
    ['E08000027', 'E08000028'],
  ] as const;

  test('lets the members of each read the other’s areas, and no others of the region', async () => {
    const roles = ['board-chair', 'agency-partner'] as const;
    const { parties, ...rest } = view;
    const boards: AgreementDocument = {
      ...rest,
      id: 'tees-black-country-boards',
      parties: parties.filter(({ authority }) => ([...tees, ...blackCountry] as string[]).includes(authority)),
      audience: ['brd-tees', 'brd-black-country'].map((of) => ({ of, roles, presentation: 'named' })),
    };
    const chair = await two.world.token('board-chair', 'brd-tees');
    await isAbsent(chair, WEST_MIDLANDS);
    await two.world.conclude(boards);
    expect(codesIn(await benchmark(chair, { region: WEST_MIDLANDS }))).toEqual(blackCountry);
    expect((await benchmark(chair, { region: WEST_MIDLANDS })).region.kind).toBe('NOT_AVAILABLE');
    // An agency belongs to each board whose area it serves.
    const police = await two.world.token('agency-partner', 'agy-west-midlands-police');
    expect(codesIn(await benchmark(police))).toEqual(tees);
    await isAbsent(lead);
    await isAbsent(await two.world.token('authority-analyst', tees[0]), WEST_MIDLANDS);
  });
});

describe('presentations', () => {
  const asked = { purpose: 'PEER_CHALLENGE' };
  let named: Benchmark;

  beforeAll(async () => {
    const example = exampleAgreement('north-east-peer-challenge.v1');
    await two.world.conclude({
      ...example,
      audience: [
        example.audience[0]!,
        {
          of: NORTH_EAST as never,
          roles: ['elected-member'],
          presentation: 'own-and-unnamed',
          handling: 'Not for minutes.',
        },
        { of: NORTH_EAST as never, roles: ['board-chair', 'scrutineer'], presentation: 'own-and-region' },
      ],
    });
    // `conclude` takes it for one that collects.
    two.world.agreements.set(NORTH_EAST, exampleAgreement('north-east-benchmarking.v1'));
    named = await benchmark(home, asked);
  });

  test('the own by name and the others by value alone, in an order that says nothing', async () => {
    const mine = northEast[4]!;
    const seen = await benchmark(await two.world.token('elected-member', mine), asked);
    const [first, ...others] = seen.authorities;
    expect(first).toEqual(named.authorities[4]);
    expect(others.every(({ authority, rank }) => authority === null && rank === null)).toBe(true);
    expect(others.every(({ figure }) => figure.count === null && figure.of === null)).toBe(true);
    const values = named.authorities.filter((_, i) => i !== 4).map(({ figure }) => figure.value);
    const whole = (value: number | null) => (value === null ? null : Math.round(value));
    expect(others.map(({ figure }) => figure.value)).toEqual(
      [...values].sort((a, b) => (b ?? -1) - (a ?? -1)).map(whole),
    );
    expect(seen).toMatchObject({
      presentation: 'OWN_AND_UNNAMED',
      handling: 'Not for minutes.',
      region: named.region,
      quartiles: Object.fromEntries(Object.entries(named.quartiles!).map(([cut, value]) => [cut, whole(value)])),
      coverage: named.coverage,
    });
    for (const code of northEast.filter((one) => one !== mine)) expect(JSON.stringify(seen)).not.toContain(code);
    expect(seen.publication.digest).not.toBe(named.publication.digest);
  });

  test('the own and the region, and nothing of the others', async () => {
    const seen = await benchmark(await two.world.token('board-chair', 'brd-tees'), asked);
    expect(codesIn(seen)).toEqual(['E06000001', 'E06000004']);
    expect(seen.authorities.every(({ rank }) => rank === null)).toBe(true);
    expect(seen).toMatchObject({ presentation: 'OWN_AND_REGION', region: named.region, quartiles: null });
    expect(seen.coverage).toEqual({ shown: 2, submitted: 11, parties: 12, text: '11 of 12' });
  });

  test('for another purpose they are shown by name, as the region’s agreement says', async () => {
    const seen = await benchmark(await two.world.token('board-chair', 'brd-tees'), {
      purpose: 'REGIONAL_BENCHMARKING',
    });
    expect(seen.presentation).toBe('NAMED');
    expect(codesIn(seen)).toEqual(northEast);
  });
});

test('agreements come page by page, each once, also behind one that is no longer seen', async () => {
  const list = async (given: string) => {
    const { agreements } = await two.world.ask<{
      agreements: {
        edges: { cursor: string; node: { id: string; version: number } }[];
        pageInfo: { hasNextPage: boolean };
      };
    }>(home, `{ agreements${given} { edges { cursor node { id version } } pageInfo { hasNextPage } } }`);
    return agreements;
  };
  const all = (await list('')).edges.map(({ node }) => node.id);
  expect(all.length).toBeGreaterThan(3);
  expect(all).toEqual([...all].sort());
  const seen: string[] = [];
  for (let after = ''; ;) {
    const { edges, pageInfo } = await list(`(first: 1${after})`);
    seen.push(...edges.map(({ node }) => node.id));
    if (!pageInfo.hasNextPage) break;
    after = `, after: "${edges.at(-1)!.cursor}"`;
  }
  expect(seen).toEqual(all);
  const gone = Buffer.from(`${all[1]!}-gone 7`).toString('base64url');
  const behind = (await list(`(after: "${gone}")`)).edges.map(({ node }) => node.id);
  expect(behind).toEqual(all.filter((id) => id > `${all[1]!}-gone`));
  expect(behind.length).toBeLessThan(all.length);
  // Those of one state, though the pages in between have none of it.
  const ended = (await list('(state: TERMINATED, first: 1)')).edges.map(({ node }) => node.id);
  expect(ended).toEqual([view.id]);
});

describe('a named network of authorities of both regions', () => {
  const network = 'net-trial-exercise';
  const period = '2025-Q2';

  test('is a region of its own: it collects, publishes, is read by its members, and opens neither region', async () => {
    const { world } = two;
    const members = [...northEast.slice(1, 4), ...westMidlands.slice(0, 2)].sort();
    await asOwner(world, `insert into registry.region (id, code, name) values (9001, $1, 'A trial exercise')`, [
      network,
    ]);
    await asOwner(
      world,
      `insert into registry.region_authority (region_id, authority_id, valid)
       select 9001, id, '[2019-04-01,)' from registry.authority where code = any($1)`,
      [members],
    );
    await asOwner(
      world,
      `with one as (insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, 'A lead') returning id)
       insert into identity.member_role (member_id, role, organisation) select id, 'regional-lead', $4 from one`,
      [newId(), world.issuer.issuer, `regional-lead@${network}`, network],
    );
    // Regions are read at start.
    await world.restart({});
    const example = world.agreements.get(NORTH_EAST)!;
    const agreement = {
      ...example,
      id: 'trial-exercise',
      regions: [network],
      parties: [...example.parties, ...exampleAgreement('west-midlands-benchmarking.v1').parties].filter(
        ({ authority }) => members.includes(authority),
      ),
      audience: [{ ...example.audience[0]!, of: network }],
    } as unknown as AgreementDocument;
    await world.conclude(agreement);
    const round = await world.openRound(network, quarterly.code, period);
    for (const [i, authority] of members.entries()) {
      const payload = world.payload(network, nameOf(quarterly), { authority, period, rows: rowsOf(i) });
      const answer = await world.send(authority, await world.sign(authority, payload));
      expect([authority, answer.status, answer.text.slice(0, 300)]).toEqual([authority, 201, expect.anything()]);
    }
    expect(await world.publish(network, round)).toEqual({ state: 'PUBLISHED', heldBecause: null });

    const asked = { region: network, period, purpose: 'REGIONAL_BENCHMARKING' };
    for (const authority of members) {
      const seen = await benchmark(await world.token('authority-analyst', authority), asked);
      expect(codesIn(seen)).toEqual(members);
      expect(seen.coverage.text).toBe('5 of 5');
    }
    // A lead of a region around it is no member of it, and who is in it sees no more of the regions.
    await isAbsent(home, network);
    await isAbsent(lead, network);
    await isAbsent(await world.token('regional-lead', network));
    await isAbsent(await world.token('authority-analyst', members[0]!), WEST_MIDLANDS);
  }, 60_000);

  test('is held on a hub that is not the home of all its authorities, and the book is as it was', async () => {
    const { world } = two;
    const next = '2025-Q3';
    const book = () =>
      asOwner(
        world,
        `select md5(string_agg(publication_id || md5(problem::text), ',' order by at)) as book from proof.certificate`,
      );
    const before = await book();
    const round = await world.openRound(network, quarterly.code, next);
    const { parties } = world.agreements.get(network)!;
    for (const [i, { authority }] of parties.entries()) {
      const payload = world.payload(network, nameOf(quarterly), { authority, period: next, rows: rowsOf(i) });
      const answer = await world.send(authority, await world.sign(authority, payload));
      expect([authority, answer.status, answer.text.slice(0, 300)]).toEqual([authority, 201, expect.anything()]);
    }
    await world.restart({ HUB_REGIONS: `${NORTH_EAST},${network}` });
    try {
      expect(await world.publish(network, round)).toEqual({ state: 'HELD', heldBecause: 'PUBLICATION_ELSEWHERE' });
      expect(await book()).toEqual(before);
    } finally {
      await world.restart({ HUB_REGIONS: '' });
    }
  }, 60_000);
});
