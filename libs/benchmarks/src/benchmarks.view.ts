import { Field, Float, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Matches } from 'class-validator';
import { presentations } from '@hub/agreements';
import { enumOf } from '@hub/identity';
import { PublicationView } from '@hub/publications';
import { AuthorityView, IndicatorView } from '@hub/registry';

const FigureKind = enumOf(['value', 'hidden', 'notCollected', 'notApplicable', 'notAvailable', 'notSubmitted']);
registerEnumType(FigureKind, { name: 'FigureKind' });
const PresentationName = enumOf(presentations);
registerEnumType(PresentationName, {
  name: 'Presentation',
  description: 'How much of the authorities an agreement lets a reader see.',
});

@InputType()
export class CategoryInput {
  @Field(() => String)
  @Matches(/^[a-z]+$/)
  dimension: string;
  @Field(() => String)
  @Matches(/^[a-z0-9-]+$/)
  category: string;
}

@ObjectType('Figure', { description: 'One protected value; a hidden one carries no number.' })
export class FigureView {
  @Field(() => FigureKind) kind: string;
  @Field(() => Float, { nullable: true }) count: number | null;
  @Field(() => Float, { nullable: true, description: 'The denominator, where it is printed itself.' }) of:
    number | null;
  @Field(() => Float, { nullable: true, description: 'Rate, percentage or mean, of printed figures alone.' })
  value: number | null;
  @Field(() => String, { nullable: true }) unit: string;
  @Field(() => [Float], {
    nullable: true,
    description:
      'Beside a hidden count the least and the largest that the printed table alone leaves; the least alone: that many or more. Null for any other figure, and in publications of before.',
  })
  between: readonly number[] | null;
}

@ObjectType('AuthorityFigure')
export class AuthorityFigureView {
  @Field(() => AuthorityView, { nullable: true, description: 'Null where the others are shown without names.' })
  authority: AuthorityView;
  @Field(() => FigureView, { nullable: true }) figure: FigureView;
  @Field(() => Int, {
    nullable: true,
    description:
      'Among printed values; 1 is best by polarity, and the highest where there is none: then it is an order, not a judgement.',
  })
  rank: number | null;
}

@ObjectType('Coverage', { description: 'Who stands behind a figure of the region.' })
export class CoverageView {
  @Field(() => Int, { description: 'Authorities whose own figure is printed.' }) shown: number;
  @Field(() => Int, { description: 'Authorities in the region’s figure.' }) submitted: number;
  @Field(() => Int, { description: 'Authorities of the region in that period.' }) parties: number;
  @Field(() => String) text: string;
}

@ObjectType('Quartiles', { description: 'Type 7, over printed values; none under four of them.' })
export class QuartilesView {
  @Field(() => Float, { nullable: true }) lower: number | null;
  @Field(() => Float, { nullable: true }) median: number | null;
  @Field(() => Float, { nullable: true }) upper: number | null;
  @Field(() => Int, { description: 'How many printed values they are made of.' }) basis: number;
}

@ObjectType('Benchmark', { description: 'One indicator of one period: each authority beside the region.' })
export class BenchmarkView {
  @Field(() => PublicationView, { nullable: true }) publication: PublicationView;
  @Field(() => IndicatorView, { nullable: true }) indicator: IndicatorView;
  @Field(() => CoverageView, { nullable: true }) coverage: CoverageView;
  @Field(() => [AuthorityFigureView], { nullable: true }) authorities: AuthorityFigureView[];
  @Field(() => FigureView, { nullable: true }) region: FigureView;
  @Field(() => QuartilesView, { nullable: true }) quartiles: QuartilesView;
  @Field(() => PresentationName) presentation: string;
  @Field(() => String, { description: 'In words, whom it shows, and why not more.' }) shows: string;
  @Field(() => String, { nullable: true, description: 'The line to print on every page that shows it.' })
  handling: string | null;
}
