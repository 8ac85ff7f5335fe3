/** Two alphabets in one word look like one: `сhildren` with a Cyrillic first letter is no word that a rule knows. */
const LATIN_ALONE = /^[A-Za-zÆæØøŁłÐðÞþŒœßĐđ]*$/;

/** Nobody sees them, or they act on others: controls, bidirectional marks, tags, what takes no room, what is assigned to nothing. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u;

/** Whether a text holds characters that nobody sees, but newline and tab. */
export const holdsUnseen = (text: string): boolean => UNSEEN.test(text.replace(/[\n\t]/g, ''));

/** Whether a text is one line, and all of it is seen. */
export const isSeenLine = (text: string): boolean => !UNSEEN.test(text);

/**
 * One form for look-alikes, for rules and never for showing: digits of every script and form as 0 to 9, letters without their marks,
 * spaces and dashes of one kind, nothing that takes no room.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{M}]/gu, '')
    .replace(/\p{Nd}/gu, digitOf)
    .replace(/\p{Pd}|−/gu, '-')
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, ' ');

/** Ten digits of a script stand side by side, from zero on. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}

/** Signs of lists, marks and degrees, which people paste. */
const HARMLESS = /[®©°▪▫●○◦■□]/gu;

/** Whether a folded text has letters of another alphabet than English has, or pictures: a rule reads neither. */
export const holdsStrange = (plain: string): boolean =>
  /[\p{So}\p{Co}]/u.test(plain.replace(HARMLESS, '')) || !LATIN_ALONE.test(plain.replace(/\P{L}/gu, ''));
