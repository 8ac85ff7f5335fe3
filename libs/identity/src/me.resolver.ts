import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  Args,
  Field,
  GqlExecutionContext,
  ID,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from '@nestjs/graphql';
import { roles, type Member } from './domain';
import { KeysService } from './keys.service';
import type { SigningKeyEntity } from './signing-key.entity';

/** Who is asking; null for nobody. The door has found out before GraphQL begins. */
export const Me = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Member | null =>
    GqlExecutionContext.create(context).getContext<{ member: Member | null }>().member ?? null,
);

const screaming = (word: string) =>
  word
    .replaceAll('-', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
/** An enum of the schema out of the design's words: `awaitingSignOff` is `AWAITING_SIGN_OFF`. */
export const enumOf = <T extends string>(words: readonly T[]): Record<string, T> =>
  Object.fromEntries(words.map((word) => [screaming(word), word]));

export const MemberRoleName = enumOf(roles);
registerEnumType(MemberRoleName, { name: 'Role' });
export const SigningKeyState = enumOf(['pending', 'active', 'revoked']);
registerEnumType(SigningKeyState, { name: 'SigningKeyState' });

@ObjectType('MemberRole', { description: 'A role that the caller holds today, and for which organisation.' })
export class MemberRoleView {
  @Field(() => MemberRoleName) role: string;
  @Field(() => ID, { description: 'An authority, region, board or agency by its code; `hub` for the hub itself.' })
  of: string;
}

@ObjectType('Me', { description: 'The caller, as this hub knows them.' })
export class MeView {
  @Field(() => ID) id: string;
  @Field(() => [MemberRoleView]) roles: MemberRoleView[];
}

@ObjectType('SigningKey', { description: 'A public key that an authority signs with.' })
export class SigningKeyView {
  @Field(() => ID) kid: string;
  @Field(() => SigningKeyState) state: string;
}

const viewOf = ({ kid, state }: SigningKeyEntity): SigningKeyView => ({ kid, state });

@Resolver()
export class IdentityResolver {
  constructor(private readonly keys: KeysService) {}

  @Query(() => MeView, { nullable: true, description: 'Who is asking; null without a token.' })
  me(@Me() member: Member | null): MeView | null {
    return member && { id: member.id, roles: member.roles.map(({ role, of }) => ({ role, of })) };
  }

  @Mutation(() => SigningKeyView, { nullable: true, description: 'Registers a key of the caller’s authority.' })
  async registerKey(
    @Args('authority', { type: () => ID }) authority: string,
    @Args('jwk') jwk: string,
    @Args('proof', { description: 'A flattened JWS by the new key over {"authority","kid"}.' }) proof: string,
    @Me() member: Member | null,
  ): Promise<SigningKeyView> {
    return viewOf(await this.keys.register(member, authority, jwk, proof));
  }

  @Mutation(() => SigningKeyView, { nullable: true, description: 'Confirms a key of the caller’s authority.' })
  async approveKey(@Args('kid', { type: () => ID }) kid: string, @Me() member: Member | null): Promise<SigningKeyView> {
    return viewOf(await this.keys.approve(member, kid));
  }

  @Mutation(() => SigningKeyView, { nullable: true, description: 'Ends a key at once; old receipts still verify.' })
  async revokeKey(
    @Args('kid', { type: () => ID }) kid: string,
    @Args('reason') reason: string,
    @Me() member: Member | null,
  ): Promise<SigningKeyView> {
    return viewOf(await this.keys.revoke(member, kid, reason));
  }
}
