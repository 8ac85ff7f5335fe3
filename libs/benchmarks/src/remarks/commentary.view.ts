import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { publicId, type Config } from '@hub/platform';
import { PublicationStateEnum } from '@hub/publications';
import { AuthorityView, type RegistryKeys, PERIOD_TEXT, INDICATOR_CODE, SERIES_KEY } from '@hub/registry';
import { commentaryInWords, type Commentary, type FigureSaid } from '../domain';

@ObjectType('CommentaryFigure', { description: 'A figure of a publication that a commentary names.' })
export class CommentaryFigureView {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) publication: string;
  @Field(() => String, { description: SERIES_KEY }) series: string;
  @Field(() => AuthorityView, { nullable: true, description: 'Whose figure it is; null: the region’s.' })
  authority: AuthorityView | null;
  @Field(() => String, {
    nullable: true,
    description: 'As the publication prints it; null where it is not shown to this reader by name, or not any more.',
  })
  figure: string | null;
  @Field(() => PublicationStateEnum, {
    nullable: true,
    description: 'Of the publication, now; null where the figure is not shown to this reader by name.',
  })
  state: string | null;
}

@ObjectType('Commentary', { description: 'What an authority or a region’s lead says of an indicator in a period.' })
export class CommentaryView {
  @Field(() => ID, { description: 'The id of the commentary, `com_…`: `withdrawCommentary` takes it.' }) id: string;
  @Field(() => ID, { description: 'Code of the authority, or of the region for its leads, that says it.' }) of: string;
  @Field(() => String, { description: INDICATOR_CODE }) indicator: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, {
    description:
      'What is said, with each figure as its publication prints it for this reader: `[not shown]`, `[withdrawn]`, or the figure with `[superseded]` behind it.',
  })
  text: string;
  @Field(() => [CommentaryFigureView], { description: 'The figures that it names, in the order of their letters.' })
  figures: CommentaryFigureView[];
  @Field(() => Date, { description: 'When it was written.' }) writtenAt: Date;
}

@InputType('CommentaryFigureInput', { description: 'A published figure that a commentary names.' })
export class CommentaryFigureInput {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) publication: string;
  @Field(() => String, { description: SERIES_KEY }) series: string;
  @Field(() => ID, { nullable: true, description: 'Whose figure it is, by its code; the region’s when absent.' })
  authority?: string | null;
}

@InputType('CommentaryInput', {
  description:
    'What an authority or a region’s lead says of an indicator in a period. Five of one organisation, indicator and period stand at once.',
})
export class CommentaryInput {
  @Field(() => ID, { description: 'Code of the own authority; for a lead that of the region.' }) of: string;
  @Field(() => String, { description: INDICATOR_CODE }) indicator: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, {
    description:
      'In plain words, 1 to 2,000 characters, without numbers of children, names or families; each figure by its letter, the first as {a}.',
  })
  text: string;
  @Field(() => [CommentaryFigureInput], {
    description: 'Twelve at most, each one that you may see by name; each letter has to stand in the text.',
  })
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
