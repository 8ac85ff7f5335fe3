import type { RefusalCode } from '@hub/contracts';
import type { Role } from '@hub/identity/domain';

/**
 * Who may see and do what, field by field. **Whatever is not written here is refused**: a role that a line does not name,
 * a place that a line does not name, and a caller without a token. A field of the schema without a line fails the test.
 *
 * How to read a line: `'Figure.count': [readers, 'in their own region']` is: the count of a figure is shown to
 * those roles, and only for the region that they belong to. What stands under a field is reached only through it: nobody sees a
 * figure's count who may not see the benchmark in which it stands.
 */

/** Everybody who belongs to a region, except those who only administer the hub. */
const readers: readonly Role[] = [
  'authority-system',
  'authority-analyst',
  'authority-approver',
  'regional-lead',
  'board-chair',
  'agency-partner',
  'elected-member',
  'scrutineer',
];
const leads: readonly Role[] = ['regional-lead'];
/** Those who act for one authority and see what it has returned. */
const ownReturn: readonly Role[] = ['authority-system', 'authority-analyst', 'authority-approver'];
/** Those who may see who read figures of their authority. */
const watchers: readonly Role[] = ['authority-analyst', 'authority-approver'];
const systems: readonly Role[] = ['authority-system'];
const approvers: readonly Role[] = ['authority-approver'];
/** Those who answer for the keys of their authority or agency. */
const keyKeepers: readonly Role[] = ['authority-approver', 'agency-partner'];
/** Those who appoint others. */
const administrators: readonly Role[] = ['steward', 'regional-lead', 'authority-approver'];
const everyone: readonly Role[] = [...readers, 'steward', 'auditor'];

/**
 * Where something lies, seen from the caller. A region's own members lie in it whichever of its authorities they are
 * from; a return is one authority's own and a key one authority's or agency's, and a neighbour of the same region is as
 * far away as anybody.
 */
export type Place =
  | 'about themselves'
  | 'in their own region'
  | 'of their own authority'
  | 'of their own organisation'
  | 'of what they administer'
  | 'anywhere, for it says nothing of anybody';

export type Line = readonly [roles: readonly Role[] | 'and without a token', place: Place];

const region: Line = [readers, 'in their own region'];
const ledRegion: Line = [leads, 'in their own region'];
/** What each sees of its own authority alone, in a round that is the whole region's. */
const ownInRound: Line = [ownReturn, 'in their own region'];
const ownAuthority: Line = [ownReturn, 'of their own authority'];
/** What is kept of the own returns, and until when: for those who may have it erased. */
const ownKept: Line = [approvers, 'of their own authority'];
const ownReaders: Line = [watchers, 'of their own authority'];
/** Systems are let in by the approvers of their authority. */
const ownSystems: Line = [approvers, 'of their own authority'];
const ownKeys: Line = [keyKeepers, 'of their own organisation'];
const administered: Line = [administrators, 'of what they administer'];
/** Circles are the hub's own business. */
const hubsOwn: Line = [['steward'], 'about themselves'];
const self: Line = [everyone, 'about themselves'];
const open: Line = ['and without a token', 'anywhere, for it says nothing of anybody'];
/** A value that several fields give: what stands above it decides. */
const asAbove: Line = [everyone, 'anywhere, for it says nothing of anybody'];

