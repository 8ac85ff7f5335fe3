import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { enumNamed } from '@hub/platform';
import { PERIOD_TEXT } from '@hub/registry';
import { submissionStates } from './domain';

export const SubmissionStateEnum = enumNamed(
  'SubmissionState',
  submissionStates,
  'What has become of a version of a return.',
  {
    awaitingSignOff: 'It waits for its approver’s signature, and counts for nothing until then.',
    accepted: 'It is the version in use.',
    superseded: 'A later version has taken its place.',
    withdrawn: 'Its authority has taken it back.',
    lapsed:
      'It waited for its approver until its envelope was deleted, as the agreement asks; it can only be sent anew.',
  },
);
const Severity = enumNamed('Severity', ['error', 'query', 'note'], 'How grave a finding is.', {
  error: 'The return is refused.',
  query: 'A question that the signed return has to answer; unanswered it brings an error.',
  note: 'It refuses nothing, and nobody has to answer.',
});
export const AnswerEnum = enumNamed('QueryAnswer', ['confirmed', 'corrected'], 'What a return answers to a query.', {
  confirmed: 'The count was looked at, and is right.',
  corrected: 'The count was looked at, and has been corrected.',
});

@ObjectType('OfferedAnswer', { description: 'What the own authority has last answered to the same query.' })
export class OfferedAnswerView {
  @Field(() => AnswerEnum, { description: 'What was answered.' }) answer: string;
  @Field(() => String, { description: 'The words of the answer.' }) text: string;
  @Field(() => String, { description: 'The period of the return that answered so, such as `2025-Q1`.' }) period: string;
}

@ObjectType('Finding', { description: 'What validation noticed: rule, place, severity, and what would be right.' })
export class FindingView {
  @Field(() => Severity, { description: 'How grave it is.' }) severity: string;
  @Field(() => String, { description: 'Code of the rule; docs/rules.md, or the page of the dataset, explains it.' })
  rule: string;
  @Field(() => String, { description: 'JSON pointer (RFC 6901) into the payload; empty: the whole of it.' })
  pointer: string;
  @Field(() => String, { description: 'What is wrong or asked, in plain words.' }) message: string;
  @Field(() => String, {
    nullable: true,
    description: 'What would be right, in words; null where the message says it.',
  })
  expected?: string;
  @Field(() => String, {
    nullable: true,
    description: 'The value that was found, as text, once it could be read; null where there is none to tell.',
  })
  found?: string;
  @Field(() => OfferedAnswerView, {
    nullable: true,
    description:
      'What the own authority has last answered to the same query, to be used again; null where it has not, and of an error or note.',
  })
  offered?: OfferedAnswerView;
}

@ObjectType('Submission', {
  description: 'A return of the caller’s own authority: accepted, or waiting for its approver.',
})
export class SubmissionView {
  @Field(() => ID, { description: 'The id of the submission, `sub_…`.' }) id: string;
  @Field(() => SubmissionStateEnum, { description: 'What has become of it by now.' }) state: string;
  @Field(() => Int, { nullable: true, description: 'Counts from 1 for an authority, dataset and period.' })
  version: number;
  @Field(() => String, { description: 'SHA-256 of the envelope’s bytes as received, in lower-case hex.' })
  digest: string;
  @Field(() => String, {
    nullable: true,
    description:
      'A C2SP tlog-proof@v1, to be kept and verified offline; null while the return waits for its approver, and of one that never was complete.',
  })
  receipt: string | null;
  @Field(() => [FindingView], {
    description:
      'Queries and notes; errors have none of them. Empty too once they were deleted with the envelope, for they hold counts.',
  })
  findings: FindingView[];
}

@ObjectType('RefreshedReturn', {
  description: 'The next version of an earlier period, made by a return that refreshes it.',
})
export class RefreshedReturnView {
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => Int, { description: 'The version of that period’s return that it has become.' }) version: number;
  @Field(() => ID, { description: 'The id of the submission that it is, `sub_…`; its receipt is that of the return.' })
  submission: string;
}

@ObjectType('Check', { description: 'What `submit` would say; nothing is stored.' })
export class CheckView {
  @Field(() => Boolean, { description: 'Whether `submit` would take it: there is no error among the findings.' })
  accepted: boolean;
  @Field(() => [FindingView], { description: 'All of them.' }) findings: FindingView[];
}
