import { exchangeNotice, noticeKinds, stillConcerns, type IssueFacts, type NoticeKind } from './notice';
import type { Reader } from './sight';

const board = (code: string, sees: readonly string[] = ['brd-a', 'brd-b']): Reader => ({
  ...{ member: '', of: code, roles: ['board-chair'], boards: [code], sees },
});
const agency: Reader = { member: '', of: 'agy-police', roles: ['agency-partner'], boards: [], sees: [] };
const issue: IssueFacts = {
  ...{ board: 'brd-a', author: '', state: 'reply', wording: 'shown', replyBy: '2026-05-10', nextReview: '2026-05-01' },
  ...{ named: [{ organisation: 'agy-police', repliedAt: null }], sharedOn: null, recipients: [], network: false },
};
const shared: IssueFacts = { ...issue, state: 'shared', sharedOn: '2026-05-11', recipients: ['brd-b'] };
const item = {
  kind: 'action',
  by: 'brd-a',
  to: 'agy-police',
  due: '2026-05-01',
  state: 'onTrack',
  meeting: null,
  wording: 'shown',
} as const;
const TODAY = '2026-05-02';

test.each<[string, NoticeKind, Parameters<typeof stillConcerns>[1], Reader, boolean]>([
  ['a reply that is waited for', 'reply', { issue }, agency, true],
  [
    'one that was given',
    'reply',
    { issue: { ...issue, named: [{ organisation: 'agy-police', repliedAt: new Date(0) }] } },
    agency,
    false,
  ],
  ['one to an issue that was taken back', 'reply', { issue: { ...issue, wording: 'withdrawn' } }, agency, false],
  ['one that came too late', 'overdue', { issue: { ...issue, state: 'shared' } }, agency, false],
  ['an agency for which nobody is there', 'reply', { issue }, { ...agency, roles: [] }, false],
  ['a board that it was shared with', 'shared', { issue: shared }, board('brd-b'), true],
  ['a board that has left the agreement', 'shared', { issue: shared }, board('brd-b', ['brd-b']), false],
  ['a board that was not named', 'shared', { issue: shared }, board('brd-c', ['brd-a', 'brd-c']), false],
  [
    'the same, open to the network',
    'shared',
    { issue: { ...shared, network: true } },
    board('brd-c', ['brd-a', 'brd-c']),
    true,
  ],
  ['an action that is open', 'action', { item }, agency, true],
  ['one that is done', 'action', { item: { ...item, state: 'done' } }, agency, false],
  ['one that was taken back', 'action', { item: { ...item, wording: 'withdrawn' } }, agency, false],
  ['one that is given to another', 'action', { item }, board('brd-a'), false],
  ['one that is late', 'overdue', { item }, agency, true],
  ['one that is not late yet', 'overdue', { item: { ...item, due: TODAY } }, agency, false],
  [
    'a challenge that is answered',
    'overdue',
    { item: { ...item, kind: 'challenge', state: 'answered' } },
    agency,
    false,
  ],
  ['a review that is due', 'review', { issue: shared }, board('brd-a'), true],
  ['one of another board', 'review', { issue: shared }, board('brd-b'), false],
  ['one that was moved on', 'review', { issue: { ...shared, nextReview: '2026-05-03' } }, board('brd-a'), false],
  ['one of a draft', 'review', { issue: { ...shared, state: 'draft' } }, board('brd-a'), false],
  ['one of what is resolved', 'review', { issue: { ...shared, state: 'resolved' } }, board('brd-a'), false],
])('%s', (_, kind, about, reader, expected) => {
  expect(stillConcerns(kind, about, reader, TODAY)).toBe(expected);
});

test('each notice has its words, and no place for others', () => {
  const all = noticeKinds.map((kind) => exchangeNotice(kind).text);
  expect(new Set(all).size).toBe(noticeKinds.length);
});
