import { figureIn, holdsGroup, holdsNumberInWords, holdsSmallNumber } from './figures';
import { personIn } from './personal';
import { folded, holdsStrange, holdsUnseen, isSeenLine } from './plain';
import { Refusal, type Finding } from './refusal';

const LONGEST_TITLE = 120;
const LONGEST_TEXT = 2000;

/** Words of one family, and of what belongs before a court or a review: such a text is about somebody. */
const FAMILY =
  /\b(?:siblings?|brothers?|sisters?|twins?|triplets?|half-(?:brothers?|sisters?)|step(?:mother|father|brother|sister)s?|mum|mother|dad|father|grand(?:mother|father|parent)s?|aunt|uncle|cousins?|serious case review|child safeguarding practice review|inquest)\b/i;

/** @throws Refusal REQUEST_MALFORMED for nothing, too much, or characters that are not seen */
export function parseWords(text: string, what: 'title' | 'text' = 'text'): string {
  const most = what === 'title' ? LONGEST_TITLE : LONGEST_TEXT;
  const plain = text.normalize('NFC').trim();
  const isPlain = what === 'title' ? isSeenLine(plain) : !holdsUnseen(plain);
  if (!plain || [...plain].length > most || !isPlain) {
    throw new Refusal('REQUEST_MALFORMED', {
      expected: `a ${what} of 1 to ${most} characters, without control characters and those that nobody sees`,
    });
  }
  return plain;
}

/** Without any agreement the widest threshold holds: counts of one digit are small. */
export const WIDEST_THRESHOLD = 10;

export interface WordsContext {
  /** Counts from 1 to threshold − 1 are not printed; null: the text stands beside figures, and may state none at all. */
  readonly threshold: number | null;
  /** Names of places of the region. */
  readonly places: readonly string[];
  /** Names of those whom the issue names: they stand in their own field, which the hub shows when it may. */
  readonly bodies: readonly string[];
}

export type WordsAround = Pick<WordsContext, 'places' | 'bodies'>;

/** Names that are words too: in small letters they name nobody. */
const WORDS_TOO = /^(?:Reading|Bury|Bath|Slough|Barking|Hove)$/;
/** A name as people write it too: Stockton for Stockton-on-Tees, Durham for County Durham, Cleveland for Redcar and Cleveland. */
const shortened = (name: string): string[] =>
  [name, ...name.replace(/^County /, '').split(/, | \/ | and /)]
    .flatMap((one) => [one, one.split(/-(?:on|upon)-| upon /)[0]!])
    .filter((one) => one.length > 3 && !/^(?:City|County) of$/.test(one))
    .map(folded);
/** Which of some names a text holds: of two that begin or end alike it is the longer one. */
function namesIn(text: string, names: readonly string[]): string[] {
  const forms = names.flatMap((name) => shortened(name).map((form) => ({ form, name })));
  forms.sort((a, b) => b.form.length - a.form.length);
  if (!forms.length) return [];
  const escaped = [...new Set(forms.map(({ form }) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
  const found = folded(text).match(new RegExp(`(?<!\\p{L})(?:${escaped.join('|')})(?!\\p{L})`, 'giu')) ?? [];
  return forms
    .filter(({ form }) =>
      found.some((one) => (WORDS_TOO.test(form) ? one === form : one.toLowerCase() === form.toLowerCase())),
    )
    .map(({ name }) => name);
}

/** A board says whose it is before what it is. */
const BOARD =
  /(?<![\p{L}-])(?!(?:Our|The|A|This|That|Their|Your|Its|Local|Old|New) )\p{Lu}[\p{L}-]{0,40} Safeguarding (?:Children|Partnership|Board)/u;

/**
 * What is wrong with a free text. Errors are refused: a person, the name of a body that has a field of its own, letters that only
 * look like ours, and where no figure may stand, any. Queries are asked: a count under the threshold beside a place or a group,
 * words of a family. No message repeats the text.
 * @param pointer  where the text stands
 */
export function wordFindings(text: string, { threshold, places, bodies }: WordsContext, pointer: string): Finding[] {
  const findings: Finding[] = [];
  const find = (severity: Finding['severity'], rule: string, message: string) =>
    findings.push({ severity, rule, pointer, message });
  const plain = folded(text);
  const person = personIn(text);
  if (person)
    find(
      'error',
      'looks-like-a-person',
      `The text holds what looks like ${person}. No child, case or person is discussed here.`,
    );
  if (holdsStrange(plain))
    find(
      'error',
      'other-letters',
      'The text holds letters of another alphabet, or pictures. Write it in English letters.',
    );
  const named = namesIn(text, [...places, ...bodies]);
  if (bodies.some((name) => named.includes(name)) || (threshold === null && bodies.length && BOARD.test(text))) {
    find(
      'error',
      'names-a-body',
      threshold === null
        ? 'The text names another authority, or a board. It is about your own figures: say what changed with you.'
        : 'The text names an authority or agency of this issue. Say “the area” or “the agency”: their field shows the names when they may be seen.',
    );
  }
  if (threshold === null) {
    const word = figureIn(text);
    if (word !== undefined)
      find(
        'error',
        'states-a-figure',
        `The text states a figure, in digits or words (word ${word}). Say what changed, not how much; a commentary names a printed figure: {a} in its text, and which one in --figures.`,
      );
  } else {
    const isSmall = (sentence: string) =>
      holdsNumberInWords(sentence) ||
      (holdsSmallNumber(sentence, threshold) && (holdsGroup(sentence) || namesIn(sentence, places).length > 0));
    if (text.split(/(?<=[.!?])\s+|\n+/).some(isSmall))
      find(
        'query',
        'small-number',
        `The text holds a number under ${threshold} beside a place or a group. Name the published figure as evidence instead.`,
      );
  }
  if (FAMILY.test(plain)) {
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
 * A text that stands beside figures for all who read them. It states no figure: one that is hidden could be worked out from it, or
 * be it. What is asked about elsewhere is refused here, for nobody reads it a second time before it is shown.
 * @param around  whose words they are (`places`), and of whom they must not speak (`bodies`)
 * @throws Refusal REQUEST_MALFORMED | WORDS_REFUSED with all findings
 */
export function parseOpenWords(
  text: string,
  around: WordsAround = { places: [], bodies: [] },
  pointer = '/text',
): string {
  const words = parseWords(text);
  const findings = wordFindings(words, { threshold: null, ...around }, pointer);
  judgeWords(
    findings.map((one) => ({ ...one, severity: 'error' })),
    false,
    false,
  );
  return words;
}
