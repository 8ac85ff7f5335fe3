import { publicationInWords, type EditionTold } from '@hub/benchmarks/domain';
import { allPages, camelCase, type HubClient, type Page } from '@hub/client';
import { loadRegistry } from '@hub/registry/domain';

/** Of which edition a publication is, as an answer says it. */
export interface EditionNode {
  readonly edition: string;
  readonly publishedAt: string;
  readonly revised: readonly string[] | null;
}

export const editionOf = ({ edition, publishedAt, revised }: EditionNode): EditionTold => ({
  edition: camelCase(edition) as EditionTold['edition'],
  publishedAt: new Date(publishedAt),
  revised,
});

/** A publication in words, its authorities by name. */
export function publishedInWords({ number, ...edition }: EditionNode & { readonly number: number }): string {
  const names = new Map(loadRegistry().authorities.map(({ code, name }) => [code, name]));
  return publicationInWords({ number, ...editionOf(edition) }, (code) => names.get(code) ?? code);
}

/** A publication without a figure of it. */
export interface Published extends EditionNode {
  readonly id: string;
  readonly number: number;
  readonly dataset: string;
  readonly period: string;
  readonly state: string;
  readonly digest: string;
}

const PUBLICATIONS = `query ($code: ID!, $after: String) { region(code: $code) { publications(first: 100, after: $after) {
  edges { node { id number dataset period edition publishedAt revised state digest } } pageInfo { hasNextPage endCursor } } } }`;

/** Every publication of a region of which the caller sees anything, in whatever state, newest first. */
export const publicationsOf = (hub: HubClient, code: string): Promise<Published[]> =>
  allPages(async (after) => {
    const { region } = await hub.graphql<{ region: { publications: Page<Published> } }>(PUBLICATIONS, { code, after });
    return region.publications;
  });
