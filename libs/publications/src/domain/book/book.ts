import { isSensitive, type Problem } from '@hub/disclosure';
import type { Knowledge } from '@hub/registry/domain';

export type Cell = Problem['cells'][number];
export type Equation = Problem['equations'][number];
export type Range = Problem['ranges'][number];
export type Policy = Problem['policy'];

/**
 * Everything that a hub has ever released, as unknowns and what is known between them (docs/disclosure-control.md, the book).
 *
 * An unknown is a count of an authority: (authority, series, period, content). Whichever dataset, round, region or edition
 * prints it, it is the same one while its count is the same; a changed count is a new one. A sum over authorities, and what
 * parts leave of their whole, is what its equation says: the sum over the same unknowns is the same unknown too.
 *
 * Names are `AUTHORITY|SERIES|PERIOD|n`, where n tells one content of a count from another and says nothing of either; a
 * region stands in the place of the authority for a sum. They are secret all the same: how often a hidden count has
 * changed is nobody's business.
 */
export interface Release {
  /** Of the publication. */
  readonly id: string;
  /** In the book's names, with all that it was protected together with. `sensitive` is said of every cell. */
  readonly problem: Problem;
  /** Everything that it leaves hidden. */
  readonly suppressed: readonly string[];
  /** Whom it was to hold against beside the outsider and each authority. */
  readonly attackers: readonly Knowledge[];
}

/** A cell of the book and what became of it. */
export interface Kept {
  readonly cell: Cell;
  /** Nobody can read it off a print: hidden, or never printed at all. */
  readonly isHidden: boolean;
  /** The strictest under which it has stood. */
  readonly policy: Policy;
  /** The publications that hold it. */
  readonly releases: readonly string[];
}

/**
 * What a national release says of counts that it does not print: these together are from `least` to `most`, its printed ones taken
 * off. A count of its own is a sum of one.
 */
export interface KnownSum {
  readonly key: string;
  readonly period: string;
  readonly parts: readonly string[];
  readonly least: number;
  readonly most: number | null;
}

/** What is known between cells: an equation or a range. */
export interface Bond {
  readonly ids: readonly string[];
  readonly equation?: Equation;
  readonly range?: Range;
}

/** What a name says, in a compile and in the book. */
export interface NameParts {
  /** Whose it is. */
  readonly owner: string;
  /** Of which series. */
  readonly key: string;
  /** What stands behind these, `|2025-Q1|1`. */
  readonly rest: string;
  /** The period with which that begins; a compile has none in its names. */
  readonly period: string | undefined;
}

