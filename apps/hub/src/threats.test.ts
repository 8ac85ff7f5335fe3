import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, visit } from 'graphql';

const root = resolve(__dirname, '../../..');
const rows = ['docs/threats.md', 'docs/disclosure-control.md']
  .flatMap((page) => readFileSync(resolve(root, page), 'utf8').split('\n'))
  .flatMap((line) => /^\| (.+?) +\| `(.+?)` +\| (.+?) +\|$/.exec(line)?.slice(1) ?? [])
  .reduce<[string, string, string][]>((all, cell, i, cells) => {
    if (i % 3 === 0) all.push([cell, cells[i + 1]!, cells[i + 2]!]);
    return all;
  }, []);

test('the table is read', () => expect(rows.length).toBeGreaterThan(85));

test.each(rows)('%s: there is a test that names it, in %s', (_threat, file, words) => {
  expect(readFileSync(resolve(root, file), 'utf8')).toContain(words);
});

// Who can sort by a hidden figure, ask for those above a number, or cut a list at one has it after a few questions.
test('no argument of the published schema sorts, filters or cuts by a figure', () => {
  const byFigure =
    /sort|order|filter|where|above|below|least|most|min|max|greater|less|than|top|bottom|rank|value|count/i;
  const names: string[] = [];
  visit(parse(readFileSync(resolve(root, 'contracts/schema/hub.graphql'), 'utf8')), {
    ObjectTypeDefinition: (type) => {
      if (type.name.value === 'Mutation') return false;
      for (const field of type.fields ?? []) for (const one of field.arguments ?? []) names.push(one.name.value);
    },
    InputObjectTypeDefinition: (type) => void names.push(...(type.fields ?? []).map(({ name }) => name.value)),
  });
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => byFigure.test(name))).toEqual([]);
});
