import type { Problem } from '@hub/disclosure';
import {
  localMarkOf,
  nationalMarkOf,
  parseSeriesKey,
  seriesKey,
  type Dataset,
  type Knowledge,
} from '@hub/registry/domain';
import type { Together } from './document';
import type { Figure } from './figure';
import { knownBefore } from './knowledge';
import { seriesTogether } from './level';

/** What a compile knows of one return: a figure for each series, never `hidden`. */
export type Cells = ReadonlyMap<string, Exclude<Figure, { kind: 'hidden' }>>;

export interface CompileInput {
  readonly dataset: Dataset;
  /** Every authority of the region in the period, in order of code. */
  readonly authorities: readonly string[];
  /** The returns that may enter, by authority. */
  readonly returns: ReadonlyMap<string, Cells>;
  readonly policy: {
    /** Counts 1 to threshold − 1 are sensitive. */
    readonly threshold: number;
    readonly zeros: 'printed' | 'either' | 'hidden';
    readonly protect: 'exact' | 'range';
    readonly told: boolean;
    /** A region's figure with fewer contributors than this is not printed. */
    readonly leastContributors: number;
    /** A percentage or mean on a smaller base is not printed: its numerator is then as sensitive as a small count. */
    readonly leastBase: number;
    /** Answers to a questionnaire are not printed where fewer people gave one. */
    readonly surveyThreshold: number;
  };
  /** Who knows returns of several authorities, or some series of them: each attacks as one. */
  readonly attackers: readonly Knowledge[];
  /** Whether to act as if the Department had not published these figures. */
  readonly ignoreNationalMarks: boolean;
  /** How finely it is broken down: `levelOfDetail`, chosen beforehand; absent: as finely as the dataset. */
  readonly level?: readonly Together[];
}

export type Cell = Problem['cells'][number];
type Equation = Problem['equations'][number];
type Range = NonNullable<Problem['ranges']>[number];

/** Stands in the place of an authority for the region's own figure. */
export const REGION = 'region';
export const cellId = (owner: string, key: string): string => `${owner}|${key}`;

/**
 * What a figure is worth to its readers, by public things alone: whole regions before authorities, totals before
 * categories, and what other indicators are divided by before those, for without it none of their shares can be printed. Never a
 * function of a count that may be hidden.
 * @param dividedByIt  how many indicators are
 */
const worth = (owner: string, key: string, dividedByIt: number): number =>
  (owner === REGION ? 3 : 1) * (key.includes('|') ? 1 : 2 + dividedByIt);

/** The table of a round as it grows in a compile: cells with their counts, and what is known between them. */
export class RawTable {
  readonly cells = new Map<string, Cell>();
  readonly values = new Map<string, number>();
  readonly equations: Equation[] = [];
  readonly ranges: Range[] = [];
  /** The authorities whose return entered. */
  readonly sent: readonly string[];
  /** What is told together is an unknown all the same: it must not follow, from its months or what another region prints. */
  private readonly together: ReadonlySet<string>;
  /** By series how many indicators are divided by it. */
  private readonly dividedBy = new Map<string, number>();

  constructor(private readonly input: CompileInput) {
    this.sent = input.authorities.filter((authority) => input.returns.has(authority));
    this.together = seriesTogether(input.level ?? []);
    for (const { code, denominator } of input.dataset.indicators) {
      if (!('indicator' in denominator) || denominator.indicator === code) continue;
      const of = seriesKey(denominator.indicator, {}, 'count');
      this.dividedBy.set(of, (this.dividedBy.get(of) ?? 0) + 1);
    }
  }

  /** Whether a series is told together with others, and so not printed. */
  isTogether(key: string): boolean {
    return this.together.has(key);
  }

  has(owner: string, key: string): boolean {
    return this.values.has(cellId(owner, key));
  }

  /** A count of an authority or the region. */
  add(owner: string, key: string, value: number, more: Partial<Cell> = {}): void {
    const id = cellId(owner, key);
    this.values.set(id, value);
    this.cells.set(id, {
      id,
      value,
      ...(owner === REGION ? {} : { owner }),
      cost: worth(owner, key, this.dividedBy.get(key) ?? 0),
      ...particulars(this.input, owner, key, value),
      ...more,
      ...this.asUnprinted(key),
    });
  }

  /** What is particular about a cell that one of these series is behind, where that is told together with others. */
  asUnprinted(...of: readonly string[]): Partial<Cell> {
    return of.some((key) => this.isTogether(key)) ? { locked: 'unpublished', untold: true } : {};
  }

