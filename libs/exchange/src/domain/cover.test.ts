import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draft, parseAgreement, propose, sign, take, withdraw, type Agreement } from '@hub/agreements/domain';
import { contractsFolder } from '@hub/contracts';
import { boardsSeen, coversOf, type Acting } from './cover';

const today = '2026-05-01';
const example = (name: string, more: object = {}) =>
  parseAgreement({
    ...(JSON.parse(readFileSync(join(contractsFolder, 'agreements', `${name}.json`), 'utf8')) as object),
    ...more,
  });
const inForce = (document: Agreement['document']) =>
  document.parties.reduce((one, { authority }) => sign(one, authority, today), propose(draft(document)));

const northEast = inForce(example('north-east-benchmarking.v1'));
const view = example('north-east-west-midlands-view.v1');
const boards = [
  { code: 'brd-tees', areas: ['E06000001', 'E06000004'] },
  { code: 'brd-durham', areas: ['E06000047'] },
  { code: 'brd-black-country', areas: ['E08000027', 'E08000028'] },
  { code: 'brd-london', areas: ['E09000001'] },
  { code: 'brd-empty', areas: [] },
];
const tees: Acting = {
  of: 'brd-tees',
  roles: ['board-chair'],
  areas: boards[0]!.areas,
  regions: ['E12000001'],
  boards: ['brd-tees'],
};
const seen = (agreements: readonly Agreement[], acting = tees) =>
  boardsSeen(coversOf(agreements, acting, today), acting, boards);

test('boards of one region see each other under its agreement, and those of two once the parties of both have signed', () => {
  expect(seen([northEast])).toEqual(['brd-tees', 'brd-durham']);
  const proposed = view.parties
    .slice(1)
    .reduce((one, { authority }) => sign(one, authority, today), propose(draft(view)));
  expect(seen([northEast, proposed])).toEqual(['brd-tees', 'brd-durham']);
  expect(seen([northEast, inForce(view)])).toEqual(['brd-tees', 'brd-durham', 'brd-black-country']);
});

test('a suspended agreement, another role, another place, and an area that has left cover nothing', () => {
  expect(seen([take(northEast, 'suspend')])).toEqual([]);
  expect(seen([northEast], { ...tees, roles: ['steward'] })).toEqual([]);
  expect(seen([northEast], { ...tees, of: 'brd-x', regions: [], boards: [] })).toEqual([]);
  const left = withdraw(inForce(view), 'E06000004' as never, today, today);
  expect(seen([left])).toEqual([]);
  const without = withdraw(northEast, 'E06000047' as never, '2026-07-30', today);
  expect(boardsSeen(coversOf([without], tees, '2026-07-29'), tees, boards)).toEqual(['brd-tees', 'brd-durham']);
  expect(boardsSeen(coversOf([without], tees, '2026-07-30'), tees, boards)).toEqual(['brd-tees']);
});
