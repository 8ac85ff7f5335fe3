import {
  isBeingChecked,
  nextEdition,
  roundStateAt,
  roundStates,
  submissionStates,
  takeRoundStep,
  takesReturn,
  takeSubmissionStep,
  type RoundStep,
  type SubmissionStep,
} from './state';

const round = { state: null, opens: '2025-07-01', closes: '2025-07-31', closedEarlyAt: null, checkUntil: null };

test.each([
  ['2025-06-30T22:59:59Z', 'scheduled'],
  ['2025-06-30T23:00:00Z', 'open'],
  ['2025-07-31T22:59:59Z', 'open'],
  ['2025-07-31T23:00:00Z', 'closed'],
])('a round opens and closes at London midnight: %s is %s', (moment, state) => {
  expect(roundStateAt(round, new Date(moment))).toBe(state);
});

test('a round can be closed early, and what came after its dates is said by its own state', () => {
  const early = { ...round, closedEarlyAt: new Date('2025-07-10T09:00:00Z') };
  expect(roundStateAt(early, new Date('2025-07-10T08:59:59Z'))).toBe('open');
  expect(roundStateAt(early, new Date('2025-07-10T09:00:00Z'))).toBe('closed');
  expect(roundStateAt({ ...round, state: 'held' }, new Date('2025-07-10T09:00:00Z'))).toBe('held');
});

test.each([
  ['published', 'provisional', 'revised', true],
  ['published', 'provisional', 'final', true],
  ['published', 'provisional', 'provisional', false],
  ['published', 'revised', 'revised', true],
  ['published', 'revised', 'provisional', false],
  ['published', 'final', 'final', false],
  ['held', 'provisional', 'provisional', true],
  ['held', 'final', 'final', true],
  ['held', 'revised', 'provisional', false],
] as const)('a round that was %s as %s opens again for a %s edition: %s', (state, last, asked, may) => {
  const open = () => nextEdition(state, last, asked);
  if (may) expect(open()).toBe(asked);
  else expect(open).toThrow(expect.objectContaining({ code: 'ROUND_EDITION' }));
});

test('what was withdrawn may be published again as the same edition, the final one too', () => {
  expect(nextEdition('published', 'final', 'final', true)).toBe('final');
  expect(nextEdition('published', 'provisional', 'provisional', true)).toBe('provisional');
  expect(() => nextEdition('published', 'final', 'revised', true)).toThrow(
    expect.objectContaining({ code: 'ROUND_EDITION' }),
  );
});

test('no edition follows while the round has not come to an end', () => {
  for (const state of ['scheduled', 'open', 'closed', 'checked', 'compiling'] as const)
    expect(() => nextEdition(state, 'provisional', 'revised')).toThrow(
      expect.objectContaining({ code: 'ROUND_NOT_CLOSED' }),
    );
});

test('a round goes its one way', () => {
  const way: RoundStep[] = ['open', 'close', 'check', 'compile', 'publish'];
  expect(way.reduce(takeRoundStep, roundStates[0])).toBe('published');
  expect(takeRoundStep(takeRoundStep('compiling', 'hold'), 'reopen')).toBe('open');
  expect(() => takeRoundStep('open', 'check')).toThrow(expect.objectContaining({ code: 'ROUND_NOT_CLOSED' }));
  const facts = { state: 'published', expected: 'a closed round, whose next edition has not been published yet' };
  expect(() => takeRoundStep('published', 'check')).toThrow(
    expect.objectContaining({ code: 'ROUND_NOT_CLOSED', facts }),
  );
  expect(() => takeRoundStep('scheduled', 'close')).toThrow(expect.objectContaining({ code: 'ROUND_NOT_OPEN' }));
});

test('a submission takes these steps and no others', () => {
  const steps: SubmissionStep[] = ['signOff', 'supersede', 'withdraw', 'lapse'];
  const table = submissionStates.flatMap((from) =>
    steps.flatMap((step) => {
      try {
        return [`${from} ${step} ${takeSubmissionStep(from, step)}`];
      } catch (error) {
        expect(error).toMatchObject({ code: 'SUBMISSION_STEP_REFUSED', facts: { from, step } });
        return [];
      }
    }),
  );
  expect(table).toEqual([
    'awaitingSignOff signOff accepted',
    'awaitingSignOff supersede superseded',
    'awaitingSignOff withdraw withdrawn',
    'awaitingSignOff lapse lapsed',
    'accepted supersede superseded',
    'accepted withdraw withdrawn',
  ]);
});

test.each([
  ['open, without an exception', {}, null, '2025-07-31T22:59:59Z', true],
  ['closed, without one', {}, null, '2025-07-31T23:00:00Z', false],
  ['closed, on the last day of one', {}, '2025-08-05', '2025-08-05T22:59:59Z', true],
  ['closed, after the last day of one', {}, '2025-08-05', '2025-08-05T23:00:00Z', false],
  [
    'closed early, with one',
    { closedEarlyAt: new Date('2025-07-10T09:00:00Z') },
    '2025-07-20',
    '2025-07-12T09:00:00Z',
    true,
  ],
  ['not open yet, with one', {}, '2025-08-05', '2025-06-30T12:00:00Z', false],
  ['compiling, with one', { state: 'compiling' as const }, '2025-08-05', '2025-08-04T09:00:00Z', false],
  ['held, with one', { state: 'held' as const }, '2025-08-05', '2025-08-04T09:00:00Z', false],
  ['published, with one', { state: 'published' as const }, '2025-08-05', '2025-08-04T09:00:00Z', false],
])('a round takes a return by its state and the authority’s exception: %s', (_what, change, until, now, taken) => {
  expect(takesReturn({ ...round, ...change }, { until, reported: false }, new Date(now))).toBe(taken);
});

describe('the check window', () => {
  const checking = { ...round, checkUntil: '2025-08-05' };
  const [within, over] = [new Date('2025-08-05T22:59:59Z'), new Date('2025-08-05T23:00:00Z')];
  test('follows the end of the round and ends at London midnight: then the round is checked', () => {
    expect([within, over].map((now) => roundStateAt(checking, now))).toEqual(['closed', 'checked']);
    expect([within, over].map((now) => isBeingChecked(checking, now))).toEqual([true, false]);
    const open = new Date('2025-07-31T22:59:59Z');
    expect([roundStateAt(checking, open), isBeingChecked(checking, open)]).toEqual(['open', false]);
    expect(isBeingChecked(round, within)).toBe(false);
  });
  test('follows an early end too', () => {
    const early = { ...checking, closedEarlyAt: new Date('2025-07-10T09:00:00Z') };
    expect(isBeingChecked(early, new Date('2025-07-11T09:00:00Z'))).toBe(true);
  });
  test('takes what mends a return, and no first one', () => {
    const taken = (now: Date, reported: boolean, until: string | null = null) =>
      takesReturn(checking, { until, reported }, now);
    expect([taken(within, true), taken(within, false), taken(over, true)]).toEqual([true, false, false]);
    expect([taken(within, false, '2025-08-06'), taken(over, false, '2025-08-06')]).toEqual([true, true]);
  });
  test('that a lead has ended takes nothing more', () => {
    const ended = { ...checking, state: 'checked' as const };
    expect(takesReturn(ended, { until: '2025-08-06', reported: true }, within)).toBe(false);
  });
});
