import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { loadEngland } from '@hub/registry';
import { BenchmarkView } from './benchmarks.view';
import { englandOf } from './domain';
import { EnglandFigureView } from './england.view';

/** A public comparator beside protected figures: read from a file, and asked of nobody. */
@Resolver(() => BenchmarkView)
export class EnglandResolver {
  private readonly figures = loadEngland();

  @ResolveField(() => EnglandFigureView, {
    nullable: true,
    description:
      'England’s published figure of the same indicator and period. Null for all but totals of years that the Department has published.',
  })
  england(@Parent() { benchmark, publication }: BenchmarkView): EnglandFigureView | null {
    return englandOf(this.figures, benchmark.indicator, benchmark.categories, publication.period);
  }
}