export const mayReach: Readonly<Record<string, Line>> = {
  // Looking.
  'Query.me': self,
  'Query.region': region,
  'Query.submission': ownAuthority,
  'Query.round': region,
  'Query.publication': region,
  // Whose agreement it is may read it; that others have one is not told.
  'Query.agreement': region,
  'Query.agreementSignatures': region,
  'Query.agreements': region,
  'Query.signingKeys': ownKeys,
  'Query.members': administered,
  'Query.invitations': administered,
  'Query.systemAccounts': ownSystems,
  'Query.circles': hubsOwn,
  // A gateway asks here for regions; as tight as `region`.
  'Query._entities': region,
  // The schema itself is published.
  'Query._service': open,
  '_Service.sdl': open,
  'Query.accesses': ownReaders,
  'Query.retentionPlan': ownKept,
  'Query.erasurePlan': ownKept,
  'Query.erasure': ownKept,
  'Query.withdrawalPlan': ownKept,

  // Doing.
  'Mutation.submit': [systems, 'of their own authority'],
  'Mutation.checkSubmission': ownAuthority,
  'Mutation.eraseReturns': ownKept,
  'Mutation.withdrawSubmission': ownKept,
  'Mutation.registerKey': ownKeys,
  'Mutation.approveKey': ownKeys,
  'Mutation.revokeKey': ownKeys,
  'Mutation.inviteMember': administered,
  // Whoever holds the code and a token, known to the hub or not; but a system becomes no person.
  'Mutation.acceptInvitation': [everyone.filter((role) => !systems.includes(role)), 'about themselves'],
  'Mutation.withdrawInvitation': administered,
  'Mutation.endRole': administered,
  'Mutation.registerSystem': ownSystems,
  'Mutation.confirmSystem': ownSystems,
  'Mutation.withdrawSystem': ownSystems,
  'Mutation.declareCircle': hubsOwn,
  'Mutation.openRound': ledRegion,
  'Mutation.draftAgreement': ledRegion,
  'Mutation.proposeAgreement': ledRegion,
  'Mutation.signAgreement': [approvers, 'of their own authority'],
  'Mutation.withdrawFromAgreement': [approvers, 'of their own authority'],
  'Mutation.suspendAgreement': ledRegion,
  'Mutation.resumeAgreement': ledRegion,
  'Mutation.terminateAgreement': ledRegion,
  'Mutation.closeRound': ledRegion,
  'Mutation.publishRound': ledRegion,
  'Mutation.grantException': ledRegion,
  'Mutation.checkRound': ledRegion,
  'Mutation.confirmReturn': ownKept,

  'Access.at': ownReaders,
  'Access.times': ownReaders,
  'Access.action': ownReaders,
  'Access.subject': ownReaders,
  'Access.role': ownReaders,
  'Access.organisation': ownReaders,
  'Access.purpose': ownReaders,
  'Access.agreement': ownReaders,
  'Access.version': ownReaders,
  'Access.clause': ownReaders,
  'Access.refusal': ownReaders,
  'PlannedErasure.submission': ownKept,
  'PlannedErasure.dataset': ownKept,
  'PlannedErasure.period': ownKept,
  'PlannedErasure.version': ownKept,
  'PlannedErasure.envelope': ownKept,
  'PlannedErasure.cells': ownKept,
  'ErasurePlan.id': ownKept,
  'ErasurePlan.submissions': ownKept,
  'ErasurePlan.cells': ownKept,
  'ErasurePlan.publications': ownKept,
  'ErasurePlan.rounds': ownKept,
  'Erasure.id': ownKept,
  'Erasure.state': ownKept,
  'Erasure.askedAt': ownKept,
  'Erasure.doneAt': ownKept,
  'Erasure.receipts': ownKept,
  'Purge.what': ownKept,
  'Purge.agreement': ownKept,
  'Purge.version': ownKept,
  'Purge.clause': ownKept,
  'Purge.purgedAt': ownKept,
  'Purge.receipt': ownKept,
  'ReturnKept.submission': ownKept,
  'ReturnKept.dataset': ownKept,
  'ReturnKept.period': ownKept,
  'ReturnKept.version': ownKept,
  'ReturnKept.envelopeOn': ownKept,
  'ReturnKept.cellsOn': ownKept,
  'ReturnKept.purges': ownKept,
  'WithdrawalPlan.rounds': ownKept,
  'WithdrawalPlan.returns': ownKept,

  'Me.id': self,
  'Me.roles': self,
  'MemberRole.role': self,
  'MemberRole.of': self,

  'Membership.member': administered,
  'Membership.name': administered,
  'Membership.role': administered,
  'Membership.of': administered,
  'Membership.from': administered,
  'Membership.until': administered,
  'Invitation.id': administered,
  'Invitation.role': administered,
  'Invitation.of': administered,
  'Invitation.name': administered,
  'Invitation.from': administered,
  'Invitation.until': administered,
  'Invitation.state': administered,
  'Invitation.expiresAt': administered,
  'Invitation.code': administered,
  'SystemAccount.id': ownSystems,
  'SystemAccount.of': ownSystems,
  'SystemAccount.client': ownSystems,
  'SystemAccount.name': ownSystems,
  'SystemAccount.from': ownSystems,
  'SystemAccount.until': ownSystems,
  'SystemAccount.state': ownSystems,
  'SystemAccount.registeredAt': ownSystems,
  'SystemAccount.confirmedAt': ownSystems,
  'SystemAccount.member': ownSystems,
  'Circle.id': hubsOwn,
  'Circle.name': hubsOwn,
  'Circle.authorities': hubsOwn,
  'Circle.series': hubsOwn,
  'Circle.from': hubsOwn,

  'SigningKey.kid': ownKeys,
  'SigningKey.state': ownKeys,
  'SigningKey.registeredAt': ownKeys,
  'SigningKey.approvedAt': ownKeys,
  'SigningKey.until': ownKeys,
  'SigningKey.revokedAt': ownKeys,
  'SigningKey.reason': ownKeys,
  'SigningKey.replaces': ownKeys,
  'SigningKey.goodAt': ownKeys,

  'Submission.id': ownAuthority,
  'Submission.state': ownAuthority,
  'Submission.version': ownAuthority,
  'Submission.digest': ownAuthority,
  'Submission.receipt': ownAuthority,
  'Submission.findings': ownAuthority,
  'Submission.withdrawnBecause': ownAuthority,
  'Check.accepted': ownAuthority,
  'Check.findings': ownAuthority,
  'Finding.severity': ownAuthority,
  'Finding.rule': ownAuthority,
  'Finding.pointer': ownAuthority,
  'Finding.message': ownAuthority,
  'Finding.expected': ownAuthority,
  'Finding.found': ownAuthority,
  'Finding.offered': ownAuthority,
  'OfferedAnswer.answer': ownAuthority,
  'OfferedAnswer.text': ownAuthority,
  'OfferedAnswer.period': ownAuthority,

  'Region.code': region,
  'Region.name': region,
  'Region.rounds': region,
  'Region.publications': region,
  'Region.benchmark': region,

  'Round.id': region,
  'Round.dataset': region,
  'Round.period': region,
  'Round.opens': region,
  'Round.due': region,
  'Round.checkUntil': region,
  'Round.publishesAt': region,
  'Round.beingChecked': region,
  'Round.closes': region,
  'Round.state': region,
  'Round.heldBecause': region,
  // Who is late is the lead's to see, and nobody else's.
  'Round.missing': ledRegion,
  'Round.returns': ledRegion,
  'ReturnStatus.confirmed': ledRegion,
  'ReturnStatus.authority': ledRegion,
  'ReturnStatus.state': ledRegion,
  'ReturnStatus.version': ledRegion,
  'ReturnStatus.receivedAt': ledRegion,
  'ReturnStatus.late': ledRegion,
  'ReturnStatus.counted': ledRegion,
  'ReturnStatus.indicators': ledRegion,
  // The lead sees all of them, an authority its own.
  'Round.exceptions': [[...leads, ...ownReturn], 'in their own region'],
  'LateException.authority': [[...leads, ...ownReturn], 'in their own region'],
  'LateException.until': [[...leads, ...ownReturn], 'in their own region'],
  'LateException.reason': [[...leads, ...ownReturn], 'in their own region'],
  'LateException.grantedAt': [[...leads, ...ownReturn], 'in their own region'],
  // Which of the own indicators are nil or missing; of others nobody sees it.
  'Round.mine': ownInRound,
  'OwnReturn.confirmed': ownInRound,
  'OwnReturn.check': ownInRound,
  'OwnCheck.figures': ownInRound,
  'OwnCheck.answers': ownInRound,
  'OwnCheck.commentary': ownInRound,
  'OwnCheck.replaces': ownInRound,
  'OwnCheck.reason': ownInRound,
  'OwnCheck.changes': ownInRound,
  'OwnFigure.indicator': ownInRound,
  'OwnFigure.dimension': ownInRound,
  'OwnFigure.category': ownInRound,
  'OwnFigure.kind': ownInRound,
  'OwnFigure.count': ownInRound,
  'OwnFigure.of': ownInRound,
  'OwnFigure.value': ownInRound,
  'OwnFigure.unit': ownInRound,
  'OwnAnswer.rule': ownInRound,
  'OwnAnswer.indicator': ownInRound,
  'OwnAnswer.dimension': ownInRound,
  'OwnAnswer.category': ownInRound,
  'OwnAnswer.answer': ownInRound,
  'OwnAnswer.text': ownInRound,
  'OwnComment.indicator': ownInRound,
  'OwnComment.text': ownInRound,
  'OwnChange.indicator': ownInRound,
  'OwnChange.dimension': ownInRound,
  'OwnChange.category': ownInRound,
  'OwnChange.ofDenominator': ownInRound,
  'OwnChange.before': ownInRound,
  'OwnChange.after': ownInRound,
  'OwnReturn.authority': ownInRound,
  'OwnReturn.version': ownInRound,
  'OwnReturn.receivedAt': ownInRound,
  'OwnReturn.late': ownInRound,
  'OwnReturn.indicators': ownInRound,
  'IndicatorStatus.indicator': ownInRound,
  'IndicatorStatus.state': ownInRound,
  'IndicatorStatus.counted': ownInRound,
  'IndicatorStatus.expected': ownInRound,

  'Agreement.id': region,
  'Agreement.version': region,
  'Agreement.title': region,
  'Agreement.state': region,
  'Agreement.regions': region,
  'Agreement.parties': region,
  'Agreement.purposes': region,
  'Agreement.effectiveFrom': region,
  'Agreement.effectiveUntil': region,
  'Agreement.reviewDate': region,
  'Agreement.reviewDue': region,
  'Agreement.digest': region,
  'Agreement.document': region,
  'Agreement.plainEnglish': region,
  'Agreement.parent': region,
  'Agreement.supersededFrom': region,
  'Agreement.missingSignatures': region,
  'AgreementSignature.authority': region,
  'AgreementSignature.what': region,
  'AgreementSignature.jws': region,
  'AgreementSignature.kid': region,
  'AgreementSignature.jwk': region,
  'AgreementParty.authority': region,
  'AgreementParty.status': region,
  'AgreementParty.withdrawnFrom': region,
  'AgreementParty.agencies': region,

  'Publication.id': region,
  'Publication.number': region,
  'Publication.edition': region,
  'Publication.state': region,
  'Publication.dataset': region,
  'Publication.period': region,
  'Publication.digest': region,
  'Publication.publishedAt': region,
  'Publication.handling': region,
  'Publication.document': region,
  'Publication.proof': region,
  'Publication.receipt': region,
  'Publication.endedAt': region,
  'Publication.supersededBy': region,
  'Publication.why': region,
  'Why.figure': region,
  'Why.formula': region,
  'Why.parts': region,
  'Why.hiddenParts': region,
  'Why.agreement': region,
  'Why.version': region,
  'Why.clause': region,
  'WhyPart.as': region,
  'WhyPart.authority': region,
  'WhyPart.series': region,
  'WhyPart.count': region,
  // Which of the own returns stands in it, and the proof that is made of it; of others nobody sees it.
  'Publication.mine': ownInRound,
  'PublishedReturn.authority': ownInRound,
  'PublishedReturn.submission': ownInRound,
  'PublishedReturn.version': ownInRound,
  'PublishedReturn.receipt': ownInRound,
  'PublishedReturn.proof': ownInRound,

  'Benchmark.publication': region,
  'Benchmark.indicator': region,
  'Benchmark.coverage': region,
  'Benchmark.authorities': region,
  'Benchmark.region': region,
  'Benchmark.quartiles': region,
  'Benchmark.presentation': region,
  'Benchmark.shows': region,
  'Benchmark.handling': region,
  'AuthorityFigure.authority': region,
  'AuthorityFigure.figure': region,
  'AuthorityFigure.rank': region,
  'Figure.kind': region,
  'Figure.count': region,
  'Figure.of': region,
  'Figure.value': region,
  'Figure.unit': region,
  'Figure.between': region,
  'Coverage.shown': region,
  'Coverage.submitted': region,
  'Coverage.parties': region,
  'Coverage.text': region,
  'Quartiles.lower': region,
  'Quartiles.median': region,
  'Quartiles.upper': region,
  'Quartiles.basis': region,

  'Authority.code': asAbove,
  'Authority.name': asAbove,
  'Indicator.code': asAbove,
  'Indicator.name': asAbove,
  'RoundConnection.edges': asAbove,
  'RoundConnection.pageInfo': asAbove,
  'RoundEdge.cursor': asAbove,
  'RoundEdge.node': asAbove,
  'AgreementConnection.edges': asAbove,
  'AgreementConnection.pageInfo': asAbove,
  'AgreementEdge.cursor': asAbove,
  'AgreementEdge.node': asAbove,
  'AccessConnection.edges': asAbove,
  'AccessConnection.pageInfo': asAbove,
  'AccessEdge.cursor': asAbove,
  'AccessEdge.node': asAbove,
  'PublicationConnection.edges': asAbove,
  'PublicationConnection.pageInfo': asAbove,
  'PublicationEdge.cursor': asAbove,
  'PublicationEdge.node': asAbove,
  'PageInfo.hasNextPage': asAbove,
  'PageInfo.hasPreviousPage': asAbove,
  'PageInfo.startCursor': asAbove,
  'PageInfo.endCursor': asAbove,
};

