import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  AgreementsService,
  decideAmong,
  decideKeeping,
  draft,
  parseAgreement,
  propose,
  sign,
  type Agreement,
  type Question,
} from '@hub/agreements';
import { londonDate, parsePeriod, systemClock } from '@hub/kernel';
import { openDataSource, Store } from '@hub/platform';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { exampleAgreement } from '../seed/seed';
import { processorTimeOf } from '../support/processor-time';
import { figuresOf, NORTH_EAST, World } from '../support/world';
import { fullReturn } from './full-return';
import { machine, median, option, ownFolder, round, rowsOf } from './measure';

/**
 * How many decisions each door of an agreement takes per second, where 1, 10 or 50 agreements are about the region, beside
 * the least that a door could do: look the answer up in a list written beforehand. And what a door costs within a whole
 * request of a running hub: the decision alone, and with loading the agreements anew, as each request does.
 * All of it is processor time of this process or of the hub, for a machine that is busy otherwise does not lengthen that;
 * the database's own time is on neither side.
 */
const RUNS = 5;
const AMOUNTS = [1, 10, 50] as const;
const PERIOD = '2026-Q1';
const today = londonDate(systemClock.now());
const example = exampleAgreement('north-east-benchmarking.v1');
const authorities = example.parties.map(({ authority }) => authority);

/** Agreements in force over the same cells. */
const agreements: Agreement[] = Array.from({ length: Math.max(...AMOUNTS) }, (_, i) => {
  const document = parseAgreement({ ...example, id: `agreement-${i}` });
  return authorities.reduce((one, authority) => sign(one, authority, today), propose(draft(document)));
});

const table = example.tables.find(({ frequency }) => frequency === 'quarter')!;
const asked = {
  dataset: { code: table.dataset, version: table.versions.from },
  period: parsePeriod(PERIOD),
};
const audience = example.audience.find(({ of }) => of === NORTH_EAST)!;
/** One question for each door and authority; the answer to each is a permit. */
const doors: Readonly<Record<Question['door'], (authority: (typeof authorities)[number]) => Question>> = {
  accept: (authority) => ({ door: 'accept', authority, ...asked, signatures: 2, agencies: [] }),
  compile: (authority) => ({
    door: 'compile',
    region: NORTH_EAST,
    authority,
    ...asked,
    indicator: 'CP01',
    breakdown: null,
  }),
  read: () => ({
    door: 'read',
    purpose: 'regional-benchmarking',
    standings: [{ of: NORTH_EAST, roles: audience.roles }],
    region: NORTH_EAST,
    ...asked,
    indicator: 'CP01',
    breakdown: null,
    publishedUnder: { id: 'agreement-0', version: 1, threshold: 50 },
  }),
  keep: (authority) => ({ door: 'keep', item: 'cells', authority, ...asked, receivedOn: today }),
};

/** Microseconds of this process' processor time per call, over a tenth of a second and more. */
async function costOf(work: () => unknown): Promise<number> {
  for (let i = 0; i < 200; i++) await work();
  const began = process.cpuUsage();
  for (let calls = 0; ;) {
    for (let i = 0; i < 50; i++, calls++) {
      const result = work();
      if (result instanceof Promise) await result;
    }
    const { user, system } = process.cpuUsage(began);
    if (user + system > 100_000) return (user + system) / calls;
  }
}

async function decisions() {
  const measured: Record<string, Record<string, { perSecond: number; baseline: number; microseconds: number }>> = {};
  for (const [door, questionOf] of Object.entries(doors)) {
    const questions = authorities.map(questionOf);
    const listed = new Set(authorities.map((one) => `${one} ${asked.dataset.code} ${asked.dataset.version} ${PERIOD}`));
    for (const amount of AMOUNTS) {
      const [named, ...others] = agreements.slice(0, amount) as [Agreement, ...Agreement[]];
      let turn = 0;
      const decideOne = (): void => {
        const question = questions[turn++ % questions.length]!;
        const { permitted } =
          question.door === 'keep'
            ? decideKeeping(named.document, [named, ...others], question, today)
            : decideAmong(named, others, question, today);
        if (!permitted) throw new Error(`the door ${door} is closed`);
      };
      const lookUp = (): void => {
        const authority = authorities[turn++ % authorities.length]!;
        if (!listed.has(`${authority} ${asked.dataset.code} ${asked.dataset.version} ${PERIOD}`)) {
          throw new Error('the list is wrong');
        }
      };
      const costs: { door: number; bare: number }[] = [];
      for (let i = 0; i < RUNS; i++) costs.push({ door: await costOf(decideOne), bare: await costOf(lookUp) });
      const microseconds = median(costs.map((one) => one.door));
      (measured[door] ??= {})[amount] = {
        perSecond: Math.round(1e6 / microseconds),
        baseline: Math.round(1e6 / median(costs.map(({ bare }) => bare))),
        microseconds: round(microseconds),
      };
    }
  }
  return measured;
}

