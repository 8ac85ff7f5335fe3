import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  AgreementsService,
  changesSoFar,
  decideAmong,
  decideKeeping,
  draft,
  parseAgreement,
  propose,
  sign,
  type Agreement,
  type Question,
} from '@hub/agreements';
import { canonical, londonDate, parsePeriod, systemClock } from '@hub/kernel';
import { openDataSource, Store, type Tx } from '@hub/platform';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { exampleAgreement } from '../seed/seed';
import { ask } from '../support/database';
import { processorTimeOf, threadTimeOf } from '../support/processor-time';
import { figuresOf, NORTH_EAST, World } from '../support/world';
import { fullReturn } from './full-return';
import { machine, median, option, ownFolder, round, takesOnly } from './measure';

/**
 * How many decisions each door of an agreement takes per second, where 1, 10 or 50 agreements are about the region, beside
 * the least that a door could do: look the answer up in a list written beforehand. And what a door costs within a whole
 * request of a running hub where 1 or 50 are: the decision alone, and with what brings the agreements, as each request does.
 * All of it is processor time, for a machine that is busy otherwise does not lengthen that, and the database's is counted
 * too: of a request the hub's and the database's, of what brings the agreements this process' and the database's.
 */
const RUNS = 5;
/** So many calls are measured together. */
const CALLS = 50;
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

/** Agreements like the example, in force over the same cells, until there are so many. */
async function addAgreements(ownerUrl: string, amount: number): Promise<void> {
  for (let i = 1; i < amount; i++) {
    const document = canonical({ ...example, id: `another-${i}` });
    for (const sql of [
      `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
         select $2, version, region_id, state, effective, $3, sha256(convert_to($3, 'UTF8')), changed_at, concluded_at
         from agreements.agreement where id = $1 and $2 not in (select id from agreements.agreement)`,
      `insert into agreements.scope select $2, agreement_version, region_id from agreements.scope
         where agreement_id = $1 and $3 <> '' on conflict do nothing`,
      `insert into agreements.party (agreement_id, agreement_version, region_id, authority_id, status, signature, kid)
         select $2, agreement_version, region_id, authority_id, status, signature, kid from agreements.party
         where agreement_id = $1 and $3 <> '' on conflict do nothing`,
    ]) {
      await ask(ownerUrl, sql, [example.id, `another-${i}`, document]);
    }
  }
  await ask(ownerUrl, 'analyze');
}

/** Microseconds of processor time of those processes of the database that serve one login. */
async function databaseTime(ownerUrl: string, login: string): Promise<number> {
  const sql = `select pid from pg_stat_activity where application_name = 'hub ${login}'`;
  return (await ask<{ pid: number }>(ownerUrl, sql)).reduce((sum, { pid }) => sum + threadTimeOf(pid), 0);
}

/** Microseconds of processor time of one call. */
interface Cost {
  readonly process: number;
  readonly database: number;
}

/**
 * What a call costs more than another, here and in the database: both in turns, the median of the differences.
 * @param backend  the process of the database that answers both
 */
