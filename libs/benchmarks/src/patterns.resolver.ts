import { Inject } from '@nestjs/common';
import { Args, ID, Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Purpose } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import {
  asksFor,
  CONFIG,
  pageOf,
  toConnection,
  type Config,
  type Connection,
  afterArgument,
  firstArgument,
} from '@hub/platform';
import { assertAuthority, RegionView, RegistryKeys, type AuthorityView, PERIOD_TEXT } from '@hub/registry';
import { datasetArgument, indicatorOf, indicatorsArgument, purposeArgument } from './arguments';
import { coverageInWords } from './benchmarks.view';
import { PatternConnection, PatternsView, Rule, type PatternView } from './history.view';
import { chanceInWords, PATTERN_CHOICES, patternInWords, ruleInWords } from './domain';
import { showsOf } from './look';
import { PatternsService, type PatternsAnswer } from './patterns.service';
import { noteViewOf, type NoteView } from './remarks/notes.view';

@Resolver(() => RegionView)
export class PatternsResolver {
  constructor(
    private readonly service: PatternsService,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => PatternsView, {
    nullable: true,
    description:
      'What is unusual at a period beside up to 23 periods before it (two years of months, six of quarters), in each authority and category that is shown, and how much of it chance would give. Null where nothing of it is shown to the reader; null and NOTHING_PUBLISHED where nothing of the period is published.',
  })
  async patterns(
    @Parent() region: RegionView,
    @Args('period', { description: PERIOD_TEXT }) period: string,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('indicators', indicatorsArgument) only: string[] | null,
    @Args('purpose', purposeArgument) purpose: Purpose | null,
    @Me() member: Member | null,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PatternsView | null> {
    const answer = await this.service.patterns(
      member,
      { region: region.code, purpose, notes: asksFor(info, 'notes'), gaps: asksFor(info, 'gaps') },
      { dataset: dataset ?? null, only: only ?? null },
      period,
    );
    const notesOf = (of: string, whose: string | null) =>
      answer!.newest.notes.about(of, whose).map((note) => noteViewOf(note, this.keys, this.config));
    return answer && viewOfPatterns(answer, (whose) => this.keys.authority(whose), notesOf);
  }
}

/** @param authorityOf  of a code; null: the region */
export const viewOfPatterns = (
  answer: PatternsAnswer,
  authorityOf: (code: string | null) => AuthorityView | null,
  notesOf: (indicator: string, authority: string | null) => NoteView[],
): PatternsView => ({
  found: answer.patterns.length,
  charts: answer.charts,
  tooShort: answer.tooShort,
  atDate: answer.atDate,
  expected: answer.expected,
  remark: chanceInWords(answer),
  choices: PATTERN_CHOICES,
  gaps: answer.gaps,
  shows: showsOf(answer.newest),
  handling: answer.newest.publication.share.handling,
  authorities: answer.newest.publication.head.authorities,
  all: answer.patterns.map((one) => ({
    authority: authorityOf(one.authority),
    indicator: indicatorOf(one.indicator),
    categories: Object.entries(one.categories).map(([dimension, category]) => ({ dimension, category })),
    signal: { rule: one.rule, meaning: one.meaning, text: ruleInWords(one) },
    since: one.since,
    text: patternInWords(one),
    value: one.value,
    coverage: coverageInWords(one.coverage),
    mean: one.mean,
    size: one.size,
    yearBefore: one.yearBefore,
    questions: one.indicator.challenge ?? [],
    notes: notesOf(one.indicator.code, one.authority),
    endings: answer.endings.of(one),
  })),
});

/** The list of patterns, page by page. */
@Resolver(() => PatternsView)
export class PatternListResolver {
  constructor(private readonly keys: RegistryKeys) {}

  @ResolveField(() => PatternConnection, {
    description: 'The largest first; what chance gives is said of all of them.',
  })
  list(
    @Parent() { all, authorities }: PatternsView,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Args('authority', {
      type: () => ID,
      nullable: true,
      description:
        'Code of an authority: of its lines alone; of all and of the region when absent. AUTHORITY_ABSENT for one that is not of the region in that period.',
    })
    authority: string | null,
    @Args('rule', {
      type: () => Rule,
      nullable: true,
      description: 'Those alone that meet this rule; all when absent.',
    })
    rule: string | null,
  ): Connection<PatternView> {
    assertAuthority(authority ?? null, [{ authorities }], this.keys);
    const page = pageOf(first, after, 'number');
    const from = page.after === null ? 0 : Number(page.after);
    const wanted = all.filter(
      (one) =>
        (authority ?? one.authority?.code) === one.authority?.code && (rule ?? one.signal.rule) === one.signal.rule,
    );
    const rows = wanted.slice(from, from + page.limit + 1).map((node, i) => ({ place: from + i + 1, node }));
    return toConnection(
      rows,
      page,
      ({ place }) => String(place),
      ({ node }) => node,
    );
  }
}
