import { Inject, Injectable } from '@nestjs/common';
import { lostOf, outerIntervalsInThread } from '@hub/disclosure';
import { CLOCK, londonDate, Refusal, type Clock } from '@hub/kernel';
import {
  appendWork,
  BOOK_LOCK,
  LOGGER,
  MAILER,
  newId,
  sendMail,
  WorkerStore,
  type Logger,
  type Mailer,
  type Run,
  type Tx,
} from '@hub/platform';
import { attackersAmong, CATALOGUE, datasetOf, RegistryKeys, type Catalogue } from '@hub/registry';
import {
  countOf,
  inTimeOf,
  jointProblem,
  placesOf,
  printedNationally,
  ReleaseGone,
  restBetween,
  shownBy,
  sumsOf,
  touchedBy,
  type Book,
  type NationalRelease,
} from './domain';
import { bookIn, circlesOn } from './book.store';
import { whatItGivesAway, type Opened } from './given-away';
import { PROTECTOR, type Protector } from './protector';

interface Loading {
  readonly id: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly facts: NationalRelease;
}

/** Enters national releases into the book, audits it again, and tells each authority what of its own is open now. */
@Injectable()
export class BookService {
  constructor(
    private readonly store: WorkerStore,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(PROTECTOR) private readonly protector: Protector,
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One that contradicts itself or what was loaded before is refused, and the book is as it was. */
  async load(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [BOOK_LOCK]);
      const [loading] = (await tx.query(
        `select id, dataset, dataset_version as "datasetVersion", facts from registry.national_release
         where id = $1 and state = 'loading'`,
        [run.subject],
      )) as Loading[];
      if (loading) {
        const why = await refusalIn(this.enter(tx, loading));
        await tx.query('update registry.national_release set state = $2, refused_because = $3 where id = $1', [
          loading.id,
          why ? 'refused' : 'loaded',
          why,
        ]);
      }
      await run.settle(tx);
    });
  }

  /** Decides first and writes then: what is refused has written nothing. @throws Refusal NATIONAL_CONTRADICTS */
  private async enter(tx: Tx, loading: Loading): Promise<void> {
    await this.assertFits(tx, loading);
    const { printed, opened } = await this.audit(tx, loading);
    const now = this.clock.now();
    await tx.query(
      `insert into proof.certificate (publication_id, problem, decision, attackers, linked, at, places)
       values ($1, $2, $3, '[]', '{}', $4, $5)`,
      [loading.id, JSON.stringify(printed), JSON.stringify({ suppressed: [] }), now, placesOf(printed)],
    );
    await this.report(tx, loading.id, opened, now);
  }

  /**
   * From print alone, without any count of ours: that it is refused says nothing of these.
   * @throws Refusal NATIONAL_CONTRADICTS where no counts fit it, or where a figure was printed otherwise in an earlier release
   */
  private async assertFits(tx: Tx, { dataset, datasetVersion, facts }: Loading): Promise<void> {
    const earlier = (await tx.query(
      `select facts from registry.national_release where state = 'loaded' and dataset = $1 and period = $2`,
      [dataset, facts.period],
    )) as { facts: NationalRelease }[];
    const nameOf = ({ authority, key }: { authority: string; key: string }) => `${authority}|${key}`;
    const before = new Map(earlier.flatMap((one) => one.facts.figures.map((figure) => [nameOf(figure), figure])));
    const other = facts.figures.find((figure) => {
      const known = before.get(nameOf(figure));
      return (
        known !== undefined && (figure.least > (known.most ?? Infinity) || (figure.most ?? Infinity) < known.least)
      );
    });
    if (other) throw new Refusal('NATIONAL_CONTRADICTS', { series: other.key });
    const specification = datasetOf(this.catalogue, dataset, datasetVersion);
    await whatItGivesAway(facts, specification, undefined, outerIntervalsInThread);
  }

  /** What the release adds to the book, and what is open then. */
  private async audit(tx: Tx, { dataset: code, datasetVersion, facts }: Loading) {
    const dataset = datasetOf(this.catalogue, code, datasetVersion);
    const sums = sumsOf(facts);
    const book = await bookIn(tx, sums);
    const printed = printedNationally(book, facts);
    const opened = new Map<string, Opened>();
    const open = (one: Opened) => opened.set(`${one.authority}|${one.key}|${one.period}`, one);

    const printedHere = (authority: string, key: string) => {
      const kept = book.cells.get(book.contents.get(`${authority}|${key}|${facts.period}`)?.at(-1) ?? '');
      return kept && !kept.isHidden ? kept.cell.value : undefined;
    };
    (await whatItGivesAway(facts, dataset, printedHere, outerIntervalsInThread)).forEach(open);
    for (const { owner, value, ...cell } of shownBy(book, printed)) {
      open({
        authority: owner!,
        key: countOf({ ...cell, owner })!.key,
        period: facts.period,
        least: value,
        most: value,
      });
    }
    const touched = touchedBy(book, printed, sums);
    const exposed = await this.exposedBy(tx, book, touched, dataset);
    if (!exposed.isWhole)
      this.logger.error({ dataset: code, period: facts.period }, 'the book could not be audited whole');
    exposed.opened.forEach(open);
    return { printed, opened: [...opened.values()] };
  }

  /**
   * What of the book nobody can hold off any more. What it is linked to and is gone cannot be audited, nor is it held here; and a part
   * may be too hard for the time there is: then what is known of the others is told, and `isWhole` is false.
   */
  private async exposedBy(
    tx: Tx,
    book: Book,
    touched: Parameters<typeof jointProblem>[1],
    dataset: Parameters<typeof inTimeOf>[0],
  ): Promise<{ opened: Opened[]; isWhole: boolean }> {
    const circles = await circlesOn(tx, londonDate(this.clock.now()));
    try {
      const attackers = attackersAmong(circles, [...book.authorities].sort());
      const { problem } = jointProblem(book, touched, attackers, inTimeOf(dataset));
      if (!problem.cells.length) return { opened: [], isWhole: true };
      const decision = await this.protector(problem);
      if (decision.status === 'protected') return { opened: [], isWhole: true };
      const cells = new Map(problem.cells.map((cell) => [cell.id, cell]));
      const opened = lostOf(decision).flatMap(({ id, interval: [least, most] }) => {
        const count = countOf(cells.get(id)!) ?? restBetween(book, cells.get(id)!);
        return count ? [{ ...count, least: least ?? 0, most: most ?? cells.get(id)!.value }] : [];
      });
      return { opened, isWhole: decision.cut === undefined };
    } catch (error) {
      if (error instanceof ReleaseGone) return { opened: [], isWhole: false };
      throw error;
    }
  }

  private async report(tx: Tx, release: string, opened: readonly Opened[], now: Date): Promise<void> {
    for (const authority of new Set(opened.map((one) => one.authority))) {
      if (!this.keys.isAuthority(authority)) continue;
      const own = opened.filter((one) => one.authority === authority);
      for (const period of new Set(own.map((one) => one.period))) {
        const id = newId();
        const authorityId = this.keys.authorityId(authority);
        await tx.query(
          'insert into intake.opening (id, release_id, authority_id, period, found_at) values ($1, $2, $3, $4, $5)',
          [id, release, authorityId, period, now],
        );
        const these = own.filter((one) => one.period === period);
        await tx.query(
          `insert into intake.opened (opening_id, authority_id, series_id, least, most)
           select $1, $2, o.series, o.least, o.most from unnest($3::int[], $4::bigint[], $5::bigint[]) o(series, least, most)`,
          [
            id,
            authorityId,
            these.map(({ key }) => this.keys.seriesId(key)),
            these.map(({ least }) => least),
            these.map(({ most }) => most),
          ],
        );
        await appendWork(tx, 'opening.tell', id, now);
      }
    }
  }

  /**
   * Tells an authority by mail that something of its own is open, its data protection contact too, where it has named mailboxes. The
   * mail holds no figures.
   */
  async tell(run: Run): Promise<void> {
    const [found] = await this.store.as(
      null,
      (tx) =>
        tx.query(
          `select addresses, a.name as authority, a.code, n.title, o.period from intake.opening o
             join registry.national_release n on n.id = o.release_id join registry.authority a on a.id = o.authority_id
             cross join lateral rounds.mailboxes(o.authority_id, true) addresses
           where o.id = $1 and o.told_at is null and addresses is not null`,
          [run.subject],
        ) as Promise<{ addresses: string[]; authority: string; code: string; title: string; period: string }[]>,
    );
    const sent = await sendMail(
      this.mailer,
      this.logger,
      run,
      found && { to: found.addresses.join(', '), ...openingText(found) },
    );
    await this.store.as(null, async (tx) => {
      if (sent) await tx.query('update intake.opening set told_at = $2 where id = $1', [run.subject, this.clock.now()]);
      await run.settle(tx);
    });
  }
}

/** The code of the refusal in which work ends; null where it ends well. A fault is passed on, and tried again. */
async function refusalIn(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** The words of the mail: no figure, nor which one it is. */
const openingText = (facts: { authority: string; code: string; title: string; period: string }) => ({
  subject: `A national release for ${facts.period} bears on figures of ${facts.authority}`,
  text: [
    `The hub has loaded a national release: ${facts.title}.`,
    '',
    `Together with it, figures of ${facts.authority} for ${facts.period} can be worked out that are not printed.`,
    'An approver sees which:',
    '',
    `    hub book opened --authority ${facts.code}`,
    '',
    'Nobody else is told but the data protection contact whose mailbox your authority has named. Nothing that is printed can be',
    'called back.',
    '',
    'This mail was sent by the hub itself to the addresses that your authority has given. It holds no figures.',
    '',
  ].join('\n'),
});
