import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService, decide, policyFor, type Agreement, type AgreementRef } from '@hub/agreements';
import type { RefusalCode } from '@hub/contracts';
import { outerIntervalsInThread } from '@hub/disclosure';
import { CLOCK, londonDate, parseAuthorityCode, parsePeriod, Refusal, sha256, type Clock } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import {
  BOOK_LOCK,
  CONFIG,
  crashPoint,
  newId,
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
} from '@hub/registry';
import {
  besideFigures,
  Book,
  countOf,
  freeze,
  kindNumbers,
  kindOf,
  protectedFigures,
  protectEdition,
  readersTable,
  ReleaseGone,
  rowsOf,
  toPrinted,
  type Cells,
  type Edition,
  type EditionInput,
  type Joint,
  type Named,
  type ProtectedEdition,
  type PublicationDocument,
  type RefusedEdition,
  type Release,
} from './domain';
import { PROTECTOR, type Protector } from './protector';
import { proveToReaders, type ReadersProofs } from './prove';
import { record, type Recorded } from './record';

interface Round {
  id: string;
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

@Injectable()
export class CompileService {
  constructor(
    private readonly store: WorkerStore,
    private readonly agreements: AgreementsService,
    private readonly keys: RegistryKeys,
    private readonly ledger: Ledger,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PROTECTOR) private readonly protector: Protector,
  ) {}

