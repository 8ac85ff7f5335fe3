import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { parseStrictJson } from '@hub/kernel';
import { authoritiesOf, loadCatalogue, loadRegistry } from '@hub/registry/domain';
import { parseAgreement } from './document';
import { misplacedAt, widensAt } from './narrow';

/** The agreements in contracts, which authorities copy from. */
const folder = join(contractsFolder, 'agreements');
const files = readdirSync(folder).filter((file) => file !== 'agreement.schema.json');
const examples = new Map(
  files.map((file) => [file, parseAgreement(parseStrictJson(readFileSync(join(folder, file))))] as const),
);
const registry = loadRegistry();
const catalogue = loadCatalogue();

test('there is one of each kind: of a region, for a purpose under it, across regions', () => {
  const kinds = [...examples.values()].map(({ parent, regions }) =>
    parent ? 'under' : regions.length > 1 ? 'across' : 'region',
  );
  expect(new Set(kinds)).toEqual(new Set(['region', 'under', 'across']));
});

test.each([...examples])('%s is named after what it holds, and its clauses name what there is', (file, document) => {
  expect(file).toBe(`${document.id}.v${document.version}.json`);
  expect(
    misplacedAt(document, {
      authoritiesOf: (region) => authoritiesOf(registry, region, document.effective.from).map(({ code }) => code),
    }),
  ).toBeUndefined();
  for (const { dataset: code, indicators, breakdowns, frequency } of document.tables) {
    const dataset = catalogue.datasets.find((one) => one.code === code)!;
    expect(dataset.frequency).toBe(frequency);
    const known = dataset.indicators.map((indicator) => indicator.code);
    expect(known).toEqual(expect.arrayContaining(Array.isArray(indicators) ? indicators : []));
    expect(Object.keys(dataset.dimensions)).toEqual(
      expect.arrayContaining(Array.isArray(breakdowns) ? breakdowns : []),
    );
  }
});

test.each(catalogue.datasets.map((one) => [one.code, one] as const))(
  '%s can be shared by any of its breakdowns',
  (_code, dataset) => {
    const document = examples.get('north-east-benchmarking.v1.json')!;
    const breakdowns = Object.keys(dataset.dimensions);
    const table = {
      ...document.tables[0]!,
      dataset: dataset.code,
      breakdowns: breakdowns.length ? breakdowns : 'none',
      frequency: dataset.frequency,
    };
    expect(parseAgreement({ ...document, tables: [table] }).tables).toEqual([table]);
  },
);

test('the one for a purpose only narrows the one above it', () => {
  const child = examples.get('north-east-peer-challenge.v1.json')!;
  const parent = examples.get('north-east-benchmarking.v1.json')!;
  expect(child.parent).toBe(parent.id);
  expect(widensAt(child, parent)).toBeUndefined();
  expect(widensAt({ ...child, effective: { ...child.effective, until: '2040-04-01' } }, parent)).toBe(
    '/effective/until',
  );
});
