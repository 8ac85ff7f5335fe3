import { graphql } from '../../support/graphql';
import { EARLIER } from '../../support/lay';
import { asOwner, BEFORE, PERIOD } from '../../support/two-regions';
import { two, lead, northEast, type Covered, HISTORY, PATTERNS, ask, region, codes } from './regions';

describe('a history', () => {
  test('is a control chart of each line, in which missing and hidden quarters are gaps', async () => {
    const { history } = await region(`history(indicator: "RF01", period: "${PERIOD}") { ${HISTORY} }`);
    expect(history!.lines.map(({ authority }) => authority?.code ?? null)).toEqual([...northEast.authorities, null]);
    const [first] = history!.lines;
    expect(first!.points.map(({ period }) => period)).toEqual([...EARLIER, BEFORE, PERIOD]);
    const at = (period: string) => first!.points.find((one) => one.period === period)!;
    expect(at(BEFORE)).toMatchObject({ figure: null, signal: null });
    expect(at('2024-Q1').figure).toEqual({ kind: 'HIDDEN', count: null, value: null });
    expect(at(PERIOD).signal).toMatchObject({
      rule: 'OUTSIDE',
      meaning: 'HIGH',
      text: 'above the upper control limit',
    });
    expect(first!.isTrial).toBe(false);
    // Beside each point of the region who stands in it.
    const ofRegion = history!.lines.at(-1)!.points.map(({ coverage }) => coverage);
    expect(ofRegion).toEqual([...EARLIER.map(() => '12 of 12'), null, '11 of 12']);
    expect(first!.points.every(({ coverage }) => coverage === null)).toBe(true);
    expect(at(PERIOD).figure!.value!).toBeGreaterThan(at(PERIOD).control!.upper);
    expect(history!.choices.join(' ')).toMatch(/7 points.*is a gap/);
    expect(history!.handling).toContain('Not for publication');
  });

  test('adds up four quarters of printed counts', async () => {
    const { history } = await region(
      `history(indicator: "RF01", period: "2025-Q3", measure: TWELVE_MONTHS, authority: "${northEast.authorities[1]!}") { ${HISTORY} }`,
    );
    expect(history!.lines).toHaveLength(2);
    const counts = history!.lines[0]!.points.map(({ figure: shown }) => shown?.count ?? null);
    expect(counts.slice(0, 5)).toEqual([null, null, null, 4 * 167 + 20, 4 * 167 + 20]);
    // The region's 2024-Q1 is hidden, and with it every sum that it is in.
    expect(history!.lines[1]!.points.map(({ figure: shown }) => typeof shown?.count === 'number')).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
    for (const { figure: shown, limits, control, signal } of history!.lines[1]!.points) {
      expect([control, signal]).toEqual([null, null]);
      if (typeof shown?.count === 'number')
        expect(limits!.lower < shown.value! && shown.value! < limits!.upper).toBe(true);
    }
    expect(history!.measure).toBe('TWELVE_MONTHS');
    expect(history!.choices.join(' ')).toMatch(/^Without control limits/);
    // What is counted on a day does not add up: it is as published, and says so.
    const day = async (measure: string) =>
      (await region(`history(indicator: "CP01", period: "2025-Q3"${measure}) { ${HISTORY} }`)).history!;
    const { choices, ...asPublished } = await day('');
    const asked = await day(', measure: YEAR_TO_DATE');
    expect(asked).toMatchObject(asPublished);
    expect([asked.measure, asked.choices.length]).toEqual(['AS_PUBLISHED', choices.length + 1]);
  });
});

test('the region is not held against periods in which others stand, and says so', async () => {
  const found = (await region(
    `against: benchmark(indicator: "RF01", period: "${PERIOD}", against: "2025-Q3") { regionChange { from by isBeyondChance remark } }
     patterns(period: "${PERIOD}", indicators: ["RF01"]) { list(first: 50) { edges { node { authority { code } coverage } } } }
     monday { changes { authority { code } coverage } }`,
  )) as unknown as {
    against: { regionChange: unknown };
    patterns: { list: { edges: { node: Covered & { authority: unknown } }[] } };
    monday: { changes: (Covered & { authority: unknown })[] }[];
  };
  for (const all of [
    found.patterns.list.edges.map(({ node }) => node),
    found.monday.flatMap(({ changes }) => changes),
  ]) {
    // Each authority rose far more than the twelfth, which has sent nothing, could hide.
    expect(all.length).toBeGreaterThan(0);
    expect(all.every(({ authority, coverage }) => authority && coverage === null)).toBe(true);
  }
  expect(found.against.regionChange).toEqual({
    from: '2025-Q3',
    by: null,
    isBeyondChance: null,
    remark: `11 of 12 authorities stand in the region’s figure of ${PERIOD}, 12 of 12 in that of 2025-Q3: they do not compare.`,
  });
});

