import { audit, protect } from '@hub/disclosure';
import type { Dataset } from '@hub/registry/domain';
import { indicator } from '../by-hand.builder';
import { byHand, cellsOf, HubInMemory, published, referrals, usualPolicy } from './book.builder';
import { ReleaseGone } from './joint';

const [north, south, east, west] = ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const;
const quarter = byHand('quarter');
const month = byHand('month');
const PERIOD = '2025-Q1';

/** Four authorities in which one source is small here and there. */
const usual = {
  [north]: referrals(30, 41, 3),
  [south]: referrals(58, 49, 12),
  [east]: referrals(22, 4, 30),
  [west]: referrals(71, 66, 15),
};

const idsOf = (problem: { cells: readonly { id: string }[] }) => problem.cells.map(({ id }) => id);
const lockOf = (hub: { cells: readonly { id: string; locked?: string | undefined }[] }, id: string) =>
  hub.cells.find((cell) => cell.id === id)?.locked;

describe('an unknown', () => {
  test('is the same while its count is the same, whichever edition prints it', async () => {
    const hub = new HubInMemory();
    await hub.publish({ dataset: quarter, period: PERIOD, returns: usual });
    const second = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: { ...usual, [south]: referrals(58, 49, 13) } }),
    );
    const name = (id: string) => second.named.names.get(id);
    expect(name(`${north}|RF01|source=school#count`)).toBe(`${north}|RF01|source=school#count|${PERIOD}|1`);
    expect(name(`${south}|RF01|source=school#count`)).toBe(`${south}|RF01|source=school#count|${PERIOD}|2`);
    // The region's sum is of other unknowns now; that of another source is not.
    expect(name('region|RF01|source=school#count')).toBe(`E12000001|RF01|source=school#count|${PERIOD}|2`);
    expect(name('region|RF01|source=police#count')).toBe(`E12000001|RF01|source=police#count|${PERIOD}|1`);
  });

  test('comes back with a count that it has had before', async () => {
    const hub = new HubInMemory();
    for (const school of [12, 13, 12]) {
      const returns = { ...usual, [south]: referrals(58, 49, school) };
      published(await hub.publish({ dataset: quarter, period: PERIOD, returns }));
    }
    expect(hub.editions[2]!.edition.named.names).toEqual(hub.editions[0]!.edition.named.names);
  });

  test('is the same in two regions, and so is a sum over the same authorities', async () => {
    const hub = new HubInMemory();
    await hub.publish({ dataset: quarter, period: PERIOD, returns: usual });
    const network = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: usual, region: 'net-alike' }),
    );
    expect([...network.named.names.values()]).toEqual([...hub.editions[0]!.edition.named.names.values()]);
    // Everything has its proof already.
    expect(network.joint.problem.cells).toEqual([]);
    expect(network.published).toEqual(hub.editions[0]!.edition.published);
  });

  test('is what a rule leaves over too, also of a rule that adds a count', async () => {
    const rule = (code: string, ...terms: [string, number][]) => ({ code, message: '.', terms, lower: 0 });
    const reviewed = byHand('quarter', {
      indicators: [...quarter.indicators, indicator('CP06', { basis: 'snapshot' })],
      rules: [rule('to-review', ['CP06', 1], ['CP01', -1], ['CP01|age=old', 1])],
    });
    const plans = (young: number, old: number, CP06: number) =>
      cellsOf({ CP01: young + old, 'CP01|age=young': young, 'CP01|age=old': old, CP06 });
    const returns = { [north]: plans(40, 12, 50), [south]: plans(50, 15, 59), [east]: plans(30, 11, 39) };
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: reviewed, period: PERIOD, returns }));
    const second = published(
      await hub.publish({ dataset: reviewed, period: PERIOD, returns: { ...returns, [south]: plans(50, 15, 60) } }),
    );
    const nameOf = (owner: string) => second.named.names.get(`${owner}|CP06#count~rest of to-review`);
    expect(nameOf(north)).toBe(`${north}|CP06#count|${PERIOD}~rest of to-review|1`);
    expect(nameOf(south)).toBe(`${south}|CP06#count|${PERIOD}~rest of to-review|2`);
  });
});

