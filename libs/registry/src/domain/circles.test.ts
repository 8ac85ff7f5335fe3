import * as fc from 'fast-check';
import { attackersAmong, type Circle } from './circles';

const [A, B, C, D, E] = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005'] as const;
const all: readonly string[] = [A, B, C, D, E];
const circle = (kind: Circle['kind'], authorities: readonly string[], series: string[] | null = null): Circle => ({
  kind,
  authorities,
  series,
});
/** Who knows whole returns of whom, as texts. */
const sets = (circles: readonly Circle[], among: readonly string[] = all) =>
  attackersAmong(circles, among)
    .map(({ authorities }) => authorities.join(' '))
    .sort();

test('without circles nobody is there beside the authorities themselves', () => {
  expect(attackersAmong([], all)).toEqual([]);
});

test('a circle knows what its authorities send, as far as the publication holds any of it', () => {
  expect(sets([circle('declared', [B, A])])).toEqual([`${A} ${B}`]);
  expect(sets([circle('declared', [A, B, C])], [A, C, D])).toEqual([`${A} ${C}`]);
  expect(sets([circle('declared', [A, B])], [A, C])).toEqual([]);
});

test('whoever works for an authority sits in each circle that it is in, and no further', () => {
  const chain = [circle('declared', [A, B]), circle('declared', [B, C]), circle('declared', [C, D])];
  expect(sets(chain)).toEqual([`${A} ${B}`, `${A} ${B} ${C}`, `${B} ${C}`, `${B} ${C} ${D}`, `${C} ${D}`]);
});

test('a person of two authorities knows what the staff of each knows', () => {
  expect(sets([circle('person', [A, B])])).toEqual([`${A} ${B}`]);
  expect(sets([circle('person', [A, B]), circle('declared', [B, C])])).toEqual([`${A} ${B} ${C}`, `${B} ${C}`]);
});

test('two persons who share an authority are two minds', () => {
  expect(sets([circle('person', [A, B]), circle('person', [B, C])])).toEqual([`${A} ${B}`, `${B} ${C}`]);
});

test('those of a circle who sit in no other one attack too', () => {
  const circles = [circle('declared', [A, B]), circle('declared', [A, C]), circle('declared', [B, C])];
  expect(sets(circles)).toEqual([`${A} ${B}`, `${A} ${B} ${C}`, `${A} ${C}`, `${B} ${C}`]);
});

test('an heir has the books of those whose place it has taken, and they have not its own', () => {
  const heirs = [circle('heir', [C, A, B])];
  expect(sets(heirs)).toEqual([`${A} ${B} ${C}`]);
  expect(sets(heirs, [A, B])).toEqual([`${A} ${B}`]);
  expect(sets([...heirs, circle('person', [A, D])])).toContain(`${A} ${D}`);
  expect(sets([...heirs, circle('declared', [C, D])])).toContain(`${A} ${B} ${C} ${D}`);
});

test('a joint return and those whom it covers are one circle', () => {
  expect(sets([circle('joint', [E, A, B])])).toEqual([`${A} ${B} ${E}`]);
});

test('an agency knows its series alone, in one area too', () => {
  const police = ['RF01|source=police#count'];
  expect(attackersAmong([circle('agency', [B, A], police)], [A, C])).toEqual([{ authorities: [A], series: police }]);
  expect(attackersAmong([circle('agency', [B], police)], [A])).toEqual([]);
  // Nobody's colleague learns it from the agency.
  expect(sets([circle('agency', [A, B], police), circle('declared', [B, C])])).toEqual([`${A} ${B}`, `${B} ${C}`]);
});

describe('for any facts', () => {
  const anyCircles = fc.array(
    fc.record({
      kind: fc.constantFrom<Circle['kind']>('declared', 'joint', 'heir', 'person', 'agency'),
      authorities: fc.uniqueArray(fc.constantFrom(...all), { minLength: 2, maxLength: 4 }),
    }),
    { maxLength: 6 },
  );
  const made = (drawn: readonly { kind: Circle['kind']; authorities: string[] }[]) =>
    drawn.map(({ kind, authorities }) => circle(kind, authorities, kind === 'agency' ? ['RF05#count'] : null));
  const anyAmong = fc.uniqueArray(fc.constantFrom(...all));

  test('each circle and each person is among the attackers or knows less than two authorities here', () => {
    fc.assert(
      fc.property(anyCircles, anyAmong, (drawn, among) => {
        const attackers = attackersAmong(made(drawn), among);
        for (const { kind, authorities } of drawn) {
          const here = authorities.filter((one) => among.includes(one));
          if (here.length < (kind === 'agency' ? 1 : 2)) continue;
          expect(attackers.some((one) => here.every((each) => one.authorities.includes(each)))).toBe(true);
        }
        for (const { authorities, series } of attackers) {
          expect(authorities.length).toBeGreaterThan(series ? 0 : 1);
          expect(authorities.every((one) => among.includes(one))).toBe(true);
        }
        expect(new Set(attackers.map((one) => JSON.stringify(one))).size).toBe(attackers.length);
      }),
    );
  });

  test('their order changes nothing', () => {
    fc.assert(
      fc.property(anyCircles, anyAmong, (drawn, among) => {
        expect(attackersAmong(made(drawn).reverse(), among)).toEqual(attackersAmong(made(drawn), among));
      }),
    );
  });
});
