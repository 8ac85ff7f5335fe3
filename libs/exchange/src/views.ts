import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@hub/platform';
import { isOverdue, namesShown, riskOf, sightOf } from './domain';
import type { Shown } from './evidence.service';
import type { EvidenceView, IssueItemView, IssueView, OrganisationView } from './exchange.view';
import type { Looked } from './issues.service';
import { publicIdOf, type Item } from './issues.store';
import { Seats, type Seat } from './seats';

/** What the graph shows of issues, of what hangs on them and of their figures: ids of the API, and organisations by name. */
@Injectable()
export class Views {
  constructor(
    private readonly seats: Seats,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  id(kind: Parameters<typeof publicIdOf>[0], id: string): string {
    return publicIdOf(kind, this.config.hubId, id);
  }

  organisation(seat: Seat, code: string): OrganisationView {
    return { code, name: this.seats.name(seat, code) };
  }

  /** An issue, whose named organisations are told as far as this reader may know. */
  issue(looked: Looked): IssueView {
    const { issue, seat } = looked;
    const body = (code: string) => this.organisation(seat, code);
    const names = namesShown(issue, seat.reader, sightOf(issue, seat.reader)!, seat.today);
    const { state, theme, title, text, question, source, likelihood, impact, nextReview } = issue;
    const { replyBy, sharedOn, network, wording, changedAt, leadArea } = issue;
    return {
      looked,
      id: this.id('iss', issue.id),
      board: body(issue.board),
      ...{ state, theme, title, text, question, source, likelihood, impact, nextReview },
      ...{ replyBy, sharedOn, network, wording, changedAt },
      risk: riskOf(issue),
      named: issue.named
        .filter(({ organisation }) => names.includes(organisation))
        .map(({ organisation, repliedAt }) => ({ organisation: body(organisation), repliedAt })),
      leadArea: leadArea !== null && names.includes(leadArea) ? body(leadArea) : null,
      recipients: issue.recipients.map(body),
    };
  }

  item(item: Item, seat: Seat): IssueItemView {
    const { kind, title, ownerRole, text, impact, state, due, wording, at } = item;
    return {
      id: this.id('itm', item.id),
      ...{ kind, title, ownerRole, text, impact, state, due, wording, at },
      issue: item.issue && this.id('iss', item.issue),
      about: item.about && this.id('itm', item.about),
      by: this.organisation(seat, item.by),
      to: item.to === null ? null : this.organisation(seat, item.to),
      overdue: isOverdue(item, seat.today),
    };
  }

  evidence(shown: Shown, seat: Seat): EvidenceView {
    const { publication, digestSeen: digest, series, period, indicator, indicatorName, authority } = shown;
    const { figure, value, coverage } = shown;
    return {
      ...{ publication, digest, series, period, figure, value, coverage },
      indicator: { code: indicator, name: indicatorName },
      authority: authority === null ? null : this.organisation(seat, authority),
    };
  }
}
