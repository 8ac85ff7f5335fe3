import { Args, Field, Float, GraphQLISODateTime, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { AuthorityView, RegistryKeys } from '@hub/registry';
import { OpenedService } from './opened.service';

@ObjectType('OpenedCount', {
  description:
    'An own count that is not printed and that can be worked out since a national release: for the approvers of its authority alone.',
})
export class OpenedCountView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => String, { description: '`RF01|source=police#count`' }) series: string;
  @Field(() => String) period: string;
  @Field(() => String, { description: 'Title of the national release.' }) release: string;
  @Field(() => Float, { description: 'From this count on,' }) least: number;
  @Field(() => Float, { description: 'to this one: what is left of it.' }) most: number;
  @Field(() => GraphQLISODateTime) foundAt: Date;
}

@Resolver(() => OpenedCountView)
export class OpenedResolver {
  constructor(
    private readonly service: OpenedService,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => [OpenedCountView], {
    nullable: true,
    description: 'Own counts that national releases have opened; for approvers of the authority.',
  })
  async openedCounts(
    @Args('authority', { type: () => ID }) authority: string,
    @Me() member: Member | null,
  ): Promise<OpenedCountView[]> {
    const opened = await this.service.of(member, authority);
    return opened.map((one) => ({ ...one, authority: { code: authority, name: this.keys.authorityName(authority) } }));
  }
}
