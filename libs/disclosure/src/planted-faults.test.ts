import { audit, checkCertificate, protect, type Certificate, type Problem } from './index';
import { fallenUnder } from './brute-force.builder';
import { faults, policy } from './faults.builder';

/*
 * Suppressors that forget something, each a double of `protect` that is handed a lesser problem. What they release must
 * be caught by the enumeration, by the auditor and, with the certificate that they are content with, by the checker;
 * and the suppressor itself must make the same table safe or refuse it.
 */

describe.each(faults)('a suppressor that forgets $name', ({ problem, seenAs, falls }) => {
  /** The double. A lock that it does not know of it may break: such cells count as printed, as they are. */
  const forgetful = async () => {
    const decision = await protect(seenAs(problem));
    if (decision.status !== 'protected') throw new Error('the double is no threat: it refuses');
    const locked = new Set(problem.cells.filter(({ locked }) => locked === 'published').map(({ id }) => id));
    return { ...decision, suppressed: decision.suppressed.filter((id) => !locked.has(id)) };
  };

  test('is caught by the enumeration', async () => {
    expect(fallenUnder(problem, (await forgetful()).suppressed, 45)).toContain(falls);
  });

  test('is caught by the auditor, at exactly the pairs that fall', async () => {
    const { suppressed } = await forgetful();
    const { status, exposed } = await audit(problem, { suppressed });
    expect(status).toBe('exposed');
    expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(fallenUnder(problem, suppressed, 45));
  });

  test('is caught by the checker, whatever its own certificate says', async () => {
    const { suppressed, certificate } = await forgetful();
    const { status, exposed } = checkCertificate(problem, { suppressed }, certificate);
    expect(status).toBe('exposed');
    expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`)).toContain(falls);
  });

  test('is not the one we have', async () => {
    const decision = await protect(problem);
    if (decision.status === 'protected') expect(fallenUnder(problem, decision.suppressed, 45)).toEqual([]);
    else expect(decision.exposed.length).toBeGreaterThan(0);
  });
});

describe('a suppressor that forgets that counts are whole', () => {
  // 3a + 2b = 20 with a from 1 to 3: between the whole tables lie many others, and of the whole ones there is one.
  const problem: Problem = {
    cells: [
      { id: 'a', value: 2 },
      { id: 'b', value: 7 },
      { id: 't', value: 20, locked: 'published' },
    ],
    equations: [{ total: 't', parts: ['a', 'b'], coefs: [3, 2] }],
    ranges: [{ terms: [['a', 1]], lo: 1, hi: 3 }],
    attackers: [],
    policy,
  };
  // The double: a program over fractions, content with the table a = 2.5, b = 6.25.
  const suppressed = ['a', 'b'];
  const certificateWith = (values: Record<string, number>): Certificate => ({
    v: 1,
    witnesses: [
      { attacker: 'outsider', values: {} },
      { attacker: 'outsider', values },
    ],
    covers: [{ cell: 'a', attacker: 'outsider', low: 0, high: 1 }],
  });

  test('is caught by the enumeration and the auditor', async () => {
    expect(fallenUnder(problem, suppressed, 10)).toEqual(['a outsider']);
    expect((await audit(problem, { suppressed })).exposed).toEqual([
      { id: 'a', attacker: 'outsider', interval: [2, 2] },
    ]);
  });

  test.each([
    ['as it is', { a: 2.5, b: 6.25 }],
    ['rounded', { a: 3, b: 6 }],
    ['rounded up', { a: 3, b: 7 }],
  ])('its table %s is caught by the checker', (_how, values) => {
    expect(checkCertificate(problem, { suppressed }, certificateWith(values)).status).toBe('exposed');
  });

  test('is not the one we have', async () => {
    expect(await protect(problem)).toMatchObject({ status: 'refused', exposed: [{ id: 'a', attacker: 'outsider' }] });
  });
});
