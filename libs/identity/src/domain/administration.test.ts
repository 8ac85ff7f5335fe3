import * as fc from 'fast-check';
import { Refusal } from '@hub/kernel';
import { codeOf } from '../../../../test/support/refusal';
import {
  administeredRoles,
  decideAsLead,
  endDate,
  mayAdminister,
  mayEnd,
  nameOf,
  roleDates,
  type Dates,
  type Organisation,
} from './administration';
import { roles, type HeldRole, type Member, type Role } from './member';

const NORTH_EAST = 'E12000001';
const WEST_MIDLANDS = 'E12000005';
const HARTLEPOOL = 'E06000001';
const hub: Organisation = { code: 'hub', kind: 'hub', regions: [] };
const northEast: Organisation = { code: NORTH_EAST, kind: 'region', regions: [NORTH_EAST] };
const westMidlands: Organisation = { code: WEST_MIDLANDS, kind: 'region', regions: [WEST_MIDLANDS] };
const hartlepool: Organisation = { code: HARTLEPOOL, kind: 'authority', regions: [NORTH_EAST] };
const stockton: Organisation = { code: 'E06000004', kind: 'authority', regions: [NORTH_EAST] };
const birmingham: Organisation = { code: 'E08000025', kind: 'authority', regions: [WEST_MIDLANDS] };
const abolished: Organisation = { code: 'E10000006', kind: 'authority', regions: [] };
const tees: Organisation = { code: 'brd-tees', kind: 'board', regions: [NORTH_EAST] };
const blackCountry: Organisation = { code: 'brd-black-country', kind: 'board', regions: [WEST_MIDLANDS] };
const police: Organisation = { code: 'agy-police', kind: 'agency', regions: [NORTH_EAST, WEST_MIDLANDS] };
const organisations = [
  hub,
  northEast,
  westMidlands,
  hartlepool,
  stockton,
  birmingham,
  abolished,
  tees,
  blackCountry,
  police,
];

const held = (role: Role, of: string): HeldRole => ({ role, of, authorities: [], regions: [] });
const who = (...of: [Role, string][]): Member => ({ id: '1', roles: of.map(([role, code]) => held(role, code)) });

/** `permitted`, or the code of the refusal. */
const asked = (member: Member, role: Role, organisation: Organisation | null): string =>
  codeOf(() => mayAdminister(member, role, organisation)) ?? 'permitted';
/** Every role and organisation that the member may appoint to. */
const all = (member: Member): string[] =>
  organisations.flatMap((organisation) =>
    roles
      .filter((role) => asked(member, role, organisation) === 'permitted')
      .map((role) => `${role}@${organisation.code}`),
  );

