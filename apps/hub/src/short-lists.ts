import type { ShortLists, Weights } from '@hub/platform';

/** Lists of this hub's schema that are hardly ever longer: a query is measured by them (`asking`). */
export const shortLists: ShortLists = {
  // Few people work for more than one authority.
  'Round.mine': 2,
  // A year of quarters and one; measures seldom change what they count.
  'OwnLine.points': 5,
  'OwnSeries.comments': 2,
  // A region has a handful of datasets, an indicator a few questions.
  'Region.monday': 3,
  'Monday.changes': 10,
  'Region.catalogue': 14,
  'Theme.indicators': 6,
  'IndicatorCard.datasets': 3,
  'IndicatorCard.breakdowns': 5,
  'IndicatorCard.questions': 3,
  'ValueChange.questions': 3,
  'Pattern.questions': 3,
  'Pattern.categories': 2,
  // One authority, and in a history the region beside it.
  'Benchmark.authorities': { by: 'authority', to: 1 },
  'History.lines': { by: 'authority', to: 2 },
  // Most figures have no note.
  'AuthorityFigure.notes': 1,
  'NeighbourFigure.printed': 4,
  'FunnelAuthority.notes': 1,
  'HistoryLine.notes': 2,
  'Benchmark.commentary': 2,
  'Commentary.figures': 3,
  'Pattern.notes': 1,
  'Pattern.endings': 2,
  'ValueChange.notes': 1,
  // The border page is bounded by its service: five of each kind due, and few agencies serve both sides.
  'BorderSide.agencies': 3,
  'BorderSide.due': 10,
  'BorderSide.issues': 10,
  'BorderSide.patterns': 3,
  'BorderPattern.mine': 2,
  'BorderPattern.theirs': 2,
};

/** What is worked out of every figure of a region or authority, in many periods: a page asks for a few of them, and nobody for forty. */
export const weights: Weights = {
  'Query.border': 1_000,
  'Query.ownFigures': 1_000,
  'Region.monday': 1_000,
  'Region.patterns': 1_000,
  'Region.chart': 1_000,
  'Region.history': 1_000,
};
