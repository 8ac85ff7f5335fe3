import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { PublicationView } from '@hub/publications';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { ChangeView } from './benchmarks.view';
import { PatternsView } from './history.view';
import { NoteView } from './remarks/notes.view';
import { HANDLING } from './field-words';
import { NOTES } from './field-words';
import { QUESTIONS } from './field-words';
import { COVERAGE } from './field-words';
import { WHOSE } from './field-words';

@ObjectType('ValueChange', {
  description: 'A value that differs from the period published before by more than chance.',
})
export class ValueChangeView {
  @Field(() => AuthorityView, { nullable: true, description: WHOSE }) authority: AuthorityView | null;
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => ChangeView, { description: 'By how much, and since when.' }) change: ChangeView;
  @Field(() => Float, { description: 'The value now: rate or percentage, one decimal.' }) value: number;
  @Field(() => String, {
    nullable: true,
    description: COVERAGE,
  })
  coverage: string | null;
  @Field(() => String, { description: 'From what to what, and how it stands beside the region.' }) text: string;
  @Field(() => [String], { description: QUESTIONS }) questions: readonly string[];
  @Field(() => [NoteView], { description: NOTES })
  notes: readonly NoteView[];
}

@ObjectType('Monday', {
  description: 'Of the newest period of one dataset what changed, whether it is chance, and what to ask.',
})
export class MondayView {
  @Field(() => PublicationView, { nullable: true, description: 'The publication of that period.' })
  publication: PublicationView;
  @Field(() => Int, { description: 'How many values have intervals now and in the period published before.' })
  compared: number;
  @Field(() => Int, { description: 'How many of them are numbers at a date, which chance leaves apart less often.' })
  atDate: number;
  @Field(() => Float, { description: 'How many of the others chance alone would leave apart.' }) expected: number;
  @Field(() => String, { description: 'Found and expected, in a line: print it beside the list.' })
  remark: string;
  @Field(() => [String], { description: 'How that is found, and why values were not compared.' })
  explained: readonly string[];
  @Field(() => [ValueChangeView], {
    description:
      'In each authority that is shown by name and in the region, the largest first by the share of what it was.',
  })
  changes: ValueChangeView[];
  @Field(() => PatternsView, {
    nullable: true,
    description:
      'What is unusual beside up to 23 periods before, as in `patterns`; null where nothing of it is shown to this reader.',
  })
  patterns: PatternsView | null;
  @Field(() => [String], {
    description:
      'Which periods before it are missing, and why: never published, withdrawn since when, not collected, or not shown.',
  })
  gaps: readonly string[];
  @Field(() => String, { nullable: true, description: HANDLING }) handling: string | null;
}
