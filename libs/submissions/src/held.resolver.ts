import { Inject } from '@nestjs/common';
import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import {
  AuthorityView,
  CATALOGUE,
  datasetOf,
  IndicatorView,
  RegistryKeys,
  type Catalogue,
  SERIES_KEY,
  DATASET_CODE,
} from '@hub/registry';
import { HeldService } from './held.service';
import { RoundView } from './rounds.view';

@ObjectType('HeldTable', { description: 'An indicator, or a breakdown of it, that could not be protected; no figure.' })
export class HeldTableView {
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, {
    nullable: true,
    description: 'Code of the dimension of the breakdown; null: the indicator itself.',
  })
  dimension: string | null;
  @Field(() => Boolean, { description: 'Whether its categories may be taken together.' }) coarser: boolean;
  @Field(() => Boolean, { description: 'Whether four quarters of it may be published together.' })
  fourQuarters: boolean;
}

@ObjectType('HeldHelp', { description: 'What of a round is held and what would help, in plain words; no figure.' })
export class HeldHelpView {
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => [HeldTableView], { description: 'What could not be protected; empty where no table can be named.' })
  tables: HeldTableView[];
  @Field(() => Boolean, { description: 'Whether a later edition of it may come: this one is not the final one.' })
  nextEdition: boolean;
  @Field(() => [String], {
    description: 'What would help, a sentence or two for each table; where none can be named, why the round is held.',
  })
  words: string[];
}

@ObjectType('HeldCells', {
  description: 'Own counts of a held round that could not be protected; nobody else is told of them.',
})
export class HeldCellsView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => [String], { description: SERIES_KEY }) series: string[];
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
    description:
      'What is held and what would help: for the region’s leads, null for anybody else and while the round is not held.',
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
    description:
      'Own counts that could not be protected: for those who act for an authority, null for anybody else and while the round is not held.',
  })
  async heldCells(@Parent() { row }: RoundView, @Me() member: Member | null): Promise<HeldCellsView[] | null> {
    const cells = await this.service.cells(member, row);
    return (
      cells &&
      [...cells].map(([code, series]) => ({
        authority: this.keys.authority(code),
        series: [...series],
      }))
    );
  }
}
