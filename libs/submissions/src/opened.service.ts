import { Injectable } from '@nestjs/common';
import { someoneOf, type Member } from '@hub/identity';
import { RegistryKeys } from '@hub/registry';
import { IntakeStore } from './intake.store';

const among = ['authority-approver'] as const;

/** What national releases have opened of an authority's counts. */
@Injectable()
export class OpenedService {
  constructor(
    private readonly store: IntakeStore,
    private readonly keys: RegistryKeys,
  ) {}

  /** The newest first. @throws Refusal NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT for any but the own authority */
  async of(member: Member | null, authority: string) {
    const approver = someoneOf(member, among, authority);
    const rows = await this.store.as(
      approver,
      (tx) =>
        tx.query(
          `select s.key as series, o.period, n.title as release, c.least, c.most, o.found_at as "foundAt"
           from intake.opening o join intake.opened c on c.opening_id = o.id join registry.series s on s.id = c.series_id
             join registry.national_release n on n.id = o.release_id
           where o.authority_id = $1 order by o.found_at desc, s.key`,
          [this.keys.authorityId(authority)],
        ) as Promise<{ series: string; period: string; release: string; least: string; most: string; foundAt: Date }[]>,
    );
    return rows.map(({ least, most, ...row }) => ({ ...row, least: Number(least), most: Number(most) }));
  }
}
