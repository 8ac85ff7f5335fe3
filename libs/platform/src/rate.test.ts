import * as fc from 'fast-check';
import { Rate } from './rate';

const start = Date.parse('2025-07-31T09:00:00Z');
function aRate(perMinute: number) {
  let at = start;
  const rate = new Rate(perMinute, { now: () => new Date(at) });
  return {
    take: (who = 'E06000001', many = 1) => rate.take(who, many),
    pass: (seconds: number) => void (at += seconds * 1000),
  };
}

test('a minute’s worth goes at once, and then one comes back at a time', () => {
  const { take, pass } = aRate(30);
  expect(Array.from({ length: 30 }, () => take())).toEqual(Array(30).fill(0));
  expect([take(), take()]).toEqual([2, 2]);
  pass(2);
  expect([take(), take()]).toEqual([0, 2]);
  pass(3600);
  expect(Array.from({ length: 31 }, () => take())).toEqual([...Array<number>(30).fill(0), 2]);
});

test('one does not wait for another, and a clock that is put back gives nothing', () => {
  const { take, pass } = aRate(1);
  expect([take('a'), take('a'), take('b')]).toEqual([0, 60, 0]);
  pass(-3600);
  expect(take('a')).toBe(60);
});

test('who waits as long as is said gets one, and never more than two minutes’ worth within one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.array(fc.nat(2000), { maxLength: 200 }), (perMinute, waits) => {
      const { take, pass } = aRate(perMinute);
      let [elapsed, given] = [0, 0];
      for (const wait of waits) {
        pass(wait / 1000);
        elapsed += wait / 1000;
        const seconds = take();
        if (seconds === 0) given++;
        else {
          pass(seconds);
          elapsed += seconds;
          expect(take()).toBe(0);
          given++;
        }
      }
      expect(given).toBeLessThanOrEqual(perMinute + (elapsed * perMinute) / 60 + 1e-6);
    }),
  );
});

test('who takes many waits until so many are back, and takes none meanwhile; more than a minute has is a whole minute', () => {
  const { take, pass } = aRate(60);
  expect([take('a', 50), take('a', 20), take('a', 10)]).toEqual([0, 10, 0]);
  expect(take('a', 1000)).toBe(60);
  pass(60);
  expect([take('a', 1000), take('a')]).toEqual([0, 1]);
});

test('no limit is no limit', () => {
  const { take } = aRate(0);
  expect(Array.from({ length: 10_000 }, () => take()).some((seconds) => seconds > 0)).toBe(false);
});
