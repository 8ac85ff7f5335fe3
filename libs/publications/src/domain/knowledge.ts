import type { Problem } from '@hub/disclosure';

type Cell = Problem['cells'][number];
type Equation = Problem['equations'][number];

/**
 * The cells that an attacker knows before anything is printed: its own, and what follows from them and from what is known
 * anyway, equation by equation. What only our own print gives away is not among them: against that it is to be protected.
 */
export function knownBefore(
  cells: Iterable<Cell>,
  equations: readonly Equation[],
  isOwn: (cell: Cell) => boolean,
  isKnownAnyway: (id: string) => boolean,
): Set<string> {
  const known = new Set<string>();
  for (const cell of cells) if (isOwn(cell)) known.add(cell.id);
  for (let before = -1; before < known.size;) {
    before = known.size;
    for (const { total, parts } of equations) {
      const [open, ...more] = [total, ...parts].filter((id) => !known.has(id) && !isKnownAnyway(id));
      if (open !== undefined && !more.length) known.add(open);
    }
  }
  return known;
}
