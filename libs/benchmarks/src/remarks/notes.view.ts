import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { type Config, enumNamed, publicId } from '@hub/platform';
import { AuthorityView, type RegistryKeys } from '@hub/registry';
import { noteKindInWords, noteKinds, type Note, type NoteKind } from '../domain';

export const NoteKindName = enumNamed(
  'ComparabilityKind',
  noteKinds,
  'Why figures of an authority do not compare with others’, or with its own of before.',
  {
    ownDefinition: 'It counts by a definition of its own.',
    systemChange:
      'It has changed to another recording system. Its line begins anew there, once six periods since are printed.',
    break: 'Its series breaks for another reason. Its line begins anew there, once six periods since are printed.',
  },
);

@ObjectType('ComparabilityNote', {
  description: 'What an authority says of how its figures of an indicator compare: print it beside them.',
})
export class NoteView {
  @Field(() => ID) id: string;
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => String, { description: 'Code of the indicator; all its categories are meant.' }) indicator: string;
  @Field(() => NoteKindName) kind: NoteKind;
  @Field(() => String, { description: 'The first period that it is about.' }) from: string;
  @Field(() => String, { nullable: true, description: 'The last one; null: it still holds.' }) until: string | null;
  @Field(() => String, { description: 'Kind and periods in words.' }) about: string;
  @Field(() => String) text: string;
  @Field(() => Date) writtenAt: Date;
}

@InputType('ComparabilityNoteInput')
export class NoteInput {
  @Field(() => ID) authority: string;
  @Field(() => String) indicator: string;
  @Field(() => NoteKindName) kind: NoteKind;
  @Field(() => String) from: string;
  @Field(() => String, { nullable: true }) until: string | null;
  @Field(() => String, { description: 'In plain words, without numbers of children, names or families.' }) text: string;
}

export const noteViewOf = (note: Note, keys: RegistryKeys, { hubId }: Pick<Config, 'hubId'>): NoteView => ({
  ...note,
  id: publicId('cmp', hubId, note.id),
  authority: keys.authority(note.authority),
  about: noteKindInWords(note),
});
