import { holds, readingRoles, someone, someoneAs, type Member } from './member';

const lead: Member = {
  id: '1',
  roles: [{ role: 'regional-lead', of: 'E12000001', authorities: [], regions: ['E12000001'] }],
};
const steward: Member = {
  id: '2',
  roles: [{ role: 'steward', of: 'E12000001', authorities: [], regions: ['E12000001'] }],
};
const chair: Member = {
  id: '3',
  roles: [{ role: 'board-chair', of: 'brd-tees', authorities: ['E06000001', 'E06000002'], regions: ['E12000001'] }],
};

test('a region is read in the roles that reach it, and a stranger has none', () => {
  expect(readingRoles(lead, 'E12000001')).toEqual(['regional-lead']);
  expect(readingRoles(chair, 'E12000001')).toEqual(['board-chair']);
  expect(readingRoles(lead, 'E12000005')).toEqual([]);
  expect(readingRoles(null, 'E12000001')).toEqual([]);
});

test('a steward reads no figures, even in its own region', () => {
  expect(readingRoles(steward, 'E12000001')).toEqual([]);
});

test('a role counts for its own organisation alone', () => {
  expect(holds(lead, ['regional-lead'], 'E12000001')).toBe(true);
  expect(holds(lead, ['regional-lead'], 'E12000005')).toBe(false);
  expect(holds(chair, ['regional-lead'], 'brd-tees')).toBe(false);
});

test('nobody, and somebody in another role, are told so', () => {
  expect(() => someone(null)).toThrow(expect.objectContaining({ code: 'TOKEN_MISSING' }));
  expect(() => someoneAs(chair, ['regional-lead'])).toThrow(expect.objectContaining({ code: 'NOT_FOR_THIS_ROLE' }));
  expect(someoneAs(lead, ['regional-lead', 'board-chair'])).toBe(lead);
});
