import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse, print, type ObjectTypeDefinitionNode } from 'graphql';
import { graphql } from '../support/graphql';
import { rootFolder } from '../support/root';
import { breaking, difference, sorted } from '../support/schema-text';
import { PERIOD, twoRegions, type TwoRegions } from '../support/two-regions';
import { NORTH_EAST, WEST_MIDLANDS } from '../support/world';

const snapshot = readFileSync(join(rootFolder, 'contracts/schema/hub.graphql'), 'utf8');

/** A subgraph as the national one will be: it owns the list of regions, and shares what is shared. */
const reference = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])
  type Query { publicRegions: [Region!] }
  type Region @key(fields: "code") { code: ID! name: String @shareable }
  type Authority @shareable { code: ID! name: String }
  type Indicator @shareable { code: ID! name: String }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;

let two: TwoRegions;
let lead: string;
beforeAll(async () => {
  two = await twoRegions();
  lead = await two.world.token('regional-lead', NORTH_EAST);
}, 240_000);
afterAll(() => two?.stop());

interface Entity {
  code: string;
  name: string;
  [field: string]: unknown;
}
const region = (code: string) => ({ __typename: 'Region', code });
const entities = (token: string | null, representations: unknown, selection: string) =>
  graphql<{ _entities: (Entity | null)[] }>(
    two.world.hub.url,
    token,
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
    { representations },
  );

const inside = `code name
  rounds { edges { cursor node { id state } } }
  publications { edges { cursor node { id digest } } pageInfo { hasNextPage } }
  benchmark(indicator: "CP07", period: "${PERIOD}") {
    publication { id } coverage { text } authorities { authority { code } figure { kind count of value } rank }
    region { count } quartiles { median basis } }`;

describe('the schema', () => {
  test('over HTTP is the one in contracts', async () => {
    const { data } = await graphql<{ _service: { sdl: string } }>(two.world.hub.url, null, '{ _service { sdl } }');
    expect(difference(snapshot, sorted(data!._service.sdl))).toEqual([]);
  });

  test('links to federation 2.7 and imports only what it uses', () => {
    const links = parse(snapshot).definitions.flatMap((node) =>
      node.kind === 'SchemaExtension' ? (node.directives ?? []) : [],
    );
    expect(links.map((link) => print(link))).toEqual([
      '@link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])',
    ]);
  });

  const compose = (other: string) =>
    composeServices([
      { name: 'hub', typeDefs: parse(snapshot), url: 'http://hub/graphql' },
      { name: 'reference', typeDefs: parse(other), url: 'http://reference/graphql' },
    ]);

  test('composes with a subgraph that owns the public regions', () => {
    const { errors, supergraphSdl, publicSdl } = compose(reference);
    expect(errors).toBeUndefined();
    const [type] = parse(supergraphSdl!).definitions.filter(
      (node): node is ObjectTypeDefinitionNode => node.kind === 'ObjectTypeDefinition' && node.name.value === 'Region',
    );
    expect(type!.directives!.map((one) => print(one)).sort()).toEqual([
      '@join__type(graph: HUB, key: "code")',
      '@join__type(graph: REFERENCE, key: "code")',
    ]);
    const benchmark = type!.fields!.find(({ name }) => name.value === 'benchmark')!;
    expect(benchmark.directives!.map((one) => print(one))).toEqual(['@join__field(graph: HUB)']);
    expect(publicSdl).toContain('publicRegions: [Region!]');
  });

  test('does not compose where another subgraph answers what only a hub may', () => {
    const intruder = reference.replace('name: String @shareable }', 'name: String @shareable publications: String }');
    expect(compose(intruder).errors).not.toBeUndefined();
  });

  test('a change that breaks somebody is named as breaking, another is not', () => {
    const without = (line: string, by = '') => snapshot.replace(line, by);
    expect(breaking(snapshot, snapshot)).toEqual([]);
    expect(breaking(snapshot, without('  rank: Int\n', '  seat: Int\n'))).toEqual([
      'AuthorityFigure.rank was removed.',
    ]);
    const hidden = / {2}"""[^"]*"""\n {2}HIDDEN\n/.exec(snapshot)![0];
    expect(breaking(snapshot, without(hidden))).toEqual(['HIDDEN was removed from enum type FigureKind.']);
    const coverage = /type Coverage \{[^}]*\}/.exec(snapshot)![0];
    expect(breaking(snapshot, without(coverage, coverage.replace('text: String!', 'text: String')))).toEqual([
      'Coverage.text changed type from String! to String.',
    ]);
    expect(breaking(snapshot, without('type Region @key(fields: "code")', 'type Region'))).toEqual(
      expect.arrayContaining(['@key(fields: "code") of Region was removed.']),
    );
    const more = without('  rank: Int\n', '  rank: Int\n  seat: Int\n');
    expect(breaking(snapshot, more)).toEqual([]);
    expect(difference(snapshot, more)).toEqual(['  type AuthorityFigure {', '+   seat: Int']);
    expect(difference(more, snapshot)).toEqual(['  type AuthorityFigure {', '-   seat: Int']);
  });

  test('the order of modules does not show in it', () => {
    const shuffled = parse(snapshot)
      .definitions.map((node) => print(node))
      .reverse()
      .join('\n');
    expect(sorted(shuffled)).toBe(snapshot);
  });
});

