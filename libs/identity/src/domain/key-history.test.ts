import * as fc from 'fast-check';
import { Refusal } from '@hub/kernel';
import { assertGoodAt, endOfOverlap, keyStateAt, parseReason, wasGoodAt, type KeyHistory } from './key-history';

const day = (text: string) => new Date(`2025-${text}T12:00:00.000Z`);
const never: KeyHistory = { approvedAt: null, until: null, revokedAt: null };
const good = { ...never, approvedAt: day('03-01') };

test.each<[string, KeyHistory, string, string]>([
  ['waits for its second person', never, '03-01', 'pending'],
  ['is not good before that person has spoken', good, '02-28', 'pending'],
  ['is good from the very moment of approval', good, '03-01', 'active'],
  ['is good as long as nothing ends it', good, '12-31', 'active'],
  [
    'is good until the moment at which another has taken its place',
    { ...good, until: day('06-01') },
    '05-31',
    'active',
  ],
  ['is retired from that moment on', { ...good, until: day('06-01') }, '06-01', 'retired'],
  ['was good before it was revoked', { ...good, revokedAt: day('06-01') }, '05-31', 'active'],
  ['is revoked from the moment of revocation on', { ...good, revokedAt: day('06-01') }, '06-01', 'revoked'],
  ['may be revoked within its overlap', { ...good, until: day('06-01'), revokedAt: day('05-01') }, '05-15', 'revoked'],
  ['may be revoked after its end', { ...good, until: day('05-01'), revokedAt: day('06-01') }, '05-15', 'retired'],
  [
    'is never good when it was revoked before anybody approved it',
    { ...never, revokedAt: day('02-01') },
    '03-01',
    'revoked',
  ],
])('a key %s', (_what, key, at, state) => expect(keyStateAt(key, day(at))).toBe(state));

test('the old key works for thirty days beside the new one', () => {
  expect(endOfOverlap(new Date('2025-03-15T09:30:00.123Z'))).toEqual(new Date('2025-04-14T09:30:00.123Z'));
});

const instant = fc.integer({ min: 0, max: 40 }).map((ms) => new Date(ms));
const moment = fc.option(instant);
const history = fc.record({ approvedAt: moment, until: moment, revokedAt: moment });

test('good is one half-open stretch: from approval to the earlier of retirement and revocation', () => {
  fc.assert(
    fc.property(history, instant, (key, at) => {
      const ends = [key.until, key.revokedAt].flatMap((end) => (end ? [end.getTime()] : []));
      const inside =
        key.approvedAt !== null &&
        at.getTime() >= key.approvedAt.getTime() &&
        at.getTime() < Math.min(...ends, Infinity);
      expect(wasGoodAt(key, at)).toBe(inside);
    }),
  );
});

test('what is written later about a key never changes what it was before', () => {
  fc.assert(
    fc.property(
      history,
      instant,
      instant,
      fc.constantFrom('approvedAt', 'until', 'revokedAt'),
      (key, at, then, what) => {
        fc.pre(key[what as keyof KeyHistory] === null && at < then);
        expect(keyStateAt({ ...key, [what]: then }, at)).toBe(keyStateAt(key, at));
      },
    ),
  );
});

test('a key that has ended is never good again', () => {
  fc.assert(
    fc.property(history, instant, instant, (key, at, later) => {
      fc.pre(at < later && ['retired', 'revoked'].includes(keyStateAt(key, at)));
      expect(wasGoodAt(key, later)).toBe(false);
    }),
  );
});

const codeOf = (key: (KeyHistory & { kid: string }) | null | undefined, at: Date) => {
  try {
    assertGoodAt(key, at);
    return 'good';
  } catch (error) {
    return [(error as Refusal).code, (error as Refusal).facts['kid']];
  }
};
test.each<[string, KeyHistory | null | undefined, unknown]>([
  ['none', null, ['KEY_UNKNOWN', undefined]],
  ['none at all', undefined, ['KEY_UNKNOWN', undefined]],
  ['a pending one, whose name is not told', never, ['KEY_UNKNOWN', undefined]],
  ['an active one', good, 'good'],
  ['a retired one', { ...good, until: day('05-01') }, ['KEY_RETIRED', 'a']],
  ['a revoked one', { ...good, revokedAt: day('05-01') }, ['KEY_REVOKED', 'a']],
])('a signature by a key: %s', (_what, key, code) =>
  expect(codeOf(key && { ...key, kid: 'a' }, day('05-01'))).toEqual(code),
);

test.each<[string, string]>([
  ['nothing', ''],
  ['blanks', ' \t'],
  ['more than 500 characters', 'a'.repeat(501)],
  ['a line break', 'lost\nlaptop'],
  ['an escape', 'lost \u001b[2J'],
  ['a null', 'lost\u0000'],
  ['what turns the direction of writing', 'lost \u202e laptop'],
  ['half a character', 'lost \ud800'],
])('no reason: %s', (_what, text) => expect(() => parseReason(text)).toThrow(Refusal));

test.each(['x', '  lost laptop ', '🔑'.repeat(500), 'Gestohlen, am 3. März'])('a reason: %s', (text) =>
  expect(parseReason(text)).toBe(text),
);
