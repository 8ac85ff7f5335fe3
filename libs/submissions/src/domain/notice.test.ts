import { noticeText, reminderAt, withdrawnText, type NoticeFacts } from './notice';

const dates = { due: '2026-10-22', closes: '2026-10-29' };

test.each([
  ['2026-10-15T07:59:59Z', undefined],
  ['2026-10-15T08:00:00Z', 'beforeDue'],
  ['2026-10-23T07:59:59Z', 'beforeDue'],
  ['2026-10-23T08:00:00Z', 'afterDue'],
  // The clocks have gone back on the 25th.
  ['2026-10-28T08:59:59Z', 'afterDue'],
  ['2026-10-28T09:00:00Z', 'beforeEnd'],
])('at %s the newest reminder is %s', (moment, kind) => {
  expect(reminderAt(dates, new Date(moment))).toBe(kind);
});

test('a reminder names the return and its dates, and holds no other number', () => {
  const facts: NoticeFacts = {
    kind: 'beforeDue',
    authority: 'Hartlepool',
    region: 'North East',
    dataset: 'Safeguarding children: the quarter',
    period: '2026-Q2',
    ...dates,
  };
  const { subject, text } = noticeText(facts);
  expect(subject).toBe('The return for 2026-Q2 is due on 2026-10-22: Safeguarding children: the quarter');
  expect(text).toContain('The hub of North East has no return of Hartlepool yet.');
  expect(text.replaceAll(facts.period, '').replaceAll(facts.due, '').replaceAll(facts.closes, '')).not.toMatch(/\d/);
  expect(noticeText({ ...facts, kind: 'afterDue' }).subject).toContain('was due on 2026-10-22');
  expect(noticeText({ ...facts, kind: 'beforeEnd' }).subject).toContain('is taken until the end of 2026-10-29');
});

test('the mail about a withdrawal says of what, since when and why, and holds no other number', () => {
  const facts = {
    authority: 'Hartlepool',
    region: 'North East',
    dataset: 'Safeguarding children: the quarter',
    period: '2026-Q2',
    on: '2026-11-02',
    because: 'some of its figures are wrong',
  };
  const { subject, text } = withdrawnText(facts);
  expect(subject).toBe('Withdrawn: Safeguarding children: the quarter for 2026-Q2');
  expect(text).toContain('stands, on 2026-11-02, because some of its figures are wrong.');
  expect(text.replaceAll(facts.period, '').replaceAll(facts.on, '')).not.toMatch(/\d/);
});
