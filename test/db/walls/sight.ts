import type { Login } from '@hub/platform';
import {
  type Asker,
  BIRMINGHAM,
  HARTLEPOOL,
  MIDDLESBROUGH,
  NORTH_EAST,
  people,
  type Person,
  WEST_MIDLANDS,
} from './people';

/** What each of them sees; who is not named sees nothing. */
export type Seen = Partial<Record<Asker, readonly string[]>> | 'all';

export const inRegion = (northEast: readonly string[], westMidlands: readonly string[]): Seen => ({
  leadNorthEast: northEast,
  systemHartlepool: northEast,
  analystHartlepool: northEast,
  approverHartlepool: northEast,
  systemMiddlesbrough: northEast,
  electedHartlepool: northEast,
  chairTees: northEast,
  leadWestMidlands: westMidlands,
  systemBirmingham: westMidlands,
  approverBirmingham: westMidlands,
  policeWestMidlands: westMidlands,
});
export const regional = inRegion([NORTH_EAST], [WEST_MIDLANDS]);
/** The same, of rows that say more than their region: what else each of them says. */
const inRegions = (...more: string[]): Seen =>
  inRegion(
    more.map((text) => `${NORTH_EAST} ${text}`),
    more.map((text) => `${WEST_MIDLANDS} ${text}`),
  );
export const ofOwnAuthority: Seen = {
  systemHartlepool: [HARTLEPOOL],
  analystHartlepool: [HARTLEPOOL],
  approverHartlepool: [HARTLEPOOL],
  systemMiddlesbrough: [MIDDLESBROUGH],
  systemBirmingham: [BIRMINGHAM],
  approverBirmingham: [BIRMINGHAM],
};
export const ofOwnApprovers: Seen = { approverHartlepool: [HARTLEPOOL], approverBirmingham: [BIRMINGHAM] };
/** How returns stand: the own one, and for a lead those of the region. */
export const ofOwnAuthorityAndLeads: Seen = {
  ...(ofOwnAuthority as object),
  leadNorthEast: [HARTLEPOOL, MIDDLESBROUGH],
  leadWestMidlands: [BIRMINGHAM],
};
export const themselves: Seen = Object.fromEntries(Object.keys(people).map((name) => [name, [name]]));
export const withRole: Seen = Object.fromEntries(
  Object.entries(people).flatMap(([name, role]) => (role.length ? [[name, [name]]] : [])),
);
export const keysOfOwn: Seen = {
  approverHartlepool: ['key-hartlepool'],
  approverBirmingham: ['key-birmingham'],
  policeWestMidlands: ['key-police'],
};
/** Besides themselves: who holds, held or will hold a role that they administer. */
export const administered: Partial<Record<Person, readonly Person[]>> = {
  steward: ['steward', 'leadNorthEast', 'formerLead', 'comingLead', 'leadWestMidlands'],
  leadNorthEast: ['leadNorthEast', 'formerLead', 'comingLead', 'approverHartlepool', 'formerApprover', 'chairTees'],
  leadWestMidlands: ['leadWestMidlands', 'approverBirmingham', 'policeWestMidlands'],
  approverHartlepool: [
    'approverHartlepool',
    'formerApprover',
    'systemHartlepool',
    'formerSystem',
    'analystHartlepool',
    'electedHartlepool',
  ],
  approverBirmingham: ['approverBirmingham', 'systemBirmingham'],
};
export const invited: Seen = {
  steward: [`regional-lead@${NORTH_EAST}`],
  leadNorthEast: [`regional-lead@${NORTH_EAST}`, `authority-approver@${HARTLEPOOL}`, 'board-chair@brd-walls-tees'],
  leadWestMidlands: [],
  approverHartlepool: [`authority-approver@${HARTLEPOOL}`, `authority-analyst@${HARTLEPOOL}`],
  approverBirmingham: [`scrutineer@${BIRMINGHAM}`],
};
export const ofRegion = '(select code from registry.region r where r.id = region_id)';
export const ofAuthority = '(select code from registry.authority a where a.id = authority_id)';
/** A proof of what was withdrawn says so. */
const whoseProof = (whose: string) => `${whose} || case proof when 'withdrawn' then ' withdrawn' else '' end`;
export const ofMember = '(select subject from identity.member m where m.id = member_id)';

