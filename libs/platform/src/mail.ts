import { createTransport } from 'nodemailer';

/** A mail of the hub: plain text, and nothing in it that is not to be read by anybody's mail server. */
export interface Mail {
  /** Of the thing that it tells of: the same mail sent again has the same Message-ID, so that readers show it once. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The way out for mail. */
export interface Mailer {
  /** null: no mail leaves this hub, and what would be sent is kept and shown. */
  readonly send: ((mail: Mail) => Promise<void>) | null;
}
/** The injection token of the Mailer. */
export const MAILER = Symbol('Mailer');

const SECONDS = 1000;

/**
 * Mail by SMTP. A mail is sent at least once: where the server takes it and its answer is lost, it is sent again.
 * @param url   `smtp://` or `smtps://`, with user and password where the server asks for them
 * @param from  the address that stands as its sender
 * @param hubId  behind the @ of each Message-ID
 * @param requireTls  whether `smtp://` has to turn to TLS before anything is said
 */
export function smtpMailer(url: string, from: string, hubId: string, requireTls: boolean): Mailer {
  const { hostname, port, protocol, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : secure ? 465 : 587,
    secure,
    requireTLS: !secure && requireTls,
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    connectionTimeout: 10 * SECONDS,
    greetingTimeout: 10 * SECONDS,
    socketTimeout: 20 * SECONDS,
    // What is sent is text that the hub has written: nothing is fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ id, to, subject, text }) => {
      await transport.sendMail({
        from,
        to,
        subject,
        text,
        messageId: `<${id}@${hubId}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
  };
}

export const noMailer: Mailer = { send: null };
