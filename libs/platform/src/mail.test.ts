import { catchMail, type MailCatcher } from '../../../test/support/mail-catcher';
import { smtpMailer } from './mail';

let catcher: MailCatcher;
beforeEach(async () => (catcher = await catchMail()));
afterEach(() => catcher.stop());

const mail = { id: 'a1', to: 'children@example.org', subject: 'Return due', text: 'One line.\n.\nAnother line.\n' };
const send = (more: object = {}) =>
  smtpMailer(catcher.url, 'hub@hub.example', 'hub.example', false).send!({ ...mail, ...more });

test('a mail arrives with sender, receiver, subject, text and an id of its own that stays the same', async () => {
  await send();
  await send();
  expect(catcher.mails).toHaveLength(2);
  const [first, second] = catcher.mails as [(typeof catcher.mails)[number], (typeof catcher.mails)[number]];
  expect(first).toMatchObject({ from: 'hub@hub.example', to: ['children@example.org'] });
  expect(first.headers).toMatchObject({
    'message-id': '<a1@hub.example>',
    subject: 'Return due',
    'auto-submitted': 'auto-generated',
  });
  // A line that is a dot alone does not end it.
  expect(first.text).toBe('One line.\n.\nAnother line.\n');
  expect(second.headers['message-id']).toBe(first.headers['message-id']);
});

test('what the server refuses is thrown, and so is a server that is not there', async () => {
  catcher.refuse(1);
  await expect(send()).rejects.toThrow();
  expect(catcher.mails).toEqual([]);
  await send();
  expect(catcher.mails).toHaveLength(1);
  await catcher.stop();
  await expect(send()).rejects.toThrow();
});

test('a server that offers no TLS gets nothing where TLS is asked for', async () => {
  const mailer = smtpMailer(catcher.url, 'hub@hub.example', 'hub.example', true);
  await expect(mailer.send!(mail)).rejects.toThrow();
  expect(catcher.mails).toEqual([]);
});

test('a subject cannot bring a header of its own', async () => {
  await send({ subject: 'Due\r\nBcc: other@example.org' });
  expect(catcher.mails[0]!.to).toEqual(['children@example.org']);
  expect(catcher.mails[0]!.headers['bcc']).toBeUndefined();
});
