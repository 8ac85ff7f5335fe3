import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, parseAuthorityCode, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, DeskStore, newId, publicId, type Config } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import { nameOf, stewardOfHub, type Member } from './domain';

/** A declared circle: somebody knows raw figures of all these authorities from that day on. */
export interface Circle {
  readonly id: string;
  readonly name: string;
  readonly authorities: readonly string[];
  /** Keys of the only series that are known, as an agency knows its own; null: everything that is sent. */
  readonly series: readonly string[] | null;
  /** A civil date of Europe/London. */
  readonly from: string;
}

/** Shared services, boards over several authorities, and what agencies know, as stewards declare them. */
@Injectable()
export class CirclesService {
  constructor(
    private readonly store: DeskStore,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | CODE_MALFORMED for an authority that is none | INDICATOR_ABSENT for a
   *   series that is none | REQUEST_MALFORMED for fewer than two authorities (one, where series are named), or a name that
   *   is none
   */
  async declare(
    member: Member | null,
    asked: { name: string; authorities: readonly string[]; series: readonly string[] | null; from: string },
  ): Promise<Circle> {
    const steward = stewardOfHub(member);
    const name = nameOf(asked.name);
    const authorities = [...new Set(asked.authorities)].sort();
    const ids = authorities.map((code) => this.keys.authorityId(parseAuthorityCode(code)));
    const series = asked.series?.length ? [...new Set(asked.series)].sort() : null;
    for (const key of series ?? []) this.keys.seriesId(key);
    if (ids.length < (series ? 1 : 2)) throw new Refusal('REQUEST_MALFORMED', { expected: 'two authorities or more' });
    const id = newId();
    return this.store.as(steward, async (tx) => {
      await tx.query(
        `insert into registry.circle (id, name, series, from_date, declared_by, declared_at)
         values ($1, $2, $3, $4, $5, $6)`,
        [id, name, series, asked.from, steward.id, this.clock.now()],
      );
      await tx.query('insert into registry.circle_authority (circle_id, authority_id) select $1, unnest($2::int[])', [
        id,
        ids,
      ]);
      return { id: publicId('cir', this.config.hubId, id), name, authorities, series, from: asked.from };
    });
  }

  /** Every declared circle, newest first. @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE */
  async list(member: Member | null): Promise<Circle[]> {
    return this.store.as(stewardOfHub(member), async (tx) => {
      const rows = (await tx.query(
        `select c.id, c.name, c.series, c.from_date::text as "from", array_agg(a.code order by a.code) as authorities
         from registry.circle c join registry.circle_authority ca on ca.circle_id = c.id
           join registry.authority a on a.id = ca.authority_id
         group by c.id order by c.id desc`,
      )) as Circle[];
      return rows.map((row) => ({ ...row, id: publicId('cir', this.config.hubId, row.id) }));
    });
  }
}
