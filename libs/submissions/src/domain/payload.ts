import {
  NotStrictJson,
  parseAuthorityCode,
  parsePeriod,
  parseStrictJson,
  pointerOf,
  Refusal,
  type AuthorityCode,
  type Finding,
} from '@hub/kernel';
import { hasExactly, isObject, type JsonObject } from '@hub/identity/domain';
import { limits } from './limits';

/** Whose return it is, of what and under which agreement; and the whole payload, whose rows are not looked at yet. */
export interface PayloadHead {
  readonly authority: AuthorityCode;
  readonly dataset: { readonly code: string; readonly version: string };
  /** As text, of a form that `parsePeriod` accepts. */
  readonly period: string;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly body: JsonObject;
}

/** The members of a payload. */
export const payloadMembers = [
  'authority',
  'dataset',
  'period',
  'agreement',
  'rows',
  'explanations',
  'commentary',
  'reason',
] as const;

/** Names that may stand in a pointer: the specification's own, never one out of a text that is not understood. */
const known = new Set<string>([
  ...payloadMembers,
  ...['code', 'version', 'id', 'indicator', 'breakdown', 'count', 'of', 'status', 'reason', 'period'],
  ...['rule', 'pointer', 'answer', 'text'],
]);

/** A pointer as far as it consists of places and the specification's names. */
function knownPart(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const end = steps.findIndex((step) => !known.has(step) && !/^\d{1,6}$/.test(step));
  return pointerOf(end < 0 ? steps : steps.slice(0, end));
}

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const isCode = (value: unknown): value is string => typeof value === 'string' && value.length <= 64 && CODE.test(value);
const isVersion = (value: unknown): value is string =>
  typeof value === 'string' && /^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})$/.test(value);
const parsed = <T>(parse: (text: string) => T, value: unknown): T | undefined => {
  try {
    return typeof value === 'string' ? parse(value) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Reads the head of a payload whose signature holds.
 * @param payload  the signed bytes
 * @throws Refusal SUBMISSION_INVALID with every finding about the head: not strict JSON, or a member missing or not of
 *   its form
 */
export function readHead(payload: Uint8Array): PayloadHead {
  const findings: Finding[] = [];
  const add = (rule: string, pointer: string, message: string, expected: string) => {
    findings.push({ severity: 'error', rule, pointer, message, expected });
  };
  let body: unknown;
  try {
    body = parseStrictJson(payload, limits.jsonDepth);
  } catch (error) {
    const { reason, pointer } = error instanceof NotStrictJson ? error : new NotStrictJson('syntax');
    const [message, expected] = strictness[reason];
    add('strict-json', knownPart(pointer), message, expected);
    throw new Refusal('SUBMISSION_INVALID', {}, { findings });
  }
  if (!isObject(body)) {
    add(
      'payload-shape',
      '',
      'The payload is not an object.',
      'an object with authority, dataset, period, agreement and rows',
    );
    throw new Refusal('SUBMISSION_INVALID', {}, { findings });
  }
  const { dataset, agreement } = body;
  const authority = parsed(parseAuthorityCode, body['authority']);
  const period = parsed(parsePeriod, body['period']);
  if (
    !isObject(agreement) ||
    !hasExactly(agreement, ['id', 'version']) ||
    !isCode(agreement['id']) ||
    !isWhole(agreement['version'])
  ) {
    add(
      'head-agreement',
      '/agreement',
      'The agreement is not named by id and version.',
      '{"id":"north-east-benchmarking","version":1}',
    );
  }
  if (!authority)
    add('head-authority', '/authority', 'The authority is not named by its code.', 'a code like E06000001');
  if (
    !isObject(dataset) ||
    !hasExactly(dataset, ['code', 'version']) ||
    !isCode(dataset['code']) ||
    !isVersion(dataset['version'])
  ) {
    add(
      'head-dataset',
      '/dataset',
      'The dataset is not named by code and version.',
      '{"code":"safeguarding-quarterly","version":"1.0"}',
    );
  }
  if (!period)
    add('head-period', '/period', 'The period is not written as one.', '2025-07, 2025-Q1, 2025-H1, 2025-FY or 2025-CY');
  if (findings.length > 0 || !authority || !period) throw new Refusal('SUBMISSION_INVALID', {}, { findings });
  return {
    authority,
    dataset: dataset as unknown as PayloadHead['dataset'],
    period: period.text,
    agreement: agreement as unknown as PayloadHead['agreement'],
    body,
  };
}

const isWhole = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;

const strictness: Record<NotStrictJson['reason'], readonly [message: string, expected: string]> = {
  syntax: ['The payload is not JSON.', 'JSON'],
  byteOrderMark: ['The payload begins with a byte order mark.', 'JSON in UTF-8 without a byte order mark'],
  encoding: ['The payload is not UTF-8.', 'JSON in UTF-8'],
  depth: ['The payload is nested too deeply.', `at most ${limits.jsonDepth} levels`],
  duplicateKey: ['A member stands twice in the same object.', 'each member once'],
  number: [
    'A number is not in its one form, or too large.',
    'whole numbers below 2^53, decimals without exponent or closing zeros',
  ],
  string: ['A text is not well-formed Unicode.', 'well-formed Unicode'],
};
