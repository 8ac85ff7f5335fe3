import { faultsOf, type Attempt, type Found } from '../support/history';

/** The checker of the faults suite, against histories that hold and histories in which a fault was planted. */

const attempt = (
  what: string,
  invoked: number,
  ended: number,
  outcome: Attempt['outcome'],
  answer?: string,
): Attempt => ({
  client: 'one',
  what,
  invoked,
  ended,
  outcome,
  ...(answer === undefined ? {} : { answer }),
});
const found = (what: string, place: number, answer = `receipt of ${what}`): Found => ({ what, place, answer });

const history: Attempt[] = [
  attempt('a', 1, 4, 'ok', 'receipt of a'),
  attempt('b', 2, 5, 'unknown'),
  attempt('b', 6, 7, 'ok', 'receipt of b'),
  attempt('c', 8, 9, 'unknown'),
  attempt('d', 8, 10, 'unknown'),
  attempt('e', 10, 11, 'refused'),
  attempt('f', 12, 13, 'ok', 'receipt of f'),
  attempt('f', 14, 15, 'ok', 'receipt of f'),
];
// b overtakes a, as it may; c went in unseen, d did not.
const there: Found[] = [found('b', 0), found('a', 1), found('c', 2), found('f', 3)];

test('a history in which some is unknown, retried and overtaken holds', () => {
  expect(faultsOf(history, there)).toEqual([]);
  expect(faultsOf([], [])).toEqual([]);
});

test.each<[fault: string, found: Found[], said: RegExp]>([
  ['lost', there.filter(({ what }) => what !== 'a'), /^a was acknowledged and is lost$/],
  ['doubled', [...there, found('b', 4)], /^b is there 2 times$/],
  ['doubled where it was unknown', [...there, found('c', 4)], /^c is there 2 times$/],
  [
    'two at one place',
    there.map((one) => (one.what === 'f' ? { ...one, place: 2 } : one)),
    /^2 things stand at place 2$/,
  ],
  [
    'another receipt',
    there.map((one) => (one.what === 'a' ? { ...one, answer: 'x' } : one)),
    /^a was acknowledged with another answer$/,
  ],
  ['refused and kept', [...there, found('e', 4)], /^e was refused and is there$/],
  ['out of nothing', [...there, found('g', 4)], /^g is there, and nobody asked for it$/],
  [
    'put before what was acknowledged',
    [found('b', 0), found('c', 1), found('f', 2), found('a', 3)],
    /^c was asked for after a, and stands before it$/,
  ],
])('%s is found', (_fault, planted, said) => {
  expect(faultsOf(history, planted)).toContainEqual(expect.stringMatching(said));
});

test('a retry that got another receipt is found, even where one of them is there', () => {
  const forked = [...history, attempt('f', 16, 17, 'ok', 'another receipt')];
  expect(faultsOf(forked, there)).toEqual(['f was acknowledged with 2 different answers']);
});

test('what was refused after a try that had gone in unseen is found: the hub should have known it again', () => {
  expect(faultsOf([...history, attempt('c', 18, 19, 'refused')], there)).toEqual(['c was refused and is there']);
});
