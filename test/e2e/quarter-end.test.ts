import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import { HubClient, sendPatiently, signEnvelope, type PrivateJwk } from '@hub/client';
import { sha256 } from '@hub/kernel';
import { verifyRecord } from '@hub/ledger/domain';
import { BOOK_LOCK } from '@hub/platform';
import type { PublicationDocument } from '@hub/publications/domain';
import { typed } from '../support/command-line';
import { until } from '../support/field';
import { graphql, post } from '../support/graphql';
import { rootFolder } from '../support/root';
import { nameOf, newJti, quarterly, returnOf } from '../support/returns';
import { asOwner, PERIOD, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST, type Row } from '../support/world';

/** What an authority does at the end of a quarter: it refreshes the quarters before, loses an answer, and its approver signs off. */

const NOW = '2026-Q2';
/** Of the rounds that both regions have published. */
const PERIOD_BEFORE = PERIOD;
let two: TwoRegions;
let first: string, second: string;
let round: string;

beforeAll(async () => {
  two = await twoRegions();
  [first, second] = two.northEast.authorities as [string, string];
  round = await two.world.openRound(NORTH_EAST, quarterly.code, NOW);
}, 240_000);
afterAll(() => two?.stop());

interface Found {
  severity: string;
  rule: string;
  pointer: string;
  expected?: string;
}
interface Answer {
  id: string;
  state: string;
  version: number;
  receipt: string;
  code?: string;
  findings?: Found[];
}
const seconds = () => Math.floor(Date.now() / 1000);
const payloadOf = (authority: string, rows: readonly Row[], more: object = {}, period = NOW) => ({
  ...two.world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows: [...rows] }),
  ...more,
});
const send = async (authority: string, payload: object, jti = newJti(), iat = seconds()) => {
  const answer = await two.world.send(authority, await two.world.sign(authority, payload, { jti, iat }));
  return { status: answer.status, body: answer.body as unknown as Answer };
};
const check = async (role: string, authority: string, payload: object) =>
  (await two.world.client(role, authority)).check(await two.world.sign(authority, payload));
/** Of the authority all that is in use, by period. */
const inUse = (authority: string) =>
  asOwner<{ period: string; version: number; carried: boolean }>(
    two.world,
    `select b.period, b.version, b.carried_by is not null as carried from intake.submission b
       join registry.authority a on a.id = b.authority_id where a.code = $1 and b.state = 'accepted' and b.period >= $2 order by b.period`,
    [authority, PERIOD],
  );