describe('what was released stays as it was', () => {
  test('printed stays printed and hidden hidden, a changed count too', async () => {
    const hub = new HubInMemory();
    const first = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
    const hidden = `${north}|RF01|source=school#count`;
    expect(first.suppressed).toContain(hidden);
    const returns = { ...usual, [north]: referrals(30, 41, 40) };
    const second = published(await hub.publish({ dataset: quarter, period: PERIOD, returns }));
    // 40 is not small, but what was hidden here before stays out of sight.
    expect(second.suppressed).toContain(hidden);
    const same = Object.keys(first.published).filter((id) => second.named.names.get(id) === first.named.names.get(id));
    expect(same.length).toBeGreaterThan(0);
    for (const id of same) expect([id, second.published[id]]).toEqual([id, first.published[id]]);
  });

  test.each([false, true])('also where a rule leaves little over that nobody had counted (told: %s)', async (told) => {
    const before = byHand('quarter', { indicators: [...quarter.indicators, indicator('CP06', { basis: 'snapshot' })] });
    const rules = [{ code: 'reviewed', message: '.', terms: [['CP01', 1] as const, ['CP06', -1] as const], lower: 0 }];
    const plans = (CP01: number, CP06: number) => cellsOf({ CP01, CP06 });
    const returns = { [north]: plans(40, 37), [south]: plans(60, 45), [east]: plans(70, 50), [west]: plans(80, 60) };
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: before, period: PERIOD, returns, policy: { told } }));
    const publish = async (all: typeof returns) =>
      published(await hub.publish({ dataset: { ...before, rules }, period: PERIOD, returns: all, policy: { told } }));
    // What the north has left over is out already: it holds nobody up. What is not out yet is protected.
    const late = await publish({ ...returns, [west]: plans(81, 60) });
    expect(late.published[`${west}|CP01#count`]).toBe(81);
    const again = await publish({ ...returns, [west]: plans(81, 60), [east]: plans(70, 67) });
    expect(again.published).toMatchObject({ [`${north}|CP01#count`]: 40, [`${north}|CP06#count`]: 37 });
    expect(again.published[`${east}|CP06#count`]).toBeUndefined();
  });

  test('a hidden count that becomes none is printed, where zeros are', async () => {
    const hub = new HubInMemory();
    await hub.publish({ dataset: quarter, period: PERIOD, returns: usual });
    const returns = { ...usual, [north]: referrals(30, 41, 0) };
    const second = published(await hub.publish({ dataset: quarter, period: PERIOD, returns }));
    expect(second.published[`${north}|RF01|source=school#count`]).toBe(0);
  });
});

