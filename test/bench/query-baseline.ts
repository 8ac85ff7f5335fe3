import { createServer } from 'node:http';
import { Pool } from 'pg';

/**
 * What the hub is measured against: answers the same figures out of the same rows by one prepared statement, as the
 * owner, and does nothing else. No token, no member, no region, no agreement, no access record, no GraphQL, no rates.
 */
const kinds = ['VALUE', 'HIDDEN', 'NOT_COLLECTED', 'NOT_APPLICABLE', 'NOT_AVAILABLE', 'NOT_SUBMITTED'];

interface Question {
  readonly region: string;
  readonly period: string;
  /** The key of the series. */
  readonly series: string;
}

const figures = `
  select a.code, a.name, f.kind, f.value
  from release.publication p
    join registry.region g on g.id = p.region_id
    join registry.series s on s.key = $3
    join release.figure f on f.region_id = p.region_id and f.publication_id = p.id and f.series_id = s.id
    left join registry.authority a on a.id = f.authority_id
  where g.code = $1 and p.period = $2 and p.state = 'current'
  order by a.code`;

function main(): void {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL) });
  const answer = async (body: string): Promise<string> => {
    const { region, period, series } = JSON.parse(body) as Question;
    const { rows } = await pool.query<{ code: string | null; name: string; kind: number; value: string | null }>({
      name: 'figures',
      text: figures,
      values: [region, period, series],
    });
    const shown = rows.map(({ code, name, kind, value }) => ({
      authority: code && { code, name },
      figure: { kind: kinds[kind], count: value === null ? null : Number(value) },
    }));
    return JSON.stringify({
      authorities: shown.filter(({ authority }) => authority),
      region: shown.find(({ authority }) => !authority)?.figure ?? null,
    });
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
