import { Inject } from '@nestjs/common';
import { Args, Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { asksFor, CONFIG, type Config } from '@hub/platform';
import { viewOfPublication } from '@hub/publications';
import { RegionView, RegistryKeys } from '@hub/registry';
import { indicatorOf, purposeArgument } from './arguments';
import { coverageInWords } from './benchmarks.view';
import { changeInWords, changesExplained, changesInWords } from './domain';
import { MondayService, type MondayPart } from './monday.service';
import { MondayView } from './monday.view';
import { viewOfPatterns } from './patterns.resolver';
import { noteViewOf } from './remarks/notes.view';

@Resolver(() => RegionView)
export class MondayResolver {
  constructor(
    private readonly service: MondayService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => [MondayView], {
    nullable: true,
    description:
      'What a lead looks at first, of the newest period of each dataset; beside `rounds`, which says who has not sent. Empty before anything is published.',
  })
  async monday(
    @Parent() region: RegionView,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MondayView[]> {
    const reading = { region: region.code, purpose, notes: asksFor(info, 'notes') };
    const notesOf =
      ({ newest: { notes } }: MondayPart) =>
      (indicator: string, authority: string | null) =>
        notes.about(indicator, authority).map((note) => noteViewOf(note, this.keys, this.config));
    return (await this.service.monday(member, reading)).map((part) => ({
      publication: viewOfPublication(this.config.hubId, part.newest.publication, reading),
      compared: part.compared,
      atDate: part.atDate,
      expected: part.expected,
      remark: changesInWords(part),
      explained: changesExplained(part),
      changes: part.changes.map((one) => ({
        authority: this.keys.authority(one.authority),
        indicator: indicatorOf(one.indicator),
        change: one.change,
        value: one.value,
        coverage: coverageInWords(one.coverage),
        text: changeInWords(one),
        questions: one.indicator.challenge ?? [],
        notes: notesOf(part)(one.indicator.code, one.authority),
      })),
      patterns: part.patterns && viewOfPatterns(part.patterns, (code) => this.keys.authority(code), notesOf(part)),
      gaps: part.patterns?.gaps ?? [],
      handling: part.newest.publication.share.handling,
    }));
  }
}
