import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sheetsOf } from '../../../libs/benchmarks/src/workbook.builder';
import { typed } from '../../support/command-line';
import { graphql } from '../../support/graphql';
import { asOwner, PERIOD } from '../../support/two-regions';
import { two, lead, northEast, benchmarkFields, ask, region } from './regions';

describe('what is said of an indicator names figures and copies none', () => {
  let mine: string;
  let writer: string;
  let folder: string;
  const idOf = async (period: string): Promise<string> => {
    const { publications } = (await region(
      `publications(first: 1, period: "${period}", dataset: "safeguarding-quarterly") { edges { node { id } } }`,
    )) as unknown as { publications: { edges: { node: { id: string } }[] } };
    return publications.edges[0]!.node.id;
  };
  beforeAll(async () => {
    mine = northEast.authorities[2]!;
    writer = await two.world.token('authority-analyst', mine);
    folder = mkdtempSync(join(tmpdir(), 'hub-commentary-'));
    writeFileSync(join(folder, 'writer'), writer);
    writeFileSync(join(folder, 'lead'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (who: 'writer' | 'lead', ...args: string[]) =>
    typed(two.world.hub.url, join(folder, who), ['commentary', ...args]);
  const write = (who: 'writer' | 'lead', of: string, text: string, figures: string) =>
    hub(who, 'write', of, '--indicator', 'RF01', '--period', PERIOD, '--text', text, '--figures', figures);
  const beside = async (token = lead, of = northEast.code) =>
    (
      await ask(
        `benchmark(indicator: "RF01", period: "${PERIOD}") { commentary { id of text figures { figure state } } }`,
        of,
        token,
      )
    ).data!.region as unknown as {
      benchmark: {
        commentary: {
          id: string;
          of: string;
          text: string;
          figures: { figure: string | null; state: string | null }[];
        }[];
      };
    };

  test('each as its publication prints it: beside the comparison and as a list, and until it is taken back', async () => {
    const [now, before] = [await idOf(PERIOD), await idOf('2025-Q3')];
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "${PERIOD}") { ${benchmarkFields} }`);
    const own = benchmark!.authorities.find(({ authority }) => authority?.code === mine)!.figure.count;
    const figures = `${now} RF01#count ${mine}, ${now} RF01#count, ${before} RF01#count ${mine}`;
    const written = await write('writer', mine, 'Contacts are {a}, in the region {b}; they were {c}.', figures);
    expect([written.code, written.error]).toEqual([0, '']);
    expect((await write('lead', northEast.code, 'Asked at the meeting: {a}.', `${now} RF01#count`)).code).toBe(0);

    const { commentary } = (await beside()).benchmark;
    expect(commentary.map(({ of }) => of)).toEqual([mine, northEast.code]);
    const [first] = commentary;
    expect(first!.figures.map(({ figure: said }) => said)).toEqual([
      own!.toLocaleString('en-GB'),
      benchmark!.region.count!.toLocaleString('en-GB'),
      expect.stringMatching(/^\d+$/),
    ]);
    expect(first!.text).toBe(
      `Contacts are ${own}, in the region ${first!.figures[1]!.figure}; they were ${first!.figures[2]!.figure}.`,
    );
    expect((await hub('lead', 'list', northEast.code, '--period', PERIOD, '--indicator', 'RF01')).text).toContain(
      first!.text,
    );
    expect((await hub('lead', 'list', northEast.code, '--period', PERIOD, '--indicator', 'CP07')).text).toContain(
      'Nothing is said',
    );
    // An export says the same, and breaks nothing off its other tables.
    const out = join(folder, 'out');
    const file = typed(two.world.hub.url, join(folder, 'lead'), [
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      PERIOD,
      '--out',
      out,
    ]);
    expect((await file).error).toBe('');
    const sheet = sheetsOf(readFileSync(join(out, 'safeguarding_quarterly_e12000001.xlsx'))).get('7 Commentary')!;
    expect(sheet.slice(4).map(([period, of, , indicator, text]) => [period, of, indicator, text])).toEqual(
      commentary.map(({ of, text }) => [PERIOD, of, 'RF01', text]),
    );
    const notes = (
      JSON.parse(readFileSync(join(out, 'safeguarding_quarterly_e12000001.csv-metadata.json'), 'utf8')) as {
        notes: { text: string }[];
      }
    ).notes;
    expect(notes.map(({ text }) => text)).toEqual(expect.arrayContaining(commentary.map(({ text }) => text)));
    // Another region sees none of it.
    const foreign = await two.world.token('regional-lead', two.westMidlands.code);
    expect((await beside(foreign, two.westMidlands.code)).benchmark.commentary).toEqual([]);

    const [, inner] = /_([0-9a-f]{32})$/.exec(before)!;
    const now3 = async (state: string) => {
      await asOwner(
        two.world,
        `update release.publication set state = '${state}' where replace(id::text, '-', '') = '${inner}'`,
      );
      return (await beside()).benchmark.commentary[0]!;
    };
    expect((await now3('superseded')).text).toMatch(/they were \d+ \[superseded\]\.$/);
    expect(await now3('withdrawn')).toMatchObject({
      text: expect.stringMatching(/they were \[withdrawn\]\.$/),
      figures: [{}, {}, { figure: null, state: 'WITHDRAWN' }],
    });
    await now3('current');

    expect((await hub('lead', 'withdraw', first!.id)).error).toMatch(/^COMMENTARY_ABSENT/);
    expect((await hub('writer', 'withdraw', first!.id)).code).toBe(0);
    expect((await beside()).benchmark.commentary.map(({ of }) => of)).toEqual([northEast.code]);
    expect(await asOwner(two.world, 'select text, figures from remarks.commentary order by id')).toEqual([
      { text: '', figures: [] },
      { text: 'Asked at the meeting: {a}.', figures: [expect.anything()] },
    ]);
  });

  test('and is refused with a number of its own, a figure that its author is not shown, or of another organisation', async () => {
    const now = await idOf(PERIOD);
    const codeOf = async (...said: Parameters<typeof write>) => (await write(...said)).error.split(/\W/)[0];
    expect(await codeOf('writer', mine, 'Only three children were counted twice.', '')).toBe('WORDS_REFUSED');
    expect(await codeOf('writer', mine, 'Ours is {a} less 5.', `${now} RF01#count`)).toBe('WORDS_REFUSED');
    expect(await codeOf('writer', mine, 'Hartlepool was late.', '')).toBe('WORDS_REFUSED');
    expect(await codeOf('writer', mine, 'Contacts rose.', `${now} RF01#count`)).toBe('COMMENTARY_FIGURES');
    expect(await codeOf('writer', mine, 'They are {a}.', `${now} RF99#count`)).toBe('INDICATOR_ABSENT');
    expect(
      await codeOf('writer', mine, 'They are {a}.', 'pub_hub-local_00000000000000000000000000000000 RF01#count'),
    ).toBe('EVIDENCE_NOT_SEEN');
    expect(await codeOf('writer', northEast.authorities[0]!, 'Contacts rose.', '')).toBe('ORGANISATION_ABSENT');
    expect(await codeOf('lead', mine, 'Contacts rose.', '')).toBe('ORGANISATION_ABSENT');
  });
});

describe('what an authority says of how its figures compare', () => {
  const NOTES = 'notes { about text authority { code } }';
  const said = { about: `from 2025-Q1 on, another recording system`, text: 'Contacts are recorded as referrals.' };
  let writer: string;
  let mine: string;
  let folder: string;
  let note: string;
  beforeAll(async () => {
    mine = northEast.authorities[2]!;
    writer = await two.world.token('authority-analyst', mine);
    folder = mkdtempSync(join(tmpdir(), 'hub-notes-'));
    writeFileSync(join(folder, 'writer'), writer);
    writeFileSync(join(folder, 'lead'), lead);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hub = (who: 'writer' | 'lead', ...args: string[]) => typed(two.world.hub.url, join(folder, who), args);
  const write = (text: string, more: readonly string[] = []) =>
    hub(
      'writer',
      'note',
      'write',
      mine,
      '--indicator',
      'RF01',
      '--kind',
      'system-change',
      '--from',
      '2025-Q1',
      '--text',
      text,
      ...more,
    );
  interface Change {
    readonly indicator?: { readonly code: string };
    readonly authority: { readonly code: string } | null;
    readonly text?: string;
  }
  /** Every comparison, with the notes in it, of whom they are. */
  const everywhere = async (token = lead, of = northEast.code, whose = mine) => {
    const { data, errors } = await ask(
      `benchmark(indicator: "RF01", period: "${PERIOD}") { authorities { authority { code } ${NOTES} } funnel { authorities { authority { code } ${NOTES} } } }
       benchmarkTable(period: "${PERIOD}", authority: "${whose}", first: 30) { edges { node { indicator { code } authorities { ${NOTES} } } } }
       history(indicator: "RF01", period: "${PERIOD}") { lines { authority { code } ${NOTES} } }
       patterns(period: "${PERIOD}", indicators: ["RF01"]) { list { edges { node { authority { code } text ${NOTES} } } } }
       monday { changes { indicator { code } authority { code } ${NOTES} } }
       bar: chart(kind: BAR, indicator: "RF01", period: "${PERIOD}") { notes rows }
       heat: chart(kind: HEAT, period: "${PERIOD}") { notes rows }
       spine: chart(kind: SPINE, period: "${PERIOD}", authority: "${whose}") { notes rows }
       line: chart(kind: LINE, indicator: "RF01", period: "${PERIOD}", authority: "${whose}") { notes }
       funnel: chart(kind: FUNNEL, indicator: "RF01", period: "${PERIOD}") { notes rows }`,
      of,
      token,
    );
    expect(errors).toBeUndefined();
    return JSON.stringify(data);
  };

  test('is refused where it states a figure or names somebody, and by everybody else', async () => {
    expect(await write('Only three children were counted twice.')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^WORDS_REFUSED/) as string,
    });
    expect(await write('Ours is 24 after the move.')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/states-a-figure[^]*not how much/) as string,
    });
    expect(await write('The return of Hartlepool was late.')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/names-a-body/) as string,
    });
    expect(await write('It ends before.', ['--until', '2024-Q4'])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^NOTE_DATES/) as string,
    });
    expect(await hub('lead', 'note', 'list', mine)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^NOT_FOR_THIS_ROLE/) as string,
    });
    expect(await everywhere()).not.toContain('from 2025-Q1');
  });

  test('stands beside its figures in every comparison, and beside nobody else’s', async () => {
    const written = await write(said.text);
    expect([written.code, written.error]).toEqual([0, '']);
    note = /cmp_\S+/.exec(written.text)![0];
    const all = JSON.parse(await everywhere()) as { region: Record<string, unknown> };
    const { benchmark, benchmarkTable, history, patterns, monday, ...charts } = all.region;
    const whose = (part: unknown): string[] =>
      [...JSON.stringify(part).matchAll(/\{"about":"([^"]*)","text":"[^"]*","authority":\{"code":"(\w+)"/g)].map(
        ([, about, code]) => `${code} ${about}`,
      );
    // Across authorities and in the funnel; in the spine beside one indicator.
    expect(whose(benchmark)).toEqual([`${mine} ${said.about}`, `${mine} ${said.about}`]);
    expect(whose(benchmarkTable)).toEqual([`${mine} ${said.about}`]);
    expect(whose(history)).toEqual([`${mine} ${said.about}`]);
    // Beside each pattern and each change of that indicator; Monday's changes are of others too.
    const { list } = patterns as { list: { edges: { node: Change }[] } };
    const changes = (monday as { changes: Change[] }[]).flatMap((part) => part.changes);
    const changed = changes.filter((one) => one.indicator!.code === 'RF01');
    expect(whose(changed)).toEqual([`${mine} ${said.about}`]);
    // Since the new system there are too few quarters for limits: the pattern stays, with what is stated beside it, and nobody else's has it.
    const stated = list.edges.filter(({ node }) => node.text!.endsWith(`; a break is stated (${mine}, ${said.about})`));
    expect(stated.map(({ node }) => node.authority?.code)).toEqual([mine]);
    expect(list.edges.length).toBeGreaterThan(1);
    for (const chart of Object.values(charts) as { notes: string[]; rows?: string[][] }[]) {
      expect(chart.notes).toEqual([
        expect.stringMatching(/^\[note 1\] .*, RF01, from 2025-Q1 on, another recording system: Contacts/),
      ]);
      expect(chart.rows?.flat().filter((cell) => cell.includes('[note 1]')).length ?? 1).toBe(1);
    }
    const onMonday = (await hub('lead', 'monday', northEast.code)).text;
    expect(onMonday.split('What authorities say of how these compare\n')[1]).toMatch(
      new RegExp(`^  .*, RF01, ${said.about}: ${said.text}$`, 'm'),
    );
    const out = join(folder, 'out');
    const exported = await hub(
      'lead',
      'export',
      northEast.code,
      '--dataset',
      'safeguarding-quarterly',
      '--period',
      PERIOD,
      '--out',
      out,
    );
    expect(exported.code).toBe(0);
    expect(
      sheetsOf(readFileSync(join(out, 'safeguarding_quarterly_e12000001.xlsx')))
        .get('6 Comparability')!
        .slice(4),
    ).toEqual([[PERIOD, mine, expect.any(String), 'RF01', said.about, said.text]]);
    expect(readFileSync(join(out, 'safeguarding_quarterly_e12000001.csv-metadata.json'), 'utf8')).toContain(said.text);
    // Of another region nothing.
    const beyond = two.westMidlands;
    expect(
      await everywhere(await two.world.token('regional-lead', beyond.code), beyond.code, beyond.authorities[0]),
    ).not.toContain(said.text);
  });

  test('stays beside the periods that it was about, and one that is taken back is gone', async () => {
    expect((await hub('writer', 'note', 'end', note, '--until', '2025-Q2')).text).toContain('from 2025-Q1 to 2025-Q2');
    const at = async (period: string) =>
      JSON.stringify(await region(`benchmark(indicator: "RF01", period: "${period}") { authorities { ${NOTES} } }`));
    expect(await at('2025-Q2')).toContain(said.text);
    expect(await at('2025-Q3')).not.toContain(said.text);
    // A comparison with the time before holds it.
    expect(
      JSON.stringify(await region(`history(indicator: "RF01", period: "2025-Q3") { lines { ${NOTES} } }`)),
    ).toContain(said.text);
    expect((await hub('writer', 'note', 'list', mine)).text).toContain(note);
    expect((await hub('writer', 'note', 'end', note)).text).toContain('Taken back');
    expect(await at('2025-Q2')).not.toContain(said.text);
    expect(await asOwner(two.world, 'select text from remarks.note')).toEqual([{ text: '' }]);
    expect(await hub('writer', 'note', 'end', note)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^NOTE_ABSENT/) as string,
    });
  });
});

