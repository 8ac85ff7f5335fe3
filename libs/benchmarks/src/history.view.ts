import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf, enumNamed } from '@hub/platform';
import { AuthorityView, IndicatorView, PERIOD_TEXT, UNIT_TEXT, CATEGORY_CODE, DIMENSION_CODE } from '@hub/registry';
import { GAPS, WHOSE, HANDLING, SHOWS, PRESENTATION, QUESTIONS, NOTES, COVERAGE } from './field-words';
import { historyMeasures } from './domain';
import { PatternEndingView } from './remarks/endings.view';
import { NoteView } from './remarks/notes.view';
import { ChangeView, PresentationName, FigureView, LimitsView, TrendName } from './benchmarks.view';

export const HistoryMeasureName = enumNamed(
  'HistoryMeasure',
  historyMeasures,
  'Over how many periods each point of a line is added up.',
  {
    'as-published': 'Each period by itself, as it was published.',
    'twelve-months': 'Twelve months together: twelve months, four quarters or two half-years.',
    'year-to-date': 'From the start of the financial year, on 1 April.',
  },
);

export const Rule = enumNamed(
  'ControlRule',
  ['outside', 'trend', 'twoOfThree', 'run'],
  'The rules of a control chart, by which something is more than chance.',
  {
    outside: 'A value outside the control limits.',
    trend: 'Seven periods in a row that rise or fall.',
    twoOfThree:
      'Of three periods in a row on one side of the mean, two beyond two thirds of the way to the limit and not over it.',
    run: 'Seven periods in a row on one side of the mean.',
  },
);
const Meaning = enumNamed(
  'SignalMeaning',
  ['improvement', 'concern', 'high', 'low'],
  'For the better or worse where one end is better; else high or low.',
  {
    improvement: 'A move to the end that is better.',
    concern: 'A move to the end that is worse.',
    high: 'A move upwards, where neither end is better.',
    low: 'A move downwards, where neither end is better.',
  },
);
@ObjectType('Signal', { description: 'Something that is more than chance.' })
export class SignalView {
  @Field(() => Rule, {
    description: 'The rule that the point meets; of several the first of OUTSIDE, TREND, TWO_OF_THREE, RUN.',
  })
  rule: string;
  @Field(() => Meaning, { description: 'For the better or worse, or upwards or downwards.' }) meaning: string;
  @Field(() => String, { description: 'The rule in words: seven periods above the mean.' }) text: string;
}

@ObjectType('ControlPoint', { description: 'One period of a control chart.' })
export class ControlPointView {
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => FigureView, {
    nullable: true,
    description:
      'The figure, of a sum over several periods that sum. Null where nothing of the period is published or shown to this reader: a gap, not a nought. A sum is null too where its own period is printed and an earlier one is not.',
  })
  figure: FigureView | null;
  @Field(() => LimitsView, { nullable: true, description: '95 % limits of the value; null where it has none.' })
  limits: LimitsView | null;
  @Field(() => Float, {
    nullable: true,
    description: 'The mean of the line, one decimal; null where there is no control chart.',
  })
  mean: number | null;
  @Field(() => LimitsView, {
    nullable: true,
    description:
      'Control limits: where chance alone leaves the value, while nothing changes. A lower one under 0 is 0, one of a percentage over 100 is 100. Null where there is no control chart.',
  })
  control: LimitsView | null;
  @Field(() => SignalView, { nullable: true, description: 'What of it is more than chance; null where nothing is.' })
  signal: SignalView | null;
  @Field(() => String, {
    nullable: true,
    description: COVERAGE,
  })
  coverage: string | null;
}

@ObjectType('HistoryLine', { description: 'One authority, or the region, over time.' })
export class HistoryLineView {
  @Field(() => AuthorityView, { nullable: true, description: WHOSE }) authority: AuthorityView | null;
  @Field(() => [ControlPointView], {
    description: 'One for each period since the first of which something is shown, oldest first.',
  })
  points: ControlPointView[];
  @Field(() => TrendName, {
    nullable: true,
    description:
      'Whether the last five values rise or fall, with 99.8 % confidence; null where they are not all printed, and of sums over several periods and values over twelve months.',
  })
  recent: string | null;
  @Field(() => Boolean, {
    description:
      'Whether fewer than twelve values are printed for the control limits, or too few for any. False of sums over several periods and of values over twelve months, which have none.',
  })
  isTrial: boolean;
  @Field(() => [NoteView], { description: NOTES })
  notes: readonly NoteView[];
}

