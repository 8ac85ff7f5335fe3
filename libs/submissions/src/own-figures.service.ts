import { Inject, Injectable } from '@nestjs/common';
import { ofAnAuthority, someoneOf, type Member } from '@hub/identity';
import { CLOCK, parsePeriod, periodsUntil, Refusal, type Clock, type Period } from '@hub/kernel';
import { startOf, type Tx } from '@hub/platform';
import {
  CATALOGUE,
  datasetOf,
  populationOf,
  REGISTRY,
  RegistryKeys,
  versionsOf,
  type Catalogue,
  type Dataset,
  type Registry,
} from '@hub/registry';
import { indicatorsWanted, ownSeries, type OwnBreakdown, type OwnSeries } from './domain';
import { IntakeStore } from './intake.store';
import { commentsOf, recordOwnLook, returnedCells } from './own-returns.service';

/** How many earlier periods are shown unless somebody says otherwise: with the newest of quarters a year and one more. */
export const USUAL_BACK = 4;
export const MOST_BACK = 11;

/** Where an indicator stands in a list of them. */
export const ownCursor = (dataset: string, indicator: string): string => `${dataset} ${indicator}`;

export interface OwnAsked {
  readonly authority: string;
  readonly dataset: string;
  /** All when null. */
  readonly indicators: readonly string[] | null;
  readonly breakdown: OwnBreakdown;
  /** null: the newest of which there is a return. */
  readonly until: string | null;
  readonly back: number;
}

/** What an authority has sent, over periods, read back by those who act for it and by nobody else. No round is needed. */
@Injectable()
export class OwnFiguresService {
  constructor(
    private readonly store: IntakeStore,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The own figures of a dataset, indicator by indicator, out of the returns in use; leaves an access record where there are some.
   * @param page  `after`: the `ownCursor` of the last indicator of the page before
   * @returns one more than the page where there are more
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT for any but the own authority | DATASET_ABSENT |
   *   INDICATOR_ABSENT, of a breakdown too | PERIOD_MALFORMED | REQUEST_MALFORMED
   */
  async over(
    member: Member | null,
    asked: OwnAsked,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<OwnSeries[]> {
    const own = someoneOf(member, ofAnAuthority, asked.authority);
    const versions = versionsOf(this.catalogue, asked.dataset);
    const wanted = indicatorsWanted(versions, asked.indicators, asked.breakdown);
    const cursors = wanted.map((code) => ownCursor(asked.dataset, code));
    const rest = wanted.slice(startOf(cursors, page));
    if (asked.back < 0 || asked.back > MOST_BACK)
      throw new Refusal('REQUEST_MALFORMED', { expected: `back from 0 to ${MOST_BACK}` });
    const until = asked.until === null ? null : periodOfKind(asked.until, versions[0]);
    const authorityId = this.keys.authorityId(asked.authority);
    return this.store.as(own, async (tx) => {
      const end = until ?? (await this.newestPeriod(tx, authorityId, asked.dataset));
      if (!end) return [];
      const periods = periodsUntil(end, asked.back + 2);
      const returns = await this.returns(tx, authorityId, asked, periods);
      if (!returns.length) return [];
      const { authority, dataset } = asked;
      await recordOwnLook(tx, own, { authority, authorityId, dataset, period: end.text, at: this.clock.now() });
      const texts = periods.map(({ text }) => text);
      return ownSeries(versions, texts, returns, rest, asked.breakdown).slice(0, page.limit + 1);
    });
  }

  private async newestPeriod(tx: Tx, authorityId: number, dataset: string): Promise<Period | undefined> {
    const [row] = (await tx.query(
      `select period from intake.submission where authority_id = $1 and dataset = $2 and state = 'accepted'
       order by period_from desc limit 1`,
      [authorityId, dataset],
    )) as { period: string }[];
    return row && parsePeriod(row.period);
  }

  private async returns(tx: Tx, authorityId: number, { authority, dataset }: OwnAsked, periods: readonly Period[]) {
    const found = (await tx.query(
      `select id, period, version, dataset_version as "datasetVersion" from intake.submission
       where authority_id = $1 and dataset = $2 and state = 'accepted' and period = any($3::text[])`,
      [authorityId, dataset, periods.map(({ text }) => text)],
    )) as { id: string; period: string; version: number; datasetVersion: string }[];
    const ids = found.map(({ id }) => id);
    const [cells, comments] = await Promise.all([returnedCells(tx, ids), commentsOf(tx, ids)]);
    return found.map(({ id, period, version, datasetVersion }) => ({
      ...{ period, version, cells: cells.get(id) ?? [], dataset: datasetOf(this.catalogue, dataset, datasetVersion) },
      children: populationOf(this.registry, authority, parsePeriod(period)),
      comments: new Map((comments.get(id) ?? []).map(({ indicator, text }) => [indicator, text])),
    }));
  }
}

/** @throws Refusal PERIOD_MALFORMED for another length than that of the dataset's returns too */
function periodOfKind(text: string, { frequency }: Dataset): Period {
  const period = parsePeriod(text);
  if (period.kind !== frequency) throw new Refusal('PERIOD_MALFORMED', { expected: `a ${frequency}` });
  return period;
}
