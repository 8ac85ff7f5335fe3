import { sha256 } from '@hub/kernel';
import { datasetOf, loadCatalogue } from './catalogue';
import { changesBetween, needsMajor } from './changes';
import type { Change, Dataset } from './dataset';
import { lintDatasets, shipped } from './lint';

type Plain = Record<string, unknown> & {
  code: string;
  version: string;
  changes: { since: string | null; list: Change[] };
  dimensions: Record<string, { name: string; categories: { code: string; name: string }[] }>;
  indicators: (Record<string, unknown> & { code: string; breakdowns: Record<string, unknown>[] })[];
  rules: Record<string, unknown>[];
};
const all = shipped();
const text = (name: string) => Buffer.from(all.find((one) => one.name === name)!.bytes).toString('utf8');
const plain = (name: string) => JSON.parse(text(name)) as Plain;
const fileOf = (dataset: Plain | Dataset) => ({
  name: `${dataset.code}.${dataset.version}.json`,
  bytes: Buffer.from(JSON.stringify(dataset)),
});
const rulesFound = (dataset: Plain, besides = all) =>
  // The digest of a published file differs by the way it is written here.
  lintDatasets([fileOf(dataset)], besides).filter(({ rule }) => rule !== 'published-changed');

test('every specification that comes with the hub is fit to be published', () => {
  expect(lintDatasets(all)).toEqual([]);
  expect(all.map(({ name }) => name)).toEqual([
    'case-file-audits.1.0.json',
    'front-door-monthly.1.0.json',
    'local-measures.1.0.json',
    'local-measures.1.1.json',
    'representations.1.0.json',
    'safeguarding-annual.1.0.json',
    'safeguarding-quarterly.1.0.json',
    'workforce.1.0.json',
  ]);
});

describe('a planted fault is found, with its place', () => {
  const indicator = (dataset: Plain, code: string) => dataset.indicators.find((one) => one.code === code)!;
  const cases: readonly [what: string, file: string, plant: (dataset: Plain) => void, rule: string, pointer: RegExp][] =
    [
      [
        'no question',
        'workforce.1.0.json',
        (d) => delete indicator(d, 'WF06')['challenge'],
        'challenge',
        /^\/indicators\/5$/,
      ],
      [
        'whom it counts unsaid',
        'workforce.1.0.json',
        (d) => delete indicator(d, 'WF06')['people'],
        'schema',
        /^\/indicators\/5$/,
      ],
      [
        'polarity unsaid',
        'workforce.1.0.json',
        (d) => delete indicator(d, 'WF06')['polarity'],
        'schema',
        /^\/indicators\/5$/,
      ],
      [
        'a mark unsaid',
        'workforce.1.0.json',
        (d) => delete indicator(d, 'WF06')['sensitive'],
        'marks',
        /^\/indicators\/5$/,
      ],
      [
        'a mark without its date',
        'workforce.1.0.json',
        (d) => delete (indicator(d, 'WF01')['nationallyPublished'] as Plain)['monthsAfter'],
        'marks',
        /^\/indicators\/0\/nationallyPublished$/,
      ],
      [
        'what follows from printed counts unmarked',
        'representations.1.0.json',
        (d) => delete indicator(d, 'RP01').breakdowns[0]!['printedLocally'],
        'marks',
        /^\/indicators\/0$/,
      ],
      ['no rules', 'case-file-audits.1.0.json', (d) => (d.rules = []), 'rules', /^\/rules$/],
      [
        'a rule of another collection left out',
        'front-door-monthly.1.0.json',
        (d) => (d.rules = []),
        'shared',
        /^\/rules$/,
      ],
      ['no indicators', 'workforce.1.0.json', (d) => (d.indicators = []), 'schema', /^\/indicators$/],
      [
        'another meaning of one code',
        'front-door-monthly.1.0.json',
        (d) => (indicator(d, 'RF01')['people'] = 'children'),
        'shared',
        /^\/indicators\/3\/people$/,
      ],
      [
        'another name of one category',
        'front-door-monthly.1.0.json',
        (d) => (d.dimensions['source']!.categories[1]!.name = 'Schools'),
        'shared',
        /^\/dimensions\/source\/categories\/1\/name$/,
      ],
      [
        'a circle of denominators',
        'case-file-audits.1.0.json',
        (d) =>
          Object.assign(indicator(d, 'AU02'), { denominator: { indicator: 'AU03' } }) &&
          Object.assign(indicator(d, 'AU03'), { denominator: { indicator: 'AU02' } }),
        'circle',
        /^\/indicators\/1\/denominator$/,
      ],
      [
        'a breakdown of one category',
        'case-file-audits.1.0.json',
        (d) => (indicator(d, 'AU07').breakdowns[0]!['categories'] = ['internal']),
        'hierarchy',
        /^\/indicators\/6\/breakdowns\/0$/,
      ],
      [
        'a category that nobody is asked for',
        'case-file-audits.1.0.json',
        (d) =>
          d.dimensions['practice']!.categories.push({ code: 'x', name: 'X' }) &&
          (indicator(d, 'AU04').breakdowns[0]!['categories'] = ['visits', 'assessment']),
        'unused',
        /^\/dimensions\/practice\/categories\/0$/,
      ],
      [
        'an unknown denominator',
        'case-file-audits.1.0.json',
        (d) => (indicator(d, 'AU02')['denominator'] = { indicator: 'AU99' }),
        'denominator',
        /^\/indicators\/1\/denominator\/indicator$/,
      ],
      [
        'a rule about nothing',
        'case-file-audits.1.0.json',
        (d) => (d.rules[0]!['terms'] = [['AU02|audit=none', 1]]),
        'rule',
        /^\/rules\/0\/terms\/0\/0$/,
      ],
      [
        'a first version with a version before',
        'workforce.1.0.json',
        (d) => (d.changes = { since: '0.9', list: [] }),
        'changes',
        /^\/changes\/since$/,
      ],
      ['no list of changes', 'workforce.1.0.json', (d) => Reflect.deleteProperty(d, 'changes'), 'changes', /^$/],
      ['a purpose unsaid', 'workforce.1.0.json', (d) => Reflect.deleteProperty(d, 'about'), 'about', /^$/],
      ['a member that nobody knows', 'workforce.1.0.json', (d) => (d['note'] = 'x'), 'schema', /^$/],
    ];
  test.each(cases)('%s', (_what, name, plant, rule, pointer) => {
    const dataset = plain(name);
    plant(dataset);
    const found = rulesFound(dataset).filter((one) => one.rule === rule);
    expect(found.map((one) => one.pointer)).toEqual(expect.arrayContaining([expect.stringMatching(pointer)]));
    expect(found[0]!.file).toBe(name);
  });

  test('a file that is not JSON, and one under another name', () => {
    expect(lintDatasets([{ name: 'x.1.0.json', bytes: Buffer.from('{"v":1,"v":1}') }])).toMatchObject([
      { rule: 'strict-json', file: 'x.1.0.json' },
    ]);
    expect(
      lintDatasets([{ name: 'x.1.0.json', bytes: Buffer.from(text('workforce.1.0.json')) }]).map(({ rule }) => rule),
    ).toContain('file-name');
  });
});

