import { narrowed, nationalDigest, parseNationalMap, readNational } from '@hub/publications/domain';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { listing, readText, table, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';
import { waitUntil } from './wait';

interface ReleaseAnswer {
  readonly id: string;
  readonly title: string;
  readonly period: string;
  readonly state: string;
  readonly refusedBecause: string | null;
  readonly dataset: string;
  readonly source: string | null;
  readonly digest: string | null;
  readonly proposedAt: string;
  readonly confirmedAt: string | null;
}
interface OpenedAnswer {
  readonly series: string;
  readonly period: string;
  readonly release: string;
  readonly least: number;
  readonly most: number;
}

const RELEASE = 'id title dataset period source state refusedBecause digest proposedAt confirmedAt';
const LONGEST_WAIT_MS = 10 * 60_000;

const waitingWords = (digest: string) =>
  `It waits for a second steward, who takes the file from the Department too: hub book digest, then hub book confirm ${digest}`;

const isLoaded = ({ state }: ReleaseAnswer) => state !== 'LOADING';

const told = (release: ReleaseAnswer): Outcome => ({
  ...(release.state === 'REFUSED'
    ? { exitCode: 1 as const, remark: `${release.refusedBecause ?? ''}: The book is as it was.` }
    : release.state === 'PROPOSED'
      ? { remark: waitingWords(release.digest ?? '') }
      : {}),
  ...(isLoaded(release) ? {} : { exitCode: 3 as const, remark: 'The hub has not read it yet, and goes on by itself.' }),
  text: listing([
    ['id', release.id],
    ['release', release.title],
    ['period', release.period],
    ['digest', release.digest ?? undefined],
    ['state', release.state.toLowerCase()],
    ['refused because', release.refusedBecause ?? undefined],
  ]),
  json: release,
});

/** Read here first: then line and column are those of the file as it lies there. */
function fileOf(values: Values) {
  const [csv, mapText, period] = [readText(values.the('FILE')), readText(values.the('map')), values.the('period')];
  const catalogue = loadCatalogue();
  const map = parseNationalMap(mapText, (code, version) => datasetOf(catalogue, code, version));
  return { csv, map, mapText, period, facts: readNational(csv, map, period) };
}

const releasesOf = async (hub: ReturnType<typeof hubOf>): Promise<ReleaseAnswer[]> =>
  (await hub.graphql<{ nationalReleases: ReleaseAnswer[] }>(`{ nationalReleases { ${RELEASE} } }`)).nationalReleases;

export const bookCommands: readonly Command[] = [
  {
    name: 'book load',
    usage: 'FILE --map FILE --period PERIOD --url HUB --token-file F',
    summary:
      'Proposes a national release (explore education statistics, CSV) for the book, as a steward; another one confirms it.',
    argument: 'FILE',
    options: { map: 'required', period: 'required', ...connectionOptions },
    more: [
      'What it opens of a count that is not printed is told to the approvers of its authority, and to nobody else.',
      'Maps for tables of the children in need census lie in contracts/national:',
      '',
      '  hub book load c1_children_in_need.csv --map contracts/national/children-in-need-referrals.json --period 2024-FY',
    ].join('\n'),
    async run(values) {
      const { csv, map, mapText, period } = fileOf(values);
      const { loadNationalRelease: release } = await hubOf(values).graphql<{ loadNationalRelease: ReleaseAnswer }>(
        `mutation ($map: String!, $csv: String!, $period: String!) {
           loadNationalRelease(map: $map, csv: $csv, period: $period) { ${RELEASE} } }`,
        { map: mapText, csv: narrowed(csv, map, period), period },
      );
      return told(release);
    },
  },
  {
    name: 'book digest',
    usage: 'FILE --map FILE --period PERIOD',
    summary: 'The digest of a national release, of the file as it lies here: nothing is sent.',
    argument: 'FILE',
    options: { map: 'required', period: 'required' },
    run(values) {
      const { map, facts } = fileOf(values);
      const digest = nationalDigest(map, facts);
      return Promise.resolve({ text: `${digest}\n`, json: { digest } });
    },
  },
  {
    name: 'book confirm',
    usage: 'DIGEST --url HUB --token-file F',
    summary:
      'Lets a release that another steward has loaded into the book; find DIGEST from your own copy of the file.',
    argument: 'DIGEST',
    options: connectionOptions,
    async run(values, say) {
      const hub = hubOf(values);
      const { confirmNationalRelease: asked } = await hub.graphql<{ confirmNationalRelease: ReleaseAnswer }>(
        `mutation ($digest: String!) { confirmNationalRelease(digest: $digest) { ${RELEASE} } }`,
        { digest: values.the('DIGEST') },
      );
      if (isLoaded(asked)) return told(asked);
      say('waiting until the hub has read it into the book');
      const look = async () => (await releasesOf(hub)).find(({ id }) => id === asked.id) ?? asked;
      return told(await waitUntil(asked, isLoaded, look, { giveUpAfter: LONGEST_WAIT_MS }));
    },
  },
  {
    name: 'book withdraw',
    usage: 'DIGEST --url HUB --token-file F',
    summary: 'Takes back a release that waits for a second steward.',
    argument: 'DIGEST',
    options: connectionOptions,
    async run(values) {
      const { withdrawNationalRelease } = await hubOf(values).graphql<{ withdrawNationalRelease: ReleaseAnswer }>(
        `mutation ($digest: String!) { withdrawNationalRelease(digest: $digest) { ${RELEASE} } }`,
        { digest: values.the('DIGEST') },
      );
      return told(withdrawNationalRelease);
    },
  },
  {
    name: 'book list',
    usage: '--url HUB --token-file F',
    summary: 'National releases that were loaded or wait, for members of regions and stewards.',
    options: connectionOptions,
    async run(values) {
      const releases = await releasesOf(hubOf(values));
      const rows = releases.map((one) => [
        one.title,
        one.dataset,
        one.period,
        one.state.toLowerCase(),
        one.confirmedAt ?? one.proposedAt,
        one.digest ?? '',
      ]);
      return {
        text: rows.length
          ? table(['release', 'dataset', 'period', 'state', 'at', 'digest'], rows)
          : 'None was loaded.\n',
        json: releases,
      };
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
