import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { isCivilDate, parseAuthorityCode, parseRegionCode, parseStrictJson, type Period } from '@hub/kernel';

/** Who is an authority where and when: contracts/registry/england.json as it stands. Dates are civil and half-open. */
export interface Registry {
  readonly v: 1;
  /** The published files that it is made of. */
  readonly sources: readonly Source[];
  readonly regions: readonly Region[];
  readonly authorities: readonly Authority[];
  readonly links: readonly AuthorityLink[];
  readonly populations: readonly Population[];
}

export interface Source {
  readonly file: string;
  readonly repository: string;
  readonly path: string;
  readonly commit: string;
  readonly sha256: string;
  readonly licence: string;
}

export interface Region {
  readonly code: string;
  readonly name: string;
}

/** An upper-tier authority under one code, or (`joint`) two that send one return. A new code is a new entry. */
export interface Authority {
  readonly code: string;
  readonly name: string;
  readonly kind: 'authority' | 'joint';
  readonly region: string;
  /** Inner or outer London; no region of its own. */
  readonly subRegion?: string;
  readonly type?:
    'shire-county' | 'unitary' | 'metropolitan-district' | 'inner-london-borough' | 'outer-london-borough';
  /** The three-digit number that education statistics used before the ONS codes. */
  readonly oldNumber?: string;
  /** The first day; null: before this registry begins. */
  readonly from: string | null;
  /** The day after the last; null: until further notice. */
  readonly until: string | null;
  /** Of a joint return: whom it covers. */
  readonly covers?: readonly string[];
}

/**
 * What became of an authority. `successor`: a new body took its place and signs anew. `recoded`: the same body under
 * another code; its keys and agreements carry over.
 */
export interface AuthorityLink {
  readonly kind: 'successor' | 'recoded';
  readonly from: string;
  readonly to: string;
  readonly on: string;
}

/** Children aged 0 to 17 in the middle of that year, as the Office for National Statistics estimates. */
export interface Population {
  readonly authority: string;
  readonly year: number;
  readonly children: number;
}

/** The registry of England that is shipped in contracts. @throws Error when the file contradicts itself */
export function loadRegistry(): Registry {
  const registry = parseStrictJson(readFileSync(join(contractsFolder, 'registry', 'england.json'))) as Registry;
  const [fault] = registryFaults(registry);
  if (fault) throw new Error(`contracts/registry/england.json: ${fault}`);
  return registry;
}

/** Everything in which a registry contradicts itself, in words; nothing when it holds. */
export function registryFaults(registry: Registry): string[] {
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  const isCode = (parse: (text: string) => string, code: string) => {
    try {
      return parse(code) === code;
    } catch {
      return false;
    }
  };
  const unique = (keys: readonly string[], what: string) =>
    expect(new Set(keys).size === keys.length, `${what} is listed twice`);

  const regions = new Set(registry.regions.map(({ code }) => code));
  const authorities = new Map(registry.authorities.map((authority) => [authority.code, authority]));
  unique(
    registry.regions.map(({ code }) => code),
    'a region',
  );
  unique(
    registry.authorities.map(({ code }) => code),
    'an authority',
  );
  unique(
    registry.links.map(({ from, to }) => `${from} ${to}`),
    'a link',
  );
  unique(
    registry.populations.map(({ authority, year }) => `${authority} ${year}`),
    'a population',
  );

  for (const { code } of registry.regions) expect(isCode(parseRegionCode, code), `${code} is not a region's code`);
  for (const { code, kind, region, from, until, covers } of registry.authorities) {
    expect(isCode(parseAuthorityCode, code), `${code} is not an authority's code`);
    expect(regions.has(region), `${code} lies in an unknown region`);
    expect(
      [from, until].every((date) => date === null || isCivilDate(date)),
      `${code} has a date that is none`,
    );
    expect(from === null || until === null || from < until, `${code} ends before it begins`);
    expect((kind === 'joint') === (covers !== undefined), `${code}: joint returns, and only they, cover others`);
    for (const covered of covers ?? []) {
      expect(authorities.get(covered)?.kind === 'authority', `${code} covers an unknown authority`);
    }
  }
  for (const { from, to, on } of registry.links) {
    expect(authorities.get(from)?.until === on, `${from} does not end when ${to} follows it`);
    expect(authorities.get(to)?.from === on, `${to} does not begin when it follows ${from}`);
  }
  for (const { authority, year, children } of registry.populations) {
    expect(authorities.get(authority)?.kind === 'authority', `the population of an unknown authority ${authority}`);
    expect(
      Number.isInteger(year) && Number.isSafeInteger(children) && children >= 0,
      `${authority} has a population that is no count`,
    );
  }
  return faults;
}

