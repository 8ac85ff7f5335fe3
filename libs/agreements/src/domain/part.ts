import type { Member } from '@hub/identity/domain';
import type { AuthorityCode } from '@hub/kernel';
import { beganOn, isInForce, shares, type Agreement } from './agreement';
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

/** That an authority shares under a version of an agreement that binds; the days are civil and half-open. */
export interface PartOf extends Pick<AgreementDocument, 'id' | 'version'> {
  /** The first day on which the version held. */
  readonly since: string;
  /** The first day on which it is no longer a party: by its own notice, or because the agreement ends. */
  readonly until: string;
}

/** What the authority is a party of on that day, among these: agreements that bind and from which it has not gone. */
export const partsOf = (agreements: readonly Agreement[], authority: AuthorityCode, today: string): PartOf[] =>
  agreements.flatMap((agreement) => {
    const { document, parties } = agreement;
    const since = beganOn(agreement);
    const standing = parties.get(authority);
    if (since === undefined || !isInForce(agreement, today) || !shares(standing, today)) return [];
    const ends = [document.effective.until, standing?.withdrawnFrom ?? document.effective.until].sort();
    return [{ id: document.id, version: document.version, since, until: ends[0]! }];
  });
