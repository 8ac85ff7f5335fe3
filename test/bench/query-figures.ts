import { periodsUntil, parsePeriod } from '@hub/kernel';
import type { Printed } from '@hub/publications/domain';
import { allSeries, authoritiesOf, loadRegistry, seriesKey, type Dataset } from '@hub/registry/domain';
import type { Laid, LaidSeries } from '../support/lay';
import { quarterly } from '../support/returns';

/** The newest quarter of the bench, and how many there are. */
export const NEWEST = '2025-Q4';
export const QUARTERS = periodsUntil(parsePeriod(NEWEST), 24).map(({ text }) => text);

/** The nine regions of England. */
export const regions = (): string[] =>
  [...new Set(loadRegistry().authorities.map(({ region }) => region))].filter((code) => code.startsWith('E12')).sort();

/**
 * Quarters that look like real ones, made up with a fixed seed: every series of the dataset, each authority about a size of its
 * own, a hidden figure where it is small. The first authority is so small that totals of it are hidden too.
 */
export function madeUp(
  hub: string,
  region: string,
  agreement: Pick<Laid, 'agreement' | 'handling'>,
  quarters: readonly string[],
): Laid[] {
  const dataset: Dataset = quarterly;
  return quarters.map((period, at): Laid => {
    const authorities = authoritiesOf(loadRegistry(), region, parsePeriod(period))
      .map((one) => (typeof one === 'string' ? one : one.code))
      .sort();
    let seed = 1 + ((Number(region.slice(-1)) * 7919 + at * 104_729) % 2_147_483_646);
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const share = new Map(dataset.indicators.map(({ code, unit }) => [code, unit === 'percent' ? 0.4 : 1]));
    const series = allSeries(dataset).map(({ indicator, categories, measure }): LaidSeries => {
      const parts = Object.keys(categories).length ? 8 : 1;
      const figures = authorities.map((_, i): Printed => {
        const usual = ((i ? 180 + 40 * i : 20) * (share.get(indicator) ?? 1)) / parts;
        const count = Math.max(0, Math.round(usual + (random() + random() - 1) * 2 * Math.sqrt(usual)));
        return count > 0 && count < 10 ? 'hidden' : count;
      });
      const region = figures.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 5), 0);
      return { key: seriesKey(indicator, categories, measure), figures, region };
    });
    return {
      hub,
      region,
      dataset: { code: dataset.code, version: dataset.version },
      period,
      ...agreement,
      threshold: 10,
      authorities,
      series,
    };
  });
}
