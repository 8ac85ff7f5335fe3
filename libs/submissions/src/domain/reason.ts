import { parseReason } from '@hub/identity/domain';
import { personIn, Refusal } from '@hub/kernel';

/**
 * The reason of a step about a return, which others read.
 * @throws Refusal REQUEST_MALFORMED when it is no reason (`parseReason`), or holds what looks like a person
 */
export function parseReasonAboutNobody(text: string): string {
  const reason = parseReason(text);
  const person = personIn(reason);
  if (person) throw new Refusal('REQUEST_MALFORMED', { expected: `a reason without ${person}` });
  return reason;
}
