import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { CivilDate, connectionOf, enumNamed } from '@hub/platform';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { actionStates, challengeStates, issueSources, issueStates, issueStepNames, itemKinds } from './domain';
import type { Looked } from './issues.service';

export const IssueStateName = enumNamed('IssueState', issueStates, 'How far an issue is.', {
  DRAFT: 'Written down, and before no board yet.',
  OWN_BOARD: 'Before its own board.',
  REPLY: 'Those whom it names are asked to answer.',
  SHARED: 'Shared with boards.',
  NETWORK: 'Opened to the network.',
  ACCEPTED: 'Accepted as work to be done.',
  IN_PROGRESS: 'Work has begun.',
  WATCHING: 'Being watched.',
  RESOLVED: 'Ended, with the reason why it is resolved.',
  NOT_TAKEN_UP: 'Ended, with the reason why it was not taken up.',
});
export const IssueStepName = enumNamed('IssueStep', issueStepNames);
export const IssueSourceName = enumNamed('IssueSource', issueSources, 'Where an issue comes from.');
export const ItemKindName = enumNamed('ItemKind', itemKinds);
export const ItemStateName = enumNamed('ItemState', [...challengeStates, ...actionStates]);
export const WordingName = enumNamed('Wording', ['shown', 'awaiting'], 'AWAITING: for a second person to approve.');

/** An argument: what is questioned in a text is meant. */
export const CONFIRMED = {
  type: () => Boolean,
  nullable: true,
  description: 'The questions about the words were read, and they stay.',
};

@ObjectType('Organisation', { description: 'A board, an agency or an authority.' })
export class OrganisationView {
  @Field(() => ID) code: string;
  @Field(() => String) name: string;
}

@ObjectType('IssueNamed', { description: 'An authority or agency that an issue names.' })
export class IssueNamedView {
  @Field(() => OrganisationView) organisation: OrganisationView;
  @Field(() => Date, { nullable: true, description: 'When it answered.' }) repliedAt: Date | null;
}

@ObjectType('Evidence', {
  description: 'A published figure on which an issue rests, as its publication shows it to the caller.',
})
export class EvidenceView {
  @Field(() => ID) publication: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of the document as the caller sees it; null where they see none.',
  })
  digest: string | null;
  @Field(() => String) series: string;
  @Field(() => String) period: string;
  @Field(() => IndicatorView) indicator: IndicatorView;
  @Field(() => AuthorityView, { nullable: true, description: 'Null: the region.' }) authority: AuthorityView | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The figure in words, hidden ones too, with the interval that the print leaves; null where it is not shown to the caller.',
  })
  figure: string | null;
}

@ObjectType('IssueItem', {
  description:
    'A reply, challenge, action, decision or note; an answer, verdict or progress about one; a step of the issue.',
})
export class IssueItemView {
  @Field(() => ID) id: string;
  @Field(() => ItemKindName) kind: string;
  @Field(() => ID, { nullable: true }) issue: string | null;
  @Field(() => String, { nullable: true, description: 'Of the issue, where the caller sees it.' }) title: string | null;
  @Field(() => ID, { nullable: true, description: 'The challenge, action or decision that it is about.' }) about:
    string | null;
  @Field(() => OrganisationView) by: OrganisationView;
  @Field(() => OrganisationView, { nullable: true }) to: OrganisationView | null;
  @Field(() => String, { nullable: true, description: 'Of an action: the role that answers for it.' }) ownerRole:
    string | null;
  @Field(() => String) text: string;
  @Field(() => String, { nullable: true, description: 'What it did for children, and how that is known.' }) impact:
    string | null;
  @Field(() => ItemStateName, { nullable: true }) state: string | null;
  @Field(() => CivilDate, { nullable: true }) due: string | null;
  @Field(() => Boolean, { description: 'Computed from the day, never typed.' }) overdue: boolean;
  @Field(() => WordingName) wording: string;
  @Field(() => Date) at: Date;
}
export const IssueItemConnection = connectionOf('IssueItem', () => IssueItemView);

@ObjectType('Issue', {
  description: 'Something that crosses borders, raised by a board. No child, case or review is discussed here.',
})
export class IssueView {
  /** With what its fields are resolved. */
  looked: Looked;
  @Field(() => ID) id: string;
  @Field(() => OrganisationView, { description: 'The board that raised it.' }) board: OrganisationView;
  @Field(() => IssueStateName) state: string;
  @Field(() => String) theme: string;
  @Field(() => String) title: string;
  @Field(() => String) text: string;
  @Field(() => String, { description: 'The challenge question; no figure without one.' }) question: string;
  @Field(() => IssueSourceName) source: string;
  @Field(() => Int, { description: '1 to 5.' }) likelihood: number;
  @Field(() => Int, { description: '1 to 5.' }) impact: number;
  @Field(() => Int, { description: 'Likelihood times impact.' }) risk: number;
  @Field(() => [IssueNamedView], { description: 'As far as the caller may know by now.' }) named: IssueNamedView[];
  @Field(() => OrganisationView, { nullable: true, description: 'The area that leads.' })
  leadArea: OrganisationView | null;
  @Field(() => CivilDate, { nullable: true }) nextReview: string | null;
  @Field(() => CivilDate, { nullable: true, description: 'Until when those whom it names may answer.' }) replyBy:
    string | null;
  @Field(() => CivilDate, { nullable: true }) sharedOn: string | null;
  @Field(() => [OrganisationView], { description: 'Boards with which it was shared by name.' })
  recipients: OrganisationView[];
  @Field(() => Boolean, { description: 'Whether every board that an agreement covers with this one sees it.' })
  network: boolean;
  @Field(() => WordingName) wording: string;
  @Field(() => Date) changedAt: Date;
}
export const IssueConnection = connectionOf('Issue', () => IssueView);

@InputType()
export class EvidenceInput {
  @Field(() => ID) publication: string;
  @Field(() => String, { description: 'A series, `RF01#count` or `RF01|source=police#count`.' }) series: string;
  @Field(() => ID, { nullable: true, description: 'Absent: the region.' }) authority?: string | null;
}

@InputType()
export class IssueInput {
  @Field(() => String) theme: string;
  @Field(() => String) title: string;
  @Field(() => String, { description: 'No child, case or review is discussed here.' }) text: string;
  @Field(() => String) question: string;
  @Field(() => IssueSourceName) source: string;
  @Field(() => Int) likelihood: number;
  @Field(() => Int) impact: number;
  @Field(() => [ID], { description: 'Authorities that it is about; each of them is asked for its reply.' })
  areas: string[];
  @Field(() => [ID], { nullable: true }) agencies?: string[] | null;
  @Field(() => ID, { nullable: true }) leadArea?: string | null;
  @Field(() => CivilDate, { nullable: true }) nextReview?: string | null;
  @Field(() => [EvidenceInput], { nullable: true }) evidence?: EvidenceInput[] | null;
  @Field(() => Boolean, { nullable: true, description: 'The questions about the words were read, and they stay.' })
  confirmed?: boolean | null;
}
