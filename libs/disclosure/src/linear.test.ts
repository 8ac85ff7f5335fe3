import { audit } from './audit';
import { Proportions } from './linear';
import { splitIntoParts } from './parts';
import { parseProblem } from './problem';
import { protect } from './protect';
import { sampleProblem } from './sample';

test('what is called needed by equations alone is needed: without it the audit finds somebody who can compute', async () => {
  const problem = parseProblem(sampleProblem({ seed: 3, authorities: 4, breakdowns: [4, 3] }));
  const decision = await protect(problem);
  if (decision.status !== 'protected') throw new Error('refused');
  const hidden = new Set(decision.suppressed);
  let needed = 0;
  for (const part of splitIntoParts(problem).parts) {
    const flags = Uint8Array.from(part.ids, (id) => Number(hidden.has(id)));
    const proportions = new Proportions(part, flags);
    for (let cell = 0; cell < part.ids.length; cell++) {
      if (!flags[cell] || part.hidden[cell] || !proportions.isNeeded(cell)) continue;
      needed++;
      const suppressed = decision.suppressed.filter((id) => id !== part.ids[cell]);
      expect((await audit(problem, { suppressed })).status).toBe('exposed');
    }
  }
  expect(needed).toBeGreaterThan(3);
});

test('after a cell was printed it says the same as if made anew', () => {
  const problem = parseProblem(sampleProblem({ seed: 4, authorities: 5, breakdowns: [5, 3] }));
  const [part] = splitIntoParts(problem).parts;
  const flags = new Uint8Array(part!.ids.length).fill(1);
  const kept = new Proportions(part!, flags);
  const judge = (proportions: Proportions) =>
    [...flags.keys()].filter((cell) => flags[cell] && proportions.isNeeded(cell));
  judge(kept);
  for (let cell = 0; cell < flags.length; cell += 2) {
    if (part!.sensitive[cell] || kept.isNeeded(cell)) continue;
    flags[cell] = 0;
    kept.printed(cell);
    expect(judge(kept)).toEqual(judge(new Proportions(part!, flags)));
  }
});
