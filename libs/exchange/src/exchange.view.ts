import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { CivilDate, connectionOf, enumNamed } from '@hub/platform';
import { AuthorityView, IndicatorView, SERIES_KEY } from '@hub/registry';
import { actionStates, challengeStates, issueSources, issueStates, issueStepNames, itemKinds } from './domain';
import type { Looked } from './issues.service';

export const IssueStateName = enumNamed('IssueState', issueStates, 'How far an issue is.', {
  draft: 'Written down, and before no board yet.',
  ownBoard: 'Before its own board.',
  reply: 'Those whom it names are asked to answer.',
  shared: 'Shared with boards by name.',
  network: 'Open to every board that an agreement covers together with its own.',
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
    accept:
      'From REPLY once it is answered, SHARED or NETWORK: it is work to be done. One that was never shared stays with its board.',
    start: 'From ACCEPTED or WATCHING: work has begun.',
    watch: 'From ACCEPTED or IN_PROGRESS: it is watched.',
    resolve: 'From REPLY once it is answered, ACCEPTED, IN_PROGRESS or WATCHING: it is at its end.',
    decline: 'From any state but RESOLVED and NOT_TAKEN_UP: it is not taken up, for a reason.',
  },
);
const IssueSourceName = enumNamed('IssueSource', issueSources, 'Where an issue comes from.', {
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
const WordingName = enumNamed('Wording', ['shown', 'awaiting'], 'Whether words are shown to their readers.', {
  shown: 'They are.',
  awaiting: 'They wait for a second person of the organisation that wrote them, which alone sees them.',
});

/** An argument: what is questioned in a text is meant. */
export const CONFIRMED = {
  type: () => Boolean,
  nullable: true,
  description:
    'That the questions about the words (WORDS_QUESTIONED) were read, and the words stay. False when absent.',
};

@ObjectType('Organisation', { description: 'A board, an agency or an authority.' })
export class OrganisationView {
  @Field(() => ID, { description: 'Code of a board (`brd-…`), an agency (`agy-…`) or an authority.' }) code: string;
  @Field(() => String, { description: 'Its name; the code again where the hub knows none.' }) name: string;
}

@ObjectType('IssueNamed', { description: 'An authority or agency that an issue names.' })
export class IssueNamedView {
  @Field(() => OrganisationView, { description: 'The authority or agency.' }) organisation: OrganisationView;
  @Field(() => Date, { nullable: true, description: 'When it answered; null while it has not.' })
  repliedAt: Date | null;
}

@ObjectType('Evidence', {
  description: 'A published figure on which an issue rests, as its publication shows it to the caller.',
})
export class EvidenceView {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) publication: string;
  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the document as the caller sees it, in lower-case hex; null where they see none.',
  })
  digest: string | null;
  @Field(() => String, { description: SERIES_KEY }) series: string;
  @Field(() => String, {
    nullable: true,
    description: 'The period of the publication, such as `2025-Q1`; null where the caller is shown nothing of it.',
  })
  period: string | null;
  @Field(() => IndicatorView, { description: 'The indicator of the series.' }) indicator: IndicatorView;
  @Field(() => AuthorityView, { nullable: true, description: 'Whose figure it is; null: the region’s.' })
  authority: AuthorityView | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The figure in words, hidden ones too, with the interval that the print leaves; null where it is not shown to the caller.',
  })
  figure: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What is made of a printed count, in words: its rate with the children and the year that it is of, its percentage or average, with 95 % limits; or why there is none. Null beside a figure that is no number, of a denominator, and where what it is of is not shown to the caller.',
  })
  value: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of a region’s figure, how many of its authorities stand in it, such as `11 of 12`; null otherwise.',
  })
  coverage: string | null;
}

@ObjectType('IssueItem', {
  description:
    'A reply, challenge, action, decision or note; an answer, verdict or progress about one; a step of the issue.',
})
export class IssueItemView {
  @Field(() => ID, { description: 'The id of the item, `itm_…`.' }) id: string;
  @Field(() => ItemKindName, { description: 'What it is.' }) kind: string;
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the issue, `iss_…`; null of what was said at a meeting about none.',
  })
  issue: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Title of the issue; null where the caller does not see it, and where there is none.',
  })
  title: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the challenge that an answer or verdict is about, of the action of a progress, of the decision from which an action follows, `itm_…`; null of any other.',
  })
  about: string | null;
  @Field(() => OrganisationView, { description: 'For which organisation it was written.' }) by: OrganisationView;
  @Field(() => OrganisationView, {
    nullable: true,
    description:
      'To whom it is addressed: a challenge, an action, and what is said about them or to the board that raised the issue. Null of a step, a decision and a note.',
  })
  to: OrganisationView | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of an action: the post that answers for it; null of any other.',
  })
  ownerRole: string | null;
  @Field(() => String, { description: 'What it says, up to 2,000 characters.' }) text: string;
  @Field(() => String, {
    nullable: true,
    description:
      'Of a verdict or progress: what it did for children, and how that is known. Null where nothing was said of it.',
  })
  impact: string | null;
  @Field(() => ItemStateName, {
    nullable: true,
    description: 'How far it is; null of what is neither a challenge nor an action.',
  })
  state: string | null;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The last day for it; null of what is neither a challenge nor an action.',
  })
  due: string | null;
  @Field(() => Boolean, {
    description:
      'Whether its day has passed and its addressee has still something to do. Computed from the day, never typed.',
  })
  overdue: boolean;
  @Field(() => WordingName, { description: 'Whether its words are shown to their readers.' }) wording: string;
  @Field(() => Date, { description: 'When it was written.' }) at: Date;
}
export const IssueItemConnection = connectionOf('IssueItem', () => IssueItemView);

