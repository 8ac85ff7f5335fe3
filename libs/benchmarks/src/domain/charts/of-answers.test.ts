import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed, PublicationDocument } from '@hub/publications/domain';
import { allSeries, loadCatalogue, loadNeighbours, loadRegistry, newestDataset, seriesKey } from '@hub/registry/domain';
import { benchmarkOf } from '../benchmark';
import { charted, linesOf } from '../history';
import { Notes } from '../notes';
import { barOf, heatOf, spineOf, timeOf, type Told } from './of-answers';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const registry = loadRegistry();
const lists = loadNeighbours(registry);
const authorities = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005', 'E08000021', 'E08000023'];
const MINE = 'E06000002';
const nameOf = (code: string) => registry.authorities.find((one) => one.code === code)!.name;
const told = (period: string): Told => ({ region: 'North East', period, source: 'Publication 7', handling: 'For members.', nameOf, notes: new Notes([]) }); // prettier-ignore

/** @param counts  of each authority; any other series is not collected */
function seen(period: string, counts: readonly Printed[], together?: PublicationDocument['together']) {
  const series = allSeries(dataset).map(({ indicator, categories, measure }) => {
    const key = seriesKey(indicator, categories, measure);
    return key === 'RF01#count'
      ? { key, region: 2_800, figures: counts }
      : { key, region: 'notAvailable' as const, figures: authorities.map(() => 'notAvailable' as const) };
  });
  const document = { period, authorities, series, ...(together ? { together } : {}) } as unknown as PublicationDocument;
  return (categories: Readonly<Record<string, string>> = {}) =>
    benchmarkOf(document, dataset, 'RF01', categories, () => 20_000)!;
}
const counts = [400, 300, 410, 420, 390, 380, 500];

test('a category that is told together with others is said so in the caption of its charts, and no other is', () => {
  const together = [{ dimension: 'source', indicators: ['RF01'], categories: ['legal', 'school'], label: 'Legal agency and Schools' }]; // prettier-ignore
  const of = seen('2025-Q1', counts, together as PublicationDocument['together']);
  const words = 'Referrals, per 10,000 children. Legal agency and Schools are told together. North East, 2025-Q1.';
  expect(barOf(of({ source: 'school' }), told('2025-Q1'), null).svg).toContain(words);
  expect(barOf(of({ source: 'police' }), told('2025-Q1'), null).svg).not.toContain('told together');
  expect(barOf(of(), told('2025-Q1'), null).svg).not.toContain('told together');
  const line = (categories: Readonly<Record<string, string>>) =>
    charted(linesOf([{ period: parsePeriod('2025-Q1'), benchmark: of(categories) }]).at(-1)!, {});
  const svg = (categories: Readonly<Record<string, string>>) =>
    timeOf(line(categories), of(categories), told('2025-Q1')).svg;
  expect(svg({ source: 'school' })).toContain('Legal agency and Schools are told together');
  expect(svg({})).not.toContain('told together');
});

test('a spine has the neighbours of the model that is asked for, and names it in column and caption', () => {
  const of = (model: '2025' | '2021') => {
    const { columns, rows, svg } = spineOf([seen('2025-Q1', counts)()], MINE, told('2025-Q1'), lists, model);
    expect(svg).toContain(`those statistical neighbours (${model})`);
    return rows[0]![columns.indexOf(`Neighbours (${model})`)];
  };
  const mean = (...places: number[]) => places.reduce((sum, at) => sum + counts[at]! / 2, 0) / places.length;
  // Hartlepool, Newcastle and South Tyneside; of the earlier list two of them.
  expect(of('2025')).toBe(`${Math.round(mean(0, 5, 6) * 10) / 10}, mean of 3 of 10`);
  expect(of('2021')).toBe(`${mean(0, 6)}, mean of 2 of 10`);
});

test('a line too short for limits is called neither usual nor unusual', () => {
  const titleOf = (values: readonly number[]) => {
    const all = periodsUntil(parsePeriod('2025-Q1'), values.length).map((period, i) => ({
      period,
      benchmark: seen(period.text, [values[i]!, ...counts.slice(1)])(),
    }));
    const [line] = linesOf(all);
    return timeOf(charted(line!, {}), all.at(-1)!.benchmark, told('2025-Q1')).title;
  };
  const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 400 : 410));
  expect(titleOf(steady.slice(0, 3))).toBe('Referrals: Hartlepool without limits yet at 2025-Q1');
  expect(titleOf(steady)).toBe('Referrals: Hartlepool as usual at 2025-Q1');
  expect(titleOf([...steady, 900])).toBe('Referrals: Hartlepool unusual at 2025-Q1');
});

test('in a heat table one that is similar has a sign too, so that it is not taken for one that was not compared', () => {
  const { svg } = heatOf([seen('2025-Q1', [400, ...counts.slice(1, 6), 'hidden'])()], told('2025-Q1'));
  expect(svg).toContain('200 ≈');
  expect(svg).toContain('[c]</text>');
  expect(svg).toContain('≈ similar; no sign: not compared');
});
