import type { Type } from '@nestjs/common';
import { Directive, Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '@hub/kernel';

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
@Directive('@shareable')
export class PageInfoView {
  @Field(() => Boolean) hasNextPage: boolean;
  @Field(() => Boolean) hasPreviousPage: boolean;
  @Field(() => String, { nullable: true }) startCursor: string | null;
  @Field(() => String, { nullable: true }) endCursor: string | null;
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfoView;
}

/** Relay's connection and edge for a node type. */
export function connectionOf<T>(name: string, node: () => Type<T>): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String) cursor: string;
    @Field(node) node: T;
  }
  @ObjectType(`${name}Connection`)
  class Page {
    @Field(() => [Edge]) edges: Edge[];
    @Field(() => PageInfoView) pageInfo: PageInfoView;
  }
  return Page;
}

/** The largest page that a list gives. */
export const PAGE_SIZE = 100;

/** What the rows of a list are ordered by, and so what its cursors hold. */
const keyForms = {
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
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
  key?: keyof typeof keyForms,
): { limit: number; after: string | null } {
  const limit = first ?? PAGE_SIZE;
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE)
    throw new Refusal('REQUEST_MALFORMED', { expected: `first from 1 to ${PAGE_SIZE}` });
  if (after === null || after === undefined) return { limit, after: null };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  const forms = key ? [keyForms[key]] : Object.values(keyForms);
  if (!forms.some((form) => form.test(text))) {
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
