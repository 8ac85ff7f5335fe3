import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Args, Field, GqlExecutionContext, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CivilDate, enumNamed } from '@hub/platform';
import { ORGANISATION_CODE } from '@hub/registry';
import type { Member, Role } from './domain';
import { Me, MemberRoleName, MeView } from './me.resolver';
import { invitationStates, MembershipService, type Invitation, type Membership } from './membership.service';
import type { Subject } from './tokens';

/** Whose token this is, known to the hub or not; null without one. The door lets a stranger only accept an invitation. */
const TokenSubject = createParamDecorator(
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
  @Field(() => ID, { description: 'The member’s id at this hub, as `endRole` takes it.' }) member: string;
  @Field(() => String, { description: 'The name under which they were invited or registered.' }) name: string;
  @Field(() => MemberRoleName, { description: 'The role.' }) role: string;
  @Field(() => ID, { description: ORGANISATION_CODE }) of: string;
  @Field(() => CivilDate, { description: 'The first day of the role.' }) from: string;
  @Field(() => CivilDate, { nullable: true, description: 'The first day without it; null: until further notice.' })
  until: string | null;
}

@ObjectType('Invitation', { description: 'An offer of one role to whoever holds its code.' })
export class InvitationView {
  @Field(() => ID, { description: 'The id of the invitation, `inv_…`.' }) id: string;
  @Field(() => MemberRoleName, { description: 'The role that is offered.' }) role: string;
  @Field(() => ID, { description: ORGANISATION_CODE }) of: string;
  @Field(() => String, { description: 'The name of who is invited, as it was given.' }) name: string;
  @Field(() => CivilDate, { description: 'The first day of the role.' }) from: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The first day without the role; null: until further notice.',
  })
  until: string | null;
  @Field(() => InvitationState, { description: 'What has become of it by now.' }) state: string;
  @Field(() => Date, { description: 'When its code stops working, 14 days after it was made.' }) expiresAt: Date;
  @Field(() => String, {
    nullable: true,
    description:
      'What is accepted: works once, and is shown in the answer to `inviteMember` alone. Null everywhere else.',
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
    @Args('organisation', { type: () => ID, description: ORGANISATION_CODE }) organisation: string,
    @Me() member: Member | null,
  ): Promise<Membership[]> {
    return this.memberships.members(member, organisation);
  }

  @Query(() => [InvitationView], {
    nullable: true,
    description: 'Invitations that the caller administers, newest first.',
  })
  invitations(
    @Args('organisation', { type: () => ID, description: ORGANISATION_CODE }) organisation: string,
    @Me() member: Member | null,
  ): Promise<Invitation[]> {
    return this.memberships.invitations(member, organisation);
  }

  @Mutation(() => InvitationView, {
    nullable: true,
    description: 'Invites somebody to a role that the caller administers, for 14 days.',
  })
  inviteMember(
    @Args('role', {
      type: () => MemberRoleName,
      description: 'One that the caller administers there. A system is not invited: `registerSystem`.',
    })
    role: Role,
    @Args('organisation', { type: () => ID, description: ORGANISATION_CODE }) organisation: string,
    @Args('name', { description: 'Who is invited, 1 to 200 characters on one line.' }) name: string,
    @Args('from', { type: () => CivilDate, nullable: true, description: 'The first day; today when absent.' })
    from: string | null,
    @Args('until', {
      type: () => CivilDate,
      nullable: true,
      description: 'The first day without it; until further notice when absent.',
    })
    until: string | null,
    @Me() member: Member | null,
  ): Promise<Invitation> {
    return this.memberships.invite(member, { role, organisation, name, from: from ?? null, until: until ?? null });
  }

  @Mutation(() => MeView, {
    nullable: true,
    description: 'Takes up an invitation, by whoever holds the token: the hub may not know them yet.',
  })
  async acceptInvitation(
    @Args('code', {
      description:
        'The code from the answer to `inviteMember`. INVITATION_ABSENT says nothing of what is wrong with it.',
    })
    code: string,
    @TokenSubject() subject: Subject | null,
  ): Promise<MeView> {
    const { id, roles } = await this.memberships.accept(subject, code);
    return { id, roles: roles.map(({ role, of }) => ({ role, of })) };
  }

  @Mutation(() => InvitationView, { nullable: true, description: 'Takes an open invitation back.' })
  withdrawInvitation(
    @Args('id', { type: () => ID, description: 'The id of the invitation, `inv_…`; it must not have been accepted.' })
    id: string,
    @Me() member: Member | null,
  ): Promise<Invitation> {
    return this.memberships.withdraw(member, id);
  }

  @Mutation(() => MembershipView, {
    nullable: true,
    description: 'Ends a role that the caller administers; from that day on it is not held.',
  })
  endRole(
    @Args('member', { type: () => ID, description: 'The member, as `members` lists them.' }) id: string,
    @Args('role', {
      type: () => MemberRoleName,
      description: 'The role that ends. The last lead, approver or steward stays until another is there.',
    })
    role: Role,
    @Args('organisation', { type: () => ID, description: ORGANISATION_CODE }) organisation: string,
    @Args('on', { type: () => CivilDate, description: 'The first day without it; today ends it at once.' }) on: string,
    @Me() member: Member | null,
  ): Promise<Membership> {
    return this.memberships.end(member, { member: id, role, organisation, on });
  }
}
