import { breakdownOf, prose, table, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';
import {
  categoryInWords,
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
} from './view';

interface Point {
  readonly period: string;
  readonly figure: Figure | null;
  readonly mean: number | null;
  readonly control: Limits | null;
  readonly coverage: string | null;
  readonly signal: { readonly text: string } | null;
}
interface Line {
  /** Null: the region. */
  readonly authority: Named | null;
  readonly recent: string | null;
  readonly isTrial: boolean;
  readonly notes: readonly Note[];
  readonly points: readonly Point[];
}
interface History {
  readonly indicator: Named;
  readonly unit: string;
  readonly shows: string;
  readonly choices: readonly string[];
  readonly gaps: readonly string[];
  readonly questions: readonly string[];
  readonly handling: string | null;
  readonly lines: readonly Line[];
}

const HISTORY = `query ($code: ID!, $indicator: String!, $period: String!, $authority: ID, $breakdown: [CategoryInput!], $back: Int) { region(code: $code) { name
  history(indicator: $indicator, period: $period, authority: $authority, breakdown: $breakdown, back: $back) { indicator { code name } unit shows choices gaps questions handling
    lines { authority { code name } recent isTrial notes { about text }
      points { period figure { ${FIGURE} } mean control { lower upper } coverage signal { text } } } } } }`;

/** Its periods, the newest last, beside the region's values where it is not the region itself. */
function lineOf(line: Line, region: Line): string[] {
  const of = new Map(region.points.map((point) => [point.period, point]));
  const number = numbers(
    line.points.flatMap(({ period, figure, control }) => [
      figure?.value,
      control?.lower,
      control?.upper,
      of.get(period)?.figure?.value,
    ]),
  );
  const rows = line.points.map(({ period, figure, mean, control, coverage, signal }) => {
    const beside = of.get(period);
    const why = figure === null ? 'nothing shown' : whyNone(figure);
    return [
      period,
      number(figure?.value),
      number(mean),
      control === null ? '' : `${number(control.lower)} to ${number(control.upper)}`,
      ...(line === region ? [coverage ?? ''] : [number(beside?.figure?.value)]),
      [why, signal?.text].filter(Boolean).join(', '),
    ];
  });
  const beside = line === region ? 'authorities' : 'region';
  return rowsOf(table(['', 'value', 'mean', 'limits', beside, 'more than chance'], rows, [1, 2, 3, 4], 5));
}

async function history(values: Values): Promise<Outcome> {
  const back = values.get('back');
  if (back !== undefined && !/^\d{1,2}$/.test(back))
    throw new UsageError('--back is how many periods before the newest.');
  const authority = values.get('authority') ?? null;
  const { region } = await hubOf(values).graphql<Answer<{ history: History }>>(HISTORY, {
    code: values.the('REGION'),
    indicator: values.the('indicator'),
    period: values.the('period'),
    authority,
    breakdown: breakdownOf(values),
    back: back === undefined ? null : Number(back),
  });
  const { indicator, unit, shows, choices, gaps, questions, handling, lines } = region.history;
  const all = lines.find((one) => one.authority === null);
  const own = authority === null ? all : lines.find((one) => one.authority?.code === authority);
  if (!all || !own) return { text: 'Nothing of it is shared with you.\n', json: forMachines(region) };
  const who = own.authority === null ? region.name : `${own.authority.code} ${nameOf(own.authority)}`;
  const trial = own.isTrial
    ? ['Fewer than twelve values are printed: the limits are on trial, or there are none.']
    : [];
  const text = page(
    prose([`${who}: ${indicator.code} ${indicator.name}${categoryInWords(values)}, ${unit}`, shows]),
    lineOf(own, all),
    prose([
      ...(own.recent === null ? [] : [`the last five values: ${inWords(own.recent)}`]),
      ...trial,
      ...(own.points.some(({ control }) => control)
        ? ['limits: where chance alone leaves the value while nothing changes, round the mean of the line.']
        : []),
      ...(own.points.some(({ figure }) => figure?.kind === 'HIDDEN') ? [HIDDEN] : []),
      ...gaps,
    ]),
    under('How it is drawn', choices),
    under(SAID, notesOf([own])),
    under('What to ask', questions),
    footOf({ handling }),
  );
  return { text, json: forMachines(region) };
}

export const historyCommand: Command = {
  name: 'history',
  usage: 'REGION --indicator CODE --period P [--authority CODE] [--category D=C] [--back N] --url HUB --token-file F',
  summary:
    'How one indicator has gone over time, as a control chart in numbers: an authority beside the region, or the region.',
  argument: 'REGION',
  options: {
    indicator: 'required',
    period: 'required',
    authority: 'optional',
    category: 'optional',
    back: 'optional',
    ...connectionOptions,
  },
  more: 'Without --authority the region. 23 periods before the newest unless --back says how many, 36 at most. The same as a picture: hub export with --charts.\n',
  run: history,
};
