import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import {
  HubClient,
  keyProof,
  newKey,
  publicOf,
  signAgreement,
  signEnvelope,
  signNotice,
  verifyReceipt,
  type PrivateJwk,
} from '@hub/client';
import { OVERLAP_DAYS } from '@hub/identity/domain';
import { decodeLeaf, openNote, parseVerifierKey } from '@hub/ledger/domain';
import { ask, contents, freshDatabase, rowCounts } from '../support/database';
import { graphql } from '../support/graphql';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import { approverOf, day, NORTH_EAST, World } from '../support/world';
import { run } from '../../apps/cli/src/hub';

/** The life of a key over the running hub: two persons, an overlap, an end, and a history that old receipts rest on. */

const PERIOD = '2025-Q1';
const [hartlepool, middlesbrough, redcar, police] = [
  'E06000001',
  'E06000002',
  'E06000003',
  'agy-cleveland-police',
] as const;

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;

const hubKeyFile = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-key-life-'));
  database = await freshDatabase();
  world = await World.start({
    dataFolder: folder,
    database,
    environment: { HUB_SIGNING_KEY_FILE: hubKeyFile('first.json') },
  });
  await world.concludeAgreement(NORTH_EAST);
  await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
});
afterAll(async () => {
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a field answers, or the code with which it is refused. `who` is `authority-approver-2 of CODE`. */
async function answer<T>(who: string, query: string, variables: Record<string, unknown> = {}): Promise<T | string> {
  const [seat, of] = who.split(' of ') as [string, string];
  const { data, errors } = await graphql<T>(world.hub.url, await world.token(seat, of), query, variables);
  return errors?.[0]?.extensions.code ?? (Object.values(data as object)[0] as T);
}
const approve = (who: string, kid: string) =>
  answer<{ state: string }>(who, 'mutation ($kid: ID!) { approveKey(kid: $kid) { state } }', { kid });
const revoke = (who: string, kid: string, reason: string) =>
  answer(who, 'mutation ($kid: ID!, $reason: String!) { revokeKey(kid: $kid, reason: $reason) { state reason } }', {
    kid,
    reason,
  });

interface Key {
  kid: string;
  state: string;
  registeredAt: string;
  approvedAt: string | null;
  until: string | null;
  revokedAt: string | null;
  reason: string | null;
  replaces: string | null;
}
const keysOf = async (organisation: string): Promise<Key[]> =>
  (await answer<Key[]>(
    `${approverOf(organisation)} of ${organisation}`,
    `query ($organisation: ID!) { signingKeys(organisation: $organisation) {
       kid state registeredAt approvedAt until revokedAt reason replaces } }`,
    { organisation },
  )) as Key[];
const keyOf = async (organisation: string, kid: string): Promise<Key> =>
  (await keysOf(organisation)).find((key) => key.kid === kid)!;

let names = 0;
/** A key that waits for its second person. */
async function pending(organisation: string = hartlepool, replaces: string | null = null): Promise<PrivateJwk> {
  const key = await newKey(`life-${++names}`);
  await world.askToRegister(organisation, key, replaces);
  return key;
}

let counts = 100;
/** Sends a new return of that authority, signed by that key; the receipt, or the code with which it is refused. */
async function send(key: PrivateJwk, authority: string = hartlepool): Promise<string> {
  const rows = returnOf(quarterly, [
    ...brokenDown(quarterly, 'SF03', 'abuse', [30, 21, 12, 18, 0, 0]),
    { indicator: 'RF01', count: ++counts },
  ]);
  const payload = JSON.stringify(world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: PERIOD, rows }));
  const envelope = await signEnvelope({ payload, key, aud: world.hubId });
  const { body } = await world.send(authority, envelope);
  const { receipt, code } = body as { receipt?: string; code?: string };
  return receipt ?? code!;
}
const hubJson = () => new HubClient({ url: world.hub.url }).describe();

/** Writes as the owner what only time can write. */
async function setEnd(kid: string, until: string): Promise<void> {
  await ask(database.ownerUrl, 'alter table identity.signing_key disable trigger keep_history');
  await ask(database.ownerUrl, `update identity.signing_key set until = ${until} where kid = $1`, [kid]);
  await ask(database.ownerUrl, 'alter table identity.signing_key enable trigger keep_history');
}
const setRole = (subject: string, valid: string) =>
  ask(
    database.ownerUrl,
    `update identity.member_role set valid = ${valid}
     where member_id = (select id from identity.member where subject = $1)`,
    [subject],
  );
