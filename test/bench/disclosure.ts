import { loadavg } from 'node:os';
import { handMade, seededTables } from './disclosure-instances';
import {
  LIMIT,
  again,
  growth,
  growthName,
  inProcess,
  limited,
  measureNamed,
  problemOf,
  searchName,
  searched,
  type Again,
  type Limited,
  type Measured,
  type Searched,
} from './disclosure-measures';
import { round, takesOnly } from './measure';

/**
 * What the disclosure engine hides, how long it takes and whether it holds: seeded tables from 100 to 16,500 cells, small
 * nasty ones beside the best that trying every set finds, and growth at a fixed size of the parts. Each instance runs
 * in a process of its own. Every release is attacked by the auditor, which shares nothing with the engine. Of each
 * seeded table up to 1,000 cells some complementary cells of an untimed answer are printed again, one at a time.
 *
 * Then: what `told` costs beside `range`, how a limit of 0.1 seconds is kept, how much faster an answer comes that
 * starts from an earlier one, and what twenty seconds of search find. Times are of wall clock and of the processor: on a
 * busy machine read the latter.
 *
 * --quick: up to 1,000 cells, and nothing but instances. --only TEXT: what has TEXT in its name (`--only growth`, `--only
 * limit`, `--only again`, `--only search`). --limit S: a time limit for each. --search S: so much longer a search.
 * --no-audit: certificates only. --sample N: so many cells of each instance are printed again (16 when absent).
 */
const argument = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const isSet = (name: string) => process.argv.includes(`--${name}`);
const numberOf = (name: string) => (argument(name) === undefined ? undefined : Number(argument(name)));
const asked = {
  limit: numberOf('limit'),
  search: numberOf('search'),
  isAudited: !isSet('no-audit'),
  sample: numberOf('sample') ?? 16,
};

const columns: readonly (readonly [keyof Measured, string])[] = [
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
  ['tried', 'tried'],
  ['printable', 'printable'],
  ['refused', 'refused'],
  ['cut', 'cut'],
];
const say = (text: string) => process.stdout.write(`${text}\n`);

function print(values: readonly (string | number | null | undefined)[]): void {
  const cells = values.map((value, at) => {
    const text = value === null || value === undefined ? '' : String(value);
    return at === 0 ? text.padEnd(40) : text.padStart(columns[at]![1].length);
  });
  say(cells.join('  '));
}

/** Everything of the last line but what is read off it. */
interface Taken {
  readonly instances: readonly Measured[];
  readonly limits: readonly Limited[];
  readonly again: readonly Again[];
  readonly searched: readonly Searched[];
}

function take(): Taken {
  const only = argument('only') ?? '';
  const quick = isSet('quick');
  const named = (names: readonly string[]) => names.filter((name) => name.includes(only));
  const more = (names: readonly string[]) => (quick ? [] : named(names));
  const options = process.argv.slice(2).filter((each) => each !== '--quick');
  const instances = named([...Object.keys(handMade), ...Object.keys(seededTables), ...growth.map(growthName)])
    .filter((name) => !quick || problemOf(name).cells.length <= 1000)
    .map((name, at) => {
      if (at === 0) print(columns.map(([, title]) => title));
      const row = inProcess<Measured>(name, ...options);
      print(columns.map(([key]) => row[key]));
      return row;
    });
  return {
    instances,
    limits: more(Object.keys(limited)).map((name) => inProcess<Limited>(name)),
    again: more(Object.keys(again)).map((name) => inProcess<Again>(name)),
    searched: more(searched.map(searchName)).map((name) => inProcess<Searched>(name)),
  };
}

/** What told hides beyond range alone, where both were measured. */
const toldBeside = (instances: readonly Measured[]) =>
  instances.flatMap((row) => {
    const alone = instances.find(({ instance }) => instance === `${row.instance}, range alone`);
    if (!alone || row.refused !== undefined) return [];
    const more = row.complementary - alone.complementary;
    return [{ instance: row.instance, more, of: alone.complementary, percent: round((100 * more) / alone.complementary) }]; // prettier-ignore
  });

