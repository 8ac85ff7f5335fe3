import { UseGuards } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CivilDate, pageOf, toConnection, type Connection } from '@hub/platform';
import type { ItemKind, ItemState } from './domain';
import { CONFIRMED, IssueItemConnection, IssueItemView, ItemKindName, ItemStateName } from './exchange.view';
import { IssuesService } from './issues.service';
import { ItemsService, type ItemsLooked } from './items.service';
import { AS, OneHat } from './one-hat';
import { Views } from './views';

@Resolver(() => IssueItemView)
@UseGuards(OneHat)
export class ItemsResolver {
  constructor(
    private readonly items: ItemsService,
    private readonly issues: IssuesService,
    private readonly views: Views,
  ) {}

  @Query(() => IssueItemConnection, {
    nullable: true,
    description:
      'Challenges, actions and so on that the organisation sees, newest first: those addressed to it among them.',
  })
  async issueItems(
    @Args('as', AS) as: string,
    @Args('kind', { type: () => ItemKindName }) kind: ItemKind,
    @Args('open', {
      type: () => Boolean,
      nullable: true,
      description: 'Those alone that are neither done nor satisfied.',
    })
    open: boolean | null,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<IssueItemView>> {
    const page = pageOf(first, after, 'id');
    const { items, seat } = await this.items.list(member, as, { kind, open: open ?? false }, page);
    return toConnection(
      items,
      page,
      ({ id }) => id,
      (item) => this.views.item(item, seat),
    );
  }

  @Mutation(() => IssueItemView, { nullable: true, description: 'Asks an agency a question about an issue.' })
  async challengeAgency(
    @Args('as', AS) as: string,
    @Args('issue', { type: () => ID }) issue: string,
    @Args('agency', { type: () => ID }) to: string,
    @Args('question') text: string,
    @Args('due', { type: () => CivilDate }) due: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(await this.items.challenge(member, as, issue, { to, due, text, confirmed: confirmed ?? false }));
  }

  @Mutation(() => IssueItemView, { nullable: true, description: 'Answers a challenge; gives back the challenge.' })
  async answerChallenge(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Args('text') text: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(await this.items.answer(member, as, id, text, confirmed ?? false));
  }

  @Mutation(() => IssueItemView, { nullable: true, description: 'Whether an answer satisfies the board that asked.' })
  async judgeChallenge(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Args('satisfied') satisfied: boolean,
    @Args('text') text: string,
    @Args('impact', { type: () => String, nullable: true, description: 'What it did for children.' })
    impact: string | null,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    const verdict = { satisfied, text, impact: impact ?? null, confirmed: confirmed ?? false };
    return this.first(await this.items.judge(member, as, id, verdict));
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'Gives an action to a board, an agency or an authority.',
  })
  async setAction(
    @Args('as', AS) as: string,
    @Args('issue', { type: () => ID }) issue: string,
    @Args('owner', { type: () => ID }) to: string,
    @Args('role', { description: 'Who answers for it there: a post, not a person.' }) role: string,
    @Args('text') text: string,
    @Args('due', { type: () => CivilDate }) due: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(
      await this.items.action(member, as, issue, { to, role, due, text, confirmed: confirmed ?? false }),
    );
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'How an action stands; it is done only with evidence of impact.',
  })
  async reportAction(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Args('state', { type: () => ItemStateName }) state: ItemState,
    @Args('text') text: string,
    @Args('impact', {
      type: () => String,
      nullable: true,
      description: 'What it changed for children, and how that is known.',
    })
    impact: string | null,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    const progress = { state, text, impact: impact ?? null, confirmed: confirmed ?? false };
    return this.first(await this.items.report(member, as, id, progress));
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description: 'Takes an issue of the own board, or an own item, back for good: its readers see no trace of it.',
  })
  async withdrawWords(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Me() member: Member | null,
  ): Promise<boolean> {
    await (id.startsWith('iss_') ? this.issues : this.items).withdraw(member, as, id);
    return true;
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description: 'Approves words of another member of the own organisation that wait for a second person.',
  })
  async approveWords(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Me() member: Member | null,
  ): Promise<boolean> {
    await (id.startsWith('iss_') ? this.issues : this.items).approve(member, as, id);
    return true;
  }

  private first({ items: [item], seat }: ItemsLooked): IssueItemView {
    return this.views.item(item!, seat);
  }
}
