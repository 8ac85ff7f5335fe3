import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';

/**
 * What the hub is measured against: verifies the signature of an envelope and inserts the same submission and the same
 * cells in one transaction, and does nothing else. No token, no rule, no agreement, no ledger, no row-level security.
 */
interface Setup {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** Public keys by kid. */
  readonly keys: Record<string, { alg: 'EdDSA' | 'ES256'; jwk: JsonWebKey }>;
  readonly series: Record<string, number>;
  readonly authorities: Record<string, number>;
  /** Indicators that count in tenths. */
  readonly tenths: readonly string[];
  /** Indicators whose rows carry a denominator of their own, a second cell. */
  readonly own: readonly string[];
}

export const baselineTables = `
  create table submission (
    id uuid primary key, authority_id int not null, dataset text not null, dataset_version text not null,
    period text not null, jti text not null, kids text[] not null, envelope bytea not null, received_at timestamptz not null,
    unique (authority_id, jti)
  );
  create table cell (
    submission_id uuid not null, authority_id int not null, series_id int not null, kind smallint not null, value bigint,
    primary key (submission_id, series_id)
  );`;

interface Payload {
  authority: string;
  dataset: { code: string; version: string };
  period: string;
  rows: { indicator: string; breakdown?: Record<string, string>; count: number; of?: number }[];
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function main(): void {
  const setup = JSON.parse(readFileSync(process.env.BENCH_SETUP!, 'utf8')) as Setup;
  const pool = new Pool({ connectionString: setup.databaseUrl, max: setup.poolSize });
  const keys = new Map<string, { alg: string; key: KeyObject }>(
    Object.entries(setup.keys).map(([kid, { alg, jwk }]) => [
      kid,
      { alg, key: createPublicKey({ key: jwk, format: 'jwk' }) },
    ]),
  );
  const tenths = new Set(setup.tenths);
  const own = new Set(setup.own);

  const accept = async (bytes: Buffer): Promise<boolean> => {
    const jws = JSON.parse(bytes.toString()) as { payload: string; protected: string; signature: string };
    const { kid, jti } = JSON.parse(Buffer.from(jws.protected, 'base64url').toString()) as { kid: string; jti: string };
    const { alg, key } = keys.get(kid)!;
    const signed = Buffer.from(`${jws.protected}.${jws.payload}`);
    const signature = Buffer.from(jws.signature, 'base64url');
    const holds =
      alg === 'EdDSA'
        ? verify(null, signed, key, signature)
        : verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
    if (!holds) return false;
    const { authority, dataset, period, rows } = JSON.parse(
      Buffer.from(jws.payload, 'base64url').toString(),
    ) as Payload;
    const series: number[] = [];
    const values: number[] = [];
    for (const { indicator, breakdown, count, of } of rows) {
      const [place] = Object.entries(breakdown ?? {});
      const name = place ? `${indicator}|${place[0]}=${place[1]}` : indicator;
      const scale = tenths.has(indicator) ? 10 : 1;
      series.push(setup.series[`${name}#count`]!);
      values.push(Math.round(count * scale));
      if (!own.has(indicator)) continue;
      series.push(setup.series[`${name}#of`]!);
      values.push(Math.round(of! * scale));
    }
    const id = uuidv7();
    const authorityId = setup.authorities[authority];
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query({
        name: 'submission',
        text: `insert into submission (id, authority_id, dataset, dataset_version, period, jti, kids, envelope, received_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        values: [id, authorityId, dataset.code, dataset.version, period, jti, [kid], bytes, new Date()],
      });
      await client.query({
        name: 'cells',
        text: `insert into cell (submission_id, authority_id, series_id, kind, value)
               select $1, $2, c.series, 0, c.value from unnest($3::int[], $4::bigint[]) c(series, value)`,
        values: [id, authorityId, series, values],
      });
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
    return true;
  };

  const server = createServer((request, response) => {
    bytesOf(request)
      .then(accept)
      .then(
        (holds) => response.writeHead(holds ? 201 : 401).end('{}'),
        (error: Error) => response.writeHead(500).end(error.message),
      );
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`baseline listens on http://127.0.0.1:${(server.address() as { port: number }).port}\n`);
  });
  process.once('SIGTERM', () => {
    server.close(() => void pool.end().then(() => process.exit(0)));
    server.closeIdleConnections();
  });
}

if (require.main === module) main();
