import {
  ACTION,
  ANSWER,
  APPROVE,
  askReplies,
  BLACK_COUNTRY,
  CHALLENGE,
  DURHAM,
  HARTLEPOOL,
  POLICE,
  REPLY,
  REVIEW,
  SHARE,
  STEP,
  STOCKTON,
  TEES,
  WITHDRAW,
  type Boards,
  type Who,
} from '../support/boards';
import type { MailCatcher } from '../support/mail-catcher';
import { innerId } from '@hub/platform';
import { asOwner } from '../support/two-regions';
import { day } from '../support/world';

const ADDRESS = 'mutation ($as: ID!, $address: String) { setNoticeAddress(as: $as, address: $address) { address } }';
const mailboxes = {
  chair: 'tees@boards.example',
  neighbour: 'durham@boards.example',
  otherRegion: 'black-country@boards.example',
  police: 'desk@police.example',
  stockton: 'data@stockton.example',
  hartlepool: 'data@hartlepool.example',
} as const satisfies Partial<Record<Who, string>>;
/** What stands in what the mails are about, and may stand in none of them. */
const SECRETS = [
  ...['A title of its own', 'Referrals', 'What does the agency send', 'Who is told?', 'Write it down', 'It came late'],
  ...['Stockton', 'Hartlepool', 'Durham', 'Tees', 'Cleveland', STOCKTON, HARTLEPOOL, TEES, DURHAM, POLICE, 'RF01'],
];