describe('a return that refreshes an earlier quarter', () => {
  const now = returnOf(quarterly, [{ indicator: 'RF01', count: 320 }]);
  const earlier = (rows: Row[]) => rows.map((row) => ({ ...row, period: PERIOD }));
  const AT = now.length;
  const refresh = earlier([{ indicator: 'RF01', count: 310 }]);
  const because = {
    explanations: [
      { rule: 'change-against-previous', pointer: `/rows/${AT}`, answer: 'confirmed', text: 'Ten came late.' },
    ],
  };
  let published: string;
  let theirs: unknown;

  const documentOf = async () => {
    const [row] = await asOwner<{ document: string }>(
      two.world,
      `select p.document from release.publication p join registry.region g on g.id = p.region_id
       where g.code = $1 and p.period = $2 and p.state = 'current'`,
      [NORTH_EAST, PERIOD],
    );
    return row!.document;
  };
  const printed = (document: string, authority: string, key = 'RF01#count') => {
    const { series, authorities } = JSON.parse(document) as PublicationDocument;
    return series.find((one) => one.key === key)!.figures[authorities.indexOf(authority)];
  };
  /** Everything that a neighbour is told of the two quarters. */
  const seenBy = async (authority: string) => {
    const analyst = await two.world.client('authority-analyst', authority);
    const of = async (id: string) => [await analyst.roundStatus(id), await analyst.ownFigures(id)];
    return [await of(round), await of(two.northEast.round)];
  };

  beforeAll(async () => {
    published = await documentOf();
    theirs = await seenBy(second);
  });

  test('is held to that quarter as it stands, the same by check and by submit, and stores nothing of what is wrong', async () => {
    const wrong = payloadOf(first, [...now, ...earlier([{ indicator: 'CP01', count: 1 }])]);
    const { accepted, findings } = await check('authority-analyst', first, wrong);
    expect(accepted).toBe(false);
    expect(findings.map(({ rule, pointer }) => `${rule} ${pointer}`)).toContain(`parts-do-not-sum /rows/${AT}/count`);
    expect(await send(first, wrong)).toMatchObject({ status: 422, body: { code: 'SUBMISSION_INVALID', findings } });
    const asked = await check('authority-analyst', first, payloadOf(first, [...now, ...refresh]));
    expect(asked.findings.map(({ rule }) => rule)).toEqual(['change-against-previous', 'query-unanswered']);
    for (const period of ['2025-Q4', '2026-Q3', '2026-Q4']) {
      const other = payloadOf(first, [...now, { ...refresh[0]!, period }]);
      expect((await send(first, other)).body.findings).toMatchObject([{ rule: 'refresh-not-offered', expected: NOW }]);
    }
    // Signed before the return of that quarter which it would change.
    const late = payloadOf(first, [...now, ...refresh], { ...because, reason: 'Ten referrals came late.' });
    expect(await send(first, late, newJti(), seconds() - 86_400)).toMatchObject({
      status: 409,
      body: { code: 'SUBMISSION_OLDER', facts: { period: PERIOD } },
    });
    expect(await inUse(first)).toEqual([{ period: PERIOD, version: 1, carried: false }]);
  });

  test('makes the next version of it, which its own authority sees, with one receipt', async () => {
    const jti = newJti();
    const payload = payloadOf(first, [...now, ...refresh], { ...because, reason: 'Ten referrals came late.' });
    const { status, body } = await send(first, payload, jti);
    expect([status, body]).toMatchObject([201, { version: 1, state: 'accepted' }]);
    expect(await send(first, payload, jti)).toMatchObject({ status: 200, body: { receipt: body.receipt } });
    expect(await inUse(first)).toEqual([
      { period: PERIOD, version: 2, carried: true },
      { period: NOW, version: 1, carried: false },
    ]);
    const { submission } = await two.world.ask<{
      submission: { refreshed: { period: string; version: number; submission: string }[] };
    }>(
      await two.world.token('authority-analyst', first),
      'query ($id: ID!) { submission(id: $id) { refreshed { period version submission } } }',
      { id: body.id },
    );
    expect(submission.refreshed).toEqual([{ period: PERIOD, version: 2, submission: expect.any(String) as string }]);
    const system = await two.world.client('authority-system', first);
    const its = await system.status(submission.refreshed[0]!.submission);
    expect(its).toMatchObject({ version: 2, receipt: body.receipt, findings: [] });

    const [own] = await (await two.world.client('authority-analyst', first)).ownFigures(two.northEast.round);
    expect(own).toMatchObject({ version: 2, check: { replaces: 1, reason: 'Ten referrals came late.' } });
    expect(own!.check!.changes).toMatchObject([{ indicator: { code: 'RF01' }, before: 300, after: 310 }]);
    expect(own!.check!.answers.map(({ text }) => text)).toEqual(['Ten came late.']);
    // All else stands as it was sent.
    const totals = rowsOf(0).filter(({ breakdown, count }) => !breakdown && count !== undefined);
    expect(own!.check!.figures!.filter(({ dimension, kind }) => !dimension && kind === 'value')).toHaveLength(
      totals.length,
    );
  });

  test('and nobody else before the next edition: not the figures, not their neighbours’ answers, of a lead the version', async () => {
    expect(await documentOf()).toBe(published);
    expect(await seenBy(second)).toEqual(theirs);
    const { returns } = await (await two.world.client('regional-lead', NORTH_EAST)).roundStatus(two.northEast.round);
    expect(returns!.find(({ authority }) => authority.code === first)).toMatchObject({ version: 2, late: false });
    // Their own times may hold any digits: a figure stands in no other field.
    expect(JSON.stringify(returns!.map((row) => ({ ...row, receivedAt: null })))).not.toMatch(/3[01]0/);
  });

  test('stays when the return that carried it is replaced, and is refreshed again by that', async () => {
    const reason = 'One more referral.';
    expect(
      (await send(first, payloadOf(first, returnOf(quarterly, [{ indicator: 'RF01', count: 321 }]), { reason })))
        .status,
    ).toBe(201);
    expect(await inUse(first)).toMatchObject([{ version: 2 }, { version: 2 }]);
    const more = payloadOf(first, [...now, ...earlier([{ indicator: 'CP07', count: 107, of: 128 }])], { reason });
    const { findings } = await check('authority-analyst', first, more);
    expect(findings).toEqual([]);
    expect((await send(first, more)).status).toBe(201);
    expect(await inUse(first)).toMatchObject([{ version: 3, carried: true }, { version: 3 }]);
    // What it says already makes no version.
    expect((await send(first, { ...more, reason: 'Once more.' })).body).toMatchObject({ version: 4 });
    expect(await inUse(first)).toMatchObject([{ version: 3 }, { version: 4 }]);
  });

  test('cannot be taken back with it, for its quarter is published', async () => {
    const withdraw = async (id: string) => {
      const { data, errors } = await graphql<{ withdrawSubmission: { state: string } }>(
        two.world.hub.url,
        await two.world.token('authority-approver', first),
        'mutation ($id: ID!) { withdrawSubmission(id: $id, reason: "Wrong file.") { state } }',
        { id },
      );
      return errors?.[0]?.extensions.code ?? data!.withdrawSubmission.state;
    };
    const ids = await asOwner<{ id: string; carried: boolean }>(
      two.world,
      `select replace(b.id::text, '-', '') as id, b.carried_by is not null as carried from intake.submission b
         join registry.authority a on a.id = b.authority_id
       where a.code = $1 and b.state = 'accepted' and b.period in ($2, $3) order by b.period`,
      [first, PERIOD, NOW],
    );
    const [quarterBefore, current] = ids.map(({ id }) => `sub_${two.world.hubId}_${id}`) as [string, string];
    expect(await withdraw(quarterBefore)).toBe('SUBMISSION_COMPILED');
    expect(await withdraw(current)).toBe('WITHDRAWN');
    expect(await inUse(first)).toEqual([{ period: PERIOD, version: 3, carried: true }]);
  });

  test('is printed with the revised edition, which says whose figures are revised', async () => {
    const lead = await two.world.client('regional-lead', NORTH_EAST);
    await lead.openEdition(two.northEast.round, { edition: 'revised', due: day(5), closes: day(10) });
    // Open again, its round takes refreshes and whole returns alike; closed, neither.
    expect(
      (await check('authority-system', first, payloadOf(first, [...now, ...refresh]))).findings.map(({ rule }) => rule),
    ).toContain('change-against-previous');
    await lead.closeRound(two.northEast.round);
    expect(
      (await check('authority-system', first, payloadOf(first, [...now, ...refresh]))).findings.map(({ rule }) => rule),
    ).toEqual(['refresh-not-offered']);
    expect(await two.world.publish(NORTH_EAST, two.northEast.round)).toEqual({ state: 'PUBLISHED', heldBecause: null });
    const after = await documentOf();
    expect([printed(published, first), printed(after, first)]).toEqual([300, 310]);
    expect(printed(after, second)).toBe(printed(published, second));
    expect(JSON.parse(after)).toMatchObject({ edition: 'revised', revised: [first] });
    const { publication } = await two.world.ask<{ publication: { mine: { version: number }[] } }>(
      await two.world.token('authority-analyst', first),
      'query ($id: ID!) { publication(id: $id) { mine { version receipt } } }',
      { id: (JSON.parse(after) as PublicationDocument).id },
    );
    expect(publication.mine).toMatchObject([{ version: 3 }]);
  });

  test('gives the same verdict by check and by submit, whatever it changes', async () => {
    const good = [...now, ...earlier(rowsOf(1).filter(({ count }) => count !== undefined))];
    const places = fc.integer({ min: AT, max: good.length - 1 });
    const values = fc.constantFrom<unknown>(-1, 0, 5, 300, 2.5, 'x', null);
    const members = fc.constantFrom('count', 'of', 'period', 'indicator');
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(places, members, values), { maxLength: 2 }), async (all) => {
        const rows = good.map((row, i) =>
          all.reduce<Row>((one, [place, member, value]) => (place === i ? { ...one, [member]: value } : one), row),
        );
        const open = payloadOf(second, rows);
        const explanations = await two.world.explanationsOf(second, open);
        const payload = explanations.length ? { ...open, explanations } : open;
        const { accepted } = await check('authority-system', second, payload);
        verdicts.add(accepted);
        expect((await send(second, payload)).status < 300).toBe(accepted);
      }),
      { numRuns: 20, seed: 7, examples: [[[]]] },
    );
    expect(verdicts.size).toBe(2);
  });

  test('and whole returns of that quarter at the same moment follow one another', async () => {
    const lead = await two.world.client('regional-lead', NORTH_EAST);
    await lead.openEdition(two.northEast.round, { edition: 'revised', due: day(5), closes: day(10) });
    const third = two.northEast.authorities[3]!;
    const plain = rowsOf(3);
    const iat = seconds(); // one second for all: whichever comes first, none is older
    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) => {
        const counts = [
          { indicator: 'RF01', count: 400 + i },
          { indicator: 'RF05', count: 50 + i, of: 400 + i },
        ] as const;
        const whole = plain.map((row) => counts.find(({ indicator }) => indicator === row.indicator) ?? row);
        // A refresh of the total alone divides what stands by it; it hangs together whichever came before.
        const refreshing = [...now, ...earlier([{ indicator: 'RF01', count: 420 + i }])];
        return send(third, i % 2 ? payloadOf(third, whole, {}, PERIOD) : payloadOf(third, refreshing), newJti(), iat);
      }),
    );
    expect(
      answers.map(({ status, body }) => [status, body.findings?.filter(({ severity }) => severity === 'error')]),
    ).toEqual(answers.map(() => [201, []]));
    const versions = await asOwner<{ version: number; state: string; cells: number }>(
      two.world,
      `select b.version, b.state, (select count(*)::int from intake.cell c where c.submission_id = b.id) as cells
       from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1 and b.period = $2 order by b.version`,
      [third, PERIOD],
    );
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(versions.map(({ state }) => state)).toEqual([...Array<string>(6).fill('superseded'), 'accepted']);
    expect(new Set(versions.map(({ cells }) => cells)).size).toBe(1);
  });

  test('is erased with its quarter, carried or sent: no count stays, and nothing that was found about one', async () => {
    const fourth = two.northEast.authorities[3]!;
    const approver = await two.world.client('authority-approver', fourth);
    const asked = { authority: fourth, dataset: quarterly.code, period: PERIOD };
    const left = async () => {
      const [row] = await asOwner<{ carried: number; cells: number; findings: number; receipts: number }>(
        two.world,
        `select count(*) filter (where b.carried_by is not null)::int as carried,
           sum((select count(*) from intake.cell c where c.submission_id = b.id))::int as cells,
           sum((select count(*) from intake.raw w where w.submission_id in (b.id, b.carried_by) and w.findings <> '[]'))::int as findings,
           sum((select count(*) from intake.receipt t where t.submission_id = b.id))::int as receipts
         from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1 and b.period = $2`,
        [fourth, PERIOD],
      );
      return row!;
    };
    const before = await left();
    expect([before.carried, before.receipts]).toEqual([3, 7]);
    const plan = await approver.erasurePlan(asked);
    expect(plan.submissions).toHaveLength(7);
    // The three returns that carried refreshes are of the next quarter, and keep their envelopes.
    const carriers = await asOwner<{ id: string }>(
      two.world,
      `select distinct replace(b.carried_by::text, '-', '') as id from intake.submission b
       join registry.authority a on a.id = b.authority_id where a.code = $1 and b.period = $2 and b.carried_by is not null`,
      [fourth, PERIOD],
    );
    expect([...plan.alsoIn].sort()).toEqual(carriers.map(({ id }) => `sub_${two.world.hubId}_${id}`).sort());
    expect(plan.alsoIn).not.toEqual([]);
    expect((await approver.erasurePlan({ authority: fourth })).alsoIn).toEqual([]);
    expect(plan.cells).toBe(before.cells);
    // By the command line: what the plan tells a person, and that it goes by the plan that was read and by no other.
    const folder = mkdtempSync(join(tmpdir(), 'erased-'));
    const token = join(folder, 'approver.token');
    writeFileSync(token, await two.world.token('authority-approver', fourth));
    const retention = (...args: string[]) => typed(two.world.hub.url, token, ['retention', ...args]);
    const did = async (...args: string[]): Promise<string> => {
      const { code, text } = await retention(...args);
      expect(code).toBe(0);
      return text;
    };
    const which = ['--authority', fourth, '--dataset', quarterly.code, '--period', PERIOD];
    const told = await did('plan', ...which);
    for (const words of [
      `${plan.cells} counts would go`,
      'stays there until they are erased too',
      plan.alsoIn[0]!,
      plan.id,
    ])
      expect(told).toContain(words);
    expect(await retention('erase', ...which, '--plan', '0'.repeat(64))).toMatchObject({
      code: 1,
      error: expect.stringContaining('ERASURE_PLAN_CHANGED') as unknown,
    });
    expect(await left()).toEqual(before);
    const erased = await did('erase', ...which, '--plan', plan.id, '--wait', '--receipts', folder, '--json');
    const { id, receipts } = JSON.parse(erased) as { id: string; receipts: string[] };
    expect(await left()).toEqual({ ...before, cells: 0, findings: 0 });
    // Each has a receipt that says so, the carried ones too.
    expect(receipts.map((_, i) => readFileSync(join(folder, `${id}-${i + 1}.tlog-proof`), 'utf8'))).toEqual(receipts);
    expect(await did('status', ...which)).toContain('gone');
    const key = await two.world.ledgerKey();
    expect(receipts.map((receipt) => verifyRecord(receipt, key))).toEqual(
      plan.submissions.map(() => expect.objectContaining({ kind: 'purge' }) as unknown),
    );
    rmSync(folder, { recursive: true });
  });
});

