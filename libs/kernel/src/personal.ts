import { givenNames, notFamilyNames } from './given-names';
import { folded } from './plain';

/**
 * Patterns of what identifies a person. The hub takes counts: a text that holds one is refused, and not repeated. They
 * lean to refusing: a full date in an explanation is taken for a date of birth, ten digits for an NHS number, a given name with a
 * word like a family name behind it for a person.
 */
const patterns: readonly (readonly [kind: string, form: RegExp])[] = [
  ['an e-mail address', /(?<![^\s@<>()])[^\s@<>()]+@[^\s@<>().]+\.[^\s@<>()]/u],
  ['a unique pupil number', /\b[A-Z]\d{11}[0-9A-Z]\b/i],
  ['a National Insurance number', /\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/i],
  ['a telephone number', /(?:\+44|(?<!\d)0)(?:[ ().-]*\d){9,10}(?!\d)/],
  ['an NHS number', /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/],
  [
    'a number of a case',
    /\b(?:case|child|client|person|pupil|patient|mosaic|liquidlogic|lcs|nhs|upn|uln)(?: ?(?:id|no|number|ref|reference))?[ :.#]*(?!20\d\d\b)[A-Z]{0,3}\d{4,}\b/i,
  ],
  ['the name of a person', /\b(?:Mr|Mrs|Ms|Miss|Mx|Master|Dr|Prof|Rev|Sgt|DC|PC)\.? [A-Z][\p{Ll}'-]+/u],
  [
    'the name of a person',
    /\b(?:named|called|known as|name is|name was|surname|forename) (?:[A-Z][\p{Ll}'-]+|[A-Z]\.? ?[A-Z]\b)/u,
  ],
  [
    'initials of a person',
    /\b(?:[Cc]hild|[Bb]oy|[Gg]irl|[Bb]aby|[Mm]other|[Ff]ather|[Ss]ibling) (?:[A-Z]\.[A-Z]?\.?|[A-Z]{2}\b(?<!\b(?:AS|CN|CP|EH|FD|LA|RF|SF|SV|WF|CL|IN|IT|OF|ON|TO|NO|OR)))/,
  ],
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
  const plain = folded(text);
  const found = patterns.find(([, form]) => form.test(plain))?.[0];
  if (found !== undefined) return found;
  if (hasChecked(plain, /(?<!\d)(?:\d[ -]?){9}\d(?!\d)/g, isNhsNumber)) return 'an NHS number';
  if (hasChecked(plain, /(?<![A-Z\d])[A-Z][ -]?(?:\d[ -]?){12}(?!\d)/gi, isUpn)) return 'a unique pupil number';
  return hasFullName(plain) ? 'the name of a person' : undefined;
}

/** Whether something of that form, however its digits are grouped, has the right check digit. */
const hasChecked = (text: string, form: RegExp, holds: (digits: string) => boolean): boolean =>
  [...text.matchAll(form)].some(([match]) => holds(match.replace(/[ -]/g, '').toUpperCase()));

/** Weights 10 to 2, modulo 11. Source: NHS Data Model and Dictionary, NHS NUMBER. */
export function isNhsNumber(digits: string): boolean {
  const sum = [...digits.slice(0, 9)].reduce((total, digit, i) => total + Number(digit) * (10 - i), 0);
  const check = 11 - (sum % 11);
  return check !== 10 && Number(digits[9]) === check % 11;
}

/** Weights 2 to 13 and a check letter, modulo 23. Source: Department for Education, Unique pupil numbers. */
export function isUpn(text: string): boolean {
  const sum = [...text.slice(1)].reduce((total, digit, i) => total + Number(digit) * (i + 2), 0);
  return text[0] === 'ABCDEFGHJKLMNPQRTUVWXYZ'[sum % 23];
}

/** A given name with a family name behind it, or before it with a comma between. */
function hasFullName(text: string): boolean {
  const words = text.match(/[\p{L}'-]+[,;.]?/gu) ?? [];
  return words.some((word, i) => {
    const [name, behind] = [word, words[i + 1] ?? ''].map((one) =>
      one.replace(/^[^\p{L}]+|(?<=\p{L})[^\p{L}]+$/gu, ''),
    ) as [string, string];
    if (givenNames.has(name) && name.length === word.length) return isFamilyName(behind);
    return word.endsWith(',') && isFamilyName(name) && !givenNames.has(name) && givenNames.has(behind);
  });
}
const isFamilyName = (word: string): boolean => /^\p{Lu}[\p{L}'-]*\p{Ll}$/u.test(word) && !notFamilyNames.has(word);
