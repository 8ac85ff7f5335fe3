import type { Cell, Equation, Policy, Problem } from './problem';
import { seeded } from './moves';

/** What a sample table looks like. */
export interface SampleShape {
  readonly seed: number;
  readonly authorities: number;
  /** Breakdowns as numbers of categories; each sums to the same total of the authority. */
  readonly breakdowns: readonly number[];
  /** Indicators: separate tables of the same shape. */
  readonly indicators?: number;
  readonly policy?: Partial<Policy>;
  /** Children in the most common category of a middling authority. */
  readonly largest?: number;
}

/**
 * A regional table of the hub's kind with invented counts: per indicator each authority's total is the sum of each of
 * its breakdowns, and each category's region figure the sum over authorities. Most counts are moderate, many small.
 */
export function sampleProblem(shape: SampleShape): Problem {
  const { seed, authorities, breakdowns, indicators = 1, policy, largest = 60 } = shape;
  const random = seeded(seed);
  const cells: Cell[] = [];
  const equations: Equation[] = [];
  for (let i = 0; i < indicators; i++) {
    const sum = new Map<string, number>();
    const add = (id: string, value: number, owner?: string) => {
      cells.push({ id, value, cost: owner ? 1 : 2, ...(owner ? { owner } : {}) });
      return value;
    };
    // Some categories are common and some are rare, everywhere: the rare ones are where small counts lie.
    const weights = Array.from({ length: breakdowns[0]! }, () => largest * random() ** 3);
    for (let a = 0; a < authorities; a++) {
      const owner = `A${String(a).padStart(2, '0')}`;
      const size = 0.4 + 1.6 * random();
      const first = weights.map((weight) => (random() < 0.05 ? 0 : Math.round(size * weight * (0.5 + random()))));
      const total = first.reduce((all, each) => all + each, 0);
      breakdowns.forEach((size, b) => {
        const counts = b === 0 ? first : new Array<number>(size).fill(0);
        // Another breakdown of the same children: each child falls into some category.
        if (b > 0) for (let child = 0; child < total; child++) counts[Math.floor(size * random() ** 3)]!++;
        const parts = counts.map((value, c) => {
          const id = `I${i}.B${b}.C${c}`;
          sum.set(id, (sum.get(id) ?? 0) + value);
          add(`${id}.${owner}`, value, owner);
          return `${id}.${owner}`;
        });
        equations.push({ total: `I${i}.T.${owner}`, parts });
      });
      sum.set(`I${i}.T`, (sum.get(`I${i}.T`) ?? 0) + add(`I${i}.T.${owner}`, total, owner));
    }
    for (const [id, value] of sum) {
      // Beside printed zeros a total with one contributor is that authority's own count: it knows it.
      const contributors = cells.filter((cell) => cell.value > 0 && cell.id.startsWith(`${id}.A`));
      add(`${id}.region`, value, contributors.length === 1 ? contributors[0]!.owner : undefined);
      const parts = Array.from({ length: authorities }, (_, a) => `${id}.A${String(a).padStart(2, '0')}`);
      equations.push({ total: `${id}.region`, parts });
    }
    breakdowns.forEach((size, b) => {
      equations.push({
        total: `I${i}.T.region`,
        parts: Array.from({ length: size }, (_, c) => `I${i}.B${b}.C${c}.region`),
      });
    });
  }
  return {
    cells,
    equations,
    ranges: [],
    attackers: [],
    policy: { threshold: 6, zeros: 'printed', protect: 'exact', told: false, insiders: true, ...policy },
  };
}
