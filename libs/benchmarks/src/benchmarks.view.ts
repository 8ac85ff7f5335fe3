import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { presentations } from '@hub/agreements';
import { connectionOf, enumNamed } from '@hub/platform';
import { PublicationView } from '@hub/publications';
import { AuthorityView, IndicatorView, PERIOD_TEXT, UNIT_TEXT, CATEGORY_CODE, DIMENSION_CODE } from '@hub/registry';
import { GAPS, HANDLING, SHOWS, PRESENTATION, QUESTIONS, NOTES, COVERAGE } from './field-words';
import { type Benchmark, type Coverage, type Notes } from './domain';
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
    notAvailable:
      'The authority has said that it collects it and cannot give it this time. So stand too: categories that are told together with others, and a region’s figure in which too few stand or that holds others than the reader is shown.',
    notSubmitted: 'No return of the authority holds it.',
  },
);
export const PresentationName = enumNamed(
  'Presentation',
  presentations,
  'How much of the authorities an agreement lets a reader see.',
  {
    named: 'Each authority by name.',
    'own-and-unnamed': 'The own ones by name, the others by their values alone and without names.',
    'own-and-region': 'The own ones by name, and no others.',
  },
);

@InputType({ description: 'One category of a breakdown that is asked for.' })
export class CategoryInput {
  @Field(() => String, { description: DIMENSION_CODE })
  dimension: string;
  @Field(() => String, { description: CATEGORY_CODE })
  category: string;
}

@ObjectType('Population', { description: 'Children aged 0 to 17: the estimate of the Office for National Statistics.' })
export class PopulationView {
  @Field(() => Int, { description: 'How many; of the region those of the authorities that stand in its figure.' })
  children: number;
  @Field(() => String, { description: 'The middle of which year: 2024; of several bodies also 2023 to 2024.' })
  year: string;
}

@ObjectType('Figure', {
  description:
    'One protected value; a hidden one carries no number. A percentage, rate or mean is computed of printed numbers alone.',
})
export class FigureView {
  @Field(() => FigureKind, { description: 'Whether it is printed, and why not where it is not.' }) kind: string;
  @Field(() => Float, {
    nullable: true,
    description:
      'The count, with a decimal where the indicator has one. Null unless the kind is VALUE, and of all but the own where the others are not shown by name.',
  })
  count: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'The denominator, where it is printed itself; null for a rate, whose population is public, and where the count is null.',
  })
  of: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Rate per 10,000 children, percentage or mean, one decimal; null where it cannot be made of printed figures. Where the others are not shown by name their rates are whole numbers or coarser.',
  })
  value: number | null;
  @Field(() => FigureKind, {
    description:
      'Whether the value is there, and why not: the kind, or beside a printed count that of what it would be divided by. NOT_APPLICABLE where that is 0; NOT_AVAILABLE where there is no estimate of children, where the reader is not shown the denominator, and of all but the own where the others are not shown by name.',
  })
  valueKind: string;
  @Field(() => String, { nullable: true, description: UNIT_TEXT }) unit: string;
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

@ObjectType('Limits', {
  description:
    'An interval about a value: 95 % limits, between which the true value lies as far as chance goes, unless the field says otherwise. Children of one family are counted together more often than chance would: such limits are somewhat too narrow.',
})
export class LimitsView {
  @Field(() => Float, { description: 'The lower end, in the unit of the value.' }) lower: number;
  @Field(() => Float, { description: 'The upper end, in the unit of the value.' }) upper: number;
}

