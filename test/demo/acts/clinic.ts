import { parsePeriod, periodsUntil } from '@hub/kernel';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { exampleAgreement } from '../../seed/seed';
import { layPublications, monthlyClinic } from '../../support/lay';
import { NORTH_EAST } from '../../support/world';
import { bold, categoryName, mustBe, oneDecimal, say, timed, type Stage } from '../stage';

interface Pattern {
  readonly authority: { readonly code: string; readonly name: string } | null;
  readonly indicator: { readonly code: string; readonly name: string };
  readonly categories: readonly { readonly dimension: string; readonly category: string }[];
  readonly text: string;
  readonly since: string;
  readonly value: number;
  readonly mean: number;
  readonly questions: readonly string[];
}
interface Patterns {
  readonly remark: string;
  readonly list: { readonly edges: readonly { readonly node: Pattern }[] };
}

const MONTH = '2026-03';
const DATASET = 'front-door-monthly';

/** The monthly clinic: which agency refers more or less than it did, how many such signals chance gives, and how one ends. */
export async function clinicIsHeld(stage: Stage) {
  const { patterns, ending } = await timed('monthly clinic', () => hold(stage));
  const [{ node }] = patterns.list.edges as [{ node: Pattern }];
  const source = node.categories[0];
  const agency = source?.category ?? 'all agencies';
  say();
  say(bold(`The monthly clinic at ${MONTH} (24 months made up for this: contacts and referrals by who made them)`));
  say(
    `  ${node.authority?.name ?? 'The region'}: ${node.indicator.name} by ${source ? categoryName(newestDataset(loadCatalogue(), DATASET), source.dimension, source.category).toLowerCase() : agency}, ${node.text}: ${oneDecimal(node.value)} per 10,000 children in the month, where ${oneDecimal(node.mean)} is usual.`,
  );
  say(`  ${patterns.remark}`);
  for (const question of node.questions) say(`  To ask: ${question}`);
  say(`  The lead ends it as ${ending.end.toLowerCase()}: ${ending.reason}`);
  mustBe(patterns.remark.includes('chance alone'), 'the clinic hears what chance would give');
  return { agency, since: node.since, remark: patterns.remark, ending: ending.end };
}

async function hold({ world, lead, agreement }: Stage) {
  const { id, tables, ...rest } = exampleAgreement('north-east-benchmarking.v1');
  const monthly = [{ ...tables[0]!, dataset: DATASET, frequency: 'month' as const }];
  const clinic = await world.conclude({ ...rest, id: `${id}-front-door`, tables: monthly });
  // `conclude` takes it for the one that collects returns.
  world.agreements.set(NORTH_EAST, agreement);
  const authorities = clinic.parties.map(({ authority }) => authority as string).sort();
  const months = periodsUntil(parsePeriod(MONTH), 24).map(({ text }) => text);
  await layPublications(world.ownerUrl, monthlyClinic(world.hubId, NORTH_EAST, authorities, clinic, months), false);
  const {
    region: { patterns },
  } = await world.ask<{ region: { patterns: Patterns } }>(
    lead,
    `{ region(code: "${NORTH_EAST}") { patterns(period: "${MONTH}", dataset: "${DATASET}") { remark list(first: 3) { edges { node {
         authority { code name } indicator { code name } categories { dimension category } text since value mean questions } } } } } }`,
  );
  const { authority, indicator, categories } = patterns.list.edges[0]!.node;
  const { endPattern } = await world.ask<{
    endPattern: { endings: readonly { readonly end: string; readonly reason: string }[] };
  }>(
    lead,
    `mutation ($authority: ID, $indicator: String!, $breakdown: [CategoryInput!], $reason: String!) {
       endPattern(region: "${NORTH_EAST}", period: "${MONTH}", indicator: $indicator, breakdown: $breakdown, authority: $authority, end: CHALLENGE, reason: $reason) { endings { end reason } } }`,
    {
      authority: authority?.code ?? null,
      indicator: indicator.code,
      breakdown: categories,
      reason: 'The police say in their next meeting which contacts they now make that they did not make before.',
    },
  );
  const [ending] = endPattern.endings;
  mustBe(ending !== undefined, 'a pattern has its ending');
  return { patterns, ending: ending! };
}
