import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import { type Problem } from '@hub/disclosure';
import { innerId } from '@hub/platform';
import { certificateIn, type KeptDecision, type PublicationDocument } from '@hub/publications/domain';
import { loadRegistry, type Dataset } from '@hub/registry/domain';
import { exampleAgreement } from '../../seed/seed';
import { ask, freshDatabase } from '../../support/database';
import { nameOf, returnOf } from '../../support/returns';
import { NORTH_EAST, World, type Row } from '../../support/world';

export const [NORTH_WEST, YORKSHIRE, EAST_MIDLANDS, EAST, SOUTH_EAST] = [
  'E12000002',
  'E12000003',
  'E12000004',
  'E12000006',
  'E12000008',
] as const;
export const SOUTH_WEST = 'E12000009';
export const QUARTER = '2023-Q1';

/** The hub of which everything in this folder asks. */
export let folder: string;
export let database: Awaited<ReturnType<typeof freshDatabase>>;
export let world: World;
export let northEast: readonly string[];

export async function startHub(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'hub-publication-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  northEast = (await world.concludeAgreement(NORTH_EAST)).parties.map(({ authority }) => authority);
}
export async function stopHub(): Promise<void> {
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** An agreement between the first three authorities of a region, in force, with a disclosure policy of its own. */
export async function conclude(
  region: string,
  disclosure: Partial<AgreementDocument['disclosure']>,
  more: Partial<AgreementDocument> = {},
): Promise<string[]> {
  const authorities = loadRegistry()
    .authorities.filter((one) => one.region === region && one.until === null)
    .map(({ code }) => code)
    .slice(0, 3);
  const example = exampleAgreement('north-east-benchmarking.v1');
  const document = parseAgreement({
    ...example,
    id: `policy-${region.toLowerCase()}`,
    regions: [region],
    parties: authorities.map((authority) => ({ ...example.parties[0]!, authority })),
    audience: example.audience.map((one) => ({ ...one, of: region })),
    disclosure: { ...example.disclosure, ...disclosure },
    ...more,
  });
  await world.conclude(document);
  return authorities;
}

export async function send(
  region: string,
  dataset: Dataset,
  period: string,
  authority: string,
  rows: readonly Row[],
): Promise<void> {
  // Invented counts lie outside what is printed here and there: then that is asked, and answered.
  const { answer } = await world.sendReturn(region, nameOf(dataset), {
    authority,
    period,
    rows: returnOf(dataset, rows),
  });
  expect([authority, answer.status, answer.text.slice(0, 400)]).toEqual([authority, 201, expect.anything()]);
}

/** A round with one return from each, asked to be published. */
export async function publish(
  region: string,
  dataset: Dataset,
  period: string,
  returns: ReadonlyMap<string, readonly Row[]>,
) {
  const round = await world.openRound(region, dataset.code, period);
  for (const [authority, rows] of returns) await send(region, dataset, period, authority, rows);
  return { round, ...(await world.publish(region, round)) };
}

export const whyNot = ({ errors = [] }: { errors?: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

/** A picture of everything that readers can reach, but the rounds. */
export const released = async () => ({
  publications: await ask(world.ownerUrl, 'select * from release.publication order by region_id, number'),
  figures: await ask(
    world.ownerUrl,
    'select * from release.figure order by publication_id, series_id, authority_id nulls first',
  ),
  certificates: await ask(world.ownerUrl, 'select publication_id from proof.certificate order by 1'),
});
export const documentOf = async (region: string, period: string = QUARTER) => {
  const [row] = await ask<{ id: string; document: string; digest: Buffer; problem: Problem; decision: KeptDecision }>(
    world.ownerUrl,
    `select p.id, p.document, p.digest, c.problem, c.decision from release.publication p
       join proof.certificate c on c.publication_id = p.id join registry.region g on g.id = p.region_id
     where g.code = $1 and p.period = $2`,
    [region, period],
  );
  return { ...row!, decision: decisionIn(row!.decision), parsed: JSON.parse(row!.document) as PublicationDocument };
};
export const decisionIn = (kept: KeptDecision) => ({ ...kept, certificate: certificateIn(kept) });
/** What the worker has noted of a held round. */
export const refusalOf = async (round: string) => {
  const rows = await ask<{ code: string; detail: { status?: string; exposed?: object[] } }>(
    world.ownerUrl,
    'select code, detail from proof.gate_refusal where round_id = $1 order by at',
    [innerId('rnd', world.hubId, round)],
  );
  expect(rows.length).toBeGreaterThan(0);
  return rows.at(-1)!;
};

export const bands = [
  [31, 22, 14, 12, 3],
  [40, 28, 2, 13, 0],
  [25, 36, 17, 1, 15],
  [18, 12, 11, 22, 19],
  [60, 44, 30, 4, 12],
  [27, 19, 13, 0, 0],
  [33, 21, 5, 16, 11],
  [52, 39, 20, 14, 10],
  [11, 13, 12, 10, 14],
  [29, 24, 18, 3, 2],
] as const;