@ObjectType('Issue', {
  description: 'Something that crosses borders, raised by a board. No child, case or review is discussed here.',
})
export class IssueView {
  /** With what its fields are resolved. */
  looked: Looked;
  @Field(() => ID, { description: 'The id of the issue, `iss_…`.' }) id: string;
  @Field(() => OrganisationView, { description: 'The board that raised it.' }) board: OrganisationView;
  @Field(() => IssueStateName, { description: 'How far it is.' }) state: string;
  @Field(() => String, { description: 'What it is about, up to 120 characters.' }) theme: string;
  @Field(() => String, { description: 'Its title, up to 120 characters.' }) title: string;
  @Field(() => String, { description: 'What the board says of it, up to 2,000 characters.' }) text: string;
  @Field(() => String, { description: 'The challenge question; no figure without one.' }) question: string;
  @Field(() => IssueSourceName, { description: 'Where it comes from.' }) source: string;
  @Field(() => Int, { description: 'How likely it is, from 1 to 5, as the board judges.' }) likelihood: number;
  @Field(() => Int, { description: 'How grave it is, from 1 to 5, as the board judges.' }) impact: number;
  @Field(() => Int, { description: 'Likelihood times impact, 1 to 25.' }) risk: number;
  @Field(() => [IssueNamedView], {
    description:
      'Authorities and agencies that it names, as far as the caller may know by now: whom it names, those who have answered, until the date for answers has passed.',
  })
  named: IssueNamedView[];
  @Field(() => OrganisationView, {
    nullable: true,
    description: 'The authority that leads; null where none does, or the caller may not know of it yet.',
  })
  leadArea: OrganisationView | null;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The day by which the board looks at it again; null where it has named none.',
  })
  nextReview: string | null;
  @Field(() => CivilDate, {
    nullable: true,
    description:
      'The last day on which those whom it names may answer before it is shared; null before they are asked.',
  })
  replyBy: string | null;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The day on which it was first shared with other boards; null before that.',
  })
  sharedOn: string | null;
  @Field(() => [OrganisationView], { description: 'Boards with which it was shared by name.' })
  recipients: OrganisationView[];
  @Field(() => Boolean, { description: 'Whether every board that an agreement covers with this one sees it.' })
  network: boolean;
  @Field(() => WordingName, { description: 'Whether its words are shown to their readers.' }) wording: string;
  @Field(() => Date, { description: 'When the board last changed it, or it took its last step.' }) changedAt: Date;
}
export const IssueConnection = connectionOf('Issue', () => IssueView);

@InputType({
  description:
    'A published figure on which an issue rests. Its author has to see it by name: EVIDENCE_NOT_SEEN otherwise; INDICATOR_ABSENT or AUTHORITY_ABSENT for what is none.',
})
export class EvidenceInput {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) publication: string;
  @Field(() => String, { description: SERIES_KEY }) series: string;
  @Field(() => ID, { nullable: true, description: 'Whose figure it is, by its code; the region’s when absent.' })
  authority?: string | null;
}

@InputType({
  description:
    'What a board says of an issue. Words are checked for persons, places, small numbers and names of those whom the issue names.',
})
export class IssueInput {
  @Field(() => String, { description: 'What it is about, 1 to 120 characters on one line.' }) theme: string;
  @Field(() => String, { description: 'Its title, 1 to 120 characters on one line.' }) title: string;
  @Field(() => String, {
    description: 'What is to be said of it, 1 to 2,000 characters. No child, case or review is discussed here.',
  })
  text: string;
  @Field(() => String, { description: 'The challenge question, 1 to 2,000 characters.' }) question: string;
  @Field(() => IssueSourceName, { description: 'Where it comes from.' }) source: string;
  @Field(() => Int, { description: 'How likely it is, from 1 to 5.' }) likelihood: number;
  @Field(() => Int, { description: 'How grave it is, from 1 to 5.' }) impact: number;
  @Field(() => [ID], {
    description: 'Codes of the authorities that it is about, one or more; each of them is asked for its reply.',
  })
  areas: string[];
  @Field(() => [ID], {
    nullable: true,
    description: 'Codes of agencies that it is about, serving one of these or the own areas; none when absent.',
  })
  agencies?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The one of `areas` that leads; none when absent.' }) leadArea?:
    string | null;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The day by which the board looks at it again; none when absent.',
  })
  nextReview?: string | null;
  @Field(() => [EvidenceInput], {
    nullable: true,
    description: 'The published figures on which it rests; none when absent.',
  })
  evidence?: EvidenceInput[] | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'That the questions about the words (WORDS_QUESTIONED) were read, and the words stay. False when absent.',
  })
  confirmed?: boolean | null;
}
