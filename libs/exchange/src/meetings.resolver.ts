import { UseGuards } from '@nestjs/common';
import {
  Args,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CivilDate, connectionOf, pageOf, toConnection, type Connection } from '@hub/platform';
import { packHtml, packMarkdown } from './domain';
import { IssueItemView, OrganisationView } from './exchange.view';
import { MeetingsService, type MeetingLooked } from './meetings.service';
import { AS, OneHat } from './one-hat';
import { Views } from './views';

@ObjectType('MeetingPack', {
  description: 'The pack of a meeting, frozen: it holds only what every called board may see.',
})
export class MeetingPackView {
  @Field(() => String, { description: 'SHA-256 of the document, lower-case hex.' }) digest: string;
  @Field(() => Date) frozenAt: Date;
  @Field(() => String, { description: 'RFC 8785.' }) document: string;
  @Field(() => String) markdown: string;
  @Field(() => String, { description: 'One page that prints, without scripts.' }) html: string;
}

@ObjectType('Meeting', { description: 'A meeting of boards.' })
export class MeetingView {
  /** With what its fields are resolved. */
  looked: MeetingLooked;
  @Field(() => ID) id: string;
  @Field(() => String) title: string;
  @Field(() => CivilDate) on: string;
  @Field(() => OrganisationView, { description: 'The board that called it.' }) board: OrganisationView;
  @Field(() => [OrganisationView]) boards: OrganisationView[];
  @Field(() => [OrganisationView], { description: 'Boards for which somebody was there.' }) present: OrganisationView[];
  @Field(() => [IssueItemView], {
    description: 'Decisions, actions that follow from them, and, for those who were there, notes.',
  })
  items: IssueItemView[];
}
export const MeetingConnection = connectionOf('Meeting', () => MeetingView);

@InputType()
export class DecidedActionInput {
  @Field(() => ID) owner: string;
  @Field(() => String, { description: 'A post, not a person.' }) role: string;
  @Field(() => String) text: string;
  @Field(() => CivilDate) due: string;
}

@Resolver(() => MeetingView)
@UseGuards(OneHat)
export class MeetingsResolver {
  constructor(
    private readonly service: MeetingsService,
    private readonly views: Views,
  ) {}

  @Query(() => MeetingView, { nullable: true, description: 'A meeting to which the board was called.' })
  async meeting(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.find(member, as, id));
  }

  @Query(() => MeetingConnection, {
    nullable: true,
    description: 'Meetings to which the board was called, those called last first.',
  })
  async meetings(
    @Args('as', AS) as: string,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
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
    description: 'What is due by its day, as every called board may see it; as it was frozen, once the pack is.',
  })
  async agendaOf(@Parent() { looked }: MeetingView): Promise<readonly string[]> {
    return this.service.agenda(looked);
  }

  @ResolveField('pack', () => MeetingPackView, { nullable: true })
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
    @Args('title') title: string,
    @Args('on', { type: () => CivilDate }) on: string,
    @Args('boards', { type: () => [ID] }) boards: string[],
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
    @Args('id', { type: () => ID }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.attend(member, as, id));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Freezes the pack, for the board that called the meeting.',
  })
  async freezePack(
    @Args('as', AS) as: string,
    @Args('id', { type: () => ID }) id: string,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    return this.view(await this.service.freeze(member, as, id));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Writes a decision down, and an action that follows from it.',
  })
  async recordDecision(
    @Args('as', AS) as: string,
    @Args('meeting', { type: () => ID }) meeting: string,
    @Args('text') text: string,
    @Args('issue', { type: () => ID, nullable: true }) issue: string | null,
    @Args('action', { type: () => DecidedActionInput, nullable: true }) action: DecidedActionInput | null,
    @Args('confirmed', { type: () => Boolean, nullable: true }) confirmed: boolean | null,
    @Me() member: Member | null,
  ): Promise<MeetingView> {
    const isConfirmed = confirmed ?? false;
    const given = action ? { ...action, to: action.owner, confirmed: isConfirmed } : null;
    const decision = { issue: issue ?? null, text, confirmed: isConfirmed, action: given };
    return this.view(await this.service.decide(member, as, meeting, decision));
  }

  @Mutation(() => MeetingView, {
    nullable: true,
    description: 'Writes a note down that those alone read who were there.',
  })
  async addNote(
    @Args('as', AS) as: string,
    @Args('meeting', { type: () => ID }) meeting: string,
    @Args('text') text: string,
    @Args('confirmed', { type: () => Boolean, nullable: true }) confirmed: boolean | null,
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
