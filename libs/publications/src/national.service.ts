import { Inject, Injectable } from '@nestjs/common';
import { holds, someoneAs, type Member } from '@hub/identity';
import { CLOCK, Refusal, type Clock } from '@hub/kernel';
import { appendWork, CONFIG, DeskStore, newId, publicId, type Config } from '@hub/platform';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import { parseNationalMap, readNational } from './domain';

const among = ['steward'] as const;

/** A national release as a steward sees it: that it is loaded, and never what it has opened. */
export interface NationalNow {
  readonly id: string;
  readonly title: string;
  readonly period: string;
  readonly state: 'loading' | 'loaded' | 'refused';
  readonly refusedBecause: string | null;
}

/** Takes in national releases; background work enters them into the book. */
@Injectable()
export class NationalService {
  constructor(
    private readonly store: DeskStore,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | NATIONAL_MAP | NATIONAL_FILE | NATIONAL_SYMBOL | NATIONAL_CONTRADICTS */
  async load(member: Member | null, asked: { map: string; csv: string; period: string }): Promise<NationalNow> {
    const steward = this.stewardOf(member);
    const map = parseNationalMap(asked.map, (code, version) => datasetOf(this.catalogue, code, version));
    const facts = readNational(asked.csv, map, asked.period);
    const id = newId();
    const now = this.clock.now();
    return this.store.as(steward, async (tx) => {
      await tx.query(
        `insert into registry.national_release (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, map.title, map.dataset.code, map.dataset.version, facts.period, map.release, JSON.stringify(facts), steward.id, now], // prettier-ignore
      );
      await appendWork(tx, 'book.load', id, now);
      return { id: this.idOf(id), title: map.title, period: facts.period, state: 'loading', refusedBecause: null };
    });
  }

  /** All that were loaded, newest first. @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE */
  async list(member: Member | null): Promise<NationalNow[]> {
    return this.store.as(this.stewardOf(member), async (tx) => {
      const rows = (await tx.query(
        `select id, title, period, state, refused_because as "refusedBecause" from registry.national_release order by id desc limit 100`,
      )) as NationalNow[];
      return rows.map((row) => ({ ...row, id: this.idOf(row.id) }));
    });
  }

  private idOf(id: string): string {
    return publicId('nat', this.config.hubId, id);
  }

  private stewardOf(member: Member | null): Member {
    const steward = someoneAs(member, among);
    if (!holds(steward, among, 'hub')) throw new Refusal('NOT_FOR_THIS_ROLE', { expected: 'steward of the hub' });
    return steward;
  }
}
