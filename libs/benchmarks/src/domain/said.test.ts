import type { Indicator } from '@hub/registry/domain';
import type { ShownFigure } from './shown';
import { saidOf, valueInWords } from './said';

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

const indicator = (unit: Indicator['unit'], basis: Indicator['basis'] = 'flow') =>
  ({ unit, basis, decimals: 0 }) as Indicator;
const printed = (more: Partial<ShownFigure>): ShownFigure => ({
  ...{ kind: 'value', count: 1234, of: null, value: 150.1, valueKind: 'value', unit: '', between: null },
  ...more,
});
const limits = { lower: 141.8, upper: 1158.7 };
const quarter = { kind: 'quarter' } as const;

test('the value of a printed count: with its limits, and of how many children of which year a rate is', () => {
  const population = { children: 82_200, year: '2024' };
  expect(valueInWords({ figure: printed({ population }), base: 82_200, limits }, indicator('per10000'), quarter)).toBe(
    '150.1 per 10,000 children in the quarter (95% limits 141.8 to 1,158.7), of 82,200 children, mid-year estimate of 2024',
  );
  expect(
    valueInWords({ figure: printed({}), base: null, limits: null }, indicator('per10000', 'snapshot'), quarter),
  ).toBe('150.1 per 10,000 children');
  expect(valueInWords({ figure: printed({ value: 0 }), base: null, limits: null }, indicator('percent'), quarter)).toBe(
    'under 0.05 %',
  );
  expect(valueInWords({ figure: printed({ value: 25.3 }), base: 4890, limits }, indicator('percent'), quarter)).toBe(
    '25.3 % of 4,890 (95% limits 141.8 to 1,158.7)',
  );
  expect(valueInWords({ figure: printed({ value: 5.2 }), base: 300, limits: null }, indicator('mean'), quarter)).toBe(
    '5.2 on average over 300',
  );
});

test('a printed count without a value says why, one that is not printed nothing', () => {
  const none = (more: Partial<ShownFigure>, unit: Indicator['unit'] = 'percent') =>
    valueInWords({ figure: printed({ value: null, ...more }), base: null, limits: null }, indicator(unit), quarter);
  expect(none({ valueKind: 'hidden' })).toBe('no percentage: what it would be of is hidden');
  expect(none({ valueKind: 'notAvailable' }, 'per10000')).toBe('no rate: what it would be of is not available');
  expect(none({ kind: 'hidden', count: null, valueKind: 'hidden' })).toBeNull();
});
