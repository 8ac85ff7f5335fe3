import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgreementDocument } from '@hub/agreements/domain';
import { auditLedger, HubClient, LedgerBroken, ledgerOf, ledgerOwner, newKey, signEnvelope } from '@hub/client';
import { verifyReceipt } from '@hub/ledger/domain';
import { checkPublication, PublicationInvalid } from '@hub/publications/checker';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { exampleAgreement } from '../seed/seed';
import { day, figuresOf, NORTH_EAST, World, type Row } from '../support/world';
import { ask } from '../support/database';
import { graphql, post } from '../support/graphql';

/**
 * The main job on real published figures, from nothing: twelve authorities sign and send three years, a region is
 * published with small numbers protected, a member reads it, and an outsider is refused.
 */

const json = process.argv.includes('--json');
const say = (text = '') => json || process.stdout.write(`${text}\n`);
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

/** Something that must be true for the demonstration to be one. */
function mustBe(true_: boolean, what: string): void {
  if (!true_) throw new Error(`the demonstration failed: ${what}`);
}

const timings: Record<string, number> = {};
async function timed<T>(part: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  try {
    return await work();
  } finally {
    timings[part] = (timings[part] ?? 0) + (Date.now() - began) / 1000;
  }
}

interface Shown {
  kind: string;
  count: number | null;
  value: number | null;
}
interface Benchmark {
  indicator: { code: string; name: string };
  coverage: { shown: number; submitted: number; parties: number; text: string };
  authorities: { authority: { code: string; name: string }; figure: Shown; rank: number | null }[];
  region: Shown;
  quartiles: { lower: number; median: number; upper: number; basis: number } | null;
  publication: { number: number; digest: string };
}

const BENCHMARK = `query ($code: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!]) {
  region(code: $code) {
    benchmark(indicator: $indicator, period: $period, breakdown: $breakdown) {
      indicator { code name } coverage { shown submitted parties text }
      authorities { authority { code name } figure { kind count value } rank }
      region { kind count value } quartiles { lower median upper basis } publication { number digest }
    }
  }
}`;

const seriesOf = (row: Row) =>
  JSON.stringify([
    row.indicator,
    Object.entries(row.breakdown ?? {}).map(([dimension, category]) => ({ dimension, category })),
  ]);

async function refusals(world: World, payload: { authority: string }) {
  const { url } = world.hub;
  const codeOf = async (answer: ReturnType<typeof post>) => String((await answer).body.code);
  const envelope = JSON.parse(await world.sign(payload.authority, payload)) as { payload: string };
  const changed = Buffer.from(JSON.stringify({ ...payload, period: '2023-FY' })).toString('base64url');
  const stranger = await newKey('nobody-1', 'EdDSA');
  const outsider = { ...payload, authority: 'E08000025' };
  await world.registerKey(outsider.authority);
  const own = await world.token('authority-system', payload.authority);
  return {
    'a payload changed after signing': {
      expected: 'SIGNATURE_INVALID',
      code: await codeOf(post(url, own, JSON.stringify({ ...envelope, payload: changed }))),
    },
    'a key that nobody registered': {
      expected: 'KEY_UNKNOWN',
      code: await codeOf(
        post(url, own, await signEnvelope({ payload: JSON.stringify(payload), key: stranger, aud: world.hubId })),
      ),
    },
    'an authority outside the agreement': {
      expected: 'AGREEMENT_NOT_A_PARTY',
      code: await codeOf(world.send(outsider.authority, await world.sign(outsider.authority, outsider))),
    },
    'a lead of the West Midlands asking for the North East': {
      expected: 'REGION_ABSENT',
      code: (
        await graphql(
          url,
          await world.token('regional-lead', 'E12000005'),
          `{ region(code: "${NORTH_EAST}") { name } }`,
        )
      ).errors![0]!.extensions.code,
    },
  };
}

/**
 * A lead of the West Midlands reads what an agreement of both regions names of the North East, and nothing beyond.
 * @param leaver  the authority that has left the region's own agreement; it signs this one no more
 */
