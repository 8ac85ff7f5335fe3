import { HubClient } from '@hub/client';
import { checkPublication, PublicationInvalid } from '@hub/publications/checker';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { NORTH_EAST } from '../../support/world';
import { bold, mustBe, say, timed, type Stage } from '../stage';

/** A reader checks the latest publication by adding up, as `hub publication verify` does, and tries it with a figure changed. */
export async function readerChecks(stage: Stage) {
  const found = await timed('reader’s check', () => addUp(stage));
  say();
  say(bold('A reader checks the publication by adding up, as "hub publication verify" does'));
  say(
    `  checked: digest, ledger entry, ${found.equations} equations, ${found.hidden} hidden figures: none can be computed from what is printed`,
  );
  say(
    `  (${found.tables} whole tables fit what is printed, and no hidden figure is the same in all of them). With one figure changed:`,
  );
  say(`  PUBLICATION_INVALID: ${found.refused}.`);
  return found;
}

async function addUp({ world, hubKey, lead, figures }: Stage) {
  const { url } = world.hub;
  const reader = new HubClient({ url, token: lead });
  const [newest] = (
    await world.ask<{ region: { publications: { edges: { node: { id: string } }[] } } }>(
      lead,
      `{ region(code: "${NORTH_EAST}") { publications(first: 1) { edges { node { id } } } } }`,
    )
  ).region.publications.edges;
  const files = await reader.publication(newest!.node.id);
  const specification = datasetOf(loadCatalogue(), figures.dataset.code, figures.dataset.version);
  const check = (document: string) => checkPublication({ ...files, document }, specification, [hubKey]);
  const { equations, hidden, unshown, tables } = check(files.document);
  let refused = '';
  try {
    check(files.document.replace(/"region":(\d+)/, (_, figure) => `"region":${Number(figure) + 1}`));
  } catch (error) {
    if (!(error instanceof PublicationInvalid)) throw error;
    refused = error.words;
  }
  mustBe(hidden > 0 && unshown.length === 0, 'a hidden figure is not shown to be safe');
  mustBe(refused !== '', 'a changed publication seems to hold');
  return { equations, hidden, unshown: unshown.length, tables: tables! + 1, refused };
}
