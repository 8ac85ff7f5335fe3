import { Args, Field, GraphQLISODateTime, ID, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { purgedThings } from '@hub/ledger/domain';
import { CivilDate, enumNamed } from '@hub/platform';
import { PERIOD_TEXT, datasetArgument, periodArgument } from '@hub/registry';
import { DATASET_CODE } from '@hub/registry';
import { ErasureService, type ErasureNow, type ErasurePlan, type ReturnKept } from './erasure.service';

const PurgedThing = enumNamed('PurgedThing', purgedThings, 'What has been deleted of a return.', {
  envelope: 'The bytes received, with their salted digest and the findings.',
  cells: 'The raw counts.',
  proofs: 'The hub’s proofs over the raw counts.',
});

@ObjectType('PlannedErasure', { description: 'A return of which something is still there and would go.' })
class PlannedErasureView {
  @Field(() => ID, { description: 'The id of the submission, `sub_…`.' }) submission: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => Int, { description: 'Its version, counted from 1 for the authority, dataset and period.' })
  version: number;
  @Field(() => Boolean, { description: 'Whether the envelope is still there, with its digest and findings.' })
  envelope: boolean;
  @Field(() => Int, { description: 'How many raw counts are still there.' }) cells: number;
}

@ObjectType('ErasurePlan', { description: 'What an erasure would take away, and what stays. Receipts stay always.' })
class ErasurePlanView {
  @Field(() => ID, {
    description:
      'Names this plan and no other: the SHA-256 of its facts, in lower-case hex. `eraseReturns` asks for it.',
  })
  id: string;
  @Field(() => [PlannedErasureView], { description: 'The returns of which something would go.' })
  submissions: PlannedErasureView[];
  @Field(() => Int, { description: 'How many raw counts would go.' }) cells: number;
  @Field(() => [ID], {
    description:
      'Ids of publications in which the authority stands, `pub_…`. They stay as they are; the hub’s proofs over their raw counts would go.',
  })
  publications: string[];
  @Field(() => [ID], {
    description: 'Ids of rounds not published yet that would have no return of the authority, `rnd_…`.',
  })
  rounds: string[];
  @Field(() => [ID], {
    description:
      'Ids of returns of later periods in whose envelopes some of it stays, until they are erased too, `sub_…`.',
  })
  alsoIn: string[];
}

const ErasureState = enumNamed('ErasureState', ['asked', 'done'], 'How far an erasure is.', {
  asked: 'It is still to be done.',
  done: 'Everything that its plan has shown is gone.',
});

@ObjectType('Erasure', { description: 'An erasure that was asked for; poll it until it is done.' })
class ErasureView {
  @Field(() => ID, { description: 'The id of the erasure, `era_…`.' }) id: string;
  @Field(() => ErasureState, { description: 'How far it is.' }) state: string;
  @Field(() => GraphQLISODateTime, { description: 'When it was asked for.' }) askedAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was done; null until then.' })
  doneAt: Date | null;
  @Field(() => [String], { description: 'For each return a C2SP tlog-proof@v1 that says what was purged.' })
  receipts: string[];
}

@ObjectType('Purge', { description: 'What has gone of a return, and on which clause.' })
class PurgeView {
  @Field(() => [PurgedThing], { description: 'What has gone, one thing or more.' }) what: string[];
  @Field(() => ID, { description: 'The id of the agreement whose clause asked for it.' }) agreement: string;
  @Field(() => Int, { description: 'The version of that agreement.' }) version: number;
  @Field(() => String, { description: 'A JSON pointer; empty where the authority itself asked for it.' })
  clause: string;
  @Field(() => GraphQLISODateTime, { description: 'When it went.' }) purgedAt: Date;
  @Field(() => String, { description: 'A C2SP tlog-proof@v1 that says so.' }) receipt: string;
}

@ObjectType('ReturnKept', { description: 'Until when what came with a return is kept, and what has gone.' })
class ReturnKeptView {
  @Field(() => ID, { description: 'The id of the submission, `sub_…`.' }) submission: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => Int, { description: 'Its version, counted from 1 for the authority, dataset and period.' })
  version: number;
  @Field(() => CivilDate, { nullable: true, description: 'The day on which the envelope goes; null once it has gone.' })
  envelopeOn: string | null;
  @Field(() => CivilDate, { nullable: true, description: 'The day on which the raw counts go; null once they have.' })
  cellsOn: string | null;
  @Field(() => [PurgeView], { description: 'What has gone of it; empty where nothing has.' }) purges: PurgeView[];
}

