import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { PublicationView } from '@hub/publications';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { ChangeView, PatternsView } from './benchmarks.view';
import { NoteView } from './remarks/notes.view';

@ObjectType('ValueChange', {
  description: 'A value that differs from the period published before by more than chance.',
})
export class ValueChangeView {
  @Field(() => AuthorityView, { nullable: true, description: 'Null: the region.' }) authority: AuthorityView | null;
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => ChangeView) change: ChangeView;
  @Field(() => Float) value: number;
  @Field(() => String, {
    nullable: true,
    description: 'Of the region’s: how many authorities stand in it, of how many: 11 of 12. Null for an authority.',
  })
  coverage: string | null;
  @Field(() => String, { description: 'From what to what, and how it stands beside the region.' }) text: string;
  @Field(() => [String], { description: 'What to ask about it.' }) questions: readonly string[];
  @Field(() => [NoteView], { description: 'What the authority says of how its figures compare.' })
  notes: readonly NoteView[];
}

@ObjectType('Monday', {
  description: 'Of the newest period of one dataset what changed, whether it is chance, and what to ask.',
})
export class MondayView {
  @Field(() => PublicationView, { nullable: true }) publication: PublicationView;
  @Field(() => Int, { description: 'Values that have intervals now and in the period published before.' })
  compared: number;
  @Field(() => Int, { description: 'How many of them are numbers at a date, which chance leaves apart less often.' })
  atDate: number;
  @Field(() => Float, { description: 'How many of the others chance alone would leave apart.' }) expected: number;
  @Field(() => String, { description: 'Found and expected, in a line: print it beside the list.' })
  remark: string;
  @Field(() => [String], { description: 'How that is found, and why values were not compared.' })
  explained: readonly string[];
  @Field(() => [ValueChangeView], { description: 'The largest first.' }) changes: ValueChangeView[];
  @Field(() => PatternsView, {
    nullable: true,
    description: 'What is unusual beside up to 23 periods before, as in `patterns`.',
  })
  patterns: PatternsView | null;
  @Field(() => [String], {
    description:
      'Which periods before it are missing, and why: never published, withdrawn since when, not collected, or not shown.',
  })
  gaps: readonly string[];
  @Field(() => String, { nullable: true }) handling: string | null;
}
