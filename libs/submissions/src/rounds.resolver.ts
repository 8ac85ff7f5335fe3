import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Parent,
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
import { AuthorityView, RegionView, RegistryKeys } from '@hub/registry';
import { roundStates } from './domain';
import type { RoundEntity } from './round.entity';
import { RoundsService, type RoundNow } from './rounds.service';

const RoundStateEnum = enumOf(roundStates);
registerEnumType(RoundStateEnum, { name: 'RoundState' });

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
const RoundConnection = connectionOf('Round', () => RoundView);

@Resolver(() => RoundView)
export class RoundFieldsResolver {
  constructor(
    private readonly rounds: RoundsService,
    private readonly keys: RegistryKeys,
  ) {}

  @ResolveField(() => [AuthorityView], {
    nullable: true,
    description: 'Authorities that have sent nothing yet: for the region’s leads, null for anybody else.',
  })
  async missing(@Parent() round: RoundView, @Me() member: Member | null): Promise<AuthorityView[] | null> {
    const codes = await this.rounds.missing(member, round.row);
    return codes && codes.map((code) => ({ code, name: this.keys.authorityName(code) }));
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
