import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { outerIntervalsInThread } from '@hub/disclosure';
import { parsePeriod, periodsUntil, type Period } from '@hub/kernel';
import { Book, protectAndCheck, protectEdition, readersTable, type Cells, type EditionInput } from '@hub/publications';
import { releaseOf, type Decided } from '@hub/publications/domain';
import { allSeries, inPeriod, loadCatalogue, loadRegistry, newestDataset } from '@hub/registry/domain';
import { randomFrom } from '../support/random';
import { fullCounts } from './full-return';
import { option, round } from './measure';

/**
 * What an edition costs as the book grows: 14 authorities, all 51 indicators with every breakdown, made-up counts that keep every rule,
 * one quarter after the other, and then the same quarter of nine regions in one book. Each edition is compiled, protected with
 * everything that it is linked to, certified, checked by addition, and its intervals are found; the book is read back from JSON each
 * time, as the hub does. Seconds pass, and processor time of all threads.
 */
const { datasets } = loadCatalogue();
const dataset = newestDataset({ datasets }, 'safeguarding-quarterly');
const series = allSeries(dataset);
const SEED = 20_261_126;
const LAST = parsePeriod('2026-Q2');

/** Whole tables that keep all rules; these are all without constants, so that sums of tables keep them too. */
async function tables(): Promise<((key: string) => number)[]> {
  const made: ((key: string) => number)[] = [];
  for (const [at, upTo] of [3, 5, 9, 40, 120].entries()) {
    const random = randomFrom(SEED + at);
    // A third of the categories is not wanted, so that there are zeros and small counts as in a real quarter.
    const weights = series.map(() => (random() < 0.34 ? -3 : 1 + Math.floor(random() * 5)));
    made.push(await fullCounts(dataset, upTo, (place) => weights[place]!));
  }
  return made;
}

/** A return of an authority: how much of each table is its size, and the quarter's luck. */
function returnOf(base: readonly ((key: string) => number)[], authority: number, quarter: number): Cells {
  const random = randomFrom(SEED + 7 * authority + 1_009 * quarter);
  const size = 1 + (authority % 4);
  const share = base.map((_, at) => (at < 3 ? Math.floor(random() * 3) : at === 3 ? Math.floor(random() * (1 + size)) : size - 1)); // prettier-ignore
  return new Map(
    series.map(({ key }) => [
      key,
      { kind: 'value', value: base.reduce((sum, valueOf, at) => sum + share[at]! * valueOf(key), 0) } as const,
    ]),
  );
}

const policy: EditionInput['policy'] = {
  threshold: 6,
  zeros: 'printed',
  protect: 'range',
  told: false,
  leastContributors: 3,
  leastBase: 10,
  surveyThreshold: 10,
};

interface Cost {
  readonly region: string;
  readonly period: string;
  readonly status: string;
  readonly cells: number;
  readonly joint: number;
  readonly hidden: number;
  readonly seconds: number;
  readonly processor: number;
  /** Of these the part before protection: reading the book, compiling, naming, joining. */
  readonly before: number;
}

/** A book as the store holds it: JSON. */
const stored: string[] = [];

interface Asked {
  readonly region: string;
  readonly period: Period;
  readonly returns: ReadonlyMap<string, Cells>;
  /** For a later edition: what stood in the one before, and how that was decided. */
  readonly before?: ReadonlyMap<string, Cells>;
  readonly decided?: Decided;
}

