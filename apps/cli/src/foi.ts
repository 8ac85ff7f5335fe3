import type { AgreementDocument } from '@hub/agreements/domain';
import { camelCase } from '@hub/client';
import type { Outcome, Values } from './command';
import { hubOf } from './connection';
import { publicationsOf } from './published';

/** For a request under the Freedom of Information Act: what exists, and who has to be asked before an answer. No figure. */
export async function forFoi(values: Values): Promise<Outcome> {
  const region = values.the('REGION');
  const hub = hubOf(values);
  const publications = await publicationsOf(hub, region);
  const agreements = [];
  for (const { id, version } of await hub.agreements({ region, state: 'inForce' })) {
    const { document } = await hub.agreement(id, version);
    const { title, foi, parties, tables } = JSON.parse(document) as AgreementDocument;
    const datasets = [...new Set(tables.map(({ dataset }) => dataset))];
    agreements.push({
      id,
      version,
      title,
      foi,
      datasets,
      ask: parties.map(({ authority, contact }) => ({ authority, contact })),
    });
  }
  const lines = [
    `Published in ${region}: ${publications.length}`,
    ...publications.map(
      ({ number, dataset, period, state, digest }) =>
        `  ${String(number).padStart(4)}  ${period.padEnd(8)} ${dataset.padEnd(24)} ${camelCase(state).padEnd(11)} ${digest.slice(0, 16)}`,
    ),
    'Each authority answers for its own figures. Before an answer is given, these have to be asked:',
    ...agreements.flatMap(({ id, version, foi, datasets, ask }) => [
      `  ${id} version ${version} (${datasets.join(', ')}): ${foi.duty} within ${foi.withinWorkingDays} working days`,
      ...ask.map(({ authority, contact }) => `    ${authority}  ${contact}`),
    ]),
    'This list holds no figure. What is hidden stays hidden: it was never published and cannot be given out of a publication.',
  ];
  return { text: `${lines.join('\n')}\n`, json: { region, publications, agreements } };
}