const TODAY = `(now() at time zone 'Europe/London')::date`;
const [ENDED, OPEN] = [`daterange('2019-04-01', ${TODAY})`, `'[2019-04-01,)'`];

describe('whoever may not, changes nothing with a token that lives', () => {
  /** Everything by which trust is given or taken, tried on Redcar: each with what it would change. */
  const attempts = async (): Promise<Record<string, string>> => {
    const key = await newKey('never');
    const [waiting, good] = [await pending(redcar), world.keys.get(redcar)!];
    const document = { ...world.agreements.get(NORTH_EAST)!, version: 2 };
    await world.propose(document);
    const approver = await world.token('authority-approver', redcar);
    const { invitation, system } = await world.ask<Record<string, { id: string; code: string }>>(
      approver,
      `mutation ($of: ID!) {
         invitation: inviteMember(role: SCRUTINEER, organisation: $of, name: "X") { id code }
         system: registerSystem(organisation: $of, client: "a-client", name: "X") { id } }`,
      { of: redcar },
    );
    const [{ id: analyst }] = (await ask<{ id: string }>(
      database.ownerUrl,
      'select id from identity.member where subject = $1',
      [`authority-analyst@${redcar}`],
    )) as [{ id: string }];
    const text = (value: unknown) => JSON.stringify(value);
    const proof = await keyProof({ key, authority: redcar, aud: world.hubId });
    const signature = await signAgreement({ document, key: good });
    const withdrawal = { agreement: { id: document.id, version: 1 }, authority: redcar, from: day(90) };
    const notice = await signNotice({ ...withdrawal, key: good });
    const of = `organisation: "${redcar}"`;
    return {
      registerKey: `(authority: "${redcar}", jwk: ${text(text(publicOf(key)))}, proof: ${text(proof)}) { kid }`,
      approveKey: `(kid: "${waiting.kid}") { kid }`,
      revokeKey: `(kid: "${good.kid}", reason: "spite") { kid }`,
      signAgreement: `(id: "${document.id}", version: 2, signature: ${text(signature)}) { id }`,
      withdrawFromAgreement: `(id: "${document.id}", version: 1, authority: "${redcar}", from: "${withdrawal.from}",
        notice: ${text(notice)}) { id }`,
      inviteMember: `(role: AUTHORITY_ANALYST, ${of}, name: "A friend") { id }`,
      withdrawInvitation: `(id: "${invitation!.id}") { id }`,
      endRole: `(member: "${analyst}", role: AUTHORITY_ANALYST, ${of}, on: "${day(0)}") { name }`,
      registerSystem: `(${of}, client: "mine", name: "Mine") { id }`,
      confirmSystem: `(id: "${system!.id}") { id }`,
      withdrawSystem: `(id: "${system!.id}") { id }`,
      eraseReturns: `(authority: "${redcar}", plan: "none") { id }`,
    };
  };
  const role = 'NOT_FOR_THIS_ROLE';
  /** The codes for an approver of another authority, where it is not the role that is missing. */
  const foreign: Readonly<Record<string, string>> = {
    registerKey: 'KEY_FOREIGN',
    approveKey: 'KEY_ABSENT',
    revokeKey: 'KEY_ABSENT',
    signAgreement: 'KEY_FOREIGN',
    withdrawFromAgreement: 'KEY_FOREIGN',
    inviteMember: 'ORGANISATION_ABSENT',
    withdrawInvitation: 'INVITATION_ABSENT',
    endRole: 'ORGANISATION_ABSENT',
    registerSystem: 'ORGANISATION_ABSENT',
    confirmSystem: 'SYSTEM_ABSENT',
    withdrawSystem: 'SYSTEM_ABSENT',
    eraseReturns: 'SUBMISSION_ABSENT',
  };
  const steward = {
    inviteMember: 'ORGANISATION_ABSENT',
    withdrawInvitation: 'INVITATION_ABSENT',
    endRole: 'ORGANISATION_ABSENT',
  };
  let tried: Record<string, string>;
  beforeAll(async () => {
    tried = await attempts();
  });
  afterAll(() => setRole(`authority-approver-2@${redcar}`, OPEN));

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['an approver of another authority', `authority-approver of ${middlesbrough}`, foreign],
    ['a steward', 'steward of hub', steward],
    [
      'an approver whose role has ended',
      `authority-approver-2 of ${redcar}`,
      { withdrawInvitation: 'INVITATION_ABSENT' },
    ],
  ])('%s', async (who, seat, codes) => {
    const [name, of] = seat.split(' of ') as [string, string];
    await world.token(name, of);
    if (who.endsWith('has ended')) await setRole(`${name}@${of}`, ENDED);
    const before = await contents(database.ownerUrl);
    for (const [field, asked] of Object.entries(tried)) {
      expect([field, await answer(seat, `mutation { ${field}${asked} }`)]).toEqual([field, codes[field] ?? role]);
      expect([field, await contents(database.ownerUrl)]).toEqual([field, before]);
    }
  });

  test('who may does it', async () => {
    await setRole(`authority-approver-2@${redcar}`, OPEN);
    const done = [
      'registerKey',
      'approveKey',
      'signAgreement',
      'inviteMember',
      'withdrawInvitation',
      'registerSystem',
      'confirmSystem',
    ];
    for (const field of done) {
      const given = await answer(`authority-approver-2 of ${redcar}`, `mutation { ${field}${tried[field]} }`);
      expect([field, given]).toEqual([field, expect.any(Object)]);
    }
  });

  test('a key is one organisation’s: the same name or the same bytes are taken for another', async () => {
    const key = await pending(redcar);
    const register = async (one: PrivateJwk) => {
      const proof = await keyProof({ key: one, authority: middlesbrough, aud: world.hubId });
      const asked = `(authority: "${middlesbrough}", jwk: ${JSON.stringify(JSON.stringify(publicOf(one)))}, proof: ${JSON.stringify(proof)})`;
      return answer(`authority-approver of ${middlesbrough}`, `mutation { registerKey${asked} { kid } }`);
    };
    const before = await contents(database.ownerUrl);
    await world.askToRegister(redcar, key); // once more by its own: nothing changes
    expect(await register(key)).toBe('KEY_TAKEN');
    expect(await register({ ...key, kid: 'another-name' })).toBe('KEY_TAKEN');
    expect(await register({ ...(await newKey('x')), kid: key.kid })).toBe('KEY_TAKEN');
    expect(await contents(database.ownerUrl)).toEqual(before);
  });

  test.each<[string, string, { anonymous?: true; open?: true; other?: true; aud?: string; age?: number }]>([
    ['without a token', 'TOKEN_MISSING', { anonymous: true }],
    ['with its private half', 'KEY_MALFORMED', { open: true }],
    ['with a proof by another key', 'KEY_PROOF_INVALID', { other: true }],
    ['with a proof for another hub', 'KEY_PROOF_INVALID', { aud: 'hub-elsewhere' }],
    ['with a proof of yesterday', 'KEY_PROOF_INVALID', { age: 86_400 }],
  ])('no key is registered %s: %s', async (_what, code, { anonymous, open, other, aud = world.hubId, age = 0 }) => {
    const key = await newKey('a-key');
    const iat = Math.floor(Date.now() / 1000) - age;
    const proof = await keyProof({ key: other ? await newKey('a-key') : key, authority: redcar, aud, iat });
    const before = await contents(database.ownerUrl);
    const { errors } = await graphql(
      world.hub.url,
      anonymous ? null : await world.token('authority-approver', redcar),
      'mutation ($authority: ID!, $jwk: String!, $proof: String!) { registerKey(authority: $authority, jwk: $jwk, proof: $proof) { kid } }',
      { authority: redcar, jwk: JSON.stringify(open ? key : publicOf(key)), proof },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(await contents(database.ownerUrl)).toEqual(before);
  });

  test('a steward and an auditor read no figure', async () => {
    const region = `query { region(code: "${NORTH_EAST}") { code publications { edges { node { id } } } } }`;
    for (const seat of ['steward of hub', 'auditor of hub']) expect(await answer(seat, region)).toBe('REGION_ABSENT');
  });
});

