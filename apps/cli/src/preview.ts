import { readAgreement, type AgreementDocument } from '@hub/client';
import { isCovered } from '@hub/agreements/domain';
import { londonDate, parsePeriod, type Period, type PeriodKind } from '@hub/kernel';
import type { Preview, PreviewTable, Help } from '@hub/publications/domain';
import {
  inPeriod,
  isAggregated,
  loadCatalogue,
  loadRegistry,
  newestDataset,
  parseSeriesKey,
  populationOf,
  type Dataset,
} from '@hub/registry/domain';
import { readInput, table, UsageError, type Command } from './command';
import { readReturns, type ReadReturn } from './figures';

/** Figures of a dataset, period by period, the oldest first and each following on the one before. */
interface Collected {
  readonly dataset: Dataset;
  readonly periods: readonly { readonly text: string; readonly returns: ReadonlyMap<string, ReadReturn['cells']> }[];
  readonly isMadeUp: boolean;
}

/** How many periods are made up: enough to be added up to a year. */
const periodsOfAYear: Record<PeriodKind, number> = { month: 12, quarter: 4, half: 2, year: 1, calendarYear: 1 };
/** Seconds for one protection: longer than a region needs, and then it is said that it was not decided. */
const SECONDS = 120;

/** The last period of that kind in the last whole year: figures are made up for it. */
function lastPeriod(kind: PeriodKind, today: string): Period {
  const ended = Number(today.slice(0, 4)) - (today.slice(5) < '04-01' ? 1 : 0) - 1;
  const texts: Record<PeriodKind, string> = {
    month: `${ended + 1}-03`,
    quarter: `${ended}-Q4`,
    half: `${ended}-H2`,
    year: `${ended}-FY`,
    calendarYear: `${Number(today.slice(0, 4)) - 1}-CY`,
  };
  return parsePeriod(texts[kind]);
}

const partiesOf = ({ parties }: AgreementDocument): string[] =>
  parties.map(({ authority }): string => authority).sort();

/** Made-up figures for every dataset of the agreement, in the newest version that it covers. */
async function madeUp(document: AgreementDocument, today: string, say: (what: string) => void): Promise<Collected[]> {
  const { dummyFigures } = await import('@hub/publications/domain');
  const [catalogue, registry] = [loadCatalogue(), loadRegistry()];
  const collected: Collected[] = [];
  for (const code of new Set(document.tables.map(({ dataset }) => dataset))) {
    const covered = catalogue.datasets.filter(
      (one) =>
        one.code === code &&
        isAggregated(one) &&
        one.indicators.some(({ code: indicator }) => covers(document, one, indicator, null)),
    );
    if (!covered.length) continue;
    const newest = newestDataset({ ...catalogue, datasets: covered }, code);
    const period = lastPeriod(newest.frequency, today);
    const dataset = inPeriod(newest, period);
    say(`making up figures of ${code} for ${document.parties.length} authorities`);
    const children = new Map(
      partiesOf(document).map((authority) => [authority, populationOf(registry, authority, period) ?? 40_000]),
    );
    const made = await dummyFigures(dataset, children, periodsOfAYear[dataset.frequency]);
    const periods = made.map((counts, i) => ({
      text: i === made.length - 1 ? period.text : '',
      returns: new Map(
        [...counts].map(([authority, series]) => [
          authority,
          new Map([...series].map(([key, value]) => [key, { kind: 'value', value } as const])),
        ]),
      ),
    }));
    collected.push({ dataset, periods, isMadeUp: true });
  }
  return collected;
}

const covers = (document: AgreementDocument, dataset: Dataset, indicator: string, breakdown: string | null): boolean =>
  isCovered(document, { dataset, indicator, breakdown, period: { kind: dataset.frequency } });

