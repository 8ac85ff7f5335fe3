import fc from 'fast-check';
import { judgeWords, parseOpenWords, parseWords, wordFindings } from './words';

const context = { threshold: 6, places: ['Hartlepool', 'Stockton-on-Tees'], bodies: ['Cleveland Police'] };
const rules = (text: string) => wordFindings(text, context, '/text').map(({ rule }) => rule);
const codeOf = (work: () => unknown): unknown => {
  try {
    return work() && undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test.each([
  ['Re-referrals have risen for seven quarters.', []],
  ['The front door has changed since April 2025, and 12 of the teams have moved.', []],
  ['Section 47 enquiries rise in Hartlepool: 489 in the quarter.', []],
  ['Three children in Hartlepool were moved.', ['small-number']],
  ['Only 4 girls were seen.', ['small-number']],
  ['In Stockton 2 were missed.', ['small-number']],
  ['It was one child.', ['small-number']],
  ['A single family is behind the change.', ['small-number']],
  ['The siblings were seen together.', ['family-words']],
  ['The mother did not answer.', ['family-words']],
  ['Ask Sarah Henderson about it.', ['looks-like-a-person']],
  ['Ring 01642 123456.', ['looks-like-a-person']],
  ['Cleveland Police answers late.', ['names-a-body']],
  ['Visits are late. Four weeks is the rule.', []],
])('%s', (text, expected) => expect(rules(text)).toEqual(expected));

test('a short form of the name of a body is the name of that body', () => {
  const of = (text: string) =>
    wordFindings(text, { ...context, bodies: ['Stockton-on-Tees'] }, '/text').map(({ rule }) => rule);
  expect(of('Stockton sees it too.')).toEqual(['names-a-body']);
  expect(of('The area sees it too.')).toEqual([]);
});

test('a number under the threshold beside a group is found in digits and in words, wherever it stands', () => {
  const inWords = ['two', 'three', 'four', 'five'];
  const around = fc.constantFrom('', 'In the last quarter, ', 'As the visits show, ');
  const group = fc.constantFrom('children', 'girls', 'babies', 'families', 'young people');
  fc.assert(
    fc.property(around, fc.integer({ min: 2, max: 5 }), fc.boolean(), group, (before, n, spelt, who) => {
      expect(rules(`${before}${spelt ? inWords[n - 2] : n} ${who} were affected.`)).toContain('small-number');
    }),
  );
});

test('no finding repeats the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('q', 'x', 'z', '7'), minLength: 8, maxLength: 12 }), (secret) => {
      const findings = wordFindings(`Two girls, siblings, of Sarah Henderson ${secret}`, context, '/text');
      expect(findings.length).toBe(3);
      expect(JSON.stringify(findings)).not.toContain(secret);
    }),
  );
});

test('errors are refused, queries asked, and confirmed ones wait where an agreement says so', () => {
  const query = wordFindings('Two girls.', context, '/text');
  const error = wordFindings('Two girls, and Sarah Henderson.', context, '/text');
  expect(codeOf(() => judgeWords(error, true, false))).toBe('WORDS_REFUSED');
  expect(codeOf(() => judgeWords(query, false, false))).toBe('WORDS_QUESTIONED');
  expect(judgeWords(query, true, false)).toBe('shown');
  expect(judgeWords(query, true, true)).toBe('awaiting');
  expect(judgeWords([], false, true)).toBe('shown');
});

test.each(['', '   ', 'a\u0000b', 'x'.repeat(2001)])('no text', (text) =>
  expect(codeOf(() => parseWords(text))).toBe('REQUEST_MALFORMED'),
);

test('beside figures nothing that is asked about elsewhere may stand', () => {
  expect(parseOpenWords(' We count a re-referral within six months. ', [])).toBe(
    'We count a re-referral within six months.',
  );
  for (const text of [
    'Three children were moved.',
    'The siblings were seen.',
    'Ask Sarah Henderson.',
    'In Stockton 2 were missed.',
  ]) {
    expect(codeOf(() => parseOpenWords(text, ['Stockton-on-Tees']))).toBe('WORDS_REFUSED');
  }
});
