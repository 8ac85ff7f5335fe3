/** Two alphabets in one word look like one: `сhildren` with a Cyrillic first letter is no word that a rule knows. */
const LATIN_ALONE = /^[A-Za-zÆæØøŁłÐðÞþŒœßĐđ]*$/;

/**
 * Whether a text holds characters that nobody sees or that act on others: controls but newline and tab, bidirectional marks, tags,
 * what takes no room, what is assigned to nothing.
 */
export const holdsUnseen = (text: string): boolean =>
  /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u.test(text.replace(/[\n\t]/g, ''));

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
