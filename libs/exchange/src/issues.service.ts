import { Inject, Injectable } from '@nestjs/common';
import type { Member, Role } from '@hub/identity';
import { canonical, Refusal } from '@hub/kernel';
import { CONFIG, newId, type Config, type Tx } from '@hub/platform';
import type { FigureNamed, Pinned } from '@hub/publications';
import { RegistryKeys } from '@hub/registry';
import {
  coveredTogether,
  exchangeRoles,
  isAmendable,
  isAtEnd,
  parseRisk,
  reply,
  sightOf,
  stepInWords,
  stepRefused,
  takeIssueStep,
  type Acting,
  type IssueSource,
  type IssueState,
  type IssueStep,
  type Life,
} from './domain';
import { EvidenceService } from './evidence.service';
import { addItem, findIssue, keepParts, loadIssues, publicIdOf, type Issue } from './issues.store';
import { morningAfter, morningOf, tell, tellLater } from './notices';
import { Records } from './records';
import { boardOf, homeOf, Seats, type Seat } from './seats';
import { Words } from './words';

export const chairs: readonly Role[] = ['board-chair'];
export const answerers: readonly Role[] = ['authority-approver', 'agency-partner'];

/** What a board says of an issue. */
export interface IssueDraft {
  readonly theme: string;
  readonly title: string;
  readonly text: string;
  readonly question: string;
  readonly source: IssueSource;
  readonly likelihood: number;
  readonly impact: number;
  readonly areas: readonly string[];
  readonly agencies: readonly string[];
  readonly leadArea: string | null;
  readonly nextReview: string | null;
  readonly evidence: readonly FigureNamed[];
  readonly confirmed: boolean;
}

export interface StepAsked {
  readonly replyBy: string | null;
  readonly boards: readonly string[];
  readonly reason: string | null;
}

/** An issue with the seat from which it is looked at: what is shown of it follows from both. */
export interface Looked {
  readonly issue: Issue;
  readonly seat: Seat;
}

/** The life of issues. */
@Injectable()
export class IssuesService {
  constructor(
    private readonly seats: Seats,
    private readonly words: Words,
    private readonly evidence: EvidenceService,
    private readonly records: Records,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Refusal ISSUE_ABSENT for what the caller's organisation does not see */
  async find(member: Member | null, as: string, id: string): Promise<Looked> {
    return this.seats.as(member, as, exchangeRoles, async (tx, seat) => {
      const issue = await this.seen(tx, seat, id);
      await this.records.issue(tx, seat, id, issue);
      return { issue, seat };
    });
  }

  /** A page of what the organisation sees, `limit + 1` of them, newest first. */
  async list(
    member: Member | null,
    as: string,
    state: IssueState | null,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<Looked[]> {
    return this.seats.as(member, as, exchangeRoles, async (tx, seat) => {
      const rows = await loadIssues(
        tx,
        this.config.hubId,
        '($1::uuid is null or i.id < $1) and ($2::text is null or i.state = $2)',
        [page.after, state],
        page.limit + 1,
      );
      const seen = rows.filter((issue) => sightOf(issue, seat.reader));
      await this.records.issues(tx, seat, seen.slice(0, page.limit));
      return seen.map((issue) => ({ issue, seat }));
    });
  }

  /**
   * Writes a draft down, for its author alone.
   * @throws Refusal EVIDENCE_NOT_SEEN | INDICATOR_ABSENT | AUTHORITY_ABSENT | ISSUE_BODY_OUTSIDE | WORDS_REFUSED |
   *   WORDS_QUESTIONED | REQUEST_MALFORMED
   */
  async raise(member: Member | null, as: string, draft: IssueDraft): Promise<Looked> {
    const pinned = await this.pinned(member, as, draft.evidence);
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const { named, texts, wording } = this.judged(seat, draft);
      const id = newId();
      await tx.query(
        `insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood,
           impact, next_review, wording, worded_by, created_at, changed_at)
         values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $4, $14, $14)`,
        [
          id,
          this.keys.regionId(homeOf(seat)),
          as,
          seat.member.id,
          texts.theme,
          texts.title,
          texts.text,
          texts.question,
          draft.source,
          draft.likelihood,
          draft.impact,
          draft.nextReview,
          wording,
          seat.now,
        ],
      );
      await keepParts(tx, id, named, draft.leadArea, pinned);
      return { issue: await this.seen(tx, seat, publicIdOf('iss', this.config.hubId, id)), seat };
    });
  }

