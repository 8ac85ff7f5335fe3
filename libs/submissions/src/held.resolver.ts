import { Inject, Injectable } from '@nestjs/common';
import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RefusalCode } from '@hub/contracts';
import { Me, worksFor, type Member } from '@hub/identity';
import { ReaderStore } from '@hub/platform';
import { helpFor, type HeldHelp } from '@hub/publications/domain';
import { AuthorityView, CATALOGUE, datasetOf, IndicatorView, RegistryKeys, type Catalogue } from '@hub/registry';
import { IntakeStore } from './intake.store';
import type { RoundEntity } from './round.entity';
import { RoundView } from './rounds.resolver';
import { RoundsService } from './rounds.service';

@ObjectType('HeldTable', { description: 'An indicator, or a breakdown of it, that could not be protected; no figure.' })
export class HeldTableView {
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => String, { nullable: true, description: 'Of the breakdown; null: the indicator itself.' })
  dimension: string | null;
  @Field(() => Boolean, { description: 'Whether its categories may be taken together.' }) coarser: boolean;
  @Field(() => Boolean, { description: 'Whether four quarters of it may be published together.' })
  fourQuarters: boolean;
}

@ObjectType('HeldHelp', { description: 'What of a round is held and what would help, in plain words; no figure.' })
export class HeldHelpView {
  @Field(() => String) dataset: string;
  @Field(() => [HeldTableView]) tables: HeldTableView[];
  @Field(() => Boolean, { description: 'Whether a later edition of it may come.' }) nextEdition: boolean;
  @Field(() => [String]) words: string[];
}

@ObjectType('HeldCells', {
  description: 'Own counts of a held round that could not be protected; nobody else is told of them.',
})
export class HeldCellsView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => [String], { description: '`RF01|source=police#count`' }) series: string[];
}

/** What is known of a held round, and to whom. */
@Injectable()
export class HeldService {
  constructor(
    private readonly reader: ReaderStore,
    private readonly intake: IntakeStore,
    private readonly rounds: RoundsService,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @returns null for anybody but the region's leads, and while the round is not held */
  async help(member: Member | null, round: RoundEntity): Promise<HeldHelp | null> {
    if (round.heldBecause === null || !this.rounds.isLeadOf(member, round.regionId)) return null;
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

@Resolver(() => RoundView)
export class HeldResolver {
  constructor(
    private readonly service: HeldService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @ResolveField(() => HeldHelpView, {
    nullable: true,
    description: 'What is held and what would help: for the region’s leads, null for anybody else.',
  })
  async heldHelp(@Parent() { row }: RoundView, @Me() member: Member | null): Promise<HeldHelpView | null> {
    const help = await this.service.help(member, row);
    if (!help) return null;
    const { indicators } = datasetOf(this.catalogue, row.dataset, row.datasetVersion);
    const named = (code: string) => ({ code, name: indicators.find((one) => one.code === code)!.name });
    return {
      ...help,
      words: [...help.words],
      tables: help.tables.map((one) => ({ ...one, indicator: named(one.indicator) })),
    };
  }

  @ResolveField(() => [HeldCellsView], {
    nullable: true,
    description: 'Own counts that could not be protected: for those who act for an authority, null for anybody else.',
  })
  async heldCells(@Parent() { row }: RoundView, @Me() member: Member | null): Promise<HeldCellsView[] | null> {
    const cells = await this.service.cells(member, row);
    return (
      cells &&
      [...cells].map(([code, series]) => ({
        authority: { code, name: this.keys.authorityName(code) },
        series: [...series],
      }))
    );
  }
}
