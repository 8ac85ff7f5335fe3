import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { NEIGHBOUR_LISTS, NEWEST_MODEL, RegistryKeys, type NeighbourModel, type Neighbours } from '@hub/registry';
import type { AuthorityShown } from './benchmark.views';
import { AuthorityFigureView } from './benchmarks.view';
import { neighbourFigureOf } from './domain';
import { NeighbourFigureView, NeighbourModelName } from './neighbours.view';

/** Worked out of the answer that it stands in, where it is asked for. */
@Resolver(() => AuthorityFigureView)
export class NeighboursResolver {
  constructor(
    @Inject(NEIGHBOUR_LISTS) private readonly lists: Neighbours,
    private readonly keys: RegistryKeys,
  ) {}

  @ResolveField(() => NeighbourFigureView, {
    nullable: true,
    description:
      'The mean of its statistical neighbours. Null for one that is shown without its name, and where the model has no list: of joint returns, and of who was established after it.',
  })
  neighbours(
    @Parent() { authority, all }: AuthorityShown,
    @Args('model', { type: () => NeighbourModelName, nullable: true, description: 'Y2025 when absent.' })
    model: NeighbourModel | null,
  ): NeighbourFigureView | null {
    const nameOf = (code: string) => this.keys.authorityName(code);
    const figure = authority && neighbourFigureOf(all, authority.code, this.lists, model ?? NEWEST_MODEL, nameOf);
    return figure && { ...figure, printed: figure.printed.map((code) => ({ code, name: nameOf(code) })) };
  }
}
