import { neighboursOf } from './blocks';
import type { Construction } from './construct';
import type { Cover } from './cover';
import { OutOfTime } from './deadline';
import { seeded } from './moves';
import type { Tidying } from './tidy';

/** The most complementary cells that are taken away at once. */
const TAKEN = 8;

/**
 * Looks for a cheaper answer: takes a few neighbouring complementary cells away, repairs in random order, tidies what
 * the repair took, and keeps what is no dearer. Deterministic for a seed and a limit of effort, up to time.
 * @param mayGoOn   asked before each round
 * @param patience  rounds without a gain after which it stops, for each complementary cell
 */
export function search(
  cover: Cover,
  construction: Construction,
  tidying: Tidying,
  mayGoOn: () => boolean,
  patience: number,
  seed = 1,
): void {
  const random = seeded(seed);
  cover.compact();
  // It goes on from any answer that is no dearer; of those that cost the same the one with the smaller ids is kept.
  let first = cover.save();
  for (let idle = 0; mayGoOn(); idle++) {
    const pool = cover.complementary();
    if (idle >= patience * pool.length) break;
    const best = cover.cost;
    const mark = cover.mark();
    const taken = neighbourhood(
      cover,
      pool[Math.floor(random() * pool.length)]!,
      1 + Math.floor(random() * TAKEN),
      random,
    );
    let kept = false;
    try {
      kept = redo(cover, construction, tidying, taken, best, random);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
    }
    if (cover.cost < best - 1e-9) idle = -1;
    if (!kept) {
      cover.back(mark);
      continue;
    }
    cover.compact();
    if (cover.cost < first.cost - 1e-9 || hasSmallerIds(cover.hidden, first.hidden)) first = cover.save();
  }
  cover.load(first);
}

/** Whether the first cell that only one of them hides is hidden by the first. */
function hasSmallerIds(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((each, cell) => each !== b[cell]);
  return at >= 0 && a[at] === 1;
}

function redo(
  cover: Cover,
  construction: Construction,
  tidying: Tidying,
  taken: ReadonlySet<number>,
  best: number,
  random: () => number,
): boolean {
  const shaken = new Set<number>();
  for (const cell of taken) for (const each of cover.print(cell)) shaken.add(each);
  const was = cover.hidden.slice();
  const order = [...shaken].map((cell) => ({ cell, key: random() })).sort((a, b) => a.key - b.key);
  for (const { cell } of order) {
    if (!tidying.mend(cell, random) && (construction.makeSafe([cell]).length > 0 || construction.undecided))
      return false;
    if (cover.cost > best + 2.5) return false;
  }
  const fresh = cover.complementary().filter((cell) => !was[cell]);
  if (cover.cost > best + 1e-9) tidying.few(fresh, true);
  return cover.cost <= best + 1e-9;
}

/** Complementary cells near one: in the same equation, or in the same move. */
function neighbourhood(cover: Cover, cell: number, count: number, random: () => number): Set<number> {
  const taken = new Set([cell]);
  const near = new Set<number>();
  const look = (at: number) => {
    for (const each of neighboursOf(cover.part, at)) near.add(each);
    for (const id of cover.movesAt(at)) for (const each of cover.moves[id]!.cells) near.add(each);
  };
  look(cell);
  while (taken.size < count) {
    const pool = [...near].filter((each) => cover.isComplementary(each) && !taken.has(each));
    if (pool.length === 0) break;
    const next = pool[Math.floor(random() * pool.length)]!;
    taken.add(next);
    look(next);
  }
  return taken;
}
