import type { Wording } from '@hub/kernel';
import { isOpen, isOverdue, type ItemFacts } from './item';
import { isAtEnd, type Life } from './issue';
import { sightOf, type Reader } from './sight';

export const noticeKinds = ['reply', 'shared', 'challenge', 'action', 'review', 'overdue'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

const subjects: Readonly<Record<NoticeKind, string>> = {
  reply: 'A board asks for your reply',
  shared: 'A board has shared an issue with you',
  challenge: 'A board has a question for you',
  action: 'An action was given to you',
  review: 'An issue of your board is due for review',
  overdue: 'Something that you are asked for is overdue',
};

/** The words of a notice: that there is something, and nothing of what, of whom or of where. */
export const exchangeNotice = (kind: NoticeKind): { readonly subject: string; readonly text: string } => ({
  subject: subjects[kind],
  text: [
    `${subjects[kind]}.`,
    '',
    'Sign in to the hub to read it and to answer. This mail was sent by the hub itself to the address that your',
    'organisation has given. It says nothing of what stands there.',
    '',
  ].join('\n'),
});

/** What the worker knows of an issue: how far it has come, and no text. */
export interface IssueFacts extends Life {
  readonly wording: Wording;
  readonly nextReview: string | null;
}

/** Whether the reply of one whom the issue names is still waited for. */
export const isReplyAwaited = ({ state, wording, named }: IssueFacts, organisation: string): boolean =>
  state === 'reply' &&
  wording === 'shown' &&
  named.some((one) => one.organisation === organisation && one.repliedAt === null);

/** Whether the board has said that it looks again by that day, and the issue is neither a draft nor at its end. */
export const isReviewDue = ({ state, wording, nextReview }: IssueFacts, today: string): boolean =>
  wording !== 'withdrawn' && state !== 'draft' && !isAtEnd({ state }) && nextReview !== null && nextReview <= today;

/**
 * Whether a notice still has something to tell the one whom it is for: it was not answered, done or taken back meanwhile, and they
 * may read it. Who has left gets none.
 * @param reader  the organisation with the roles that its members hold today; none: nobody is there to read
 */
export function stillConcerns(
  kind: NoticeKind,
  about: { readonly issue: IssueFacts } | { readonly item: ItemFacts & { readonly wording: Wording } },
  reader: Reader,
  today: string,
): boolean {
  if (!reader.roles.length) return false;
  if ('item' in about) {
    const { item } = about;
    if (item.wording !== 'shown' || item.to !== reader.of) return false;
    return kind === 'overdue' ? isOverdue(item, today) : isOpen(item.state);
  }
  const { issue } = about;
  if (kind === 'shared') return issue.wording === 'shown' && sightOf(issue, reader) === 'shared';
  if (kind === 'review') return issue.board === reader.of && isReviewDue(issue, today);
  return isReplyAwaited(issue, reader.of);
}
