import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { handMade, seededTables } from './disclosure-instances';
import {
  LIMIT,
  UNTIMED,
  again,
  beside,
  besideName,
  growth,
  growthName,
  inProcess,
  limited,
  measureNamed,
  problemOf,
  searchName,
  searched,
  type Again,
  type Attacked,
  type Limited,
  type Linear,
  type Measured,
  type Searched,
  type Untimed,
} from './disclosure-measures';
import { round, takesOnly } from './measure';

/**
 * What the disclosure engine hides, how long it takes and whether it holds: seeded tables from 100 to 16,500 cells, small
 * nasty ones beside the best that trying every set finds, and growth at a fixed size of the parts. Each measurement has
 * a process of its own.
 *
 * First everything that is timed, one at a time: the instances, how a limit of 0.1 seconds is kept, how much faster an
 * answer comes that starts from an earlier one, what hiding by elimination alone leaves open (the baseline: what others do),
 * and what twenty seconds of search find. Then, two at a time, what is not:
 * every release is attacked by the auditor, which shares nothing with the engine (see `ALONE`), and each seeded table up to
 * 1,000 cells, but those that stand beside a told one, has an untimed answer: so many cells at least every safe answer hides
 * (where that is as many as this one, it is proved to be the best), and some of its complementary cells are printed again,
 * one at a time. Each figure is printed as soon as it is known, and all of them once more at the end. Times are of wall clock
 * and of the processor: on a busy machine read the latter.
 *
 * --quick: up to 1,000 cells, and nothing but instances. --only TEXT: what has TEXT in its name (`--only growth`, `--only
 * limit`, `--only again`, `--only baseline`, `--only search`). --limit S: a time limit for each. --search S: so much longer a search.
 * --no-audit: certificates only. --sample N: so many cells of each instance are printed again (28 when absent, some 200 in all; of large ranges a fourteenth).
 */
const argument = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const isSet = (name: string) => process.argv.includes(`--${name}`);
const numberOf = (name: string) => (argument(name) === undefined ? undefined : Number(argument(name)));
const asked = { limit: numberOf('limit'), search: numberOf('search'), sample: numberOf('sample') ?? 28 };
const options = process.argv.slice(2).filter((each) => each !== '--quick');

/** One instance, with all that was found of it. */
type Row = Measured & { certificateSeconds?: number } & Partial<Attacked> & Partial<Untimed>;

const columns: readonly (readonly [keyof Row, string])[] = [
  ['instance', 'instance'],
  ['cells', 'cells'],
  ['sensitive', 'sensitive'],
  ['hidden', 'hidden'],
  ['complementary', 'complementary'],
  ['optimum', 'optimum'],
  ['seconds', 'seconds'],
  ['cpuSeconds', 'cpu s'],
  ['failing', 'failing'],
  ['failingTold', 'if told'],
  ['certificateSeconds', 'certificate s'],
  ['megabytes', 'MB'],
  ['untimed', 'untimed'],
  ['bound', 'bound'],
  ['tried', 'tried'],
  ['printable', 'printable'],
  ['refused', 'refused'],
  ['cut', 'cut'],
];
const say = (text: string) => process.stdout.write(`${text}\n`);

function print(values: readonly (string | number | undefined)[]): void {
  const cells = values.map((value, at) => {
    const text = value === undefined ? '' : String(value);
    return at === 0 ? text.padEnd(40) : text.padStart(columns[at]![1].length);
  });
  say(cells.join('  '));
}
const printTitles = () => print(columns.map(([, title]) => title));
const printRow = (row: Row) => print(columns.map(([key]) => row[key]));

/** Everything of the last line but what is read off it. */
interface Taken {
  readonly instances: readonly Row[];
  readonly limits: readonly Limited[];
  readonly again: readonly Again[];
  readonly baseline: readonly Linear[];
  readonly searched: readonly Searched[];
}

