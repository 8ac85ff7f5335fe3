import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { tableAsPrinted, type PrintedTable } from '@hub/disclosure';
import { parsePeriod, periodsUntil, type Period } from '@hub/kernel';
import {
  Book,
  protectAndCheck,
  protectedFigures,
  protectEdition,
  proveToReaders,
  ReadersViews,
  toPrinted,
  type Cells,
  type EditionInput,
  type ProtectedEdition,
} from '@hub/publications';
import { tableOf } from '@hub/publications/checker';
import { certificateIn, keptOf, releaseOf, type Decided, type KeptDecision } from '@hub/publications/domain';
import { inPeriod, loadRegistry } from '@hub/registry/domain';
import { dataset, datasets, returnOf, tables, withLateRecord } from './book-returns';
import { option, round, takesOnly } from './measure';

/**
 * What an edition costs as the book grows: 14 authorities, all 51 indicators with every breakdown, made-up counts that keep every rule,
 * one quarter after the other; then one authority sends again; then the same quarter of nine regions in one book. Each edition is
 * compiled, protected with everything that it is linked to, certified, checked by addition, its intervals are found and it is
 * proved to its readers; the book is read back from JSON each time, as the hub does. One that is held is said to be, and the next
 * goes on without it. Seconds pass; processor time is of all threads, and it alone is to be compared on a machine that
 * does other things too.
 *
 * `--quarters N` (8) and `--regions N` (9); 0 regions leave that part out. In pieces: with `--book FILE` a run goes on where the one
 * before has stopped, and with `--minutes N` it stops before a quarter or region that would not end in time, one at least being made.
 */
const LAST = parsePeriod('2026-Q2');
const REGION = 'E12000005';

const policy: EditionInput['policy'] = {
  threshold: 6,
  zeros: 'printed',
  protect: 'range',
  told: false,
  leastContributors: 3,
  leastBase: 10,
  surveyThreshold: 10,
};

/** Reading the book; compiling, naming and joining; protecting and checking; intervals and proofs for readers, at the same time. */
const STEPS = ['book', 'compile', 'protect', 'readers'] as const;
type Step = (typeof STEPS)[number];

interface Cost {
  readonly region: string;
  readonly period: string;
  readonly held: boolean;
  readonly cells: number;
  /** Of these and of earlier ones, as many as had to be protected; and what is hidden. */
  readonly joint: number;
  readonly hidden: number;
  /** Rows that it does without. */
  readonly rowsHeld: number;
  readonly seconds: number;
  readonly processor: number;
  readonly steps: Readonly<Record<Step, number>>;
  /** How long its certificate is as it is kept, the book that it was read beside, and the most memory that the process has held so far. */
  readonly keptMegabytes: number;
  readonly bookMegabytes: number;
  readonly peakMegabytes: number;
}

/** What an edition leaves for the next, as the store holds it. */
interface Left {
  readonly decided: string;
  readonly proofs: readonly (readonly [string, string])[];
}

/** What has been done: JSON, in `--book`. */
interface State {
  readonly quarters: Cost[];
  readonly revised: Record<string, Cost & { readonly ofTheWhole: number; readonly ofProtecting: number }>;
  readonly regions: Cost[];
  /** The book of the quarters and that of the regions: each release as the store holds it. */
  readonly book: string[];
  readonly regionsBook: string[];
  /** Of the last quarter that was not held: its place, and what it leaves. */
  last?: Left & { readonly at: number };
}

interface Asked {
  readonly region: string;
  readonly period: Period;
  readonly returns: ReadonlyMap<string, Cells>;
  /** For a later edition: what stood in the one before, and what that has left. */
  readonly before?: Left & { readonly returns: ReadonlyMap<string, Cells> };
}
interface Made {
  readonly cost: Cost;
  /** For the book, and for the next edition; absent where it is held. */
  readonly release?: string;
  readonly left?: Left;
}

/** As one process of the hub has it. */
const views = new ReadersViews();

