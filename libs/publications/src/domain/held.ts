import type { Exposure } from '@hub/disclosure';
import type { RefusalCode } from '@hub/contracts';
import { type Edition, parsePeriod } from '@hub/kernel';
import { parseSeriesKey, type Dataset } from '@hub/registry/domain';
import { partsOfName } from './book/book';
import { isSummable } from './coarser';

/** An indicator with one of its breakdowns; null: the indicator itself. */
export interface HeldTable {
  readonly indicator: string;
  readonly dimension: string | null;
}

/**
 * What of a held round may be known outside the worker's store: which tables, for the region's leads; and for each authority which
 * of its own counts. Neither counts, nor who could compute them, nor from what.
 */
export interface HeldParts {
  readonly tables: readonly HeldTable[];
  /** Series by authority. */
  readonly own: Readonly<Record<string, readonly string[]>>;
}

/**
 * Sorts what could not be protected by whom it concerns. What is exposed of other periods stands in earlier publications, and is not
 * named: whose they are is nobody's business here.
 * @param exposed  in the names of the book
 */
export function heldParts(
  exposed: readonly Pick<Exposure, 'id'>[],
  place: { readonly dataset: Dataset; readonly period: string; readonly authorities: readonly string[] },
): HeldParts {
  const known = new Set(place.dataset.indicators.map(({ code }) => code));
  const tables = new Map<string, HeldTable>();
  const own = new Map<string, Set<string>>();
  for (const { id } of exposed) {
    const name = partsOfName(id);
    if (!name || name.period !== place.period) continue;
    const { owner, key } = name;
    const { indicator, categories } = parseSeriesKey(key);
    if (!known.has(indicator)) continue;
    const [dimension = null] = Object.keys(categories);
    tables.set(`${indicator}|${dimension ?? ''}`, { indicator, dimension });
    if (place.authorities.includes(owner)) own.set(owner, (own.get(owner) ?? new Set()).add(key));
  }
  const sorted = <T>(entries: Iterable<readonly [string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    tables: sorted(tables).map(([, table]) => table),
    own: Object.fromEntries(sorted(own).map(([authority, keys]) => [authority, [...keys].sort()])),
  };
}

/** What would help a table, and in which words. */
export interface TableHelp extends HeldTable {
  /** Its categories may be taken together. */
  readonly coarser: boolean;
  /** Four quarters of it may be added up. */
  readonly fourQuarters: boolean;
}

/** What a lead is told of a held round. */
export interface HeldHelp {
  readonly dataset: string;
  readonly tables: readonly TableHelp[];
  /** A later edition of it may come. */
  readonly nextEdition: boolean;
  readonly words: readonly string[];
}

/**
 * What would help, in plain words. It follows from the code, the names of the tables, the specification and the edition: of the
 * counts it knows no more than that these tables are held.
 */
export function helpFor(round: {
  readonly because: RefusalCode;
  readonly dataset: Dataset;
  readonly period: string;
  readonly edition: Edition;
  readonly tables: readonly HeldTable[];
}): HeldHelp {
  const { because, dataset, period, edition } = round;
  const { kind } = parsePeriod(period);
  const tables = round.tables.map((table) => ({
    ...table,
    coarser: mayBeCoarser(dataset, table),
    fourQuarters: kind === 'quarter' && isSummable(dataset, table.indicator),
  }));
  const nextEdition = edition !== 'final';
  return {
    dataset: dataset.code,
    tables,
    nextEdition,
    words: [
      ...tables.map(wordsFor),
      ...(tables.length ? [] : [general(because)]),
      ...(nextEdition ? ['The next edition may do: later and corrected returns can stand in it.'] : []),
    ],
  };
}

/** A breakdown that others print in full has to stay as it is: beside its categories a sum of them would give the small ones away. */
function mayBeCoarser(dataset: Dataset, { indicator, dimension }: HeldTable): boolean {
  const breakdown = dataset.indicators
    .find(({ code }) => code === indicator)
    ?.breakdowns.find((one) => one.dimension === dimension);
  return breakdown !== undefined && !breakdown.nationallyPublished && !breakdown.printedLocally;
}

function wordsFor({ indicator, dimension, coarser, fourQuarters }: TableHelp): string {
  const others = [
    ...(coarser ? ['take categories of it together'] : []),
    ...(fourQuarters ? ['publish it for four quarters together'] : []),
  ];
  const last = `leave ${dimension === null ? 'the indicator' : 'the breakdown'} out of the agreement`;
  const name = dimension === null ? indicator : `${indicator} by ${dimension}`;
  return `${name} cannot be protected. What would help: ${others.length ? `${others.join(', ')}, or ${last}` : last}.`;
}

/** Where no table can be named. */
function general(because: RefusalCode): string {
  if (because === 'PUBLICATION_TOO_FEW')
    return 'Fewer authorities have sent than the agreement asks for: open the round again once more have.';
  if (because === 'PUBLICATION_LINKED')
    return 'It shares figures with a publication of which a return has been deleted, so the two cannot be protected together: publish another period.';
  if (because === 'PUBLICATION_ELSEWHERE')
    return 'Some of its authorities are at home in a region of another hub, which alone decides what may be printed of them: publish it there, or without them.';
  if (because === 'AGREEMENT_NOT_IN_FORCE')
    return 'No agreement in force covers it: bring one into force and open the round again.';
  return 'No safe way to print it was found, by itself or beside what is published already: publish fewer breakdowns.';
}
