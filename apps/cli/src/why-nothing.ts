import type { HubClient } from '@hub/client';
import { nullWhere } from './connection';

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
    const next = round ? `; ${coming ?? 'its round has not been opened again'}` : '';
    return `publication ${number} was withdrawn${why}${next}`;
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

type Node<Key extends keyof PeriodNow> = { edges: { node: NonNullable<PeriodNow[Key]> & { period: string } }[] };

/**
 * Why nothing of a period is read, as far as the caller may know it. Rounds are told to members of the region alone; that something
 * which was shared with them was withdrawn others know too.
 */
export async function whyNothing(hub: HubClient, { region: code, dataset, period }: Asked): Promise<string> {
  const publications = await unlessAbsent(
    hub.graphql<{ region: { publications: Node<'publication'> } }>(
      `query ($code: ID!, $dataset: String!, $period: String!) { region(code: $code) {
         publications(dataset: $dataset, period: $period, first: 1) { edges { node { number period state withdrawal { at inWords } } } } } }`,
      { code, dataset, period },
    ),
  );
  const rounds = await unlessAbsent(
    hub.graphql<{ region: { rounds: Node<'round'> } }>(
      `query ($code: ID!, $dataset: String!) { region(code: $code) {
         rounds(dataset: $dataset, first: 100) { edges { node { period state closes publishesAt heldBecause } } } } }`,
      { code, dataset },
    ),
  );
  const publication = publications?.region.publications.edges[0]?.node;
  const round = rounds?.region.rounds.edges.find(({ node }) => node.period === period)?.node;
  if (!publications || (!publication && !rounds)) return 'nothing of it is shared with you';
  return nothingInWords({ ...(publication ? { publication } : {}), ...(round ? { round } : {}) });
}

/** Null where the hub says that there is nothing for whoever asks; that it cannot answer now is another matter. */
const unlessAbsent = <T>(asked: Promise<T>): Promise<T | null> =>
  nullWhere(({ more }) => more.kind !== 'unavailable', asked);
