import { holdsSmallNumber, personIn } from './personal';
import { Refusal, type Finding } from './refusal';

const LONGEST_TITLE = 120;
const LONGEST_TEXT = 2000;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]/;

/** Words of one family, and of what belongs before a court or a review: such a text is about somebody. */
const FAMILY =
  /\b(?:siblings?|brothers?|sisters?|twins?|triplets?|half-(?:brothers?|sisters?)|step(?:mother|father|brother|sister)s?|mum|mother|dad|father|grand(?:mother|father|parent)s?|aunt|uncle|cousins?|serious case review|child safeguarding practice review|inquest)\b/i;
const GROUP =
  /\b(?:child(?:ren)?|girls?|boys?|bab(?:y|ies)|infants?|teenagers?|young (?:people|person)|famil(?:y|ies)|carers?|parents?|pupils?|unborn|cases?|deaths?|plans?|referrals?|year[- ]olds?|traveller|refugees?|asylum|disabled|muslim|jewish|white|black|asian|roma)\b/i;
const ALONE =
  /\b(?:one|a single|an only|only one) (?:child|girl|boy|baby|infant|teenager|young person|family|case|death)\b/i;

/** @throws Refusal REQUEST_MALFORMED for nothing, too much, or characters that are not seen */
export function parseWords(text: string, what: 'title' | 'text' = 'text'): string {
  const most = what === 'title' ? LONGEST_TITLE : LONGEST_TEXT;
  const plain = text.normalize('NFC').trim();
  if (!plain || [...plain].length > most || CONTROL.test(plain) || (what === 'title' && /[\n\t]/.test(plain))) {
    throw new Refusal('REQUEST_MALFORMED', {
      expected: `a ${what} of 1 to ${most} characters without control characters`,
    });
  }
  return plain;
}

/** Without any agreement the widest threshold holds: counts of one digit are small. */
export const WIDEST_THRESHOLD = 10;

export interface WordsContext {
  /** Counts from 1 to threshold − 1 are not printed. */
  readonly threshold: number;
  /** Names of places of the region. */
  readonly places: readonly string[];
  /** Names of those whom the issue names: they stand in their own field, which the hub shows when it may. */
  readonly bodies: readonly string[];
}

/** A name as people write it too: Stockton for Stockton-on-Tees, Redcar for Redcar and Cleveland. */
const shortened = (name: string): string[] => {
  const [head] = name.split(/-(?:on|upon)-| upon | and |, /);
  return head && head !== name && head.length > 3 ? [name, head] : [name];
};
const holdsName = (text: string, name: string): boolean =>
  shortened(name).some((one) =>
    new RegExp(`(?<!\\p{L})${one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\p{L})`, 'iu').test(text),
  );

/**
 * What is wrong with a free text. Errors are refused: a person, and the name of a body that has a field of its own. Queries
 * are asked: a count under the threshold beside a place or a group, words of a family. No message repeats the text.
 * @param pointer  where the text stands
 */
export function wordFindings(text: string, { threshold, places, bodies }: WordsContext, pointer: string): Finding[] {
  const findings: Finding[] = [];
  const find = (severity: Finding['severity'], rule: string, message: string) =>
    findings.push({ severity, rule, pointer, message });
  const person = personIn(text);
  if (person)
    find(
      'error',
      'looks-like-a-person',
      `The text holds what looks like ${person}. No child, case or person is discussed here.`,
    );
  if (bodies.some((name) => holdsName(text, name))) {
    find(
      'error',
      'names-a-body',
      'The text names an authority or agency of this issue. Say “the area” or “the agency”: their field shows the names when they may be seen.',
    );
  }
  const sentences = text.split(/(?<=[.!?;:])\s+|\n+/);
  const isSmall = (sentence: string) =>
    ALONE.test(sentence) ||
    (holdsSmallNumber(sentence, threshold) &&
      (GROUP.test(sentence) || places.some((name) => holdsName(sentence, name))));
  if (sentences.some(isSmall)) {
    find(
      'query',
      'small-number',
      `The text holds a number under ${threshold} beside a place or a group. Name the published figure as evidence instead.`,
    );
  }
  if (FAMILY.test(text)) {
    find(
      'query',
      'family-words',
      'The text speaks of a family or of a review. No child, case or review is discussed here.',
    );
  }
  return findings;
}

/** How a text stands: shown, waiting for a second person, or gone. */
export type Wording = 'shown' | 'awaiting' | 'withdrawn';

/**
 * Whether texts may be kept, and whether they wait for a second person.
 * @param confirmed  the author has read the questions and stands by the text
 * @param signOff    an agreement asks for a second person
 * @throws Refusal WORDS_REFUSED | WORDS_QUESTIONED, each with all findings
 */
export function judgeWords(findings: readonly Finding[], confirmed: boolean, signOff: boolean): Wording {
  if (findings.some(({ severity }) => severity === 'error')) throw new Refusal('WORDS_REFUSED', {}, { findings });
  if (findings.length && !confirmed) throw new Refusal('WORDS_QUESTIONED', {}, { findings });
  return findings.length && signOff ? 'awaiting' : 'shown';
}

/**
 * A text that stands beside figures for all who read them: what is asked about elsewhere is refused here, for nobody reads it
 * a second time before it is shown.
 * @throws Refusal REQUEST_MALFORMED | WORDS_REFUSED with all findings
 */
export function parseOpenWords(text: string, places: readonly string[], pointer = '/text'): string {
  const words = parseWords(text);
  const findings = wordFindings(words, { threshold: WIDEST_THRESHOLD, places, bodies: [] }, pointer);
  judgeWords(
    findings.map((one) => ({ ...one, severity: 'error' })),
    false,
    false,
  );
  return words;
}
