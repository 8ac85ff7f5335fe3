import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import { canonical, Refusal, sha256 } from '@hub/kernel';
import { CONFIG, innerId, newId, publicId, type Config, type Tx } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import type { PackDocument } from './domain';
import { chairs, IssuesService } from './issues.service';
import { addItem, loadItems, type Item } from './issues.store';
import { ItemsService, type Asked } from './items.service';
import { PackWriter } from './pack-writer';
import { Records } from './records';
import { homeOf, Seats, type Seat } from './seats';
import { Words } from './words';

/** A meeting of boards. */
export interface Meeting {
  readonly id: string;
  readonly board: string;
  readonly boards: readonly string[];
  readonly on: string;
  readonly title: string;
  /** The frozen document, RFC 8785. */
  readonly pack: string | null;
  readonly digest: string | null;
  readonly frozenAt: Date | null;
  /** Boards for which somebody was there. */
  readonly present: readonly string[];
}

export interface MeetingLooked {
  readonly meeting: Meeting;
  /** Decisions, and the notes of those who were there. */
  readonly items: readonly Item[];
  readonly seat: Seat;
}

const columns = `m.id, m.board, m.boards, m.on_date::text as "on", m.title, m.pack, encode(m.digest, 'hex') as digest,
  m.frozen_at as "frozenAt",
  array(select distinct a.board from exchange.attendance a where a.meeting_id = m.id order by 1) as present`;

