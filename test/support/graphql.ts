export interface GraphQLAnswer<T> {
  readonly data: T | null;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    extensions: Record<string, unknown> & { code: string };
  }[];
  readonly status: number;
  /** The one header of an answer that says something of its own; a live header object would differ with the second. */
  readonly retryAfter: string | null;
}

/** One GraphQL request; `token` null asks as nobody. */
export async function graphql<T = Record<string, never>>(
  url: string,
  token: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphQLAnswer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Omit<GraphQLAnswer<T>, 'status' | 'retryAfter'>;
  return { ...body, status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** The same, for what must succeed. @throws Error with the codes otherwise */
export async function ask<T>(
  url: string,
  token: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const { data, errors, status } = await graphql<T>(url, token, query, variables);
  if (errors?.length || !data) {
    throw new Error(
      `${status}: ${(errors ?? []).map(({ message, extensions }) => `${extensions.code} ${message} ${JSON.stringify(extensions.facts ?? extensions.findings ?? '')}`).join('; ')}`,
    );
  }
  return data;
}

/** One envelope through the REST door. */
export async function post(
  url: string,
  token: string | null,
  envelope: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/submissions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/jose+json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: envelope as never,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text || 'null') as Record<string, never>,
  };
}