describe('protected together', () => {
  test('a late authority is not the difference of two totals', async () => {
    const late = { ...usual, [west]: referrals(70, 2, 15) };
    const alone = published(await new HubInMemory().publish({ dataset: quarter, period: PERIOD, returns: late }));
    const hub = new HubInMemory();
    const { [west]: _, ...early } = late;
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: early }));
    const second = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: late }));
    const joint = second.joint.problem;
    expect(await audit(joint, { suppressed: second.decision.suppressed })).toMatchObject({ status: 'safe' });
    // Protected alone it would give the late one away: both editions print the total of health.
    const names = new Map([...second.named.names].map(([id, name]) => [name, id]));
    const careless = idsOf(joint).filter((id) => {
      if (lockOf(joint, id)) return lockOf(joint, id) === 'suppressed';
      return alone.suppressed.includes(names.get(id) ?? '');
    });
    expect(await audit(joint, { suppressed: careless })).toMatchObject({ status: 'exposed' });
  });

  test('overlapping regions do not subtract', async () => {
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
    const { [east]: _, ...three } = usual;
    const network = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: three, region: 'net-without-east' }),
    );
    const { problem } = network.joint;
    expect(idsOf(problem)).toContain(`${east}|RF01|source=health#count|${PERIOD}|1`);
    expect(await audit(problem, { suppressed: network.decision.suppressed })).toMatchObject({ status: 'safe' });
    // East's 4 is hidden; were both totals of health printed, it would be their difference.
    const total = 'region|RF01|source=health#count';
    expect([hub.editions[0]!.edition.published[total], network.published[total]]).not.toEqual([160, 156]);
  });

  test('months add up to their quarter', async () => {
    const hub = new HubInMemory();
    const months: Record<string, [number, number, number]> = {
      '2025-04': [9, 20, 11],
      '2025-05': [8, 19, 10],
      '2025-06': [7, 2, 9],
    };
    for (const [period, counts] of Object.entries(months)) {
      const returns = { ...usual, [north]: referrals(...counts) };
      published(await hub.publish({ dataset: month, period, returns }));
    }
    const returns = Object.fromEntries(
      Object.entries(usual).map(([authority, cells]) => [
        authority,
        new Map([...cells].map(([key, figure]) => [key, times3(figure)])),
      ]),
    );
    const whole = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: { ...returns, [north]: referrals(24, 41, 30) } }),
    );
    const health = (period: string) => `${north}|RF01|source=health#count|${period}|1`;
    expect(whole.joint.problem.equations).toContainEqual({
      total: health(PERIOD),
      parts: Object.keys(months).map(health),
    });
    // April's 20 and May's 19 may be in print, and June's 2 must not follow.
    expect(whole.published[`${north}|RF01|source=health#count`]).toBeUndefined();
    expect(await audit(whole.joint.problem, { suppressed: whole.decision.suppressed })).toMatchObject({
      status: 'safe',
    });
  });

  test('what two months leave of a quarter must not follow, though the third is never published', async () => {
    const hub = new HubInMemory();
    for (const period of ['2025-04', '2025-05'])
      published(
        await hub.publish({
          dataset: month,
          period,
          returns: { [north]: referrals(20, 20, 20), [south]: referrals(20, 20, 20) },
        }),
      );
    const returns = { [north]: referrals(43, 60, 60), [south]: referrals(60, 60, 60) };
    const whole = published(await hub.publish({ dataset: quarter, period: PERIOD, returns }));
    const rest = `${north}|RF01|source=police#count|${PERIOD}~beside its months|1`;
    expect(whole.joint.problem.cells).toContainEqual(
      expect.objectContaining({ id: rest, value: 3, locked: 'unpublished', sensitive: true, owner: north }),
    );
    expect(whole.published[`${north}|RF01|source=police#count`]).toBeUndefined();
  });

  test('where months and quarter disagree, they are taken to do so by little', async () => {
    const hub = new HubInMemory();
    for (const period of ['2025-04', '2025-05', '2025-06'])
      published(await hub.publish({ dataset: month, period, returns: { [north]: referrals(20, 20, 0) } }));
    // Three months without any, and one in the quarter: it came late, and is not to be known for one.
    const whole = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: { [north]: referrals(66, 60, 1) } }),
    );
    const school = (period: string) => `${north}|RF01|source=school#count|${period}|1`;
    expect(whole.joint.problem.ranges).toContainEqual({
      terms: [
        [school(PERIOD), 1],
        [school('2025-04'), -1],
        [school('2025-05'), -1],
        [school('2025-06'), -1],
      ],
      lo: -6,
      hi: 6,
    });
    expect(whole.published[`${north}|RF01|source=school#count`]).toBeUndefined();
    expect(await audit(whole.joint.problem, { suppressed: whole.decision.suppressed })).toMatchObject({
      status: 'safe',
    });
  });

  test('what stands on the last day of March is one count for the quarter and for the year', async () => {
    const hub = new HubInMemory();
    const plans = cellsOf({ CP01: 40, 'CP01|age=young': 37, 'CP01|age=old': 3 });
    const big = cellsOf({ CP01: 90, 'CP01|age=young': 50, 'CP01|age=old': 40 });
    const returns = { [north]: plans, [south]: big, [east]: big };
    const last = published(await hub.publish({ dataset: quarter, period: '2024-Q4', returns }));
    expect(last.suppressed).toContain(`${north}|CP01|age=old#count`);
    const year = published(await hub.publish({ dataset: byHand('year'), period: '2024-FY', returns }));
    expect(year.joint.problem.equations).toContainEqual({
      total: expect.stringContaining(`${north}|CP01|age=old#count`) as string,
      parts: [expect.stringContaining(`${north}|CP01|age=old#count`)],
    });
    expect(year.suppressed).toContain(`${north}|CP01|age=old#count`);
    // Another day's is another count.
    const later = published(await hub.publish({ dataset: quarter, period: '2025-Q1', returns }));
    expect(later.joint.linked).toEqual([]);
  });
});

