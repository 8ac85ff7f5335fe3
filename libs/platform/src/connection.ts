import type { Type } from '@nestjs/common';
import { Directive, Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '@hub/kernel';
import { UUID } from './ids';

@ObjectType('PageInfo', { description: 'Where a page stands in its list. Lists are turned forwards alone.' })
@Directive('@shareable')
export class PageInfoView {
  @Field(() => Boolean, { description: 'When paginating forwards, are there more items?' }) hasNextPage: boolean;
  @Field(() => Boolean, { description: 'Whether the page was asked for with `after`.' }) hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: 'The cursor of the first item; null where there is none.' })
  startCursor: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'When paginating forwards, the cursor to continue; null where there is no item.',
  })
  endCursor: string | null;
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfoView;
}

/** Relay's connection and edge for a node type. */
export function connectionOf<T>(name: string, node: () => Type<T>): Type<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: 'An edge in a connection.' })
  class Edge {
    @Field(() => String, { description: 'A cursor for use in pagination.' }) cursor: string;
    @Field(node, { description: 'The item at the end of the edge.' }) node: T;
  }
  @ObjectType(`${name}Connection`, { description: 'A page of a list.' })
  class Page {
    @Field(() => [Edge], { description: 'A list of edges.' }) edges: Edge[];
    @Field(() => PageInfoView, { description: 'Information to aid in pagination.' }) pageInfo: PageInfoView;
  }
  return Page;
}

/** The largest page that a list gives. */
export const PAGE_SIZE = 100;

/** What a list takes, and how `pageOf` reads it. */
export const firstArgument = {
  type: () => Int,
  nullable: true,
  description: `How many at most, 1 to ${PAGE_SIZE}; ${PAGE_SIZE} when absent.`,
} as const;
export const afterArgument = {
  type: () => String,
  nullable: true,
  description: 'A cursor of the same list: what stands behind it. From the start when absent.',
} as const;

/** What the rows of a list are ordered by, and so what its cursors hold. */
const keyForms = {
  id: UUID,
  number: /^\d{1,9}$/,
  idAndVersion: /^[a-z0-9-]{1,80} \d{1,4}$/,
  datasetAndIndicator: /^[a-z0-9-]{1,80} [A-Z0-9-]{1,20}$/,
};

/**
 * How many to read and after which key.
 * @param key  what the list is ordered by; a cursor of another list would be an error of the database
 * @throws Refusal REQUEST_MALFORMED when `first` is not 1 to 100 or the cursor is none of ours
 */
export function pageOf(
  first: number | null | undefined,
  after: string | null | undefined,
  key: keyof typeof keyForms,
): { limit: number; after: string | null } {
  const limit = first ?? PAGE_SIZE;
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE)
    throw new Refusal('REQUEST_MALFORMED', { expected: `first from 1 to ${PAGE_SIZE}` });
  if (after === null || after === undefined) return { limit, after: null };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  if (!keyForms[key].test(text)) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'a cursor from an earlier page' });
  }
  return { limit, after: text };
}

/**
 * Where a page begins in a list that is at hand.
 * @param cursors  what the cursors of its rows hold, in order
 * @throws Refusal REQUEST_MALFORMED for a cursor of another list: from the start again a client would turn pages for ever
 */
export function startOf(cursors: readonly string[], { after }: { after: string | null }): number {
  if (after === null) return 0;
  const last = cursors.indexOf(after);
  if (last < 0) throw new Refusal('REQUEST_MALFORMED', { expected: 'a cursor of this list' });
  return last + 1;
}

/** A page out of `limit + 1` rows. The cursor is the row's key, a printed fact. */
export function toConnection<R, T>(
  rows: readonly R[],
  { limit, after }: { limit: number; after: string | null },
  keyOf: (row: R) => string,
  toNode: (row: R) => T,
): Connection<T> {
  const edges = rows
    .slice(0, limit)
    .map((row) => ({ cursor: Buffer.from(keyOf(row)).toString('base64url'), node: toNode(row) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > limit,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
