import type { Client } from 'pg';
import { newId, type Login } from '@hub/platform';

/** Who stands before the walls, over which logins: two regions, with people of each role in them. */
export const NORTH_EAST = 'E12000001';
export const WEST_MIDLANDS = 'E12000005';
export const HARTLEPOOL = 'E06000001';
export const MIDDLESBROUGH = 'E06000002';
export const BIRMINGHAM = 'E08000025';
export const regionOf: Record<string, string> = {
  [HARTLEPOOL]: NORTH_EAST,
  [MIDDLESBROUGH]: NORTH_EAST,
  [BIRMINGHAM]: WEST_MIDLANDS,
};
export const authorities = Object.keys(regionOf);
export const regions = [NORTH_EAST, WEST_MIDLANDS];

export const today = `(now() at time zone 'Europe/London')::date`;
/** Who asks: role, organisation and, where it is not for ever, from when to when. */
export const people = {
  leadNorthEast: ['regional-lead', NORTH_EAST],
  leadWestMidlands: ['regional-lead', WEST_MIDLANDS],
  systemHartlepool: ['authority-system', HARTLEPOOL],
  analystHartlepool: ['authority-analyst', HARTLEPOOL],
  approverHartlepool: ['authority-approver', HARTLEPOOL],
  systemMiddlesbrough: ['authority-system', MIDDLESBROUGH],
  systemBirmingham: ['authority-system', BIRMINGHAM],
  approverBirmingham: ['authority-approver', BIRMINGHAM],
  electedHartlepool: ['elected-member', HARTLEPOOL],
  chairTees: ['board-chair', 'brd-walls-tees'],
  policeWestMidlands: ['agency-partner', 'agy-walls-police'],
  steward: ['steward', 'hub'],
  stewardNorthEast: ['steward', NORTH_EAST],
  auditorHartlepool: ['auditor', HARTLEPOOL],
  formerLead: ['regional-lead', NORTH_EAST, `daterange('2020-01-01', ${today})`],
  formerSystem: ['authority-system', HARTLEPOOL, `daterange('2020-01-01', ${today})`],
  formerApprover: ['authority-approver', HARTLEPOOL, `daterange('2020-01-01', ${today})`],
  comingLead: ['regional-lead', NORTH_EAST, `daterange(${today} + 1, null)`],
  roleless: [],
} as const satisfies Record<string, readonly string[]>;
export type Person = keyof typeof people;
/** Open invitations: to which role, by whom. */
export const invitations: readonly [role: string, organisation: string, by: Person][] = [
  ['regional-lead', NORTH_EAST, 'steward'],
  ['authority-approver', HARTLEPOOL, 'leadNorthEast'],
  ['board-chair', 'brd-walls-tees', 'leadNorthEast'],
  ['authority-analyst', HARTLEPOOL, 'approverHartlepool'],
  ['scrutineer', BIRMINGHAM, 'approverBirmingham'],
];
/** `nobody` asks without a member; `unknown` is a member that the hub has never heard of. */
export type Asker = Person | 'nobody' | 'unknown';
export const everybody = [...(Object.keys(people) as Person[]), 'nobody', 'unknown'] as const;

export const ids = {} as Record<Person, string>;
export const region = {} as Record<string, number>;
export const authority = {} as Record<string, number>;
export const rounds = {} as Record<string, string>;
export const emptyRounds = {} as Record<string, string>;
export const submissions = {} as Record<string, string>;
/** A submission of each authority without cells and receipt. */
export const bare = {} as Record<string, string>;
/** Returns that wait for their approver, with an envelope. */
export const waiting = {} as Record<string, string>;
export const publications = {} as Record<string, string>;
/** A second publication of each region, of which nothing is proved and nothing recorded. */
export const unproved = {} as Record<string, string>;
/** A third of each region that was withdrawn. */
export const gone = {} as Record<string, string>;
export const openings = {} as Record<string, string>;
/** National releases that one steward has loaded: a steward, somebody else; and one that was confirmed. */
export const [release, proposed, otherRelease] = [newId(), newId(), newId()];
export const notes = {} as Record<string, string>;
export const said = {} as Record<string, string>;

export const clients = {} as Record<Login | 'owner', Client>;

export const memberOf = (who: Asker) => (who === 'nobody' ? '' : who === 'unknown' ? newId() : ids[who]);

/** What one login does in one transaction as one member; nothing of it stays. */
export async function as<T>(login: Login, who: Asker, work: (client: Client) => Promise<T>): Promise<T> {
  const client = clients[login];
  await client.query('begin');
  try {
    await client.query(`select set_config('hub.member', $1, true)`, [memberOf(who)]);
    return await work(client);
  } finally {
    await client.query('rollback');
  }
}
export const column = async (client: Client, sql: string, values: unknown[] = []): Promise<string[]> =>
  (await client.query<Record<string, unknown>>(sql, values)).rows.map((row) => String(Object.values(row)[0]));
/** The SQLSTATE with which a statement fails; `none` when it does not. */
export const stateOf = (statement: Promise<unknown>): Promise<string> =>
  statement.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
export const FORBIDDEN = '42501';
export const CHECK = '23514';
