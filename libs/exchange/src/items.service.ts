import { Inject, Injectable } from '@nestjs/common';
import type { Member, Role } from '@hub/identity';
import { innerId, CONFIG, type Config, type Tx } from '@hub/platform';
import { Refusal } from '@hub/kernel';
import {
  coveredTogether,
  exchangeRoles,
  seesItem,
  sightOf,
  takeItemStep,
  type ItemKind,
  type ItemState,
  type Sight,
} from './domain';
import { chairs, answerers, IssuesService } from './issues.service';
import { addItem, findItem, loadIssues, loadItems, type Issue, type Item } from './issues.store';
import { morningAfter, tell, tellLater } from './notices';
import { Records } from './records';
import { Seats, type Seat } from './seats';
import { Words } from './words';

/** A challenge or an action as it is put to somebody. */
export interface Given {
  readonly kind: 'challenge' | 'action';
  readonly state: ItemState;
  readonly asked: Asked;
  readonly role: string | null;
  /** The decision that it follows from, and the meeting. */
  readonly about: string | null;
  readonly meeting: string | null;
}

/** Challenges are put to agencies alone. */
const agencies: readonly Role[] = ['agency-partner'];

/** Items with the seat from which they are looked at. */
export interface ItemsLooked {
  readonly items: readonly Item[];
  readonly seat: Seat;
}

/** To whom something is given, and until when. */
export interface Asked {
  readonly to: string;
  readonly due: string;
  readonly text: string;
  readonly confirmed: boolean;
}

