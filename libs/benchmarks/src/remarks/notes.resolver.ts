import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CONFIG, type Config } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import type { Note } from '../domain';
import { NotesService } from './notes.service';
import { NoteInput, NoteView, noteViewOf } from './notes.view';

@Resolver(() => NoteView)
export class NotesResolver {
  constructor(
    private readonly notes: NotesService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => [NoteView], {
    nullable: true,
    description:
      'What the own authority has said of how its figures compare, newest first; for its analysts and approvers. Others read it beside the figures.',
  })
  async comparabilityNotes(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Me() member: Member | null,
  ): Promise<NoteView[]> {
    return (await this.notes.own(member, authority)).map((note) => this.view(note));
  }

  @Mutation(() => NoteView, {
    nullable: true,
    description:
      'Says how figures of the own authority compare, by its analyst or approver. It stands from then on beside every figure of that indicator in the periods that it is about.',
  })
  async writeComparabilityNote(
    @Args('input', { description: 'What it says.' }) input: NoteInput,
    @Me() member: Member | null,
  ): Promise<NoteView> {
    return this.view(await this.notes.write(member, { ...input, until: input.until ?? null }));
  }

  @Mutation(() => NoteView, {
    nullable: true,
    description:
      'Says until when a note of the own authority holds. Without a period it is taken back: its text is gone, and the answer is null.',
  })
  async endComparabilityNote(
    @Args('id', { type: () => ID, description: 'The id of the note, `cmp_…`.' }) id: string,
    @Args('until', {
      type: () => String,
      nullable: true,
      description: 'The last period that it is about, such as `2025-Q4`; when absent it is taken back.',
    })
    until: string | null,
    @Me() member: Member | null,
  ): Promise<NoteView | null> {
    const note = await this.notes.end(member, id, until ?? null);
    return note && this.view(note);
  }

  private view(note: Note): NoteView {
    return noteViewOf(note, this.keys, this.config);
  }
}
