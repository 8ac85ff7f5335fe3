import type { Member } from '@hub/identity/domain';
import type { AgreementDocument } from './document';

/**
 * Whether the member has a part in the agreement: belongs to one of its regions, acts for one of its parties, or stands in
 * its audience. Those who only administer the hub have none. Row policies say the same in the database.
 */
export const hasPart = (member: Member | null, { regions, parties, audience }: AgreementDocument): boolean =>
  (member?.roles ?? []).some(
    (held) =>
      held.role !== 'steward' &&
      held.role !== 'auditor' &&
      (regions.some((region) => held.regions.includes(region)) ||
        parties.some(({ authority }) => held.authorities.includes(authority)) ||
        audience.some(({ of }) => of === held.of || held.regions.includes(of) || held.boards?.includes(of))),
  );
