import { auditLedger, HubClient, LedgerBroken, ledgerOf, ledgerOwner } from '@hub/client';
import { ask } from '../../support/database';
import type { World } from '../../support/world';
import { bold, mustBe, say, timed, type Stage } from '../stage';

/**
 * Whoever owns the database makes two returns look as if they had come a year earlier. Nothing mends it again, so it is the
 * last thing that is shown. The look at the ledger is that of `hub ledger verify`: over HTTP, without a token.
 */
export async function ledgerIsChanged({ world }: Stage) {
  const found = await timed('ledger', () => plantedChange(world));
  say();
  say(bold('The ledger'));
  say(
    `  of ${found.entries} entries holds. Then the owner of the database switches the guard off and dates two returns a year back,`,
  );
  say(
    `  entries ${found.planted.join(' and ')}: "hub ledger verify" says that entry ${found.first} is not the one that was signed, and the first.`,
  );
  return found;
}

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