describe('two persons', () => {
  test('a key is good when a second person has said so, and not before', async () => {
    const key = await pending();
    expect(await send(key)).toBe('KEY_UNKNOWN');
    const before = await keysOf(hartlepool);
    for (const [who, code] of [
      [`authority-approver of ${hartlepool}`, 'KEY_SELF_APPROVED'],
      [`authority-approver-2 of ${middlesbrough}`, 'KEY_ABSENT'],
      [`authority-system of ${hartlepool}`, 'NOT_FOR_THIS_ROLE'],
      [`agency-partner of ${police}`, 'KEY_ABSENT'],
    ] as const) {
      expect([who, await approve(who, key.kid)]).toEqual([who, code]);
    }
    expect(await keysOf(hartlepool)).toEqual(before);

    expect(await approve(`authority-approver-2 of ${hartlepool}`, key.kid)).toEqual({ state: 'ACTIVE' });
    expect(await send(key)).toContain('tlog-proof');
    const after = await keysOf(hartlepool);
    // Again, by either of them, changes nothing.
    expect(await approve(`authority-approver-2 of ${hartlepool}`, key.kid)).toEqual({ state: 'ACTIVE' });
    expect(await approve(`authority-approver of ${hartlepool}`, key.kid)).toEqual({ state: 'ACTIVE' });
    expect(await keysOf(hartlepool)).toEqual(after);
  });

  test('the partners of an agency do the same for its keys, and for no others', async () => {
    const key = await pending(police);
    expect(await approve(`agency-partner of ${police}`, key.kid)).toBe('KEY_SELF_APPROVED');
    expect(await approve(`authority-approver of ${hartlepool}`, key.kid)).toBe('KEY_ABSENT');
    expect(await approve('agency-partner-2 of agy-west-midlands-police', key.kid)).toBe('KEY_ABSENT');
    expect(await approve(`agency-partner-2 of ${police}`, key.kid)).toEqual({ state: 'ACTIVE' });
    // No agreement names this agency, so its key is a stranger's in a return.
    expect(await send(key)).toBe('KEY_FOREIGN');
    expect(await keysOf(police)).toHaveLength(1);
  });

  test('two who approve at once approve once', async () => {
    const key = await pending();
    const both = await Promise.all([1, 2, 3, 4].map(() => approve(`authority-approver-2 of ${hartlepool}`, key.kid)));
    expect(both).toEqual(Array(4).fill({ state: 'ACTIVE' }));
  });

  test('an approver whose role has ended approves nothing, with a token that still lives', async () => {
    const key = await pending();
    const second = `authority-approver-2 of ${hartlepool}`;
    await world.token('authority-approver-2', hartlepool);
    await setRole(`authority-approver-2@${hartlepool}`, ENDED);
    expect(await approve(second, key.kid)).toBe('NOT_FOR_THIS_ROLE');
    // Nor does it help that the one who registered it is gone.
    await setRole(`authority-approver@${hartlepool}`, ENDED);
    expect(await send(key)).toBe('KEY_UNKNOWN');
    await setRole(`authority-approver-2@${hartlepool}`, OPEN);
    expect(await send(key)).toBe('KEY_UNKNOWN');
    expect(await approve(second, key.kid)).toEqual({ state: 'ACTIVE' });
    await setRole(`authority-approver@${hartlepool}`, OPEN);
  });
});