/** Fields that are null for everybody until what fills them is built. */
export const notYet: Readonly<Record<string, string>> = {
  'Publication.endedAt': 'nothing is withdrawn or superseded yet',
  'Publication.supersededBy': 'nothing is superseded yet',
};

/**
 * With which words each root field says no: without a token, to a role that may not, and for what lies elsewhere. What
 * lies outside the caller's regions is absent, not forbidden. null: it is null without an error.
 */
export const refusals: Readonly<
  Record<
    string,
    { readonly noToken: RefusalCode | null; readonly role: RefusalCode | null; readonly elsewhere: RefusalCode | null }
  >
> = {
  'Query.me': { noToken: null, role: null, elsewhere: null },
  'Query.region': { noToken: 'REGION_ABSENT', role: 'REGION_ABSENT', elsewhere: 'REGION_ABSENT' },
  'Query._entities': { noToken: 'REGION_ABSENT', role: 'REGION_ABSENT', elsewhere: 'REGION_ABSENT' },
  'Query.submission': { noToken: 'SUBMISSION_ABSENT', role: 'SUBMISSION_ABSENT', elsewhere: 'SUBMISSION_ABSENT' },
  'Query.publication': { noToken: 'PUBLICATION_ABSENT', role: 'PUBLICATION_ABSENT', elsewhere: 'PUBLICATION_ABSENT' },
  'Query.round': { noToken: 'ROUND_ABSENT', role: 'ROUND_ABSENT', elsewhere: 'ROUND_ABSENT' },
  'Query.accesses': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Query.signingKeys': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Query.members': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Query.invitations': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Mutation.inviteMember': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Mutation.acceptInvitation': { noToken: 'TOKEN_MISSING', role: 'INVITATION_ABSENT', elsewhere: null },
  'Mutation.withdrawInvitation': {
    noToken: 'TOKEN_MISSING',
    role: 'INVITATION_ABSENT',
    elsewhere: 'INVITATION_ABSENT',
  },
  'Mutation.endRole': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Query.systemAccounts': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Mutation.registerSystem': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ORGANISATION_ABSENT' },
  'Mutation.confirmSystem': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SYSTEM_ABSENT' },
  'Mutation.withdrawSystem': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SYSTEM_ABSENT' },
  'Mutation.declareCircle': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: null },
  'Query.circles': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: null },
  'Query.retentionPlan': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SUBMISSION_ABSENT' },
  'Query.erasurePlan': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SUBMISSION_ABSENT' },
  'Query.erasure': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ERASURE_ABSENT' },
  'Query.withdrawalPlan': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SUBMISSION_ABSENT' },
  'Mutation.eraseReturns': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SUBMISSION_ABSENT' },
  'Mutation.withdrawSubmission': {
    noToken: 'TOKEN_MISSING',
    role: 'NOT_FOR_THIS_ROLE',
    elsewhere: 'SUBMISSION_ABSENT',
  },
  'Mutation.submit': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Mutation.checkSubmission': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Mutation.registerKey': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Mutation.approveKey': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_ABSENT' },
  'Mutation.revokeKey': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_ABSENT' },
  'Query.agreement': { noToken: 'AGREEMENT_ABSENT', role: 'AGREEMENT_ABSENT', elsewhere: 'AGREEMENT_ABSENT' },
  'Query.agreementSignatures': { noToken: 'AGREEMENT_ABSENT', role: 'AGREEMENT_ABSENT', elsewhere: 'AGREEMENT_ABSENT' },
  'Query.agreements': { noToken: 'REGION_ABSENT', role: 'REGION_ABSENT', elsewhere: 'REGION_ABSENT' },
  'Mutation.draftAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'REGION_ABSENT' },
  'Mutation.proposeAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'AGREEMENT_ABSENT' },
  'Mutation.signAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Mutation.withdrawFromAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'KEY_FOREIGN' },
  'Mutation.suspendAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'AGREEMENT_ABSENT' },
  'Mutation.resumeAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'AGREEMENT_ABSENT' },
  'Mutation.terminateAgreement': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'AGREEMENT_ABSENT' },
  'Mutation.openRound': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'REGION_ABSENT' },
  'Mutation.closeRound': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ROUND_ABSENT' },
  'Mutation.grantException': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ROUND_ABSENT' },
  'Mutation.checkRound': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ROUND_ABSENT' },
  'Mutation.confirmReturn': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'SUBMISSION_ABSENT' },
  'Mutation.publishRound': { noToken: 'TOKEN_MISSING', role: 'NOT_FOR_THIS_ROLE', elsewhere: 'ROUND_ABSENT' },
};
