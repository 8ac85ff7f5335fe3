import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { canonical, NotStrictJson, parseStrictJson, sha256 } from '@hub/kernel';
import { compareDatasetVersions, datasetFiles, faultsOfDataset, type DatasetFault } from './catalogue';
import { changesBetween, changesMeaning, needsMajor } from './changes';
import type { Dataset, Indicator } from './dataset';
import { allSeries, isAggregated, localMarkOf, nationalMarkOf, seriesKey, termSeries } from './series';

/** A finding of the lint: which file, where in it, which rule, and what is wrong in words. */
export interface LintFinding extends DatasetFault {
  readonly file: string;
}

/** A specification as it lies in its file. */
export interface DatasetFile {
  /** Its name without folders, `front-door-monthly.1.0.json`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The SHA-256 of every published version, by file name: contracts/datasets/published.json. */
const publishedDigests = (): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(contractsFolder, 'datasets', 'published.json'), 'utf8')) as Record<string, string>;

/**
 * Whether specifications are fit to be published: what `datasetFaults` asks of any, and besides that nothing is missing
 * or left unsaid, that versions follow one another with every change named, and that what several collections ask for
 * means the same in each.
 * @param files  those that are asked about
 * @param besides  those that they are compared with; of the same name a file of the first list takes its place
 */
export function lintDatasets(
  files: readonly DatasetFile[],
  besides: readonly DatasetFile[] = shipped(),
): LintFinding[] {
  const findings: LintFinding[] = [];
  const digests = publishedDigests();
  const asked = files.map((file) => ({ file, dataset: read(file, findings) }));
  const known = [
    ...besides.filter(({ name }) => !files.some((file) => file.name === name)).map((file) => read(file, [])),
    ...asked.map(({ dataset }) => dataset),
  ].flatMap((dataset) => dataset ?? []);
  for (const { file, dataset } of asked) {
    const add = (rule: string, pointer: string, message: string) =>
      void findings.push({ file: file.name, rule, pointer, message });
    if (!dataset) continue;
    if (file.name !== `${dataset.code}.${dataset.version}.json`) {
      add(
        'file-name',
        '/code',
        `the file of ${dataset.code} ${dataset.version} is ${dataset.code}.${dataset.version}.json`,
      );
    }
    const digest = digests[file.name];
    if (digest !== undefined && digest !== sha256(file.bytes).toString('hex')) {
      add('published-changed', '', 'this version is published and does not change any more: write the next one');
    }
    complete(dataset, add);
    hierarchies(dataset, add);
    marks(dataset, add);
    versions(dataset, known, add);
    together(dataset, known, add);
  }
  return findings;
}

/** The specifications that come with the hub. */
export const shipped = (): DatasetFile[] =>
  datasetFiles().map((name) => ({ name, bytes: readFileSync(join(contractsFolder, 'datasets', name)) }));

type Add = (rule: string, pointer: string, message: string) => void;

function read({ name, bytes }: DatasetFile, findings: LintFinding[]): Dataset | undefined {
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error;
    const { reason, pointer } = error;
    findings.push({ file: name, rule: 'strict-json', pointer, message: `this is not strict JSON: ${reason}` });
    return undefined;
  }
  const faults = faultsOfDataset(value);
  findings.push(...faults.map((fault) => ({ file: name, ...fault })));
  return faults.length ? undefined : (value as Dataset);
}

