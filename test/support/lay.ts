import { Client } from 'pg';
import { parsePeriod } from '@hub/kernel';
import { newId, publicId } from '@hub/platform';
import { freeze, kindNumbers, rowsOf, type Printed, type PublicationDocument } from '@hub/publications/domain';
import { randomFrom } from './random';
import { categoriesOf, quarterly } from './returns';

/** Figures of one published table: the region's, and those of the authorities in their order. */
export interface LaidSeries {
  readonly key: string;
  readonly region: Printed;
  readonly figures: readonly Printed[];
}
export interface Laid {
  readonly hub: string;
  readonly region: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly period: string;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly handling: string;
  readonly threshold: number;
  readonly authorities: readonly string[];
  readonly series: readonly LaidSeries[];
  /** What its print leaves of hidden figures. */
  readonly between?: PublicationDocument['between'];
}

/**
 * Lays publications into the database as the worker would leave them, with rounds of their own where there are none: for
 * histories, whose many rounds would take minutes to collect and protect. Returns their ids.
 */
export async function layPublications(ownerUrl: string, all: readonly Laid[], figures = true): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('begin');
    const ids: string[] = [];
    for (const [place, one] of all.entries()) ids.push(await lay(client, one, figures, place));
    await client.query('commit');
    return ids;
  } finally {
    await client.end();
  }
}

async function lay(client: Client, one: Laid, figures: boolean, place: number): Promise<string> {
  const period = parsePeriod(one.period);
  const span = [one.dataset.code, one.dataset.version, period.text, period.kind, period.from, period.until];
  const { rows } = await client.query<{ region: number; round: string; number: number }>(
    `with region as (select id from registry.region where code = $1),
       made as (
         insert into rounds.round (region_id, id, dataset, dataset_version, period, period_kind, period_from, period_until,
           opens, due, closes, state)
         select id, $2, $3, $4, $5, $6, $7::date, $8::date, $8::date, $8::date + 20, $8::date + 40, 'published' from region
         on conflict do nothing returning id)
     select region.id as region, coalesce((select id from made),
         (select r.id from rounds.round r where r.region_id = region.id and r.dataset = $3 and r.period = $5)) as round,
       (select coalesce(max(number), 0) + 1 from release.publication p where p.region_id = region.id) as number
     from region`,
    // Rounds of long ago, in their order, so that none comes before those that a test opens.
    [one.region, newId().replace(/^.{8}-.{4}/, `00000000-${place.toString(16).padStart(4, '0')}`), ...span],
  );
  const { region, round, number } = rows[0]!;
  const id = newId();
  const document: PublicationDocument = {
    v: 1,
    hub: one.hub,
    id: publicId('pub', one.hub, id),
    region: one.region,
    number,
    dataset: one.dataset,
    period: period.text,
    edition: 'provisional',
    publishedAt: `${period.until}T09:00:00.000Z`,
    agreement: one.agreement,
    handling: one.handling,
    threshold: one.threshold,
    authorities: one.authorities,
    submitted: one.authorities,
    series: one.series,
    ...(one.between ? { between: one.between } : {}),
  };
  const { text, digest } = freeze(document);
  await client.query(
    `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
       period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'provisional', 'current', $11, $12, $13, $14, $15)`,
    [region, id, number, round, ...span, one.agreement.id, one.agreement.version, text, digest, document.publishedAt],
  );
  if (!figures) return id;
  const flat = rowsOf(document);
  await client.query(
    `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
     select $1, s.id, $2, $3, a.id, $4, f.kind, f.value
     from unnest($5::text[], $6::text[], $7::smallint[], $8::bigint[]) f(key, code, kind, value)
       join registry.series s on s.key = f.key left join registry.authority a on a.code = f.code`,
    [
      region,
      period.from,
      period.until,
      id,
      flat.map(({ series }) => series),
      flat.map(({ authority }) => authority),
      flat.map(({ figure }) => kindNumbers[figure.kind]),
      flat.map(({ figure }) => (figure.kind === 'value' ? figure.value : null)),
    ],
  );
  return id;
}

