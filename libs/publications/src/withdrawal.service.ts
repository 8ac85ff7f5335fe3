import { Inject, Injectable } from '@nestjs/common';
import { holds, someoneAs, type Member } from '@hub/identity';
import { CLOCK, Refusal, type Clock } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import type { WithdrawalReason } from '@hub/ledger/domain';
import { appendWork, CONFIG, DeskStore, innerId, type Config } from '@hub/platform';
import { takePublicationStep, type PublicationState } from './domain';
import { record } from './record';

const leads = ['regional-lead'] as const;

interface Found {
  readonly id: string;
  readonly regionId: number;
  readonly region: string;
  readonly number: number;
  readonly dataset: string;
  readonly version: string;
  readonly period: string;
  readonly state: PublicationState;
  readonly digest: Buffer;
}

/** Takes publications out of sight. The book keeps them: what was released stays known. */
@Injectable()
export class WithdrawalService {
  constructor(
    private readonly desk: DeskStore,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Withdraws a publication at once: from the commit on nobody is given anything of it, it stands in the ledger, and its region's
   * authorities are told. One lead is enough, for what is shown becomes less. Withdrawing again changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | PUBLICATION_ABSENT also where another region's lead asks
   */
  async withdraw(member: Member | null, publication: string, because: WithdrawalReason): Promise<void> {
    const lead = someoneAs(member, leads);
    const id = innerId('pub', this.config.hubId, publication);
    if (!id) throw new Refusal('PUBLICATION_ABSENT');
    await this.desk.as(lead, async (tx) => {
      // A later edition that takes its place at this moment goes first, or finds it withdrawn.
      const [found] = (await tx.query(
        `select p.id, p.region_id as "regionId", g.code as region, p.number, p.dataset, p.dataset_version as version, p.period,
           p.state, p.digest
         from release.publication p join registry.region g on g.id = p.region_id where p.id = $1 for no key update of p`,
        [id],
      )) as Found[];
      // The row policy makes another region's publication absent; this says so again, without it.
      if (!found || !holds(lead, leads, found.region)) throw new Refusal('PUBLICATION_ABSENT');
      const next = takePublicationStep(found.state, 'withdraw');
      if (!next) return;
      const { regionId, region, number, dataset, version, period, digest } = found;
      const at = this.clock.now();
      await tx.query('update release.publication set state = $2 where id = $1', [id, next]);
      await appendWork(tx, 'withdrawal.tell', id, at);
      await record(tx, this.ledger, {
        regionId,
        id,
        by: lead.id,
        leaf: {
          v: 1,
          kind: 'publication',
          hub: this.config.hubId,
          region,
          dataset: { code: dataset, version },
          period,
          publication,
          number,
          event: 'withdrawn',
          because,
          digest: digest.toString('hex'),
          at: at.toISOString(),
        },
      });
    });
  }
}