async function acrossRegions(world: World, period: string, leaver: string) {
  const example = exampleAgreement('north-east-west-midlands-view.v1');
  const northEast = exampleAgreement('north-east-benchmarking.v1').parties.map(({ authority }) => authority as string);
  const west = ['E08000025', 'E08000026'];
  const agreement: AgreementDocument = {
    ...example,
    parties: example.parties.filter(
      ({ authority }) => authority !== leaver && [...northEast, ...west].includes(authority),
    ),
  };
  const reader = await world.token('regional-lead', 'E12000005');
  const asked = { code: NORTH_EAST, indicator: 'CP01', period, purpose: 'PRACTICE_EXCHANGE' };
  const ask = async (more: object = {}) => {
    const { data, errors } = await graphql<{ region: { benchmark: Benchmark & { shows: string } } | null }>(
      world.hub.url,
      reader,
      `
        query ($code: ID!, $indicator: String!, $period: String!, $purpose: Purpose, $breakdown: [CategoryInput!]) {
          region(code: $code) {
            benchmark(indicator: $indicator, period: $period, purpose: $purpose, breakdown: $breakdown) {
              shows
              coverage {
                shown
                submitted
                parties
                text
              }
              authorities {
                authority {
                  code
                  name
                }
                figure {
                  kind
                  count
                  value
                }
                rank
              }
              region {
                kind
                count
                value
              }
            }
          }
        }
      `,
      { ...asked, ...more },
    );
    return { benchmark: data?.region?.benchmark ?? null, code: errors?.[0]?.extensions.code ?? null };
  };
  const before = (await ask()).code;
  await world.propose(agreement);
  for (const { authority } of agreement.parties) await world.signAgreement(agreement, authority);
  const shared = (await ask()).benchmark;
  const beyond = {
    'another indicator': (await ask({ indicator: 'CN01' })).code,
    'a breakdown of the same one': (await ask({ breakdown: [{ dimension: 'duration', category: '2-years-or-more' }] }))
      .code,
    'another purpose': (await ask({ purpose: 'PEER_CHALLENGE' })).code,
    'the rounds of the region': (
      await graphql(world.hub.url, reader, `{ region(code: "${NORTH_EAST}") { rounds { edges { cursor } } } }`)
    ).errors![0]!.extensions.code,
  };
  await world.ask(
    await world.token('regional-lead', NORTH_EAST),
    `mutation { terminateAgreement(id: "${agreement.id}", version: 1, reason: "The exercise is over.") { state } }`,
  );
  const after = (await ask()).code;
  mustBe(before === 'REGION_ABSENT' && after === 'REGION_ABSENT', 'the region is open without an agreement');
  mustBe(shared?.authorities.length === northEast.length - 1, 'the agreement shares each of its parties');
  mustBe(shared!.region.kind === 'NOT_AVAILABLE', 'the region’s figure holds one that has not signed');
  mustBe(Object.values(beyond).every(Boolean), 'something beyond the agreement is shown');
  return { agreement: agreement.id, parties: agreement.parties.length, before, shared: shared!, beyond, after };
}

/**
 * Whoever owns the database makes two returns look as if they had come a year earlier. Nothing mends it again, so it is the
 * last thing that is shown. The look at the ledger is that of `hub ledger verify`: over HTTP, without a token.
 */
