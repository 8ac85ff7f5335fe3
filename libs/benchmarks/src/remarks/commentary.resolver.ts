import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { CONFIG, type Config } from '@hub/platform';
import { RegionView, RegistryKeys } from '@hub/registry';
import { purposeArgument } from '../arguments';
import { BenchmarksService } from '../benchmarks.service';
import type { CommentaryShown } from '../look';
import { CommentaryService } from './commentary.service';
import { CommentaryInput, CommentaryView, commentaryViewOf } from './commentary.view';

@Resolver(() => RegionView)
export class CommentaryResolver {
  constructor(
    private readonly said: CommentaryService,
    private readonly benchmarks: BenchmarksService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => [CommentaryView], {
    nullable: true,
    description:
      'What is said of the indicators of a period, as far as the reader may see them; null and NOTHING_PUBLISHED where nothing of it is published.',
  })
  async commentary(
    @Parent() region: RegionView,
    @Args('period') period: string,
    @Args('indicator', { type: () => String, nullable: true, description: 'All when absent.' })
    indicator: string | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
  ): Promise<CommentaryView[]> {
    const reading = { region: region.code, purpose };
    const said = await this.benchmarks.commentary(member, reading, indicator ?? null, period);
    return said.map((one) => this.view(one));
  }

  @Mutation(() => CommentaryView, {
    nullable: true,
    description:
      'Stands from then on beside the indicator’s figures of that period. It names figures and copies none: each reader sees of them what the publication shows them.',
  })
  async writeCommentary(@Args('input') input: CommentaryInput, @Me() member: Member | null): Promise<CommentaryView> {
    const figures = input.figures.map((one) => ({ ...one, authority: one.authority ?? null }));
    return this.view(await this.said.write(member, { ...input, figures }));
  }

  @Mutation(() => Boolean, { nullable: true, description: 'Its text is gone.' })
  async withdrawCommentary(@Args('id', { type: () => ID }) id: string, @Me() member: Member | null): Promise<boolean> {
    await this.said.withdraw(member, id);
    return true;
  }

  private view({ commentary, figures }: CommentaryShown): CommentaryView {
    return commentaryViewOf(commentary, figures, this.keys, this.config);
  }
}
