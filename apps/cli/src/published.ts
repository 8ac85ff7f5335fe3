import type { HubClient } from '@hub/client';

/** A publication without a figure of it. */
export interface Published {
  readonly id: string;
  readonly number: number;
  readonly dataset: string;
  readonly period: string;
  readonly state: string;
  readonly digest: string;
}
interface Page {
  readonly region: {
    readonly publications: {
      readonly edges: readonly { readonly node: Published }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

const PUBLICATIONS = `query ($code: ID!, $after: String) { region(code: $code) { publications(first: 100, after: $after) {
  edges { node { id number dataset period state digest } } pageInfo { hasNextPage endCursor } } } }`;

/** Every publication of a region of which the caller sees anything, in whatever state, newest first. */
export async function publicationsOf(hub: HubClient, code: string): Promise<Published[]> {
  const found: Published[] = [];
  for (let after: string | null = null; ;) {
    const { region }: Page = await hub.graphql(PUBLICATIONS, { code, after });
    found.push(...region.publications.edges.map(({ node }) => node));
    if (!region.publications.pageInfo.hasNextPage) return found;
    after = region.publications.pageInfo.endCursor;
  }
}