describe('links', () => {
  test('go through hidden cells and end at printed ones', async () => {
    const hub = new HubInMemory();
    const returns = { [north]: referrals(30, 41, 23), [south]: referrals(58, 49, 12) };
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns }));
    // Everything is in print: of an earlier release nothing is unknown, and no more is asked than of the edition alone.
    const changed = { ...returns, [north]: referrals(30, 41, 24) };
    const second = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: changed }));
    expect(second.joint.linked).toEqual([]);
  });

  test('of one authority’s change hold what it touches alone', async () => {
    const hub = new HubInMemory();
    const both = (cells: typeof usual) =>
      Object.fromEntries(
        Object.entries(cells).map(([authority, one], i) => [
          authority,
          new Map([...one, ...cellsOf({ CP01: 20 + i, 'CP01|age=young': 17 + i, 'CP01|age=old': 3 })]),
        ]),
      );
    const first = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: both(usual) }));
    expect(first.suppressed.some((id) => id.includes('CP01'))).toBe(true);
    const changed = both({ ...usual, [south]: referrals(58, 49, 13) });
    const second = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: changed }));
    expect(second.joint.linked).toEqual(['1']);
    expect(idsOf(second.joint.problem).filter((id) => id.includes('CP01'))).toEqual([]);
    expect(second.suppressed.filter((id) => id.includes('CP01'))).toEqual(
      first.suppressed.filter((id) => id.includes('CP01')),
    );
  });

  test('to what is no longer kept are an error, and nothing is printed', async () => {
    const hub = new HubInMemory();
    for (const period of ['2025-04', '2025-05', '2025-06'])
      published(await hub.publish({ dataset: month, period, returns: usual }));
    // A release whose bonds reach cells that nobody holds any more.
    const { edition, input } = hub.editions[2]!;
    const gone = `${north}|RF01|source=school#count|2025-04|9`;
    hub.book.add({
      id: 'broken',
      attackers: input.attackers,
      suppressed: edition.decision.suppressed,
      problem: {
        ...edition.joint.problem,
        equations: [{ total: edition.decision.suppressed[0]!, parts: [gone] }],
      },
    });
    await expect(hub.publish({ dataset: quarter, period: PERIOD, returns: usual })).rejects.toThrow(ReleaseGone);
  });
});

describe('whoever asks for more', () => {
  test('is followed for the cells that two agreements share', async () => {
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual, policy: { threshold: 12 } }));
    const { [east]: _, ...three } = usual;
    const network = published(
      await hub.publish({ dataset: quarter, period: PERIOD, returns: three, region: 'net-without-east' }),
    );
    expect(network.joint.problem.policy.threshold).toBe(12);
  });

  test('has what stands in the book looked at again', async () => {
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
    const again = await hub.publish({ dataset: quarter, period: PERIOD, returns: usual, policy: { threshold: 8 } });
    expect(idsOf(again.joint.problem).length).toBeGreaterThan(0);
  });

  test('and who has become a circle since', async () => {
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
    const attackers = [{ authorities: [north, south], series: null }];
    const again = await hub.publish({ dataset: quarter, period: PERIOD, returns: usual, attackers });
    expect(again.joint.problem.cells.find(({ id }) => id.startsWith(north))!.knowers).toHaveLength(1);
  });

  test('releases that treat zeros differently each keep their own rule', async () => {
    const hub = new HubInMemory();
    published(await hub.publish({ dataset: quarter, period: PERIOD, returns: usual }));
    const { [east]: _, ...three } = usual;
    const network = published(
      await hub.publish({
        dataset: quarter,
        period: PERIOD,
        returns: { ...three, [west]: referrals(0, 66, 15) },
        region: 'net-without-east',
        policy: { zeros: 'hidden' },
      }),
    );
    expect(network.joint.problem.policy.zeros).toBe('either');
    expect(network.published[`${west}|RF01|source=police#count`]).toBeUndefined();
    // Everybody knows that what the first edition hides is at least 1.
    expect(network.joint.problem.ranges).toContainEqual({
      terms: [[`${east}|RF01|source=health#count|${PERIOD}|1`, 1]],
      lo: 1,
    });
  });
});