const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Processor time by steps: what has passed since the last step that was done. */
function stopwatch() {
  const steps: Record<Step, number> = { book: 0, compile: 0, protect: 0, readers: 0 };
  const [began, busy] = [performance.now(), processor()];
  let last = busy;
  return {
    done(step: Step) {
      const now = processor();
      steps[step] += now - last;
      last = now;
    },
    cost: () => ({
      seconds: round((performance.now() - began) / 1000),
      processor: round(processor() - busy),
      steps: Object.fromEntries(STEPS.map((step) => [step, round(steps[step])])) as Record<Step, number>,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  };
}

function inputOf({ region, period, returns, before }: Asked): EditionInput {
  const decision = before && (JSON.parse(before.decided) as KeptDecision);
  return {
    dataset: inPeriod(dataset, period),
    region,
    period: period.text,
    authorities: [...returns.keys()],
    returns,
    policy,
    attackers: [],
    ignoreNationalMarks: false,
    datasets,
    ...(before && decision
      ? {
          before: before.returns,
          decided: { suppressed: decision.suppressed, certificate: certificateIn(decision) } satisfies Decided,
        }
      : {}),
  };
}

async function edition(stored: readonly string[], asked: Asked): Promise<Made> {
  const watch = stopwatch();
  const book = new Book(stored.map((text) => JSON.parse(text) as never));
  const input = inputOf(asked);
  watch.done('book');
  const made = await protectEdition(book, input, async (problem, start) => {
    watch.done('compile');
    const decision = await protectAndCheck(problem, start);
    watch.done('protect');
    return decision;
  });
  watch.done('compile');
  const head = {
    region: asked.region,
    period: asked.period.text,
    held: made.status !== 'protected',
    joint: made.joint.problem.cells.length,
    bookMegabytes: round(stored.reduce((sum, text) => sum + text.length, 0) / 1e6),
  };
  if (made.status !== 'protected') {
    return { cost: { ...head, cells: 0, hidden: 0, rowsHeld: 0, keptMegabytes: 0, ...watch.cost() } };
  }
  const table = printedOf(input, made);
  const [proofs] = await Promise.all([ownProofs(table, made, asked.before), views.intervals(table)]);
  watch.done('readers');
  const decided = JSON.stringify(keptOf(made.decision));
  return {
    cost: {
      ...head,
      cells: made.compiled.problem.cells.length,
      hidden: made.suppressed.length,
      rowsHeld: made.leftOut.length,
      keptMegabytes: round(decided.length / 1e6),
      ...watch.cost(),
    },
    release: JSON.stringify(releaseOf(`${stored.length}`.padStart(6, '0'), input, made)),
    left: { decided, proofs },
  };
}

/** The table as its readers will have it. */
function printedOf(input: EditionInput, { compiled, published }: ProtectedEdition): PrintedTable {
  const series = protectedFigures(compiled, published).map(({ key, region, figures }) => ({
    key,
    region: toPrinted(region),
    figures: figures.map(toPrinted),
  }));
  return tableAsPrinted(tableOf({ zeros: input.policy.zeros, authorities: input.authorities, series }, input.dataset));
}

/** Proves it to all readers, from the own proofs of the edition before of those who have not sent again. */
async function ownProofs(
  table: PrintedTable,
  { returns }: ProtectedEdition,
  before: Asked['before'],
): Promise<Left['proofs']> {
  const same = (before?.proofs ?? []).filter(([one]) => before!.returns.get(one) === returns.get(one));
  const proofs = await proveToReaders(table, returns, views.proofs, new Map(same));
  if ('fault' in proofs) throw new Error(proofs.fault);
  return [...proofs.own].flatMap(([one, text]) => (text === null ? [] : [[one, text] as const]));
}

const heads = [
  'region',
  'period',
  'cells',
  'joint',
  'hidden',
  'rows held',
  'seconds',
  'processor',
  ...STEPS,
  'kept MB',
  'book MB',
  'MB',
];
const row = (columns: readonly (string | number)[]) =>
  `${columns.map((one, i) => String(one).padStart(Math.max(heads[i]!.length, [9, 7][i] ?? 6))).join('  ')}\n`;
function write({ held, ...cost }: Cost): void {
  const { region, period, joint, steps, seconds, peakMegabytes } = cost;
  const figures = held ? ['held', joint, '-', '-'] : [cost.cells, joint, cost.hidden, cost.rowsHeld];
  process.stdout.write(
    row([
      region,
      period,
      ...figures,
      seconds,
      cost.processor,
      ...STEPS.map((step) => steps[step]),
      cost.keptMegabytes,
      cost.bookMegabytes,
      peakMegabytes,
    ]),
  );
}

const { authorities, regions: allRegions } = loadRegistry();
const current = authorities.filter(({ until, kind }) => until === null && kind === 'authority');
const codesOf = (region: string) =>
  current
    .filter((one) => one.region === region)
    .map(({ code }) => code)
    .slice(0, 14);

/** The one that sends again: one record came late; or every count is another. */
const REVISED = ['lateRecord', 'everyCount'] as const;

class Bench {
  private readonly periods: readonly Period[];

  constructor(
    private readonly state: State,
    private readonly base: Awaited<ReturnType<typeof tables>>,
    private readonly quarters: number,
    private readonly regions: number,
  ) {
    this.periods = periodsUntil(LAST, quarters);
    if (state.quarters.some(({ period }, i) => period !== this.periods[i]?.text))
      throw new Error('the book was begun with another number of --quarters');
  }

  /** @returns the next edition that is to be made; undefined where all have been */
  next(): (() => Promise<Cost>) | undefined {
    const { quarters, regions, revised, last } = this.state;
    if (quarters.length < this.quarters) return () => this.quarter(quarters.length);
    const again = last && REVISED.find((name) => !revised[name]);
    if (again) return () => this.revise(again, last);
    return regions.length < this.regions ? () => this.region(allRegions[regions.length]!.code) : undefined;
  }

  /** A revised edition is made by the process that made the one before: it remembers what everybody sees of that. */
  revisesNext(): boolean {
    const { quarters, revised, last } = this.state;
    return quarters.length >= this.quarters && last !== undefined && REVISED.some((name) => !revised[name]);
  }

  private returnsOf(region: string, quarter: number): Map<string, Cells> {
    return new Map(codesOf(region).map((code, at) => [code, returnOf(this.base, at, quarter)]));
  }

  private async quarter(at: number): Promise<Cost> {
    const { state } = this;
    const { cost, release, left } = await edition(state.book, {
      region: REGION,
      period: this.periods[at]!,
      returns: this.returnsOf(REGION, at),
    });
    state.quarters.push(cost);
    if (release) state.book.push(release);
    if (left) state.last = { ...left, at };
    return cost;
  }

  private async revise(name: (typeof REVISED)[number], last: Left & { readonly at: number }): Promise<Cost> {
    process.stdout.write(`revised: ${name === 'lateRecord' ? 'one record' : 'every count'} of one authority\n`);
    const before = this.returnsOf(REGION, last.at);
    const [again, sent] = [...before][0]!;
    const cells = name === 'lateRecord' ? withLateRecord(sent) : returnOf(this.base, 0, this.quarters);
    const { cost } = await edition(this.state.book, {
      region: REGION,
      period: this.periods[last.at]!,
      returns: new Map([...before, [again, cells]]),
      before: { ...last, returns: before },
    });
    const whole = this.state.quarters[last.at]!;
    const share = (of: (one: Cost) => number) => round(of(cost) / of(whole));
    this.state.revised[name] = {
      ...cost,
      ofTheWhole: share((one) => one.processor),
      ofProtecting: share(({ steps }) => steps.protect),
    };
    return cost;
  }

  private async region(code: string): Promise<Cost> {
    const { regions, regionsBook } = this.state;
    const { cost, release } = await edition(regionsBook, {
      region: code,
      period: LAST,
      returns: this.returnsOf(code, this.quarters - 1),
    });
    regions.push(cost);
    if (release) regionsBook.push(release);
    return cost;
  }
}

/** How much more the last quarters cost than the first: of up to four each, so that every season is in both. */
function growthOf(quarters: readonly Cost[], of: (one: Cost) => number): number {
  const many = Math.min(4, quarters.length >> 1 || 1);
  const sum = (some: readonly Cost[]) => some.reduce((all, one) => all + of(one), 0);
  return round(sum(quarters.slice(-many)) / sum(quarters.slice(0, many)));
}

/** The goals in words: what re-protecting costs beside protecting and a revised edition beside a whole one, and how a long book grows. */
function* inWords({ quarters, revised, last }: State) {
  const whole = last && quarters[last.at];
  for (const [name, { steps, processor, ofTheWhole, ofProtecting }] of whole ? Object.entries(revised) : []) {
    const shares = [
      `re-protecting ${steps.protect} s over protecting ${whole!.steps.protect} s: ${percent(ofProtecting)}`,
      `the edition ${processor} s over the whole edition ${whole!.processor} s: ${percent(ofTheWhole)}`,
    ];
    yield `${name}, processor time: ${shares.join('; ')}`;
  }
  const many = Math.min(4, quarters.length >> 1);
  if (many < 1) return;
  const [first, second] = [quarters[many - 1]!, quarters.at(-1)!];
  yield [
    `the last ${many} of ${quarters.length} quarters over the first ${many}: processor time ${growthOf(quarters, (one) => one.processor)}`,
    `without the book ${growthOf(quarters, ({ processor, steps }) => processor - steps.book)}, wall ${growthOf(quarters, (one) => one.seconds)} times`,
    `book ${first.bookMegabytes} MB to ${second.bookMegabytes} MB, read in ${first.steps.book} s and ${second.steps.book} s`,
  ].join('; ');
}
const percent = (share: number) => `${Math.round(100 * share)} %`;

function told({ quarters, revised, regions }: State, isWhole: boolean) {
  const sum = (of: (one: Cost) => number) => round(regions.reduce((all, one) => all + of(one), 0));
  return {
    bench: 'book',
    isWhole,
    machine: { cores: cpus().length, processor: cpus()[0]?.model.trim(), node: process.version },
    indicators: dataset.indicators.length,
    quarters,
    growth: growthOf(quarters, (one) => one.processor),
    revised,
    regions,
    regionsSeconds: sum(({ seconds }) => seconds),
    regionsProcessor: sum((one) => one.processor),
    held: [...quarters, ...regions].filter(({ held }) => held).map(({ region, period }) => `${region} ${period}`),
    peakMegabytes: Math.max(...[...quarters, ...Object.values(revised), ...regions].map((one) => one.peakMegabytes)),
    goals: { editionSeconds: 60, regionsSeconds: 600, revisedShare: 0.1 },
  };
}

async function main(): Promise<void> {
  takesOnly('quarters', 'regions', 'book', 'minutes');
  const at = process.argv.indexOf('--book');
  const file = at < 0 ? undefined : process.argv[at + 1];
  const state: State =
    file && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as State)
      : { quarters: [], revised: {}, regions: [], book: [], regionsBook: [] };
  const bench = new Bench(state, await tables(), option('quarters', 8), option('regions', 9, 0));
  const seconds = 60 * option('minutes', Infinity);
  const isTime = () => longest === 0 || process.uptime() + longest < seconds;
  process.stdout.write(row(heads));
  [...state.quarters, ...Object.values(state.revised), ...state.regions].forEach(write);
  let longest = 0;
  let next = bench.next();
  for (; next && (bench.revisesNext() || isTime()); next = bench.next()) {
    const cost = await next();
    longest = Math.max(longest, cost.seconds);
    write(cost);
    if (file) {
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
    }
  }
  for (const line of inWords(state)) process.stdout.write(`${line}\n`);
  process.stdout.write(`${JSON.stringify(told(state, next === undefined))}\n`);
}

void main();