/**
 * The authorities of a region, in order of code: those that exist on that day, or on any day of that period. Joint
 * returns are not among them: those whom they cover are.
 * @param when  a civil date `2025-04-01`, or a period
 */
export function authoritiesOf(
  registry: Registry,
  region: string,
  when: string | Pick<Period, 'from' | 'until'>,
): Authority[] {
  // As text, a day sorts before itself with anything after it: the shortest half-open span that holds the day.
  const { from, until } = typeof when === 'string' ? { from: when, until: `${when}~` } : when;
  return registry.authorities
    .filter((authority) => authority.kind === 'authority' && authority.region === region)
    .filter((authority) => (authority.from ?? '') < until && from < (authority.until ?? '9999'))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** How many children there are, and of which years that is an estimate: one year, or those of the bodies that are added up. */
export interface Estimate {
  readonly children: number;
  readonly from: number;
  readonly to: number;
}

/** Several bodies together. */
const addedTogether = (parts: readonly Estimate[]): Estimate => ({
  children: parts.reduce((sum, { children }) => sum + children, 0),
  from: Math.min(...parts.map(({ from }) => from)),
  to: Math.max(...parts.map(({ to }) => to)),
});

/**
 * Children aged 0 to 17 of an authority, for rates of a period: the mid-year estimate of the calendar year in which the
 * period begins, else the latest earlier one. So 2024-FY, which ends on 31 March 2025, is divided by mid-2024, as the
 * Department for Education does for children looked after on 31 March 2025. Where the body had another code before
 * (`recoded`), its estimates under that code count too; a joint return has those whom it covers together.
 * @returns undefined when there is no estimate, or for a joint return one is missing
 */
export function estimateOf(registry: Registry, authority: string, period: Pick<Period, 'from'>): Estimate | undefined {
  const { covers, before, estimates } = indexOf(registry).get(authority) ?? {};
  if (covers) {
    const parts = covers.map((covered) => estimateOf(registry, covered, period));
    return parts.every((part) => part !== undefined) ? addedTogether(parts) : undefined;
  }
  const year = Number(period.from.slice(0, 4));
  const latest = estimates?.filter((estimate) => estimate.year <= year).at(-1);
  if (latest) return { children: latest.children, from: latest.year, to: latest.year };
  return before === undefined ? undefined : estimateOf(registry, before, period);
}

/** The children of `estimateOf`. */
export const populationOf = (registry: Registry, authority: string, period: Pick<Period, 'from'>): number | undefined =>
  estimateOf(registry, authority, period)?.children;

interface Entry {
  readonly covers: readonly string[] | undefined;
  /** The code under which the same body was known before. */
  before?: string;
  /** Earliest first. */
  readonly estimates: Population[];
}
const indexes = new WeakMap<Registry, Map<string, Entry>>();

/** Rates are made for every figure of a region: nobody wants to search two thousand estimates for each. */
function indexOf(registry: Registry): Map<string, Entry> {
  let index = indexes.get(registry);
  if (!index) {
    index = new Map(registry.authorities.map(({ code, covers }) => [code, { covers, estimates: [] }]));
    for (const { kind, from, to } of registry.links) if (kind === 'recoded') index.get(to)!.before = from;
    for (const estimate of registry.populations) index.get(estimate.authority)!.estimates.push(estimate);
    for (const { estimates } of index.values()) estimates.sort((a, b) => a.year - b.year);
    indexes.set(registry, index);
  }
  return index;
}

/** Names of the places of some regions, as the registry has them. */
export const placeNames = ({ authorities }: Pick<Registry, 'authorities'>, regions: readonly string[]): string[] =>
  authorities.filter(({ region }) => regions.includes(region)).map(({ name }) => name);

/** The name of an authority, and those of the others of its region, under whatever code; of none that the registry does not know. */
export function namesAround(
  { authorities }: Pick<Registry, 'authorities'>,
  authority: string,
): { readonly places: readonly string[]; readonly bodies: readonly string[] } {
  const own = authorities.find(({ code }) => code === authority);
  if (!own) return { places: [], bodies: [] };
  return { places: [own.name], bodies: placeNames({ authorities }, [own.region]).filter((name) => name !== own.name) };
}
