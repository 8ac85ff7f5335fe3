import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { isCivilDate, Refusal, type AuthorityCode, type PeriodKind, type RegionCode } from '@hub/kernel';

/**
 * The agreement as the parties sign it: `contracts/agreements/agreement.schema.json` says what each member means.
 * Dates are civil dates of Europe/London, `until` is the day after the last.
 */
export interface AgreementDocument {
  readonly v: 1;
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** The overarching agreement that this one stands under and can only narrow: its id, whatever its version. */
  readonly parent?: string;
  /** Whose figures it covers. One: returns are collected and published under it; several: they read one another's. */
  readonly regions: readonly RegionCode[];
  readonly parties: readonly AgreementParty[];
  readonly membership: { readonly joining: 'new-version'; readonly leavingNoticeDays: number };
  readonly purposes: readonly { readonly code: Purpose; readonly necessity: string }[];
  /** UK GDPR Article 6, Article 9. */
  readonly lawfulBasis: '6(1)(c)' | '6(1)(e)';
  readonly article9Condition: '9(2)(g)' | '9(2)(h)' | '9(2)(j)';
  readonly gateway: readonly ('children-act-2004-s10' | 'children-act-2004-s11')[];
  readonly tables: readonly AgreementTable[];
  readonly audience: readonly Audience[];
  readonly recipients: Readonly<Record<Recipient, boolean>>;
  /** The line printed on every page and export. */
  readonly handling: string;
  readonly disclosure: DisclosurePolicy;
  /** Whether a return carries its approver's signature too. */
  readonly signOff: boolean;
  readonly retention: {
    readonly cellsYears: number;
    readonly envelopesYears: number;
    readonly atEnd: 'delete' | 'return';
  };
  readonly security: { readonly breachContact: string; readonly withinHours: number };
  readonly foi: { readonly duty: 'consult'; readonly withinWorkingDays: number };
  readonly dpia: { readonly reference: string; readonly summary?: string; readonly reviewDate: string };
  readonly effective: { readonly from: string; readonly until: string };
}

export const purposes = [
  'regional-benchmarking',
  'peer-challenge',
  'practice-exchange',
  'service-improvement',
] as const;
export type Purpose = (typeof purposes)[number];

/** To whom a reader may pass figures on, where the agreement says so. */
export const recipients = ['ofsted', 'departmentAdviser', 'scrutinyCommittee'] as const;
export type Recipient = (typeof recipients)[number];

export interface AgreementParty {
  readonly authority: AuthorityCode;
  readonly role: 'controller' | 'joint-controller';
  readonly contact: string;
  /** Agencies whose keys may sign a return for this area. */
  readonly agencies?: readonly string[];
}

/** What is shared. What no table lists is not covered. */
export interface AgreementTable {
  readonly dataset: string;
  /** `major.minor`; `until` is the first version that is no longer covered. */
  readonly versions: { readonly from: string; readonly until?: string };
  readonly indicators: 'all' | readonly string[];
  /** Dimensions; totals are covered always. */
  readonly breakdowns: 'all' | 'none' | readonly string[];
  readonly frequency: PeriodKind;
}

export interface Audience {
  /** A region, board or agency: those who belong to it. */
  readonly of: string;
  readonly roles: readonly ReadingRole[];
  readonly presentation: Presentation;
  /** Its own handling line, where it is another one. */
  readonly handling?: string;
}

/** How much of the authorities a reader sees, from the most to the least. Small numbers are protected in all of them. */
export const presentations = ['named', 'own-and-unnamed', 'own-and-region'] as const;
export type Presentation = (typeof presentations)[number];

/** The roles that an agreement can admit to figures; those that only administer are not among them. */
export type ReadingRole =
  | 'authority-system'
  | 'authority-analyst'
  | 'authority-approver'
  | 'regional-lead'
  | 'board-chair'
  | 'agency-partner'
  | 'elected-member'
  | 'scrutineer';

export interface DisclosurePolicy {
  /** Counts from 1 to threshold − 1 are not shown. */
  readonly threshold: number;
  readonly zeros: 'printed' | 'either' | 'hidden';
  readonly protect: 'exact' | 'range';
  readonly told: boolean;
  /** A region's figure with fewer contributors is not shown. */
  readonly leastContributors: number;
  /** With fewer returns there is no publication. */
  readonly leastAuthorities: number;
  /** A percentage on a smaller base is not shown. */
  readonly leastBase: number;
  /** Answers of fewer people to a questionnaire are not shown. */
  readonly surveyThreshold: number;
}

