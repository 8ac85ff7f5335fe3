import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('IndicatorCard', { description: 'What an indicator counts, and how it is read.' })
export class IndicatorCardView {
  @Field(() => String) code: string;
  @Field(() => String) name: string;
  @Field(() => [String], { description: 'The datasets that collect it.' }) datasets: readonly string[];
  @Field(() => String, { description: 'In words, what its count counts.' }) counts: string;
  @Field(() => String) unit: string;
  @Field(() => String, { description: 'Which end is better: higher, lower, or neutral where neither is.' })
  polarity: string;
  @Field(() => String, { description: 'flow, snapshot, rolling12 or survey.' }) basis: string;
  @Field(() => String) source: string;
  @Field(() => [String], { description: 'The dimensions that it is broken down by.' }) breakdowns: readonly string[];
  @Field(() => [String], { description: 'What a peer asks of it.' }) questions: readonly string[];
}

@ObjectType('Theme', { description: 'Indicators about one thing.' })
export class ThemeView {
  @Field(() => String) name: string;
  @Field(() => [IndicatorCardView]) indicators: readonly IndicatorCardView[];
}
