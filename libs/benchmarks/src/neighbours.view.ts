import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AuthorityView, type NeighbourModel } from '@hub/registry';

/** A name cannot begin with a digit. */
export const NeighbourModelName: Readonly<Record<string, NeighbourModel>> = { Y2025: '2025', Y2021: '2021' };
registerEnumType(NeighbourModelName, {
  name: 'NeighbourModel',
  description: 'The year of the Department’s model of statistical neighbours.',
  valuesMap: {
    Y2025: { description: 'The newest: ten neighbours of each authority of today.' },
    Y2021: { description: 'The one before.' },
  },
});

@ObjectType('NeighbourFigure', {
  description: 'The mean of statistical neighbours: of those whose values the same answer shows by name.',
})
export class NeighbourFigureView {
  @Field(() => Int, { description: 'How many neighbours the authority has, wherever they lie.' }) of: number;
  @Field(() => [AuthorityView], { description: 'Those in the mean, nearest first.' }) printed: AuthorityView[];
  @Field(() => Float, {
    nullable: true,
    description: 'The mean of their values, in the same unit, one decimal; null with fewer than two of them.',
  })
  mean: number | null;
  @Field(() => String, { description: 'Of whom it is, or why there is none: print it beside.' }) text: string;
}
