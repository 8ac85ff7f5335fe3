import { controlChart, type ControlOptions } from './control';

/** Evenly spread numbers from 0 to 1, the same ones for the same seed. Source: mulberry32, by Tommy Ettinger. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/**
 * How often charts of a process that never changes give a signal.
 * @param mean  of Poisson counts; Infinity for normal values
 * @param alike  how much of each value stays in the next one (autoregressive, of order 1); 0: nothing
 */
export function simulateAlarms(
  charts: number,
  points: number,
  mean: number,
  options: ControlOptions = {},
  alike = 0,
): { any: number; newest: number } {
  const next = numbers(20261125);
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const poisson = () => {
    let [n, product] = [0, next()];
    for (const end = Math.exp(-mean); product > end; n++) product *= next();
    return n;
  };
  let [any, newest] = [0, 0];
  for (let i = 0; i < charts; i++) {
    let value = normal();
    const like = () => (value = alike * value + Math.sqrt(1 - alike ** 2) * normal());
    const chart = controlChart(
      Array.from({ length: points }, alike ? like : mean === Infinity ? normal : poisson),
      options,
    );
    if (chart.points.some(({ signal }) => signal)) any++;
    if (chart.points.at(-1)?.signal) newest++;
  }
  return { any: any / charts, newest: newest / charts };
}
