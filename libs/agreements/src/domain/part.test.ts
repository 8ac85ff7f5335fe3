import type { Member } from '@hub/identity/domain';
import { parseRegionCode } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import { hasPart, partsOf, take, withdraw } from './index';

const [northEast, westMidlands] = ['E12000001', 'E12000005'].map(parseRegionCode) as [never, never];
/** Of two regions and two parties; read by a board, and by a third region. */
const document = anAgreement.documentBetween([hartlepool, middlesbrough], {
  regions: [northEast, westMidlands],
  audience: [
    { of: 'brd-tees', roles: ['board-chair'], presentation: 'named' },
    { of: 'E12000009', roles: ['regional-lead'], presentation: 'named' },
  ],
});
type Held = Member['roles'][number];
const held = (change: Partial<Held>): Held =>
  ({ role: 'authority-analyst', of: 'elsewhere', regions: [], authorities: [], ...change }) as Held;
const has = (...roles: Held[]) => hasPart({ id: 'somebody', roles }, document);

test.each<[who: string, expected: boolean, role: Held]>([
  ['who belongs to the first region', true, held({ regions: [northEast] })],
  ['who belongs to another region of it', true, held({ regions: ['E12000003', westMidlands] as never })],
  ['who acts for a party, wherever that lies', true, held({ authorities: [middlesbrough] as never })],
  ['who acts for several, a party among them', true, held({ authorities: [stockton, hartlepool] as never })],
  ['the board of the audience', true, held({ role: 'board-chair', of: 'brd-tees' })],
  ['a member of a region of the audience', true, held({ regions: ['E12000009'] as never })],
  ['who acts for somebody else', false, held({ authorities: [redcar] as never })],
  ['another region', false, held({ regions: ['E12000003'] as never })],
  ['another board', false, held({ role: 'board-chair', of: 'brd-durham' })],
  [
    'a steward, of everything',
    false,
    held({ role: 'steward', of: 'brd-tees', regions: [northEast], authorities: [hartlepool] as never }),
  ],
  [
    'an auditor, of everything',
    false,
    held({ role: 'auditor', of: 'brd-tees', regions: [northEast], authorities: [hartlepool] as never }),
  ],
])('%s: %s', (_who, expected, role) => expect(has(role)).toBe(expected));

test('one role of several is enough; no role and nobody is none', () => {
  expect(has(held({}), held({ regions: [northEast] }))).toBe(true);
  expect(has(held({ role: 'steward', regions: [northEast] }), held({}))).toBe(false);
  expect(has()).toBe(false);
  expect(hasPart(null, document)).toBe(false);
});

describe('what an authority is a party of', () => {
  const until = '2030-04-01';
  const agreement = anAgreement.inForceBetween(hartlepool, middlesbrough);
  const part = { id: agreement.document.id, version: 1, since: '2022-04-01', until };
  const today = '2025-07-01';

  test('is every agreement in force that names it, since the day on which the version held', () => {
    expect(partsOf([agreement], hartlepool, today)).toEqual([part]);
    expect(partsOf([agreement], redcar, today)).toEqual([]);
    expect(partsOf([], hartlepool, today)).toEqual([]);
    const other = anAgreement.inForce({ ...agreement.document, id: 'another-one' });
    expect(partsOf([agreement, other], hartlepool, today).map(({ id }) => id)).toEqual([part.id, 'another-one']);
    expect(partsOf([{ ...agreement, concludedOn: '2022-06-09' }], hartlepool, today)).toEqual([
      { ...part, since: '2022-06-09' },
    ]);
  });

  test('is none that does not bind on that day', () => {
    expect(partsOf([anAgreement.proposedTo(hartlepool)], hartlepool, today)).toEqual([]);
    expect(partsOf([take(agreement, 'suspend')], hartlepool, today)).toEqual([]);
    expect(partsOf([agreement], hartlepool, '2022-03-31')).toEqual([]);
    expect(partsOf([agreement], hartlepool, until)).toEqual([]);
    expect(partsOf([{ ...agreement, successorFrom: '2025-01-01' }], hartlepool, today)).toEqual([]);
  });

  test('ends with its own notice, for it alone', () => {
    const left = withdraw(agreement, hartlepool, '2025-08-01', today);
    expect(partsOf([left], hartlepool, today)).toEqual([{ ...part, until: '2025-08-01' }]);
    expect(partsOf([left], hartlepool, '2025-08-01')).toEqual([]);
    expect(partsOf([left], middlesbrough, today)).toEqual([part]);
  });
});
