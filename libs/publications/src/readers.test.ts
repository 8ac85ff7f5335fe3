import { outerIntervals, readersProof, tableAsPrinted, withOwn, type PrintedTable } from '@hub/disclosure';
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
  const note = ({ cells }: PrintedTable) => asked.push(cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : [])).join(' ')); // prettier-ignore
  const views = new ReadersViews(
    (printed) => (note(printed), outerIntervals(printed)),
    (tables) => Promise.all(tables.map((one) => (note(one), readersProof(one)))),
  );
  return { views, anew: () => asked.splice(0).sort() };
}

test('of a later edition only what its print has changed is worked out, and the answer is that of the whole', async () => {
  const { views, anew } = watched();
  expect(await views.intervals(table(9, 12))).toEqual(await outerIntervals(table(9, 12)));
  expect(anew()).toEqual(['a1 a2 b1 b2']);
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
  const views = new ReadersViews(undefined, (tables) =>
    Promise.all(
      tables.map((one) => (one.cells.some(({ id }) => id === 'b1') ? Promise.resolve(null) : readersProof(one))),
    ),
  );
  expect(await views.proofs([table(9, 12)])).toEqual([null]);
});
