import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { breakdownIn, CATALOGUE, datasetOf, RegistryKeys, type Catalogue } from '@hub/registry';
import { OwnReturnsService } from './own-returns.service';
import { OwnCheckView, OwnReturnView } from './own-returns.view';
import { RoundView } from './rounds.view';

@Resolver(() => RoundView)
export class OwnReturnsResolver {
  constructor(
    private readonly own: OwnReturnsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @ResolveField(() => [OwnReturnView], {
    nullable: true,
    description:
      'How the own return stands, indicator by indicator: for those who act for an authority of the round, null for anybody else.',
  })
  async mine(@Parent() round: RoundView, @Me() member: Member | null): Promise<OwnReturnView[] | null> {
    const returns = await this.own.inRound(member, round.row);
    const dataset = datasetOf(this.catalogue, round.row.dataset, round.row.datasetVersion);
    const names = new Map(dataset.indicators.map(({ code, name }) => [code, name]));
    return (
      returns &&
      returns.map((one) => ({
        ...one,
        authority: this.keys.authority(one.authority),
        names,
        indicators:
          one.indicators &&
          one.indicators.map(({ indicator: code, expected, ...rest }) => ({
            ...rest,
            indicator: { code, name: names.get(code) ?? null },
            expected: [...expected],
          })),
      }))
    );
  }
}

@Resolver(() => OwnReturnView)
export class OwnReturnFieldsResolver {
  constructor(private readonly own: OwnReturnsService) {}

  @ResolveField(() => OwnCheckView, {
    nullable: true,
    description:
      'What is looked at in the check window; null while there is no return. Looking leaves a record in `accesses`.',
  })
  async check(
    @Parent() { submission, names }: OwnReturnView,
    @Me() member: Member | null,
  ): Promise<OwnCheckView | null> {
    const found = submission === null ? null : await this.own.check(member, submission);
    if (!found) return null;
    const named = <T extends { indicator: string; categories?: Readonly<Record<string, string>> }>(one: T) => ({
      ...one,
      indicator: { code: one.indicator, name: names.get(one.indicator) ?? null },
      ...breakdownIn(one.categories),
    });
    return {
      ...found,
      figures: found.figures && found.figures.map(named),
      answers: found.answers.map(named),
      commentary: found.commentary.map(named),
      changes: found.changes && found.changes.map(named),
    };
  }
}
