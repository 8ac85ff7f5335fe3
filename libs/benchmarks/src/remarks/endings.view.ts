import { Field, ID, ObjectType } from '@nestjs/graphql';
import { MemberRoleName } from '@hub/identity';
import { enumNamed } from '@hub/platform';
import { patternEnds, type PatternEnd } from '../domain';

export const PatternEndName = enumNamed('PatternEnd', patternEnds, 'What comes of something unusual.', {
  support: 'Somebody is offered help.',
  challenge: 'Somebody is asked why.',
  evaluation: 'It is looked into more closely.',
  none: 'Nothing: it is chance, or understood.',
});

@ObjectType('PatternEnding', { description: 'How a pattern ended, and why. What was told before stays.' })
export class PatternEndingView {
  @Field(() => PatternEndName, { description: 'What came of it.' }) end: PatternEnd;
  @Field(() => String, { description: 'Why, in their words.' }) reason: string;
  @Field(() => MemberRoleName, { description: 'The role of who told it.' }) role: string;
  @Field(() => ID, { description: 'Code of the region or board for which they told it.' }) of: string;
  @Field(() => Date, { description: 'When it was told.' }) at: Date;
}
