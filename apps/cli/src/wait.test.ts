import { waitUntil } from './wait';

test.each([
  ['done at once: nobody looks', 3, 1000, 0, 3],
  ['looks until it is done', 0, 1000, 3, 3],
  ['gives up, and says what was seen last', 0, 0, 0, 0],
])('%s', async (_what, from, giveUpAfter, looked, last) => {
  let seen = from;
  let looks = 0;
  const look = () => {
    looks++;
    return Promise.resolve(++seen);
  };
  expect(await waitUntil(from, (one) => one === 3, look, { first: 1, giveUpAfter })).toBe(last);
  expect(looks).toBe(looked);
});
