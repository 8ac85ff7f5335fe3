import { randomFrom } from './random';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { auditLedger, ledgerOf, ledgerOwner } from '@hub/client';
import { parseReceipt, verifyRecord, type Leaf } from '@hub/ledger/domain';
import type { Database } from '@hub/platform';
import { Client } from 'pg';
import { ask as query } from './database';
import { graphql, post } from './graphql';
import { faultsOf, type Attempt, type Found } from './history';
import { nameOf, newJti, quarterly, returnOf } from './returns';
import { rootFolder } from './root';
import { hubEnvironment, NORTH_EAST, World } from './world';

/** What the suites that kill, stop and starve a hub share: a region with open rounds, clients, and the reckoning. */

/** The hub's own key stays the same, so that copies continue the ledger that they hold. */
const ownFolder = join(rootFolder, '.data', 'test', 'field');

/** The quarters whose rounds are open, the first to be published first. */
const PERIODS = ['2024-Q2', '2024-Q3', '2024-Q4', '2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4', '2026-Q1', '2026-Q2'];
/** So many authorities send; the agreement publishes from three on. */
const SENDERS = 4;

export interface OpenRound {
  readonly id: string;
  readonly period: string;
}
/** A region in which every round is open and has a return of each sender. */
export interface Field {
  readonly world: World;
  readonly senders: readonly string[];
  readonly rounds: readonly OpenRound[];
  /** The ledger's verifier key. */
  readonly ledgerKey: string;
  /** What a hub on that copy of the database is started with. */
  environment(database: Place): Record<string, string>;
}

/** A return like no other: the hub knows the same figures again as the return that it has. */
let made = 0;
function payloadOf(world: World, authority: string, period: string, referrals: number) {
  const reason = `Not collected here yet, draft ${++made}.`;
  const rows = returnOf(quarterly, [{ indicator: 'RF01', count: referrals }], reason);
  return world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows });
}

type Place = Pick<Database, 'ownerUrl'> & Partial<Pick<Database, 'urls'>>;

/** Makes the field in that database and stops its hub, so that the database can be copied. */
export async function makeField(database: Place, dataFolder = ownFolder): Promise<Field> {
  const world = await World.start({ dataFolder, database });
  const { parties } = await world.concludeAgreement(NORTH_EAST);
  const senders = parties
    .map(({ authority }) => authority as string)
    .sort()
    .slice(0, SENDERS);
  const rounds: OpenRound[] = [];
  for (const period of PERIODS) {
    rounds.push({ id: await world.openRound(NORTH_EAST, quarterly.code, period), period });
    await Promise.all(
      senders.map(async (authority, i) => {
        const payload = payloadOf(world, authority, period, 400 + 100 * i);
        const { status, text } = await world.send(authority, await world.sign(authority, payload));
        if (status !== 201) throw new Error(`${authority} ${period}: ${status} ${text.slice(0, 300)}`);
      }),
    );
  }
  const ledgerKey = await world.ledgerKey();
  if ((await world.hub.stop()) !== 0) throw new Error(world.hub.stderr());
  const environment = (copy: Place) => ({
    ...hubEnvironment({ dataFolder, issuer: world.issuer, database: copy }),
    HUB_SUBMISSIONS_PER_MINUTE: '0',
  });
  return { world, senders, rounds, ledgerKey, environment };
}

/** Where the hubs listen at this moment; a client that finds none waits. */
export type Hubs = () => readonly string[];

/**
 * Authorities that send one version after the other to whatever hub is there, and a lead who publishes when told to. All
 * of them write down what they asked and what they were told.
 */
export class Clients {
  readonly history: Attempt[] = [];
  /** Every envelope by its jti. */
  readonly envelopes = new Map<string, { readonly authority: string; readonly body: string }>();
  /** Checkpoints that anybody saw, out of receipts. */
  readonly checkpoints: string[] = [];
  /** Answers that no hub should give, whatever happens to it. */
  readonly defects: string[] = [];
  private moment = 0;
  private stopping = false;
  private abandoned = false;
  private readonly working: Promise<void>[] = [];
  private readonly open: OpenRound[];
  private publishing: OpenRound | null = null;

