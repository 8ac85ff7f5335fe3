import { isSensitive, type Problem, type Protected } from '@hub/disclosure';
import { sha256 } from '@hub/kernel';
import type { Knowledge } from '@hub/registry/domain';
import type { Compiled } from '../compile';
import { knownBefore } from '../knowledge';
import { nationalBonds } from '../national/book';
import {
  baseOf,
  bondKey,
  bondsOf,
  Book,
  countOf,
  knowledgeKey,
  stricter,
  type Bond,
  type Cell,
  type Kept,
  type Policy,
} from './book';
import { foreseenTotals } from './foreseen';
import type { Named } from './named';
import type { LongerPrint } from './others';
import { betweenPeriods, type InTime } from './periods';
import { stockBonds } from './stocks';

export interface Joint {
  /** The edition together with all of the book that has a bearing on it. */
  readonly problem: Problem;
  /** Cells of the edition that are printed whatever the protector decides: the book or others print them, or zeros. */
  readonly printed: ReadonlySet<string>;
  /** The publications whose unknowns the problem holds. */
  readonly linked: readonly string[];
}

/**
 * The problem that an edition has to be protected as: its own cells, and of everything released before what shares an
 * unknown with it or is linked to one. A printed cell is a known number, so links go through hidden ones alone. What was
 * printed stays printed, what was hidden stays hidden. Parts of the edition that have stood in the book before, with all
 * that is known about them, have their proof already and are left out.
 * @param named  the edition in the book's names
 * @param attackers  who is to be held off today, of all authorities
 * @param longer  what others will print of longer periods
 */
export function jointProblem(
  book: Book,
  named: Problem,
  attackers: readonly Knowledge[],
  inTime: InTime,
  longer: LongerPrint = () => [],
): Joint {
  const edition = new Map(named.cells.map((cell) => [cell.id, cell]));
  const cells = new Map(named.cells.map((cell) => [cell.id, enter(book, named.policy, cell)]));
  for (const cell of printedLong(named, cells)) cells.set(cell.id, { ...cell, sensitive: false, untold: true });
  const between = betweenPeriods(book, named, inTime);
  const foreseen = foreseenTotals(book, named, longer);
  for (const cell of foreseen.cells) cells.set(cell.id, cell);
  // What is left between periods is as telling as the strictest of them says: a national release by itself asks for nothing.
  const beside = new Map(between.bonds.map(({ ids }) => [ids.at(-1)!, ids]));
  for (const cell of between.cells) {
    const policies = beside.get(cell.id)!.flatMap((one) => book.cells.get(one)?.policy ?? []);
    cells.set(cell.id, enter(book, policies.reduce(stricter, named.policy), cell));
  }

  const cellOf = (id: string): Cell => cells.get(id) ?? fromBook(book, id);
  const isOpen = (id: string): boolean => {
    const cell = cellOf(id);
    if (cell.locked) return cell.locked !== 'published';
    return cell.value !== 0 || named.policy.zeros !== 'printed';
  };
  const fresh = new Map<string, Bond>();
  const all = [bondsOf(named), between.bonds, foreseen.bonds, nationalBonds(book, named), stockBonds(book, named)];
  for (const bond of all.flat()) {
    if (!book.has(bond)) fresh.set(bondKey(bond), bond);
  }

  // What is new, and all that hangs on it through cells that nobody can read off a print.
  const active = new Set<string>();
  const bonds = new Set<Bond>();
  const queue: string[] = [];
  const reach = (id: string) => {
    if (active.has(id) || !isOpen(id)) return;
    active.add(id);
    queue.push(id);
  };
  const follow = (bond: Bond) => {
    if (bonds.has(bond)) return;
    bonds.add(bond);
    bond.ids.forEach(reach);
  };
  const freshAt = new Map<string, Bond[]>();
  for (const bond of fresh.values()) {
    for (const id of bond.ids) freshAt.set(id, [...(freshAt.get(id) ?? []), bond]);
    bond.ids.forEach(reach);
  }
  const isNewToAll = attackers.some((one) => !book.attackers.has(knowledgeKey(one)));
  for (const cell of cells.values()) {
    const kept = book.cells.get(cell.id);
    if (!kept || isFirstPrinted(kept, cell) || isNewToAll || isStricter(named.policy, kept.policy)) reach(cell.id);
  }
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    freshAt.get(id)?.forEach(follow);
    book.bondsAt.get(id)?.forEach((at) => follow(book.bonds[at]!));
  }

  const ids = new Set([...active, ...[...bonds].flatMap((bond) => bond.ids)]);
  let policy = named.policy;
  const linked = new Set<string>();
  for (const id of active) {
    const kept = book.cells.get(id);
    if (!kept) continue;
    policy = stricter(policy, kept.policy);
    kept.releases.forEach((release) => linked.add(release));
  }
  const zerosOf = (id: string): Policy['zeros'] =>
    (edition.has(id) ? named.policy : (book.cells.get(id)?.policy ?? named.policy)).zeros;
  const mixed = [...active].some((id) => zerosOf(id) !== named.policy.zeros);
  const problem: Problem = {
    cells: [...ids].map((id) => (mixed ? withOwnZeros(cellOf(id), zerosOf(id)) : cellOf(id))),
    equations: [...bonds].flatMap(({ equation }) => equation ?? []),
    ranges: [
      ...[...bonds].flatMap(({ range }) => range ?? []),
      ...(mixed ? [...active].flatMap((id) => atLeastOne(cellOf(id), zerosOf(id))) : []),
    ],
    attackers: [],
    policy: { ...policy, zeros: mixed ? 'either' : policy.zeros },
  };
  return {
    problem: withKnowers(problem, edition, [...book.attackers.values(), ...attackers]),
    printed: new Set([...edition.keys()].filter((id) => !isOpen(id))),
    linked: [...linked].sort(),
  };
}

