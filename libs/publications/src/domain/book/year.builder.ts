import type { Dataset } from '@hub/registry/domain';
import { protectedFigures, type Cells, type CompileInput } from '../compile';
import type { PublicationDocument, Together } from '../document';
import { toPrinted } from '../figure';
import { indicator } from '../by-hand.builder';
import { byHand, cellsOf, HubInMemory } from './book.builder';
import type { ProtectedEdition } from './edition';

/*
 * A year of a hub: monthly tables, quarters with their revisions, a network that overlaps with the region, and the annual
 * table of which the Department prints the totals itself.
 */

export const members = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005'] as const;
const network = members.slice(1, 4);
/** Has sent nothing when a provisional edition is published. */
const withoutLate = members.slice(0, 4);
const REGION = 'E12000001';
const NETWORK = 'net-three';

/** One table as its readers have it, and what nobody but the judge of an attack may look at. */
export interface Print {
  readonly dataset: Dataset;
  readonly document: PublicationDocument;
  readonly truth: { readonly edition: ProtectedEdition; readonly returns: ReadonlyMap<string, Cells> };
}

export interface Year {
  readonly seed: number;
  readonly quarters: number;
  /** In how many of them, from the first on, each month has a table. */
  readonly withMonths: number;
  /** What the region's quarters tell together; the network prints each category. */
  readonly together?: readonly Together[];
  /** Plants a fault: what the compile takes for the specification. */
  readonly taken?: (dataset: Dataset) => Dataset;
  readonly hub?: HubInMemory;
  /** Plants a fault: the network has a book of its own. */
  readonly beside?: HubInMemory;
  readonly ignoreNationalMarks?: boolean;
  /** What the agreement asks for, where it is not the usual. */
  readonly policy?: Partial<CompileInput['policy']>;
  /** Plants a fault: what the compile takes for the datasets of which others print something. */
  readonly datasets?: readonly Dataset[];
}

export interface PublishedYear {
  readonly prints: readonly Print[];
  /** Editions that did not leave. */
  readonly held: readonly string[];
  /** What the Department prints, by `AUTHORITY SERIES PERIOD`. */
  readonly national: ReadonlyMap<string, number>;
}

const MARK = { by: 'the Department', threshold: 6, rounding: 0 };
/** Totals of quarters and years are printed by the Department too, and of years each source. */
const withPrinted = (dataset: Dataset, isCategories: boolean): Dataset => ({
  ...dataset,
  indicators: dataset.indicators.map((one) =>
    one.code === 'RF01'
      ? {
          ...one,
          nationallyPublished: MARK,
          breakdowns: one.breakdowns.map((each) => (isCategories ? { ...each, nationallyPublished: MARK } : each)),
        }
      : one,
  ),
});
/** Reviewed plans are among the plans open, and all young ones' are reviewed: a rule that takes off and one that adds too. */
const withReviews = (frequency: Dataset['frequency']): Dataset => {
  const dataset = byHand(frequency);
  const rule = (code: string, ...terms: [string, number][]) => ({ code, message: '.', terms, lower: 0 });
  return {
    ...dataset,
    indicators: [...dataset.indicators, indicator('CP06', { basis: 'snapshot' })],
    rules: [
      rule('reviewed', ['CP01', 1], ['CP06', -1]),
      rule('to-review', ['CP06', 1], ['CP01', -1], ['CP01|age=old', 1]),
    ],
  };
};
const specifications = {
  month: byHand('month'),
  quarter: withPrinted(withReviews('quarter'), false),
  year: withPrinted(withReviews('year'), true),
};

/** Whole numbers below a bound that look like chance and are always the same for the same text. */
function numbersFrom(text: string): (below: number) => number {
  let state = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7);
  return (below) => (state = (state * 48_271 + 11) % 2_147_483_647) % below;
}