describe('who appoints whom', () => {
  test('a steward of the hub begins a hub: leads of any region, stewards and auditors, and nobody else', () => {
    expect(all(who(['steward', 'hub']))).toEqual([
      'steward@hub',
      'auditor@hub',
      `regional-lead@${NORTH_EAST}`,
      `regional-lead@${WEST_MIDLANDS}`,
    ]);
  });

  test('a lead administers the own region: deputies, approvers, chairs and partners', () => {
    expect(all(who(['regional-lead', NORTH_EAST]))).toEqual([
      `regional-lead@${NORTH_EAST}`,
      `authority-approver@${HARTLEPOOL}`,
      'authority-approver@E06000004',
      'board-chair@brd-tees',
      'agency-partner@agy-police',
    ]);
  });

  test('an approver administers the own authority', () => {
    expect(all(who(['authority-approver', HARTLEPOOL]))).toEqual(
      ['authority-system', 'authority-analyst', 'authority-approver', 'elected-member', 'scrutineer'].map(
        (role) => `${role}@${HARTLEPOOL}`,
      ),
    );
  });

  test.each(roles.filter((role) => !['steward', 'regional-lead', 'authority-approver'].includes(role)))(
    'a %s appoints nobody, whatever it belongs to',
    (role) => {
      for (const { code } of organisations) {
        expect(all(who([role, code]))).toEqual([]);
        expect(asked(who([role, code]), 'authority-analyst', hartlepool)).toBe('NOT_FOR_THIS_ROLE');
      }
    },
  );

  test('a steward of a region is not one of the hub', () => {
    expect(all(who(['steward', NORTH_EAST]))).toEqual([]);
  });

  test.each<[string, Member, Role, Organisation | null]>([
    ['an approver of another authority', who(['authority-approver', 'E06000004']), 'authority-analyst', hartlepool],
    ['a lead of another region', who(['regional-lead', WEST_MIDLANDS]), 'authority-approver', hartlepool],
    ['a lead, for the lead of another region', who(['regional-lead', WEST_MIDLANDS]), 'regional-lead', northEast],
    [
      'a lead, for a board without an area in the region',
      who(['regional-lead', NORTH_EAST]),
      'board-chair',
      blackCountry,
    ],
    [
      'a lead, for an authority that lies nowhere any more',
      who(['regional-lead', NORTH_EAST]),
      'authority-approver',
      abolished,
    ],
    ['an organisation that does not exist', who(['steward', 'hub']), 'steward', null],
  ])('%s: absent, for it lies outside', (_what, member, role, organisation) => {
    expect(asked(member, role, organisation)).toBe('ORGANISATION_ABSENT');
  });

  test('a role that the administrator does not give there is refused with those that it gives', () => {
    expect(asked(who(['regional-lead', NORTH_EAST]), 'authority-analyst', hartlepool)).toBe('NOT_FOR_THIS_ROLE');
    expect(() => mayAdminister(who(['regional-lead', NORTH_EAST]), 'authority-analyst', hartlepool)).toThrow(
      expect.objectContaining({ facts: { expected: 'authority-approver' } }),
    );
    expect(asked(who(['steward', 'hub']), 'board-chair', northEast)).toBe('NOT_FOR_THIS_ROLE');
  });

  test('roles add up', () => {
    const both = who(['regional-lead', NORTH_EAST], ['steward', 'hub']);
    expect(new Set(all(both))).toEqual(
      new Set([...all(who(['regional-lead', NORTH_EAST])), ...all(who(['steward', 'hub']))]),
    );
  });
});

describe('a lead and the own authority', () => {
  test.each(['authority-analyst', 'authority-system'] as const)(
    'an %s of it leaves its approvers to the deputy',
    (role) => {
      const lead = who(['regional-lead', NORTH_EAST], [role, HARTLEPOOL]);
      expect(asked(lead, 'authority-approver', hartlepool)).toBe('LEAD_OWN_AUTHORITY');
      expect(asked(lead, 'authority-approver', stockton)).toBe('permitted');
      expect(asked(lead, 'regional-lead', northEast)).toBe('permitted');
      expect(() => administeredRoles(lead, hartlepool)).toThrow(
        expect.objectContaining({ code: 'LEAD_OWN_AUTHORITY' }),
      );
    },
  );

  test('who is its approver besides appoints as its approver', () => {
    const lead = who(['regional-lead', NORTH_EAST], ['authority-approver', HARTLEPOOL]);
    expect(asked(lead, 'authority-approver', hartlepool)).toBe('permitted');
  });

  test('an elected member or scrutineer does not work with its figures', () => {
    const lead = who(['regional-lead', NORTH_EAST], ['elected-member', HARTLEPOOL], ['scrutineer', HARTLEPOOL]);
    expect(() => decideAsLead(lead, [HARTLEPOOL])).not.toThrow();
    expect(asked(lead, 'authority-approver', hartlepool)).toBe('permitted');
  });

  test('what concerns several authorities concerns the own one among them', () => {
    const lead = who(['regional-lead', NORTH_EAST], ['authority-approver', HARTLEPOOL]);
    expect(() => decideAsLead(lead, ['E06000004', HARTLEPOOL])).toThrow(new Refusal('LEAD_OWN_AUTHORITY'));
    expect(() => decideAsLead(lead, ['E06000004'])).not.toThrow();
    expect(() => decideAsLead(lead, [])).not.toThrow();
  });
});

