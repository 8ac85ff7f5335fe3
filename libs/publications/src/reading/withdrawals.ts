import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { CONFIG, innerId, publicId, ReaderStore, type Config, type Tx } from '@hub/platform';
import type { Withdrawal } from './visit';

/** What is said of publications that were withdrawn; nothing else of them is given to anybody. */
@Injectable()
export class Withdrawals {
  constructor(
    private readonly store: ReaderStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Of a publication by its id in the API; null where it was not withdrawn, and where nothing of it is open to the caller. */
  of(member: Member, publication: string): Promise<Withdrawal | null> {
    const id = innerId('pub', this.config.hubId, publication);
    return this.store.as(member, (tx) => this.in(tx, id));
  }

  /** The same by its inner id, in a transaction of the caller. */
  async in(tx: Tx, id: string | null): Promise<Withdrawal | null> {
    const [found] = (await tx.query(
      'select at, because, replaced_by as "replacedBy" from release.withdrawal where publication_id = $1',
      [id],
    )) as Withdrawal[];
    return found ?? null;
  }

  /** For whoever asks for what stood in one: since when it is withdrawn, why, and what to read now. */
  refusal(found: Withdrawal | null): Refusal {
    if (!found) return new Refusal('PUBLICATION_WITHDRAWN');
    const { at, because, replacedBy } = found;
    return new Refusal('PUBLICATION_WITHDRAWN', {
      since: at.toISOString(),
      because,
      ...(replacedBy === null ? {} : { replacedBy: publicId('pub', this.config.hubId, replacedBy) }),
    });
  }
}