describe('versions', () => {
  const name = 'case-file-audits.1.0.json';
  const next = (version: string, change: (dataset: Plain) => void, list: Change[]) => {
    const dataset = plain(name);
    change(dataset);
    dataset.version = version;
    dataset.changes = { since: '1.0', list };
    return dataset;
  };
  const note = 'Said for a test.';
  const renamed = (dataset: Plain) => (dataset.indicators[0]!['name'] = 'Files audited');

  test('a minor version with every change named is fit', () => {
    const dataset = next('1.1', renamed, [{ kind: 'changed', what: 'indicators/AU01/name', note }]);
    expect(rulesFound(dataset)).toEqual([]);
  });

  test('an unnamed change, and one that is not there, are findings', () => {
    expect(rulesFound(next('1.1', renamed, [])).map(({ rule, message }) => [rule, message])).toEqual([
      ['changes', 'it is not said that indicators/AU01/name was changed'],
    ]);
    const more: Change[] = [
      { kind: 'changed', what: 'indicators/AU01/name', note },
      { kind: 'removed', what: 'rules/inadequate', note },
    ];
    expect(rulesFound(next('1.1', renamed, more)).map(({ pointer }) => pointer)).toEqual(['/changes/list/1']);
  });

  test('a new indicator needs a major version, and a changed meaning a new code', () => {
    const added = (dataset: Plain) =>
      dataset.indicators.push({ ...dataset.indicators[1]!, code: 'AU09', breakdowns: [] });
    const list: Change[] = [{ kind: 'added', what: 'indicators/AU09', note }];
    expect(rulesFound(next('1.1', added, list)).map(({ rule }) => rule)).toEqual(['version']);
    expect(rulesFound(next('2.0', added, list))).toEqual([]);
    const recounted = (dataset: Plain) => (dataset.indicators[0]!['counts'] = 'Audits');
    const changed: Change[] = [{ kind: 'changed', what: 'indicators/AU01/counts', note }];
    expect(rulesFound(next('2.0', recounted, changed)).map(({ rule }) => rule)).toEqual(['meaning']);
  });

  test('what an authority’s own dataset offers besides may be left out, so the minor number rises; a rule may not', () => {
    const before = datasetOf(loadCatalogue(), 'local-measures', '1.0');
    const after = datasetOf(loadCatalogue(), 'local-measures', '1.1');
    const differences = changesBetween(before, after);
    expect(differences.map(({ kind, what }) => `${kind} ${what}`)).toEqual(
      expect.arrayContaining(['added dimensions/team', 'added indicators/LM20/breakdowns/team']),
    );
    expect(differences.filter((one) => needsMajor(one, before, after))).toEqual([]);
    // Where they are asked for, and taken away, they are no small thing.
    const asked = [before, after].map((one): Dataset => ({ ...one, aggregated: true })) as [Dataset, Dataset];
    expect(differences.filter((one) => needsMajor(one, ...asked))).toHaveLength(21);
    expect(changesBetween(after, before).filter((one) => needsMajor(one, after, before))).toHaveLength(21);
    expect(needsMajor({ kind: 'added', what: 'rules/some' }, before, after)).toBe(true);
  });

  test('a published version does not change any more', () => {
    const { bytes } = all.find((one) => one.name === name)!;
    const spaced = Buffer.concat([bytes, Buffer.from('\n')]);
    expect(sha256(spaced)).not.toEqual(sha256(bytes));
    expect(lintDatasets([{ name, bytes: spaced }]).map(({ rule }) => rule)).toEqual(['published-changed']);
  });

  test('what is new as a whole is named once, without its parts', () => {
    const [before, after] = [plain(name), plain(name)] as unknown as [Dataset, Dataset];
    Object.assign(after.dimensions, { extra: { name: 'Extra', categories: [{ code: 'a', name: 'A' }] } });
    const differences = changesBetween(before, after);
    expect(differences).toEqual([{ kind: 'added', what: 'dimensions/extra' }]);
    expect(needsMajor(differences[0]!, before, after)).toBe(true);
    expect(changesBetween(before, before)).toEqual([]);
  });
});
