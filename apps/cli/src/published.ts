import { allPages, type HubClient, type Page } from '@hub/client';

/** A publication without a figure of it. */
export interface Published {
  readonly id: string;
  readonly number: number;
  readonly dataset: string;
  readonly period: string;
  readonly state: string;
  readonly digest: string;
}

const PUBLICATIONS = `query ($code: ID!, $after: String) { region(code: $code) { publications(first: 100, after: $after) {
  edges { node { id number dataset period state digest } } pageInfo { hasNextPage endCursor } } } }`;

/** Every publication of a region of which the caller sees anything, in whatever state, newest first. */
export const publicationsOf = (hub: HubClient, code: string): Promise<Published[]> =>
  allPages(async (after) => {
    const { region } = await hub.graphql<{ region: { publications: Page<Published> } }>(PUBLICATIONS, { code, after });
    return region.publications;
  });
