import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService } from '@hub/agreements';
import { CLOCK, londonDate, parseAuthorityCode, type Clock } from '@hub/kernel';
import { Ledger } from '@hub/ledger';
import { purgedThings, type PurgedThing } from '@hub/ledger/domain';
import { appendWork, BOOK_LOCK, CONFIG, newId, WorkerStore, type Config, type Run, type Tx } from '@hub/platform';
import { purgesDue, type Holding, type Purge } from '../domain';
import { heldColumns, toHolding, type HeldRow } from './holding';

/** A submission of which something is still there, with what its leaf in the ledger says of it. */
interface Held extends Holding {
  readonly authorityId: number;
  readonly envelopeDigest: Buffer;
}

/** How many submissions are looked at in one transaction. */
const LOOKED_AT = 500;
/** How many one run lets go: then other work gets its turn, and what is left is asked for anew. */
const MOST_IN_ONE_RUN = 200;

/** Lets go of what no agreement lets the hub keep, and of what an authority wants erased: background work alone may. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly store: WorkerStore,
    private readonly agreements: AgreementsService,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Looks at all that is held, and lets go of what is due. Each submission goes in a transaction of its own, so that
   * nobody waits long for the ledger; one that is stopped half way is only a smaller one, and a second finds nothing.
   */
  async keep(run: Run): Promise<void> {
    let after = '00000000-0000-0000-0000-000000000000';
    let gone = 0;
    for (;;) {
      const { held, agreements } = await this.store.as(null, async (tx) => ({
        held: await this.held(tx, 'h.id > $1 order by h.id limit $2', [after, LOOKED_AT]),
        agreements: await this.agreements.concluded(tx),
      }));
      const today = londonDate(this.clock.now());
      for (const holding of held.filter((one) => purgesDue(one, agreements, today).length)) {
        // Asked again in the transaction that acts: an agreement may just have been prolonged.
        await this.store.as(null, async (tx) => {
          const [now] = await this.locked(tx, holding.id);
          if (now) await this.purge(tx, now, purgesDue(now, await this.agreements.concluded(tx), today), null);
        });
        if (++gone === MOST_IN_ONE_RUN) {
          return this.store.as(null, async (tx) => {
            await appendWork(tx, 'retention.keep', run.id, this.clock.now());
            await run.settle(tx);
          });
        }
      }
      if (held.length < LOOKED_AT) break;
      after = held.at(-1)!.id;
    }
    await this.store.as(null, (tx) => run.settle(tx));
  }

  /** Erases what an approver has asked for: exactly the submissions of the plan, whatever has come since. */
  async erase(run: Run): Promise<void> {
    const [erasure] = await this.store.as(
      null,
      (tx) =>
        tx.query('select id, submissions from intake.erasure where id = $1 and done_at is null', [
          run.subject,
        ]) as Promise<{ id: string; submissions: string[] }[]>,
    );
    for (const id of erasure?.submissions ?? []) {
      await this.store.as(null, async (tx) => {
        const [now] = await this.locked(tx, id);
        // No clause: the authority itself has asked for it.
        if (now)
          await this.purge(
            tx,
            now,
            [{ what: ['envelope', 'cells'], agreement: now.agreement, clause: '' }],
            run.subject,
          );
      });
    }
    await this.store.as(null, async (tx) => {
      await tx.query('update intake.erasure set done_at = $2 where id = $1 and done_at is null', [
        run.subject,
        this.clock.now(),
      ]);
      await run.settle(tx);
    });
  }

  /** The submission, once no compile reads it any more and nobody else lets go of it. */
  private async locked(tx: Tx, id: string): Promise<Held[]> {
    await tx.query('select pg_advisory_xact_lock($1)', [BOOK_LOCK]);
    return this.held(tx, 'h.id = $1', [id]);
  }

  private async held(tx: Tx, where: string, values: unknown[]): Promise<Held[]> {
    const rows = (await tx.query(
      `select h.* from (
         select ${heldColumns}, b.authority_id as "authorityId", a.code as authority, b.envelope_digest as "envelopeDigest",
           exists (select from intake.cell c where c.submission_id = b.id) as cells
         from intake.submission b join registry.authority a on a.id = b.authority_id
       ) h where (h.envelope or h.cells) and ${where}`,
      values,
    )) as (HeldRow & Pick<Held, 'authorityId' | 'envelopeDigest'> & { authority: string; cells: boolean })[];
    return rows.map(({ authority, authorityId, envelopeDigest, cells, ...row }) => ({
      ...toHolding(row, parseAuthorityCode(authority), cells),
      authorityId,
      envelopeDigest,
    }));
  }

  /** Lets go of it, each group of things with one entry of the ledger; what is not there any more leaves no entry. */
  private async purge(tx: Tx, held: Held, purges: readonly Purge[], erasure: string | null): Promise<void> {
    const done: { purge: Purge; what: PurgedThing[] }[] = [];
    for (const purge of purges) {
      const gone = new Set<PurgedThing>();
      if (purge.what.includes('envelope') && (await deleted(tx, 'intake.raw where submission_id = $1', [held.id]))) {
        gone.add('envelope');
        // What waited for its approver has nothing left to be signed.
        await tx.query(`update intake.submission set state = 'lapsed' where id = $1 and state = 'awaitingSignOff'`, [
          held.id,
        ]);
      }
      if (purge.what.includes('cells') && (await deleted(tx, 'intake.cell where submission_id = $1', [held.id]))) {
        gone.add('cells');
        if (await this.forget(tx, held)) gone.add('proofs');
      }
      if (gone.size) done.push({ purge, what: purgedThings.filter((thing) => gone.has(thing)) });
    }
    // Last, for the ledger's lock is held until the commit.
    for (const { purge, what } of done) {
      const purgedAt = this.clock.now();
      const receipt = await this.ledger.append(tx, {
        v: 1,
        kind: 'purge',
        hub: this.config.hubId,
        authority: held.authority,
        dataset: held.dataset,
        period: held.period.text,
        agreement: purge.agreement,
        version: held.version,
        envelope: held.envelopeDigest.toString('hex'),
        what,
        clause: purge.clause,
        purgedAt: purgedAt.toISOString(),
      });
      await tx.query(
        `insert into intake.purge (id, submission_id, authority_id, what, agreement_id, agreement_version, clause, erasure_id,
           purged_at, receipt)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          newId(),
          held.id,
          held.authorityId,
          what,
          purge.agreement.id,
          purge.agreement.version,
          purge.clause,
          erasure,
          purgedAt,
          receipt,
        ],
      );
    }
  }

  /**
   * What was made of the cells goes with them: proofs of publications in which the authority stands, its own readers' proofs,
   * what the gate noted down of the rounds and what was told of them, also of later ones that were held beside its counts, and findings, for those of the period after say what the one before was, and those of a return
   * that refreshed it what it became. A round that is not
   * published yet has no return of the authority any more.
   * @returns whether there were proofs
   */
  private async forget(tx: Tx, { authorityId, dataset, period, version }: Held): Promise<boolean> {
    const about = [authorityId, dataset.code, period.text];
    const rounds = `r.dataset = $2 and r.period = $3 and exists (
      select from registry.region_authority ra where ra.region_id = r.region_id and ra.authority_id = $1)`;
    // What lies ready for its moment is not published any more; first, for one whose moment is now is then published here.
    const [prepared] = (await tx.query(
      `delete from proof.prepared p using rounds.round r where r.id = p.round_id and ${rounds} returning p.publication_id as id`,
      about,
    )) as [{ id: string | null }[], number];
    // A later publication was protected together with them: its proof holds their counts too.
    const published = `$4::uuid[] || array(select p.id from release.publication p where p.dataset = $2 and p.period = $3
      and exists (select from release.figure f where f.publication_id = p.id and f.authority_id = $1))`;
    const [proofs] = (await tx.query(
      `delete from proof.certificate c where c.publication_id = any(${published}) or c.linked && (${published})
       returning c.publication_id as id`,
      [...about, prepared.flatMap(({ id }) => id ?? [])],
    )) as [{ id: string }[], number];
    const gone = proofs.map(({ id }) => id);
    const [refused] = (await tx.query(
      `delete from proof.gate_refusal g where g.linked && (${published}) returning g.round_id as id`,
      [...about, gone],
    )) as [{ id: string }[], number];
    const held = refused.map(({ id }) => id);
    await deleted(
      tx,
      'proof.prepared p where p.publication_id = any($1) or p.publication_id is null and p.round_id = any($2)',
      [gone, held],
    );
    const own = await deleted(
      tx,
      `intake.own_proof o using release.publication p
       where p.id = o.publication_id and o.authority_id = $1 and p.dataset = $2 and p.period = $3`,
      about,
    );
    const noted = await deleted(
      tx,
      `proof.gate_refusal g using rounds.round r where r.id = g.round_id and ${rounds}`,
      about,
    );
    for (const told of ['rounds.held_table', 'intake.held_cell'])
      await deleted(tx, `${told} h using rounds.round r where r.id = h.round_id and (r.id = any($4) or ${rounds})`, [
        ...about,
        held,
      ]);
    await deleted(
      tx,
      `rounds.return_state s using rounds.round r
       where r.id = s.round_id and s.authority_id = $1 and s.version = $4 and r.state is distinct from 'published' and ${rounds}`,
      [...about, version],
    );
    const opened = await deleted(
      tx,
      `intake.opening o using registry.national_release n
       where n.id = o.release_id and o.authority_id = $1 and n.dataset = $2 and o.period = $3`,
      about,
    );
    await tx.query(
      `update intake.raw w set findings = '[]' from intake.submission b
       where b.id = w.submission_id and b.authority_id = $1 and b.dataset = $2
         and (b.period = $3 or b.period_from = $4 or b.id in (
           select c.carried_by from intake.submission c
           where c.authority_id = $1 and c.dataset = $2 and (c.period = $3 or c.period_from = $4)))`,
      [...about, period.until],
    );
    return gone.length > 0 || own || noted || opened;
  }
}

/** Whether the statement has taken rows away; TypeORM answers `[rows, count]`. */
async function deleted(tx: Tx, from: string, values: unknown[]): Promise<boolean> {
  const [, count] = (await tx.query(`delete from ${from}`, values)) as [unknown, number];
  return count > 0;
}
