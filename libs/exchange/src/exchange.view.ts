import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { CivilDate, connectionOf, enumNamed } from '@hub/platform';
import { AuthorityView, IndicatorView } from '@hub/registry';
import { actionStates, challengeStates, issueSources, issueStates, issueStepNames, itemKinds } from './domain';
import type { Looked } from './issues.service';

export const IssueStateName = enumNamed('IssueState', issueStates, 'How far an issue is.', {
  draft: 'Written down, and before no board yet.',
  ownBoard: 'Before its own board.',
  reply: 'Those whom it names are asked to answer.',
  shared: 'Shared with boards.',
  network: 'Opened to the network.',
  accepted: 'Accepted as work to be done.',
  inProgress: 'Work has begun.',
  watching: 'Being watched.',
  resolved: 'Ended: it is resolved. Its history may say why.',
  notTakenUp: 'Ended, with the reason why it was not taken up.',
});
export const IssueStepName = enumNamed(
  'IssueStep',
  issueStepNames,
  'A step in the life of an issue, by the board that raised it.',
  {
    toOwnBoard: 'From DRAFT: every chair of the board sees it.',
    askReplies: 'From OWN_BOARD: those whom it names read it, and are asked to answer.',
    share: 'From REPLY or SHARED: boards by name read it. Taken by `shareIssue`, which names them.',
    toNetwork: 'From SHARED: every board that an agreement covers with this one reads it.',
    accept: 'From SHARED or NETWORK: it is work to be done.',
    start: 'From ACCEPTED or WATCHING: work has begun.',
    watch: 'From ACCEPTED or IN_PROGRESS: it is watched.',
    resolve: 'From ACCEPTED, IN_PROGRESS or WATCHING: it is at its end.',
    decline: 'From any state but RESOLVED and NOT_TAKEN_UP: it is not taken up, for a reason.',
  },
);
export const IssueSourceName = enumNamed('IssueSource', issueSources, 'Where an issue comes from.', {
  pattern: 'A pattern in published figures.',
  figure: 'A published figure.',
  survey: 'Answers to a questionnaire.',
  audit: 'An audit.',
  review: 'A review.',
  chair: 'The board’s chair.',
});
export const ItemKindName = enumNamed('ItemKind', itemKinds, 'What is written down about an issue or at a meeting.', {
  reply: 'What somebody says whom the issue names.',
  challenge: 'A question to an agency.',
  action: 'Something that a board, an agency or an authority is to do.',
  decision: 'What was decided at a meeting.',
  note: 'What was noted at a meeting, for those who were there.',
  answer: 'An agency’s answer to a challenge.',
  verdict: 'Whether an answer satisfies the board that asked.',
  progress: 'How an action stands.',
  step: 'A step of the issue, for its history.',
});
export const ItemStateName = enumNamed(
  'ItemState',
  [...challengeStates, ...actionStates],
  'How far a challenge (ASKED, ANSWERED, SATISFIED, NOT_SATISFIED) or an action (NOT_STARTED, ON_TRACK, SLIPPED, DONE) is.',
  {
    asked: 'It waits for the agency’s answer.',
    answered: 'It waits for the verdict of the board that asked.',
    satisfied: 'The answer satisfies the board; it is at its end.',
    notSatisfied: 'The answer does not satisfy the board; the agency may answer again.',
    notStarted: 'Nothing has been reported of it.',
    onTrack: 'It will be done by its day.',
    slipped: 'It will not be done by its day.',
    done: 'It is done, with evidence of its impact; it is at its end.',
  },
);
export const WordingName = enumNamed('Wording', ['shown', 'awaiting'], 'Whether words are shown to their readers.', {
  shown: 'They are.',
  awaiting: 'They wait for a second person of the organisation that wrote them, which alone sees them.',
});

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
