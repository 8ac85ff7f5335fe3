import {
  compareVersions,
  presentations,
  recipients,
  type AgreementDocument,
  type AgreementTable,
  type Audience,
  type DisclosurePolicy,
} from './document';

/** From the laxest to the strictest, where a rule is a word and not a number. */
const zerosByStrictness: readonly DisclosurePolicy['zeros'][] = ['printed', 'either', 'hidden'];
const protectByStrictness: readonly DisclosurePolicy['protect'][] = ['exact', 'range'];

/** How strict each rule of a policy is: the larger number hides more. */
const strictness: { readonly [Rule in keyof DisclosurePolicy]: (value: DisclosurePolicy[Rule]) => number } = {
  threshold: (count) => count,
  zeros: (word) => zerosByStrictness.indexOf(word),
  protect: (word) => protectByStrictness.indexOf(word),
  told: Number,
  leastContributors: (count) => count,
  leastAuthorities: (count) => count,
  leastBase: (count) => count,
  surveyThreshold: (count) => count,
};
const rules = Object.keys(strictness) as (keyof DisclosurePolicy)[];

const laxer = <Rule extends keyof DisclosurePolicy>(rule: Rule, a: DisclosurePolicy, b: DisclosurePolicy): boolean =>
  strictness[rule](a[rule]) < strictness[rule](b[rule]);

/** The disclosure policy that keeps every rule of all of them, and whose rule each one is. */
export interface StrictestPolicy {
  readonly policy: DisclosurePolicy;
  /** The agreement whose rule it is; of several that agree, the first. */
  readonly from: Readonly<Record<keyof DisclosurePolicy, { readonly id: string; readonly version: number }>>;
}

/**
 * Where several agreements cover the same cells the stricter rule holds, rule by rule.
 * @param documents  one at least
 */
export function strictestPolicy(documents: readonly AgreementDocument[]): StrictestPolicy {
  const strictest = (rule: keyof DisclosurePolicy) =>
    documents.reduce((best, one) => (laxer(rule, best.disclosure, one.disclosure) ? one : best));
  const chosen = rules.map((rule) => [rule, strictest(rule)] as const);
  return {
    policy: Object.fromEntries(chosen.map(([rule, { disclosure }]) => [rule, disclosure[rule]])) as never,
    from: Object.fromEntries(chosen.map(([rule, { id, version }]) => [rule, { id, version }])) as never,
  };
}

/** Whether everything that one list names is named by the other. */
const within = <T extends string>(
  inner: 'all' | 'none' | readonly T[],
  outer: 'all' | 'none' | readonly T[],
): boolean =>
  outer === 'all' ||
  inner === 'none' ||
  (inner !== 'all' && outer !== 'none' && inner.every((one) => outer.includes(one)));

const tableWithin = (inner: AgreementTable, outer: AgreementTable): boolean =>
  inner.dataset === outer.dataset &&
  inner.frequency === outer.frequency &&
  compareVersions(outer.versions.from, inner.versions.from) <= 0 &&
  (outer.versions.until === undefined ||
    (inner.versions.until !== undefined && compareVersions(inner.versions.until, outer.versions.until) <= 0)) &&
  within(inner.indicators, outer.indicators) &&
  within(inner.breakdowns, outer.breakdowns);

const audienceWithin = (inner: Audience, outer: Audience): boolean =>
  inner.of === outer.of &&
  within(inner.roles, outer.roles) &&
  presentations.indexOf(inner.presentation) >= presentations.indexOf(outer.presentation);

/**
 * Where an agreement goes beyond the overarching one that it stands under, as a JSON pointer into it; undefined where it
 * only narrows. Each clause is compared with each that could allow it: two tables of the parent that together would cover
 * one of the child do not, which is stricter than needed and easier to see.
 */
