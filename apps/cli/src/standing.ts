import { allPages, type Page } from '@hub/client';
import { inTenths } from '@hub/kernel';
import { breakdownOf, prose, table, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';
import { publishedInWords } from './published';
import {
  categoryInWords,
  countOf,
  FIGURE,
  footOf,
  forMachines,
  HIDDEN,
  inWords,
  nameOf,
  notesOf,
  numbers,
  page,
  rowsOf,
  SAID,
  under,
  whyNone,
  type Answer,
  type Figure,
  type Limits,
  type Named,
  type Note,
  type Publication,
} from './view';

interface Change {
  readonly was: number;
  readonly by: number | null;
  readonly isBeyondChance: boolean | null;
  readonly remark: string | null;
}
interface Told {
  readonly indicator: Named;
  readonly publication: Publication;
  readonly shows: string;
  readonly coverage: { readonly submitted: number; readonly parties: number; readonly text: string };
  readonly handling: string | null;
}
interface Standing extends Told {
  readonly together: string | null;
  readonly gaps: readonly string[];
  readonly commentary: readonly { readonly of: string; readonly text: string }[];
  readonly questions: readonly string[];
  readonly authorities: readonly {
    readonly authority: Named | null;
    readonly figure: Figure;
    readonly limits: Limits | null;
    readonly comparison: string | null;
    readonly place: string | null;
    readonly change: Change | null;
    readonly notes: readonly Note[];
  }[];
  readonly region: Figure;
  readonly regionLimits: Limits | null;
  readonly regionChange: Change | null;
  readonly quartiles: (Record<'lower' | 'median' | 'upper', number | null> & { readonly text: string }) | null;
}
interface Funnel extends Told {
  readonly funnel: {
    readonly remark: string;
    readonly pooled: number;
    readonly unit: string;
    readonly authorities: readonly {
      readonly authority: Named;
      readonly value: number;
      readonly base: number;
      readonly flag: string;
      readonly notes: readonly Note[];
    }[];
  } | null;
}
interface Spine extends Told {
  readonly region: Figure;
  readonly england: { readonly value: number; readonly text: string } | null;
  readonly authorities: readonly {
    readonly authority: Named;
    readonly figure: Figure;
    readonly comparison: string | null;
    readonly band: string | null;
    readonly neighbours: {
      readonly mean: number | null;
      readonly of: number;
      readonly printed: readonly Named[];
    } | null;
    readonly notes: readonly Note[];
  }[];
}
const TOLD =
  'indicator { code name } publication { number dataset period edition publishedAt revised digest } shows coverage { submitted parties text } handling';
const CHANGE = 'was by isBeyondChance remark';
const INDICATOR = `query ($code: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!], $against: String) { region(code: $code) { name
  benchmark(indicator: $indicator, period: $period, breakdown: $breakdown, against: $against) { ${TOLD} together gaps commentary { of text } questions
    authorities { authority { code name } figure { ${FIGURE} } limits { lower upper } comparison place change { ${CHANGE} } notes { about text } }
    region { ${FIGURE} } regionLimits { lower upper } regionChange { ${CHANGE} } quartiles { lower median upper text } } } }`;
const FUNNEL = `query ($code: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!], $widened: Boolean) { region(code: $code) { name
  benchmark(indicator: $indicator, period: $period, breakdown: $breakdown) { ${TOLD}
    funnel(widened: $widened) { remark pooled unit dispersion isWidened authorities { authority { code name } value base flag notes { about text } } } } } }`;
const SPINE = `query ($code: ID!, $authority: ID!, $period: String!, $dataset: String, $after: String) { region(code: $code) { name
  benchmarkTable(period: $period, dataset: $dataset, authority: $authority, first: 30, after: $after) { edges { node { ${TOLD}
    region { ${FIGURE} } england { value text } quartiles { least lower median upper most text }
    authorities { authority { code name } figure { ${FIGURE} } comparison band neighbours { mean of printed { code name } } notes { about text } } } }
    pageInfo { hasNextPage endCursor } } } }`;

const signed = (change: number): string => `${change > 0 ? '+' : change < 0 ? '−' : ''}${inTenths(Math.abs(change))}`;

const COMPARED =
  'compared: how the 95 % limits lie beside the region’s value, by chance alone; higher and lower where neither end is better.';

/** Where what was asked comes from, before it. */
const headOf = (region: string, about: string, { publication, shows }: Told): string[] =>
  prose([
    `${region}: ${about}`,
    `${publication.dataset} ${publication.period}, ${publishedInWords(publication)}`,
    shows,
  ]);

/** Whether chance alone can have made a change; why that cannot be said stands in its remark. */
const chanceInWords = ({ isBeyondChance }: Change): string =>
  isBeyondChance === null ? 'not said' : isBeyondChance ? 'more than chance' : 'chance can make it';

/** Each authority and the region beside an earlier period; and what is remarked of them. */
function changesOf(
  { authorities, region, regionChange }: Standing,
  name: string,
  against: string,
  period: string,
): { readonly rows: string[]; readonly remarks: string[] } {
  const all = [
    ...authorities.map(({ authority, figure, change }) => ({ name: nameOf(authority), figure, change })),
    { name, figure: region, change: regionChange },
  ];
  const number = numbers(all.flatMap(({ figure, change }) => [figure.value, change?.was]));
  const made = table(
    ['', against, period, 'change', 'by chance?'],
    all.map(({ name, figure, change }) => [
      name,
      number(change?.was),
      number(figure.value),
      change?.by === null || change?.by === undefined ? '' : signed(change.by),
      change ? chanceInWords(change) : whyNone(figure) || `none of ${against}`,
    ]),
    [1, 2, 3],
  );
  const remarks = all.flatMap(({ name, change }) => (change?.remark ? [`${name}: ${change.remark}`] : []));
  return { rows: rowsOf(made), remarks };
}

/** What every place says where neither end is better; it is said once. */
const ORDER = ', highest first';

/** Each authority with its limits and place, and the region. */
function placesOf({ authorities, region, regionLimits }: Standing, name: string): string[] {
  const all = [
    ...authorities.map(({ authority, ...one }) => ({ ...one, name: nameOf(authority) })),
    { name, figure: region, limits: regionLimits, comparison: null, place: null },
  ];
  const number = numbers(all.flatMap(({ figure, limits }) => [figure.value, limits?.lower, limits?.upper]));
  const made = table(
    ['', 'count', 'value', '95 % limits', 'compared', 'place'],
    all.map(({ name, figure, limits, comparison, place }) => [
      name,
      countOf(figure),
      number(figure.value),
      limits === null ? '' : `${number(limits.lower)} to ${number(limits.upper)}`,
      comparison === null ? '' : inWords(comparison),
      [whyNone(figure), place?.replace(ORDER, '')].filter(Boolean).join(', '),
    ]),
    [1, 2, 3],
    5,
  );
  return rowsOf(made);
}

async function indicator(values: Values): Promise<Outcome> {
  const [period, against] = [values.the('period'), values.get('against')];
  const { region } = await hubOf(values).graphql<Answer<{ benchmark: Standing }>>(INDICATOR, {
    code: values.the('REGION'),
    indicator: values.the('indicator'),
    period,
    breakdown: breakdownOf(values),
    against: against ?? null,
  });
  const { benchmark } = region;
  const { indicator: of, coverage, quartiles, together, gaps, commentary, questions, authorities } = benchmark;
  const figures = [...authorities.map(({ figure }) => figure), benchmark.region];
  const number = numbers([quartiles?.lower, quartiles?.median, quartiles?.upper]);
  const regionName = `region (${coverage.text})`;
  const ofPlaces =
    against === undefined
      ? [
          ...(quartiles
            ? [
                `quartiles ${number(quartiles.lower)}, ${number(quartiles.median)}, ${number(quartiles.upper)}: ${quartiles.text}`,
              ]
            : []),
          ...(authorities.some(({ place }) => place?.includes(ORDER)) ? ['place: the highest value is 1st.'] : []),
          ...(authorities.some(({ comparison }) => comparison) ? [COMPARED] : []),
        ]
      : [];
  const { rows, remarks } =
    against === undefined
      ? { rows: placesOf(benchmark, regionName), remarks: ofPlaces }
      : changesOf(benchmark, regionName, against, period);
  const text = page(
    headOf(region.name, `${of.code} ${of.name}${categoryInWords(values)}, ${benchmark.region.unit}`, benchmark),
    rows,
    prose([
      ...remarks,
      ...(figures.some(({ kind }) => kind === 'HIDDEN') ? [HIDDEN] : []),
      ...(together === null ? [] : [together]),
      ...gaps,
    ]),
    under(
      'What is said of it',
      commentary.map((one) => `${one.of}: ${one.text}`),
    ),
    under(SAID, notesOf(authorities)),
    under('What to ask', questions),
    footOf({ ...benchmark, ...benchmark.publication }),
  );
  return { text, json: forMachines(region) };
}

const flags: Readonly<Record<string, string>> = {
  FAR_HIGH: 'far above',
  HIGH: 'above',
  WITHIN: 'within',
  LOW: 'below',
  FAR_LOW: 'far below',
};

async function funnel(values: Values): Promise<Outcome> {
  const { region } = await hubOf(values).graphql<Answer<{ benchmark: Funnel }>>(FUNNEL, {
    code: values.the('REGION'),
    indicator: values.the('indicator'),
    period: values.the('period'),
    breakdown: breakdownOf(values),
    widened: values.has('widened'),
  });
  const { benchmark } = region;
  const { indicator: of, coverage, funnel: drawn } = benchmark;
  const unit = drawn === null ? '' : `, ${drawn.unit}`;
  const number = numbers([drawn?.pooled, ...(drawn?.authorities ?? []).map(({ value }) => value)]);
  const text = page(
    headOf(region.name, `${of.code} ${of.name}${categoryInWords(values)}${unit}`, benchmark),
    drawn === null
      ? prose([
          'There are no limits: it is an average, counted in tenths or 100 % by what it counts, or too little is printed.',
        ])
      : rowsOf(
          table(
            ['', 'value', 'of', 'limits'],
            drawn.authorities.map(({ authority, value, base, flag }) => [
              nameOf(authority),
              number(value),
              String(base),
              flags[flag] ?? flag,
            ]),
            [1, 2],
          ),
        ),
    drawn === null
      ? []
      : prose([
          `${region.name} ${number(drawn.pooled)} (${coverage.text}). ${drawn.remark}`,
          'above and below: the 95 % limits; far: those of 99.8 %. of: what the value is a part of.',
        ]),
    under(SAID, notesOf(drawn?.authorities ?? [])),
    footOf({ ...benchmark, ...benchmark.publication }),
  );
  return { text, json: forMachines(region) };
}

/** Indicators of an authority that have no value, by why. */
function withoutValue(nodes: readonly Spine[]): string[] {
  const found = new Map<string, string[]>();
  for (const { indicator, authorities } of nodes) {
    const why = authorities[0] ? whyNone(authorities[0].figure) : 'not shown';
    if (why) found.set(why, [...(found.get(why) ?? []), indicator.code]);
  }
  return [...found].map(([why, codes]) => `${why}: ${codes.join(' ')}`);
}

/** One authority over the indicators of a dataset. */
function spineOf(region: string, nodes: readonly [Spine, ...Spine[]]): string {
  const [first] = nodes;
  const withUnit = (value: number | null | undefined, { unit }: Figure) =>
    value === null || value === undefined ? '' : `${inTenths(value)}${unit === '%' ? unit : ''}`;
  const shown = nodes.flatMap((node) => {
    const [own] = node.authorities;
    return own && own.figure.value !== null ? [{ ...node, ...own }] : [];
  });
  const rows = shown.map(({ indicator, figure, comparison, band, region: all, england, neighbours }) => [
    `${indicator.code} ${indicator.name}`,
    withUnit(figure.value, figure),
    comparison === null ? '' : inWords(comparison),
    band ?? '',
    withUnit(all.value, figure),
    withUnit(england?.value, figure),
    withUnit(neighbours?.mean, figure),
  ]);
  const averages = shown.filter(({ figure }) => figure.unit === 'average').map(({ indicator }) => indicator.code);
  const partial = shown.flatMap(({ indicator, coverage: { submitted, parties, text } }) =>
    submitted < parties ? [`${indicator.code} ${text}`] : [],
  );
  const near = new Set(
    shown.flatMap(({ neighbours }) => (neighbours && neighbours.mean !== null ? neighbours.printed.map(nameOf) : [])),
  );
  const authority = first.authorities[0]?.authority;
  return page(
    headOf(region, authority ? `${authority.code} ${nameOf(authority)}` : 'nobody', first),
    rowsOf(table(['', 'value', 'compared', 'quarter', 'region', 'England', 'neighbours'], rows, [1, 4, 5, 6], 0)),
    prose([
      ...withoutValue(nodes),
      ...(partial.length ? [`region of fewer than all: ${partial.join(', ')}`] : []),
      `Per 10,000 children where no % stands${averages.length ? `; ${averages.join(' ')} averages` : ''}.`,
      'quarter: A is the best of the printed values, D the worst; none where neither end is better.',
      COMPARED,
      ...new Set(shown.flatMap(({ england }) => england?.text ?? [])),
      ...(near.size
        ? [
            `neighbours: the mean of those of its statistical neighbours (2025) that are printed here: ${[...near].join(', ')}.`,
          ]
        : []),
    ]),
    under(
      SAID,
      nodes.flatMap(({ indicator, authorities }) => notesOf(authorities).map((note) => `${indicator.code}, ${note}`)),
    ),
    footOf({ ...first, ...first.publication }),
  );
}

async function spine(values: Values): Promise<Outcome> {
  let name = '';
  const nodes = await allPages(async (after) => {
    const { region } = await hubOf(values).graphql<Answer<{ benchmarkTable: Page<Spine> }>>(SPINE, {
      code: values.the('REGION'),
      authority: values.the('authority'),
      period: values.the('period'),
      dataset: values.get('dataset') ?? null,
      after,
    });
    name = region.name;
    return region.benchmarkTable;
  });
  const datasets = [...new Set(nodes.map(({ publication }) => publication.dataset))];
  const pages = datasets.map((dataset) =>
    spineOf(name, nodes.filter(({ publication }) => publication.dataset === dataset) as [Spine, ...Spine[]]),
  );
  return { text: pages.join('\n'), json: forMachines({ name, indicators: nodes }) };
}

const CONNECTED = '--url HUB --token-file F';

export const standingCommands: readonly Command[] = [
  {
    name: 'indicator',
    usage: `REGION --indicator CODE --period P [--category D=C] [--against P] ${CONNECTED}`,
    summary:
      'Where each authority stands on one indicator, or one category of it; with --against what has changed since.',
    argument: 'REGION',
    options: {
      indicator: 'required',
      period: 'required',
      category: 'optional',
      against: 'optional',
      ...connectionOptions,
    },
    more: 'hub indicator E12000001 --indicator RF01 --period 2024-FY\nOne category: --category source=police; `hub dataset show CODE` names those that there are. Beside an earlier period: --against 2022-FY; whether the difference is more than chance stands behind it.\n',
    run: indicator,
  },
  {
    name: 'funnel',
    usage: `REGION --indicator CODE --period P [--category D=C] [--widened] ${CONNECTED}`,
    summary: 'Who differs from the region by more than chance, each held against the limits of its size.',
    argument: 'REGION',
    options: {
      indicator: 'required',
      period: 'required',
      category: 'optional',
      widened: 'flag',
      ...connectionOptions,
    },
    more: 'With --widened the limits allow for what authorities differ beyond chance; without it they hold chance alone.\n',
    run: funnel,
  },
  {
    name: 'spine',
    usage: `REGION --authority CODE --period P [--dataset CODE] ${CONNECTED}`,
    summary:
      'Where one authority stands over all indicators, beside the region, England and its statistical neighbours.',
    argument: 'REGION',
    options: { authority: 'required', period: 'required', dataset: 'optional', ...connectionOptions },
    more: '`hub authority list REGION` has the codes. The same as a picture: hub export with --charts.\n',
    run: spine,
  },
];
