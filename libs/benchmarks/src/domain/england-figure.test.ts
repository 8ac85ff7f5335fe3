import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { loadCatalogue, loadEngland } from '@hub/registry/domain';
import { englandOf } from './england-figure';

const england = loadEngland();
const annual = loadCatalogue().datasets.find(({ code }) => code === 'safeguarding-annual')!;
const of = (code: string, categories: Record<string, string> = {}, period = '2024-FY') =>
  englandOf(
    england,
    annual.indicators.find((one) => one.code === code)!,
    categories,
    period,
  );

test('England’s figures are those that the Department prints', () => {
  // Rates and shares as the published tables of 2025 give them: referrals 22.6 % again, second plans 24.5 %, two years 2.3 %.
  expect([of('RF02')!.value, of('CP03')!.value, of('CP04')!.value]).toEqual([22.6, 24.5, 2.3]);
  expect(of('LA01')).toMatchObject({ count: 81_770, value: 67.1 });
  expect(of('RF01')!.text).toContain('made of counts that are published rounded to 10; not collected by the hub');
});

test('there is one of totals of published years alone', () => {
  expect(of('CP01', { duration: '2-years-or-more' })).toBeNull();
  expect(of('RF01', {}, '2025-FY')).toBeNull();
  expect(of('CP07')).toBeNull();
});

test('every figure is a part of what it is divided by, of an indicator that there is, with its source, and rounded to 10 as is said of it', () => {
  const known = new Map(annual.indicators.map((one) => [one.code, one]));
  for (const { indicator, count, of: base } of england.figures) {
    expect(known.has(indicator)).toBe(true);
    expect(Number.isInteger(count) && count > 0 && count <= base).toBe(true);
    expect([indicator, count % 10]).toEqual([indicator, 0]);
  }
  const text = readFileSync(join(contractsFolder, 'registry/england-figures.json'), 'utf8');
  expect(england.sources.every(({ commit, sha256 }) => /^[0-9a-f]{40}$/.test(commit) && text.includes(sha256))).toBe(
    true,
  );
});
