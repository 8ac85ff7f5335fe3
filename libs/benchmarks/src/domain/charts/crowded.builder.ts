import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed, PublicationDocument } from '@hub/publications/domain';
import {
  allSeries,
  denominatorSeriesOf,
  loadCatalogue,
  loadNeighbours,
  loadRegistry,
  newestDataset,
  type Indicator,
} from '@hub/registry/domain';
import { benchmarkOf, type Benchmark } from '../benchmark';
import { funnelOf } from '../funnel';
import { charted } from '../history';
import { linesOf } from '../line';
import { Notes, type Note } from '../notes';
import { barOf, funnelChartOf, heatOf, spineOf, timeOf } from './of-answers';
import type { Chart, Told } from './told';

/** Charts of a region as large and as long of name as there can be, over 24 periods, with much that is hidden: for tests of how they look. */

const PERIODS = periodsUntil(parsePeriod('2025-Q4'), 24);
const NEWEST = PERIODS.at(-1)!.text;
const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const registry = loadRegistry();
const nameOf = (code: string) => registry.authorities.find((one) => one.code === code)!.name;
/** The longest names, one of each. */
const authorities = [...registry.authorities]
  .sort((a, b) => b.name.length - a.name.length || (a.code < b.code ? -1 : 1))
  .slice(0, 19)
  .map(({ code }) => code)
  .sort();
const lists = loadNeighbours(registry);
/** Who has most neighbours among them. */
const nearOf = (code: string) => lists.among(code, '2025', authorities)?.length ?? 0;
const mine = [...authorities].sort((a, b) => nearOf(b) - nearOf(a))[0]!;

/** The same number between 0 and 1 for the same words: charts do not change from run to run. */
function chanceOf(words: string): number {
  let hash = 2_166_136_261;
  for (const letter of words) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
const childrenIn = (authority: string) => Math.round(12_000 + 180_000 * chanceOf(authority) ** 2);

interface Count {
  readonly key: string;
  readonly counts: readonly number[];
}
/** Counts of each series: a part of what it is divided by, or of the children. */
function countsIn(period: string): Count[] {
  const made = new Map<string, readonly number[]>();
  const countsOf = (key: string, { code, decimals }: Indicator): readonly number[] => {
    const known = made.get(key);
    if (known) return known;
    const of = key.endsWith('#of') ? null : denominatorSeriesOf(dataset, code, {});
    const named = dataset.indicators.find((one) => of?.startsWith(`${one.code}#`));
    const bases = of && of !== key ? countsOf(of, named!) : authorities.map((one) => childrenIn(one) * 10 ** decimals);
    const share = of && of !== key ? chanceOf(code) : 0.05 * chanceOf(code);
    const counts = bases.map((base, i) => {
      const own =
        share * (0.7 + 0.6 * chanceOf(`${key}${authorities[i]}`)) * (0.9 + 0.2 * chanceOf(`${key}${period}${i}`));
      return Math.round(base * Math.min(1, own));
    });
    made.set(key, counts);
    return counts;
  };
  return allSeries(dataset)
    .filter(({ categories }) => !Object.keys(categories).length)
    .map(({ key, indicator }) => ({
      key,
      counts: countsOf(
        key,
        dataset.indicators.find(({ code }) => code === indicator)!,
      ),
    }));
}

/** Two in twenty are hidden, one has sent nothing, and of a few indicators the region is hidden too. */
function documentIn(period: string): PublicationDocument {
  const between: Record<string, Record<string, [number, number]>> = {};
  const series = countsIn(period).map(({ key, counts }) => {
    const isHidden = (i: number) => !key.endsWith('#of') && key !== 'RF01#count' && chanceOf(`hidden${key}${i}`) < 0.1;
    const isRegionHidden = /^(LA04|CP03|EH01)#count/.test(key);
    const left = (count: number): [number, number] => [Math.floor(count * 0.8), Math.ceil(count * 1.1)];
    const figures = counts.map((count, i): Printed => {
      if (i === 7) return 'notSubmitted';
      if (!isHidden(i)) return count;
      (between[key] ??= {})[authorities[i]!] = left(count);
      return 'hidden';
    });
    const sum = counts.reduce((all, count, i) => (i === 7 ? all : all + count), 0);
    if (isRegionHidden) (between[key] ??= {}).region = left(sum);
    return { key, region: isRegionHidden ? ('hidden' as const) : sum, figures };
  });
  return { period, authorities, series, between } as unknown as PublicationDocument;
}

const documents = PERIODS.map((period) => ({ period, document: documentIn(period.text) }));
const benchmarkIn = (document: PublicationDocument, code: string): Benchmark =>
  benchmarkOf(document, dataset, code, {}, childrenIn, () => ({ from: 2024, to: 2024 }))!;
const newest = documents.at(-1)!.document;

const note = (indicator: string, authority: string): Note => ({
  id: `${indicator}${authority}`,
  authority,
  indicator,
  kind: 'systemChange',
  from: '2019-Q1',
  until: null,
  text: 'Contacts that another service passes on are counted too since the new recording system.',
  writtenAt: new Date(0),
});
const told: Told = {
  region: 'Yorkshire and The Humber',
  period: NEWEST,
  source: `Publication 117, digest ${'0123456789abcdef'.repeat(4)}`,
  handling: 'OFFICIAL-SENSITIVE. For members of the region; not to be passed on.',
  nameOf,
  indicatorName: (code) => dataset.indicators.find((one) => one.code === code)!.name,
  notes: new Notes([note('RF01', mine), note('RF01', authorities[5]!)]),
  recentOf: ({ indicator: { code }, authorities: all }) => {
    const isPrinted = all.some(({ authority, figure }) => authority === mine && figure.kind === 'value');
    const trends = [null, 'increasing', 'decreasing', 'noChange'] as const;
    return isPrinted ? trends[Math.floor(4 * chanceOf(`trend${code}`))]! : null;
  },
  englandOf: ({ indicator, region, authorities: all }) => {
    const value = region.value ?? all.find(({ figure }) => figure.value !== null)?.figure.value ?? null;
    if (indicator.polarity !== 'lower' || value === null) return null;
    return {
      value: Math.round(value * 13) / 10,
      unit: region.unit,
      period: NEWEST,
      source: 'Department for Education, children in need census',
      text: `England, ${NEWEST}, public: Department for Education, children in need census`,
    } as unknown as ReturnType<Told['englandOf']>;
  },
};
/** Each kind of chart, by name; `bar-CP05` is the bars of that indicator. */
export function crowdedCharts(): Readonly<Record<string, Chart>> {
  const all = dataset.indicators.map(({ code }) => benchmarkIn(newest, code));
  const charts: Record<string, Chart> = {
    heat: heatOf(all, told),
    spine: spineOf(all, mine, told, lists, '2025'),
  };
  for (const code of ['RF01', 'FD01', 'CP05', 'CL02', 'LA04', 'WF04']) {
    const benchmark = benchmarkIn(newest, code);
    charts[`bar-${code}`] = barOf(benchmark, told, mine);
    const funnel = funnelOf(benchmark);
    if (funnel) charts[`funnel-${code}`] = funnelChartOf(benchmark, funnel, told, mine);
    const lines = linesOf(
      documents.map(({ period, document }) => ({ period, benchmark: benchmarkIn(document, code) })),
    );
    for (const [who, line] of [
      ['own', lines.find(({ authority }) => authority === authorities[2])],
      ['region', lines.at(-1)],
    ] as const)
      charts[`line-${who}-${code}`] = timeOf(charted(line!, benchmark.indicator, {}), benchmark, told);
  }
  return charts;
}
