import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';
import { contractsFolder } from '@hub/contracts';

const { definitions } = parse(readFileSync(join(contractsFolder, 'schema', 'hub.graphql'), 'utf8'));

test.each(['FigureKind', 'Band', 'Comparison', 'RecentTrend', 'RoundState', 'IssueState'])(
  'every value of %s says what it means',
  (name) => {
    const found = definitions.find((one) => one.kind === Kind.ENUM_TYPE_DEFINITION && one.name.value === name);
    if (found?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error(`there is no enum ${name}`);
    const silent = found.values!.filter(({ description }) => !description).map((value) => value.name.value);
    expect(silent).toEqual([]);
    expect(found.description).toBeDefined();
  },
);

test('every field of an authority’s figure says what it is', () => {
  const found = definitions.find(
    (one) => one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === 'AuthorityFigure',
  );
  if (found?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('there is no AuthorityFigure');
  expect(found.fields!.filter(({ description }) => !description).map((field) => field.name.value)).toEqual([]);
});
