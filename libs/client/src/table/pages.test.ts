import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { pagesOfDatasets } from './pages';
import { templateOf } from './template';

const folder = join(contractsFolder, '..', 'docs');

test('the pages in docs are what datasets and rules make of them; `npm run dictionary` mends it', () => {
  const pages = pagesOfDatasets();
  const names = ['rules.md', ...readdirSync(join(folder, 'datasets')).map((name) => `datasets/${name}`)];
  const there = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  expect([...there.keys()].sort()).toEqual([...pages.keys()].sort());
  const stale = [...pages].filter(([name, text]) => there.get(name) !== text).map(([name]) => name);
  expect(stale).toEqual([]);
});

test('a page says of each indicator what it counts, of whom, and what a peer asks; and every rule', () => {
  const dataset = newestDataset(loadCatalogue(), 'representations');
  const page = pagesOfDatasets().get('datasets/representations.md')!;
  for (const { code, counts, challenge } of dataset.indicators) {
    for (const text of [`### ${code}`, counts, ...challenge!]) expect(page).toContain(text);
  }
  for (const { code } of dataset.rules) expect(page).toContain(`\`${code}\``);
  expect(page).toContain('RP02 − RP01\\|procedure=statutory = 0');
  expect(page).toContain('printed by each authority: every count, exact, 6 months after the period ends');
});

describe('a template', () => {
  const dataset = newestDataset(loadCatalogue(), 'workforce');

  test('has a row for every count, and those of the last return where they are given', () => {
    const previous = [
      { indicator: 'WF01', count: 2.5, of: 31.5 },
      { indicator: 'WF01', breakdown: { role: 'case-holder' }, count: 1.5, of: 20 },
      { indicator: 'WF02', count: 9, of: 9, period: '2024-H1' },
      { indicator: 'SH01', status: 'notCollected', reason: 'Not this year, "yet".' },
    ];
    const lines = templateOf(dataset, { authority: 'E06000001', period: '2025-H1', previous }).split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFdataset,version,period,authority,indicator,dimension,category,name,count,of,status,reason,commentary,query,answer,explanation',
    );
    expect(lines).toHaveLength(1 + 39 + 1);
    const begin = 'workforce,1.0,2025-H1,E06000001';
    expect(lines).toContain(`${begin},WF01,,,Vacancy rate,2.5,31.5,,,,,,`);
    expect(lines).toContain(`${begin},WF01,role,case-holder,Vacancy rate: Case holder,1.5,20,,,,,,`);
    expect(lines).toContain(`${begin},WF02,,,Agency rate,,,,,,,,`);
    expect(lines).toContain(`${begin},SH01,,,Health check: response rate,,,notCollected,"Not this year, ""yet"".",,,,`);
  });
});