/** For every table that a login may read: a key of its rows, out of columns that the login may read, and who sees which. */
export const sight: [table: string, key: string, seen: Partial<Record<Login, Seen>>][] = [
  ...[
    'region',
    'authority',
    'region_authority',
    'authority_link',
    'authority_cover',
    'population',
    'organisation',
    'organisation_area',
    'series',
  ].map((table): [string, string, Partial<Record<Login, Seen>>] => [
    `registry.${table}`,
    `md5(t::text)`,
    { intake: 'all', reader: 'all', desk: 'all', worker: 'all' },
  ]),
  [
    'identity.member',
    'subject',
    { intake: themselves, reader: themselves, desk: { ...themselves, ...administered }, worker: 'all' },
  ],
  [
    'identity.member_role',
    ofMember,
    { intake: withRole, reader: withRole, desk: { ...withRole, ...administered }, worker: 'all' },
  ],
  [
    'registry.national_release',
    'title',
    {
      desk: { ...Object.fromEntries(Object.keys(regional).map((who) => [who, ['A release']])), steward: ['A release'] },
      intake: { approverHartlepool: ['A release'], approverBirmingham: ['A release'] },
      worker: 'all',
    },
  ],
  ['registry.circle', 'name', { desk: { steward: ['A circle'] }, worker: 'all' }],
  ['registry.circle_authority', ofAuthority, { desk: { steward: [HARTLEPOOL, MIDDLESBROUGH] }, worker: 'all' }],
  ['identity.invitation', `role || '@' || organisation`, { desk: invited }],
  [
    'identity.system_account',
    'client',
    { desk: { approverHartlepool: [`client of ${HARTLEPOOL}`], approverBirmingham: [`client of ${BIRMINGHAM}`] } },
  ],
  [
    'identity.signing_key',
    'kid',
    {
      intake: 'all',
      worker: 'all',
      reader: keysOfOwn,
      desk: keysOfOwn,
    },
  ],
  ['agreements.agreement', ofRegion, { intake: 'all', worker: 'all', reader: regional, desk: regional }],
  ['agreements.revision', 'agreement_id', {}],
  ['agreements.change_count', 'number', { intake: 'all', reader: 'all' }],
  ['agreements.scope', ofRegion, { intake: 'all', worker: 'all', reader: regional, desk: regional }],
  [
    'agreements.party',
    ofAuthority,
    {
      intake: 'all',
      worker: 'all',
      reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]),
      desk: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]),
    },
  ],
  ['rounds.round', ofRegion, { intake: regional, reader: regional, desk: regional, worker: 'all' }],
  [
    'rounds.return_state',
    ofAuthority,
    {
      intake: ofOwnAuthority,
      reader: ofOwnAuthorityAndLeads,
      desk: ofOwnAuthorityAndLeads,
      worker: 'all',
    },
  ],
  [
    'rounds.confirmation',
    ofAuthority,
    { intake: ofOwnAuthority, reader: ofOwnAuthorityAndLeads, desk: ofOwnAuthorityAndLeads },
  ],
  [
    'rounds.held_table',
    ofRegion,
    { reader: { leadNorthEast: [NORTH_EAST], leadWestMidlands: [WEST_MIDLANDS] }, worker: 'all' },
  ],
  ['rounds.notice', ofAuthority, { reader: ofOwnAuthorityAndLeads, worker: 'all' }],
  ['rounds.contact', ofAuthority, { desk: ofOwnAuthority, worker: 'all' }],
  [
    'rounds.late_exception',
    ofAuthority,
    {
      intake: ofOwnAuthority,
      reader: ofOwnAuthorityAndLeads,
      desk: { leadNorthEast: [HARTLEPOOL, MIDDLESBROUGH], leadWestMidlands: [BIRMINGHAM] },
    },
  ],
  ['intake.submission', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.cell', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.receipt', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.raw', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.answer', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.comment', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.erasure', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.purge', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.withdrawal', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.published_return', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.own_proof', whoseProof(ofAuthority), { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.held_cell', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.opening', ofAuthority, { intake: ofOwnApprovers, worker: 'all' }],
  ['intake.opened', ofAuthority, { intake: ofOwnApprovers }],
  ['ledger.entry', 'index', { desk: 'all' }],
  ['ledger.node', 'index', { intake: 'all', desk: 'all', worker: 'all' }],
  ['ledger.hub_key', 'line', { intake: 'all', desk: 'all', worker: 'all' }],
  ['ledger.checkpoint', 'size', { intake: 'all', desk: 'all', worker: 'all' }],
  // Of what was withdrawn the reader has no row; the others who have one read no document.
  [
    'release.publication',
    `${ofRegion} || ' ' || state`,
    {
      intake: inRegions('current', 'withdrawn'),
      reader: inRegions('current'),
      desk: inRegions('current', 'withdrawn'),
      worker: 'all',
    },
  ],
  [
    'release.figure',
    `${ofRegion} || ' ' || value`,
    { intake: inRegions('489'), reader: inRegions('489'), worker: 'all' },
  ],
  ['release.proof', whoseProof(ofRegion), { reader: regional }],
  ['release.publication_event', ofRegion, { reader: regional, worker: 'all' }],
  ['proof.certificate', 'publication_id', { worker: 'all' }],
  ['proof.gate_refusal', 'id', { worker: 'all' }],
  ['proof.prepared', 'round_id', { worker: 'all' }],
  ['remarks.note', ofAuthority, { reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]), desk: ofOwnAuthority }],
  [
    'remarks.commentary',
    ofAuthority,
    { reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]), desk: ofOwnAuthority },
  ],
  ['remarks.ending', ofRegion, { reader: regional }],
  ['platform.opened', 'only_one', { reader: 'all' }],
  ['platform.outbox', 'id', { worker: 'all' }],
  [
    'platform.access_log',
    'subject',
    {
      reader: {
        leadNorthEast: ['leadNorthEast'],
        leadWestMidlands: ['Hartlepool’s', 'leadWestMidlands', 'the North East’s'],
        ...Object.fromEntries(
          ['systemHartlepool', 'analystHartlepool', 'approverHartlepool'].map((who) => [
            who,
            ['Hartlepool’s', 'the North East’s'],
          ]),
        ),
        systemMiddlesbrough: ['the North East’s'],
      },
    },
  ],
];
