import { createServer, type Socket } from 'node:net';

/** One mail as it came over the wire. */
export interface Caught {
  readonly from: string;
  readonly to: readonly string[];
  /** By name in lower case, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface MailCatcher {
  readonly url: string;
  readonly mails: Caught[];
  /** Refuses the next mails at their end, as a server in trouble does. */
  refuse(mails: number): void;
  stop(): Promise<void>;
}

/** A mail server of RFC 5321 that keeps what it gets: real sockets, no TLS, no way out. */
export async function catchMail(): Promise<MailCatcher> {
  const mails: Caught[] = [];
  const sockets = new Set<Socket>();
  let refusals = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setEncoding('utf8');
    let [buffer, from] = ['', ''];
    let to: string[] = [];
    let data: string[] | null = null;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const ended = (lines: string[]) => {
      if (refusals > 0) {
        refusals--;
        return say('451 try again later');
      }
      mails.push({ from, to, ...parsed(lines) });
      say('250 kept');
    };
    const take = (line: string) => {
      if (data) {
        if (line !== '.') data.push(line.startsWith('.') ? line.slice(1) : line);
        else {
          const lines = data;
          data = null;
          ended(lines);
        }
        return;
      }
      const command = line.slice(0, 4).toUpperCase();
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (command === 'MAIL') [from, to] = [address, []];
      if (command === 'RCPT') to.push(address);
      if (command === 'DATA') {
        data = [];
        return say('354 go on');
      }
      if (command === 'STAR') return say('502 no TLS here');
      if (command === 'QUIT') {
        say('221 bye');
        return socket.end();
      }
      return say('250 catcher');
    };
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      const lines = buffer.split('\r\n');
      buffer = lines.pop()!;
      lines.forEach(take);
    });
    say('220 catcher');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: (count) => void (refusals = count),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function parsed(lines: readonly string[]): Pick<Caught, 'headers' | 'text'> {
  const end = lines.indexOf('');
  const unfolded = lines
    .slice(0, end)
    .join('\n')
    .replace(/\n[ \t]+/g, ' ')
    .split('\n');
  const headers = Object.fromEntries(
    unfolded.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = lines.slice(end + 1).join('\n');
  const encoding = headers['content-transfer-encoding'];
  const plain =
    encoding === 'quoted-printable'
      ? quotedPrintable(body)
      : encoding === 'base64'
        ? Buffer.from(body, 'base64').toString('utf8')
        : body;
  return { headers, text: plain.endsWith('\n') ? plain : `${plain}\n` };
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