/** What the ledger says of a key, in its order. */
const recorded = async (kid: string) => {
  const entries = await ask<{ leaf: Buffer }>(database.ownerUrl, 'select leaf from ledger.entry order by index');
  const leaves = entries.map(({ leaf }) => decodeLeaf(leaf));
  return leaves.flatMap((leaf) => (leaf.kind === 'key' && leaf.kid === kid ? leaf : []));
};

describe('rotation', () => {
  test('the old key works beside the new one for the overlap, and then no more', async () => {
    const old = await world.registerKey(redcar);
    const next = await pending(redcar, old.kid);
    expect(await keyOf(redcar, old.kid)).toMatchObject({ state: 'ACTIVE', until: null });
    expect(await keyOf(redcar, next.kid)).toMatchObject({ state: 'PENDING', replaces: old.kid, approvedAt: null });
    expect(await approve(`authority-approver-2 of ${redcar}`, next.kid)).toEqual({ state: 'ACTIVE' });

    const [ending, current] = [await keyOf(redcar, old.kid), await keyOf(redcar, next.kid)];
    const days = (Date.parse(ending.until!) - Date.parse(current.approvedAt!)) / 86_400_000;
    expect([ending.state, days, current.until]).toEqual(['ACTIVE', OVERLAP_DAYS, null]);
    const [byOld, byNew] = [await send(old, redcar), await send(next, redcar)];
    const { ledgerKey } = await hubJson();
    expect([verifyReceipt(byOld, ledgerKey).authority, verifyReceipt(byNew, ledgerKey).authority]).toEqual([
      redcar,
      redcar,
    ]);

    await setEnd(old.kid, 'now()');
    expect(await send(old, redcar)).toBe('KEY_RETIRED');
    expect(await send(next, redcar)).toContain('tlog-proof');
    expect(await keyOf(redcar, old.kid)).toMatchObject({ state: 'RETIRED', revokedAt: null });
    expect(await approve(`authority-approver-2 of ${redcar}`, old.kid)).toBe('KEY_RETIRED');
    expect(verifyReceipt(byOld, ledgerKey).authority).toBe(redcar);

    const digest = Buffer.from(await calculateJwkThumbprint(publicOf(old)), 'base64url').toString('hex');
    const about = { v: 1, kind: 'key', hub: world.hubId, organisation: redcar, kid: old.kid, digest };
    expect(await recorded(old.kid)).toEqual([
      { ...about, event: 'approved', at: ending.approvedAt },
      { ...about, event: 'replaced', at: current.approvedAt, until: ending.until },
    ]);
    expect((await recorded(next.kid)).map(({ event }) => event)).toEqual(['approved']);
  });

  test('a second successor does not prolong the first one’s overlap', async () => {
    const old = await world.registerKey(redcar);
    const [one, two] = [await pending(redcar, old.kid), await pending(redcar, old.kid)];
    await approve(`authority-approver-2 of ${redcar}`, one.kid);
    const { until } = await keyOf(redcar, old.kid);
    await approve(`authority-approver-2 of ${redcar}`, two.kid);
    expect((await keyOf(redcar, old.kid)).until).toBe(until);
  });

  test('only a good key of the same organisation is replaced', async () => {
    const good = await world.registerKey(redcar);
    const [waiting, lost, ended] = [
      await pending(redcar),
      await world.registerKey(redcar),
      await world.registerKey(redcar),
    ];
    await revoke(`authority-approver of ${redcar}`, lost.kid, 'lost');
    await setEnd(ended.kid, 'now()');
    const before = await rowCounts(database.ownerUrl);
    for (const [organisation, replaces, code] of [
      [redcar, 'nobody-knows-this', 'KEY_ABSENT'],
      [redcar, 'not a kid \u0000', 'KEY_ABSENT'],
      [hartlepool, good.kid, 'KEY_ABSENT'],
      [police, good.kid, 'KEY_ABSENT'],
      [redcar, waiting.kid, 'KEY_UNKNOWN'],
      [redcar, lost.kid, 'KEY_REVOKED'],
      [redcar, ended.kid, 'KEY_RETIRED'],
    ] as const) {
      await expect(pending(organisation, replaces)).rejects.toThrow(code);
    }
    // The same key again, in the place of another: it is registered otherwise already.
    await expect(world.askToRegister(redcar, waiting, good.kid)).rejects.toThrow('KEY_TAKEN');
    expect(await rowCounts(database.ownerUrl)).toEqual(before);
  });

  test('a key that is revoked while its successor waits is not given more time', async () => {
    const old = await world.registerKey(redcar);
    const next = await pending(redcar, old.kid);
    await revoke(`authority-approver of ${redcar}`, old.kid, 'lost');
    expect(await approve(`authority-approver-2 of ${redcar}`, next.kid)).toEqual({ state: 'ACTIVE' });
    expect(await send(old, redcar)).toBe('KEY_REVOKED');
  });
});