/** Below this a threshold hides nothing but ones, or nothing at all: that is sharing unsuppressed figures. */
const LEAST_THRESHOLD = 3;

const compiled = new Map<boolean, ValidateFunction<AgreementDocument>>();

/**
 * The published schema, read and compiled once.
 * @param all  whether it goes on after the first fault
 */
function schema(all: boolean): ValidateFunction<AgreementDocument> {
  const known = compiled.get(all);
  if (known) return known;
  const ajv = new Ajv2020({ formats: { date: isCivilDate }, allErrors: all, verbose: true });
  const file = join(contractsFolder, 'agreements', 'agreement.schema.json');
  const validate = ajv.compile<AgreementDocument>(JSON.parse(readFileSync(file, 'utf8')) as object);
  compiled.set(all, validate);
  return validate;
}

/** Something in a document that is not accepted: where, as a JSON pointer, and what would be. */
export interface AgreementFault {
  readonly code: 'AGREEMENT_MALFORMED' | 'AGREEMENT_UNSUPPRESSED';
  readonly pointer: string;
  readonly expected: string;
}

/** The place where the document asks for figures without suppression, if it does. */
function unsuppressedAt(json: unknown): string | undefined {
  const { disclosure, audience } = (json ?? {}) as Partial<Record<string, unknown>>;
  const { threshold } = (disclosure ?? {}) as Partial<Record<string, unknown>>;
  if (typeof threshold === 'number' && threshold < LEAST_THRESHOLD) return '/disclosure/threshold';
  if (!Array.isArray(audience)) return undefined;
  const asking = audience.findIndex((each: { presentation?: unknown } | null) => each?.presentation === 'unsuppressed');
  return asking < 0 ? undefined : `/audience/${asking}/presentation`;
}

/** Smaller, equal or larger, by major and then minor number. */
export function compareVersions(a: string, b: string): number {
  const [inA, inB] = [a.indexOf('.'), b.indexOf('.')];
  const major = Number(a.slice(0, inA)) - Number(b.slice(0, inB));
  return major || Number(a.slice(inA + 1)) - Number(b.slice(inB + 1));
}

/** What the schema cannot say. */
function meaningFaults(document: AgreementDocument): AgreementFault[] {
  const { parties, regions, disclosure, effective } = document;
  const faults: AgreementFault[] = [];
  const fault = (pointer: string, expected: string) => faults.push({ code: 'AGREEMENT_MALFORMED', pointer, expected });
  const seen = new Set<string>();
  parties.forEach(({ authority }, i) => {
    if (seen.has(authority)) fault(`/parties/${i}/authority`, 'each authority once');
    seen.add(authority);
  });
  document.purposes.forEach(({ code }, i) => {
    const first = document.purposes.findIndex((each) => each.code === code);
    if (first !== i) fault(`/purposes/${i}/code`, 'each purpose once');
  });
  document.tables.forEach(({ versions: { from, until } }, i) => {
    if (until !== undefined && compareVersions(from, until) >= 0) {
      fault(`/tables/${i}/versions/until`, 'a version above from');
    }
  });
  if (document.parent === document.id) fault('/parent', 'another agreement');
  // Nobody but its own members reads the one region, so an agreement of several needs a reader outside each of them.
  regions.forEach((region, i) => {
    if (regions.length > 1 && !document.audience.some(({ of }) => of !== region)) {
      fault(`/regions/${i}`, 'an audience outside each region');
    }
  });
  if (disclosure.surveyThreshold < disclosure.threshold) {
    fault('/disclosure/surveyThreshold', 'no less than the threshold');
  }
  for (const least of ['leastContributors', 'leastAuthorities'] as const) {
    if (disclosure[least] > parties.length) fault(`/disclosure/${least}`, 'no more than there are parties');
  }
  if (effective.from >= effective.until) fault('/effective/until', 'a date after from');
  if (document.dpia.reviewDate <= effective.from) fault('/dpia/reviewDate', 'a date after effective.from');
  return faults;
}

