import { MOST_BACK } from '@hub/benchmarks';
import { PAGE_SIZE, type ShortLists, type Weights } from '@hub/platform';

/** Lists of this hub's schema that are hardly ever longer: a query is measured by them (`asking`). */
export const shortLists: ShortLists = {
  // Few people work for more than one authority.
  'Round.mine': 2,
  // A system’s key, and an approver’s.
  'OwnSubmission.kids': 2,
  // A year of quarters and one; measures seldom change what they count.
  'OwnLine.points': 5,
  'OwnSeries.comments': 2,
  // Annual, quarterly, and now and then one of its own.
  'RegionAuthority.partyOf': 2,
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

/**
 * A look back over so many periods, at so many indicators of each: it finds them all, whatever is shown. A change against a period that
 * is named looks as far.
 */
const lookBack = (asked: (argument: string) => number | undefined, indicators: number): number =>
  25 + Math.min(Math.max(asked('back') ?? 0, asked('against') ?? 0, 0), MOST_BACK) * (3 + indicators / 3);

/**
 * What is worked out of every figure of a region or authority, in many periods: a page asks for a few of them, and nobody for forty. And
 * whole documents, which are long, and what the database is asked for each. A thousand take some 20 to 40 ms of processor (`npm run bench:dearest`).
 */
export const weights: Weights = {
  'Query.border': 1_000,
  'Query.ownFigures': 1_000,
  'Region.monday': 1_000,
  'Region.patterns': 1_000,
  'Region.chart': 1_000,
  'Region.history': 1_000,
  'Query.agreement': 100,
  'Query.agreementSignatures': 100,
  'Region.rounds': 100,
  'Region.authorities': 20,
  'Round.missing': 20,
  'Round.exceptions': 20,
  'Region.benchmark': (asked) => lookBack(asked, 0),
  'Region.benchmarkTable': (asked) => lookBack(asked, Math.min(asked('first') ?? PAGE_SIZE, PAGE_SIZE)),
  'Publication.document': 100,
  'Publication.proof': 100,
  'Publication.receipt': 100,
  'Publication.revisions': 100,
  'Publication.why': 100,
  'Meeting.pack': 100,
};
