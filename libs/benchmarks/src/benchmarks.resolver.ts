import { Inject, ParseArrayPipe } from '@nestjs/common';
import { Args, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { PurposeName, type Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { CONFIG, type Config } from '@hub/platform';
import { PublicationsReader, viewOfPublication } from '@hub/publications';
import { RegionView, RegistryKeys } from '@hub/registry';
import { BenchmarksService } from './benchmarks.service';
import { BenchmarkView, CategoryInput } from './benchmarks.view';

/** The form of each category; whether there is such a one is the dataset's to say. */
const categoryInputs = new ParseArrayPipe({
  items: CategoryInput,
  optional: true,
  exceptionFactory: () => new Refusal('REQUEST_MALFORMED', { expected: 'codes such as source and police' }),
});

@Resolver(() => RegionView)
export class BenchmarksResolver {
  constructor(
    private readonly benchmarks: BenchmarksService,
    private readonly reader: PublicationsReader,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => RegionView, {
    nullable: true,
    description:
      'A region that the caller belongs to, or that an agreement in force opens to them; null and REGION_ABSENT for any other, existing or not.',
  })
  async region(@Args('code', { type: () => ID }) code: string, @Me() member: Member | null): Promise<RegionView> {
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
      'One indicator, or one category of it, in the current publication of the period; null before there is one.',
  })
  async benchmark(
    @Parent() region: RegionView,
    @Args('indicator') indicator: string,
    @Args('period') period: string,
    @Args('breakdown', { type: () => [CategoryInput], nullable: true }, categoryInputs)
    breakdown: CategoryInput[] | null,
    @Args('purpose', { type: () => PurposeName, nullable: true, description: 'REGIONAL_BENCHMARKING when absent.' })
    purpose: Purpose | null,
    @Me() member: Member | null,
  ): Promise<BenchmarkView | null> {
    const categories = Object.fromEntries((breakdown ?? []).map((one) => [one.dimension, one.category]));
    if (Object.keys(categories).length !== (breakdown ?? []).length) throw new Refusal('INDICATOR_ABSENT');
    const answer = await this.benchmarks.benchmark(member, region.code, indicator, period, categories, purpose);
    if (!answer) return null;
    const { benchmark, publication, presentation, shows } = answer;
    return {
      publication: viewOfPublication(this.config.hubId, publication, { region: region.code, purpose }),
      indicator: { code: benchmark.indicator.code, name: benchmark.indicator.name },
      coverage: benchmark.coverage,
      authorities: benchmark.authorities.map(({ authority, figure, rank }) => ({
        authority: authority === null ? null : { code: authority, name: this.keys.authorityName(authority) },
        figure,
        rank,
      })),
      region: benchmark.region,
      quartiles: benchmark.quartiles,
      presentation,
      handling: publication.share.handling,
      shows,
    } as BenchmarkView;
  }
}
