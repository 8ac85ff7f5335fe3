import { visit } from 'jsonc-parser';

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

/** How deep the deepest object or array of `text` lies, by its brackets outside strings; stops counting past `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
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
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

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
        const whole = INTEGER.test(written);
        const safe = whole ? Number.isSafeInteger(literal) : DECIMAL.test(written) && written.length <= 17;
        if (!safe || written === '-0') throw new NotStrictJson('number', pointerOf(path()));
      } else if (typeof literal === 'string' && LONE_SURROGATE.test(literal)) {
        throw new NotStrictJson('string', pointerOf(path()));
      }
    },
  });
  return value;
}
