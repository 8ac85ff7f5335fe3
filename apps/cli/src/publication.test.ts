import { verdictOf } from './publication';

const whole = { whole: true, hidden: 3, tables: 2 };
const withdrawal = {
  at: '2026-08-01T09:00:00.000Z',
  because: 'figuresWrong' as const,
  inWords: 'figures are wrong',
  replacedBy: null,
};

test.each([
  ['with a proof', whole, 'holds', undefined],
  ['that hides nothing', { ...whole, hidden: 0, tables: null }, 'holds', undefined],
  ['of which a part is shown', { whole: false, hidden: 3, tables: null }, 'holds', undefined],
  ['that hides figures and has no proof', { ...whole, tables: null }, 'unproved', 1],
])('a publication %s: %s', (_, checked, status, exitCode) => {
  expect(verdictOf(checked)).toMatchObject({ status });
  expect(verdictOf(checked).exitCode).toBe(exitCode);
  expect(verdictOf(checked).remark ?? 'PUBLICATION_UNPROVED: ').toMatch(/^PUBLICATION_UNPROVED: /);
});

test('one that was withdrawn is not used, however well it adds up', () => {
  const standing = { state: 'withdrawn' as const, withdrawal };
  expect(verdictOf(whole, standing)).toEqual({
    status: 'withdrawn',
    exitCode: 1,
    remark: expect.stringMatching(/^PUBLICATION_WITHDRAWN: .*because figures are wrong/) as string,
  });
});
