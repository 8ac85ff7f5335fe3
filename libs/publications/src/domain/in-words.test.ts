import { figureInWords } from './in-words';

test('a figure reads as its publication shows it, and a hidden one holds no number of its own', () => {
  expect(figureInWords(212, undefined, 0)).toBe('212');
  expect(figureInWords(15005, undefined, 1)).toBe('1,500.5');
  expect(figureInWords('hidden', [1, 9], 0)).toBe('hidden: 1 to 9');
  expect(figureInWords('hidden', [1, null], 0)).toBe('hidden: 1 or more');
  expect(figureInWords('hidden', undefined, 0)).toBe('hidden');
  expect(figureInWords('notSubmitted', undefined, 0)).toBe('not submitted');
});
