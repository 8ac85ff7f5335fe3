import { Inject, Injectable } from '@nestjs/common';
import { ofAnAuthority, type Member } from '@hub/identity';
import { CLOCK, type Clock } from '@hub/kernel';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import { isLate, standingsOfReturn, type CellStanding, type IndicatorStanding } from './domain';
import { IntakeStore } from './intake.store';
import type { RoundEntity } from './round.entity';

/** How the return of one of the caller's own authorities stands in a round. */
export interface OwnReturn {
  readonly authority: string;
  /** Of the return in use; null where there is none. */
  readonly version: number | null;
  readonly receivedAt: Date | null;
  readonly late: boolean;
  /** Every indicator of the dataset; null once the counts have been deleted. */
  readonly indicators: readonly IndicatorStanding[] | null;
}

/** An authority's own returns, seen by those who act for it, out of its own raw figures. */
@Injectable()
export class OwnReturnsService {
  constructor(
    private readonly store: IntakeStore,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How the returns of the caller's own authorities stand; null for one who acts for none of the round's. */
  async inRound(member: Member | null, round: RoundEntity): Promise<OwnReturn[] | null> {
    const own = member?.roles.filter(({ role }) => ofAnAuthority.includes(role)).map(({ of }) => of) ?? [];
    if (!member || !own.length) return null;
    const dataset = datasetOf(this.catalogue, round.dataset, round.datasetVersion);
    return this.store.as(member, async (tx) => {
      const returns = (await tx.query(
        `select a.code as authority, s.version, s.received_at as "receivedAt", s.first_received_at as "first", b.id as submission
         from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
           left join rounds.return_state s on s.round_id = $1 and s.authority_id = a.id
           left join intake.submission b on s.round_id is not null and b.authority_id = a.id
             and b.dataset = $2 and b.period = $3 and b.state = 'accepted'
         where ra.region_id = $4 and ra.valid && daterange($5::date, $6::date) and a.code = any($7::text[])
         order by a.code`,
        [round.id, round.dataset, round.period, round.regionId, round.periodFrom, round.periodUntil, own],
      )) as (Omit<OwnReturn, 'late' | 'indicators'> & { first: Date | null; submission: string | null })[];
      if (!returns.length) return null;
      const standings: OwnReturn[] = [];
      for (const { authority, version, receivedAt, first, submission } of returns) {
        const cells = submission === null ? [] : ((await tx.query(cellsOf, [submission])) as CellStanding[]);
        const deleted = version !== null && !cells.length;
        const indicators = deleted ? null : standingsOfReturn(dataset, cells);
        standings.push({
          authority,
          version,
          receivedAt,
          late: isLate(round.due, first, this.clock.now()),
          indicators,
        });
      }
      return standings;
    });
  }
}

const cellsOf = `select s.key as series, c.kind = 0 as counted, c.kind = 0 and c.value = 0 as nil
  from intake.cell c join registry.series s on s.id = c.series_id where c.submission_id = $1`;
