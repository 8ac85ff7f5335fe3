import { chiSquaredQuantile } from './distribution';
import { deviateOf, poissonLimits, proportionLimits, type Confidence, type Limits } from './limits';
import { quantile } from './order';

/**
 * Where an area lies beside what all of them together would have: outside the limits that one in 500 leaves by chance
 * (0.998), outside those that one in 20 leaves (0.95), or within.
 */
export type FunnelFlag = 'high-0.998' | 'high-0.95' | 'within' | 'low-0.95' | 'low-0.998';

/** One area: a count, and what it is a part of or what was expected of it. */
export interface FunnelPoint {
  readonly count: number;
  readonly of: number;
}

function flag(limitsOf: (confidence: Confidence) => Limits, reference: number): FunnelFlag {
  for (const confidence of [0.998, 0.95] as const) {
    const { lower, upper } = limitsOf(confidence);
    if (lower > reference) return `high-${confidence}`;
    if (upper < reference) return `low-${confidence}`;
  }
  return 'within';
}

/**
 * Whether an area's proportion differs from the pooled one.
 * @param pooled  as a share of 1
 * Source: PHEindicatormethods 2.1.0, assign_funnel_significance, proportion.
 */
export const proportionFlag = ({ count, of }: FunnelPoint, pooled: number): FunnelFlag =>
  flag((confidence) => proportionLimits(count, of, confidence)!, pooled);

/**
 * Whether an area has more or fewer events than expected.
 * @param point  `of` is the number expected: the pooled rate by its population
 * Source: PHEindicatormethods 2.1.0, assign_funnel_significance, ratio and rate.
 */
export const countFlag = ({ count, of }: FunnelPoint): FunnelFlag =>
  flag((confidence) => poissonLimits(count, confidence), of);

const within0And1 = (share: number) => Math.min(1, Math.max(0, share));

/**
 * The funnel for proportions at a base of `of`: Wilson's interval of a point on the curve just touches the pooled
 * proportion, for the score interval is this test turned round.
 * @returns shares of 1
 * Source: PHEindicatormethods 2.1.0, calculate_funnel_limits, whose figures it gives.
 */
export function proportionFunnel(pooled: number, of: number, confidence: Confidence): Limits {
  const half = deviateOf(confidence) * Math.sqrt((pooled * (1 - pooled)) / of);
  return { lower: within0And1(pooled - half), upper: within0And1(pooled + half) };
}

/**
 * The funnel for counts by expected counts, as ratios: 1 is as expected.
 * @param expected  more than 0
 * Source: Spiegelhalter (2005); FunnelPlotR 0.6.0.
 */
export function ratioFunnel(expected: number, confidence: Confidence): Limits {
  const tail = (1 - confidence) / 2;
  return {
    lower: chiSquaredQuantile(tail, 2 * expected) / 2 / expected,
    upper: chiSquaredQuantile(1 - tail, 2 * (expected + 1)) / 2 / expected,
  };
}

/** The scale on which areas are compared for overdispersion: there the spread of each is known without the figure. */
interface Scale {
  readonly on: (point: FunnelPoint) => number;
  readonly middle: number;
  readonly spread: (of: number) => number;
  readonly back: (scaled: number) => number;
}

const scales = {
  proportion: (pooled: number): Scale => ({
    on: ({ count, of }) => Math.asin(Math.sqrt(count / of)),
    middle: Math.asin(Math.sqrt(pooled)),
    spread: (of) => 1 / (2 * Math.sqrt(of)),
    back: (scaled) => Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))) ** 2,
  }),
  ratio: (): Scale => ({
    // Half an event for none, whose logarithm there is not.
    on: ({ count, of }) => Math.log((count || 0.5) / of),
    middle: 0,
    spread: (of) => 1 / Math.sqrt(of),
    back: Math.exp,
  }),
} as const;

/** How far areas differ beyond chance, and the funnel that allows for it. */
export interface Overdispersion {
  /** The mean square of the winsorised deviates: about 1 where there is chance alone. */
  readonly phi: number;
  /** The variance between areas on the transformed scale; 0 where chance explains all. */
  readonly tauSquared: number;
  /** The widened funnel at a base: shares, or ratios. */
  readonly limits: (of: number, confidence: Confidence) => Limits;
}

/**
 * The additive model of overdispersion: areas differ for reasons that a figure does not name, and the funnel is widened by
 * as much as they do all together. An option, never the default: it makes the unusual usual.
 * @param kind    proportion: `of` is the base; ratio: `of` is the number expected
 * @param pooled  the pooled proportion; for ratios 1
 * @returns undefined for fewer than 5 areas with a base
 * Source: Spiegelhalter and others (2012); FunnelPlotR 0.6.0, with deviates winsorised at 10 %.
 */
export function overdispersion(
  kind: keyof typeof scales,
  points: readonly FunnelPoint[],
  pooled: number,
): Overdispersion | undefined {
  const used = points.filter(({ of }) => of > 0);
  if (used.length < 5) return undefined;
  const scale = scales[kind](pooled);
  const deviates = used.map((point) => (scale.on(point) - scale.middle) / scale.spread(point.of));
  const sorted = [...deviates].sort((a, b) => a - b);
  const [low, high] = [quantile(sorted, 0.1), quantile(sorted, 0.9)];
  const phi = deviates.reduce((sum, z) => sum + Math.min(high, Math.max(low, z)) ** 2, 0) / used.length;
  const weights = used.map(({ of }) => 1 / scale.spread(of) ** 2);
  const [sum, squares] = [weights.reduce((a, w) => a + w, 0), weights.reduce((a, w) => a + w * w, 0)];
  const beyond = used.length * phi - (used.length - 1);
  const tauSquared = Math.max(0, beyond / (sum - squares / sum));
  return {
    phi,
    tauSquared,
    limits: (of, confidence) => {
      const half = deviateOf(confidence) * Math.sqrt(scale.spread(of) ** 2 + tauSquared);
      return { lower: scale.back(scale.middle - half), upper: scale.back(scale.middle + half) };
    },
  };
}
