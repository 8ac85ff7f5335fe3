import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  Args,
  Field,
  GqlExecutionContext,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { enumNamed } from '@hub/platform';
import { ORGANISATION_CODE } from '@hub/registry';
import { keyStates, roles, wasGoodAt, type Member } from './domain';
import { KeysService } from './keys.service';

/** Who is asking; null for nobody. The door has found out before GraphQL begins. */
export const Me = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Member | null =>
    GqlExecutionContext.create(context).getContext<{ member: Member | null }>().member ?? null,
);

export const MemberRoleName = enumNamed(
  'Role',
  roles,
  'What somebody may do for an organisation. What figures a role is shown, an agreement says.',
  {
    'authority-system': 'A system of an authority: sends its returns, checks them and reads its own raw figures.',
    'authority-analyst':
      'Checks the returns of an authority, reads its raw figures and writes notes beside the published ones.',
    'authority-approver':
      'As an analyst; besides signs returns and agreements off, and answers for keys, members, systems and deletion.',
    'regional-lead':
      'Opens, closes and publishes the rounds of a region and drafts its agreements; sees nobody’s raw figures. A deputy is one too.',
    'board-chair': 'Acts for a safeguarding board: issues, challenges, actions and meetings.',
    'agency-partner': 'Acts for an agency such as the police: answers what it is asked, and answers for its keys.',
    'elected-member': 'A councillor of an authority: reads printed figures, and issues that are shared with its board.',
    scrutineer: 'An independent scrutineer of an authority: reads as an elected member does.',
    steward:
      'Runs the hub: declares circles, loads national releases, appoints the first lead of a region. Reads no figures.',
    auditor: 'Is appointed to the hub by a steward, and reads no figures.',
  },
);
const SigningKeyState = enumNamed('SigningKeyState', keyStates, 'What a key is at a moment.', {
  pending: 'It waits for a second person, and verifies nothing.',
  active: 'It verifies what is signed with it.',
  retired: 'Its time beside the key that took its place is over.',
  revoked: 'It was ended at once.',
});

@ObjectType('MemberRole', { description: 'A role that the caller holds today, and for which organisation.' })
export class MemberRoleView {
  @Field(() => MemberRoleName, { description: 'The role.' }) role: string;
  @Field(() => ID, { description: ORGANISATION_CODE })
  of: string;
}

@ObjectType('Me', { description: 'The caller, as this hub knows them.' })
export class MeView {
  @Field(() => ID, { description: 'The member’s id at this hub, a UUID: that by which `members` lists them.' })
  id: string;
  @Field(() => [MemberRoleView], { description: 'The roles held today; none for a member whose roles have all ended.' })
  roles: MemberRoleView[];
}

@ObjectType('SigningKey', {
  description: 'A public key that an authority or agency signs with, and what has happened to it.',
})
export class SigningKeyView {
  @Field(() => ID, { description: 'The name under which it was registered, unique at this hub.' }) kid: string;
  @Field(() => SigningKeyState, { description: 'What it is at this moment.' }) state: string;
  @Field({ description: 'When it was registered.' }) registeredAt: Date;
  @Field(() => Date, { nullable: true, description: 'When a second person made it good; null while it waits.' })
  approvedAt: Date | null;
  @Field(() => Date, {
    nullable: true,
    description:
      'When it ends because another has taken its place, 30 days after that one’s approval; null while none has.',
  })
  until: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was ended at once; null where it was not.' })
  revokedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was revoked; null where it was not.' }) reason:
    string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The key whose place it takes once it is approved; null where it takes none.',
  })
  replaces: string | null;
}

@Resolver(() => SigningKeyView)
export class SigningKeyResolver {
  @ResolveField(() => Boolean, {
    description: 'Whether a signature of that moment counts: from approval to the earlier of its end and revocation.',
  })
  goodAt(
    @Parent() key: SigningKeyView,
    @Args('at', { description: 'The moment that is asked about.' }) at: Date,
  ): boolean {
    return wasGoodAt(key, at);
  }
}

@Resolver()
export class IdentityResolver {
  constructor(private readonly keys: KeysService) {}

  @Query(() => MeView, { nullable: true, description: 'Who is asking; null without a token.' })
  me(@Me() member: Member | null): MeView | null {
    return member && { id: member.id, roles: member.roles.map(({ role, of }) => ({ role, of })) };
  }

  @Query(() => [SigningKeyView], {
    nullable: true,
    description: 'Every key that the caller’s organisation ever had, newest first; for its approvers.',
  })
  signingKeys(
    @Args('organisation', { type: () => ID, description: 'An authority or agency by its code.' }) organisation: string,
    @Me() member: Member | null,
  ): Promise<SigningKeyView[]> {
    return this.keys.list(member, organisation);
  }

  @Mutation(() => SigningKeyView, {
    nullable: true,
    description: 'Registers a key of the caller’s organisation. It verifies nothing until a second person approves it.',
  })
  registerKey(
    @Args('authority', { type: () => ID, description: 'The authority, or the agency, by its code.' }) authority: string,
    @Args('jwk', {
      description:
        'The public key as a JWK, JSON text: Ed25519 with `alg` EdDSA or P-256 with ES256, with `kid` and no private part.',
    })
    jwk: string,
    @Args('proof', {
      description:
        'A flattened JWS by the new key over {"authority","kid"}, JSON text, signed for this hub within the last hour.',
    })
    proof: string,
    @Args('replaces', {
      type: () => ID,
      nullable: true,
      description: 'The key of the same organisation whose place it takes: that one ends 30 days after the approval.',
    })
    replaces: string | null,
    @Me() member: Member | null,
  ): Promise<SigningKeyView> {
    return this.keys.register(member, authority, jwk, proof, replaces ?? null);
  }

  @Mutation(() => SigningKeyView, {
    nullable: true,
    description: 'Makes a key good that somebody else of the caller’s organisation has registered.',
  })
  approveKey(
    @Args('kid', { type: () => ID, description: 'The key; whoever registered it cannot approve it.' }) kid: string,
    @Me() member: Member | null,
  ): Promise<SigningKeyView> {
    return this.keys.approve(member, kid);
  }

  @Mutation(() => SigningKeyView, { nullable: true, description: 'Ends a key at once; old receipts still verify.' })
  revokeKey(
    @Args('kid', { type: () => ID, description: 'The key; that of another organisation is KEY_ABSENT.' }) kid: string,
    @Args('reason', { description: 'Why, in 1 to 500 characters.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<SigningKeyView> {
    return this.keys.revoke(member, kid, reason);
  }
}
