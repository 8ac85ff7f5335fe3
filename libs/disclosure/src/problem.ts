import { Deadline } from './deadline';

/**
 * The disclosure problem: counts, the equations and ranges between them, and who must not be able to compute what.
 * Parsed once, here; protector and auditor share these types and nothing else.
 */

export interface Cell {
  readonly id: string;
  /** A whole number, 0 or more: so many units of size `unit`. */
  readonly value: number;
  /** The organisation that knows this count. Not implied for totals. */
  readonly owner?: string;
  /** Others who know it (an agency knows its own category in every area). */
  readonly knowers?: readonly string[];
  /** What is lost when it is hidden; 1 when absent. */
  readonly cost?: number;
  /**
   * `published` or `suppressed`: an earlier release decided it. `unpublished`: nobody prints it, everyone knows that it
   * is 0 or more, and it must not follow from what is printed when it is sensitive.
   */
  readonly locked?: 'published' | 'suppressed' | 'unpublished';
  /** Overrides the threshold. */
  readonly sensitive?: boolean;
  /** How much one unit of `value` is; 1 when absent. The threshold is divided by it. */
  readonly unit?: number;
  /** Where somebody was told which hidden counts are small, it was not of this one: no print has a mark for it. */
  readonly untold?: boolean;
}

/** value(total) = Σ coefs[i] · value(parts[i]) + const; coefficients are 1 when absent. */
export interface Equation {
  readonly total: string;
  readonly parts: readonly string[];
  readonly coefs?: readonly number[];
  readonly const?: number;
}

/** lo ≤ Σ coefficient · value ≤ hi, known to every attacker; one end may be absent. */
export interface Range {
  readonly terms: readonly (readonly [id: string, coefficient: number])[];
  readonly lo?: number;
  readonly hi?: number;
}

/** A circle: people or organisations who pool what the named owners know. */
export interface Circle {
  readonly name: string;
  readonly knows: readonly string[];
}

export interface Policy {
  /** Counts 1…threshold−1 are sensitive. */
  readonly threshold: number;
  readonly zeros: 'printed' | 'either' | 'hidden';
  readonly protect: 'exact' | 'range';
  readonly told: boolean;
  readonly insiders: boolean;
}

export interface Problem {
  readonly cells: readonly Cell[];
  readonly equations: readonly Equation[];
  readonly ranges: readonly Range[];
  readonly attackers: readonly Circle[];
  readonly policy: Policy;
}

/** What is released: the ids that are hidden; whatever else is not `unpublished` is printed. */
export interface Release {
  readonly suppressed: readonly string[];
}

/** Low and high tables for every pair of attacker and sensitive cell; see certificate.ts. */
export interface Certificate {
  readonly v: 1;
  /** Whole tables that fit what `attacker` knows; only the cells that differ from the problem's value are named. */
  readonly witnesses: readonly { readonly attacker: string; readonly values: Readonly<Record<string, number>> }[];
  /** `low` and `high` are places in `witnesses`. */
  readonly covers: readonly {
    readonly cell: string;
    readonly attacker: string;
    readonly low: number;
    readonly high: number;
  }[];
}

/** One pair that is not safe. `null` in the interval: no end was found on that side. */
export interface Exposure {
  readonly id: string;
  readonly attacker: string;
  readonly interval: readonly [number | null, number | null];
}

/** The attacker who knows nothing but what is printed. */
export const OUTSIDER = 'outsider';

/** The input cannot be read as a problem. The message is plain and holds no text of the input. */
export class ProblemMalformed extends Error {
  override readonly name = 'ProblemMalformed';
  constructor(
    /** What is wrong, in plain words. */
    readonly reason: string,
    /** JSON pointer (RFC 6901) to the place; '' is the whole document. */
    readonly pointer = '',
    /** The member that is not known. Not part of the message: only who wrote the problem is to read it. */
    readonly member?: string,
  ) {
    super(pointer === '' ? reason : `${reason} (at ${pointer})`);
  }
}

/** From which count on a cell is no longer small, in the cell's own units: the threshold, scaled. */
export const leastOf = (cell: Cell, policy: Policy): number => Math.ceil(policy.threshold / (cell.unit ?? 1) - 1e-9);

