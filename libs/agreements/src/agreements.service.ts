import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, keep, londonDate, parseStrictJson, type Clock } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import {
  hasBegun,
  parseAgreement,
  type Agreement,
  type AgreementDocument,
  type AgreementRef,
  type AgreementState,
  type SignatureMade,
} from './domain';

interface Row {
  id: string;
  version: number;
  state: AgreementState;
  digest: string;
  concludedOn: string | null;
  successorFrom: string | null;
  endedOn: string | null;
  parties: [
    authority: string,
    status: 'invited' | 'signed' | 'withdrawn',
    kid: string | null,
    withdrawnFrom: string | null,
  ][];
}

const columns = `a.id, a.version, a.state, encode(a.digest, 'hex') as digest,
  (a.concluded_at at time zone 'Europe/London')::date::text as "concludedOn",
  agreements.successor_from(a.id, a.version)::text as "successorFrom", a.ended_on::text as "endedOn",
  (select coalesce(jsonb_agg(jsonb_build_array(t.code, p.status, p.kid, p.withdrawn_from)), '[]')
   from agreements.party p join registry.authority t on t.id = p.authority_id
   where p.agreement_id = a.id and p.agreement_version = a.version) as parties`;

/** Of the same agreements in the same state there are as many as there are kinds of readers; the oldest goes first. */
const MOST_KEPT = 500;

/** Of which member saw what of a region there are as many as there are readers of a day; the oldest goes first. */
const MOST_SEEN = 10_000;

/**
 * For a statement that asks anyway: a number that grows with every change of any agreement and of who belongs where.
 * `aboutAsSeen` takes it.
 */
export const changesSoFar = '(select number from agreements.change_count)';

/**
 * Loads agreements with their state of this moment, each with the overarching one that it stands under. A document never
 * changes, so its parsed form is kept by digest. State and parties, and who sees which, are kept by the number of changes,
 * which is read anew each time; decisions are never kept.
 */
@Injectable()
export class AgreementsService {
  private readonly documents = new Map<string, AgreementDocument>();
  private readonly kept = new Map<string, readonly Agreement[]>();
  private readonly seen = new Map<string, readonly Agreement[]>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** The agreement, in whatever state; null when this login sees none of that name. */
  async find(tx: Tx, id: string, version: number): Promise<Agreement | null> {
    const [agreement] = await this.load(tx, 'a.id = $1 and a.version = $2', [id, version]);
    return agreement ?? null;
  }

  /** Every agreement about the region that all its parties have signed, whatever has become of it: for `decideAmong`. */
  async about(tx: Tx, regionId: number): Promise<Agreement[]> {
    return this.load(
      tx,
      `a.concluded_at is not null and exists (select from agreements.scope s
         where s.agreement_id = a.id and s.agreement_version = a.version and s.region_id = $1)`,
      [regionId],
    );
  }

  /**
   * The same for a reader whose statement has just asked for `changesSoFar`: read only after a change. What one caller saw
   * is given to another only where the database says that this one sees the same.
   * @param caller  who asks in this transaction
   */
  async aboutAsSeen(tx: Tx, caller: string, regionId: number, changes: string): Promise<readonly Agreement[]> {
    const key = `${caller} ${regionId} ${changes} ${londonDate(this.clock.now())}`;
    const known = this.seen.get(key);
    if (known) return known;
    const [{ revisions }] = (await tx.query('select agreements.revisions_about($1) as revisions', [regionId])) as [
      { revisions: string | null },
    ];
    // Nothing is kept for whoever sees nothing.
    if (revisions === null) return [];
    const all = await this.unlessKept(`about ${revisions}`, () => this.about(tx, regionId));
    return keep(this.seen, MOST_SEEN, key, all);
  }

  /**
   * The agreement, in whatever state, and every other one about a region of it that all its parties have signed: for
   * `decideAmong`. For the intake, which sees every agreement.
   * @returns null when there is none of that name
   */
  async beside(tx: Tx, id: string, version: number): Promise<{ named: Agreement; others: Agreement[] } | null> {
    const beside = `(a.id, a.version) = ($1, $2::int) or a.concluded_at is not null and (a.id, a.version) in (
      select s.agreement_id, s.agreement_version from agreements.scope s join agreements.scope n using (region_id)
      where n.agreement_id = $1 and n.agreement_version = $2)`;
    const [{ changes }] = (await tx.query(`select ${changesSoFar} as changes`, [])) as [{ changes: string }];
    const all = await this.unlessKept(`beside ${id} ${version} ${changes}`, () => this.load(tx, beside, [id, version]));
    const named = all.find(({ document }) => document.id === id && document.version === version);
    return named ? { named, others: all.filter((one) => one !== named) } : null;
  }

