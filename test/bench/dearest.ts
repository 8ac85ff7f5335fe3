import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isEnumType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { startEmbeddedPostgres, asking, queryLimits, takes } from '@hub/platform';
import { shortLists, weights } from '../../apps/hub/src/short-lists';
import { layPublications } from '../support/lay';
import { postmasterOf } from '../support/postmaster';
import { familyTimeOf, processorTimeOf } from '../support/processor-time';
import { quarterly } from '../support/returns';
import { rootFolder } from '../support/root';
import { NORTH_EAST, World } from '../support/world';
import { machine, median, option, ownFolder, round, takesOnly } from './measure';
import { madeUp, NEWEST, QUARTERS } from './query-figures';

/**
 * A small search for the dearest documents that the limits permit: every field that reads figures, with its arguments at their ends,
 * selected to several depths, under as many aliases as fit, each about another period or indicator. Tells what the dearest take of the
 * hub's processor, of the database's, of memory and of the line, and how many milliseconds a thousand of what they take of their member's minute are.
 */
const schema = buildSchema(readFileSync(join(rootFolder, 'contracts/schema/hub.graphql'), 'utf8'), {
  assumeValidSDL: true,
});
const AUTHORITY = 'E06000001';

/** Everything under a type that needs no argument, so deep. */
function everything(type: GraphQLNamedType, depth: number): string {
  if (!isObjectType(type)) return '';
  const all = Object.values(type.getFields()).filter(({ args }) => !args.some((one) => isNonNullType(one.type)));
  const parts = all.flatMap((field) => {
    const of = getNamedType(field.type);
    if (!isCompositeType(of)) return [field.name];
    // A connection and its edge are no deeper than what they hold.
    const inner =
      /(Connection|Edge)$/.test(type.name) || depth > 0
        ? everything(of, depth - (/(Connection|Edge)$/.test(of.name) ? 0 : 1))
        : '';
    return inner ? [`${field.name} ${inner}`] : [];
  });
  return parts.length ? `{ ${parts.join(' ')} }` : '';
}

/** What an argument is given, at its ends; undefined leaves it out. @param i  which alias */
function given(
  field: GraphQLField<unknown, unknown>,
  { name, type }: GraphQLArgument,
  i: number,
): (string | undefined)[] {
  const of = getNamedType(type);
  const indicator = quarterly.indicators[i % quarterly.indicators.length]!.code;
  const values: Record<string, (string | undefined)[]> = {
    back: [undefined, '36'],
    against: [undefined, `"${QUARTERS[0]!}"`],
    first: [undefined, '1', '100'],
    authority: isNonNullType(type) ? [`"${AUTHORITY}"`] : [undefined, `"${AUTHORITY}"`],
    period: isNonNullType(type) ? [`"${QUARTERS.at(-1 - (i % 8))!}"`] : [undefined],
    indicator: [`"${field.name === 'chart' ? 'RF01' : indicator}"`],
    series: [`"${indicator}#count"`],
    code: [`"${NORTH_EAST}"`],
    region: [`"${NORTH_EAST}"`],
    id: [field.name.startsWith('agreement') ? '"north-east-benchmarking"' : '"x"'],
    organisation: [`"${NORTH_EAST}"`],
    as: ['"brd-tees"'],
    dataset: isNonNullType(type) ? ['"safeguarding-quarterly"'] : [undefined],
    widened: ['true'],
    screenOutliers: ['true'],
  };
  if (isEnumType(of) && isNonNullType(type)) return of.getValues().map((one) => one.name);
  return values[name] ?? [undefined];
}

interface Candidate {
  readonly label: string;
  readonly document: (times: number) => string;
}

/** The field with each choice of arguments and each depth, under so many aliases inside `around`. */
function candidatesOf(field: GraphQLField<unknown, unknown>, around: (inner: string) => string): Candidate[] {
  let choices: ((i: number) => string[])[] = [() => []];
  for (const one of field.args) {
    const count = given(field, one, 0).length;
    choices = choices.flatMap((before) =>
      Array.from({ length: count }, (_, at) => (i: number) => {
        const value = given(field, one, i)[at];
        return value === undefined ? before(i) : [...before(i), `${one.name}: ${value}`];
      }),
    );
  }
  const of = getNamedType(field.type);
  const selections = isCompositeType(of) ? [...new Set([0, 1, 2, 3].map((depth) => everything(of, depth)))] : [''];
  return choices.flatMap((choice) =>
    selections.map((selection, depth) => {
      const args = (i: number) => (choice(i).length ? `(${choice(i).join(', ')})` : '');
      return {
        label: `${field.name}${args(0)} ${selection ? `{ ${depth} deep }` : ''}`,
        document: (times: number) =>
          around(Array.from({ length: times }, (_, i) => `a${i}: ${field.name}${args(i)} ${selection}`).join(' ')),
      };
    }),
  );
}