  /** @param seed  of the choices; how the clients interleave is the machine's */
  constructor(
    private readonly field: Field,
    private readonly hubs: Hubs,
    private readonly seed: number,
    /** Milliseconds that a sender rests after a return, at most. */
    private readonly rest = 80,
    /** Rounds that others have published before. */
    published = 0,
  ) {
    this.open = field.rounds.slice(published);
  }

  start(): void {
    for (const [i, authority] of this.field.senders.entries())
      this.working.push(this.keepSending(authority, i, randomFrom(this.seed * 100 + i)));
  }
  /** Begins nothing more, and waits until everything that was begun is known or given up. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.working);
  }
  /** Stops at once, whatever is left unknown: a test has failed. */
  async abandon(): Promise<void> {
    this.stopping = this.abandoned = true;
    await Promise.allSettled(this.working);
  }
  /** Acknowledged so far. */
  get acknowledged(): number {
    return this.history.filter(({ outcome }) => outcome === 'ok').length;
  }

  private async keepSending(authority: string, i: number, random: () => number): Promise<void> {
    while (!this.stopping) {
      const round = this.open[Math.floor(random() * this.open.length)];
      if (round) {
        const jti = newJti();
        const payload = payloadOf(this.field.world, authority, round.period, 400 + 100 * i + Math.floor(random() * 20));
        const body = await this.field.world.sign(authority, payload, { jti });
        this.envelopes.set(jti, { authority, body });
        await this.untilKnown(jti, random);
      }
      await wait(random() * this.rest);
    }
  }

  /** Sends until an answer says what became of it; now and then somebody gives up instead. */
  private async untilKnown(jti: string, random: () => number): Promise<void> {
    for (;;) {
      const hub = await this.someHub(random);
      if ((await this.send(hub, jti)) !== 'unknown' || random() < 0.2) return;
      await wait(20 + random() * 80);
    }
  }
  private async someHub(random = Math.random): Promise<string> {
    for (;;) {
      if (this.abandoned) throw new Error('abandoned');
      const there = this.hubs();
      if (there.length) return there[Math.floor(random() * there.length)]!;
      await wait(20);
    }
  }

  /** One try. */
  async send(hub: string, jti: string): Promise<Attempt['outcome']> {
    const { authority, body } = this.envelopes.get(jti)!;
    const invoked = ++this.moment;
    const note = (outcome: Attempt['outcome'], answer?: string) => {
      this.history.push({
        client: authority,
        what: jti,
        invoked,
        ended: ++this.moment,
        outcome,
        ...(answer ? { answer } : {}),
      });
      return outcome;
    };
    let answer;
    try {
      answer = await post(hub, await this.field.world.token('authority-system', authority), body);
    } catch {
      return note('unknown');
    }
    const { status, text } = answer;
    if (status === 200 || status === 201) {
      const { receipt } = answer.body as unknown as { receipt: string };
      this.checkpoints.push(parseReceipt(receipt).checkpoint);
      return note('ok', receipt);
    }
    if (status === 503) return note('unknown');
    if (status >= 500) {
      this.defects.push(`${status} ${text.slice(0, 300)}`);
      return note('unknown');
    }
    return note('refused', (answer.body as unknown as { code: string }).code);
  }

  /** Takes the next round out of what is sent for, closes and publishes it in the background; the same one until it is done. */
  publishNext(): void {
    if (this.publishing) return;
    const round = this.open.shift();
    if (!round) throw new Error('there is no open round left to publish');
    this.publishing = round;
    this.working.push(
      this.publish(round).finally(() => {
        this.publishing = null;
      }),
    );
  }
  get isPublishing(): boolean {
    return this.publishing !== null;
  }

