import { listing, type Command } from './command';
import { connectionOptions, hubOf } from './connection';

interface Held {
  readonly dataset: string;
  readonly period: string;
  readonly state: string;
  readonly heldBecause: string | null;
  readonly heldHelp: { readonly words: readonly string[] } | null;
  readonly heldCells:
    readonly { readonly authority: { readonly code: string }; readonly series: readonly string[] }[] | null;
}

export const heldCommands: readonly Command[] = [
  {
    name: 'round held',
    usage: 'ROUND --url HUB --token-file F',
    summary:
      'Why a round is held: for its lead what could not be protected and what would help, for an authority which of its own counts.',
    argument: 'ROUND',
    options: connectionOptions,
    async run(values) {
      const { round } = await hubOf(values).graphql<{ round: Held }>(
        `query ($id: ID!) { round(id: $id) { dataset period state heldBecause
           heldHelp { dataset nextEdition words tables { indicator { code } dimension coarser fourQuarters } }
           heldCells { authority { code } series } } }`,
        { id: values.the('ROUND') },
      );
      const { dataset, period, state, heldBecause, heldHelp, heldCells } = round;
      if (state !== 'HELD') return { text: `The round is ${state.toLowerCase()}, not held.\n`, json: round };
      const own = (heldCells ?? []).flatMap(({ authority, series }) => [
        `Own counts of ${authority.code} that could not be protected:`,
        ...series.map((key) => `  ${key}`),
      ]);
      return {
        text:
          listing([
            ['round', `${dataset} ${period}`],
            ['held because', heldBecause ?? undefined],
          ]) + [...(heldHelp?.words ?? []), ...own].map((line) => `${line}\n`).join(''),
        json: round,
      };
    },
  },
];
