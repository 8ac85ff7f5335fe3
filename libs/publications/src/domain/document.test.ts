import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { freeze, rowsOf, type PublicationDocument } from './document';
import { fromPrinted, kindNumbers, kindOf, toPrinted, type Figure, type FigureKind } from './figure';

const document: PublicationDocument = {
  v: 1,
  hub: 'hub-local',
  id: 'pub_hub-local_1',
  region: 'E12000001',
  number: 1,
  dataset: { code: 'by-hand', version: '1.0' },
  period: '2025-Q1',
  edition: 'provisional',
  publishedAt: '2025-08-01T09:00:00.000Z',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  handling: 'For members of the region.',
  threshold: 10,
  authorities: ['E06000001', 'E06000002'],
  submitted: ['E06000001'],
  series: [
    { key: 'RF01#count', region: 31, figures: [31, 'notSubmitted'] },
    { key: 'RF01|source=police#count', region: 'hidden', figures: ['hidden', 'notSubmitted'] },
    { key: 'CN03#count', region: 'notAvailable', figures: ['notCollected', 'notSubmitted'] },
  ],
};

test('a document is frozen as its RFC 8785 bytes, and the digest is their SHA-256', () => {
  const { text, digest } = freeze(document);
  expect(text.startsWith('{"agreement":{"id":"north-east-benchmarking","version":1},"authorities":[')).toBe(true);
  expect(text).not.toMatch(/\s:|:\s|,\s"/);
  expect(digest.toString('hex')).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  expect(JSON.parse(text)).toEqual(document);
});

test('the order of members does not matter, and every member does', () => {
  const { digest } = freeze(document);
  const turned = Object.fromEntries(Object.entries(document).reverse()) as unknown as PublicationDocument;
  expect(freeze(turned).digest).toEqual(digest);
  for (const name of Object.keys(document) as (keyof PublicationDocument)[]) {
    const { [name]: _, ...less } = document;
    expect(freeze(less as PublicationDocument).digest).not.toEqual(digest);
  }
});

test('its rows are one for the region and one for each authority, in every series', () => {
  expect(rowsOf(document)).toEqual([
    { series: 'RF01#count', authority: null, figure: { kind: 'value', value: 31 } },
    { series: 'RF01#count', authority: 'E06000001', figure: { kind: 'value', value: 31 } },
    { series: 'RF01#count', authority: 'E06000002', figure: { kind: 'notSubmitted' } },
    { series: 'RF01|source=police#count', authority: null, figure: { kind: 'hidden' } },
    { series: 'RF01|source=police#count', authority: 'E06000001', figure: { kind: 'hidden' } },
    { series: 'RF01|source=police#count', authority: 'E06000002', figure: { kind: 'notSubmitted' } },
    { series: 'CN03#count', authority: null, figure: { kind: 'notAvailable' } },
    { series: 'CN03#count', authority: 'E06000001', figure: { kind: 'notCollected' } },
    { series: 'CN03#count', authority: 'E06000002', figure: { kind: 'notSubmitted' } },
  ]);
});

const kinds = Object.keys(kindNumbers) as FigureKind[];

test('a figure survives the document and the store; nothing but a value carries a number', () => {
  const figure = fc.oneof(
    fc.nat().map((value): Figure => ({ kind: 'value', value })),
    fc.constantFrom(...kinds.filter((kind) => kind !== 'value')).map((kind) => ({ kind }) as Figure),
  );
  fc.assert(
    fc.property(figure, (one) => {
      const printed = toPrinted(one);
      expect(fromPrinted(printed)).toEqual(one);
      expect(typeof printed === 'number').toBe(one.kind === 'value');
      expect(kindOf(kindNumbers[one.kind])).toBe(one.kind);
    }),
  );
});

test('the numbers of the kinds are those that the store has, 0 alone for a value', () => {
  expect(kinds.map((kind) => kindNumbers[kind])).toEqual([0, 1, 2, 3, 4, 5]);
  expect(kindNumbers.value).toBe(0);
});
