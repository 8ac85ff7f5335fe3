import { Field, ObjectType } from '@nestjs/graphql';
import { enumNamed } from '@hub/platform';
import { chartKinds } from './domain';

export const ChartKindName = enumNamed('ChartKind', chartKinds, 'What a chart shows.', {
  bar: 'One indicator across authorities, with intervals.',
  line: 'One authority, or the region, over time with control limits.',
  funnel: 'Which authorities differ from the region by more than chance.',
  spine: 'One authority across indicators, the better end of each to the right.',
  heat: 'Indicators by authorities.',
});

@ObjectType('Chart', { description: 'A picture of figures that are printed, and the same figures as a table.' })
export class ChartView {
  @Field(() => String, { description: 'Its title: what it shows in a sentence.' }) title: string;
  @Field(() => String, { description: 'What it shows, for who cannot see it.' }) description: string;
  @Field(() => String, { description: 'An SVG document without script or style.' }) svg: string;
  @Field(() => String, {
    description:
      'What stands under it: measure and period, how complete and how it was made, what is left out and why. Print it with the table too.',
  })
  about: string;
  @Field(() => [String], { description: 'The headings of the table beside it.' }) columns: readonly string[];
  @Field(() => [[String]], {
    description:
      'The table, row by row. A cell has a number without separators, words, or in brackets why there is no number: hidden c, not available x, not applicable z, low not 0 but rounds to it. What is left of a hidden figure has columns of its own; without an end above it is z.',
  })
  rows: readonly (readonly string[])[];
  @Field(() => [String], {
    description: 'Under the table: how figures compare, each with the mark that stands behind a name.',
  })
  notes: readonly string[];
  @Field(() => String, { description: 'The publications that it is drawn from, with their digests (SHA-256).' })
  source: string;
  @Field(() => String, { description: 'What may be done with it, in a sentence.' }) licence: string;
  @Field(() => String, {
    nullable: true,
    description: 'The lines to print on every page that shows it, of every agreement by which the reader is shown it.',
  })
  handling: string | null;
}
