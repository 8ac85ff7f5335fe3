import { protect, type Problem } from '@hub/disclosure';
import { Book, jointProblem, inTimeOf, restBetween, type Release } from '../book';
import { byHand, HubInMemory, published, referrals } from '../book/book.builder';
import { printedNationally, shownBy, sumsOf, touchedBy, type NationalRelease } from '.';

const [north, south, east, west] = ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const;
/** How the book keeps a national release: it holds nothing that is not printed. */
const nationalRelease = (id: string, problem: Problem): Release => ({ id, problem, suppressed: [], attackers: [] });
const quarter = byHand('quarter');
const PERIOD = '2025-Q1';
const SCHOOL = 'RF01|source=school#count';
const usual = {
  [north]: referrals(30, 41, 3),
  [south]: referrals(58, 49, 12),
  [east]: referrals(22, 4, 30),
  [west]: referrals(71, 66, 15),
};
const figure = (authority: string, printed: number | null) => ({
  authority,
  key: SCHOOL,
  printed,
  least: printed ?? 1,
  most: printed,
});
/** A release of the schools' referrals, in which the north is hidden. */
const release = (most: number, counts: readonly (number | null)[] = [12, 30, 15]): NationalRelease => ({
  release: 'made-by-hand',
  title: 'Made by hand',
  period: PERIOD,
  threshold: 6,
  rounding: { authority: 0, sum: 0 },
  figures: [figure(north, null), ...[south, east, west].map((code, i) => figure(code, counts[i] ?? null))],
  sums: [{ area: 'E12000001', key: SCHOOL, parts: [north, south, east, west], least: 60, most }],
});

async function audited(national: NationalRelease) {
  const hub = new HubInMemory();
  const { suppressed } = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
  const book = new Book(hub.releases, sumsOf(national));
  const printed = printedNationally(book, national);
  const { problem } = jointProblem(book, touchedBy(book, printed, sumsOf(national)), [], inTimeOf(quarter));
  return { hub, book, printed, suppressed, problem, decision: await protect(problem) };
}

test('a release that prints a sum of which we have hidden a small part opens that part, to its owner alone', async () => {
  const { decision, book, printed, suppressed } = await audited(release(60));
  expect(suppressed).toContain(`${north}|${SCHOOL}`);
  expect(decision.status).toBe('refused');
  const exposed = decision.status === 'refused' ? decision.exposed : [];
  expect(new Set(exposed.map(({ id }) => id))).toContain(`${north}|${SCHOOL}|${PERIOD}|1`);
  expect(exposed.map(({ interval }) => interval)).toContainEqual([3, 3]);
  // What it shows of us itself is said too; here none of it is small.
  expect(shownBy(book, printed)).toEqual([]);
});

/** It prints the west and hides the others, as we do, beside a sum that is rounded. */
const harmless = release(80, [null, null, 15]);

test('one that prints no more than we do, and rounds its sums, opens nothing', async () => {
  const { decision } = await audited(harmless);
  expect(decision.status).toBe('protected');
});

test('printed counts are the same unknowns where they are alike, and known in every later edition', async () => {
  const { hub, printed } = await audited(harmless);
  const national = nationalRelease('00000000-0000-7000-8000-00000000000a', printed);
  expect(national.problem.cells.map(({ id }) => id)).toEqual([`${west}|${SCHOOL}|${PERIOD}|1`]);
  hub.book = new Book([...hub.releases, national], sumsOf(harmless));
  const second = published(
    await hub.publish({ dataset: quarter, period: PERIOD, returns: { ...usual, [west]: referrals(72, 66, 15) } }),
  );
  expect(second.published).toMatchObject({ [`${west}|${SCHOOL}`]: 15 });
});

test('a later edition is protected against it: where the sum leaves no cover, it does not leave', async () => {
  const national = release(60);
  const hub = new HubInMemory();
  const book = new Book([], sumsOf(national));
  hub.book = new Book(
    [nationalRelease('00000000-0000-7000-8000-00000000000a', printedNationally(book, national))],
    sumsOf(national),
  );
  expect((await hub.publish({ dataset: quarter, period: PERIOD, returns: usual })).status).toBe('refused');
});

test('a count that is not the one that was sent here is another unknown, with a name of its own', () => {
  const book = new Book([
    nationalRelease('00000000-0000-7000-8000-00000000000a', printedNationally(new Book(), release(60))),
  ]);
  const { cells } = printedNationally(book, release(60, [13, 30, 15]));
  expect(cells.map(({ id }) => id.split('|').at(-1))).toEqual(['2', '1', '1']);
});

test('a year that is loaded beside three printed quarters opens the fourth, which was left out, to its owner', async () => {
  const hub = new HubInMemory();
  for (const period of ['2025-Q1', '2025-Q2', '2025-Q3'])
    published(await hub.publish({ dataset: quarter, period, returns: { ...usual, [north]: referrals(30, 41, 25) } }));
  const year: NationalRelease = { ...release(300), period: '2025-FY', figures: [figure(north, 77)], sums: [] };
  const printed = printedNationally(hub.book, year);
  const { problem } = jointProblem(hub.book, touchedBy(hub.book, printed, []), [], inTimeOf(quarter));
  const decision = await protect(problem);
  const exposed = decision.status === 'refused' ? decision.exposed : [];
  expect(exposed.map(({ id }) => restBetween(hub.book, { id }))).toContainEqual({
    authority: north,
    key: SCHOOL,
    period: '2025-Q4',
  });
  expect(exposed.map(({ interval }) => interval)).toContainEqual([2, 2]);
});
