import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgreement } from '@hub/agreements/domain';
import { loadRegistry } from '@hub/registry/domain';
import { exampleAgreement } from '../../seed/seed';
import { graphql } from '../../support/graphql';
import { annual, brokenDown, categoriesOf, nameOf, quarterly, returnOf } from '../../support/returns';
import { rootFolder } from '../../support/root';
import { day, NORTH_EAST } from '../../support/world';
import { bold, categoryName, mustBe, say, timed, type Stage } from '../stage';

const HACKNEY = 'E09000012';

interface Edition {
  readonly number: number;
  readonly edition: string;
  readonly state: string;
}

/**
 * A period gets its revised edition; beside a hidden figure stands what the print leaves of it; a national release is loaded, and what it
 * opens is told to its owner alone; and a round that may not leave is held.
 */
export async function bookIsKept(stage: Stage, leaver: string) {
  const period = stage.periods[1]!;
  const editions = await timed('revised edition', () => revise(stage, period, leaver));
  const interval = await hiddenFigure(stage, period);
  const opened = await timed('national release', () => loadNational(stage));
  const held = await timed('held round', () => tooFew(stage));
  const beyond = await timed('held table', () => beyondHelp(stage));
  say();
  say(bold(`The book: later editions of ${period}, and what others print`));
  for (const { number, edition, state } of editions)
    say(`  publication ${number}   ${edition.toLowerCase().padEnd(12)} ${state.toLowerCase()}`);
  say(`  A hidden figure, as every member sees it: ${interval.words}`);
  say(`  A steward loads a national release, and another one confirms it: "${opened.title}".`);
  say(
    `    the authority whose figure that opens, alone: its referrals (RF01) of 2020-FY can be worked out as ${opened.least.toLocaleString('en-GB')} to ${opened.most.toLocaleString('en-GB')}`,
  );
  say(`    the region’s lead: ${opened.lead}`);
  say(`  A round to which nobody has sent is held. Its lead is told ${held.code}; nothing has left.`);
  say(`  So is one with a category so rare that its counts follow, whatever is hidden: ${beyond.code}.`);
  for (const words of beyond.words) say(`    its lead: ${words}`);
  say(
    `    in the South West ${nameOfAuthority(beyond.owner)} is told which of its own counts follow: ${beyond.series.map(seriesInWords).join(', ')}`,
  );
  say(`    ${nameOfAuthority(beyond.other)}, of whose counts none follows, is told so, and nothing of the others`);
  return { editions, interval, opened, held: held.code, beyond };
}

const nameOfAuthority = (authority: string) => loadRegistry().authorities.find(({ code }) => code === authority)!.name;