describe('revocation', () => {
  test('is at once, keeps why, and receipts of before still verify', async () => {
    const key = await world.registerKey(middlesbrough);
    const receipt = await send(key, middlesbrough);
    const reason = 'A laptop was lost; the key was on it.';
    const approver = `authority-approver of ${middlesbrough}`;
    expect(await revoke(approver, key.kid, reason)).toEqual({ state: 'REVOKED', reason });
    expect(await send(key, middlesbrough)).toBe('KEY_REVOKED');
    // Said again it is no second event.
    await revoke(approver, key.kid, reason);
    expect((await recorded(key.kid)).map(({ event }) => event)).toEqual(['approved', 'revoked']);
    const after = await keyOf(middlesbrough, key.kid);
    expect(await revoke(approver, key.kid, 'another reason')).toEqual({ state: 'REVOKED', reason });
    expect(await keyOf(middlesbrough, key.kid)).toEqual(after);
    expect(await approve(`authority-approver-2 of ${middlesbrough}`, key.kid)).toBe('KEY_REVOKED');
    expect(verifyReceipt(receipt, (await hubJson()).ledgerKey).authority).toBe(middlesbrough);
  });

  test('of a key that waits leaves nothing to approve', async () => {
    const key = await pending();
    await revoke(`authority-approver of ${hartlepool}`, key.kid, 'a mistake');
    expect(await approve(`authority-approver-2 of ${hartlepool}`, key.kid)).toBe('KEY_REVOKED');
    expect(await keyOf(hartlepool, key.kid)).toMatchObject({ state: 'REVOKED', approvedAt: null });
  });

  test.each([
    ['no reason', ''],
    ['blanks', '   '],
    ['a reason of 501 characters', 'a'.repeat(501)],
    ['a reason with an escape', 'lost\u001b[2J'],
    ['a reason with a null', 'lost\u0000'],
  ])('with %s is refused, and nothing changes', async (_what, reason) => {
    const { kid } = world.keys.get(hartlepool)!;
    const before = await keyOf(hartlepool, kid);
    expect(await revoke(`authority-approver of ${hartlepool}`, kid, reason)).toBe('REQUEST_MALFORMED');
    expect(await keyOf(hartlepool, kid)).toEqual(before);
  });
});

