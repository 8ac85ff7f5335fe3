import { evidenceInWords } from './evidence';

const shown = {
  name: 'Referrals',
  whose: 'Hartlepool',
  coverage: null,
  period: '2025-Q1',
  figure: '1,234',
  value: null,
};

test('a figure stands with its period in words, what is made of it, and who stands in a region’s', () => {
  expect(evidenceInWords(shown)).toBe('Referrals, Hartlepool, April to June 2025 (2025-Q1): 1,234');
  expect(evidenceInWords({ ...shown, value: '150.1 per 10,000 children' })).toBe(
    'Referrals, Hartlepool, April to June 2025 (2025-Q1): 1,234; 150.1 per 10,000 children',
  );
  expect(evidenceInWords({ ...shown, whose: 'the region', coverage: '11 of 12' })).toBe(
    'Referrals, the region (11 of 12), April to June 2025 (2025-Q1): 1,234',
  );
});

test('what is not shown says so, and no period', () =>
  expect(evidenceInWords({ ...shown, period: null, figure: null })).toBe('Referrals, Hartlepool: not shown to you'));
