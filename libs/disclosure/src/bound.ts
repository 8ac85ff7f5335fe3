import { Deadline } from './deadline';
import { earlierMoves } from './earlier';
import { withSolver } from './highs';
import { splitIntoParts } from './parts';
import { parseProblem, type Certificate, type Problem } from './problem';
import { rulesOf, type Proved } from './protect';
import { PartProtector } from './suppress';

/**
 * How far a safe answer may be from the cheapest: a cost for each part that no safe answer undercuts.
 * @param seconds  for all parts together; more of them raise the bounds
 * @throws ProblemMalformed
 */
export async function boundsOf(
  problem: Problem,
  decision: { readonly suppressed: readonly string[]; readonly certificate: Certificate },
  seconds: number,
): Promise<Proved[]> {
  const checked = parseProblem(problem);
  const { parts } = splitIntoParts(checked);
  const hidden = new Set(decision.suppressed);
  const moves = earlierMoves(parts, hidden, decision.certificate);
  const all = parts.reduce((sum, { ids }) => sum + ids.length, 0);
  return withSolver((solver) =>
    parts.map((part, at) => {
      const protector = new PartProtector(solver, part, rulesOf(checked), Deadline.none);
      protector.startFrom(hidden, moves[at]!);
      protector.raiseBound((seconds * part.ids.length) / all);
      return { cells: part.ids.length, cost: protector.cover.cost, ...protector.proved };
    }),
  );
}
