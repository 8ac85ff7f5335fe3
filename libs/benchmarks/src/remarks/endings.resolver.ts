import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { CONFIG, type Config } from '@hub/platform';
import { RegistryKeys, INDICATOR_CODE } from '@hub/registry';
import { breakdownArgument, categoriesOf, purposeArgument } from '../arguments';
import { viewOfPatterns } from '../patterns.resolver';
import { CategoryInput } from '../benchmarks.view';
import { PatternView } from '../history.view';
import type { PatternEnd } from '../domain';
import { EndingsService } from './endings.service';
import { PatternEndName } from './endings.view';
import { noteViewOf } from './notes.view';

@Resolver(() => PatternView)
export class EndingsResolver {
  constructor(
    private readonly endings: EndingsService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Mutation(() => PatternView, {
    nullable: true,
    description:
      'Tells how a pattern on the list of a period ended, and why, by a lead of the region or, for an area of the own board, by its chair. It stands for that region alone, beside what was told before.',
  })
  async endPattern(
    @Args('region', { type: () => ID, description: 'The region, by its code.' }) region: string,
    @Args('period', { description: 'The period on whose list the pattern stands, such as `2025-Q1`.' }) period: string,
    @Args('indicator', { description: INDICATOR_CODE }) indicator: string,
    @Args('breakdown', breakdownArgument) breakdown: CategoryInput[] | null,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description: 'Whose line it is, by its code; the region’s when absent.',
    })
    authority: string | null,
    @Args('end', { type: () => PatternEndName, description: 'What comes of it.' }) end: PatternEnd,
    @Args('reason', {
      description: 'In plain words, 1 to 2,000 characters, without numbers of children, names or families.',
    })
    reason: string,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
  ): Promise<PatternView> {
    const said = { period, indicator, categories: categoriesOf(breakdown), authority: authority ?? null, end, reason };
    const answer = await this.endings.end(member, { region, purpose, notes: true }, said);
    const { all } = viewOfPatterns(
      answer,
      (code) => this.keys.authority(code),
      (of, whose) => answer.newest.notes.about(of, whose).map((note) => noteViewOf(note, this.keys, this.config)),
    );
    return all[0]!;
  }
}