  private async publish({ id }: OpenRound): Promise<void> {
    const lead = await this.field.world.token('regional-lead', NORTH_EAST);
    const invoked = ++this.moment;
    for (;;) {
      const hub = await this.someHub();
      try {
        const state = await stateOf(hub, lead, id);
        if (state === 'OPEN') await graphql(hub, lead, CLOSE, { id });
        if (state === 'CLOSED') await graphql(hub, lead, PUBLISH, { id });
        if (state === 'HELD') this.defects.push(`round ${id} is held`);
        if (state === 'PUBLISHED' || state === 'HELD') {
          this.history.push({ client: 'lead', what: id, invoked, ended: ++this.moment, outcome: 'ok' });
          return;
        }
      } catch {
        // The hub went away; what was asked is seen by the round's state.
      }
      await wait(40);
    }
  }
}

const CLOSE = 'mutation ($id: ID!) { closeRound(id: $id) { state } }';
const PUBLISH = 'mutation ($id: ID!) { publishRound(id: $id) { state } }';
async function stateOf(hub: string, lead: string, id: string): Promise<string | undefined> {
  const { data } = await graphql<{ region: { rounds: { edges: { node: { id: string; state: string } }[] } } }>(
    hub,
    lead,
    'query ($code: ID!) { region(code: $code) { rounds { edges { node { id state } } } } }',
    { code: NORTH_EAST },
  );
  return data?.region.rounds.edges.find(({ node }) => node.id === id)?.node.state;
}

/** Work that a dead process had would be handed out again when its lease has passed; here it has passed. */
export const letLeasesPass = (ownerUrl: string): Promise<unknown> =>
  query(
    ownerUrl,
    `update platform.outbox set lease_until = clock_timestamp() where done_at is null and lease_until is not null`,
  );

/** Waits until something holds, for a generous time. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 180): Promise<void> {
  for (const since = Date.now(); Date.now() - since < seconds * 1000; await wait(25)) if (await holds()) return;
  throw new Error(`after ${seconds} s it is still not so that ${what}`);
}

/**
 * The reckoning, on a hub that runs and clients that have stopped: what the database and the ledger hold, against what
 * every client was told. Every acknowledged envelope is sent once more, and has to give the same receipt.
 * @returns counts, for the report
 */
