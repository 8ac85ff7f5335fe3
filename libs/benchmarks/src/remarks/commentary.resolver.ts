import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { CONFIG, type Config } from '@hub/platform';
import { RegionView, RegistryKeys, PERIOD_TEXT } from '@hub/registry';
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
    @Args('period', { description: PERIOD_TEXT }) period: string,
    @Args('indicator', {
      type: () => String,
      nullable: true,
      description: 'Code of an indicator: of this one alone; all when absent.',
    })
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
      'Says something of an indicator in a period, by an analyst or approver for the own authority or a lead for the region. It names figures and copies none: each reader sees of them what the publication shows them.',
  })
  async writeCommentary(
    @Args('input', { description: 'What it says.' }) input: CommentaryInput,
    @Me() member: Member | null,
  ): Promise<CommentaryView> {
    const figures = input.figures.map((one) => ({ ...one, authority: one.authority ?? null }));
    return this.view(await this.said.write(member, { ...input, figures }));
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description:
      'Takes a commentary of the own authority or region back: its text is gone. The answer is true, or a refusal.',
  })
  async withdrawCommentary(
    @Args('id', { type: () => ID, description: 'The id of the commentary, `com_…`.' }) id: string,
    @Me() member: Member | null,
  ): Promise<boolean> {
    await this.said.withdraw(member, id);
    return true;
  }

  private view({ commentary, figures }: CommentaryShown): CommentaryView {
    return commentaryViewOf(commentary, figures, this.keys, this.config);
  }
}
