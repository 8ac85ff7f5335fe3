import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { alike, firstOf, namingPlaces, placesOf, type TableFinding } from '@hub/client';
import type { Finding } from '@hub/kernel';
import { loadCatalogue } from '@hub/registry/domain';

/** A finding, and for people which count it is about. */
export interface NamedFinding extends Finding {
  /** `CP01`, `RF01 source police`. */
  readonly of?: string;
  readonly name?: string;
}

interface PayloadRow {
  readonly indicator?: unknown;
  readonly breakdown?: Readonly<Record<string, unknown>>;
  /** Of an explanation: the row that it explains. */
  readonly pointer?: unknown;
}

/** The same findings, each with the count that its row is of, where the payload is understood. */
export function named(findings: readonly Finding[], payload: string | undefined): readonly NamedFinding[] {
  let body: Readonly<Record<string, unknown>> & {
    readonly dataset?: { readonly code: string; readonly version: string };
  };
  try {
    body = Object(JSON.parse(payload ?? '')) as typeof body;
  } catch {
    return findings;
  }
  const dataset = loadCatalogue().datasets.find(
    ({ code, version }) => code === body.dataset?.code && version === body.dataset.version,
  );
  if (!dataset) return findings;
  const keyOf = (parts: readonly unknown[]) => parts.filter((one) => one !== undefined).join(' ');
  const names = new Map(
    placesOf(dataset).map(({ indicator, dimension, category, name }) => [
      keyOf([indicator, dimension, category]),
      name,
    ]),
  );
  const entryAt = (pointer: string): PayloadRow | undefined => {
    const [list, place] = pointer.split('/').slice(1);
    const entries = body[list ?? ''];
    const entry = Array.isArray(entries) ? (entries as (PayloadRow | null)[])[Number(place)] : undefined;
    return list === 'explanations' && typeof entry?.pointer === 'string'
      ? entryAt(entry.pointer)
      : (entry ?? undefined);
  };
  return findings.map((finding) => {
    const entry = entryAt(finding.pointer);
    const of = keyOf([entry?.indicator, ...(Object.entries(entry?.breakdown ?? {})[0] ?? [])]);
    const name = names.get(of);
    return name === undefined ? finding : { ...finding, of, name };
  });
}

/** Those that refuse first. */
const inOrder = <F extends Pick<Finding, 'severity'>>(findings: readonly F[]): readonly F[] =>
  (['error', 'query', 'note'] as const).flatMap((severity) => findings.filter((one) => one.severity === severity));

/**
 * Findings for people: those that refuse first, and those that say the same of many places together.
 * @param whole  what the document is called where a finding is about all of it
 */
export const findingLines = (findings: readonly NamedFinding[], whole = '(payload)'): string =>
  alike(inOrder(findings))
    .map((same) => (same.length > 1 ? together(same, whole) : singly(same[0], whole)))
    .join('');

function singly(finding: NamedFinding, whole: string): string {
  const { severity, rule, pointer, message, expected, found, offered, of, name } = finding;
  const sides = [
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(found === undefined ? [] : [`found: ${found}`]),
  ];
  const before = offered ? `\n    answered for ${offered.period}: ${offered.answer}, “${offered.text}”` : '';
  const which = of === undefined ? '' : ` (${of}: ${name})`;
  return `${severity}  ${pointer || whole}${which}  ${rule}\n    ${message}${sides.length ? `\n    ${sides.join('; ')}` : ''}${before}\n`;
}

function together(same: readonly NamedFinding[], whole: string): string {
  const { severity, rule, message, expected } = same[0]!;
  const places = same.map(
    ({ pointer, found, of }) =>
      `${pointer || whole}${of === undefined ? '' : ` ${of}`}${found === undefined ? '' : ` (${found})`}`,
  );
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
export function inFile(findings: readonly NamedFinding[], text: string): TableFinding[] {
  const root = parseTree(text);
  const placeOf = (pointer: string) => {
    const before = text.slice(0, (root && nodeAt(root, pointer))?.offset ?? 0).split('\n');
    return { row: before.length, column: before.at(-1)!.length + 1 };
  };
  const inLines = (named: string): string => {
    const { row, column } = placeOf(named);
    return `line ${row}, column ${column}`;
  };
  return inOrder(findings).map(({ pointer, of, name, ...finding }) => ({
    ...namingPlaces(finding, inLines),
    ...placeOf(pointer),
    ...(of === undefined ? {} : { of: `${of}: ${name}` }),
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
