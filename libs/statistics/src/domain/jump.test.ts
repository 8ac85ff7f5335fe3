import { isJump } from './jump';

test('a jump is more than so many times as high or as low, and more than so much', () => {
  const asked = { factor: 2, least: 20 };
  expect([100, 30].map((now) => isJump(now, now === 100 ? 49 : 61, asked))).toEqual([true, true]);
  expect([100, 30].map((now) => isJump(now, now === 100 ? 50 : 60, asked))).toEqual([false, false]);
  expect([isJump(21, 0, asked), isJump(20, 0, asked), isJump(0, 0, asked)]).toEqual([true, false, false]);
});
