import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, letsEnter, policyFor, type Agreement, type AgreementRef } from '@hub/agreements';
import { CLOCK, londonDate, parseAuthorityCode, parsePeriod, Refusal, type Clock, type Period } from '@hub/kernel';
import { CONFIG, crashPoint, type Config, type Tx } from '@hub/platform';
import {
  attackersAmong,
  CATALOGUE,
  datasetOf,
  isAggregated,
  parseSeriesKey,
  type Catalogue,
  type Dataset,
  type Knowledge,
} from '@hub/registry';
import { bookTouching, circlesOn, nationalReleasesIn } from './book.store';
import {
  asOthersPrint,
  certificateIn,
  kindOf,
  levelOfDetail,
  printedByOthers,
  type Book,
  type Cells,
  type Decided,
  type Edition,
  type EditionInput,
  type PublicationDocument,
  type Together,
} from './domain';
import { Held } from './held';

/** A round that is to be compiled, as its row says it. */
export interface Round {
  id: string;
  /** The moment that was set for it; null where the round was asked for before there were such moments. */
  publishes_at: Date | null;
  region_id: number;
  region: string;
  dataset: string;
  dataset_version: string;
  period: string;
  period_from: string;
  period_until: string;
  edition: Edition;
}

/** Whether an agreement lets a cell of an authority enter. */
type May = (authority: string, key: string) => boolean;
/** Returns and their submissions, by authority. */
export interface Returns {
  readonly ids: ReadonlyMap<string, string>;
  readonly cells: ReadonlyMap<string, Cells>;
}

/** The last edition of a round. */
export interface Before extends Returns {
  readonly decided: Decided;
  /** Each authority's own proof of it. */
  readonly proofs: ReadonlyMap<string, string>;
}

/** Everything that an edition is made of. */
export interface Material {
  readonly dataset: Dataset;
  readonly period: Period;
  readonly policy: EditionInput['policy'];
  /** The agreement under which it appears, and the others that cover the same cells. */
  readonly agreement: Pick<AgreementRef, 'id' | 'version'>;
  readonly besides: readonly AgreementRef[];
  /** The line that is printed on it. */
  readonly handling: string;
  /** Every authority of the region in the period, in order of code. */
  readonly authorities: readonly string[];
  readonly now: Returns;
  /** What the last edition of the round was made of, and how that was decided; absent where there is none. */
  readonly before?: Before;
  /** How finely it is broken down, by what is printed already. */
  readonly level: readonly Together[];
  readonly book: Book;
  readonly attackers: readonly Knowledge[];
}

