import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import { enumNamed } from '@hub/platform';
import { AuthorityView, IndicatorView, UNIT_TEXT } from '@hub/registry';
import { indicatorStates } from './domain';
import { AnswerEnum } from './submissions.view';

export const ReturnedKindEnum = enumNamed(
  'ReturnedKind',
  ['value', 'notCollected', 'notApplicable', 'notAvailable'],
  'What a return gives for a place in it.',
  {
    value: 'A count; 0 is a confirmed nil.',
    notCollected: 'The authority does not collect it.',
    notApplicable: 'It does not apply to the authority.',
    notAvailable: 'The authority collects it and cannot give it this time.',
  },
);
const IndicatorStateEnum = enumNamed(
  'IndicatorState',
  indicatorStates,
  'What a return says of the total of an indicator.',
  {
    reported: 'A count above 0, or that it is not collected, not applicable or not available.',
    confirmedNil: 'A count of 0.',
    missing: 'Nothing.',
  },
);

@ObjectType('IndicatorStatus', { description: 'How one indicator of an own return stands.' })
export class IndicatorStatusView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => IndicatorStateEnum, {
    description: 'What the return says of its total; a count of 0 is a confirmed nil.',
  })
  state: string;
  @Field(() => Boolean, {
    description:
      'Whether its total has a count; false too where it was said to be not collected, applicable or available.',
  })
  counted: boolean;
  @Field(() => [String], {
    description:
      'What the dataset asks for and the return does not give: the total, `RF01`, and breakdowns, `RF01|source`.',
  })
  expected: string[];
}

@ObjectType('OwnFigure', { description: 'A figure of an own return, in the numbers in which it is printed.' })
export class OwnFigureView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, {
    nullable: true,
    description: 'Code of the dimension of the breakdown, such as `source`; null: the total.',
  })
  dimension: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the category, such as `police`; null: the total.' })
  category: string | null;
  @Field(() => ReturnedKindEnum, { description: 'Whether it is a count, and what was said instead.' }) kind: string;
  @Field(() => Float, {
    nullable: true,
    description: 'The count, with a decimal where the indicator has one; null unless the kind is VALUE.',
  })
  count: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'The denominator, as the return gives it; null for a rate, whose population is public, and where there is none.',
  })
  of: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Rate per 10,000 children, percentage or mean, one decimal; null where there is nothing to divide or to divide by.',
  })
  value: number | null;
  @Field(() => String, { description: UNIT_TEXT }) unit: string;
}

@ObjectType('OwnAnswer', { description: 'What the own return answers to a query.' })
export class OwnAnswerView {
  @Field(() => String, { description: 'Code of the query, explained in docs/rules.md.' }) rule: string;
  @Field(() => IndicatorView, { description: 'The indicator that was asked about.' }) indicator: IndicatorView;
  @Field(() => String, { nullable: true, description: 'Code of the dimension; null: the total was asked about.' })
  dimension: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the category; null: the total was asked about.' })
  category: string | null;
  @Field(() => AnswerEnum, { description: 'What was answered.' }) answer: string;
  @Field(() => String, { description: 'The words of the answer.' }) text: string;
}

@ObjectType('OwnComment', { description: 'What the own return says of an indicator.' })
export class OwnCommentView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, { description: 'What the return says of it.' }) text: string;
}

@ObjectType('OwnChange', { description: 'A count that the version before gave otherwise.' })
export class OwnChangeView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, { nullable: true, description: 'Code of the dimension; null: the total.' }) dimension:
    string | null;
  @Field(() => String, { nullable: true, description: 'Code of the category; null: the total.' }) category:
    string | null;
  @Field(() => Boolean, { description: 'Whether it is the denominator sent with the count, and not the count.' })
  ofDenominator: boolean;
  @Field(() => Float, { nullable: true, description: 'What the version before gave; null: no count.' }) before:
    number | null;
  @Field(() => Float, { nullable: true, description: 'What this version gives; null: no count.' }) after: number | null;
}

@ObjectType('OwnCheck', {
  description:
    'The own figures, answers and comments as they will be printed where nothing hides them; nothing of others.',
})
export class OwnCheckView {
  @Field(() => [OwnFigureView], { nullable: true, description: 'Null once the counts have been deleted.' })
  figures: OwnFigureView[] | null;
  @Field(() => [OwnAnswerView], {
    description: 'What it answers to queries; of one that was asked again the last answer.',
  })
  answers: OwnAnswerView[];
  @Field(() => [OwnCommentView], { description: 'What it says of its indicators.' }) commentary: OwnCommentView[];
  @Field(() => Int, {
    nullable: true,
    description: 'The version whose place it has taken; null where it is the first.',
  })
  replaces: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why it has taken that place, as the return says; null where it does not say.',
  })
  reason: string | null;
  @Field(() => [OwnChangeView], {
    nullable: true,
    description:
      'The counts in which it differs from the version whose place it has taken. Null where there is none, or where the counts of either have been deleted.',
  })
  changes: OwnChangeView[] | null;
}

@ObjectType('OwnReturn', { description: 'How the return of one of the caller’s own authorities stands.' })
export class OwnReturnView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => Int, { nullable: true, description: 'Of the return in use; null while there is none.' })
  version: number | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the return in use was received; null while there is none.',
  })
  receivedAt: Date | null;
  @Field(() => Boolean, {
    description: 'Against the soft due date: first sent after it, or missing since it has passed.',
  })
  late: boolean;
  @Field(() => Boolean, { description: 'Whether an approver has said of this version that it is right.' })
  confirmed: boolean;
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the submission that waits for its approver’s signature, `sub_…`; null where none does.',
  })
  waiting: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The version that was withdrawn last, where nothing is in use since; null otherwise.',
  })
  withdrawn: number | null;
  @Field(() => [IndicatorStatusView], {
    nullable: true,
    description: 'How each indicator of the dataset stands, in its order. Null once the counts have been deleted.',
  })
  indicators: IndicatorStatusView[] | null;
  /** For its own field. */
  submission: string | null;
  names: ReadonlyMap<string, string>;
}