/** The figures at hand, by dataset; of each the longest row of periods that ends with the newest. */
function atHand(returns: readonly ReadReturn[], parties: readonly string[], say: (what: string) => void): Collected[] {
  const foreign = new Set(
    returns.map(({ authority }) => authority).filter((authority) => !parties.includes(authority)),
  );
  if (foreign.size) say(`left out, for they are no parties: ${[...foreign].sort().join(' ')}`);
  const codes = [...new Set(returns.map(({ dataset }) => dataset.code))];
  return codes.map((code) => {
    const own = returns.filter(({ dataset, authority }) => dataset.code === code && !foreign.has(authority));
    const [first] = own;
    if (!first) throw new UsageError('None of the figures is of a party to the agreement.');
    const other = own.find(({ dataset }) => dataset.version !== first.dataset.version);
    if (other) throw new UsageError(`${first.file} and ${other.file} are of different versions of ${code}.`);
    const found = new Map<string, { period: Period; dataset: Dataset; returns: Map<string, ReadReturn['cells']> }>();
    for (const { file, authority, period, dataset, cells } of own) {
      const at = found.get(period.text) ?? { period, dataset, returns: new Map() };
      found.set(period.text, at);
      if (at.returns.has(authority))
        throw new UsageError(`${file}: there are two returns of ${authority} for ${period.text}.`);
      at.returns.set(authority, cells);
    }
    const inOrder = [...found.values()].sort((a, b) => (a.period.from < b.period.from ? -1 : 1));
    let start = inOrder.length - 1;
    while (start > 0 && inOrder[start - 1]!.period.until === inOrder[start]!.period.from) start--;
    const { dataset } = inOrder.at(-1)!;
    const periods = inOrder.slice(start).map(({ period, returns: each }) => ({ text: period.text, returns: each }));
    return { dataset, periods, isMadeUp: false };
  });
}

/** Without what the agreement does not cover: that would not be published. */
function shared(
  document: AgreementDocument,
  { dataset, periods }: Collected,
): ReadonlyMap<string, ReadReturn['cells']>[] {
  const known = new Map<string, boolean>();
  const isShared = (key: string): boolean => {
    const { indicator, categories } = parseSeriesKey(key);
    const name = `${indicator}|${Object.keys(categories).join()}`;
    if (!known.has(name)) known.set(name, covers(document, dataset, indicator, Object.keys(categories)[0] ?? null));
    return known.get(name)!;
  };
  return periods.map(
    ({ returns }) =>
      new Map(
        [...returns].map(([authority, cells]) => [authority, new Map([...cells].filter(([key]) => isShared(key)))]),
      ),
  );
}

const percent = (share: number): string => `${Math.floor(share * 100 + 1e-9)} %`;
const longer: Partial<Record<PeriodKind, Record<number, string>>> = {
  month: { 3: 'a quarter', 12: 'a rolling year' },
  quarter: { 2: 'a half-year', 4: 'rolling four quarters' },
  half: { 2: 'a year' },
};
/** What would help, in words: `rolling four quarters`. */
function helpText({ kind, periods, merged }: Help, { frequency }: Dataset): string {
  return kind === 'longerPeriod'
    ? (longer[frequency]?.[periods!] ?? `${periods!} periods added up`)
    : kind === 'mergedCategories'
      ? `taken together ${merged!.map((group) => group.join(' + ')).join(', ')}`
      : 'the total alone';
}

const nameOf = ({ indicator, breakdown }: PreviewTable): string =>
  breakdown === null ? indicator : `${indicator} by ${breakdown}`;
const refusals = { unprotectable: 'cannot be protected', undecided: 'not decided in time' };

interface Looked {
  readonly collected: Collected;
  readonly seen: Preview;
}