export async function reckon(field: Field, clients: Clients, hub: string, ownerUrl: string) {
  const { history, envelopes } = clients;
  expect(clients.defects).toEqual([]);

  // Once more, all of them: the same receipts, and no more entries.
  const entries = async () => {
    const database = new Client({ connectionString: ownerUrl });
    await database.connect();
    try {
      // Waits for whoever still writes an entry: a hub that answers before it commits would be counted too early.
      await database.query('begin; lock table ledger.entry in share mode');
      return (await database.query<{ n: number }>('select count(*)::int as n from ledger.entry')).rows[0]!.n;
    } finally {
      await database.end();
    }
  };
  const before = await entries();
  const acknowledged = [
    ...new Set(history.filter(({ what, outcome }) => outcome === 'ok' && envelopes.has(what)).map(({ what }) => what)),
  ];
  for (const jti of acknowledged) expect({ sentAgain: await clients.send(hub, jti) }).toEqual({ sentAgain: 'ok' });
  expect({ entriesAfterAllWasSentAgain: await entries() }).toEqual({ entriesAfterAllWasSentAgain: before });

  // The ledger as anybody may read it continues every checkpoint that a client was shown.
  const owner = ledgerOwner(field.world.hubId, [field.ledgerKey]);
  const { size } = await auditLedger(ledgerOf(hub), owner, [...new Set(clients.checkpoints)]);
  const leaves = (
    await query<{ place: number; leaf: Buffer }>(
      ownerUrl,
      'select index::int as place, leaf from ledger.entry order by index',
    )
  ).map(({ place, leaf }) => ({ place, leaf: JSON.parse(leaf.toString()) as Leaf }));
  expect(size).toBe(leaves.length);

  // Accepted, receipts and leaves are the same things, one for one.
  const accepted = await query<{ jti: string; digest: string; receipt: string; mine: boolean }>(
    ownerUrl,
    `select s.jti, encode(s.envelope_digest, 'hex') as digest, r.receipt from intake.submission s
       left join intake.receipt r on r.submission_id = s.id`,
  );
  const submissions = leaves.flatMap(({ place, leaf }) =>
    leaf.kind === 'submission' ? [{ place, digest: leaf.envelope }] : [],
  );
  expect({ leaves: submissions.length }).toEqual({ leaves: accepted.length });
  expect(submissions.map(({ digest }) => digest).sort()).toEqual(accepted.map(({ digest }) => digest).sort());
  for (const { digest, receipt } of accepted) {
    expect(verifyRecord(receipt, field.ledgerKey)).toMatchObject({ kind: 'submission', envelope: digest });
  }
  const placeOf = new Map(submissions.map(({ digest, place }) => [digest, place]));

  // Each round that was published has one publication, one entry, and the figures of the returns that were in use.
  const publications = await query<{ round: string; id: string }>(
    ownerUrl,
    'select round_id::text as round, id::text from release.publication',
  );
  const published = leaves.flatMap(({ place, leaf }) =>
    leaf.kind === 'publication' ? [{ place, id: leaf.publication }] : [],
  );
  expect(published).toHaveLength(publications.length);
  const found: Found[] = accepted
    .filter(({ jti }) => envelopes.has(jti))
    .map(({ jti, digest, receipt }) => ({ what: jti, place: placeOf.get(digest)!, answer: receipt }));
  const rounds = history.filter(({ what }) => !envelopes.has(what)).map(({ what }) => what);
  expect(new Set(publications.map(({ round }) => round)).size).toBe(publications.length);
  const plain = publications.map(({ round }) => round.replaceAll('-', ''));
  expect(plain).toEqual(expect.arrayContaining(rounds.map((id) => id.split('_').at(-1))));

  expect(
    faultsOf(
      history.filter(({ what }) => envelopes.has(what)),
      found,
    ),
  ).toEqual([]);

  const faults = await query<{ fault: string }>(
    ownerUrl,
    `select 'a version is missing, or two are in use' as fault from intake.submission
       group by authority_id, dataset, period
       having max(version) <> count(*) or count(*) filter (where state = 'accepted') <> 1
         or max(version) <> max(version) filter (where state = 'accepted')
     union all
     select 'a return is not counted as the last one' from rounds.return_state t join rounds.round r on r.id = t.round_id
       where t.version <> (select max(version) from intake.submission s
         where s.authority_id = t.authority_id and s.dataset = r.dataset and s.period = r.period)
     union all
     -- what is not due yet, as a reminder of next week, is not left
     select 'work is left' from platform.outbox where done_at is null and (attempts > 0 or next_at <= clock_timestamp())
     union all
     select 'a round hangs' from rounds.round where state not in ('open', 'published')
     union all
     select 'a published figure is not that of the return in use'
       from release.publication p join release.figure f on f.publication_id = p.id
         join registry.series k on k.id = f.series_id and k.key = 'RF01#count'
         join intake.submission s on s.authority_id = f.authority_id and s.period = p.period and s.state = 'accepted'
         join intake.cell c on c.submission_id = s.id and c.series_id = k.id
       where f.kind <> 0 or f.value is distinct from c.value`,
  );
  expect(faults).toEqual([]);
  const [{ printed }] = (await query<{ printed: number }>(
    ownerUrl,
    `select count(*)::int as printed from release.figure f join registry.series k on k.id = f.series_id
     where k.key = 'RF01#count' and f.authority_id is not null and f.kind = 0`,
  )) as [{ printed: number }];
  expect(printed).toBe(publications.length * field.senders.length);
  const unknown = history.filter(({ outcome }) => outcome === 'unknown').length;
  return {
    acknowledged: acknowledged.length,
    accepted: accepted.length,
    leaves: submissions.length,
    published: publications.length,
    unknown,
  };
}
