import { parse } from 'csv-parse/sync';
import { parseNationalMap, readNational, type NationalMap } from '@hub/publications/domain';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { listing, readText, table, type Command, type Outcome } from './command';
import { connectionOptions, hubOf } from './connection';
import { waitUntil } from './wait';

interface ReleaseAnswer {
  readonly id: string;
  readonly title: string;
  readonly period: string;
  readonly state: string;
  readonly refusedBecause: string | null;
}
interface OpenedAnswer {
  readonly series: string;
  readonly period: string;
  readonly release: string;
  readonly least: number;
  readonly most: number;
}

const RELEASE = 'id title period state refusedBecause';
const LONGEST_WAIT_MS = 10 * 60_000;

/** The file without what is not asked for: other years, other columns, names. */
function narrowed(csv: string, map: NationalMap, year: string): string {
  const columns = [
    ...['time_period', 'geographic_level', 'country_code', 'region_code', 'new_la_code'],
    ...Object.keys(map.columns),
    ...Object.keys(map.where ?? {}),
  ];
  const rows = parse(csv, { bom: true, columns: true }) as unknown as Record<string, string>[];
  const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const kept = rows.filter((row) => row['time_period'] === year);
  return [columns, ...kept.map((row) => columns.map((column) => row[column]!))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n');
}

const isLoaded = ({ state }: ReleaseAnswer) => state !== 'LOADING';

const told = (release: ReleaseAnswer): Outcome => ({
  ...(release.state === 'REFUSED'
    ? { exitCode: 1 as const, remark: `${release.refusedBecause ?? ''}: The book is as it was.` }
    : {}),
  ...(isLoaded(release) ? {} : { exitCode: 3 as const, remark: 'The hub has not read it yet, and goes on by itself.' }),
  text: listing([
    ['id', release.id],
    ['release', release.title],
    ['period', release.period],
    ['state', release.state.toLowerCase()],
    ['refused because', release.refusedBecause ?? undefined],
  ]),
  json: release,
});

export const bookCommands: readonly Command[] = [
  {
    name: 'book load',
    usage: 'FILE --map FILE --period PERIOD --url HUB --token-file F',
    summary: 'Loads a national release (explore education statistics, CSV) into the book, as a steward.',
    argument: 'FILE',
    options: { map: 'required', period: 'required', ...connectionOptions },
    more: [
      'What it opens of a count that is not printed is told to the approvers of its authority, and to nobody else.',
      'Maps for tables of the children in need census lie in contracts/national:',
      '',
      '  hub book load c1_children_in_need.csv --map contracts/national/children-in-need-referrals.json --period 2024-FY',
    ].join('\n'),
    async run(values, say) {
      const [csv, mapText, period] = [readText(values.the('FILE')), readText(values.the('map')), values.the('period')];
      const catalogue = loadCatalogue();
      const map = parseNationalMap(mapText, (code, version) => datasetOf(catalogue, code, version));
      // Read here first: then line and column are those of the file as it lies there.
      readNational(csv, map, period);
      const year = String(Number(period.slice(0, 4)) + 1);
      const hub = hubOf(values);
      const { loadNationalRelease: asked } = await hub.graphql<{ loadNationalRelease: ReleaseAnswer }>(
        `mutation ($map: String!, $csv: String!, $period: String!) {
           loadNationalRelease(map: $map, csv: $csv, period: $period) { ${RELEASE} } }`,
        { map: mapText, csv: narrowed(csv, map, year), period },
      );
      if (isLoaded(asked)) return told(asked);
      say('waiting until the hub has read it into the book');
      const look = async () => {
        const { nationalReleases } = await hub.graphql<{ nationalReleases: ReleaseAnswer[] }>(
          `{ nationalReleases { ${RELEASE} } }`,
        );
        return nationalReleases.find(({ id }) => id === asked.id) ?? asked;
      };
      return told(await waitUntil(asked, isLoaded, look, { giveUpAfter: LONGEST_WAIT_MS }));
    },
  },
  {
    name: 'book opened',
    usage: '--authority CODE --url HUB --token-file F',
    summary: 'Own counts that are not printed and can be worked out since a national release, for your approvers.',
    options: { authority: 'required', ...connectionOptions },
    async run(values) {
      const { openedCounts } = await hubOf(values).graphql<{ openedCounts: OpenedAnswer[] }>(
        'query ($authority: ID!) { openedCounts(authority: $authority) { series period release least most } }',
        { authority: values.the('authority') },
      );
      const rows = openedCounts.map(({ series, period, least, most, release }) => [
        series,
        period,
        least === most ? String(least) : `${least} to ${most}`,
        release,
      ]);
      return {
        text: rows.length
          ? table(['count', 'period', 'can be worked out as', 'by'], rows)
          : 'Nothing of yours is open.\n',
        json: openedCounts,
      };
    },
  },
];
