import { quarterly } from '../../support/returns';
import { asOwner } from '../../support/two-regions';
import { day, NORTH_EAST } from '../../support/world';
import { two, catcher, first, second, last, statusFor, send, nils } from './regions';

describe('what the hub does by itself', () => {
  const PERIOD = '2024-Q4';
  let round: string;
  /** The inner id of the round. */
  let id: string;
  const { dataset, region } = { dataset: quarterly.code, region: NORTH_EAST };
  const hubDoes = async (type: string) => {
    const [{ work }] = (await asOwner(
      two.world,
      `insert into platform.outbox (id, type, subject, created_at, next_at) values (gen_random_uuid(), $1, $2, now(), now())
       returning id as work`,
      [type, id],
    )) as [{ work: string }];
    const pending = `select from platform.outbox where done_at is null and (id = $1 or type = 'notice.send')`;
    while ((await asOwner(two.world, pending, [work])).length) await new Promise((later) => setTimeout(later, 100));
  };
  const noticesFor = async (role: string, of: string) => (await statusFor(role, of, round)).notices;

  beforeAll(async () => {
    const client = await two.world.client('regional-lead-2', NORTH_EAST);
    const dates = { opens: day(-20), due: day(1), closes: day(40), checkUntil: day(47) };
    ({ id: round } = await client.openRound({
      region,
      dataset,
      period: PERIOD,
      ...dates,
      publishesAt: `${day(50)}T09:30:00Z`,
    }));
    const rows = (await asOwner(two.world, 'select id from rounds.round where period = $1', [PERIOD])) as {
      id: string;
    }[];
    id = rows[0]!.id;
    expect((await send(first, PERIOD, nils(60))).status).toBe(201);
    const approver = await two.world.client('authority-approver', second);
    expect(await approver.reminderAddress(second)).toBeNull();
    expect(await approver.reminderAddress(second, 'data@second.example')).toBe('data@second.example');
    await (await two.world.client('authority-analyst', last)).reminderAddress(last, 'data@last.example');
    // It is not reminded of returns.
    expect(await approver.reminderAddress(second, 'protection@second.example', 'dataProtection')).toBe(
      'protection@second.example',
    );
    expect(await approver.reminderAddress(second)).toBe('data@second.example');
    await expect(approver.reminderAddress(second, 'a@b\r\nBcc: x')).rejects.toMatchObject({
      code: 'REQUEST_MALFORMED',
    });
    await expect(approver.reminderAddress(last, 'a@b.example')).rejects.toMatchObject({ code: 'ORGANISATION_ABSENT' });
  });

  test('waits from the first day on: reminders that are still to come, and the publication', async () => {
    const rows = await asOwner(
      two.world,
      'select type, next_at > now() as later from platform.outbox where subject = $1 order by next_at',
      [id],
    );
    expect(rows).toEqual([
      { type: 'round.remind', later: true },
      { type: 'round.remind', later: true },
      { type: 'round.publish', later: true },
    ]);
    const dates = await (await two.world.client('regional-lead', NORTH_EAST)).proposedDates(dataset, '2026-Q2');
    expect(dates).toMatchObject({ opens: '2026-10-01', due: '2026-10-22', publishesAt: '2026-11-06T09:30:00.000Z' });
  });

  test('reminds those who are missing, by mail where there is an address, and nobody twice', async () => {
    // The first answer of the mail server is no.
    catcher.refuse(1);
    await hubDoes('round.remind');
    expect(catcher.mails.flatMap(({ to }) => to).sort()).toEqual(['data@last.example', 'data@second.example']);
    for (const { headers, text } of catcher.mails) {
      expect(headers['message-id']).toMatch(/^<[0-9a-f-]{36}@hub-local>$/);
      expect(text).toContain(PERIOD);
    }
    const notices = (await noticesFor('regional-lead', NORTH_EAST))!;
    expect(notices.map(({ authority }) => authority.code)).toEqual(two.northEast.authorities.slice(1));
    expect(notices.filter(({ sentAt }) => sentAt).map(({ authority }) => authority.code)).toEqual([second, last]);
    expect(await noticesFor('authority-analyst', second)).toMatchObject([
      { authority: { code: second }, kind: 'beforeDue' },
    ]);
    expect([await noticesFor('authority-analyst', first), await noticesFor('elected-member', second)]).toEqual([
      [],
      null,
    ]);
    await hubDoes('round.remind');
    expect(catcher.mails).toHaveLength(2);
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(notices.length);
  });

  test('publishes at its moment, once the round is closed and checked, and not before', async () => {
    const state = async () => (await statusFor('regional-lead', NORTH_EAST, round)).state;
    await hubDoes('round.publish');
    expect(await state()).toBe('open');
    const move = (closes: number, checkUntil: number) =>
      asOwner(two.world, 'update rounds.round set due = $2, closes = $2, check_until = $3 where id = $1', [
        id,
        day(closes),
        day(checkUntil),
      ]);
    await move(-2, 2);
    await hubDoes('round.publish');
    expect(await state()).toBe('closed');
    await move(-3, -1);
    expect(await state()).toBe('checked');
    await hubDoes('round.publish');
    expect(await state()).toBe('checked');
    await asOwner(two.world, 'update rounds.round set publishes_at = now() where id = $1', [id]);
    await hubDoes('round.publish');
    // One return is too few to print anything.
    for (let seen = ''; seen !== 'held'; seen = await state()) expect(['', 'compiling', 'held']).toContain(seen);
  });

  test('opens a held round again for the same edition, and reminds of its new dates, those who are missing still', async () => {
    const client = await two.world.client('regional-lead-2', NORTH_EAST);
    const before = (await noticesFor('regional-lead', NORTH_EAST))!.length;
    const dates = { due: day(1), closes: day(30), checkUntil: day(37) };
    const asked = { edition: 'provisional', ...dates, publishesAt: `${day(40)}T09:30:00Z` } as const;
    await expect(client.openEdition(round, { ...asked, checkUntil: day(30) })).rejects.toMatchObject({
      code: 'ROUND_DATES',
    });
    await expect(client.openEdition(round, { ...asked, due: day(-1) })).rejects.toMatchObject({ code: 'ROUND_DATES' });
    expect(await client.openEdition(round, asked)).toMatchObject({ state: 'open', edition: 'provisional', ...dates });
    const waiting = await asOwner(
      two.world,
      'select type from platform.outbox where subject = $1 and done_at is null and next_at > now() order by type',
      [id],
    );
    expect(waiting.map(({ type }) => type)).toEqual(expect.arrayContaining(['round.publish', 'round.remind']));
    // A due date that has been reminded of already is not a new one.
    await hubDoes('round.remind');
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(before);
    await client.moveRoundDates(round, { ...asked, opens: day(-20), due: day(2) });
    await hubDoes('round.remind');
    const after = (await noticesFor('regional-lead', NORTH_EAST))!;
    expect(after.slice(before).map(({ authority }) => authority.code)).toEqual(two.northEast.authorities.slice(1));
    expect(
      catcher.mails
        .slice(2)
        .map(({ to }) => to[0])
        .sort(),
    ).toEqual(['data@last.example', 'data@second.example']);
    await hubDoes('round.remind');
    expect(await noticesFor('regional-lead', NORTH_EAST)).toHaveLength(after.length);
  });
});
