import { dictionaryOf, loadCatalogue, newestDataset } from '@hub/registry/domain';
import { templateOf } from './template';

/** What docs/datasets holds, by file name: the page and the template of each dataset's newest version, and their list. */
export function pagesOfDatasets(): Map<string, string> {
  const catalogue = loadCatalogue();
  const codes = [...new Set(catalogue.datasets.map(({ code }) => code))];
  const newest = codes.map((code) => newestDataset(catalogue, code));
  const list = newest.map(({ code, version, title, about }) => `- [${title}](${code}.md): \`${code}\` ${version}. ${about ?? ''}`); // prettier-ignore
  return new Map([
    ['README.md', ['# Data dictionary', '', 'What each collection asks for, and a template to fill in.', '', ...list, ''].join('\n')], // prettier-ignore
    ...newest.flatMap((dataset): [string, string][] => [
      [`${dataset.code}.md`, dictionaryOf(dataset)],
      [`${dataset.code}.template.csv`, templateOf(dataset)],
    ]),
  ]);
}
