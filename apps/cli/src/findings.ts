import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { alike, firstOf, namingPlaces, type TableFinding } from '@hub/client';
import type { Finding } from '@hub/kernel';

/** Those that refuse first. */
const inOrder = <F extends Pick<Finding, 'severity'>>(findings: readonly F[]): readonly F[] =>
  (['error', 'query', 'note'] as const).flatMap((severity) => findings.filter((one) => one.severity === severity));

/**
 * Findings for people: those that refuse first, and those that say the same of many places together.
 * @param whole  what the document is called where a finding is about all of it
 */
export const findingLines = (findings: readonly Finding[], whole = '(payload)'): string =>
  alike(inOrder(findings))
    .map((same) => (same.length > 1 ? together(same, whole) : singly(same[0], whole)))
    .join('');

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
    `    ${firstOf(places)}\n`,
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
  return inOrder(findings).map(({ pointer, ...finding }) => ({
    ...namingPlaces(finding, inLines),
    ...placeOf(pointer),
  }));
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
