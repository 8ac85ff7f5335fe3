import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '@hub/kernel';
import { DeskStore } from '@hub/platform';
import type { DataSource } from 'typeorm';
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
 */
export async function recordHubKey(owner: DataSource, { line, publicJwk }: HubKey, since: Date): Promise<void> {
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

  /** @throws Refusal CONFIGURATION where a further process of the hub was given a key that the hub has not started with */
  async onModuleInit(): Promise<void> {
    if ((await this.list()).some(({ line }) => line === this.current.line)) return;
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_SIGNING_KEY_FILE',
      expected: 'the key that the hub was started with; with a new one the hub starts first',
    });
  }

  /** Newest first. Read anew each time, for another process of this hub may have been given another key. */
  list(): Promise<KnownHubKey[]> {
    return this.store.as(null, (tx) =>
      tx.query('select line, jwk, since from ledger.hub_key order by since desc, line'),
    );
  }
}
