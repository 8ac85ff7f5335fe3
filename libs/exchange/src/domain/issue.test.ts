import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { codeOf, refusalOf } from '../../../../test/support/refusal';
import {
  isAmendable,
  issueSteps,
  issueStates,
  issueStateWords,
  issueStepNames,
  parseRisk,
  reply,
  standingInWords,
  stepInWords,
  stepOfWords,
  takeIssueStep,
  type IssueState,
  type Life,
} from './issue';
import { actionStates, challengeStates, isOverdue, itemSteps, takeItemStep, type ItemState } from './item';
import { namesShown, seesItem, sightOf, type Reader } from './sight';

const [POLICE, STOCKTON] = ['agy-police', 'E06000004'];
const draft: Life = {
  board: 'brd-tees',
  author: 'chair',
  state: 'draft',
  named: [POLICE, STOCKTON].map((organisation) => ({ organisation, repliedAt: null })),
  replyBy: null,
  sharedOn: null,
  recipients: [],
  network: false,
};
const today = '2026-05-01';
const facts = { today, replyBy: '2026-05-15', boards: ['brd-durham'], reason: 'Known already.' };
const at = new Date('2026-05-02T10:00:00Z');
const asked = () => takeIssueStep(takeIssueStep(draft, 'toOwnBoard', facts), 'askReplies', facts);
const answered = () => [POLICE, STOCKTON].reduce((life, one) => reply(life, one, at), asked());

test('every state can be reached from a draft, and every step that the table does not hold is refused', () => {
  const reached = new Set<IssueState>(['draft']);
  for (const state of reached) Object.values(issueSteps[state]).forEach((next) => reached.add(next));
  expect([...reached].sort()).toEqual([...issueStates].sort());
  for (const state of issueStates) {
    for (const step of issueStepNames) {
      const code = codeOf(() => takeIssueStep({ ...answered(), state }, step, facts));
      expect([state, step, code]).toEqual([state, step, issueSteps[state][step] ? null : 'ISSUE_STEP_REFUSED']);
    }
  }
});

test('a refused step says what is possible instead, in the names of the API', () => {
  const factsOf = (work: () => unknown) => refusalOf(work)?.facts;
  const from = (state: IssueState) => factsOf(() => takeIssueStep({ ...answered(), state }, 'toOwnBoard', facts));
  expect(from('network')).toEqual({ from: 'network', step: 'toOwnBoard', possible: 'stepIssue ACCEPT or DECLINE' });
  // Sharing is a mutation of its own.
  expect(from('shared')).toMatchObject({ possible: 'shareIssue or stepIssue TO_NETWORK or ACCEPT or DECLINE' });
  expect(from('resolved')).toMatchObject({ possible: 'no step: it is at its end' });
  const late = factsOf(() => reply({ ...answered(), state: 'shared' }, POLICE, at));
  expect(late).toMatchObject({ step: 'reply', possible: expect.stringContaining('only while it waits for them') });
  for (const [state, next, possible] of [
    ['asked', 'satisfied', 'answerChallenge, by the agency'],
    ['answered', 'answered', 'judgeChallenge, by the board that asked'],
    ['done', 'slipped', 'nothing: it is at its end'],
  ] as const)
    expect(factsOf(() => takeItemStep(state, next, null))).toEqual({ from: state, step: next, possible });
});

test('the page for chairs has a row for each state, with its words and the steps from it', () => {
  const page = readFileSync(resolve(__dirname, '../../../../docs/chairs.md'), 'utf8');
  for (const state of issueStates) {
    const row = page.split('\n').find((line) => line.includes(`| \`${state}\` `))!;
    expect(row).toContain(issueStateWords[state]);
    for (const step of issueStepNames)
      expect([state, step, new RegExp(`\\b${step}\\b`).test(row.split('|')[3]!)]).toEqual([
        state,
        step,
        step in issueSteps[state],
      ]);
  }
});

test('from the words of the history follow the step and where it led', () => {
  for (const from of issueStates) {
    for (const [step, state] of Object.entries(issueSteps[from]) as [
      keyof (typeof issueSteps)[IssueState],
      IssueState,
    ][]) {
      expect(stepOfWords(stepInWords(step, null))).toEqual({ step, state, more: null });
      expect(stepOfWords(stepInWords(step, 'As: said.'))).toEqual({ step, state, more: 'As: said.' });
    }
  }
  expect(stepOfWords('Looked at again; next on 2026-09-01')).toBeUndefined();
});

