import { Args, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CivilDate, enumNamed } from '@hub/platform';
import { AUTHORITY_CODE } from '@hub/registry';
import type { Member } from './domain';
import { Me } from './me.resolver';
import { systemStates, SystemsService, type SystemAccount } from './systems.service';

const SystemState = enumNamed('SystemState', systemStates, 'What has become of the registration of a system.', {
  pending: 'It waits for a second approver, and lets nothing in.',
  confirmed: 'A second approver has let it in. It stays so after its role has ended.',
  withdrawn: 'It was taken back before anybody confirmed it.',
});

@ObjectType('SystemAccount', {
  description:
    'A client of the token issuer that acts for an authority as its system, or asks to. Dates are half-open.',
})
export class SystemAccountView {
  @Field(() => ID, { description: 'The id of the registration, `sys_…`.' }) id: string;
  @Field(() => ID, { description: AUTHORITY_CODE }) of: string;
  @Field(() => String, { description: 'The subject of its tokens: with most issuers the client id.' }) client: string;
  @Field(() => String, { description: 'What the authority calls it.' }) name: string;
  @Field(() => CivilDate, { description: 'The first day of the role.' }) from: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The first day without the role, as it was registered; null: until further notice.',
  })
  until: string | null;
  @Field(() => SystemState, { description: 'What has become of the registration by now.' }) state: string;
  @Field(() => Date, { description: 'When it was registered.' }) registeredAt: Date;
  @Field(() => Date, { nullable: true, description: 'When a second approver let it in; null while nobody has.' })
  confirmedAt: Date | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The member that it has become: `endRole` ends it at once. Null until it is confirmed.',
  })
  member: string | null;
}

@Resolver()
export class SystemsResolver {
  constructor(private readonly systems: SystemsService) {}

  @Query(() => [SystemAccountView], {
    nullable: true,
    description: 'Every service account that the authority ever had, newest first; for its approvers.',
  })
  systemAccounts(
    @Args('organisation', { type: () => ID, description: AUTHORITY_CODE }) organisation: string,
    @Me() member: Member | null,
  ): Promise<SystemAccount[]> {
    return this.systems.list(member, organisation);
  }

  @Mutation(() => SystemAccountView, {
    nullable: true,
    description: 'Registers a client of the token issuer as a system of the authority; it waits for a second approver.',
  })
  registerSystem(
    @Args('organisation', { type: () => ID, description: AUTHORITY_CODE }) organisation: string,
    @Args('client', { description: 'The subject of its tokens: with most issuers the client id.' }) client: string,
    @Args('name', { description: 'What to call it, 1 to 200 characters on one line.' }) name: string,
    @Args('from', { type: () => CivilDate, nullable: true, description: 'The first day; today when absent.' })
    from: string | null,
    @Args('until', {
      type: () => CivilDate,
      nullable: true,
      description: 'The first day without it; until further notice when absent.',
    })
    until: string | null,
    @Me() member: Member | null,
  ): Promise<SystemAccount> {
    return this.systems.register(member, { organisation, client, name, from: from ?? null, until: until ?? null });
  }

  @Mutation(() => SystemAccountView, {
    nullable: true,
    description: 'Lets a system in that another approver of the authority has registered.',
  })
  confirmSystem(
    @Args('id', {
      type: () => ID,
      description: 'The id of the registration, `sys_…`; whoever registered it cannot confirm it.',
    })
    id: string,
    @Me() member: Member | null,
  ): Promise<SystemAccount> {
    return this.systems.confirm(member, id);
  }

  @Mutation(() => SystemAccountView, { nullable: true, description: 'Takes back a system that waits to be confirmed.' })
  withdrawSystem(
    @Args('id', {
      type: () => ID,
      description: 'The id of the registration, `sys_…`; once confirmed its role is ended instead, by `endRole`.',
    })
    id: string,
    @Me() member: Member | null,
  ): Promise<SystemAccount> {
    return this.systems.withdraw(member, id);
  }
}
