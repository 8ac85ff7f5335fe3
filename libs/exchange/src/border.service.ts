import { Injectable } from '@nestjs/common';
import type { Member } from '@hub/identity';
import type { Tx } from '@hub/platform';
import { alikePatterns, sharedPatterns, type BorderPattern, type IssueState } from './domain';
import { chairs } from './issues.service';
import { loadItems, type Item } from './issues.store';
import { ItemsService } from './items.service';
import { PatternFinder } from './pattern-finder';
import { Seats, type Organisation, type Seat } from './seats';

/** How many challenges and actions are listed for each board, those due first. */
const MOST_LISTED = 5;

export interface Side {
  readonly board: Organisation;
  /** Agencies that serve areas of both boards. */
  readonly agencies: readonly Organisation[];
  readonly states: readonly { readonly state: IssueState; readonly count: number }[];
  readonly open: Readonly<Record<'challenge' | 'action', { readonly count: number; readonly overdue: number }>>;
  /** Those due first. */
  readonly items: readonly Item[];
  /** Empty for one's own board. */
  readonly patterns: readonly BorderPattern[];
}

export interface Border {
  readonly seat: Seat;
  readonly period: string | null;
  /** One's own board first. */
  readonly sides: readonly Side[];
}

interface Counted {
  readonly board: string;
  readonly kind: 'challenge' | 'action';
  readonly count: number;
  readonly overdue: number;
}

/** What lies on a board's borders: one look, the same few statements however many boards, issues and actions there are. */
@Injectable()
export class BorderService {
  constructor(
    private readonly seats: Seats,
    private readonly items: ItemsService,
    private readonly finder: PatternFinder,
  ) {}

  /** @param asked  a period; null: the newest published quarter */
  async border(member: Member | null, as: string, asked: string | null): Promise<Border> {
    const { seat, period, ...read } = await this.seats.as(member, as, chairs, async (tx, one) => ({
      seat: one,
      ...(await this.read(tx, one)),
      period: asked ?? (await this.finder.newestQuarter(tx)),
    }));
    const all = [as, ...seat.reader.sees.filter((code) => code !== as)].map((code) => seat.organisations.get(code)!);
    const regions = [...new Set(all.flatMap((board) => board.regions))].sort();
    const alike = alikePatterns(period === null ? [] : await this.finder.find(seat, regions, period), all);
    const agencies = [...seat.organisations.values()].filter(({ code }) => code.startsWith('agy-'));
    const serves = (agency: Organisation, areas: readonly string[]) =>
      agency.areas.some((area) => areas.includes(area));
    const mine = seat.acting.areas;
    return {
      seat,
      period,
      sides: all.map((board) => ({
        board,
        agencies: agencies.filter((agency) => serves(agency, mine) && serves(agency, board.areas)),
        states: read.states.filter((row) => row.board === board.code),
        open: {
          challenge: countOf(read.counted, board.code, 'challenge'),
          action: countOf(read.counted, board.code, 'action'),
        },
        items: read.items.filter(({ id }) => read.boardOf.get(id) === board.code),
        patterns: board.code === as ? [] : sharedPatterns(alike, mine, board.areas),
      })),
    };
  }

  /** Over the issues of the boards that the code knows the seat to see; the database asks for itself. */
  private async read(tx: Tx, seat: Seat) {
    const boards = [seat.acting.of, ...seat.reader.sees];
    const states = (await tx.query(
      `select i.board, i.state, count(*)::int as count from exchange.issue i where i.board = any($1)
       group by 1, 2 order by 1, 2`,
      [boards],
    )) as { board: string; state: IssueState; count: number }[];
    const ranked = (await tx.query(
      `select id, board, kind, count, overdue from (
         select t.id, i.board, t.kind, t.due, row_number() over due_first as place,
           count(*) over (partition by i.board, t.kind)::int as count,
           count(*) filter (where t.due < $2 and t.state <> 'answered') over (partition by i.board, t.kind)::int as overdue
         from exchange.item t join exchange.issue i on i.id = t.issue_id
         where i.board = any($1) and t.kind in ('challenge', 'action') and t.state not in ('satisfied', 'done')
         window due_first as (partition by i.board, t.kind order by t.due, t.id)) ranked
       where place <= $3`,
      [boards, seat.today, MOST_LISTED],
    )) as (Counted & { id: string })[];
    const boardOf = new Map(ranked.map(({ id, board }) => [id, board]));
    const items = await this.items.read(tx, seat, await loadItems(tx, 't.id = any($1)', [[...boardOf.keys()]]));
    return { states, counted: ranked as readonly Counted[], boardOf, items };
  }
}

const countOf = (rows: readonly Counted[], board: string, kind: Counted['kind']) =>
  rows.find((row) => row.board === board && row.kind === kind) ?? { count: 0, overdue: 0 };
