import { saidOf } from './said';

const hidden = (...between: number[]) => ({ kind: 'hidden', between }) as const;
const percent = { unit: 'percent', decimals: 0 } as const;

test('counts and percentage, where the denominator is printed', () => {
  expect(saidOf(hidden(1, 11), 489, percent)).toBe('1 to 11 of 489, so 0.2 to 2.2 %');
  expect(saidOf(hidden(1, 14), 456, percent)).toBe('1 to 14 of 456, so 0.2 to 3.1 %');
});

test('counts alone over a base of few, and where it is not printed', () => {
  expect(saidOf(hidden(1, 10), 14, percent)).toBe('1 to 10 of 14');
  expect(saidOf(hidden(1, 10), 29, percent)).toBe('1 to 10 of 29');
  expect(saidOf(hidden(1, 10), 30, percent)).toBe('1 to 10 of 30, so 3.3 to 33.3 %');
  expect(saidOf(hidden(1, 10), null, percent)).toBe('1 to 10');
});

test('a rate names no number of children, an average what it is over', () => {
  expect(saidOf(hidden(1, 9), 20_541, { unit: 'per10000', decimals: 0 })).toBe('1 to 9, so 0.5 to 4.4 per 10,000');
  expect(saidOf(hidden(0.5, 61.5), 40, { unit: 'mean', decimals: 1 })).toBe(
    '0.5 to 61.5 over 40, so 0 to 1.5 on average',
  );
});

test('or more, where the print leaves no end', () => {
  expect(saidOf(hidden(1), 20_541, { unit: 'per10000', decimals: 0 })).toBe('1 or more');
  expect(saidOf(hidden(2), null, percent)).toBe('2 or more');
});

test('nothing beside a printed figure, nor where no interval is shown', () => {
  expect(saidOf({ kind: 'value', between: null }, 100, percent)).toBeNull();
  expect(saidOf({ kind: 'hidden', between: null }, 100, percent)).toBeNull();
});
