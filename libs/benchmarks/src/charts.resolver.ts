import { Args, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { NEWEST_MODEL, RegionView, type NeighbourModel } from '@hub/registry';
import { backArgument, breakdownArgument, categoriesOf, datasetArgument, purposeArgument } from './arguments';
import { MOST_BACK } from './looks.service';
import { CategoryInput } from './benchmarks.view';
import { ChartsService } from './charts.service';
import { ChartKindName, ChartView } from './charts.view';
import type { ChartKind } from './domain';
import { NeighbourModelName } from './neighbours.view';

@Resolver(() => RegionView)
export class ChartsResolver {
  constructor(private readonly charts: ChartsService) {}

  @ResolveField(() => ChartView, {
    nullable: true,
    description:
      'A chart of what is published of a period, as the reader may see it; null and NOTHING_PUBLISHED before there is anything, NOTHING_TO_DRAW with the reason where there is nothing to draw.',
  })
  async chart(
    @Parent() region: RegionView,
    @Args('kind', { type: () => ChartKindName, description: 'What it shows.' }) kind: ChartKind,
    @Args('period', { description: 'Of which period, such as `2025-Q4`; of a LINE the newest.' }) period: string,
    @Args('indicator', {
      type: () => String,
      nullable: true,
      description: 'Code of an indicator: BAR, LINE and FUNNEL need one, the others do not look at it.',
    })
    indicator: string | null,
    @Args('breakdown', {
      ...breakdownArgument,
      description:
        'Of a BAR, LINE or FUNNEL: one category, such as `source` and `police`; the total when absent. The others are of totals, and refuse it.',
    })
    breakdown: CategoryInput[] | null,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description:
        'Code of an authority: whose LINE (the region’s when absent) or SPINE, which needs it; in a BAR or FUNNEL who stands out, and is named first.',
    })
    authority: string | null,
    @Args('back', {
      ...backArgument,
      description: `Of a LINE: periods before it, 23 when absent, ${MOST_BACK} at most.`,
    })
    back: number | null,
    @Args('neighbours', {
      type: () => NeighbourModelName,
      nullable: true,
      description: 'Of a SPINE: Y2025 when absent.',
    })
    neighbours: NeighbourModel | null,
    @Args('widened', {
      type: () => Boolean,
      nullable: true,
      description: 'Of a FUNNEL: allows for what differs between authorities beyond chance; false when absent.',
    })
    widened: boolean | null,
    @Args('without', {
      type: () => [ID],
      nullable: true,
      description:
        'Codes of authorities that a BAR, FUNNEL or HEAT is drawn without, which its caption says. The table has them, and all that is counted, ranked and compared is of all.',
    })
    without: string[] | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
  ): Promise<ChartView> {
    return this.charts.chart(
      member,
      { region: region.code, purpose, notes: true },
      {
        kind,
        period,
        indicator: indicator ?? null,
        categories: categoriesOf(breakdown),
        dataset: dataset ?? null,
        authority: authority ?? null,
        back: back ?? 23,
        neighbours: neighbours ?? NEWEST_MODEL,
        widened: widened ?? false,
        without: without ?? [],
      },
    );
  }
}
