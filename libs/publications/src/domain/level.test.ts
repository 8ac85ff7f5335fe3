import { audit, protect } from '@hub/disclosure';
import { parsePeriod } from '@hub/kernel';
import { loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import { byHand, HubInMemory, published, referrals, usualPolicy } from './book/book.builder';
import { compile } from './compile';
import { levelOfDetail, printedByOthers, type PrintedBefore, type PrintedOfRegion } from './level';

const [north, south, east] = ['E06000001', 'E06000002', 'E06000003'] as const;
const quarter = byHand('quarter');

/** An edition of before of which the region's figures by source are these. */
const before = (
  sources: readonly PrintedBefore['series'][number]['region'][],
  more: Partial<PrintedBefore> = {},
): PrintedOfRegion => ({
  threshold: 6,
  others: new Map(),
  edition: {
    series: ['police', 'health', 'school'].map((source, i) => ({
      key: `RF01|source=${source}#count`,
      region: sources[i]!,
      figures: [],
    })),
    ...more,
  },
});
const together = (categories: readonly string[], label: string) => [
  { dimension: 'source', indicators: ['RF01'], categories, label },
];

describe('what the region had few of in an earlier edition is told together', () => {
  test('with the smallest of the others: what was hidden, and what was printed as no more than the threshold', () => {
    expect(levelOfDetail(quarter, before([300, 40, 'hidden']))).toEqual(
      together(['health', 'school'], 'health and school'),
    );
    expect(levelOfDetail(quarter, before([6, 300, 40]))).toEqual(together(['police', 'school'], 'police and school'));
    expect(levelOfDetail(quarter, before([7, 300, 40]))).toEqual([]);
  });

  test('and what was hidden as cover only where the print leaves that it may be so few', () => {
    const between = (least: number) => ({ 'RF01|source=health#count': { region: [least, 90] as const } });
    expect(levelOfDetail(quarter, before([30, 'hidden', 50], { between: between(6) }))).toEqual(
      together(['police', 'health'], 'police and health'),
    );
    expect(levelOfDetail(quarter, before([30, 'hidden', 50], { between: between(7) }))).toEqual([]);
  });

  test('all of it, and a nought is nothing to be told of', () => {
    expect(levelOfDetail(quarter, before(['hidden', 300, 'hidden']))).toEqual(
      together(['police', 'health', 'school'], 'police, health and school'),
    );
    expect(levelOfDetail(quarter, before([300, 0, 40]))).toEqual([]);
    expect(levelOfDetail(quarter, before([300, 'notAvailable', 40]))).toEqual([]);
  });

  test('and stays so: there is no figure any more that would tell', () => {
    const stayed = together(['health', 'school'], 'health and school');
    const once = before([300, 'notAvailable', 'notAvailable'], { together: stayed });
    expect(levelOfDetail(quarter, once)).toEqual(stayed);
    expect(levelOfDetail(quarter, before([5, 'notAvailable', 'notAvailable'], { together: stayed }))).toEqual(
      together(['police', 'health', 'school'], 'police, health and school'),
    );
  });

  test('with a neighbour, where the categories lie in a row', () => {
    const { datasets } = loadCatalogue();
    const quarterly = newestDataset({ datasets }, 'safeguarding-quarterly');
    const ages =
      quarterly.indicators.find(({ code }) => code === 'EH01')!.breakdowns[0]!.categories ??
      quarterly.dimensions['age']!.categories.map(({ code }) => code);
    const series = ages.map((age, i) => ({
      key: `EH01|age=${age}#count`,
      region: i === 0 ? ('hidden' as const) : 100 - i,
      figures: [],
    }));
    const [level] = levelOfDetail(quarterly, { threshold: 6, others: new Map(), edition: { series } });
    expect(level!.categories).toEqual(ages.slice(0, 2));
  });

  test('or what others have printed of it, where no edition says how many there are', () => {
    const others = new Map([
      ['RF01|source=school#count', 4],
      ['RF01|source=health#count', 40],
      ['RF01|source=police#count', 300],
    ]);
    const found = together(['health', 'school'], 'health and school');
    expect(levelOfDetail(quarter, { threshold: 6, others })).toEqual(found);
    expect(levelOfDetail(quarter, { ...before([300, 40, 'notSubmitted']), others })).toEqual(found);
    // The region's own figure is newer.
    expect(levelOfDetail(quarter, { ...before([300, 40, 50]), others })).toEqual([]);
  });

  test('but not beside categories that others print, nor where one may stand in several', () => {
    const changed = (more: object): Dataset => ({
      ...quarter,
      indicators: quarter.indicators.map((one) => ({
        ...one,
        breakdowns: one.breakdowns.map((each) => ({ ...each, ...more })),
      })),
    });
    const rare = before([300, 40, 'hidden']);
    expect(
      levelOfDetail(changed({ nationallyPublished: { by: 'the Department', threshold: 6, rounding: 0 } }), rare),
    ).toEqual([]);
    expect(levelOfDetail(changed({ exhaustive: false }), rare)).toEqual([]);
  });
});

test('of what others print a region’s sum counts, of the newest earlier period and for as long as the edition’s', () => {
  const figure = (authority: string, key: string, printed: number | null, least: number) => ({
    authority,
    key,
    printed,
    least,
    most: printed,
  });
  const release = (period: string, more: number) => ({
    period,
    figures: [
      figure(north, 'RF01|source=school#count', null, 1),
      figure(south, 'RF01|source=school#count', 15 + more, 15 + more),
      figure('E09000001', 'RF01|source=school#count', 900, 900),
      figure(north, 'CP01|age=old#count', 7, 7),
      figure(north, 'WF01#count', 70, 70),
    ],
  });
  const releases = [release('2024-FY', 8), release('2023-FY', 0), release('2025-FY', 50)];
  const of = (text: string) => printedByOthers(releases, quarter, [north, south, east], parsePeriod(text));
  // A year's 24 are 6 of a quarter; what stands on its last day stands.
  expect([...of('2025-Q2')]).toEqual([
    ['RF01|source=school#count', 6],
    ['CP01|age=old#count', 7],
  ]);
  expect([...of('2024-Q4')][0]).toEqual(['RF01|source=school#count', 4]);
  expect([...of('2023-Q4')]).toEqual([]);
});

describe('an agreement that asks for told', () => {
  /** A hidden total of three over three counts of one: whoever is told that they are small has them all. */
  const returns = { [north]: referrals(1, 1, 1), [south]: referrals(40, 30, 20), [east]: referrals(50, 20, 30) };
  const level = levelOfDetail(quarter, before([300, 40, 'hidden']));
  const publish = (more: object) =>
    new HubInMemory().publish({
      dataset: quarter,
      period: '2025-Q1',
      returns,
      policy: { told: true, threshold: 4 },
      ...more,
    });

  test('gets an edition at the level that was chosen beforehand, of a table that cannot bear it', async () => {
    expect((await publish({})).status).toBe('refused');
    const edition = published(await publish({ level }));
    const of = (key: string) => edition.compiled.series.find((one) => one.key === key)!;
    expect(of('RF01|source=school#count').region).toEqual({ kind: 'notAvailable' });
    // What is told together is what the others leave: 102 of health and school.
    expect(edition.published).toMatchObject({ 'region|RF01#count': 193, 'region|RF01|source=police#count': 91 });
  });

  test('and what is told together is as small as it is: it must not follow either', async () => {
    const edition = published(await publish({ level, returns: { ...returns, [north]: referrals(40, 1, 2) } }));
    const rest = edition.compiled.problem.cells.find(
      ({ id }) => id.startsWith(`${north}|`) && id.endsWith('~rest of source'),
    );
    expect(rest).toMatchObject({ value: 3, locked: 'unpublished' });
    const { published: printed } = edition;
    expect([printed[`${north}|RF01#count`], printed[`${north}|RF01|source=police#count`]]).not.toEqual([43, 40]);
    // A compile that took what is not printed for what nobody can add up would give it away.
    const { problem } = edition.joint;
    const isRest = (id: string) => id.includes('~rest of');
    const careless = await protect({
      ...problem,
      cells: problem.cells.filter(({ id }) => !isRest(id)),
      equations: problem.equations.filter(({ total, parts }) => ![total, ...parts].some(isRest)),
    });
    const { suppressed = [] } = careless.status === 'protected' ? careless : {};
    const found = await audit(problem, { suppressed });
    expect(found.status === 'exposed' && found.exposed.map(({ id }) => isRest(id))).toContain(true);
  });
});

describe('what one region tells together and another prints by itself', () => {
  const level = together(['health', 'school'], '');
  const publish = (hub: HubInMemory, health: number, more: object) =>
    hub.publish({
      dataset: quarter,
      period: '2025-Q1',
      returns: { [north]: referrals(40, 30, 20), [south]: referrals(50, health, 30), [east]: referrals(50, 20, 30) },
      ...more,
    });
  const shown = { region: 'net-three' };

  test('is one unknown, and was not hidden before', async () => {
    const hub = new HubInMemory();
    published(await publish(hub, 13, { level }));
    const { published: found, named } = published(await publish(hub, 13, shown));
    const id = `${north}|RF01|source=school#count`;
    expect(found[id]).toBe(20);
    expect(hub.book.cells.get(named.names.get(id)!)).toMatchObject({ isHidden: false, releases: ['1', '2'] });
  });

  test('stays hidden where the other one has hidden it, and is told of as ever', async () => {
    const hub = new HubInMemory();
    published(await publish(hub, 3, shown));
    published(await publish(hub, 3, { level, policy: { protect: 'exact', told: true } }));
    const { cell, isHidden } = hub.book.cells.get(`${south}|RF01|source=health#count|2025-Q1|1`)!;
    expect([isHidden, cell.locked, cell.untold]).toEqual([true, 'suppressed', undefined]);
  });
});

test('what is told together stays an unknown that nobody prints, and nobody is told whether it is small', () => {
  const level = together(['health', 'school'], '');
  const { problem, series } = compile({
    dataset: quarter,
    authorities: [north, south],
    returns: new Map([
      [north, referrals(4, 5, 0)],
      [south, referrals(40, 30, 20)],
    ]),
    policy: usualPolicy,
    attackers: [],
    ignoreNationalMarks: false,
    level,
  });
  const of = (id: string) => problem.cells.find((cell) => cell.id === id);
  for (const [source, count] of [
    ['health', 5],
    ['school', 0],
  ] as const)
    expect(of(`${north}|RF01|source=${source}#count`)).toMatchObject({
      value: count,
      locked: 'unpublished',
      untold: true,
    });
  const sum = `${north}|RF01|source=police#count~rest of source`;
  expect(of(sum)).toMatchObject({ value: 5, locked: 'unpublished' });
  expect(of(sum)!.untold).toBeUndefined();
  expect(problem.equations).toContainEqual({
    total: sum,
    parts: [`${north}|RF01|source=health#count`, `${north}|RF01|source=school#count`],
  });
  const figures = new Map(series.map((one) => [one.key, [one.region, ...one.figures]]));
  expect(figures.get('RF01|source=school#count')).toEqual(Array(3).fill({ kind: 'notAvailable' }));
  expect(figures.get('RF01|source=police#count')!.every((one) => 'cell' in one)).toBe(true);
});
