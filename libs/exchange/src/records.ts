import { Injectable } from '@nestjs/common';
import { recordAccess, type AccessAction, type Tx } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import { namesShown, sightOf, type PackDocument } from './domain';
import type { Issue } from './issues.store';
import { homeOf, type Seat } from './seats';

/**
 * What the access log keeps: that somebody read what another board wrote, one record for a look however much is in it; and that words
 * were taken back.
 */
@Injectable()
export class Records {
  constructor(private readonly keys: RegistryKeys) {}

  /** One issue, by its id of the API. */
  async issue(tx: Tx, seat: Seat, id: string, issue: Issue): Promise<void> {
    if (issue.board !== seat.acting.of) await this.record(tx, seat, 'read.issue', id, areasShown(seat, issue));
  }

  /** Some issues, or what hangs on them: the record names their boards. */
  async issues(tx: Tx, seat: Seat, issues: readonly Issue[]): Promise<void> {
    const others = issues.filter(({ board }) => board !== seat.acting.of);
    if (!others.length) return;
    const boards = [...new Set(others.map(({ board }) => board))].sort();
    const areas = [...new Set(others.flatMap((issue) => areasShown(seat, issue)))];
    await this.record(tx, seat, 'read.issues', boards.join(' '), areas);
  }

  /** The frozen pack of a meeting that another board has called: the record names those whose figures stand in it. */
  pack(tx: Tx, seat: Seat, { meeting, authorities = [] }: PackDocument): Promise<void> {
    return this.record(tx, seat, 'read.pack', meeting.id, authorities);
  }

  /** Words were taken back: what they were is gone. @param id  of an issue or an item */
  withdrawn(tx: Tx, seat: Seat, id: string): Promise<void> {
    return this.record(tx, seat, 'withdraw.words', id, []);
  }

  private record(tx: Tx, seat: Seat, action: AccessAction, subject: string, areas: readonly string[]): Promise<void> {
    return recordAccess(tx, seat.member, {
      ...{ at: seat.now, action, subject, regionId: this.keys.regionId(homeOf(seat)) },
      reader: { role: seat.acting.roles[0]!, organisation: seat.acting.of },
      authorities: areas.map((code) => this.keys.authorityId(code)),
    });
  }
}

/** The authorities that an issue names, as far as this reader is told: they may know that it was read. */
function areasShown(seat: Seat, issue: Issue): string[] {
  const sight = sightOf(issue, seat.reader);
  const names = sight ? namesShown(issue, seat.reader, sight, seat.today) : [];
  return names.filter((code) => !code.startsWith('agy-'));
}
