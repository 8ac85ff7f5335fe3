import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sheetsOf } from '../../../libs/benchmarks/src/workbook.builder';
import { typed } from '../../support/command-line';
import { categoriesOf, quarterly } from '../../support/returns';
import { asOwner, PERIOD } from '../../support/two-regions';
import { two, lead, northEast, benchmarkFields, ask, region, codes } from './regions';

describe('a chart', () => {
  interface Chart {
    title: string;
    svg: string;
    columns: string[];
    rows: string[][];
    handling: string;
    source: string;
    licence: string;
  }
  const chart = async (asked: string): Promise<Chart | null> =>
    (
      (await region(
        `chart(${asked}, period: "${PERIOD}") { title svg columns rows handling source licence }`,
      )) as unknown as { chart: Chart | null }
    ).chart;
  const mine = () => northEast.authorities[3]!;

  test('of each kind has a picture, and beside it a table without empty cells, with the same figures', async () => {
    const kinds = [
      'kind: BAR, indicator: "CP07"',
      'kind: LINE, indicator: "RF01"',
      'kind: FUNNEL, indicator: "RF01"',
      `kind: SPINE, authority: "${mine()}"`,
      'kind: HEAT',
    ];
    for (const asked of kinds) {
      const drawn = (await chart(asked))!;
      expect(drawn.svg).toMatch(/^<svg [^>]*role="img"/);
      expect(drawn.svg).toContain('<title>');
      expect(drawn.svg).not.toMatch(/style=|<script|NaN|Infinity|undefined/);
      expect(drawn.title.split(' ').length).toBeLessThanOrEqual(12);
      expect(drawn.rows.length).toBeGreaterThan(1);
      expect(drawn.rows.every((row) => row.length === drawn.columns.length && row.every((cell) => cell !== ''))).toBe(
        true,
      );
      expect(drawn.handling).toContain('Not for publication');
      // However it is broken into lines, the picture says what goes with it wherever it is carried.
      const words = drawn.svg.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
      expect(drawn.source).toMatch(/^Publication \d+, provisional edition of [^,]+ 20\d\d, digest [0-9a-f]{64}/);
      // A line names the publications of its other points too, the newest first, and of the quarter without one none.
      expect(drawn.source.slice(drawn.source.search(/[0-9a-f]{64}/) + 64)).toMatch(
        asked.includes('LINE')
          ? /^. Values before: publications \d+ of 2025-Q3 \(provisional\), \d+ of 2025-Q2 \(provisional\)(, \d+ of 20\d\d-Q\d \(provisional\))*$/
          : /^$/,
      );
      for (const said of [drawn.source, drawn.handling, drawn.licence, '11 of 12']) expect(words).toContain(said);
      expect([...drawn.columns, ...drawn.rows.flat()].join()).toMatch(/Region \(11 of 12\)|Authorities in it/);
      // What is hidden is never called not applicable.
      for (const row of drawn.rows.filter((one) => one.slice(1, 3).includes('[c]'))) expect(row).not.toContain('[x]');
    }
    const { benchmark } = await region(`benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmarkFields} }`);
    const printed = benchmark!.authorities.flatMap(({ figure: { value } }) => value ?? []);
    const { rows } = (await chart(kinds[0]!))!;
    expect(rows.slice(0, printed.length).map(([, value]) => Number(value))).toEqual(printed.sort((a, b) => b - a));
    expect(rows.map(([, value]) => value).filter((value) => value === '[c]').length).toBeGreaterThan(0);
  });

  test('is drawn without those who are left out, and without others in no way', async () => {
    const [one, other] = northEast.authorities;
    for (const kind of ['BAR, indicator: "RF01"', 'FUNNEL, indicator: "RF01"', 'HEAT']) {
      const [all, left] = [
        await chart(`kind: ${kind}`),
        await chart(`kind: ${kind}, without: ["${one!}", "${other!}"]`),
      ];
      expect(left!.svg).toMatch(/>Left out of the picture by choice: Hartlepool, Middlesbrough\. The table has them/);
      expect([left!.columns, left!.rows, left!.source]).toEqual([all!.columns, all!.rows, all!.source]);
      expect((await chart(`kind: ${kind}, without: []`))!.svg).toBe(all!.svg);
      const nobody = await ask(
        `chart(kind: ${kind}, period: "${PERIOD}", without: [${northEast.authorities.map((code) => `"${code}"`).join()}]) { title }`,
      );
      expect(nobody.errors![0]!.extensions).toMatchObject({
        code: 'NOTHING_TO_DRAW',
        facts: { because: 'nobody who has sent a figure would be left' },
      });
    }
    for (const kind of ['LINE, indicator: "RF01"', `SPINE, authority: "${mine()}"`])
      expect(codes(await ask(`chart(kind: ${kind}, period: "${PERIOD}", without: ["${one!}"]) { title }`))).toEqual([
        'REQUEST_MALFORMED',
      ]);
  });

  test('without its indicator or its authority is refused, and of nothing is none', async () => {
    expect(codes(await ask(`chart(kind: BAR, period: "${PERIOD}") { title }`))).toEqual(['REQUEST_MALFORMED']);
    expect(codes(await ask(`chart(kind: SPINE, period: "${PERIOD}") { title }`))).toEqual(['REQUEST_MALFORMED']);
    expect(codes(await ask(`chart(kind: HEAT, period: "2019-Q1") { title }`))).toEqual(['NOTHING_PUBLISHED']);
    const breakdown = 'breakdown: [{ dimension: "source", category: "police" }]';
    for (const kind of ['HEAT', `SPINE, authority: "${mine()}"`]) {
      const broken = await ask(`chart(kind: ${kind}, period: "${PERIOD}", ${breakdown}) { title }`);
      expect(broken.errors![0]!.extensions).toMatchObject({
        code: 'REQUEST_MALFORMED',
        facts: { expected: 'breakdown of a BAR, LINE or FUNNEL' },
      });
    }
    expect((await chart(`kind: LINE, indicator: "RF01", ${breakdown}`))!.title).toMatch(/^Referrals \(Police\), /);
    const funnel = await ask(`chart(kind: FUNNEL, indicator: "WF04", period: "${PERIOD}") { title }`);
    expect(funnel.errors![0]!.extensions).toMatchObject({
      code: 'NOTHING_TO_DRAW',
      facts: { because: expect.stringContaining('an average') as string },
    });
    // The total of answers of which several may be given is 100 % for everybody.
    for (const kind of ['BAR', 'FUNNEL', 'LINE']) {
      const whole = await ask(`chart(kind: ${kind}, indicator: "AS05", period: "${PERIOD}") { title }`);
      const because = expect.stringContaining('100 % of itself') as string;
      expect(whole.errors![0]!.extensions).toMatchObject({ code: 'NOTHING_TO_DRAW', facts: { because } });
    }
    // Of the dataset that is asked for alone.
    for (const kind of ['BAR', 'LINE', 'FUNNEL']) {
      const one = `chart(kind: ${kind}, indicator: "RF01", period: "${PERIOD}", dataset: `;
      expect(codes(await ask(`${one}"safeguarding-annual") { title }`))).toEqual(['NOTHING_PUBLISHED']);
      expect(codes(await ask(`${one}"nothing") { title }`))).toEqual(['DATASET_ABSENT']);
      expect(
        ((await region(`${one}"safeguarding-quarterly") { title }`)) as unknown as { chart: Chart | null }).chart,
      ).not.toBeNull();
    }
  });
});

