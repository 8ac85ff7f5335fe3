import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Matches } from 'class-validator';
import { presentations } from '@hub/agreements';
import { connectionOf, enumNamed } from '@hub/platform';
import { PublicationView } from '@hub/publications';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { historyMeasures, type Benchmark, type Coverage, type Notes } from './domain';
import { PatternEndingView } from './remarks/endings.view';
import { CommentaryView } from './remarks/commentary.view';
import { NoteView } from './remarks/notes.view';

const FigureKind = enumNamed(
  'FigureKind',
  ['value', 'hidden', 'notCollected', 'notApplicable', 'notAvailable', 'notSubmitted'],
  'Whether a figure is printed, and what stands in its place where it is not.',
  {
    value: 'The figure is printed; a count of 0 is a confirmed nil.',
    hidden: 'Disclosure control does not print it; why is not told, for the reason would be a clue.',
    notCollected: 'The authority has said that it does not collect it, with a reason.',
    notApplicable: 'The authority has said that it does not apply to it, with a reason.',
    notAvailable: 'The authority has said that it collects it and cannot give it this time.',
    notSubmitted: 'No return of the authority holds it.',
  },
);
const PresentationName = enumNamed(
  'Presentation',
  presentations,
  'How much of the authorities an agreement lets a reader see.',
  {
    named: 'Each authority by name.',
    'own-and-unnamed': 'The own ones by name, the others by their values alone and without names.',
    'own-and-region': 'The own ones by name, and no others.',
  },
);

@InputType()
export class CategoryInput {
  @Field(() => String)
  @Matches(/^[a-z]+$/)
  dimension: string;
  @Field(() => String)
  @Matches(/^[a-z0-9-]+$/)
  category: string;
}

const GAPS =
  'Which periods that are looked back at are missing, and why: never published, withdrawn since when, not collected, or not shown to this reader.';

@ObjectType('Population', { description: 'Children aged 0 to 17: the estimate of the Office for National Statistics.' })
export class PopulationView {
  @Field(() => Int) children: number;
  @Field(() => String, { description: 'The middle of which year: 2024; of several bodies also 2023 to 2024.' })
  year: string;
}

@ObjectType('Figure', { description: 'One protected value; a hidden one carries no number.' })
export class FigureView {
  @Field(() => FigureKind, { description: 'Whether it is printed, and why not where it is not.' }) kind: string;
  @Field(() => Float, { nullable: true, description: 'Null where it is not printed.' }) count: number | null;
  @Field(() => Float, { nullable: true, description: 'The denominator, where it is printed itself.' }) of:
    number | null;
  @Field(() => Float, { nullable: true, description: 'Rate, percentage or mean, of printed figures alone.' })
  value: number | null;
  @Field(() => String, { nullable: true }) unit: string;
  @Field(() => [Float], {
    nullable: true,
    description:
      'Beside a hidden count the least and the largest that the printed table alone leaves; the least alone: that many or more. Null for any other figure, and in publications of before.',
  })
  between: readonly number[] | null;
  @Field(() => PopulationView, {
    nullable: true,
    description:
      'Beside a rate the children that it is of; null for any other figure, and of all but the own where the others are not shown by name.',
  })
  population?: PopulationView | null;
}

@ObjectType('Limits', { description: 'Between these the true value lies, as far as chance goes: 95 % limits.' })
export class LimitsView {
  @Field(() => Float) lower: number;
  @Field(() => Float) upper: number;
}

@ObjectType('Change', { description: 'How a value differs from that of an earlier period.' })
export class ChangeView {
  @Field(() => String, { description: 'The earlier period.' }) from: string;
  @Field(() => Float, {
    nullable: true,
    description: 'Later less earlier, in the unit of the value; null where the two do not compare.',
  })
  by: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the 95 % limits of the two lie apart; null where one of them has none, and where the remark says why.',
  })
  isBeyondChance: boolean | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why the two do not compare, or why nothing is said of chance; null where there is no such reason.',
  })
  remark: string | null;
}

@ObjectType('SparkPoint', { description: 'One period of a small line.' })
export class SparkPointView {
  @Field(() => String) period: string;
  @Field(() => FigureKind, {
    nullable: true,
    description: 'Null where nothing of the period is published or shown to this reader: a gap, not a nought.',
  })
  kind: string | null;
  @Field(() => Float, { nullable: true }) value: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of the region’s: how many authorities stand in it, of how many: 11 of 12. Null for an authority.',
  })
  coverage: string | null;
}

