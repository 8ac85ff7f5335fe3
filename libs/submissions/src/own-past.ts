import { Inject, Injectable } from '@nestjs/common';
import { rules } from '@hub/contracts';
import { type AuthorityCode, CLOCK, type Clock, type Edition, monthsIn, type Period } from '@hub/kernel';
import { shareName, type Tx } from '@hub/platform';
import { populationOf, REGISTRY, RegistryKeys, type Registry } from '@hub/registry';
import {
  periodsRefreshed,
  takesRefresh,
  type CellKind,
  type PayloadHead,
  type RoundTimes,
  type Standing,
} from './domain';
import { roundLock } from './intake.store';
import { cellKindOf } from './submission-rows';

/** What a return is held against of the authority's own, and what of it the return may change. */
export interface OwnPast {
  readonly previous: ReadonlyMap<string, bigint>;
  readonly history: ReadonlyMap<string, readonly bigint[]>;
  readonly refreshable: ReadonlyMap<string, Standing>;
  /** The round of each of these periods. */
  readonly rounds: ReadonlyMap<string, string>;
}

interface Row {
  period: string;
  until: string;
  key: string;
  kind: number;
  value: string | null;
}
type Cells = Map<string, { readonly kind: CellKind; readonly value?: bigint }>;

/** Reads an authority's own earlier returns, and nobody else's. */
@Injectable()
export class OwnPastReader {
  constructor(
    private readonly keys: RegistryKeys,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The own figures of the period before, the totals of the last periods of the same length, and the same for each earlier
   * period that the return refreshes and may.
   * @param regionId  where its rounds are; null for an authority's own dataset, which has none
   */
  async read(tx: Tx, head: PayloadHead, period: Period, regionId: number | null): Promise<OwnPast> {
    const named = regionId === null ? [] : periodsRefreshed(head.body, period);
    const rounds = regionId === null ? new Map<string, string>() : await this.offered(tx, regionId, head, named);
    const refreshed = named.filter(({ text }) => rounds.has(text));
    const rows = await this.rows(tx, head, period, refreshed);
    const seen = rows.filter(({ kind }) => kind === 0);
    return {
      ...pastOf(seen, period),
      rounds,
      refreshable: new Map(
        refreshed.map((earlier) => [
          earlier.text,
          {
            ...pastOf(seen, earlier),
            ...this.childrenIn(head.authority, earlier),
            cells: cellsOf(rows, earlier),
          },
        ]),
      ),
    };
  }

  private childrenIn(authority: AuthorityCode, period: Period): { readonly children?: number } {
    const children = populationOf(this.registry, authority, period);
    return children === undefined ? {} : { children };
  }

  /** Of the periods those whose round in the region takes a refresh, and its id. */
  private async offered(
    tx: Tx,
    regionId: number,
    { dataset }: PayloadHead,
    named: readonly Period[],
  ): Promise<Map<string, string>> {
    if (!named.length) return new Map();
    // A lead may be taking a step with one of them at this moment.
    for (const { text } of named) await shareName(tx, roundLock(regionId, dataset.code, text));
    const rounds = (await tx.query(
      `select id, period, state, edition, opens::text, closes::text, closed_early_at as "closedEarlyAt", check_until::text as "checkUntil"
       from rounds.round where region_id = $1 and dataset = $2 and dataset_version = $3 and period = any($4::text[])`,
      [regionId, dataset.code, dataset.version, named.map(({ text }) => text)],
    )) as (RoundTimes & { id: string; period: string; edition: Edition })[];
    const now = this.clock.now();
    return new Map(rounds.filter((round) => takesRefresh(round, now)).map(({ period, id }) => [period, id]));
  }

  /** Of what is refreshed everything, of the periods before these and the return's the counts, of others the totals; the newest first. */
  private async rows(tx: Tx, head: PayloadHead, period: Period, refreshed: readonly Period[]): Promise<Row[]> {
    // An earlier period of the year looks back as far as this one does.
    const months = rules().queries[1].periods * monthsIn[period.kind] + (refreshed.length ? 12 : 0);
    return (await tx.query(
      `select b.period, b.period_until::text as until, s.key, c.kind, c.value from intake.submission b
         join intake.cell c on c.submission_id = b.id join registry.series s on s.id = c.series_id
       where b.authority_id = $1 and b.dataset = $2 and b.state = 'accepted' and b.period_kind = $4
         and b.period_until <= $3 and b.period_from >= $3::date - make_interval(months => $5::int)
         and (b.period = any($7::text[]) or c.kind = 0 and (b.period_until = any($6::date[]) or position('|' in s.key) = 0))
       order by b.period_from desc`,
      [
        this.keys.authorityId(head.authority),
        head.dataset.code,
        period.from,
        period.kind,
        months,
        [period, ...refreshed].map(({ from }) => from),
        refreshed.map(({ text }) => text),
      ],
    )) as Row[];
  }
}

/** Counts as they are seen from a period: those of the one just before, and of all before, the newest first. */
function pastOf(rows: readonly Row[], { from }: Period): Pick<OwnPast, 'previous' | 'history'> {
  const previous = new Map<string, bigint>();
  const history = new Map<string, bigint[]>();
  for (const { until, key, value } of rows) {
    if (until > from) continue;
    if (until === from) previous.set(key, BigInt(value!));
    const values = history.get(key);
    if (values) values.push(BigInt(value!));
    else history.set(key, [BigInt(value!)]);
  }
  return { previous, history };
}

function cellsOf(rows: readonly Row[], { text }: Period): Cells {
  const cells: Cells = new Map();
  for (const { period, key, kind, value } of rows) {
    if (period !== text) continue;
    cells.set(key, { kind: cellKindOf(kind), ...(value === null ? {} : { value: BigInt(value) }) });
  }
  return cells;
}