/** Nothing that a data officer needs is left out. */
function complete(dataset: Dataset, add: Add): void {
  if (dataset.about === undefined) add('about', '', 'what the collection is for is not said in "about"');
  if (!dataset.changes) add('changes', '', '"changes" is missing: {"since":null,"list":[]} in a first version');
  dataset.indicators.forEach(({ code, challenge, ...indicator }, i) => {
    const at = `/indicators/${i}`;
    if (!challenge) add('challenge', at, `${code} has no question that a peer would ask of it`);
    for (const mark of ['sensitive', 'nationallyPublished', 'printedLocally'] as const) {
      if (indicator[mark] === undefined) add('marks', at, `${code} does not say whether it is ${markNames[mark]}`);
    }
    for (const mark of ['nationallyPublished', 'printedLocally'] as const) {
      const said = indicator[mark];
      if (said && said.monthsAfter === undefined)
        add('marks', `${at}/${mark}`, `${code} does not say when it is printed`);
    }
  });
  if (isAggregated(dataset) && dataset.rules.length === 0) {
    add('rules', '/rules', 'there is no rule: what follows from the definitions has to be said');
  }
}
const markNames = {
  sensitive: 'sensitive',
  nationallyPublished: 'printed by the Department',
  printedLocally: 'printed by the authorities themselves',
} as const;

/** Denominators and sums lead to an end, parts are counted as their whole is, and nothing lies about unused. */
function hierarchies(dataset: Dataset, add: Add): void {
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  const above = ({ code, denominator }: Indicator): string[] =>
    'indicator' in denominator && denominator.indicator !== code ? [denominator.indicator] : [];
  const used = new Set<string>();
  dataset.indicators.forEach((indicator, i) => {
    const at = `/indicators/${i}`;
    const seen = new Set([indicator.code]);
    for (let next = above(indicator)[0]; next !== undefined; next = above(indicators.get(next)!)[0]) {
      if (seen.has(next)) {
        add('circle', `${at}/denominator`, `${indicator.code} is divided by itself in the end`);
        break;
      }
      seen.add(next);
    }
    indicator.breakdowns.forEach(({ dimension, categories, sumsTo }, j) => {
      const there = `${at}/breakdowns/${j}`;
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
      for (const code of codes) used.add(`${dimension}=${code}`);
      if (codes.length < 2) add('hierarchy', there, `${indicator.code} by ${dimension} has one category alone`);
      const whole = sumsTo === undefined ? undefined : indicators.get(sumsTo)!;
      if (whole && (whole.people !== indicator.people || whole.basis !== indicator.basis)) {
        add(
          'hierarchy',
          `${there}/sumsTo`,
          `${indicator.code} by ${dimension} does not count whom ${whole.code} counts`,
        );
      }
    });
  });
  for (const [dimension, { categories }] of Object.entries(dataset.dimensions)) {
    categories.forEach(({ code }, i) => {
      if (used.has(`${dimension}=${code}`)) return;
      add('unused', `/dimensions/${dimension}/categories/${i}`, `nobody is asked for ${dimension}=${code}`);
    });
  }
}

/** What follows from printed counts is marked as printed too, or a table could never be protected. */
function marks(dataset: Dataset, add: Add): void {
  const isMarked = (key: string) => Boolean(nationalMarkOf(dataset, key) ?? localMarkOf(dataset, key));
  const isCount = (key: string) => key.endsWith('#count');
  const sums = dataset.indicators.flatMap(({ code, breakdowns }) =>
    breakdowns
      .filter(({ exhaustive }) => exhaustive)
      .map(({ dimension, categories, sumsTo = code }) => [
        seriesKey(sumsTo, {}, 'count'),
        ...(categories ?? dataset.dimensions[dimension]!.categories.map((one) => one.code)).map((category) =>
          seriesKey(code, { [dimension]: category }, 'count'),
        ),
      ]),
  );
  const rules = dataset.rules
    .filter(({ lower, upper }) => lower !== undefined && lower === upper)
    .map(({ terms }) => terms.map(([term]) => termSeries(term).key));
  for (const keys of [...sums, ...rules]) {
    const open = keys.filter((key) => !isMarked(key));
    if (open.length !== 1 || !isCount(open[0]!)) continue;
    const { indicator } = allSeries(dataset).find(({ key }) => key === open[0])!;
    const i = dataset.indicators.findIndex(({ code }) => code === indicator);
    add('marks', `/indicators/${i}`, `${open[0]!} follows from what others print, and is not marked as printed`);
  }
}

