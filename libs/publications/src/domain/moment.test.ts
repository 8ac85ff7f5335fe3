import fc from 'fast-check';
import { momentOf } from './moment';

const step = 600_000;
const set = new Date('2026-11-06T09:30:00.000Z');
const after = (ms: number) => new Date(set.getTime() + ms);

test('whatever a compile takes of the time it is given, it appears at the moment that was set', () => {
  fc.assert(fc.property(fc.integer({ min: -step, max: 0 }), (ms) => momentOf(set, after(ms), step) === set));
});

test('one that was not ready appears whole steps later, the first at which it is', () => {
  expect([1, step - 1, step, step + 1].map((ms) => momentOf(set, after(ms), step).getTime() - set.getTime())).toEqual([
    step,
    step,
    step,
    2 * step,
  ]);
});

test('without a step it appears when it is ready', () => {
  expect([-5, 0, 7].map((ms) => momentOf(set, after(ms), 0))).toEqual([set, set, after(7)]);
});
