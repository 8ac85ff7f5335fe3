import { UseGuards } from '@nestjs/common';
import { Args, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member, type Role } from '@hub/identity';
import { isMailAddress, Refusal } from '@hub/kernel';
import { answerers, chairs } from './issues.service';
import { AS, OneHat } from './one-hat';
import { Seats } from './seats';

const keepers: readonly Role[] = [...chairs, ...answerers];

@ObjectType('NoticeAddress', {
  description: 'Where an organisation wants to be told that something is asked of it or shared with it.',
})
export class NoticeAddressView {
  @Field(() => ID, { description: 'Code of the board, agency or authority.' }) organisation: string;
  @Field(() => String, { nullable: true, description: 'A mail address; null: nowhere.' }) address: string | null;
}

/** The mailbox of an organisation. Small enough for one file: what it keeps is one row. */
@Resolver(() => NoticeAddressView)
@UseGuards(OneHat)
export class ContactResolver {
  constructor(private readonly seats: Seats) {}

  @Query(() => NoticeAddressView, {
    nullable: true,
    description:
      'Where the organisation wants to be told that something is asked of it or shared with it; for those who act for it.',
  })
  async noticeAddress(@Args('as', AS) as: string, @Me() member: Member | null): Promise<NoticeAddressView> {
    return this.seats.as(member, as, keepers, async (tx) => {
      const [row] = (await tx.query('select address from exchange.contact where organisation = $1', [as])) as {
        address: string;
      }[];
      return { organisation: as, address: row?.address ?? null };
    });
  }

  @Mutation(() => NoticeAddressView, {
    nullable: true,
    description: 'Sets the mailbox of the organisation, or takes it out; for those who act for it.',
  })
  async setNoticeAddress(
    @Args('as', AS) as: string,
    @Args('address', { type: () => String, nullable: true, description: 'A mail address; none takes it out.' })
    address: string | null,
    @Me() member: Member | null,
  ): Promise<NoticeAddressView> {
    return this.seats.as(member, as, keepers, async (tx, seat) => {
      if (address !== null && address !== undefined && !isMailAddress(address)) {
        throw new Refusal('REQUEST_MALFORMED', { expected: 'a mail address such as board@partnership.example' });
      }
      if (address) {
        await tx.query(
          `insert into exchange.contact (organisation, address, set_by, set_at) values ($1, $2, $3, $4)
           on conflict (organisation) do update
             set address = excluded.address, set_by = excluded.set_by, set_at = excluded.set_at`,
          [as, address, seat.member.id, seat.now],
        );
      } else await tx.query('delete from exchange.contact where organisation = $1', [as]);
      return { organisation: as, address: address ?? null };
    });
  }
}
