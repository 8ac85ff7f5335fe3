import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { nearest, parseStrictJson, Refusal } from '@hub/kernel';
import type { Dataset } from './dataset';
import { allSeries, denominatorSeriesOf, termSeries } from './series';

/** Every dataset specification of contracts/datasets. */
export interface Catalogue {
  readonly datasets: readonly Dataset[];
}

const SCHEMA = 'dataset.schema.json';
const folder = () => join(contractsFolder, 'datasets');

/** The names of the specifications in contracts/datasets, `CODE.VERSION.json`, in order. */
export const datasetFiles = (): string[] =>
  readdirSync(folder())
    .filter((file) => /^[a-z0-9-]+\.\d+\.\d+\.json$/.test(file))
    .sort();

/**
 * Reads and checks every specification of contracts/datasets.
 * @throws Error with the file and every fault, when one does not hold
 */
export function loadCatalogue(): Catalogue {
  const datasets = datasetFiles().map((file) => {
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

/** Every version of a dataset, the newest first. @throws Refusal DATASET_ABSENT with the one that was probably meant */
export function versionsOf(catalogue: Catalogue, code: string): readonly [Dataset, ...Dataset[]] {
  const versions = catalogue.datasets.filter((one) => one.code === code);
  const [newest, ...older] = versions.sort((a, b) => compareDatasetVersions(b.version, a.version));
  if (newest) return [newest, ...older];
  // Longer texts are nobody's mistyped code.
  const meant = nearest(
    code.slice(0, 80),
    catalogue.datasets.map((one) => one.code),
  );
  throw new Refusal('DATASET_ABSENT', meant ? { nearest: meant } : {});
}

/** The highest version of a dataset. @throws Refusal DATASET_ABSENT as above */
export const newestDataset = (catalogue: Catalogue, code: string): Dataset => versionsOf(catalogue, code)[0];

/** `1.10` comes after `1.9`. */
export function compareDatasetVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left![0]! - right![0]! || left![1]! - right![1]!;
}

let shape: ValidateFunction<Dataset> | undefined;

/** What is wrong with a specification, and where. */
export interface DatasetFault {
  /** Stable, kebab-case. */
  readonly rule: string;
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly message: string;
}

/** Everything in which a specification breaks its schema or contradicts itself, in words; nothing when it holds. */
export const datasetFaults = (value: unknown): string[] =>
  faultsOfDataset(value).map(({ pointer, message }) => `${pointer}: ${message}`);

/** Everything in which a specification breaks its schema or contradicts itself, each with its place. */
export function faultsOfDataset(value: unknown): DatasetFault[] {
  if (!shape) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
    shape = ajv.compile<Dataset>(JSON.parse(readFileSync(join(folder(), SCHEMA), 'utf8')) as object);
  }
  if (!shape(value)) {
    return (shape.errors ?? []).slice(0, 20).map(({ instancePath, message, params }) => {
      const { additionalProperty } = params as { additionalProperty?: string };
      const which = additionalProperty === undefined ? '' : `: ${additionalProperty}`;
      return { rule: 'schema', pointer: instancePath, message: `${message ?? 'does not fit'}${which}` };
    });
  }
  return contradictions(value);
}

function contradictions(dataset: Dataset): DatasetFault[] {
  const faults: DatasetFault[] = [];
  const expect = (holds: boolean, rule: string, pointer: string, message: string) => {
    if (!holds) faults.push({ rule, pointer, message });
  };
  const unique = (codes: readonly string[], pointer: string, where: string) =>
    codes.forEach((code, i) => {
      expect(codes.indexOf(code) === i, 'listed-twice', `${pointer}/${i}`, `${where} lists ${code} twice`);
    });
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  const categoriesOf = new Map(
    Object.entries(dataset.dimensions).map(([name, { categories }]) => [name, categories.map(({ code }) => code)]),
  );

  for (const [name, codes] of categoriesOf) unique(codes, `/dimensions/${name}/categories`, name);
  unique(
    dataset.indicators.map(({ code }) => code),
    '/indicators',
    'the dataset',
  );
  unique(
    dataset.rules.map(({ code }) => code),
    '/rules',
    'the dataset',
  );

  dataset.indicators.forEach(({ code, unit, denominator, decimals, breakdowns }, i) => {
    const at = `/indicators/${i}`;
    unique(
      breakdowns.map(({ dimension }) => dimension),
      `${at}/breakdowns`,
      code,
    );
    const perPopulation = (unit === 'per10000') === 'population' in denominator;
    expect(perPopulation, 'denominator', `${at}/denominator`, `${code}: rates, and only they, are per population`);
    if ('indicator' in denominator) {
      const named = indicators.get(denominator.indicator);
      const place = `${at}/denominator/indicator`;
      expect(named !== undefined, 'denominator', place, `${code} has an unknown denominator ${denominator.indicator}`);
      expect(
        named?.decimals === decimals,
        'decimals',
        place,
        `${code} and its denominator do not have the same decimals`,
      );
    }
    breakdowns.forEach(({ dimension, categories = [], exhaustive, sumsTo }, j) => {
      const there = `${at}/breakdowns/${j}`;
      const known = categoriesOf.get(dimension);
      expect(
        known !== undefined,
        'unknown-dimension',
        `${there}/dimension`,
        `${code} is broken down by an unknown dimension ${dimension}`,
      );
      unique(categories, `${there}/categories`, `${code} by ${dimension}`);
      categories.forEach((category, k) => {
        expect(
          known?.includes(category) === true,
          'unknown-category',
          `${there}/categories/${k}`,
          `${code} has an unknown category ${dimension}=${category}`,
        );
      });
      if (sumsTo === undefined) return;
      expect(
        exhaustive,
        'hierarchy',
        `${there}/sumsTo`,
        `${code} by ${dimension} sums to ${sumsTo} and is not exhaustive`,
      );
      expect(
        indicators.get(sumsTo)?.decimals === decimals,
        'hierarchy',
        `${there}/sumsTo`,
        `${code} by ${dimension} cannot sum to ${sumsTo}`,
      );
    });
  });
  // What follows asks for series, which there are none of while names are unknown.
  if (faults.length) return faults;

  const series = new Set(allSeries(dataset).map(({ key }) => key));
  for (const { indicator, categories, measure, key } of allSeries(dataset)) {
    const denominator = denominatorSeriesOf(dataset, indicator, categories);
    const at = `/indicators/${dataset.indicators.findIndex(({ code }) => code === indicator)}/denominator`;
    const isSent = measure === 'of' || !denominator || series.has(denominator);
    expect(isSent, 'denominator', at, `${key} is divided by what nobody sends`);
  }
  dataset.rules.forEach(({ code, terms, lower = -Infinity, upper = Infinity }, i) => {
    const at = `/rules/${i}`;
    unique(
      terms.map(([term]) => term),
      `${at}/terms`,
      code,
    );
    expect(lower <= upper, 'rule', at, `${code} allows nothing`);
    terms.forEach(([term], j) => {
      expect(series.has(termSeries(term).key), 'rule', `${at}/terms/${j}/0`, `${code} has an unknown term ${term}`);
    });
    const decimals = new Set(terms.map(([term]) => indicators.get(termSeries(term).indicator)?.decimals));
    expect(decimals.size === 1, 'rule', at, `${code} adds counts with and without decimals`);
  });
  return faults;
}

/** Whether any dataset has an indicator of that code. */
export const hasIndicator = ({ datasets }: Pick<Catalogue, 'datasets'>, code: string): boolean =>
  datasets.some(({ indicators }) => indicators.some((one) => one.code === code));
