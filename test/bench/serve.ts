import type { Server } from 'node:http';
import type { Pool } from 'pg';

/** Runs a baseline's server until it is told to end, and says where it listens. */
export function serve(server: Server, pool: Pool): void {
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`baseline listens on http://127.0.0.1:${(server.address() as { port: number }).port}\n`);
  });
  process.once('SIGTERM', () => {
    server.close(() => void pool.end().then(() => process.exit(0)));
    server.closeIdleConnections();
  });
}
