import { Inject } from '@nestjs/common';
import { Args, ID, Info, Int, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { asksFor, CONFIG, pageOf, type Config, type Connection, afterArgument, firstArgument } from '@hub/platform';
import { PublicationsReader } from '@hub/publications';
import { RegionView, RegistryKeys, PERIOD_TEXT, INDICATOR_CODE, REGION_CODE } from '@hub/registry';
import {
  againstArgument,
  backArgument,
  breakdownArgument,
  categoriesOf,
  datasetArgument,
  indicatorsArgument,
  purposeArgument,
} from './arguments';
import { BenchmarkViews, shownOf } from './benchmark.views';
import { BenchmarksService } from './benchmarks.service';
import { BenchmarkConnection, BenchmarkView, CategoryInput, flagName, FunnelView } from './benchmarks.view';
import { HistoryMeasureName, HistoryView } from './history.view';
import { funnelOf, spreadInWords, type HistoryMeasure } from './domain';
import { MOST_BACK } from './looks.service';
import { noteViewOf } from './remarks/notes.view';

@Resolver(() => RegionView)
export class BenchmarksResolver {
  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly reader: PublicationsReader,
    private readonly keys: RegistryKeys,
    private readonly views: BenchmarkViews,
  ) {}

  @Query(() => RegionView, {
    nullable: true,
    description:
      'A region that the caller belongs to, or that an agreement in force opens to them; null and REGION_ABSENT for any other, existing or not.',
  })
  async region(
    @Args('code', { type: () => ID, description: REGION_CODE }) code: string,
    @Me() member: Member | null,
  ): Promise<RegionView> {
    await this.reader.enter(member, code);
    return { code, name: this.keys.regionName(code) };
  }

  /** From a gateway: as tight as the front door, for guards do not run here. */
  @ResolveReference()
  async resolveReference(reference: { code?: unknown }, context: { member: Member | null }): Promise<RegionView> {
    // Nothing has checked the form of a representation: only a text is a code.
    if (typeof reference.code !== 'string') throw new Refusal('REGION_ABSENT');
    return this.region(reference.code, context.member);
  }

  @ResolveField(() => BenchmarkView, {
    nullable: true,
    description:
      'One indicator, or one category of it, in the current publication of the period; null and NOTHING_PUBLISHED where there is none, with since when one is withdrawn.',
  })
  async benchmark(
    @Parent() region: RegionView,
    @Args('indicator', { description: INDICATOR_CODE }) indicator: string,
    @Args('period', { description: PERIOD_TEXT }) period: string,
    @Args('breakdown', breakdownArgument) breakdown: CategoryInput[] | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Args('back', backArgument) back: number | null,
    @Args('against', againstArgument) against: string | null,
    @Me() member: Member | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BenchmarkView> {
    const reading = {
      region: region.code,
      purpose,
      notes: asksFor(info, 'notes'),
      commentary: asksFor(info, 'commentary'),
      gaps: asksFor(info, 'gaps'),
    };
    const answer = await this.benchmarks.benchmark(
      member,
      reading,
      { indicator, categories: categoriesOf(breakdown) },
      period,
      { back: back ?? null, against: against ?? null },
    );
    return this.views.one(answer, reading);
  }

  @ResolveField(() => BenchmarkConnection, {
    nullable: true,
    description:
      'All indicators of a period, in the order of the dataset: a heat table; with one authority its spine. What no agreement covers is left out; null and NOTHING_PUBLISHED where nothing of the period is published.',
  })
  async benchmarkTable(
    @Parent() region: RegionView,
    @Args('period', { description: PERIOD_TEXT }) period: string,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('indicators', indicatorsArgument) only: string[] | null,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description:
        'Code of an authority: this one alone, beside the region; all when absent. AUTHORITY_ABSENT for one that is not of the region in that period.',
    })
    authority: string | null,
    @Args('breakdown', {
      ...breakdownArgument,
      description: 'One category: of the indicators that are broken down so. Totals when absent.',
    })
    breakdown: CategoryInput[] | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Args('back', backArgument) back: number | null,
    @Args('against', againstArgument) against: string | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<BenchmarkView>> {
    const page = pageOf(first, after, 'datasetAndIndicator');
    const reading = {
      region: region.code,
      purpose,
      notes: asksFor(info, 'notes'),
      commentary: asksFor(info, 'commentary'),
      gaps: asksFor(info, 'gaps'),
    };
    const found = await this.benchmarks.benchmarks(
      member,
      reading,
      {
        dataset: dataset ?? null,
        only: only ?? null,
        categories: categoriesOf(breakdown),
        authority: authority ?? null,
      },
      period,
      { back: back ?? null, against: against ?? null },
      page,
    );
    return this.views.table(found, page, reading, authority ?? null);
  }

  @ResolveField(() => HistoryView, {
    nullable: true,
    description:
      'One indicator until a period, each authority and the region as a control chart; null and NOTHING_PUBLISHED where nothing of all its periods is published.',
  })
  async history(
    @Parent() region: RegionView,
    @Args('indicator', { description: INDICATOR_CODE }) indicator: string,
    @Args('period', { description: 'The newest period, such as `2025-Q4`.' }) period: string,
    @Args('breakdown', breakdownArgument) breakdown: CategoryInput[] | null,
    @Args('back', { ...backArgument, description: `How many periods before it, 23 when absent, ${MOST_BACK} at most.` })
    back: number | null,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description:
        'Code of an authority: this one alone, beside the region; all when absent. AUTHORITY_ABSENT for one that is not of the region in these periods.',
    })
    authority: string | null,
    @Args('measure', { type: () => HistoryMeasureName, nullable: true, description: 'AS_PUBLISHED when absent.' })
    measure: HistoryMeasure | null,
    @Args('screenOutliers', {
      type: () => Boolean,
      nullable: true,
      description: 'Leaves moving ranges over 3.267 average ones out once, as some tools do; when absent all count.',
    })
    screenOutliers: boolean | null,
    @Args('fixAfter', {
      type: () => Int,
      nullable: true,
      description:
        'Mean and limits out of the first so many points, 12 to 36; out of all when absent, and where there are fewer.',
    })
    fixAfter: number | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<HistoryView> {
    if (fixAfter !== null && fixAfter !== undefined && (fixAfter < 12 || fixAfter > MOST_BACK))
      throw new Refusal('REQUEST_MALFORMED', { expected: `fixAfter from 12 to ${MOST_BACK}` });
    const reading = { region: region.code, purpose, notes: asksFor(info, 'notes'), gaps: asksFor(info, 'gaps') };
    const answer = await this.benchmarks.history(
      member,
      reading,
      { indicator, categories: categoriesOf(breakdown) },
      period,
      { back: back ?? 23, measure: measure ?? 'as-published', authority: authority ?? null },
      { screenOutliers: screenOutliers ?? false, ...(fixAfter ? { fixAfter } : {}) },
    );
    const asked = {
      isCharted: asksFor(info, 'mean', 'control', 'signal', 'isTrial', 'choices'),
      isRecent: asksFor(info, 'recent'),
    };
    return this.views.history(answer, reading, asked);
  }
}

/** What is computed of a benchmark only when it is asked for. */
@Resolver(() => BenchmarkView)
export class FunnelResolver {
  constructor(
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => FunnelView, {
    nullable: true,
    description:
      'Which authorities differ from the region by more than chance. Null for means, for what is counted in tenths, for a total of answers of which several may be given, where the region’s value is 0 or not printed, and where no authority has a printed one.',
  })
  funnel(
    @Parent() { benchmark, only, noted }: BenchmarkView,
    @Args('widened', {
      type: () => Boolean,
      nullable: true,
      description:
        'Allows for what differs between authorities beyond chance (additive overdispersion); false when absent.',
    })
    widened: boolean | null,
  ): FunnelView | null {
    const funnel = funnelOf(benchmark, widened ?? false);
    return (
      funnel && {
        ...funnel,
        authorities: shownOf(funnel, only).map((one) => ({
          ...one,
          authority: this.keys.authority(one.authority),
          flag: flagName(one.flag),
          notes: noted
            .about(benchmark.indicator.code, one.authority)
            .map((note) => noteViewOf(note, this.keys, this.config)),
        })),
        curve: [...funnel.curve],
        remark: spreadInWords(funnel),
      }
    );
  }
}