const Comparison = enumNamed(
  'Comparison',
  ['better', 'similar', 'worse', 'higher', 'lower'],
  'The 95 % limits beside the region’s value: better or worse where one end is better, else higher or lower; similar where they hold it.',
  {
    better: 'Apart from the region’s value by more than chance, on the side that is better.',
    worse: 'Apart from the region’s value by more than chance, on the side that is worse.',
    similar: 'The region’s value lies within the limits: chance can make the difference.',
    higher: 'Above the region’s value by more than chance, where neither end is better.',
    lower: 'Below the region’s value by more than chance, where neither end is better.',
  },
);
const Band = enumNamed('Band', ['A', 'B', 'C', 'D'], 'The quarter of the printed values; A is the best, D the worst.', {
  A: 'The best quarter.',
  B: 'Between the best quarter and the median.',
  C: 'Between the median and the worst quarter.',
  D: 'The worst quarter.',
});

@ObjectType('AuthorityFigure')
export class AuthorityFigureView {
  @Field(() => AuthorityView, { nullable: true, description: 'Null where the others are shown without names.' })
  authority: AuthorityView | null;
  @Field(() => FigureView, { nullable: true, description: 'Null where it is not shown to this reader.' })
  figure: FigureView;
  @Field(() => Int, {
    nullable: true,
    description:
      'Among printed values; 1 is best by polarity, and the highest where there is none: then it is an order, not a judgement.',
  })
  rank: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'The rank in words: of how many printed, and whether those that are not printed could change it.',
  })
  place: string | null;
  @Field(() => LimitsView, {
    nullable: true,
    description: 'Of the value; null for means and what is counted in tenths.',
  })
  limits: LimitsView | null;
  @Field(() => Comparison, {
    nullable: true,
    description: 'Beside the region’s value; null where there are no limits.',
  })
  comparison: string | null;
  @Field(() => Band, { nullable: true, description: 'Null where too few values are printed for quarters.' }) band:
    string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The band in words: among how many, and from which to which with those that are not printed.',
  })
  bandText: string | null;
  @Field(() => ChangeView, { nullable: true, description: 'Where back or against is asked for.' })
  change: ChangeView | null;
  @Field(() => [SparkPointView], { description: 'Oldest first, this period last; empty unless back is asked for.' })
  points: readonly SparkPointView[];
  @Field(() => [NoteView], { description: 'What the authority says of how its figures compare.' })
  notes: readonly NoteView[];
}

@ObjectType('Coverage', { description: 'Who stands behind a figure of the region.' })
export class CoverageView {
  @Field(() => Int, { description: 'Authorities whose own figure is printed.' }) shown: number;
  @Field(() => Int, { description: 'Authorities in the region’s figure.' }) submitted: number;
  @Field(() => Int, { description: 'Authorities of the region in that period.' }) parties: number;
  @Field(() => String) text: string;
}

/** Who stands in a figure of the region, in words; null for an authority's. */
export const coverageInWords = (coverage: Coverage | null): string | null => coverage?.text ?? null;

@ObjectType('Quartiles', {
  description: 'Type 7, on the straight line between neighbouring printed values; none under four of them.',
})
export class QuartilesView {
  @Field(() => Float, { nullable: true }) lower: number | null;
  @Field(() => Float, { nullable: true }) median: number | null;
  @Field(() => Float, { nullable: true }) upper: number | null;
  @Field(() => Float, { description: 'The least printed value.' }) least: number;
  @Field(() => Float, { description: 'The largest printed value.' }) most: number;
  @Field(() => Int, { description: 'How many printed values they are made of.' }) basis: number;
  @Field(() => String, {
    description: 'Of how many, and between what each cut lies with those that are not printed: print it beside them.',
  })
  text: string;
}

const FunnelFlag = enumNamed(
  'FunnelFlag',
  ['farHigh', 'high', 'within', 'low', 'farLow'],
  'Outside the limits that chance leaves once in 500 (FAR), once in 20, or within.',
  {
    farHigh: 'Above the 99.8 % limits.',
    high: 'Above the 95 % limits, not above those of 99.8 %.',
    within: 'Within the 95 % limits.',
    low: 'Below the 95 % limits, not below those of 99.8 %.',
    farLow: 'Below the 99.8 % limits.',
  },
);
/** A flag of the statistics as the schema can write it. */
export function flagName(flag: string): string {
  return { 'high-0.998': 'farHigh', 'high-0.95': 'high', 'low-0.95': 'low', 'low-0.998': 'farLow' }[flag] ?? flag;
}

