import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, parsePeriod, sha256, type Clock } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import { appendWork, CONFIG, crashPoint, publicId, WorkerStore, type Config, type Run, type Tx } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import { kindNumbers, rowsOf, takePublicationStep, type HeldParts, type PublicationDocument } from './domain';
import { record, type Recorded } from './record';

interface Head {
  readonly roundId: string;
  readonly regionId: number;
  readonly moment: Date;
}
/** An edition that has come to its moment. */
interface Due extends Head {
  readonly id: string;
  readonly text: string;
  readonly proof: string | null;
  readonly own: Readonly<Record<string, string | null>>;
}

/**
 * Lets editions appear at their moments, to all members at once. It opens no count and proves nothing, so that what it takes
 * depends on printed things alone; and it waits for no compile, not even another region's, and for no mail.
 */
@Injectable()
export class ReleaseService {
  constructor(
    private readonly store: WorkerStore,
    private readonly keys: RegistryKeys,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Publishes what lies ready for the round, or says that it is held. Where a purge has taken it away, it is compiled again. */
  async run(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      // A purge that takes it away at this moment goes first or finds it published.
      const [[ready]] = (await tx.query(
        `delete from proof.prepared where round_id = $1 returning round_id as "roundId", region_id as "regionId", moment,
           held_because as held, held as parts, publication_id as id, document as text, proof, own`,
        [run.subject],
      )) as [(Due & { held: string | null; parts: HeldParts | null })[], number];
      const [round] = (await tx.query(
        `select id from rounds.round where id = $1 and state = 'compiling' for no key update`,
        [run.subject],
      )) as { id: string }[];
      let records: Recorded[] = [];
      if (round && ready) {
        if (ready.held === null) records = await this.publish(tx, ready);
        await this.tellHeld(tx, ready, ready.parts ?? { tables: [], own: {} });
        crashPoint('release.frozen');
        await tx.query('update rounds.round set state = $2, held_because = $3, publishes_at = $4 where id = $1', [
          round.id,
          ready.held === null ? 'published' : 'held',
          ready.held,
          ready.moment,
        ]);
      } else if (round) {
        await appendWork(tx, 'round.compile', round.id, this.clock.now());
      }
      await run.settle(tx);
      crashPoint('release.settled');
      // Last, for the ledger's lock is held until the commit.
      for (const one of records) await record(tx, this.ledger, one);
      crashPoint('release.written');
    });
  }

  /** Tells of a held round the leads which tables, and each authority which of its own counts, in place of what was told before. */
  private async tellHeld(tx: Tx, { roundId, regionId }: Head, { tables, own }: HeldParts): Promise<void> {
    await tx.query('delete from rounds.held_table where round_id = $1', [roundId]);
    await tx.query('delete from intake.held_cell where round_id = $1', [roundId]);
    await tx.query(
      `insert into rounds.held_table (round_id, region_id, indicator, dimension)
       select $1, $2, t.indicator, t.dimension from unnest($3::text[], $4::text[]) t(indicator, dimension)`,
      [roundId, regionId, tables.map(({ indicator }) => indicator), tables.map(({ dimension }) => dimension ?? '')],
    );
    const cells = Object.entries(own).flatMap(([authority, keys]) => keys.map((key) => [authority, key] as const));
    await tx.query(
      `insert into intake.held_cell (round_id, authority_id, series_id)
       select $1, c.authority, c.series from unnest($2::int[], $3::int[]) c(authority, series)`,
      [
        roundId,
        cells.map(([authority]) => this.keys.authorityId(authority)),
        cells.map(([, key]) => this.keys.seriesId(key)),
      ],
    );
  }

  /** @returns what is to be recorded of it, and of the edition in whose place it stands */
  private async publish(tx: Tx, due: Due): Promise<Recorded[]> {
    const document = JSON.parse(due.text) as PublicationDocument;
    const digest = sha256(due.text);
    const [superseded] = (await tx.query(
      `update release.publication set state = $4
       where region_id = $1 and dataset = $2 and period = $3 and state = 'current' returning id, number, digest`,
      [due.regionId, document.dataset.code, document.period, takePublicationStep('current', 'supersede')],
    )) as [{ id: string; number: number; digest: Buffer }[], number];
    await this.write(tx, due, document, digest);
    await this.keepProofs(tx, due);
    const leaf = {
      v: 1,
      kind: 'publication',
      hub: document.hub,
      region: document.region,
      dataset: document.dataset,
      period: document.period,
      publication: document.id,
      number: document.number,
      event: 'published',
      digest: digest.toString('hex'),
      at: document.publishedAt,
    } as const;
    const { regionId, id } = due;
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

  private async write(tx: Tx, due: Due, document: PublicationDocument, digest: Buffer): Promise<void> {
    const { regionId, roundId, id, text, moment } = due;
    const { number, dataset, edition, agreement } = document;
    const period = parsePeriod(document.period);
    await tx.query(
      `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $16, 'current', $11, $12, $13, $14, $15)`,
      [
        regionId,
        id,
        number,
        roundId,
        dataset.code,
        dataset.version,
        period.text,
        period.kind,
        period.from,
        period.until,
        agreement.id,
        agreement.version,
        text,
        digest,
        moment,
        edition,
      ],
    );
    const rows = rowsOf(document);
    await tx.query(
      `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
       select $1, f.series, $2, $3, f.authority, $4, f.kind, f.value
       from unnest($5::int[], $6::int[], $7::smallint[], $8::bigint[]) f(series, authority, kind, value)`,
      [
        regionId,
        period.from,
        period.until,
        id,
        rows.map(({ series }) => this.keys.seriesId(series)),
        rows.map(({ authority }) => (authority ? this.keys.authorityId(authority) : null)),
        rows.map(({ figure }) => kindNumbers[figure.kind]),
        rows.map(({ figure }) => (figure.kind === 'value' ? figure.value : null)),
      ],
    );
  }

  /** The proof for everybody beside the publication; which return of each authority stands in it, and its own proof. */
  private async keepProofs(tx: Tx, { id, regionId, proof, own }: Due): Promise<void> {
    if (proof !== null) {
      await tx.query('insert into release.proof (publication_id, region_id, proof) values ($1, $2, $3)', [
        id,
        regionId,
        proof,
      ]);
    }
    await tx.query(
      `insert into intake.published_return (publication_id, authority_id, submission_id)
       select c.publication_id, a.id, r.value::uuid
       from proof.certificate c cross join jsonb_each_text(c.returns) r join registry.authority a on a.code = r.key
       where c.publication_id = $1`,
      [id],
    );
    const authorities = Object.keys(own).map((code) => this.keys.authorityId(code));
    await tx.query(
      `insert into intake.own_proof (publication_id, authority_id, proof)
       select $1, p.authority, p.proof from unnest($2::int[], $3::text[]) p(authority, proof) where p.proof is not null`,
      [id, authorities, Object.values(own)],
    );
  }
}
