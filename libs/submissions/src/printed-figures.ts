import { Inject, Injectable } from '@nestjs/common';
import { decideAmong, isCovered, type Agreement } from '@hub/agreements';
import { rules } from '@hub/contracts';
import type { Role } from '@hub/identity';
import { CLOCK, keep, londonDate, parsePeriod, type AuthorityCode, type Clock, type Period } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { populationOf, REGISTRY, RegistryKeys, type Dataset, type Registry } from '@hub/registry';
import { regionalRanges, type PrintedFigure, type PrintedRange } from './domain';

interface Head {
  readonly id: string;
  readonly version: string;
  readonly period: string;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly threshold: number;
}

const MOST_KEPT = 64;

/**
 * What is printed for the region of an authority. It reads publications and nothing else, so what a return is held against
 * tells nothing that the region does not know already; and only what each of those who may send for the authority may read,
 * so that the same return is asked the same by whomever it is sent.
 */
@Injectable()
export class PrintedFigures {
  /** A publication is frozen. That its row is seen is asked every time. */
  private readonly figures = new Map<string, readonly PrintedFigure[]>();

  constructor(
    private readonly keys: RegistryKeys,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The range of each indicator's total, by its code, in the newest current publication of an earlier period of that kind.
   * @param asked.agreements  the one that the return names, and the others about its region
   * @param asked.roles       who may send or check
   */
  async ranges(
    tx: Tx,
    asked: {
      readonly authority: AuthorityCode;
      readonly dataset: Dataset;
      readonly period: Period;
      readonly agreements: readonly Agreement[];
      readonly roles: readonly Role[];
    },
  ): Promise<ReadonlyMap<string, PrintedRange>> {
    const { authority, dataset, period, agreements, roles } = asked;
    const region = agreements[0]!.document.regions[0]!;
    const [head] = (await tx.query(
      `select id, dataset_version as version, period, threshold,
         jsonb_build_object('id', agreement_id, 'version', agreement_version) as agreement
       from release.publication
       where region_id = $1 and dataset = $2 and state = 'current' and period_kind = $3 and period_until <= $4
       order by period_from desc, number desc limit 1`,
      [this.keys.regionId(region), dataset.code, period.kind, period.from],
    )) as Head[];
    if (!head) return new Map();
    const today = londonDate(this.clock.now());
    const named = agreements.find(
      ({ document: { id, version } }) => id === head.agreement.id && version === head.agreement.version,
    );
    if (!named) return new Map();
    const others = agreements.filter((one) => one !== named);
    const earlier = parsePeriod(head.period);
    /** Whose figures of an indicator everybody who may send for the authority reads. */
    const ask = (indicator: string): 'all' | readonly string[] => {
      const permits = roles.map((role) =>
        decideAmong(
          named,
          others,
          {
            door: 'read',
            purpose: 'regional-benchmarking',
            standings: [authority, region].map((of) => ({ of, roles: [role], organisation: authority })),
            region,
            dataset: { code: dataset.code, version: head.version },
            period: earlier,
            indicator,
            breakdown: null,
            publishedUnder: { id: head.agreement.id, threshold: head.threshold },
          },
          today,
        ),
      );
      const lists = permits.map((one) =>
        one.permitted && one.presentation !== 'own-and-region' ? one.authorities! : [],
      );
      return lists.reduce((left, right) =>
        left === 'all' ? right : right === 'all' ? left : left.filter((code) => right.includes(code as AuthorityCode)),
      );
    };
    // The answer depends on the tables that cover an indicator, not on which of theirs it is: asked once for all that are alike.
    const answers = new Map<string, 'all' | readonly string[]>();
    const shown = (indicator: string) => {
      const about = {
        dataset: { code: dataset.code, version: head.version },
        period: earlier,
        indicator,
        breakdown: null,
      };
      const alike = agreements.map(({ document }) => (isCovered(document, about) ? 1 : 0)).join('');
      const known = answers.get(alike) ?? ask(indicator);
      answers.set(alike, known);
      return known;
    };
    const figures = await this.figuresOf(tx, head.id);
    const readable = new Map(dataset.indicators.map(({ code }) => [code, shown(code)]));
    const seen = figures.filter(({ series, authority: whose }) => {
      const list = readable.get(series.slice(0, series.indexOf('#')));
      return list !== undefined && (list === 'all' || list.includes(whose));
    });
    const { needed } = rules().queries[4];
    return regionalRanges(dataset, seen, head.period, needed, (code) => populationOf(this.registry, code, earlier));
  }

  /** Totals that are printed for an authority, of a publication whose row this transaction has just seen. */
  private async figuresOf(tx: Tx, publication: string): Promise<readonly PrintedFigure[]> {
    const kept = this.figures.get(publication);
    if (kept) return kept;
    const rows = (await tx.query(
      `select a.code as authority, s.key as series, f.value from release.figure f
         join registry.series s on s.id = f.series_id join registry.authority a on a.id = f.authority_id
       where f.publication_id = $1 and f.kind = 0 and position('|' in s.key) = 0`,
      [publication],
    )) as { authority: string; series: string; value: string }[];
    const figures = rows.map((row) => ({ ...row, value: Number(row.value) }));
    return keep(this.figures, MOST_KEPT, publication, figures);
  }
}
