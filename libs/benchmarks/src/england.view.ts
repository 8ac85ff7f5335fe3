import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('EnglandFigure', {
  description: 'What the Department has published for England: public, and not the hub’s.',
})
export class EnglandFigureView {
  @Field(() => Int) count: number;
  @Field(() => Int, { description: 'The children of a rate, the denominator of a percentage.' }) of: number;
  @Field(() => Float) value: number;
  @Field(() => String) period: string;
  @Field(() => String, { description: 'Who published it, and in which collection.' }) source: string;
  @Field(() => String, { description: 'Whose figure it is: print it beside.' }) text: string;
}
