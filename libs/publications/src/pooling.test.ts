import { outerIntervals, readersProof, tableAsPrinted, type PrintedTable, type ReadersProof } from '@hub/disclosure';
import type { Dataset } from '@hub/registry/domain';
import { proofIn, tableOf } from './checker';
import { attack, poolOf, type Pool } from './domain/book/attack.builder';
import { Book, type Release } from './domain/book/book';
import { HubInMemory } from './domain/book/book.builder';
import { members, yearOf, type Print, type PublishedYear, type Year } from './domain/book/year.builder';
import { proveToReaders } from './prove';

/*
 * A member keeps everything that the hub gives it over a year: every table with its intervals, the proofs for everybody and
 * its own. It pools them, with a program of its own that knows nothing of how the tables were protected.
 */

const YEARS = Number(process.env['HUB_SOAK'] ?? 1);
const small = (pool: Pool) =>
  [...pool.hidden].filter(
    (name) => !/^(sum|rest) /.test(name) && pool.truth.get(name)! > 0 && pool.truth.get(name)! < 6,
  );

/** Every count that stands for an unknown in some table of the proofs that somebody has. */
type Seen = ReadonlyMap<string, readonly number[]>;
type Prover = (print: Print, table: PrintedTable, whose: string | null) => Promise<ReadersProof>;

/** The tables of all proofs of a year: of everybody's, and with an authority's name of its own too. */
async function tablesOf({ prints }: PublishedYear, pool: Pool, prove: Prover) {
  const everybody = new Map<string, number[]>();
  const own = new Map(members.map((authority) => [authority as string, new Map<string, number[]>()]));
  const keep = (print: Print, into: Map<string, number[]>, { base, tables }: ReadersProof) => {
    for (const [id, count] of Object.entries(base)) {
      const name = pool.nameOf(print, id.slice(0, id.indexOf('|')), id.slice(id.indexOf('|') + 1));
      const counts = [count, ...tables.map((table) => count + (table[id] ?? 0))];
      into.set(name, [...(into.get(name) ?? []), ...counts]);
    }
  };
  for (const print of prints) {
    const { document, dataset, truth } = print;
    const whose = [null, ...truth.returns.keys()];
    const proofs = await proveToReaders(tableAsPrinted(tableOf(document, dataset)), truth.returns, (tables) =>
      Promise.all(tables.map((table, i) => prove(print, table, whose[i]!))),
    );
    if ('fault' in proofs) throw new Error(proofs.fault);
    keep(print, everybody, proofIn(proofs.everybody!));
    for (const [authority, text] of proofs.own) if (text !== null) keep(print, own.get(authority)!, proofIn(text));
  }
  const both = (authority: string): Seen =>
    new Map(
      [...new Set([...everybody.keys(), ...own.get(authority)!.keys()])].map((name) => [
        name,
        [...(everybody.get(name) ?? []), ...(own.get(authority)!.get(name) ?? [])],
      ]),
    );
  return new Map<string, Seen>([['outsider', everybody], ...members.map((one) => [one as string, both(one)] as const)]);
}

const middle = (counts: readonly number[]) => [...counts].sort((a, b) => a - b)[counts.length >> 1]!;
function commonest(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** How many small counts somebody has right who says what is commonest, or in the middle, of all tables. */
function guessed(pool: Pool, seen: Seen) {
  const asked = small(pool).filter((name) => seen.has(name));
  const right = (guess: (counts: readonly number[]) => number) =>
    asked.filter((name) => guess(seen.get(name)!) === pool.truth.get(name)).length;
  // Without any proof: whoever knows which small count is the commonest, and says that one everywhere.
  const constant = Math.max(...[1, 2, 3, 4, 5].map((n) => right(() => n)));
  return { asked: asked.length, right: Math.max(right(middle), right(commonest)), constant };
}

const careful: Prover = (_, table) => readersProof(table);

/** What stands beside hidden counts, of all tables together. */
async function intervalsOf({ prints }: PublishedYear, pool: Pool): Promise<ReadonlyMap<string, [number, number]>> {
  const between = new Map<string, [number, number]>();
  for (const print of prints) {
    const table = tableAsPrinted(tableOf(print.document, print.dataset));
    for (const [id, [least, most]] of Object.entries(await outerIntervals(table))) {
      const name = pool.nameOf(print, id.slice(0, id.indexOf('|')), id.slice(id.indexOf('|') + 1));
      const [low, high] = between.get(name) ?? [0, Infinity];
      between.set(name, [Math.max(low, least), Math.min(high, most ?? Infinity)]);
    }
  }
  return between;
}

test.each(Array.from({ length: YEARS }, (_, i) => i + 1))(
  'over a year nobody works out a small count, whatever is pooled (%i)',
  async (seed) => {
    const year = await yearOf({ seed, quarters: 4, withMonths: YEARS > 1 ? 4 : 2 });
    const pool = poolOf(year);
    expect(year.held).toEqual([]);
    expect(small(pool).length).toBeGreaterThan(25);

    const between = await intervalsOf(year, pool);
    for (const [name, [least, most]] of between) {
      const count = pool.truth.get(name);
      if (count !== undefined) expect([name, least <= count && count <= most]).toEqual([name, true]);
    }
    // Neither the count itself nor that it is small, and not within less than the threshold.
    expect(await attack(pool, 'range', between)).toEqual([]);

    for (const [who, seen] of await tablesOf(year, pool, careful)) {
      const { asked, right, constant } = guessed(pool, seen);
      expect([who, asked]).toEqual([who, small(pool).length]);
      // By chance: as many as the best constant guess, and what chance adds to that in one case of a thousand.
      const chance = constant / asked;
      expect([who, right <= constant + 3 * Math.sqrt(asked * chance * (1 - chance))]).toEqual([who, true]);
    }
  },
  300_000,
);

/** The careless proof: what the certificate keeps, which is the true table with a move in it. */
const storedMoves: Prover = async (print, table, whose) => {
  const { compiled, named, decision } = print.truth.edition;
  const truth = new Map(compiled.problem.cells.map(({ id, value }) => [id, value]));
  const hidden = table.cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : []));
  const kept = decision.certificate.witnesses
    .filter(({ attacker }) => attacker === (whose ?? 'outsider'))
    .map(({ values }) => hidden.map((id) => values[named.names.get(id)!] ?? truth.get(id)!));
  const [base, ...others] = kept;
  if (!base) return readersProof(table);
  const tables = others.map((counts) =>
    Object.fromEntries(counts.flatMap((count, i) => (count === base[i] ? [] : [[hidden[i]!, count - base[i]!]]))),
  );
  return {
    v: 1,
    base: Object.fromEntries(hidden.map((id, i) => [id, base[i]!])),
    tables,
    unshown: hidden.filter((id) => !tables.some((one) => id in one)),
  };
};