/** Reads what a compile needs, and holds what may not be compiled at all. It decides nothing about a count. */
@Injectable()
export class CompileReader {
  constructor(
    private readonly agreements: AgreementsService,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Held where the agreements do not let it, or fewer authorities have sent than they ask for */
  async read(tx: Tx, round: Round): Promise<Material> {
    const today = londonDate(this.clock.now());
    const period = parsePeriod(round.period);
    const dataset = datasetOf(this.catalogue, round.dataset, round.dataset_version);
    // No round is opened for such a dataset; what lies in it must not leave even if there were one.
    if (!isAggregated(dataset)) throw new Held('DATASET_LOCAL');
    const agreements = await this.agreements.about(tx, round.region_id);
    const table = { region: round.region, dataset, period };
    const strictest = policyFor(agreements, table, today);
    if (!strictest) throw new Held('AGREEMENT_NOT_IN_FORCE');
    const { policy, under } = strictest;
    const authorities = await this.authoritiesOf(tx, round);
    const may = mayEnter(agreements, table, today);
    const now = await this.acceptedReturns(tx, round, may);
    crashPoint('compile.read');
    if (now.cells.size < policy.leastAuthorities)
      throw new Held('PUBLICATION_TOO_FEW', { authorities: now.cells.size });
    await this.refuseElsewhere(tx, round, [...now.cells.keys()]);
    const before = await this.editionBefore(tx, round, may);
    const { book, all } = await bookTouching(tx, [round.region, ...authorities]);
    const circles = await circlesOn(tx, today);
    return {
      dataset,
      period,
      policy,
      ...publishedUnder(agreements, under),
      authorities,
      now,
      ...(before ? { before } : {}),
      level: policy.told ? await this.levelFor(tx, round, period, authorities, policy.threshold) : [],
      book,
      attackers: attackersAmong(circles, [...new Set([...all, ...now.cells.keys()])].sort()),
    };
  }

  /**
   * What may be printed of an authority is decided by the hub of its own region, whose book holds all that was: a network here of an
   * authority that is at home elsewhere would be protected as if nothing had been printed of it.
   * @throws Held PUBLICATION_ELSEWHERE
   */
  private async refuseElsewhere(tx: Tx, round: Round, authorities: readonly string[]): Promise<void> {
    const { regions } = this.config;
    if (regions === null) return;
    const homes = (await tx.query(
      `select distinct g.code from registry.region_authority ra
         join registry.region g on g.id = ra.region_id join registry.authority a on a.id = ra.authority_id
       where a.code = any($1) and g.code like 'E12%' and ra.valid && daterange($2::date, $3::date)`,
      [authorities, round.period_from, round.period_until],
    )) as { code: string }[];
    const elsewhere = homes.filter(({ code }) => !regions.includes(code));
    if (elsewhere.length) throw new Held('PUBLICATION_ELSEWHERE', { regions: elsewhere.map(({ code }) => code) });
  }

  private async authoritiesOf(tx: Tx, { region_id: id, period_from: from, period_until: until }: Round) {
    const rows = (await tx.query(
      `select a.code from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
       where ra.region_id = $1 and ra.valid && daterange($2::date, $3::date) order by a.code`,
      [id, from, until],
    )) as { code: string }[];
    return rows.map(({ code }) => code);
  }

  /** How finely it is broken down, by what is printed of earlier periods: by the region's newest edition, and by others. */
  private async levelFor(
    tx: Tx,
    round: Round,
    period: Period,
    authorities: readonly string[],
    threshold: number,
  ): Promise<readonly Together[]> {
    const [before] = (await tx.query(
      `select document from release.publication
       where region_id = $1 and dataset = $2 and dataset_version = $3 and period_until <= $4
       order by period_until desc, number desc limit 1`,
      [round.region_id, round.dataset, round.dataset_version, period.from],
    )) as { document: string }[];
    const { datasets } = this.catalogue;
    const dataset = asOthersPrint(datasetOf(this.catalogue, round.dataset, round.dataset_version), period, datasets);
    return levelOfDetail(dataset, {
      ...(before ? { edition: JSON.parse(before.document) as PublicationDocument } : {}),
      others: printedByOthers(await nationalReleasesIn(tx), dataset, authorities, period),
      threshold,
    });
  }

  /** Accepted returns of the round, as far as the agreement lets each cell enter. */
  private acceptedReturns(tx: Tx, round: Round, may: May): Promise<Returns> {
    return this.returns(
      tx,
      round,
      may,
      `b.state = 'accepted' and b.dataset = $2 and b.dataset_version = $5 and b.period = $6`,
      [round.dataset, round.period_from, round.period_until, round.dataset_version, round.period],
    );
  }

  /** The last edition of the round and what it was made of; undefined where there is none. */
  private async editionBefore(tx: Tx, round: Round, may: May): Promise<Before | undefined> {
    const [last] = (await tx.query(
      `select p.id, c.returns, c.decision - 'published' as decision
       from release.publication p join proof.certificate c on c.publication_id = p.id
       where p.round_id = $1 order by p.number desc limit 1`,
      [round.id],
    )) as {
      id: string;
      returns: Record<string, string> | null;
      decision: Parameters<typeof certificateIn>[0] & Pick<Decided, 'suppressed'>;
    }[];
    if (!last?.returns) return undefined;
    const before = await this.returns(tx, round, may, 'b.dataset = $2 and b.id = any($5::uuid[])', [
      round.dataset,
      round.period_from,
      round.period_until,
      Object.values(last.returns),
    ]);
    const own = (await tx.query(
      `select a.code, o.proof from intake.own_proof o join registry.authority a on a.id = o.authority_id
       where o.publication_id = $1
         -- Nothing is begun from what was withdrawn: nobody is given it any more, in no other form either.
         and not exists (select from release.publication p where p.id = o.publication_id and p.state = 'withdrawn')`,
      [last.id],
    )) as { code: string; proof: string }[];
    return {
      ...before,
      decided: { suppressed: last.decision.suppressed, certificate: certificateIn(last.decision) },
      proofs: new Map(own.map(({ code, proof }) => [code, proof])),
    };
  }

  /**
   * Whose return was held against the one that the current publication of the period before prints, by the rules: that was in use when it
   * came, and is still. No count decides it.
   * @param standing  the returns that stand in the edition
   */
  async heldAgainst(
    tx: Tx,
    round: Round,
    standing: readonly string[],
  ): Promise<NonNullable<PublicationDocument['heldAgainst']> | null> {
    const accepted = (one: string) => `coalesce(${one}.signed_off_at, ${one}.received_at)`;
    const rows = (await tx.query(
      `select p.number, r.key as code from release.publication p join proof.certificate c on c.publication_id = p.id
         cross join lateral jsonb_each_text(c.returns) r
         join intake.submission was on was.id = r.value::uuid and was.state = 'accepted'
         join intake.submission now on now.authority_id = was.authority_id and now.id = any($5::uuid[])
       where p.region_id = $1 and p.dataset = $2 and p.state = 'current' and p.period_kind = $3 and p.period_until = $4
         and ${accepted('was')} < ${accepted('now')}
       order by r.key`,
      [round.region_id, round.dataset, parsePeriod(round.period).kind, round.period_from, standing],
    )) as { number: number; code: string }[];
    return rows.length ? { number: rows[0]!.number, authorities: rows.map(({ code }) => code) } : null;
  }

  /** @param values  from $2 on; $3 and $4 are the ends of the period */
  private async returns(tx: Tx, round: Round, may: May, where: string, values: readonly unknown[]): Promise<Returns> {
    const rows = (await tx.query(
      `select b.id, a.code as authority, s.key, c.kind, c.value
       from intake.submission b
         join registry.authority a on a.id = b.authority_id
         join registry.region_authority ra on ra.authority_id = a.id and ra.region_id = $1
           and ra.valid && daterange($3::date, $4::date)
         join intake.cell c on c.submission_id = b.id
         join registry.series s on s.id = c.series_id
       where ${where}`,
      [round.region_id, ...values],
    )) as { id: string; authority: string; key: string; kind: number; value: string | null }[];
    const ids = new Map<string, string>();
    const returns = new Map<string, Map<string, Cells extends ReadonlyMap<string, infer F> ? F : never>>();
    for (const { id, authority, key, kind, value } of rows) {
      if (!may(authority, key)) continue;
      ids.set(authority, id);
      const cells = returns.get(authority) ?? new Map();
      returns.set(authority, cells);
      const named = kindOf(kind);
      if (named === 'hidden') throw new Error('a return holds no hidden figure');
      cells.set(key, named === 'value' ? { kind: named, value: wholeNumber(value!) } : { kind: named });
    }
    return { ids, cells: returns };
  }
}

/** What the agreements say of a table's cells today. */
function mayEnter(
  agreements: readonly Agreement[],
  table: { region: string; dataset: Dataset; period: Period },
  today: string,
): May {
  return (authority, key) => {
    const { indicator, categories } = parseSeriesKey(key);
    const asked = {
      door: 'compile',
      ...table,
      authority: parseAuthorityCode(authority),
      indicator,
      dimensions: Object.keys(categories),
    } as const;
    return agreements.some((agreement) => letsEnter(agreement, asked, today));
  };
}

/** Of the agreements that cover a table the first that collects for the region, whose line is printed; and the others. */
function publishedUnder(agreements: readonly Agreement[], under: readonly AgreementRef[]) {
  const covering = under.map(
    ({ id, version }) =>
      agreements.find(({ document }) => document.id === id && document.version === version)!.document,
  );
  const { id, version, handling } = covering.find(({ regions }) => regions.length === 1)!;
  return {
    agreement: { id, version },
    besides: under.filter((one) => one.id !== id || one.version !== version),
    handling,
  };
}

/** A bigint column as a number; counts beyond 2^53 do not occur and are not guessed at. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Refusal('REQUEST_MALFORMED');
  return value;
}
