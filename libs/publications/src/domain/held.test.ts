import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { heldParts, helpFor } from './held';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const [north, south] = ['E06000001', 'E06000002'];
const place = { dataset, period: '2025-Q1', authorities: [north, south] };
const exposed = [
  `${south}|CP01|duration=3-to-6-months#count|2025-Q1|2`,
  `${south}|CP01|duration=3-to-6-months#count|2025-Q1|2`,
  `${north}|CP01|duration=1-to-2-years#count|2025-Q1~rest of duration|1`,
  'E12000001|SF01#count|2025-Q1|1',
  // Of an earlier publication, and of a region beside this one.
  `${north}|EH01#count|2024-Q4|1`,
  'E08000025|RF01#count|2025-Q1|1',
].map((id) => ({ id }));

test('tables are named once, and each authority’s own counts under its own name alone', () => {
  expect(heldParts(exposed, place)).toEqual({
    tables: [
      { indicator: 'CP01', dimension: 'duration' },
      { indicator: 'RF01', dimension: null },
      { indicator: 'SF01', dimension: null },
    ],
    own: {
      [north]: ['CP01|duration=1-to-2-years#count'],
      [south]: ['CP01|duration=3-to-6-months#count'],
    },
  });
});

test('what would help follows from the specification, the period and the edition', () => {
  const asked = { because: 'PUBLICATION_POLICY', dataset, period: '2025-Q1', edition: 'provisional' } as const;
  const tables = [
    { indicator: 'SF01', dimension: 'age' },
    { indicator: 'LA01', dimension: null },
  ];
  const help = helpFor({ ...asked, tables });
  expect(help).toMatchObject({
    dataset: 'safeguarding-quarterly',
    nextEdition: true,
    tables: [
      { indicator: 'SF01', dimension: 'age', coarser: true, fourQuarters: true },
      // Looked after on the last day: four such days do not add up.
      { indicator: 'LA01', dimension: null, coarser: false, fourQuarters: false },
    ],
  });
  expect(help.words).toEqual([
    'SF01 by age cannot be protected. What would help: take categories of it together, publish it for four quarters together, or leave the breakdown out of the agreement.',
    'LA01 cannot be protected. What would help: leave the indicator out of the agreement.',
    'The next edition may do: later and corrected returns can stand in it.',
  ]);
  expect(helpFor({ ...asked, period: '2025-FY', edition: 'final', tables }).words).toHaveLength(2);
});

test('a breakdown that others print in full is not to be merged', () => {
  const printed = dataset.indicators.flatMap(({ code, breakdowns }) =>
    breakdowns
      .filter((one) => one.nationallyPublished || one.printedLocally)
      .map(({ dimension }) => ({ indicator: code, dimension })),
  );
  const asked = { because: 'PUBLICATION_UNSAFE', dataset, period: '2025-Q1', edition: 'final' } as const;
  for (const { coarser } of helpFor({ ...asked, tables: printed }).tables) expect(coarser).toBe(false);
  const marked = {
    ...dataset,
    indicators: dataset.indicators.map((one) => ({
      ...one,
      breakdowns: one.breakdowns.map((each) => ({ ...each, nationallyPublished: { threshold: 5, rounding: 1 } })),
    })),
  };
  const table = { indicator: 'SF01', dimension: 'age' };
  expect(helpFor({ ...asked, dataset: marked as never, tables: [table] }).tables[0]!.coarser).toBe(false);
});

test.each([
  'PUBLICATION_TOO_FEW',
  'PUBLICATION_LINKED',
  'PUBLICATION_UNSAFE',
  'PUBLICATION_ELSEWHERE',
  'AGREEMENT_NOT_IN_FORCE',
] as const)('where no table can be named %s has words of its own', (because) => {
  const help = helpFor({ because, dataset, period: '2025-Q1', edition: 'final', tables: [] });
  expect(help.words).toHaveLength(1);
  expect(help.words[0]).toMatch(/^[A-Z].+\.$/);
});
