import { UseGuards } from '@nestjs/common';
import { Args, Field, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { BorderService, type Border, type Side } from './border.service';
import { IssueItemView, IssueStateName, OrganisationView } from './exchange.view';
import { AS, OneHat } from './one-hat';
import { Views } from './views';

@ObjectType('StateCount', { description: 'How many issues are in a state.' })
export class StateCountView {
  @Field(() => IssueStateName, { description: 'The state.' }) state: string;
  @Field(() => Int, { description: 'How many, one at least.' }) count: number;
}

@ObjectType('OpenCount', { description: 'How many challenges or actions are open, and how many of them are late.' })
export class OpenCountView {
  @Field(() => Int, { description: 'How many are open.' }) count: number;
  @Field(() => Int, { description: 'How many of them are past their day and not answered.' }) overdue: number;
}

@ObjectType('BorderPattern', {
  description: 'Something unusual in published figures on both sides of a border, with its question.',
})
export class BorderPatternView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => [String], { description: 'The category as `source=police`; empty: the total.' }) categories: string[];
  @Field(() => String, {
    description: 'The rule of control charts that each of them meets, in words: seven periods above the mean.',
  })
  text: string;
  @Field(() => [String], { description: 'What a peer asks of such a figure, one at least.' }) questions: string[];
  @Field(() => [AuthorityView], { description: 'Authorities of the own areas that have it.' }) mine: AuthorityView[];
  @Field(() => [AuthorityView], { description: 'Authorities of the other board’s areas that have it.' })
  theirs: AuthorityView[];
  @Field(() => Int, { description: 'How many boards have it, one’s own with them.' }) boards: number;
}

@ObjectType('BorderSide', { description: 'A board, as one’s own sees it: what of it is shared, open and due.' })
export class BorderSideView {
  @Field(() => OrganisationView, { description: 'The board.' }) board: OrganisationView;
  @Field(() => [OrganisationView], { description: 'Agencies that serve areas of both.' }) agencies: OrganisationView[];
  @Field(() => [StateCountView], {
    description: 'How many issues it has raised in each state, as far as one’s own board sees them.',
  })
  issues: StateCountView[];
  @Field(() => OpenCountView, { description: 'Open challenges on these issues.' }) challenges: OpenCountView;
  @Field(() => OpenCountView, { description: 'Open actions on these issues.' }) actions: OpenCountView;
  @Field(() => [IssueItemView], {
    description: 'The five open challenges and the five open actions that are due first.',
  })
  due: IssueItemView[];
  @Field(() => [BorderPatternView], {
    description: 'What is unusual on both sides; what more boards have comes first. Empty for one’s own board.',
  })
  patterns: BorderPatternView[];
}

@ObjectType('Border', { description: 'What lies on the borders of a board.' })
export class BorderView {
  @Field(() => String, {
    nullable: true,
    description:
      'The period in which patterns are looked for: the one asked for, else the newest published quarter. Null where nothing is published.',
  })
  period: string | null;
  @Field(() => [BorderSideView], { description: 'One’s own board first, then each that an agreement covers with it.' })
  sides: BorderSideView[];
}

@Resolver(() => BorderView)
@UseGuards(OneHat)
export class BorderResolver {
  constructor(
    private readonly service: BorderService,
    private readonly views: Views,
  ) {}

  @Query(() => BorderView, { nullable: true, description: 'The border page of a board, in one look; for its chairs.' })
  async border(
    @Args('as', AS) as: string,
    @Args('period', { type: () => String, nullable: true, description: 'Absent: the newest published quarter.' })
    period: string | null,
    @Me() member: Member | null,
  ): Promise<BorderView> {
    const border = await this.service.border(member, as, period ?? null);
    return { period: border.period, sides: border.sides.map((side) => this.side(border, side)) };
  }

  private side({ seat }: Border, { board, agencies, states, open, items, patterns }: Side): BorderSideView {
    const body = ({ code, name }: { code: string; name: string }): OrganisationView => ({ code, name });
    const authority = (code: string): AuthorityView => this.views.organisation(seat, code);
    return {
      board: body(board),
      agencies: agencies.map(body),
      issues: states.map(({ state, count }) => ({ state, count })),
      challenges: open.challenge,
      actions: open.action,
      due: items.map((item) => this.views.item(item, seat)),
      patterns: patterns.map((one) => ({
        indicator: { code: one.indicator, name: one.name },
        categories: Object.entries(one.categories).map(([dimension, category]) => `${dimension}=${category}`),
        text: one.text,
        questions: [...one.questions],
        mine: one.mine.map(authority),
        theirs: one.theirs.map(authority),
        boards: one.boards,
      })),
    };
  }
}
