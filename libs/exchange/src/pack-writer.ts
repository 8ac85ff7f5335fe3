import { Inject, Injectable } from '@nestjs/common';
import { capital, londonDate } from '@hub/kernel';
import { CONFIG, publicId, type Config } from '@hub/platform';
import {
  coveredTogether,
  coversOf,
  handlingOf,
  isOpen,
  isOverdue,
  riskOf,
  seesItem,
  sightOf,
  standingInWords,
  type ItemKind,
  type PackDocument,
  type PackItem,
  type PackWords,
} from './domain';
import { chairs } from './issues.service';
import { loadIssues, loadItems, type Issue, type Item } from './issues.store';
import { PackFigures, type Quoting } from './pack-figures';
import { PatternFinder } from './pattern-finder';
import { boardOf, readerOf, Seats, type Seat } from './seats';

/** How much of each a pack holds. */
const MOST = { issues: 50, items: 100, changed: 50 };
/** How far back it tells what changed: a quarter, as chairs meet. */
const DAYS_BACK = 92;

type Called = PackDocument['meeting'];
/** Kinds that are said of a challenge or an action. */
const aboutAnother: readonly ItemKind[] = ['answer', 'verdict', 'progress'];

/** What every called board may see of issues and of what hangs on them. */
interface Common {
  readonly issues: readonly Issue[];
  readonly items: readonly Item[];
  /** The newest published quarter. */
  readonly period: string | null;
}

/**
 * Writes a meeting's pack: only what every called board may see. An issue is one that its board has shared with all of them, or
 * opened to a network in which an agreement covers each of them; where one board meets alone, each of its own but drafts. A
 * figure or pattern is one that the read door shows to each.
 */
