import * as fc from 'fast-check';
import { parseProblem, type Cell, type Equation, type Policy, type Problem } from './problem';

/** What small problems are made of; every member has all its values when absent. */
export interface SmallShape {
  readonly zeros?: readonly Policy['zeros'][];
  readonly protect?: readonly Policy['protect'][];
  readonly told?: readonly boolean[];
}

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

/**
 * Problems small enough to list every table: authorities × categories with totals (single), with a second breakdown of
 * the same children (linked), with a subtotal of two categories (hierarchical), or of three authorities, so that a circle of
 * two has somebody to attack (tall); owners, an agency that knows one
 * category everywhere, a circle, ranges that everyone knows, locked cells, a complement that nobody prints, units.
 */
export function smallProblem(shape: SmallShape = {}): fc.Arbitrary<Problem> {
  const count = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 2, arbitrary: fc.integer({ min: 4, max: 7 }) },
  );
  return fc
    .record({
      kind: fc.constantFrom('single', 'linked', 'hierarchical', 'tall'),
      rows: fc.array(fc.array(count, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      policy: fc.record({
        threshold: fc.constantFrom(2, 3),
        zeros: pick(shape.zeros ?? ['printed', 'printed', 'either', 'hidden']),
        protect: pick(shape.protect ?? ['exact', 'range']),
        told: pick(shape.told ?? [false, true]),
        insiders: fc.boolean(),
      }),
      owned: fc.boolean(),
      split: fc.nat(100),
      police: fc.boolean(),
      circle: fc.boolean(),
      ranges: fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: -2, max: 2 }), fc.nat(3), fc.nat(4)), {
        maxLength: 2,
      }),
      locks: fc.array(fc.tuple(fc.nat(30), fc.constantFrom('published', 'suppressed')), { maxLength: 2 }),
      complement: fc.boolean(),
      untold: fc.boolean(),
      unit: fc.constantFrom(1, 1, 0.5),
    })
    .map((made) => {
      const cells: Cell[] = [];
      const add = (id: string, value: number, owner?: string) => {
        cells.push({ id, value, ...(owner !== undefined && made.owned ? { owner } : {}) });
        return id;
      };
      const equations: Equation[] = [];
      const wide = made.kind === 'single' ? 3 : 2;
      const rows = made.rows
        .slice(0, made.kind === 'tall' ? 3 : 2)
        .map((row) => row.slice(0, made.kind === 'hierarchical' ? 3 : wide));
      rows.forEach((row, a) => {
        const owner = `A${a}`;
        const parts = row.map((value, c) => add(`a${a}c${c}`, value, owner));
        const total = add(`a${a}`, sum(row), owner);
        if (made.kind === 'hierarchical') {
          const both = add(`a${a}s`, row[0]! + row[1]!, owner);
          equations.push({ total: both, parts: parts.slice(0, 2) }, { total, parts: [both, parts[2]!] });
        } else equations.push({ total, parts });
        if (made.kind !== 'linked') return;
        const first = made.split % (sum(row) + 1);
        equations.push({ total, parts: [add(`a${a}d0`, first, owner), add(`a${a}d1`, sum(row) - first, owner)] });
      });
      const down = (name: string, id: string) => {
        const parts = rows.map((_, a) => `a${a}${name}`);
        const total = sum(parts.map((part) => cells.find((cell) => cell.id === part)!.value));
        equations.push({ total: add(id, total), parts });
      };
      rows[0]!.forEach((_, c) => down(`c${c}`, `c${c}`));
      if (made.kind === 'linked') down('d0', 'd0');
      down('', 'all');
      if (made.complement) {
        // Of the first authority's children those outside the first category, whom nobody prints.
        const [part, whole] = ['a0c0', 'a0'].map((id) => cells.find((cell) => cell.id === id)!.value);
        cells.push({
          id: 'rest',
          value: whole! - part!,
          locked: 'unpublished',
          ...(made.untold ? { untold: true } : {}),
          ...(made.owned ? { owner: 'A0' } : {}),
        });
        equations.push({ total: 'a0', parts: ['a0c0', 'rest'] });
      }
      const locks = new Map(made.locks.map(([at, lock]) => [at % cells.length, lock as Cell['locked']]));
      const finished = cells.map((cell, at): Cell => {
        const lock = locks.get(at);
        const isZero = cell.value === 0 && made.policy.zeros === 'printed';
        return {
          ...cell,
          ...(lock && !cell.locked && !(lock === 'suppressed' && isZero) ? { locked: lock } : {}),
          ...(made.police && /c1$/.test(cell.id) ? { knowers: ['police'] } : {}),
          ...(made.unit === 1 || made.policy.threshold > 2 ? {} : { unit: made.unit }),
        };
      });
      const ranges = made.ranges.map(([x, y, steep, below, above]) => {
        // Under a steep rule one count goes twice as far as another: too far to list where intervals must be wide.
        const coefficient = made.policy.protect === 'range' ? Math.sign(steep) : steep;
        const [first, second] = [cells[x % cells.length]!, cells[y % cells.length]!];
        const now = first.value + coefficient * second.value;
        return {
          terms: [
            [first.id, 1],
            [second.id, coefficient],
          ] as [string, number][],
          lo: now - below,
          hi: now + above,
        };
      });
      const circle = { name: 'board', knows: made.police ? ['A0', 'police'] : ['A0', 'A1'] };
      return parseProblem({
        cells: finished,
        equations,
        ranges,
        attackers: made.circle ? [circle] : [],
        policy: made.policy,
      });
    });
}
