import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CLOCK, type Clock, type Edition } from '@hub/kernel';
import {
  CivilDate,
  CONFIG,
  type Config,
  type Connection,
  connectionOf,
  enumNamed,
  pageOf,
  publicId,
  toConnection,
  afterArgument,
  PAGE_SIZE,
  firstArgument,
} from '@hub/platform';
import { EditionEnum } from '@hub/publications';
import {
  AuthorityView,
  CATALOGUE,
  datasetOf,
  IndicatorView,
  RegionView,
  RegistryKeys,
  type Catalogue,
  UNIT_TEXT,
  PERIOD_TEXT,
  DATASET_CODE,
  datasetArgument,
} from '@hub/registry';
import { indicatorStates, isBeingChecked, lateSince, roundStates } from './domain';
import { OwnReturnsService } from './own-returns.service';
import type { RoundEntity } from './round.entity';
import { RoundsService, type RoundNow } from './rounds.service';
import { AnswerEnum } from './submissions.resolver';

const RoundStateEnum = enumNamed(
  'RoundState',
  roundStates,
  'How far a round is, from its opening to its publication.',
  {
    scheduled: 'Its first day is to come.',
    open: 'It takes returns.',
    closed: 'It takes no returns any more; what was sent is gone through next.',
    checked: 'What was sent has been gone through, and is compiled next.',
    compiling: 'Its figures are being protected, or wait for the moment of their publication.',
    held: 'Its figures could not be shown to be safe: nothing has left.',
    published: 'Its edition has appeared; a next one opens it again.',
  },
);
const ReturnStateEnum = enumNamed('ReturnState', ['reported', 'missing'], 'Whether there is a return.', {
  reported: 'A version of it is in use.',
  missing: 'There is none. One that waits for its approver is none yet.',
});
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

@ObjectType('Round', { description: 'One dataset and one period in one region; it holds no figures.' })
export class RoundView {
  @Field(() => ID, { description: 'The id of the round, `rnd_…`.' }) id: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => CivilDate, { description: 'The first day on which it takes returns.' }) opens: string;
  @Field(() => CivilDate, {
    description: 'The soft due date, up to its end at London midnight: a return that comes later is taken, and late.',
  })
  due: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'Since when whoever is in `missing` is late: the day after `due`; null until it has come.',
  })
  lateSince: string | null;
  @Field(() => CivilDate, { description: 'The last day; the round ends at London midnight.' }) closes: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The last day on which each authority looks at its own figures; null: there is no check window.',
  })
  checkUntil: string | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'When the edition appears, to all members at once; once it has appeared or was held, when that was. Null while no moment is set and no lead has asked for it.',
  })
  publishesAt: Date | null;
  @Field(() => EditionEnum, { description: 'For which it collects, or which was the last.' }) edition: string;
  @Field(() => RoundStateEnum, { description: 'How far it is at this moment.' }) state: string;
  @Field(() => Boolean, {
    description:
      'Whether the authorities are looking at their own figures now: it is closed, and `checkUntil` is not over.',
  })
  beingChecked: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'Why nothing left: a refusal code, such as PUBLICATION_UNSAFE. Null unless the round is held.',
  })
  heldBecause: string | null;
  /** For its own fields. */
  row: RoundEntity;
}

@ObjectType('ReturnStatus', {
  description: 'What a lead may know of an authority’s return: its status, and no figure.',
})
export class ReturnStatusView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => ReturnStateEnum, { description: 'Whether there is a return.' }) state: string;
  @Field(() => Int, { nullable: true, description: 'Of the return in use; null while there is none.' }) version:
    number | null;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the return in use was received; null while there is none.',
  })
  receivedAt: Date | null;
  @Field(() => Boolean, {
    description: 'Against the soft due date: first sent after it, or missing since it has passed.',
  })
  late: boolean;
  @Field(() => Int, {
    nullable: true,
    description:
      'For how many indicators it gives a count, nil or not alike; the others were said to be not collected or the like. Null while there is no return, and where it is not known.',
  })
  counted: number | null;
  @Field(() => Boolean, { description: 'Whether an approver has said of the version in use that it is right.' })
  confirmed: boolean;
  @Field(() => Int, { description: 'How many indicators the dataset has.' }) indicators: number;
}

@ObjectType('LateException', { description: 'Leave to send a return after the end of its round.' })
export class LateExceptionView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => CivilDate, { description: 'The last day; it ends at London midnight.' }) until: string;
  @Field(() => String, { description: 'Why it was granted.' }) reason: string;
  @Field(() => GraphQLISODateTime, { description: 'When a lead granted it.' }) grantedAt: Date;
}

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
  @Field(() => [IndicatorStatusView], {
    nullable: true,
    description: 'How each indicator of the dataset stands, in its order. Null once the counts have been deleted.',
  })
  indicators: IndicatorStatusView[] | null;
  /** For its own field. */
  submission: string | null;
  names: ReadonlyMap<string, string>;
}
/** A year of quarters and months, and so few that what stands under each may be asked for too. */
const USUAL_ROUNDS = 20;
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
    const granted = await this.rounds.grantException(member, round, { authority, until, reason });
    return { ...granted, authority: this.keys.authority(granted.authority) };
  }

  @ResolveField(() => [OwnReturnView], {
    nullable: true,
    description:
      'How the own return stands, indicator by indicator: for those who act for an authority of the round, null for anybody else.',
  })
  async mine(@Parent() round: RoundView, @Me() member: Member | null): Promise<OwnReturnView[] | null> {
    const returns = await this.own.inRound(member, round.row);
    const dataset = datasetOf(this.catalogue, round.row.dataset, round.row.datasetVersion);
    const names = new Map(dataset.indicators.map(({ code, name }) => [code, name]));
    return (
      returns &&
      returns.map((one) => ({
        ...one,
        authority: this.keys.authority(one.authority),
        names,
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
}

@Resolver(() => OwnReturnView)
export class OwnReturnFieldsResolver {
  constructor(private readonly own: OwnReturnsService) {}

  @ResolveField(() => OwnCheckView, {
    nullable: true,
    description:
      'What is looked at in the check window; null while there is no return. Looking leaves a record in `accesses`.',
  })
  async check(
    @Parent() { submission, names }: OwnReturnView,
    @Me() member: Member | null,
  ): Promise<OwnCheckView | null> {
    const found = submission === null ? null : await this.own.check(member, submission);
    if (!found) return null;
    const named = <T extends { indicator: string; categories?: Readonly<Record<string, string>> }>(one: T) => {
      const [dimension = null, category = null] = Object.entries(one.categories ?? {})[0] ?? [];
      return {
        ...one,
        indicator: { code: one.indicator, name: names.get(one.indicator) ?? null },
        dimension,
        category,
      };
    };
    return {
      ...found,
      figures: found.figures && found.figures.map(named),
      answers: found.answers.map(named),
      commentary: found.commentary.map(named),
      changes: found.changes && found.changes.map(named),
    };
  }
}

@Resolver(() => RegionView)
export class RoundsResolver {
  constructor(
    private readonly service: RoundsService,
    private readonly own: OwnReturnsService,
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