/** Whether the cell's count must not be computed by anyone who does not know it already. */
export function isSensitive(cell: Cell, policy: Policy): boolean {
  if (cell.sensitive !== undefined) return cell.sensitive;
  if (cell.value === 0) return policy.zeros === 'hidden';
  return cell.value < leastOf(cell, policy);
}

/**
 * Whether somebody is to be kept from computing it: sensitive, and not already printed by an earlier release or by
 * others. What is known anyway cannot be protected any more, and it never serves as cover.
 */
export const isProtected = (cell: Cell, policy: Policy): boolean =>
  cell.locked !== 'published' && isSensitive(cell, policy);

type Members = Record<string, unknown>;
/** Larger numbers would not stay whole in the arithmetic of solver and checker. */
const LARGEST = 1e12;

function objectAt(value: unknown, pointer: string, known: readonly string[], required: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemMalformed('expected an object', pointer);
  const members = value as Members;
  for (const name of Object.keys(members)) {
    if (!known.includes(name))
      throw new ProblemMalformed(`unknown member; known are ${known.join(', ')}`, pointer, name);
  }
  for (const name of required) {
    if (members[name] === undefined) throw new ProblemMalformed(`member ${name} is missing`, pointer);
  }
  return members;
}

function listAt(value: unknown, pointer: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ProblemMalformed('expected a list', pointer);
  return value as unknown[];
}

function nameAt(value: unknown, pointer: string): string {
  if (typeof value !== 'string' || value === '')
    throw new ProblemMalformed('expected a text that is not empty', pointer);
  return value;
}

function wholeAt(value: unknown, pointer: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new ProblemMalformed('expected a whole number', pointer);
  if (Math.abs(value) > LARGEST) throw new ProblemMalformed('the number is too large', pointer);
  return value;
}

function choiceAt<T extends string>(value: unknown, pointer: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw new ProblemMalformed(`expected one of ${choices.join(', ')}`, pointer);
  return value as T;
}

function booleanAt(value: unknown, pointer: string): boolean {
  if (typeof value !== 'boolean') throw new ProblemMalformed('expected true or false', pointer);
  return value;
}

/** The names in a list, each once. */
function namesAt(value: unknown, pointer: string): string[] {
  const names = listAt(value, pointer).map((each, i) => nameAt(each, `${pointer}/${i}`));
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (seen.has(name)) throw new ProblemMalformed('named twice', `${pointer}/${i}`);
    seen.add(name);
  });
  return names;
}

function organisationAt(value: unknown, pointer: string): string {
  const name = nameAt(value, pointer);
  if (name === OUTSIDER)
    throw new ProblemMalformed('this name is kept for the attacker who knows only the print', pointer);
  return name;
}

const CELL = ['id', 'value', 'owner', 'knowers', 'cost', 'locked', 'sensitive', 'unit', 'untold'] as const;

function cellAt(value: unknown, pointer: string): Cell {
  const cell = objectAt(value, pointer, CELL, ['id', 'value']);
  const count = wholeAt(cell.value, `${pointer}/value`);
  if (count < 0) throw new ProblemMalformed('a count is never negative', `${pointer}/value`);
  const { cost, unit } = cell;
  if (cost !== undefined && (typeof cost !== 'number' || !Number.isFinite(cost) || cost < 0 || cost > LARGEST)) {
    throw new ProblemMalformed('expected a number, 0 or more', `${pointer}/cost`);
  }
  if (unit !== undefined && (typeof unit !== 'number' || !Number.isFinite(unit) || unit <= 0 || unit > LARGEST)) {
    throw new ProblemMalformed('expected a number above 0', `${pointer}/unit`);
  }
  return {
    id: nameAt(cell.id, `${pointer}/id`),
    value: count,
    ...(cell.owner === undefined ? {} : { owner: organisationAt(cell.owner, `${pointer}/owner`) }),
    ...(cell.knowers === undefined
      ? {}
      : {
          knowers: namesAt(cell.knowers, `${pointer}/knowers`).map((each, i) =>
            organisationAt(each, `${pointer}/knowers/${i}`),
          ),
        }),
    ...(cost === undefined ? {} : { cost }),
    ...(cell.locked === undefined
      ? {}
      : { locked: choiceAt(cell.locked, `${pointer}/locked`, ['published', 'suppressed', 'unpublished'] as const) }),
    ...(cell.sensitive === undefined ? {} : { sensitive: booleanAt(cell.sensitive, `${pointer}/sensitive`) }),
    ...(unit === undefined ? {} : { unit }),
    ...(cell.untold === undefined ? {} : { untold: booleanAt(cell.untold, `${pointer}/untold`) }),
  };
}

