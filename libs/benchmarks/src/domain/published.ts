import { londonDate, parsePeriod, Refusal, type Period } from '@hub/kernel';
import { withdrawnBecause, type KnownPeriod } from '@hub/publications/domain';

/** So many periods are named in a refusal, the newest. */
const MOST_NAMED = 8;

const newestFirst = (known: readonly KnownPeriod[]): readonly KnownPeriod[] =>
  [...known].sort((a, b) => (parsePeriod(a.period).from < parsePeriod(b.period).from ? 1 : -1));

/**
 * Of a period nothing is published: since when and why it was withdrawn, if it was, and which periods there are. A withdrawn
 * publication that has been replaced leaves no such period: what stands in its place is read.
 * @param known  of the dataset that was asked for, or of all; told are those of the same kind, or where there are none the others
 */
export function nothingPublished({ text, kind }: Period, known: readonly KnownPeriod[]): Refusal {
  const withdrawn = known.find(({ period }) => period === text)?.withdrawn;
  const standing = newestFirst(known).filter((one) => !one.withdrawn);
  const alike = standing.filter(({ period }) => parsePeriod(period).kind === kind);
  const named = (alike.length ? alike : standing).map(({ period }) => period);
  const published = [...new Set(named)].slice(0, MOST_NAMED).join(', ');
  return new Refusal('NOTHING_PUBLISHED', {
    period: text,
    ...(withdrawn ? { since: withdrawn.at.toISOString(), because: withdrawn.because } : {}),
    ...(published ? { published } : {}),
  });
}

/** What of the periods that are looked back at is there, by their texts. */
export interface LookedBack {
  /** Of which something is shown. */
  readonly seen: ReadonlySet<string>;
  /** Whose publication is of a version of the dataset without what is asked for. */
  readonly uncollected: ReadonlySet<string>;
  /** Whether the reader belongs to the region: others know only of what an agreement opens to them. */
  readonly belongs: boolean;
}

/**
 * Why some of the periods that are looked back at are gaps, a sentence for each, oldest first; of all before the first one that is
 * known together, where nothing earlier is known either.
 * @param known  of the dataset that is looked at, whenever
 */
export function gapsIn(
  periods: readonly Period[],
  known: readonly KnownPeriod[],
  { seen, uncollected, belongs }: LookedBack,
): string[] {
  const first = periods.findIndex(({ text }) => known.some(({ period }) => period === text));
  if (first < 0) return [];
  const isOlderKnown = known.some(({ period }) => parsePeriod(period).from < periods[0]!.from);
  const none = isOlderKnown ? 0 : first;
  const before = `Nothing before ${periods[first]!.text} ${belongs ? 'has been published' : 'is open to you'}.`;
  return [
    ...(none > 0 ? [before] : []),
    ...periods.slice(none).flatMap(({ text }) => {
      if (seen.has(text)) return [];
      const one = known.find(({ period }) => period === text);
      if (!one) return [`${text}: nothing is ${belongs ? 'published' : 'open to you'}.`];
      if (one.withdrawn)
        return [
          `${text}: withdrawn on ${londonDate(one.withdrawn.at)}, because ${withdrawnBecause[one.withdrawn.because]}.`,
        ];
      return [`${text}: ${uncollected.has(text) ? 'this was not collected' : 'nothing of it is shown to you'}.`];
    }),
  ];
}
