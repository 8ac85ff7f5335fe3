import type { RefusalCode } from '@hub/contracts';
import { addDays, addYears, Refusal, type AuthorityCode, type Period } from '@hub/kernel';
import { asOf, hasBegun, isInForce, notInForce, shares, type Agreement } from './agreement';
import {
  compareVersions,
  presentations,
  type AgreementDocument,
  type AgreementTable,
  type Audience,
  type Presentation,
  type Purpose,
  type Recipient,
} from './document';
import { strictestPolicy, widensAt, type StrictestPolicy } from './narrow';

export interface DatasetVersion {
  readonly code: string;
  /** `major.minor` */
  readonly version: string;
}

/** May this authority send this? */
export interface AcceptQuestion {
  readonly door: 'accept';
  readonly authority: AuthorityCode;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  /** By how many keys of the authority itself the return is signed; a key and those that took its place are one. */
  readonly signatures: number;
  /** Organisations of those keys, other than the authority itself. */
  readonly agencies: readonly string[];
}

/** May this authority's cells of one indicator enter a table of this region? */
export interface CompileQuestion {
  readonly door: 'compile';
  readonly region: string;
  readonly authority: AuthorityCode;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  readonly indicator: string;
  /** A dimension; null for totals. */
  readonly breakdown: string | null;
}

/** May a member look at a publication of this region, for this purpose? */
export interface ReadQuestion {
  readonly door: 'read';
  readonly purpose: Purpose;
  /** The organisations for which the member reads, regions too, each with the roles held there. */
  readonly standings: readonly Standing[];
  /** What is read. `indicator` absent: that there is such a publication, and nothing of what it says. */
  readonly region: string;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  readonly indicator?: string;
  readonly breakdown?: string | null;
  /** Under which agreement it was published, and the threshold that it kept. */
  readonly publishedUnder: { readonly id: string; readonly threshold: number };
  /** To whom it is to be passed on. */
  readonly recipient?: Recipient;
}

export interface Standing {
  /** A region, board or agency. */
  readonly of: string;
  readonly roles: readonly string[];
  /** The organisation for which the roles are held: the region, board or agency itself, or an authority within it. */
  readonly organisation?: string;
}

/** May the hub still keep what this authority sent? */
export interface KeepQuestion {
  readonly door: 'keep';
  readonly item: 'cells' | 'envelopes';
  readonly authority: AuthorityCode;
  readonly dataset: DatasetVersion;
  readonly period: Period;
  /** The civil date on which the hub received it. */
  readonly receivedOn: string;
}

/** What is asked of an agreement, at one of its four doors. */
export type Question = AcceptQuestion | CompileQuestion | ReadQuestion | KeepQuestion;

/** The answer, and the clause it rests on: a JSON pointer into the document. */
export type Decision = Permit | Denial;

export interface AgreementRef {
  readonly id: string;
  readonly version: number;
}

export interface Permit {
  readonly permitted: true;
  readonly agreement: AgreementRef;
  readonly clause: string;
  /** At the door read alone: how much the reader sees. */
  readonly presentation?: Presentation;
  /** At the door read alone: the line printed beside the figures. */
  readonly handling?: string;
  /**
   * At the door read alone: whose figures are shown. All of a publication to members of its region by the agreement that it
   * was published under; by any other agreement, and to anybody else, the figures of its parties of that day.
   */
  readonly authorities?: 'all' | readonly AuthorityCode[];
  /** At the door read alone: the standing in which the audience names the reader. */
  readonly reader?: Standing;
  /** At the door accept alone: the agreement that asks for the approver's signature, where that is still to come. */
  readonly signOff?: AgreementRef;
  /** The other agreements that cover the same cells and were asked too; the stricter of their rules hold. */
  readonly besides?: readonly AgreementRef[];
}

