import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { publicId, type Config } from '@hub/platform';
import { PublicationStateEnum } from '@hub/publications';
import { AuthorityView, type RegistryKeys } from '@hub/registry';
import { commentaryInWords, type Commentary, type FigureSaid } from '../domain';

@ObjectType('CommentaryFigure', { description: 'A figure of a publication that a commentary names.' })
export class CommentaryFigureView {
  @Field(() => ID) publication: string;
  @Field(() => String) series: string;
  @Field(() => AuthorityView, { nullable: true, description: 'Null: the region.' }) authority: AuthorityView | null;
  @Field(() => String, {
    nullable: true,
    description: 'As the publication prints it; null where it is not shown to this reader by name, or not any more.',
  })
  figure: string | null;
  @Field(() => PublicationStateEnum, { nullable: true, description: 'Of the publication, now.' })
  state: string | null;
}

@ObjectType('Commentary', { description: 'What an authority or a region’s lead says of an indicator in a period.' })
export class CommentaryView {
  @Field(() => ID) id: string;
  @Field(() => ID, { description: 'The authority or region that says it.' }) of: string;
  @Field(() => String) indicator: string;
  @Field(() => String) period: string;
  @Field(() => String, {
    description: 'With each figure as its publication prints it; one that was superseded or withdrawn says so.',
  })
  text: string;
  @Field(() => [CommentaryFigureView]) figures: CommentaryFigureView[];
  @Field(() => Date) writtenAt: Date;
}

@InputType('CommentaryFigureInput')
export class CommentaryFigureInput {
  @Field(() => ID) publication: string;
  @Field(() => String) series: string;
  @Field(() => ID, { nullable: true, description: 'The region’s figure when absent.' })
  authority?: string | null;
}

@InputType('CommentaryInput')
export class CommentaryInput {
  @Field(() => ID, { description: 'The own authority; a lead: the region.' }) of: string;
  @Field(() => String) indicator: string;
  @Field(() => String) period: string;
  @Field(() => String, {
    description:
      'In plain words, without numbers of children, names or families; each figure by its letter, the first as {a}.',
  })
  text: string;
  @Field(() => [CommentaryFigureInput], { description: 'Twelve at most, each one that you may see by name.' })
  figures: CommentaryFigureInput[];
}

export const commentaryViewOf = (
  { text, figures, authority: _authority, ...one }: Commentary,
  said: readonly FigureSaid[],
  keys: RegistryKeys,
  { hubId }: Pick<Config, 'hubId'>,
): CommentaryView => ({
  ...one,
  id: publicId('com', hubId, one.id),
  text: commentaryInWords(text, said),
  figures: figures.map(({ publication, series, authority }, i) => ({
    publication: publicId('pub', hubId, publication),
    series,
    authority: keys.authority(authority),
    figure: said[i]!.state === 'withdrawn' ? null : said[i]!.figure,
    state: said[i]!.state,
  })),
});
