import {
  countFlag,
  overdispersion,
  per,
  proportionFlag,
  proportionFunnel,
  ratioFunnel,
  tenth,
  type Confidence,
  type FunnelFlag,
  type Limits,
} from '@hub/statistics';
import { exactValueOf, type AuthorityFigure, type Benchmark } from './benchmark';
import { isWholeOfItself, WHOLE_OF_ITSELF } from './shown';

/** One authority in a funnel: how much it is measured on, and where its value lies beside what all together would have. */
export interface FunnelAuthority {
  readonly authority: string | null;
  readonly base: number;
  readonly value: number;
  readonly flag: FunnelFlag;
}

/** The funnel at one base, in the unit of the value. */
export interface FunnelStep {
  readonly base: number;
  readonly usual: Limits;
  readonly wide: Limits;
}

export interface Funnel {
  /** The region's value, which each one is held against. */
  readonly pooled: number;
  readonly unit: string;
  readonly authorities: readonly FunnelAuthority[];
  readonly curve: readonly FunnelStep[];
  /** How many of the authorities chance alone would leave outside the 99.8 % limits. */
  readonly expectedOutside: number;
  /** A ratio of variances, about 1 where authorities differ by chance alone; null for fewer than five. */
  readonly dispersion: number | null;
  /** Whether the limits allow for that. */
  readonly isWidened: boolean;
  /** How many lie outside the 99.8 % limits of the other kind: not widened where these are, and widened where these are not; null where none can be widened. */
  readonly outsideOtherwise: number | null;
  /** Whether they were asked to: for fewer than five they do not, nor where nothing but chance is between them. */
  readonly isWideningAsked: boolean;
}

/** So many steps draw a smooth curve. */
const STEPS = 24;

/** The authorities of a benchmark as points of a funnel, and how far they differ beyond chance; or why it has none, in words. */
function spreadOf(benchmark: Benchmark) {
  const { indicator, authorities, region, regionBase } = benchmark;
  const { unit, decimals } = indicator;
  if (isWholeOfItself(benchmark)) return WHOLE_OF_ITSELF;
  if (unit === 'mean' || decimals)
    return 'a funnel is of whole numbers that chance moves, and this is an average or counted in tenths';
  if (region.value === null) return 'the value of the region, which each one is held against, is not printed';
  const isRate = unit === 'per10000';
  const pooled = exactValueOf(region, regionBase, indicator)! / per[unit];
  if (!isRate && pooled > 1) return 'the region’s count is larger than what it is a share of, so that it is none';
  if (pooled <= 0) return 'the value of the region is 0, and of 0 chance expects nothing anywhere';
  const shown = authorities.flatMap(({ authority, figure: { count, value }, base }) =>
    count !== null && value !== null && base && (isRate || count <= base) ? [{ authority, count, value, base }] : [],
  );
  if (!shown.length) return 'no authority that is shown to you has a printed value';
  const points = shown.map(({ count, base }) => ({ count, of: isRate ? base * pooled : base }));
  const spread = overdispersion(isRate ? 'ratio' : 'proportion', points, isRate ? 1 : pooled);
  return { isRate, times: per[unit], pooled, pooledShown: region.value, shown, points, spread };
}

/**
 * The dispersion: about 1 where authorities differ by chance alone. It is a ratio of variances, so that they differ its square root
 * times as much as by chance. Null where it is not known, as for fewer than five.
 */
export function dispersionOf(benchmark: Benchmark): number | null {
  const found = spreadOf(benchmark);
  return typeof found === 'string' ? null : (found.spread?.phi ?? null);
}

/** Why a benchmark has no funnel, in words; null where it has one. */
export function whyNoFunnel(benchmark: Benchmark): string | null {
  const found = spreadOf(benchmark);
  return typeof found === 'string' ? found : null;
}

/** A dispersion beyond this, differences of 1.4 times those of chance, is of authorities that are not alike: intervals of chance alone mark many of them. */
export const FAR_APART = 2;

/**
 * Of those whose comparison says that they differ from the region, the ones that lie outside the 95 % limits of the widened funnel too,
 * which allow for what authorities differ anyway; all of them where it is not widened.
 */
export function apartAnyway(benchmark: Benchmark): readonly AuthorityFigure[] {
  const funnel = funnelOf(benchmark, true);
  const apart = benchmark.authorities.filter(({ comparison }) => comparison !== null && comparison !== 'similar');
  if (!funnel?.isWidened) return apart;
  const out = new Set(funnel.authorities.flatMap(({ authority, flag }) => (flag === 'within' ? [] : [authority])));
  return apart.filter(({ authority }) => out.has(authority));
}

/**
 * The funnel of a benchmark: which authorities differ from the region by more than chance. Of printed figures alone; who is
 * shown without a name or without a printed value is not in it.
 * @param widened  allow for what differs between authorities beyond chance: an option that is told beside the figure
 * @param isDrawn  among whom the curve is drawn, all where it is none of them; its limits and all else are of all
 * @returns null for means, for what is counted in tenths and for what is 100 % of itself, where the region's value is 0, over 100 % or not printed, and where no
 *   authority has a printed one: `whyNoFunnel` says which
 */
