import { Refusal, screamingSnake } from '@hub/kernel';

export const issueStates = [
  'draft',
  'ownBoard',
  'reply',
  'shared',
  'network',
  'accepted',
  'inProgress',
  'watching',
  'resolved',
  'notTakenUp',
] as const;
export type IssueState = (typeof issueStates)[number];
export const issueStepNames = [
  'toOwnBoard',
  'askReplies',
  'share',
  'toNetwork',
  'accept',
  'start',
  'watch',
  'resolve',
  'decline',
] as const;
export type IssueStep = (typeof issueStepNames)[number];

/** Where each step leads. What is not written here is refused; the last two states are final. */
export const issueSteps: Readonly<Record<IssueState, Readonly<Partial<Record<IssueStep, IssueState>>>>> = {
  draft: { toOwnBoard: 'ownBoard', decline: 'notTakenUp' },
  ownBoard: { askReplies: 'reply', decline: 'notTakenUp' },
  reply: { share: 'shared', accept: 'accepted', resolve: 'resolved', decline: 'notTakenUp' },
  shared: { share: 'shared', toNetwork: 'network', accept: 'accepted', decline: 'notTakenUp' },
  network: { accept: 'accepted', decline: 'notTakenUp' },
  accepted: { start: 'inProgress', watch: 'watching', resolve: 'resolved', decline: 'notTakenUp' },
  inProgress: { watch: 'watching', resolve: 'resolved', decline: 'notTakenUp' },
  watching: { start: 'inProgress', resolve: 'resolved', decline: 'notTakenUp' },
  resolved: {},
  notTakenUp: {},
};

/** The states as a page or a table says them. */
export const issueStateWords: Readonly<Record<IssueState, string>> = {
  draft: 'draft',
  ownBoard: 'before its own board',
  reply: 'waiting for answers',
  shared: 'shared with boards',
  network: 'open to the network',
  accepted: 'accepted',
  inProgress: 'work has begun',
  watching: 'being watched',
  resolved: 'resolved',
  notTakenUp: 'not taken up',
};

/** What a step was, as the history of an issue and a pack tell it. */
const done: Readonly<Record<IssueStep, string>> = {
  toOwnBoard: 'Brought before its own board',
  askReplies: 'Those whom it names were asked to answer',
  share: 'Shared with boards',
  toNetwork: 'Opened to the network',
  accept: 'Accepted',
  start: 'Work has begun',
  watch: 'Being watched',
  resolve: 'Resolved',
  decline: 'Not taken up',
};

/** @param more  why it was resolved or not taken up, or with whom it was shared; null where the step asks for nothing */
export const stepInWords = (step: IssueStep, more: string | null): string =>
  more === null ? done[step] : `${done[step]}: ${more}`;

/** The step of these words, where it led and what was said with it; undefined for other words, as of a review. */
export function stepOfWords(text: string): { step: IssueStep; state: IssueState; more: string | null } | undefined {
  const step = issueStepNames.find((one) => text === done[one] || text.startsWith(`${done[one]}: `));
  if (!step) return undefined;
  // A step leads to one state, wherever it is taken.
  const state = issueStates.map((from) => issueSteps[from][step]).find((to) => to !== undefined)!;
  return { step, state, more: text === done[step] ? null : text.slice(done[step].length + 2) };
}

/** The steps from a state as the API takes them: sharing names boards, so it is a mutation of its own. */
function stepsInWords(from: IssueState): string {
  const steps = Object.keys(issueSteps[from]) as IssueStep[];
  const alone = steps.filter((one) => one !== 'share').map(screamingSnake);
  return [...(steps.includes('share') ? ['shareIssue'] : []), `stepIssue ${alone.join(' or ')}`].join(' or ');
}

/**
 * What is refused, and what may be done instead, in the names of the API.
 * @param possible  absent: the steps that the board which raised the issue may take
 */
export const stepRefused = (from: IssueState, step: string, possible?: string): Refusal =>
  new Refusal('ISSUE_STEP_REFUSED', {
    from,
    step,
    possible: possible ?? (isAtEnd({ state: from }) ? 'no step: it is at its end' : stepsInWords(from)),
  });

/** An authority or agency that an issue names, and when it answered. */
export interface Named {
  readonly organisation: string;
  readonly repliedAt: Date | null;
}

/** How far an issue has come, and whom it names: what decides who sees it. */
export interface Life {
  /** The board that raised it. */
  readonly board: string;
  /** The member who wrote it down. */
  readonly author: string;
  readonly state: IssueState;
  readonly named: readonly Named[];
  /** The last civil date on which those whom it names may answer before it is shared; null before they are asked. */
  readonly replyBy: string | null;
  /** The civil date on which it was first shared with other boards. */
  readonly sharedOn: string | null;
  /** Boards with which it was shared by name. */
  readonly recipients: readonly string[];
  /** Whether every board that an agreement covers together with the raising one sees it. */
  readonly network: boolean;
}

