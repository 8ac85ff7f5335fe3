import type { AgreementDocument } from '@hub/agreements/domain';
import { isProtected, lostOf, type Decision, type Problem } from '@hub/disclosure';
import { parseSeriesKey, type Dataset } from '@hub/registry/domain';
import { addUp, isSummable, merge, mergesFor, type Returns } from './coarser';
import { compile } from './compile';

export interface PreviewInput {
  readonly dataset: Dataset;
  /** The parties, in order of code. */
  readonly authorities: readonly string[];
  /** Periods in a row, the oldest first; the last is the one that is looked at, the others are for adding up. */
  readonly periods: readonly Returns[];
  readonly disclosure: AgreementDocument['disclosure'];
  /** Below this share of printed figures, 0 to 1, a table is offered what would help. */
  readonly enough: number;
}

/** One table: an indicator, or its breakdown by one dimension. Authorities' figures are counted, the region's apart. */
export interface PreviewTable {
  readonly indicator: string;
  readonly breakdown: string | null;
  /** Figures of authorities that are numbers. */
  readonly cells: number;
  /** Those that are to be kept from somebody, and were not printed by others. */
  readonly small: number;
  readonly hiddenAsSmall: number;
  /** Not small, and hidden so that the small ones cannot be worked out. */
  readonly hiddenAsCover: number;
  /** Share of the cells that would be printed, 0 to 1; null where there are none, or they cannot be protected. */
  readonly printed: number | null;
  readonly region: { readonly cells: number; readonly printed: number };
  /** Why nothing of it can be printed: the engine cannot protect it, or did not in the time it was given. */
  readonly refused?: 'unprotectable' | 'undecided';
  /** Where too little would be printed: what would help, best first. */
  readonly help?: readonly Help[];
}

/** Something that would let more be printed, and what was found when it was tried. */
export interface Help {
  readonly kind: 'longerPeriod' | 'mergedCategories' | 'totalsOnly';
  /** How many periods are added up, where kind is longerPeriod. */
  readonly periods?: number;
  /** Which categories are taken together, where kind is mergedCategories. */
  readonly merged?: readonly (readonly string[])[];
  /** Share of the table that would be printed then; of the total's where kind is totalsOnly. */
  readonly printed: number;
}

export interface Preview {
  /** Fewer returns than the agreement asks for: there would be no publication. */
  readonly tooFew: boolean;
  readonly tables: readonly PreviewTable[];
  /** Share of all figures of authorities that would be printed. */
  readonly printed: number | null;
}

/** Protects a problem. The time it may take is the caller's choice. */
export type Protect = (problem: Problem) => Promise<Decision>;

/** How many periods are added up to what people would call the next longer one. */
const longerPeriods: Record<Dataset['frequency'], readonly number[]> = {
  month: [3, 12],
  quarter: [2, 4],
  half: [2],
  year: [],
  calendarYear: [],
};

/**
 * How much of each table would be printed under a policy, and for tables of which too little would be, what would help:
 * tried, not guessed, and each for all such tables at once. Every trial goes through the very compile and protection of a
 * publication.
 * @param say  told what is being tried now, in plain words
 */
export async function preview(
  input: PreviewInput,
  protect: Protect,
  say: (what: string) => void = () => undefined,
): Promise<Preview> {
  const { periods, disclosure, enough } = input;
  const newest = periods.at(-1)!;
  const trial = (what: string, dataset: Dataset, returns: Returns) => {
    say(what);
    return printable(dataset, input.authorities, returns, disclosure, protect);
  };
  const found = await trial('the tables as the agreement lists them', input.dataset, newest);
  const low = found.filter(({ cells, printed }) => cells > 0 && (printed ?? 0) < enough);
  const help = new Map<string, Help[]>(low.map((table) => [nameOf(table), []]));
  /** Compares each table with the one that takes its place in a trial. */
  const offer = (
    tables: readonly PreviewTable[],
    make: (before: PreviewTable, printed: number) => Help | undefined,
  ) => {
    for (const before of low) {
      const after = tables.find((table) => nameOf(table) === nameOf(before));
      if (!after || after.printed === null || after.printed <= (before.printed ?? 0)) continue;
      const offered = make(before, after.printed);
      if (offered) help.get(nameOf(before))!.push(offered);
    }
  };

  for (const many of longerPeriods[input.dataset.frequency]) {
    if (periods.length < many || !low.some(({ indicator }) => isSummable(input.dataset, indicator))) continue;
    const added = addUp(input.dataset, periods.slice(-many));
    offer(await trial(`${many} periods added up`, added.dataset, added.returns), ({ indicator }, printed) =>
      isSummable(input.dataset, indicator) ? { kind: 'longerPeriod', periods: many, printed } : undefined,
    );
  }

  const broken = low.filter(({ breakdown }) => breakdown !== null);
  const merges = mergesFor(input.dataset, newest, broken, disclosure.threshold, enough);
  if (merges.length) {
    const merged = merge(input.dataset, newest, merges);
    offer(await trial('rare categories taken together', merged.dataset, merged.returns), (before, printed) => {
      const groups = merges.find(
        (one) => one.breakdown === before.breakdown && one.indicators.includes(before.indicator),
      );
      return groups && { kind: 'mergedCategories', merged: groups.groups, printed };
    });
  }

  if (broken.length) {
    const names = new Set(broken.map(nameOf));
    const left = without(newest, (table) => names.has(table));
    const tables = await trial('totals alone', input.dataset, left);
    for (const one of broken) {
      const total = tables.find(({ indicator, breakdown }) => indicator === one.indicator && breakdown === null);
      if (total && total.printed !== null) help.get(nameOf(one))!.push({ kind: 'totalsOnly', printed: total.printed });
    }
  }

  const tables = found.map((table) => {
    const offers = help.get(nameOf(table));
    return offers ? { ...table, help: offers.sort((a, b) => b.printed - a.printed) } : table;
  });
  const cells = tables.reduce((sum, table) => sum + table.cells, 0);
  const shown = tables.reduce((sum, table) => sum + (table.printed ?? 0) * table.cells, 0);
  return { tooFew: newest.size < disclosure.leastAuthorities, tables, printed: cells ? shown / cells : null };
}