async function difference(backend: number, more: () => Promise<unknown>, less: () => Promise<unknown>): Promise<Cost> {
  const cost = async (work: () => Promise<unknown>): Promise<Cost> => {
    const [began, there] = [process.cpuUsage(), threadTimeOf(backend)];
    for (let i = 0; i < CALLS; i++) await work();
    const { user, system } = process.cpuUsage(began);
    return { process: (user + system) / CALLS, database: (threadTimeOf(backend) - there) / CALLS };
  };
  for (let i = 0; i < CALLS; i++) await more().then(less);
  const each: Cost[] = [];
  for (let i = 0; i < 20 * RUNS; i++) {
    const [one, other] = [await cost(more), await cost(less)];
    each.push({ process: one.process - other.process, database: one.database - other.database });
  }
  return { process: median(each.map((one) => one.process)), database: median(each.map((one) => one.database)) };
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
    const period = figures.returns
      .map((one) => one.period)
      .sort()
      .at(-1)!;
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
    const payloadOf = (of: typeof rows) =>
      world.payload(
        NORTH_EAST,
        { code: dataset.code, version: dataset.version },
        { authority, period: PERIOD, rows: of },
      );
    const explanations = await world.explanationsOf(authority, payloadOf(rows));
    const kinds: Record<'submit' | 'query', () => Promise<void>> = {
      // Each another version: one count differs.
      submit: async () => {
        const count = made++ % (rows[free]!.of! + 1);
        const payload = {
          ...payloadOf(rows.with(free, { ...rows[free]!, count })),
          explanations,
          reason: 'One count differs.',
        };
        const { status } = await world.send(authority, await world.sign(authority, payload));
        if (status !== 201) throw new Error(`a return was answered ${status}`);
      },
      query: async () => {
        await world.ask(lead, query, { code: NORTH_EAST, period });
      },
    };

    // What brings the agreements: a statement of the intake's own, and a part of one that the reader makes anyway.
    const reader = new Store(
      await openDataSource(
        world.ownerUrl.replace(/\/\/[^@]*@/, `//hub_reader:${passwordOf(folder, 'reader')}@`),
        'reader',
      ),
    );
    const intake = new Store(await openDataSource(world.ownerUrl, 'intake'));
    const service = new AgreementsService(systemClock);
    const [region] = await ask<{ id: number }>(
      world.ownerUrl,
      `select id from registry.region where code = '${NORTH_EAST}'`,
    );
    const [member] = await ask<{ id: string }>(
      world.ownerUrl,
      `select member_id as id from identity.member_role where role = 'regional-lead' and organisation = '${NORTH_EAST}'`,
    );
    const backendOf = async (tx: Tx): Promise<number> =>
      ((await tx.query('select pg_backend_pid() as pid')) as [{ pid: number }])[0].pid;
    const publications = (more: string) =>
      `select id, edition, dataset, period, published_at, number, digest${more} from release.publication
       where region_id = $1 and state = 'current'`;
    const loading = async (there: number) => ({
      accept: await intake.as(null, async (tx) => {
        const found = await service.beside(tx, example.id, example.version);
        if (found?.others.length !== there - 1) throw new Error(`there are ${there} agreements`);
        const nothing = async () => {};
        return difference(await backendOf(tx), () => service.beside(tx, example.id, example.version), nothing);
      }),
      read: await reader.as(member!, async (tx) =>
        difference(
          await backendOf(tx),
          async () => {
            const [row] = (await tx.query(publications(`, ${changesSoFar} as changes`), [region!.id])) as {
              changes: string;
            }[];
            const found = await service.aboutAsSeen(tx, member!.id, region!.id, row!.changes);
            if (found.length !== there) throw new Error(`there are ${there} agreements`);
          },
          () => tx.query(publications(''), [region!.id]),
        ),
      ),
    });

    const logins = { submit: 'intake', query: 'reader' } as const;
    const measured: Record<
      number,
      { cost: Record<keyof typeof kinds, Cost>; loading: Record<'accept' | 'read', Cost> }
    > = {};
    for (const there of [1, 50]) {
      await addAgreements(world.ownerUrl, there);
      const costOfKind = async (kind: keyof typeof kinds): Promise<Cost> => {
        for (let i = 0; i < amount / 4; i++) await kinds[kind]();
        const began = processorTimeOf(world.hub.pid);
        const databaseBegan = await databaseTime(world.ownerUrl, logins[kind]);
        for (let i = 0; i < amount; i++) await kinds[kind]();
        return {
          process: (1000 * (processorTimeOf(world.hub.pid) - began)) / amount,
          database: ((await databaseTime(world.ownerUrl, logins[kind])) - databaseBegan) / amount,
        };
      };
      const cost = { submit: await costOfKind('submit'), query: await costOfKind('query') };
      measured[there] = { cost, loading: await loading(there) };
    }
    await reader.close();
    await intake.close();
    return { measured, config: { ...(await machine(world.ownerUrl)), requests: amount } };
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The password that the owner gave to a login of the embedded database. */
const passwordOf = (folder: string, login: string): string =>
  (JSON.parse(readFileSync(join(folder, 'data', 'roles.json'), 'utf8')) as Record<string, string>)[login]!;

async function main(): Promise<void> {
  takesOnly('requests');
  const measured = await decisions();
  for (const [door, each] of Object.entries(measured)) {
    for (const [amount, { perSecond, baseline }] of Object.entries(each)) {
      process.stdout.write(
        `  ${door.padEnd(8)} ${amount.padStart(2)} agreements ${String(perSecond).padStart(9)} decisions per second of processor time, a look-up ${baseline}\n`,
      );
    }
  }
  const { measured: within, config } = await requests(option('requests', 200));
  const shares = Object.entries(within).flatMap(([there, { cost, loading }]) =>
    (
      [
        ['submit', 'accept'],
        ['query', 'read'],
      ] as const
    ).map(([kind, door]) => {
      const whole = cost[kind].process + cost[kind].database;
      const percent = (microseconds: number) => round((100 * microseconds) / whole);
      const { microseconds } = measured[door]![there]!;
      return {
        kind,
        door,
        agreements: Number(there),
        hubMicroseconds: Math.round(cost[kind].process),
        databaseMicroseconds: Math.round(cost[kind].database),
        decisionMicroseconds: microseconds,
        loadingMicroseconds: round(loading[door].process),
        loadingDatabaseMicroseconds: round(loading[door].database),
        decisionPercent: percent(microseconds),
        withLoadingPercent: percent(microseconds + loading[door].process + loading[door].database),
      };
    }),
  );
  for (const one of shares) {
    process.stdout.write(
      `  ${one.kind}, ${one.agreements} in force: ${one.hubMicroseconds} µs of the hub, ${one.databaseMicroseconds} of the database; the door ${one.door} decides in ${one.decisionMicroseconds} µs (${one.decisionPercent} %), loads in ${one.loadingMicroseconds} here and ${one.loadingDatabaseMicroseconds} in the database: ${one.withLoadingPercent} % in all\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ bench: 'agreements', decisions: measured, within: shares, config })}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`bench:agreements failed: ${error.stack}\n`);
  process.exitCode = 1;
});
