import { isInForce, parentOf, shares, type Agreement, type Purpose } from '@hub/agreements/domain';
import type { Role } from '@hub/identity/domain';

/** An organisation for which somebody acts, and where it lies. */
export interface Acting {
  /** A board, an agency or an authority. */
  readonly of: string;
  readonly roles: readonly Role[];
  /** Authorities: a board's and an agency's areas, an authority itself. */
  readonly areas: readonly string[];
  readonly regions: readonly string[];
  /** Boards over one of these areas; a board itself. */
  readonly boards: readonly string[];
}

/** An agreement in force that admits whoever acts: whose figures and issues it covers on that day. */
export interface Cover {
  readonly id: string;
  readonly version: number;
  readonly parties: readonly string[];
  readonly regions: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly threshold: number;
  /** Whether what is questioned in a text needs a second person, as a return needs its approver. */
  readonly signOff: boolean;
  /** The line that is printed on every page. */
  readonly handling: string;
}

/**
 * The agreements that admit an organisation to the issues of others: in force on that day, and its audience names the role
 * and a place of it (itself, its boards, its regions). Who has left an agreement is admitted by it no more.
 */
export function coversOf(agreements: readonly Agreement[], acting: Acting, today: string): Cover[] {
  const places = [acting.of, ...acting.boards, ...acting.regions];
  return agreements
    .filter(
      (agreement) =>
        isInForce(agreement, today) &&
        agreement.document.audience.some(
          ({ of, roles }) =>
            places.includes(of) && acting.roles.some((role) => (roles as readonly Role[]).includes(role)),
        ),
    )
    .map((agreement) => {
      const { id, version, regions, purposes, disclosure, signOff, handling } = agreement.document;
      const above = parentOf(agreement);
      const parties = [...agreement.parties.keys()].filter(
        (one) => shares(agreement.parties.get(one), today) && (!above || shares(above.parties.get(one), today)),
      );
      return {
        id,
        version,
        regions,
        parties,
        purposes: purposes.map(({ code }) => code),
        threshold: disclosure.threshold,
        signOff,
        handling,
      };
    })
    .filter(({ parties }) => parties.length > 0);
}

/** A board, by its areas of the day. */
export interface Board {
  readonly code: string;
  readonly areas: readonly string[];
}

const isWithin = ({ parties }: Cover, areas: readonly string[]): boolean =>
  areas.length > 0 && areas.every((area) => parties.includes(area));

/** Whether one agreement covers all areas of both. */
export const coveredTogether = (covers: readonly Cover[], one: readonly string[], other: readonly string[]): boolean =>
  covers.some((cover) => isWithin(cover, one) && isWithin(cover, other));

/**
 * The boards whose shared issues whoever acts may read: each that an agreement covers whole, together with a board of theirs.
 * A board belongs to them where they act for it, or for an authority or agency of its areas.
 */
export function boardsSeen(covers: readonly Cover[], acting: Acting, all: readonly Board[]): string[] {
  const own = all.filter(({ code }) => acting.boards.includes(code));
  return all
    .filter(({ areas }) => own.some((mine) => coveredTogether(covers, mine.areas, areas)))
    .map(({ code }) => code);
}