/** Milliseconds of processor for each cell, at a fixed size of the parts. */
const grownOf = (instances: readonly Measured[]) =>
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
  const worst = (values: readonly (number | null | undefined)[]): number | undefined => {
    const known = values.filter((each): each is number => typeof each === 'number');
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const of = (name: string) => instances.find(({ instance }) => instance === name);
  const sum = (key: 'tried' | 'printable') =>
    instances.some((row) => row[key] !== undefined)
      ? instances.reduce((all, row) => all + (row[key] ?? 0), 0)
      : undefined;
  const isAskedForTold = ({ instance }: Measured) => instance.endsWith('told');
  const grown = grownOf(instances);
  const overOptimum = instances.flatMap(({ complementary, optimum }) => optimum === undefined ? [] : [complementary - optimum]); // prettier-ignore
  return [
    goal('pairs that the auditor opens: 0', worst(instances.map(({ failing }) => failing)), 0),
    goal('pairs open to one who was told, where told was promised: 0', worst(instances.filter(isAskedForTold).map(({ failingTold }) => failingTold)), 0), // prettier-ignore
    goal('seconds at 975 cells, exact: 2', of('975 exact')?.seconds, 2),
    goal('seconds at 4,320 cells, exact: 8', of('4320 exact')?.seconds, 8),
    goal('seconds at 16,500 cells, exact: 30', of('16500 exact')?.seconds, 30),
    goal('seconds of the certificate check at 16,500 cells, alone: 1', of('16500 exact')?.certificateSeconds, 1),
    goal('peak megabytes: 1,024', worst(instances.map(({ megabytes }) => megabytes)), 1024),
    goal('complementary cells of a hand-made table above its optimum: 0', worst(overOptimum), 0),
    goal('complementary cells of the sample that could be printed again: 0', sum('printable'), 0),
    goal('percent that told hides beside range: 10', worst(toldBeside(instances).map(({ percent }) => percent)), 10),
    goal('growth, cost of a cell in the largest over the smallest table: 1.5', grown.length < 2 ? undefined : round(grown.at(-1)!.msPerCell / grown[0]!.msPerCell), 1.5), // prettier-ignore
    goal('unsafe answers under a limit of 0.1 seconds: 0', worst(limits.map(({ unsafe }) => unsafe)), 0),
    goal('milliseconds over that limit: 100', worst(limits.map(({ over }) => over)), 100),
    goal('cost of an answer from an earlier one, of one from nothing: 0.1', worst(agains.map((each) => round(each.fromBefore / each.anew))), 0.1), // prettier-ignore
  ];
}

function run(): void {
  const began = performance.now();
  const taken = take();
  const told = toldBeside(taken.instances);
  const grown = grownOf(taken.instances);
  if (grown.length > 0) say('\ngrowth at a fixed size of the parts: milliseconds of processor for each cell');
  for (const { instance, cells, msPerCell } of grown)
    say(`${instance.padEnd(12)} ${String(cells).padStart(6)} ${msPerCell}`);
  if (told.length > 0) say('\nwhat told hides beside range alone');
  for (const { instance, more, of, percent } of told) say(`${instance.padEnd(20)} ${more} of ${of} (${percent} %)`);
  if (taken.limits.length > 0)
    say(`\na limit of ${LIMIT} seconds: cells, runs, safe, refused, unsafe, milliseconds over at most`);
  for (const { cells, runs, safe, refused, unsafe, over } of taken.limits)
    say([cells, runs, safe, refused, unsafe, over].map((each) => String(each).padStart(6)).join(' '));
  if (taken.again.length > 0) say('\nfrom an earlier answer and from nothing: seconds of processor, hidden');
  for (const { what, fromBefore, anew, hiddenFromBefore, hiddenAnew } of taken.again)
    say(`${what.padEnd(40)} ${fromBefore} and ${anew} s, ${hiddenFromBefore} and ${hiddenAnew}`);
  if (taken.searched.length > 0) say('\nwith twenty seconds: sensitive, complementary, seconds');
  for (const { instance, sensitive, complementary, seconds } of taken.searched)
    say(`${instance.padEnd(20)} ${sensitive} ${complementary} ${seconds}`);
  const tried = taken.instances.reduce((all, row) => all + (row.tried ?? 0), 0);
  const goals = goalsOf(taken);
  say(`\ngoals; ${tried} complementary cells tried`);
  for (const { goal, reached, isMet } of goals)
    say(`${isMet === undefined ? '     ' : isMet ? 'met  ' : 'open '} ${goal}${reached === undefined ? '' : `; reached ${reached}`}`); // prettier-ignore
  const minutes = round((performance.now() - began) / 60_000);
  const load = round(loadavg()[0]!);
  say(`\n${JSON.stringify({ bench: 'disclosure', load, minutes, ...taken, growth: grown, told, tried, goals })}`);
}

const one = argument('one');
takesOnly('quick', 'only', 'limit', 'search', 'no-audit', 'sample', 'one');
if (one === undefined) run();
else
  void measureNamed(one, asked, process.argv[process.argv.indexOf('--one') + 2]).then((row) =>
    say(JSON.stringify(row)),
  );
