import { parseAuthorityCode, parseRegionCode, type AuthorityCode } from '@hub/kernel';
import { draft, parseAgreement, propose, sign, type Agreement, type AgreementDocument } from './domain';

/** A document between these authorities, with every member filled in; `change` replaces members. */
function documentBetween(
  authorities: readonly AuthorityCode[],
  change: Partial<AgreementDocument> = {},
): AgreementDocument {
  const region = parseRegionCode('E12000001');
  return parseAgreement({
    v: 1,
    id: 'example-benchmarking',
    version: 1,
    title: 'An agreement for tests',
    regions: [region],
    parties: authorities.map((authority) => ({ authority, role: 'controller', contact: 'Data protection officer' })),
    membership: { joining: 'new-version', leavingNoticeDays: 0 },
    purposes: [{ code: 'regional-benchmarking', necessity: 'Own figures say little without those of neighbours.' }],
    lawfulBasis: '6(1)(e)',
    article9Condition: '9(2)(g)',
    gateway: ['children-act-2004-s10'],
    tables: [
      {
        dataset: 'safeguarding-annual',
        versions: { from: '1.0', until: '2.0' },
        indicators: 'all',
        breakdowns: 'all',
        frequency: 'year',
      },
    ],
    audience: [{ of: region, roles: ['authority-analyst', 'regional-lead'], presentation: 'named' }],
    recipients: { ofsted: true, departmentAdviser: true, scrutinyCommittee: false },
    handling: 'Official: for members of the region.',
    disclosure: {
      threshold: 6,
      zeros: 'printed',
      protect: 'exact',
      told: false,
      leastContributors: 1,
      leastAuthorities: 1,
      leastBase: 6,
      surveyThreshold: 10,
    },
    signOff: false,
    retention: { cellsYears: 7, envelopesYears: 2, atEnd: 'delete' },
    security: { breachContact: 'The regional lead', withinHours: 24 },
    foi: { duty: 'consult', withinWorkingDays: 5 },
    dpia: { reference: 'DPIA 1', reviewDate: '2030-04-01' },
    effective: { from: '2022-04-01', until: '2030-04-01' },
    ...change,
  });
}

const proposed = (document: AgreementDocument): Agreement => propose(draft(document));
const inForce = (document: AgreementDocument): Agreement =>
  document.parties.reduce(
    (agreement, { authority }) => sign(agreement, authority, document.effective.from),
    proposed(document),
  );

/** Agreements for tests, each reached by the domain's own steps. */
export const anAgreement = {
  documentBetween,
  proposed,
  inForce,
  proposedTo: (...authorities: AuthorityCode[]): Agreement => proposed(documentBetween(authorities)),
  inForceBetween: (...authorities: AuthorityCode[]): Agreement => inForce(documentBetween(authorities)),
};

/** Authorities for tests: Hartlepool, Middlesbrough, Redcar and Cleveland, Stockton-on-Tees. */
export const [hartlepool, middlesbrough, redcar, stockton] = (
  ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const
).map(parseAuthorityCode) as [AuthorityCode, AuthorityCode, AuthorityCode, AuthorityCode];
