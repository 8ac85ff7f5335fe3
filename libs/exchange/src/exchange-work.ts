import { Inject, Injectable, Module } from '@nestjs/common';
import { CLOCK, londonDate, type Clock } from '@hub/kernel';
import {
  appendWork,
  LOGGER,
  MAILER,
  newId,
  sendMail,
  WorkerStore,
  type Handlers,
  type Logger,
  type Mailer,
  type Run,
  type WorkPart,
} from '@hub/platform';
import { exchangeNotice, isOverdue, type ItemState, type NoticeKind } from './domain';

/** Notices of what was asked or shared, and of what is late: each a mail without content. */
@Injectable()
export class ExchangeWorkService {
  constructor(
    private readonly store: WorkerStore,
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Tells whoever should have answered or acted by yesterday, once. */
  async due(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      const now = this.clock.now();
      const [item] = (await tx.query(
        `select t.to_organisation as "to", t.state, t.due::text, t.wording from exchange.item t where t.id = $1
           and not exists (select from exchange.notice n where n.subject_id = t.id and n.kind = 'overdue')`,
        [run.subject],
      )) as { to: string; state: ItemState; due: string; wording: string }[];
      if (item && item.wording === 'shown' && isOverdue(item, londonDate(now))) {
        const id = newId();
        await tx.query(
          `insert into exchange.notice (id, organisation, kind, subject_id, made_at) values ($1, $2, 'overdue', $3, $4)`,
          [id, item.to, run.subject, now],
        );
        await appendWork(tx, 'exchange.tell', id, now);
      }
      await run.settle(tx);
    });
  }

  /** Sends a notice where there is a way out and an address; at least once, with one Message-ID. */
  async tell(run: Run): Promise<void> {
    const found = await this.store.as(null, async (tx) => {
      const [notice] = (await tx.query(
        `select n.kind, c.address, coalesce(o.name, a.name) as organisation from exchange.notice n
           join exchange.contact c on c.organisation = n.organisation
           left join registry.organisation o on o.code = n.organisation
           left join registry.authority a on a.code = n.organisation
         where n.id = $1 and n.sent_at is null`,
        [run.subject],
      )) as { kind: NoticeKind; address: string; organisation: string }[];
      return notice;
    });
    const sent = await sendMail(
      this.mailer,
      this.logger,
      run,
      found && { to: found.address, ...exchangeNotice(found.kind, found.organisation) },
    );
    await this.store.as(null, async (tx) => {
      if (sent)
        await tx.query('update exchange.notice set sent_at = $2 where id = $1', [run.subject, this.clock.now()]);
      await run.settle(tx);
    });
  }
}

const EXCHANGE_HANDLERS = Symbol('ExchangeHandlers');

@Module({
  providers: [
    ExchangeWorkService,
    {
      provide: EXCHANGE_HANDLERS,
      inject: [ExchangeWorkService],
      useFactory: (work: ExchangeWorkService): Partial<Handlers> => ({
        'exchange.tell': (run) => work.tell(run),
        'exchange.due': (run) => work.due(run),
      }),
    },
  ],
  exports: [EXCHANGE_HANDLERS],
})
class ExchangeWorkModule {}

/** Background work of the exchange. */
export const exchangeWork: WorkPart = { module: ExchangeWorkModule, handlers: EXCHANGE_HANDLERS };