/** A version says from which it comes and everything that it changes; a changed meaning takes another code. */
function versions(dataset: Dataset, known: readonly Dataset[], add: Add): void {
  const { changes, code, version } = dataset;
  const before = known
    .filter((one) => one.code === code && compareDatasetVersions(one.version, version) < 0)
    .sort((a, b) => compareDatasetVersions(a.version, b.version))
    .at(-1);
  if (changes && changes.since !== (before?.version ?? null)) {
    add('changes', '/changes/since', `the version before is ${before?.version ?? 'none: null'}`);
  }
  const found = before ? changesBetween(before, dataset) : [];
  const nameOf = ({ kind, what }: { kind: string; what: string }) => `${what} ${kind}`;
  const said = new Set((changes?.list ?? []).map(nameOf));
  for (const change of found) {
    if (!said.has(nameOf(change)))
      add('changes', '/changes/list', `it is not said that ${change.what} was ${change.kind}`);
    if (changesMeaning(change))
      add('meaning', '/indicators', `${change.what} changed: a changed meaning needs a new code`);
  }
  (changes?.list ?? []).forEach((change, i) => {
    if (found.some((one) => nameOf(one) === nameOf(change))) return;
    add('changes', `/changes/list/${i}`, `${change.what} was not ${change.kind}`);
  });
  if (!before || version.split('.')[0] !== before.version.split('.')[0]) return;
  const large = found.find((change) => needsMajor(change, before, dataset));
  if (large)
    add(
      'version',
      '/version',
      `${large.what} was ${large.kind}: a return made for ${before.version} no longer does, so the first number rises`,
    );
}

/** One code means one thing: an indicator, its rules and its categories are the same in every collection. */
function together(dataset: Dataset, known: readonly Dataset[], add: Add): void {
  const newest = new Map<string, Dataset>();
  for (const one of known) {
    const best = newest.get(one.code);
    if (!best || compareDatasetVersions(best.version, one.version) < 0) newest.set(one.code, one);
  }
  const series = new Set(allSeries(dataset).map(({ key }) => key));
  const rules = new Set(dataset.rules.map((rule) => canonical(saysOf(rule))));
  for (const other of newest.values()) {
    if (other.code === dataset.code) continue;
    dataset.indicators.forEach((indicator, i) => {
      const same = other.indicators.find(({ code }) => code === indicator.code);
      if (!same) return;
      for (const member of ['people', 'unit', 'polarity', 'decimals'] as const) {
        if (same[member] === indicator[member]) continue;
        add('shared', `/indicators/${i}/${member}`, `${indicator.code} has another ${member} in ${other.code}`);
      }
      if (keyOf(same) !== keyOf(indicator)) {
        add('shared', `/indicators/${i}/denominator`, `${indicator.code} has another denominator in ${other.code}`);
      }
    });
    for (const rule of other.rules) {
      const applies = rule.terms.every(([term]) => series.has(termSeries(term).key));
      if (!applies || rules.has(canonical(saysOf(rule)))) continue;
      add(
        'shared',
        '/rules',
        `${rule.code} of ${other.code} is about counts of this collection and is not among its rules`,
      );
    }
    for (const [name, { categories }] of Object.entries(dataset.dimensions)) {
      categories.forEach((category, i) => {
        const same = other.dimensions[name]?.categories.find(({ code }) => code === category.code);
        if (!same || same.name === category.name) return;
        add(
          'shared',
          `/dimensions/${name}/categories/${i}/name`,
          `${name}=${category.code} has another name in ${other.code}`,
        );
      });
    }
  }
}
const saysOf = ({ terms, lower, upper }: Dataset['rules'][number]) => ({
  terms,
  lower: lower ?? null,
  upper: upper ?? null,
});
const keyOf = ({ denominator }: Indicator): string =>
  'own' in denominator ? 'own' : 'indicator' in denominator ? denominator.indicator : 'population';
