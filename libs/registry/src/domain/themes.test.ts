import { loadCatalogue } from './catalogue';
import { themeOf, themes } from './themes';

test('every indicator of the catalogue has a theme, and every theme an indicator', () => {
  const codes = loadCatalogue().datasets.flatMap(({ indicators }) => indicators.map(({ code }) => code));
  expect(codes.filter((code) => themeOf(code) === 'Other')).toEqual([]);
  expect(new Set(codes.map(themeOf))).toEqual(new Set(themes));
  expect(themeOf('ZZ01')).toBe('Other');
});
