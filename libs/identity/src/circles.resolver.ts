import { Args, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CivilDate } from '@hub/platform';
import { AuthorityView, RegistryKeys } from '@hub/registry';
import { CirclesService, type Circle } from './circles.service';
import type { Member } from './domain';
import { Me } from './me.resolver';

@ObjectType('Circle', {
  description:
    'Authorities whose raw figures some people know together, as a steward declared it. Publications hold against them.',
})
export class CircleView {
  @Field(() => ID, { description: 'The id of the circle, `cir_…`.' }) id: string;
  @Field(() => String, { description: 'What the steward calls it, up to 200 characters.' }) name: string;
  @Field(() => [AuthorityView], { description: 'Whose raw figures are known together, by code.' })
  authorities: AuthorityView[];
  @Field(() => [String], {
    nullable: true,
    description: 'The only series that are known, as an agency knows its own figures; null: everything that is sent.',
  })
  series: readonly string[] | null;
  @Field(() => CivilDate, { description: 'The first day from which they are known.' }) from: string;
}

@Resolver()
export class CirclesResolver {
  constructor(
    private readonly service: CirclesService,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => [CircleView], { nullable: true, description: 'Declared circles, newest first; for stewards.' })
  async circles(@Me() member: Member | null): Promise<CircleView[]> {
    return (await this.service.list(member)).map((circle) => this.view(circle));
  }

  @Mutation(() => CircleView, {
    nullable: true,
    description:
      'Declares a shared service, a board over several authorities, or the series that an agency knows. It never ends: what was known stays known.',
  })
  async declareCircle(
    @Args('name', { description: 'What to call it, 1 to 200 characters on one line.' }) name: string,
    @Args('authorities', {
      type: () => [ID],
      description: 'Codes of two authorities or more; of one, where `series` is given.',
    })
    authorities: string[],
    @Args('from', { type: () => CivilDate, description: 'The first day from which they are known.' }) from: string,
    @Args('series', {
      type: () => [String],
      nullable: true,
      description: 'For an agency: the only series that it knows, `RF01|source=police#count`.',
    })
    series: string[] | null,
    @Me() member: Member | null,
  ): Promise<CircleView> {
    return this.view(await this.service.declare(member, { name, authorities, series, from }));
  }

  private view({ authorities, ...circle }: Circle): CircleView {
    return { ...circle, authorities: authorities.map((code) => this.keys.authority(code)) };
  }
}