async function plantedChange(world: World) {
  const { url } = world.hub;
  const { hubId, ledgerKeys } = await new HubClient({ url }).describe();
  const owner = ledgerOwner(
    hubId,
    ledgerKeys.map(({ line }) => line),
  );
  const { size } = await auditLedger(ledgerOf(url), owner);
  const returns = await ask<{ index: number; leaf: string }>(
    world.ownerUrl,
    `select index::int, convert_from(leaf, 'UTF8') as leaf from ledger.entry
     where convert_from(leaf, 'UTF8')::jsonb ->> 'kind' = 'submission' order by index`,
  );
  const changed = [24, 12].map((place) => returns[place]!);
  await ask(world.ownerUrl, 'alter table ledger.entry disable trigger append_only');
  for (const { index, leaf } of changed) {
    const earlier = leaf.replace(/(?<="acceptedAt":")\d{4}/, (year) => String(Number(year) - 1));
    mustBe(earlier !== leaf, 'an entry says when the return was accepted');
    await ask(world.ownerUrl, `update ledger.entry set leaf = convert_to($1, 'UTF8') where index = $2`, [
      earlier,
      index,
    ]);
  }
  await ask(world.ownerUrl, 'alter table ledger.entry enable trigger append_only');
  const found = await auditLedger(ledgerOf(url), owner).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(found instanceof LedgerBroken)) throw found ?? new Error('the demonstration failed: the ledger seems to hold');
  const planted = changed.map(({ index }) => index).sort((a, b) => a - b);
  mustBe(found.fault === 'altered' && found.first === planted[0], 'the first altered entry is not named');
  return { entries: size, planted, fault: found.fault, first: found.first };
}

/** A reader checks the latest publication by adding up, as `hub publication verify` does, and tries it with a figure changed. */
async function readersCheck(world: World, hubKey: string, dataset: { code: string; version: string }) {
  const { url } = world.hub;
  const reader = new HubClient({ url, token: await world.token('regional-lead', NORTH_EAST) });
  const [newest] = (
    await world.ask<{ region: { publications: { edges: { node: { id: string } }[] } } }>(
      await world.token('regional-lead', NORTH_EAST),
      `{ region(code: "${NORTH_EAST}") { publications(first: 1) { edges { node { id } } } } }`,
    )
  ).region.publications.edges;
  const files = await reader.publication(newest!.node.id);
  const specification = datasetOf(loadCatalogue(), dataset.code, dataset.version);
  const check = (document: string) => checkPublication({ ...files, document }, specification, [hubKey]);
  const { equations, hidden, unshown, tables } = check(files.document);
  let refused = '';
  try {
    check(files.document.replace(/"region":(\d+)/, (_, figure) => `"region":${Number(figure) + 1}`));
  } catch (error) {
    if (!(error instanceof PublicationInvalid)) throw error;
    refused = error.words;
  }
  mustBe(hidden > 0 && unshown.length === 0, 'a hidden figure is not shown to be safe');
  mustBe(refused !== '', 'a changed publication seems to hold');
  return { equations, hidden, unshown: unshown.length, tables: tables! + 1, refused };
}

/** A table that a person enjoys reading: names to the left, numbers to the right. */
function table(head: string[], rows: string[][]): void {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    `  ${row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('   ')}`;
  say(bold(line(head)));
  say(`  ${widths.map((width) => '─'.repeat(width)).join('───')}`);
  for (const row of rows) say(line(row));
}

const written = (figure: Shown, what: 'count' | 'value') => {
  if (figure.kind === 'VALUE') return figure[what] === null ? '' : figure[what].toLocaleString('en-GB');
  return figure.kind === 'HIDDEN' ? '[c]' : '[x]';
};

async function run(world: World) {
  const figures = figuresOf(NORTH_EAST);
  const threshold = 10;
  const lead = await world.token('regional-lead', NORTH_EAST);
  const agreement = exampleAgreement('north-east-benchmarking.v1');
  mustBe(agreement.disclosure.threshold === threshold, 'the agreement sets threshold 10');
  say(bold(`The agreement "${agreement.id}"`));
  const states = await timed('keys and agreement', async () => {
    await world.propose(agreement);
    const seen: string[] = [];
    for (const { authority } of agreement.parties) seen.push(await world.signAgreement(agreement, authority));
    return seen;
  });
  world.agreements.set(NORTH_EAST, agreement);
  mustBe(states.indexOf('inForce') === agreement.parties.length - 1, 'the last signature brings it into force');
  say(
    `  The regional lead has drafted and proposed it. ${agreement.parties.length} authorities have each registered a key, approved by a`,
  );
  say('  second person, and signed the very same bytes with it; the last signature brought it into force.');
  say();

  const hubKey = ((await (await fetch(`${world.hub.url}/.well-known/hub.json`)).json()) as { ledgerKey: string })
    .ledgerKey;
  const periods = [...new Set(figures.returns.map(({ period }) => period))].sort();
  const rounds = new Map<string, string>();
  const receipts: string[] = [];
  let rowCount = 0;
  let queried = 0;
  for (const period of periods) {
    rounds.set(period, await world.openRound(NORTH_EAST, figures.dataset.code, period));
    for (const one of figures.returns.filter((each) => each.period === period)) {
      const { answer, queries } = await timed('sign, send, accept', () =>
        world.sendReturn(NORTH_EAST, figures.dataset, one),
      );
      queried += queries;
      mustBe(
        answer.status === 201,
        `${one.authority} ${period} was answered ${answer.status}: ${answer.text.slice(0, 400)}`,
      );
      receipts.push(String(answer.body.receipt));
      rowCount += one.rows.length;
    }
  }
  await timed('verify receipts', async () => receipts.forEach((receipt) => verifyReceipt(receipt, hubKey)));
  say(
    `${receipts.length} returns with ${rowCount.toLocaleString('en-GB')} rows signed, sent and accepted; every receipt verified offline.`,
  );
  say(
    `The hub asked about ${queried} jumps against the year before; each authority answered inside its signed return.`,
  );

  const first = figures.returns.find(({ period }) => period === periods.at(-1))!;
  const refused = await timed('refusals', () => refusals(world, world.payload(NORTH_EAST, figures.dataset, first)));
  say();
  say(bold('Refused, as it must be:'));
  for (const [what, { expected, code }] of Object.entries(refused)) {
    say(`  ${code.padEnd(22)} ${what}`);
    mustBe(code === expected, `${what} was answered ${code} and not ${expected}`);
  }

  const raw = new Map(
    figures.returns.flatMap(({ authority, period, rows }) =>
      rows.map((row) => [`${authority} ${period} ${seriesOf(row)}`, row] as const),
    ),
  );
  const hidden = { small: 0, cover: 0, printed: 0, regions: 0 };
  const published: { period: string; state: string; number: number; digest: string; seconds: number }[] = [];
  const benchmarks = new Map<string, Benchmark>();
  let withdrawn = { authority: '', from: '', code: '', clause: '' };
  // Last in the list, so that nothing else of what is shown depends on it.
  const leaver = figures.returns.findLast((each) => each.period === periods.at(-1))!.authority;
  const hasLeft = (period: string, authority: string) => period === periods.at(-1) && authority === leaver;
  for (const period of periods) {
    if (period === periods.at(-1)) {
      await timed('withdrawal', () => world.withdraw(agreement, leaver, day(0)));
      const late = figures.returns.find((each) => each.period === period && each.authority === leaver)!;
      const again = await world.sendReturn(NORTH_EAST, figures.dataset, {
        ...late,
        rows: late.rows.map((row, i) => (i ? row : { ...row, count: (row.count ?? 0) + 1 })),
      });
      const { code, facts } = again.answer.body as { code?: string; facts?: { clause?: string } };
      mustBe(code === 'AGREEMENT_NOT_A_PARTY', 'a party that has left can still send');
      withdrawn = { authority: leaver, from: day(0), code: code!, clause: facts?.clause ?? '' };
    }
    const began = Date.now();
    const { state, heldBecause } = await timed('publish', () => world.publish(NORTH_EAST, rounds.get(period)!));
    mustBe(state === 'PUBLISHED', `the round of ${period} is ${state} because ${heldBecause}`);
    const seconds = (Date.now() - began) / 1000;
    const wanted = new Set(
      figures.returns
        .filter((each) => each.period === period)
        .flatMap(({ rows }) => rows.filter((row) => row.count !== undefined).map(seriesOf)),
    );
    await timed('read', async () => {
      for (const series of wanted) {
        const [indicator, breakdown] = JSON.parse(series) as [string, unknown];
        const { region } = await world.ask<{ region: { benchmark: Benchmark } }>(lead, BENCHMARK, {
          code: NORTH_EAST,
          indicator,
          period,
          breakdown,
        });
        benchmarks.set(`${period} ${series}`, region.benchmark);
        hidden.regions += region.benchmark.region.kind === 'HIDDEN' ? 1 : 0;
        for (const { authority, figure } of region.benchmark.authorities) {
          const row = raw.get(`${authority.code} ${period} ${series}`);
          if (hasLeft(period, authority.code)) {
            mustBe(figure.kind === 'NOT_SUBMITTED', `${authority.code} has left and is shown all the same`);
            continue;
          }
          if (row?.count === undefined) {
            mustBe(
              figure.kind !== 'VALUE' && figure.kind !== 'HIDDEN',
              `${authority.code} ${series} has a figure out of nothing`,
            );
            continue;
          }
          const isSmall = row.count > 0 && row.count < threshold;
          if (figure.kind === 'HIDDEN') hidden[isSmall ? 'small' : 'cover']++;
          else {
            mustBe(!isSmall, `a small number of ${authority.code} is printed`);
            mustBe(figure.count === row.count, `${authority.code} ${series} was printed as another number`);
            hidden.printed++;
          }
        }
      }
    });
    const { publication } = [...benchmarks.entries()].find(([key]) => key.startsWith(period))![1];
    published.push({ period, state, ...publication, seconds });
  }

  const share = hidden.cover / (hidden.cover + hidden.printed);
  say();
  say(bold('Published:'));
  for (const one of published) {
    say(
      `  ${one.period}   publication ${one.number}   sha256 ${one.digest.slice(0, 16)}…   ${one.seconds.toFixed(1)} s`,
    );
  }
  const latest = periods.at(-1)!;
  const show = (indicator: string, breakdown: { dimension: string; category: string }[] = []) =>
    benchmarks.get(`${latest} ${JSON.stringify([indicator, breakdown])}`)!;
  const bands = [...benchmarks.keys()]
    .filter((key) => key.startsWith(`${latest} ["CP01",[{"dimension":"duration"`))
    .map((key) => benchmarks.get(key)!)
    .map((benchmark, i) => ({
      benchmark,
      name: [...benchmarks.keys()]
        .filter((key) => key.startsWith(`${latest} ["CP01",[{"dimension":"duration"`))
        [i]!.match(/"category":"([^"]+)"/)![1]!,
    }));
  const plans = show('CP01');
  say();
  say(
    bold(
      `${plans.indicator.name} (CP01), ${latest}, as a regional lead reads it: count, rate per 10,000 children, rank, and how long`,
    ),
  );
  say();
  table(
    ['', 'plans', 'rate', 'rank', ...bands.map(({ name }) => name)],
    [
      ...plans.authorities.map(({ authority, figure, rank }, i) => [
        authority.name,
        written(figure, 'count'),
        written(figure, 'value'),
        rank === null ? '' : String(rank),
        ...bands.map(({ benchmark }) => written(benchmark.authorities[i]!.figure, 'count')),
      ]),
      [
        `North East (${plans.coverage.text})`,
        written(plans.region, 'count'),
        written(plans.region, 'value'),
        '',
        ...bands.map(({ benchmark }) => written(benchmark.region, 'count')),
      ],
    ],
  );
  say();
  if (plans.quartiles) {
    const { lower, median, upper, basis } = plans.quartiles;
    say(
      `  Quartiles of the rate: ${lower}, ${median}, ${upper} (of ${basis} authorities).  [c] hidden   [x] not available`,
    );
  }
  say();
  say(bold('One party leaves'));
  const leaverName = plans.authorities.find(({ authority }) => authority.code === leaver)!.authority.name;
  say(`  ${leaverName} has given signed notice to leave from today. A further return of it is refused:`);
  say(
    `  ${withdrawn.code}, clause ${withdrawn.clause}. The return that it had sent before stays out of the next publication too:`,
  );
  say(`  ${latest} says "${plans.coverage.text}".`);
  mustBe(plans.coverage.text === `${agreement.parties.length - 1} of ${agreement.parties.length}`, 'it says how many');
  const across = await timed('across regions', () => acrossRegions(world, latest, leaver));
  say();
  say(bold('A lead of the West Midlands'));
  say(
    `  saw nothing of the North East before (${across.before}). Then ${across.parties} authorities of both regions, and not the one`,
  );
  say(`  that has left, sign "${across.agreement}", which names the total of three indicators:`);
  say(
    `  ${across.shared.authorities
      .slice(0, 3)
      .map(({ authority, figure }) => `${authority.name} ${written(figure, 'count')}`)
      .join(', ')} … ${across.shared.authorities.length} in all, "${across.shared.coverage.text}".`,
  );
  for (const sentence of across.shared.shows.split('. ')) say(`  ${sentence.replace(/\.?$/, '.')}`);
  say('  Nothing beyond:');
  for (const [what, code] of Object.entries(across.beyond)) say(`    ${code!.padEnd(22)} ${what}`);
  say(`  Once it has ended, at the next request: ${across.after}.`);
  say();
  say(bold('What was hidden, over three years and all indicators:'));
  say(
    `  ${hidden.small} figures because they are small (1 to ${threshold - 1}), ${hidden.cover} to cover them; one mark for both.`,
  );
  say(
    `  ${hidden.printed.toLocaleString('en-GB')} figures are printed: ${(100 * share).toFixed(1)} % of those that are not small had to be hidden.`,
  );
  say(
    '  Before anything left, a checker that shares nothing with the suppressor added up, for the outsider and for each of',
  );
  say('  the twelve authorities, two whole tables for every small figure: nobody can compute one.');
  mustBe(hidden.small >= 10, 'fewer than ten figures are hidden as too small');
  mustBe(hidden.cover >= 5, 'fewer than five figures are hidden as cover');
  mustBe(share <= 0.4, 'more than 40 % of the other figures are hidden');
  const reader = await timed('reader’s check', () => readersCheck(world, hubKey, figures.dataset));
  say();
  say(bold('A reader checks the publication by adding up, as "hub publication verify" does'));
  say(
    `  checked: digest, ledger entry, ${reader.equations} equations, ${reader.hidden} hidden figures: none can be computed from what is printed`,
  );
  say(
    `  (${reader.tables} whole tables fit what is printed, and no hidden figure is the same in all of them). With one figure changed:`,
  );
  say(`  PUBLICATION_INVALID: ${reader.refused}.`);
  const ledger = await timed('ledger', () => plantedChange(world));
  say();
  say(bold('The ledger'));
  say(
    `  of ${ledger.entries} entries holds. Then the owner of the database switches the guard off and dates two returns a year back,`,
  );
  say(
    `  entries ${ledger.planted.join(' and ')}: "hub ledger verify" says that entry ${ledger.first} is not the one that was signed, and the first.`,
  );
  const indicators = new Set([...benchmarks.keys()].map((key) => key.match(/\["([A-Z0-9]+)"/)![1]!));
  const withBreakdown = new Set(
    [...benchmarks.keys()].filter((key) => key.includes('dimension')).map((key) => key.match(/\["([A-Z0-9]+)"/)![1]!),
  );
  mustBe(indicators.size >= 10, 'fewer than ten indicators');
  return {
    agreement: { id: agreement.id, version: agreement.version, parties: agreement.parties.length, threshold },
    withdrawn: { ...withdrawn, coverage: plans.coverage.text },
    acrossRegions: {
      agreement: across.agreement,
      parties: across.parties,
      before: across.before,
      authorities: across.shared.authorities.map(({ authority }) => authority.code),
      coverage: across.shared.coverage.text,
      regionFigure: across.shared.region.kind,
      beyond: across.beyond,
      after: across.after,
    },
    returns: receipts.length,
    rows: rowCount,
    receiptsVerified: receipts.length,
    queriesAnswered: queried,
    refused: Object.fromEntries(Object.entries(refused).map(([what, { code }]) => [what, code])),
    published,
    indicators: indicators.size,
    indicatorsWithBreakdown: withBreakdown.size,
    readersCheck: reader,
    hidden: { ...hidden, shareOfOthers: Math.round(share * 1000) / 1000 },
    ledger,
    checked: true,
  };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'safeguarding-demo-'));
  const { sources } = figuresOf(NORTH_EAST);
  say(bold('Regional Safeguarding Data Hub: the whole road once'));
  say();
  say('Figures: real counts of the twelve authorities of the North East, years ending March 2023 to 2025.');
  const repositories = new Map(
    sources.map((source) => [`${source.repository} at ${source.commit.slice(0, 12)}`, source]),
  );
  for (const [name, { licence }] of repositories) {
    const files = sources.filter((source) => name === `${source.repository} at ${source.commit.slice(0, 12)}`);
    say(`  ${files.length} file${files.length > 1 ? 's' : ''} of github.com/${name}`);
    if (name === [...repositories.keys()].at(-1)) say(`  Licence: ${licence}`);
  }
  say('  (each file, with its checksum, is named in test/figures/E12000001.json)');
  say(
    'They are published already. The demonstration treats them as if they were not, so it ignores the marks "published',
  );
  say(
    'nationally" of its dataset; production refuses that setting. The source hides 1 to 5; this agreement hides 1 to 9.',
  );
  say();
  let world: World | null = null;
  try {
    world = await timed('start', () =>
      World.start({ dataFolder: folder, environment: { HUB_IGNORE_NATIONAL_MARKS: 'true' } }),
    );
    const result = await run(world);
    await timed('stop', () => world!.stop());
    world = null;
    say();
    say(bold('How long it took:'));
    for (const [part, seconds] of Object.entries(timings))
      say(`  ${part.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`);
    if (json) process.stdout.write(`${JSON.stringify({ ...result, seconds: timings })}\n`);
  } finally {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
