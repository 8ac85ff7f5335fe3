import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { strToU8, zipSync } from 'fflate';
import { makePayload } from '@hub/client';
import { parsePeriod } from '@hub/kernel';
import { loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import { validate } from '@hub/submissions/domain';
import { graphql } from '../support/graphql';
import { processorTimeOf } from '../support/processor-time';
import { nameOf, returnOf } from '../support/returns';
import { NORTH_EAST, World, type Row } from '../support/world';
import { fullReturn } from './full-return';
import { machine, median, option, ownFolder, round, takesOnly } from './measure';

/**
 * What `check` costs in processor time: the rules alone, and the hub's whole answer; whether the hub's memory stays as it was over
 * many submissions; and what a workbook of 20,000 rows takes until it is a payload.
 */
const [BEFORE, PERIOD] = ['2025-Q4', '2026-Q1'] as const;
const CHECKS = 40;

const CHECK =
  'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted findings { rule pointer severity } } }';

async function main(): Promise<void> {
  takesOnly('rows', 'workbook', 'submissions');
  const rows = option('rows', 20_000);
  if (process.argv.includes('--workbook')) return workbook(rows);
  const folder = ownFolder('check');
  const world = await World.start({
    dataFolder: join(folder, 'data'),
    environment: { HUB_SUBMISSIONS_PER_MINUTE: '0' },
  });
  try {
    const report = {
      bench: 'check',
      config: await machine(world.ownerUrl),
      ...(await checks(world)),
      memory: await submissions(world, option('submissions', 10_000)),
      workbook: [rows / 10, rows].map((count) => inOwnProcess(count)),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A return of all that a dataset has room for, beside one of the period before, and one period that is published. */
async function checks(world: World) {
  const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
  const agreement = await world.concludeAgreement(NORTH_EAST);
  const authorities = agreement.parties.map(({ authority }) => authority as string);
  const sender = authorities[0]!;
  const rows = await fullReturn(dataset);
  const payloadOf = (authority: string, period: string, of: readonly Row[]) =>
    world.payload(NORTH_EAST, nameOf(dataset), { authority, period, rows: of });

  // A publication of the period before, so that there is a printed range to be held against.
  const published = await world.openRound(NORTH_EAST, dataset.code, BEFORE);
  for (const authority of authorities) {
    const one = payloadOf(authority, BEFORE, returnOf(dataset, [{ indicator: 'EH01', count: 400 }]));
    const { status, text } = await world.send(authority, await world.sign(authority, one));
    if (status !== 201) throw new Error(text);
  }
  const { state } = await world.publish(NORTH_EAST, published);
  await world.openRound(NORTH_EAST, dataset.code, PERIOD);

  const token = await world.token('authority-system', sender);
  const whole = payloadOf(sender, PERIOD, rows);
  const explanations = await world.explanationsOf(sender, whole);
  const envelope = await world.sign(sender, { ...whole, explanations });
  const ask = async () => {
    const { data } = await graphql<{ checkSubmission: { accepted: boolean } }>(world.hub.url, token, CHECK, {
      e: envelope,
    });
    if (!data?.checkSubmission.accepted) throw new Error('the return of the bench is not accepted');
  };
  for (let i = 0; i < CHECKS; i++) await ask();
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const began = processorTimeOf(world.hub.pid);
    for (let i = 0; i < CHECKS; i++) await ask();
    times.push((processorTimeOf(world.hub.pid) - began) / CHECKS);
  }
  const rules = rulesAlone(dataset, { ...whole, explanations });
  const per500 = (ms: number) => round((ms * 500) / rows.length);
  const answer = {
    rows: rows.length,
    earlierEdition: state,
    msOfProcessor: round(median(times)),
    per500Rows: per500(median(times)),
    each: times.map(round),
  };
  process.stdout.write(
    `  check of ${rows.length} rows: ${answer.msOfProcessor} ms of the hub's processor time, ${answer.per500Rows} ms for 500 rows; the rules alone ${rules} ms\n`,
  );
  return { check: { ...answer, rulesAlone: rules } };
}

/** Milliseconds of processor time of the rules, without anything around them. */
function rulesAlone(dataset: Dataset, payload: object): number {
  const body = JSON.parse(JSON.stringify(payload)) as unknown;
  const run = () => validate(body, dataset, { period: parsePeriod(PERIOD), threshold: 10 });
  for (let i = 0; i < 20; i++) run();
  const began = process.cpuUsage();
  for (let i = 0; i < 50; i++) run();
  const { user, system } = process.cpuUsage(began);
  return round((user + system) / 1000 / 50);
}

/** Resident memory of the hub, in MB, over so many submissions; sampled all along, for the collector comes when it likes. */
async function submissions(world: World, count: number) {
  const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
  const [{ authority }] = world.agreements.get(NORTH_EAST)!.parties as unknown as [{ authority: string }];
  const residentMb = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${world.hub.pid}/status`, 'utf8'))![1]) / 1024;
  const samples: number[] = [];
  const began = performance.now();
  let sent = 0;
  const one = async () => {
    while (sent < count) {
      const turn = sent++;
      const rows = returnOf(dataset, [{ indicator: 'EH01', count: 400 + (turn % 50) }]);
      const payload = {
        ...world.payload(NORTH_EAST, nameOf(dataset), { authority, period: PERIOD, rows }),
        reason: 'One count differs.',
      };
      const { status, text } = await world.send(authority, await world.sign(authority, payload));
      if (status !== 201) throw new Error(text);
      if (turn % 50 === 0) samples.push(residentMb());
    }
  };
  await Promise.all([one(), one(), one(), one()]);
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const least = (part: readonly number[]) => Math.round(Math.min(...part));
  const found = {
    submissions: count,
    // The first tenth warms up.
    afterATenth: least(samples.slice(tenth, 2 * tenth)),
    inTheMiddle: least(samples.slice(5 * tenth, 6 * tenth)),
    atTheEnd: least(samples.slice(-tenth)),
    most: Math.round(Math.max(...samples)),
    perSecond: round((count * 1000) / (performance.now() - began)),
  };
  process.stdout.write(
    `  ${count} submissions: ${found.afterATenth} MB after a tenth, ${found.inTheMiddle} MB in the middle, ${found.atTheEnd} MB at the end, ${found.most} MB at most\n`,
  );
  return found;
}

/** A workbook of so many rows in a process of its own, so that its peak is its own. */
function inOwnProcess(rows: number) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [__filename, '--workbook', '--rows', String(rows)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
  process.stdout.write(
    `  a workbook of ${rows} rows: ${found['ms']} ms of processor time, ${found['peakMb']} MB at most, ${found['beforeMb']} MB before\n`,
  );
  return found;
}

/** A dataset with room for so many rows, each of them filled in. */
function workbook(rows: number): void {
  const quarterly = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
  const plain = quarterly.indicators.find(({ code }) => code === 'EH01')!;
  const [of, categories] = [20, Math.floor(rows / 20) - 1];
  const codes = Array.from({ length: categories }, (_, i) => `c${i}`);
  const dataset: Dataset = {
    ...quarterly,
    rules: [],
    dimensions: { source: { name: 'Source', categories: codes.map((code) => ({ code, name: code })) } },
    indicators: Array.from({ length: of }, (_, i) => ({
      ...plain,
      code: `ZZ${String(i).padStart(2, '0')}`,
      breakdowns: [{ dimension: 'source' as const, exhaustive: true }],
    })),
  };
  const cells: (string | number)[][] = [['indicator', 'dimension', 'category', 'count']];
  for (const { code } of dataset.indicators) {
    cells.push([code, '', '', 7 * categories], ...codes.map((category) => [code, 'source', category, 7]));
  }
  const bytes = workbookOf(cells);
  cells.length = 0;
  globalThis.gc?.();
  const beforeMb = Math.round(process.memoryUsage().rss / 1e6);
  const began = process.cpuUsage();
  const { payload, findings } = makePayload(bytes, {
    dataset,
    authority: 'E06000001',
    period: parsePeriod(PERIOD),
    agreement: { id: 'north-east-benchmarking', version: 1 },
  });
  const { user, system } = process.cpuUsage(began);
  if (payload === undefined) throw new Error(`no payload: ${JSON.stringify(findings.slice(0, 3))}`);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1000);
  process.stdout.write(
    `${JSON.stringify({ rows: of * (categories + 1), fileBytes: bytes.length, payloadBytes: payload.length, ms: Math.round((user + system) / 1000), beforeMb, peakMb })}\n`,
  );
}

/** A workbook of one sheet, with its texts in the cells. */
function workbookOf(rows: readonly (readonly (string | number)[])[]): Uint8Array {
  const xml = rows.map((row, r) => {
    const cells = row.map((cell, c) => {
      const at = `r="${String.fromCharCode(65 + c)}${r + 1}"`;
      return typeof cell === 'number'
        ? `<c ${at}><v>${cell}</v></c>`
        : `<c ${at} t="inlineStr"><is><t>${cell}</t></is></c>`;
    });
    return `<row r="${r + 1}">${cells.join('')}</row>`;
  });
  const parts = {
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${xml.join('')}</sheetData></worksheet>`,
    'xl/workbook.xml': '<workbook><sheets><sheet name="Return" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

main().catch((error: Error) => {
  process.stderr.write(`bench:check failed: ${error.stack}\n`);
  process.exitCode = 1;
});
