import { Injectable } from '@nestjs/common';
import { ReaderStore } from '@hub/platform';
import type { HeldRole, Member, Role } from './domain';
import type { Subject } from './tokens';

interface Row {
  id: string;
  role: Role | null;
  organisation: string | null;
  authority: string | null;
  region: string | null;
  boards: string[] | null;
}

@Injectable()
export class MembersService {
  constructor(private readonly store: ReaderStore) {}

  /**
   * The member behind a token's subject, with the roles held today: one statement, asked anew at every request, so
   * that a member removed a moment ago is out.
   * @returns null when the hub knows no such subject
   */
  async find({ issuer, subject }: Subject): Promise<Member | null> {
    const rows = await this.store.ask<Row>(
      'select id, role, organisation, authority, region, boards from identity.find_member($1, $2)',
      [issuer, subject],
    );
    if (!rows[0]) return null;
    const held = new Map<string, HeldRole & { authorities: string[]; regions: string[]; boards: string[] }>();
    for (const { role, organisation, authority, region, boards } of rows) {
      if (!role || !organisation) continue;
      const key = `${role} ${organisation}`;
      const one = held.get(key) ?? { role, of: organisation, authorities: [], regions: [], boards: [] };
      if (authority && !one.authorities.includes(authority)) one.authorities.push(authority);
      if (region && !one.regions.includes(region)) one.regions.push(region);
      one.boards.push(...(boards ?? []).filter((board) => !one.boards.includes(board)));
      held.set(key, one);
    }
    return {
      id: rows[0].id,
      roles: [...held.values()].sort((a, b) => (`${a.role} ${a.of}` < `${b.role} ${b.of}` ? -1 : 1)),
    };
  }
}