export interface Denial {
  readonly permitted: false;
  readonly agreement: AgreementRef;
  readonly code: Extract<
    RefusalCode,
    'AGREEMENT_NOT_IN_FORCE' | 'AGREEMENT_NOT_A_PARTY' | 'AGREEMENT_NOT_COVERED' | 'RETENTION_ENDED'
  >;
  readonly clause: string;
}

/** After the end of an agreement whose retention says `return`, so long an authority can still fetch its own. */
export const RETURN_DAYS = 30;

/**
 * The one place that answers "may this happen?", for one agreement. What no clause permits is refused.
 * @param today  the civil date of Europe/London on which it would happen
 */
export function decide(agreement: Agreement, question: Question, today: string): Decision {
  const { document } = agreement;
  const about = { id: document.id, version: document.version };
  const permit = (clause: string, more: Partial<Permit> = {}): Permit => ({
    permitted: true,
    agreement: about,
    clause,
    ...more,
  });
  const deny = (code: Denial['code'], clause: string): Denial => ({ permitted: false, agreement: about, code, clause });

  if (question.door === 'keep') {
    const table = tableFor(document.tables, question);
    if (table.missing) return deny('AGREEMENT_NOT_COVERED', table.clause);
    const ended = keptTooLong(agreement, question, today);
    return ended === undefined
      ? permit(question.item === 'cells' ? '/retention/cellsYears' : '/retention/envelopesYears')
      : deny('RETENTION_ENDED', ended);
  }

  // The state is no clause of the document: '' is the document as a whole.
  const { closed, widens, sharing } = onDay(agreement, today);
  if (closed !== undefined) return deny('AGREEMENT_NOT_IN_FORCE', closed);
  const above = parentOf(agreement);
  if (widens) return deny('AGREEMENT_NOT_COVERED', '/parent');

  if (question.door === 'read') {
    if (!document.purposes.some(({ code }) => code === question.purpose)) {
      return deny('AGREEMENT_NOT_COVERED', '/purposes');
    }
    if (!document.regions.includes(question.region as never)) return deny('AGREEMENT_NOT_COVERED', '/regions');
    const table = tableFor(document.tables, question);
    if (table.missing) return deny('AGREEMENT_NOT_COVERED', table.clause);
    const found = audienceFor(agreement, question, today);
    if (!found) return deny('AGREEMENT_NOT_COVERED', '/audience');
    // What was published under another agreement has to be of its time, and as well protected as this one asks.
    const { publishedUnder, period } = question;
    if (publishedUnder.id !== document.id) {
      if (!isOfItsTime(document, period)) return deny('AGREEMENT_NOT_COVERED', '/effective');
      if (publishedUnder.threshold < document.disclosure.threshold) {
        return deny('AGREEMENT_NOT_COVERED', '/disclosure/threshold');
      }
    }
    if (question.recipient !== undefined && !document.recipients[question.recipient]) {
      return deny('AGREEMENT_NOT_COVERED', `/recipients/${question.recipient}`);
    }
    const { presentation, handling = document.handling } = found.entry;
    const isTheirs = question.standings.some(({ of }) => of === question.region);
    const authorities =
      document.regions.length === 1 && isTheirs && publishedUnder.id === document.id ? 'all' : sharing;
    return permit(found.clause, { presentation, handling, authorities, reader: found.reader });
  }

  // Returns are collected under an agreement of one region; one of several shares what is published already.
  const { regions } = document;
  if (regions.length > 1 || (question.door === 'compile' && regions[0] !== question.region)) {
    return deny('AGREEMENT_NOT_COVERED', '/regions');
  }
  const { authority, period } = question;
  const place = document.parties.findIndex((each) => each.authority === authority);
  if (place < 0 || !agreement.parties.has(authority)) return deny('AGREEMENT_NOT_A_PARTY', '/parties');
  if (!shares(agreement.parties.get(authority), today)) return deny('AGREEMENT_NOT_A_PARTY', `/parties/${place}`);
  if (above && !shares(above.parties.get(authority), today)) return deny('AGREEMENT_NOT_A_PARTY', '/parent');
  if (!isOfItsTime(document, period)) return deny('AGREEMENT_NOT_COVERED', '/effective');
  const table = tableFor(document.tables, question);
  if (table.missing) return deny('AGREEMENT_NOT_COVERED', table.clause);
  if (question.door === 'accept') {
    const named = document.parties[place]!.agencies ?? [];
    if (!question.agencies.every((agency) => named.includes(agency))) {
      return deny('AGREEMENT_NOT_A_PARTY', `/parties/${place}/agencies`);
    }
    if (document.signOff && question.signatures < 2) return permit(table.clause, { signOff: about });
  }
  return permit(table.clause);
}

