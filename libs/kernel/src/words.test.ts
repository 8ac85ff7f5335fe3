import fc from 'fast-check';
import type { Finding, Refusal } from './refusal';
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

test.each([
  '３ children',
  '③ girls',
  '³ girls',
  '٣ girls',
  'girls: 3',
  'girls-3',
  '4-5 girls',
  '3/4 girls',
  '2:girls',
  '£3 girls',
  '4.0 girls',
  '004 girls',
  '4girls',
])('a number that looks otherwise is one: %s', (text) => expect(rules(`It was ${text}.`)).toEqual(['small-number']));

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

test.each([
  ...['', '   ', 'a\u0000b', 'x'.repeat(2001)],
  ...[
    'a\u202eb',
    'a\u2067b',
    'a\u200bb',
    'a\ufeffb',
    'a\u{e0041}b',
    'a\uffffb',
    'a\u2028b',
    'a\u0085b',
    'a\u00adb',
    'a\ud800b',
    'a\u3164b',
  ],
])('no text: %j', (text) => expect(codeOf(() => parseWords(text))).toBe('REQUEST_MALFORMED'));

describe('beside figures', () => {
  const around = {
    places: ['Hartlepool'],
    bodies: ['Stockton-on-Tees', 'Redcar and Cleveland', 'County Durham', 'Reading'],
  };
  const findingsOf = (text: string): readonly Finding[] => {
    try {
      parseOpenWords(text, around);
      return [];
    } catch (error) {
      expect((error as Refusal).code).toBe('WORDS_REFUSED');
      return (error as Refusal).more.findings!;
    }
  };
  const rulesOf = (text: string) => findingsOf(text).map(({ rule }) => rule);
  test.each([
    [' We count a re-referral within six months. ', []],
    ['Hartlepool counts contacts as the front door does.', []],
    ['The reading of a record is counted.', []],
    ['Three children were moved.', ['states-a-figure']],
    ['Ours is 24 after the move.', ['states-a-figure']],
    ['Ours is {a} less 5.', ['states-a-figure']],
    ['The siblings were seen.', ['family-words']],
    ['Ask Sarah Henderson.', ['looks-like-a-person']],
    ['Stockton’s return was late because its data officer was dismissed.', ['names-a-body']],
    ['The return of cleveland was late.', ['names-a-body']],
    ['Durham was late.', ['names-a-body']],
    ['Reading was late.', ['names-a-body']],
    ['The Tees Safeguarding Children Partnership was late.', ['names-a-body']],
    ['сhildren moved', ['other-letters']],
    ['Ours is 🔟.', ['other-letters']],
    ['три', ['other-letters']],
  ])('%s', (text, expected) => expect(rulesOf(text)).toEqual(expected));

  test('a city is not the region around it, nor the own board another one', () => {
    const of = { places: ['Camden'], bodies: ['City of London'] };
    const text = 'We follow the London procedures. Our Safeguarding Partnership changed the form.';
    expect(parseOpenWords(text, of)).toBe(text);
    expect(codeOf(() => parseOpenWords('The City of London counts late.', of))).toBe('WORDS_REFUSED');
  });

  test('a name within the own one is the own one', () => {
    const of = { places: ['South Gloucestershire'], bodies: ['Gloucestershire'] };
    expect(parseOpenWords('South Gloucestershire counts late.', of)).toBe('South Gloucestershire counts late.');
    expect(codeOf(() => parseOpenWords('Gloucestershire counts late.', of))).toBe('WORDS_REFUSED');
  });
  test('it is told where the figure stands, and what to do', () => {
    const [finding] = findingsOf('It rose to 24.');
    expect(finding).toMatchObject({
      severity: 'error',
      pointer: '/text',
      message: expect.stringMatching(/word 4.*not how much.*\{a\}.*--figures/) as string,
    });
    expect(JSON.stringify(finding)).not.toContain('24');
  });
});
