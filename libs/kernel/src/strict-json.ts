/** Why a text is not strict JSON, and where. Holds no part of the text but the names on the way to the place. */
export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson';
  constructor(
    readonly reason: 'syntax' | 'encoding' | 'depth' | 'duplicateKey' | 'number' | 'string',
    readonly pointer = '',
  ) {
    super(`not strict JSON: ${reason}`);
  }
}

/** A JSON pointer (RFC 6901) from the steps of a path. */
export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The place of the quote that ends the string which begins at `start`; the text's end when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

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

const INTEGER = /^-?(0|[1-9]\d*)$/;
/** Plain decimals: no exponent, and no zero at the end of a fraction, so that one number has one text. */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses JSON that has only one reading: UTF-8, no duplicate keys, bounded depth, numbers judged by their text
 * (`1e2`, `1.0`, `-0` and integers beyond 2^53 are refused), no lone surrogates.
 * @param input     bytes as received, or text
 * @param maxDepth  how many objects and arrays may lie inside one another
 * @throws NotStrictJson
 */
export function parseStrictJson(input: Uint8Array | string, maxDepth = 32): unknown {
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
    throw new NotStrictJson('syntax');
  }
  assertOneReading(text);
  return value;
}

const NUMBER = /[-+.\deE]+/y;

/**
 * What JSON.parse lets pass: duplicate keys, numbers in another form than their one, lone surrogates.
 * @param text  JSON; so only its tokens need be looked at
 * @throws NotStrictJson
 */
function assertOneReading(text: string): void {
  /** For each container around the place: the names so far, or null for an array; and the step that leads further in. */
  const names: (Set<string> | null)[] = [];
  const path: (string | number)[] = [];
  let nameIsNext = false;
  for (let i = 0; i < text.length; i++) {
    const top = path.length - 1;
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
        names.push(new Set());
        path.push('');
        nameIsNext = true;
        break;
      case 0x5b: // [
        names.push(null);
        path.push(0);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        names.pop();
        path.pop();
        nameIsNext = false;
        break;
      case 0x2c: // ,
        if (names[top]) nameIsNext = true;
        else path[top] = (path[top] as number) + 1;
        break;
      case 0x22: {
        const end = endOfString(text, i);
        const plain = text.slice(i + 1, end);
        const said = plain.includes('\\') ? (JSON.parse(text.slice(i, end + 1)) as string) : plain;
        i = end;
        if (nameIsNext) {
          nameIsNext = false;
          const seen = names[top]!;
          const around = path.slice(0, top);
          if (seen.has(said)) throw new NotStrictJson('duplicateKey', pointerOf([...around, said]));
          if (LONE_SURROGATE.test(said)) throw new NotStrictJson('string', pointerOf(around));
          seen.add(said);
          path[top] = said;
        } else if (LONE_SURROGATE.test(said)) throw new NotStrictJson('string', pointerOf(path));
        break;
      }
      case 0x2d: // - and the digits
      case 0x30:
      case 0x31:
      case 0x32:
      case 0x33:
      case 0x34: // prettier-ignore
      case 0x35:
      case 0x36:
      case 0x37:
      case 0x38:
      case 0x39: {
        // prettier-ignore
        NUMBER.lastIndex = i;
        const [written] = NUMBER.exec(text)!;
        i += written.length - 1;
        const safe = INTEGER.test(written)
          ? Number.isSafeInteger(Number(written))
          : DECIMAL.test(written) && written.length <= 17;
        if (!safe || written === '-0') throw new NotStrictJson('number', pointerOf(path));
      }
    }
  }
}
