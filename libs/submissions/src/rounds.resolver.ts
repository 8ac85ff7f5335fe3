import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLISODateTime,
  ID,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { enumOf, Me, type Member } from '@hub/identity';
import {
  CivilDate,
  CONFIG,
  connectionOf,
  pageOf,
  publicId,
  toConnection,
  type Config,
  type Connection,
} from '@hub/platform';
import {
  AuthorityView,
  CATALOGUE,
  datasetOf,
  IndicatorView,
  RegionView,
  RegistryKeys,
  type Catalogue,
} from '@hub/registry';
import { indicatorStates, roundStates } from './domain';
import { OwnReturnsService } from './own-returns.service';
import type { RoundEntity } from './round.entity';
import { RoundsService, type RoundNow } from './rounds.service';

const RoundStateEnum = enumOf(roundStates);
registerEnumType(RoundStateEnum, { name: 'RoundState' });
const ReturnStateEnum = enumOf(['reported', 'missing']);
registerEnumType(ReturnStateEnum, { name: 'ReturnState' });
const IndicatorStateEnum = enumOf(indicatorStates);
registerEnumType(IndicatorStateEnum, { name: 'IndicatorState' });

@ObjectType('Round', { description: 'One dataset and one period in one region; it holds no figures.' })
export class RoundView {
  @Field(() => ID) id: string;
  @Field(() => String) dataset: string;
  @Field(() => String) period: string;
  @Field(() => CivilDate) opens: string;
  @Field(() => CivilDate) due: string;
  @Field(() => CivilDate) closes: string;
  @Field(() => RoundStateEnum) state: string;
  @Field(() => String, { nullable: true, description: 'Why nothing left: a refusal code.' }) heldBecause: string | null;
  /** For its own fields. */
  row: RoundEntity;
}

@ObjectType('ReturnStatus', {
  description: 'What a lead may know of an authority’s return: its status, and no figure.',
})
export class ReturnStatusView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => ReturnStateEnum) state: string;
  @Field(() => Int, { nullable: true, description: 'Of the return in use.' }) version: number | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) receivedAt: Date | null;
  @Field(() => Boolean, {
    description: 'Against the soft due date: first sent after it, or missing since it has passed.',
  })
  late: boolean;
  @Field(() => Int, {
    nullable: true,
    description: 'Indicators with a count, nil or not alike; the others were said to be not collected or the like.',
  })
  counted: number | null;
  @Field(() => Int, { description: 'Indicators of the dataset.' }) indicators: number;
}

@ObjectType('LateException', { description: 'Leave to send a return after the end of its round.' })
export class LateExceptionView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => CivilDate, { description: 'The last day; it ends at London midnight.' }) until: string;
  @Field(() => String) reason: string;
  @Field(() => GraphQLISODateTime) grantedAt: Date;
}

@ObjectType('IndicatorStatus', { description: 'How one indicator of an own return stands.' })
export class IndicatorStatusView {
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => IndicatorStateEnum, { description: 'A count of 0 is a confirmed nil.' }) state: string;
  @Field(() => Boolean, { description: 'False too where it was said to be not collected, applicable or available.' })
  counted: boolean;
  @Field(() => [String], {
    description:
      'What the dataset asks for and the return does not give: the total, `RF01`, and breakdowns, `RF01|source`.',
  })
  expected: string[];
}

@ObjectType('OwnReturn', { description: 'How the return of one of the caller’s own authorities stands.' })
export class OwnReturnView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => Int, { nullable: true, description: 'Of the return in use; null while there is none.' })
  version: number | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) receivedAt: Date | null;
  @Field(() => Boolean, { description: 'Against the soft due date.' }) late: boolean;
  @Field(() => [IndicatorStatusView], { nullable: true, description: 'Null once the counts have been deleted.' })
  indicators: IndicatorStatusView[] | null;
}
const RoundConnection = connectionOf('Round', () => RoundView);

