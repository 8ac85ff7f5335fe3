import { join } from 'node:path';
import { logins } from '@hub/platform';
import { Boards, CHALLENGE, LIST, LOOK, POLICE, who, type Looked, type Who } from '../support/boards';
import { ask as query } from '../support/database';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { startProcess, type HubProcess } from '../support/hub-process';
import { rootFolder } from '../support/root';
import { asOwner, dataFolder, PERIOD, twoRegions, type TwoRegions } from '../support/two-regions';
import { AUDIENCE, day, NORTH_EAST, WEST_MIDLANDS } from '../support/world';

/**
 * Two walls stand around a region: the code's gate and the database's policies. Each is tried with the other taken down,
 * and then both are taken down, for a test that nothing can fail proves nothing.
 */

type Answer = GraphQLAnswer<{ region: Seen | null; _entities: (Seen | null)[] }>;
interface Seen {
  publications: { edges: object[] } | null;
  rounds: { edges: object[] } | null;
  benchmark: { authorities: { figure: { count: number | null } }[] } | null;
}

const inside = `
  publications { edges { node { id digest } } }
  rounds { edges { node { id dataset period missing { code } } } }
  benchmark(indicator: "CP01", period: "${PERIOD}") { authorities { authority { code } figure { count value } } region { count } }`;
const doors = {
  region: `query ($code: ID!) { region(code: $code) { ${inside} } }`,
  _entities: `query ($code: ID!) { _entities(representations: [{ __typename: "Region", code: $code }]) { ... on Region { ${inside} } } }`,
} as const;

let two: TwoRegions;
let boards: Boards;
/** The same hub on the same database, without the code's gate; and without asking the audience of agreements either. */
let gateless: HubProcess;
let audienceless: HubProcess;
let stranger: string;

beforeAll(async () => {
  two = await twoRegions();
  const { world, database } = two;
  stranger = await world.token('regional-lead', WEST_MIDLANDS);
  const without = (more: Record<string, string>) =>
    startProcess(
      join(rootFolder, 'dist/test/support/hub-without-gate.js'),
      {
        PORT: '0',
        HUB_ID: world.hubId,
        HUB_DATA_DIR: dataFolder,
        OIDC_ISSUER: world.issuer.issuer,
        OIDC_AUDIENCE: AUDIENCE,
        LOG_LEVEL: 'error',
        DATABASE_URL: database.ownerUrl,
        ...Object.fromEntries(logins.map((login) => [`DATABASE_${login.toUpperCase()}_URL`, database.urls[login]])),
        ...more,
      },
      / listens on (\S+)/,
    );
  [gateless, audienceless] = await Promise.all([without({}), without({ HUB_WITHOUT_AUDIENCE: 'true' })]);
}, 240_000);
afterAll(async () => {
  await gateless?.stop();
  await audienceless?.stop();
  await two?.stop();
});

const ask = async (hub: HubProcess, door: keyof typeof doors, token: string | null = stranger): Promise<Answer> =>
  graphql(hub.url, token, doors[door], { code: NORTH_EAST });

const seen = ({ data }: Answer): Seen | null => data?.region ?? data?._entities?.[0] ?? null;
const codes = ({ errors = [] }: Pick<Answer, 'errors'>): string[] => errors.map(({ extensions }) => extensions.code);
const each = Object.keys(doors) as (keyof typeof doors)[];

/** Replaces every policy of a login on the tables of a schema by one that permits everything. */
async function takePoliciesDown(schema: string, login = 'hub_reader'): Promise<number> {
  const policies = await asOwner<{ table: string; policy: string; reads: boolean; writes: boolean }>(
    two.world,
    `select schemaname || '.' || tablename as table, policyname as policy, qual is not null as reads,
       with_check is not null as writes
     from pg_policies where schemaname = $1 and $2 = any(roles)`,
    [schema, login],
  );
  for (const { table, policy, reads, writes } of policies) {
    const open = `${reads ? 'using (true)' : ''} ${writes ? 'with check (true)' : ''}`;
    await asOwner(two.world, `alter policy ${policy} on ${table} ${open}`);
  }
  return policies.length;
}

