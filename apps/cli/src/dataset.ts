import { basename } from 'node:path';
import { templateOf, type PreviousRow } from '@hub/client';
import {
  parseAuthorityCode,
  parsePeriod,
  parseStrictJson,
  Refusal,
  type AuthorityCode,
  type Period,
} from '@hub/kernel';
import {
  allSeries,
  datasetOf,
  dividedBy,
  isAggregated,
  lintDatasets,
  loadCatalogue,
  newestDataset,
  shipped,
  type Dataset,
} from '@hub/registry/domain';
import { listing, readInput, UsageError, type Command } from './command';

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

/** @throws UsageError that names the option */
export function authorityOf(text: string): AuthorityCode {
  try {
    return parseAuthorityCode(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new UsageError(`--authority is a code of nine characters, such as ${error.facts['expected']}.`);
  }
}

/** A period for which the dataset is asked for. @throws UsageError that names the option */
export function periodFor({ code, frequency }: Dataset, text: string): Period {
  let period: Period;
  try {
    period = parsePeriod(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new UsageError(`--period is written so: ${error.facts['expected']}.`);
  }
  if (period.kind !== frequency)
    throw new UsageError(`--period is a ${period.kind}; ${code} is asked for each ${frequency}.`);
  return period;
}

const sizeOf = (dataset: Dataset) => ({
  indicators: dataset.indicators.length,
  breakdowns: dataset.indicators.reduce((sum, { breakdowns }) => sum + breakdowns.length, 0),
  rules: dataset.rules.length,
  counts: allSeries(dataset).length,
});

/** The rows of a payload of the same dataset. @throws UsageError */
function rowsOfPayload(path: string, { code }: Dataset): PreviousRow[] {
  const body = parseStrictJson(readInput(path)) as { dataset?: { code?: unknown }; rows?: unknown } | null;
  if (!Array.isArray(body?.rows)) throw new UsageError(`${path} is not the payload of a return.`);
  if (body.dataset?.code !== code) throw new UsageError(`${path} is not a payload of ${code}.`);
  return body.rows as PreviousRow[];
}

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
        const size = `${indicators} indicators, ${breakdowns} breakdowns, ${rules} ${rules === 1 ? 'rule' : 'rules'}`;
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
      const divided = Object.entries(dataset.dimensions).map(
        ([dimension, { categories }]) => [dimension, categories.map((one) => one.code).join(' ')] as const,
      );
      const categories = divided.length
        ? `\nCategories, as --category DIMENSION=CATEGORY takes them\n${listing(divided)}`
        : '';
      return Promise.resolve({ text: head + lines.join('') + categories + list.join(''), json: dataset });
    },
  },
  {
    name: 'dataset template',
    usage: 'CODE[@VERSION] [--authority CODE] [--period P] [--previous PAYLOAD.json]',
    summary: 'A CSV with a row for every count of the collection, to fill in; --previous puts the last values there.',
    argument: 'CODE[@VERSION]',
    options: { authority: 'optional', period: 'optional', previous: 'optional' },
    more: [
      'Rows without count and status are not sent. 0 in count says that there were none; where there is no number, status says why',
      '(notCollected, notApplicable, notAvailable) and reason says it in words. commentary is on an indicator: it stands on the',
      'row of its total.',
      '',
      'query, answer and explanation answer what `hub submission check` asks. On the row that was asked about: query is the rule of the',
      'finding (change-against-previous), answer is confirmed or corrected, explanation says why. Leave them empty where nothing was asked.',
    ].join('\n'),
    run(values) {
      const dataset = datasetNamed(values.the('CODE[@VERSION]'));
      const [authority, period, previous] = ['authority', 'period', 'previous'].map((name) => values.get(name));
      const text = templateOf(dataset, {
        ...(authority === undefined ? {} : { authority: authorityOf(authority) }),
        ...(period === undefined ? {} : { period: periodFor(dataset, period).text }),
        ...(previous === undefined ? {} : { previous: rowsOfPayload(previous, dataset) }),
      });
      return Promise.resolve({ text, json: { csv: text } });
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