@ObjectType('WithdrawalPlan', { description: 'What a withdrawal would mean; nothing has happened yet.' })
class WithdrawalPlanView {
  @Field(() => [ID], {
    description: 'Ids of rounds that the authority would not be in, unless published before that day, `rnd_…`.',
  })
  rounds: string[];
  @Field(() => [ReturnKeptView], { description: 'When what was sent would go, return by return.' })
  returns: ReturnKeptView[];
}

const viewOfPlan = ({ id, submissions, publications, rounds, alsoIn }: ErasurePlan): ErasurePlanView => ({
  id,
  submissions: submissions.map(({ id: submission, ...one }) => ({ submission, ...one })),
  cells: submissions.reduce((sum, { cells }) => sum + cells, 0),
  publications: [...publications],
  rounds: [...rounds],
  alsoIn: [...alsoIn],
});
const viewOfErasure = ({ id, askedAt, doneAt, receipts }: ErasureNow): ErasureView => ({
  id,
  state: doneAt ? 'done' : 'asked',
  askedAt,
  doneAt,
  receipts: [...receipts],
});
const viewOfReturn = ({ purges, ...one }: ReturnKept): ReturnKeptView => ({
  ...one,
  purges: purges.map(({ what, agreement, ...purge }) => ({
    ...purge,
    what: [...what],
    agreement: agreement.id,
    version: agreement.version,
  })),
});

@Resolver()
export class ErasureResolver {
  constructor(private readonly erasures: ErasureService) {}

  @Query(() => [ReturnKeptView], {
    nullable: true,
    description: 'For an approver: until when what the authority has sent is kept, and what has gone.',
  })
  async retentionPlan(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('period', periodArgument) period: string | null,
    @Me() me: Member | null,
  ): Promise<ReturnKeptView[]> {
    const asked = { authority, dataset: dataset ?? null, period: period ?? null };
    return (await this.erasures.kept(me, asked)).map(viewOfReturn);
  }

  @Query(() => ErasurePlanView, {
    nullable: true,
    description: 'For an approver: what an erasure would take away. Nothing has happened yet.',
  })
  async erasurePlan(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('period', periodArgument) period: string | null,
    @Me() me: Member | null,
  ): Promise<ErasurePlanView> {
    return viewOfPlan(await this.erasures.plan(me, { authority, dataset: dataset ?? null, period: period ?? null }));
  }

  @Mutation(() => ErasureView, {
    nullable: true,
    description:
      'Erases what the plan of that id has shown; returns at once. What of it waits for sign-off is withdrawn with the order. Doing it again changes nothing.',
  })
  async eraseReturns(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('dataset', { type: () => String, nullable: true, description: 'As the plan was asked for.' })
    dataset: string | null,
    @Args('period', { type: () => String, nullable: true, description: 'As the plan was asked for.' })
    period: string | null,
    @Args('plan', {
      type: () => ID,
      description: 'The `id` of the plan; ERASURE_PLAN_CHANGED where it is not the plan of this moment.',
    })
    plan: string,
    @Me() me: Member | null,
  ): Promise<ErasureView> {
    const asked = { authority, dataset: dataset ?? null, period: period ?? null, plan };
    return viewOfErasure(await this.erasures.order(me, asked));
  }

  @Query(() => ErasureView, {
    nullable: true,
    description:
      'An erasure of the caller’s authority, for its approvers; null and ERASURE_ABSENT for any other, existing or not.',
  })
  async erasure(
    @Args('id', { type: () => ID, description: 'The id of the erasure, `era_…`.' }) id: string,
    @Me() me: Member | null,
  ): Promise<ErasureView> {
    return viewOfErasure(await this.erasures.find(me, id));
  }

  @Query(() => WithdrawalPlanView, {
    nullable: true,
    description: 'For an approver: what leaving an agreement from that day would mean. Nothing has happened yet.',
  })
  async withdrawalPlan(
    @Args('agreement', { type: () => ID, description: 'The agreement’s kebab-case name.' }) agreement: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('from', { type: () => CivilDate, description: 'The first day on which it would no longer be a party.' })
    from: string,
    @Me() me: Member | null,
  ): Promise<WithdrawalPlanView> {
    const { rounds, returns } = await this.erasures.withdrawal(me, { agreement, version, authority, from });
    return { rounds, returns: returns.map(viewOfReturn) };
  }
}