test('an issue is shared once all have answered, or on the day after the date for answers', () => {
  const one = reply(asked(), POLICE, at);
  const shareOn = (life: Life, day: string) => codeOf(() => takeIssueStep(life, 'share', { ...facts, today: day }));
  expect(shareOn(asked(), '2026-05-02')).toBe('ISSUE_REPLY_PENDING');
  expect(shareOn(one, '2026-05-15')).toBe('ISSUE_REPLY_PENDING');
  expect(shareOn(one, '2026-05-16')).toBeNull();
  expect(shareOn(reply(one, STOCKTON, at), '2026-05-02')).toBeNull();
});

test('a board ends an issue of its own without sharing it, once whom it names is heard', () => {
  for (const step of ['accept', 'resolve'] as const) {
    expect(codeOf(() => takeIssueStep(asked(), step, facts))).toBe('ISSUE_REPLY_PENDING');
    expect(takeIssueStep(asked(), step, { today: '2026-05-16' }).sharedOn).toBeNull();
  }
  expect(takeIssueStep(answered(), 'resolve', facts)).toMatchObject({ state: 'resolved', sharedOn: null });
  expect(takeIssueStep(takeIssueStep(answered(), 'accept', facts), 'start', facts).state).toBe('inProgress');
  expect(takeIssueStep(asked(), 'decline', facts).state).toBe('notTakenUp');
});

test('an issue waits for answers until all are in or their date is over', () => {
  expect(standingInWords(asked(), '2026-05-15')).toBe('waiting for answers');
  expect(standingInWords(answered(), '2026-05-02')).toBe('answered by all');
  expect(standingInWords(reply(asked(), POLICE, at), '2026-05-16')).toBe('the date for answers is over');
  expect(standingInWords({ ...answered(), state: 'shared' }, '2026-05-16')).toBe('shared with boards');
});

test('who is not asked does not answer, and who answers twice has answered at the first moment', () => {
  expect(codeOf(() => reply(asked(), 'agy-health', at))).toBe('ISSUE_ABSENT');
  expect(codeOf(() => reply(draft, POLICE, at))).toBe('ISSUE_STEP_REFUSED');
  const once = reply(asked(), POLICE, at);
  expect(reply(once, POLICE, new Date('2026-05-03T10:00:00Z'))).toBe(once);
});

test.each([
  ['replies without a date', 'askReplies', { today }],
  ['replies by yesterday', 'askReplies', { today, replyBy: '2026-04-30' }],
  ['sharing with nobody else', 'share', { today, boards: ['brd-tees'] }],
  ['no reason', 'decline', { today }],
] as const)('%s is malformed', (_, step, given) => {
  const from = { askReplies: 'ownBoard', share: 'reply', decline: 'ownBoard' } as const;
  expect(codeOf(() => takeIssueStep({ ...answered(), state: from[step] }, step, given))).toBe('REQUEST_MALFORMED');
});

test('likelihood and impact are whole steps from 1 to 5', () => {
  expect(parseRisk({ likelihood: 1, impact: 5 })).toEqual({ likelihood: 1, impact: 5 });
  for (const wrong of [0, 6, 2.5, Number.NaN])
    expect(codeOf(() => parseRisk({ likelihood: wrong, impact: 3 }))).toBe('REQUEST_MALFORMED');
});

test('challenges and actions: every state is reached, final ones stay, and nothing is closed without evidence', () => {
  const from = (first: ItemState) => {
    const reached = new Set<ItemState>([first]);
    for (const state of reached) itemSteps[state].forEach((next) => reached.add(next));
    return [...reached].sort();
  };
  expect(from('asked')).toEqual([...challengeStates].sort());
  expect(from('notStarted')).toEqual([...actionStates].sort());
  for (const one of Object.keys(itemSteps) as ItemState[]) {
    for (const other of Object.keys(itemSteps) as ItemState[]) {
      const code = codeOf(() => takeItemStep(one, other, 'Fewer visits are missed.'));
      expect([one, other, code]).toEqual([one, other, itemSteps[one].includes(other) ? null : 'ITEM_STEP_REFUSED']);
    }
  }
  expect(codeOf(() => takeItemStep('onTrack', 'done', null))).toBe('ACTION_EVIDENCE_MISSING');
});

test('late is what is open after its day', () => {
  expect(isOverdue({ due: '2026-05-01', state: 'onTrack' }, '2026-05-01')).toBe(false);
  expect(isOverdue({ due: '2026-05-01', state: 'onTrack' }, '2026-05-02')).toBe(true);
  expect(isOverdue({ due: '2026-05-01', state: 'done' }, '2026-05-02')).toBe(false);
});

