import { type RoundStatusAnswer } from '@hub/client';
import { byHand } from '../../support/by-hand';
import { graphql } from '../../support/graphql';
import { catchMail, type MailCatcher } from '../../support/mail-catcher';
import { brokenDown, nameOf, quarterly, returnOf } from '../../support/returns';
import { twoRegions, type TwoRegions } from '../../support/two-regions';
import { NORTH_EAST, type Row } from '../../support/world';

/** The two regions of which everything in this folder asks, and who is missing in one of them. */
export let two: TwoRegions;
export let catcher: MailCatcher;
export let first: string, second: string, last: string;

export async function startRegions(): Promise<void> {
  catcher = await catchMail();
  two = await twoRegions(async () => ({ HUB_SMTP_URL: catcher.url }));
  [first, second] = two.northEast.authorities as [string, string];
  last = two.northEast.authorities.at(-1)!;
}
export async function stopRegions(): Promise<void> {
  await two?.stop();
  await catcher?.stop();
}

export const statusFor = async (role: string, of: string, round: string): Promise<RoundStatusAnswer> =>
  (await two.world.client(role, of)).roundStatus(round);
export const send = async (authority: string, period: string, rows: readonly Row[]) => {
  const { world } = two;
  const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] });
  return world.send(authority, await world.sign(authority, payload));
};
/** What `check` says: accepted or not, or the code of the refusal. */
export const checked = async (authority: string, period: string, rows: readonly Row[]) => {
  const { world } = two;
  const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] });
  const { data, errors } = await graphql<{ checkSubmission: { accepted: boolean } }>(
    world.hub.url,
    await world.token('authority-system', authority),
    'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted } }',
    { e: await world.sign(authority, payload) },
  );
  return errors?.[0]?.extensions.code ?? data!.checkSubmission.accepted;
};
/** What the database itself says to a lead of the region, over the desk's login. */
export const asDesk = (seat: string, sql: string) =>
  byHand(two.world, two.database.urls.desk, `${seat}@${NORTH_EAST}`, sql);
export const nils = (of: number): Row[] =>
  returnOf(quarterly, [{ indicator: 'RF01', count: of }, ...brokenDown(quarterly, 'SF03', 'abuse', [])]);
