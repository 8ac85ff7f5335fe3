import { isSent, type ExportTable } from '@hub/benchmarks/domain';
import type { HubClient } from '@hub/client';
import { csvCell } from '@hub/kernel';
import { UsageError } from './command';
import { nullWhere } from './connection';

interface ChartNode {
  readonly title: string;
  readonly about: string;
  readonly svg: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly source: string;
  readonly handling: string | null;
  readonly licence: string;
}

const CHART = `query ($code: ID!, $period: String!, $dataset: String, $kind: ChartKind!, $indicator: String, $authority: ID, $neighbours: NeighbourModel, $widened: Boolean, $without: [ID!]) {
  region(code: $code) {
    chart(period: $period, dataset: $dataset, kind: $kind, indicator: $indicator, authority: $authority, neighbours: $neighbours, widened: $widened, without: $without) { title about svg columns rows notes source handling licence }
  }
}`;

interface Wanted {
  readonly kind: string;
  readonly indicator?: string;
  readonly authority?: string;
  readonly without?: readonly string[];
  readonly widened?: boolean;
}

/** How charts are drawn. */
export interface Drawing {
  /** The model of the spines' neighbours as the schema names it; undefined: the newest. */
  readonly neighbours: string | undefined;
  /** Codes of authorities that heat table, bars and funnels are drawn without. */
  readonly without: readonly string[];
  /** Whether the limits of funnels allow for what differs between authorities beyond chance. */
  readonly widened: boolean;
}

/**
 * The charts of a published period: a heat table, the spine of each authority that is shown by name, and bar, line and funnel
 * of each indicator that has a figure; beside each its table, for who cannot see it, and
 * publication with digest, handling and licence, and what authorities say of how their figures compare.
 * @returns file name to content, `rf01_bar.svg` and `rf01_bar.csv`, and `rf01_bar.notes.txt` with what a table has no place for
 */
export async function chartFiles(
  hub: HubClient,
  { region, dataset, period, authorities, rows }: ExportTable,
  { neighbours, without, widened }: Drawing,
): Promise<ReadonlyMap<string, string>> {
  if (authorities.length && authorities.every(({ code }) => without.includes(code)))
    throw new UsageError('--without leaves nobody to draw.');
  const having = rows.filter(({ figures }) => [...figures.values()].some(isSent));
  const asked: [name: string, wanted: Wanted][] = [
    ['heat', { kind: 'HEAT', without }],
    ...authorities.map(({ code }): [string, Wanted] => [
      `${code.toLowerCase()}_spine`,
      { kind: 'SPINE', authority: code },
    ]),
    ...having.flatMap(({ code }) =>
      ['bar', 'line', 'funnel'].map((kind): [string, Wanted] => [
        `${code.toLowerCase()}_${kind}`,
        {
          ...{ kind: kind.toUpperCase(), indicator: code },
          ...(kind === 'line' ? {} : { without }),
          ...(kind === 'funnel' ? { widened } : {}),
        },
      ]),
    ),
  ];
  const files = new Map<string, string>();
  for (const [name, wanted] of asked) {
    // One document for all of them: a hub that answers known documents alone knows it.
    const answer = await nullWhere(
      ({ code }) => code === 'NOTHING_TO_DRAW', // an average has no funnel
      hub.graphql<{ region: { chart: ChartNode } }>(CHART, {
        code: region.code,
        period,
        dataset,
        neighbours,
        ...wanted,
      }),
    );
    if (!answer) continue;
    const { chart } = answer.region;
    files.set(`${name}.svg`, `${chart.svg}\n`);
    const { title, about, source, handling, licence, notes } = chart;
    const lines = [title, about, source, handling ?? '', licence, ...notes];
    files.set(`${name}.notes.txt`, lines.map((line) => `${line}\n`).join(''));
    files.set(
      `${name}.csv`,
      [chart.columns, ...chart.rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join(''),
    );
  }
  return files;
}
