import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Problem } from '@hub/disclosure';
import { parsePeriod, periodsUntil, type Period } from '@hub/kernel';
import {
  Book,
  protectAndCheck,
  protectedFigures,
  protectEdition,
  proveToReaders,
  readersTable,
  ReadersViews,
  toPrinted,
  type Cells,
  type EditionInput,
  type ProtectedEdition,
} from '@hub/publications';
import { certificateIn, keptOf, releaseOf, type Decided, type KeptDecision } from '@hub/publications/domain';
import { allSeries, inPeriod, loadCatalogue, loadRegistry, newestDataset, seriesKey } from '@hub/registry/domain';
import { randomFrom } from '../support/random';
import { fullCounts } from './full-return';
import { option, round } from './measure';

/**
 * What an edition costs as the book grows: 14 authorities, all 51 indicators with every breakdown, made-up counts that keep every rule,
 * one quarter after the other, and then the same quarter of nine regions in one book. Each edition is compiled, protected with
 * everything that it is linked to, certified, checked by addition, its intervals are found and it is proved to its readers; the
 * book is read back from JSON each time, as the hub does. Then one authority sends again. Seconds pass; processor time is of
 * all threads, and it alone is to be compared on a machine that does other things too.
 *
 * `--quarters N` (8) and `--regions N` (9); 0 regions leave that part out.
 */
const { datasets } = loadCatalogue();
const dataset = newestDataset({ datasets }, 'safeguarding-quarterly');
const series = allSeries(dataset);
const SEED = 20_261_126;
const LAST = parsePeriod('2026-Q2');
const REGION = 'E12000005';

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