/** @param keep  whether it stands in the book from then on */
async function edition({ region, period, returns, before, decided }: Asked, keep = true): Promise<[Cost, Decided?]> {
  const began = performance.now();
  const busy = process.cpuUsage();
  const book = new Book(stored.map((text) => JSON.parse(text) as never));
  let joined = 0;
  const input: EditionInput = {
    dataset: inPeriod(dataset, period),
    region,
    period: period.text,
    authorities: [...returns.keys()],
    returns,
    policy,
    attackers: [],
    ignoreNationalMarks: false,
    datasets,
    ...(before ? { before } : {}),
    ...(decided ? { decided } : {}),
  };
  const made = await protectEdition(book, input, (problem, start) => {
    joined = (performance.now() - began) / 1000;
    return protectAndCheck(problem, start);
  });
  if (made.status === 'protected') {
    await outerIntervalsInThread(readersTable(made.compiled, made.suppressed));
    if (keep) stored.push(JSON.stringify(releaseOf(`${stored.length}`.padStart(6, '0'), input, made)));
  }
  const { user, system } = process.cpuUsage(busy);
  const cost = {
    region,
    period: period.text,
    status: made.status,
    cells: made.status === 'protected' ? made.compiled.problem.cells.length : 0,
    joint: made.joint.problem.cells.length,
    hidden: made.status === 'protected' ? made.suppressed.length : 0,
    seconds: round((performance.now() - began) / 1000),
    processor: round((user + system) / 1e6),
    before: round(joined),
  };
  process.stdout.write(`${Object.values(cost).join('  ')}\n`);
  return [cost, made.status === 'protected' ? made.decision : undefined];
}

const returnsOf = (authorities: readonly string[], base: readonly ((key: string) => number)[], quarter: number) =>
  new Map(authorities.map((code, at) => [code, returnOf(base, at, quarter)]));

async function main(): Promise<void> {
  const quarters = option('quarters', 8);
  const regions = option('regions', 9);
  const { authorities, regions: all } = loadRegistry();
  const current = authorities.filter(({ until, kind }) => until === null && kind === 'authority');
  const codesOf = (region: string) => current.filter((one) => one.region === region).map(({ code }) => code).slice(0, 14); // prettier-ignore
  const base = await tables();
  process.stdout.write('region  period  status  cells  joint  hidden  seconds  processor  before\n');
  const growth: Cost[] = [];
  const region = 'E12000005';
  let decided: Decided | undefined;
  const periods = periodsUntil(LAST, quarters);
  for (const [at, period] of periods.entries()) {
    const [cost, decision] = await edition({ region, period, returns: returnsOf(codesOf(region), base, at) });
    growth.push(cost);
    decided = decision;
  }
  // One authority sends again: the edition after, from the one before, and as if there had been none.
  const before = returnsOf(codesOf(region), base, quarters - 1);
  const [again] = codesOf(region) as [string];
  const returns = new Map([...before, [again, returnOf(base, 0, quarters)] as const]);
  const revised = { region, period: LAST, returns, before };
  const [anew] = await edition(revised, false);
  const [fromBefore] = await edition({ ...revised, ...(decided ? { decided } : {}) }, false);
  const nine: Cost[] = [];
  stored.length = 0;
  for (const { code } of all.slice(0, regions)) {
    nine.push(
      (await edition({ region: code, period: LAST, returns: returnsOf(codesOf(code), base, quarters - 1) }))[0],
    );
  }
  const last = growth.at(-1);
  const sum = (costs: readonly Cost[], of: 'seconds' | 'processor') => round(costs.reduce((s, one) => s + one[of], 0));
  process.stdout.write(
    `${JSON.stringify({
      bench: 'book',
      machine: { cores: cpus().length, processor: cpus()[0]?.model.trim(), node: process.version },
      indicators: dataset.indicators.length,
      quarters: growth,
      // How the cost of the last quarter stands to that of the first, and the same of what is read and joined alone.
      growth: growth.length > 1 ? round(last!.processor / growth[0]!.processor) : null,
      revised: { anew, fromBefore },
      // Processor time of one authority’s change against that of the whole edition.
      ofTheWhole: last ? round(fromBefore.processor / last.processor) : null,
      regions: nine,
      regionsSeconds: sum(nine, 'seconds'),
      regionsProcessor: sum(nine, 'processor'),
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      goals: { edition: 60, regions: 600 },
    })}\n`,
  );
}

void main();
