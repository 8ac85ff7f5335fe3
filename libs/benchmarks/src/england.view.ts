import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { PERIOD_TEXT } from '@hub/registry';

@ObjectType('EnglandFigure', {
  description: 'What the Department has published for England: public, and not the hub’s.',
})
export class EnglandFigureView {
  @Field(() => Int, { description: 'The count.' }) count: number;
  @Field(() => Int, { description: 'The children of a rate, the denominator of a percentage.' }) of: number;
  @Field(() => Float, { description: 'Rate per 10,000 children or percentage, one decimal, computed of the two.' })
  value: number;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, { description: 'Who published it, and in which collection.' }) source: string;
  @Field(() => String, { description: 'Whose figure it is: print it beside.' }) text: string;
}
