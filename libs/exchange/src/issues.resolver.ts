import { UseGuards } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CivilDate, pageOf, toConnection, type Connection, afterArgument, firstArgument } from '@hub/platform';
import { namesShown, sightOf, type IssueSource, type IssueState, type IssueStep } from './domain';
import { EvidenceService } from './evidence.service';
import {
  CONFIRMED,
  EvidenceView,
  IssueConnection,
  IssueInput,
  IssueItemView,
  IssueStateName,
  IssueStepName,
  IssueView,
} from './exchange.view';
import { IssuesService, type IssueDraft } from './issues.service';
import { ItemsService } from './items.service';
import { AS, OneHat } from './one-hat';
import { Views } from './views';

const draftOf = (input: IssueInput): IssueDraft => ({
  ...input,
  source: input.source as IssueSource,
  agencies: input.agencies ?? [],
  leadArea: input.leadArea ?? null,
  nextReview: input.nextReview ?? null,
  evidence: (input.evidence ?? []).map((one) => ({ ...one, authority: one.authority ?? null })),
  confirmed: input.confirmed ?? false,
});

@Resolver(() => IssueView)
@UseGuards(OneHat)
export class IssuesResolver {
  constructor(
    private readonly issues: IssuesService,
    private readonly items: ItemsService,
    private readonly evidence: EvidenceService,
    private readonly views: Views,
  ) {}

  @Query(() => IssueView, {
    nullable: true,
    description: 'An issue that the organisation sees; null and ISSUE_ABSENT for any other, existing or not.',
  })
  async issue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.find(member, as, id));
  }

  @Query(() => IssueConnection, {
    name: 'issues',
    nullable: true,
    description: 'Issues that the organisation sees, newest first.',
  })
  async issueList(
    @Args('as', AS) as: string,
    @Args('state', {
      type: () => IssueStateName,
      nullable: true,
      description: 'Those alone that are in this state; all when absent.',
    })
    state: IssueState | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<IssueView>> {
    const page = pageOf(first, after, 'id');
    const rows = await this.issues.list(member, as, state ?? null, page);
    return toConnection(
      rows,
      page,
      ({ issue }) => issue.id,
      (one) => this.views.issue(one),
    );
  }

  @ResolveField('evidence', () => [EvidenceView], {
    nullable: true,
    description:
      'The figures that it rests on, each as its publication shows it to the caller. Those of authorities whose names they may not know yet are left out.',
  })
  async evidenceOf(@Parent() { looked: { issue, seat } }: IssueView): Promise<EvidenceView[]> {
    const names = namesShown(issue, seat.reader, sightOf(issue, seat.reader)!, seat.today);
    const told = issue.evidence.filter(
      ({ authority }) =>
        authority === null ||
        names.includes(authority) ||
        !issue.named.some(({ organisation }) => organisation === authority),
    );
    return (await this.evidence.show(seat, told)).map((one) => this.views.evidence(one, seat));
  }

  @ResolveField('items', () => [IssueItemView], {
    nullable: true,
    description: 'What hangs on it, newest first, and its history, as far as the caller may see it.',
  })
  async itemsOf(@Parent() { looked: { issue, seat } }: IssueView): Promise<IssueItemView[]> {
    const looked = await this.items.ofIssue(seat, issue);
    return looked.items.map((item) => this.views.item(item, looked.seat));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description: 'Writes an issue down as a draft, by a chair of the board, for its author alone.',
  })
  async raiseIssue(
    @Args('as', AS) as: string,
    @Args('input', { description: 'What it says.' }) input: IssueInput,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.raise(member, as, draftOf(input)));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description: 'Changes an issue of the own board that nobody outside it has read; ISSUE_STEP_REFUSED afterwards.',
  })
  async amendIssue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Args('input', { description: 'All that it says from now on.' }) input: IssueInput,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.amend(member, as, id, draftOf(input)));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description: 'Takes a step of an issue, by a chair of the board that raised it.',
  })
  async stepIssue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Args('step', {
      type: () => IssueStepName,
      description: 'The step; what the state does not allow is ISSUE_STEP_REFUSED, which names what it does.',
    })
    step: IssueStep,
    @Args('replyBy', {
      type: () => CivilDate,
      nullable: true,
      description: 'Of ASK_REPLIES alone, which needs it: the last day for the answers, today or later.',
    })
    replyBy: string | null,
    @Args('reason', {
      type: () => String,
      nullable: true,
      description: 'Why, 1 to 2,000 characters, for the history of the issue; DECLINE needs it.',
    })
    reason: string | null,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    const asked = { replyBy: replyBy ?? null, reason: reason ?? null, boards: [] };
    return this.views.issue(await this.issues.step(member, as, id, step, asked));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description:
      'Shares an issue of the own board with others, once those whom it names have answered or their date has passed (ISSUE_REPLY_PENDING).',
  })
  async shareIssue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Args('boards', {
      type: () => [ID],
      description: 'Codes of boards that an agreement covers together with the own one.',
    })
    boards: string[],
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.step(member, as, id, 'share', { replyBy: null, reason: null, boards }));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description: 'Says that the own board has looked at its issue again, and by which day it does so next.',
  })
  async reviewIssue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Args('next', { type: () => CivilDate, description: 'The day by which it looks at it next, today or later.' })
    next: string,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.review(member, as, id, next));
  }

  @Mutation(() => IssueView, {
    nullable: true,
    description: 'Answers an issue, for the authority or agency that it names.',
  })
  async replyToIssue(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the issue, `iss_…`.' }) id: string,
    @Args('text', { description: 'The answer, 1 to 2,000 characters.' }) text: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<IssueView> {
    return this.views.issue(await this.issues.reply(member, as, id, text, confirmed ?? false));
  }
}
