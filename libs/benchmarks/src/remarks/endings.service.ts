import { Inject, Injectable } from '@nestjs/common';
import { decideAsLead, someoneAs, type HeldRole, type Member, type Role } from '@hub/identity';
import { CLOCK, parseOpenWords, Refusal, type Clock } from '@hub/kernel';
import { DeskStore, newId } from '@hub/platform';
import { RegistryKeys, seriesKey } from '@hub/registry';
import { PatternsService, type PatternsAnswer } from '../patterns.service';
import { Endings, seriesOfPattern, type Ending, type Pattern, type PatternEnd } from '../domain';
import type { Place, Reading } from '../look';

/** Who tells how a pattern ended. */
const settlers: readonly Role[] = ['regional-lead', 'board-chair'];

export interface EndingSaid extends Place {
  readonly period: string;
  /** Null: the region. */
  readonly authority: string | null;
  readonly end: PatternEnd;
  readonly reason: string;
}

/** What came of something unusual. */
@Injectable()
export class EndingsService {
  constructor(
    private readonly unusual: PatternsService,
    private readonly desk: DeskStore,
    private readonly keys: RegistryKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Tells how a pattern ended that stands on the list of a period; what was told before stays behind it.
   * @returns the answer with that pattern alone, as its reader sees it
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | REGION_ABSENT | LEAD_OWN_AUTHORITY | PATTERN_ABSENT |
   *   REQUEST_MALFORMED | WORDS_REFUSED, and as `patterns`
   */
  async end(member: Member | null, reading: Reading, said: EndingSaid): Promise<PatternsAnswer> {
    const settler = someoneAs(member, settlers);
    const held = heldFor(settler, reading.region, said.authority);
    if (said.authority !== null) decideAsLead(settler, [said.authority]);
    const reason = parseOpenWords(said.reason, undefined, '/reason');
    const { answer, pattern } = await this.find(settler, reading, said);
    const ending: Ending = {
      series: seriesOfPattern(pattern),
      authority: pattern.authority,
      rule: pattern.rule,
      direction: pattern.direction,
      since: pattern.since,
      until: pattern.period,
      end: said.end,
      reason,
      role: held.role,
      of: held.of,
      at: this.clock.now(),
    };
    await this.desk.as(settler, (tx) =>
      tx.query(
        `insert into remarks.ending (id, region_id, series_id, authority_id, rule, direction, since, until, ended_as, reason,
           written_by, role, organisation, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          newId(),
          this.keys.regionId(reading.region),
          this.keys.seriesId(ending.series),
          ending.authority === null ? null : this.keys.authorityId(ending.authority),
          ending.rule,
          ending.direction,
          ending.since,
          ending.until,
          ending.end,
          reason,
          settler.id,
          ending.role,
          ending.of,
          ending.at,
        ],
      ),
    );
    return { ...answer, patterns: [pattern], endings: new Endings([ending, ...answer.endings.of(pattern)]) };
  }

  /** @throws Refusal PATTERN_ABSENT | INDICATOR_ABSENT */
  private async find(
    member: Member,
    reading: Reading,
    { period, indicator, categories, authority }: EndingSaid,
  ): Promise<{ answer: PatternsAnswer; pattern: Pattern }> {
    const answer = await this.unusual.patterns(member, reading, { dataset: null, only: [indicator] }, period);
    const series = seriesKey(indicator, categories, 'count');
    const pattern = answer?.patterns.find((one) => seriesOfPattern(one) === series && one.authority === authority);
    if (!answer || !pattern) throw new Refusal('PATTERN_ABSENT');
    return { answer, pattern };
  }
}

/**
 * The role in which somebody settles what is unusual there: a lead of the region, or a chair for an area of the own board.
 * @throws Refusal REGION_ABSENT for who is neither in that region; NOT_FOR_THIS_ROLE for a chair of other areas
 */
function heldFor(member: Member, region: string, authority: string | null): HeldRole {
  const there = member.roles.filter(({ role, regions }) => settlers.includes(role) && regions.includes(region));
  if (!there.length) throw new Refusal('REGION_ABSENT');
  const held = there.find(
    ({ role, authorities }) => role === 'regional-lead' || (authority !== null && authorities.includes(authority)),
  );
  if (!held)
    throw new Refusal('NOT_FOR_THIS_ROLE', { expected: 'regional-lead, or the chair of a board over that area' });
  return held;
}
