import { checkCertificate, protect, type ProtectOptions } from '@hub/disclosure';
import { byHand, HubInMemory, published, referrals } from './book.builder';
import { protectEdition } from './edition';

const [north, south, east, west] = ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const;
const dataset = byHand('quarter');
const period = '2025-Q1';
const usual = {
  [north]: referrals(30, 41, 3),
  [south]: referrals(58, 49, 12),
  [east]: referrals(22, 4, 30),
  [west]: referrals(71, 66, 15),
};

/** The edition after one authority has changed, begun from the one before or anew; and what it was begun from. */
async function second(returns: Readonly<Record<string, ReturnType<typeof referrals>>>, fromBefore: boolean) {
  const hub = new HubInMemory();
  const first = published(await hub.publish({ dataset, period, returns: usual }));
  let begun: ProtectOptions['start'];
  const edition = await protectEdition(
    hub.book,
    {
      ...hub.editions[0]!.input,
      returns: new Map(Object.entries(returns)),
      before: new Map(Object.entries(usual)),
      ...(fromBefore ? { decided: first.decision } : {}),
    },
    async (problem, options) => {
      begun = options.start;
      return protect(problem, options);
    },
  );
  return { edition: published(edition), begun, first };
}

const changed = { ...usual, [south]: referrals(58, 49, 13) };

test('what the edition before hid and moved is where the next one begins, in the names of its own unknowns', async () => {
  const { begun, edition, first } = await second(changed, true);
  const ids = new Map(edition.joint.problem.cells.map((cell) => [cell.id, cell.value]));
  expect(begun!.suppressed.length).toBeGreaterThan(0);
  expect(begun!.suppressed.every((id) => ids.has(id))).toBe(true);
  // The south's school stands in the same place with another content, and what was moved is moved from there.
  const [old, now] = [1, 2].map((n) => `${south}|RF01|source=school#count|${period}|${n}`) as [string, string];
  expect(begun!.suppressed).toContain(now);
  // Each table once, whomever it was for.
  const tables = [...new Set(first.decision.certificate.witnesses.map(({ values }) => values))];
  const begunTables = begun!.certificate!.witnesses.map(({ values }) => values);
  expect(begunTables).toHaveLength(tables.length);
  const moved = tables.flatMap((values, at) =>
    old in values ? [[values[old]! - 12, begunTables[at]![now]! - 13]] : [],
  );
  expect(moved.length).toBeGreaterThan(0);
  for (const [before, after] of moved) expect(after).toBe(before);
});

test('it is proved anew all the same, and hides as little as one that was begun from nothing', async () => {
  const [from, anew] = [await second(changed, true), await second(changed, false)];
  expect(anew.begun).toBeUndefined();
  const { joint, decision } = from.edition;
  expect(checkCertificate(joint.problem, decision, decision.certificate).status).toBe('safe');
  expect(from.edition.suppressed.length).toBeLessThanOrEqual(anew.edition.suppressed.length + 1);
});