/** What a step needs beside its name. */
export interface StepFacts {
  /** The civil date on which it is taken. */
  readonly today: string;
  /** Of `askReplies`. */
  readonly replyBy?: string | null;
  /** Of `share`. */
  readonly boards?: readonly string[];
  /** Of `decline`. */
  readonly reason?: string | null;
}

/** Whether everybody whom it names has answered, or the date for answers has passed. */
const isAnswered = ({ named, replyBy }: Waiting, today: string): boolean =>
  named.every(({ repliedAt }) => repliedAt !== null) || (replyBy !== null && replyBy < today);

/** Of an issue what it waits for. */
interface Waiting {
  readonly state: IssueState;
  readonly named: readonly { readonly repliedAt: unknown }[];
  readonly replyBy: string | null;
}

/** How far it is in the words of its own board, which alone knows all whom it names: it waits no more once they are heard. */
export function standingInWords(issue: Waiting, today: string): string {
  if (issue.state !== 'reply' || !isAnswered(issue, today)) return issueStateWords[issue.state];
  return issue.named.every(({ repliedAt }) => repliedAt !== null) ? 'answered by all' : 'the date for answers is over';
}

/**
 * The issue after a step of the board that raised it.
 * @throws Refusal ISSUE_STEP_REFUSED when its state has no such step; ISSUE_REPLY_PENDING for any but `decline` before
 *   those whom it names have answered or their date has passed; REQUEST_MALFORMED where a date, a board or a reason is missing
 */
export function takeIssueStep(life: Life, step: IssueStep, facts: StepFacts): Life {
  const state = issueSteps[life.state][step];
  if (!state) throw stepRefused(life.state, step);
  const { today, replyBy = null, boards = [], reason = null } = facts;
  if (step === 'askReplies') {
    if (replyBy === null || replyBy < today) {
      throw new Refusal('REQUEST_MALFORMED', { expected: `a date for replies, ${today} or later` });
    }
    return { ...life, state, replyBy };
  }
  // Whom it names is heard first, whether it is shared or stays with its board.
  if (life.state === 'reply' && step !== 'decline' && !isAnswered(life, today)) {
    throw new Refusal('ISSUE_REPLY_PENDING', { until: life.replyBy! });
  }
  if (step === 'share') {
    const others = boards.filter((board) => board !== life.board);
    if (!others.length) throw new Refusal('REQUEST_MALFORMED', { expected: 'boards to share with' });
    const recipients = [...new Set([...life.recipients, ...others])];
    return { ...life, state, recipients, sharedOn: life.sharedOn ?? today };
  }
  if (step === 'decline' && reason === null) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'the reason for which it is not taken up' });
  }
  return { ...life, state, network: life.network || step === 'toNetwork' };
}

/**
 * Writes down that one whom the issue names has answered. Answering twice keeps the first moment.
 * @throws Refusal ISSUE_STEP_REFUSED unless replies are asked for; ISSUE_ABSENT for one whom it does not name
 */
export function reply(life: Life, organisation: string, at: Date): Life {
  const one = life.named.find((each) => each.organisation === organisation);
  if (!one) throw new Refusal('ISSUE_ABSENT');
  if (life.state !== 'reply')
    throw stepRefused(life.state, 'reply', 'nothing: an issue takes answers only while it waits for them');
  if (one.repliedAt) return life;
  return { ...life, named: life.named.map((each) => (each === one ? { ...one, repliedAt: at } : each)) };
}

/** Whether text, areas and evidence may still be changed: nobody outside the own board has read it. */
export const isAmendable = ({ state }: Life): boolean => state === 'draft' || state === 'ownBoard';

/** Whether no step leads on from here. */
export const isAtEnd = ({ state }: Pick<Life, 'state'>): boolean => !Object.keys(issueSteps[state]).length;

/** How likely and how grave, each from 1 to 5. */
export interface Risk {
  readonly likelihood: number;
  readonly impact: number;
}

/** @throws Refusal REQUEST_MALFORMED unless both are whole numbers from 1 to 5 */
export function parseRisk({ likelihood, impact }: Risk): Risk {
  const isStep = (n: number) => Number.isInteger(n) && n >= 1 && n <= 5;
  if (!isStep(likelihood) || !isStep(impact)) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'likelihood and impact from 1 to 5' });
  }
  return { likelihood, impact };
}

export const riskOf = ({ likelihood, impact }: Risk): number => likelihood * impact;

export const issueSources = ['pattern', 'figure', 'survey', 'audit', 'review', 'chair'] as const;
export type IssueSource = (typeof issueSources)[number];
