import type { Presentation } from '@hub/agreements/domain';
import type { AuthorityFigure, Benchmark, ShownFigure } from './benchmark';
import { unprintedIn } from './standing';

/** With fewer others than this, leaving out their names leaves out nothing. */
export const LEAST_UNNAMED = 3;

/** Kinds without a number, in the order in which they stand behind the values. */
const kinds: readonly ShownFigure['kind'][] = [
  'value',
  'hidden',
  'notCollected',
  'notApplicable',
  'notAvailable',
  'notSubmitted',
];

/** Limits and bases give the number of children, as a count beside its rate does; a place or a band goes with a name. */
const nothing = {
  rank: null,
  limits: null,
  comparison: null,
  band: null,
  places: null,
  bands: null,
  base: null,
} as const;

/**
 * A rate that could be any authority's: in steps that even the one with the fewest children can make, 1 in 10,000 where all have as
 * many. Bases of other values are not public.
 */
function coarseIn({ indicator, authorities }: Benchmark): <T extends number | null>(value: T) => T {
  if (indicator.unit !== 'per10000') return (value) => value;
  const fewest = Math.min(10_000, ...authorities.flatMap(({ base }) => base || []));
  const step = Math.ceil(10_000 / fewest);
  return (value) => (value === null ? value : ((Math.round(value / step) * step) as typeof value));
}

/** Without the number of children, which is public and names who has it. */
const unpeopled = ({ population: _, ...rest }: ShownFigure): ShownFigure => rest;

/**
 * A benchmark as an agreement lets its reader see it.
 *
 * `own-and-unnamed`: the own ones first and by name; then the others in the order of their values, highest first, and those
 * without one behind. Of an other only the value is told: a count or denominator beside its rate would give the number
 * of children, which is public and names the authority. Where they stand, and which figures they have, follows from the
 * values alone. A rate is a whole number (in a region with a tiny authority a multiple of more), and so are the quartiles: of one with a decimal, the public number of children and the region's
 * count most of the others could be told (decision 58). What an insider may still infer: whoever knows another authority's value from elsewhere finds
 * it here, in small company by leaving out; the region's figure less the own ones is the others' sum; and who sent nothing can be told where it is
 * known anyway. Names are hidden here, small numbers are protected before: nothing of this tells a hidden count.
 *
 * `own-and-region`: no other, and so neither a place among them nor quartiles, which are made of their values.
 * @param own  the reader's own authorities
 */
export function present(benchmark: Benchmark, presentation: Presentation, own: readonly string[]): Benchmark {
  if (presentation === 'named') return benchmark;
  // An interval is made from everybody's printed counts, some of which this reader is not shown.
  const silent = (figure: ShownFigure): ShownFigure => ({ ...figure, between: null });
  // Those of the region tell, less each authority's, who has not sent.
  const region = unpeopled(silent(benchmark.region));
  const { regionLimits } = benchmark;
  const isOwn = ({ authority }: Benchmark['authorities'][number]) => authority !== null && own.includes(authority);
  // And so are the places and bands among figures that are not printed.
  const mine = benchmark.authorities
    .filter(isOwn)
    .map(({ authority, figure, rank, limits, comparison, band, base }) => ({
      authority,
      figure: silent(figure),
      rank,
      limits,
      comparison,
      band,
      base,
      places: null,
      bands: null,
    }));
  const others = benchmark.authorities.filter((one) => !isOwn(one));
  if (presentation === 'own-and-region' || others.length < LEAST_UNNAMED) {
    return {
      ...benchmark,
      regionLimits,
      region,
      coverage: { ...benchmark.coverage, shown: mine.filter(({ figure }) => figure.kind === 'value').length },
      authorities: mine.map((one) => ({ ...one, rank: null, band: null })),
      quartiles: null,
    };
  }
  const coarse = coarseIn(benchmark);
  const unnamed = others
    .sort(
      (a, b) =>
        kinds.indexOf(a.figure.kind) - kinds.indexOf(b.figure.kind) || (b.figure.value ?? -1) - (a.figure.value ?? -1),
    )
    .map(({ figure }): AuthorityFigure => ({
      ...nothing,
      authority: null,
      figure: unpeopled({
        ...silent(figure),
        count: null,
        of: null,
        value: coarse(figure.value),
        // Why there is none would link it to one in the list of another indicator.
        valueKind: figure.kind === 'value' && figure.value === null ? 'notAvailable' : figure.valueKind,
      }),
    }));
  const authorities = [...mine, ...unnamed];
  const quartiles = benchmark.quartiles && {
    ...benchmark.quartiles,
    least: coarse(benchmark.quartiles.least),
    lower: coarse(benchmark.quartiles.lower),
    median: coarse(benchmark.quartiles.median),
    upper: coarse(benchmark.quartiles.upper),
    most: coarse(benchmark.quartiles.most),
    ranges: null,
    unprinted: unprintedIn(authorities),
  };
  return { ...benchmark, regionLimits, region, authorities, quartiles };
}
