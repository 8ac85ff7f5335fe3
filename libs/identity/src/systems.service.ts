import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, londonDate, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, DeskStore, innerId, newId, publicId, type Config, type Tx } from '@hub/platform';
import { nameOf, parseClientId, roleDates, someoneAs, someoneOf, type Dates, type Member } from './domain';

export const systemStates = ['pending', 'confirmed', 'withdrawn'] as const;

/** A client of the token issuer that acts for an authority, or asks to. */
export interface SystemAccount extends Dates {
  readonly id: string;
  readonly of: string;
  /** The subject of its tokens. */
  readonly client: string;
  readonly name: string;
  readonly state: (typeof systemStates)[number];
  readonly registeredAt: Date;
  readonly confirmedAt: Date | null;
  /** The member that it has become, by which its role is ended; null until it is confirmed. */
  readonly member: string | null;
}

type Row = Omit<SystemAccount, 'state'> & { withdrawnAt: Date | null; registeredBy: string };

const among = ['authority-approver'] as const;
const columns = `id, organisation as "of", client, name, lower(valid)::text as "from", upper(valid)::text as "until",
  registered_by as "registeredBy", registered_at as "registeredAt", confirmed_at as "confirmedAt", member_id as member,
  withdrawn_at as "withdrawnAt"`;

/** Service accounts: two approvers of an authority let its system in. It is ended as every role is. */
@Injectable()
export class SystemsService {
  constructor(
    private readonly store: DeskStore,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Registers a client; it is nobody until a second approver confirms it. The same again, while it waits, changes nothing.
   * @param asked.client  the `sub` that the issuer gives its tokens: with most issuers the client id
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | MEMBER_DATES | REQUEST_MALFORMED | SYSTEM_TAKEN
   */
  async register(
    member: Member | null,
    asked: { organisation: string; client: string; name: string; from: string | null; until: string | null },
  ): Promise<SystemAccount> {
    const { organisation } = asked;
    const approver = someoneOf(member, among, organisation);
    const now = this.clock.now();
    const client = parseClientId(asked.client);
    const name = nameOf(asked.name);
    const { from, until } = roleDates(asked.from, asked.until, londonDate(now));
    return this.store.as(approver, async (tx) => {
      await tx.query(
        `insert into identity.system_account (id, organisation, issuer, client, name, valid, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, daterange($6::date, $7::date), $8, $9) on conflict do nothing`,
        [newId(), organisation, this.config.issuer, client, name, from, until, approver.id, now],
      );
      const [row] = (await tx.query(
        `select ${columns} from identity.system_account
         where organisation = $1 and client = $2 and confirmed_at is null and withdrawn_at is null`,
        [organisation, client],
      )) as [Row];
      const same = row.name === name && row.from === from && row.until === until && row.registeredBy === approver.id;
      if (!same) throw new Refusal('SYSTEM_TAKEN');
      return this.view(row);
    });
  }

  /**
   * Lets the system in: a second approver says so. Confirming it again changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | SYSTEM_ABSENT | SYSTEM_SELF_CONFIRMED | SYSTEM_TAKEN
   */
  async confirm(member: Member | null, id: string): Promise<SystemAccount> {
    const approver = someoneAs(member, among);
    const inner = this.inner(id);
    return this.store.as(approver, async (tx) => {
      const [{ outcome }] = (await tx.query('select identity.confirm_system($1, $2) as outcome', [newId(), inner])) as [
        { outcome: 'confirmed' | 'absent' | 'self' | 'taken' },
      ];
      if (outcome === 'self') throw new Refusal('SYSTEM_SELF_CONFIRMED');
      if (outcome === 'taken') throw new Refusal('SYSTEM_TAKEN');
      if (outcome === 'absent') throw new Refusal('SYSTEM_ABSENT');
      return this.view((await this.one(tx, inner))!);
    });
  }

  /**
   * Takes back what waits to be confirmed. Doing it again changes nothing; a confirmed system's role is ended instead.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | SYSTEM_ABSENT
   */
  async withdraw(member: Member | null, id: string): Promise<SystemAccount> {
    const approver = someoneAs(member, among);
    const inner = this.inner(id);
    return this.store.as(approver, async (tx) => {
      const row = await this.one(tx, inner);
      if (!row || row.confirmedAt) throw new Refusal('SYSTEM_ABSENT');
      if (row.withdrawnAt) return this.view(row);
      const withdrawnAt = this.clock.now();
      await tx.query('update identity.system_account set withdrawn_at = $2, withdrawn_by = $3 where id = $1', [
        inner,
        withdrawnAt,
        approver.id,
      ]);
      return this.view({ ...row, withdrawnAt });
    });
  }

  /** Every service account of the authority, newest first. @throws Refusal as `register` */
  async list(member: Member | null, organisation: string): Promise<SystemAccount[]> {
    return this.store.as(someoneOf(member, among, organisation), async (tx) => {
      const rows = (await tx.query(
        `select ${columns} from identity.system_account where organisation = $1 order by id desc`,
        [organisation],
      )) as Row[];
      return rows.map((row) => this.view(row));
    });
  }

  /** The row policy makes another authority's absent. */
  private async one(tx: Tx, id: string): Promise<Row | null> {
    const [row] = (await tx.query(`select ${columns} from identity.system_account where id = $1 for update`, [
      id,
    ])) as Row[];
    return row ?? null;
  }

  private inner(id: string): string {
    const inner = innerId('sys', this.config.hubId, id);
    if (!inner) throw new Refusal('SYSTEM_ABSENT');
    return inner;
  }

  private view({
    id,
    of,
    client,
    name,
    from,
    until,
    registeredAt,
    confirmedAt,
    member,
    withdrawnAt,
  }: Row): SystemAccount {
    const state = confirmedAt ? 'confirmed' : withdrawnAt ? 'withdrawn' : 'pending';
    const shown = publicId('sys', this.config.hubId, id);
    return { id: shown, of, client, name, from, until, state, registeredAt, confirmedAt, member };
  }
}
