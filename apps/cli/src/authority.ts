import { table, type Command } from './command';
import { connectionOptions, hubOf } from './connection';

interface OfRegion {
  readonly authority: { readonly code: string; readonly name: string | null };
  readonly since: string | null;
  readonly partyOf: readonly {
    readonly id: string;
    readonly version: number;
    readonly since: string;
    readonly until: string;
  }[];
}

export const authorityCommands: readonly Command[] = [
  {
    name: 'authority list',
    usage: 'REGION --url HUB --token-file F',
    summary: 'The authorities of a region today, by code, and which agreement in force each is a party of.',
    argument: 'REGION',
    options: connectionOptions,
    async run(values) {
      const { region } = await hubOf(values).graphql<{ region: { authorities: readonly OfRegion[] } }>(
        `query ($code: ID!) { region(code: $code) { authorities { authority { code name } since partyOf { id version since until } } } }`,
        { code: values.the('REGION') },
      );
      const rows = region.authorities.flatMap(({ authority: { code, name }, partyOf }) => {
        const [first = ['', '', 'no party'], ...more] = partyOf.map(({ id, since, until }) => [since, until, id]);
        return [[code, name ?? '', ...first], ...more.map((one) => ['', '', ...one])];
      });
      const head = ['code', 'authority', 'since', 'until', 'agreement'];
      return { text: table(head, rows, [], 4), json: region.authorities };
    },
  },
];