  /** Every agreement of this hub that all its parties have signed, whatever has become of it. */
  async concluded(tx: Tx): Promise<Agreement[]> {
    return this.load(tx, 'a.concluded_at is not null', []);
  }

  /** Every version of the agreement that this login sees, oldest first. */
  async versions(tx: Tx, id: string): Promise<Agreement[]> {
    return this.load(tx, 'a.id = $1', [id]);
  }

  /**
   * Agreements that this login sees, by id and version.
   * @param asked.region  those about this region alone
   * @param asked.after   those behind this one, whether it is still there or not
   */
  async some(
    tx: Tx,
    asked: { readonly region: string | null; readonly after: AgreementRef | null },
    limit: number,
  ): Promise<Agreement[]> {
    return this.load(
      tx,
      `($1::text is null or (a.id, a.version) > ($1, $2::int))
         and ($3::text is null or exists (select from agreements.scope s join registry.region g on g.id = s.region_id
           where s.agreement_id = a.id and s.agreement_version = a.version and g.code = $3))`,
      [asked.after?.id ?? null, asked.after?.version ?? null, asked.region],
      limit,
    );
  }

  /** Every signature and notice of the agreement, by authority; none where this login sees no such agreement. */
  async signatures(tx: Tx, { id, version }: AgreementDocument): Promise<SignatureMade[]> {
    return tx.query('select authority, what, jws, kid, jwk from agreements.signatures($1, $2)', [id, version]);
  }

  /**
   * What was loaded under these revisions on this day, for the day says which version of the one above holds. What is loaded
   * now is as new as they are or newer, and a number never comes back: nothing old is taken for new.
   */
  private async unlessKept(
    revisions: string,
    load: () => Promise<readonly Agreement[]>,
  ): Promise<readonly Agreement[]> {
    const key = `${londonDate(this.clock.now())} ${revisions}`;
    const known = this.kept.get(key);
    if (known) return known;
    const all = await load();
    // What is not there is not kept: whoever asks for it again and again pushes nobody out.
    return all.length ? keep(this.kept, MOST_KEPT, key, all) : all;
  }

  private async load(tx: Tx, where: string, values: unknown[], limit: number | null = null): Promise<Agreement[]> {
    const select = (condition: string, of: unknown[], most: number | null = null): Promise<Row[]> =>
      tx.query(
        `select ${columns} from agreements.agreement a where ${condition}
         order by a.id, a.version limit $${of.length + 1}::int`,
        [...of, most],
      );
    const rows = await select(where, values, limit);
    await this.readDocuments(tx, rows);
    const parents = [...new Set(rows.map(({ digest }) => this.documents.get(digest)!.parent))].filter(
      (id) => id !== undefined,
    );
    const above = parents.length ? await select('a.concluded_at is not null and a.id = any($1)', [parents]) : [];
    await this.readDocuments(tx, above);
    const overarching = above.map((row) => this.toAgreement(row, null));
    const today = londonDate(this.clock.now());
    // The newest version that has begun holds; whether it still does is for `notInForce` to say.
    const parentOf = (id: string): Agreement | null =>
      overarching.filter((one) => one.document.id === id && hasBegun(one, today)).at(-1) ?? null;
    return rows.map((row) => {
      const { parent } = this.documents.get(row.digest)!;
      return this.toAgreement(row, parent === undefined ? null : parentOf(parent));
    });
  }

  private async readDocuments(tx: Tx, rows: readonly Row[]): Promise<void> {
    const missing = rows.filter(({ digest }) => !this.documents.has(digest));
    if (!missing.length) return;
    const texts = (await tx.query(
      `select encode(digest, 'hex') as digest, document from agreements.agreement where encode(digest, 'hex') = any($1)`,
      [missing.map(({ digest }) => digest)],
    )) as { digest: string; document: string }[];
    for (const { digest, document } of texts) {
      this.documents.set(digest, parseAgreement(parseStrictJson(document)));
    }
  }

  private toAgreement(row: Row, parent: Agreement | null): Agreement {
    const { state, digest, concludedOn, successorFrom, endedOn, parties } = row;
    return {
      document: this.documents.get(digest)!,
      state,
      parent,
      ...(concludedOn ? { concludedOn } : {}),
      ...(successorFrom ? { successorFrom } : {}),
      ...(endedOn ? { endedOn } : {}),
      parties: new Map(
        parties.map(([authority, status, kid, withdrawnFrom]) => [
          authority as never,
          { status, ...(kid ? { kid } : {}), ...(withdrawnFrom ? { withdrawnFrom } : {}) },
        ]),
      ),
    };
  }
}
