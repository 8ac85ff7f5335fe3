import type { Problem } from '@hub/disclosure';
import { derivationKey, partsOfName, type Book, type Cell, type Equation } from './book';

/** The problem of one edition in the names of the book. */
export interface Named {
  readonly problem: Problem;
  /** The name in the book of each cell of the compile. */
  readonly names: ReadonlyMap<string, string>;
}

const REGION = 'region';

/**
 * Finds for every cell of an edition which unknown of the book it is, or gives it a name of its own: an authority's count
 * by its content, a sum or a rest by its equation.
 * @param problem  as `compile` makes it: names `OWNER|SERIES`, where the region's owner is `region`
 */
export function nameInBook(book: Book, problem: Problem, place: { region: string; period: string }): Named {
  const names = new Map<string, string>();
  const taken = new Map<string, number>();
  /** The next name of that base which neither the book nor this edition has. */
  const fresh = (base: string): string => {
    const name = book.fresh(base, taken.get(base));
    taken.set(base, Number(name.slice(name.lastIndexOf('|') + 1)));
    return name;
  };
  const baseFor = (id: string): string => {
    const { owner, key, rest } = partsOfName(id)!;
    return `${owner === REGION ? place.region : owner}|${key}|${place.period}${rest}`;
  };
  for (const { id, value } of problem.cells) {
    if (isDerived(id)) continue;
    const base = baseFor(id);
    const same = book.contents.get(base)?.find((name) => book.cells.get(name)!.cell.value === value);
    names.set(id, same ?? fresh(base));
  }
  // A rest of the region is a part beside the region's sums, so these come first; each round names what it can.
  let open = problem.equations.map((equation) => ({ equation, of: unnamed(equation, names) }));
  while (open.some(({ of }) => of.length === 1)) {
    for (const { equation, of } of open) {
      const [id] = of;
      if (of.length !== 1 || names.has(id!)) continue;
      const key = derivationKey(
        renamed(equation, (each) => names.get(each) ?? each),
        id!,
      );
      names.set(id!, book.derived.get(key) ?? fresh(baseFor(id!)));
    }
    open = open.map(({ equation }) => ({ equation, of: unnamed(equation, names) }));
  }
  for (const { id } of problem.cells) if (!names.has(id)) names.set(id, fresh(baseFor(id)));

  const name = (id: string) => names.get(id)!;
  return {
    names,
    problem: {
      ...problem,
      cells: problem.cells.map(({ knowers: _, ...cell }): Cell => ({ ...cell, id: name(cell.id) })),
      equations: problem.equations.map((equation) => renamed(equation, name)),
      ranges: problem.ranges.map((range) => ({
        ...range,
        terms: range.terms.map(([id, factor]) => [name(id), factor] as const),
      })),
    },
  };
}

const isDerived = (id: string): boolean => id.startsWith(`${REGION}|`) || id.includes('~');

const unnamed = ({ total, parts }: Equation, names: ReadonlyMap<string, string>): string[] =>
  [...new Set([total, ...parts])].filter((id) => !names.has(id));

const renamed = (equation: Equation, name: (id: string) => string): Equation => ({
  ...equation,
  total: name(equation.total),
  parts: equation.parts.map(name),
});
