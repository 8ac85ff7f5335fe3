import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { parseStrictJson, Refusal } from '@hub/kernel';
import type { Dataset } from './dataset';
import { allSeries, denominatorSeriesOf, termSeries } from './series';

/** Every dataset specification of contracts/datasets. */
export interface Catalogue {
  readonly datasets: readonly Dataset[];
}

const SCHEMA = 'dataset.schema.json';
const folder = () => join(contractsFolder, 'datasets');

/**
 * Reads and checks every specification of contracts/datasets.
 * @throws Error with the file and every fault, when one does not hold
 */
export function loadCatalogue(): Catalogue {
  const files = readdirSync(folder())
    .filter((file) => file.endsWith('.json') && file !== SCHEMA)
    .sort();
  const datasets = files.map((file) => {
    const dataset: unknown = parseStrictJson(readFileSync(join(folder(), file)));
    const faults = datasetFaults(dataset);
    if (faults.length) throw new Error(`contracts/datasets/${file}: ${faults.join('; ')}`);
    const { code, version } = dataset as Dataset;
    // The name is how people find it, and keeps two files from saying different things under one code and version.
    if (file !== `${code}.${version}.json`) {
      throw new Error(`contracts/datasets/${file} holds ${code} ${version}`);
    }
    return dataset as Dataset;
  });
  return { datasets };
}

/** @throws Refusal DATASET_ABSENT */
export function datasetOf(catalogue: Catalogue, code: string, version: string): Dataset {
  const dataset = catalogue.datasets.find((one) => one.code === code && one.version === version);
  if (!dataset) throw new Refusal('DATASET_ABSENT');
  return dataset;
}

/** The highest version of a dataset. @throws Refusal DATASET_ABSENT */
export function newestDataset(catalogue: Catalogue, code: string): Dataset {
  const versions = catalogue.datasets.filter((one) => one.code === code);
  const [newest] = versions.sort((a, b) => compareVersions(b.version, a.version));
  if (!newest) throw new Refusal('DATASET_ABSENT');
  return newest;
}

/** `1.10` comes after `1.9`. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left![0]! - right![0]! || left![1]! - right![1]!;
}

let shape: ValidateFunction<Dataset> | undefined;

/** Everything in which a specification breaks its schema or contradicts itself, in words; nothing when it holds. */
export function datasetFaults(value: unknown): string[] {
  if (!shape) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
    shape = ajv.compile<Dataset>(JSON.parse(readFileSync(join(folder(), SCHEMA), 'utf8')) as object);
  }
  if (!shape(value)) {
    return (shape.errors ?? []).slice(0, 20).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  }
  return contradictions(value);
}

function contradictions(dataset: Dataset): string[] {
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  const unique = (codes: readonly string[], where: string) => {
    for (const code of new Set(codes.filter((one, i) => codes.indexOf(one) !== i))) {
      faults.push(`${where} lists ${code} twice`);
    }
  };
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  const categoriesOf = new Map(
    Object.entries(dataset.dimensions).map(([name, { categories }]) => [name, categories.map(({ code }) => code)]),
  );

  for (const [name, codes] of categoriesOf) unique(codes, name);
  unique(dataset.indicators.map(({ code }) => code), 'the dataset'); // prettier-ignore
  unique(dataset.rules.map(({ code }) => code), 'the rules'); // prettier-ignore

  for (const { code, unit, denominator, decimals, breakdowns } of dataset.indicators) {
    unique(breakdowns.map(({ dimension }) => dimension), code); // prettier-ignore
    expect((unit === 'per10000') === 'population' in denominator, `${code}: rates, and only they, are per population`);
    if ('indicator' in denominator) {
      const named = indicators.get(denominator.indicator);
      expect(named !== undefined, `${code} has an unknown denominator ${denominator.indicator}`);
      expect(named?.decimals === decimals, `${code} and its denominator do not have the same decimals`);
    }
    for (const { dimension, categories = [], exhaustive, sumsTo } of breakdowns) {
      const known = categoriesOf.get(dimension);
      expect(known !== undefined, `${code} is broken down by an unknown dimension ${dimension}`);
      unique(categories, `${code} by ${dimension}`);
      for (const category of categories) {
        expect(known?.includes(category) === true, `${code} has an unknown category ${dimension}=${category}`);
      }
      if (sumsTo === undefined) continue;
      expect(exhaustive, `${code} by ${dimension} sums to ${sumsTo} and is not exhaustive`);
      expect(indicators.get(sumsTo)?.decimals === decimals, `${code} by ${dimension} cannot sum to ${sumsTo}`);
    }
  }
  // What follows asks for series, which there are none of while names are unknown.
  if (faults.length) return faults;

  const series = new Set(allSeries(dataset).map(({ key }) => key));
  for (const { indicator, categories, measure, key } of allSeries(dataset)) {
    const denominator = denominatorSeriesOf(dataset, indicator, categories);
    expect(measure === 'of' || !denominator || series.has(denominator), `${key} is divided by what nobody sends`);
  }
  for (const { code, terms, lower = -Infinity, upper = Infinity } of dataset.rules) {
    unique(terms.map(([term]) => term), code); // prettier-ignore
    expect(lower <= upper, `${code} allows nothing`);
    for (const [term] of terms) expect(series.has(termSeries(term).key), `${code} has an unknown term ${term}`);
    const decimals = new Set(terms.map(([term]) => indicators.get(termSeries(term).indicator)?.decimals));
    expect(decimals.size === 1, `${code} adds counts with and without decimals`);
  }
  return faults;
}
