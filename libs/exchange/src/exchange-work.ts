import { Inject, Injectable } from '@nestjs/common';
import { AgreementsService } from '@hub/agreements';
import type { Role } from '@hub/identity';
import { CLOCK, londonDate, type Clock, type Wording } from '@hub/kernel';
import {
  LOGGER,
  MAILER,
  sendMail,
  WorkerStore,
  workPart,
  type Logger,
  type Mailer,
  type Run,
  type Tx,
} from '@hub/platform';
import {
  answering,
  coversOf,
  exchangeNotice,
  isOverdue,
  isReplyAwaited,
  isReviewDue,
  stillConcerns,
  type Acting,
  type IssueFacts,
  type ItemFacts,
  type NoticeKind,
  type Reader,
} from './domain';
import { makeNotice } from './notices';
import { MOST_AGREEMENTS, organisationsOn, readerOf } from './seats';

/** Whose members may open what a notice is about. */
const openers: readonly Role[] = ['board-chair', ...answering];

type ItemKnown = ItemFacts & { readonly wording: Wording };
interface Notice {
  readonly kind: NoticeKind;
  readonly organisation: string;
  readonly subject: string;
  readonly address: string;
  /** That members of the organisation hold today. */
  readonly roles: readonly Role[];
}

/** Notices of what was asked or shared, of a review that is due, and of what is late: each a mail without content. */
@Injectable()
export class ExchangeWorkService {
  constructor(
    private readonly store: WorkerStore,
    private readonly agreements: AgreementsService,
    @Inject(MAILER) private readonly mailer: Mailer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Makes the notices of a morning: of an item that is late, of replies that are, and of a review that is due. */
  async due(run: Run): Promise<void> {
    await this.store.as(null, async (tx) => {
      const now = this.clock.now();
      const today = londonDate(now);
      const item = await findItem(tx, run.subject);
      if (item?.to && item.wording === 'shown' && isOverdue(item, today)) {
        await makeNotice(tx, now, 'overdue', run.subject, item.to);
      }
      const issue = await findIssue(tx, run.subject);
      if (issue && isReviewDue(issue, today)) {
        await makeNotice(tx, now, 'review', run.subject, issue.board, issue.nextReview);
      }
      if (issue?.replyBy && issue.replyBy < today) {
        const late = issue.named.filter(({ organisation }) => isReplyAwaited(issue, organisation));
        for (const { organisation } of late) await makeNotice(tx, now, 'overdue', run.subject, organisation);
      }
      await run.settle(tx);
    });
  }

  /** Sends a notice that still concerns somebody, where there is a way out and an address; at least once, with one Message-ID. */
  async tell(run: Run): Promise<void> {
    const notice = await this.store.as(null, async (tx) => {
      const found = await findNotice(tx, run.subject);
      return found && (await this.concerns(tx, found)) ? found : undefined;
    });
    const sent = await sendMail(
      this.mailer,
      this.logger,
      run,
      notice && { to: notice.address, ...exchangeNotice(notice.kind) },
    );
    await this.store.as(null, async (tx) => {
      if (sent)
        await tx.query('update exchange.notice set sent_at = $2 where id = $1', [run.subject, this.clock.now()]);
      await run.settle(tx);
    });
  }

  private async concerns(tx: Tx, { kind, subject, organisation, roles }: Notice): Promise<boolean> {
    const today = londonDate(this.clock.now());
    const reader = await this.readerOf(tx, organisation, roles, today);
    const item = await findItem(tx, subject);
    if (item) return stillConcerns(kind, { item }, reader, today);
    const issue = await findIssue(tx, subject);
    return issue !== null && stillConcerns(kind, { issue }, reader, today);
  }

  /** The organisation as one who looks for it, by the agreements of the day. */
  private async readerOf(tx: Tx, of: string, roles: readonly Role[], today: string): Promise<Reader> {
    const organisations = await organisationsOn(tx, today);
    const { areas = [], regions = [] } = organisations.get(of) ?? {};
    const acting: Acting = { of, roles, areas, regions, boards: of.startsWith('brd-') ? [of] : [] };
    const agreements = await this.agreements.some(tx, { region: null, after: null }, MOST_AGREEMENTS);
    return readerOf('', acting, coversOf(agreements, acting, today), organisations);
  }
}

async function findNotice(tx: Tx, id: string): Promise<Notice | undefined> {
  const [notice] = (await tx.query(
    `select n.kind, n.organisation, n.subject_id as subject, c.address,
       array(select distinct r.role from identity.member_role r
         where r.organisation = n.organisation and r.role = any($2) and r.valid @> identity.today()) as roles
     from exchange.notice n join exchange.contact c on c.organisation = n.organisation
     where n.id = $1 and n.sent_at is null`,
    [id, openers],
  )) as Notice[];
  return notice;
}

async function findItem(tx: Tx, id: string): Promise<ItemKnown | null> {
  const [item] = (await tx.query(
    'select t.kind, t.to_organisation as "to", t.state, t.due::text, t.wording from exchange.item t where t.id = $1',
    [id],
  )) as Omit<ItemKnown, 'by' | 'meeting'>[];
  return item ? { ...item, by: '', meeting: null } : null;
}

/** How far an issue has come: the worker is granted no text of it, and need not know who wrote it. */
async function findIssue(tx: Tx, id: string): Promise<IssueFacts | null> {
  const [issue] = (await tx.query(
    `select i.board, i.state, i.wording, i.reply_by::text as "replyBy", i.next_review::text as "nextReview",
       i.shared_on::text as "sharedOn", i.recipients, i.network, (select coalesce(jsonb_agg(jsonb_build_object(
         'organisation', n.organisation, 'repliedAt', n.replied_at)), '[]') from exchange.named n where n.issue_id = i.id) as named
     from exchange.issue i where i.id = $1`,
    [id],
  )) as Omit<IssueFacts, 'author'>[];
  if (!issue) return null;
  const named = issue.named.map((one) => ({ ...one, repliedAt: one.repliedAt && new Date(one.repliedAt) }));
  return { ...issue, named, author: '' };
}

/** Background work of the exchange. */
export const exchangeWork = workPart([ExchangeWorkService], (work) => ({
  'exchange.tell': (run) => work.tell(run),
  'exchange.due': (run) => work.due(run),
}));
