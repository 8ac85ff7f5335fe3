import { Client } from 'pg';
import { graphql } from '../../support/graphql';
import { nameOf, quarterly } from '../../support/returns';
import { asOwner, BEFORE, rowsOf } from '../../support/two-regions';
import { day, NORTH_EAST } from '../../support/world';
import { two, first, last } from './regions';

describe('the moment of publication', () => {
  /** Seconds: twice what a hub needs to start here and now, so that a slow machine too compiles and looks within one. */
  let step: number;
  const PERIODS = ['2024-Q1', '2024-Q2', '2024-Q3'] as const;
  type Seen = Record<'id' | 'state' | 'publishesAt', string> & { heldBecause: string | null };
  beforeAll(async () => {
    const began = Date.now();
    await two.world.restart({});
    step = Math.max(3, Math.ceil((2 * (Date.now() - began)) / 1000));
    await two.world.restart({ HUB_COMPILE_SECONDS: String(step) });
  }, 180_000);

  const lead = (query: string, variables: Record<string, unknown>) =>
    two.world
      .token('regional-lead-2', NORTH_EAST)
      .then((token) => two.world.ask<Record<string, Seen>>(token, query, variables));
  const roundNow = async (id: string) =>
    (await lead('query ($id: ID!) { round(id: $id) { id state heldBecause publishesAt } }', { id })).round!;
  /** Closed and asked for: when that was, and what the lead is told. */
  const asked = async (period: string, senders: readonly string[]) => {
    const id = await two.world.openRound(NORTH_EAST, quarterly.code, period);
    for (const [i, authority] of senders.entries()) {
      const one = { authority, period, rows: rowsOf(i) };
      const { answer } = await two.world.sendReturn(NORTH_EAST, nameOf(quarterly), one);
      expect([authority, answer.status, answer.text.slice(0, 300)]).toEqual([authority, 201, expect.anything()]);
    }
    await lead('mutation ($id: ID!) { closeRound(id: $id) { id } }', { id });
    const at = Date.now();
    const { publishRound } = await lead(
      'mutation ($id: ID!) { publishRound(id: $id) { id state heldBecause publishesAt } }',
      { id },
    );
    expect(publishRound).toMatchObject({ state: 'COMPILING', heldBecause: null });
    const set = Date.parse(publishRound!.publishesAt);
    expect(set - at).toBeGreaterThanOrEqual(step * 1000);
    return { id, set };
  };
  const prepared = (period: string) =>
    asOwner(
      two.world,
      `select p.held_because, p.moment, p.publication_id from proof.prepared p join rounds.round r on r.id = p.round_id
       where r.period = $1`,
      [period],
    ) as Promise<{ held_because: string | null; moment: Date; publication_id: string | null }[]>;
  const ready = async (id: string, period: string) => {
    for (;;) {
      const [one] = await prepared(period);
      if (one) return one;
      const { state } = await roundNow(id);
      if (state !== 'COMPILING') throw new Error(`the round is ${state} before anybody could look`);
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  /** When the round is no longer being compiled, as its lead sees it. */
  const settled = async (id: string) => {
    for (;;) {
      const round = await roundNow(id);
      if (round.state !== 'COMPILING') return { ...round, seenAt: Date.now() };
      await new Promise((later) => setTimeout(later, 50));
    }
  };
  /** Everything that a member can see of publications, and that anybody can see of the ledger. */
  const seen = async () => [
    await two.world.ask(
      await two.world.token('scrutineer', first),
      `query ($code: ID!) { region(code: $code) { publications(first: 100) { edges { node { id number state } } }
         rounds(first: 100) { edges { node { id state heldBecause publishesAt } } } } }`,
      { code: NORTH_EAST },
    ),
    await (await fetch(`${two.world.hub.url}/ledger/checkpoint`)).text(),
  ];
  const isWholeSteps = (ms: number) => ms >= 0 && ms % (step * 1000) === 0;

  test('is set before the compile begins, and until then nothing is seen of what it has made', async () => {
    const { id, set } = await asked(PERIODS[0], two.northEast.authorities.slice(0, 6));
    const { moment, held_because } = await ready(id, PERIODS[0]);
    const ledger = 'select count(*)::int as n from ledger.entry';
    const entries = await asOwner(two.world, ledger);
    const before = await seen();
    expect(held_because).toBeNull();
    expect(isWholeSteps(moment.getTime() - set)).toBe(true);
    // Whatever else is compiled meanwhile has to be safe beside it.
    expect(
      await asOwner(
        two.world,
        `select from proof.certificate c where not exists (
      select from release.publication p where p.id = c.publication_id
      union all select from registry.national_release r where r.id = c.publication_id)`,
      ),
    ).toHaveLength(1);
    let looks = 0;
    for (; Date.now() < moment.getTime() - 1000; looks++) {
      expect(await seen()).toEqual(before);
      await new Promise((later) => setTimeout(later, 100));
    }
    expect(looks).toBeGreaterThan(0);
    const round = await settled(id);
    expect(round).toMatchObject({ state: 'PUBLISHED', publishesAt: moment.toISOString() });
    expect(round.seenAt).toBeGreaterThanOrEqual(moment.getTime());
    const [publication] = (await asOwner(
      two.world,
      `select p.id, p.published_at, p.document::json ->> 'publishedAt' as said from release.publication p where p.period = $1`,
      [PERIODS[0]],
    )) as { id: string; published_at: Date; said: string }[];
    expect([publication!.published_at, publication!.said]).toEqual([moment, moment.toISOString()]);
    // Its id says when it was made, as every id does: at that moment.
    expect(parseInt(publication!.id.replaceAll('-', '').slice(0, 12), 16)).toBe(moment.getTime());
    const [leaf] = (await asOwner(two.world, 'select leaf from ledger.entry order by index desc limit 1')) as {
      leaf: Buffer;
    }[];
    expect(JSON.parse(leaf!.leaf.toString())).toMatchObject({ event: 'published', at: moment.toISOString() });
    expect(await asOwner(two.world, ledger)).not.toEqual(entries);
    expect(await prepared(PERIODS[0])).toEqual([]);
  }, 180_000);

  test('is the same for what may not leave: that it is held is seen no sooner', async () => {
    const { id, set } = await asked(PERIODS[1], [first]);
    const { moment, held_because } = await ready(id, PERIODS[1]);
    expect(held_because).toBe('PUBLICATION_TOO_FEW');
    expect(await roundNow(id)).toMatchObject({ state: 'COMPILING', heldBecause: null });
    const round = await settled(id);
    expect(round).toMatchObject({
      state: 'HELD',
      heldBecause: 'PUBLICATION_TOO_FEW',
      publishesAt: moment.toISOString(),
    });
    expect(isWholeSteps(moment.getTime() - set)).toBe(true);
    expect(round.seenAt).toBeGreaterThanOrEqual(moment.getTime());
  }, 180_000);

  test('is all that is seen of a compile: what is asked of its round is answered while it works, and all other work is done', async () => {
    const owner = new Client({ connectionString: two.world.ownerUrl });
    await owner.connect();
    const waitsFor = (what: string) =>
      asOwner(
        two.world,
        `select from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
         where not l.granted and l.locktype = any($1)`,
        [what.split(' ')],
      );
    /** The codes with which it is refused; nobody may wait for a row meanwhile. */
    const atOnce = async (mutation: string, variables: Record<string, unknown>) => {
      const token = await two.world.token('regional-lead-2', NORTH_EAST);
      let isAnswered = false;
      const answer = graphql(two.world.hub.url, token, mutation, variables).finally(() => (isAnswered = true));
      while (!isAnswered) expect(await waitsFor('transactionid tuple')).toEqual([]);
      return (await answer).errors?.map(({ extensions }) => extensions.code);
    };
    try {
      // It reads the book, protects, and stops before it writes its certificate.
      await owner.query('begin; lock table proof.certificate in share mode');
      const { id } = await asked('2023-Q4', two.northEast.authorities.slice(0, 6));
      while (!(await waitsFor('relation')).length) await new Promise((later) => setTimeout(later, 20));
      const refused = await atOnce(
        `mutation ($id: ID!, $day: Date!, $other: ID!) {
           closeRound(id: $id) { id } checkRound(id: $id) { id } publishRound(id: $id) { id }
           openEdition(round: $id, edition: REVISED, due: $day, closes: $day) { id }
           moveRoundDates(round: $id, opens: $day, due: $day, closes: $day) { id }
           grantException(round: $id, authority: $other, until: $day, reason: "The system was down.") { until } }`,
        { id, day: day(5), other: last },
      );
      expect(refused).toEqual([
        'ROUND_NOT_OPEN',
        'ROUND_NOT_CLOSED',
        'ROUND_NOT_CLOSED',
        'ROUND_NOT_CLOSED',
        'ROUND_NOT_OPEN',
        'ROUND_NOT_CLOSED',
      ]);
      const works = (await asOwner(
        two.world,
        `insert into platform.outbox (id, type, subject, created_at, next_at)
           select gen_random_uuid(), type, id, now(), now()
           from rounds.round, unnest('{round.release,round.publish,round.remind}'::text[]) type where period = any($1)
         returning id`,
        [['2023-Q4', BEFORE]],
      )) as { id: string }[];
      const left = 'select from platform.outbox where id = any($1) and done_at is null';
      while ((await asOwner(two.world, left, [works.map((one) => one.id)])).length)
        await new Promise((later) => setTimeout(later, 50));
      expect((await roundNow(id)).state).toBe('COMPILING');
      expect(await waitsFor('relation')).toHaveLength(1);
      await owner.query('rollback');
      expect((await settled(id)).state).toBe('PUBLISHED');
    } finally {
      await owner.end();
    }
  }, 180_000);

  test('is whole steps later where what lay ready has been purged: it is compiled again, and published once', async () => {
    const { id, set } = await asked(PERIODS[2], two.northEast.authorities.slice(0, 6));
    const { publication_id } = await ready(id, PERIODS[2]);
    await asOwner(two.world, 'delete from proof.prepared where publication_id = $1', [publication_id]);
    await asOwner(two.world, 'delete from proof.certificate where publication_id = $1', [publication_id]);
    const round = await settled(id);
    expect(round.state).toBe('PUBLISHED');
    const late = Date.parse(round.publishesAt) - set;
    expect([late > 0, isWholeSteps(late)]).toEqual([true, true]);
    expect(await asOwner(two.world, 'select from release.publication where period = $1', [PERIODS[2]])).toHaveLength(1);
  }, 180_000);
});
