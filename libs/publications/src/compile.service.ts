import { Inject, Injectable } from '@nestjs/common';
import { tableAsPrinted } from '@hub/disclosure';
import { CLOCK, parsePeriod, sha256, type Clock } from '@hub/kernel';
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
import { CATALOGUE, inPeriod, RegistryKeys, type Catalogue, type Knowledge } from '@hub/registry';
import { tableOf } from './checker';
import { CompileReader, type Material, type Round } from './compile.reader';
import {
  besideFigures,
  countOf,
  freeze,
  heldParts,
  keptOf,
  momentOf,
  placesOf,
  protectedFigures,
  protectEdition,
  ReleaseGone,
  toPrinted,
  type Book,
  type EditionInput,
  type Joint,
  type Named,
  type ProtectedEdition,
  type PublicationDocument,
  type RefusedEdition,
} from './domain';
import { Held } from './held';
import { PROTECTOR, type Protector } from './protector';
import { proveToReaders, type ReadersProofs } from './prove';
import { ReadersViews } from './readers';

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
    private readonly reader: CompileReader,
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
      // Not locked: who waited for the row would see how long this takes. While it is compiling nobody changes it but the release
      // of what is laid here; what refers to it holds its key alone, and nobody locks that.
      const [round] = (await tx.query(
        `select r.id, r.region_id, g.code as region, r.dataset, r.dataset_version, r.period,
           r.period_from::text, r.period_until::text, r.edition, r.publishes_at
         from rounds.round r join registry.region g on g.id = r.region_id
         where r.id = $1 and r.state = 'compiling' and not exists (select from proof.prepared p where p.round_id = r.id)`,
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
      await tx.query(
        'insert into proof.prepared (round_id, region_id, moment, held_because, held) values ($1, $2, $3, $4, $5)',
        [round.id, round.region_id, moment, error.code, JSON.stringify(error.parts)],
      );
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
    const material = await this.reader.read(tx, round);
    const { dataset, period, authorities, policy, attackers, now, before, level } = material;
    const edition = await this.protect(tx, material.book, {
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
    const { compiled, published, returns } = edition;
    const series = protectedFigures(compiled, published).map(({ key, region, figures }) => ({
      key,
      region: toPrinted(region),
      figures: figures.map(toPrinted),
    }));
    const print = { zeros: policy.zeros, authorities, ...(level.length ? { together: level } : {}), series };
    const ids = standingIn(edition, material);
    // Of the same table, so that no count which a proof shows to be possible lies outside its interval.
    const table = tableAsPrinted(tableOf(print, inPeriod(dataset, period)));
    const [intervals, proofs] = await Promise.all([
      this.views.intervals(table),
      proveToReaders(table, returns, this.views.proofs, proofsOfSame(ids, material)),
    ]);
    if ('fault' in proofs) throw new Held('PUBLICATION_UNSAFE', proofs);
    const between = besideFigures(compiled, authorities, intervals);
    const heldAgainst = await this.reader.heldAgainst(tx, round, [...ids.values()]);
    const head = { ...this.headOf(round, material, ids), ...(heldAgainst ? { heldAgainst } : {}) };
    return { edition, attackers, draft: { ...head, ...print, between }, proofs, ids };
  }

  /** What its document says beside the figures. */
  private headOf(round: Round, material: Material, ids: ReadonlyMap<string, string>) {
    const { dataset, period, policy, agreement, besides, handling, authorities, before } = material;
    const revised = before ? [...ids].flatMap(([one, id]) => (before.ids.get(one) === id ? [] : [one])).sort() : [];
    return {
      v: 1,
      hub: this.config.hubId,
      region: round.region,
      dataset: { code: dataset.code, version: dataset.version },
      period: period.text,
      edition: round.edition,
      agreement,
      ...(besides.length ? { besides } : {}),
      handling,
      threshold: policy.threshold,
      submitted: authorities.filter((authority) => ids.has(authority)),
      ...(revised.length ? { revised } : {}),
    } as const;
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
      `insert into proof.certificate (publication_id, problem, decision, attackers, linked, returns, at, places)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        JSON.stringify(joint.problem),
        JSON.stringify(keptOf(decision)),
        JSON.stringify(attackers),
        joint.linked,
        JSON.stringify(Object.fromEntries(ids)),
        this.clock.now(),
        placesOf(joint.problem),
      ],
    );
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
    const isStrict = input.policy.told || input.policy.protect !== 'exact';
    // Where nothing is known to be lost it was the time that was too short: an agreement that asks for less need not help.
    throw new Held(
      isStrict && edition.exposed.length > 0 ? 'PUBLICATION_POLICY' : 'PUBLICATION_UNSAFE',
      { status: 'refused', exposed: edition.exposed },
      edition.joint.linked,
      heldParts(edition.exposed, input),
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

/** The return of each that stands in an edition: where it has to wait, the one that stood in the edition before. */
const standingIn = ({ returns }: ProtectedEdition, { now, before }: Material): ReadonlyMap<string, string> =>
  new Map(
    [...returns].map(([authority, cells]) => [
      authority,
      (before?.cells.get(authority) === cells ? before : now).ids.get(authority)!,
    ]),
  );

/**
 * Own proofs of the edition before, of those whose same return stands in this one too. What another return was made into would
 * outlive its purge in here.
 */
const proofsOfSame = (ids: ReadonlyMap<string, string>, { before }: Material): ReadonlyMap<string, string> =>
  new Map([...(before?.proofs ?? [])].filter(([authority]) => before!.ids.get(authority) === ids.get(authority)));