/** Whether cells may enter that are broken down in several ways at once, or in none: each of the ways has to be covered. */
export const letsEnter = (
  agreement: Agreement,
  { dimensions, ...asked }: Omit<CompileQuestion, 'breakdown'> & { readonly dimensions: readonly string[] },
  today: string,
): boolean =>
  (dimensions.length ? dimensions : [null]).every(
    (breakdown) => decide(agreement, { ...asked, breakdown }, today).permitted,
  );

/** What is so of an agreement for a whole day, whatever is asked. */
interface Day {
  readonly today: string;
  /** The clause that says why it is not in force; undefined when it is. */
  readonly closed: string | undefined;
  /** Whether it goes beyond the one above. */
  readonly widens: boolean;
  /** Its parties that share. */
  readonly sharing: readonly AuthorityCode[];
}
/** An agreement is never changed in its place, so what is so of one stays so for that day. */
const days = new WeakMap<Agreement, Day>();

function onDay(agreement: Agreement, today: string): Day {
  const known = days.get(agreement);
  if (known?.today === today) return known;
  const above = parentOf(agreement);
  const day: Day = {
    today,
    closed: notInForce(agreement, today),
    widens: above !== undefined && widensAt(agreement.document, above.document) !== undefined,
    sharing: [...agreement.parties.keys()].filter((one) => sharesUnder(agreement, one, today)),
  };
  days.set(agreement, day);
  return day;
}

/** The overarching agreement, for one that stands under another. */
export const parentOf = ({ document, parent }: Agreement): Agreement | undefined =>
  (document.parent === undefined ? undefined : parent) ?? undefined;

/** Whether the party shares under this agreement and, where it stands under another, under that one too. */
function sharesUnder(agreement: Agreement, authority: AuthorityCode, today: string): boolean {
  const above = parentOf(agreement);
  return shares(agreement.parties.get(authority), today) && (!above || shares(above.parties.get(authority), today));
}

/** Whether the denial is a stricter rule over cells which the agreement does cover; others say that it does not cover them. */
const isStricter = ({ code, clause }: Denial): boolean =>
  code === 'RETENTION_ENDED' || clause.startsWith('/recipients/');

/**
 * Whether the other agreement's retention holds for what the authority sent under the named one. One that is in force and
 * to which the authority belongs; and a later version of the named one that has begun, for its end is the end of both.
 */
function keepsToo(other: Agreement, named: Agreement, authority: AuthorityCode, today: string): boolean {
  const { id, version } = other.document;
  const later = id === named.document.id && version > named.document.version && hasBegun(other, today);
  return later ? other.parties.has(authority) : isInForce(other, today) && sharesUnder(other, authority, today);
}

/**
 * The same for all agreements that may cover the same cells: one has to permit it, and where several cover it the stricter
 * rule holds. A permit names the others that were asked.
 * @param named   the agreement that the return names, or under which the figures were published: a return has to be
 *   permitted by this very one
 * @param others  the other agreements about the same region
 */