  /**
   * Publishes a round: reads the book under the lock, compiles, protects, freezes. What cannot be proved safe does not
   * leave: the round is then held, with a public code, and the detail stays in the worker's store.
   */
  async run(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [BOOK_LOCK]);
      const [round] = (await tx.query(
        `select r.id, r.region_id, g.code as region, r.dataset, r.dataset_version, r.period, r.period_kind,
           r.period_from::text, r.period_until::text, r.edition
         from rounds.round r join registry.region g on g.id = r.region_id
         where r.id = $1 and r.state = 'compiling' for update of r`,
        [run.subject],
      )) as Round[];
      let records: Recorded[] = [];
      if (round) {
        try {
          records = await this.publish(tx, round);
          crashPoint('compile.frozen');
          await tx.query(`update rounds.round set state = 'published' where id = $1`, [round.id]);
        } catch (error) {
          if (!(error instanceof Held)) throw error;
          await tx.query(`update rounds.round set state = 'held', held_because = $2 where id = $1`, [
            round.id,
            error.code,
          ]);
          await tx.query(
            'insert into proof.gate_refusal (id, round_id, code, detail, linked, at) values ($1, $2, $3, $4, $5, $6)',
            [newId(), round.id, error.code, JSON.stringify(error.detail), error.linked, this.clock.now()],
          );
        }
      }
      await run.settle(tx);
      crashPoint('compile.settled');
      // Last, for the ledger's lock is held until the commit.
      for (const one of records) await record(tx, this.ledger, one);
      crashPoint('compile.written');
    });
  }

  /**
   * @returns what is to be recorded of it, and of the edition in whose place it stands
   * @throws Held before anything is written
   */
  private async publish(tx: Tx, round: Round): Promise<Recorded[]> {
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

    const may = (authority: string, key: string): boolean => {
      const { indicator, categories } = parseSeriesKey(key);
      const dimension = Object.keys(categories)[0] ?? null;
      return agreements.some(
        (agreement) =>
          decide(
            agreement,
            {
              door: 'compile',
              region: round.region,
              authority: parseAuthorityCode(authority),
              dataset,
              indicator,
              breakdown: dimension,
              period,
            },
            today,
          ).permitted,
      );
    };
    const now = await this.acceptedReturns(tx, round, may);
    crashPoint('compile.read');
    if (now.cells.size < policy.leastAuthorities)
      throw new Held('PUBLICATION_TOO_FEW', { authorities: now.cells.size });
    const before = await this.returnsBefore(tx, round, may);
    const circles = (await tx.query('select kind, authorities, series from registry.circles_on($1)', [
      today,
    ])) as Circle[];
    const book = await this.book(tx);
    const attackers = attackersAmong(circles, [...new Set([...book.authorities, ...now.cells.keys()])].sort());
    const edition = await this.protect(tx, book, {
      dataset,
      authorities,
      returns: now.cells,
      ...(before ? { before: before.cells } : {}),
      policy,
      attackers,
      ignoreNationalMarks: this.config.ignoreNationalMarks,
      region: round.region,
      period: period.text,
    });
    const { compiled, joint, decision, published, suppressed, returns } = edition;
    const intervals = await outerIntervalsInThread(readersTable(compiled, suppressed));

    /** The return of each that stands in it: where it has to wait, the one that stood in the edition before. */
    const ids = new Map(
      [...returns].map(([authority, cells]) => [
        authority,
        (before?.cells.get(authority) === cells ? before : now).ids.get(authority)!,
      ]),
    );
    const revised = before ? [...ids].flatMap(([one, id]) => (before.ids.get(one) === id ? [] : [one])).sort() : [];
    const { own, besides, handling } = publishedUnder(agreements, strictest.under);
    const id = newId();
    const publishedAt = this.clock.now();
    const [{ number }] = (await tx.query(
      'select coalesce(max(number), 0) + 1 as number from release.publication where region_id = $1',
      [round.region_id],
    )) as [{ number: number }];
    const draft: PublicationDocument = {
      v: 1,
      hub: this.config.hubId,
      id: publicId('pub', this.config.hubId, id),
      region: round.region,
      number,
      dataset: { code: dataset.code, version: dataset.version },
      period: period.text,
      edition: round.edition,
      publishedAt: publishedAt.toISOString(),
      agreement: own,
      ...(besides.length ? { besides } : {}),
      handling,
      threshold: policy.threshold,
      zeros: policy.zeros,
      authorities,
      submitted: authorities.filter((authority) => returns.has(authority)),
      ...(revised.length ? { revised } : {}),
      series: protectedFigures(compiled, published).map(({ key, region, figures }) => ({
        key,
        region: toPrinted(region),
        figures: figures.map(toPrinted),
      })),
      between: besideFigures(compiled, authorities, intervals),
    };
    const proofs = await proveToReaders(draft, inPeriod(dataset, period), returns);
    if ('fault' in proofs) throw new Held('PUBLICATION_UNSAFE', proofs);
    const { everybody } = proofs;
    const document = { ...draft, proof: everybody === null ? null : sha256(everybody).toString('hex') };
    const { text, digest } = freeze(document);
    const [superseded] = (await tx.query(
      `update release.publication set state = 'superseded'
       where region_id = $1 and dataset = $2 and period = $3 and state = 'current' returning id, number, digest`,
      [round.region_id, dataset.code, period.text],
    )) as [{ id: string; number: number; digest: Buffer }[], number];
    await tx.query(
      `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $16, 'current', $11, $12, $13, $14, $15)`,
      [
        round.region_id, id, number, round.id, dataset.code, dataset.version, period.text, period.kind,
        period.from, period.until, own.id, own.version, text, digest, publishedAt, round.edition,
      ], // prettier-ignore
    );
    const rows = rowsOf(document);
    await tx.query(
      `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
       select $1, f.series, $2, $3, f.authority, $4, f.kind, f.value
       from unnest($5::int[], $6::int[], $7::smallint[], $8::bigint[]) f(series, authority, kind, value)`,
      [
        round.region_id,
        period.from,
        period.until,
        id,
        rows.map(({ series }) => this.keys.seriesId(series)),
        rows.map(({ authority }) => (authority ? this.keys.authorityId(authority) : null)),
        rows.map(({ figure }) => kindNumbers[figure.kind]),
        rows.map(({ figure }) => (figure.kind === 'value' ? figure.value : null)),
      ],
    );
    await tx.query(
      `insert into proof.certificate (publication_id, problem, decision, attackers, linked, returns, at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        JSON.stringify(joint.problem),
        JSON.stringify(decision),
        JSON.stringify(attackers),
        joint.linked,
        JSON.stringify(Object.fromEntries(ids)),
        publishedAt,
      ],
    );
    await this.keepProofs(tx, round, id, proofs, ids);
    const leaf = {
      v: 1,
      kind: 'publication',
      hub: document.hub,
      region: document.region,
      dataset: document.dataset,
      period: document.period,
      publication: document.id,
      number,
      event: 'published',
      digest: digest.toString('hex'),
      at: document.publishedAt,
    } as const;
    const regionId = round.region_id;
    return [
      { leaf, regionId, id },
      ...superseded.map((one): Recorded => ({
        leaf: {
          ...leaf,
          publication: publicId('pub', this.config.hubId, one.id),
          number: one.number,
          event: 'superseded',
          digest: one.digest.toString('hex'),
        },
        regionId,
        id: one.id,
        successor: id,
      })),
    ];
  }

  /** The proof for everybody beside the publication; which return of each authority stands in it, and its own proof. */
  private async keepProofs(
    tx: Tx,
    round: Round,
    id: string,
    { everybody, own }: ReadersProofs,
    submissions: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (everybody !== null) {
      await tx.query('insert into release.proof (publication_id, region_id, proof) values ($1, $2, $3)', [
        id,
        round.region_id,
        everybody,
      ]);
    }
    const authorities = [...own.keys()].map((code) => this.keys.authorityId(code));
    await tx.query(
      `insert into intake.published_return (publication_id, authority_id, submission_id)
       select $1, r.authority, r.submission from unnest($2::int[], $3::uuid[]) r(authority, submission)`,
      [id, [...submissions.keys()].map((code) => this.keys.authorityId(code)), [...submissions.values()]],
    );
    await tx.query(
      `insert into intake.own_proof (publication_id, authority_id, proof)
       select $1, p.authority, p.proof from unnest($2::int[], $3::text[]) p(authority, proof) where p.proof is not null`,
      [id, authorities, [...own.values()]],
    );
  }

  /** Accepted returns of the round, as far as the agreement lets each cell enter. */
  private acceptedReturns(tx: Tx, round: Round, may: May): Promise<Returns> {
    return this.returns(tx, round, may, `b.state = 'accepted' and b.dataset = $2 and b.dataset_version = $5 and b.period = $6`, [
      round.dataset, round.period_from, round.period_until, round.dataset_version, round.period,
    ]); // prettier-ignore
  }

  /** Those that the last edition of the round was made of; undefined where there is none. */
  private async returnsBefore(tx: Tx, round: Round, may: May): Promise<Returns | undefined> {
    const [last] = (await tx.query(
      `select c.returns from release.publication p join proof.certificate c on c.publication_id = p.id
       where p.round_id = $1 order by p.number desc limit 1`,
      [round.id],
    )) as { returns: Record<string, string> | null }[];
    if (!last?.returns) return undefined;
    return this.returns(tx, round, may, 'b.dataset = $2 and b.id = any($5::uuid[])', [
      round.dataset, round.period_from, round.period_until, Object.values(last.returns),
    ]); // prettier-ignore
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

  /** Every release that the hub still has the proof of, the older ones first. */
  private async book(tx: Tx): Promise<Book> {
    const rows = (await tx.query(
      `select publication_id as id, problem, decision -> 'suppressed' as suppressed, attackers
       from proof.certificate where attackers is not null order by publication_id`,
    )) as Release[];
    return new Book(rows);
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
