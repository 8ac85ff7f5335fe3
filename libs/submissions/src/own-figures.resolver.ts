import { Args, Field, Float, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import {
  connectionOf,
  pageOf,
  toConnection,
  type Connection,
  afterArgument,
  PAGE_SIZE,
  firstArgument,
} from '@hub/platform';
import { AuthorityView, IndicatorView, RegistryKeys, UNIT_TEXT, DATASET_CODE, PERIOD_TEXT } from '@hub/registry';
import { OWN_HANDLING } from './domain';
import { MOST_BACK, ownCursor, OwnFiguresService, USUAL_BACK } from './own-figures.service';
import { ReturnedKindEnum } from './own-returns.view';

@ObjectType('OwnPoint', { description: 'An own figure of one period.' })
export class OwnPointView {
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => Int, { nullable: true, description: 'Of the return in use; null: there is none.' })
  version: number | null;
  @Field(() => ReturnedKindEnum, {
    nullable: true,
    description: 'Null: the return says nothing here, or its counts have been deleted.',
  })
  kind: string | null;
  @Field(() => Float, { nullable: true, description: 'The count; null unless the kind is VALUE.' }) count:
    number | null;
  @Field(() => Float, { nullable: true, description: 'The denominator; null for a rate, and where there is none.' })
  of: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Rate per 10,000 children of the whole authority, percentage or mean, one decimal; null where there is nothing to divide or to divide by.',
  })
  value: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'The count less that of the period just before; null where either is missing. Null too across a change of the comment on an own measure: it counts something else, or a team is another.',
  })
  countChange: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'The value less that of the period just before, null as `countChange`; computed before rounding, one decimal.',
  })
  valueChange: number | null;
}

@ObjectType('OwnLine', { description: 'An indicator’s total, or one category of it, such as a team.' })
export class OwnLineView {
  @Field(() => String, { nullable: true, description: 'Code of the dimension, such as `team`; null: the total.' })
  dimension: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the category, such as `t01`; null: the total.' })
  category: string | null;
  @Field(() => [OwnPointView], { description: 'One for each period, the oldest first.' }) points: OwnPointView[];
}

@ObjectType('OwnSaid', { description: 'What the own returns say of an indicator.' })
export class OwnSaidView {
  @Field(() => String, { description: 'The first of the periods asked for in which they said so, such as `2025-Q1`.' })
  since: string;
  @Field(() => String, { description: 'What they say.' }) text: string;
}

@ObjectType('OwnSeries', {
  description: 'Raw figures of the caller’s own authority over periods. They never stand beside others’.',
})
export class OwnSeriesView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => String, { description: 'How they are to be handled, in a sentence.' }) handling: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, { description: UNIT_TEXT }) unit: string;
  @Field(() => [OwnSaidView], {
    description:
      'What the returns say of it, the newest first: of an own measure what it counts, and which team is which.',
  })
  comments: OwnSaidView[];
  @Field(() => [OwnLineView], { description: 'The total first; those that the returns give.' }) lines: OwnLineView[];
}
const OwnSeriesConnection = connectionOf('OwnSeries', () => OwnSeriesView);

/** As many measures as an authority has places for of its own. */
const USUAL_INDICATORS = 20;

@Resolver(() => OwnSeriesView)
export class OwnFiguresResolver {
  constructor(
    private readonly service: OwnFiguresService,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => OwnSeriesConnection, {
    nullable: true,
    description:
      'What the own authority has sent, over periods, by team too where it says so: raw, for those who act for it. No round is needed.',
  })
  async ownFigures(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('dataset', { type: () => String, nullable: true, defaultValue: 'local-measures', description: DATASET_CODE })
    dataset: string | null,
    @Args('indicators', {
      type: () => [String],
      nullable: true,
      description: 'Codes of indicators: these alone; all when absent.',
    })
    indicators: string[] | null,
    @Args('dimension', {
      type: () => String,
      nullable: true,
      description: 'Code of a dimension, such as `team`: the total and this breakdown alone; all when absent.',
    })
    dimension: string | null,
    @Args('category', {
      type: () => String,
      nullable: true,
      description: 'Code of a category, such as `t01`: the total and this one alone; all when absent.',
    })
    category: string | null,
    @Args('until', {
      type: () => String,
      nullable: true,
      description: 'The newest period, such as `2025-Q4`; that of the newest return when absent.',
    })
    until: string | null,
    @Args('back', {
      type: () => Int,
      nullable: true,
      description: `How many periods before it, ${USUAL_BACK} when absent, ${MOST_BACK} at most.`,
    })
    back: number | null,
    @Args('first', {
      ...firstArgument,
      defaultValue: USUAL_INDICATORS,
      description: `How many at most, 1 to ${PAGE_SIZE}.`,
    })
    first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<OwnSeriesView>> {
    const page = pageOf(first ?? USUAL_INDICATORS, after, 'datasetAndIndicator');
    const code = dataset ?? 'local-measures';
    const asked = {
      ...{ authority, dataset: code, indicators: indicators ?? null, until: until ?? null, back: back ?? USUAL_BACK },
      breakdown: { ...(dimension ? { dimension } : {}), ...(category ? { category } : {}) },
    };
    const found = await this.service.over(member, asked, page);
    return toConnection(
      found,
      page,
      ({ indicator }) => ownCursor(code, indicator.code),
      ({ comments, lines, ...one }) => ({
        ...one,
        ...{
          authority: this.keys.authority(authority),
          handling: OWN_HANDLING,
          dataset: code,
          comments: [...comments],
        },
        lines: lines.map((line) => ({ ...line, points: [...line.points] })),
      }),
    );
  }
}
