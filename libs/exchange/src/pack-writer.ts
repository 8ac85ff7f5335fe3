import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, publicId, type Config } from '@hub/platform';
import { PublicationsReader } from '@hub/publications';
import { CATALOGUE, datasetOf, type Catalogue } from '@hub/registry';
import { coveredTogether, isOverdue, isTold, riskOf, type Acting, type PackDocument, type PackItem } from './domain';
import { EvidenceService, purposeFor } from './evidence.service';
import { chairs } from './issues.service';
import { loadIssues, loadItems, type Issue, type Item } from './issues.store';
import { PatternFinder } from './pattern-finder';
import { boardOf, Seats, type Seat } from './seats';

/** How much of each a pack holds. */
const MOST = { patterns: 10, publications: 12, issues: 50, items: 100, changed: 50 };
/** How far back it tells what changed: a quarter, as chairs meet. */
const DAYS_BACK = 92;

interface Called {
  readonly id: string;
  readonly title: string;
  readonly on: string;
  readonly boards: readonly string[];
}

/**
 * Writes a meeting's pack: only what every called board may see. An issue is one that its board has shared with all of them, or
 * opened to a network in which an agreement covers each of them; a figure or pattern is one that the read door shows to each.
 */
@Injectable()
export class PackWriter {
  constructor(
    private readonly seats: Seats,
    private readonly evidence: EvidenceService,
    private readonly finder: PatternFinder,
    private readonly publications: PublicationsReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async write(seat: Seat, meeting: Called): Promise<PackDocument> {
    const readers = meeting.boards.map((code) => boardOf(seat.organisations, code));
    const { issues, items, period } = await this.seats.as(seat.member, seat.acting.of, chairs, async (tx, now) => {
      const all = await loadIssues(tx, this.config.hubId, `i.shared_on is not null and i.wording = 'shown'`, [], 1000);
      const common = all.filter((issue) => isCommon(now, issue, meeting.boards)).slice(0, MOST.issues);
      return {
        issues: common,
        items: await loadItems(tx, `t.issue_id = any($1) and t.wording = 'shown'`, [common.map(({ id }) => id)], 1000),
        period: await this.finder.newestQuarter(tx),
      };
    });
    const titles = new Map(issues.map(({ id, title }) => [id, title]));
    const told = items.filter((item) => isTold(item, seat.today));
    const toItem = (item: Item): PackItem => ({
      issue: titles.get(item.issue!) ?? '',
      by: this.seats.name(seat, item.by),
      to: item.to === null ? '' : this.seats.name(seat, item.to),
      text: item.text,
      state: item.state ?? '',
      due: item.due,
      overdue: isOverdue(item, seat.today),
    });
    const of = (kind: Item['kind']) =>
      told
        .filter((item) => item.kind === kind)
        .slice(0, MOST.items)
        .map(toItem);
    const [challenges, actions] = [of('challenge'), of('action')];
    const since = new Date(seat.now.getTime() - DAYS_BACK * 86_400_000);
    const regions = readers.map((reader) => reader.regions).reduce((a, b) => a.filter((one) => b.includes(one)));
    const name = (code: string) => this.seats.name(seat, code);
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
      handling: seat.covers.map(({ handling }) => handling)[0] ?? 'Official.',
      agenda: [
        ...issues
          .filter(({ nextReview }) => nextReview !== null && nextReview <= meeting.on)
          .map(({ title }) => `Review: ${title}`),
        ...[...challenges, ...actions]
          .filter(({ due, state }) => due !== null && due <= meeting.on && !['done', 'satisfied'].includes(state))
          .map(({ issue, to, due }) => `Due ${due}: ${issue}, ${to}`),
      ],
      changed: told
        .filter(({ kind, at }) => ['step', 'decision', 'answer', 'progress'].includes(kind) && at >= since)
        .slice(0, MOST.changed)
        .map(
          (item) =>
            `${item.at.toISOString().slice(0, 10)}, ${titles.get(item.issue!)}: ${item.kind === 'step' ? item.text : `${item.kind}: ${item.text}`}`,
        ),
      patterns: await this.patterns(seat, readers, regions, period),
      completeness: await this.completeness(seat, regions),
      issues: await Promise.all(
        issues.map(async (issue) => ({
          id: publicId('iss', this.config.hubId, issue.id),
          board: name(issue.board),
          title: issue.title,
          question: issue.question,
          state: issue.state,
          risk: riskOf(issue),
          evidence: await this.figures(seat, readers, issue),
        })),
      ),
      challenges,
      actions,
    };
  }

  private async figures(seat: Seat, readers: readonly Acting[], issue: Issue): Promise<string[]> {
    const words: string[] = [];
    for (const one of issue.evidence) {
      if (!(await this.evidence.isSeenBy(seat, one, readers))) continue;
      const [shown] = await this.evidence.show(seat, [one]);
      if (!shown || shown.figure === null) continue;
      const place = shown.authority === null ? 'the region' : this.seats.name(seat, shown.authority);
      words.push(`${shown.indicatorName}, ${place}, ${shown.period}: ${shown.figure}`);
    }
    return words;
  }

  private async patterns(seat: Seat, readers: readonly Acting[], regions: readonly string[], period: string | null) {
    const found = period === null ? [] : await this.finder.find(seat, regions, period);
    const shown: PackDocument['patterns'][number][] = [];
    for (const one of found.filter(({ questions }) => questions.length).slice(0, MOST.patterns)) {
      const { publication, region, series, authority } = one;
      const pinned = {
        publication: publicId('pub', this.config.hubId, publication.id),
        id: publication.id,
        region,
        series,
        authority,
        digest: '',
      };
      if (!(await this.evidence.isSeenBy(seat, pinned, readers))) continue;
      const { name, categories, text, questions } = one;
      const within = Object.values(categories).join(', ');
      shown.push({
        name: within ? `${name}: ${within}` : name,
        where: this.seats.name(seat, authority),
        text,
        question: questions[0]!,
      });
    }
    return shown;
  }

  private async completeness(seat: Seat, regions: readonly string[]): Promise<PackDocument['completeness']> {
    const rows: PackDocument['completeness'][number][] = [];
    for (const region of regions) {
      const visit = this.publications.visit(seat.member, region, purposeFor(seat.covers, region));
      await this.publications.as(visit, 'read.publications', async (tx, asking) => {
        const page = { limit: MOST.publications, after: null };
        const { readable } = await this.publications.list(tx, visit, asking, {}, page);
        for (const { head, share, digest } of readable.values()) {
          if (head.state !== 'current') continue;
          const { document } = await this.publications.open(tx, visit, head, share);
          rows.push({
            publication: publicId('pub', this.config.hubId, head.id),
            digest: digest.toString('hex'),
            dataset: datasetOf(this.catalogue, head.dataset, head.datasetVersion).title,
            period: head.period,
            coverage: `${document.submitted.length} of ${document.authorities.length}`,
          });
        }
      });
    }
    return rows;
  }
}

/** Whether its board has given it to each of these boards, and an agreement covers each together with it. */
function isCommon(seat: Seat, issue: Issue, boards: readonly string[]): boolean {
  const raised = seat.organisations.get(issue.board)?.areas ?? [];
  return boards.every(
    (code) =>
      code === issue.board ||
      ((issue.network || issue.recipients.includes(code)) &&
        coveredTogether(seat.covers, raised, seat.organisations.get(code)?.areas ?? [])),
  );
}