/** Does work one after another, or so many at a time, in the order given. */
async function each<T, R>(list: readonly T[], work: (item: T) => Promise<R>, atOnce = 1): Promise<R[]> {
  const done: R[] = [];
  const next = list.entries();
  const worker = async () => {
    for (const [at, item] of next) done[at] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

async function measured(name: string, file: string): Promise<Row> {
  const row = await inProcess<Measured>(name, 'measure', file, ...options);
  if (row.refused !== undefined) return row;
  return { ...row, certificateSeconds: await inProcess<number>(name, 'check', file) };
}

/** What is not timed, largest first so that none is left over for the end. */
async function judged(rows: readonly Row[], fileOf: (name: string) => string): Promise<Row[]> {
  const more = new Map<string, Partial<Attacked & Untimed>>();
  const isSampled = ({ instance, cells }: Row) =>
    instance in seededTables && !instance.endsWith('alone') && cells <= UNTIMED && asked.sample > 0;
  const works = [...rows]
    .filter(({ refused }) => refused === undefined)
    .sort((a, b) => b.cells - a.cells)
    .flatMap((row) => [
      ...(isSet('no-audit') ? [] : [[row.instance, 'attack'] as const]),
      ...(isSampled(row) ? [[row.instance, 'untimed'] as const] : []),
    ]);
  const judge = async ([name, work]: readonly [string, string]) => {
    const found = await inProcess<Partial<Attacked & Untimed>>(name, work, fileOf(name), ...options);
    more.set(name, { ...more.get(name), ...found });
    say(`${work.padEnd(8)} ${name.padEnd(38)} ${JSON.stringify(found)}`);
  };
  await each(works, judge, 2);
  return rows.map((row) => ({ ...row, ...more.get(row.instance) }));
}

async function take(folder: string): Promise<Taken> {
  const only = argument('only') ?? '';
  const quick = isSet('quick');
  const named = (names: readonly string[]) => names.filter((name) => name.includes(only));
  const more = <T>(title: string, names: readonly string[], write: (row: T) => string) => {
    const asked = quick ? [] : named(names);
    if (asked.length > 0) say(`\n${title}`);
    return each(asked, async (name) => {
      const row = await inProcess<T>(name);
      say(write(row));
      return row;
    });
  };
  const names = named([...Object.keys(handMade), ...Object.keys(seededTables), ...growth.map(growthName)]).filter(
    (name) => !quick || problemOf(name).cells.length <= 1000,
  );
  const fileOf = (name: string) => join(folder, `${names.indexOf(name)}.json`);
  if (names.length > 0) printTitles();
  const rows = await each(names, async (name) => {
    const row = await measured(name, fileOf(name));
    printRow(row);
    return row;
  });
  const limits = await more<Limited>(
    `a limit of ${LIMIT} seconds: cells, runs, safe, refused, unsafe, milliseconds over at most`,
    Object.keys(limited),
    ({ cells, runs, safe, refused, unsafe, over }) =>
      [cells, runs, safe, refused, unsafe, over].map((each) => String(each).padStart(6)).join(' '),
  );
  const agains = await more<Again>(
    'from an earlier answer and from nothing: seconds of processor, hidden',
    Object.keys(again),
    ({ what, fromBefore, anew, hiddenFromBefore, hiddenAnew }) =>
      `${what.padEnd(40)} ${fromBefore} and ${anew} s, ${hiddenFromBefore} and ${hiddenAnew}`,
  );
  const baselines = await more<Linear>(
    'beside, hidden by elimination: complementary, seconds, sensitive, of these computable all the same, by the outsider',
    beside.map(besideName),
    ({ instance, complementary, seconds, sensitive, exposed, toOutsider }) =>
      `${instance.padEnd(20)} ${complementary} ${seconds} ${sensitive} ${exposed} ${toOutsider}`,
  );
  const searches = await more<Searched>(
    'with twenty seconds: sensitive, complementary, seconds',
    searched.map(searchName),
    ({ instance, sensitive, complementary, seconds }) =>
      `${instance.padEnd(20)} ${sensitive} ${complementary} ${seconds}`,
  );
  if (rows.length > 0) say('\nattacked, and printed again out of an untimed answer');
  const instances = await judged(rows, fileOf);
  return { instances, limits, again: agains, baseline: baselines, searched: searches };
}

/** What told hides beyond range alone, where both were measured. */
const toldBeside = (instances: readonly Row[]) =>
  instances.flatMap((row) => {
    const alone = instances.find(({ instance }) => instance === `${row.instance}, range alone`);
    if (!alone || row.refused !== undefined) return [];
    const more = row.complementary - alone.complementary;
    return [
      { instance: row.instance, more, of: alone.complementary, percent: round((100 * more) / alone.complementary) },
    ];
  });

/** Milliseconds of processor for each cell, at a fixed size of the parts. */
const grownOf = (instances: readonly Row[]) =>
  instances
    .filter(({ instance }) => growth.some((times) => growthName(times) === instance))
    .map(({ instance, cells, cpuSeconds }) => ({ instance, cells, msPerCell: round((1000 * cpuSeconds) / cells) }));

/** One measure of the collection with the figure that was reached; `isMet` is absent where nothing was measured. */
interface Goal {
  readonly goal: string;
  readonly reached: number | undefined;
  readonly isMet: boolean | undefined;
}

function goalsOf({ instances, limits, again: agains }: Taken): Goal[] {
  const goal = (name: string, reached: number | undefined, most: number): Goal => ({
    goal: name,
    reached,
    isMet: reached === undefined || Number.isNaN(reached) ? undefined : reached <= most,
  });
  const worst = (values: readonly (number | undefined)[]): number | undefined => {
    const known = values.filter((each) => each !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const of = (name: string) => instances.find(({ instance }) => instance === name);
  const sum = (key: 'tried' | 'printable') =>
    instances.some((row) => row[key] !== undefined)
      ? instances.reduce((all, row) => all + (row[key] ?? 0), 0)
      : undefined;
  const isAskedForTold = ({ instance }: Row) => instance.endsWith('told');
  const grown = grownOf(instances);
  const overOptimum = instances.flatMap(({ complementary, optimum }) =>
    optimum === undefined ? [] : [complementary - optimum],
  );
  return [
    goal('pairs that the auditor opens: 0', worst(instances.map(({ failing }) => failing)), 0),
    goal(
      'pairs open to one who was told, where told was promised: 0',
      worst(instances.filter(isAskedForTold).map(({ failingTold }) => failingTold)),
      0,
    ),
    goal('seconds at 975 cells, exact: 2', of('975 exact')?.seconds, 2),
    goal('seconds at 975 cells, range: 2', of('975 range')?.seconds, 2),
    goal('seconds at 975 cells, told: 2', of('975 told')?.seconds, 2),
    goal('seconds at 4,320 cells, exact: 8', of('4320 exact')?.seconds, 8),
    goal('seconds at 16,500 cells, exact: 30', of('16500 exact')?.seconds, 30),
    goal('seconds of the certificate check at 16,500 cells, alone: 1', of('16500 exact')?.certificateSeconds, 1),
    goal('peak megabytes: 1,024', worst(instances.map(({ megabytes }) => megabytes)), 1024),
    goal('complementary cells of a hand-made table above its optimum: 0', worst(overOptimum), 0),
    goal('complementary cells of the sample that could be printed again: 0', sum('printable'), 0),
    goal('percent that told hides beside range: 10', worst(toldBeside(instances).map(({ percent }) => percent)), 10),
    goal(
      'growth, cost of a cell in the largest over the smallest table: 1.5',
      grown.length < 2 ? undefined : round(grown.at(-1)!.msPerCell / grown[0]!.msPerCell),
      1.5,
    ),
    goal('unsafe answers under a limit of 0.1 seconds: 0', worst(limits.map(({ unsafe }) => unsafe)), 0),
    goal('milliseconds over that limit: 100', worst(limits.map(({ over }) => over)), 100),
    goal(
      'cost of an answer from an earlier one, of one from nothing: 0.1',
      worst(agains.map((each) => round(each.fromBefore / each.anew))),
      0.1,
    ),
  ];
}

async function run(): Promise<void> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  const taken = await take(folder).finally(() => rmSync(folder, { recursive: true }));
  const told = toldBeside(taken.instances);
  const grown = grownOf(taken.instances);
  if (taken.instances.length > 0) {
    say('');
    printTitles();
    for (const row of taken.instances) printRow(row);
  }
  if (grown.length > 0) say('\ngrowth at a fixed size of the parts: milliseconds of processor for each cell');
  for (const { instance, cells, msPerCell } of grown)
    say(`${instance.padEnd(12)} ${String(cells).padStart(6)} ${msPerCell}`);
  if (told.length > 0) say('\nwhat told hides beside range alone');
  for (const { instance, more, of, percent } of told) say(`${instance.padEnd(20)} ${more} of ${of} (${percent} %)`);
  const tried = taken.instances.reduce((all, row) => all + (row.tried ?? 0), 0);
  const goals = goalsOf(taken);
  say(`\ngoals; ${tried} complementary cells tried`);
  for (const { goal, reached, isMet } of goals)
    say(
      `${isMet === undefined ? '     ' : isMet ? 'met  ' : 'open '} ${goal}${reached === undefined ? '' : `; reached ${reached}`}`,
    );
  const minutes = round((performance.now() - began) / 60_000);
  const load = round(loadavg()[0]!);
  say(`\n${JSON.stringify({ bench: 'disclosure', load, minutes, ...taken, growth: grown, told, tried, goals })}`);
}

const one = argument('one');
takesOnly('quick', 'only', 'limit', 'search', 'no-audit', 'sample', 'one');
if (one === undefined) void run();
else {
  const [work, file] = process.argv.slice(process.argv.indexOf('--one') + 2);
  void measureNamed(one, asked, work!, file!).then((row) => say(JSON.stringify(row)));
}