const forgetful = (book: Book): Book =>
  Object.create(book, {
    contents: {
      value: new Map(
        [...book.contents].map(([base, names]) => [base, Object.assign([...names], { find: () => undefined })]),
      ),
    },
  }) as Book;
const withoutTime = (dataset: Dataset): Dataset => ({
  ...dataset,
  indicators: dataset.indicators.map((one) => ({ ...one, basis: 'survey' })),
});

/** The region tells these together from the first edition on, and its network prints each of them. */
const together = [
  { dimension: 'source', indicators: ['RF01'], categories: ['health', 'school'], label: 'health and school' },
];
/** Takes a breakdown of which categories are told together for one that nobody prints. */
function forgetfulOfTogether(): HubInMemory {
  const isSource = (id: string) => id.includes('|source=') || id.includes('~rest of source');
  const without = ({ problem, ...release }: Release): Release => ({
    ...release,
    problem: {
      ...problem,
      cells: problem.cells.filter(({ id }) => !isSource(id)),
      equations: problem.equations.filter(({ total, parts }) => ![total, ...parts].some(isSource)),
    },
  });
  const hub: HubInMemory = new HubInMemory(undefined, () => {
    const book = new Book();
    hub.releases.forEach((one, i) => book.add(hub.editions[i]!.input.level?.length ? without(one) : one));
    return book;
  });
  return hub;
}

/** Quarters alone, which is where most of a year's revisions are. */
const short = { quarters: 1, withMonths: 0 } as const;
const exact = async (year: Year) => attack(poolOf(await yearOf(year)), 'exact');

// Of seeds 1 and 2 a count of 1 followed when the book knew of what is told together as a sum alone.
test.each([
  [1, { protect: 'exact' }],
  [2, { protect: 'range' }],
  [1, { protect: 'range' }],
  [2, { protect: 'range', told: true }],
  [5, { protect: 'range', told: true }],
] as const)(
  'what is told together does not follow from its months, not even for who knows which category was corrected (%i, %j)',
  async (seed, policy) => {
    const year = await yearOf({ quarters: 1, withMonths: 1, together, seed, policy });
    expect(year.held).toEqual([]);
    expect(await attack(poolOf(year), policy.protect)).toEqual([]);
  },
);

describe('a fault that was planted', () => {
  test.each<[string, Pick<Year, 'seed' | 'quarters' | 'withMonths' | 'together'>, () => Partial<Year>]>([
    [
      'a new unknown for each return that is sent again',
      { ...short, seed: 2 },
      () => ({ hub: new HubInMemory(undefined, forgetful) }),
    ],
    [
      'no lock: two regions compile at once, neither with the other',
      { ...short, seed: 3 },
      () => ({ beside: new HubInMemory() }),
    ],
    [
      'months that nobody holds against their quarter',
      { ...short, withMonths: 1, seed: 2 },
      () => ({ taken: withoutTime }),
    ],
    ['totals taken for cover that the Department prints', { ...short, seed: 2 }, () => ({ ignoreNationalMarks: true })],
    [
      'a year’s totals that the Department will print, not locked',
      { quarters: 4, withMonths: 0, seed: 1 },
      () => ({ datasets: [] }),
    ],
    [
      'what a rule leaves over, taken for nobody’s count',
      { ...short, seed: 2 },
      () => ({ taken: (dataset) => ({ ...dataset, rules: [] }) }),
    ],
    [
      'one of two that are told together, printed beside their sum',
      { ...short, together, seed: 4 },
      () => ({ hub: forgetfulOfTogether() }),
    ],
  ])('is caught: %s', async (_, year, plant) => {
    expect(await exact(year)).toEqual([]);
    expect((await exact({ ...year, ...plant() })).length).toBeGreaterThan(0);
  });

  test('is caught: stored moves shown as proofs', async () => {
    const year = await yearOf({ ...short, withMonths: 1, seed: 1 });
    const pool = poolOf(year);
    for (const seen of (await tablesOf(year, pool, storedMoves)).values()) {
      const { asked, right } = guessed(pool, seen);
      expect(right / asked).toBeGreaterThan(0.8);
    }
  });
});
