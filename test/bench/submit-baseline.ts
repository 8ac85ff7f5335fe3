import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { Pool, type PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import { parsePeriod, sha256 } from '@hub/kernel';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import {
  assertAudience,
  assertFresh,
  limits,
  nationalRanges,
  parseEnvelope,
  readHead,
  validate,
  verifySignatures,
} from '@hub/submissions/domain';
import type { RegisteredKey } from '@hub/identity/domain';
import { serve } from './serve';

/**
 * What the hub is measured against, in one of two kinds; each keeps the same bytes and the same cells under the same primary
 * keys in one transaction with fsync.
 *
 * `careful` does what whoever takes signed returns has to do: reads the envelope strictly, finds the key that is registered now,
 * verifies the signature, reads the payload strictly, knows a return again, gives it the next version, holds it against every
 * rule of its dataset, keeps what was found, and answers with it. No token, agreement, round, row-level security, no comparison
 * with earlier returns or the region's print, no access by role, no ledger and no receipt.
 *
 * `bare` is as fast as the bytes can be taken at all: JSON.parse, a signature by a key in memory, two inserts. It takes wrong
 * numbers, and the same return twice under another name.
 */
export interface Setup {
  readonly kind: 'careful' | 'bare';
  readonly audience: string;
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** Public keys by kid. */
  readonly keys: Record<string, { alg: 'EdDSA' | 'ES256'; jwk: JsonWebKey }>;
  readonly series: Record<string, number>;
  readonly authorities: Record<string, number>;
  /** Aged 0 to 17, by the authority's code. */
  readonly children: Record<string, number>;
  /** Indicators that count in tenths. */
  readonly tenths: readonly string[];
  /** Indicators whose rows carry a denominator of their own, a second cell. */
  readonly own: readonly string[];
}

export const baselineTables = `
  create table signing_key (
    kid text primary key, organisation text not null, alg text not null, jwk jsonb not null,
    "approvedAt" timestamptz, until timestamptz, "revokedAt" timestamptz
  );
  create table submission (
    id uuid primary key, authority_id int not null, dataset text not null, dataset_version text not null,
    period text not null, version int, jti text not null, kids text[] not null, envelope bytea not null,
    payload_digest bytea, findings jsonb, received_at timestamptz not null,
    unique (authority_id, jti), unique (authority_id, dataset, period, version)
  );
  create table cell (
    submission_id uuid not null, authority_id int not null, series_id int not null, kind smallint not null, value bigint,
    primary key (submission_id, series_id)
  );`;

/** How either answers: the status, and what it has to say. */
type Accept = (bytes: Buffer) => Promise<{ status: number; body: unknown }>;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** A statement that each connection prepares once. */
const prepared = (client: PoolClient | Pool, name: string, text: string, values: unknown[]) =>
  client.query({ name, text, values });

const insertCells = (
  client: PoolClient,
  id: string,
  authorityId: number,
  series: number[],
  kinds: number[],
  values: (number | bigint | null)[],
) =>
  prepared(
    client,
    'cells',
    `insert into cell (submission_id, authority_id, series_id, kind, value)
     select $1, $2, c.series, c.kind, c.value from unnest($3::int[], $4::smallint[], $5::bigint[]) c(series, kind, value)`,
    [id, authorityId, series, kinds, values.map((value) => value?.toString() ?? null)],
  );

/** Takes a return as carefully as it has to be taken. */
function carefully(setup: Setup, pool: Pool): Accept {
  const catalogue = loadCatalogue();
  return async (bytes) => {
    const envelope = parseEnvelope(bytes, limits);
    assertAudience(envelope, setup.audience);
    const now = new Date();
    const keys = await verifySignatures(
      envelope,
      async (kid) =>
        ((await prepared(pool, 'key', 'select * from signing_key where kid = $1', [kid])).rows as RegisteredKey[])[0] ??
        null,
      now,
    );
    const head = readHead(envelope.payloadBytes);
    if (keys.some(({ organisation }) => organisation !== head.authority)) return { status: 403, body: {} };
    assertFresh(envelope, now, limits);
    const authorityId = setup.authorities[head.authority]!;
    const digest = sha256(envelope.payloadBytes);
    const { code } = head.dataset;
    return inTransaction(pool, async (client) => {
      await prepared(client, 'lock', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${head.authority} ${code} ${head.period}`,
      ]);
      const { rows } = await prepared(
        client,
        'known',
        `select id, version, findings, jti = $2 as same, payload_digest from submission
         where authority_id = $1 and (jti = $2 or dataset = $3 and period = $4
           and version = (select max(version) from submission where authority_id = $1 and dataset = $3 and period = $4))`,
        [authorityId, envelope.jti, code, head.period],
      );
      const known = rows as { id: string; version: number; findings: unknown; same: boolean; payload_digest: Buffer }[];
      const again = known.find((one) => one.payload_digest.equals(digest));
      if (again) return { status: 200, body: again };
      if (known.some(({ same }) => same)) return { status: 409, body: {} };
      const version = (known[0]?.version ?? 0) + 1;
      const period = parsePeriod(head.period);
      const dataset = newestDataset(catalogue, code);
      const children = setup.children[head.authority];
      const { findings, cells } = validate(head.body, dataset, {
        period,
        threshold: 6,
        printed: new Map([...nationalRanges(dataset, period.kind)].map(([indicator, range]) => [indicator, [range]])),
        ...(children === undefined ? {} : { children }),
        ...(version === 1 ? {} : { replaces: version - 1 }),
      });
      if (findings.some(({ severity }) => severity === 'error')) return { status: 422, body: findings };
      const id = uuidv7();
      await prepared(
        client,
        'submission',
        `insert into submission (id, authority_id, dataset, dataset_version, period, version, jti, kids, envelope, payload_digest,
           findings, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          id,
          authorityId,
          code,
          head.dataset.version,
          head.period,
          version,
          envelope.jti,
          keys.map(({ kid }) => kid),
          bytes,
          digest,
          JSON.stringify(findings),
          now,
        ],
      );
      await insertCells(
        client,
        id,
        authorityId,
        cells.map(({ series }) => setup.series[series]!),
        cells.map(({ kind }) => (kind === 'value' ? 0 : 1)),
        cells.map(({ value }) => value ?? null),
      );
      return { status: 201, body: { id, version, digest: envelope.digest, findings } };
    });
  };
}

interface Payload {
  authority: string;
  dataset: { code: string; version: string };
  period: string;
  rows: { indicator: string; breakdown?: Record<string, string>; count: number; of?: number }[];
}

/** Takes a return as fast as it can be taken. */
function barely(setup: Setup, pool: Pool): Accept {
  const keys = new Map<string, { alg: string; key: KeyObject }>(
    Object.entries(setup.keys).map(([kid, { alg, jwk }]) => [
      kid,
      { alg, key: createPublicKey({ key: jwk, format: 'jwk' }) },
    ]),
  );
  const tenths = new Set(setup.tenths);
  const own = new Set(setup.own);
  return async (bytes) => {
    const jws = JSON.parse(bytes.toString()) as { payload: string; protected: string; signature: string };
    const { kid, jti } = JSON.parse(Buffer.from(jws.protected, 'base64url').toString()) as { kid: string; jti: string };
    const { alg, key } = keys.get(kid)!;
    const signed = Buffer.from(`${jws.protected}.${jws.payload}`);
    const signature = Buffer.from(jws.signature, 'base64url');
    const holds =
      alg === 'EdDSA'
        ? verify(null, signed, key, signature)
        : verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
    if (!holds) return { status: 401, body: {} };
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
    const authorityId = setup.authorities[authority]!;
    await inTransaction(pool, async (client) => {
      await prepared(
        client,
        'submission',
        `insert into submission (id, authority_id, dataset, dataset_version, period, jti, kids, envelope, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, authorityId, dataset.code, dataset.version, period, jti, [kid], bytes, new Date()],
      );
      await insertCells(
        client,
        id,
        authorityId,
        series,
        series.map(() => 0),
        values,
      );
    });
    return { status: 201, body: {} };
  };
}

function main(): void {
  const setup = JSON.parse(readFileSync(process.env.BENCH_SETUP!, 'utf8')) as Setup;
  const pool = new Pool({ connectionString: setup.databaseUrl, max: setup.poolSize });
  const accept = setup.kind === 'careful' ? carefully(setup, pool) : barely(setup, pool);
  const server = createServer((request, response) => {
    bytesOf(request)
      .then(accept)
      .then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: Error) => {
          process.stderr.write(`${error.stack}\n`);
          response.writeHead(500).end();
        },
      );
  });
  serve(server, pool);
}

if (require.main === module) main();