/** `FD01|source=individual#count` as people say it. */
function seriesInWords(series: string): string {
  const [, code, dimension, category] = /^(\w+)\|(\w+)=([^#]+)#/.exec(series)!;
  const { name } = quarterly.indicators.find((one) => one.code === code)!;
  return `${name} (${code}) by ${categoryName(quarterly, dimension!, category!).toLowerCase()}`;
}

async function revise({ world, figures, rounds, lead }: Stage, period: string, leaver: string): Promise<Edition[]> {
  const round = rounds.get(period)!;
  await world.ask(
    lead,
    `mutation ($round: ID!, $due: Date!, $closes: Date!) {
       openEdition(round: $round, edition: REVISED, due: $due, closes: $closes) { state } }`,
    { round, due: day(5), closes: day(10) },
  );
  const one = figures.returns.find((each) => each.period === period && each.authority !== leaver)!;
  // One enquiry more, counted late; no other count has to follow it.
  const rows = one.rows.map((row) =>
    row.indicator === 'SF01' && !row.breakdown ? { ...row, count: row.count! + 1 } : row,
  );
  const { answer } = await world.sendReturn(NORTH_EAST, figures.dataset, { ...one, rows });
  mustBe(answer.status === 201, `a later version is refused: ${answer.text.slice(0, 200)}`);
  const { state, heldBecause } = await world.publish(NORTH_EAST, round);
  mustBe(state === 'PUBLISHED', `the revised edition is ${state} because ${heldBecause}`);
  const { region } = await world.ask<{ region: { publications: { edges: { node: Edition & { period: string } }[] } } }>(
    lead,
    `query ($code: ID!, $period: String!) {
       region(code: $code) { publications(period: $period) { edges { node { number edition state period } } } } }`,
    { code: NORTH_EAST, period },
  );
  return region.publications.edges.map(({ node }) => node).sort((a, b) => a.number - b.number);
}

async function hiddenFigure({ world, lead }: Stage, period: string) {
  interface Answer {
    region: {
      benchmark: { authorities: { authority: { name: string }; figure: { kind: string; between: number[] | null } }[] };
    };
  }
  const ask = (category: string) =>
    world.ask<Answer>(
      lead,
      `query ($code: ID!, $period: String!, $category: String!) {
         region(code: $code) { benchmark(indicator: "CP01", period: $period, breakdown: [{ dimension: "duration", category: $category }]) {
           authorities { authority { name } figure { kind between } } } } }`,
      { code: NORTH_EAST, period, category },
    );
  for (const category of ['2-years-or-more', '1-to-2-years']) {
    const { authorities } = (await ask(category)).region.benchmark;
    const hidden = authorities.find(({ figure }) => figure.kind === 'HIDDEN' && figure.between);
    if (hidden) {
      const [least, most] = hidden.figure.between!;
      const words = most === undefined ? `${least} or more` : `${least} to ${most}`;
      return {
        authority: hidden.authority.name,
        words: `${hidden.authority.name}, plans open ${categoryName(annual, 'duration', category).toLowerCase()}: hidden, ${words}`,
      };
    }
  }
  throw new Error('the demonstration failed: no figure is hidden');
}

async function loadNational({ world, lead }: Stage) {
  const text = (path: string) => readFileSync(join(rootFolder, path), 'utf8');
  const steward = await world.token('steward', 'hub');
  const { loadNationalRelease: asked } = await world.ask<{
    loadNationalRelease: { id: string; title: string; digest: string };
  }>(
    steward,
    'mutation ($map: String!, $csv: String!) { loadNationalRelease(map: $map, csv: $csv, period: "2020-FY") { id title digest } }',
    {
      map: text('contracts/national/children-in-need-referrals.json'),
      csv: text('test/figures/national/inner-london-referrals.csv'),
    },
  );
  await world.ask(
    await world.token('steward-2', 'hub'),
    'mutation ($digest: String!) { confirmNationalRelease(digest: $digest) { state } }',
    { digest: asked.digest },
  );
  for (let state = ''; state !== 'LOADED'; await new Promise((later) => setTimeout(later, 100))) {
    const answer = await world.ask<{ nationalReleases: { id: string; state: string }[] }>(
      steward,
      '{ nationalReleases { id state } }',
    );
    state = answer.nationalReleases.find(({ id }) => id === asked.id)!.state;
    mustBe(state !== 'REFUSED', 'the national release is refused');
  }
  const look = 'query ($authority: ID!) { openedCounts(authority: $authority) { series least most } }';
  const { openedCounts } = await world.ask<{ openedCounts: { series: string; least: number; most: number }[] }>(
    await world.token('authority-approver', HACKNEY),
    look,
    { authority: HACKNEY },
  );
  const found = openedCounts.find(({ series }) => series === 'RF01#count');
  mustBe(found !== undefined, 'what the national release opens is not found');
  const { errors } = await graphql(world.hub.url, lead, look, { authority: HACKNEY });
  return { title: asked.title, ...found!, lead: errors?.[0]?.extensions.code ?? 'told' };
}

async function tooFew({ world, figures }: Stage) {
  const round = await world.openRound(NORTH_EAST, figures.dataset.code, '2020-FY');
  const { state, heldBecause } = await world.publish(NORTH_EAST, round);
  mustBe(state === 'HELD', 'a round without returns is published');
  return { code: heldBecause! };
}

const SOUTH_WEST = 'E12000009';

/**
 * Three authorities of another region, whose agreement asks for `told`: 1 + 1 + 3 of a category. Whoever sent the 3, and is told that
 * the total is small, knows the others.
 */
async function beyondHelp({ world }: Stage) {
  const example = exampleAgreement('north-east-benchmarking.v1');
  const authorities = loadRegistry()
    .authorities.filter((one) => one.region === SOUTH_WEST && one.until === null)
    .map(({ code }) => code)
    .slice(0, 3);
  await world.conclude(
    parseAgreement({
      ...example,
      id: 'south-west-benchmarking',
      regions: [SOUTH_WEST],
      parties: authorities.map((authority) => ({ ...example.parties[0]!, authority })),
      audience: example.audience.map((one) => ({ ...one, of: SOUTH_WEST })),
      disclosure: { ...example.disclosure, threshold: 6, told: true },
    }),
  );
  const [period, rare] = ['2025-Q1', [1, 1, 3]];
  const round = await world.openRound(SOUTH_WEST, quarterly.code, period);
  for (const [i, authority] of authorities.entries()) {
    const contacts = categoriesOf(quarterly, 'FD01', 'source').map((_, at) => (at === 0 ? rare[i]! : 40 + 7 * at + i));
    const rows = returnOf(quarterly, brokenDown(quarterly, 'FD01', 'source', contacts));
    const { answer } = await world.sendReturn(SOUTH_WEST, nameOf(quarterly), { authority, period, rows });
    mustBe(answer.status === 201, `a return of the South West is refused: ${answer.text.slice(0, 200)}`);
  }
  const { state, heldBecause } = await world.publish(SOUTH_WEST, round);
  mustBe(state === 'HELD', `a table that cannot be protected is ${state}`);
  const told = async (role: string, of: string) => {
    const answer = await world.ask<{
      round: { heldHelp: { words: string[] } | null; heldCells: { series: string[] }[] | null };
    }>(await world.token(role, of), `{ round(id: "${round}") { heldHelp { words } heldCells { series } } }`);
    return answer.round;
  };
  const [owner, , other] = authorities as [string, string, string];
  const { heldHelp } = await told('regional-lead', SOUTH_WEST);
  const { heldHelp: none, heldCells } = await told('authority-approver', owner);
  const elsewhere = await told('authority-approver', other);
  mustBe(none === null && elsewhere.heldCells?.length === 0, 'more is told of a held round than should be');
  return {
    code: heldBecause!,
    words: heldHelp!.words,
    owner,
    series: heldCells!.flatMap(({ series }) => series),
    other,
  };
}
