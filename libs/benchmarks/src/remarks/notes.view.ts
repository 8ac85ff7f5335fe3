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
  @Field(() => ID, { description: 'The id of the note, `cmp_…`: `endComparabilityNote` takes it.' }) id: string;
  @Field(() => AuthorityView, { description: 'The authority that says it.' }) authority: AuthorityView;
  @Field(() => String, { description: 'Code of the indicator; all its categories are meant.' }) indicator: string;
  @Field(() => NoteKindName, { description: 'Why its figures do not compare.' }) kind: NoteKind;
  @Field(() => String, { description: 'The first period that it is about, such as `2025-Q1`.' }) from: string;
  @Field(() => String, {
    nullable: true,
    description: 'The last period that it is about, such as `2025-Q4`; null: it still holds.',
  })
  until: string | null;
  @Field(() => String, { description: 'Kind and periods in words.' }) about: string;
  @Field(() => String, { description: 'What is to be known of it, in the authority’s words.' }) text: string;
  @Field(() => Date, { description: 'When it was written.' }) writtenAt: Date;
}

@InputType('ComparabilityNoteInput', {
  description:
    'What an authority says of how its figures of an indicator compare. Twenty of one authority and indicator stand at once.',
})
export class NoteInput {
  @Field(() => ID, { description: 'The own authority, by its code.' }) authority: string;
  @Field(() => String, { description: 'Code of the indicator; all its categories are meant.' }) indicator: string;
  @Field(() => NoteKindName, { description: 'Why its figures do not compare.' }) kind: NoteKind;
  @Field(() => String, { description: 'The first period that it is about, such as `2025-Q1`.' }) from: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The last period that it is about, such as `2025-Q4`; when absent it holds until `endComparabilityNote` says otherwise.',
  })
  until: string | null;
  @Field(() => String, {
    description: 'In plain words, 1 to 2,000 characters, without numbers of children, names or families.',
  })
  text: string;
}

export const noteViewOf = (note: Note, keys: RegistryKeys, { hubId }: Pick<Config, 'hubId'>): NoteView => ({
  ...note,
  id: publicId('cmp', hubId, note.id),
  authority: keys.authority(note.authority),
  about: noteKindInWords(note),
});
