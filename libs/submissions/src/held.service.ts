import { Inject, Injectable } from '@nestjs/common';
import type { RefusalCode } from '@hub/contracts';
import { RegionGate, worksFor, type Member } from '@hub/identity';
import { ReaderStore } from '@hub/platform';
import { helpFor, type HeldHelp } from '@hub/publications/domain';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import { IntakeStore } from './intake.store';
import type { RoundEntity } from './round.entity';

/** What is known of a held round, and to whom. */
@Injectable()
export class HeldService {
  constructor(
    private readonly reader: ReaderStore,
    private readonly intake: IntakeStore,
    private readonly gate: RegionGate,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @returns null for anybody but the region's leads, and while the round is not held */
  async help(member: Member | null, round: RoundEntity): Promise<HeldHelp | null> {
    if (round.heldBecause === null || !this.gate.isLedBy(member, round.regionId)) return null;
    const tables = (await this.reader.as(member, (tx) =>
      tx.query(
        `select indicator, nullif(dimension, '') as dimension from rounds.held_table where round_id = $1 order by 1, 2 nulls first`,
        [round.id],
      ),
    )) as { indicator: string; dimension: string | null }[];
    const { period, edition } = round;
    const dataset = datasetOf(this.catalogue, round.dataset, round.datasetVersion);
    return helpFor({ because: round.heldBecause as RefusalCode, dataset, period, edition, tables });
  }

  /** @returns by authority the own counts; null for those who act for none, and while the round is not held */
  async cells(member: Member | null, round: RoundEntity): Promise<ReadonlyMap<string, readonly string[]> | null> {
    const own = worksFor(member);
    if (!member || round.heldBecause === null || !own.length) return null;
    const rows = (await this.intake.as(member, (tx) =>
      tx.query(
        `select a.code as authority, s.key from intake.held_cell h join registry.authority a on a.id = h.authority_id
           join registry.series s on s.id = h.series_id
         where h.round_id = $1 and a.code = any($2::text[]) order by a.code, s.key`,
        [round.id, own],
      ),
    )) as { authority: string; key: string }[];
    const cells = new Map<string, string[]>();
    for (const { authority, key } of rows) cells.set(authority, [...(cells.get(authority) ?? []), key]);
    return cells;
  }
}
