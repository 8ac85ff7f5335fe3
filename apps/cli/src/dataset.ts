import { basename } from 'node:path';
import { Refusal } from '@hub/kernel';
import {
  allSeries,
  datasetOf,
  isAggregated,
  lintDatasets,
  loadCatalogue,
  newestDataset,
  shipped,
  type Dataset,
  type Indicator,
} from '@hub/registry/domain';
import { listing, readInput, type Command } from './command';

/** `CODE`, the newest version, or `CODE@VERSION`. @throws Refusal DATASET_ABSENT, with the codes that there are */
export function datasetNamed(name: string): Dataset {
  const catalogue = loadCatalogue();
  const [code, version] = name.split('@') as [string, string | undefined];
  try {
    return version === undefined ? newestDataset(catalogue, code) : datasetOf(catalogue, code, version);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const codes = [...new Set(catalogue.datasets.map((one) => one.code))];
    throw new Refusal('DATASET_ABSENT', { expected: codes.join(', ') });
  }
}

const sizeOf = (dataset: Dataset) => ({
  indicators: dataset.indicators.length,
  breakdowns: dataset.indicators.reduce((sum, { breakdowns }) => sum + breakdowns.length, 0),
  rules: dataset.rules.length,
  counts: allSeries(dataset).length,
});

const dividedBy = ({ denominator }: Indicator): string =>
  'own' in denominator
    ? denominator.own
    : 'indicator' in denominator
      ? denominator.indicator
      : 'children aged 0 to 17, known to the hub';

export const datasetCommands: readonly Command[] = [
  {
    name: 'dataset list',
    usage: '',
    summary: 'Every collection with its versions, how often it is asked for, and how much it asks.',
    options: {},
    run() {
      const rows = loadCatalogue().datasets.map((dataset) => ({
        code: dataset.code,
        version: dataset.version,
        frequency: dataset.frequency,
        aggregated: isAggregated(dataset),
        ...sizeOf(dataset),
        title: dataset.title,
      }));
      const lines = rows.map(({ code, version, title, frequency, indicators, breakdowns, rules, aggregated }) => {
        const size = `${indicators} indicators, ${breakdowns} breakdowns, ${rules} rules`;
        return `${code} ${version}\n    ${title}; each ${frequency}; ${size}${aggregated ? '' : '; never added up'}\n`;
      });
      return Promise.resolve({ text: lines.join(''), json: rows });
    },
  },
  {
    name: 'dataset show',
    usage: 'CODE[@VERSION]',
    summary: 'What a collection asks for: its indicators with what they count and are divided by.',
    argument: 'CODE[@VERSION]',
    options: {},
    run(values) {
      const dataset = datasetNamed(values.the('CODE[@VERSION]'));
      const { code, version, title, about, frequency, indicators, changes } = dataset;
      const { counts, rules } = sizeOf(dataset);
      const head = listing([
        ['dataset', `${code} ${version}`],
        ['title', title],
        ['for', about],
        ['each', frequency],
        ['counts', counts],
        ['rules', rules],
        ['since', changes?.since ?? undefined],
      ]);
      const lines = indicators.map((indicator) => {
        const by = indicator.breakdowns.map(({ dimension }) => dimension).join(', ');
        return `\n${indicator.code}  ${indicator.name}\n      ${indicator.counts}\n      of: ${dividedBy(indicator)}${by ? `\n      by: ${by}` : ''}\n`;
      });
      const list = (changes?.list ?? []).map(({ kind, what, note }) => `\n${kind} ${what}: ${note}\n`);
      return Promise.resolve({ text: head + lines.join('') + list.join(''), json: dataset });
    },
  },
  {
    name: 'dataset lint',
    usage: '[FILE…]',
    summary: 'Whether specifications are fit to be published; without FILE all that come with the hub.',
    list: 'FILE',
    options: {},
    run(values) {
      const paths = values.all;
      const files = paths.length ? paths.map((path) => ({ name: basename(path), bytes: readInput(path) })) : shipped();
      const findings = lintDatasets(files);
      const text = findings.map(({ file, pointer, rule, message }) => `${file}:${pointer || '/'} ${rule} ${message}\n`);
      const verdict = `${files.length} ${files.length === 1 ? 'specification' : 'specifications'}, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.\n`;
      return Promise.resolve({
        exitCode: findings.length ? 1 : 0,
        text: text.join('') + verdict,
        json: { files: files.map(({ name }) => name), findings },
      });
    },
  },
];
