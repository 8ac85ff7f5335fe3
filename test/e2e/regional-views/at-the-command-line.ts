import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typed } from '../../support/command-line';
import { PERIOD } from '../../support/two-regions';
import { benchmarkFields, HISTORY, lead, northEast, region, two, type Figure } from './regions';

/** The questions of a quarterly meeting as they are typed: what stands on the screen is what the graph answers. */
describe('at the command line', () => {
  let folder: string;
  const before = process.env['COLUMNS'];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-lead-'));
    writeFileSync(join(folder, 'token'), lead);
    delete process.env['COLUMNS'];
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    if (before !== undefined) process.env['COLUMNS'] = before;
  });
  const hub = (...args: string[]) => typed(two.world.hub.url, join(folder, 'token'), args);
  const told = async (...args: string[]) => {
    const { code, text, error } = await hub(...args);
    expect([code, error]).toEqual([0, '']);
    // What has to go with it, wherever it is carried.
    expect(text).toMatch(/^safeguarding-quarterly 2026-Q1, publication \d+, provisional edition of \d+ \w+ 20\d\d$/m);
    expect(text).toMatch(/\n\ndigest [0-9a-f]{64}\n.*Not for publication\.\n$/);
    return text;
  };
  /** The rows of the first table by what stands first in each, each cell by the heading over it. */
  const rowsOf = (text: string): ReadonlyMap<string, Record<string, string>> => {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => /^-+(  -+)+$/.test(line));
    const columns = [...lines[at]!.matchAll(/-+/g)].map(({ index, 0: { length } }) => [index, index + length] as const);
    const cells = (line: string) => columns.map(([from, until]) => line.slice(from, until).trim());
    const head = cells(lines[at - 1]!);
    const rows = lines.slice(at + 1, lines.indexOf('', at)).map(cells);
    return new Map(
      rows.map(([first, ...rest]) => [first!, Object.fromEntries(rest.map((cell, i) => [head[i + 1], cell]))]),
    );
  };
  const shown = (value: number | null) => (value === null ? '' : value.toFixed(1));
  const why: Readonly<Record<string, string>> = { VALUE: '', HIDDEN: 'hidden', NOT_SUBMITTED: 'not submitted' };
  const names = async () => {
    const { text } = await hub('authority', 'list', northEast.code);
    return new Map([...text.matchAll(/^(E\d{8}) {2}(\S(?:.*?\S)?) {2,}/gm)].map(([, code, name]) => [code!, name!]));
  };

  test('an authority is found by its name, with the agreement that it is a party of', async () => {
    const { code, text } = await hub('authority', 'list', northEast.code);
    expect(code).toBe(0);
    const list = rowsOf(text);
    expect([...list.keys()]).toEqual([...northEast.authorities].sort());
    expect(list.get('E06000001')).toEqual({
      authority: 'Hartlepool',
      since: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) as string,
      until: '2030-04-01',
      agreement: 'north-east-benchmarking',
    });
    expect(await hub('authority', 'list', two.westMidlands.code)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^REGION_ABSENT/) as string,
    });
  });

  test.each(['RF01', 'CP07'])(
    'on %s each authority stands as in the answer, hidden ones without a number',
    async (code) => {
      const text = await told('indicator', northEast.code, '--indicator', code.toLowerCase(), '--period', PERIOD);
      const { benchmark } = await region(`benchmark(indicator: "${code}", period: "${PERIOD}") { ${benchmarkFields} }`);
      const [rows, nameOf] = [rowsOf(text), await names()];
      for (const { authority, figure, comparison, place } of benchmark!.authorities) {
        const row = rows.get(nameOf.get(authority!.code)!)!;
        expect([authority!.code, row.value, row.compared]).toEqual([
          authority!.code,
          shown(figure.value),
          comparison?.toLowerCase() ?? '',
        ]);
        expect(row.place).toBe([why[figure.kind], place?.replace(', highest first', '')].filter(Boolean).join(', '));
        if (figure.kind === 'VALUE') expect(row.count).toBe(String(figure.count));
        else expect(row.count).toMatch(/^(|\d+ to \d+|\d+ or more)$/);
      }
      expect(rows.get(`region (${benchmark!.coverage.text})`)!.value).toBe(shown(benchmark!.region.value));
      expect(text).toContain(`: ${benchmark!.quartiles!.text}\n`);
      for (const question of benchmark!.questions) expect(text).toContain(`\n  ${question}\n`);
      const hides = benchmark!.authorities.some(({ figure }) => figure.kind === 'HIDDEN');
      expect(text.includes('\nhidden: disclosure control')).toBe(hides);
    },
  );

  test('one category of an indicator, and what is no category', async () => {
    const asked = ['indicator', northEast.code, '--indicator', 'CP01', '--period', PERIOD];
    const text = await told(...asked, '--category', 'duration=3-to-6-months');
    expect(text).toMatch(/^North East: CP01 Child protection plans open, duration=3-to-6-months, per 10,000\n/);
    const { benchmark } = await region(
      `benchmark(indicator: "CP01", period: "${PERIOD}", breakdown: [{ dimension: "duration", category: "3-to-6-months" }]) { ${benchmarkFields} }`,
    );
    const values = [...rowsOf(text).values()].map(({ value }) => value);
    expect(values).toEqual(
      [...benchmark!.authorities.map(({ figure }) => figure), benchmark!.region].map(({ value }) => shown(value)),
    );
    expect(values.filter(Boolean).length).toBeGreaterThan(3);
    expect(await hub(...asked, '--category', 'police')).toMatchObject({
      code: 2,
      error: expect.stringContaining('--category is written as source=police.') as string,
    });
    expect(await hub(...asked, '--category', 'duration=nobody')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^INDICATOR_ABSENT/) as string,
    });
  });

  test('what has changed since an earlier period, and whether by more than chance', async () => {
    const asked = ['indicator', northEast.code, '--indicator', 'RF01', '--period', PERIOD, '--against'];
    const text = await told(...asked, '2025-q3');
    const rows = rowsOf(text);
    const { benchmark } = await region(
      `benchmark(indicator: "RF01", period: "${PERIOD}", against: "2025-Q3") { ${benchmarkFields} regionChange { from by isBeyondChance remark } }`,
    );
    const nameOf = await names();
    const said = benchmark!.authorities.map(({ authority, change }) => {
      const { change: by, 'by chance?': chance } = rows.get(nameOf.get(authority!.code)!)!;
      return [Number(by!.replace('−', '-')), chance, change?.by, change?.isBeyondChance];
    });
    expect(said.filter(([, , by]) => by !== undefined).length).toBeGreaterThan(5);
    for (const [by, chance, expected, beyond] of said) {
      expect(by).toBe(expected ?? 0);
      if (beyond !== undefined && beyond !== null)
        expect(chance).toBe(beyond ? 'more than chance' : 'chance can make it');
    }
    // Others stand in the region’s figure than before.
    expect(text).toContain(`\nregion (11 of 12): ${benchmark!.regionChange!.remark}\n`);
    expect(await hub(...asked, '2019-Q1')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^NOTHING_PUBLISHED/) as string,
    });
  });

  test('who differs by more than chance is told with how much of it chance explains', async () => {
    for (const widened of [false, true]) {
      const text = await told(
        ...['funnel', northEast.code, '--indicator', 'RF01', '--period', PERIOD, ...(widened ? ['--widened'] : [])],
      );
      const { benchmark } = await region(
        `benchmark(indicator: "RF01", period: "${PERIOD}") { funnel(widened: ${widened}) { pooled remark authorities { authority { code } flag } } }`,
      );
      const [rows, nameOf, { remark, authorities }] = [rowsOf(text), await names(), benchmark!.funnel!];
      const flags = { FAR_HIGH: 'far above', HIGH: 'above', WITHIN: 'within', LOW: 'below', FAR_LOW: 'far below' };
      expect([...rows].map(([name, { limits }]) => [name, limits])).toEqual(
        authorities.map(({ authority, flag }) => [nameOf.get(authority.code), flags[flag as keyof typeof flags]]),
      );
      expect(text).toContain(remark);
    }
    const average = await told('funnel', northEast.code, '--indicator', 'WF04', '--period', PERIOD);
    expect(average).toContain('There are no limits: it is an average');
  });

  test('one authority over everything, and what of it has no value', async () => {
    const authority = northEast.authorities[3]!;
    const asked = ['spine', northEast.code, '--authority', authority, '--period', PERIOD];
    const text = await told(...asked);
    const { benchmarkTable } = await region(
      `benchmarkTable(period: "${PERIOD}", authority: "${authority}", first: 55) { edges { node { ${benchmarkFields} } } pageInfo { hasNextPage endCursor } }`,
    );
    const rows = new Map([...rowsOf(text)].map(([name, row]) => [name.slice(0, 4), row]));
    let printed = 0;
    for (const { node } of benchmarkTable!.edges) {
      const figure: Figure = node.authorities[0]!.figure;
      const row = rows.get(node.indicator.code);
      expect([node.indicator.code, row?.value?.replace('%', '') ?? '']).toEqual([
        node.indicator.code,
        shown(figure.value),
      ]);
      if (row) expect(row.region!.replace('%', '')).toBe(shown(node.region.value));
      if (row) printed++;
      else expect(text).toMatch(new RegExp(`^[a-z ]+: .*\\b${node.indicator.code}\\b`, 'm'));
    }
    expect(printed).toBeGreaterThan(3);
    expect(await hub('spine', northEast.code, '--authority', 'E08000025', '--period', PERIOD)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^AUTHORITY_ABSENT/) as string,
    });
  });

  test('how it has gone over time, of one authority beside the region and of the region', async () => {
    const authority = northEast.authorities[4]!;
    const asked = ['history', northEast.code, '--indicator', 'RF01', '--period', PERIOD];
    const { history } = await region(`history(indicator: "RF01", period: "${PERIOD}") { ${HISTORY} }`);
    const lineOf = (code: string | null) =>
      history!.lines.find((one) => (one.authority?.code ?? null) === code)!.points;
    const valueAt = new Map(lineOf(null).map(({ period, figure }) => [period, shown(figure?.value ?? null)]));
    for (const code of [authority, null]) {
      const { text } = await hub(...asked, ...(code === null ? [] : ['--authority', code]));
      const rows = rowsOf(text);
      const points = lineOf(code);
      expect([...rows.keys()]).toEqual(points.map(({ period }) => period));
      expect(points.length).toBeGreaterThan(10);
      for (const { period, figure, control, signal, coverage } of points) {
        const row = rows.get(period)!;
        expect([period, row.value]).toEqual([period, shown(figure?.value ?? null)]);
        expect(row.limits).toBe(control ? `${shown(control.lower)} to ${shown(control.upper)}` : '');
        expect(row['more than chance']).toContain(signal?.text ?? '');
        if (figure === null) expect(row['more than chance']).toBe('nothing shown');
        expect(code === null ? row.authorities : row.region).toBe(
          code === null ? (coverage ?? '') : valueAt.get(period),
        );
      }
      // Print it beside the lines.
      for (const choice of history!.choices) expect(text).toContain(`\n  ${choice}\n`);
      expect(text).toMatch(/Not for publication\.\n$/);
    }
    expect(await hub(...asked, '--back', 'all')).toMatchObject({ code: 2 });
  });

  test('what is unusual and what a Monday shows end with handling, and a digest where they are of one publication', async () => {
    expect((await hub('pattern', 'list', northEast.code, '--period', PERIOD)).text).toMatch(/Not for publication\.\n$/);
    expect((await hub('monday', northEast.code)).text).toMatch(/\ndigest [0-9a-f]{64}\n.*Not for publication\.\n$/);
  });

  test('for machines is the answer, with the words of files', async () => {
    const { text } = await hub('indicator', northEast.code, '--indicator', 'RF01', '--period', PERIOD, '--json');
    const { benchmark } = JSON.parse(text) as { benchmark: { region: Figure; publication: { edition: string } } };
    expect([benchmark.region.kind, benchmark.publication.edition]).toEqual(['value', 'provisional']);
  });
});