  /**
   * Changes an issue that nobody outside its board has read.
   * @throws Refusal as `raise`; ISSUE_ABSENT | ISSUE_STEP_REFUSED
   */
  async amend(member: Member | null, as: string, id: string, draft: IssueDraft): Promise<Looked> {
    // That there is such an issue is settled before its figures are looked at.
    await this.seats.as(member, as, chairs, (tx, seat) => this.own(tx, seat, id));
    const pinned = await this.pinned(member, as, draft.evidence);
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      if (!isAmendable(issue)) throw stepRefused(issue.state, 'amend');
      const { named, texts, wording } = this.judged(seat, draft);
      await tx.query(
        `update exchange.issue set theme = $2, title = $3, text = $4, question = $5, source = $6, likelihood = $7, impact = $8,
           next_review = $9, wording = $10, worded_by = $11, changed_at = $12 where id = $1`,
        [
          issue.id,
          texts.theme,
          texts.title,
          texts.text,
          texts.question,
          draft.source,
          draft.likelihood,
          draft.impact,
          draft.nextReview,
          wording,
          seat.member.id,
          seat.now,
        ],
      );
      await keepParts(tx, issue.id, named, draft.leadArea, pinned);
      if (draft.nextReview !== null) await tellLater(tx, seat, issue.id, morningOf(draft.nextReview));
      return { issue: await this.seen(tx, seat, id), seat };
    });
  }

  /**
   * A step of the board that raised the issue.
   * @throws Refusal ISSUE_ABSENT | ISSUE_STEP_REFUSED | ISSUE_REPLY_PENDING | ISSUE_BOARD_OUTSIDE | EVIDENCE_NOT_SEEN |
   *   WORDS_AWAITING | WORDS_REFUSED | WORDS_QUESTIONED | REQUEST_MALFORMED
   */
  async step(member: Member | null, as: string, id: string, step: IssueStep, asked: StepAsked): Promise<Looked> {
    const looked = await this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      this.stepped(seat, issue, step, asked);
      return { issue, seat };
    });
    const checked = looked.issue.evidence;
    await this.evidence.assertSeenBy(looked.seat, checked, this.recipients(looked, step, asked.boards));
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      if (canonical(issue.evidence) !== canonical(checked)) {
        throw stepRefused(issue.state, step, 'the same again: its figures were changed meanwhile');
      }
      const { life, reason } = this.stepped(seat, issue, step, asked);
      await tx.query(
        `update exchange.issue set state = $2, reply_by = $3, shared_on = $4, recipients = $5, network = $6, changed_at = $7
         where id = $1`,
        [issue.id, life.state, life.replyBy, life.sharedOn, life.recipients, life.network, seat.now],
      );
      const sharedWith = asked.boards.filter((board) => board !== as).map((board) => this.seats.name(seat, board));
      const more = step === 'share' ? sharedWith.join(', ') : reason;
      await addItem(tx, seat, { kind: 'step', issue: issue.id, text: stepInWords(step, more) });
      await this.tellOf(tx, seat, { ...issue, ...life }, step);
      return { issue: await this.seen(tx, seat, id), seat };
    });
  }

  /**
   * Says that the board has looked at an issue again, and by which day it does so next.
   * @throws Refusal ISSUE_ABSENT; ISSUE_STEP_REFUSED for one at its end; REQUEST_MALFORMED for a day that is over
   */
  async review(member: Member | null, as: string, id: string, next: string): Promise<Looked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      if (isAtEnd(issue)) throw stepRefused(issue.state, 'review');
      if (next < seat.today) throw new Refusal('REQUEST_MALFORMED', { expected: `a date, ${seat.today} or later` });
      await tx.query('update exchange.issue set next_review = $2, changed_at = $3 where id = $1', [
        issue.id,
        next,
        seat.now,
      ]);
      await addItem(tx, seat, { kind: 'step', issue: issue.id, text: `Looked at again; next on ${next}` });
      await tellLater(tx, seat, issue.id, morningOf(next));
      return { issue: await this.seen(tx, seat, id), seat };
    });
  }

  /**
   * The answer of an authority or agency that the issue names.
   * @throws Refusal ISSUE_ABSENT | ISSUE_STEP_REFUSED | WORDS_REFUSED | WORDS_QUESTIONED
   */
  async reply(member: Member | null, as: string, id: string, text: string, confirmed: boolean): Promise<Looked> {
    return this.seats.as(member, as, answerers, async (tx, seat) => {
      const issue = await this.seen(tx, seat, id);
      const after = reply(issue, as, seat.now);
      const { texts, wording } = this.words.judge(seat, { text }, [], confirmed);
      await addItem(tx, seat, { kind: 'reply', issue: issue.id, to: issue.board, text: texts.text, wording });
      if (after !== issue) {
        await tx.query(
          'update exchange.named set replied_at = $3 where issue_id = $1 and organisation = $2 and replied_at is null',
          [issue.id, as, seat.now],
        );
      }
      return { issue: await this.seen(tx, seat, id), seat };
    });
  }

  /**
   * Takes an issue back, without trace for its readers: the text is gone, and the access log keeps that it was.
   * @throws Refusal ISSUE_ABSENT
   */
  async withdraw(member: Member | null, as: string, id: string): Promise<void> {
    await this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      await this.records.withdrawn(tx, seat, id);
      await tx.query('select exchange.take_back(null, $1)', [issue.id]);
      await tx.query(
        `update exchange.issue set wording = 'withdrawn', theme = '', title = '', text = '', question = '', changed_at = $2
         where id = $1`,
        [issue.id, seat.now],
      );
    });
  }

  /** @throws Refusal ISSUE_ABSENT | WORDS_SECOND_PERSON */
  async approve(member: Member | null, as: string, id: string): Promise<void> {
    await this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.own(tx, seat, id);
      if (issue.wordedBy === seat.member.id) throw new Refusal('WORDS_SECOND_PERSON');
      await tx.query(
        `update exchange.issue set wording = 'shown', changed_at = $2 where id = $1 and wording = 'awaiting'`,
        [issue.id, seat.now],
      );
    });
  }

  /** The issue as the database shows it, if the code agrees. @throws Refusal ISSUE_ABSENT */
  async seen(tx: Tx, seat: Seat, id: string): Promise<Issue> {
    const issue = await findIssue(tx, this.config.hubId, id);
    if (!sightOf(issue, seat.reader)) throw new Refusal('ISSUE_ABSENT');
    return issue;
  }

  /** The board's own, locked. @throws Refusal ISSUE_ABSENT */
  private async own(tx: Tx, seat: Seat, id: string): Promise<Issue> {
    const issue = await findIssue(tx, this.config.hubId, id, true);
    if (sightOf(issue, seat.reader) !== 'own') throw new Refusal('ISSUE_ABSENT');
    return issue;
  }

  /** Pinned outside of the desk's transaction: figures are read over the reader's login. */
  private async pinned(member: Member | null, as: string, evidence: readonly FigureNamed[]): Promise<Pinned[]> {
    if (!evidence.length) return [];
    const seat = await this.seats.as(member, as, chairs, async (_tx, one) => one);
    return this.evidence.pin(seat, evidence);
  }

  private judged(seat: Seat, draft: IssueDraft) {
    parseRisk(draft);
    const named = [...new Set([...draft.areas, ...draft.agencies])];
    this.assertInside(seat, draft);
    const { theme, title, text, question } = draft;
    return { named, ...this.words.judge(seat, { theme, title, text, question }, named, draft.confirmed) };
  }

  /** @throws Refusal ISSUE_BODY_OUTSIDE for an authority that no agreement covers together with the board, or an agency elsewhere */
  private assertInside(seat: Seat, { areas, agencies, leadArea }: IssueDraft): void {
    const own = seat.acting.areas;
    const isInside = (area: string) => own.includes(area) || coveredTogether(seat.covers, own, [area]);
    const serves = (agency: string) => {
      const served = agency.startsWith('agy-') ? (seat.organisations.get(agency)?.areas ?? []) : [];
      return served.some((area) => areas.includes(area) || own.includes(area));
    };
    if (!areas.length || (leadArea !== null && !areas.includes(leadArea))) {
      throw new Refusal('REQUEST_MALFORMED', {
        expected: 'the areas that the issue is about, the leading one among them',
      });
    }
    if (!areas.every(isInside) || !agencies.every(serves)) throw new Refusal('ISSUE_BODY_OUTSIDE');
  }

  private stepped(seat: Seat, issue: Issue, step: IssueStep, asked: StepAsked): { life: Life; reason: string | null } {
    const { replyBy, boards } = asked;
    const reason =
      asked.reason === null ? null : this.words.judge(seat, { reason: asked.reason }, [], false).texts.reason;
    const life = takeIssueStep(issue, step, { today: seat.today, replyBy, boards, reason });
    if (step !== 'decline' && step !== 'toOwnBoard' && issue.wording === 'awaiting')
      throw new Refusal('WORDS_AWAITING');
    if (step === 'share' && !boards.every((board) => seat.reader.sees.includes(board))) {
      throw new Refusal('ISSUE_BOARD_OUTSIDE');
    }
    return { life, reason };
  }

  /** Tells those whom a step asks for something, or gives something to read. */
  private async tellOf(tx: Tx, seat: Seat, issue: Issue, step: IssueStep): Promise<void> {
    const { id, board, named, replyBy, recipients, nextReview } = issue;
    if (step === 'toOwnBoard' && nextReview !== null) await tellLater(tx, seat, id, morningOf(nextReview));
    if (step === 'askReplies') {
      await tell(
        tx,
        seat,
        'reply',
        id,
        named.map(({ organisation }) => organisation),
      );
      await tellLater(tx, seat, id, morningAfter(replyBy!));
    }
    if (step === 'share') await tell(tx, seat, 'shared', id, recipients);
    if (step === 'toNetwork')
      await tell(
        tx,
        seat,
        'shared',
        id,
        seat.reader.sees.filter((one) => one !== board),
      );
  }

  /** Who comes to read the evidence by a step. */
  private recipients({ issue, seat }: Looked, step: IssueStep, boards: readonly string[]): Acting[] {
    const asBoard = (code: string) => boardOf(seat.organisations, code);
    if (step === 'share') return boards.map(asBoard);
    if (step === 'toNetwork') return seat.reader.sees.map(asBoard);
    return step === 'askReplies' ? issue.named.map(({ organisation }) => this.asNamed(seat, organisation)) : [];
  }

  private asNamed(seat: Seat, of: string): Acting {
    const agency = seat.organisations.get(of);
    if (agency) return { of, roles: ['agency-partner'], areas: agency.areas, regions: agency.regions, boards: [] };
    const boards = [...seat.organisations.values()].filter(
      ({ code, areas }) => code.startsWith('brd-') && areas.includes(of),
    );
    const regions = this.seats.regionsOf(of);
    return { of, roles: ['authority-approver'], areas: [of], regions, boards: boards.map(({ code }) => code) };
  }
}
