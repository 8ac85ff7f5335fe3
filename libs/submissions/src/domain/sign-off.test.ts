import fc from 'fast-check';
import { ownSignatures, type SignersKey } from './sign-off';

const AUTHORITY = 'E08000035';

/** Keys as they are registered: each of an organisation, and maybe in the place of an earlier one of the same. */
interface Key extends SignersKey {
  readonly kid: string;
  readonly replaces: string | null;
}
const registered = fc
  .array(fc.record({ organisation: fc.constantFrom(AUTHORITY, 'E08000036', 'agy-it'), place: fc.option(fc.nat()) }), {
    maxLength: 9,
  })
  .map((wanted) => {
    const keys: Key[] = [];
    for (const [i, { organisation, place }] of wanted.entries()) {
      const own = keys.filter((one) => one.organisation === organisation);
      const old = place === null || !own.length ? undefined : own[place % own.length]!;
      keys.push({ kid: `k${i}`, organisation, replaces: old?.kid ?? null, line: old?.line ?? `k${i}` });
    }
    return keys;
  });
const signing = registered.chain((keys) => fc.tuple(fc.constant(keys), fc.subarray(keys)));

/** Whether one has come of the other, through whatever stood between. */
const isAncestor = (keys: readonly Key[], old: Key, { replaces }: Key): boolean => {
  const before = keys.find(({ kid }) => kid === replaces);
  return before !== undefined && (before === old || isAncestor(keys, old, before));
};

test('two keys sign off when both are the authority’s and neither has come of the other or of what the other came of', () => {
  fc.assert(
    fc.property(registered, (keys) => {
      for (const one of keys) {
        for (const other of keys) {
          const before = (key: Key) => keys.filter((old) => old === key || isAncestor(keys, old, key));
          const areApart = before(one).every((key) => !before(other).includes(key));
          const areOwn = one.organisation === AUTHORITY && other.organisation === AUTHORITY;
          expect(ownSignatures([one, other], AUTHORITY) === 2).toBe(areOwn && areApart);
        }
      }
    }),
  );
});

test('of any set of keys those of others count for nothing, and so does signing twice, or with a key that took a place', () => {
  fc.assert(
    fc.property(signing, ([keys, signers]) => {
      const counted = ownSignatures(signers, AUTHORITY);
      const own = signers.filter(({ organisation }) => organisation === AUTHORITY);
      expect(ownSignatures(own, AUTHORITY)).toBe(counted);
      expect(ownSignatures([...signers, ...signers], AUTHORITY)).toBe(counted);
      const related = keys.filter((key) => own.some((one) => isAncestor(keys, one, key) || isAncestor(keys, key, one)));
      expect(ownSignatures([...signers, ...related], AUTHORITY)).toBe(counted);
      expect(counted).toBeLessThanOrEqual(own.length);
      expect(counted > 0).toBe(own.length > 0);
    }),
  );
});
