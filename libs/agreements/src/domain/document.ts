import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { Refusal, type AuthorityCode, type PeriodKind, type RegionCode } from '@hub/kernel';

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
export const LEAST_THRESHOLD = 3;

/** Whether the text is a day of the calendar, `2025-03-31`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

let compiled: ValidateFunction<AgreementDocument> | undefined;

/** The published schema, read and compiled once. */
function schema(): ValidateFunction<AgreementDocument> {
  if (!compiled) {
    const ajv = new Ajv2020({ formats: { date: isDate } });
    const file = join(contractsFolder, 'agreements', 'agreement.schema.json');
    compiled = ajv.compile<AgreementDocument>(JSON.parse(readFileSync(file, 'utf8')) as object);
  }
  return compiled;
}

const malformed = (pointer: string, expected: string) => new Refusal('AGREEMENT_MALFORMED', { expected }, { pointer });

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
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** What the schema cannot say. */
function checkMeaning(document: AgreementDocument): void {
  const { parties, regions, disclosure, effective } = document;
  const seen = new Set<string>();
  parties.forEach(({ authority }, i) => {
    if (seen.has(authority)) throw malformed(`/parties/${i}/authority`, 'each authority once');
    seen.add(authority);
  });
  document.purposes.forEach(({ code }, i) => {
    const first = document.purposes.findIndex((each) => each.code === code);
    if (first !== i) throw malformed(`/purposes/${i}/code`, 'each purpose once');
  });
  document.tables.forEach(({ versions: { from, until } }, i) => {
    if (until !== undefined && compareVersions(from, until) >= 0) {
      throw malformed(`/tables/${i}/versions/until`, 'a version above from');
    }
  });
  if (document.parent === document.id) throw malformed('/parent', 'another agreement');
  // Nobody but its own members reads the one region, so an agreement of several needs a reader outside each of them.
  regions.forEach((region, i) => {
    if (regions.length > 1 && !document.audience.some(({ of }) => of !== region)) {
      throw malformed(`/regions/${i}`, 'an audience outside each region');
    }
  });
  if (disclosure.surveyThreshold < disclosure.threshold) {
    throw malformed('/disclosure/surveyThreshold', 'no less than the threshold');
  }
  for (const least of ['leastContributors', 'leastAuthorities'] as const) {
    if (disclosure[least] > parties.length) throw malformed(`/disclosure/${least}`, 'no more than there are parties');
  }
  if (effective.from >= effective.until) throw malformed('/effective/until', 'a date after from');
  if (document.dpia.reviewDate <= effective.from) throw malformed('/dpia/reviewDate', 'a date after effective.from');
}

/**
 * Reads an agreement. Anything that is not understood refuses the whole document: a clause that the software cannot
 * follow would otherwise be one that nobody keeps.
 * @param json  what `parseStrictJson` gave; it is returned as it came, so that its RFC 8785 form is the one signed
 * @throws Refusal AGREEMENT_UNSUPPRESSED where it asks for figures without suppression; AGREEMENT_MALFORMED otherwise;
 *   both with the JSON pointer
 */
export function parseAgreement(json: unknown): AgreementDocument {
  const unsuppressed = unsuppressedAt(json);
  if (unsuppressed !== undefined) {
    throw new Refusal(
      'AGREEMENT_UNSUPPRESSED',
      { expected: unsuppressed.startsWith('/audience') ? presentations.join(', ') : `${LEAST_THRESHOLD} or more` },
      { pointer: unsuppressed },
    );
  }
  const validate = schema();
  if (!validate(json)) {
    // Where alternatives were tried, the last error is the one about all of them.
    const error = validate.errors?.at(-1);
    // The name of an unknown member is text of the document: the pointer ends at the object that holds it.
    throw malformed(error?.instancePath ?? '', expectationOf(error));
  }
  checkMeaning(json);
  return json;
}

/** What the schema wanted at that place, in words that hold nothing of the document. */
function expectationOf(error: NonNullable<ValidateFunction['errors']>[number] | undefined): string {
  const params = (error?.params ?? {}) as Record<string, unknown>;
  switch (error?.keyword) {
    case 'required':
      return `member ${String(params.missingProperty)}`;
    case 'additionalProperties':
      return 'no other members';
    case 'enum':
      return (params.allowedValues as string[]).join(', ');
    case 'const':
      return String(params.allowedValue);
    case 'type':
      return String(params.type);
    case 'format':
      return 'a date, 2025-03-31';
    default:
      return error?.keyword ? `what the schema says under ${error.keyword}` : 'a document of the schema';
  }
}