describe('what is said has an end: each text is read with every figure beside which it stands', () => {
  afterAll(() => asOwner(two.world, `delete from remarks.note; delete from remarks.commentary`));
  const [indicator, other] = ['CP07', 'RF01'];
  const codeOf = async (query: string, input: object, token: string) => {
    const { errors } = await graphql(two.world.hub.url, token, query, { input });
    return errors?.map(({ extensions }) => extensions.code).join() ?? 'stored';
  };
  /** How often each code came of so many at once. */
  const together = async (times: number, one: () => Promise<string>) => {
    const counts: Record<string, number> = {};
    for (const code of await Promise.all(Array.from({ length: times }, () => one())))
      counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  };

  test('twenty notes of an authority on an indicator, however many come at once, and another for each that is taken back', async () => {
    const mine = northEast.authorities[2]!;
    const writer = await two.world.token('authority-analyst', mine);
    const query = 'mutation ($input: ComparabilityNoteInput!) { writeComparabilityNote(input: $input) { id } }';
    const write = (of: string = indicator) =>
      codeOf(query, { authority: mine, indicator: of, kind: 'BREAK', from: PERIOD, text: 'Another system.' }, writer);
    expect(await together(26, write)).toEqual({ stored: 20, NOTES_TOO_MANY: 6 });
    expect([await write(other), await write()]).toEqual(['stored', 'NOTES_TOO_MANY']);
    const [{ id }] = (await asOwner(
      two.world,
      `select replace(id::text, '-', '') as id from remarks.note where indicator = '${indicator}' limit 1`,
    )) as [{ id: string }];
    const end = 'mutation ($id: ID!) { endComparabilityNote(id: $id) { id } }';
    const taken = await graphql(two.world.hub.url, writer, end, { id: `cmp_${two.world.hubId}_${id}` });
    expect(taken.errors).toBeUndefined();
    expect([await write(), await write()]).toEqual(['stored', 'NOTES_TOO_MANY']);
  });

  test('five commentaries of an organisation on an indicator in a period, and as many of another', async () => {
    const mine = northEast.authorities[2]!;
    const writer = await two.world.token('authority-analyst', mine);
    const query = 'mutation ($input: CommentaryInput!) { writeCommentary(input: $input) { id } }';
    const write = (of = mine, period = PERIOD) =>
      codeOf(query, { of, indicator, period, figures: [], text: 'Contacts rose.' }, of === mine ? writer : lead);
    expect(await together(8, write)).toEqual({ stored: 5, COMMENTARY_TOO_MUCH: 3 });
    expect(await write(mine, '2025-Q3')).toBe('stored');
    expect(await together(7, () => write(northEast.code))).toEqual({ stored: 5, COMMENTARY_TOO_MUCH: 2 });
  });
});
