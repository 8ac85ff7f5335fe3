import * as fc from 'fast-check';
import {
  audit,
  auditBeside,
  checkCertificate,
  faultInReadersProof,
  printedTable,
  protect,
  readersProof,
  withOwn,
  withstands,
  type Certificate,
  type Exposure,
  type Problem,
} from './index';
import { attackersOf, fallenUnder, isGuarded, tablesFor } from './brute-force.builder';
import { certificateOf } from './certify';
import { smallProblem } from './small.builder';

/*
 * Suppressor, auditor, checker and reader's proof against every table that fits what each attacker sees. The judge is
 * written from the definitions alone (brute-force.ts).
 */

/** `npm run soak:disclosure` runs more of each, from another seed every time. */
const soak = Number(process.env.HUB_SOAK ?? 0);
const runs = (numRuns: number, seed: number) =>
  soak > 0 ? { numRuns: numRuns * soak, seed: Date.now() % 1_000_000_000 } : { numRuns, seed };
jest.setTimeout(60_000 * Math.max(1, soak));
/** Counts are tried up to so many over the true ones: nearly always more than threshold and moves need in these tables. */
const ABOVE = 4;
/**
 * The pairs that fall. Where that is not what somebody claims, counts further up are tried too: they only add tables, and
 * whatever then still falls does.
 */
function truthBeside(claimed: readonly string[], problem: Problem, suppressed: readonly string[]): string[] {
  for (let above = ABOVE; ; above += 3) {
    const truth = fallenUnder(problem, suppressed, above);
    if (truth.join() === claimed.join() || above > 9) return truth;
  }
}
const pairsOf = (exposed: readonly Exposure[]) => exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort();
const mayHide = ({ cells, policy }: Problem) =>
  cells
    .filter(({ locked }) => locked !== 'published' && locked !== 'unpublished')
    .filter(({ value }) => value > 0 || policy.zeros !== 'printed')
    .map(({ id }) => id);

test('what is protected withstands everyone; what is refused, nothing would help', async () => {
  const met = { protected: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), async (problem) => {
      const decision = await protect(problem);
      if (decision.status === 'refused') {
        // Everything hidden leaves many tables to list: not every time.
        if (++met.refused > 15 * Math.max(1, soak)) return;
        const exposed = pairsOf(decision.exposed);
        expect(exposed).toEqual(truthBeside(exposed, problem, mayHide(problem)));
        return;
      }
      met.protected++;
      expect(truthBeside([], problem, decision.suppressed)).toEqual([]);
      expect(await audit(problem, decision)).toMatchObject({ status: 'safe', exposed: [] });
      expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
      // What each reader holds shows the same to the reader: no guarded count follows from it.
      const printed = printedTable(problem, decision);
      for (const [, knows] of attackersOf(problem)) {
        const own = Object.fromEntries(
          problem.cells.filter(({ id }) => knows.has(id)).map(({ id, value }) => [id, value]),
        );
        const mine = withOwn(printed, own);
        const proof = await readersProof(mine);
        expect(faultInReadersProof(mine, proof)).toBeUndefined();
        const guarded = problem.cells.filter(
          (cell) => isGuarded(cell, problem.policy) && cell.locked !== 'unpublished',
        );
        expect(guarded.filter(({ id }) => !knows.has(id) && proof.unshown.includes(id))).toEqual([]);
      }
    }),
    runs(150, 41),
  );
  expect(Math.min(met.protected, met.refused)).toBeGreaterThan(10);
});

/** A problem and any release of it: what is small is mostly hidden, and some cells more. */
const released = fc
  .tuple(smallProblem(), fc.array(fc.nat(16), { maxLength: 9 }), fc.integer({ min: 0, max: 9 }))
  .map(([problem, picks, kept]) => {
    const may = new Set(mayHide(problem));
    const suppressed = problem.cells
      .filter(({ id }) => may.has(id))
      .filter(
        (cell, i) => cell.locked || (isGuarded(cell, problem.policy) && (kept > 0 || i % 3 > 0)) || picks.includes(i),
      )
      .map(({ id }) => id);
    return { problem, suppressed };
  });

test('the audit finds what lies open, and nothing else, whatever is hidden', async () => {
  const met = { safe: 0, exposed: 0 };
  await fc.assert(
    fc.asyncProperty(released, async ({ problem, suppressed }) => {
      const { status, exposed } = await audit(problem, { suppressed });
      const truth = truthBeside(pairsOf(exposed), problem, suppressed);
      expect(pairsOf(exposed)).toEqual(truth);
      expect(status).toBe(truth.length === 0 ? 'safe' : 'exposed');
      met[status]++;
    }),
    runs(600, 42),
  );
  expect(Math.min(met.safe, met.exposed)).toBeGreaterThan(20);
});

test('a release beside a proved one is safe or not, whichever way it is asked', async () => {
  const met = { safe: 0, exposed: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), fc.array(fc.nat(16), { maxLength: 5 }), async (problem, picks) => {
      const decision = await protect(problem);
      if (decision.status === 'refused') return;
      const isLocked = (id: string) => problem.cells.find((cell) => cell.id === id)!.locked !== undefined;
      const suppressed = mayHide(problem).filter((id, i) => isLocked(id) || !picks.includes(i));
      const { status, exposed } = await audit(problem, { suppressed });
      const beside = await auditBeside(problem, { suppressed }, decision.certificate);
      expect([beside.status, pairsOf(beside.exposed)]).toEqual([status, pairsOf(exposed)]);
      expect(await withstands(problem, { suppressed }, decision.certificate)).toBe(status === 'safe');
      expect(await withstands(problem, decision, decision.certificate)).toBe(true);
      met[status]++;
    }),
    runs(120, 44),
  );
  expect(Math.min(met.safe, met.exposed)).toBeGreaterThan(0);
});

/** The best certificate there is: of each attacker every table that fits. */
function bestCertificate(problem: Problem, suppressed: readonly string[]): Certificate {
  const truth = new Map(problem.cells.map(({ id, value }) => [id, value]));
  const tables: { attacker: string; values: Record<string, number> }[] = [];
  const pairs: { cell: string; attacker: string; told: boolean }[] = [];
  const { protect: kind, told } = problem.policy;
  for (const [attacker, knows] of attackersOf(problem)) {
    for (const table of tablesFor(problem, suppressed, knows, ABOVE)) {
      tables.push({
        attacker,
        values: Object.fromEntries([...table].filter(([id, count]) => count !== truth.get(id))),
      });
    }
    for (const cell of problem.cells) {
      if (!isGuarded(cell, problem.policy) || knows.has(cell.id)) continue;
      if (kind === 'range' || !told) pairs.push({ cell: cell.id, attacker, told: false });
      if (told) pairs.push({ cell: cell.id, attacker, told: true });
    }
  }
  return certificateOf(problem, tables, pairs);
}

test('the checker lets the best certificate pass where nothing lies open, and names the pairs where something does', () => {
  const met = { safe: 0, exposed: 0 };
  fc.assert(
    fc.property(released, ({ problem, suppressed }) => {
      const truth = fallenUnder(problem, suppressed, ABOVE);
      const certificate = bestCertificate(problem, suppressed);
      // A pair that falls has a cover all the same, and that is one too many.
      const { status, exposed } = checkCertificate(problem, { suppressed }, certificate);
      expect(status).toBe(truth.length === 0 ? 'safe' : 'exposed');
      for (const pair of truth) expect(pairsOf(exposed)).toContain(pair);
      met[status]++;
    }),
    runs(1500, 43),
  );
  expect(Math.min(met.safe, met.exposed)).toBeGreaterThan(50);
});