/** The return with one contact that came late: the total counts one more, and of each breakdown one category. No rule is about these. */
function withLateRecord(cells: Cells): Cells {
  const contacts = dataset.indicators.find(({ code }) => code === 'FD01')!;
  const places = contacts.breakdowns.map(({ dimension, categories }) => ({
    [dimension]: categories?.[0] ?? dataset.dimensions[dimension]!.categories[0]!.code,
  }));
  const more = [{}, ...places].map((categories) => {
    const key = seriesKey(contacts.code, categories, 'count');
    const figure = cells.get(key)!;
    return [key, figure.kind === 'value' ? { ...figure, value: figure.value + 1 } : figure] as const;
  });
  return new Map([...cells, ...more]);
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

/** Reading the book; compiling, naming and joining; protecting and checking; what stands beside hidden figures; readers' proofs. */
type Step = 'book' | 'compile' | 'protect' | 'intervals' | 'proofs';

interface Cost {
  readonly region: string;
  readonly period: string;
  readonly cells: number;
  /** Of these and of earlier ones, as many as had to be protected; how many parts these fall into; and what is hidden. */
  readonly joint: number;
  readonly parts: number;
  readonly hidden: number;
  readonly seconds: number;
  readonly processor: number;
  readonly steps: Readonly<Record<Step, number>>;
  /** How long its certificate is as it is kept, and the most memory that the process has held so far. */
  readonly keptMegabytes: number;
  readonly peakMegabytes: number;
}

/** As one process of the hub has it. */
const views = new ReadersViews();
/** A book as the store holds it: JSON. */
const stored: string[] = [];

interface Asked {
  readonly region: string;
  readonly period: Period;
  readonly returns: ReadonlyMap<string, Cells>;
  /** For a later edition: what stood in the one before, how that was decided, and the authorities' own proofs of it. */
  readonly before?: { readonly returns: ReadonlyMap<string, Cells> } & Made;
}
/** What an edition leaves for the next, as the store holds it. */
interface Made {
  readonly decided: string;
  readonly proofs: ReadonlyMap<string, string>;
}

const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** @param keep  whether it stands in the book from then on. @returns what it cost, and what it leaves */
async function edition(asked: Asked, keep = true): Promise<[Cost, Made]> {
  const { region, period, returns, before } = asked;
  const began = performance.now();
  const steps = {} as Record<Step, number>;
  const busy = processor();
  let last = busy;
  const done = (step: Step) => {
    const now = processor();
    steps[step] = round(now - last);
    last = now;
  };
  const book = new Book(stored.map((text) => JSON.parse(text) as never));
  const decision = before && (JSON.parse(before.decided) as KeptDecision);
  done('book');
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
    ...(before ? { before: before.returns } : {}),
    ...(decision
      ? { decided: { suppressed: decision.suppressed, certificate: certificateIn(decision) } satisfies Decided }
      : {}),
  };
  const made = await protectEdition(book, input, (problem, start) => {
    done('compile');
    return protectAndCheck(problem, start);
  });
  if (made.status !== 'protected') throw new Error(`${region} ${period.text} is held`);
  done('protect');
  await views.intervals(readersTable(made.compiled, made.suppressed));
  done('intervals');
  const proofs = await proved(input, made, before?.proofs);
  done('proofs');
  const kept = JSON.stringify(keptOf(made.decision));
  if (keep) stored.push(JSON.stringify(releaseOf(`${stored.length}`.padStart(6, '0'), input, made)));
  const cost: Cost = {
    region,
    period: period.text,
    cells: made.compiled.problem.cells.length,
    joint: made.joint.problem.cells.length,
    parts: partsIn(made.joint.problem),
    hidden: made.suppressed.length,
    seconds: round((performance.now() - began) / 1000),
    processor: round(processor() - busy),
    steps,
    keptMegabytes: round(kept.length / 1e6),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  write(cost);
  return [cost, { decided: kept, proofs }];
}

/** @param before  own proofs of the edition before, of those who have not sent again. @returns the own proofs */
async function proved(
  input: EditionInput,
  { compiled, published, returns }: ProtectedEdition,
  before: ReadonlyMap<string, string> = new Map(),
): Promise<ReadonlyMap<string, string>> {
  const figures = protectedFigures(compiled, published).map(({ key, region, figures: each }) => ({
    key,
    region: toPrinted(region),
    figures: each.map(toPrinted),
  }));
  const document = { zeros: input.policy.zeros, authorities: input.authorities, series: figures };
  const unchanged = new Map([...before].filter(([one]) => input.before?.get(one) === returns.get(one)));
  const proofs = await proveToReaders(document, input.dataset, returns, views.proofs, unchanged);
  if ('fault' in proofs) throw new Error(proofs.fault);
  return new Map([...proofs.own].flatMap(([one, text]) => (text === null ? [] : [[one, text]])));
}

/** How many parts it falls into: what hangs together through cells that can be other than they are. */
function partsIn({ cells, equations, ranges }: Problem): number {
  const above = new Map(cells.flatMap(({ id, value, locked }) => (locked === 'published' || (value === 0 && !locked) ? [] : [[id, id]]))); // prettier-ignore
  const root = (id: string): string => (above.get(id) === id ? id : root(above.get(id)!));
  for (const ids of [
    ...equations.map(({ total, parts }) => [total, ...parts]),
    ...ranges.map(({ terms }) => terms.map(([id]) => id)),
  ]) {
    const [first, ...others] = ids.filter((id) => above.has(id)).map(root);
    for (const other of others) above.set(other, first!);
  }
  return [...above].filter(([id, one]) => id === one).length;
}

const WIDTHS = [9, 7, 6, 6, 5, 6, 7, 9, 5, 7, 7, 9, 6, 7, 5];
const row = (columns: readonly (string | number)[]) =>
  `${columns.map((one, i) => String(one).padStart(WIDTHS[i]!)).join('  ')}\n`;
const heads = ['region', 'period', 'cells', 'joint', 'parts', 'hidden', 'seconds', 'processor', 'book', 'compile', 'protect', 'intervals', 'proofs', 'kept MB', 'MB']; // prettier-ignore
function write({
  region,
  period,
  cells,
  joint,
  parts,
  hidden,
  seconds,
  processor: busy,
  steps,
  keptMegabytes,
  peakMegabytes,
}: Cost): void {
  const { book, compile, protect, intervals, proofs } = steps;
  process.stdout.write(row([region, period, cells, joint, parts, hidden, seconds, busy, book, compile, protect, intervals, proofs, keptMegabytes, peakMegabytes])); // prettier-ignore
}

async function main(): Promise<void> {
  const quarters = option('quarters', 8);
  const regions = option('regions', 9, 0);
  const { authorities, regions: all } = loadRegistry();
  const current = authorities.filter(({ until, kind }) => until === null && kind === 'authority');
  const codesOf = (region: string) => current.filter((one) => one.region === region).map(({ code }) => code).slice(0, 14); // prettier-ignore
  const base = await tables();
  const returnsOf = (region: string, quarter: number) =>
    new Map(codesOf(region).map((code, at) => [code, returnOf(base, at, quarter)]));

  process.stdout.write(row(heads));
  const growth: Cost[] = [];
  let left: Made | undefined;
  for (const [at, period] of periodsUntil(LAST, quarters).entries()) {
    const [cost, made] = await edition({ region: REGION, period, returns: returnsOf(REGION, at) });
    growth.push(cost);
    left = made;
  }
  const last = growth.at(-1)!;

  // One authority sends again: one record came late, and every count is another.
  const before = returnsOf(REGION, quarters - 1);
  const [again] = codesOf(REGION) as [string];
  const revised = async (name: string, cells: Cells) => {
    process.stdout.write(`revised: ${name}\n`);
    const asked = {
      region: REGION,
      period: LAST,
      returns: new Map([...before, [again, cells] as const]),
      before: { returns: before, ...left! },
    };
    const [cost] = await edition(asked, false);
    const share = (of: (one: Cost) => number) => round(of(cost) / of(last));
    return { ...cost, ofTheWhole: share((one) => one.processor), ofProtecting: share((one) => one.steps.protect) };
  };
  const lateRecord = await revised('one record', withLateRecord(before.get(again)!));
  const everyCount = await revised('every count of one authority', returnOf(base, 0, quarters));

  const nine: Cost[] = [];
  stored.length = 0;
  for (const { code } of all.slice(0, regions))
    nine.push((await edition({ region: code, period: LAST, returns: returnsOf(code, quarters - 1) }))[0]);
  const sum = (of: (one: Cost) => number) => round(nine.reduce((s, one) => s + of(one), 0));
  process.stdout.write(
    `${JSON.stringify({
      bench: 'book',
      machine: { cores: cpus().length, processor: cpus()[0]?.model.trim(), node: process.version },
      indicators: dataset.indicators.length,
      quarters: growth,
      growth: round(last.processor / growth[0]!.processor),
      revised: { lateRecord, everyCount },
      regions: nine,
      regionsSeconds: sum(({ seconds }) => seconds),
      regionsProcessor: sum((one) => one.processor),
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      goals: { editionSeconds: 60, regionsSeconds: 600, revisedShare: 0.1 },
    })}\n`,
  );
}

void main();