@ObjectType('FunnelAuthority')
export class FunnelAuthorityView {
  @Field(() => AuthorityView, { nullable: true }) authority: AuthorityView | null;
  @Field(() => Float, { description: 'What the value is a part of: children, or the denominator.' }) base: number;
  @Field(() => Float) value: number;
  @Field(() => FunnelFlag) flag: string;
  @Field(() => [NoteView], { description: 'What the authority says of how its figures compare.' })
  notes: readonly NoteView[];
}

@ObjectType('FunnelStep', { description: 'The limits at one base, in the unit of the value.' })
export class FunnelStepView {
  @Field(() => Float) base: number;
  @Field(() => LimitsView, { description: '95 %.' }) usual: LimitsView;
  @Field(() => LimitsView, { description: '99.8 %.' }) wide: LimitsView;
}

@ObjectType('Funnel', { description: 'Which authorities differ from the region by more than chance.' })
export class FunnelView {
  @Field(() => Float, { description: 'The region’s value, which each one is held against.' }) pooled: number;
  @Field(() => String) unit: string;
  @Field(() => [FunnelAuthorityView]) authorities: FunnelAuthorityView[];
  @Field(() => [FunnelStepView]) curve: FunnelStepView[];
  @Field(() => Float, {
    nullable: true,
    description: '1 where authorities differ by chance alone; null for fewer than five.',
  })
  dispersion: number | null;
  @Field(() => Boolean, {
    description:
      'Whether the limits allow for that; never for fewer than five, nor where authorities differ by chance alone.',
  })
  isWidened: boolean;
  @Field(() => String, { description: 'How many lie outside, and how much of it chance explains.' }) remark: string;
}

@ObjectType('Benchmark', { description: 'One indicator of one period: each authority beside the region.' })
export class BenchmarkView {
  @Field(() => PublicationView, { nullable: true }) publication: PublicationView;
  @Field(() => IndicatorView, { nullable: true }) indicator: IndicatorView;
  @Field(() => CoverageView, { nullable: true }) coverage: CoverageView;
  @Field(() => [AuthorityFigureView], { nullable: true }) authorities: readonly AuthorityFigureView[];
  @Field(() => FigureView, { nullable: true }) region: FigureView;
  @Field(() => LimitsView, { nullable: true }) regionLimits: LimitsView | null;
  @Field(() => ChangeView, { nullable: true }) regionChange: ChangeView | null;
  @Field(() => [SparkPointView]) regionPoints: readonly SparkPointView[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => QuartilesView, { nullable: true }) quartiles: QuartilesView | null;
  @Field(() => String, {
    nullable: true,
    description:
      'In words the categories that are told together, where the one asked for is among them: their sum is what the others leave of the total.',
  })
  together: string | null;
  @Field(() => [String], { description: 'What a peer asks of this figure.' }) questions: readonly string[];
  @Field(() => [CommentaryView], {
    description: 'What the region’s lead and the authorities that are shown by name say of it.',
  })
  commentary: readonly CommentaryView[];
  @Field(() => PresentationName) presentation: string;
  @Field(() => String, { description: 'In words, whom it shows, and why not more.' }) shows: string;
  @Field(() => String, { nullable: true, description: 'The line to print on every page that shows it.' })
  handling: string | null;
  /** Not of the schema: what the fields below it are computed from. */
  benchmark: Benchmark;
  only: string | null;
  noted: Notes;
}
export const BenchmarkConnection = connectionOf('Benchmark', () => BenchmarkView);

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
const TrendName = enumNamed(
  'RecentTrend',
  ['increasing', 'decreasing', 'noChange'],
  'Whether the newest five values rise or fall by more than chance.',
  {
    increasing: 'They rise by more than chance.',
    decreasing: 'They fall by more than chance.',
    noChange: 'Chance alone can make what moves.',
  },
);

@ObjectType('Signal', { description: 'Something that is more than chance.' })
export class SignalView {
  @Field(() => Rule) rule: string;
  @Field(() => Meaning) meaning: string;
  @Field(() => String) text: string;
}

@ObjectType('ControlPoint', { description: 'One period of a control chart.' })
export class ControlPointView {
  @Field(() => String) period: string;
  @Field(() => FigureView, {
    nullable: true,
    description: 'Null where nothing of the period is published or shown to this reader: a gap, not a nought.',
  })
  figure: FigureView | null;
  @Field(() => LimitsView, { nullable: true }) limits: LimitsView | null;
  @Field(() => Float, { nullable: true }) mean: number | null;
  @Field(() => LimitsView, {
    nullable: true,
    description:
      'Where chance alone leaves the value, while nothing changes; a lower limit under 0 is 0, one of a percentage over 100 is 100.',
  })
  control: LimitsView | null;
  @Field(() => SignalView, { nullable: true }) signal: SignalView | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of the region’s: how many authorities stand in it, of how many: 11 of 12. Null for an authority.',
  })
  coverage: string | null;
}