describe('an answer that is lost', () => {
  /** Between client and hub: passes everything on, and cuts the connection where the hub's answer begins, as often as asked. */
  async function cutting(times: number) {
    const target = new URL(two.world.hub.url);
    let left = times;
    const server = createServer((client) => {
      const hub = connect(Number(target.port), target.hostname);
      client.pipe(hub);
      hub.on('data', (bytes) => {
        if (left > 0 && /^HTTP\/1\.1 /.test(bytes.toString('latin1'))) {
          left--;
          hub.destroy();
          return client.destroy();
        }
        return client.write(bytes);
      });
      for (const [one, other] of [
        [client, hub],
        [hub, client],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((closed) => server.close(closed)) };
  }

  test('is made good by sending the same again: one version, one entry, the receipt of the first time', async () => {
    const authority = two.northEast.authorities[4]!;
    const period = '2025-Q1';
    await two.world.openRound(NORTH_EAST, quarterly.code, period);
    const rows = returnOf(quarterly, [{ indicator: 'RF01', count: 250 }]);
    const envelope = await two.world.sign(authority, payloadOf(authority, rows, {}, period));
    const entries = async () =>
      (await asOwner<{ n: number }>(two.world, 'select count(*)::int as n from ledger.entry'))[0]!.n;
    const before = await entries();
    const proxy = await cutting(2);
    const waits: string[] = [];
    try {
      const hub = new HubClient({ url: proxy.url, token: await two.world.token('authority-system', authority) });
      const onWait = (why: Error) => waits.push(why.name);
      const answer = await sendPatiently(hub, envelope, { wait: async () => {}, onWait });
      // Both answers that were lost were of returns that had been taken.
      expect([waits.length, answer.known, answer.version]).toEqual([2, true, 1]);
      expect(verifyRecord(answer.receipt!, await two.world.ledgerKey())).toMatchObject({ period, version: 1 });
      expect(await entries()).toBe(before + 1);
    } finally {
      await proxy.stop();
    }
  });

  test('and two returns on their way at once are two versions, whichever is first', async () => {
    const authority = two.northEast.authorities[5]!;
    const period = '2025-Q1';
    const reason = 'Sent twice in a hurry.';
    const answers = await Promise.all(
      [260, 261].map((count) =>
        send(authority, payloadOf(authority, returnOf(quarterly, [{ indicator: 'RF01', count }]), { reason }, period)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ body }) => body.version).sort()).toEqual([1, 2]);
    const last = answers.find(({ body }) => body.version === 2)!.body;
    const stood = await asOwner<{ version: number; state: string }>(
      two.world,
      `select b.version, b.state from intake.submission b join registry.authority a on a.id = b.authority_id
       where a.code = $1 and b.period = $2 order by b.version`,
      [authority, period],
    );
    expect(stood).toEqual([
      { version: 1, state: 'superseded' },
      { version: 2, state: 'accepted' },
    ]);
    expect((await (await two.world.client('authority-system', authority)).status(last.id)).state).toBe('accepted');
  });
});

describe('a return that its approver signs off', () => {
  const PERIOD = '2025-Q2';
  let asked: AgreementDocument;
  let approverKey: PrivateJwk;
  let waitsIn: string;
  let ledgerKey: string;

  const rows = (referrals: number) => returnOf(quarterly, [{ indicator: 'RF01', count: referrals }]);
  const textOf = (referrals: number, more: object = {}) =>
    JSON.stringify(payloadOf(second, rows(referrals), more, PERIOD));
  const alone = (text: string) => two.world.sign(second, text);
  const signedOff = (text: string, also: string) =>
    signEnvelope({ payload: text, key: approverKey, aud: two.world.hubId, also });
  /** What a member of the authority is answered who sends the envelope. */
  const sendAs = async (role: string, envelope: string) => {
    const { status, body } = await post(two.world.hub.url, await two.world.token(role, second), envelope);
    const { code, state, version, receipt, id, findings } = body as unknown as Answer;
    return { status, code, state, version, receipt, id, rules: findings?.map(({ rule }) => rule) };
  };
  const standing = async () =>
    (await two.world.client('authority-analyst', second)).roundStatus(waitsIn).then(({ mine }) => mine![0]!);
  const states = () =>
    asOwner<{ version: number; state: string; cells: number }>(
      two.world,
      `select b.version, b.state, (select count(*)::int from intake.cell c where c.submission_id = b.id) as cells
       from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1 and b.period = $2 order by b.version`,
      [second, PERIOD],
    );

  beforeAll(async () => {
    const { world } = two;
    waitsIn = await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
    // What came before the parties agreed on sign-off stays in use.
    expect((await sendAs('authority-system', await alone(textOf(100)))).status).toBe(201);
    const document = world.agreements.get(NORTH_EAST)!;
    asked = parseAgreement({ ...document, id: 'north-east-sign-off', signOff: true });
    await world.conclude(asked);
    const systems = world.keys.get(second)!;
    approverKey = await world.registerKey(second);
    world.keys.set(second, systems);
    ledgerKey = await two.world.ledgerKey();
  }, 60_000);

  test('waits with one signature: check says so, no count of it is kept, and the version before stays in use', async () => {
    const envelope = await alone(textOf(101));
    const said = await (await two.world.client('authority-analyst', second)).check(envelope);
    expect([said.accepted, said.findings[0]]).toMatchObject([true, { severity: 'note', rule: 'sign-off-awaited' }]);
    const first = await sendAs('authority-system', envelope);
    expect(first).toMatchObject({ status: 201, state: 'awaitingSignOff', version: 2, receipt: null });
    expect(await sendAs('authority-system', envelope)).toEqual({ ...first, status: 200 });
    expect(await states()).toMatchObject([{ state: 'accepted' }, { state: 'awaitingSignOff', cells: 0 }]);
    expect(await standing()).toMatchObject({ version: 1, waiting: first.id });
    // Its own authority alone sees what there is to sign.
    expect(await (await two.world.client('authority-approver', second)).toSign(first.id)).toBe(envelope);
    const { data } = await graphql(
      two.world.hub.url,
      await two.world.token('authority-approver', two.northEast.authorities[0]!),
      'query ($id: ID!) { submission(id: $id) { toSign } }',
      { id: first.id },
    );
    expect(data).toEqual({ submission: null });
  });

  test('is refused at once where its content is wrong, signed off or not', async () => {
    const text = JSON.stringify(payloadOf(second, rows(101).slice(1), {}, PERIOD));
    expect((await sendAs('authority-system', await alone(text))).code).toBe('SUBMISSION_INVALID');
    expect(await states()).toHaveLength(2);
  });

  test('is completed by nobody but who holds the role on that day, with both signatures in one envelope', async () => {
    const text = textOf(102);
    const waiting = await alone(text);
    expect(await sendAs('authority-approver', waiting)).toMatchObject({ status: 403, code: 'NOT_FOR_THIS_ROLE' });
    const { id } = await sendAs('authority-system', waiting);
    // The newer one takes the place of the one that waited.
    expect((await states()).map(({ state }) => state)).toEqual(['accepted', 'superseded', 'awaitingSignOff']);
    const both = await signedOff(text, waiting);
    const { signatures, payload } = JSON.parse(both) as { signatures: object[]; payload: string };
    const hers = JSON.stringify({ payload, ...signatures[1]! });
    expect(await sendAs('authority-approver', hers)).toMatchObject({ status: 403, code: 'AGREEMENT_SIGN_OFF_MISSING' });
    expect((await sendAs('authority-analyst', both)).code).toBe('NOT_FOR_THIS_ROLE');
    // Nor is it one that took the place of the first, while both are good.
    const systems = two.world.keys.get(second)!;
    const renewed = await two.world.registerKey(second, 'EdDSA', systems.kid);
    two.world.keys.set(second, systems);
    const bySystems = await signEnvelope({ payload: text, key: renewed, aud: two.world.hubId, also: waiting });
    expect(await sendAs('authority-approver', bySystems)).toMatchObject({
      status: 403,
      code: 'AGREEMENT_SIGN_OFF_MISSING',
    });
    expect((await states()).map(({ state }) => state)).toEqual(['accepted', 'superseded', 'awaitingSignOff']);

    // A deputy is an approver with dates.
    const [{ member }] = (await asOwner(
      two.world,
      `insert into identity.member_role (member_id, role, organisation, valid)
       select id, 'authority-approver', $2, daterange($3::date, null) from identity.member where subject = $1 and issuer = $4
       returning member_id as member`,
      [`authority-analyst@${second}`, second, day(2), two.world.issuer.issuer],
    )) as [{ member: string }];
    const deputyFrom = (from: string, until: string) =>
      asOwner(
        two.world,
        `update identity.member_role set valid = daterange($2::date, $3::date) where member_id = $1 and role = 'authority-approver'`,
        [member, from, until],
      );
    expect((await sendAs('authority-analyst', both)).code).toBe('NOT_FOR_THIS_ROLE');
    await deputyFrom(day(-5), day(-2));
    expect((await sendAs('authority-analyst', both)).code).toBe('NOT_FOR_THIS_ROLE');
    expect((await states()).at(-1)!.state).toBe('awaitingSignOff');
    await deputyFrom(day(-2), day(2));
    const completed = await sendAs('authority-analyst', both);
    expect(completed).toMatchObject({ status: 200, state: 'accepted', version: 3, id });
    await deputyFrom(day(-5), day(-2));

    // The receipt is of the envelope with both; whoever sends it again is given the same.
    const leaf = verifyRecord(completed.receipt, ledgerKey);
    expect(leaf).toMatchObject({ kind: 'submission', version: 3, envelope: sha256(Buffer.from(both)).toString('hex') });
    expect(await sendAs('authority-approver', both)).toEqual(completed);
    const rules = ['known-already', ...completed.rules!];
    expect(await sendAs('authority-system', waiting)).toEqual({ ...completed, rules });
    expect((await states()).map(({ state }) => state)).toEqual(['superseded', 'superseded', 'accepted']);
    expect(await standing()).toMatchObject({ version: 3, waiting: null });
    const rest = await asOwner<{ kids: string[]; by: string }>(
      two.world,
      `select b.kids, m.subject as by from intake.submission b join identity.member m on m.id = b.signed_off_by`,
    );
    expect(rest).toEqual([
      { kids: [two.world.keys.get(second)!.kid, approverKey.kid], by: `authority-analyst@${second}` },
    ]);
  });

  test('cannot be completed once a newer one waits, and what waits can be withdrawn: what is in use stays', async () => {
    const [old, text] = [textOf(103), textOf(104)];
    const [first, next] = [await alone(old), await alone(text)];
    for (const one of [first, next]) expect((await sendAs('authority-system', one)).state).toBe('awaitingSignOff');
    expect(await sendAs('authority-approver', await signedOff(old, first))).toMatchObject({
      code: 'SUBMISSION_STEP_REFUSED',
    });
    const approver = await two.world.client('authority-approver', second);
    const { waiting } = await standing();
    expect(await approver.withdrawSubmission(waiting!, 'Wrong file.')).toMatchObject({ state: 'withdrawn' });
    expect(await sendAs('authority-approver', await signedOff(text, next))).toMatchObject({
      code: 'SUBMISSION_STEP_REFUSED',
    });
    expect(await standing()).toMatchObject({ version: 3, waiting: null });
  });

  test('is sent, signed off and verified, with what it refreshes, as the how-to types it', async () => {
    const third = two.northEast.authorities[2]!;
    const folder = mkdtempSync(join(tmpdir(), 'sign-off-'));
    try {
      const write = (name: string, content: unknown) =>
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      const before = await inUse(third);
      write('system.json', two.world.keys.get(third)!);
      write('approver.json', await two.world.registerKey(third));
      for (const role of ['system', 'approver'])
        write(`${role}.token`, await two.world.token(`authority-${role}`, third));
      const rowsNow = returnOf(quarterly, [{ indicator: 'RF01', count: 333 }]);
      const late = rowsOf(2).find(({ indicator, breakdown }) => indicator === 'CP07' && !breakdown)!;
      const open = payloadOf(third, [...rowsNow, { ...late, count: late.count! - 1, period: PERIOD_BEFORE }], {
        reason: 'One was counted twice.',
      });
      write('payload.json', { ...open, explanations: await two.world.explanationsOf(third, open) });
      write('hub', `#!/bin/sh\nexec '${process.execPath}' '${join(rootFolder, 'dist/apps/cli/src/main.js')}' "$@"\n`);
      chmodSync(join(folder, 'hub'), 0o755);
      const page = readFileSync(join(rootFolder, 'docs/how-to/sign-off-and-refresh.md'), 'utf8');
      const [, block] = /^```bash\n([\s\S]*?)^```/m.exec(page)!;
      const env = {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: folder,
        HUB: two.world.hub.url,
        HUB_ID: two.world.hubId,
      };
      const run = promisify(execFile);
      await run('bash', ['--norc', '-euo', 'pipefail', '-c', block!], { cwd: folder, env });
      const read = (name: string) => readFileSync(join(folder, name), 'utf8');
      expect(JSON.parse(read('sent.json'))).toMatchObject({ state: 'awaitingSignOff', receipt: null });
      expect(read('read-this.json').trim()).toBe(read('payload.json'));
      const leaf = verifyRecord(read('receipt.tlog-proof'), ledgerKey);
      expect(leaf).toMatchObject({
        authority: third,
        period: NOW,
        envelope: sha256(Buffer.from(read('both.json'))).toString('hex'),
      });
      const versionOf = (of: typeof before, period: string) => of.find((one) => one.period === period)?.version ?? 0;
      const after = await inUse(third);
      expect(versionOf(after, PERIOD_BEFORE)).toBe(versionOf(before, PERIOD_BEFORE) + 1);
      expect(after).toContainEqual({ period: NOW, version: versionOf(before, NOW) + 1, carried: false });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('is found by the keys that have signed it, with who sent it, who signed it off and what it has refreshed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sent-'));
    const listed = async (authority: string, ...more: string[]) => {
      const token = join(folder, authority);
      writeFileSync(token, await two.world.token('authority-approver', authority));
      const args = ['submission', 'list', '--authority', authority, ...more];
      const { code, text } = await typed(two.world.hub.url, token, [...args, '--json']);
      expect(code).toBe(0);
      expect((await typed(two.world.hub.url, token, args)).text).toContain(more.length ? 'accepted  ' : 'withdrawn  ');
      return JSON.parse(text) as Record<string, unknown>[];
    };
    const idOf = async (role: string) =>
      (await two.world.ask<{ me: { id: string } }>(await two.world.token(role, second), '{ me { id } }')).me.id;
    try {
      const [system, third] = [two.world.keys.get(second)!.kid, two.northEast.authorities[2]!];
      const whole = await listed(second);
      const sender = await idOf('authority-system');
      expect(whole.filter(({ period }) => period === PERIOD)).toMatchObject([
        { version: 5, state: 'withdrawn', kids: [system], sender, signedOffBy: null, hasReceipt: false },
        { version: 4, state: 'superseded', kids: [system], sender, signedOffBy: null, hasReceipt: false },
        { version: 3, state: 'accepted', kids: [system, approverKey.kid], sender, hasReceipt: true },
        { version: 2, state: 'superseded', kids: [system], sender, signedOffBy: null, hasReceipt: false },
        { version: 1, state: 'superseded', kids: [system], sender, signedOffBy: null, hasReceipt: true },
      ]);
      const hers = await listed(second, '--kid', approverKey.kid);
      expect(hers).toEqual(whole.filter(({ version, period }) => period === PERIOD && version === 3));
      expect(hers[0]!['signedOffBy']).toBe(await idOf('authority-analyst'));

      const kid = two.world.keys.get(third)!.kid;
      const [earlier, now, ...others] = await listed(third, '--kid', kid);
      expect(others).toEqual([]);
      expect(now).toMatchObject({ period: NOW, state: 'accepted', carriedBy: null, hasReceipt: true });
      expect(earlier).toMatchObject({
        period: PERIOD_BEFORE,
        state: 'accepted',
        carriedBy: now!['id'],
        hasReceipt: true,
      });
      for (const same of ['kids', 'digest', 'sender', 'signedOffBy']) expect(earlier![same]).toEqual(now![same]);
      expect(await listed(third, '--kid', kid, '--dataset', quarterly.code, '--period', NOW)).toEqual([now]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('is withdrawn by the order to erase it: nothing comes into use that the plan has not shown', async () => {
    const period = '2025-Q3';
    await two.world.openRound(NORTH_EAST, quarterly.code, period);
    const text = JSON.stringify(payloadOf(second, rows(106), {}, period));
    const waiting = await alone(text);
    const { id } = await sendAs('authority-system', waiting);
    const approver = await two.world.client('authority-approver', second);
    const scope = { authority: second, dataset: quarterly.code, period };
    const completed = async () => sendAs('authority-approver', await signedOff(text, waiting));
    const isWithdrawn = async () => {
      expect(await completed()).toMatchObject({ status: 409, code: 'SUBMISSION_STEP_REFUSED' });
      expect(await sendAs('authority-system', waiting)).toMatchObject({ status: 200, id, state: 'withdrawn' });
    };
    // A compile runs, and what erases waits for it.
    const book = new Client({ connectionString: two.world.ownerUrl });
    await book.connect();
    try {
      await book.query('select pg_advisory_lock($1)', [BOOK_LOCK]);
      const plan = await approver.erasurePlan(scope);
      expect(plan).toMatchObject({ cells: 0, submissions: [{ submission: id, envelope: true }] });
      const { id: erasure, state } = await approver.eraseReturns(scope, plan.id);
      expect(state).toBe('asked');
      await isWithdrawn();
      await book.query('select pg_advisory_unlock($1)', [BOOK_LOCK]);
      await until('it is erased', async () => (await approver.erasure(erasure)).state === 'done');
      const { receipts } = await approver.erasure(erasure);
      expect(receipts.map((receipt) => verifyRecord(receipt, ledgerKey))).toMatchObject([
        { kind: 'purge', version: 1, what: ['envelope'] },
      ]);
    } finally {
      await book.end();
    }
    // Gone, it is answered as before.
    await isWithdrawn();
    const { data } = await graphql(
      two.world.hub.url,
      await two.world.token('authority-approver', second),
      'query ($id: ID!) { submission(id: $id) { state toSign withdrawnBecause } }',
      { id },
    );
    expect(data).toEqual({
      submission: { state: 'WITHDRAWN', toSign: null, withdrawnBecause: 'Its erasure was ordered.' },
    });
    expect((await sendAs('authority-system', await alone(text))).state).toBe('awaitingSignOff');
  });

  test('changes nothing while it waits, not the quarter that it refreshes either, and is too late when its round is over', async () => {
    const own = async () => (await inUse(second)).map(({ period, version }) => [period, version]);
    const before = await own();
    const reason = 'One came late.';
    const refresh = {
      indicator: 'CP07',
      count: 100,
      of: rowsOf(1).find(({ indicator }) => indicator === 'CP07')!.of!,
      period: '2026-Q1',
    };
    const text = JSON.stringify(
      payloadOf(second, [...returnOf(quarterly, [{ indicator: 'RF01', count: 333 }]), refresh], { reason }),
    );
    const waiting = await alone(text);
    expect((await sendAs('authority-system', waiting)).state).toBe('awaitingSignOff');
    expect(await own()).toEqual(before);
    expect((await sendAs('authority-approver', await signedOff(text, waiting))).state).toBe('accepted');
    expect(await own()).toEqual(before.map(([period, version]) => [period, Number(version) + 1]));

    const later = await alone(textOf(105));
    expect((await sendAs('authority-system', later)).state).toBe('awaitingSignOff');
    const lead = await two.world.client('regional-lead', NORTH_EAST);
    await lead.closeRound(waitsIn);
    // Too late, as a whole return would be; it waits on, and the good one stays.
    expect((await sendAs('authority-approver', await signedOff(textOf(105), later))).code).toBe('ROUND_NOT_OPEN');
    expect(await standing()).toMatchObject({ version: 3, waiting: expect.any(String) as string });
  });
});