function previewText({ collected, seen }: Looked, parties: number, enough: number, all: boolean): string {
  const { dataset, periods, isMadeUp } = collected;
  const { text, returns } = periods.at(-1)!;
  const indicators = new Map(dataset.indicators.map(({ code, name }) => [code, name]));
  const low = seen.tables.filter(({ cells, printed }) => cells > 0 && (printed ?? 0) < enough);
  const shown = all ? seen.tables.filter(({ cells }) => cells > 0) : low;
  const rows = shown.map((one) => [
    nameOf(one),
    String(one.cells),
    String(one.hiddenAsSmall),
    String(one.hiddenAsCover),
    one.refused ? refusals[one.refused] : one.printed === null ? '' : percent(one.printed),
    `${one.region.printed} of ${one.region.cells}`,
    indicators.get(one.indicator)?.slice(0, 60) ?? '',
  ]);
  const help = low.flatMap((one) => [
    `  ${nameOf(one)}\n`,
    ...(one.help ?? []).map((each) => `${percent(each.printed).padStart(9)}  ${helpText(each, dataset)}\n`),
    ...(one.help?.length ? [] : ['           nothing of what was tried\n']),
  ]);
  const figures = isMadeUp ? 'made-up figures' : `figures of ${returns.size} of ${parties} parties`;
  const others = seen.tables.filter(({ cells }) => cells > 0).length - low.length;
  return [
    `${dataset.title} (${dataset.code} ${dataset.version}), ${text}: ${figures}`,
    `${periods.length > 1 ? `, and ${periods.length - 1} periods before` : ''}\n`,
    seen.tooFew ? 'There would be no publication: fewer returns than the agreement asks for.\n' : '',
    seen.printed === null
      ? 'There is nothing to print.\n'
      : `${percent(seen.printed)} of the figures of authorities would be printed. `,
    seen.printed === null
      ? ''
      : low.length
        ? `Of ${low.length} tables less than ${percent(enough)}; of ${others} that or more${all ? '' : ' (--all shows them too)'}.\n`
        : `Of every table ${percent(enough)} or more.\n`,
    rows.length
      ? `\n${table(['table', 'figures', 'small', 'cover', 'printed', 'region', 'about'], rows, [1, 2, 3, 4])}`
      : '',
    help.length ? `\nWhat would help, and how much of the table would be printed then:\n${help.join('')}` : '',
  ].join('');
}

export const previewCommand: Command = {
  name: 'agreement preview',
  usage: '--in AGREEMENT.json [--figures FILE|FOLDER] [--enough PERCENT] [--all]',
  summary: 'How much of each table would be printed under the agreement, and what would help; needs no hub.',
  more: `Without --figures it looks at made-up figures. FILE is a return as your system writes it for signing, FOLDER holds one of each
authority, of the last four quarters say: then longer periods are tried too. Nothing leaves this machine.
A table of which less than PERCENT (75) would be printed is tried over longer periods, with rare categories taken together,
and as its total alone. "small": hidden for it is small; "cover": hidden so that a small one cannot be worked out.
What the Department prints of the same period counts as printed already, so nothing of it has to be hidden.
Circles that a hub knows of (boards, shared services) are not looked at: there a little more may be hidden.`,
  options: { in: 'required', figures: 'optional', enough: 'optional', all: 'flag' },
  async run(values, say) {
    const percentage = values.get('enough') ?? '75';
    if (!/^\d{1,3}$/.test(percentage) || Number(percentage) > 100) throw new UsageError('--enough is 0 to 100.');
    const enough = Number(percentage) / 100;
    const document = readAgreement(readInput(values.the('in')));
    const parties = partiesOf(document);
    const figures = values.get('figures');
    if (figures === undefined) say('without --figures every table is tried on made-up ones, which takes minutes');
    const collected =
      figures === undefined
        ? await madeUp(document, londonDate(new Date()), say)
        : atHand(readReturns(figures, loadCatalogue()), parties, say).filter(({ dataset }) =>
            dataset.indicators.some(({ code }) => covers(document, dataset, code, null)),
          );
    if (!collected.length)
      throw new UsageError(
        figures === undefined
          ? 'No table of the agreement is of a dataset that there is.'
          : 'The agreement covers none of these figures.',
      );
    const [{ preview }, { protect }] = [await import('@hub/publications/domain'), await import('@hub/disclosure')];
    const looked: Looked[] = [];
    for (const one of collected) {
      const { dataset } = one;
      const seen = await preview(
        { dataset, authorities: parties, periods: shared(document, one), disclosure: document.disclosure, enough },
        (problem) => protect(problem, { timeLimitSeconds: SECONDS }),
        (what) => say(`${dataset.code}: ${what}`),
      );
      const tables = seen.tables.filter(({ indicator, breakdown }) => covers(document, dataset, indicator, breakdown));
      looked.push({ collected: one, seen: { ...seen, tables } });
    }
    return {
      text: looked.map((one) => previewText(one, parties.length, enough, values.has('all'))).join('\n'),
      json: looked.map(({ collected: { dataset, periods, isMadeUp }, seen }) => ({
        dataset: { code: dataset.code, version: dataset.version },
        period: periods.at(-1)!.text,
        madeUp: isMadeUp,
        ...seen,
      })),
      remark:
        figures === undefined
          ? 'Made-up figures: plausible in size and unevenness, true of nobody.'
          : 'Made of unprotected figures: how many are small is for your own eyes.',
    };
  },
};
