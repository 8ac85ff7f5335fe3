import { codeOf } from '../../../../test/support/refusal';
import { commentaryInWords, parseCommentary } from './commentary';

const said = (text: string) => ({ period: '2025-Q4', text });

test('every figure has its letter in the text, and every letter its figure', () => {
  expect(parseCommentary(said(' From {b} to {a}, and {a} again. '), 2).text).toBe('From {b} to {a}, and {a} again.');
  expect(parseCommentary(said('Nothing is counted here.'), 0).period.text).toBe('2025-Q4');
});

test.each([
  ['a figure that the text does not name', 'From {a}.', 2],
  ['a letter without a figure', 'From {a} to {b}.', 1],
  ['something else in braces', 'From {a} to {1}.', 1],
  ['a brace alone', 'From {a} to {.', 1],
  ['braces in braces', 'From {{a}}.', 1],
  ['too many', 'abcdefghijklm'.replace(/./g, '{$&} '), 13],
])('refuses %s', (_what, text, figures) => {
  expect(codeOf(() => parseCommentary(said(text), figures))).toBe('COMMENTARY_FIGURES');
});

test('holds the words to what is said beside figures', () => {
  expect(codeOf(() => parseCommentary(said('We know of 3 children in Leeds.'), 0))).toBe('WORDS_REFUSED');
  expect(codeOf(() => parseCommentary(said('Ours is {a} less 5.'), 1))).toBe('WORDS_REFUSED');
  const around = { places: ['Leeds'], bodies: ['York'] };
  expect(codeOf(() => parseCommentary(said('York was late.'), 0, around))).toBe('WORDS_REFUSED');
  expect(codeOf(() => parseCommentary(said('Leeds was late.'), 0, around))).toBeNull();
  expect(codeOf(() => parseCommentary({ period: 'soon', text: 'Nothing.' }, 0))).toBe('PERIOD_MALFORMED');
});

test('a figure reads as it is printed; hidden stays hidden, and what does not stand any more says so', () => {
  const text = 'From {a} to {b}; before {c}, {d}, and $& {e}.';
  expect(
    commentaryInWords(text, [
      { figure: '212', state: 'current' },
      { figure: 'hidden: 1 to 9', state: 'current' },
      { figure: '180', state: 'superseded' },
      { figure: '9', state: 'withdrawn' },
      { figure: null, state: null },
    ]),
  ).toBe('From 212 to hidden: 1 to 9; before 180 [superseded], [withdrawn], and $& [not shown].');
});
