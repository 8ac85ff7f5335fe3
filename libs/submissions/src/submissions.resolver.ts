import { Args, Field, ID, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { enumNamed } from '@hub/platform';
import { submissionStates } from './domain';
import { OwnReturnsService } from './own-returns.service';
import { SubmissionsService, type SubmissionNow } from './submissions.service';

const SubmissionStateEnum = enumNamed(
  'SubmissionState',
  submissionStates,
  'What has become of a version of a return.',
  {
    awaitingSignOff: 'It waits for its approver’s signature, and counts for nothing until then.',
    accepted: 'It is the version in use.',
    superseded: 'A later version has taken its place.',
    withdrawn: 'Its authority has taken it back.',
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
  @Field(() => AnswerEnum) answer: string;
  @Field(() => String) text: string;
  @Field(() => String, { description: 'Of which return.' }) period: string;
}

@ObjectType('Finding', { description: 'What validation noticed: rule, place, severity, and what would be right.' })
export class FindingView {
  @Field(() => Severity) severity: string;
  @Field(() => String) rule: string;
  @Field(() => String, { description: 'JSON pointer into the payload.' }) pointer: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) expected?: string;
  @Field(() => String, { nullable: true }) found?: string;
  @Field(() => OfferedAnswerView, { nullable: true, description: 'Of a query: the last answer to the same one.' })
  offered?: OfferedAnswerView;
}

@ObjectType('Submission', { description: 'An accepted return of the caller’s own authority.' })
export class SubmissionView {
  @Field(() => ID) id: string;
  @Field(() => SubmissionStateEnum) state: string;
  @Field(() => Int, { nullable: true }) version: number;
  @Field(() => String, { description: 'SHA-256 of the envelope’s bytes as received, in lower-case hex.' })
  digest: string;
  @Field(() => String, {
    nullable: true,
    description: 'A C2SP tlog-proof@v1, to be kept and verified offline; null while the return waits for its approver.',
  })
  receipt: string | null;
  @Field(() => [FindingView]) findings: FindingView[];
}

@ObjectType('RefreshedReturn', {
  description: 'The next version of an earlier period, made by a return that refreshes it.',
})
export class RefreshedReturnView {
  @Field(() => String) period: string;
  @Field(() => Int) version: number;
  @Field(() => ID, { description: 'The submission that it is; its receipt is that of the return.' }) submission: string;
}

@ObjectType('Check', { description: 'What `submit` would say; nothing is stored.' })
export class CheckView {
  @Field(() => Boolean) accepted: boolean;
  @Field(() => [FindingView]) findings: FindingView[];
}

const viewOf = (submission: SubmissionNow): SubmissionView => ({ ...submission, findings: [...submission.findings] });

@Resolver(() => SubmissionView)
export class SubmissionsResolver {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly own: OwnReturnsService,
  ) {}

  @ResolveField(() => String, { nullable: true, description: 'Why it was withdrawn; null where it was not.' })
  async withdrawnBecause(@Parent() { id, state }: SubmissionView, @Me() member: Member | null): Promise<string | null> {
    return state === 'withdrawn' ? this.own.withdrawnBecause(member, id) : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'While it waits for its approver: the text of the envelope to which the second signature is added.',
  })
  async toSign(@Parent() { id, state }: SubmissionView, @Me() member: Member | null): Promise<string | null> {
    return state === 'awaitingSignOff' ? this.own.toSign(member, id) : null;
  }

  @ResolveField(() => [RefreshedReturnView], { description: 'Earlier periods that this return has changed.' })
  async refreshed(@Parent() { id }: SubmissionView, @Me() member: Member | null): Promise<RefreshedReturnView[]> {
    return this.own.refreshedBy(member, id);
  }

  @Mutation(() => SubmissionView, {
    nullable: true,
    description: 'Takes a return back before a round compiles it; an earlier version does not come back by itself.',
  })
  async withdrawSubmission(
    @Args('id', { type: () => ID }) id: string,
    @Args('reason') reason: string,
    @Me() member: Member | null,
  ): Promise<SubmissionView> {
    await this.own.withdraw(member, id, reason);
    return viewOf(await this.submissions.find(member, id));
  }

  @Query(() => SubmissionView, { nullable: true, description: 'A submission of the caller’s own authority.' })
  async submission(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<SubmissionView> {
    return viewOf(await this.submissions.find(member, id));
  }

  @Mutation(() => SubmissionView, {
    nullable: true,
    description: 'The exact text of the envelope, as for POST /submissions.',
  })
  async submit(@Args('envelope') envelope: string, @Me() member: Member | null): Promise<SubmissionView> {
    return viewOf((await this.submissions.submit(member, Buffer.from(envelope, 'utf8'))).submission);
  }

  @Mutation(() => CheckView, { nullable: true, description: 'Every finding; stores nothing.' })
  async checkSubmission(@Args('envelope') envelope: string, @Me() member: Member | null): Promise<CheckView> {
    const { accepted, findings } = await this.submissions.check(member, Buffer.from(envelope, 'utf8'));
    return { accepted, findings: [...findings] };
  }
}
