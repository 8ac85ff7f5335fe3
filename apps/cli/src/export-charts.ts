import type { ExportTable } from '@hub/benchmarks/domain';
import { csvCell, type HubClient } from '@hub/client';

interface ChartNode {
  readonly svg: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const FIELDS = '{ svg columns rows }';
/** So many in one request. */
const AT_ONCE = 12;

/**
 * The charts of a published period: a heat table, the spine of each authority that is shown by name, and bar, line and funnel
 * of each indicator that has a figure; beside each its table, for who cannot see it.
 * @returns file name to content, `rf01_bar.svg` and `rf01_bar.csv`
 */
export async function chartFiles(
  hub: HubClient,
  { region, dataset, period, authorities, rows }: ExportTable,
): Promise<ReadonlyMap<string, string>> {
  const having = rows.filter(({ figures }) => [...figures.values()].some(({ kind }) => kind === 'value' || kind === 'hidden')); // prettier-ignore
  const asked: [name: string, arguments_: string][] = [
    ['heat', 'kind: HEAT'],
    ...authorities.map(({ code }): [string, string] => [`${code.toLowerCase()}_spine`, `kind: SPINE, authority: "${code}"`]), // prettier-ignore
    ...having.flatMap(({ code }) =>
      ['bar', 'line', 'funnel'].map((kind): [string, string] => [
        `${code.toLowerCase()}_${kind}`,
        `kind: ${kind.toUpperCase()}, indicator: "${code}"`,
      ]),
    ),
  ];
  const files = new Map<string, string>();
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const part = asked.slice(from, from + AT_ONCE);
    const fields = part.map(([name, arguments_]) => `${name}: chart(period: $period, dataset: $dataset, ${arguments_}) ${FIELDS}`); // prettier-ignore
    const answer = await hub.graphql<{ region: Record<string, ChartNode | null> }>(
      `query ($code: ID!, $period: String!, $dataset: String) { region(code: $code) { ${fields.join(' ')} } }`,
      { code: region.code, period, dataset },
    );
    for (const [name, chart] of Object.entries(answer.region)) {
      if (!chart) continue;
      files.set(`${name}.svg`, `${chart.svg}\n`);
      files.set(`${name}.csv`, [chart.columns, ...chart.rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')); // prettier-ignore
    }
  }
  return files;
}