const reader = (of: string, more: Partial<Reader> = {}): Reader => ({
  member: of,
  of,
  roles: [of.startsWith('brd') ? 'board-chair' : of.startsWith('agy') ? 'agency-partner' : 'authority-approver'],
  boards: of.startsWith('brd') ? [of] : ['brd-tees'],
  sees: ['brd-tees'],
  ...more,
});
const days = ['2026-05-01', '2026-05-10', '2026-05-16', '2026-06-01'];
/** What may be tried at each moment, whether the table allows it or not. */
const tries = fc.array(
  fc.record({
    step: fc.constantFrom(...issueStepNames, 'reply' as const),
    by: fc.constantFrom(POLICE!, STOCKTON!),
    day: fc.constantFrom(...days),
  }),
  { maxLength: 14 },
);

test('whatever is tried in whatever order: nobody is named to others before they answered or their date has passed, and what is final stays', () => {
  fc.assert(
    fc.property(tries, (all) => {
      let life: Life = draft;
      let today = days[0]!;
      for (const { step, by, day } of all) {
        today = day > today ? day : today;
        const before = life;
        try {
          const moment = new Date(`${today}T12:00:00Z`);
          life = step === 'reply' ? reply(life, by, moment) : takeIssueStep(life, step, { ...facts, today });
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^(ISSUE_|REQUEST_MALFORMED)/);
        }
        if (before.state === 'resolved' || before.state === 'notTakenUp') expect(life).toBe(before);
        const maybe = life.named.filter(
          ({ repliedAt }) => repliedAt === null && !(life.replyBy !== null && life.replyBy < today),
        );
        for (const who of ['brd-durham', 'brd-far', POLICE!, STOCKTON!, 'E06000001']) {
          const sight = sightOf(life, reader(who));
          const names = sight ? namesShown(life, reader(who), sight, today) : [];
          for (const { organisation } of maybe) if (organisation !== who) expect(names).not.toContain(organisation);
          if (isAmendable(life)) expect(sight).toBeNull();
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('who sees an issue, step by step', () => {
  const shared = takeIssueStep(answered(), 'share', facts);
  const network = takeIssueStep(shared, 'toNetwork', facts);
  const see = (who: Reader) =>
    [draft, takeIssueStep(draft, 'toOwnBoard', facts), asked(), shared, network].map((life) => sightOf(life, who));
  expect(see(reader('brd-tees', { member: 'chair' }))).toEqual(['own', 'own', 'own', 'own', 'own']);
  expect(see(reader('brd-tees'))).toEqual([null, 'own', 'own', 'own', 'own']);
  expect(see(reader(POLICE!))).toEqual([null, null, 'named', 'named', 'named']);
  expect(see(reader('agy-health'))).toEqual([null, null, null, null, null]);
  expect(see(reader('brd-durham'))).toEqual([null, null, null, 'shared', 'shared']);
  expect(see(reader('brd-york'))).toEqual([null, null, null, null, 'shared']);
  expect(see(reader('brd-durham', { sees: [] }))).toEqual([null, null, null, null, null]);
  const scrutineer = reader('E06000001', { roles: ['scrutineer'] });
  expect(see(scrutineer)).toEqual([null, null, null, 'shared', 'shared']);
  expect(see({ ...scrutineer, sees: [] })).toEqual([null, null, null, null, null]);
  // The same person for another board of theirs.
  expect(see(reader('brd-york', { member: 'chair', sees: [] }))).toEqual([null, null, null, null, null]);
});

test('who sees a challenge, an action, a note', () => {
  const item = {
    kind: 'challenge',
    by: 'brd-tees',
    to: POLICE!,
    due: '2026-05-10',
    state: 'asked',
    meeting: null,
  } as const;
  const see = (one: Parameters<typeof seesItem>[0], day = '2026-05-01') => ({
    own: seesItem(one, 'own', reader('brd-tees'), [], day),
    to: seesItem(one, null, reader(POLICE!), [], day),
    named: seesItem(one, 'named', reader(STOCKTON!), [], day),
    shared: seesItem(one, 'shared', reader('brd-durham'), [], day),
  });
  expect(see(item)).toEqual({ own: true, to: true, named: false, shared: false });
  expect(see(item, '2026-05-11').shared).toBe(true);
  expect(see({ ...item, state: 'answered' }).shared).toBe(true);
  expect(see({ ...item, kind: 'action', state: 'onTrack' })).toEqual({
    own: true,
    to: true,
    named: false,
    shared: true,
  });
  const note = { ...item, kind: 'note', to: null, state: null, meeting: 'm' } as const;
  expect(see(note)).toEqual({ own: false, to: false, named: false, shared: false });
  expect(seesItem(note, null, reader('brd-york'), ['m'], today)).toBe(true);
});

test('the history tells each step in words of its own, with the reason where there is one', () => {
  const told = issueStepNames.map((step) => stepInWords(step, null));
  expect(new Set(told).size).toBe(issueStepNames.length);
  for (const words of told) expect(words).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
  expect(stepInWords('decline', 'Both areas do it already.')).toBe('Not taken up: Both areas do it already.');
});
