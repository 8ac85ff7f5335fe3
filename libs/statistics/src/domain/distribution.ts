/**
 * Quantiles of the distributions that limits are made of, to about thirteen digits: the tests hold them against published
 * limits. No tables, no simulation.
 */

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for x > 0. Source: Lanczos (1964), with g = 7 and nine terms. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const t = shifted + 7.5;
  const sum = LANCZOS.reduce((all, term, i) => (i ? all + term / (shifted + i) : term), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

const TINY = 1e-300;
const DIGITS = 1e-16;

/** Both tails of a distribution at one place: each computed where it is small, so that neither loses its digits. */
interface Tails {
  readonly below: number;
  readonly above: number;
}

/** The gamma distribution of shape `a` and scale 1. Source: Abramowitz and Stegun 6.5.29 and 6.5.31. */
function gammaTails(a: number, x: number): Tails {
  if (x <= 0) return { below: 0, above: 1 };
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * DIGITS; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return { below: front * sum, above: 1 - front * sum };
  }
  // The continued fraction, by the method of Lentz.
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 100_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b || TINY);
    c = b + numerator / c || TINY;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < DIGITS * 4) break;
  }
  return { below: 1 - front * fraction, above: front * fraction };
}

/** The beta distribution. Source: Abramowitz and Stegun 26.5.8. */
function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || TINY);
    c = 1 + even / c || TINY;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || TINY);
    c = 1 + odd / c || TINY;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < DIGITS * 4) break;
  }
  return front * fraction;
}

/** Where an increasing function crosses zero, by halving: slow, and never wrong. `most` is doubled until it is beyond. */
function crossing(f: (x: number) => number, least: number, most: number): number {
  let [low, high] = [least, most];
  while (f(high) < 0) [low, high] = [high, high * 2];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const memo = new Map<string, number>();
/** The same few probabilities are asked for every figure. */
function once(key: string, compute: () => number): number {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const value = compute();
  if (memo.size < 10_000) memo.set(key, value);
  return value;
}

/** Refuses what is no probability strictly between none and all. */
function between0And1(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError('a probability lies between 0 and 1');
}

/**
 * The quantile of the chi-squared distribution.
 * @param p   the probability below it, between 0 and 1
 * @param df  degrees of freedom, more than 0
 */
export function chiSquaredQuantile(p: number, df: number): number {
  between0And1(p);
  return once(`c${p} ${df}`, () => {
    const above = (x: number) => {
      const tails = gammaTails(df / 2, x / 2);
      return p <= 0.5 ? tails.below - p : 1 - p - tails.above;
    };
    return crossing(above, 0, df + 10);
  });
}

/** The quantile of the standard normal distribution: 1.959964 at 0.975. Its square is chi-squared with one degree. */
export function normalQuantile(p: number): number {
  between0And1(p);
  if (p === 0.5) return 0;
  return p > 0.5 ? Math.sqrt(chiSquaredQuantile(2 * p - 1, 1)) : -normalQuantile(1 - p);
}

/** The quantile of Student's t with `df` degrees of freedom. Source: Abramowitz and Stegun 26.7.1. */
export function studentQuantile(p: number, df: number): number {
  between0And1(p);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, df);
  return once(`t${p} ${df}`, () => crossing((t) => 1 - p - betaBelow(df / (df + t * t), df / 2, 0.5) / 2, 0, 10));
}