const monthsOf = (quarter: number) =>
  [0, 1, 2].map((i) => {
    const month = 3 + 3 * quarter + i;
    return `${2025 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
type Printable = Cells extends ReadonlyMap<string, infer One> ? One : never;
type Counts = readonly [police: number, health: number, school: number];
const sum = (all: readonly Counts[]) =>
  [0, 1, 2].map((i) => all.reduce((left, one) => left + one[i]!, 0)) as unknown as Counts;
type Plans = readonly [young: number, old: number, reviewed: number];
const referrals = ([police, health, school]: Counts, plans?: Plans): Cells =>
  cellsOf({
    RF01: police + health + school,
    'RF01|source=police': police,
    'RF01|source=health': health,
    'RF01|source=school': school,
    ...(plans
      ? { CP01: plans[0] + plans[1], 'CP01|age=young': plans[0], 'CP01|age=old': plans[1], CP06: plans[2] }
      : {}),
  });

/** What each authority counts in a year. */
class Counted {
  constructor(private readonly seed: number) {}

  inMonth(authority: string, month: string): Counts {
    const next = numbersFrom(`${this.seed} ${authority} ${month}`);
    return [next(30) + 10, next(14), next(9)];
  }
  inQuarter(quarter: number): ReadonlyMap<string, Counts> {
    const months = monthsOf(quarter);
    return new Map(members.map((one) => [one, sum(months.map((month) => this.inMonth(one, month)))]));
  }
  plansAfter(quarter: number, authority: string): Plans {
    const next = numbersFrom(`${this.seed} ${authority} plans ${quarter}`);
    const [young, old] = [next(40) + 5, next(8)];
    return [young, old, young + (old ? next(2) : 0)];
  }
}

/** Publishes the year, edition by edition, as a hub does. */
export async function yearOf(given: Year): Promise<PublishedYear> {
  const counted = new Counted(given.seed);
  const hub = new Publisher(given);
  const finals: ReadonlyMap<string, Counts>[] = [];
  for (let q = 0; q < given.quarters; q++) {
    for (const month of q < given.withMonths ? monthsOf(q) : [])
      await hub.publish('month', month, members, (one) => referrals(counted.inMonth(one, month)));
    const first = counted.inQuarter(q);
    // The late one sends; one has found a case more, and by the last edition another has.
    const revised = changed(first, members[q]!, [0, 1, 0]);
    const final = changed(revised, members[(q + 2) % 4]!, [0, 0, 1]);
    const publish = (counts: ReadonlyMap<string, Counts>, who: readonly string[], region?: string) =>
      hub.publish(
        'quarter',
        `2025-Q${q + 1}`,
        who,
        (one) => referrals(counts.get(one)!, counted.plansAfter(q, one)),
        region,
      );
    await publish(first, withoutLate);
    await publish(first, network, NETWORK);
    await publish(revised, members);
    await publish(final, members);
    await publish(final, network, NETWORK);
    finals.push(final);
  }
  const inYear = (authority: string) => sum(finals.map((counts) => counts.get(authority)!));
  const isWhole = given.quarters === 4;
  if (isWhole)
    await hub.publish('year', '2025-FY', members, (one) => referrals(inYear(one), counted.plansAfter(3, one)));
  const national = new Map<string, number>();
  const print = (authority: string, period: string, [key, figure]: readonly [string, Printable]) => {
    if (figure.kind === 'value' && figure.value >= MARK.threshold)
      national.set(`${authority} ${key} ${period}`, figure.value);
  };
  for (const authority of members) {
    finals.forEach((counts, q) => print(authority, `2025-Q${q + 1}`, [...referrals(counts.get(authority)!)][0]!));
    if (isWhole) for (const one of referrals(inYear(authority))) print(authority, '2025-FY', one);
  }
  return { prints: hub.prints, held: hub.held, national };
}

const changed = (counts: ReadonlyMap<string, Counts>, authority: string, by: Counts): ReadonlyMap<string, Counts> =>
  new Map(counts).set(authority, sum([counts.get(authority)!, by]));

class Publisher {
  readonly prints: Print[] = [];
  readonly held: string[] = [];
  private readonly before = new Map<string, ReadonlyMap<string, Cells>>();
  private readonly hub: HubInMemory;

  constructor(private readonly given: Year) {
    this.hub = given.hub ?? new HubInMemory();
  }

  async publish(
    frequency: keyof typeof specifications,
    period: string,
    who: readonly string[],
    returnOf: (authority: string) => Cells,
    region = REGION,
  ): Promise<void> {
    const { taken = (one: Dataset) => one, beside = this.hub, ignoreNationalMarks, policy = {} } = this.given;
    const dataset = specifications[frequency];
    const level = (frequency === 'quarter' && region === REGION && this.given.together) || [];
    const place = `${region} ${period}`;
    const before = this.before.get(place);
    const edition = await (region === NETWORK ? beside : this.hub).publish({
      dataset: taken(dataset),
      period,
      region,
      datasets: this.given.datasets ?? Object.values(specifications),
      authorities: region === NETWORK ? network : members,
      returns: Object.fromEntries(who.map((authority) => [authority, returnOf(authority)])),
      level,
      policy,
      ...(before ? { before } : {}),
      ...(ignoreNationalMarks === undefined ? {} : { ignoreNationalMarks }),
    });
    if (edition.status === 'refused') {
      this.held.push(place);
      return;
    }
    this.before.set(place, edition.returns);
    const document = { ...documentOf(dataset, period, region, edition), ...(level.length ? { together: level } : {}) };
    this.prints.push({ dataset, document, truth: { edition, returns: edition.returns } });
  }
}

/** What readers are given of an edition; what tells one document from another does not matter here. */
function documentOf(dataset: Dataset, period: string, region: string, edition: ProtectedEdition): PublicationDocument {
  const authorities = region === NETWORK ? network : members;
  return {
    v: 1,
    hub: 'hub-local',
    id: 'pub_1',
    region,
    number: 1,
    dataset: { code: dataset.code, version: dataset.version },
    period,
    edition: 'final',
    publishedAt: '2025-08-01T00:00:00.000Z',
    agreement: { id: 'a-year', version: 1 },
    handling: 'Made by hand.',
    threshold: MARK.threshold,
    zeros: 'printed',
    authorities,
    submitted: authorities.filter((authority) => edition.returns.has(authority)),
    series: protectedFigures(edition.compiled, edition.published).map(({ key, region: total, figures }) => ({
      key,
      region: toPrinted(total),
      figures: figures.map(toPrinted),
    })),
  };
}
