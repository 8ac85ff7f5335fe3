import { UseGuards } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CivilDate, pageOf, toConnection, type Connection, afterArgument, firstArgument } from '@hub/platform';
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
    @Args('kind', { type: () => ItemKindName, description: 'Of which kind.' }) kind: ItemKind,
    @Args('open', {
      type: () => Boolean,
      nullable: true,
      description: 'Those alone that are neither done nor satisfied; all when absent.',
    })
    open: boolean | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
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

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'Asks an agency a question about an issue that the board sees; gives back the challenge.',
  })
  async challengeAgency(
    @Args('as', AS) as: string,
    @Args('issue', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) issue: string,
    @Args('agency', {
      type: () => ID,
      description: 'Code of an agency that the issue names, or that serves an area of it or of the board.',
    })
    to: string,
    @Args('question', { description: 'The question, 1 to 2,000 characters.' }) text: string,
    @Args('due', { type: () => CivilDate, description: 'The last day for the answer, today or later.' }) due: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(await this.items.challenge(member, as, issue, { to, due, text, confirmed: confirmed ?? false }));
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'Answers a challenge that is addressed to the own agency; gives back the challenge.',
  })
  async answerChallenge(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the challenge, `itm_…`.' }) id: string,
    @Args('text', { description: 'The answer, 1 to 2,000 characters.' }) text: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(await this.items.answer(member, as, id, text, confirmed ?? false));
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'Says whether an answer satisfies the board that asked; gives back the challenge.',
  })
  async judgeChallenge(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the challenge, `itm_…`.' }) id: string,
    @Args('satisfied', { description: 'Whether it does; where not, the agency may answer again.' }) satisfied: boolean,
    @Args('text', { description: 'Why, 1 to 2,000 characters.' }) text: string,
    @Args('impact', {
      type: () => String,
      nullable: true,
      description: 'What it did for children, up to 2,000 characters; none when absent.',
    })
    impact: string | null,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    const verdict = { satisfied, text, impact: impact ?? null, confirmed: confirmed ?? false };
    return this.first(await this.items.judge(member, as, id, verdict));
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description: 'Gives an action to a board, an agency or an authority; gives back the action.',
  })
  async setAction(
    @Args('as', AS) as: string,
    @Args('issue', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) issue: string,
    @Args('owner', { type: () => ID, description: 'Code of the board, agency or authority that is to do it.' })
    to: string,
    @Args('role', { description: 'Who answers for it there: a post, not a person.' }) role: string,
    @Args('text', { description: 'What is to be done, 1 to 2,000 characters.' }) text: string,
    @Args('due', { type: () => CivilDate, description: 'The last day for it, today or later.' }) due: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueItemView> {
    return this.first(
      await this.items.action(member, as, issue, { to, role, due, text, confirmed: confirmed ?? false }),
    );
  }

  @Mutation(() => IssueItemView, {
    nullable: true,
    description:
      'Says how an action stands, for its owner or the board that gave it; it is done only with evidence of impact. Gives back the action.',
  })
  async reportAction(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the action, `itm_…`.' }) id: string,
    @Args('state', { type: () => ItemStateName, description: 'ON_TRACK, SLIPPED or DONE.' }) state: ItemState,
    @Args('text', { description: 'What is to be said of it, 1 to 2,000 characters.' }) text: string,
    @Args('impact', {
      type: () => String,
      nullable: true,
      description:
        'What it changed for children, and how that is known, up to 2,000 characters; DONE needs it (ACTION_EVIDENCE_MISSING).',
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
    description:
      'Takes an issue of the own board, or an own item, back for good: its readers see no trace of it. The answer is true, or a refusal.',
  })
  async withdrawWords(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`, or item, `itm_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<boolean> {
    await (id.startsWith('iss_') ? this.issues : this.items).withdraw(member, as, id);
    return true;
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description:
      'Approves words of another member of the own organisation that wait for a second person. The answer is true, or a refusal.',
  })
  async approveWords(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`, or item, `itm_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<boolean> {
    await (id.startsWith('iss_') ? this.issues : this.items).approve(member, as, id);
    return true;
  }

  private first({ items: [item], seat }: ItemsLooked): IssueItemView {
    return this.views.item(item!, seat);
  }
}
