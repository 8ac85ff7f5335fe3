import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, type Agreement } from '@hub/agreements';
import { someoneAs, type Member, type Role } from '@hub/identity';
import { CLOCK, isAgencyCode, londonDate, Refusal, type Clock } from '@hub/kernel';
import { DeskStore, type Tx } from '@hub/platform';
import { namesOf, placeNames, CATALOGUE, REGISTRY, type Catalogue, type Registry } from '@hub/registry';
import { boardsSeen, coversOf, exchangeRoles, type Acting, type Board, type Cover, type Reader } from './domain';

/** A board or an agency, and where it lies today. */
export interface Organisation extends Board {
  readonly name: string;
  readonly regions: readonly string[];
}

/** Somebody who acts for one organisation, and what follows from it. */
export interface Seat {
  /** The caller with the roles alone in which they act here. */
  readonly member: Member;
  readonly acting: Acting;
  readonly reader: Reader;
  /** Of these agreements those that admit the caller. */
  readonly covers: readonly Cover[];
  /** All that the caller may know of. */
  readonly agreements: readonly Agreement[];
  /** Every board and agency that has an area today, by code. */
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly today: string;
  readonly now: Date;
}

/** More agreements than anybody has a part in. */
export const MOST_AGREEMENTS = 1000;

/**
 * The door of the exchange: a transaction of the desk in which the caller acts for one organisation. The database is told which,
 * and finds out for itself whether they may.
 */
@Injectable()
export class Seats {
  readonly nameOf: (code: string) => string | undefined;

  constructor(
    private readonly store: DeskStore,
    private readonly agreements: AgreementsService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CATALOGUE) catalogue: Catalogue,
  ) {
    this.nameOf = namesOf(registry, catalogue);
  }

  /**
   * The work of one who acts for an organisation in one of these roles.
   * @param as  a board, an agency or an authority
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE; ORGANISATION_ABSENT where the caller has no such role there
   */
  async as<T>(
    member: Member | null,
    as: string,
    among: readonly Role[],
    work: (tx: Tx, seat: Seat) => Promise<T>,
  ): Promise<T> {
    const known = someoneAs(member, among);
    const held = known.roles.filter(({ of, role }) => of === as && exchangeRoles.includes(role));
    if (!held.some(({ role }) => among.includes(role))) throw new Refusal('ORGANISATION_ABSENT');
    const acting: Acting = {
      of: as,
      roles: held.map(({ role }) => role),
      areas: [...new Set(held.flatMap(({ authorities }) => authorities))],
      regions: [...new Set(held.flatMap(({ regions }) => regions))],
      boards: as.startsWith('brd-')
        ? [as]
        : isAgencyCode(as)
          ? []
          : [...new Set(held.flatMap(({ boards = [] }) => boards))],
    };
    return this.store.as(known, async (tx) => {
      const now = this.clock.now();
      const today = londonDate(now);
      await tx.query(`select set_config('hub.acting', $1, true)`, [as]);
      const organisations = await organisationsOn(tx, today);
      const agreements = await this.agreements.some(tx, { region: null, after: null }, MOST_AGREEMENTS);
      const covers = coversOf(agreements, acting, today);
      const reader = readerOf(known.id, acting, covers, organisations);
      return work(tx, {
        member: { id: known.id, roles: held },
        acting,
        reader,
        covers,
        agreements,
        organisations,
        today,
        now,
      });
    });
  }

  /** The name of a board, an agency or an authority; its code where there is none. */
  name(seat: Seat, code: string): string {
    return seat.organisations.get(code)?.name ?? this.nameOf(code) ?? code;
  }

  /** Names of the places of some regions. */
  places(regions: readonly string[]): string[] {
    return placeNames(this.registry, regions);
  }

  /** The regions of an authority, by the registry. */
  regionsOf(authority: string): string[] {
    return this.registry.authorities.filter(({ code }) => code === authority).map(({ region }) => region);
  }
}

/** The region in which a board lies; the first where it lies in several. */
export const homeOf = ({ acting }: Seat): string => [...acting.regions].sort()[0]!;

/** A member, or nobody in particular, who looks for an organisation. */
export function readerOf(
  member: string,
  acting: Acting,
  covers: readonly Cover[],
  organisations: ReadonlyMap<string, Organisation>,
): Reader {
  const { of, roles, boards } = acting;
  const all = [...organisations.values()].filter(({ code }) => code.startsWith('brd-'));
  return { member, of, roles, boards, sees: boardsSeen(covers, acting, all) };
}

/** A board as its chairs act for it. */
export function boardOf(organisations: ReadonlyMap<string, Organisation>, code: string): Acting {
  const { areas, regions } = organisations.get(code)!;
  return { of: code, roles: ['board-chair'], areas, regions, boards: [code] };
}

/** Every board and agency that has an area on that day, by code. */
export async function organisationsOn(tx: Tx, today: string): Promise<Map<string, Organisation>> {
  const rows = (await tx.query(
    `select o.code, o.name, array_agg(distinct a.code) as areas,
       coalesce(array_agg(distinct g.code) filter (where g.code is not null), '{}') as regions
     from registry.organisation o
       join registry.organisation_area oa on oa.organisation = o.code and oa.valid @> $1::date
       join registry.authority a on a.id = oa.authority_id
       left join registry.region_authority ra on ra.authority_id = a.id and ra.valid @> $1::date
       left join registry.region g on g.id = ra.region_id
     group by o.code, o.name order by o.code`,
    [today],
  )) as Organisation[];
  return new Map(rows.map((row) => [row.code, row]));
}
