import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, letsEnter, policyFor, type Agreement, type AgreementRef } from '@hub/agreements';
import type { RefusalCode } from '@hub/contracts';
import {
  CLOCK,
  londonDate,
  parseAuthorityCode,
  parsePeriod,
  Refusal,
  sha256,
  type Clock,
  type Period,
} from '@hub/kernel';
import {
  appendWork,
  BOOK_LOCK,
  CONFIG,
  crashPoint,
  newId,
  newIdAt,
  publicId,
  WorkerStore,
  type Config,
  type Run,
  type Tx,
} from '@hub/platform';
import {
  attackersAmong,
  CATALOGUE,
  datasetOf,
  inPeriod,
  isAggregated,
  parseSeriesKey,
  RegistryKeys,
  type Catalogue,
  type Circle,
  type Dataset,
  type Knowledge,
} from '@hub/registry';
import {
  asOthersPrint,
  besideFigures,
  countOf,
  certificateIn,
  freeze,
  keptOf,
  kindOf,
  levelOfDetail,
  momentOf,
  protectedFigures,
  protectEdition,
  readersTable,
  ReleaseGone,
  toPrinted,
  type Book,
  type Cells,
  type Decided,
  type Edition,
  type EditionInput,
  type Joint,
  type Named,
  type ProtectedEdition,
  type PublicationDocument,
  type RefusedEdition,
  type Together,
} from './domain';
import { bookIn } from './book.store';
import { PROTECTOR, type Protector } from './protector';
import { proveToReaders, type ReadersProofs } from './prove';
import { ReadersViews } from './readers';

interface Round {
  id: string;
  /** The moment that was set for it; null where the round was asked for before there were such moments. */
  publishes_at: Date | null;
  region_id: number;
  region: string;
  dataset: string;
  dataset_version: string;
  period: string;
  period_kind: string;
  period_from: string;
  period_until: string;
  edition: Edition;
}

/** Nothing leaves, and this is why: the code for everybody, the detail for the worker's own store. */
class Held extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly detail: unknown = {},
    /** Whose counts the detail may hold beside its own. */
    readonly linked: readonly string[] = [],
  ) {
    super(code);
  }
}

/** Whether an agreement lets a cell of an authority enter. */
type May = (authority: string, key: string) => boolean;
/** Returns and their submissions, by authority. */
interface Returns {
  readonly ids: ReadonlyMap<string, string>;
  readonly cells: ReadonlyMap<string, Cells>;
}

/** A document without what follows from its moment. */
type Draft = Omit<PublicationDocument, 'id' | 'number' | 'publishedAt' | 'proof'>;
interface Made {
  readonly edition: ProtectedEdition;
  readonly attackers: readonly Knowledge[];
  readonly draft: Draft;
  readonly proofs: ReadersProofs;
  /** Which return of each authority stands in it. */
  readonly ids: ReadonlyMap<string, string>;
}

@Injectable()
export class CompileService {
  private readonly views = new ReadersViews();