export function decideAmong(
  named: Agreement,
  others: readonly Agreement[],
  question: Question,
  today: string,
): Decision {
  const first = decide(named, question, today);
  if (!first.permitted && question.door === 'accept') return first;
  const asked =
    question.door === 'keep' ? others.filter((one) => keepsToo(one, named, question.authority, today)) : others;
  const permits: Permit[] = first.permitted ? [first] : [];
  let denial = first.permitted || first.code === 'AGREEMENT_NOT_IN_FORCE' ? undefined : first;
  if (!first.permitted && isStricter(first)) return first;
  for (const agreement of asked) {
    const decision = decide(agreement, question, today);
    if (decision.permitted) permits.push(decision);
    else if (isStricter(decision)) return decision;
    else if (decision.code !== 'AGREEMENT_NOT_IN_FORCE') denial ??= decision;
  }
  if (!permits.length) return denial ?? first;
  // The permit that shows least is the answer.
  const strictest = permits.reduce((best, one) => (showsLess(one, best) ? one : best));
  const besides = permits.filter((one) => one !== strictest).map(({ agreement }) => agreement);
  const waits = permits.find(({ signOff }) => signOff);
  const signedOff = waits && !strictest.signOff ? { ...strictest, signOff: waits.signOff! } : strictest;
  return besides.length ? { ...signedOff, besides } : signedOff;
}

const showsLess = (one: Permit, other: Permit): boolean =>
  one.presentation !== undefined &&
  other.presentation !== undefined &&
  presentations.indexOf(one.presentation) > presentations.indexOf(other.presentation);

/**
 * Under which policy a table of the region is protected: every agreement in force that covers the dataset there is asked,
 * also one of several regions whose members will read it, and the stricter rule holds.
 * @returns null when none covers it
 */
export function policyFor(
  agreements: readonly Agreement[],
  asked: { readonly region: string; readonly dataset: DatasetVersion; readonly period: Period },
  today: string,
): (StrictestPolicy & { readonly under: readonly AgreementRef[] }) | null {
  const covering = agreements
    .filter(
      (agreement) =>
        notInForce(agreement, today) === undefined &&
        agreement.document.regions.includes(asked.region as never) &&
        agreement.document.tables.some(
          ({ dataset, versions, frequency }) =>
            dataset === asked.dataset.code &&
            isWithin(asked.dataset.version, versions) &&
            frequency === asked.period.kind,
        ),
    )
    .map(({ document }) => document);
  if (!covering.some(({ regions }) => regions.length === 1)) return null;
  return { ...strictestPolicy(covering), under: covering.map(({ id, version }) => ({ id, version })) };
}

/**
 * The permit, or the refusal that names agreement and clause.
 * @throws Refusal with the denial's code
 */
export function permitOrThrow(decision: Decision): Permit {
  if (decision.permitted) return decision;
  const { id, version } = decision.agreement;
  throw new Refusal(decision.code, { agreement: id, version, clause: decision.clause });
}

/**
 * The clause by which it may be kept no longer; undefined while it may. Years count from the end of the period for cells,
 * from the receipt for envelopes. The end of the agreement, or of the party's part in it or in the one above, ends the
 * keeping too; a later version that takes its place does not, and neither does a suspension or the end of the one above.
 */
function keptTooLong(agreement: Agreement, question: KeepQuestion, today: string): string | undefined {
  const { document, parties } = agreement;
  const { cellsYears, envelopesYears, atEnd } = document.retention;
  const { state } = asOf(agreement, today);
  const until =
    question.item === 'cells'
      ? addYears(question.period.until, cellsYears)
      : addYears(question.receivedOn, envelopesYears);
  if (until <= today) return question.item === 'cells' ? '/retention/cellsYears' : '/retention/envelopesYears';
  const ends = [
    parties.get(question.authority)?.withdrawnFrom,
    parentOf(agreement)?.parties.get(question.authority)?.withdrawnFrom,
    state === 'expired' ? document.effective.until : undefined,
    state === 'terminated' ? (agreement.endedOn ?? today) : undefined,
  ].filter((end) => end !== undefined);
  const over = ends.some((end) => (atEnd === 'delete' ? end : addDays(end, RETURN_DAYS)) <= today);
  return over ? '/retention/atEnd' : undefined;
}

