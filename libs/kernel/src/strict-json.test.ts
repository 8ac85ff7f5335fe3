import * as fc from 'fast-check';
import { visit } from 'jsonc-parser';
import { NotStrictJson, parseStrictJson, pointerOf } from './strict-json';

/** The same promise by another parser's events: slower, and written by others. */
function faultOf(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return 'syntax ';
  }
  const lone = (said: string) => !(said as unknown as { isWellFormed(): boolean }).isWellFormed();
  let fault: string | null = null;
  const first = (reason: string, path: readonly (string | number)[]) => (fault ??= `${reason} ${pointerOf(path)}`);
  const names: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void names.push(new Set()),
    onObjectEnd: () => void names.pop(),
    onObjectProperty: (name, _offset, _length, _line, _character, path) => {
      if (names.at(-1)!.has(name)) first('duplicateKey', [...path(), name]);
      else if (lone(name)) first('string', path());
      names.at(-1)!.add(name);
    },
    onLiteralValue: (value: unknown, offset, length, _line, _character, path) => {
      const written = text.slice(offset, offset + length);
      if (typeof value === 'string' && lone(value)) first('string', path());
      if (typeof value !== 'number') return;
      const whole = /^-?\d+$/.test(written);
      const one = whole
        ? Number.isSafeInteger(value) && written !== '-0'
        : /^-?\d+\.\d*[1-9]$/.test(written) && length <= 17;
      if (!one) first('number', path());
    },
  });
  return fault;
}

const read = (text: string): string | null => {
  try {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    return null;
  } catch (error) {
    if (error instanceof NotStrictJson) return `${error.reason} ${error.pointer}`;
    throw error;
  }
};

const numbers = [
  '0',
  '-0',
  '1',
  '12',
  '1.50',
  '1.5',
  '1e3',
  '-3',
  '9007199254740991',
  '9007199254740992',
  '123456789.12345678',
];
const strings = ['"a"', '"b"', '"\\u0061"', '"\\ud800"', '"\\udc00x"', '"\\ud83d\\ude00"', '"\\\\"', '"\\\\\\""', '"a/b~"', '"__proto__"', '"}{"', '"\ud800"']; // prettier-ignore
const { json } = fc.letrec<{ json: string }>((tie) => {
  const inner = tie('json');
  const text = fc.constantFrom(...strings);
  const object = fc.array(fc.tuple(text, inner), { maxLength: 4 });
  return {
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...numbers, 'true', 'null'),
      text,
      object.map((members) => `{${members.map(([name, value]) => `${name} : ${value}`).join(' ,')}}`),
      fc.array(inner, { maxLength: 4 }).map((items) => `[ ${items.join(', ')}]`),
    ),
  };
});

test('reads what another parser reads, and names the same first fault', () => {
  fc.assert(
    fc.property(json, (text) => expect(read(text)).toBe(faultOf(text))),
    { numRuns: 2_000 },
  );
});

test('fragments that are hardly ever JSON are refused alike', () => {
  const fragment = fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', '-', ...numbers.slice(0, 4), ...strings);
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 10 }), (parts) =>
      expect(read(parts.join(''))).toBe(faultOf(parts.join(''))),
    ),
    { numRuns: 2_000 },
  );
});