/** What a name says; undefined where it is not about a count. */
export function partsOfName(id: string): NameParts | undefined {
  const match = /^([^|]+)\|(.+?#(?:count|of))((?:\|([^|~]+)(?![^|~]))?.*)$/.exec(id);
  return match ? { owner: match[1]!, key: match[2]!, rest: match[3]!, period: match[4] } : undefined;
}

/** The count of an authority that a name stands for; undefined for sums, and for what parts leave of their whole. */
export function countOf(
  cell: Pick<Cell, 'id' | 'owner'>,
): { authority: string; key: string; period: string } | undefined {
  const match = /^([^|]+)\|(.+#(?:count|of))\|([^|~]+)\|\d+$/.exec(cell.id);
  return match && match[1] === cell.owner ? { authority: match[1]!, key: match[2]!, period: match[3]! } : undefined;
}

/** The name without the number of its content. */
export const baseOf = (id: string): string => id.slice(0, id.lastIndexOf('|'));

/** What tells one bond from another, whichever release says it. */
export function bondKey({ equation, range }: Bond): string {
  if (range) return JSON.stringify([sortedTerms(range.terms), range.lo ?? null, range.hi ?? null]);
  const { total, parts, coefs, const: constant = 0 } = equation!;
  return JSON.stringify([total, sortedTerms(parts.map((id, i) => [id, coefs?.[i] ?? 1] as const)), constant]);
}
const sortedTerms = (terms: readonly (readonly [string, number])[]) => [...terms].sort(([a], [b]) => (a < b ? -1 : 1));

export const equationBond = (equation: Equation): Bond => ({ ids: [equation.total, ...equation.parts], equation });
export const rangeBond = (range: Range): Bond => ({ ids: range.terms.map(([id]) => id), range });

export const bondsOf = ({ equations, ranges }: Pick<Problem, 'equations' | 'ranges'>): Bond[] => [
  ...equations.map(equationBond),
  ...ranges.map(rangeBond),
];

/** What tells a sum or a rest from others: its equation, with a gap where it stands itself. */
export const derivationKey = ({ total, parts, coefs, const: constant = 0 }: Equation, of: string): string =>
  JSON.stringify([
    total === of ? '' : total,
    sortedTerms(parts.map((id, i) => [id === of ? '' : id, coefs?.[i] ?? 1] as const)),
    constant,
  ]);

/** Both together: whoever asks for less gets more. Zeros are as the first says. */
export const stricter = (a: Policy, b: Policy): Policy => ({
  threshold: Math.max(a.threshold, b.threshold),
  zeros: a.zeros,
  protect: a.protect === 'range' ? a.protect : b.protect,
  told: a.told || b.told,
  insiders: a.insiders || b.insiders,
});

/** One text for what an attacker knows, and the name under which it attacks: the same knowledge is the same attacker. */
export const knowledgeKey = ({ authorities, series }: Knowledge): string => JSON.stringify([authorities, series]);

export class Book {
  readonly cells = new Map<string, Kept>();
  /** The names of one count in all its contents, in the order of their first release. */
  readonly contents = new Map<string, string[]>();
  /** Sums and rests, by their equations. */
  readonly derived = new Map<string, string>();
  /** The bonds, and at each cell the places of its own. */
  readonly bonds: Bond[] = [];
  readonly bondsAt = new Map<string, number[]>();
  private readonly bondKeys = new Set<string>();
  readonly attackers = new Map<string, Knowledge>();
  /** The periods of a count, by `AUTHORITY|SERIES`. */
  readonly periods = new Map<string, Set<string>>();

  /** Whose counts it holds. */
  get authorities(): string[] {
    return [...new Set([...this.periods.keys()].map((series) => series.slice(0, series.indexOf('|'))))];
  }

  /** @param sums  what national releases say of counts that they do not print */
  constructor(
    releases: Iterable<Release> = [],
    readonly sums: readonly KnownSum[] = [],
  ) {
    for (const release of releases) this.add(release);
  }

  /** The next name of that base: one that no release has, nor one that has gone while later ones stayed. */
  fresh(base: string, taken = 0): string {
    const last = Math.max(
      taken,
      ...(this.contents.get(base) ?? []).map((id) => Number(id.slice(id.lastIndexOf('|') + 1))),
    );
    return `${base}|${last + 1}`;
  }

  has(bond: Bond): boolean {
    return this.bondKeys.has(bondKey(bond));
  }

  /** Enters a release, the older ones first. */
  add({ id, problem, suppressed, attackers }: Release): void {
    const hidden = new Set(suppressed);
    const releases = [id];
    for (const cell of problem.cells) {
      const isHidden = hidden.has(cell.id) || cell.locked === 'unpublished';
      const before = this.cells.get(cell.id);
      const kept = { cell: withSensitive(cell, problem.policy), isHidden, policy: problem.policy, releases };
      this.cells.set(cell.id, before ? bothKept(before, kept) : kept);
      if (!before) this.name(cell);
    }
    for (const bond of bondsOf(problem)) this.bind(bond);
    for (const equation of problem.equations) {
      for (const each of [equation.total, ...equation.parts]) {
        const kept = this.cells.get(each);
        if (!kept || countOf(kept.cell)) continue;
        const key = derivationKey(equation, each);
        if (!this.derived.has(key)) this.derived.set(key, each);
      }
    }
    for (const attacker of attackers) this.attackers.set(knowledgeKey(attacker), attacker);
  }

  /** A bond that it has already is the same one. */
  private bind(bond: Bond): void {
    const key = bondKey(bond);
    if (this.bondKeys.has(key)) return;
    this.bondKeys.add(key);
    const at = this.bonds.push(bond) - 1;
    for (const each of bond.ids) {
      const its = this.bondsAt.get(each);
      if (!its) this.bondsAt.set(each, [at]);
      else if (its.at(-1) !== at) its.push(at);
    }
  }

  private name(cell: Cell): void {
    const base = baseOf(cell.id);
    const contents = this.contents.get(base);
    if (contents) contents.push(cell.id);
    else this.contents.set(base, [cell.id]);
    const count = countOf(cell);
    if (!count) return;
    const series = `${count.authority}|${count.key}`;
    const periods = this.periods.get(series);
    if (periods) periods.add(count.period);
    else this.periods.set(series, new Set([count.period]));
  }
}

const withSensitive = (cell: Cell, policy: Policy): Cell =>
  cell.sensitive === undefined ? { ...cell, sensitive: isSensitive(cell, policy) } : cell;

/** A cell as a later release keeps it, with what the earlier ones have said of it. */
function bothKept(before: Kept, now: Kept): Kept {
  const { knowers } = before.cell;
  return {
    cell: {
      ...now.cell,
      sensitive: now.cell.sensitive === true || before.cell.sensitive === true,
      ...(knowers ? { knowers: [...new Set([...knowers, ...(now.cell.knowers ?? [])])] } : {}),
    },
    // What has been printed once stays known.
    isHidden: now.isHidden && before.isHidden,
    policy: stricter(before.policy, now.policy),
    releases: [...before.releases, ...now.releases],
  };
}