/** Challenges, actions, decisions and notes: what hangs on an issue or was said at a meeting. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly seats: Seats,
    private readonly words: Words,
    private readonly issues: IssuesService,
    private readonly records: Records,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What hangs on an issue, newest first: as far as whoever looks may see it. */
  async ofIssue(seat: Seat, issue: Issue): Promise<ItemsLooked> {
    return this.again(seat, async (tx) => loadItems(tx, 't.issue_id = $1', [issue.id]));
  }

  /** A page of all that the organisation sees of one kind, `limit + 1` of them, newest first. */
  async list(
    member: Member | null,
    as: string,
    asked: { readonly kind: ItemKind; readonly open: boolean },
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<ItemsLooked> {
    return this.seats.as(member, as, exchangeRoles, async (tx, seat) => {
      const items = await loadItems(
        tx,
        `t.kind = $1 and ($2::uuid is null or t.id < $2) and (not $3::boolean or t.state not in ('satisfied', 'done'))`,
        [asked.kind, page.after, asked.open],
        page.limit + 1,
      );
      return { items: await this.read(tx, seat, items), seat };
    });
  }

  /**
   * Asks an agency a question about an issue.
   * @throws Refusal ISSUE_ABSENT | ISSUE_BODY_OUTSIDE | REQUEST_MALFORMED | WORDS_REFUSED | WORDS_QUESTIONED
   */
  async challenge(member: Member | null, as: string, issue: string, asked: Asked): Promise<ItemsLooked> {
    return this.give(member, as, issue, 'challenge', 'asked', asked, null);
  }

  /** Gives an action to somebody, with the role that answers for it. @throws Refusal as `challenge` */
  async action(
    member: Member | null,
    as: string,
    issue: string,
    asked: Asked & { readonly role: string },
  ): Promise<ItemsLooked> {
    return this.give(member, as, issue, 'action', 'notStarted', asked, asked.role);
  }

  /** Answers a challenge that is addressed to the caller's organisation. @throws Refusal ITEM_ABSENT | ITEM_STEP_REFUSED */
  async answer(member: Member | null, as: string, id: string, text: string, confirmed: boolean): Promise<ItemsLooked> {
    return this.follow(member, as, id, {
      ...{ kind: 'answer', about: 'challenge', among: agencies, by: 'to' },
      ...{ to: 'answered', text, impact: null, confirmed },
    });
  }

  /** Says whether an answer satisfies, and what came of it for children. @throws Refusal as `answer` */
  async judge(
    member: Member | null,
    as: string,
    id: string,
    verdict: {
      readonly satisfied: boolean;
      readonly text: string;
      readonly impact: string | null;
      readonly confirmed: boolean;
    },
  ): Promise<ItemsLooked> {
    return this.follow(member, as, id, {
      ...{ kind: 'verdict', about: 'challenge', among: chairs, by: 'by' },
      ...{ to: verdict.satisfied ? 'satisfied' : 'notSatisfied', text: verdict.text, impact: verdict.impact },
      confirmed: verdict.confirmed,
    });
  }

  /**
   * Says how an action stands, for its owner or the board that gave it; done only with evidence of what it did.
   * @throws Refusal as `answer`; ACTION_EVIDENCE_MISSING
   */
  async report(
    member: Member | null,
    as: string,
    id: string,
    progress: {
      readonly state: ItemState;
      readonly text: string;
      readonly impact: string | null;
      readonly confirmed: boolean;
    },
  ): Promise<ItemsLooked> {
    const { state: to, text, impact, confirmed } = progress;
    return this.follow(member, as, id, {
      ...{ kind: 'progress', about: 'action', among: [...chairs, ...answerers], by: 'either' },
      ...{ to, text, impact, confirmed },
    });
  }

  /** Takes words back for good; the access log keeps that they were. @throws Refusal ITEM_ABSENT for what others wrote */
  async withdraw(member: Member | null, as: string, id: string): Promise<void> {
    await this.seats.as(member, as, [...chairs, ...answerers], async (tx, seat) => {
      const item = await this.ownWords(tx, as, id);
      await this.records.withdrawn(tx, seat, id);
      await tx.query('select exchange.take_back($1, null)', [item.id]);
    });
  }

  /** Lets words be seen that waited for a second person. @throws Refusal ITEM_ABSENT | WORDS_SECOND_PERSON */
  async approve(member: Member | null, as: string, id: string): Promise<void> {
    await this.seats.as(member, as, [...chairs, ...answerers], async (tx, seat) => {
      const item = await this.ownWords(tx, as, id);
      if (item.author === seat.member.id) throw new Refusal('WORDS_SECOND_PERSON');
      await tx.query(`update exchange.item set wording = 'shown' where id = $1 and wording = 'awaiting'`, [item.id]);
      if (item.kind === 'challenge' || item.kind === 'action') await tell(tx, seat, item.kind, item.id, [item.to!]);
    });
  }

  /** Those of the items that the code lets the seat see too. */
  async seen(tx: Tx, seat: Seat, items: readonly Item[]): Promise<Item[]> {
    return (await this.sighted(tx, seat, items)).items;
  }

  /** The same, and the record of it. */
  async read(tx: Tx, seat: Seat, all: readonly Item[]): Promise<Item[]> {
    const { items, issues } = await this.sighted(tx, seat, all);
    await this.records.issues(tx, seat, issues);
    return items;
  }

  private async sighted(tx: Tx, seat: Seat, items: readonly Item[]): Promise<{ items: Item[]; issues: Issue[] }> {
    const ids = [...new Set(items.map(({ issue }) => issue))].filter((id) => id !== null);
    const issues = ids.length ? await loadIssues(tx, this.config.hubId, 'i.id = any($1)', [ids]) : [];
    const sights = new Map<string | null, Sight | null>(issues.map((issue) => [issue.id, sightOf(issue, seat.reader)]));
    const rows = (await tx.query(
      'select meeting_id as id from exchange.attendance where member_id = $1 and board = $2',
      [seat.member.id, seat.acting.of],
    )) as { id: string }[];
    const attended = rows.map(({ id }) => id);
    const seen = items.filter(
      (item) =>
        // What was decided at a meeting about no issue is for the boards that were called: the database says which.
        (item.issue === null && item.kind !== 'note') ||
        seesItem(item, sights.get(item.issue) ?? null, seat.reader, attended, seat.today),
    );
    return { items: seen, issues };
  }

  private async give(
    member: Member | null,
    as: string,
    issueId: string,
    kind: 'challenge' | 'action',
    state: ItemState,
    asked: Asked,
    role: string | null,
  ): Promise<ItemsLooked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const issue = await this.issues.seen(tx, seat, issueId);
      const id = await this.put(tx, seat, issue, { kind, state, asked, role, about: null, meeting: null });
      return { items: await loadItems(tx, 't.id = $1', [id]), seat };
    });
  }

  /**
   * Puts a challenge or an action to somebody, tells them, and has them told again when it is late.
   * @returns its inner id
   * @throws Refusal ISSUE_BODY_OUTSIDE | REQUEST_MALFORMED | WORDS_REFUSED | WORDS_QUESTIONED
   */
  async put(
    tx: Tx,
    seat: Seat,
    issue: Issue,
    { kind, state, asked: { to, due, text, confirmed }, role, about, meeting }: Given,
  ): Promise<string> {
    if (due < seat.today) throw new Refusal('REQUEST_MALFORMED', { expected: `a date, ${seat.today} or later` });
    const isAddressable = kind === 'action' || to.startsWith('agy-');
    if (!isAddressable || !this.isInside(seat, issue, to)) throw new Refusal('ISSUE_BODY_OUTSIDE');
    // Those who have not answered yet are not to be named to the one who is asked.
    const others = issue.named
      .filter(({ organisation, repliedAt }) => !issue.sharedOn && organisation !== to && !repliedAt)
      .map(({ organisation }) => organisation);
    const { texts, wording } = this.words.judge(seat, { text, role }, others, confirmed);
    const item = {
      kind,
      issue: issue.id,
      meeting,
      about,
      to,
      due,
      state,
      text: texts.text!,
      ownerRole: texts.role,
      wording,
    };
    const id = await addItem(tx, seat, item);
    if (wording === 'shown') await tell(tx, seat, kind, id, [to]);
    await tellLater(tx, seat, id, morningAfter(due));
    return id;
  }

  private async follow(
    member: Member | null,
    as: string,
    id: string,
    step: {
      readonly kind: ItemKind;
      readonly about: ItemKind;
      readonly among: typeof exchangeRoles;
      /** Whether it is for the addressee, for the one who gave it, or for both. */
      readonly by: 'to' | 'by' | 'either';
      readonly to: ItemState;
      readonly text: string;
      readonly impact: string | null;
      readonly confirmed: boolean;
    },
  ): Promise<ItemsLooked> {
    return this.seats.as(member, as, step.among, async (tx, seat) => {
      const item = await findItem(tx, this.config.hubId, id, [step.about]);
      const isTheirs = (step.by !== 'by' && item.to === as) || (step.by !== 'to' && item.by === as);
      if (!isTheirs) throw new Refusal('ITEM_ABSENT');
      const { texts, wording } = this.words.judge(seat, { text: step.text, impact: step.impact }, [], step.confirmed);
      const state = takeItemStep(item.state!, step.to, texts.impact);
      await addItem(tx, seat, {
        ...{ kind: step.kind, issue: item.issue, meeting: null, about: item.id, wording },
        ...{ to: item.by === as ? item.to : item.by, text: texts.text, impact: texts.impact },
      });
      await tx.query('update exchange.item set state = $2 where id = $1', [item.id, state]);
      return { items: await loadItems(tx, 't.id = $1', [item.id]), seat };
    });
  }

  /** Whether a board, agency or authority has to do with the issue: of the board's own areas, named by it, or covered with it. */
  private isInside(seat: Seat, issue: Issue, to: string): boolean {
    const { areas: own } = seat.acting;
    const areas = seat.organisations.get(to)?.areas ?? [];
    if (to.startsWith('brd-')) return to === seat.acting.of || seat.reader.sees.includes(to);
    const known = [...own, ...issue.named.map(({ organisation }) => organisation)];
    if (to.startsWith('agy-')) return known.includes(to) || areas.some((area) => known.includes(area));
    return own.includes(to) || coveredTogether(seat.covers, own, [to]);
  }

  private async ownWords(tx: Tx, as: string, id: string): Promise<Item> {
    const inner = innerId('itm', this.config.hubId, id);
    const [item] = inner ? await loadItems(tx, 't.id = $1', [inner]) : [];
    if (!item || item.by !== as) throw new Refusal('ITEM_ABSENT');
    return item;
  }

  private async again(seat: Seat, load: (tx: Tx) => Promise<Item[]>): Promise<ItemsLooked> {
    return this.seats.as(seat.member, seat.acting.of, exchangeRoles, async (tx, now) => ({
      items: await this.seen(tx, now, await load(tx)),
      seat: now,
    }));
  }
}