/**
 * What the decision about the joint problem says of the edition, in the names of the compile. Printed is what was found to
 * be safe to print, and nothing else.
 */
export function decisionFor(
  { problem }: Pick<Compiled, 'problem'>,
  { names }: Named,
  { printed }: Joint,
  decision: Pick<Protected, 'published'>,
): { published: Record<string, number>; suppressed: string[] } {
  const published: Record<string, number> = {};
  const suppressed: string[] = [];
  for (const { id, value, locked } of problem.cells) {
    const name = names.get(id)!;
    if (decision.published[name] !== undefined || printed.has(name)) published[id] = value;
    else if (locked !== 'unpublished') suppressed.push(id);
  }
  return { published, suppressed };
}

/** A cell of the edition, with what the book has decided about it. */
function enter(book: Book, policy: Policy, cell: Cell): Cell {
  const kept = book.cells.get(cell.id);
  const sensitive = isSensitive(cell, policy) || kept?.cell.sensitive === true;
  const one = { ...cell, sensitive };
  if (cell.locked === 'published') return { ...one, sensitive: false };
  if (kept && wasDecided(kept)) return { ...withoutUntold(one), locked: kept.isHidden ? 'suppressed' : 'published' };
  if (cell.locked === 'unpublished') return one;
  // Hidden once, hidden in every later edition, also when it has changed: last time's cover is as good a guess as any.
  const before = countOf(cell) && book.contents.get(baseOf(cell.id))?.some((id) => isMarked(book.cells.get(id)!));
  return before && (cell.value !== 0 || policy.zeros !== 'printed') ? { ...one, locked: 'suppressed' } : one;
}

/**
 * What is left over where every other number of its equation has been printed before, by an edition that did not count it (decision 74):
 * it cannot be called back, and holding up what comes next saves nothing.
 */
const printedLong = ({ equations }: Problem, cells: ReadonlyMap<string, Cell>): Cell[] =>
  equations.flatMap(({ total, parts }) => {
    const [left, ...more] = [total, ...parts]
      .map((id) => cells.get(id)!)
      .filter(({ locked }) => locked !== 'published');
    return left?.locked === 'unpublished' && !more.length ? left : [];
  });

/** Whether some release has printed or hidden it; what parts leave, and what is told together, none has. */
const wasDecided = ({ cell }: Kept): boolean => cell.locked !== 'unpublished';
/** Whether it reads as hidden in a release. */
const isMarked = (kept: Kept): boolean => kept.isHidden && wasDecided(kept);
/** Whether a release wants to print what was told together up to now. */
const isFirstPrinted = (kept: Kept, cell: Cell): boolean => !wasDecided(kept) && cell.locked !== 'unpublished';
const withoutUntold = ({ untold: _, ...cell }: Cell): Cell => cell;

/** A cell of an earlier release as it stands now. @throws Error where its release is gone: the caller asks before */
function fromBook(book: Book, id: string): Cell {
  const kept = book.cells.get(id);
  if (!kept) throw new ReleaseGone();
  if (kept.cell.locked === 'unpublished') return kept.cell;
  return { ...kept.cell, locked: kept.isHidden ? 'suppressed' : 'published' };
}

/** What the edition is linked to is no longer kept, so that they cannot be protected together. */
export class ReleaseGone extends Error {
  override readonly name = 'ReleaseGone';
}

const isStricter = (now: Policy, before: Policy): boolean => {
  const both = stricter(before, now);
  return both.threshold !== before.threshold || both.protect !== before.protect || both.told !== before.told;
};

/** Where releases differ in what they do with zeros, each cell says for itself what its own did. */
const withOwnZeros = (cell: Cell, zeros: Policy['zeros']): Cell =>
  zeros === 'printed' && cell.value === 0 && cell.locked === undefined ? { ...cell, locked: 'published' } : cell;
const atLeastOne = ({ id, locked, value }: Cell, zeros: Policy['zeros']) =>
  zeros === 'printed' && locked !== 'unpublished' && value > 0 ? [{ terms: [[id, 1] as const], lo: 1 }] : [];

/**
 * Who knows a cell beside its owner: each attacker its own counts, and what follows from them and from what is known
 * anyway. A circle knows sums too, of which nobody is the owner, so it stands as a knower of its cells.
 */
function withKnowers(problem: Problem, edition: ReadonlyMap<string, Cell>, attackers: readonly Knowledge[]): Problem {
  const { zeros } = problem.policy;
  const cellAt = new Map(problem.cells.map((cell) => [cell.id, cell]));
  const isKnownAnyway = (id: string) =>
    edition.get(id)?.locked === 'published' ||
    (zeros === 'printed' && cellAt.get(id)!.value === 0 && cellAt.get(id)!.locked !== 'unpublished');
  const knowers = new Map(problem.cells.map(({ id, knowers: names }) => [id, new Set(names)]));
  for (const attacker of new Map(attackers.map((one) => [knowledgeKey(one), one])).values()) {
    const { authorities, series } = attacker;
    const name = `circle ${sha256(knowledgeKey(attacker)).toString('hex').slice(0, 12)}`;
    const isOwn = (cell: Cell) =>
      cell.owner !== undefined &&
      authorities.includes(cell.owner) &&
      (!series || series.includes(countOf(cell)?.key ?? ''));
    for (const id of knownBefore(problem.cells, problem.equations, isOwn, isKnownAnyway)) knowers.get(id)!.add(name);
  }
  return {
    ...problem,
    cells: problem.cells.map(({ knowers: _, ...cell }) =>
      knowers.get(cell.id)!.size ? { ...cell, knowers: [...knowers.get(cell.id)!].sort() } : cell,
    ),
  };
}
