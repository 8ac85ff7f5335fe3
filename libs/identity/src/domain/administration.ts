import { isSeenLine, Refusal } from '@hub/kernel';
import type { HeldRole, Member, Role } from './member';

/** An organisation as far as its administration asks: what it is, and in which regions it lies today. */
export interface Organisation {
  /** An authority, a region, a board, an agency, or `hub`. */
  readonly code: string;
  readonly kind: 'authority' | 'region' | 'board' | 'agency' | 'hub';
  /** A region lies in itself, a board or an agency wherever it has an area, the hub nowhere. */
  readonly regions: readonly string[];
}

/** Where an organisation lies, seen from the role that appoints. */
const places = {
  'the hub': (held: HeldRole, of: Organisation) => of.kind === 'hub' && held.of === of.code,
  'any region': (held: HeldRole, of: Organisation) => of.kind === 'region' && held.of === 'hub',
  itself: (held: HeldRole, of: Organisation) => held.of === of.code,
  'an authority of its region': (held: HeldRole, of: Organisation) =>
    of.kind === 'authority' && of.regions.includes(held.of),
  'a board of its region': (held: HeldRole, of: Organisation) => of.kind === 'board' && of.regions.includes(held.of),
  'an agency of its region': (held: HeldRole, of: Organisation) => of.kind === 'agency' && of.regions.includes(held.of),
} as const;

/**
 * Who appoints whom, and ends what was appointed. What is not written here is refused. The database knows the same table
 * (identity.administers), and a test holds the two against each other.
 */
const appointments: readonly { readonly by: Role; readonly to: Role; readonly of: keyof typeof places }[] = [
  { by: 'steward', to: 'steward', of: 'the hub' },
  { by: 'steward', to: 'auditor', of: 'the hub' },
  // The first lead of a region can come from nobody else.
  { by: 'steward', to: 'regional-lead', of: 'any region' },
  // A deputy is a lead too.
  { by: 'regional-lead', to: 'regional-lead', of: 'itself' },
  { by: 'regional-lead', to: 'authority-approver', of: 'an authority of its region' },
  { by: 'regional-lead', to: 'board-chair', of: 'a board of its region' },
  { by: 'regional-lead', to: 'agency-partner', of: 'an agency of its region' },
  { by: 'authority-approver', to: 'authority-approver', of: 'itself' },
  { by: 'authority-approver', to: 'authority-analyst', of: 'itself' },
  { by: 'authority-approver', to: 'authority-system', of: 'itself' },
  { by: 'authority-approver', to: 'elected-member', of: 'itself' },
  { by: 'authority-approver', to: 'scrutineer', of: 'itself' },
];

/** Roles that appoint anybody at all. */
const administrators: readonly Role[] = [...new Set(appointments.map(({ by }) => by))];

/** Roles in which somebody works with the raw figures of one authority. */
export const ofAnAuthority: readonly Role[] = ['authority-system', 'authority-analyst', 'authority-approver'];

/** Codes of the authorities whose raw figures the member works with. */
export const worksFor = (member: Member | null): string[] =>
  member?.roles.filter(({ role }) => ofAnAuthority.includes(role)).map(({ of }) => of) ?? [];

/**
 * What a lead decides about single authorities: whose return is cut off, when a round is closed or published before its
 * closing date; to whom an exception is granted; for whom a round is opened again. What concerns the lead's own authority
 * another lead decides: the deputy, from another authority.
 * @param concerned  codes of these authorities
 * @throws Refusal LEAD_OWN_AUTHORITY
 */
export function decideAsLead(lead: Member, concerned: readonly string[]): void {
  if (worksFor(lead).some((own) => concerned.includes(own))) throw new Refusal('LEAD_OWN_AUTHORITY');
}

/**
 * The roles that the member may appoint to and end at that organisation.
 * @throws Refusal NOT_FOR_THIS_ROLE for one who administers nothing; ORGANISATION_ABSENT for what lies outside, the same as
 *   for what does not exist; LEAD_OWN_AUTHORITY where the member's own authority would be administered as its region's lead
 */
export function administeredRoles(member: Member, organisation: Organisation | null): Role[] {
  if (!member.roles.some(({ role }) => administrators.includes(role))) {
    throw new Refusal('NOT_FOR_THIS_ROLE', { expected: administrators.join(' or ') });
  }
  if (!organisation) throw new Refusal('ORGANISATION_ABSENT');
  const granted = appointments.filter((line) =>
    member.roles.some((held) => held.role === line.by && places[line.of](held, organisation)),
  );
  if (!granted.length) throw new Refusal('ORGANISATION_ABSENT');
  const isOwn = worksFor(member).includes(organisation.code);
  const left = granted.filter(({ by }) => !(by === 'regional-lead' && isOwn));
  if (!left.length) throw new Refusal('LEAD_OWN_AUTHORITY');
  return [...new Set(left.map(({ to }) => to))];
}

/**
 * @throws Refusal as `administeredRoles`, and NOT_FOR_THIS_ROLE where the member reaches the organisation, but not this role
 */
export function mayAdminister(member: Member, role: Role, organisation: Organisation | null): void {
  const among = administeredRoles(member, organisation);
  if (!among.includes(role)) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: among.join(' or ') });
}

/**
 * The name of a person, a system or a circle.
 * @throws Refusal REQUEST_MALFORMED
 */
export function nameOf(text: string): string {
  const name = text.trim();
  if (!name || name.length > 200 || !isSeenLine(name)) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'a name of 1 to 200 characters on one line' });
  }
  return name;
}

/** Civil dates of Europe/London, half-open; null: until further notice. */
export interface Dates {
  readonly from: string;
  readonly until: string | null;
}

/**
 * The dates of a role that begins.
 * @throws Refusal MEMBER_DATES where they cross, or begin in the past: nobody held a role before it was given
 */
export function roleDates(from: string | null, until: string | null, today: string): Dates {
  const begins = from ?? today;
  if (begins < today) throw new Refusal('MEMBER_DATES', { expected: `from ${today} or later` });
  if (until !== null && until <= begins) throw new Refusal('MEMBER_DATES', { expected: `until after ${begins}` });
  return { from: begins, until };
}

/** @throws Refusal MEMBER_DATES for a day that is over: what somebody could see then cannot be undone */
export function endDate(on: string, today: string): string {
  if (on < today) throw new Refusal('MEMBER_DATES', { expected: `on ${today} or later` });
  return on;
}

/** The role without which nobody could appoint anybody at such an organisation. */
const indispensable: Readonly<Partial<Record<Role, true>>> = {
  steward: true,
  'regional-lead': true,
  'authority-approver': true,
};

/**
 * Whether one member's role may end on that day: somebody else must hold the same role on every day from then on. A role
 * that has an end does not stand for the days after it.
 * @param others  when others hold the same role for the same organisation
 * @throws Refusal MEMBER_LAST_ADMINISTRATOR
 */
export function mayEnd(role: Role, on: string, others: readonly Dates[]): void {
  if (!indispensable[role]) return;
  let covered = on;
  for (const { from, until } of [...others].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (from > covered) break;
    if (until === null) return;
    if (until > covered) covered = until;
  }
  throw new Refusal('MEMBER_LAST_ADMINISTRATOR', { expected: `another ${role} from ${covered} on` });
}