  constructor(
    private readonly store: WorkerStore,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PROTECTOR) private readonly protector: Protector,
  ) {}

  /**
   * Compiles a round: reads the book under the lock, compiles, protects, freezes, and lays the edition ready for its moment. What
   * cannot be proved safe does not leave: the round is then held, with a public code, and the detail stays in the worker's
   * store; that is seen at the same moment.
   */
  async run(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [BOOK_LOCK]);
      const [round] = (await tx.query(
        `select r.id, r.region_id, g.code as region, r.dataset, r.dataset_version, r.period, r.period_kind,
           r.period_from::text, r.period_until::text, r.edition, r.publishes_at
         from rounds.round r join registry.region g on g.id = r.region_id
         where r.id = $1 and r.state = 'compiling' and not exists (select from proof.prepared p where p.round_id = r.id)
         for update of r`,
        [run.subject],
      )) as Round[];
      if (round) {
        const moment = await this.prepare(tx, round);
        await appendWork(tx, 'round.release', round.id, this.clock.now(), moment);
      }
      await run.settle(tx);
      crashPoint('compile.prepared');
    });
  }

  /** @returns when it is to appear */
  private async prepare(tx: Tx, round: Round): Promise<Date> {
    const began = this.clock.now();
    const step = this.config.compileSeconds * 1000;
    const momentNow = () => momentOf(round.publishes_at ?? new Date(began.getTime() + step), this.clock.now(), step);
    try {
      const edition = await this.compile(tx, round);
      const moment = momentNow();
      await this.lay(tx, round, edition, moment);
      return moment;
    } catch (error) {
      if (!(error instanceof Held)) throw error;
      const moment = momentNow();
      await tx.query('insert into proof.prepared (round_id, region_id, moment, held_because) values ($1, $2, $3, $4)', [
        round.id,
        round.region_id,
        moment,
        error.code,
      ]);
      await tx.query(
        'insert into proof.gate_refusal (id, round_id, code, detail, linked, at) values ($1, $2, $3, $4, $5, $6)',
        [newId(), round.id, error.code, JSON.stringify(error.detail), error.linked, this.clock.now()],
      );
      return moment;
    }
  }

  /**
   * Makes the edition of a round; writes nothing.
   * @throws Held where nothing may leave
   */
  private async compile(tx: Tx, round: Round): Promise<Made> {
    const today = londonDate(this.clock.now());
    const period = parsePeriod(round.period);
    const dataset = datasetOf(this.catalogue, round.dataset, round.dataset_version);
    // No round is opened for such a dataset; what lies in it must not leave even if there were one.
    if (!isAggregated(dataset)) throw new Held('DATASET_LOCAL');
    const agreements = await this.agreements.about(tx, round.region_id);
    const strictest = policyFor(agreements, { region: round.region, dataset, period }, today);
    if (!strictest) throw new Held('AGREEMENT_NOT_IN_FORCE');
    const { policy } = strictest;
    const authorities = (
      (await tx.query(
        `select a.code from registry.region_authority ra join registry.authority a on a.id = ra.authority_id
         where ra.region_id = $1 and ra.valid && daterange($2::date, $3::date) order by a.code`,
        [round.region_id, period.from, period.until],
      )) as { code: string }[]
    ).map(({ code }) => code);
    const may = mayEnter(agreements, { region: round.region, dataset, period }, today);
    const now = await this.acceptedReturns(tx, round, may);
    crashPoint('compile.read');
    if (now.cells.size < policy.leastAuthorities)
      throw new Held('PUBLICATION_TOO_FEW', { authorities: now.cells.size });
    const before = await this.returnsBefore(tx, round, may);
    const circles = (await tx.query('select kind, authorities, series from registry.circles_on($1)', [
      today,
    ])) as Circle[];
    const book = await bookIn(tx);
    const attackers = attackersAmong(circles, [...new Set([...book.authorities, ...now.cells.keys()])].sort());
    const level = policy.told ? await this.levelBefore(tx, round, period) : [];
    const edition = await this.protect(tx, book, {
      level,
      dataset,
      authorities,
      returns: now.cells,
      ...(before ? { before: before.cells, decided: before.decided } : {}),
      policy,
      attackers,
      ignoreNationalMarks: this.config.ignoreNationalMarks,
      datasets: this.catalogue.datasets,
      region: round.region,
      period: period.text,
    });
    const { compiled, published, suppressed, returns } = edition;
    const intervals = await this.views.intervals(readersTable(compiled, suppressed));

    /** The return of each that stands in it: where it has to wait, the one that stood in the edition before. */
    const ids = new Map(
      [...returns].map(([authority, cells]) => [
        authority,
        (before?.cells.get(authority) === cells ? before : now).ids.get(authority)!,
      ]),
    );
    const revised = before ? [...ids].flatMap(([one, id]) => (before.ids.get(one) === id ? [] : [one])).sort() : [];
    const { own, besides, handling } = publishedUnder(agreements, strictest.under);
    const draft: Draft = {
      v: 1,
      hub: this.config.hubId,
      region: round.region,
      dataset: { code: dataset.code, version: dataset.version },
      period: period.text,
      edition: round.edition,
      agreement: own,
      ...(besides.length ? { besides } : {}),
      handling,
      threshold: policy.threshold,
      zeros: policy.zeros,
      authorities,
      submitted: authorities.filter((authority) => returns.has(authority)),
      ...(revised.length ? { revised } : {}),
      ...(level.length ? { together: level } : {}),
      series: protectedFigures(compiled, published).map(({ key, region, figures }) => ({
        key,
        region: toPrinted(region),
        figures: figures.map(toPrinted),
      })),
      between: besideFigures(compiled, authorities, intervals),
    };
    const proofs = await proveToReaders(draft, inPeriod(dataset, period), returns, this.views.proofs);
    if ('fault' in proofs) throw new Held('PUBLICATION_UNSAFE', proofs);
    return { edition, attackers, draft, proofs, ids };
  }

  /** Freezes an edition for its moment and lays it where only the worker can look; its certificate is in the book from now on. */
  private async lay(tx: Tx, round: Round, made: Made, moment: Date): Promise<void> {
    const { edition, attackers, draft, proofs, ids } = made;
    const id = newIdAt(moment);
    const [{ number }] = (await tx.query(
      `select coalesce(max(number), 0) + 1 as number from (
         select number from release.publication where region_id = $1
         union all select number from proof.prepared where region_id = $1) known`,
      [round.region_id],
    )) as [{ number: number }];
    const { everybody } = proofs;
    const { text } = freeze({
      ...draft,
      id: publicId('pub', this.config.hubId, id),
      number,
      publishedAt: moment.toISOString(),
      proof: everybody === null ? null : sha256(everybody).toString('hex'),
    });
    await tx.query(
      `insert into proof.prepared (round_id, region_id, moment, publication_id, number, document, proof, own)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [round.id, round.region_id, moment, id, number, text, everybody, JSON.stringify(Object.fromEntries(proofs.own))],
    );
    const { joint, decision } = edition;
    await tx.query(
      `insert into proof.certificate (publication_id, problem, decision, attackers, linked, returns, at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        JSON.stringify(joint.problem),
        JSON.stringify(keptOf(decision)),
        JSON.stringify(attackers),
        joint.linked,
        JSON.stringify(Object.fromEntries(ids)),
        this.clock.now(),
      ],
    );
  }

  /** How finely it is broken down, by the newest edition of the region that is about an earlier period. */
  private async levelBefore(tx: Tx, round: Round, period: Period): Promise<readonly Together[]> {
    const [before] = (await tx.query(
      `select document from release.publication
       where region_id = $1 and dataset = $2 and dataset_version = $3 and period_until <= $4
       order by period_until desc, number desc limit 1`,
      [round.region_id, round.dataset, round.dataset_version, period.from],
    )) as { document: string }[];
    if (!before) return [];
    const { datasets } = this.catalogue;
    const dataset = asOthersPrint(datasetOf(this.catalogue, round.dataset, round.dataset_version), period, datasets);
    return levelOfDetail(dataset, JSON.parse(before.document) as PublicationDocument);
  }

  /** Accepted returns of the round, as far as the agreement lets each cell enter. */
  private acceptedReturns(tx: Tx, round: Round, may: May): Promise<Returns> {
    return this.returns(tx, round, may, `b.state = 'accepted' and b.dataset = $2 and b.dataset_version = $5 and b.period = $6`, [
      round.dataset, round.period_from, round.period_until, round.dataset_version, round.period,
    ]); // prettier-ignore
  }

  /** Those that the last edition of the round was made of; undefined where there is none. */
  private async returnsBefore(
    tx: Tx,
    round: Round,
    may: May,
  ): Promise<(Returns & { readonly decided: Decided }) | undefined> {
    const [last] = (await tx.query(
      `select c.returns, c.decision - 'published' as decision from release.publication p join proof.certificate c on c.publication_id = p.id
       where p.round_id = $1 order by p.number desc limit 1`,
      [round.id],
    )) as {
      returns: Record<string, string> | null;
      decision: Parameters<typeof certificateIn>[0] & Pick<Decided, 'suppressed'>;
    }[];
    if (!last?.returns) return undefined;
    const before = await this.returns(tx, round, may, 'b.dataset = $2 and b.id = any($5::uuid[])', [
      round.dataset, round.period_from, round.period_until, Object.values(last.returns),
    ]); // prettier-ignore
    return { ...before, decided: { suppressed: last.decision.suppressed, certificate: certificateIn(last.decision) } };
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

  /**
   * @throws Held PUBLICATION_LINKED where it would have to be protected together with what is no longer kept;
   *   PUBLICATION_POLICY or PUBLICATION_UNSAFE where it cannot be protected
   */
  private async protect(tx: Tx, book: Book, input: EditionInput): Promise<ProtectedEdition> {
    let edition: ProtectedEdition | RefusedEdition;
    try {
      edition = await protectEdition(book, input, this.protector, (named, joint) => this.refuseGone(tx, named, joint));
    } catch (error) {
      if (error instanceof ReleaseGone) throw new Held('PUBLICATION_LINKED');
      throw error;
    }
    crashPoint('compile.protected');
    if (edition.status === 'protected') return edition;
    const asked = input.policy.told || input.policy.protect !== 'exact';
    throw new Held(
      asked ? 'PUBLICATION_POLICY' : 'PUBLICATION_UNSAFE',
      { status: 'refused', exposed: edition.exposed },
      edition.joint.linked,
    );
  }

  /**
   * The counts of a publication go when one of its returns is purged, and without them nothing can be shown to be safe
   * beside it.
   * @throws Held PUBLICATION_LINKED where a count of an overlapping period stands in such a publication
   */
  private async refuseGone(tx: Tx, { problem }: Named, joint: Joint): Promise<void> {
    const counts = [...problem.cells, ...joint.problem.cells].flatMap((cell) => countOf(cell) ?? []);
    const periods = counts.map((count) => parsePeriod(count.period));
    const gone = (await tx.query(
      `select distinct f.publication_id as id from release.figure f
         join unnest($1::int[], $2::int[], $3::date[], $4::date[]) c(series, authority, period_from, period_until)
           on f.series_id = c.series and f.authority_id = c.authority
             and f.period_from < c.period_until and f.period_until > c.period_from
       where not exists (
         select from proof.certificate p where p.publication_id = f.publication_id and p.attackers is not null)`,
      [
        counts.map(({ key }) => this.keys.seriesId(key)),
        counts.map(({ authority }) => this.keys.authorityId(authority)),
        periods.map(({ from }) => from),
        periods.map(({ until }) => until),
      ],
    )) as { id: string }[];
    if (gone.length) throw new Held('PUBLICATION_LINKED', { publications: gone.map(({ id }) => id) }, joint.linked);
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
  return { own: { id, version }, besides: under.filter((one) => one.id !== id || one.version !== version), handling };
}

/** A bigint column as a number; counts beyond 2^53 do not occur and are not guessed at. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Refusal('REQUEST_MALFORMED');
  return value;
}