/** `RF01` or `RF01|source`: the table that a series belongs to. */
const tableOf = (key: string): string => {
  const { indicator, categories } = parseSeriesKey(key);
  return [indicator, ...Object.keys(categories)].join('|');
};
const nameOf = ({ indicator, breakdown }: PreviewTable): string =>
  breakdown === null ? indicator : `${indicator}|${breakdown}`;

/** The returns without the series of some tables. */
function without(returns: Returns, isLeftOut: (table: string) => boolean): Returns {
  return new Map(
    [...returns].map(([authority, cells]) => [
      authority,
      new Map([...cells].filter(([key]) => !isLeftOut(tableOf(key)))),
    ]),
  );
}

/**
 * What would be printed. What the engine cannot protect is left out, breakdowns before totals, until the rest can be: that
 * is what the region would have to do.
 */
async function printable(
  dataset: Dataset,
  authorities: readonly string[],
  returns: Returns,
  policy: PreviewInput['disclosure'],
  protect: Protect,
): Promise<PreviewTable[]> {
  const all = compile({ dataset, authorities, returns, policy, attackers: [], ignoreNationalMarks: false });
  const refused = new Map<string, 'unprotectable' | 'undecided'>();
  let left = returns;
  for (;;) {
    const compiled = compile({
      dataset,
      authorities,
      returns: left,
      policy,
      attackers: [],
      ignoreNationalMarks: false,
    });
    if (!compiled.problem.cells.length) return counted(all, refused, {});
    const decision = await protect(compiled.problem);
    if (decision.status === 'protected') return counted(all, refused, decision.published);
    const exposed = new Set(lostOf(decision).map(({ id }) => tableOf(seriesIn(id))));
    const breakdowns = [...exposed].filter((table) => table.includes('|'));
    const gone = breakdowns.length ? breakdowns : [...exposed];
    if (!gone.length) {
      for (const { key } of compiled.series) {
        if (!refused.has(tableOf(key))) refused.set(tableOf(key), 'undecided');
      }
      return counted(all, refused, {});
    }
    // Without its total a breakdown would give the total away.
    const isGone = (table: string) => gone.some((one) => table === one || table.startsWith(`${one}|`));
    for (const { key } of compiled.series) {
      if (isGone(tableOf(key)) && !refused.has(tableOf(key))) refused.set(tableOf(key), 'unprotectable');
    }
    left = without(left, isGone);
  }
}

/** The series that a cell of the problem is about: `E06000001|RF01#count` and what is left of it, `…#count~rest`. */
const seriesIn = (cell: string): string => cell.slice(cell.indexOf('|') + 1).split('~')[0]!;

function counted(
  { series, problem }: ReturnType<typeof compile>,
  refused: ReadonlyMap<string, 'unprotectable' | 'undecided'>,
  published: Readonly<Record<string, number>>,
): PreviewTable[] {
  const cells = new Map(problem.cells.map((cell) => [cell.id, cell]));
  const tables = new Map<string, PreviewTable>();
  for (const { key, region, figures } of series) {
    const name = tableOf(key);
    const [indicator, breakdown = null] = name.split('|') as [string, string?];
    const why = refused.get(name);
    const before = tables.get(name) ?? {
      indicator,
      breakdown,
      cells: 0,
      small: 0,
      hiddenAsSmall: 0,
      hiddenAsCover: 0,
      printed: null,
      region: { cells: 0, printed: 0 },
      ...(why ? { refused: why } : {}),
    };
    const isPrinted = (id: string) => !why && published[id] !== undefined;
    const own = figures.flatMap((figure) => ('cell' in figure ? [figure.cell] : []));
    const small = own.filter((id) => isProtected(cells.get(id)!, problem.policy));
    const hidden = own.filter((id) => !isPrinted(id));
    const hiddenAsSmall = hidden.filter((id) => small.includes(id)).length;
    tables.set(name, {
      ...before,
      cells: before.cells + own.length,
      small: before.small + small.length,
      hiddenAsSmall: before.hiddenAsSmall + hiddenAsSmall,
      hiddenAsCover: before.hiddenAsCover + hidden.length - hiddenAsSmall,
      region: {
        cells: before.region.cells + ('cell' in region ? 1 : 0),
        printed: before.region.printed + ('cell' in region && isPrinted(region.cell) ? 1 : 0),
      },
    });
  }
  return [...tables.values()].map((table) => ({
    ...table,
    printed: table.cells && !table.refused ? 1 - (table.hiddenAsSmall + table.hiddenAsCover) / table.cells : null,
  }));
}