@Injectable()
export class PackWriter {
  constructor(
    private readonly seats: Seats,
    private readonly figures: PackFigures,
    private readonly finder: PatternFinder,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async write(seat: Seat, meeting: Called): Promise<PackDocument> {
    const common = await this.common(seat, meeting.boards);
    const readers = meeting.boards.map((code) => boardOf(seat.organisations, code));
    const quoting: Quoting = {
      seat,
      readers,
      handling: linesOf(seat, meeting.boards, common.issues),
      whose: new Set(),
      charts: new Map(),
      indicators: new Map(),
    };
    const regions = readers.map((reader) => reader.regions).reduce((a, b) => a.filter((one) => b.includes(one)));
    const name = (code: string) => this.seats.name(seat, code);
    const patterns = await this.figures.patterns(quoting, regions, common.period);
    const issues: PackDocument['issues'][number][] = [];
    for (const issue of common.issues) {
      issues.push({
        id: publicId('iss', this.config.hubId, issue.id),
        board: name(issue.board),
        title: issue.title,
        question: issue.question,
        state: issue.state,
        // One that waits for answers stands in the pack of its own board alone.
        standing: standingInWords(issue, seat.today),
        text: issue.text,
        replies: this.saidOf(seat, common, (item) => item.kind === 'reply' && item.issue === issue.id),
        risk: riskOf(issue),
        evidence: await this.figures.quotes(quoting, issue.evidence),
      });
    }
    const figures = await this.figures.figures(quoting);
    const completeness = await this.figures.completeness(quoting);
    return {
      v: 1,
      hub: this.config.hubId,
      meeting: {
        id: publicId('mtg', this.config.hubId, meeting.id),
        title: meeting.title,
        on: meeting.on,
        boards: meeting.boards.map(name),
      },
      cutOff: seat.now.toISOString(),
      handling: handlingOf([...quoting.handling]),
      authorities: [...quoting.whose].sort(),
      agenda: this.agendaOf(seat, meeting.on, common),
      changed: changedOf(seat, common),
      patterns,
      figures,
      charts: [...quoting.charts.values()],
      completeness,
      issues,
      challenges: this.itemsOf(seat, common, 'challenge'),
      actions: this.itemsOf(seat, common, 'action'),
    };
  }

  /** What is due by the day of a meeting, as every called board may see it now. */
  async agenda(seat: Seat, meeting: Called): Promise<string[]> {
    return this.agendaOf(seat, meeting.on, await this.common(seat, meeting.boards));
  }

  private async common(seat: Seat, boards: readonly string[]): Promise<Common> {
    const called = boards.map((code) => {
      const acting = boardOf(seat.organisations, code);
      return readerOf('', acting, coversOf(seat.agreements, acting, seat.today), seat.organisations);
    });
    return this.seats.as(seat.member, seat.acting.of, chairs, async (tx) => {
      const all = await loadIssues(tx, this.config.hubId, `i.state <> 'draft' and i.wording = 'shown'`, [], 1000);
      const issues = all.filter((issue) => called.every((one) => sightOf(issue, one))).slice(0, MOST.issues);
      const ids = issues.map(({ id }) => id);
      const items = await loadItems(tx, `t.issue_id = any($1) and t.wording = 'shown'`, [ids], 1000);
      return {
        issues,
        items: items.filter((item) => {
          const issue = issues.find(({ id }) => id === item.issue)!;
          return called.every((one) => seesItem(item, sightOf(issue, one), one, [], seat.today));
        }),
        period: await this.finder.newestQuarter(tx),
      };
    });
  }

  private agendaOf(seat: Seat, on: string, common: Common): string[] {
    const items = [...this.itemsOf(seat, common, 'challenge'), ...this.itemsOf(seat, common, 'action')];
    const due = [
      ...common.issues.map((issue) => ({ due: issue.nextReview, words: `${issue.title}, review` })),
      ...items
        .filter(({ state }) => isOpen(state))
        .map((item) => ({ due: item.due, words: `${item.issue}, ${item.to}` })),
    ];
    return due
      .filter((one): one is { due: string; words: string } => one.due !== null && one.due <= on)
      .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
      .map((one) => `${one.due}: ${one.words}`);
  }

  private itemsOf(seat: Seat, common: Common, kind: 'challenge' | 'action'): PackItem[] {
    const { issues, items } = common;
    return items
      .filter((item) => item.kind === kind)
      .slice(0, MOST.items)
      .map((item) => ({
        issue: titleOf(issues, item),
        by: this.seats.name(seat, item.by),
        to: item.to === null ? '' : this.seats.name(seat, item.to),
        text: item.text,
        state: item.state!,
        due: item.due,
        overdue: isOverdue(item, seat.today),
        said: this.saidOf(seat, common, ({ kind: what, about }) => about === item.id && aboutAnother.includes(what)),
      }));
  }

  private saidOf(seat: Seat, { items }: Common, isOf: (item: Item) => boolean): PackWords[] {
    return items
      .filter(isOf)
      .map(({ kind, at, by, text, impact }) => ({
        ...{ kind, text, impact },
        on: londonDate(at),
        by: this.seats.name(seat, by),
      }))
      .reverse();
  }
}

const titleOf = (issues: readonly Issue[], { issue }: Item): string =>
  issues.find(({ id }) => id === issue)?.title ?? '';

function changedOf(seat: Seat, { issues, items }: Common): string[] {
  const since = new Date(seat.now.getTime() - DAYS_BACK * 86_400_000);
  return items
    .filter(({ kind, at }) => ['step', 'decision', 'answer', 'progress'].includes(kind) && at >= since)
    .slice(0, MOST.changed)
    .map((item) => {
      const words = item.kind === 'step' ? item.text : `${capital(item.kind)}: ${item.text}`;
      return `${londonDate(item.at)}, ${titleOf(issues, item)}: ${words}`;
    });
}

/** The lines of the agreements by which each called board comes to see the issues. */
function linesOf(seat: Seat, boards: readonly string[], issues: readonly Issue[]): Set<string> {
  const areasOf = (code: string) => seat.organisations.get(code)?.areas ?? [];
  const covers = boards.flatMap((code) =>
    coversOf(seat.agreements, boardOf(seat.organisations, code), seat.today).filter((cover) =>
      issues.some(({ board }) => coveredTogether([cover], areasOf(board), areasOf(code))),
    ),
  );
  return new Set(covers.map(({ handling }) => handling));
}
