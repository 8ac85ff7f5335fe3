import { dictionaryOf, loadCatalogue, newestDataset } from '@hub/registry/domain';
import { rulesPage } from '@hub/submissions/domain';
import { templateOf } from './template';

/** What docs holds of the catalogue, by path: page and template of each dataset's newest version, their list, and the rules. */
export function pagesOfDatasets(): Map<string, string> {
  const catalogue = loadCatalogue();
  const codes = [...new Set(catalogue.datasets.map(({ code }) => code))];
  const newest = codes.map((code) => newestDataset(catalogue, code));
  const list = newest.map(
    ({ code, version, title, about }) => `- [${title}](${code}.md): \`${code}\` ${version}. ${about ?? ''}`,
  );
  return new Map([
    ['rules.md', rulesPage()],
    [
      'datasets/README.md',
      ['# Data dictionary', '', 'What each collection asks for, and a template to fill in.', '', ...list, ''].join(
        '\n',
      ),
    ],
    ...newest.flatMap((dataset): [string, string][] => [
      [`datasets/${dataset.code}.md`, dictionaryOf(dataset)],
      [`datasets/${dataset.code}.template.csv`, templateOf(dataset)],
    ]),
  ]);
}