/** Replaces what a view asks of the caller's regions by yes: it belongs to the owner, so that policies do not reach it. */
async function takeViewDown(view: string): Promise<void> {
  const [row] = await asOwner<{ definition: string }>(two.world, 'select pg_get_viewdef($1::regclass) as definition', [
    view,
  ]);
  const open = row!.definition.replace(/\(region_id IN \( SELECT identity\.caller_regions\(\)[^)]*\)\)/, 'true');
  expect(open).not.toBe(row!.definition);
  await asOwner(two.world, `create or replace view ${view} with (security_barrier) as ${open}`);
}

test('with both walls up the member reads, and the stranger does not', async () => {
  for (const door of each) {
    const member = await ask(two.world.hub, door, await two.world.token('regional-lead', NORTH_EAST));
    expect(codes(member)).toEqual([]);
    expect(seen(member)!.publications!.edges).toHaveLength(1);
    expect(seen(member)!.rounds!.edges).toHaveLength(2);
    expect(seen(member)!.benchmark!.authorities.filter(({ figure }) => figure.count)).toHaveLength(11);
    const outsider = await ask(two.world.hub, door);
    expect(seen(outsider)).toBeNull();
    expect(codes(outsider)).toEqual(['REGION_ABSENT']);
  }
});

test.each(each)('%s without the code’s gate: the database gives no publication, no figure, no round', async (door) => {
  const answer = await ask(gateless, door);
  // The gate is really down: what it would have refused is answered, with nothing in it, not even of which periods there is something.
  expect(codes(answer)).toEqual(['NOTHING_PUBLISHED']);
  expect(answer.errors!.map(({ extensions }) => extensions.facts)).toEqual([{ period: PERIOD }]);
  expect(seen(answer)).toEqual({ publications: { edges: [] }, rounds: { edges: [] }, benchmark: null });
});

test('without the code’s gate, nobody at all sees nothing either', async () => {
  for (const door of each) {
    const answer = await ask(gateless, door, null);
    expect(seen(answer)).toBeNull();
    expect(codes(answer)).toEqual(['TOKEN_MISSING']);
  }
});

test('without the policies of release the code’s gate still refuses', async () => {
  // Publications, their figures, proofs and ends, the one of figures that are shared beyond the region, and three of what was withdrawn.
  expect(await takePoliciesDown('release')).toBe(8);
  await takeViewDown('release.head');
  for (const door of each) {
    const answer = await ask(two.world.hub, door);
    expect(seen(answer)).toBeNull();
    expect(codes(answer)).toEqual(['REGION_ABSENT']);
  }
});

test('without the gate and the policies of release the agreement is still asked', async () => {
  for (const door of each) {
    const answer = await ask(gateless, door);
    expect(seen(answer)).toEqual({ publications: null, rounds: { edges: [] }, benchmark: null });
    expect(codes(answer).sort()).toEqual(['AGREEMENT_ABSENT', 'AGREEMENT_ABSENT']);
  }
});

/** What a member is shown of an authority's own figures: how many series, or why none. */
async function ownFigures(hub: HubProcess, role: string, of: string, authority: string): Promise<number | string> {
  const answer = await graphql<{ ownFigures: { edges: object[] } }>(
    hub.url,
    await two.world.token(role, of),
    `{ ownFigures(authority: "${authority}", dataset: "safeguarding-quarterly", until: "${PERIOD}") { edges { node { lines { points { count } } } } } }`,
  );
  return codes(answer)[0] ?? answer.data!.ownFigures.edges.length;
}

/** How many of an authority's own returns a member is shown, or why none. */
async function ownSubmissions(hub: HubProcess, role: string, of: string, authority: string): Promise<number | string> {
  const answer = await graphql<{ ownSubmissions: { edges: object[] } }>(
    hub.url,
    await two.world.token(role, of),
    `{ ownSubmissions(authority: "${authority}") { edges { node { id } } } }`,
  );
  return codes(answer)[0] ?? answer.data!.ownSubmissions.edges.length;
}

