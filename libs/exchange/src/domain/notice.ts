export const noticeKinds = ['reply', 'shared', 'challenge', 'action', 'overdue'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

const subjects: Readonly<Record<NoticeKind, string>> = {
  reply: 'A board asks for your reply',
  shared: 'A board has shared an issue with you',
  challenge: 'A board has a question for you',
  action: 'An action was given to you',
  overdue: 'Something that you are asked for is overdue',
};

/** The words of a notice: that there is something, and nothing of what. */
export function exchangeNotice(
  kind: NoticeKind,
  organisation: string,
): { readonly subject: string; readonly text: string } {
  return {
    subject: subjects[kind],
    text: [
      `${subjects[kind]}.`,
      '',
      `For: ${organisation}`,
      '',
      'Sign in to the hub to read it and to answer. This mail was sent by the hub itself to the address that your',
      'organisation has given. It says nothing of what stands there.',
      '',
    ].join('\n'),
  };
}
