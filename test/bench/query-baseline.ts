import { createServer, type IncomingMessage } from 'node:http';
import { AgreementsService, decideAmong } from '@hub/agreements';
import { MembersService, standingsOf, TokenVerifier } from '@hub/identity';
import { londonDate, parsePeriod, systemClock } from '@hub/kernel';
import { recordAccess, type ReaderStore, type Tx } from '@hub/platform';
import { parseSeriesKey } from '@hub/registry/domain';
import { Pool } from 'pg';
import { serve } from './serve';

/**
 * What the hub is measured against: `node:http` and `pg`, in one of two kinds. Both answer the same figures out of the same rows
 * by the same prepared statement, as the owner.
 *
 * `careful` does what whoever shows figures to members alone has to do: believes no token but the issuer's, finds the member as
 * of now, the region among theirs, the agreements as they are now, asks them for every indicator of every period, and leaves a
 * record of the read. No row-level security, no transaction over it all, no GraphQL, no presentation without names, no rates.
 *
 * What a lead asks beside figures (limits, bands, words) neither computes: they send the hub's own answer, which was laid down before.
 *
 * `bare` is as fast as the rows can be had at all: nobody is asked who they are, and nothing is recorded.
 */
const kinds = ['VALUE', 'HIDDEN', 'NOT_COLLECTED', 'NOT_APPLICABLE', 'NOT_AVAILABLE', 'NOT_SUBMITTED'];

export interface Question {
  readonly region: string;
  readonly periods: readonly string[];
  /** Keys of series. */
  readonly series: readonly string[];
  /** This one and the region alone; null: all. */
  readonly authority: string | null;
  /** Answer with the text that was laid down under this name (`PUT`), the figures read all the same. */
  readonly stored?: string;
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

type Answer = (request: IncomingMessage, body: string) => Promise<string>;

const laidDown = new Map<string, string>();

const figuresOf = async (pool: Pool, { region, periods, series, authority, stored }: Question): Promise<string> => {
  const values = [region, periods, series, authority];
  const { rows } = await pool.query<Row>({ name: 'figures', text: figures, values });
  return stored === undefined ? JSON.stringify(tablesOf(rows)) : laidDown.get(stored)!;
};

const barely =
  (pool: Pool): Answer =>
  (_request, body) =>
    figuresOf(pool, JSON.parse(body) as Question);

interface Head {
  readonly region: number;
  readonly period: string;
  readonly dataset: string;
  readonly version: string;
  readonly agreement: string;
  readonly agreementVersion: number;
  readonly threshold: number;
}
const heads = `
  select p.region_id as region, p.period, p.dataset, p.dataset_version as version, p.agreement_id as agreement,
    p.agreement_version as "agreementVersion", p.threshold
  from release.publication p join registry.region g on g.id = p.region_id
  where g.code = $1 and p.period = any($2) and p.state = 'current'`;

function carefully(pool: Pool): Answer {
  const texts: string[] = [];
  const query = async (text: string, values: unknown[]) => {
    if (!texts.includes(text)) texts.push(text);
    return (await pool.query({ name: `careful ${texts.indexOf(text)}`, text, values })).rows as unknown[];
  };
  const tx = { query } as unknown as Tx;
  const tokens = new TokenVerifier(process.env.OIDC_ISSUER!, process.env.OIDC_AUDIENCE!);
  const members = new MembersService({ ask: query } as unknown as ReaderStore);
  const agreements = new AgreementsService(systemClock);
  return async (request, body) => {
    const question = JSON.parse(body) as Question;
    const { region, periods, series } = question;
    const member = await members.find(await tokens.verify(request.headers.authorization!.slice('Bearer '.length)));
    if (!member?.roles.some(({ regions }) => regions.includes(region))) throw new Error('no such region');
    const current = (await query(heads, [region, periods])) as Head[];
    const about = await agreements.about(tx, current[0]!.region);
    const now = new Date();
    const permitted = current.flatMap((head) => {
      const under = about.find(
        ({ document: { id, version } }) => id === head.agreement && version === head.agreementVersion,
      )!;
      const others = about.filter((one) => one !== under);
      return series.map((key) => {
        const decision = decideAmong(
          under,
          others,
          {
            door: 'read',
            purpose: 'regional-benchmarking',
            standings: standingsOf(member),
            region,
            dataset: { code: head.dataset, version: head.version },
            period: parsePeriod(head.period),
            indicator: parseSeriesKey(key).indicator,
            breakdown: null,
            publishedUnder: { id: head.agreement, threshold: head.threshold },
          },
          londonDate(now),
        );
        if (!decision.permitted) throw new Error('the agreement does not cover it');
        return decision;
      });
    });
    const [{ agreement, clause, reader }] = permitted as [(typeof permitted)[number]];
    const [text] = await Promise.all([
      figuresOf(pool, question),
      recordAccess(tx, member, {
        at: now,
        action: 'read.benchmark',
        subject: `${region} ${series.length === 1 ? parseSeriesKey(series[0]!).indicator : '*'} ${periods.at(-1)}`,
        regionId: current[0]!.region,
        purpose: 'regional-benchmarking',
        reader: { role: reader!.roles[0]!, organisation: reader!.organisation! },
        agreement: { ...agreement, clause },
      }),
    ]);
    return text;
  };
}

function main(): void {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL) });
  const answer = process.env.KIND === 'careful' ? carefully(pool) : barely(pool);
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.method === 'PUT') return void (laidDown.set(request.url!.slice(1), body), response.end());
      answer(request, body).then(
        (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
  });
  serve(server, pool);
}

if (require.main === module) main();
