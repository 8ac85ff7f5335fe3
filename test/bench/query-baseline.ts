import { createServer } from 'node:http';
import { Pool } from 'pg';

/**
 * What the hub is measured against: answers the same figures out of the same rows by one prepared statement, as the
 * owner, and does nothing else. No token, no member, no region, no agreement, no access record, no GraphQL, no rates.
 */
const kinds = ['VALUE', 'HIDDEN', 'NOT_COLLECTED', 'NOT_APPLICABLE', 'NOT_AVAILABLE', 'NOT_SUBMITTED'];

export interface Question {
  readonly region: string;
  readonly periods: readonly string[];
  /** Keys of series. */
  readonly series: readonly string[];
  /** This one and the region alone; null: all. */
  readonly authority: string | null;
}

/** Of one series in one period: each authority by code, and the region under `null`. */
export interface Table {
  readonly period: string;
  readonly series: string;
  readonly figures: readonly {
    readonly authority: string | null;
    readonly kind: string;
    readonly count: number | null;
  }[];
}

const figures = `
  select p.period, s.key, a.code, f.kind, f.value
  from release.publication p
    join registry.region g on g.id = p.region_id
    join registry.series s on s.key = any($3)
    join release.figure f on f.region_id = p.region_id and f.publication_id = p.id and f.series_id = s.id
    left join registry.authority a on a.id = f.authority_id
  where g.code = $1 and p.period = any($2) and p.state = 'current' and ($4::text is null or a.code is null or a.code = $4)
  order by p.period, s.key, a.code`;

interface Row {
  readonly period: string;
  readonly key: string;
  readonly code: string | null;
  readonly kind: number;
  readonly value: string | null;
}

function tablesOf(rows: readonly Row[]): Table[] {
  const tables: { period: string; series: string; figures: Table['figures'][number][] }[] = [];
  for (const { period, key, code, kind, value } of rows) {
    let last = tables.at(-1);
    if (last?.period !== period || last.series !== key) tables.push((last = { period, series: key, figures: [] }));
    last.figures.push({ authority: code, kind: kinds[kind]!, count: value === null ? null : Number(value) });
  }
  return tables;
}

function main(): void {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL) });
  const answer = async (body: string): Promise<string> => {
    const { region, periods, series, authority } = JSON.parse(body) as Question;
    const values = [region, periods, series, authority];
    const { rows } = await pool.query<Row>({ name: 'figures', text: figures, values });
    return JSON.stringify(tablesOf(rows));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      answer(body).then(
        (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
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