describe('the dates of a role', () => {
  const today = '2026-11-24';
  test('are half-open, and begin today when nothing is said', () => {
    expect(roleDates(null, null, today)).toEqual({ from: today, until: null });
    expect(roleDates('2026-12-01', '2026-12-02', today)).toEqual({ from: '2026-12-01', until: '2026-12-02' });
    expect(endDate(today, today)).toBe(today);
  });
  test.each<[string, () => unknown]>([
    ['an end on the first day', () => roleDates('2026-12-01', '2026-12-01', today)],
    ['an end before the first day', () => roleDates('2026-12-02', '2026-12-01', today)],
    ['an end before today', () => roleDates(null, '2026-11-23', today)],
    ['a beginning before today', () => roleDates('2026-11-23', null, today)],
    ['an end in the past', () => endDate('2026-11-23', today)],
  ])('%s is refused', (_what, dates) => {
    expect(dates).toThrow(expect.objectContaining({ code: 'MEMBER_DATES' }));
  });
});

describe('the last administrator', () => {
  const on = '2026-06-01';
  const remains = (...others: Dates[]): boolean => {
    const code = codeOf(() => mayEnd('authority-approver', on, others));
    expect([null, 'MEMBER_LAST_ADMINISTRATOR']).toContain(code);
    return code === null;
  };
  test.each<[string, boolean, Dates[]]>([
    ['nobody else', false, []],
    ['another without an end', true, [{ from: '2020-01-01', until: null }]],
    ['another who begins on that very day', true, [{ from: on, until: null }]],
    ['another who begins a day later', false, [{ from: '2026-06-02', until: null }]],
    ['another who ends in the future', false, [{ from: '2020-01-01', until: '2030-01-01' }]],
    [
      'two who follow each other without a gap',
      true,
      [
        { from: '2027-01-01', until: null },
        { from: '2020-01-01', until: '2027-01-01' },
      ],
    ],
    [
      'two who leave a day between them',
      false,
      [
        { from: '2020-01-01', until: '2027-01-01' },
        { from: '2027-01-02', until: null },
      ],
    ],
    ['another who has ended', false, [{ from: '2020-01-01', until: on }]],
  ])('%s: %p', (_what, expected, others) => {
    expect(remains(...others)).toBe(expected);
  });

  test('only the roles that appoint are indispensable', () => {
    for (const role of roles) {
      const isNeeded = ['steward', 'regional-lead', 'authority-approver'].includes(role);
      const end = () => mayEnd(role, on, []);
      if (isNeeded) expect(end).toThrow(Refusal);
      else expect(end).not.toThrow();
    }
  });

  test('is somebody else on every later day, day by day', () => {
    const day = (offset: number) => new Date(Date.UTC(2026, 5, 1 + offset)).toISOString().slice(0, 10);
    const date = fc.integer({ min: -5, max: 12 });
    const range = fc
      .tuple(date, fc.option(date, { nil: null }))
      .filter(([from, until]) => until === null || from < until);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
        const others = ranges.map(([from, until]) => ({ from: day(from), until: until === null ? null : day(until) }));
        // 14 days on nobody's role ends any more.
        const everyDay = Array.from({ length: 15 }, (_, i) => i).every((i) =>
          ranges.some(([from, until]) => from <= i && (until === null || i < until)),
        );
        expect(remains(...others)).toBe(everyDay);
      }),
    );
  });
});

test('a name is one line of what is seen: nothing in it hides from whoever reads it', () => {
  expect(nameOf(' Ms Ada O’Neill ')).toBe('Ms Ada O’Neill');
  const unseen = [
    'Ada\u3164',
    'Ada\u034fNeill',
    'Ada\u2066Neill',
    'Ada\nNeill',
    'Ada\tNeill',
    'Ada\ue000',
    'Ada\u2028Neill',
  ];
  for (const text of ['', ' ', 'a'.repeat(201), ...unseen]) expect(() => nameOf(text)).toThrow(Refusal);
});