describe('the history of a key', () => {
  const GOOD = `query ($organisation: ID!, $at: DateTime!) { signingKeys(organisation: $organisation) { kid goodAt(at: $at) } }`;
  const goodAt = async (kid: string, at: string | number): Promise<boolean | string> => {
    const keys = await answer<{ kid: string; goodAt: boolean }[]>(`authority-approver of ${redcar}`, GOOD, {
      organisation: redcar,
      at: typeof at === 'number' ? new Date(at).toISOString() : at,
    });
    return typeof keys === 'string' ? keys : keys.find((key) => key.kid === kid)!.goodAt;
  };

  test('says whether it was good at a moment: from approval to the earlier of its end and revocation', async () => {
    const key = await world.registerKey(redcar);
    await setEnd(key.kid, `now() + interval '1 day'`);
    await new Promise((later) => setTimeout(later, 5));
    await revoke(`authority-approver of ${redcar}`, key.kid, 'lost');
    const { approvedAt, revokedAt, until, registeredAt } = await keyOf(redcar, key.kid);
    const moments = [registeredAt, approvedAt, revokedAt, until].map((text) => Date.parse(text!));
    expect([...moments].sort((a, b) => a - b)).toEqual(moments);
    const [registered, approved, revoked, ended] = moments as [number, number, number, number];
    const seen = [];
    for (const at of [registered - 1, approved - 1, approved, revoked - 1, revoked, ended + 1]) {
      seen.push(await goodAt(key.kid, at));
    }
    expect(seen).toEqual([false, false, true, true, false, false]);
  });

  test('is asked with an instant', async () => {
    const { kid } = world.keys.get(redcar)!;
    expect(await goodAt(kid, '2001-01-01T00:00:00+01:00')).toBe(false);
    for (const at of ['yesterday', '2025-07-01', '2025-02-30T00:00:00Z', '']) {
      expect(await goodAt(kid, at)).toBe('REQUEST_MALFORMED');
    }
  });

  test('is its organisation’s own', async () => {
    const asked = '{ signingKeys(organisation: "E06000001") { kid } }';
    expect(await answer(`authority-approver of ${middlesbrough}`, asked)).toBe('KEY_FOREIGN');
    expect(await answer(`agency-partner of ${police}`, asked)).toBe('KEY_FOREIGN');
    expect(await answer(`authority-analyst of ${hartlepool}`, asked)).toBe('NOT_FOR_THIS_ROLE');
    expect(await answer(`regional-lead of ${NORTH_EAST}`, asked)).toBe('NOT_FOR_THIS_ROLE');
    const own = await keysOf(hartlepool);
    expect(own.length).toBeGreaterThan(1);
    const foreign = [...(await keysOf(middlesbrough)), ...(await keysOf(police))].map(({ kid }) => kid);
    expect(own.filter(({ kid }) => foreign.includes(kid))).toEqual([]);
  });
});

