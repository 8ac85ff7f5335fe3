import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, londonDate, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, DeskStore, innerId, lockName, newId, publicId, UUID, type Config, type Tx } from '@hub/platform';
import {
  administeredRoles,
  endDate,
  mayAdminister,
  mayEnd,
  nameOf,
  roleDates,
  someone,
  type Dates,
  type Member,
  type Organisation,
  type Role,
} from './domain';
import { MembersService } from './members.service';
import type { Subject } from './tokens';

/** A role that somebody held, holds or will hold. */
export interface Membership extends Dates {
  readonly member: string;
  readonly name: string;
  readonly role: Role;
  readonly of: string;
}

export const invitationStates = ['open', 'accepted', 'withdrawn', 'expired'] as const;
export interface Invitation extends Dates {
  readonly id: string;
  readonly role: Role;
  readonly of: string;
  readonly name: string;
  readonly state: (typeof invitationStates)[number];
  readonly expiresAt: Date;
  /** Only in the answer to who invites: it is kept nowhere. */
  readonly code: string | null;
}

type InvitationRow = Omit<Invitation, 'state' | 'code'> & { acceptedAt: Date | null; withdrawnAt: Date | null };

/** Days for which an invitation waits. */
const WAITS = 14;
/** Of one code; 192 bits, so that none is ever guessed. */
const CODE_BYTES = 24;

const digestOf = (code: string): Buffer => createHash('sha256').update(code).digest();
const dates = `lower(valid)::text as "from", upper(valid)::text as "until"`;
const invitationColumns = `id, role, organisation as "of", name, ${dates}, expires_at as "expiresAt",
  accepted_at as "acceptedAt", withdrawn_at as "withdrawnAt"`;

