import { Inject } from '@nestjs/common';
import { Args, GraphQLISODateTime, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CLOCK, type Clock, type Edition } from '@hub/kernel';
import {
  afterArgument,
  CivilDate,
  CONFIG,
  firstArgument,
  PAGE_SIZE,
  pageOf,
  publicId,
  toConnection,
  type Config,
  type Connection,
} from '@hub/platform';
import { EditionEnum } from '@hub/publications';
import { AuthorityView, DATASET_CODE, datasetArgument, RegionView, RegistryKeys } from '@hub/registry';
import { isBeingChecked, lateSince } from './domain';
import { OwnReturnsService } from './own-returns.service';
import { RoundsService, type RoundNow } from './rounds.service';
import { LateExceptionView, ReturnStatusView, RoundConnection, RoundView } from './rounds.view';

/** A year of quarters and months, and so few that what stands under each may be asked for too. */
const USUAL_ROUNDS = 20;

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
    return codes && codes.map((code) => this.keys.authority(code));
  }

  @ResolveField(() => [ReturnStatusView], {
    nullable: true,
    description: 'How each authority’s return stands, no figures: for the region’s leads, null for anybody else.',
  })
  async returns(@Parent() round: RoundView, @Me() member: Member | null): Promise<ReturnStatusView[] | null> {
    const returns = await this.rounds.returns(member, round.row);
    return returns && returns.map((one) => ({ ...one, authority: this.keys.authority(one.authority) }));
  }

  @ResolveField(() => [LateExceptionView], {
    nullable: true,
    description:
      'Leave to send a return after the end, the oldest first: all of it for the region’s leads, the own for those who act for an authority, null for anybody else.',
  })
  async exceptions(@Parent() round: RoundView, @Me() member: Member | null): Promise<LateExceptionView[] | null> {
    const exceptions = await this.rounds.exceptions(member, round.row);
    return exceptions && exceptions.map((one) => ({ ...one, authority: this.keys.authority(one.authority) }));
  }
}