@Resolver(() => RoundView)
export class RoundFieldsResolver {
  constructor(
    private readonly rounds: RoundsService,
    private readonly own: OwnReturnsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @ResolveField(() => [AuthorityView], {
    nullable: true,
    description: 'Authorities that have sent nothing yet: for the region’s leads, null for anybody else.',
  })
  async missing(@Parent() round: RoundView, @Me() member: Member | null): Promise<AuthorityView[] | null> {
    const codes = await this.rounds.missing(member, round.row);
    return codes && codes.map((code) => this.authority(code));
  }

  @ResolveField(() => [ReturnStatusView], {
    nullable: true,
    description: 'How each authority’s return stands, no figures: for the region’s leads, null for anybody else.',
  })
  async returns(@Parent() round: RoundView, @Me() member: Member | null): Promise<ReturnStatusView[] | null> {
    const returns = await this.rounds.returns(member, round.row);
    return returns && returns.map((one) => ({ ...one, authority: this.authority(one.authority) }));
  }

  @ResolveField(() => [LateExceptionView], {
    nullable: true,
    description:
      'All of them for the region’s leads, the own ones for those who act for an authority, null for anybody else.',
  })
  async exceptions(@Parent() round: RoundView, @Me() member: Member | null): Promise<LateExceptionView[] | null> {
    const exceptions = await this.rounds.exceptions(member, round.row);
    return exceptions && exceptions.map((one) => ({ ...one, authority: this.authority(one.authority) }));
  }

  @Mutation(() => LateExceptionView, {
    nullable: true,
    description: 'Lets an authority send its return after the end of a round that is not compiling yet.',
  })
  async grantException(
    @Args('round', { type: () => ID }) round: string,
    @Args('authority', { type: () => ID }) authority: string,
    @Args('until', { type: () => CivilDate, description: 'The last day; it ends at London midnight.' }) until: string,
    @Args('reason', { description: 'Both the authority and the leads read it.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<LateExceptionView> {
    const granted = await this.rounds.grantException(member, round, { authority, until, reason });
    return { ...granted, authority: this.authority(granted.authority) };
  }

  @ResolveField(() => [OwnReturnView], {
    nullable: true,
    description: 'How the own return stands, indicator by indicator: for those who act for an authority of the round.',
  })
  async mine(@Parent() round: RoundView, @Me() member: Member | null): Promise<OwnReturnView[] | null> {
    const returns = await this.own.inRound(member, round.row);
    const dataset = datasetOf(this.catalogue, round.row.dataset, round.row.datasetVersion);
    const names = new Map(dataset.indicators.map(({ code, name }) => [code, name]));
    return (
      returns &&
      returns.map((one) => ({
        ...one,
        authority: this.authority(one.authority),
        indicators:
          one.indicators &&
          one.indicators.map(({ indicator: code, expected, ...rest }) => ({
            ...rest,
            indicator: { code, name: names.get(code) ?? null },
            expected: [...expected],
          })),
      }))
    );
  }

  private authority(code: string): AuthorityView {
    return { code, name: this.keys.authorityName(code) };
  }
}

@Resolver(() => RegionView)
export class RoundsResolver {
  constructor(
    private readonly service: RoundsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => RoundConnection, { nullable: true, description: 'Rounds, newest first.' })
  async rounds(
    @Parent() region: RegionView,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<RoundView>> {
    const page = pageOf(first, after, 'id');
    const rounds = await this.service.list(member, region.code, dataset ?? null, page);
    return toConnection(
      rounds,
      page,
      ({ row }) => row.id,
      (round) => this.view(round),
    );
  }

  @Query(() => RoundView, { nullable: true, description: 'A round of a region that the caller belongs to.' })
  async round(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<RoundView> {
    return this.view(await this.service.find(member, id));
  }

  @Mutation(() => RoundView, { nullable: true, description: 'Opens a round for the newest version of a dataset.' })
  async openRound(
    @Args('region', { type: () => ID }) region: string,
    @Args('dataset') dataset: string,
    @Args('period') period: string,
    @Args('opens', { type: () => CivilDate }) opens: string,
    @Args('due', { type: () => CivilDate }) due: string,
    @Args('closes', { type: () => CivilDate, description: 'The last day; the round ends at London midnight.' })
    closes: string,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.open(member, { region, dataset, period, opens, due, closes }));
  }

  @Mutation(() => RoundView, { nullable: true, description: 'Closes an open round before its date.' })
  async closeRound(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<RoundView> {
    return this.view(await this.service.close(member, id));
  }

  @Mutation(() => RoundView, { nullable: true, description: 'Asks for publication; poll the state of the round.' })
  async publishRound(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<RoundView> {
    return this.view(await this.service.publish(member, id));
  }

  private view({ row, state }: RoundNow): RoundView {
    const { dataset, period, opens, due, closes, heldBecause } = row;
    return {
      id: publicId('rnd', this.config.hubId, row.id),
      dataset,
      period,
      opens,
      due,
      closes,
      state,
      heldBecause,
      row,
    };
  }
}
