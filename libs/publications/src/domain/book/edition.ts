import { lostOf, type Decision, type Exposure, type Protected } from '@hub/disclosure';
import type { Breakdown, Dataset, Indicator, Knowledge } from '@hub/registry/domain';
import { parsePeriod } from '@hub/kernel';
import { compile, type Cells, type Compiled, type CompileInput } from '../compile';
import type { Book, Release } from './book';
import { isForeseen, withRoom } from './foreseen';
import { decisionFor, jointProblem, type Joint } from './joint';
import { onceEach, rowsAroundHidden, rowsToLeaveOut, withoutRows, type Row } from './left-out';
import { nameInBook, type Named } from './named';
import { asOthersPrint, longerPrint } from './others';
import { inTimeOf } from './periods';
import { startFrom, type Decided } from './start';

export interface EditionInput extends Omit<CompileInput, 'attackers'> {
  /** Code of the region whose authorities these are. */
  readonly region: string;
  /** `2025-Q1` */
  readonly period: string;
  /** Who is to be held off, of all authorities of the book and of this edition. */
  readonly attackers: readonly Knowledge[];
  /** What the edition before was made of; absent: there is none. */
  readonly before?: ReadonlyMap<string, Cells>;
  /** And what was decided of it: the new one begins from there. */
  readonly decided?: Decided;
  /** All datasets of the hub: they say what others print of the same counts. */
  readonly datasets: readonly Dataset[];
}

/** An edition that may leave. */
export interface ProtectedEdition {
  readonly status: 'protected';
  readonly compiled: Compiled;
  readonly named: Named;
  readonly joint: Joint;
  readonly decision: Protected;
  /** In the names of the compile. */
  readonly published: Readonly<Record<string, number>>;
  readonly suppressed: readonly string[];
  /** What it is made of: of some authorities perhaps what the edition before had. */
  readonly returns: ReadonlyMap<string, Cells>;
  /** Rows of these that it does without. */
  readonly leftOut: readonly Row[];
}

/** Nothing may leave. Holds secrets. */
export interface RefusedEdition {
  readonly status: 'refused';
  readonly exposed: readonly Exposure[];
  readonly joint: Joint;
}

/**
 * Makes an edition that is safe together with everything in the book. Where that cannot be, because of what some authority
 * has changed since the edition before, that authority stands in it as it did there: a printed 0 that has become 1, while
 * another one that became 0 keeps the region's total, could be worked out whatever is hidden (second editions, measured:
 * 5 of 120). Its new figures wait for the next edition; why, nobody is told. Where it cannot be because of what others print, it
 * does without the rows in which that is so; and in a part that time was too short for, without all that could be such.
 * @param protect  answers `protected` for what has been proved and nothing else
 * @param allow  asked about each joint problem before it is protected; what it throws is passed on
 * @throws ReleaseGone where the book lacks what the edition is linked to
 */
export async function protectEdition(
  book: Book,
  input: EditionInput,
  protect: (problem: Joint['problem'], options: { start?: Decided; firstLook?: boolean }) => Promise<Decision>,
  allow: (named: Named, joint: Joint) => Promise<void> = () => Promise.resolve(),
): Promise<ProtectedEdition | RefusedEdition> {
  const { before, datasets, ignoreNationalMarks } = input;
  const period = parsePeriod(input.period);
  const dataset = asOthersPrint(input.dataset, period, datasets);
  const longer = longerPrint(dataset, period, datasets, ignoreNationalMarks);
  const isMarked = dataset.indicators.some((one) => [one, ...one.breakdowns].some(isMarkedAsPrinted));
  const leftOut: Row[] = [];
  let returns = input.returns;
  for (;;) {
    // Who knows what is worked out for the joint problem, of the whole book.
    const entering = withoutRows(dataset, returns, leftOut);
    const compiled = compile({ ...input, dataset, returns: entering, attackers: [] });
    const named = nameInBook(book, withRoom(compiled.problem, period, longer), input);
    const joint = jointProblem(book, named.problem, input.attackers, inTimeOf(dataset), longer);
    await allow(named, joint);
    const start = input.decided && startFrom(book, joint.problem, input.decided);
    // Much of it may be beyond help where others print: cheap to find before anything is built, and dear while it is.
    const firstLook = isMarked || joint.problem.cells.some(({ id }) => isForeseen(id));
    const decision = await protect(joint.problem, { ...(start ? { start } : {}), ...(firstLook ? { firstLook } : {}) });
    if (decision.status === 'protected') {
      return {
        status: 'protected',
        compiled,
        named,
        joint,
        decision,
        returns,
        leftOut,
        ...decisionFor(compiled, named, joint, decision),
      };
    }
    const exposed = lostOf(decision);
    const theirs = onceEach([
      ...rowsToLeaveOut({ ...input, dataset, longer, returns }, exposed, leftOut),
      ...rowsAroundHidden(joint.problem, returns, decision.unfinished ?? [], leftOut),
    ]);
    // What has stood in an edition before stays there as it was, if that helps.
    const unseen = theirs.filter((row) => !hasStood(book, row, input.period));
    const waiting = before && !unseen.length ? toCarry(exposed, changedSince(before, returns)) : [];
    if (waiting.length) returns = carried(before!, returns, waiting);
    else if (theirs.length) leftOut.push(...(unseen.length ? unseen : theirs));
    else return { status: 'refused', exposed, joint };
  }
}

const isMarkedAsPrinted = ({ nationallyPublished, printedLocally }: Indicator | Breakdown): boolean =>
  Boolean(nationallyPublished) || Boolean(printedLocally);

/** Whether the book has a count of the row in that period. */
const hasStood = (book: Book, { authority, indicator, dimension }: Row, period: string): boolean =>
  [...book.contents.keys()].some(
    (base) =>
      base.startsWith(`${authority}|${indicator}${dimension === null ? '#' : `|${dimension}=`}`) &&
      base.endsWith(`|${period}`),
  );

/** Authorities whose returns differ from those of the edition before, the late ones and the missing ones too. */
function changedSince(before: ReadonlyMap<string, Cells>, returns: ReadonlyMap<string, Cells>): string[] {
  const textOf = (cells: Cells | undefined) => JSON.stringify([...(cells ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...new Set([...before.keys(), ...returns.keys()])]
    .filter((authority) => textOf(before.get(authority)) !== textOf(returns.get(authority)))
    .sort();
}

/** Of those that changed the ones whose own counts are exposed; all of them where it is others'. */
function toCarry(exposed: readonly Exposure[], changed: readonly string[]): readonly string[] {
  if (!exposed.length) return [];
  const own = changed.filter((authority) => exposed.some(({ id }) => id.startsWith(`${authority}|`)));
  return own.length ? own : changed;
}

function carried(
  before: ReadonlyMap<string, Cells>,
  returns: ReadonlyMap<string, Cells>,
  waiting: readonly string[],
): ReadonlyMap<string, Cells> {
  const all = new Map(returns);
  for (const authority of waiting) {
    const cells = before.get(authority);
    if (cells) all.set(authority, cells);
    else all.delete(authority);
  }
  return all;
}

/** How the book keeps an edition once it has left. */
export const releaseOf = (
  id: string,
  { attackers }: Pick<EditionInput, 'attackers'>,
  { joint, decision }: Pick<ProtectedEdition, 'joint' | 'decision'>,
): Release => ({ id, problem: joint.problem, suppressed: decision.suppressed, attackers });