describe('_entities', () => {
  test('gives a member the own region, word for word as the front door does', async () => {
    const { data, errors } = await entities(lead, [region(NORTH_EAST)], `... on Region { ${inside} }`);
    expect(errors).toBeUndefined();
    const front = await two.world.ask<{ region: Entity }>(lead, `{ region(code: "${NORTH_EAST}") { ${inside} } }`);
    expect(data!._entities).toEqual([front.region]);
    expect((front.region.publications as { edges: unknown[] }).edges).toHaveLength(1);
    expect((front.region.benchmark as { authorities: unknown[] }).authorities).toHaveLength(12);
  });

  test.each([
    ['another region', () => lead, WEST_MIDLANDS, 'REGION_ABSENT'],
    ['the own region without a token', () => null, NORTH_EAST, 'TOKEN_MISSING'],
    ['a region that does not exist', () => lead, 'E12000099', 'REGION_ABSENT'],
    ['one that does not exist, without a token', () => null, 'E12000099', 'TOKEN_MISSING'],
    ['a text that is no code', () => lead, '__proto__', 'REGION_ABSENT'],
  ])('gives nothing of %s', async (_, token, code, refusal) => {
    const { data, errors } = await entities(token(), [region(code)], `... on Region { ${inside} }`);
    expect(data).toEqual({ _entities: [null] });
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual([refusal]);
  });

  test('says the same of a region that is not the caller’s and of one that is not', async () => {
    const said = async (code: string) => {
      const { errors, status } = await entities(lead, [region(code)], '... on Region { code }');
      return { status, errors };
    };
    expect(await said(WEST_MIDLANDS)).toEqual(await said('E12000099'));
  });

  test('answers each of several for itself', async () => {
    const asked = [region(WEST_MIDLANDS), region(NORTH_EAST), region('E12000099'), region(WEST_MIDLANDS)];
    const { data, errors } = await entities(lead, asked, `... on Region { ${inside} }`);
    expect(data!._entities.map((one) => one?.code ?? null)).toEqual([null, NORTH_EAST, null, null]);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual([
      'REGION_ABSENT',
      'REGION_ABSENT',
      'REGION_ABSENT',
    ]);
  });

  test('is no less tight through aliases, fragments and directives', async () => {
    const { data, errors } = await graphql<Record<string, (Entity | null)[]>>(
      two.world.hub.url,
      lead,
      `query ($foreign: [_Any!]!, $own: [_Any!]!, $yes: Boolean!) {
         region: _entities(representations: $own) { ... on Region { code rounds { edges { cursor } } } }
         a: _entities(representations: $foreign) { ...All }
         b: _entities(representations: $foreign) { __typename ... on Region @include(if: $yes) { x: publications { edges { node { id } } } } }
         c: _entities(representations: $foreign) { ... { ... on Region { benchmark(indicator: "CP01", period: "${PERIOD}") { region { count } } } } }
       }
       fragment All on Region { ...Some y: rounds { edges { node { missing { code } } } } }
       fragment Some on Region { code z: benchmark(indicator: "RF01", period: "${PERIOD}") { authorities { figure { count } } } }`,
      { foreign: [region(WEST_MIDLANDS)], own: [region(NORTH_EAST)], yes: true },
    );
    const { region: own, ...foreign } = data!;
    expect(own![0]!.code).toBe(NORTH_EAST);
    expect(foreign).toEqual({ a: [null], b: [null], c: [null] });
    expect(errors!.map(({ path, extensions }) => `${path![0]} ${extensions.code}`).sort()).toEqual([
      'a REGION_ABSENT',
      'b REGION_ABSENT',
      'c REGION_ABSENT',
    ]);
  });

  test('believes nothing of a representation but its code', async () => {
    const planted = { ...region(NORTH_EAST), name: 'Planted', publications: { edges: [] }, regionId: 5 };
    const { data } = await entities(lead, [planted], '... on Region { code name publications { edges { cursor } } }');
    expect(data!._entities[0]!.name).toBe('North East');
    expect((data!._entities[0]!.publications as { edges: unknown[] }).edges).toHaveLength(1);
    const foreign = { ...region(WEST_MIDLANDS), regionId: 1, publications: { edges: [{ cursor: 'x' }] } };
    expect((await entities(lead, [foreign], '... on Region { code publications { edges { cursor } } }')).data).toEqual({
      _entities: [null],
    });
  });

  test.each<[string, unknown]>([
    ['a code that is a list', { __typename: 'Region', code: [NORTH_EAST] }],
    ['a code that is an object', { __typename: 'Region', code: { toString: NORTH_EAST } }],
    ['no code', { __typename: 'Region' }],
  ])('refuses %s', async (_, representation) => {
    const { data, errors } = await entities(lead, [representation], '... on Region { code }');
    expect(data).toEqual({ _entities: [null] });
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['REGION_ABSENT']);
  });

  test.each(['Publication', 'Round', 'Submission', 'SigningKey', 'Nothing'])('opens no way to a %s', async (type) => {
    const { data, errors } = await entities(lead, [{ __typename: type, id: 'x', kid: 'x' }], '__typename');
    expect(data?._entities?.[0] ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('INTERNAL');
  });

  test('a bad token is told before anything is looked at', async () => {
    const { status, data, errors } = await entities('not.a.token', [region(NORTH_EAST)], '... on Region { code }');
    expect(status).toBe(401);
    expect(data ?? null).toBeNull();
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['TOKEN_INVALID']);
  });
});