function policyAt(value: unknown): Policy {
  const at = '/policy';
  const policy = objectAt(value, at, ['threshold', 'zeros', 'protect', 'told', 'insiders'], []);
  const threshold = policy.threshold === undefined ? 6 : wholeAt(policy.threshold, `${at}/threshold`);
  if (threshold < 1) throw new ProblemMalformed('expected 1 or more', `${at}/threshold`);
  return {
    threshold,
    zeros:
      policy.zeros === undefined
        ? 'printed'
        : choiceAt(policy.zeros, `${at}/zeros`, ['printed', 'either', 'hidden'] as const),
    protect:
      policy.protect === undefined ? 'range' : choiceAt(policy.protect, `${at}/protect`, ['exact', 'range'] as const),
    told: policy.told === undefined ? false : booleanAt(policy.told, `${at}/told`),
    insiders: policy.insiders === undefined ? true : booleanAt(policy.insiders, `${at}/insiders`),
  };
}

/** The known id at a place; `values` holds every cell's count by id. */
function idAt(value: unknown, pointer: string, values: ReadonlyMap<string, number>): string {
  const id = nameAt(value, pointer);
  if (!values.has(id)) throw new ProblemMalformed('no cell has this id', pointer);
  return id;
}

/** Adds coefficient times count in whole numbers, or says that they are too large for it. */
function plus(sum: number, coefficient: number, count: number, pointer: string): number {
  const next = sum + coefficient * count;
  if (!Number.isSafeInteger(coefficient * count) || !Number.isSafeInteger(next)) {
    throw new ProblemMalformed('the numbers are too large to add exactly', pointer);
  }
  return next;
}

function equationAt(value: unknown, pointer: string, values: ReadonlyMap<string, number>): Equation {
  const equation = objectAt(value, pointer, ['total', 'parts', 'coefs', 'const'], ['total', 'parts']);
  const total = idAt(equation.total, `${pointer}/total`, values);
  const parts = listAt(equation.parts, `${pointer}/parts`).map((id, i) => idAt(id, `${pointer}/parts/${i}`, values));
  const coefs =
    equation.coefs === undefined
      ? undefined
      : listAt(equation.coefs, `${pointer}/coefs`).map((each, i) => wholeAt(each, `${pointer}/coefs/${i}`));
  if (coefs && coefs.length !== parts.length)
    throw new ProblemMalformed('one coefficient is needed for each part', `${pointer}/coefs`);
  const constant = equation.const === undefined ? undefined : wholeAt(equation.const, `${pointer}/const`);
  let sum = constant ?? 0;
  parts.forEach((id, i) => {
    sum = plus(sum, coefs?.[i] ?? 1, values.get(id)!, pointer);
  });
  if (sum !== values.get(total)) throw new ProblemMalformed('the values do not meet this equation', pointer);
  return { total, parts, ...(coefs ? { coefs } : {}), ...(constant === undefined ? {} : { const: constant }) };
}