@ObjectType('Change', { description: 'How a value differs from that of an earlier period.' })
export class ChangeView {
  @Field(() => String, { description: 'The earlier period, such as `2025-Q1`.' }) from: string;
  @Field(() => Float, { description: 'The earlier value, as it was printed then.' }) was: number;
  @Field(() => Float, {
    nullable: true,
    description:
      'Later less earlier, in the unit of the value, one decimal. Computed before the two are rounded: it may be a tenth off the difference of those that are shown. Null where they do not compare.',
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
  @Field(() => Boolean, {
    description:
      'Whether the hub asked the authority about a change as large as this (`change-against-previous`) and was answered: then the number is meant. Only where the return was held against just what the earlier publication prints.',
  })
  isConfirmed: boolean;
}

@ObjectType('SparkPoint', { description: 'One period of a small line.' })
export class SparkPointView {
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => FigureKind, {
    nullable: true,
    description:
      'Whether it is printed. Null where nothing of the period is published or shown to this reader: a gap, not a nought.',
  })
  kind: string | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Rate, percentage or mean, one decimal; null where it is not printed.',
  })
  value: number | null;
  @Field(() => String, {
    nullable: true,
    description: COVERAGE,
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

export const TrendName = enumNamed(
  'RecentTrend',
  ['increasing', 'decreasing', 'noChange'],
  'Whether the newest five values rise or fall by more than chance.',
  {
    increasing: 'They rise by more than chance.',
    decreasing: 'They fall by more than chance.',
    noChange: 'Chance alone can make what moves.',
  },
);

@ObjectType('AuthorityFigure', {
  description:
    'One authority in a benchmark: its figure, and where that stands among the others and beside the region.',
})
export class AuthorityFigureView {
  @Field(() => AuthorityView, {
    nullable: true,
    description:
      'The authority; null of one of the others where they are shown without names. Of such a one nothing but `figure` is told.',
  })
  authority: AuthorityView | null;
  @Field(() => FigureView, { nullable: true, description: 'Its figure.' })
  figure: FigureView;
  @Field(() => Int, {
    nullable: true,
    description:
      'Among printed values; equal ones share the best of their places. 1 is best by polarity, and the highest where there is none: then it is an order, not a judgement. Null where it has no printed value, and for a reader who is shown no others.',
  })
  rank: number | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The rank in words: of how many printed, and whether those that are not printed could change it. Of a hidden figure between which places it lies. Null where it has none.',
  })
  place: string | null;
  @Field(() => LimitsView, {
    nullable: true,
    description:
      '95 % limits of the value: Byar’s or exact ones of a rate, Wilson’s of a percentage. Null where there is no printed value, for means and for what is counted in tenths.',
  })
  limits: LimitsView | null;
  @Field(() => Comparison, {
    nullable: true,
    description:
      'How these limits lie beside the value of the region, which includes it; null where there are none, where the region’s value is not printed, and of what is 100 % by what it counts. They hold chance alone: where `funnel` has a dispersion over 2 most authorities differ, and `funnel(widened: true)` says which lie apart even so.',
  })
  comparison: string | null;
  @Field(() => Band, {
    nullable: true,
    description:
      'The quarter of the printed values in which it lies. Null where fewer than four are printed, where neither end is better, and for a reader who is shown no others.',
  })
  band: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The band in words: among how many, and from which to which with those that are not printed. Null where it has none.',
  })
  bandText: string | null;
  @Field(() => TrendName, {
    nullable: true,
    description:
      'Whether the last five values rise or fall, with 99.8 % confidence, where `back` is 4 or more. Null where they are not all printed or a break is stated among them, and of values over twelve months.',
  })
  recent: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The recent trend in words, with which way is better where one is: `rising, worse`; null with it.',
  })
  recentText: string | null;
  @Field(() => ChangeView, {
    nullable: true,
    description:
      'How it differs from an earlier period. Null unless `back` or `against` is asked for, and where either of the two values is not printed.',
  })
  change: ChangeView | null;
  @Field(() => [SparkPointView], {
    description: 'Earlier periods, oldest first, this period last; empty unless `back` is asked for.',
  })
  points: readonly SparkPointView[];
  @Field(() => [NoteView], { description: NOTES })
  notes: readonly NoteView[];
}

@ObjectType('Coverage', {
  description: 'Who stands behind a figure of the region. No part of it differs by why a figure is hidden.',
})
export class CoverageView {
  @Field(() => Int, { description: 'Of how many the own figure is printed and shown to this reader.' }) shown: number;
  @Field(() => Int, { description: 'How many authorities stand in the region’s figure, printed and hidden alike.' })
  submitted: number;
  @Field(() => Int, { description: 'How many authorities the region has in that period.' }) parties: number;
  @Field(() => String, { description: 'The last two in words: `11 of 12`, or `none of 12 sent it`.' }) text: string;
}

/** Who stands in a figure of the region, in words; null for an authority's. */
export const coverageInWords = (coverage: Coverage | null): string | null => coverage?.text ?? null;

