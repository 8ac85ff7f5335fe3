import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditBeside, protectInThread, type Problem } from '@hub/disclosure';
import { compile, type Cells, type CompileInput } from '@hub/publications/domain';
import { loadCatalogue, newestDataset, seriesKey, type Dataset } from '@hub/registry/domain';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, type FigureReturn } from '../support/world';

/*
 * `npm run figures:pairs`: protects the figures of the demonstration, each year by itself and as its agreement asks, and lets every two
 * authorities put together what they know: how many small counts of others have one value alone then, and what else would be hidden if
 * every two were guarded against.
 */

/** What a compile takes of a return. */
function cellsOf({ rows }: FigureReturn, { indicators }: Dataset): Cells {
  const cells = new Map<string, Cells extends ReadonlyMap<string, infer Figure> ? Figure : never>();
  for (const { indicator, breakdown = {}, count, of, status } of rows) {
    const { decimals, denominator } = indicators.find(({ code }) => code === indicator)!;
    const put = (measure: 'count' | 'of', number: number | undefined) =>
      cells.set(
        seriesKey(indicator, breakdown, measure),
        number === undefined
          ? { kind: status as 'notCollected' }
          : { kind: 'value', value: Math.round(number * 10 ** decimals) },
      );
    put('count', count);
    if ('own' in denominator) put('of', of);
  }
  return cells;
}

/** Of hidden figures how many are an authority's, and how many the region's. */
function hiddenIn(suppressed: readonly string[]): string {
  const regional = suppressed.filter((id) => id.startsWith('region|')).length;
  return `${suppressed.length - regional} and ${regional}`;
}

const protect = (problem: Problem) => protectInThread(problem, { timeLimitSeconds: 300 });

async function main(): Promise<void> {
  const dataset = newestDataset(loadCatalogue(), 'safeguarding-annual');
  const agreement = join(rootFolder, 'contracts/agreements/north-east-benchmarking.v1.json');
  const { disclosure: policy } = JSON.parse(readFileSync(agreement, 'utf8')) as { disclosure: CompileInput['policy'] };
  const { returns } = figuresOf(NORTH_EAST);
  console.log(
    'year | small counts of authorities | some pair computes | pairs that compute one | hidden, of authorities and region | hidden where every pair is guarded against',
  );
  for (const period of [...new Set(returns.map((one) => one.period))].sort()) {
    const year = returns.filter((one) => one.period === period);
    const authorities = year.map(({ authority }) => authority).sort();
    const pairs = authorities.flatMap((one, i) => authorities.slice(i + 1).map((other) => [one, other]));
    const compiledAgainst = (attackers: CompileInput['attackers']) =>
      compile({
        dataset,
        authorities,
        returns: new Map(year.map((one) => [one.authority, cellsOf(one, dataset)])),
        policy,
        attackers,
        ignoreNationalMarks: true,
      }).problem;
    const problem = compiledAgainst([]);
    const decision = await protect(problem);
    if (decision.status === 'refused') throw new Error(`${period} cannot be protected`);
    const hidden = new Set(decision.suppressed);
    const small = new Set(
      problem.cells.flatMap(({ id, value, owner }) =>
        hidden.has(id) && owner && value > 0 && value < policy.threshold ? id : [],
      ),
    );
    const computed = new Set<string>();
    let able = 0;
    for (const knows of pairs) {
      const pooled: Problem = {
        ...problem,
        attackers: [{ name: 'pair', knows }],
        policy: { ...problem.policy, protect: 'exact', told: false, insiders: false },
      };
      const { exposed } = await auditBeside(pooled, decision, decision.certificate);
      const found = exposed.filter(({ id, interval: [least, most] }) => small.has(id) && least === most);
      if (found.length) able++;
      for (const { id } of found) computed.add(id);
    }
    const against = await protect(compiledAgainst(pairs.map((pair) => ({ authorities: pair, series: null }))));
    console.log(
      [
        period,
        small.size,
        computed.size,
        `${able} of ${pairs.length}`,
        hiddenIn(decision.suppressed),
        against.status === 'refused' ? 'cannot be' : hiddenIn(against.suppressed),
      ].join(' | '),
    );
  }
}

void main();
