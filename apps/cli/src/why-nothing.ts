import { HubProblem, type HubClient } from '@hub/client';

/** What is known to a member of a region of a period in which nothing is read. */
export interface PeriodNow {
  /** The newest publication of it, in whatever state. */
  readonly publication?: {
    readonly number: number;
    readonly state: string;
    readonly withdrawal: { readonly at: string; readonly inWords: string } | null;
  };
  readonly round?: {
    readonly state: string;
    readonly closes: string;
    readonly publishesAt: string | null;
    readonly heldBecause: string | null;
  };
}

/** Why nothing of a period is read: never asked for, on its way, held, withdrawn, or not shared. Of a held one no more than its code. */
export function nothingInWords({ publication, round }: PeriodNow): string {
  if (publication?.state === 'CURRENT')
    return `publication ${publication.number} stands, and nothing of it that you ask for is shared with you`;
  if (round?.state === 'HELD')
    return `its round is held (${round.heldBecause ?? 'held'}): nothing has left; \`hub round held\` tells its leads what would help`;
  const coming = round && comingInWords(round);
  if (publication?.state === 'WITHDRAWN') {
    const { number, withdrawal } = publication;
    const why = withdrawal ? ` on ${withdrawal.at.slice(0, 10)}, because ${withdrawal.inWords}` : '';
    return `publication ${number} was withdrawn${why}; ${coming ?? 'its round has not been opened again'}`;
  }
  return coming ?? 'no round of it was opened';
}

function comingInWords({ state, closes, publishesAt }: NonNullable<PeriodNow['round']>): string | undefined {
  if (state === 'PUBLISHED') return undefined;
  const when = publishesAt === null ? 'when its lead asks for it' : `on ${publishesAt}`;
  if (state === 'COMPILING') return `its edition appears ${when}`;
  return `its round is ${state.toLowerCase()}, ends on ${closes}, and is published ${when}`;
}

interface Asked {
  readonly region: string;
  readonly dataset: string;
  readonly period: string;
}

/** Why nothing of a period is read, as far as the caller may know it; to whoever does not belong to the region nothing more is said. */
export async function whyNothing(hub: HubClient, { region: code, dataset, period }: Asked): Promise<string> {
  try {
    const { region } = await hub.graphql<{
      region: {
        publications: { edges: { node: NonNullable<PeriodNow['publication']> }[] };
        rounds: { edges: { node: NonNullable<PeriodNow['round']> & { period: string } }[] };
      };
    }>(
      `query ($code: ID!, $dataset: String!, $period: String!) { region(code: $code) {
         publications(dataset: $dataset, period: $period, first: 1) { edges { node { number state withdrawal { at inWords } } } }
         rounds(dataset: $dataset, first: 100) { edges { node { period state closes publishesAt heldBecause } } } } }`,
      { code, dataset, period },
    );
    const publication = region.publications.edges[0]?.node;
    const round = region.rounds.edges.find(({ node }) => node.period === period)?.node;
    return nothingInWords({ ...(publication ? { publication } : {}), ...(round ? { round } : {}) });
  } catch (error) {
    if (error instanceof HubProblem) return 'nothing of it is shared with you';
    throw error;
  }
}