@ObjectType('HistoryLine', { description: 'One authority, or the region, over time.' })
export class HistoryLineView {
  @Field(() => AuthorityView, { nullable: true, description: 'Null: the region.' }) authority: AuthorityView | null;
  @Field(() => [ControlPointView], { description: 'Oldest first.' }) points: ControlPointView[];
  @Field(() => TrendName, {
    nullable: true,
    description:
      'Of the last five values, with 99.8 % confidence; null where they are not all printed, and of sums over several periods.',
  })
  recent: string | null;
  @Field(() => Boolean, { description: 'Whether the control limits rest on fewer than twelve values.' })
  isTrial: boolean;
  @Field(() => [NoteView], { description: 'What the authority says of how its figures compare.' })
  notes: readonly NoteView[];
}

@ObjectType('History', { description: 'One indicator over time, as control charts.' })
export class HistoryView {
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => String) unit: string;
  @Field(() => HistoryMeasureName, {
    description: 'The one that is shown: what does not add up is shown as published, whatever was asked for.',
  })
  measure: string;
  @Field(() => [HistoryLineView]) lines: HistoryLineView[];
  @Field(() => [String], {
    description: 'What was chosen where tools differ, and why there is no control chart: print it beside the lines.',
  })
  choices: readonly string[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => [String]) questions: readonly string[];
  @Field(() => PresentationName) presentation: string;
  @Field(() => String) shows: string;
  @Field(() => String, { nullable: true }) handling: string | null;
}

@ObjectType('CategoryName', { description: 'One category of a breakdown.' })
export class CategoryNameView {
  @Field(() => String) dimension: string;
  @Field(() => String) category: string;
}

@ObjectType('Pattern', { description: 'A line that meets a rule of control charts at its newest period.' })
export class PatternView {
  @Field(() => AuthorityView, { nullable: true, description: 'Null: the region.' }) authority: AuthorityView | null;
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => [CategoryNameView]) categories: CategoryNameView[];
  @Field(() => SignalView) signal: SignalView;
  @Field(() => String, { description: 'Since when the line has met some rule in this direction.' }) since: string;
  @Field(() => String, {
    description: 'The rule that it meets now and since when, and since when it has been unusual: in words.',
  })
  text: string;
  @Field(() => Float) value: number;
  @Field(() => String, {
    nullable: true,
    description: 'Of the region’s: how many authorities stand in it, of how many: 11 of 12. Null for an authority.',
  })
  coverage: string | null;
  @Field(() => Float, { description: 'The mean of the line.' }) mean: number;
  @Field(() => Float, { description: 'How far the value lies from the mean, in average moving ranges.' }) size: number;
  @Field(() => [String]) questions: readonly string[];
  @Field(() => [NoteView], { description: 'What the authority says of how its figures compare.' })
  notes: readonly NoteView[];
  @Field(() => [PatternEndingView], { description: 'How it ended, the newest first; empty while it is open.' })
  endings: readonly PatternEndingView[];
}
export const PatternConnection = connectionOf('Pattern', () => PatternView);

@ObjectType('Patterns', { description: 'What is unusual at a period, and how much of it chance would give.' })
export class PatternsView {
  @Field(() => Int, { description: 'Patterns that were found: `list` turns their pages.' }) found: number;
  @Field(() => Int, { description: 'Lines that have enough printed periods for a chart.' }) charts: number;
  @Field(() => Int, { description: 'Lines that have too few, or no printed newest value.' }) tooShort: number;
  @Field(() => Int, {
    description:
      'How many of the charts are of numbers at a date, which meet rules by chance more often than is known.',
  })
  atDate: number;
  @Field(() => Float, { description: 'Patterns that chance alone gives on the other charts.' }) expected: number;
  @Field(() => String, { description: 'Found and expected, in a sentence: print it beside the list.' }) remark: string;
  @Field(() => [String], { description: 'How the charts are made, where tools differ.' }) choices: readonly string[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => String) shows: string;
  @Field(() => String, { nullable: true }) handling: string | null;
  /** Not of the schema: what the list is turned out of. */
  all: readonly PatternView[];
}
