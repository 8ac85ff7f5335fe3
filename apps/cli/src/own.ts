import { allPages, camelCase, type HubClient, type Page } from '@hub/client';
import { listIn, table, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';

interface Point {
  readonly period: string;
  readonly version: number | null;
  readonly kind: string | null;
  readonly count: number | null;
  readonly of: number | null;
  readonly value: number | null;
  readonly countChange: number | null;
  readonly valueChange: number | null;
}
interface Series {
  readonly authority: { readonly code: string; readonly name: string | null };
  readonly handling: string;
  readonly dataset: string;
  readonly indicator: { readonly code: string; readonly name: string | null };
  readonly unit: string;
  readonly comments: readonly { readonly since: string; readonly text: string }[];
  readonly lines: readonly {
    readonly dimension: string | null;
    readonly category: string | null;
    readonly points: readonly Point[];
  }[];
}

const FIGURES = `query ($authority: ID!, $dataset: String, $indicators: [String!], $dimension: String, $category: String,
    $until: String, $back: Int, $after: String) {
  ownFigures(authority: $authority, dataset: $dataset, indicators: $indicators, dimension: $dimension, category: $category,
      until: $until, back: $back, after: $after) {
    edges { node { authority { code name } handling dataset indicator { code name } unit comments { since text }
      lines { dimension category points { period version kind count of value countChange valueChange } } } }
    pageInfo { hasNextPage endCursor } } }`;

const everything = (hub: HubClient, asked: Readonly<Record<string, unknown>>): Promise<Series[]> =>
  allPages(async (after) => (await hub.graphql<{ ownFigures: Page<Series> }>(FIGURES, { ...asked, after })).ownFigures);

/** As it is written for files: `notCollected`. */
const inWords = (series: Series): Series => ({
  ...series,
  lines: series.lines.map((line) => ({
    ...line,
    points: line.points.map((point) => ({ ...point, kind: point.kind && camelCase(point.kind) })),
  })),
});

const said: Readonly<Record<string, string>> = {
  notCollected: 'not collected',
  notApplicable: 'not applicable',
  notAvailable: 'not available',
};
function figure({ version, kind, count, of, value }: Point): string {
  if (version === null) return 'no return';
  if (kind === null) return '–';
  if (kind !== 'value') return said[kind] ?? kind;
  return `${count}${of === null ? '' : ` of ${of}`}${value === null ? '' : `: ${value.toFixed(1)}`}`;
}
const signed = (change: number, decimals?: number): string => {
  const size = Math.abs(change);
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${decimals === undefined ? size : size.toFixed(decimals)}`;
};
function change(points: readonly Point[]): string {
  const [{ count, countChange, valueChange }, before] = [points.at(-1)!, points.at(-2)];
  // Between two counts there is always a change, unless they count something else.
  if (countChange === null) return count === null || (before?.count ?? null) === null ? '' : 'another comment';
  return `${signed(countChange)}${valueChange === null ? '' : `: ${signed(valueChange, 1)}`}`;
}

/** A table of an indicator: the total, then its categories; the change is of the newest period, against the one before. */
function tableOf({ indicator, unit, comments, lines }: Series): string {
  const periods = lines[0]!.points.map(({ period }) => period);
  const rows = lines.map(({ dimension, category, points }) => [
    dimension === null ? 'total' : `${dimension} ${category}`,
    ...points.map(figure),
    change(points),
  ]);
  const words = comments.map(({ since, text }) => `from ${since}: ${text}\n`).join('');
  const numbers = [...periods.keys(), periods.length].map((i) => i + 1);
  const named = `${indicator.code} ${indicator.name ?? ''}`.trim();
  return `\n${named}, ${unit}\n${words}${table(['', ...periods, 'change'], rows, numbers)}`;
}

async function figures(values: Values): Promise<Outcome> {
  const back = values.get('back');
  if (back !== undefined && !/^\d{1,2}$/.test(back))
    throw new UsageError('--back is how many periods before the newest.');
  const indicators = values.get('indicators');
  const asked = {
    authority: values.the('AUTHORITY'),
    dataset: values.get('dataset') ?? null,
    indicators: indicators === undefined ? null : listIn(indicators),
    dimension: values.get('dimension') ?? null,
    category: values.get('category') ?? null,
    until: values.get('until') ?? null,
    back: back === undefined ? null : Number(back),
  };
  const found = (await everything(hubOf(values), asked)).map(inWords);
  const [first] = found;
  if (!first) {
    const where = asked.dataset ?? 'local-measures, which is looked at where --dataset names no other';
    return { text: `There is no return of yours with such figures. Looked at: ${where}.\n`, json: [] };
  }
  const head = `${first.authority.code} ${first.authority.name ?? ''}: ${first.dataset}\n${first.handling}\n`;
  return { text: head + found.map(tableOf).join(''), json: found };
}

export const ownCommands: readonly Command[] = [
  {
    name: 'own figures',
    usage:
      'AUTHORITY [--dataset CODE] [--indicators CODES] [--dimension D [--category C]] [--until P] [--back N] --url HUB --token-file F',
    summary:
      'Your own raw figures over periods, by team too where your returns give them: count, denominator, value and change. Nobody else sees them.',
    more: 'Without --dataset those of local-measures; --indicators LM01,LM11; --dimension team --category t03 one team beside the total.\nFive periods unless --back says how many before the newest, 11 at most.',
    argument: 'AUTHORITY',
    options: {
      dataset: 'optional',
      indicators: 'optional',
      dimension: 'optional',
      category: 'optional',
      until: 'optional',
      back: 'optional',
      ...connectionOptions,
    },
    run: figures,
  },
];
