import type { RefusalCode } from '@hub/contracts';
import { Refusal, type AuthorityCode, type Period } from '@hub/kernel';
import { isInForce, type Agreement, type PartyStanding } from './agreement';
import { compareVersions, type AgreementTable } from './document';

export interface DatasetVersion {
  readonly code: string;
  /** `major.minor` */
  readonly version: string;
}

/** What is asked of an agreement, at one of its doors. */
export type Question =
  /** May this authority send this? */
  | {
      readonly door: 'accept';
      readonly authority: AuthorityCode;
      readonly dataset: DatasetVersion;
      readonly period: Period;
    }
  /** May this authority's cells of one indicator enter a table? `breakdown` is a dimension; null for totals. */
  | {
      readonly door: 'compile';
      readonly authority: AuthorityCode;
      readonly dataset: DatasetVersion;
      readonly period: Period;
      readonly indicator: string;
      readonly breakdown: string | null;
    }
  /** May a member who reaches this region in these roles look at publications of this dataset? */
  | {
      readonly door: 'read';
      readonly roles: readonly string[];
      readonly region: string;
      readonly dataset: DatasetVersion;
    };

/** The answer, and the clause it rests on: a JSON pointer into the document. */
export type Decision = Permit | Denial;

export interface Permit {
  readonly permitted: true;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly clause: string;
}

export interface Denial {
  readonly permitted: false;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly code: Extract<RefusalCode, 'AGREEMENT_NOT_IN_FORCE' | 'AGREEMENT_NOT_A_PARTY' | 'AGREEMENT_NOT_COVERED'>;
  readonly clause: string;
}

/**
 * The one place that answers "may this happen?". What no clause permits is refused.
 * @param today  the civil date of Europe/London on which it would happen
 */
export function decide(agreement: Agreement, question: Question, today: string): Decision {
  const { document } = agreement;
  const about = { id: document.id, version: document.version };
  const permit = (clause: string): Permit => ({ permitted: true, agreement: about, clause });
  const deny = (code: Denial['code'], clause: string): Denial => ({ permitted: false, agreement: about, code, clause });

  // The state is no clause of the document: '' is the document as a whole.
  if (!isInForce(agreement, today)) {
    return deny('AGREEMENT_NOT_IN_FORCE', agreement.state === 'inForce' ? '/effective' : '');
  }

  if (question.door === 'read') {
    const table = tableFor(document.tables, question);
    if (table.missing) return deny('AGREEMENT_NOT_COVERED', table.clause);
    const audience = document.audience.findIndex(
      ({ region, roles }) => region === question.region && roles.some((role) => question.roles.includes(role)),
    );
    return audience < 0 ? deny('AGREEMENT_NOT_COVERED', '/audience') : permit(`/audience/${audience}`);
  }

  const { authority, period } = question;
  const standing = agreement.parties.get(authority);
  if (!standing) return deny('AGREEMENT_NOT_A_PARTY', '/parties');
  if (!shares(standing, today)) {
    return deny(
      'AGREEMENT_NOT_A_PARTY',
      `/parties/${document.parties.findIndex((each) => each.authority === authority)}`,
    );
  }
  if (period.from < document.effective.from || period.until > document.effective.until) {
    return deny('AGREEMENT_NOT_COVERED', '/effective');
  }
  const table = tableFor(document.tables, question);
  return table.missing ? deny('AGREEMENT_NOT_COVERED', table.clause) : permit(table.clause);
}

/**
 * The permit, or the refusal that names agreement and clause.
 * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_A_PARTY | AGREEMENT_NOT_COVERED
 */
export function permitOrThrow(decision: Decision): Permit {
  if (decision.permitted) return decision;
  const { id, version } = decision.agreement;
  throw new Refusal(decision.code, { agreement: id, version, clause: decision.clause });
}

/** Withdrawal is dated: until that day the party still shares, from it nothing of it enters, of whatever period. */
const shares = ({ status, withdrawnFrom }: PartyStanding, today: string): boolean =>
  status === 'signed' || (status === 'withdrawn' && withdrawnFrom !== undefined && today < withdrawnFrom);

/** The first table that covers what is asked; else the clause of the table that came nearest to it. */
function tableFor(
  tables: readonly AgreementTable[],
  question: Question,
): { readonly missing: boolean; readonly clause: string } {
  const checks: readonly (readonly [clause: string, covers: (table: AgreementTable) => boolean])[] = [
    ['', ({ dataset }) => dataset === question.dataset.code],
    ['/versions', ({ versions }) => isWithin(question.dataset.version, versions)],
    ['/frequency', ({ frequency }) => question.door === 'read' || frequency === question.period.kind],
    ['/indicators', ({ indicators }) => question.door !== 'compile' || names(indicators, question.indicator)],
    [
      '/breakdowns',
      ({ breakdowns }) =>
        question.door !== 'compile' || question.breakdown === null || names(breakdowns, question.breakdown),
    ],
  ];
  let nearest = { passed: 0, clause: '/tables' };
  for (const [i, table] of tables.entries()) {
    const failed = checks.findIndex(([, covers]) => !covers(table));
    if (failed < 0) return { missing: false, clause: `/tables/${i}` };
    if (failed > nearest.passed) nearest = { passed: failed, clause: `/tables/${i}${checks[failed]![0]}` };
  }
  return { missing: true, clause: nearest.clause };
}

const isWithin = (version: string, { from, until }: AgreementTable['versions']): boolean =>
  compareVersions(from, version) <= 0 && (until === undefined || compareVersions(version, until) < 0);

const names = (listed: 'all' | 'none' | readonly string[], code: string): boolean =>
  listed === 'all' || (listed !== 'none' && listed.includes(code));