test('own figures and returns: without the code’s wall the database gives those of no other authority', async () => {
  const [authority, neighbour] = two.northEast.authorities as [string, string];
  const strangers = [
    ['authority-analyst', neighbour],
    ['authority-approver', two.westMidlands.authorities[0]!],
    ['regional-lead', NORTH_EAST],
  ] as const;
  expect(await ownFigures(two.world.hub, 'authority-analyst', authority, authority)).toBe(20);
  expect(await ownFigures(gateless, 'authority-analyst', authority, authority)).toBe(20);
  expect(await ownSubmissions(two.world.hub, 'authority-approver', authority, authority)).toBeGreaterThan(0);
  expect(await ownSubmissions(gateless, 'authority-approver', authority, authority)).toBeGreaterThan(0);
  for (const [role, of] of strangers) {
    // The wall is really down: what the code refuses is answered, with nothing in it.
    const refused = role === 'regional-lead' ? 'NOT_FOR_THIS_ROLE' : 'ORGANISATION_ABSENT';
    expect(await ownFigures(two.world.hub, role, of, authority)).toBe(refused);
    expect(await ownFigures(gateless, role, of, authority)).toBe(0);
    expect(await ownSubmissions(two.world.hub, role, of, authority)).toBe(refused);
    expect(await ownSubmissions(gateless, role, of, authority)).toBe(0);
  }
});

test('without the policies of intake and rounds the code keeps returns and rounds to their owners', async () => {
  const { world, northEast, westMidlands } = two;
  const [authority, neighbour] = northEast.authorities as [string, string];
  const submission = `query { submission(id: "${northEast.submissions.get(authority)!.id}") { id receipt } }`;
  const close = `mutation { closeRound(id: "${northEast.openRound}") { state } }`;
  const said = async (role: string, of: string, text: string) =>
    codes(await graphql(world.hub.url, await world.token(role, of), text));
  expect(await takePoliciesDown('intake', 'hub_intake')).toBeGreaterThan(2);
  expect(await takePoliciesDown('rounds', 'hub_desk')).toBeGreaterThan(2);
  // The policies are really down: the same login now reads what is not the caller's.
  const rows = await query(two.database.urls.intake, 'select id from intake.submission');
  expect(rows.length).toBeGreaterThan(20);

  for (const other of [neighbour, westMidlands.authorities[0]!]) {
    expect(await said('authority-analyst', other, submission)).toEqual(['SUBMISSION_ABSENT']);
    expect(await ownFigures(world.hub, 'authority-analyst', other, authority)).toBe('ORGANISATION_ABSENT');
    // With both walls down the figures flow.
    expect(await ownFigures(gateless, 'authority-analyst', other, authority)).toBe(20);
    expect(await ownSubmissions(world.hub, 'authority-analyst', other, authority)).toBe('ORGANISATION_ABSENT');
    expect(await ownSubmissions(gateless, 'authority-analyst', other, authority)).toBeGreaterThan(0);
  }
  expect(await said('regional-lead', WEST_MIDLANDS, close)).toEqual(['ROUND_ABSENT']);
  expect(await said('authority-analyst', authority, submission)).toEqual([]);
  expect(await said('regional-lead', NORTH_EAST, close)).toEqual([]);
});

