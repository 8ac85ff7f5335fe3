import { Field, ObjectType } from '@nestjs/graphql';
import { QUESTIONS } from './field-words';
import { UNIT_TEXT } from '@hub/registry';
import { INDICATOR_CODE } from '@hub/registry';

@ObjectType('IndicatorCard', { description: 'What an indicator counts, and how it is read.' })
export class IndicatorCardView {
  @Field(() => String, { description: INDICATOR_CODE }) code: string;
  @Field(() => String, { description: 'Its name.' }) name: string;
  @Field(() => [String], { description: 'Codes of the datasets that collect it.' }) datasets: readonly string[];
  @Field(() => String, { description: 'In words, what its count counts.' }) counts: string;
  @Field(() => String, { description: UNIT_TEXT }) unit: string;
  @Field(() => String, { description: 'Which end is better: higher, lower, or neutral where neither is.' })
  polarity: string;
  @Field(() => String, {
    description:
      'What it counts over: `flow` what happens in the period, `snapshot` a number at its last day, `rolling12` twelve months, `survey` answers to a questionnaire.',
  })
  basis: string;
  @Field(() => String, { description: 'Whose definition it follows, in words.' }) source: string;
  @Field(() => [String], { description: 'Codes of the dimensions that it is broken down by.' })
  breakdowns: readonly string[];
  @Field(() => [String], { description: QUESTIONS }) questions: readonly string[];
}

@ObjectType('Theme', { description: 'Indicators about one thing.' })
export class ThemeView {
  @Field(() => String, { description: 'Its name, as `catalogue` takes it.' }) name: string;
  @Field(() => [IndicatorCardView], { description: 'Its indicators.' }) indicators: readonly IndicatorCardView[];
}
