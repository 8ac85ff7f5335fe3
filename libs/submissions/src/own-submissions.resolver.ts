import { Args, Field, GraphQLISODateTime, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { afterArgument, connectionOf, firstArgument, pageOf, toConnection, type Connection } from '@hub/platform';
import { DATASET_CODE, PERIOD_TEXT } from '@hub/registry';
import { OwnSubmissionsService } from './own-submissions.service';
import { SubmissionStateEnum } from './submissions.view';

@ObjectType('OwnSubmission', {
  description:
    'A version of a return as the hub took it from the caller’s own authority: when, from whom and under which keys. `submission` has the rest.',
})
export class OwnSubmissionView {
  @Field(() => ID, { description: 'The id of the submission, `sub_…`.' }) id: string;
  @Field(() => GraphQLISODateTime, { description: 'When its first envelope came.' }) receivedAt: Date;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => Int, { description: 'Counts from 1 for a dataset and period.' }) version: number;
  @Field(() => SubmissionStateEnum, { description: 'What has become of it by now.' }) state: string;
  @Field(() => [String], {
    description: 'The names of the keys that have signed it: with a sign-off the approver’s too.',
  })
  kids: string[];
  @Field(() => ID, { description: 'Who sent it: the member’s id, as `members` lists them.' }) sender: string;
  @Field(() => ID, {
    nullable: true,
    description:
      'Who sent it with the approver’s signature, likewise; null where it came complete, and while it waits.',
  })
  signedOffBy: string | null;
  @Field(() => String, { description: 'SHA-256 of the envelope’s bytes as received, in lower-case hex.' })
  digest: string;
  @Field(() => Boolean, {
    description: 'Whether it has a receipt: not while it waits for its approver, nor where it never was complete.',
  })
  hasReceipt: boolean;
  @Field(() => ID, {
    nullable: true,
    description:
      'Of a version that a return of a later period has made by refreshing this one: the id of that return, whose envelope and receipt these are. Null otherwise.',
  })
  carriedBy: string | null;
}
const OwnSubmissionConnection = connectionOf('OwnSubmission', () => OwnSubmissionView);

@Resolver(() => OwnSubmissionView)
export class OwnSubmissionsResolver {
  constructor(private readonly service: OwnSubmissionsService) {}

  @Query(() => OwnSubmissionConnection, {
    nullable: true,
    description:
      'Every version of the returns of the own authority, newest first, for those who act for it: after a key was stolen, what was sent with it and what of that stands.',
  })
  async ownSubmissions(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('dataset', { type: () => String, nullable: true, description: `${DATASET_CODE} All when absent.` })
    dataset: string | null,
    @Args('period', { type: () => String, nullable: true, description: `${PERIOD_TEXT} All when absent.` })
    period: string | null,
    @Args('kid', {
      type: () => String,
      nullable: true,
      description: 'The name of a key: only what it has signed, alone or with others. All when absent.',
    })
    kid: string | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<OwnSubmissionView>> {
    const page = pageOf(first, after, 'id');
    const asked = { authority, dataset: dataset ?? null, period: period ?? null, kid: kid ?? null };
    return toConnection(
      await this.service.list(member, asked, page),
      page,
      ({ cursor }) => cursor,
      ({ cursor: _, ...node }) => node,
    );
  }
}