/** Whether the period lies wholly within the agreement's dates. */
const isOfItsTime = ({ effective }: AgreementDocument, period: Period): boolean =>
  effective.from <= period.from && period.until <= effective.until;

/**
 * The first entry of the audience in which the reader stands. In an agreement of several regions nobody reads the own one
 * by it, and who acts for an authority that has left it reads no longer: it was an exchange.
 */
function audienceFor(
  agreement: Agreement,
  { standings, region }: Pick<ReadQuestion, 'standings' | 'region'>,
  today: string,
): { readonly clause: string; readonly entry: Audience; readonly reader: Standing } | undefined {
  const { audience, regions } = agreement.document;
  const hasLeft = (organisation: string | undefined): boolean => {
    const standing = agreement.parties.get(organisation as AuthorityCode);
    return regions.length > 1 && standing?.status === 'withdrawn' && !shares(standing, today);
  };
  for (const [i, entry] of audience.entries()) {
    if (regions.length > 1 && entry.of === region) continue;
    const reader = standings.find(
      ({ of, roles, organisation }) =>
        of === entry.of && entry.roles.some((role) => roles.includes(role)) && !hasLeft(organisation),
    );
    if (reader) return { clause: `/audience/${i}`, entry, reader };
  }
  return undefined;
}

/**
 * Whether the agreement opens a region at all to a reader who does not belong to it, for whatever purpose. What of it may be
 * read is for `decide`.
 */
export const opensRegion = (
  agreement: Agreement,
  asked: Pick<ReadQuestion, 'standings' | 'region'>,
  today: string,
): boolean =>
  isInForce(agreement, today) &&
  agreement.document.regions.includes(asked.region as never) &&
  audienceFor(agreement, asked, today) !== undefined;

/** Whether a table of the document covers an indicator of a dataset, or a breakdown of it. */
export const isCovered = (
  { tables }: AgreementDocument,
  asked: Pick<CompileQuestion, 'dataset' | 'indicator' | 'breakdown'> & { readonly period: Pick<Period, 'kind'> },
): boolean => !tableFor(tables, asked).missing;

/** What of a question tells which table it is about. */
type AboutTable = { readonly dataset: DatasetVersion; readonly period: Pick<Period, 'kind'> } & Partial<
  Pick<CompileQuestion, 'indicator' | 'breakdown'>
>;

/** The first table that covers what is asked; else the clause of the table that came nearest to it. */
function tableFor(
  tables: readonly AgreementTable[],
  question: AboutTable,
): { readonly missing: boolean; readonly clause: string } {
  const { dataset: asked, indicator, breakdown } = question;
  let nearest = { passed: -1, clause: '/tables' };
  for (const [i, { dataset, versions, frequency, indicators, breakdowns }] of tables.entries()) {
    if (dataset !== asked.code) continue;
    const failed = !isWithin(asked.version, versions)
      ? '/versions'
      : frequency !== question.period.kind
        ? '/frequency'
        : indicator !== undefined && !names(indicators, indicator)
          ? '/indicators'
          : breakdown !== undefined && breakdown !== null && !names(breakdowns, breakdown)
            ? '/breakdowns'
            : undefined;
    if (failed === undefined) return { missing: false, clause: `/tables/${i}` };
    const passed = parts.indexOf(failed);
    if (passed > nearest.passed) nearest = { passed, clause: `/tables/${i}${failed}` };
  }
  return { missing: true, clause: nearest.clause };
}

/** Of a table, in the order in which they are asked. */
const parts = ['/versions', '/frequency', '/indicators', '/breakdowns'];

const isWithin = (version: string, { from, until }: AgreementTable['versions']): boolean =>
  compareVersions(from, version) <= 0 && (until === undefined || compareVersions(version, until) < 0);

const names = (listed: 'all' | 'none' | readonly string[], code: string): boolean =>
  listed === 'all' || (listed !== 'none' && listed.includes(code));