export function widensAt(child: AgreementDocument, parent: AgreementDocument): string | undefined {
  const beyond = <T>(name: string, items: readonly T[], allowed: (item: T) => boolean): string | undefined => {
    const i = items.findIndex((item) => !allowed(item));
    return i < 0 ? undefined : `/${name}/${i}`;
  };
  const checks: readonly (() => string | undefined)[] = [
    () => beyond('regions', child.regions, (region) => parent.regions.includes(region)),
    () =>
      beyond('parties', child.parties, ({ authority, agencies = [] }) =>
        parent.parties.some((one) => one.authority === authority && within(agencies, one.agencies ?? [])),
      ),
    () =>
      child.membership.leavingNoticeDays > parent.membership.leavingNoticeDays
        ? '/membership/leavingNoticeDays'
        : undefined,
    () => beyond('purposes', child.purposes, ({ code }) => parent.purposes.some((one) => one.code === code)),
    () => (child.lawfulBasis === parent.lawfulBasis ? undefined : '/lawfulBasis'),
    () => (child.article9Condition === parent.article9Condition ? undefined : '/article9Condition'),
    () => beyond('gateway', child.gateway, (gateway) => parent.gateway.includes(gateway)),
    () => beyond('tables', child.tables, (table) => parent.tables.some((one) => tableWithin(table, one))),
    () => beyond('audience', child.audience, (entry) => parent.audience.some((one) => audienceWithin(entry, one))),
    () => {
      const more = recipients.find((one) => child.recipients[one] && !parent.recipients[one]);
      return more && `/recipients/${more}`;
    },
    () => {
      const rule = rules.find((one) => laxer(one, child.disclosure, parent.disclosure));
      return rule && `/disclosure/${rule}`;
    },
    () => (parent.signOff && !child.signOff ? '/signOff' : undefined),
    () => (child.retention.cellsYears > parent.retention.cellsYears ? '/retention/cellsYears' : undefined),
    () => (child.retention.envelopesYears > parent.retention.envelopesYears ? '/retention/envelopesYears' : undefined),
    () => (child.retention.atEnd !== 'delete' && parent.retention.atEnd === 'delete' ? '/retention/atEnd' : undefined),
    () => (child.security.withinHours > parent.security.withinHours ? '/security/withinHours' : undefined),
    () => (child.foi.withinWorkingDays > parent.foi.withinWorkingDays ? '/foi/withinWorkingDays' : undefined),
    () => (child.effective.from < parent.effective.from ? '/effective/from' : undefined),
    () => (child.effective.until > parent.effective.until ? '/effective/until' : undefined),
  ];
  for (const check of checks) {
    const pointer = check();
    if (pointer !== undefined) return pointer;
  }
  return undefined;
}

/** What a registry knows of where organisations lie. */
export interface Places {
  /** Authorities of a region, or the areas of a board or agency; empty for one that nobody knows. */
  authoritiesOf(organisation: string): readonly string[];
}

/**
 * Whether parties, regions and audience belong together: every party lies in one of the regions, or in the area of an
 * organisation of the audience; and both sides sign, so each region and each organisation of the audience has a party
 * within it.
 * @returns the first clause that does not hold, and whether it is the party that is foreign or the side that nobody signs
 */
export function misplacedAt(
  { regions, parties, audience }: AgreementDocument,
  places: Places,
): { readonly pointer: string; readonly code: 'AGREEMENT_PARTY_FOREIGN' | 'AGREEMENT_ONE_SIDED' } | undefined {
  const sides = [
    ...regions.map((of, i) => ({ of, pointer: `/regions/${i}` })),
    ...audience.map(({ of }, i) => ({ of, pointer: `/audience/${i}/of` })),
  ].map((side) => ({ ...side, authorities: new Set(places.authoritiesOf(side.of)) }));
  const foreign = parties.findIndex(({ authority }) => !sides.some(({ authorities }) => authorities.has(authority)));
  if (foreign >= 0) return { pointer: `/parties/${foreign}/authority`, code: 'AGREEMENT_PARTY_FOREIGN' };
  const unsigned = sides.find(({ authorities }) => !parties.some(({ authority }) => authorities.has(authority)));
  return unsigned && { pointer: unsigned.pointer, code: 'AGREEMENT_ONE_SIDED' };
}
