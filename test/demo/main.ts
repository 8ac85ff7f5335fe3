import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleAgreement } from '../seed/seed';
import { figuresOf, NORTH_EAST, World, type Figures } from '../support/world';
import { acrossRegions } from './acts/across-regions';
import { agreementIsSigned } from './acts/agreement';
import { benchmarksAreRead } from './acts/benchmarks';
import { boardsTalk } from './acts/issues';
import { bookIsKept } from './acts/book';
import { clinicIsHeld } from './acts/clinic';
import { ledgerIsChanged } from './acts/ledger';
import { periodsArePublished } from './acts/publications';
import { quarter } from './acts/quarter';
import { howMuchIsHidden, leadReads } from './acts/reading';
import { readerChecks } from './acts/readers-check';
import { refused } from './acts/refusals';
import { returnsAreSent } from './acts/returns';
import { publicationIsWithdrawn } from './acts/withdrawal';
import { bold, json, mustBe, say, timed, timings, type Stage } from './stage';

/**
 * The main job on real published figures, from nothing: twelve authorities sign and send three years, a region is
 * published with small numbers protected, a member reads it, and an outsider is refused. Each act is a file of `acts`.
 */
async function run(world: World, figures: Figures) {
  const agreement = exampleAgreement('north-east-benchmarking.v1');
  world.agreements.set(NORTH_EAST, agreement);
  const stage: Stage = {
    world,
    figures,
    periods: [...new Set(figures.returns.map(({ period }) => period))].sort(),
    lead: await world.token('regional-lead', NORTH_EAST),
    hubKey: await world.ledgerKey(),
    agreement,
    rounds: new Map(),
  };
  const signed = await agreementIsSigned(stage);
  const sent = await returnsAreSent(stage);
  const refusals = await refused(stage);
  const { published, benchmarks, hidden, withdrawn } = await periodsArePublished(stage);
  const coverage = leadReads(stage, benchmarks, withdrawn);
  const across = await acrossRegions(stage, withdrawn.authority);
  const howMuch = howMuchIsHidden(stage, hidden);
  const readersCheck = await readerChecks(stage);
  const book = await bookIsKept(stage, withdrawn.authority);
  const withdrawal = await publicationIsWithdrawn(stage);
  const meeting = await benchmarksAreRead(stage);
  const clinic = await clinicIsHeld(stage);
  const boards = await boardsTalk(stage);
  const ofTheQuarter = await quarter(stage, withdrawn.authority);
  // Nothing mends it again: the last act.
  const ledger = await ledgerIsChanged(stage);
  const indicatorOf = (key: string) => key.match(/\["([A-Z0-9]+)"/)![1]!;
  const indicators = new Set([...benchmarks.keys()].map(indicatorOf));
  mustBe(indicators.size >= 10, 'fewer than ten indicators');
  return {
    agreement: signed,
    withdrawn: { ...withdrawn, coverage },
    acrossRegions: across,
    ...sent,
    refused: refusals,
    published,
    indicators: indicators.size,
    indicatorsWithBreakdown: new Set([...benchmarks.keys()].filter((key) => key.includes('dimension')).map(indicatorOf))
      .size,
    readersCheck,
    meeting,
    clinic,
    boards,
    book,
    publicationWithdrawn: withdrawal,
    quarter: ofTheQuarter,
    hidden: howMuch,
    ledger,
    checked: true,
  };
}

function sayWhatIsShown(sources: Figures['sources']): void {
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
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'safeguarding-demo-'));
  const figures = figuresOf(NORTH_EAST);
  sayWhatIsShown(figures.sources);
  let world: World | null = null;
  try {
    world = await timed('start', () =>
      World.start({ dataFolder: folder, environment: { HUB_IGNORE_NATIONAL_MARKS: 'true' } }),
    );
    const result = await run(world, figures);
    await timed('stop', () => world!.stop());
    world = null;
    say();
    const longest = Object.entries(timings)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3);
    const whole = Object.values(timings).reduce((a, b) => a + b, 0);
    say(
      `It took ${whole.toFixed(0)} s, longest: ${longest.map(([part, seconds]) => `${part} ${seconds.toFixed(0)} s`).join(', ')}.`,
    );
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