describe('an authority whose change would give it away', () => {
  /** A printed 0 becomes 1 while the region's total of that source stays, because another one became 0. */
  const first = {
    [north]: referrals(30, 41, 0),
    [south]: referrals(58, 49, 1),
    [east]: referrals(22, 30, 0),
  };
  const second = { ...first, [north]: referrals(30, 41, 1), [south]: referrals(58, 49, 0) };

  test('stands in the next edition as in the one before', async () => {
    const hub = new HubInMemory();
    const before = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: first }));
    const held = await hub.publish({ dataset: quarter, period: PERIOD, returns: second });
    const carried = await hub.publish({
      dataset: quarter,
      period: PERIOD,
      returns: second,
      before: before.returns,
    });
    expect([held.status, carried.status]).toEqual(['protected', 'protected']);
  });

  test('really: beside a total that the Department prints, and printed police and health, a new 1 of the schools would follow', async () => {
    const marked: Dataset = {
      ...quarter,
      indicators: quarter.indicators.map((one) =>
        one.code === 'RF01'
          ? { ...one, nationallyPublished: { by: 'the Department', threshold: 6, rounding: 0 } }
          : one,
      ),
    };
    const returns = { ...usual, [north]: referrals(30, 41, 0) };
    const hub = new HubInMemory();
    const before = published(await hub.publish({ dataset: marked, period: PERIOD, returns })).returns;
    expect(hub.editions[0]!.edition.published[`${north}|RF01|source=school#count`]).toBe(0);
    const next = { ...returns, [north]: referrals(30, 41, 1), [south]: referrals(58, 49, 14) };
    const other = new HubInMemory();
    await other.publish({ dataset: marked, period: PERIOD, returns });
    const alone = await other.publish({ dataset: marked, period: PERIOD, returns: next });
    // Where there is nothing before it, the edition does without the row.
    const row = { authority: north, indicator: 'RF01', dimension: 'source' };
    expect(published(alone).leftOut).toEqual([row]);
    const carried = published(await hub.publish({ dataset: marked, period: PERIOD, returns: next, before }));
    // The north stands as it did, whole; the south has its new figures. Nothing else tells the one from the other.
    expect([carried.returns.get(north), carried.returns.get(south)]).toEqual([before.get(north), next[south]]);
    expect(carried.published).toMatchObject({
      [`${north}|RF01|source=school#count`]: 0,
      [`${north}|RF01#count`]: 71,
      [`${south}|RF01#count`]: 121,
    });
    expect(carried.leftOut).toEqual([]);
  });

  test('all wait where it is somebody else who is exposed, and without an edition before there is none', async () => {
    const hub = new HubInMemory(async (problem) => {
      const decision = await protect(problem);
      const late = problem.cells.find(({ id, value }) => id.startsWith(`${west}|`) && value === 2);
      return late
        ? { status: 'refused', exposed: [{ id: late.id, attacker: 'outsider', interval: [2, 2] }] }
        : decision;
    });
    const { [west]: _, ...early } = usual;
    const late = { ...usual, [west]: referrals(70, 2, 15) };
    const before = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: early })).returns;
    expect((await hub.publish({ dataset: quarter, period: PERIOD, returns: late })).status).toBe('refused');
    const authorities = Object.keys(usual);
    const next = published(await hub.publish({ dataset: quarter, period: PERIOD, returns: late, before, authorities }));
    expect([...next.returns.keys()]).toEqual([north, south, east]);
    expect(next.compiled.series[0]!.figures[3]).toEqual({ kind: 'notSubmitted' });
  });
});

test('the policy of these tests is that of the agreements, but for small tables', () =>
  expect(usualPolicy).toMatchObject({ threshold: 6, zeros: 'printed', protect: 'range' }));

function times3<T extends { readonly kind: string }>(figure: T): T {
  return 'value' in figure ? { ...figure, value: (figure.value as number) * 3 } : figure;
}
