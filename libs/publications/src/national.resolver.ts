import { Args, Field, ID, Mutation, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { enumOf, Me, type Member } from '@hub/identity';
import { NationalService, type NationalNow } from './national.service';

const NationalState = enumOf(['loading', 'loaded', 'refused']);
registerEnumType(NationalState, { name: 'NationalState' });

@ObjectType('NationalRelease', {
  description:
    'Figures that the Department has printed, as part of what everybody knows. What they open is told to its owners.',
})
export class NationalReleaseView {
  @Field(() => ID) id: string;
  @Field(() => String) title: string;
  @Field(() => String) period: string;
  @Field(() => NationalState) state: string;
  @Field(() => String, { nullable: true, description: 'Why the book is as it was: a refusal code.' })
  refusedBecause: string | null;
}

@Resolver(() => NationalReleaseView)
export class NationalResolver {
  constructor(private readonly service: NationalService) {}

  @Query(() => [NationalReleaseView], { nullable: true, description: 'Those loaded, newest first; for stewards.' })
  nationalReleases(@Me() member: Member | null): Promise<NationalNow[]> {
    return this.service.list(member);
  }

  @Mutation(() => NationalReleaseView, {
    nullable: true,
    description:
      'Loads one period of a national release into the book, by a steward; later editions are protected beside it.',
  })
  loadNationalRelease(
    @Args('map', { description: 'How the file is read, JSON as in contracts/national.' }) map: string,
    @Args('csv', { description: 'Rows of explore education statistics.' }) csv: string,
    @Args('period', { description: 'As the hub writes it, `2024-FY`.' }) period: string,
    @Me() member: Member | null,
  ): Promise<NationalNow> {
    return this.service.load(member, { map, csv, period });
  }
}
