import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Args, Field, GqlExecutionContext, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CivilDate, enumNamed } from '@hub/platform';
import type { Member, Role } from './domain';
import { Me, MemberRoleName, MeView } from './me.resolver';
import { invitationStates, MembershipService, type Invitation, type Membership } from './membership.service';
import type { Subject } from './tokens';

/** Whose token this is, known to the hub or not; null without one. The door lets a stranger only accept an invitation. */
export const TokenSubject = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Subject | null =>
    GqlExecutionContext.create(context).getContext<{ subject?: Subject | null }>().subject ?? null,
);

const InvitationState = enumNamed('InvitationState', invitationStates, 'What has become of an invitation.', {
  open: 'Its code can be accepted.',
  accepted: 'Somebody has taken it up.',
  withdrawn: 'It was taken back.',
  expired: 'Nobody has taken it up in its 14 days.',
});

@ObjectType('Membership', { description: 'A role that somebody held, holds or will hold. Dates are half-open.' })
export class MembershipView {
  @Field(() => ID, { description: 'The member.' }) member: string;
  @Field(() => String) name: string;
  @Field(() => MemberRoleName) role: string;
  @Field(() => ID) of: string;
  @Field(() => CivilDate) from: string;
  @Field(() => CivilDate, { nullable: true, description: 'The first day without it; null: until further notice.' })
  until: string | null;
}

@ObjectType('Invitation', { description: 'An offer of one role to whoever holds its code.' })
export class InvitationView {
  @Field(() => ID) id: string;
  @Field(() => MemberRoleName) role: string;
  @Field(() => ID) of: string;
  @Field(() => String) name: string;
  @Field(() => CivilDate) from: string;
  @Field(() => CivilDate, { nullable: true, description: 'The first day without the role.' }) until: string | null;
  @Field(() => InvitationState) state: string;
  @Field(() => Date) expiresAt: Date;
  @Field(() => String, {
    nullable: true,
    description: 'What is accepted: works once, and is shown in the answer to `inviteMember` alone.',
  })
  code: string | null;
}

@Resolver()
export class MembersResolver {
  constructor(private readonly memberships: MembershipService) {}

  @Query(() => [MembershipView], {
    nullable: true,
    description: 'Who holds, held or will hold a role that the caller administers there.',
  })
  members(
    @Args('organisation', { type: () => ID }) organisation: string,
    @Me() member: Member | null,
  ): Promise<Membership[]> {
    return this.memberships.members(member, organisation);
  }

  @Query(() => [InvitationView], {
    nullable: true,
    description: 'Invitations that the caller administers, newest first.',
  })
  invitations(
    @Args('organisation', { type: () => ID }) organisation: string,
    @Me() member: Member | null,
  ): Promise<Invitation[]> {
    return this.memberships.invitations(member, organisation);
  }

  @Mutation(() => InvitationView, { nullable: true, description: 'Invites somebody to a role, for 14 days.' })
  inviteMember(
    @Args('role', { type: () => MemberRoleName }) role: Role,
    @Args('organisation', { type: () => ID }) organisation: string,
    @Args('name') name: string,
    @Args('from', { type: () => CivilDate, nullable: true, description: 'The first day; today when absent.' })
    from: string | null,
    @Args('until', { type: () => CivilDate, nullable: true, description: 'The first day without it.' })
    until: string | null,
    @Me() member: Member | null,
  ): Promise<Invitation> {
    return this.memberships.invite(member, { role, organisation, name, from: from ?? null, until: until ?? null });
  }

  @Mutation(() => MeView, {
    nullable: true,
    description: 'Takes up an invitation, by whoever holds the token: the hub may not know them yet.',
  })
  async acceptInvitation(@Args('code') code: string, @TokenSubject() subject: Subject | null): Promise<MeView> {
    const { id, roles } = await this.memberships.accept(subject, code);
    return { id, roles: roles.map(({ role, of }) => ({ role, of })) };
  }

  @Mutation(() => InvitationView, { nullable: true, description: 'Takes an open invitation back.' })
  withdrawInvitation(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<Invitation> {
    return this.memberships.withdraw(member, id);
  }

  @Mutation(() => MembershipView, { nullable: true, description: 'Ends a role; from that day on it is not held.' })
  endRole(
    @Args('member', { type: () => ID }) id: string,
    @Args('role', { type: () => MemberRoleName }) role: Role,
    @Args('organisation', { type: () => ID }) organisation: string,
    @Args('on', { type: () => CivilDate, description: 'The first day without it; today ends it at once.' }) on: string,
    @Me() member: Member | null,
  ): Promise<Membership> {
    return this.memberships.end(member, { member: id, role, organisation, on });
  }
}
