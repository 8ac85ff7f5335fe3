import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  findBreakingChanges,
  Kind,
  parse,
  print,
  visit,
  type ASTNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** What federation's own library defines in every subgraph: no promise of this hub. */
const ofFederation = (node: DefinitionNode): boolean =>
  node.kind === Kind.DIRECTIVE_DEFINITION ||
  ('name' in node && /^(federation__|link__|_Any$|_Entity$|_Service$)/.test(node.name?.value ?? '')) ||
  (node.kind === Kind.OBJECT_TYPE_EXTENSION &&
    node.fields?.every((field) => field.name.value.startsWith('_')) === true);

const orderOf = (node: ASTNode): string => {
  if (node.kind === Kind.SCHEMA_EXTENSION) return '0 link';
  if (node.kind === Kind.SCHEMA_DEFINITION) return '0 schema';
  const name = 'name' in node ? (node.name as { value: string } | undefined)?.value : undefined;
  return `${name === 'Query' ? '1' : name === 'Mutation' ? '2' : '3'}${name ?? ''}`;
};
const byName = (a: ASTNode, b: ASTNode): number => (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0);

/** The SDL in one order, whatever the order of the modules: types, fields, arguments and values by name. */
export function sorted(sdl: string): string {
  const members = ['fields', 'arguments', 'values', 'operationTypes'];
  const document = visit(parse(sdl, { noLocation: true }), {
    enter: (node) => {
      if (node.kind === Kind.DIRECTIVE) return undefined;
      const copy = { ...node } as unknown as Record<string, ASTNode[] | undefined>;
      for (const member of members) if (copy[member]) copy[member] = [...copy[member]].sort(byName);
      return copy as unknown as ASTNode;
    },
  }) as DocumentNode;
  const definitions = document.definitions.filter((node) => !ofFederation(node)).sort(byName);
  return `${definitions.map((node) => print(node)).join('\n\n')}\n`;
}

/** `Type`, `Type.field`, each with the directives on it; federation reads these as a promise too. */
function directives(document: DocumentNode): Set<string> {
  const found = new Set<string>();
  const add = (place: string, on: readonly ConstDirectiveNode[] | undefined) =>
    on?.forEach((one) => found.add(`${print(one)} of ${place}`));
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_EXTENSION) add('the schema', node.directives);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    add(node.name.value, node.directives);
    for (const field of node.fields ?? []) add(`${node.name.value}.${field.name.value}`, field.directives);
  }
  return found;
}

const schemaOf = (sdl: string): GraphQLSchema => buildSubgraphSchema([{ typeDefs: parse(sdl) }]);

/** What in the new schema breaks a client or a gateway that relies on the old one, in sentences. */
export function breaking(before: string, after: string): string[] {
  const left = directives(parse(after));
  return [
    ...findBreakingChanges(schemaOf(before), schemaOf(after)).map(({ description }) => description),
    ...[...directives(parse(before))].filter((one) => !left.has(one)).map((one) => `${one} was removed.`),
  ];
}

/** Lines that are only in one of the two, `-` before and `+` after, in order, with the definition they stand in. */
export function difference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  // Longest common subsequence: the schema has a few hundred lines.
  const length = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      length[i]![j] = old[i] === now[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let told = '';
  const say = (mark: '-' | '+', line: string, within: string) => {
    if (!line) return;
    if (within !== told && within !== line) lines.push(`  ${within}`);
    told = within;
    lines.push(`${mark} ${line}`);
  };
  const head = (all: string[], at: number): string =>
    all.slice(0, at + 1).findLast((line) => /^[a-z].*\{$/.test(line)) ?? '';
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (old[i] !== undefined && old[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (j >= now.length || (i < old.length && length[i + 1]![j]! >= length[i]![j + 1]!))
      say('-', old[i]!, head(old, i++));
    else say('+', now[j]!, head(now, j++));
  }
  return lines;
}