describe('the keys of the hub itself', () => {
  /** What `hub receipt verify` answers. */
  async function verify(receipt: string, hubKey: string): Promise<number> {
    const file = join(folder, 'receipt.tlog-proof');
    writeFileSync(file, receipt);
    return run(['receipt', 'verify', file, '--hub-key', hubKey], { out: () => undefined, err: () => undefined });
  }
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  const verifyInPython = (receipt: string, hubKey: string): number | null => {
    const file = join(folder, 'python.tlog-proof');
    writeFileSync(file, receipt);
    return spawnSync('python3', [join(rootFolder, 'docs/examples/verify_receipt.py'), file, hubKey]).status;
  };
  const signersOf = async (line: string): Promise<string> => {
    const note = await (await fetch(`${world.hub.url}/ledger/checkpoint`)).text();
    try {
      return openNote(note, [parseVerifierKey(line)]).signers[0]!.name;
    } catch (error) {
      return String(error);
    }
  };

  /** What was signed before and after the rotation, and what the hub said of itself then. */
  let kept: Readonly<Record<'old' | 'late' | 'before' | 'after', string>>;

  test('rotate by another file: each receipt verifies by the key of its time, and by no other', async () => {
    const first = await hubJson();
    expect(first.ledgerKeys).toEqual([{ line: first.ledgerKey, since: expect.any(String) as string }]);
    const key = world.keys.get(hartlepool)!;
    const old = await send(key);
    await world.restart({ HUB_SIGNING_KEY_FILE: hubKeyFile('second.json') });

    const second = await hubJson();
    expect(second.ledgerKey).not.toBe(first.ledgerKey);
    expect(second.ledgerKeys.map(({ line }) => line)).toEqual([second.ledgerKey, first.ledgerKey]);
    expect(second.ledgerKeys[1]).toEqual(first.ledgerKeys[0]);
    // Nothing was recorded since, and yet the checkpoint verifies by the key that the hub names now.
    expect(await signersOf(second.ledgerKey)).toBe(world.hubId);
    const late = await send(key);

    expect([await verify(old, first.ledgerKey), await verify(late, second.ledgerKey)]).toEqual([0, 0]);
    expect([await verify(old, second.ledgerKey), await verify(late, first.ledgerKey)]).toEqual([1, 1]);
    kept = { old, late, before: JSON.stringify(first), after: JSON.stringify(second) };
    const saved = join(folder, 'hub.json');
    writeFileSync(saved, kept.after);
    expect([await verify(old, saved), await verify(late, saved)]).toEqual([0, 0]);
    writeFileSync(saved, kept.before);
    expect([await verify(old, saved), await verify(late, saved)]).toEqual([0, 1]);

    const { keys } = (await (await fetch(`${world.hub.url}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(keys).toHaveLength(2);
    expect(keys.map((jwk) => Object.keys(jwk).sort())).toEqual(Array(2).fill(['alg', 'crv', 'kid', 'kty', 'use', 'x']));
  });

  (hasPython ? test : test.skip)('rotate for Python alone too', () => {
    const saved = join(folder, 'hub.json');
    const { old, late } = kept;
    writeFileSync(saved, kept.after);
    expect([verifyInPython(old, saved), verifyInPython(late, saved)]).toEqual([0, 0]);
    writeFileSync(saved, kept.before);
    expect([verifyInPython(old, saved), verifyInPython(late, saved)]).toEqual([0, 1]);
  });

  test('a start with the same file adds none', async () => {
    const before = await hubJson();
    await world.restart({ HUB_SIGNING_KEY_FILE: join(folder, 'second.json') });
    expect(await hubJson()).toEqual(before);
  });
});
