import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, type DefinitionNode, type StringValueNode } from 'graphql';
import { contractsFolder } from '@hub/contracts';

const { definitions } = parse(readFileSync(join(contractsFolder, 'schema', 'hub.graphql'), 'utf8'));

interface Named {
  readonly name: { readonly value: string };
  readonly description?: StringValueNode;
}

/** A type of the schema and everything in it, each by its coordinate: `Round.state`, `Query.region(code:)`, `Role.STEWARD`. */
function partsOf(type: DefinitionNode): readonly (readonly [coordinate: string, of: Named])[] {
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return [[type.name.value, type]];
  if (type.kind === Kind.ENUM_TYPE_DEFINITION)
    return [
      [type.name.value, type],
      ...(type.values ?? []).map((value) => [`${type.name.value}.${value.name.value}`, value] as const),
    ];
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return [];
  const fields = (type.fields ?? []).flatMap((field) => {
    const coordinate = `${type.name.value}.${field.name.value}`;
    const taken = field.kind === Kind.FIELD_DEFINITION ? (field.arguments ?? []) : [];
    return [[coordinate, field], ...taken.map((one) => [`${coordinate}(${one.name.value}:)`, one] as const)] as const;
  });
  // The library that makes the two roots gives them no words.
  return ['Query', 'Mutation'].includes(type.name.value) ? fields : [[type.name.value, type], ...fields];
}

const parts = definitions.flatMap(partsOf);

test('every type, field, argument and value of the schema says what it is, in sentences', () => {
  const isSentence = ({ description }: Named) => /^[A-Z0-9`].*[.?]$/s.test(description?.value ?? '');
  expect(parts.filter(([, one]) => !isSentence(one)).map(([coordinate]) => coordinate)).toEqual([]);
});

test('the schema is read whole', () => {
  const coordinates = parts.map(([coordinate]) => coordinate);
  expect(coordinates).toEqual(
    expect.arrayContaining([
      'Round',
      'Round.state',
      'Query.region(code:)',
      'RoundState.OPEN',
      'IssueInput.title',
      'Date',
    ]),
  );
});