export function funnelOf(
  benchmark: Benchmark,
  widened = false,
  isDrawn: (authority: string | null) => boolean = () => true,
): Funnel | null {
  const found = spreadOf(benchmark);
  if (typeof found === 'string') return null;
  const { isRate, times, pooled, pooledShown, shown, points, spread } = found;
  const canWiden = spread !== undefined && spread.tauSquared > 0;
  const isWidened = widened && canWiden;
  /** In the unit of the value. */
  const limitsAt = (base: number, confidence: Confidence, allowing = isWidened): Limits => {
    const of = isRate ? base * pooled : base;
    const plain = isRate ? ratioFunnel(of, confidence) : proportionFunnel(pooled, of, confidence);
    const wide = allowing ? spread!.limits(of, confidence) : plain;
    // On its own scale the wider one is an approximation, which can lie within the exact one where little is expected.
    const [lower, upper] = [Math.min(plain.lower, wide.lower), Math.max(plain.upper, wide.upper)];
    const ofUnit = isRate ? pooled * times : times;
    return { lower: lower * ofUnit, upper: upper * ofUnit };
  };
  const flagOf = (i: number, allowing = isWidened): FunnelFlag => {
    if (!allowing) return isRate ? countFlag(points[i]!) : proportionFlag(points[i]!, pooled);
    const value = (shown[i]!.count / shown[i]!.base) * times;
    for (const confidence of [0.998, 0.95] as const) {
      const { lower, upper } = limitsAt(shown[i]!.base, confidence, allowing);
      if (value > upper) return `high-${confidence}`;
      if (value < lower) return `low-${confidence}`;
    }
    return 'within';
  };
  const drawn = shown.filter(({ authority }) => isDrawn(authority));
  const bases = (drawn.length ? drawn : shown).map(({ base }) => base);
  const [least, most] = [Math.min(...bases) * 0.8, Math.max(...bases) * 1.1];
  return {
    pooled: pooledShown,
    unit: benchmark.region.unit,
    authorities: shown.map(({ authority, base, value }, i) => ({ authority, base, value, flag: flagOf(i) })),
    curve: Array.from({ length: STEPS + 1 }, (_, i) => {
      // Closer together where the curve bends.
      const base = Math.max(1, least + (most - least) * (i / STEPS) ** 2);
      return { base, usual: limitsAt(base, 0.95), wide: limitsAt(base, 0.998) };
    }),
    expectedOutside: Math.round(shown.length * 0.002 * 1_000) / 1_000,
    dispersion: spread ? tenth(spread.phi) : null,
    isWidened,
    outsideOtherwise: canWiden ? shown.filter((_, i) => isFar(flagOf(i, !isWidened))).length : null,
    isWideningAsked: widened,
  };
}

/** Whether it lies outside the 99.8 % limits. */
const isFar = (flag: FunnelFlag): boolean => flag.endsWith('0.998');

/**
 * Of a funnel that is not widened how many would lie outside limits that are, where authorities are so far apart that nobody is to
 * read how many lie outside without it; else null.
 */
export const outsideWidened = ({ isWidened, dispersion, outsideOtherwise }: Funnel): number | null =>
  !isWidened && dispersion !== null && dispersion > FAR_APART ? outsideOtherwise : null;

/** What the funnel says of itself, in words, and in a clause what one of the other kind would show: nobody is to meet one of them alone. */
export function spreadInWords(funnel: Funnel): string {
  const { authorities, dispersion, isWidened, isWideningAsked, outsideOtherwise } = funnel;
  const outside = authorities.filter(({ flag }) => isFar(flag)).length;
  const widened = outsideWidened(funnel);
  const lie = `${outside} of ${authorities.length} lie outside the 99.8% limits`;
  // What chance leaves outside limits that allow for more than chance is not known.
  const found = isWidened ? `${lie}.` : `${lie}; chance alone leaves at most about one of 500 there.`;
  if (dispersion === null)
    return isWideningAsked
      ? `${found} The limits are not widened: fewer than five authorities say nothing of how they differ.`
      : found;
  if (isWidened)
    return `${found} The limits allow for authorities that differ for reasons of their own (dispersion ${dispersion.toLocaleString('en-GB')}); outside limits of chance alone lie ${outsideOtherwise} of ${authorities.length}.`;
  if (isWideningAsked)
    return `${found} The limits are not widened: authorities differ no more than chance alone makes them (dispersion ${dispersion.toLocaleString('en-GB')}).`;
  return dispersion > FAR_APART
    ? `${found} Authorities differ about ${tenth(Math.sqrt(dispersion)).toLocaleString('en-GB')} times as much as chance alone makes them (dispersion ${dispersion.toLocaleString('en-GB')}): ask why before asking who.${widened === null ? '' : ` Outside limits that are widened to allow for that lie ${widened} of ${authorities.length}.`}`
    : found;
}
