import { HubClient, HubProblem } from '@hub/client';
import { checkPublication } from '@hub/publications/checker';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { NORTH_EAST } from '../../support/world';
import { bold, mustBe, say, timed, type Stage } from '../stage';

/** The first edition of a period turns out to be wrong: the lead withdraws it, and a reader who has kept a copy asks. */
export async function publicationIsWithdrawn(stage: Stage) {
  const found = await timed('withdrawn publication', () => withdraw(stage));
  say();
  say(bold(`A publication is withdrawn: number ${found.number}, the first edition of ${found.period}`));
  say(`  Its lead withdraws it, alone and at once, because ${found.because}.`);
  say(`  Whoever asks for it is refused from then on, with since when and why (${found.code}), and is sent to`);
  say(
    `  publication ${found.replacedBy}, which stands in its place. A copy that somebody has kept adds up as before: the hub says of it that`,
  );
  say('  it was withdrawn, and not to use it.');
  return found;
}

async function withdraw({ world, hubKey, lead, figures, periods }: Stage) {
  const period = periods[1]!;
  const client = new HubClient({ url: world.hub.url, token: lead });
  const { region } = await world.ask<{
    region: { publications: { edges: { node: { id: string; number: number; state: string } }[] } };
  }>(
    lead,
    `{ region(code: "${NORTH_EAST}") { publications(period: "${period}") { edges { node { id number state } } } } }`,
  );
  const editions = region.publications.edges.map(({ node }) => node);
  const first = editions.at(-1)!;
  const kept = await client.publication(first.id);
  const { inWords } = await client.withdrawPublication(first.id, 'figuresWrong');
  const code = await client.publication(first.id).then(
    () => 'given',
    (error: unknown) => (error instanceof HubProblem ? error.code : 'no answer'),
  );
  mustBe(code === 'PUBLICATION_WITHDRAWN', `what was withdrawn is ${code}`);
  const specification = datasetOf(loadCatalogue(), figures.dataset.code, figures.dataset.version);
  const { digest } = checkPublication(kept, specification, [hubKey]);
  const { state, withdrawal } = await client.publicationStanding(first.id);
  const replacing = editions.find(({ id }) => id === withdrawal?.replacedBy);
  mustBe(digest === kept.digest && state === 'withdrawn', `a copy of what was withdrawn is ${state}`);
  mustBe(replacing?.state === 'CURRENT', 'nothing stands in the place of what was withdrawn');
  return { period, number: first.number, because: inWords, code, replacedBy: replacing!.number };
}
