import 'reflect-metadata';
import { ExchangeModule } from '@hub/exchange';
import { readingRoles, RegionGate, type Member, type Role } from '@hub/identity';
import { innerId, publicId, type Tx } from '@hub/platform';
import { loadRegistry } from '@hub/registry/domain';
import { SubmissionsModule } from '@hub/submissions';
import '../../apps/hub/src/main';

/**
 * The hub, with the code's wall around regions taken down: whoever has a role somewhere enters every region in it. What
 * still refuses is the database. For the test of the walls, run as a process of its own. With `HUB_WITHOUT_AUDIENCE` whoever
 * has a role somewhere belongs to every region's audience with it, too. What boards do together the code lets everybody see that acts
 * for an organisation, and any authority's own figures everybody who acts for one.
 */
Object.assign(RegionGate.prototype, {
  rolesIn: (member: Member | null): Role[] => (member?.roles ?? []).map(({ role }) => role),
});

interface Seat {
  readonly reader: object;
}
/** The service of issues, as far as it stands in the way. */
interface Issues {
  readonly config: { readonly hubId: string };
  readonly seats: {
    as<T>(m: Member | null, as: string, r: Role[], work: (tx: Tx, seat: Seat) => Promise<T>): Promise<T>;
  };
  seen(tx: Tx, seat: Seat, id: string): Promise<object>;
}
const services = [ExchangeModule, SubmissionsModule].flatMap(
  (module) => Reflect.getMetadata('providers', module) as { name: string; prototype: object }[],
);
const prototypeOf = (name: string): object => services.find((one) => one.name === name)!.prototype;
const acting: Role[] = ['board-chair', 'elected-member', 'scrutineer', 'authority-approver', 'agency-partner'];
const { seen } = prototypeOf('IssuesService') as Issues;
Object.assign(prototypeOf('IssuesService'), {
  /** Whatever row the database gives, looked at as its author does. */
  async seen(this: Issues, tx: Tx, seat: Seat, id: string) {
    const inner = innerId('iss', this.config.hubId, id);
    const [row] = (await tx.query('select board, author from exchange.issue where id = $1', [inner])) as {
      board: string;
      author: string;
    }[];
    const reader = row && { ...seat.reader, of: row.board, member: row.author, roles: ['board-chair'] };
    return seen.call(this, tx, reader ? { ...seat, reader } : seat, id);
  },
  async list(this: Issues, member: Member | null, as: string) {
    return this.seats.as(member, as, acting, async (tx, seat) => {
      const rows = (await tx.query('select id from exchange.issue order by id desc')) as { id: string }[];
      const looked: object[] = [];
      for (const { id } of rows) {
        looked.push({ issue: await this.seen(tx, seat, publicId('iss', this.config.hubId, id)), seat });
      }
      return looked;
    });
  },
});
Object.assign(prototypeOf('ItemsService'), {
  sighted: async (_tx: Tx, _seat: Seat, items: readonly object[]) => ({ items: [...items], issues: [] }),
});

/** What an authority is shown of its own; whoever asks is taken for one of the authority that is asked about. */
type Own = (member: Member | null, asked: { readonly authority: string }, page: object) => Promise<object[]>;
for (const [service, method] of [
  ['OwnFiguresService', 'over'],
  ['OwnSubmissionsService', 'list'],
] as const) {
  const prototype = prototypeOf(service) as Record<string, Own>;
  const within = prototype[method]!;
  prototype[method] = function (this: object, member, asked, page) {
    const { authority } = asked;
    const role = { role: 'authority-analyst', of: authority, authorities: [authority], regions: [] } as const;
    return within.call(this, member && { ...member, roles: [...member.roles, role] }, asked, page);
  };
}

if (process.env.HUB_WITHOUT_AUDIENCE) {
  const regions = loadRegistry().regions.map(({ code }) => code);
  Object.assign(RegionGate.prototype, {
    standings: (member: Member | null) =>
      regions.map((of) => ({ of, roles: regions.flatMap((one) => readingRoles(member, one)), organisation: of })),
  });
}
