import { Inject, Injectable } from '@nestjs/common';
import { RegionGate, someoneOf, worksFor, type Member, type Role } from '@hub/identity';
import { CLOCK, isMailAddress, Refusal, type Clock } from '@hub/kernel';
import { DeskStore, ReaderStore } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import type { Mailbox, NoticeKind } from './domain';
import type { RoundEntity } from './round.entity';

const keepers: readonly Role[] = ['authority-analyst', 'authority-approver'];

/** Where an authority wants to be reminded, or its data protection contact to be told. */
export interface ReminderAddress {
  readonly authority: string;
  readonly mailbox: Mailbox;
  /** null: nowhere; its notices are kept and shown. */
  readonly address: string | null;
}

/** What an authority was reminded of or told. */
export interface NoticeNow {
  readonly authority: string;
  readonly kind: NoticeKind;
  readonly madeAt: Date;
  /** null: it is kept, and nothing was sent. */
  readonly sentAt: Date | null;
}

/** Addresses for reminders, and what was reminded of. */
@Injectable()
export class RemindersService {
  constructor(
    private readonly desk: DeskStore,
    private readonly reader: ReaderStore,
    private readonly gate: RegionGate,
    private readonly keys: RegistryKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Refusal NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT for any but the own authority */
  async address(member: Member | null, authority: string, mailbox: Mailbox): Promise<ReminderAddress> {
    const keeper = someoneOf(member, keepers, authority);
    const [row] = (await this.desk.as(keeper, (tx) =>
      tx.query('select address from rounds.contact where authority_id = $1 and mailbox = $2', [
        this.keys.authorityId(authority),
        mailbox,
      ]),
    )) as { address: string }[];
    return { authority, mailbox, address: row?.address ?? null };
  }

  /**
   * Sets the address of a mailbox, or takes it out.
   * @throws Refusal NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT as `address`; REQUEST_MALFORMED for what is no address
   */
  async setAddress(member: Member | null, { authority, mailbox, address }: ReminderAddress): Promise<ReminderAddress> {
    const keeper = someoneOf(member, keepers, authority);
    if (address !== null && !isMailAddress(address)) {
      throw new Refusal('REQUEST_MALFORMED', { expected: 'a mail address such as data@council.example' });
    }
    const authorityId = this.keys.authorityId(authority);
    await this.desk.as(keeper, (tx) =>
      address === null
        ? tx.query('delete from rounds.contact where authority_id = $1 and mailbox = $2', [authorityId, mailbox])
        : tx.query(
            `insert into rounds.contact (authority_id, address, set_by, set_at, mailbox) values ($1, $2, $3, $4, $5)
             on conflict (authority_id, mailbox) do update
               set address = excluded.address, set_by = excluded.set_by, set_at = excluded.set_at`,
            [authorityId, address, keeper.id, this.clock.now(), mailbox],
          ),
    );
    return { authority, mailbox, address };
  }

  /** Reminders of a round, the newest first: all of them for its leads, the own ones for an authority; null for anybody else. */
  async notices(member: Member | null, round: RoundEntity): Promise<NoticeNow[] | null> {
    const own = worksFor(member);
    const isLead = this.gate.isLedBy(member, round.regionId);
    if (!isLead && !own.length) return null;
    const all = (await this.reader.as(member, (tx) =>
      tx.query(
        `select a.code as authority, n.kind, n.made_at as "madeAt", n.sent_at as "sentAt" from rounds.notice n
           join registry.authority a on a.id = n.authority_id where n.round_id = $1 order by n.made_at desc, a.code`,
        [round.id],
      ),
    )) as NoticeNow[];
    return all.filter(({ authority }) => isLead || own.includes(authority));
  }
}
