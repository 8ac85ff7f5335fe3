import { join } from 'node:path';
import { logins } from '@hub/platform';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { startProcess, type HubProcess } from '../support/hub-process';
import { rootFolder } from '../support/root';
import { asOwner, dataFolder, PERIOD, twoRegions, type TwoRegions } from '../support/two-regions';
import { AUDIENCE, NORTH_EAST, WEST_MIDLANDS } from '../support/world';

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
/** The same hub on the same database, without the code's gate. */
let gateless: HubProcess;
let stranger: string;

beforeAll(async () => {
  two = await twoRegions();
  const { world, database } = two;
  stranger = await world.token('regional-lead', WEST_MIDLANDS);
  gateless = await startProcess(
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
    },
    / listens on (\S+)/,
  );
}, 240_000);
afterAll(async () => {
  await gateless?.stop();
  await two?.stop();
});

const ask = async (hub: HubProcess, door: keyof typeof doors, token: string | null = stranger): Promise<Answer> =>
  graphql(hub.url, token, doors[door], { code: NORTH_EAST });

const seen = ({ data }: Answer): Seen | null => data?.region ?? data?._entities?.[0] ?? null;
const codes = ({ errors = [] }: Answer): string[] => errors.map(({ extensions }) => extensions.code);
const each = Object.keys(doors) as (keyof typeof doors)[];

/** Replaces every policy for running logins on the tables of a schema by one that permits everything. */
async function takePoliciesDown(schema: string): Promise<number> {
  const policies = await asOwner<{ table: string; policy: string }>(
    two.world,
    `select schemaname || '.' || tablename as table, policyname as policy from pg_policies
     where schemaname = $1 and cmd = 'SELECT' and 'hub_reader' = any(roles)`,
    [schema],
  );
  for (const { table, policy } of policies) await asOwner(two.world, `alter policy ${policy} on ${table} using (true)`);
  return policies.length;
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
  // The gate is really down: what it would have refused is answered, with nothing in it.
  expect(codes(answer)).toEqual([]);
  expect(seen(answer)).toEqual({ publications: { edges: [] }, rounds: { edges: [] }, benchmark: null });
});

test('without the code’s gate, nobody at all sees nothing either', async () => {
  for (const door of each) {
    const answer = await ask(gateless, door, null);
    expect(seen(answer)).toBeNull();
    expect(codes(answer)).toEqual(['REGION_ABSENT']);
  }
});

test('without the policies of release the code’s gate still refuses', async () => {
  expect(await takePoliciesDown('release')).toBe(2);
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

test('with every wall down the figures flow: each of the tests above could fail', async () => {
  expect(await takePoliciesDown('agreements')).toBeGreaterThan(0);
  expect(await takePoliciesDown('rounds')).toBeGreaterThan(0);
  for (const door of each) {
    const answer = await ask(gateless, door);
    expect(codes(answer)).toEqual([]);
    expect(seen(answer)!.publications!.edges).toHaveLength(1);
    expect(seen(answer)!.rounds!.edges).toHaveLength(2);
    expect(seen(answer)!.benchmark!.authorities.filter(({ figure }) => figure.count)).toHaveLength(11);
  }
});