describe('what boards do together', () => {
  const issues = {} as Record<'draft' | 'ownBoard' | 'reply' | 'shared', string>;
  /** Who sees each issue, by itself and in their list, and who sees the challenge that is not answered yet. */
  async function sights(hub: HubProcess): Promise<Record<string, Who[]>> {
    const seen: Record<string, Who[]> = { draft: [], ownBoard: [], reply: [], shared: [], challenge: [] };
    const at = boards.at(hub.url);
    for (const name of Object.keys(who) as Who[]) {
      const list = await at.told<{ edges: { node: { id: string } }[] }>(name, LIST);
      const listed = typeof list === 'string' ? [] : list.edges.map(({ node }) => node.id);
      for (const [stage, id] of Object.entries(issues)) {
        const look = await at.told<Looked | null>(name, LOOK, { id });
        if (typeof look === 'string' || look === null) continue;
        seen[stage]!.push(name);
        expect([name, stage, listed.includes(id)]).toEqual([name, stage, true]);
        if (stage === 'shared' && look.items.some(({ kind }) => kind === 'CHALLENGE')) seen['challenge']!.push(name);
      }
    }
    return seen;
  }
  let both: Record<string, Who[]>;

  beforeAll(async () => {
    boards = await Boards.lay(two);
    issues.draft = await boards.raised({ evidence: [] });
    for (const stage of ['ownBoard', 'reply', 'shared'] as const) {
      issues[stage] = await boards.issueAt(stage, { evidence: [] });
    }
    await boards.done('chair', CHALLENGE, { issue: issues.shared, to: POLICE, text: 'Who is told?', due: day(3) });
    both = await sights(two.world.hub);
  }, 60_000);

  const own: Who[] = ['chair', 'second', 'here'];
  const told: Who[] = [...own, 'police', 'stockton', 'elected', 'scrutineer', 'neighbour', 'neighboursScrutineer'];
  test('with both walls up those see it whom its stage names', () => {
    const sorted = Object.fromEntries(Object.entries(both).map(([stage, names]) => [stage, [...names].sort()]));
    expect(sorted).toEqual({
      ...{ draft: ['chair'], ownBoard: [...own].sort(), reply: [...own, 'police', 'stockton'].sort() },
      ...{ shared: [...told].sort(), challenge: [...own, 'police'].sort() },
    });
  });

  test('without the code’s wall the database shows the same, and nothing else', async () => {
    expect(await sights(gateless)).toEqual(both);
  }, 60_000);

  test('without the policies the code shows the same, and nothing else', async () => {
    expect(await takePoliciesDown('exchange', 'hub_desk')).toBeGreaterThan(15);
    expect(await query(two.database.urls.desk, 'select id from exchange.issue')).toHaveLength(4);
    expect(await sights(two.world.hub)).toEqual(both);
  }, 60_000);

  test('with both down everybody sees everything who acts for an organisation', async () => {
    const { draft, challenge } = await sights(gateless);
    expect(draft).toEqual(expect.arrayContaining(['chair', 'neighbour', 'otherRegion', 'otherAgency', 'scrutineer']));
    expect(challenge).toEqual(expect.arrayContaining(['neighbour', 'otherRegion', 'otherAgency']));
  }, 60_000);
});

test('with every wall down the figures flow: each of the tests above could fail', async () => {
  expect(await takePoliciesDown('agreements')).toBeGreaterThan(0);
  expect(await takePoliciesDown('rounds')).toBeGreaterThan(0);
  // A function that asks for the caller itself says which agreements a reader sees: it names all of them now.
  await asOwner(
    two.world,
    `create or replace function agreements.revisions_about(of_region int) returns text
      language sql stable security definer set search_path = pg_catalog as $$
        select string_agg(concat_ws(' ', a.id, a.version, r.number), ',' order by a.id, a.version)
        from agreements.scope s
          join agreements.agreement a on a.id = s.agreement_id and a.version = s.agreement_version
          join agreements.revision r on r.agreement_id = a.id
        where s.region_id = of_region and a.concluded_at is not null $$`,
  );
  for (const door of each) {
    // The audience of the agreement is one more wall.
    const refused = await ask(gateless, door);
    expect(codes(refused)).toEqual(['AGREEMENT_NOT_COVERED', 'AGREEMENT_NOT_COVERED']);
    expect(seen(refused)).toMatchObject({ publications: null, benchmark: null });
    const answer = await ask(audienceless, door);
    expect(codes(answer)).toEqual([]);
    expect(seen(answer)!.publications!.edges).toHaveLength(1);
    expect(seen(answer)!.rounds!.edges).toHaveLength(2);
    expect(seen(answer)!.benchmark!.authorities.filter(({ figure }) => figure.count)).toHaveLength(11);
  }
});
