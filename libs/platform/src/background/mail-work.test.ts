import type { Logger } from '../logger';
import type { Mail } from '../mail';
import { sendMail } from './mail-work';
import type { Run } from './outbox';

const words = { to: 'board@partnership.example', subject: 'Something is asked of you', text: 'Sign in.\n' };
const run = (attempt: number): Run => ({
  id: 'w',
  type: 'notice.send',
  subject: 'n-1',
  attempt,
  settle: async () => {},
});
const said: unknown[] = [];
const logger = { error: (facts: unknown) => said.push(facts) } as unknown as Logger;
const left: Mail[] = [];
const mailer = { send: async (mail: Mail) => void left.push(mail) };
const refusing = { send: () => Promise.reject(new Error('450 mailbox busy')) };

beforeEach(() => [said, left].forEach((list) => (list.length = 0)));

test('a mail leaves under the name of what it is about', async () => {
  expect(await sendMail(mailer, logger, run(1), words)).toBe(true);
  expect(left).toEqual([{ id: 'n-1', ...words }]);
});

test('where there is nothing to send, or no way out, nothing has left and nothing has failed', async () => {
  expect(await sendMail(mailer, logger, run(1), undefined)).toBe(false);
  expect(await sendMail({ send: null }, logger, run(1), words)).toBe(false);
  expect([left, said]).toEqual([[], []]);
});

test('what is refused is tried again, and given up at the tenth time with a line in the log', async () => {
  for (const attempt of [1, 9]) await expect(sendMail(refusing, logger, run(attempt), words)).rejects.toThrow('450');
  expect(said).toEqual([]);
  expect(await sendMail(refusing, logger, run(10), words)).toBe(false);
  expect(said).toMatchObject([{ work: 'notice.send', subject: 'n-1' }]);
});
