import type { Logger } from '../logger';
import type { Mail, Mailer } from '../mail';
import type { Run } from './outbox';

/** A mail that was refused so often is given up; what it tells is kept and shown. */
const MOST_ATTEMPTS = 10;

/**
 * Sends the mail that a piece of work is about, at least once: a process that ends between the mail server's answer and the commit
 * sends it again, with the Message-ID of the work's subject.
 * @param mail  undefined: there is nothing to send, or nobody to send it to
 * @returns whether it has left; false also where it is given up, or no mail leaves this hub
 * @throws whatever the mail server said, as long as the work is to be tried again
 */
export async function sendMail(
  mailer: Mailer,
  logger: Logger,
  run: Run,
  mail: Omit<Mail, 'id'> | undefined,
): Promise<boolean> {
  if (!mail || !mailer.send) return false;
  try {
    await mailer.send({ id: run.subject, ...mail });
    return true;
  } catch (error) {
    if (run.attempt < MOST_ATTEMPTS) throw error;
    logger.error(
      { work: run.type, subject: run.subject, err: error },
      'a mail could not be sent; what it tells is kept',
    );
    return false;
  }
}