test('patterns are told with how many chance would give, the largest first, page by page', async () => {
  const { patterns } = await region(`patterns(period: "${PERIOD}", indicators: ["RF01"]) { ${PATTERNS} }`);
  // Eleven authorities have sent; the twelfth has no newest figure, and the region none of the same authorities before.
  expect(patterns).toMatchObject({ charts: 11, tooShort: 2, atDate: 0 });
  expect(patterns!.expected).toBeGreaterThan(0);
  expect(patterns!.remark).toMatch(
    /^11 of 11 charts show a pattern at the newest period \(chance alone: fewer than one\)\.$/,
  );
  const { node } = patterns!.list.edges[0]!;
  expect(node).toMatchObject({ since: PERIOD, indicator: { code: 'RF01' } });
  expect(node.questions.length).toBeGreaterThan(0);
  expect(patterns!.list.pageInfo.hasNextPage).toBe(true);
});

describe('a pattern', () => {
  const ENDED = 'authority { code } indicator { code } since endings { end reason role of }';
  const end = (who: string, more: string, asked = `region: "${northEast.code}", indicator: "CP01"`) =>
    graphql<{ endPattern: { endings: { end: string }[] } | null }>(
      two.world.hub.url,
      who,
      `mutation { endPattern(${asked}, period: "${PERIOD}", ${more}) { ${ENDED} } }`,
    );
  const listed = async (token = lead) => {
    const { data, errors } = await ask(
      `patterns(period: "${PERIOD}", indicators: ["CP01"]) { list(first: 100) { edges { node { ${ENDED} categories { category } } } } }`,
      northEast.code,
      token,
    );
    expect(errors).toBeUndefined();
    return data!.region!.patterns!.list.edges.map(
      ({ node }) =>
        node as unknown as {
          authority: { code: string } | null;
          endings: { end: string; reason: string; role: string; of: string }[];
          categories: unknown[];
        },
    );
  };

  test('ends with a reason that is told again at the next look, and what was told before stays', async () => {
    const [first] = (await listed()).filter(({ authority, categories }) => authority && !categories.length);
    const whose = `authority: "${first!.authority!.code}"`;
    expect(first!.endings).toEqual([]);
    expect((await end(lead, `${whose}, end: CHALLENGE, reason: "How are plans ended?"`)).errors).toBeUndefined();
    const { data } = await end(lead, `${whose}, end: NONE, reason: "A new way of counting."`);
    const told = [
      { end: 'NONE', reason: 'A new way of counting.', role: 'REGIONAL_LEAD', of: northEast.code },
      { end: 'CHALLENGE', reason: 'How are plans ended?', role: 'REGIONAL_LEAD', of: northEast.code },
    ];
    expect(data!.endPattern).toMatchObject({ endings: told });
    const again = await listed(await two.world.token('authority-analyst', northEast.authorities[0]!));
    expect(again.filter(({ endings }) => endings.length)).toMatchObject([
      { authority: first!.authority, endings: told },
    ]);
  });

  test('is ended by nobody else, about nothing else, and not in words that give somebody away', async () => {
    const whose = `authority: "${northEast.authorities[0]!}"`;
    const analyst = await two.world.token('authority-analyst', northEast.authorities[0]!);
    const foreign = await two.world.token('regional-lead', two.westMidlands.code);
    const chair = await two.world.token('board-chair', 'brd-tees');
    const said = 'end: NONE, reason: "Understood."';
    expect(codes(await end(analyst, `${whose}, ${said}`))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await end(foreign, `${whose}, ${said}`))).toEqual(['REGION_ABSENT']);
    expect(codes(await end(chair, said))).toEqual(['NOT_FOR_THIS_ROLE']);
    expect(codes(await end(lead, `${whose}, end: NONE, reason: "Only three children."`))).toEqual(['WORDS_REFUSED']);
    expect(codes(await end(lead, `${whose}, ${said}`, `region: "${northEast.code}", indicator: "RF99"`))).toEqual([
      'INDICATOR_ABSENT',
    ]);
  });

  test('of a lead’s own authority is ended by the deputy', async () => {
    const [first] = (await listed()).filter(({ authority, categories }) => authority && !categories.length);
    const [own] = [first!.authority!.code];
    const both = await two.world.token('authority-analyst', own);
    await asOwner(
      two.world,
      `insert into identity.member_role (member_id, role, organisation) select r.member_id, 'regional-lead', $1 from identity.member_role r where r.role = 'authority-analyst' and r.organisation = $2`,
      [northEast.code, own],
    );
    expect(codes(await end(both, `authority: "${own}", end: NONE, reason: "Understood."`))).toEqual([
      'LEAD_OWN_AUTHORITY',
    ]);
    await asOwner(
      two.world,
      `delete from identity.member_role where role = 'regional-lead' and member_id in (select member_id from identity.member_role where role = 'authority-analyst')`,
    );
  });
});
