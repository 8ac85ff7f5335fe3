import { dateOf, listIn, listing, table, type Command } from './command';
import { connectionOptions, hubOf } from './connection';

interface CircleAnswer {
  readonly id: string;
  readonly name: string;
  readonly authorities: readonly { readonly code: string }[];
  readonly series: readonly string[] | null;
  readonly from: string;
}

const CIRCLE = 'id name authorities { code } series from';

const circleOf = ({ authorities, ...circle }: CircleAnswer) => ({
  ...circle,
  authorities: authorities.map(({ code }) => code),
});

export const circleCommands: readonly Command[] = [
  {
    name: 'circle declare',
    usage: '--name NAME --authorities CODE,CODE --from DATE [--series KEY,KEY] --url HUB --token-file F',
    summary:
      'Says that some people know raw figures of these authorities together, so that publications hold against them. It never ends.',
    options: { name: 'required', authorities: 'required', from: 'required', series: 'optional', ...connectionOptions },
    more: [
      'A shared service or a board over several authorities knows everything that they send. An agency that knows its own',
      'figures alone is declared with their series, in one authority or several:',
      '',
      "  hub circle declare --name 'Cleveland Police' --authorities E06000001,E06000002 --from 2026-04-01 \\",
      "    --series 'RF01|source=police#count,RF05#count'",
    ].join('\n'),
    async run(values) {
      const series = values.get('series');
      const { declareCircle } = await hubOf(values).graphql<{ declareCircle: CircleAnswer }>(
        `mutation ($name: String!, $authorities: [ID!]!, $from: Date!, $series: [String!]) {
           declareCircle(name: $name, authorities: $authorities, from: $from, series: $series) { ${CIRCLE} } }`,
        {
          name: values.the('name'),
          authorities: listIn(values.the('authorities')),
          from: dateOf(values, 'from'),
          series: series === undefined ? null : listIn(series),
        },
      );
      const circle = circleOf(declareCircle);
      return {
        text: listing([
          ['circle', circle.id],
          ['name', circle.name],
          ['authorities', circle.authorities.join(' ')],
          ['knows', circle.series?.join(' ') ?? 'everything that they send'],
          ['from', circle.from],
        ]),
        json: circle,
      };
    },
  },
  {
    name: 'circle list',
    usage: '--url HUB --token-file F',
    summary: 'Every declared circle, newest first.',
    options: connectionOptions,
    async run(values) {
      const { circles } = await hubOf(values).graphql<{ circles: CircleAnswer[] }>(`query { circles { ${CIRCLE} } }`);
      const all = circles.map(circleOf);
      const rows = all.map((one) => [
        one.from,
        one.name,
        one.authorities.join(' '),
        one.series?.join(' ') ?? 'everything',
      ]);
      return { text: rows.length ? table(['from', 'name', 'authorities', 'knows'], rows) : 'No circles.\n', json: all };
    },
  },
];