function rangeAt(value: unknown, pointer: string, values: ReadonlyMap<string, number>): Range {
  const range = objectAt(value, pointer, ['terms', 'lo', 'hi'], ['terms']);
  const lo = range.lo === undefined ? undefined : wholeAt(range.lo, `${pointer}/lo`);
  const hi = range.hi === undefined ? undefined : wholeAt(range.hi, `${pointer}/hi`);
  if (lo === undefined && hi === undefined) throw new ProblemMalformed('a range needs lo or hi', pointer);
  let sum = 0;
  const terms = listAt(range.terms, `${pointer}/terms`).map((term, i): readonly [string, number] => {
    const pair = listAt(term, `${pointer}/terms/${i}`);
    if (pair.length !== 2) throw new ProblemMalformed('expected an id and a coefficient', `${pointer}/terms/${i}`);
    const id = idAt(pair[0], `${pointer}/terms/${i}/0`, values);
    const coefficient = wholeAt(pair[1], `${pointer}/terms/${i}/1`);
    sum = plus(sum, coefficient, values.get(id)!, pointer);
    return [id, coefficient];
  });
  if ((lo !== undefined && sum < lo) || (hi !== undefined && sum > hi))
    throw new ProblemMalformed('the values lie outside this range', pointer);
  return { terms, ...(lo === undefined ? {} : { lo }), ...(hi === undefined ? {} : { hi }) };
}

/**
 * A total that is, over its parts, a part of itself: the hierarchy was built wrongly, even where zeros let the values meet
 * it. Only plain sums make a hierarchy; where coefficients or constants stand, an equation is a rule between counts.
 * @throws ProblemMalformed at one equation of the circle
 */
function refuseCircles(equations: readonly Equation[], deadline: Deadline): void {
  const isSum = ({ coefs, const: constant = 0 }: Equation) =>
    constant === 0 && (coefs ?? []).every((each) => each === 1);
  // The same count under two names is no step down.
  const alias = new Map<string, string>();
  const nameOf = (id: string): string => {
    let at = id;
    for (let next = alias.get(at); next !== undefined; next = alias.get(at)) at = next;
    return at;
  };
  for (const equation of equations) {
    const [part, ...more] = equation.parts;
    if (!isSum(equation) || part === undefined || more.length > 0) continue;
    const [upper, lower] = [nameOf(equation.total), nameOf(part)];
    if (upper !== lower) alias.set(upper, lower);
  }
  const below = new Map<string, { id: string; at: number }[]>();
  equations.forEach((equation, at) => {
    if (!isSum(equation) || equation.parts.length < 2) return;
    const total = nameOf(equation.total);
    below.set(total, [...(below.get(total) ?? []), ...equation.parts.map((id) => ({ id: nameOf(id), at }))]);
  });
  // Depth first; what is on the way down and met again closes a circle.
  const done = new Set<string>();
  for (const start of below.keys()) {
    const way = new Set<string>();
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    deadline.check();
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      way.add(top.id);
      const step = below.get(top.id)?.[top.next++];
      if (!step || done.has(top.id)) {
        done.add(top.id);
        way.delete(top.id);
        stack.pop();
      } else if (way.has(step.id)) {
        throw new ProblemMalformed('a total is a part of itself, over the sums below it', `/equations/${step.at}`);
      } else if (!done.has(step.id)) stack.push({ id: step.id, next: 0 });
    }
  }
}

/**
 * Reads a problem in the form of interface.md, with every default of the policy filled in: threshold 6, zeros printed,
 * protect `range`, told false, insiders true.
 * @param json  parsed JSON; members other than the named ones are refused
 * @throws ProblemMalformed  unknown member or id, an id given twice, a count that is not whole or negative, an equation
 *   or range that the values do not meet, a total that is a part of itself, a zero locked as hidden where zeros are printed
 * @throws OutOfTime
 */
