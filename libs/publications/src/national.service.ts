import { Inject, Injectable } from '@nestjs/common';
import { holds, roles, someoneAs, stewardOfHub, type Member } from '@hub/identity';
import { CLOCK, Refusal, type Clock } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import { appendWork, CONFIG, DeskStore, newId, publicId, type Config, type Tx } from '@hub/platform';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import { nationalDigest, parseNationalMap, readNational } from './domain';

/** Whom it concerns: stewards, and all who belong to a region. */
const readers = roles.filter((role) => role !== 'auditor');

/** A national release as its readers see it: that it is loaded, and never what it has opened. */
export interface NationalNow {
  readonly id: string;
  readonly title: string;
  readonly dataset: string;
  readonly period: string;
  readonly source: string | null;
  /** `confirmed` stands for `loading` and `loaded`: how long the audit took depends on hidden counts, so members are not told. */
  readonly state: 'proposed' | 'withdrawn' | 'loading' | 'loaded' | 'confirmed' | 'refused';
  readonly refusedBecause: string | null;
  readonly digest: string | null;
  readonly proposedAt: Date;
  readonly confirmedAt: Date | null;
  readonly receipt: string | null;
}

interface Row extends NationalNow {
  readonly version: string;
  readonly release: string;
  readonly loadedBy: string;
}

const ROW = `select id, title, dataset, dataset_version as version, period, release, source, state, refused_because as "refusedBecause",
   digest, asked_at as "proposedAt", confirmed_at as "confirmedAt", receipt, loaded_by as "loadedBy"
 from registry.national_release`;

/** Takes in national releases, each by two stewards; background work enters them into the book. */
@Injectable()
export class NationalService {
  constructor(
    private readonly store: DeskStore,
    private readonly ledger: Ledger,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Proposes a release; it waits for a second steward. Proposing again what waits or is loaded changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | NATIONAL_MAP | NATIONAL_FILE | NATIONAL_SYMBOL | NATIONAL_CONTRADICTS
   */
  async load(member: Member | null, asked: { map: string; csv: string; period: string }): Promise<NationalNow> {
    const steward = stewardOfHub(member);
    const map = parseNationalMap(asked.map, (code, version) => datasetOf(this.catalogue, code, version));
    const facts = readNational(asked.csv, map, asked.period);
    const digest = nationalDigest(map, facts);
    const { code, version } = map.dataset;
    const values = [
      newId(),
      map.title,
      code,
      version,
      facts.period,
      map.release,
      JSON.stringify(facts),
      steward.id,
      this.clock.now(),
      digest,
      map.by,
    ];
    return this.store.as(steward, async (tx) => {
      const known = await this.newest(tx, digest);
      if (known && known.state !== 'withdrawn' && known.state !== 'refused') return this.shown(known);
      await tx.query(
        `insert into registry.national_release
           (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at, digest, source)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict do nothing`,
        values,
      );
      return this.shown((await this.newest(tx, digest))!);
    });
  }

  /**
   * A second steward confirms what is waiting: it stands in the ledger, and background work enters it into the book. Confirming again
   * changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | NATIONAL_ABSENT | NATIONAL_SELF_CONFIRMED
   */
  async confirm(member: Member | null, digest: string): Promise<NationalNow> {
    const steward = stewardOfHub(member);
    return this.store.as(steward, async (tx) => {
      const waiting = await this.waiting(tx, digest);
      if (!waiting) return this.shown(await this.settled(tx, digest, (state) => state !== 'withdrawn'));
      if (waiting.loadedBy === steward.id) throw new Refusal('NATIONAL_SELF_CONFIRMED');
      const now = this.clock.now();
      await appendWork(tx, 'book.load', waiting.id, now);
      const receipt = await this.ledger.append(tx, {
        v: 1,
        kind: 'national',
        hub: this.config.hubId,
        dataset: { code: waiting.dataset, version: waiting.version },
        period: waiting.period,
        release: waiting.release,
        digest,
        loadedBy: waiting.loadedBy,
        confirmedBy: steward.id,
        at: now.toISOString(),
      });
      await tx.query(
        `update registry.national_release set state = 'loading', confirmed_by = $2, confirmed_at = $3, receipt = $4 where id = $1`,
        [waiting.id, steward.id, now, receipt],
      );
      return this.shown({ ...waiting, state: 'loading', confirmedAt: now, receipt });
    });
  }

  /**
   * Takes back what is waiting, by any steward. Again it changes nothing.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | NATIONAL_ABSENT
   */
  async withdraw(member: Member | null, digest: string): Promise<NationalNow> {
    const steward = stewardOfHub(member);
    return this.store.as(steward, async (tx) => {
      const waiting = await this.waiting(tx, digest);
      if (!waiting) return this.shown(await this.settled(tx, digest, (state) => state === 'withdrawn'));
      await tx.query(`update registry.national_release set state = 'withdrawn', withdrawn_by = $2 where id = $1`, [
        waiting.id,
        steward.id,
      ]);
      return this.shown({ ...waiting, state: 'withdrawn' });
    });
  }

  /** All that were proposed, newest first: for stewards and for everybody of a region. @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE */
  async list(member: Member | null): Promise<NationalNow[]> {
    const reader = someoneAs(member, readers);
    const isSteward = holds(reader, ['steward'], 'hub');
    return this.store.as(reader, async (tx) => {
      const rows = (await tx.query(`${ROW} order by id desc limit 100`)) as Row[];
      return rows.map((row) => this.shown(!isSteward && isConfirmed(row) ? { ...row, state: 'confirmed' } : row));
    });
  }

  private async newest(tx: Tx, digest: string): Promise<Row | undefined> {
    return ((await tx.query(`${ROW} where digest = $1 order by id desc limit 1`, [digest])) as Row[])[0];
  }

  /** Nobody else decides about it until the commit. */
  private async waiting(tx: Tx, digest: string): Promise<Row | undefined> {
    return ((await tx.query(`${ROW} where digest = $1 and state = 'proposed' for update`, [digest])) as Row[])[0];
  }

  private async settled(tx: Tx, digest: string, isMeant: (state: NationalNow['state']) => boolean): Promise<Row> {
    const known = await this.newest(tx, digest);
    if (!known || !isMeant(known.state)) throw new Refusal('NATIONAL_ABSENT');
    return known;
  }

  private shown({ version: _v, release: _r, loadedBy: _l, ...row }: Row): NationalNow {
    return { ...row, id: publicId('nat', this.config.hubId, row.id) };
  }
}

const isConfirmed = ({ state }: NationalNow): boolean => state === 'loading' || state === 'loaded';