/**
 * Reads an agreement. Anything that is not understood refuses the whole document: a clause that the software cannot
 * follow would otherwise be one that nobody keeps.
 * @param json  what `parseStrictJson` gave; it is returned as it came, so that its RFC 8785 form is the one signed
 * @throws Refusal AGREEMENT_UNSUPPRESSED where it asks for figures without suppression; AGREEMENT_MALFORMED otherwise;
 *   both with the JSON pointer
 */
export function parseAgreement(json: unknown): AgreementDocument {
  const [first] = faultsOf(json, false);
  if (first) throw new Refusal(first.code, { expected: first.expected }, { pointer: first.pointer });
  return json as AgreementDocument;
}

/** Every fault of a document at once, for whoever writes it. None: `parseAgreement` takes it. */
export const agreementFaults = (json: unknown): AgreementFault[] => faultsOf(json, true);

function faultsOf(json: unknown, all: boolean): AgreementFault[] {
  const unsuppressed = unsuppressedAt(json);
  const faults: AgreementFault[] = [];
  if (unsuppressed !== undefined) {
    const expected = unsuppressed.startsWith('/audience') ? presentations.join(', ') : `${LEAST_THRESHOLD} or more`;
    faults.push({ code: 'AGREEMENT_UNSUPPRESSED', pointer: unsuppressed, expected });
    if (!all) return faults;
  }
  const validate = schema(all);
  if (validate(json)) return [...faults, ...meaningFaults(json)];
  const errors = validate.errors ?? [];
  // Where alternatives were tried, the last error is the one about all of them.
  for (const error of all ? withoutAlternatives(errors) : errors.slice(-1)) {
    // The name of an unknown member is text of the document: the pointer ends at the object that holds it.
    const { instancePath: pointer } = error;
    if (pointer === unsuppressed) continue;
    faults.push({ code: 'AGREEMENT_MALFORMED', pointer, expected: expectationOf(error) });
  }
  if (!faults.length) faults.push({ code: 'AGREEMENT_MALFORMED', pointer: '', expected: 'a document of the schema' });
  return faults;
}

type SchemaError = NonNullable<ValidateFunction['errors']>[number];

/** Of several errors about one value the one that helps: that about an entry of a list, else that about all alternatives. */
function withoutAlternatives(errors: readonly SchemaError[]): SchemaError[] {
  let left = [...errors];
  for (const choice of errors.filter(({ keyword }) => keyword === 'oneOf')) {
    const isOf = (error: SchemaError) =>
      error.schemaPath.startsWith(`${choice.schemaPath}/`) && error.instancePath.startsWith(choice.instancePath);
    const within = left.filter((error) => isOf(error) && error.instancePath !== choice.instancePath);
    left = left.filter((error) => (error === choice ? !within.length : !isOf(error) || within.includes(error)));
  }
  return left;
}

/** What the schema wanted at that place, in words that hold nothing of the document. */
function expectationOf({ keyword, params, parentSchema }: SchemaError): string {
  const value = params as Record<string, unknown>;
  const limit = String(value.limit);
  const { description } = (parentSchema ?? {}) as { description?: string };
  switch (keyword) {
    case 'required':
      return `member ${String(value.missingProperty)}`;
    case 'additionalProperties':
      return `no other members than ${Object.keys((parentSchema as { properties?: object }).properties ?? {}).join(', ')}`;
    case 'enum':
      return (value.allowedValues as string[]).join(', ');
    case 'const':
      return String(value.allowedValue);
    case 'type':
      return typeNames[String(value.type)] ?? String(value.type);
    case 'format':
      return 'a date, 2025-03-31';
    case 'minimum':
      return `${limit} or more`;
    case 'maximum':
      return `${limit} or less`;
    case 'minLength':
    case 'minItems':
      return `${limit} ${keyword === 'minItems' ? 'entries' : 'characters'} or more`;
    case 'maxLength':
    case 'maxItems':
      return `${limit} ${keyword === 'maxItems' ? 'entries' : 'characters'} or fewer`;
    case 'uniqueItems':
      return 'each entry once';
    case 'oneOf':
      return 'all, or a list of codes';
    default:
      // What the schema says of most texts is what they are for; their form is only that they stand on one line.
      if (String(value.pattern).startsWith('^[^')) return 'a text on one line, without control characters';
      return description ?? `what the schema says under ${keyword}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
