import { Field, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import { CivilDate, connectionOf, enumNamed } from '@hub/platform';
import { EditionEnum } from '@hub/publications';
import { AuthorityView, DATASET_CODE, PERIOD_TEXT } from '@hub/registry';
import { roundStates } from './domain';
import type { RoundEntity } from './round.entity';

const RoundStateEnum = enumNamed(
  'RoundState',
  roundStates,
  'How far a round is, from its opening to its publication.',
  {
    scheduled: 'Its first day is to come.',
    open: 'It takes returns.',
    closed: 'It takes no returns any more; what was sent is gone through next.',
    checked: 'What was sent has been gone through, and is compiled next.',
    compiling: 'Its figures are being protected, or wait for the moment of their publication.',
    held: 'Its figures could not be shown to be safe: nothing has left.',
    published: 'Its edition has appeared; a next one opens it again.',
  },
);
const ReturnStateEnum = enumNamed('ReturnState', ['reported', 'missing'], 'Whether there is a return.', {
  reported: 'A version of it is in use.',
  missing: 'There is none. One that waits for its approver is none yet.',
});

@ObjectType('Round', { description: 'One dataset and one period in one region; it holds no figures.' })
export class RoundView {
  @Field(() => ID, { description: 'The id of the round, `rnd_…`.' }) id: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => CivilDate, { description: 'The first day on which it takes returns.' }) opens: string;
  @Field(() => CivilDate, {
    description: 'The soft due date, up to its end at London midnight: a return that comes later is taken, and late.',
  })
  due: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'Since when whoever is in `missing` is late: the day after `due`; null until it has come.',
  })
  lateSince: string | null;
  @Field(() => CivilDate, { description: 'The last day; the round ends at London midnight.' }) closes: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The last day on which each authority looks at its own figures; null: there is no check window.',
  })
  checkUntil: string | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'When the edition appears, to all members at once; once it has appeared or was held, when that was. Null while no moment is set and no lead has asked for it.',
  })
  publishesAt: Date | null;
  @Field(() => EditionEnum, { description: 'For which it collects, or which was the last.' }) edition: string;
  @Field(() => RoundStateEnum, { description: 'How far it is at this moment.' }) state: string;
  @Field(() => Boolean, {
    description:
      'Whether the authorities are looking at their own figures now: it is closed, and `checkUntil` is not over.',
  })
  beingChecked: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'Why nothing left: a refusal code, such as PUBLICATION_UNSAFE. Null unless the round is held.',
  })
  heldBecause: string | null;
  /** For its own fields. */
  row: RoundEntity;
}

@ObjectType('ReturnStatus', {
  description: 'What a lead may know of an authority’s return: its status, and no figure.',
})
export class ReturnStatusView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => ReturnStateEnum, { description: 'Whether there is a return.' }) state: string;
  @Field(() => Int, { nullable: true, description: 'Of the return in use; null while there is none.' }) version:
    number | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the return in use was received; null while there is none.',
  })
  receivedAt: Date | null;
  @Field(() => Boolean, {
    description: 'Against the soft due date: first sent after it, or missing since it has passed.',
  })
  late: boolean;
  @Field(() => Int, {
    nullable: true,
    description:
      'For how many indicators it gives a count, nil or not alike; the others were said to be not collected or the like. Null while there is no return, and where it is not known.',
  })
  counted: number | null;
  @Field(() => Boolean, { description: 'Whether an approver has said of the version in use that it is right.' })
  confirmed: boolean;
  @Field(() => Int, { description: 'How many indicators the dataset has.' }) indicators: number;
}

@ObjectType('LateException', { description: 'Leave to send a return after the end of its round.' })
export class LateExceptionView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => CivilDate, { description: 'The last day; it ends at London midnight.' }) until: string;
  @Field(() => String, { description: 'Why it was granted.' }) reason: string;
  @Field(() => GraphQLISODateTime, { description: 'When a lead granted it.' }) grantedAt: Date;
}

export const RoundConnection = connectionOf('Round', () => RoundView);
