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
  @Field(() => PatternEndName) end: PatternEnd;
  @Field(() => String) reason: string;
  @Field(() => MemberRoleName, { description: 'Of who told it.' }) role: string;
  @Field(() => ID, { description: 'The region or board for which they told it.' }) of: string;
  @Field(() => Date) at: Date;
}
