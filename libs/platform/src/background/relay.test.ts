import { Relay, type WorkerStore } from './relay';
import { InProcessRunner } from './runners';

test('a database that is away is told in one line when it goes, and in one when it is back', async () => {
  const lines: string[] = [];
  const log = {
    error: (facts: object, text: string) => void lines.push(`${text} ${JSON.stringify(facts)}`),
    info: (text: string) => void lines.push(text),
  };
  let isAway = false;
  const store = {
    as: () =>
      isAway ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) : Promise.resolve([]),
  } as unknown as WorkerStore;
  const runner = new InProcessRunner(async () => undefined);
  const relay = new Relay(store, { work: runner, book: runner, mail: runner }, { everyMs: 1e6, leaseMs: 1e6 }, log);
  for (const away of [false, true, true, true, false, false, true]) {
    isAway = away;
    await relay.handOut();
  }
  const away = 'the outbox cannot be read; trying again {"cause":"ECONNREFUSED"}';
  expect(lines).toEqual([away, 'the outbox can be read again', away]);
});
