import { outerIntervals, readersProof, tableAsPrinted, withOwn, type PrintedTable } from '@hub/disclosure';
import { faultInReadersProof } from '@hub/disclosure/checker';
import { ReadersViews } from './readers';

/** Two tables side by side: a total over two hidden counts each. */
const table = (first: number, second: number): PrintedTable =>
  tableAsPrinted({
    cells: ['a', 'b'].flatMap((name, i) => [
      { id: `${name} total`, value: [first, second][i]! },
      ...['1', '2'].map((n) => ({ id: `${name}${n}`, hidden: 'marked' as const, least: 1 as const })),
    ]),
    equations: ['a', 'b'].map((name) => ({ total: `${name} total`, parts: [`${name}1`, `${name}2`] })),
    ranges: [],
  });

/** A view that notes the hidden cells of which it is asked anew. */
function watched() {
  const asked: string[] = [];
  const note = ({ cells }: PrintedTable) =>
    asked.push(cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : [])).join(' '));
  const views = new ReadersViews(
    (parts) => Promise.all(parts.map((one) => (note(one), outerIntervals(one)))),
    (parts) => Promise.all(parts.map(({ table: one, hints }) => (note(one), readersProof(one, hints)))),
  );
  return { views, anew: () => asked.splice(0).sort() };
}

test('of a later edition only what its print has changed is worked out, and the answer is that of the whole', async () => {
  const { views, anew } = watched();
  expect(await views.intervals(table(9, 12))).toEqual(await outerIntervals(table(9, 12)));
  expect(anew()).toEqual(['a1 a2', 'b1 b2']);
  expect(await views.intervals(table(9, 13))).toEqual(await outerIntervals(table(9, 13)));
  expect(anew()).toEqual(['b1 b2']);
  expect(await views.proofs([table(9, 12)])).toEqual([await readersProof(table(9, 12))]);
  expect(anew()).toEqual(['a1 a2', 'b1 b2']);
  expect(await views.proofs([table(9, 13)])).toEqual([await readersProof(table(9, 13))]);
  expect(anew()).toEqual(['b1 b2']);
});

test('what an authority adds of its own counts is not remembered; what they say nothing of is asked once for all', async () => {
  const { views, anew } = watched();
  const everybody = table(9, 12);
  const own = withOwn(everybody, { a1: 4 });
  for (const times of [1, 2]) {
    expect(await views.proofs([everybody, own])).toEqual([await readersProof(everybody), await readersProof(own)]);
    expect(anew()).toEqual(times === 1 ? ['a1 a2', 'a2', 'b1 b2'] : ['a2']);
  }
});

test('where of one part no table is found there is no proof of the whole', async () => {
  const views = new ReadersViews(undefined, (parts) =>
    Promise.all(
      parts.map(({ table: one }) =>
        one.cells.some(({ id }) => id === 'b1') ? Promise.resolve(null) : readersProof(one),
      ),
    ),
  );
  expect(await views.proofs([table(9, 12)])).toEqual([null]);
});

test('of its own proof of the edition before an authority’s new one takes over what still fits, and another’s nothing of it', async () => {
  const { views, anew } = watched();
  const everybody = table(9, 12);
  const own = withOwn(everybody, { b1: 4 });
  const before = { v: 1, base: { a1: 5, a2: 4, b2: 8 }, tables: [{ a1: 1, a2: -1 }], unshown: [] } as const;
  // The first part is everybody's: an authority's own proof has nothing to say of it.
  const [, first] = await views.proofs([everybody, own], new Map([[1, before]]));
  expect(first).toEqual(await readersProof(own));
  // Of the second its own count leaves two others.
  const three = tableAsPrinted({
    cells: [{ id: 't', value: 12 }, ...['1', '2', '3'].map((id) => ({ id, hidden: 'marked', least: 1 }) as const)],
    equations: [{ total: 't', parts: ['1', '2', '3'] }],
    ranges: [],
  });
  const theirs = [three, withOwn(three, { 1: 2 }), withOwn(three, { 2: 2 })];
  const earlier = { v: 1, base: { 2: 4, 3: 6 }, tables: [{ 2: 1, 3: -1 }], unshown: [] } as const;
  anew();
  const [all, one, other] = await views.proofs(theirs, new Map([[1, earlier]]));
  expect(anew()).toEqual(['1 2 3', '1 3']);
  expect([all, other]).toEqual([await readersProof(three), await readersProof(theirs[2]!)]);
  expect(one).toEqual(earlier);
  expect(one).not.toEqual(await readersProof(theirs[1]!));
  // What does not fit, or shows less than all, is no more than a place to begin.
  for (const wanting of [
    { ...earlier, base: { 2: 4, 3: 7 } },
    { ...earlier, tables: [] },
    { ...earlier, tables: [{ 2: 1, 3: -2 }] },
  ]) {
    const [, made] = await views.proofs(theirs.slice(0, 2), new Map([[1, wanting]]));
    expect(anew()).toEqual(['2 3']);
    expect([faultInReadersProof(theirs[1]!, made!), made!.unshown]).toEqual([undefined, []]);
  }
});
