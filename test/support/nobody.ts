import { createServer, type AddressInfo } from 'node:net';

/**
 * An address at which nobody listens any longer: a connection is refused. Ports that `fetch` refuses by itself, as 1 and
 * 9, would prove nothing.
 */
export async function nobodyListens(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}
