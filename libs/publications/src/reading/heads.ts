import { changesSoFar } from '@hub/agreements';
import { parsePeriod } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import type { KnownPeriod } from '../domain';
import type { PublicationHead, Visit } from './visit';

/** What anybody may know of a publication whom anything of it is shown. */
const sharedColumns = `id, edition, state, dataset, dataset_version as "datasetVersion", period,
  published_at as "publishedAt", agreement_id as "agreementId", agreement_version as "agreementVersion", threshold, authorities`;
/** A `PublicationHead` as a member of the region knows it. */
const headColumns = `${sharedColumns}, number, digest`;

/** What a statement that asks for `changesSoFar` says in each row. */
export interface Counted {
  readonly changes: string;
}

export interface Filter {
  readonly dataset?: string | null;
  readonly period?: string | null;
}

/**
 * Publications of the region in whatever state, as far as the caller sees any of them. Their rows hold the document, and are
 * none any more of one that was withdrawn: members read `release.head`.
 */
export async function headsById(tx: Tx, visit: Visit, ids: readonly string[]): Promise<readonly PublicationHead[]> {
  if (!visit.belongs) return (await sharedHeads(tx, visit)).filter(({ id }) => ids.includes(id));
  return (await tx.query(`select ${headColumns} from release.head where region_id = $1 and id = any($2)`, [
    visit.regionId,
    ids,
  ])) as PublicationHead[];
}

/** Publications of a region that agreements share with the caller, newest first. Each table has numbers of its own: those
 * of the region would tell how many others there are. */
export const sharedHeads = async (tx: Tx, { regionId }: Visit, filter: Filter = {}): Promise<PublicationHead[]> =>
  (await tx.query(
    `select ${sharedColumns}, (dense_rank() over (partition by dataset, period order by id))::int as number, null as digest
     from (select distinct on (id) * from release.caller_reads()) shared
     where region_id = $1 and ($2::text is null or dataset = $2) and ($3::text is null or period = $3)
     order by id desc`,
    [regionId, filter.dataset ?? null, filter.period ?? null],
  )) as PublicationHead[];

/** Publications of a member's region in whatever state, newest first, `limit + 1` of them: whether there are more. */
export const headsOfRegion = async (
  tx: Tx,
  { regionId }: Visit,
  filter: Filter,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<(PublicationHead & Counted)[]> =>
  (await tx.query(
    `select ${headColumns}, ${changesSoFar} as changes from release.head
     where region_id = $1 and ($2::text is null or dataset = $2) and ($3::text is null or period = $3)
       and ($4::int is null or number < $4)
     order by number desc limit $5`,
    [regionId, filter.dataset ?? null, filter.period ?? null, after === null ? null : Number(after), limit + 1],
  )) as (PublicationHead & Counted)[];

/** Of a dataset the newest period that has a current publication, and the one that has one before it. */
export interface NewestPeriod {
  readonly dataset: string;
  readonly period: string;
  readonly before: string | null;
}

/** Of each dataset, the newest first. */
export async function newestPeriods(tx: Tx, visit: Visit): Promise<readonly NewestPeriod[]> {
  const found = visit.belongs
    ? ((await tx.query(
        `select dataset, period from (
           select dataset, period, row_number() over (partition by dataset order by period_from desc) as place
           from release.publication where region_id = $1 and state = 'current') newest
         where place <= 2`,
        [visit.regionId],
      )) as Pick<PublicationHead, 'dataset' | 'period'>[])
    : (await sharedHeads(tx, visit)).filter(({ state }) => state === 'current');
  const since = (one: { readonly period: string }) => parsePeriod(one.period).from;
  const sorted = [...found].sort((a, b) => (since(a) < since(b) ? 1 : -1));
  return [...new Set(sorted.map(({ dataset }) => dataset))].map((dataset) => {
    const [newest, before] = sorted.filter((one) => one.dataset === dataset);
    return { dataset, period: newest!.period, before: before?.period ?? null };
  });
}

/** Of which periods of which datasets something is published, or was until it was withdrawn. */
export async function knownPeriods(tx: Tx, visit: Visit): Promise<readonly KnownPeriod[]> {
  const heads = visit.belongs
    ? ((await tx.query(
        `select id, dataset, period, state from release.head
         where region_id = $1 and state in ('current', 'withdrawn')`,
        [visit.regionId],
      )) as Pick<PublicationHead, 'id' | 'dataset' | 'period' | 'state'>[])
    : (await sharedHeads(tx, visit)).filter(({ state }) => state !== 'superseded');
  const gone = heads.filter(({ state }) => state === 'withdrawn').map(({ id }) => id);
  const withdrawn = (
    gone.length
      ? await tx.query(
          'select publication_id as id, at, because from release.withdrawal where publication_id = any($1) order by at',
          [gone],
        )
      : []
  ) as (NonNullable<KnownPeriod['withdrawn']> & { readonly id: string })[];
  const known = new Map<string, KnownPeriod>();
  const keep = (id: string, at: KnownPeriod['withdrawn']) => {
    const { dataset, period } = heads.find((head) => head.id === id)!;
    known.set(`${dataset} ${period}`, { dataset, period, withdrawn: at });
  };
  for (const { id, at, because } of withdrawn) keep(id, { at, because });
  // What stands now took the place of what was withdrawn before.
  for (const { id, state } of heads) if (state === 'current') keep(id, null);
  return [...known.values()];
}

/** The regions, by code, of a publication that the caller sees anything of; none where they see nothing. */
export const regionsOf = async (tx: Tx, id: string): Promise<readonly string[]> =>
  (
    (await tx.query(
      `select g.code from registry.region g where g.id in (
         select region_id from release.head where id = $1
         union all select region_id from release.caller_reads() where id = $1)`,
      [id],
    )) as { code: string }[]
  ).map(({ code }) => code);

/** The series of a withdrawn publication of which there was a count, printed or hidden. */
export async function seriesOfWithdrawn(tx: Tx, id: string): Promise<readonly string[]> {
  const [{ series }] = (await tx.query('select series from release.head where id = $1', [id])) as [
    { series: string[] },
  ];
  return series;
}
