import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { keyProof, newKey, publicOf, type PrivateJwk } from '@hub/client';
import { ask, freshDatabase, rowCounts } from '../support/database';
import { graphql } from '../support/graphql';
import { day, NORTH_EAST, WEST_MIDLANDS, World } from '../support/world';

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
const hartlepool = 'E06000001';
const middlesbrough = 'E06000002';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-keys-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
});
afterAll(async () => {
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const REGISTER =
  'mutation ($authority: ID!, $jwk: String!, $proof: String!) { registerKey(authority: $authority, jwk: $jwk, proof: $proof) { kid state } }';

async function codeOf(role: string | null, of: string, query: string, variables: Record<string, unknown>) {
  const token = role && (await world.token(role, of));
  const { data, errors } = await graphql<Record<string, unknown>>(world.hub.url, token, query, variables);
  return errors?.[0]?.extensions.code ?? data;
}

const register = async (
  key: PrivateJwk,
  more: {
    authority?: string;
    of?: string;
    role?: string | null;
    aud?: string;
    iat?: number;
    jwk?: object;
    by?: PrivateJwk;
  } = {},
) => {
  const authority = more.authority ?? hartlepool;
  const proof = await keyProof({ key: more.by ?? key, authority, aud: more.aud ?? world.hubId, iat: more.iat });
  return codeOf(more.role === undefined ? 'authority-approver' : more.role, more.of ?? authority, REGISTER, {
    authority,
    jwk: JSON.stringify(more.jwk ?? publicOf(key)),
    proof,
  });
};

describe('a key', () => {
  test.each<[string, string, (key: PrivateJwk, other: PrivateJwk) => ReturnType<typeof register>]>([
    ['without a token', 'TOKEN_MISSING', (key) => register(key, { role: null })],
    ['by a system instead of an approver', 'NOT_FOR_THIS_ROLE', (key) => register(key, { role: 'authority-system' })],
    ['for another authority', 'KEY_FOREIGN', (key) => register(key, { authority: middlesbrough, of: hartlepool })],
    ['with its private half', 'KEY_MALFORMED', (key) => register(key, { jwk: key })],
    ['with a proof by another key', 'KEY_PROOF_INVALID', (key, other) => register(key, { by: other })],
    ['with a proof for another hub', 'KEY_PROOF_INVALID', (key) => register(key, { aud: 'hub-elsewhere' })],
    [
      'with a proof of yesterday',
      'KEY_PROOF_INVALID',
      (key) => register(key, { iat: Math.floor(Date.now() / 1000) - 86_400 }),
    ],
  ])('is refused %s: %s', async (_what, code, attempt) => {
    const before = await rowCounts(database.ownerUrl);
    expect(await attempt(await newKey('a-key'), await newKey('a-key'))).toBe(code);
    expect(await rowCounts(database.ownerUrl)).toEqual(before);
  });

  test('is registered once; again changes nothing; its name and its bytes are taken for everybody else', async () => {
    const key = await newKey('hartlepool-1', 'ES256');
    expect(await register(key)).toEqual({ registerKey: { kid: 'hartlepool-1', state: 'PENDING' } });
    const before = await rowCounts(database.ownerUrl);
    expect(await register(key)).toEqual({ registerKey: { kid: 'hartlepool-1', state: 'PENDING' } });
    expect(await register(await newKey('hartlepool-1'), { authority: middlesbrough })).toBe('KEY_TAKEN');
    expect(await register({ ...key, kid: 'another-name' }, { authority: middlesbrough })).toBe('KEY_TAKEN');
    expect(await rowCounts(database.ownerUrl)).toEqual(before);
  });

  test('is revoked by its own approver alone, and stays revoked', async () => {
    await register(await newKey('hartlepool-2'));
    const revoke = 'mutation ($kid: ID!) { revokeKey(kid: $kid, reason: "lost") { state } }';
    const asApprover = (of: string, query: string) => codeOf('authority-approver', of, query, { kid: 'hartlepool-2' });
    expect(await asApprover(middlesbrough, revoke)).toBe('KEY_ABSENT');
    expect(await asApprover(hartlepool, revoke)).toEqual({ revokeKey: { state: 'REVOKED' } });
    expect(await asApprover(hartlepool, revoke)).toEqual({ revokeKey: { state: 'REVOKED' } });
    expect(await asApprover(hartlepool, 'mutation ($kid: ID!) { approveKey(kid: $kid) { state } }')).toBe(
      'KEY_REVOKED',
    );
  });
});

describe('a round', () => {
  const OPEN = `mutation ($region: ID!, $dataset: String!, $period: String!, $opens: Date!, $due: Date!, $closes: Date!) {
    openRound(region: $region, dataset: $dataset, period: $period, opens: $opens, due: $due, closes: $closes) { id state } }`;
  const dates = { opens: day(-20), due: day(5), closes: day(10) };
  const good = { region: NORTH_EAST, dataset: 'safeguarding-quarterly', period: '2025-Q1', ...dates };

  test.each<[string, string, Record<string, string>, string?, string?]>([
    ['by somebody else than a lead', 'NOT_FOR_THIS_ROLE', {}, 'authority-analyst', hartlepool],
    ['in a region that the lead does not lead', 'REGION_ABSENT', {}, 'regional-lead', WEST_MIDLANDS],
    ['of a dataset that does not exist', 'DATASET_ABSENT', { dataset: 'nothing' }],
    ['of a period of another kind', 'ROUND_DATES', { period: '2025-07' }],
    ['of a period that is no period', 'PERIOD_MALFORMED', { period: 'soon' }],
    ['of a period that has not ended when it opens', 'ROUND_DATES', { period: '2029-Q1' }],
    ['that closes before it is due', 'ROUND_DATES', { closes: day(1) }],
    ['with a date that is none', 'REQUEST_MALFORMED', { due: '2026-02-30' }],
  ])('is not opened %s: %s', async (_what, code, change, role = 'regional-lead', of = NORTH_EAST) => {
    const before = await rowCounts(database.ownerUrl);
    expect(await codeOf(role, of, OPEN, { ...good, ...change })).toBe(code);
    expect(await rowCounts(database.ownerUrl)).toEqual(before);
  });

  test('goes from scheduled or open to closed, and only a closed one is published', async () => {
    const lead = ['regional-lead', NORTH_EAST] as const;
    const opened = (await codeOf(...lead, OPEN, good)) as { openRound: { id: string; state: string } };
    expect(opened.openRound.state).toBe('OPEN');
    expect(await codeOf(...lead, OPEN, good)).toBe('ROUND_EXISTS');
    const later = { ...good, period: '2025-Q2', opens: day(3) };
    const scheduled = (await codeOf(...lead, OPEN, later)) as typeof opened;
    expect(scheduled.openRound.state).toBe('SCHEDULED');
    const close = 'mutation ($id: ID!) { closeRound(id: $id) { state missing { code } } }';
    const publish = 'mutation ($id: ID!) { publishRound(id: $id) { state } }';
    expect(await codeOf(...lead, close, { id: scheduled.openRound.id })).toBe('ROUND_NOT_OPEN');
    expect(await codeOf(...lead, publish, { id: opened.openRound.id })).toBe('ROUND_NOT_CLOSED');
    expect(await codeOf('regional-lead', WEST_MIDLANDS, close, { id: opened.openRound.id })).toBe('ROUND_ABSENT');
    const closed = (await codeOf(...lead, close, { id: opened.openRound.id })) as {
      closeRound: { state: string; missing: unknown[] };
    };
    expect(closed.closeRound.state).toBe('CLOSED');
    expect(closed.closeRound.missing).toHaveLength(12);
    expect(await codeOf(...lead, close, { id: opened.openRound.id })).toMatchObject({
      closeRound: { state: 'CLOSED' },
    });
    expect(await codeOf(...lead, publish, { id: opened.openRound.id })).toEqual({
      publishRound: { state: 'COMPILING' },
    });
    expect(await codeOf(...lead, publish, { id: opened.openRound.id })).toBe('ROUND_NOT_CLOSED');
  });

  describe('whose lead works for an authority that has sent nothing', () => {
    const CLOSE = 'mutation ($id: ID!) { closeRound(id: $id) { state } }';
    const PUBLISH = 'mutation ($id: ID!) { publishRound(id: $id) { state } }';
    const [lead, deputy] = [
      ['regional-lead', NORTH_EAST],
      ['regional-lead-2', NORTH_EAST],
    ] as const;
    const own = (sql: string, values: unknown[] = []) => ask(database.ownerUrl, sql, values);
    let id: string;

    beforeAll(async () => {
      for (const [seat, authority] of [
        ['regional-lead', hartlepool],
        ['regional-lead-2', middlesbrough],
      ] as const) {
        await own(
          `insert into identity.member_role (member_id, role, organisation)
           select id, 'authority-analyst', $2 from identity.member where subject = $1`,
          [`${seat}@${NORTH_EAST}`, authority],
        );
      }
      const opened = (await codeOf(...lead, OPEN, { ...good, period: '2024-Q4' })) as { openRound: { id: string } };
      id = opened.openRound.id;
      // The deputy's authority has sent its return.
      await own(
        `insert into rounds.return_state (round_id, region_id, authority_id, version, received_at)
         select r.id, r.region_id, a.id, 1, now() from rounds.round r, registry.authority a
         where r.period = '2024-Q4' and a.code = $1`,
        [middlesbrough],
      );
    });

    const unchanged = async (seat: readonly [string, string], query: string) => {
      const stored = () =>
        own(`select r.*, (select count(*) from platform.outbox o where o.subject = r.id) as work
             from rounds.round r where period = '2024-Q4'`);
      const before = await stored();
      const code = await codeOf(...seat, query, { id });
      expect(await stored()).toEqual(before);
      return code;
    };
    /** What the database itself says to that member, whatever the code has let through. */
    const byHand = async (seat: readonly [string, string], change: string) => {
      const desk = new Client({ connectionString: database.urls.desk });
      await desk.connect();
      try {
        await desk.query('begin');
        await desk.query(
          `select set_config('hub.member', (select id::text from identity.find_member($1, $2) limit 1), true)`,
          [world.issuer.issuer, seat.join('@')],
        );
        const { rowCount } = await desk.query(`update rounds.round set ${change} where period = '2024-Q4'`);
        return rowCount;
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await desk.end();
      }
    };

    test('is closed before its date by the deputy from another authority alone', async () => {
      expect(await unchanged(lead, CLOSE)).toBe('LEAD_OWN_AUTHORITY');
      expect(await byHand(lead, 'closed_early_at = now()')).toBe('23514');
      expect(await byHand(deputy, 'closed_early_at = now()')).toBe(1);
      expect(await codeOf(...deputy, CLOSE, { id })).toEqual({ closeRound: { state: 'CLOSED' } });
    });

    test('and published before its closing date; afterwards it is nobody’s own matter', async () => {
      expect(await unchanged(lead, PUBLISH)).toBe('LEAD_OWN_AUTHORITY');
      expect(await byHand(lead, "state = 'compiling'")).toBe('23514');
      expect(await byHand(deputy, "state = 'compiling'")).toBe(1);
      await own(`update rounds.round set due = $1, closes = $1 where period = '2024-Q4'`, [day(-1)]);
      expect(await byHand(lead, "state = 'compiling'")).toBe(1);
      expect(await codeOf(...lead, PUBLISH, { id })).toEqual({ publishRound: { state: 'COMPILING' } });
    });
  });
});
