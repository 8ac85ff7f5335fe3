import type { Server } from 'node:http';
import { Refusal } from '@hub/kernel';

/**
 * Listens, and resolves once it does.
 * @param variable  the setting that named the port
 * @throws Refusal CONFIGURATION with that setting where the port is taken, or is not for this user
 */
export const listenOn = (server: Server, variable: string, port: number, host: string): Promise<void> =>
  new Promise((listening, failed) => {
    const refuse = ({ code = 'unknown' }: NodeJS.ErrnoException) =>
      failed(
        new Refusal('CONFIGURATION', { variable, expected: `a port that is free and may be listened on (${code})` }),
      );
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      listening();
    });
  });