/** Quarters before the published one of the two regions, oldest first; the quarter before that is left out: a gap. */
export const EARLIER = [
  ...['2022', '2023', '2024'].flatMap((year) => ['Q1', 'Q2', 'Q3', 'Q4'].map((quarter) => `${year}-${quarter}`)),
  '2025-Q1',
  '2025-Q2',
  '2025-Q3',
];

/** A series whose region is the sum of what its authorities print, and hidden where one of them is. */
const lineOf = (key: string, figures: readonly Printed[]): LaidSeries => ({
  key,
  region: figures.includes('hidden')
    ? 'hidden'
    : figures.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0),
  figures,
});

/**
 * A calm history of a region: referrals that go up and down by ten around what is under the published quarter, and plans
 * visited in time. The first authority's are hidden in 2024-Q1.
 * @param silent  who has sent nothing in any of them
 */
export function calmHistory(
  hub: string,
  region: string,
  authorities: readonly string[],
  { id, version, handling }: { readonly id: string; readonly version: number; readonly handling: string },
  periods: readonly string[] = EARLIER,
  silent: string | null = null,
): Laid[] {
  return periods.map((period, i) => {
    const line = (key: string, countOf: (authority: number) => Printed) =>
      lineOf(
        key,
        authorities.map((code, authority) => (code === silent ? 'notSubmitted' : countOf(authority))),
      );
    return {
      ...{ hub, region, period, handling, authorities, agreement: { id, version }, threshold: 10 },
      dataset: { code: 'safeguarding-quarterly', version: '1.0' },
      series: [
        line('RF01#count', (a) => (a === 0 && period === '2024-Q1' ? 'hidden' : 150 + 17 * a + (i % 2 ? 10 : 0))),
        line('CP01#count', (a) => 200 + 10 * a),
        line(`CP01|duration=${categoriesOf(quarterly, 'CP01', 'duration')[0]!}#count`, (a) => 100 + 5 * a + (i % 2)),
        line('CP07#count', (a) => 160 + 10 * a - (i % 3)),
      ],
    };
  });
}

/** Referring agencies of the clinic; anonymous ones are few, and so hidden. */
const REFERRERS = { individual: 60, school: 110, health: 90, police: 140, other: 45, anonymous: 4 } as const;

/**
 * Two years of a front door by referring agency: contacts and referrals that vary by chance alone, but for the police in the third
 * authority, who bring half as many contacts again from five months before the end.
 */
export function monthlyClinic(
  hub: string,
  region: string,
  authorities: readonly string[],
  { id, version, handling }: { readonly id: string; readonly version: number; readonly handling: string },
  months: readonly string[],
): Laid[] {
  const random = randomFrom(24);
  /** A count that chance alone varies, by Knuth's product of uniform numbers. */
  const poisson = (mean: number) => {
    let [n, product] = [0, random()];
    for (const end = Math.exp(-mean); product > end; n++) product *= random();
    return n;
  };
  const printed = (count: number): Printed => (count > 0 && count < 10 ? 'hidden' : count);
  return months.map((period, i) => {
    const line = (key: string, counts: readonly number[]) => lineOf(key, counts.map(printed));
    const tables = (indicator: string, share: number): LaidSeries[] => {
      const by = Object.entries(REFERRERS).map(([source, mean]) => ({
        source,
        counts: authorities.map((_, a) => {
          const isUnusual = indicator === 'FD01' && source === 'police' && a === 2 && i >= months.length - 5;
          return poisson(mean * share * (1 + a / 20) * (isUnusual ? 1.5 : 1));
        }),
      }));
      const totals = authorities.map((_, a) => by.reduce((sum, { counts }) => sum + counts[a]!, 0));
      return [
        line(`${indicator}#count`, totals),
        ...by.map(({ source, counts }) => line(`${indicator}|source=${source}#count`, counts)),
      ];
    };
    return {
      ...{ hub, region, period, handling, authorities, agreement: { id, version }, threshold: 10 },
      dataset: { code: 'front-door-monthly', version: '1.0' },
      series: [...tables('FD01', 1), ...tables('RF01', 0.3)],
    };
  });
}