export function parseProblem(json: unknown, deadline = Deadline.none): Problem {
  const problem = objectAt(
    json,
    '',
    ['cells', 'equations', 'ranges', 'attackers', 'policy'],
    ['cells', 'equations', 'policy'],
  );
  const policy = policyAt(problem.policy);
  const values = new Map<string, number>();
  const organisations = new Set<string>();
  const cells = listAt(problem.cells, '/cells').map((value, i) => {
    deadline.checkAt(i);
    const cell = cellAt(value, `/cells/${i}`);
    if (values.has(cell.id)) throw new ProblemMalformed('this id is given twice', `/cells/${i}/id`);
    if (cell.locked === 'suppressed' && cell.value === 0 && policy.zeros === 'printed') {
      throw new ProblemMalformed('a zero is never hidden where zeros are printed', `/cells/${i}/locked`);
    }
    values.set(cell.id, cell.value);
    if (cell.owner !== undefined) organisations.add(cell.owner);
    for (const knower of cell.knowers ?? []) organisations.add(knower);
    return cell;
  });
  const equations = listAt(problem.equations, '/equations').map((value, i) => {
    deadline.checkAt(i);
    return equationAt(value, `/equations/${i}`, values);
  });
  refuseCircles(equations, deadline);
  const ranges = listAt(problem.ranges ?? [], '/ranges').map((value, i) => {
    deadline.checkAt(i);
    return rangeAt(value, `/ranges/${i}`, values);
  });
  const attackers = listAt(problem.attackers ?? [], '/attackers').map((value, i): Circle => {
    const circle = objectAt(value, `/attackers/${i}`, ['name', 'knows'], ['name', 'knows']);
    const name = organisationAt(circle.name, `/attackers/${i}/name`);
    if (organisations.has(name))
      throw new ProblemMalformed('an owner, knower or other circle has this name', `/attackers/${i}/name`);
    organisations.add(name);
    return { name, knows: namesAt(circle.knows, `/attackers/${i}/knows`) };
  });
  return { cells, equations, ranges, attackers, policy };
}

/**
 * Reads what is hidden, and judges it against the locks.
 * @throws ProblemMalformed  an unknown id, one given twice, a hidden cell that is locked as printed, a hidden zero where
 *   zeros are printed, a cell printed that is locked as hidden (unless it is sensitive: then the audit finds it exposed)
 */
export function parseRelease(json: unknown, problem: Problem): Release {
  const decision = objectAt(json, '/decision', ['suppressed'], ['suppressed']);
  const byId = new Map(problem.cells.map((cell) => [cell.id, cell]));
  const suppressed = namesAt(decision.suppressed, '/decision/suppressed');
  suppressed.forEach((id, i) => {
    const cell = byId.get(id);
    const at = `/decision/suppressed/${i}`;
    if (!cell) throw new ProblemMalformed('no cell has this id', at);
    if (cell.locked === 'published') throw new ProblemMalformed('this cell is locked as printed', at);
    if (cell.value === 0 && problem.policy.zeros === 'printed' && cell.locked !== 'unpublished') {
      throw new ProblemMalformed('a zero is never hidden where zeros are printed', at);
    }
  });
  const hidden = new Set(suppressed);
  const printed = problem.cells.findIndex(
    (each) => each.locked === 'suppressed' && !hidden.has(each.id) && !isProtected(each, problem.policy),
  );
  if (printed >= 0)
    throw new ProblemMalformed('this cell is locked as hidden, and the decision prints it', `/cells/${printed}`);
  return { suppressed };
}

/** Reads a certificate's shape; whether it holds is for `checkCertificate` to say. @throws ProblemMalformed */
export function parseCertificate(json: unknown): Certificate {
  const at = '/certificate';
  const certificate = objectAt(json, at, ['v', 'witnesses', 'covers'], ['v', 'witnesses', 'covers']);
  if (certificate.v !== 1) throw new ProblemMalformed('expected 1', `${at}/v`);
  const witnesses = listAt(certificate.witnesses, `${at}/witnesses`).map((value, i) => {
    const here = `${at}/witnesses/${i}`;
    const witness = objectAt(value, here, ['attacker', 'values'], ['attacker', 'values']);
    const { values } = witness;
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new ProblemMalformed('expected an object', `${here}/values`);
    for (const count of Object.values(values)) wholeAt(count, `${here}/values`);
    return { attacker: nameAt(witness.attacker, `${here}/attacker`), values: values as Record<string, number> };
  });
  const covers = listAt(certificate.covers, `${at}/covers`).map((value, i) => {
    const here = `${at}/covers/${i}`;
    const cover = objectAt(value, here, ['cell', 'attacker', 'low', 'high'], ['cell', 'attacker', 'low', 'high']);
    return {
      cell: nameAt(cover.cell, `${here}/cell`),
      attacker: nameAt(cover.attacker, `${here}/attacker`),
      low: wholeAt(cover.low, `${here}/low`),
      high: wholeAt(cover.high, `${here}/high`),
    };
  });
  return { v: 1, witnesses, covers };
}
