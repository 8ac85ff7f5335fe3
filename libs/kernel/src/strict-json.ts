import { visit } from 'jsonc-parser';

/** Why a text is not strict JSON, and where. Holds no part of the text but the names on the way to the place. */
export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson';
  constructor(
    readonly reason: 'syntax' | 'byteOrderMark' | 'encoding' | 'depth' | 'duplicateKey' | 'number' | 'string',
    readonly pointer = '',
    /** Where the text stops being JSON, both from 1; for `syntax` alone. */
    readonly place?: { readonly line: number; readonly column: number },
  ) {
    super(`not strict JSON: ${reason}`);
  }
}

/** A JSON pointer (RFC 6901) from the steps of a path. */
export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** How deep the deepest object or array of `text` lies, by its brackets outside strings; stops counting past `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = endOfString(text, i);
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (c === 0x5d || c === 0x7d) depth--;
  }
  return deepest;
}

/** Where the string ends that begins there; behind the text where it does not. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end > 0 && text.charCodeAt(end - 1) === 0x5c && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether the sign there is escaped: an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === 0x5c) before--;
  return (at - before) % 2 === 1;
}

const INTEGER = /^-?(0|[1-9]\d*)$/;
/** Plain decimals: no exponent, and no zero at the end of a fraction, so that one number has one text. */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function isOneNumber(written: string): boolean {
  if (written === '-0') return false;
  return INTEGER.test(written) ? Number.isSafeInteger(Number(written)) : DECIMAL.test(written) && written.length <= 17;
}

/** However a program writes it (`1.0`, `1e-05`), as long as a double holds it: for what is neither signed nor hashed. */
export function isAnyNumber(written: string): boolean {
  const value = Number(written);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** Half of a pair, by itself or written as an escape. */
const SURROGATE = /[\uD800-\uDFFF]|\\u[dD]/;
const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
/** A digit, or one of `+-.Ee`. */
const isOfNumber = (c: number): boolean =>
  isDigit(c) || c === 0x2b || c === 0x2d || c === 0x2e || c === 0x45 || c === 0x65;

/**
 * Whether a text that JSON.parse has taken surely has only one reading: told by one look at its signs, which takes a return of
 * thousands of values half the time that `judge` takes, who knows the place of each. Where this is not sure, `judge` says.
 */
export function surelyHasOneReading(text: string, isNumber = isOneNumber): boolean {
  if (SURROGATE.test(text)) return false;
  // The names so far of each object that is open; null for an array.
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      const from = i + 1;
      i = endOfString(text, i);
      if (!isName) continue;
      const name = text.slice(from, i);
      const names = open.at(-1)!;
      if (names.has(name) || name.includes('\\')) return false;
      names.add(name);
    } else if (c === 0x3a) isName = false;
    else if (c === 0x2c) isName = open.at(-1) !== null;
    else if (c === 0x7b) {
      open.push(new Set());
      isName = true;
    } else if (c === 0x5b) {
      open.push(null);
      isName = false;
    } else if (c === 0x7d || c === 0x5d) open.pop();
    else if (c === 0x2d || isDigit(c)) {
      const from = i;
      while (isOfNumber(text.charCodeAt(i + 1))) i++;
      if (!isNumber(text.slice(from, i + 1))) return false;
    }
  }
  return true;
}

/**
 * Says where a text stops being JSON, in numbers alone, for the text may hold anything. It ends at the first fault: behind it
 * nobody has counted how deep the text goes.
 * @throws NotStrictJson always
 */
function refuseSyntax(text: string): never {
  if (text.startsWith('\uFEFF')) throw new NotStrictJson('byteOrderMark');
  const onError = (_code: unknown, _offset: number, _length: number, line: number, column: number) => {
    throw new NotStrictJson('syntax', '', { line: line + 1, column: column + 1 });
  };
  visit(text, { onError }, { disallowComments: true });
  throw new NotStrictJson('syntax');
}

/**
 * Parses JSON that has only one reading: UTF-8, no duplicate keys, bounded depth, numbers judged by their text
 * (`1e2`, `1.0`, `-0` and integers beyond 2^53 are refused), no lone surrogates.
 * @param input     bytes as received, or text
 * @param maxDepth  how many objects and arrays may lie inside one another
 * @param isNumber  whether a number may be written so
 * @throws NotStrictJson
 */
export function parseStrictJson(input: Uint8Array | string, maxDepth = 32, isNumber = isOneNumber): unknown {
  let text: string;
  try {
    text = typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw new NotStrictJson('encoding');
  }
  if (depthOf(text, maxDepth) > maxDepth) throw new NotStrictJson('depth');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuseSyntax(text);
  }
  if (!surelyHasOneReading(text, isNumber)) judge(text, isNumber);
  return value;
}

/**
 * Holds every name and value of a text that JSON.parse has taken against the rules of one reading.
 * @throws NotStrictJson with the place
 */
export function judge(text: string, isNumber = isOneNumber): void {
  const keys: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      keys.push(new Set());
    },
    onObjectEnd: () => {
      keys.pop();
    },
    onObjectProperty: (name, _offset, _length, _line, _character, path) => {
      const seen = keys[keys.length - 1]!;
      if (seen.has(name)) throw new NotStrictJson('duplicateKey', pointerOf([...path(), name]));
      if (LONE_SURROGATE.test(name)) throw new NotStrictJson('string', pointerOf(path()));
      seen.add(name);
    },
    onLiteralValue: (literal, offset, length, _line, _character, path) => {
      if (typeof literal === 'number') {
        const written = text.slice(offset, offset + length);
        if (!isNumber(written)) throw new NotStrictJson('number', pointerOf(path()));
      } else if (typeof literal === 'string' && LONE_SURROGATE.test(literal)) {
        throw new NotStrictJson('string', pointerOf(path()));
      }
    },
  });
}
