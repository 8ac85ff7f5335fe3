import { CountingProxy } from '../../support/counting-proxy';
import { graphql, type GraphQLAnswer } from '../../support/graphql';
import { calmHistory, layPublications } from '../../support/lay';
import { twoRegions, type PublishedRegion, type TwoRegions } from '../../support/two-regions';

/** The two regions of which everything in this folder asks, and what is asked of them. */
export let two: TwoRegions;
export let proxy: CountingProxy;
export let lead: string;
export let northEast: PublishedRegion;

/** A published quarter, and thirteen before it, one of them missing. */
export async function startRegions(): Promise<void> {
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
}
export async function stopRegions(): Promise<void> {
  await two?.stop();
  await proxy?.stop();
}

export interface Figure {
  kind: string;
  count: number | null;
  value: number | null;
}
export interface Limits {
  lower: number;
  upper: number;
}
export interface Covered {
  coverage: string | null;
}
export interface Point extends Covered {
  period: string;
  figure: Figure | null;
  limits: Limits | null;
}
export interface Change {
  from: string;
  by: number;
  isBeyondChance: boolean | null;
  remark?: string | null;
}
export interface Benchmark {
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
export interface Region {
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

export const figure = '{ kind count value }';
export const benchmarkFields = `indicator { code } authorities { authority { code } figure ${figure} place limits { lower upper }
  comparison band bandText change { from by isBeyondChance } points { period kind value } } region ${figure} coverage { text } regionPoints { coverage }
  regionChange { from by isBeyondChance } quartiles { least most basis text } questions
  funnel { pooled isWidened authorities { authority { code } flag } remark }`;
export const TABLE = `edges { cursor node { ${benchmarkFields} } } pageInfo { hasNextPage endCursor }`;
export const HISTORY = `lines { authority { code } recent isTrial
  points { period figure ${figure} coverage limits { lower upper } mean control { lower upper } signal { rule meaning text } } }
  measure choices handling`;
export const PATTERNS = `charts tooShort atDate expected remark list(first: 1) {
  edges { node { authority { code } indicator { code } coverage signal { rule } since questions } } pageInfo { hasNextPage endCursor } }`;

export const ask = (
  fields: string,
  region = northEast.code,
  token = lead,
): Promise<GraphQLAnswer<{ region: Region | null }>> =>
  graphql(two.world.hub.url, token, `{ region(code: "${region}") { ${fields} } }`);
export async function region(fields: string): Promise<Region> {
  const { data, errors } = await ask(fields);
  expect(errors).toBeUndefined();
  return data!.region!;
}
export const codes = ({ errors = [] }: { errors?: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);
