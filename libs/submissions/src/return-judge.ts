import { Inject, Injectable } from '@nestjs/common';
import { decideAmong, permitOrThrow, type Agreement, type AgreementRef } from '@hub/agreements';
import type { Role } from '@hub/identity';
import {
  CLOCK,
  londonDate,
  parseAuthorityCode,
  Refusal,
  type Clock,
  type Finding,
  type OfferedAnswer,
  type Period,
} from '@hub/kernel';
import { shareName, type Tx } from '@hub/platform';
import {
  CATALOGUE,
  datasetOf,
  isAggregated,
  populationOf,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import {
  assertFresh,
  assertNotOlder,
  limits,
  nationalRanges,
  signedAt,
  takesReturn,
  validate,
  type Envelope,
  type PayloadHead,
  type PrintedRange,
  type RoundTimes,
  type Validated,
} from './domain';
import { roundLock } from './intake.store';
import { OwnPastReader } from './own-past';
import { PrintedFigures } from './printed-figures';

/** What every check before the content has established. */
export interface Examined {
  readonly envelope: Envelope;
  readonly kids: readonly string[];
  /** How many of them count for its sign-off. */
  readonly signatures: number;
  /** Agencies among the signers. */
  readonly agencies: readonly string[];
  readonly head: PayloadHead;
  readonly period: Period;
}

/** What the content is worth, and where it belongs. */
export interface Judged {
  readonly validated: Validated;
  /** Null for an authority's own dataset. */
  readonly roundId: string | null;
  readonly regionId: number;
  /** Of the earlier periods that it may refresh. */
  readonly rounds: ReadonlyMap<string, string>;
  /** Whether an approver's signature is still to come. */
  readonly waits: boolean;
}

/** The agreement that a return names, and every other one about its region that all parties have signed. */
export interface AgreementsBeside {
  readonly named: Agreement;
  readonly others: readonly Agreement[];
}

/** What the hub has of the authority's return already. */
export interface Standing {
  /** The version in use, whose place the return takes; null where there is none. */
  readonly inUse: number | null;
  /** When the latest return that has come was signed, in seconds since 1970, for its period and each that it refreshes. */
  readonly latest: ReadonlyMap<string, number>;
}

/** Who may ask what a return is worth. */
export const checkers: readonly Role[] = ['authority-system', 'authority-analyst', 'authority-approver'];

/** Says what a return is worth whose signature holds: whether it may come, and what there is to find in it. */
@Injectable()
export class ReturnJudge {
  constructor(
    private readonly keys: RegistryKeys,
    private readonly printed: PrintedFigures,
    private readonly past: OwnPastReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Freshness, agreement, round, content. The findings are a function of this return, the own earlier ones, and what is
   * printed for everybody who may send for the authority.
   * @param agreements  the one that it names and those beside it; null where there is none of that name
   * @throws Refusal SUBMISSION_OLDER beside what its checks throw
   */
  async judge(
    tx: Tx,
    { envelope, signatures, agencies, head, period }: Examined,
    agreements: AgreementsBeside | null,
    { inUse, latest }: Standing,
  ): Promise<Judged> {
    const now = this.clock.now();
    assertFresh(envelope, now, limits);
    if (!agreements) throw new Refusal('AGREEMENT_NOT_IN_FORCE');
    const { named, others } = agreements;
    const authority = parseAuthorityCode(head.authority);
    const regionId = this.keys.regionId(named.document.regions[0]!);
    const question = { door: 'accept', authority, dataset: head.dataset, period, signatures, agencies } as const;
    const { signOff } = permitOrThrow(decideAmong(named, others, question, londonDate(now)));
    const own = this.catalogue.datasets.find((one) => one.code === head.dataset.code && !isAggregated(one));
    const { code, version } = head.dataset;
    const known = this.catalogue.datasets.find((one) => one.code === code && one.version === version);
    const agreementsOfIt = [named, ...others];
    const asked =
      own || !known ? null : { authority, dataset: known, period, agreements: agreementsOfIt, roles: checkers };
    // None waits for another's answer. The round comes first, for it is locked and may refuse.
    const [roundId, { rounds, ...past }, region] = await Promise.all([
      own ? this.ownReturn(own, period, now) : this.openRound(tx, regionId, head, period, now),
      this.past.read(tx, head, period, own ? null : regionId),
      asked ? this.printed.ranges(tx, asked) : new Map<string, PrintedRange>(),
    ]);
    const dataset = datasetOf(this.catalogue, code, version);
    const children = populationOf(this.registry, authority, period);
    const validated = validate(head.body, dataset, {
      period,
      threshold: named.document.disclosure.threshold,
      ...past,
      ...(own ? {} : { printed: rangesOf(region, nationalRanges(dataset, period.kind)) }),
      ...(children === undefined ? {} : { children }),
      ...(inUse === null ? {} : { replaces: inUse }),
    });
    assertNotOlder(signedAt(envelope), [period, ...validated.refreshed.map((one) => one.period)], latest);
    const offered = await this.withOffers(tx, head, period, validated);
    const validatedToo = signOff ? withSignOff(offered, signOff) : offered;
    return { validated: validatedToo, roundId, regionId, rounds, waits: signOff !== undefined };
  }

  /** Each query with what the authority itself has last answered to the same one. */
  private async withOffers(tx: Tx, head: PayloadHead, period: Period, validated: Validated): Promise<Validated> {
    if (!validated.asked.length) return validated;
    // From the newest version on until there is one for each that is asked, however many versions there are.
    const answers = (await tx.query(
      `with past as materialized (
         select id, period, period_from, version from intake.submission
         where authority_id = $1 and dataset = $2 and period_kind = $3 and period_from <= $4
           and state in ('accepted', 'superseded')
         order by period_from desc, version desc
       )
       select q.place::int, said.answer, said.text, said.period
       from unnest($5::text[], $6::int[]) with ordinality q(rule, series, place), lateral (
         select a.answer, a.text, past.period
         from past join intake.answer a on a.submission_id = past.id and a.rule = q.rule and a.series_id = q.series
         order by past.period_from desc, past.version desc limit 1) said`,
      [
        this.keys.authorityId(head.authority),
        head.dataset.code,
        period.kind,
        period.from,
        validated.asked.map(({ rule }) => rule),
        validated.asked.map(({ series }) => this.keys.seriesId(series)),
      ],
    )) as (OfferedAnswer & { place: number })[];
    const findings = validated.findings.map((finding) => {
      const place = validated.asked.findIndex(
        ({ rule, pointer }) => rule === finding.rule && pointer === finding.pointer,
      );
      const last = answers.find((one) => one.place === place + 1);
      if (finding.severity !== 'query' || !last) return finding;
      return { ...finding, offered: { answer: last.answer, text: last.text, period: last.period } };
    });
    return { ...validated, findings };
  }

  /**
   * The round that takes the return: an open one; one whose check window runs, where the return mends another; or one with an
   * exception for the authority.
   * @throws Refusal ROUND_NOT_OPEN
   */
  private async openRound(tx: Tx, regionId: number, head: PayloadHead, period: Period, now: Date): Promise<string> {
    // A lead may be closing, checking or publishing at this moment: either what is sent now is in, or it is refused.
    const locked = shareName(tx, roundLock(regionId, head.dataset.code, period.text));
    const asked = tx.query(
      `select r.id, r.state, r.opens::text, r.closes::text, r.closed_early_at as "closedEarlyAt", r.check_until::text as "checkUntil",
         r.dataset_version as "datasetVersion", s.round_id is not null as reported,
         (select max(e.until)::text from rounds.late_exception e where e.round_id = r.id and e.authority_id = $4) as until
       from rounds.round r left join rounds.return_state s on s.round_id = r.id and s.authority_id = $4
       where r.region_id = $1 and r.dataset = $2 and r.period = $3`,
      [regionId, head.dataset.code, period.text, this.keys.authorityId(head.authority)],
    ) as Promise<(RoundTimes & { id: string; datasetVersion: string; until: string | null; reported: boolean })[]>;
    const [[round]] = await Promise.all([asked, locked]);
    if (!round || !takesReturn(round, round, now)) throw new Refusal('ROUND_NOT_OPEN', { period: period.text });
    if (round.datasetVersion !== head.dataset.version) {
      throw new Refusal('ROUND_NOT_OPEN', { expected: `${head.dataset.code} ${round.datasetVersion}` });
    }
    return round.id;
  }

  /** An authority's own dataset has no rounds: it is taken once its period has ended. @throws Refusal ROUND_NOT_OPEN */
  private async ownReturn({ frequency }: Dataset, period: Period, now: Date): Promise<null> {
    if (period.kind !== frequency || period.until > londonDate(now)) {
      throw new Refusal('ROUND_NOT_OPEN', { expected: `a ${frequency} that has ended`, period: period.text });
    }
    return null;
  }
}

/** What is printed of each indicator: of the region first, then of England. */
const rangesOf = (
  region: ReadonlyMap<string, PrintedRange>,
  england: ReadonlyMap<string, PrintedRange>,
): Map<string, PrintedRange[]> =>
  new Map(
    [...new Set([...region.keys(), ...england.keys()])].map((code) => [
      code,
      [region.get(code), england.get(code)].filter((range) => range !== undefined),
    ]),
  );

/** Says that the return waits: the first finding of all, for it is about the whole. */
function withSignOff(validated: Validated, { id, version }: AgreementRef): Validated {
  const waits: Finding = {
    severity: 'note',
    rule: 'sign-off-awaited',
    pointer: '',
    message: 'The return is used nowhere until its approver has signed too.',
    expected: `a second signature over the same payload, with another key of the authority, for agreement ${id} version ${version}`,
  };
  return { ...validated, findings: [waits, ...validated.findings] };
}