describe('an export', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-export-'));
    writeFileSync(join(folder, 'token'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (...args: string[]) => typed(two.world.hub.url, join(folder, 'token'), args);
  const periods = ['--dataset', 'safeguarding-quarterly', '--period', PERIOD, '--from', '2025-Q2'];
  const stem = 'safeguarding_quarterly_e12000001';

  test('holds the figures of the answers, is read by other readers, and leaves records as a read does', async () => {
    const records = () =>
      asOwner<{ n: number }>(
        two.world,
        `select cardinality(authorities) as n from platform.access_log where action = 'read.benchmark'`,
      );
    const before = (await records()).length;
    const out = join(folder, 'out');
    const { code, text, error } = await hub('export', northEast.code, ...periods, '--out', out);
    // Of the fourth it says why there is nothing.
    const gap = /^… 2025-Q4: its round is open, ends on [0-9-]+, and is published when its lead asks for it\n$/;
    expect([error.replace(/^.*publication \d+, provisional edition of .*\n/gm, ''), code]).toEqual([
      expect.stringMatching(gap),
      0,
    ]);
    // Of four periods three are published, each on one page.
    expect((await records()).slice(before).every(({ n }) => n === 12)).toBe(true);
    expect((await records()).length - before).toBe(3);
    expect(text).toContain('Not for publication');
    expect(text).toContain('Figures of North East in which not all its authorities stand have lines of their own');

    const [header, ...lines] = parse(readFileSync(join(out, `${stem}.csv`))) as string[][];
    expect(lines).toHaveLength(3 * 13);
    const { benchmark } = await region(`benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmarkFields} }`);
    const at = (line: string[], column: string) => line[header!.indexOf(column)];
    for (const { authority, figure: shown, limits } of benchmark!.authorities) {
      const line = lines.find(
        (one) =>
          at(one, 'time_identifier') === 'Financial year Q1' &&
          at(one, 'time_period') === '202627' &&
          at(one, 'new_la_code') === authority!.code,
      )!;
      const mark = { HIDDEN: 'c', NOT_SUBMITTED: 'x' }[shown.kind];
      expect(at(line, 'cp07_number')).toBe(mark ?? String(shown.count));
      expect(at(line, 'cp07_percentage')).toBe(mark ?? String(shown.value ?? 'c'));
      expect(at(line, 'cp07_percentage_upper_ci')).toBe(mark ?? (shown.value === null ? 'c' : String(limits!.upper)));
    }
    expect(benchmark!.authorities.some(({ figure: { kind } }) => kind === 'HIDDEN')).toBe(true);
    // Eleven of twelve have sent in the newest period: no figure of it has the official code of the region.
    const regional = lines.filter((one) => at(one, 'geographic_level') === 'Regional');
    expect(regional.map((one) => [at(one, 'region_code'), at(one, 'cp07_authorities')])).toEqual([
      ['z', '11'],
      [northEast.code, '12'],
      [northEast.code, '12'],
    ]);
    const sheets = sheetsOf(readFileSync(join(out, `${stem}.xlsx`)));
    expect(sheets.get('1 Values')!.slice(4)).toHaveLength(3 * 13);
    expect(sheets.get('1 Values')!.flat()).toContain('[c]');
    // One of twelve has sent nothing in the newest period.
    expect(
      sheets
        .get('8 Not available')!
        .slice(4)
        .map(([period, , , ...why]) => [period, ...why]),
    ).toContainEqual([`${PERIOD} [p]`, 'not submitted', 'all']);
    expect(sheets.get('Cover')!.flat().join()).toMatch(
      /: publication \d+, provisional edition of .*, digest \(SHA-256\): [0-9a-f]{64}/,
    );
    expect(
      sheets
        .get('1 Values')!
        .slice(4)
        .map(([period]) => period),
    ).toContain(`${PERIOD} [p]`);
    const about = JSON.parse(readFileSync(join(out, `${stem}.csv-metadata.json`), 'utf8')) as Record<string, string>;
    expect(about['dc:issued']).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(about['dc:license']).toContain('agreement');
    expect(about['dc:rights']).toContain('Not for publication');
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8').split('\n')).toHaveLength(5);
  });

  test('breaks down where that is asked for, by filters in the CSV and in a table of the workbook', async () => {
    const out = join(folder, 'broken');
    const { code, error } = await hub(
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      '2025-Q3',
      '--out',
      out,
      '--breakdowns',
    );
    expect([code, error]).toEqual([0, '']);
    const [header, ...lines] = parse(readFileSync(join(out, `${stem}.csv`))) as string[][];
    const at = (line: string[], column: string) => line[header!.indexOf(column)];
    // Of plans one category is published beside the totals.
    expect(lines).toHaveLength(2 * 13);
    expect([...new Set(lines.map((line) => at(line, 'duration')))]).toEqual(['Total', expect.stringMatching(/months/)]);
    const [category] = categoriesOf(quarterly, 'CP01', 'duration');
    const { benchmark } = await region(
      `benchmark(indicator: "CP01", period: "2025-Q3", breakdown: [{ dimension: "duration", category: "${category}" }]) { ${benchmarkFields} }`,
    );
    // A category is no number, and says with period and place what a line is of.
    const { tableSchema } = JSON.parse(readFileSync(join(out, `${stem}.csv-metadata.json`), 'utf8')) as {
      tableSchema: { columns: { name: string; datatype: string }[]; primaryKey: string[] };
    };
    const typeOf = (column: string) => tableSchema.columns.find(({ name }) => name === column)!.datatype;
    expect(['duration', 'cp01_number'].map(typeOf)).toEqual(['string', 'decimal']);
    const keys = lines.map((line) => tableSchema.primaryKey.map((column) => at(line, column)).join('|'));
    expect(new Set(keys).size).toBe(lines.length);
    const broken = lines.slice(14);
    expect(broken.map((line) => at(line, 'cp01_number'))).toEqual(
      benchmark!.authorities.map(({ figure: { count } }) => String(count)),
    );
    expect(broken.every((line) => at(line, 'rf01_number') === 'z')).toBe(true);
    expect(
      sheetsOf(readFileSync(join(out, `${stem}.xlsx`)))
        .get('9 Breakdowns')!
        .slice(4),
    ).toHaveLength(13);
  });

  test('draws charts beside, each with its table', async () => {
    const out = join(folder, 'charts');
    const { code, text } = await hub(
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      '2025-Q3',
      '--out',
      out,
      '--charts',
      '--neighbours',
      '2021',
      '--widened',
      '--without',
      northEast.authorities[0]!.toLowerCase(),
    );
    expect(code).toBe(0);
    expect(readFileSync(join(out, `${stem}_${northEast.authorities[0]!.toLowerCase()}_spine.csv`), 'utf8')).toContain(
      'Neighbours (2021)',
    );
    // A heat table, twelve spines, and of RF01, CP01 and CP07 bar, line and funnel.
    expect(text).toMatch(/charts +22, each/);
    expect(readFileSync(join(out, `${stem}_rf01_bar.svg`), 'utf8')).toMatch(/^<svg/);
    const [columns, ...rows] = parse(readFileSync(join(out, `${stem}_rf01_bar.csv`))) as string[][];
    expect(rows).toHaveLength(13);
    // Numbers as programs read them, in the table of each chart.
    expect(columns!.slice(1, 6)).toEqual([
      'Value',
      'Hidden: at least',
      'Hidden: at most',
      'Lower 95% limit',
      'Upper 95% limit',
    ]);
    for (const row of rows) {
      expect(row.slice(2, 4)).toEqual(['[z]', '[z]']);
      expect([row[1], ...row.slice(4, 6)].map(Number)).not.toContain(NaN);
    }
    expect(rows.at(-1)![0]).toBe('Region (12 of 12)');
    // Beside each what goes with it wherever it is carried.
    const files = readdirSync(out);
    for (const svg of files.filter((name) => name.endsWith('.svg'))) {
      const notes = readFileSync(join(out, svg.replace('.svg', '.notes.txt')), 'utf8');
      expect(notes).toMatch(
        /^[^\n]+\n[^\n]+\nPublication \d+, provisional edition of [^,]+, digest [0-9a-f]{64}(. Values before: .*)?\n.*Not for publication.*\nFor the purposes/,
      );
      expect(files).toContain(svg.replace('.svg', '.csv'));
    }
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8')).toContain(`${stem}_heat.svg`);
    // Funnels say that wider limits were asked for, and what came of it.
    expect(readFileSync(join(out, `${stem}_rf01_funnel.svg`), 'utf8').replace(/<[^>]*>/g, ' ')).toMatch(
      /The limits (allow for authorities that differ for reasons of their own|are not widened)/,
    );
    // Heat table, bars and funnels without the one that is left out, which the spine of it and the lines do not say.
    const without = files.filter(
      (name) => name.endsWith('.svg') && readFileSync(join(out, name), 'utf8').includes('Left out of the picture'),
    );
    expect(without.map((name) => name.slice(stem.length + 1, -4)).sort()).toEqual(
      ['heat', ...['cp01', 'cp07', 'rf01'].flatMap((code) => [`${code}_bar`, `${code}_funnel`])].sort(),
    );
    // Again without charts: those that lie there may be of another publication, and it is said which they are.
    const again = ['--dataset', 'safeguarding-quarterly', '--period', '2025-Q3', '--out', out];
    expect(await hub('export', northEast.code, ...again)).toMatchObject({
      code: 0,
      error: expect.stringMatching(
        new RegExp(`^\\d\\d files of an earlier export lie beside these in .*: ${stem}_.* and others\\. Delete`),
      ) as string,
    });
  });

  test('on a Monday says in one query who is missing, what changed and whether it is chance, and what to ask', async () => {
    const { code, text } = await hub('monday', northEast.code);
    expect(code).toBe(0);
    expect(text).toMatch(
      /^North East: who has not sent\n {2}safeguarding-quarterly, January to March 2026 \(2025-Q4\), open: (due|late since) \d+ \w+ \d{4}, (not yet sent|nothing sent): 11, /,
    );
    expect(text).toContain(`safeguarding-quarterly, April to June 2026 (${PERIOD}), publication`);
    // The quarter before has no publication: the one before that is what it is held against.
    expect(text).toMatch(
      / \d+ of \d+ values differ from the period before by more than their intervals \(chance alone: fewer than one\)/,
    );
    expect(text).toMatch(/Hartlepool: RF01 Referrals, from [\d.]+ to [\d.]+ per 10,000 since Oct–Dec 2025; /);
    expect(text).toMatch(/ \d+ of \d+ charts show a pattern at the newest period \(chance alone: /);
    expect(text).toMatch(
      /CP01 Child protection plans open, below the lower control limit since [A-Z][a-z]{2}–[A-Z][a-z]{2} 20\d\d/,
    );
    expect(text).not.toContain('moving ranges');
    const changesIn = (page: string) => page.match(/, from [\d.,]+ to .* since /g)?.length ?? 0;
    const more = /^ {2}and (\d+) more, which --all shows$/m.exec(text);
    const all = (await hub('monday', northEast.code, '--all')).text;
    expect(changesIn(all)).toBe(changesIn(text) + Number(more?.[1] ?? 0));
    expect(all).not.toContain('--all');
    const why = (await hub('monday', northEast.code, '--why')).text;
    expect(why).toMatch(/How that is found\n {2}Two 95% intervals .*\n {2}[^]*moving ranges/);
    expect(text).toMatch(/What to ask\n {2}\w\w\d\d .*\?/);
    expect(text).toContain('Not for publication');
    // Of another region nothing.
    expect(await hub('monday', two.westMidlands.code)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^REGION_ABSENT/) as string,
    });
  });

  test('for a request for information lists what exists and who is to be asked, and holds no figure', async () => {
    const { code, text } = await hub('export', northEast.code, '--foi');
    expect(code).toBe(0);
    expect(text).toContain('consult within');
    for (const authority of northEast.authorities) expect(text).toContain(authority);
    expect(text).toMatch(new RegExp(`${PERIOD} +safeguarding-quarterly +current`));
  });

  test('of a region that is not the reader’s, of nothing, and backwards is none', async () => {
    const foreign = await hub('export', two.westMidlands.code, ...periods, '--out', join(folder, 'no'));
    expect([foreign.code, foreign.error]).toEqual([1, expect.stringMatching(/^REGION_ABSENT/)]);
    const nothing = await hub(
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      '2019-Q1',
      '--out',
      join(folder, 'no'),
    );
    expect([nothing.code, nothing.error]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `^NOTHING_PUBLISHED: .* is published for that period: no round of it was opened\\. Published: ${PERIOD}, `,
        ),
      ),
    ]);
    const backwards = await hub(
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      '2025-Q1',
      '--from',
      '2025-Q2',
      '--out',
      join(folder, 'no'),
    );
    expect([backwards.code, backwards.error]).toEqual([2, expect.stringContaining('--from')]);
  });
});
