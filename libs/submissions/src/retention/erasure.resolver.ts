import { Args, Field, GraphQLISODateTime, ID, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { purgedThings } from '@hub/ledger/domain';
import { CivilDate, enumNamed } from '@hub/platform';
import { ErasureService, type ErasureNow, type ErasurePlan, type ReturnKept } from './erasure.service';

const PurgedThing = enumNamed('PurgedThing', purgedThings, 'What has been deleted of a return.', {
  envelope: 'The bytes received, with their salted digest and the findings.',
  cells: 'The raw counts.',
  proofs: 'The hub’s proofs over the raw counts.',
});

@ObjectType('PlannedErasure', { description: 'A return of which something is still there and would go.' })
class PlannedErasureView {
  @Field(() => ID) submission: string;
  @Field(() => String) dataset: string;
  @Field(() => String) period: string;
  @Field(() => Int) version: number;
  @Field(() => Boolean, { description: 'Whether the envelope is still there, with its digest and findings.' })
  envelope: boolean;
  @Field(() => Int, { description: 'How many raw counts are still there.' }) cells: number;
}

@ObjectType('ErasurePlan', { description: 'What an erasure would take away, and what stays. Receipts stay always.' })
class ErasurePlanView {
  @Field(() => ID, { description: 'Names this plan and no other; eraseReturns asks for it.' }) id: string;
  @Field(() => [PlannedErasureView]) submissions: PlannedErasureView[];
  @Field(() => Int, { description: 'Raw counts that would go.' }) cells: number;
  @Field(() => [ID], { description: 'They stay as they are; the hub’s proofs over their raw counts would go.' })
  publications: string[];
  @Field(() => [ID], { description: 'Rounds not published yet that would have no return of the authority.' })
  rounds: string[];
  @Field(() => [ID], {
    description: 'Returns of later periods in whose envelopes some of it stays, until they are erased too.',
  })
  alsoIn: string[];
}

const ErasureState = enumNamed('ErasureState', ['asked', 'done'], 'How far an erasure is.', {
  asked: 'It is still to be done.',
  done: 'Everything that its plan has shown is gone.',
});

@ObjectType('Erasure', { description: 'An erasure that was asked for; poll it until it is done.' })
class ErasureView {
  @Field(() => ID) id: string;
  @Field(() => ErasureState) state: string;
  @Field(() => GraphQLISODateTime) askedAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) doneAt: Date | null;
  @Field(() => [String], { description: 'For each return a C2SP tlog-proof@v1 that says what was purged.' })
  receipts: string[];
}

@ObjectType('Purge', { description: 'What has gone of a return, and on which clause.' })
class PurgeView {
  @Field(() => [PurgedThing]) what: string[];
  @Field(() => ID) agreement: string;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'A JSON pointer; empty where the authority itself asked for it.' })
  clause: string;
  @Field(() => GraphQLISODateTime) purgedAt: Date;
  @Field(() => String, { description: 'A C2SP tlog-proof@v1 that says so.' }) receipt: string;
}

@ObjectType('ReturnKept', { description: 'Until when what came with a return is kept, and what has gone.' })
class ReturnKeptView {
  @Field(() => ID) submission: string;
  @Field(() => String) dataset: string;
  @Field(() => String) period: string;
  @Field(() => Int) version: number;
  @Field(() => CivilDate, { nullable: true, description: 'The day on which the envelope goes; null once it has gone.' })
  envelopeOn: string | null;
  @Field(() => CivilDate, { nullable: true, description: 'The day on which the raw counts go; null once they have.' })
  cellsOn: string | null;
  @Field(() => [PurgeView]) purges: PurgeView[];
}

@ObjectType('WithdrawalPlan', { description: 'What a withdrawal would mean; nothing has happened yet.' })
class WithdrawalPlanView {
  @Field(() => [ID], { description: 'Rounds that the authority would not be in, unless published before that day.' })
  rounds: string[];
  @Field(() => [ReturnKeptView], { description: 'When what was sent would go.' }) returns: ReturnKeptView[];
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
    @Args('authority', { type: () => ID }) authority: string,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('period', { type: () => String, nullable: true }) period: string | null,
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
    @Args('authority', { type: () => ID }) authority: string,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('period', { type: () => String, nullable: true }) period: string | null,
    @Me() me: Member | null,
  ): Promise<ErasurePlanView> {
    return viewOfPlan(await this.erasures.plan(me, { authority, dataset: dataset ?? null, period: period ?? null }));
  }

  @Mutation(() => ErasureView, {
    nullable: true,
    description: 'Erases what the plan of that id has shown; returns at once. Doing it again changes nothing.',
  })
  async eraseReturns(
    @Args('authority', { type: () => ID }) authority: string,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('period', { type: () => String, nullable: true }) period: string | null,
    @Args('plan', { type: () => ID }) plan: string,
    @Me() me: Member | null,
  ): Promise<ErasureView> {
    const asked = { authority, dataset: dataset ?? null, period: period ?? null, plan };
    return viewOfErasure(await this.erasures.order(me, asked));
  }

  @Query(() => ErasureView, { nullable: true, description: 'An erasure of the caller’s authority.' })
  async erasure(@Args('id', { type: () => ID }) id: string, @Me() me: Member | null): Promise<ErasureView> {
    return viewOfErasure(await this.erasures.find(me, id));
  }

  @Query(() => WithdrawalPlanView, {
    nullable: true,
    description: 'For an approver: what leaving an agreement from that day would mean. Nothing has happened yet.',
  })
  async withdrawalPlan(
    @Args('agreement', { type: () => ID }) agreement: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('authority', { type: () => ID }) authority: string,
    @Args('from', { type: () => CivilDate }) from: string,
    @Me() me: Member | null,
  ): Promise<WithdrawalPlanView> {
    const { rounds, returns } = await this.erasures.withdrawal(me, { agreement, version, authority, from });
    return { rounds, returns: returns.map(viewOfReturn) };
  }
}
