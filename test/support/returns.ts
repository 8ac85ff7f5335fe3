import { createPrivateKey, randomBytes, sign, type JsonWebKey } from 'node:crypto';
import { loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import type { Row } from './world';

export const quarterly: Dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
export const annual: Dataset = newestDataset(loadCatalogue(), 'safeguarding-annual');
export const nameOf = ({ code, version }: Dataset) => ({ code, version });

/** The codes of a breakdown that a return has to fill. */
export function categoriesOf(dataset: Dataset, indicator: string, dimension: string): string[] {
  const breakdown = dataset.indicators
    .find(({ code }) => code === indicator)!
    .breakdowns.find((one) => one.dimension === dimension)!;
  return [...(breakdown.categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code))];
}

/** Rows of one indicator by one dimension: its categories in their order, and the total that they sum to. */
export function brokenDown(dataset: Dataset, indicator: string, dimension: string, counts: readonly number[]): Row[] {
  const codes = categoriesOf(dataset, indicator, dimension);
  return [
    { indicator, count: codes.reduce((sum, _, i) => sum + (counts[i] ?? 0), 0) },
    ...codes.map((code, i) => ({ indicator, breakdown: { [dimension]: code }, count: counts[i] ?? 0 })),
  ];
}

/** A whole return out of some rows: every other indicator is said to be not collected. */
export function returnOf(dataset: Dataset, filled: readonly Row[], reason = 'Not collected here yet.'): Row[] {
  const there = new Set(filled.filter(({ breakdown }) => !breakdown).map(({ indicator }) => indicator));
  return [
    ...filled,
    ...dataset.indicators
      .filter(({ code }) => !there.has(code))
      .map(({ code }) => ({ indicator: code, status: 'notCollected', reason })),
  ];
}

/** A jti as the hub asks for it. */
export const newJti = (): string => randomBytes(16).toString('base64url');

/** base64url of a text, of bytes, or of the JSON of a value. */
export const encoded = (part: unknown): string =>
  Buffer.from(part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part)).toString(
    'base64url',
  );

/** One signature over whatever header and payload: what a client that keeps no rule could send. */
export function rawSignature(jwk: object, header: unknown, payload: unknown): { protected: string; signature: string } {
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const input = Buffer.from(`${encoded(header)}.${encoded(payload)}`);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return { protected: encoded(header), signature: encoded(sign(algorithm, input, { key, dsaEncoding: 'ieee-p1363' })) };
}
