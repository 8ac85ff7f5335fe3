import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { contractsFolder } from '@hub/contracts';
import { Refusal } from '@hub/kernel';
import type { TrustedDocuments } from './config';
import { sendGraphQLRefusal } from './edge';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * GraphQL documents by the SHA-256 of their text: those of the hub's own client and command line, and an operator's.
 * @param more  a file with a JSON list of the texts of further ones; null: none
 * @throws Refusal CONFIGURATION when the file is no such list
 */
export function loadTrustedDocuments(more: string | null): ReadonlyMap<string, string> {
  const own = JSON.parse(readFileSync(join(contractsFolder, 'schema/trusted-documents.json'), 'utf8')) as Record<
    string,
    string
  >;
  return new Map([...Object.values(own), ...(more === null ? [] : textsIn(more))].map((text) => [hashOf(text), text]));
}

function textsIn(file: string): string[] {
  try {
    const texts = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  } catch {
    // Not there, or no JSON: told alike.
  }
  throw new Refusal('CONFIGURATION', {
    variable: 'HUB_TRUSTED_DOCUMENTS',
    expected: 'a file with a JSON list of GraphQL documents',
  });
}

/**
 * A known document may be asked for by its hash alone (`extensions.persistedQuery.sha256Hash`), and nobody can make another
 * one known. Where the hub answers no others, what it does not know is refused before it is parsed. The limits of a query
 * hold for all alike: a page size is no part of a document.
 */
export function trustedDocuments({ only, more }: TrustedDocuments): RequestHandler {
  const known = loadTrustedDocuments(more);
  return (request: Request, response: Response, next: NextFunction) => {
    const body = (request.body ?? {}) as {
      query?: unknown;
      extensions?: { persistedQuery?: { sha256Hash?: unknown } };
    };
    const asked = body.query === undefined ? body.extensions?.persistedQuery?.sha256Hash : undefined;
    const text = typeof asked === 'string' ? known.get(asked) : undefined;
    if (text !== undefined) {
      const { extensions: _hash, ...rest } = body;
      request.body = { ...rest, query: text };
    }
    if (text !== undefined || (!only && asked === undefined)) return next();
    if (typeof body.query === 'string' && known.has(hashOf(body.query))) return next();
    sendGraphQLRefusal(response, new Refusal('QUERY_UNKNOWN'));
  };
}
