import { eventLoopHealth } from './event-loop';

/** Delays of the event loop as one minute has them, in milliseconds; a reset forgets them. */
function delaysOf(milliseconds: number) {
  const at = { most: milliseconds, resets: 0 };
  const nanoseconds = () => (at.most + 10) * 1e6;
  const delays = {
    get count() {
      return at.most ? 1 : 0;
    },
    get max() {
      return nanoseconds();
    },
    percentile: nanoseconds,
    reset: () => {
      at.most = 0;
      at.resets++;
    },
  };
  return { at, delays };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('whoever asks, and however often, changes nothing and is told no number', async () => {
  const { at, delays } = delaysOf(40);
  const logged: object[] = [];
  const health = eventLoopHealth({ warn: (facts: object) => void logged.push(facts) }, delays);
  const answers = new Set<string>();
  for (const most of [40, 700, 0, 900]) {
    at.most = most;
    for (let i = 0; i < 5; i++) answers.add(JSON.stringify(await health()));
    expect(at.most).toBe(most);
    jest.advanceTimersByTime(60_000);
  }
  expect([...answers]).toEqual(['{"state":"ok","text":"event loop: nothing waits long"}']);
  expect([at.resets, logged]).toEqual([4, []]);
});

test('a minute that kept things waiting is said until the next has passed, and logged in milliseconds', async () => {
  const { at, delays } = delaysOf(1_500);
  const logged: object[] = [];
  const health = eventLoopHealth({ warn: (facts: object) => void logged.push(facts) }, delays);
  expect((await health()).state).toBe('ok');
  jest.advanceTimersByTime(60_000);
  at.most = 20;
  for (let i = 0; i < 5; i++)
    expect(await health()).toMatchObject({ state: 'degraded', text: expect.not.stringMatching(/\d/) as string });
  jest.advanceTimersByTime(60_000);
  expect((await health()).state).toBe('ok');
  expect(logged).toEqual([{ most: 1_500, longest: 1_500 }]);
});
