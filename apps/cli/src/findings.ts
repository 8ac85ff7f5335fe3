import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { namingPlaces, type TableFinding } from '@hub/client';
import type { Finding } from '@hub/kernel';

/** From so many findings on that say the same, they are said once with all their places. */
const TOGETHER = 3;

/**
 * Findings for people: those that refuse first, and those that say the same of many places together.
 * @param whole  what the document is called where a finding is about all of it
 */
export function findingLines(findings: readonly Finding[], whole = '(payload)'): string {
  const order: readonly Finding['severity'][] = ['error', 'query', 'note'];
  const groups = new Map<string, Finding[]>();
  for (const one of order.flatMap((severity) => findings.filter((each) => each.severity === severity))) {
    const { severity, rule, message, expected, offered } = one;
    const name = JSON.stringify([severity, rule, message, expected, offered]);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((same) =>
      same.length < TOGETHER || same[0]!.offered ? same.map((one) => singly(one, whole)) : [together(same, whole)],
    )
    .join('');
}

function singly({ severity, rule, pointer, message, expected, found, offered }: Finding, whole: string): string {
  const sides = [
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(found === undefined ? [] : [`found: ${found}`]),
  ];
  const before = offered ? `\n    answered for ${offered.period}: ${offered.answer}, “${offered.text}”` : '';
  return `${severity}  ${pointer || whole}  ${rule}\n    ${message}${sides.length ? `\n    ${sides.join('; ')}` : ''}${before}\n`;
}

function together(same: readonly Finding[], whole: string): string {
  const { severity, rule, message, expected } = same[0]!;
  const places = same.map(({ pointer, found }) => `${pointer || whole}${found === undefined ? '' : ` (${found})`}`);
  return [
    `${severity}  ${same.length} places  ${rule}\n    ${message}\n`,
    expected === undefined ? '' : `    expected: ${expected}\n`,
    `    ${places.join('  ')}\n`,
  ].join('');
}

/**
 * The same findings with the place in a JSON file, line and column counted from 1; those that refuse come first. A pointer
 * to what is not there is the place of the nearest thing around it.
 * @param text  what the pointers point into
 */
export function inFile(findings: readonly Finding[], text: string): TableFinding[] {
  const root = parseTree(text);
  const placeOf = (pointer: string) => {
    const before = text.slice(0, (root && nodeAt(root, pointer))?.offset ?? 0).split('\n');
    return { row: before.length, column: before.at(-1)!.length + 1 };
  };
  const inLines = (named: string): string => {
    const { row, column } = placeOf(named);
    return `line ${row}, column ${column}`;
  };
  const order: readonly Finding['severity'][] = ['error', 'query', 'note'];
  return order
    .flatMap((severity) => findings.filter((each) => each.severity === severity))
    .map(({ pointer, ...finding }) => ({ ...namingPlaces(finding, inLines), ...placeOf(pointer) }));
}

function nodeAt(root: Node, pointer: string): Node {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = root;
  for (const step of steps) {
    const next = findNodeAtLocation(node, [node.type === 'array' ? Number(step) : step]);
    if (!next) break;
    node = next;
  }
  return node;
}
