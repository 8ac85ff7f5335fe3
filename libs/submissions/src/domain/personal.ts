import { Refusal } from '@hub/kernel';
import { parseReason } from '@hub/identity/domain';

/**
 * Patterns of what identifies a person. The hub takes counts: a text that holds one is refused, and not repeated. They
 * lean to refusing: a full date in an explanation is taken for a date of birth, ten digits for an NHS number.
 */
const patterns: readonly (readonly [kind: string, form: RegExp])[] = [
  ['an e-mail address', /[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+/u],
  ['a unique pupil number', /\b[A-Z]\d{11}[0-9A-Z]\b/i],
  ['a National Insurance number', /\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/i],
  ['a telephone number', /(?:\+44|(?<!\d)0)(?:[ ().-]*\d){9,10}(?!\d)/],
  ['an NHS number', /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/],
  ['a postcode', /\b[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? *\d[ABD-HJLNP-UW-Z]{2}\b/i],
  ['a date of birth', /\bd\.?o\.?b\b|\bdate of birth\b/i],
  ['a date of birth', /(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)/],
  ['a date of birth', /(?<!\d)\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d)/],
  [
    'a date of birth',
    /(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,? \d{4}(?!\d)/i,
  ],
  [
    'a date of birth',
    /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?!\d)/i,
  ],
];

/** What in the text looks like a person, in words that repeat nothing of it; undefined when nothing does. */
export function personIn(text: string): string | undefined {
  // One form for look-alikes: full-width digits, spaces of every kind, characters that take no room.
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}]/gu, '-')
    .replace(/\s+/g, ' ');
  return patterns.find(([, form]) => form.test(plain))?.[0];
}

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
