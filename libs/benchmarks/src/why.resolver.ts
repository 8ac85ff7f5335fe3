import { Args, Field, Float, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { PublicationView } from '@hub/publications';
import { AuthorityView, RegistryKeys } from '@hub/registry';
import { FigureView } from './benchmarks.view';
import { WhyService } from './why.service';

@ObjectType('WhyPart', { description: 'A printed count, or a number of children, of which a figure is made.' })
export class WhyPartView {
  @Field(() => String, { description: 'What it is in the formula: count, denominator, population or summand.' })
  as: string;
  @Field(() => AuthorityView, { nullable: true, description: 'Whose it is; null: the region’s.' })
  authority: AuthorityView | null;
  @Field(() => String, { nullable: true, description: 'As the document names it; null for a number of children.' })
  series: string | null;
  @Field(() => Float, { description: 'How many, in the indicator’s own numbers.' }) count: number;
}

@ObjectType('Why', { description: 'Why a figure is what it is, out of what is printed.' })
export class WhyView {
  @Field(() => FigureView, { description: 'The figure.' }) figure: FigureView;
  @Field(() => String, {
    description: 'In words and numbers; of a hidden figure, in the same words for each, what the print leaves of it.',
  })
  formula: string;
  @Field(() => [WhyPartView], { description: 'Printed ones alone; none of a figure that is hidden.' })
  parts: WhyPartView[];
  @Field(() => Int, { description: 'How many of the region’s summands are hidden; 0 of an authority’s figure.' })
  hiddenParts: number;
  @Field(() => ID, { description: 'The id of the agreement by which the reader is shown it.' }) agreement: string;
  @Field(() => Int, { description: 'The version of that agreement.' }) version: number;
  @Field(() => String, { description: 'The clause, a JSON pointer into the agreement.' }) clause: string;
}

@Resolver(() => PublicationView)
export class WhyResolver {
  constructor(
    private readonly service: WhyService,
    private readonly keys: RegistryKeys,
  ) {}

  @ResolveField(() => WhyView, {
    nullable: true,
    description:
      'Why a figure of it is what it is; null where there is none that is shown to the reader by name. Of one that was withdrawn null and PUBLICATION_WITHDRAWN.',
  })
  async why(
    @Parent() publication: PublicationView,
    @Args('series', { description: 'Of a count, as the document names it: CP01|duration=2-years-or-more#count.' })
    series: string,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description: 'Whose figure, by the authority’s code; the region’s when absent.',
    })
    authority: string | null,
    @Me() member: Member | null,
  ): Promise<WhyView | null> {
    const answer = await this.service.why(member, publication.place, publication.id, series, authority ?? null);
    if (!answer) return null;
    const { figure, formula, parts, hiddenParts, agreement, clause } = answer;
    return {
      figure: figure as FigureView,
      formula,
      parts: parts.map((part) => ({ ...part, authority: this.keys.authority(part.authority) })),
      hiddenParts,
      agreement: agreement.id,
      version: agreement.version,
      clause,
    };
  }
}
