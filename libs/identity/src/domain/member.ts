import { isAgencyCode, Refusal } from '@hub/kernel';

export const roles = [
  'authority-system',
  'authority-analyst',
  'authority-approver',
  'regional-lead',
  'board-chair',
  'agency-partner',
  'elected-member',
  'scrutineer',
  'steward',
  'auditor',
] as const;
export type Role = (typeof roles)[number];

/** One role that a member holds today, for one organisation, and the authorities and regions which that stands for. */
export interface HeldRole {
  readonly role: Role;
  /** An authority, a region, a board, an agency, or `hub`. */
  readonly of: string;
  readonly authorities: readonly string[];
  readonly regions: readonly string[];
  /** Boards that share an authority of these: who works there belongs to them. */
  readonly boards?: readonly string[];
}

/** A person or system that belongs to an organisation; the token says who, the hub's own record says for whom. */
export interface Member {
  readonly id: string;
  readonly roles: readonly HeldRole[];
}

/** Roles that administer and never read figures. */
const withoutFigures: readonly Role[] = ['steward', 'auditor'];

/** The roles in which the member may look at printed figures of the region; none for a stranger. */
export const readingRoles = (member: Member | null, region: string): Role[] =>
  (member?.roles ?? [])
    .filter((held) => !withoutFigures.includes(held.role) && held.regions.includes(region))
    .map((held) => held.role);

/**
 * Everywhere the member belongs with a role that reads figures: the organisation that the role is for, the boards and the
 * regions that it lies in.
 */
export const standingsOf = (
  member: Member | null,
): { readonly of: string; readonly roles: readonly Role[]; readonly organisation: string }[] =>
  (member?.roles ?? [])
    .filter(({ role }) => !withoutFigures.includes(role))
    .flatMap((held) =>
      [...new Set([held.of, ...(held.boards ?? []), ...held.regions])].map((of) => ({
        of,
        roles: [held.role],
        organisation: held.of,
      })),
    );

/** Authorities whose figures are the member's own, in a role that reads figures. */
export const ownAuthorities = (member: Member | null): string[] => [
  ...new Set(
    (member?.roles ?? [])
      .filter(({ role }) => !withoutFigures.includes(role))
      .flatMap(({ authorities }) => authorities),
  ),
];

/** Whether the member holds one of these roles for that very organisation. */
export const holds = (member: Member, among: readonly Role[], organisation: string): boolean =>
  member.roles.some((held) => among.includes(held.role) && held.of === organisation);

/** The roles that register, approve and revoke keys: an authority's approvers, and the partners of an agency. */
export const keyRoles: readonly Role[] = ['authority-approver', 'agency-partner'];

/** Whether the member answers for the keys of that very organisation. */
export const approvesFor = (member: Member, organisation: string): boolean =>
  holds(member, [isAgencyCode(organisation) ? 'agency-partner' : 'authority-approver'], organisation);

/** @throws Refusal TOKEN_MISSING when nobody is asking. */
export function someone(member: Member | null): Member {
  if (!member) throw new Refusal('TOKEN_MISSING');
  return member;
}

/**
 * The member, if it holds one of these roles for anybody.
 * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE
 */
export function someoneAs(member: Member | null, among: readonly Role[]): Member {
  const known = someone(member);
  if (!known.roles.some((held) => among.includes(held.role))) {
    throw new Refusal('NOT_FOR_THIS_ROLE', { expected: among.join(' or ') });
  }
  return known;
}

/**
 * The member, if it holds one of these roles for that very organisation: any other is absent.
 * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT
 */
export function someoneOf(member: Member | null, among: readonly Role[], organisation: string): Member {
  const known = someoneAs(member, among);
  if (!holds(known, among, organisation)) throw new Refusal('ORGANISATION_ABSENT');
  return known;
}

/**
 * The member, if it is a steward of the hub.
 * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE
 */
export function stewardOfHub(member: Member | null): Member {
  const steward = someoneAs(member, ['steward']);
  if (!holds(steward, ['steward'], 'hub')) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: 'steward of the hub' });
  return steward;
}
