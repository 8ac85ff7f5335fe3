import { UseGuards } from '@nestjs/common';
import {
  Args,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import {
  CivilDate,
  connectionOf,
  pageOf,
  toConnection,
  type Connection,
  afterArgument,
  firstArgument,
} from '@hub/platform';
import { packHtml, packMarkdown } from './domain';
import { IssueItemView, OrganisationView, CONFIRMED } from './exchange.view';
import { MeetingsService, type MeetingLooked } from './meetings.service';
import { AS, OneHat } from './one-hat';
import { Views } from './views';

@ObjectType('MeetingPack', {
  description: 'The pack of a meeting, frozen: it holds only what every called board may see.',
})
export class MeetingPackView {
  @Field(() => String, { description: 'SHA-256 of the document, lower-case hex.' }) digest: string;
  @Field(() => Date, { description: 'Up to when it tells what happened.' }) frozenAt: Date;
  @Field(() => String, { description: 'What was frozen, as RFC 8785 text.' }) document: string;
  @Field(() => String, { description: 'The same as a page in Markdown.' }) markdown: string;
  @Field(() => String, { description: 'The same as one page that prints, without scripts.' }) html: string;
}

@ObjectType('Meeting', { description: 'A meeting of boards.' })
export class MeetingView {
  /** With what its fields are resolved. */
  looked: MeetingLooked;
  @Field(() => ID, { description: 'The id of the meeting, `mtg_…`.' }) id: string;
  @Field(() => String, { description: 'Its title, up to 120 characters.' }) title: string;
  @Field(() => CivilDate, { description: 'The day of the meeting.' }) on: string;
  @Field(() => OrganisationView, { description: 'The board that called it.' }) board: OrganisationView;
  @Field(() => [OrganisationView], { description: 'Every board that was called, the one that called it among them.' })
  boards: OrganisationView[];
  @Field(() => [OrganisationView], { description: 'Boards for which somebody was there.' }) present: OrganisationView[];
  @Field(() => [IssueItemView], {
    description: 'Decisions, actions that follow from them, and, for those who were there, notes.',
  })
  items: IssueItemView[];
}
const MeetingConnection = connectionOf('Meeting', () => MeetingView);

@InputType({ description: 'An action that follows from a decision. The decision has to be about an issue.' })
export class DecidedActionInput {
  @Field(() => ID, { description: 'Code of the board, agency or authority that is to do it.' }) owner: string;
  @Field(() => String, { description: 'Who answers for it there: a post, not a person; 1 to 2,000 characters.' })
  role: string;
  @Field(() => String, { description: 'What is to be done, 1 to 2,000 characters.' }) text: string;
  @Field(() => CivilDate, { description: 'The last day for it, today or later.' }) due: string;
}

@Resolver(() => MeetingView)
@UseGuards(OneHat)
export class MeetingsResolver {
  constructor(
    private readonly service: MeetingsService,
    private readonly views: Views,
  ) {}

  @Query(() => MeetingView, {
    nullable: true,
    description:
      'A meeting to which the board was called, for its chairs; null and MEETING_ABSENT for any other, existing or not.',
  })
  async meeting(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the meeting, `mtg_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.find(member, as, id));
  }

  @Query(() => MeetingConnection, {
    nullable: true,
    description: 'Meetings to which the board was called, those called last first; for its chairs.',
  })
  async meetings(
    @Args('as', AS) as: string,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<MeetingView>> {
    const page = pageOf(first, after, 'id');
    const rows = await this.service.list(member, as, page);
    return toConnection(
      rows,
      page,
      ({ meeting }) => meeting.id,
      (one) => this.view(one),
    );
  }

  @ResolveField('agenda', () => [String], {
    nullable: true,
    description:
      'What is due by its day, a line each, as every called board may see it; as it was frozen, once the pack is.',
  })
  async agendaOf(@Parent() { looked }: MeetingView): Promise<readonly string[]> {
    return this.service.agenda(looked);
  }

  @ResolveField('pack', () => MeetingPackView, {
    nullable: true,
    description:
      'The pack; null until it is frozen, and for a board that no agreement covers any more together with the one that called the meeting. Reading that of another board leaves a record.',
  })
  async packOf(@Parent() { looked }: MeetingView): Promise<MeetingPackView | null> {
    const document = await this.service.pack(looked);
    const { digest, frozenAt, pack } = looked.meeting;
    return (
      document && {
        digest: digest!,
        frozenAt: frozenAt!,
        document: pack!,
        markdown: packMarkdown(document, digest!),
        html: packHtml(document, digest!),
      }
    );
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Calls boards to a meeting; the own one is always there.',
  })
  async callMeeting(
    @Args('as', AS) as: string,
    @Args('title', { description: 'Its title, 1 to 120 characters on one line.' }) title: string,
    @Args('on', { type: () => CivilDate, description: 'The day of the meeting, today or later.' }) on: string,
    @Args('boards', {
      type: () => [ID],
      description: 'Codes of boards that an agreement covers together with the own one.',
    })
    boards: string[],
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.call(member, as, { title, on, boards }));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Says that the caller is there: they read its notes from then on.',
  })
  async attendMeeting(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the meeting, `mtg_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.attend(member, as, id));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description:
      'Freezes the pack as it is now, for the board that called the meeting; once frozen it is given back as it is.',
  })
  async freezePack(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID, description: 'The id of the meeting, `mtg_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.freeze(member, as, id));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Writes a decision of a meeting down, and an action that may follow from it.',
  })
  async recordDecision(
    @Args('as', AS) as: string,
    @Args('meeting', { type: () => ID, description: 'The id of the meeting, `mtg_…`.' }) meeting: string,
    @Args('text', { description: 'What was decided, 1 to 2,000 characters.' }) text: string,
    @Args('issue', {
      type: () => ID,
      nullable: true,
      description: 'The id of the issue that it is about, `iss_…`; none when absent.',
    })
    issue: string | null,
    @Args('action', {
      type: () => DecidedActionInput,
      nullable: true,
      description: 'What follows from it; none when absent.',
    })
    action: DecidedActionInput | null,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    const isConfirmed = confirmed ?? false;
    const given = action ? { ...action, to: action.owner, confirmed: isConfirmed } : null;
    const decision = { issue: issue ?? null, text, confirmed: isConfirmed, action: given };
    return this.view(await this.service.decide(member, as, meeting, decision));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Writes a note of a meeting down that those alone read who were there.',
  })
  async addNote(
    @Args('as', AS) as: string,
    @Args('meeting', {
      type: () => ID,
      description: 'The id of the meeting, `mtg_…`; the caller has to have attended it.',
    })
    meeting: string,
    @Args('text', { description: 'The note, 1 to 2,000 characters.' }) text: string,
    @Args('confirmed', CONFIRMED) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.note(member, as, meeting, text, confirmed ?? false));
  }

  private view(looked: MeetingLooked): MeetingView {
    const { meeting, items, seat } = looked;
    const body = (code: string) => this.views.organisation(seat, code);
    return {
      looked,
      id: this.views.id('mtg', meeting.id),
      title: meeting.title,
      on: meeting.on,
      board: body(meeting.board),
      boards: meeting.boards.map(body),
      present: meeting.present.map(body),
      items: items.map((item) => this.views.item(item, seat)),
    };
  }
}