/** Who belongs where, from when to when: invitations, and the ends of roles. */
@Injectable()
export class MembershipService {
  constructor(
    private readonly store: DeskStore,
    private readonly known: MembersService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Invites somebody to a role; the code is in this answer and nowhere else.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | LEAD_OWN_AUTHORITY | SYSTEM_NOT_INVITED |
   *   MEMBER_DATES | REQUEST_MALFORMED
   */
  async invite(
    member: Member | null,
    asked: { role: Role; organisation: string; name: string; from: string | null; until: string | null },
  ): Promise<Invitation> {
    const asking = someone(member);
    const { role, organisation } = asked;
    return this.store.as(asking, async (tx) => {
      mayAdminister(asking, role, await this.organisation(tx, organisation));
      // Whoever held the code would let it in alone.
      if (role === 'authority-system') throw new Refusal('SYSTEM_NOT_INVITED');
      const now = this.clock.now();
      const { from, until } = roleDates(asked.from, asked.until, londonDate(now));
      const name = nameOf(asked.name);
      const code = randomBytes(CODE_BYTES).toString('base64url');
      const expiresAt = new Date(now.getTime() + WAITS * 86_400_000);
      const id = newId();
      await tx.query(
        `insert into identity.invitation (id, role, organisation, name, valid, code_digest, invited_by, invited_at, expires_at)
         values ($1, $2, $3, $4, daterange($5::date, $6::date), $7, $8, $9, $10)`,
        [id, role, organisation, name, from, until, digestOf(code), asking.id, now, expiresAt],
      );
      return this.view({ id, role, of: organisation, name, from, until, expiresAt }, code);
    });
  }

  /**
   * Takes up an invitation: the token says who, and an unknown subject becomes a member.
   * @throws Refusal TOKEN_MISSING; INVITATION_ABSENT, whatever is wrong with the code
   */
  async accept(subject: Subject | null, code: string): Promise<Member> {
    if (!subject) throw new Refusal('TOKEN_MISSING');
    const [{ id }] = await this.store.as(
      null,
      async (tx) =>
        (await tx.query('select identity.accept_invitation($1, $2, $3, $4) as id', [
          newId(),
          subject.issuer,
          subject.subject,
          digestOf(code),
        ])) as [{ id: string | null }],
    );
    const member = id && (await this.known.find(subject));
    if (!member) throw new Refusal('INVITATION_ABSENT');
    return member;
  }

  /** Takes an open invitation back. Doing it again changes nothing. @throws Refusal TOKEN_MISSING | INVITATION_ABSENT */
  async withdraw(member: Member | null, id: string): Promise<Invitation> {
    const asking = someone(member);
    const inner = innerId('inv', this.config.hubId, id);
    if (!inner) throw new Refusal('INVITATION_ABSENT');
    return this.store.as(asking, async (tx) => {
      const [row] = (await tx.query(`select ${invitationColumns} from identity.invitation where id = $1 for update`, [
        inner,
      ])) as InvitationRow[];
      // The row policy makes what the caller does not administer absent.
      if (!row || row.acceptedAt) throw new Refusal('INVITATION_ABSENT');
      if (row.withdrawnAt) return this.view(row);
      const withdrawnAt = this.clock.now();
      await tx.query('update identity.invitation set withdrawn_at = $2, withdrawn_by = $3 where id = $1', [
        inner,
        withdrawnAt,
        asking.id,
      ]);
      return this.view({ ...row, withdrawnAt });
    });
  }

  /**
   * Ends a role: `on` is the first day without it. One that ends earlier already stays as it is, and one that would begin
   * later never begins.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | LEAD_OWN_AUTHORITY | MEMBER_ABSENT |
   *   MEMBER_DATES | MEMBER_LAST_ADMINISTRATOR
   */
  async end(
    member: Member | null,
    asked: { member: string; role: Role; organisation: string; on: string },
  ): Promise<Membership> {
    const asking = someone(member);
    const { role, organisation } = asked;
    return this.store.as(asking, async (tx) => {
      mayAdminister(asking, role, await this.organisation(tx, organisation));
      const now = this.clock.now();
      const on = endDate(asked.on, londonDate(now));
      if (!UUID.test(asked.member)) throw new Refusal('MEMBER_ABSENT');
      // Two that end each other's role, or two roles at once, must not both find the other one standing.
      await lockName(tx, `the end of ${role} ${organisation}`);
      const held = (await tx.query(
        `select r.member_id as member, m.name, r.role, r.organisation as "of", ${dates}
         from identity.member_role r join identity.member m on m.id = r.member_id
         where r.role = $1 and r.organisation = $2 and not isempty(r.valid) order by r.valid`,
        [role, organisation],
      )) as Membership[];
      const own = held.filter(({ member: id }) => id === asked.member);
      const last = own.at(-1);
      if (!last) throw new Refusal('MEMBER_ABSENT');
      if (last.until !== null && last.until <= on) return last;
      const others = held.filter(({ member: id }) => id !== asked.member);
      mayEnd(role, on, others);
      await tx.query(
        `update identity.member_role set valid = daterange(lower(valid), greatest(lower(valid), $4::date)),
           ended_at = $5, ended_by = $6
         where member_id = $1 and role = $2 and organisation = $3 and not isempty(valid)
           and (upper(valid) is null or upper(valid) > $4::date)`,
        [asked.member, role, organisation, on, now, asking.id],
      );
      const ending = own.find(({ until }) => until === null || until > on)!;
      return { ...ending, until: ending.from > on ? ending.from : on };
    });
  }

  /**
   * Everybody who held, holds or will hold a role that the caller administers at that organisation.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | LEAD_OWN_AUTHORITY
   */
  async members(member: Member | null, organisation: string): Promise<Membership[]> {
    const asking = someone(member);
    return this.store.as(asking, async (tx) => {
      const roles = administeredRoles(asking, await this.organisation(tx, organisation));
      return (await tx.query(
        `select r.member_id as member, m.name, r.role, r.organisation as "of", ${dates}
         from identity.member_role r join identity.member m on m.id = r.member_id
         where r.organisation = $1 and r.role = any($2) and not isempty(r.valid)
         order by r.role, m.name, r.member_id, r.valid`,
        [organisation, roles],
      )) as Membership[];
    });
  }

  /** Invitations to that organisation, newest first. @throws Refusal as `members` */
  async invitations(member: Member | null, organisation: string): Promise<Invitation[]> {
    const asking = someone(member);
    return this.store.as(asking, async (tx) => {
      const roles = administeredRoles(asking, await this.organisation(tx, organisation));
      const rows = (await tx.query(
        `select ${invitationColumns} from identity.invitation where organisation = $1 and role = any($2) order by id desc`,
        [organisation, roles],
      )) as InvitationRow[];
      return rows.map((row) => this.view(row));
    });
  }

  /** What an organisation is and where it lies today; null for none. */
  private async organisation(tx: Tx, code: string): Promise<Organisation | null> {
    const [row] = (await tx.query(
      `select s.organisation as code, s.kind, coalesce(array_agg(s.region) filter (where s.region is not null), '{}') as regions
       from identity.seats() s where s.organisation = $1 group by 1, 2`,
      [code],
    )) as Organisation[];
    return row ?? null;
  }

  private view(
    row: Omit<InvitationRow, 'acceptedAt' | 'withdrawnAt'> & Partial<InvitationRow>,
    code: string | null = null,
  ): Invitation {
    const { id, role, of, name, from, until, expiresAt, acceptedAt, withdrawnAt } = row;
    const state = acceptedAt
      ? 'accepted'
      : withdrawnAt
        ? 'withdrawn'
        : expiresAt <= this.clock.now()
          ? 'expired'
          : 'open';
    return { id: publicId('inv', this.config.hubId, id), role, of, name, from, until, expiresAt, state, code };
  }
}