/** Notices leave by mail, through a real socket; what they are about stays in the hub. */
export function noticesAreSent(given: () => { readonly boards: Boards; readonly catcher: MailCatcher }): void {
  const owner = <T = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    asOwner<T>(given().boards.two.world, sql, values);
  const innerOf = (kind: 'iss' | 'itm', id: string) => innerId(kind, given().boards.two.world.hubId, id)!;
  const idle = async (): Promise<void> => {
    // A mail that was refused waits a while.
    const pending = `select from platform.outbox where done_at is null and (next_at <= now() or type = 'exchange.tell')`;
    while ((await owner(pending)).length) await new Promise((later) => setTimeout(later, 50));
  };
  /** The mails that leave by some work: to whom, and their subject. */
  const mailsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    const { catcher } = given();
    await idle();
    const before = catcher.mails.length;
    await work();
    await idle();
    return catcher.mails
      .slice(before)
      .map(({ to, headers }) => `${to[0]}: ${headers['subject']}`)
      .sort();
  };
  const hubDoes = (type: 'exchange.due' | 'exchange.tell', subject: string) =>
    owner(
      `insert into platform.outbox (id, type, subject, created_at, next_at) values (gen_random_uuid(), $1, $2, now(), now())`,
      [type, subject],
    );
  const noticed = (kind: string, of: string, subject: string) =>
    owner<{ id: string }>(
      `insert into exchange.notice (id, organisation, kind, subject_id, made_at)
       values (gen_random_uuid(), $1, $2, $3, now()) returning id`,
      [of, kind, subject],
    ).then(async ([row]) => {
      await hubDoes('exchange.tell', row!.id);
      return row!.id;
    });

  let id: string;
  beforeAll(async () => {
    for (const [name, address] of Object.entries(mailboxes))
      await given().boards.done(name as Who, ADDRESS, { address });
    id = await given().boards.issueAt('ownBoard', { title: 'A title of its own', evidence: [] });
  }, 60_000);
  afterAll(() => owner('delete from exchange.contact'));

  test('who is named is asked once, who is shared with is told once, and one who has answered is not late', async () => {
    const { boards, catcher } = given();
    // The first answer of the mail server is no.
    catcher.refuse(1);
    expect(await mailsOf(() => boards.done('chair', STEP, { id, ...askReplies }))).toEqual([
      'data@stockton.example: A board asks for your reply',
      'desk@police.example: A board asks for your reply',
    ]);
    await boards.done('police', REPLY, { id, text: 'It came late.' });
    await owner('update exchange.issue set reply_by = current_date - 1 where id = $1', [innerOf('iss', id)]);
    const late = () => mailsOf(() => hubDoes('exchange.due', innerOf('iss', id)));
    expect(await late()).toEqual(['data@stockton.example: Something that you are asked for is overdue']);
    expect(await late()).toEqual([]);
    expect(await mailsOf(() => boards.done('chair', SHARE, { id, boards: [DURHAM] }))).toEqual([
      'durham@boards.example: A board has shared an issue with you',
    ]);
    expect(await mailsOf(() => boards.done('chair', SHARE, { id, boards: [DURHAM] }))).toEqual([]);
    // The network of the agreement is Durham alone, which knows.
    expect(await mailsOf(() => boards.done('chair', STEP, { id, step: 'TO_NETWORK' }))).toEqual([]);
  }, 60_000);

  test('a challenge and an action are told when they are given, and once more when they are late', async () => {
    const { boards } = given();
    const given_: string[] = [];
    const give = (document: string, to: string, text: string) =>
      mailsOf(
        async () => void given_.push((await boards.done('chair', document, { issue: id, to, text, due: day(3) })).id),
      );
    expect(await give(CHALLENGE, POLICE, 'Who is told?')).toEqual([
      'desk@police.example: A board has a question for you',
    ]);
    expect(await give(ACTION, DURHAM, 'Write it down.')).toEqual(['durham@boards.example: An action was given to you']);
    expect(await give(CHALLENGE, POLICE, 'Who is told?')).toHaveLength(1);
    expect(await give(ACTION, DURHAM, 'Write it down.')).toHaveLength(1);
    const [asked, action, answered, gone] = given_ as [string, string, string, string];
    await boards.done('police', ANSWER, { id: answered, text: 'It came late.' });
    await boards.done('chair', WITHDRAW, { id: gone });
    await owner('update exchange.item set due = current_date - 1 where id = any($1)', [
      given_.map((one) => innerOf('itm', one)),
    ]);
    const late = () =>
      mailsOf(async () => {
        for (const one of [asked, action, answered, gone]) await hubDoes('exchange.due', innerOf('itm', one));
      });
    expect(await late()).toEqual([
      'desk@police.example: Something that you are asked for is overdue',
      'durham@boards.example: Something that you are asked for is overdue',
    ]);
    expect(await late()).toEqual([]);
  }, 60_000);

  test('a review is told on its day to the board that looks again, once for each day', async () => {
    const { boards } = given();
    const review = (next: string) => mailsOf(() => boards.done('chair', REVIEW, { id, next }));
    const told = ['tees@boards.example: An issue of your board is due for review'];
    expect(await boards.told('chair', REVIEW, { id, next: day(-1) })).toBe('REQUEST_MALFORMED');
    expect(await boards.told('neighbour', REVIEW, { id, next: day(1) })).toBe('ISSUE_ABSENT');
    expect(await review(day(2))).toEqual([]);
    // Its morning may be still to come.
    expect([await review(day(0)), await mailsOf(() => hubDoes('exchange.due', innerOf('iss', id)))].flat()).toEqual(
      told,
    );
    expect(await mailsOf(() => hubDoes('exchange.due', innerOf('iss', id)))).toEqual([]);
    await owner('update exchange.issue set next_review = current_date - 1 where id = $1', [innerOf('iss', id)]);
    expect(await mailsOf(() => hubDoes('exchange.due', innerOf('iss', id)))).toEqual(told);
  }, 60_000);

  test('who has left gets none: a board that no agreement covers, an agency for which nobody is there', async () => {
    const issue = innerOf('iss', id);
    expect(await mailsOf(() => noticed('shared', BLACK_COUNTRY, issue))).toEqual([]);
    // What was asked is answered or over.
    const [reply] = await owner<{ id: string }>(
      `update exchange.notice set sent_at = null where kind = 'reply' and organisation = $1 and subject_id = $2 returning id`,
      [POLICE, issue],
    );
    expect(await mailsOf(() => hubDoes('exchange.tell', reply!.id))).toEqual([]);
    const { boards } = given();
    const still = await boards.done('chair', CHALLENGE, { issue: id, to: POLICE, text: 'Who is told?', due: day(3) });
    await idle();
    await owner(`delete from exchange.notice where subject_id = $1`, [innerOf('itm', still.id)]);
    const partner = `update identity.member_role set valid = daterange(lower(valid), $2) where organisation = $1 and role = 'agency-partner'`;
    await owner(partner, [POLICE, day(-1)]);
    expect(await mailsOf(() => noticed('challenge', POLICE, innerOf('itm', still.id)))).toEqual([]);
    await owner(partner, [POLICE, null]);
    await owner(`delete from exchange.notice where subject_id = $1`, [innerOf('itm', still.id)]);
    expect(await mailsOf(() => noticed('challenge', POLICE, innerOf('itm', still.id)))).toHaveLength(1);
  }, 60_000);

  test('what waits for a second person is told when that one has approved', async () => {
    const { boards } = given();
    const action = { issue: id, to: DURHAM, text: 'Write it down.', due: day(3) };
    const item = await boards.done('chair', ACTION, action);
    await idle();
    await owner(`delete from exchange.notice where subject_id = $1`, [innerOf('itm', item.id)]);
    await owner(`update exchange.item set wording = 'awaiting' where id = $1`, [innerOf('itm', item.id)]);
    expect(await mailsOf(() => boards.done('second', APPROVE, { id: item.id }))).toHaveLength(1);
    expect(await mailsOf(() => boards.done('second', APPROVE, { id: item.id }))).toEqual([]);
  });

  test('a notice that is sent again has the same Message-ID, and none says anything of what it is about', async () => {
    const { catcher } = given();
    await idle();
    const last = catcher.mails.at(-1)!;
    const notice = /^<([0-9a-f-]{36})@hub-local>$/.exec(last.headers['message-id']!)![1]!;
    // As after a death between the mail server's answer and the commit.
    await owner('update exchange.notice set sent_at = null where id = $1', [notice]);
    expect(await mailsOf(() => hubDoes('exchange.tell', notice))).toHaveLength(1);
    expect(catcher.mails.at(-1)!.headers['message-id']).toBe(last.headers['message-id']);
    expect(new Set(catcher.mails.map(({ headers }) => headers['message-id'])).size).toBe(catcher.mails.length - 1);
    for (const { headers, text } of catcher.mails) {
      const whole = `${Object.entries(headers)
        .filter(([name]) => name !== 'to')
        .join('\n')}\n${text}`;
      expect(SECRETS.filter((secret) => whole.includes(secret))).toEqual([]);
      expect(text).not.toMatch(/\d/);
    }
  });
}
