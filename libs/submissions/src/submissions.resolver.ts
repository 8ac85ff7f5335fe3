import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { OwnReturnsService } from './own-returns.service';
import { SubmissionsService, type SubmissionNow } from './submissions.service';
import { CheckView, RefreshedReturnView, SubmissionView } from './submissions.view';

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
    description:
      'While it waits for its approver: the text of the envelope to which the second signature is added. Null otherwise.',
  })
  async toSign(@Parent() { id, state }: SubmissionView, @Me() member: Member | null): Promise<string | null> {
    return state === 'awaitingSignOff' ? this.own.toSign(member, id) : null;
  }

  @ResolveField(() => [RefreshedReturnView], {
    description: 'Earlier periods that this return has changed, the oldest first; empty where it has changed none.',
  })
  async refreshed(@Parent() { id }: SubmissionView, @Me() member: Member | null): Promise<RefreshedReturnView[]> {
    return this.own.refreshedBy(member, id);
  }

  @Mutation(() => SubmissionView, {
    nullable: true,
    description:
      'Takes a return back before a round compiles it, by an approver of its authority; an earlier version does not come back by itself.',
  })
  async withdrawSubmission(
    @Args('id', { type: () => ID, description: 'The id of the submission, `sub_…`.' }) id: string,
    @Args('reason', { description: 'Why, in 1 to 500 characters on one line, without persons.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<SubmissionView> {
    await this.own.withdraw(member, id, reason);
    return viewOf(await this.submissions.find(member, id));
  }

  @Query(() => SubmissionView, {
    nullable: true,
    description:
      'A submission of the caller’s own authority; null and SUBMISSION_ABSENT for any other, existing or not.',
  })
  async submission(
    @Args('id', { type: () => ID, description: 'The id of the submission, `sub_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<SubmissionView> {
    return viewOf(await this.submissions.find(member, id));
  }

  @Mutation(() => SubmissionView, {
    nullable: true,
    description:
      'Sends a signed return, as POST /submissions does, by a system of its authority; one that waits for its approver’s signature by the approver too. The same return again gives the same receipt; one with errors is refused with SUBMISSION_INVALID and all findings, and nothing is stored.',
  })
  async submit(
    @Args('envelope', { description: 'The exact text of the envelope, a JWS.' }) envelope: string,
    @Me() member: Member | null,
  ): Promise<SubmissionView> {
    return viewOf((await this.submissions.submit(member, Buffer.from(envelope, 'utf8'))).submission);
  }

  @Mutation(() => CheckView, {
    nullable: true,
    description:
      'Every finding of a signed return, as `submit` would make it, for a system, an analyst or an approver of its authority; stores nothing.',
  })
  async checkSubmission(
    @Args('envelope', { description: 'The exact text of the envelope, a JWS.' }) envelope: string,
    @Me() member: Member | null,
  ): Promise<CheckView> {
    const { accepted, findings } = await this.submissions.check(member, Buffer.from(envelope, 'utf8'));
    return { accepted, findings: [...findings] };
  }
}