/** How many aliases the limits permit, and their cost. */
function most({ document }: Candidate): { times: number; cost: number; taken: number } {
  for (let times: number = queryLimits.aliases; times > 0; times--) {
    try {
      const parsed = parse(document(times), { maxTokens: queryLimits.tokens });
      if (validate(schema, parsed).length) return { times: 0, cost: 0, taken: 0 };
      const asked = asking(schema, parsed, getOperationAST(parsed)!, {}, shortLists, weights);
      if (asked.cost <= queryLimits.cost && asked.depth <= queryLimits.depth)
        return { times, cost: asked.cost, taken: takes(asked) };
    } catch {
      // Too many words.
    }
  }
  return { times: 0, cost: 0, taken: 0 };
}

async function main(): Promise<void> {
  takesOnly('top');
  const top = option('top', 12);
  const folder = ownFolder('dearest');
  const dataFolder = join(folder, 'data');
  const world = await World.start({
    dataFolder,
    environment: { HUB_IGNORE_NATIONAL_MARKS: 'true', HUB_READING_PER_MINUTE: '0' },
  });
  const embedded = await startEmbeddedPostgres(dataFolder);
  try {
    const { id, version, handling } = await world.concludeAgreement(NORTH_EAST);
    const laid = madeUp(world.hubId, NORTH_EAST, { agreement: { id, version }, handling }, QUARTERS);
    await layPublications(world.ownerUrl, laid);
    const token = await world.token('regional-lead', NORTH_EAST);
    const database = postmasterOf(dataFolder);
    const pid = world.hub.pid;
    const run = async (query: string) => {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
      const memory = (name: string) =>
        Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
      const before = [processorTimeOf(pid), familyTimeOf(database), memory('VmRSS')] as const;
      const answer = await fetch(`${world.hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      const text = await answer.text();
      return {
        process: processorTimeOf(pid) - before[0],
        database: familyTimeOf(database) - before[1],
        mb: round(memory('VmHWM') - before[2]),
        bytes: text.length,
      };
    };
    const fieldsOf = (name: string) => {
      const type = schema.getType(name);
      return isObjectType(type)
        ? Object.values(type.getFields()).filter((one) => one.args.length || ['Publication', 'Round'].includes(name))
        : [];
    };
    const region = (inner: string) => `{ region(code: "${NORTH_EAST}") { ${inner} } }`;
    const candidates = [
      ...fieldsOf('Region').flatMap((one) => candidatesOf(one, region)),
      ...fieldsOf('Publication').flatMap((one) => [
        ...candidatesOf(one, (inner) => region(`publications(first: 1) { edges { node { ${inner} } } }`)),
        ...candidatesOf(one, (inner) => region(`publications(first: 10) { edges { node { ${inner} } } }`)),
        ...candidatesOf(one, (inner) => region(`publications { edges { node { ${inner} } } }`)),
      ]),
      ...fieldsOf('Round').flatMap((one) =>
        candidatesOf(one, (inner) => region(`rounds(first: 10) { edges { node { ${inner} } } }`)),
      ),
      ...fieldsOf('Query').flatMap((one) => candidatesOf(one, (inner) => `{ ${inner} }`)),
      ...fieldsOf('Benchmark').flatMap((one) =>
        candidatesOf(one, (inner) =>
          region(`benchmarkTable(period: "${NEWEST}", back: 36, first: 10) { edges { node { ${inner} } } }`),
        ),
      ),
      ...fieldsOf('Patterns').flatMap((one) =>
        candidatesOf(one, (inner) => region(`patterns(period: "${NEWEST}") { ${inner} }`)),
      ),
    ]
      .map((one) => ({ ...one, ...most(one) }))
      .filter(({ times }) => times > 0);
    process.stdout.write(`${candidates.length} documents\n`);
    const found: ({ guess: number } & (typeof candidates)[number])[] = [];
    for (const one of candidates) {
      const few = Math.min(one.times, 3);
      const { process: used, database: held } = await run(one.document(few));
      found.push({ ...one, guess: ((used + held) * one.times) / few });
    }
    const results = [];
    for (const one of found.sort((a, b) => b.guess - a.guess).slice(0, top)) {
      const runs = [];
      for (let i = 0; i < 3; i++) runs.push(await run(one.document(one.times)));
      const [hub, held] = [median(runs.map((r) => r.process)), median(runs.map((r) => r.database))];
      results.push({
        label: one.label,
        around: one.document(0),
        times: one.times,
        cost: one.cost,
        taken: one.taken,
        process: hub,
        database: held,
        perThousand: round(((hub + held) * 1000) / one.taken),
        mb: Math.max(...runs.map((r) => r.mb)),
        bytes: runs[0]!.bytes,
      });
    }
    results.sort((a, b) => b.process + b.database - a.process - a.database);
    for (const one of results)
      process.stdout.write(
        `  ${String(one.process).padStart(5)} ms of the hub, ${one.database} of the database, ${one.mb} MB, ${one.bytes} bytes; cost ${one.cost}, takes ${one.taken}, ${one.perThousand} ms a thousand: ${one.times} times ${one.label}in ${one.around}\n`,
      );
    process.stdout.write(
      `${JSON.stringify({ bench: 'dearest', documents: candidates.length, dearest: results, config: await machine(world.ownerUrl) })}\n`,
    );
  } finally {
    await world.stop();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench:dearest failed: ${error.stack}\n`);
  process.exitCode = 1;
});