/** Meetings of the chairs' network: called, attended, their pack frozen, what was decided written down. */
@Injectable()
export class MeetingsService {
  constructor(
    private readonly seats: Seats,
    private readonly words: Words,
    private readonly issues: IssuesService,
    private readonly items: ItemsService,
    private readonly writer: PackWriter,
    private readonly records: Records,
    private readonly keys: RegistryKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Calls boards to a meeting; the caller's own is always there.
   * @throws Refusal ISSUE_BOARD_OUTSIDE for a board that no agreement covers together with it; REQUEST_MALFORMED
   */
  async call(
    member: Member | null,
    as: string,
    called: { readonly title: string; readonly on: string; readonly boards: readonly string[] },
  ): Promise<MeetingLooked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const { texts } = this.words.judge(seat, { title: called.title }, [], false);
      if (called.on < seat.today)
        throw new Refusal('REQUEST_MALFORMED', { expected: `a date, ${seat.today} or later` });
      const boards = [...new Set([as, ...called.boards])].sort();
      if (!boards.every((board) => board === as || seat.reader.sees.includes(board)))
        throw new Refusal('ISSUE_BOARD_OUTSIDE');
      const id = newId();
      await tx.query(
        `insert into exchange.meeting (id, region_id, board, boards, on_date, title, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, this.keys.regionId(homeOf(seat)), as, boards, called.on, texts.title, seat.member.id, seat.now],
      );
      return this.look(tx, seat, publicId('mtg', this.config.hubId, id));
    });
  }

  /** @throws Refusal MEETING_ABSENT for a meeting to which the board was not called */
  async find(member: Member | null, as: string, id: string): Promise<MeetingLooked> {
    return this.seats.as(member, as, chairs, (tx, seat) => this.look(tx, seat, id));
  }

  /** A page of the meetings to which the board was called, `limit + 1` of them, those called last first. */
  async list(
    member: Member | null,
    as: string,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<MeetingLooked[]> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const meetings = (await tx.query(
        `select ${columns} from exchange.meeting m where $1::uuid is null or m.id < $1 order by m.id desc limit $2`,
        [page.after, page.limit + 1],
      )) as Meeting[];
      return this.looks(tx, seat, meetings);
    });
  }

  /** What is due by the day of a meeting, as every called board may see it; as it was frozen, once it is. */
  async agenda(looked: MeetingLooked): Promise<readonly string[]> {
    return packOf(looked)?.agenda ?? this.writer.agenda(looked.seat, looked.meeting);
  }

  /** The frozen pack, while `call` would still let both boards meet; reading another board's leaves a record. */
  async pack(looked: MeetingLooked): Promise<PackDocument | null> {
    const document = packOf(looked);
    const { meeting, seat } = looked;
    if (document && meeting.board !== seat.acting.of) {
      await this.seats.as(seat.member, seat.acting.of, chairs, (tx, now) => this.records.pack(tx, now, document));
    }
    return document;
  }

  /** Says that the caller is there for their board: what was noted there they read from then on. @throws Refusal MEETING_ABSENT */
  async attend(member: Member | null, as: string, id: string): Promise<MeetingLooked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const { meeting } = await this.look(tx, seat, id);
      await tx.query(
        `insert into exchange.attendance (meeting_id, member_id, board) values ($1, $2, $3) on conflict do nothing`,
        [meeting.id, seat.member.id, as],
      );
      return this.look(tx, seat, id);
    });
  }

  /**
   * Freezes the pack as it is now; once frozen it is given back as it is.
   * @throws Refusal MEETING_ABSENT, for all but the convening board
   */
  async freeze(member: Member | null, as: string, id: string): Promise<MeetingLooked> {
    const before = await this.find(member, as, id);
    if (before.meeting.board !== as) throw new Refusal('MEETING_ABSENT');
    if (before.meeting.pack !== null) return before;
    const document = await this.writer.write(before.seat, before.meeting);
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const text = canonical(document);
      // Whoever was faster has frozen it.
      await tx.query(
        'update exchange.meeting set pack = $2, digest = $3, frozen_at = $4 where id = $1 and pack is null',
        [before.meeting.id, text, sha256(text), document.cutOff],
      );
      return this.look(tx, seat, id);
    });
  }

  /**
   * Writes a decision down; where it is about an issue it stands in its history, and an action may follow from it.
   * @throws Refusal MEETING_ABSENT | ISSUE_ABSENT | WORDS_REFUSED | WORDS_QUESTIONED, and as an action
   */
  async decide(
    member: Member | null,
    as: string,
    id: string,
    decision: {
      readonly issue: string | null;
      readonly text: string;
      readonly confirmed: boolean;
      readonly action: (Asked & { readonly role: string }) | null;
    },
  ): Promise<MeetingLooked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const { meeting } = await this.look(tx, seat, id);
      const issue = decision.issue === null ? null : await this.issues.seen(tx, seat, decision.issue);
      const { texts, wording } = this.words.judge(seat, { text: decision.text }, [], decision.confirmed);
      const about = await addItem(tx, seat, {
        kind: 'decision',
        meeting: meeting.id,
        issue: issue?.id ?? null,
        text: texts.text,
        wording,
      });
      if (decision.action) {
        if (!issue) throw new Refusal('REQUEST_MALFORMED', { expected: 'the issue that the action is about' });
        const { role, ...asked } = decision.action;
        await this.items.put(tx, seat, issue, {
          kind: 'action',
          state: 'notStarted',
          asked,
          role,
          about,
          meeting: meeting.id,
        });
      }
      return this.look(tx, seat, id);
    });
  }

  /** Writes a note down for those who are there. @throws Refusal MEETING_ABSENT for one who is not there, and as `decide` */
  async note(member: Member | null, as: string, id: string, text: string, confirmed: boolean): Promise<MeetingLooked> {
    return this.seats.as(member, as, chairs, async (tx, seat) => {
      const { meeting } = await this.look(tx, seat, id);
      const isThere = (await tx.query(
        'select from exchange.attendance where meeting_id = $1 and member_id = $2 and board = $3',
        [meeting.id, seat.member.id, as],
      )) as unknown[];
      if (!isThere.length) throw new Refusal('MEETING_ABSENT');
      const { texts, wording } = this.words.judge(seat, { text }, [], confirmed);
      await addItem(tx, seat, { kind: 'note', meeting: meeting.id, text: texts.text, wording });
      return this.look(tx, seat, id);
    });
  }

  private async look(tx: Tx, seat: Seat, publicText: string): Promise<MeetingLooked> {
    const id = innerId('mtg', this.config.hubId, publicText);
    const [meeting] = (
      id ? await tx.query(`select ${columns} from exchange.meeting m where m.id = $1`, [id]) : []
    ) as Meeting[];
    const [looked] = await this.looks(tx, seat, meeting ? [meeting] : []);
    if (!looked) throw new Refusal('MEETING_ABSENT');
    return looked;
  }

  /** Meetings with what was said there, as far as the code lets the seat see them too. */
  private async looks(tx: Tx, seat: Seat, all: readonly Meeting[]): Promise<MeetingLooked[]> {
    const meetings = all.filter(({ boards }) => boards.includes(seat.acting.of));
    const ids = meetings.map(({ id }) => id);
    const said = await loadItems(tx, `t.meeting_id = any($1) and t.kind in ('decision', 'note', 'action')`, [ids]);
    const items = await this.items.seen(tx, seat, said);
    return meetings.map((meeting) => ({ meeting, items: items.filter((item) => item.meeting === meeting.id), seat }));
  }
}

/** The frozen document, for a board that an agreement still covers together with the one that called the meeting. */
function packOf({ meeting: { board, pack }, seat }: MeetingLooked): PackDocument | null {
  const isSeen = board === seat.acting.of || seat.reader.sees.includes(board);
  return pack !== null && isSeen ? (JSON.parse(pack) as PackDocument) : null;
}
