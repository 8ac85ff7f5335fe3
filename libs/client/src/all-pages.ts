/** A page of a list, as Relay has it. */
export interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All of a list, page by page. @param at  asks for the page behind a cursor; null: the first */
export async function allPages<T>(at: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let after: string | null = null; ;) {
    const { edges, pageInfo }: Page<T> = await at(after);
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}
