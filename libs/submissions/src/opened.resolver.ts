import { Args, Field, Float, GraphQLISODateTime, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { AuthorityView, RegistryKeys, PERIOD_TEXT, SERIES_KEY } from '@hub/registry';
import { OpenedService } from './opened.service';

@ObjectType('OpenedCount', {
  description:
    'An own count that is not printed and that can be worked out since a national release: for the approvers of its authority alone.',
})
export class OpenedCountView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => String, { description: SERIES_KEY }) series: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, { description: 'Title of the national release that has opened it.' }) release: string;
  @Field(() => Float, { description: 'The least that the count can still be.' }) least: number;
  @Field(() => Float, {
    description: 'The most that it can be; where both are alike the count itself can be worked out.',
  })
  most: number;
  @Field(() => GraphQLISODateTime, { description: 'When the hub found it.' }) foundAt: Date;
}

@Resolver(() => OpenedCountView)
export class OpenedResolver {
  constructor(
    private readonly service: OpenedService,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => [OpenedCountView], {
    nullable: true,
    description: 'Own counts that national releases have opened, newest first; for approvers of the authority.',
  })
  async openedCounts(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Me() member: Member | null,
  ): Promise<OpenedCountView[]> {
    const opened = await this.service.of(member, authority);
    return opened.map((one) => ({ ...one, authority: this.keys.authority(authority) }));
  }
}