  /**
   * A number that nobody prints, but that must not follow from what is printed: what parts leave of their whole.
   * @param coefs  how often each part is taken off, −1 where it is added
   */
  addRest(
    id: string,
    total: string,
    parts: readonly string[],
    more: Partial<Cell>,
    coefs: readonly number[] = parts.map(() => 1),
  ): void {
    const value = parts.reduce((left, part, i) => left - coefs[i]! * this.values.get(part)!, this.values.get(total)!);
    const { unit } = this.cells.get(total)!;
    this.values.set(id, value);
    this.cells.set(id, { id, value, locked: 'unpublished', ...(unit === undefined ? {} : { unit }), ...more });
    const isPlain = coefs.every((each) => each === 1);
    this.equations.push({ total, parts: [...parts, id], ...(isPlain ? {} : { coefs: [...coefs, 1] }) });
  }

  /** Printed nationally, or a zero where zeros are printed: nothing that this publication does can hide it. */
  isKnownAnyway(id: string): boolean {
    const { locked, value } = this.cells.get(id)!;
    return locked === 'published' || (locked === undefined && this.input.policy.zeros === 'printed' && value === 0);
  }

  /**
   * What is particular about a sum over authorities: it is known anyway when all its parts are, and to the one
   * authority whose part alone is not.
   * @param unknown  the authorities whose parts are not known anyway
   */
  knowledgeOf(unknown: readonly string[]): Partial<Cell> {
    if (unknown.length === 0) return { locked: 'published', sensitive: false };
    return unknown.length === 1 ? { owner: unknown[0]! } : {};
  }

  /** A count on too small a base, or of everybody where the answer is sensitive, is as telling as a small one. */
  markTelling(owner: string, key: string, base: string, leastBase: number): void {
    const [cell, of] = [this.cells.get(cellId(owner, key)), this.values.get(cellId(owner, base))];
    if (!cell || cell.locked || of === undefined || cell.value === 0) return;
    const { indicator: code } = parseSeriesKey(key);
    const { sensitive } = this.input.dataset.indicators.find((one) => one.code === code)!;
    const everybody = sensitive === true && cell.value === of;
    if (of < leastBase || everybody) this.cells.set(cell.id, { ...cell, sensitive: true });
  }

  /** The disclosure problem that the table is. */
  problem(): Problem {
    const { threshold, zeros, protect, told } = this.input.policy;
    const knowers = this.knowers();
    return {
      cells: [...this.cells.values()].map((cell) =>
        knowers.has(cell.id) ? { ...cell, knowers: knowers.get(cell.id)! } : cell,
      ),
      equations: this.equations,
      ranges: this.ranges,
      attackers: [],
      policy: { threshold, zeros, protect, told, insiders: true },
    };
  }

  /**
   * By cell the circles that know it. Nobody's name: the place in the order of what is known. A circle knows sums of its own too, of
   * which nobody is the owner, so it stands as a knower of its cells.
   */
  private knowers(): ReadonlyMap<string, string[]> {
    const knowers = new Map<string, string[]>();
    this.input.attackers.forEach(({ authorities: known, series: only }, i) => {
      const isOwn = ({ id, owner }: Cell) =>
        owner !== undefined && known.includes(owner) && (!only || only.some((key) => id === cellId(owner, key)));
      for (const id of knownBefore(this.cells.values(), this.equations, isOwn, (each) => this.isKnownAnyway(each))) {
        knowers.set(id, [...(knowers.get(id) ?? []), `circle ${i + 1}`]);
      }
    });
    return knowers;
  }
}

/**
 * What is particular about a cell: counts with decimals are scaled, and so is their threshold; what the Department or
 * the authority itself prints is known anyway and can never be cover.
 */
function particulars(input: CompileInput, owner: string, key: string, value: number): Partial<Cell> {
  const national = input.ignoreNationalMarks ? undefined : nationalMarkOf(input.dataset, key);
  const marks = owner === REGION ? [] : [national, localMarkOf(input.dataset, key)];
  const { decimals } = input.dataset.indicators.find(({ code }) => code === parseSeriesKey(key).indicator)!;
  const isPrinted = marks.some((mark) => mark && (value === 0 || value >= mark.threshold * 10 ** decimals));
  return {
    ...(decimals === 0 ? {} : { unit: 10 ** -decimals }),
    ...(isPrinted ? { locked: 'published', sensitive: false } : {}),
  };
}