@ObjectType('Quartiles', {
  description:
    'Type 7, on the straight line between neighbouring printed values; none under four of them. A cut is not rounded: print it with one decimal, as values are.',
})
export class QuartilesView {
  @Field(() => Float, { nullable: true, description: 'The cut under which a quarter of the printed values lies.' })
  lower: number | null;
  @Field(() => Float, { nullable: true, description: 'The cut under which half of the printed values lies.' }) median:
    number | null;
  @Field(() => Float, { nullable: true, description: 'The cut under which three quarters of the printed values lie.' })
  upper: number | null;
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
  'Outside the limits that chance leaves at most about once in 500 (FAR), once in 20, or within.',
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

@ObjectType('FunnelAuthority', { description: 'One authority in a funnel.' })
export class FunnelAuthorityView {
  @Field(() => AuthorityView, {
    nullable: true,
    description: 'The authority; those that are shown without names are not in it.',
  })
  authority: AuthorityView | null;
  @Field(() => Float, { description: 'What the value is a part of: children, or the denominator.' }) base: number;
  @Field(() => Float, { description: 'Its rate or percentage, one decimal.' }) value: number;
  @Field(() => FunnelFlag, { description: 'How it lies beside the limits.' }) flag: string;
  @Field(() => [NoteView], { description: NOTES })
  notes: readonly NoteView[];
}

@ObjectType('FunnelStep', { description: 'The limits at one base, in the unit of the value.' })
export class FunnelStepView {
  @Field(() => Float, { description: 'The base: children, or the denominator.' }) base: number;
  @Field(() => LimitsView, {
    description: '95 % limits, which chance leaves at most about once in 20; less often where they are widened.',
  })
  usual: LimitsView;
  @Field(() => LimitsView, {
    description: '99.8 % limits, which chance leaves at most about once in 500; less often where they are widened.',
  })
  wide: LimitsView;
}

@ObjectType('Funnel', { description: 'Which authorities differ from the region by more than chance.' })
export class FunnelView {
  @Field(() => Float, { description: 'The region’s value, which each one is held against.' }) pooled: number;
  @Field(() => String, { description: UNIT_TEXT }) unit: string;
  @Field(() => [FunnelAuthorityView], { description: 'Those with a printed value that are shown by name.' })
  authorities: FunnelAuthorityView[];
  @Field(() => [FunnelStepView], {
    description:
      'The limits at 25 bases, from under the least of theirs to over the largest, to be drawn as two curves.',
  })
  curve: FunnelStepView[];
  @Field(() => Float, {
    nullable: true,
    description:
      'A ratio of variances: about 1 where authorities differ by chance alone; else they differ its square root times as much. Null for fewer than five.',
  })
  dispersion: number | null;
  @Field(() => Boolean, {
    description:
      'Whether the limits allow for what authorities differ beyond chance; never for fewer than five, nor where they differ by chance alone.',
  })
  isWidened: boolean;
  @Field(() => String, { description: 'How many lie outside, and how much of it chance explains.' }) remark: string;
}

@ObjectType('Benchmark', { description: 'One indicator of one period: each authority beside the region.' })
export class BenchmarkView {
  @Field(() => PublicationView, { nullable: true, description: 'The publication that it is made of.' })
  publication: PublicationView;
  @Field(() => IndicatorView, { nullable: true, description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => CoverageView, { nullable: true, description: 'Who stands behind the region’s figure.' })
  coverage: CoverageView;
  @Field(() => [AuthorityFigureView], {
    nullable: true,
    description:
      'Every authority that the reader is shown: by name in the order of the publication, those without names behind, the highest value first.',
  })
  authorities: readonly AuthorityFigureView[];
  @Field(() => FigureView, {
    nullable: true,
    description:
      'The region’s own protected figure, of those who have sent one. NOT_AVAILABLE where it holds others than the reader is shown.',
  })
  region: FigureView;
  @Field(() => LimitsView, {
    nullable: true,
    description: '95 % limits of the region’s value; null as the limits of an authority.',
  })
  regionLimits: LimitsView | null;
  @Field(() => ChangeView, {
    nullable: true,
    description: 'How the region’s value differs from an earlier period; null as the change of an authority.',
  })
  regionChange: ChangeView | null;
  @Field(() => [SparkPointView], {
    description: 'The region’s earlier periods, oldest first, this period last; empty unless `back` is asked for.',
  })
  regionPoints: readonly SparkPointView[];
  @Field(() => [String], { description: GAPS })
  gaps: readonly string[];
  @Field(() => QuartilesView, {
    nullable: true,
    description:
      'The cuts of the printed values into quarters; null where fewer than four are printed, and for a reader who is shown no others.',
  })
  quartiles: QuartilesView | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The categories that are told together with the one asked for, in words: their sum is what the others leave of the total. Null where it is told by itself.',
  })
  together: string | null;
  @Field(() => [String], { description: QUESTIONS }) questions: readonly string[];
  @Field(() => [CommentaryView], {
    description: 'What the region’s lead and the authorities that are shown by name say of it.',
  })
  commentary: readonly CommentaryView[];
  @Field(() => PresentationName, { description: PRESENTATION }) presentation: string;
  @Field(() => String, { description: SHOWS }) shows: string;
  @Field(() => String, { nullable: true, description: HANDLING })
  handling: string | null;
  /** Not of the schema: what the fields below it are computed from. */
  benchmark: Benchmark;
  only: string | null;
  noted: Notes;
}
export const BenchmarkConnection = connectionOf('Benchmark', () => BenchmarkView);
