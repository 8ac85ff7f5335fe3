import { rules } from '@hub/contracts';
import { isObject } from '@hub/identity/domain';
import { isAggregated } from '@hub/registry/domain';
import type { Reading } from './reading';

const answers = ['confirmed', 'corrected'] as const;

/** An answer to a query, inside the signed return. */
export interface Answer {
  readonly rule: string;
  /** The row that was asked about. */
  readonly pointer: string;
  readonly answer: (typeof answers)[number];
  readonly text: string;
  /** Where the answer itself stands. */
  readonly place: string;
}

/** What an authority writes for the region beside one indicator. */
export interface Comment {
  readonly indicator: string;
  readonly text: string;
}

/** What a return says beside its numbers. */
export interface Said {
  readonly answers: readonly Answer[];
  readonly commentary: readonly Comment[];
  /** Why it takes the place of the version before. */
  readonly reason?: string;
}

/** @returns the answers whose query, row and answer are understood */
export function readExplanations(reading: Reading, explanations: unknown, rows: number): Answer[] {
  const answered: Answer[] = [];
  if (explanations === undefined) return answered;
  if (!Array.isArray(explanations)) {
    reading.error('explanation-shape', '/explanations', 'The explanations are not a list.', 'a list');
    return answered;
  }
  explanations.forEach((explanation: unknown, i) => {
    const pointer = `/explanations/${i}`;
    if (!isObject(explanation))
      return reading.error(
        'explanation-shape',
        pointer,
        'An explanation is not an object.',
        'rule, pointer, answer, text',
      );
    reading.onlyMembers(explanation, ['rule', 'pointer', 'answer', 'text'], pointer);
    const { rule, pointer: place, answer, text } = explanation;
    const queries = rules().queries.map(({ code }) => code);
    const known = queries.some((code) => code === rule);
    if (!known) reading.error('explanation-shape', `${pointer}/rule`, 'No query has this rule.', queries.join(', '));
    const row = typeof place === 'string' ? /^\/rows\/(0|[1-9]\d{0,5})$/.exec(place) : null;
    const placed = row !== null && Number(row[1]) < rows;
    if (!placed)
      reading.error(
        'explanation-shape',
        `${pointer}/pointer`,
        'The pointer does not lead to a row.',
        'the pointer of the query, /rows/0',
      );
    const given = answers.find((one) => one === answer);
    if (!given) {
      reading.error('explanation-shape', `${pointer}/answer`, 'There is no such answer.', answers.join(' or '));
    }
    const said = reading.checkText(text, 'explanation-shape', `${pointer}/text`, 'The explanation', true);
    if (!known || !placed) return;
    if (answered.some((one) => one.rule === rule && one.pointer === place)) {
      return reading.error('explanation-shape', pointer, 'The query is answered twice.', 'one answer');
    }
    // One that is answered wrongly is wrong, and not unanswered besides.
    const kept = { answer: given ?? 'confirmed', text: said ?? '', place: pointer };
    answered.push({ rule: rule as string, pointer: place as string, ...kept });
  });
  return answered;
}

export function readCommentary(reading: Reading, commentary: unknown): Comment[] {
  const comments: Comment[] = [];
  if (!isAggregated(reading.dataset)) checkNamed(reading, commentary);
  if (commentary === undefined) return comments;
  if (!Array.isArray(commentary)) {
    reading.error('commentary-shape', '/commentary', 'The commentary is not a list.', 'a list');
    return comments;
  }
  const seen = new Set<string>();
  commentary.forEach((comment: unknown, i) => {
    const pointer = `/commentary/${i}`;
    if (!isObject(comment))
      return reading.error('commentary-shape', pointer, 'A comment is not an object.', 'indicator, text');
    reading.onlyMembers(comment, ['indicator', 'text'], pointer);
    const { indicator, text } = comment;
    if (typeof indicator !== 'string' || !reading.indicators.has(indicator)) {
      reading.error(
        'unknown-indicator',
        `${pointer}/indicator`,
        'The dataset has no such indicator.',
        `a code of ${reading.dataset.code} ${reading.dataset.version}`,
      );
    } else if (seen.has(indicator)) {
      reading.error('commentary-shape', pointer, `There is more than one comment on ${indicator}.`, 'one comment');
    } else seen.add(indicator);
    const said = reading.checkText(text, 'commentary-shape', `${pointer}/text`, 'The comment', true);
    if (said !== undefined && typeof indicator === 'string') comments.push({ indicator, text: said });
  });
  return comments;
}

/** What an own measure counts stands in its comment and nowhere else. */
function checkNamed(reading: Reading, commentary: unknown): void {
  const named = new Set(Array.isArray(commentary) ? commentary.filter(isObject).map((one) => one['indicator']) : []);
  for (const { pointer, indicator, count } of reading.rows.values()) {
    if (count === undefined || named.has(indicator.code)) continue;
    reading.error(
      'own-measure-unnamed',
      pointer,
      `Nothing says what ${indicator.code} counts.`,
      `a comment on ${indicator.code}`,
    );
  }
}

/** Why the return takes the place of the version in use: asked for, and no reason to refuse it. */
export function readReason(reading: Reading, reason: unknown): string | undefined {
  const { replaces } = reading.context;
  if (reason !== undefined) return reading.checkText(reason, 'reason-shape', '/reason', 'The reason');
  // Whoever has something to mend is told of that first.
  if (replaces !== undefined && reading.findings.every(({ severity }) => severity !== 'error')) {
    reading.add({
      severity: 'note',
      rule: 'replaced-without-a-reason',
      pointer: '',
      message: `The return takes the place of version ${replaces} and does not say why.`,
      expected: 'reason, beside the rows; of a table with hub submission make --reason',
    });
  }
  return undefined;
}