async function requests(amount: number) {
  const folder = ownFolder('agreements');
  const world = await World.start({
    dataFolder: join(folder, 'data'),
    environment: { HUB_IGNORE_NATIONAL_MARKS: 'true' },
  });
  try {
    await world.concludeAgreement(NORTH_EAST);
    const figures = figuresOf(NORTH_EAST);
    const period = figures.returns.map((one) => one.period).sort().at(-1)!; // prettier-ignore
    const round = await world.openRound(NORTH_EAST, figures.dataset.code, period);
    for (const one of figures.returns.filter((each) => each.period === period)) {
      const { answer } = await world.sendReturn(NORTH_EAST, figures.dataset, one);
      if (answer.status !== 201) throw new Error(`a return was answered ${answer.status}: ${answer.text}`);
    }
    const { state } = await world.publish(NORTH_EAST, round);
    if (state !== 'PUBLISHED') throw new Error(`the round is ${state}`);

    const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
    await world.openRound(NORTH_EAST, dataset.code, PERIOD);
    const rows = await fullReturn(dataset);
    const free = rows.findIndex(({ indicator, breakdown }) => indicator === 'CP07' && !breakdown);
    let made = 0;
    const authority = authorities[0]!;
    const lead = await world.token('regional-lead', NORTH_EAST);
    const query = `query ($code: ID!, $period: String!) { region(code: $code) { benchmark(indicator: "CP01", period: $period) {
      coverage { text } authorities { authority { code } figure { kind count value } rank } region { kind count } } } }`;
    const kinds: Record<string, () => Promise<void>> = {
      // Each another version: one count differs.
      submit: async () => {
        const payload = world.payload(NORTH_EAST, { code: dataset.code, version: dataset.version }, { authority, period: PERIOD, rows: rows.with(free, { ...rows[free]!, count: made++ % (rows[free]!.of! + 1) }) }); // prettier-ignore
        const { status } = await world.send(authority, await world.sign(authority, payload));
        if (status !== 201) throw new Error(`a return was answered ${status}`);
      },
      query: async () => {
        await world.ask(lead, query, { code: NORTH_EAST, period });
      },
    };
    const cost: Record<string, number> = {};
    for (const [kind, send] of Object.entries(kinds)) {
      for (let i = 0; i < amount / 4; i++) await send();
      const began = processorTimeOf(world.hub.pid);
      for (let i = 0; i < amount; i++) await send();
      cost[kind] = (1000 * (processorTimeOf(world.hub.pid) - began)) / amount;
    }

    // What each of them does before it asks: the agreements about the region, read anew, as the hub's store does it.
    const store = new Store(await openDataSource(world.ownerUrl, 'reader'));
    const service = new AgreementsService(systemClock);
    const { id, version } = example;
    const [region] = await rowsOf<{ id: number }>(
      world.ownerUrl,
      `select id from registry.region where code = '${NORTH_EAST}'`,
    );
    const loading = await store.as(null, async (tx) => {
      if ((await service.about(tx, region!.id)).length !== 1) throw new Error('there is one agreement');
      const costs: { accept: number; read: number }[] = [];
      for (let i = 0; i < RUNS; i++) {
        costs.push({
          accept: await costOf(() => service.beside(tx, id, version)),
          read: await costOf(() => service.about(tx, region!.id)),
        });
      }
      return { accept: median(costs.map(({ accept }) => accept)), read: median(costs.map(({ read }) => read)) };
    });
    await store.close();
    return { cost, loading, config: { ...(await machine(world.ownerUrl)), requests: amount } };
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const measured = await decisions();
  for (const [door, each] of Object.entries(measured)) {
    for (const [amount, { perSecond, baseline }] of Object.entries(each)) {
      process.stdout.write(`  ${door.padEnd(8)} ${amount.padStart(2)} agreements ${String(perSecond).padStart(9)} decisions per second of processor time, a look-up ${baseline}\n`); // prettier-ignore
    }
  }
  const { cost, loading, config } = await requests(option('requests', 100));
  const share = (door: 'accept' | 'read', kind: string) => {
    const percent = (microseconds: number) => round((100 * microseconds) / cost[kind]!);
    return {
      door,
      requestMicroseconds: Math.round(cost[kind]!),
      decisionPercent: Object.fromEntries(AMOUNTS.map((amount) => [amount, percent(measured[door]![amount]!.microseconds)])), // prettier-ignore
      withLoadingPercent: percent(measured[door]![1]!.microseconds + loading[door]),
    };
  };
  const within = { submit: share('accept', 'submit'), query: share('read', 'query') };
  for (const [kind, { door, requestMicroseconds, decisionPercent, withLoadingPercent }] of Object.entries(within)) {
    process.stdout.write(
      `  ${kind}: ${(requestMicroseconds / 1000).toFixed(1)} ms of the hub's processor; the door ${door} is ${decisionPercent[1]} % of that (${decisionPercent[50]} % with 50 agreements), with loading its agreement ${withLoadingPercent} %\n`,
    );
  }
  process.stdout.write(
    `${JSON.stringify({ bench: 'agreements', decisions: measured, loadingMicroseconds: { accept: round(loading.accept), read: round(loading.read) }, within, config })}\n`,
  );
}

main().catch((error: Error) => {
  process.stderr.write(`bench:agreements failed: ${error.stack}\n`);
  process.exitCode = 1;
});