@ObjectType('History', { description: 'One indicator over time, as control charts.' })
export class HistoryView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, { description: UNIT_TEXT }) unit: string;
  @Field(() => HistoryMeasureName, {
    description: 'The one that is shown: what does not add up is shown as published, whatever was asked for.',
  })
  measure: string;
  @Field(() => [HistoryLineView], {
    description: 'A line for each authority that is shown by name, and the region’s last.',
  })
  lines: HistoryLineView[];
  @Field(() => [String], {
    description: 'What was chosen where tools differ, and why there is no control chart: print it beside the lines.',
  })
  choices: readonly string[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => [String], { description: QUESTIONS }) questions: readonly string[];
  @Field(() => PresentationName, { description: PRESENTATION }) presentation: string;
  @Field(() => String, { description: SHOWS }) shows: string;
  @Field(() => String, { nullable: true, description: HANDLING }) handling: string | null;
}

@ObjectType('CategoryName', { description: 'One category of a breakdown.' })
export class CategoryNameView {
  @Field(() => String, { description: DIMENSION_CODE }) dimension: string;
  @Field(() => String, { description: CATEGORY_CODE }) category: string;
}

@ObjectType('Pattern', { description: 'A line that meets a rule of control charts at its newest period.' })
export class PatternView {
  @Field(() => AuthorityView, { nullable: true, description: WHOSE }) authority: AuthorityView | null;
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => [CategoryNameView], { description: 'The category of it that is meant; empty: the total.' })
  categories: CategoryNameView[];
  @Field(() => SignalView, { description: 'What makes it unusual at the newest period.' }) signal: SignalView;
  @Field(() => String, { description: 'Since when the line has met some rule in this direction, such as `2025-Q1`.' })
  since: string;
  @Field(() => String, {
    description:
      'The rule that it meets now and since when, and since when it has been unusual: in words; of a month also what it was in the same month of the year before.',
  })
  text: string;
  @Field(() => Float, { description: 'The value at the newest period: rate, percentage or mean, one decimal.' })
  value: number;
  @Field(() => String, {
    nullable: true,
    description: COVERAGE,
  })
  coverage: string | null;
  @Field(() => Float, { description: 'The mean of the line, in the unit of the value, one decimal.' }) mean: number;
  @Field(() => Float, { description: 'How far the value lies from the mean, in average moving ranges.' }) size: number;
  @Field(() => ChangeView, {
    nullable: true,
    description:
      'Of a month how its value differs from that of the same month of the year before; null of any other period, and where either of the two is not printed.',
  })
  yearBefore: ChangeView | null;
  @Field(() => [String], { description: QUESTIONS }) questions: readonly string[];
  @Field(() => [NoteView], { description: NOTES })
  notes: readonly NoteView[];
  @Field(() => [PatternEndingView], { description: 'How it ended, the newest first; empty while it is open.' })
  endings: readonly PatternEndingView[];
}
export const PatternConnection = connectionOf('Pattern', () => PatternView);

@ObjectType('Patterns', { description: 'What is unusual at a period, and how much of it chance would give.' })
export class PatternsView {
  @Field(() => Int, { description: 'How many patterns were found: `list` turns their pages.' }) found: number;
  @Field(() => Int, { description: 'How many lines have enough printed periods for a chart.' }) charts: number;
  @Field(() => Int, { description: 'How many lines have too few, or no printed newest value.' }) tooShort: number;
  @Field(() => Int, {
    description:
      'How many of the charts are of numbers at a date, which meet rules by chance more often than is known.',
  })
  atDate: number;
  @Field(() => Float, { description: 'How many patterns chance alone gives on the other charts, one decimal.' })
  expected: number;
  @Field(() => String, {
    description:
      'Found and expected, and of months that schools are closed in some of them, in sentences: print it beside the list.',
  })
  remark: string;
  @Field(() => [String], { description: 'How the charts are made, where tools differ.' }) choices: readonly string[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => String, { description: SHOWS }) shows: string;
  @Field(() => String, { nullable: true, description: HANDLING }) handling: string | null;
  /** Not of the schema: what the list is turned out of. */
  all: readonly PatternView[];
  /** Not of the schema either: the authorities of the region in the period. */
  authorities: readonly string[];
}