@Resolver(() => RegionView)
export class RoundsResolver {
  constructor(
    private readonly service: RoundsService,
    private readonly own: OwnReturnsService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @ResolveField(() => RoundConnection, {
    nullable: true,
    description: 'Rounds of the region, newest first: for those who belong to it, null and REGION_ABSENT for others.',
  })
  async rounds(
    @Parent() region: RegionView,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('first', {
      ...firstArgument,
      defaultValue: USUAL_ROUNDS,
      description: `How many at most, 1 to ${PAGE_SIZE}.`,
    })
    first: number | null,
    @Args('after', afterArgument) after: string | null,
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

  @Query(() => RoundView, {
    nullable: true,
    description:
      'A round of a region that the caller belongs to; null and ROUND_ABSENT for any other, existing or not.',
  })
  async round(
    @Args('id', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.find(member, id));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Opens a round for the newest version of a dataset, by a lead of the region; ROUND_EXISTS where there is one of that dataset and period.',
  })
  async openRound(
    @Args('region', { type: () => ID, description: 'The region, by its code; the caller has to be a lead of it.' })
    region: string,
    @Args('dataset', { description: DATASET_CODE }) dataset: string,
    @Args('period', { description: 'A period of the dataset’s length, such as `2025-Q1`.' }) period: string,
    @Args('opens', {
      type: () => CivilDate,
      description: 'The first day on which it takes returns, after the end of the period.',
    })
    opens: string,
    @Args('due', { type: () => CivilDate, description: 'The soft due date, from `opens` to `closes`.' }) due: string,
    @Args('closes', { type: () => CivilDate, description: 'The last day; the round ends at London midnight.' })
    closes: string,
    @Args('checkUntil', {
      type: () => CivilDate,
      nullable: true,
      description:
        'The last day on which each authority looks at its own figures, after `closes`; absent: no check window.',
    })
    checkUntil: string | null,
    @Args('publishesAt', {
      type: () => GraphQLISODateTime,
      nullable: true,
      description:
        'When the hub publishes by itself, on a day after `checkUntil`, or after `closes` where there is no check window; absent: when a lead asks for it.',
    })
    publishesAt: Date | null,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    const asked = { region, dataset, period, opens, due, closes, checkUntil, publishesAt };
    return this.view(await this.service.open(member, asked));
  }

  @Mutation(() => LateExceptionView, {
    nullable: true,
    description:
      'Lets an authority send its return after the end of a round that is not compiling yet, by a lead of its region.',
  })
  async grantException(
    @Args('round', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) round: string,
    @Args('authority', {
      type: () => ID,
      description: 'An authority of the round, by its code; the lead’s own one is for another lead.',
    })
    authority: string,
    @Args('until', { type: () => CivilDate, description: 'The last day; it ends at London midnight.' }) until: string,
    @Args('reason', {
      description: 'Why, in 1 to 500 characters, without persons: the authority and the leads read it.',
    })
    reason: string,
    @Me() member: Member | null,
  ): Promise<LateExceptionView> {
    const granted = await this.service.grantException(member, round, { authority, until, reason });
    return { ...granted, authority: this.keys.authority(granted.authority) };
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Ends the check window before its last day, by a lead of its region: everybody who has reported has to have confirmed (ROUND_NOT_CHECKED).',
  })
  async checkRound(
    @Args('id', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.check(member, id));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'An approver says that the version in use of the own return is right. Who has sent it does not (CONFIRMATION_OWN_RETURN).',
  })
  async confirmReturn(
    @Args('round', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) round: string,
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('version', {
      type: () => Int,
      description: 'The version that was looked at; CONFIRMATION_OUTDATED where another one is in use by now.',
    })
    version: number,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    await this.own.confirm(member, round, { authority, version });
    return this.view(await this.service.find(member, round));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Closes an open round before its date, by a lead of its region; LEAD_OWN_AUTHORITY where the lead’s own authority has sent nothing yet.',
  })
  async closeRound(
    @Args('id', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.close(member, id));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Asks for the publication of a round, by a lead of its region; returns at once, poll the state of the round. LEAD_OWN_AUTHORITY while the lead’s own authority may still send what it has not sent.',
  })
  async publishRound(
    @Args('id', {
      type: () => ID,
      description: 'The id of the round, `rnd_…`; it has to be closed and its check window over.',
    })
    id: string,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.publish(member, id));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Opens a published or held round again for its next edition, in which later and late returns stand, by a lead of its region.',
  })
  async openEdition(
    @Args('round', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) round: string,
    @Args('edition', {
      type: () => EditionEnum,
      description: 'One that comes after the last; the same again where that was held, or published and withdrawn.',
    })
    edition: Edition,
    @Args('due', { type: () => CivilDate, description: 'The soft due date, from today to `closes`.' }) due: string,
    @Args('closes', { type: () => CivilDate, description: 'The last day; the round ends at London midnight.' })
    closes: string,
    @Args('checkUntil', { type: () => CivilDate, nullable: true, description: 'As at the opening of a round.' })
    checkUntil: string | null,
    @Args('publishesAt', {
      type: () => GraphQLISODateTime,
      nullable: true,
      description: 'As at the opening of a round.',
    })
    publishesAt: Date | null,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    return this.view(await this.service.openEdition(member, round, { edition, due, closes, checkUntil, publishesAt }));
  }

  @Mutation(() => RoundView, {
    nullable: true,
    description:
      'Moves the dates of a round that are still to come, by a lead of its region and the rules of its opening. All are given; null is none.',
  })
  async moveRoundDates(
    @Args('round', { type: () => ID, description: 'The id of the round, `rnd_…`.' }) round: string,
    @Args('opens', { type: () => CivilDate, description: 'The first day on which it takes returns.' }) opens: string,
    @Args('due', { type: () => CivilDate, description: 'The soft due date, from `opens` to `closes`.' }) due: string,
    @Args('closes', { type: () => CivilDate, description: 'The last day; the round ends at London midnight.' })
    closes: string,
    @Args('checkUntil', {
      type: () => CivilDate,
      nullable: true,
      description: 'The last day of the check window, after `closes`; none when absent.',
    })
    checkUntil: string | null,
    @Args('publishesAt', {
      type: () => GraphQLISODateTime,
      nullable: true,
      description: 'When the hub publishes by itself; when a lead asks for it where absent.',
    })
    publishesAt: Date | null,
    @Me() member: Member | null,
  ): Promise<RoundView> {
    const dates = { opens, due, closes, checkUntil: checkUntil ?? null, publishesAt: publishesAt ?? null };
    return this.view(await this.service.moveDates(member, round, dates));
  }

  private view({ row, state }: RoundNow): RoundView {
    const { dataset, period, opens, due, closes, checkUntil, publishesAt, edition, heldBecause } = row;
    return {
      id: publicId('rnd', this.config.hubId, row.id),
      dataset,
      period,
      opens,
      due,
      lateSince: lateSince(due, this.clock.now()),
      closes,
      checkUntil,
      publishesAt,
      edition,
      state,
      beingChecked: isBeingChecked(row, this.clock.now()),
      heldBecause,
      row,
    };
  }
}
