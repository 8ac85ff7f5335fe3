import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '@hub/kernel';
import { DeskStore } from '@hub/platform';
import type { DataSource } from 'typeorm';
import { parseVerifierKey } from './domain';
import { HUB_KEY, type HubKey } from './hub-key';

/** A key of the hub, old or current. */
export interface KnownHubKey {
  /** C2SP verifier key. */
  readonly line: string;
  readonly jwk: HubKey['publicJwk'];
  /** When a hub on this database first had it. */
  readonly since: Date;
}

/**
 * Writes down the key that the hub starts with, once. The owner does it, so that no running process can add to the keys
 * that others trust.
 * @throws Refusal CONFIGURATION where the ledger is signed in another hub's name: nothing could be appended to it in this one
 */
export async function recordHubKey(owner: DataSource, { line, publicJwk }: HubKey, since: Date): Promise<void> {
  const { name } = parseVerifierKey(line);
  const [newest] = (await owner.query(
    `select split_part(note, E'\\n', 1) as origin from ledger.checkpoint order by size desc limit 1`,
  )) as { origin: string }[];
  if (newest && newest.origin !== name) {
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_ID',
      expected: `${newest.origin}, in whose name the ledger of this database is signed, and not ${name}`,
    });
  }
  await owner.query('insert into ledger.hub_key (line, jwk, since) values ($1, $2, $3) on conflict do nothing', [
    line,
    JSON.stringify(publicJwk),
    since,
  ]);
}

/** Every key that the hub has ever signed with; none is forgotten, for old receipts verify by the key of their time. */
@Injectable()
export class HubKeys implements OnModuleInit {
  constructor(
    private readonly store: DeskStore,
    @Inject(HUB_KEY) private readonly current: HubKey,
  ) {}

  /** @throws Refusal CONFIGURATION where a further process was given a key, or a name, with which the hub has not started */
  async onModuleInit(): Promise<void> {
    if ((await this.list()).some(({ line }) => line === this.current.line)) return;
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_SIGNING_KEY_FILE',
      expected: 'with HUB_ID, what the hub was started with; with a new key the hub starts first',
    });
  }

  /** Newest first. Read anew each time, for another process of this hub may have been given another key. */
  list(): Promise<KnownHubKey[]> {
    return this.store.as(null, (tx) =>
      tx.query('select line, jwk, since from ledger.hub_key order by since desc, line'),
    );
  }
}
