import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { addDays, sha256 } from '@hub/kernel';
import { CivilDate, connectionOf, enumNamed } from '@hub/platform';
import { AuthorityView, type RegistryKeys } from '@hub/registry';
import {
  agreementDigestInput,
  asOf,
  agreementSteps,
  plainEnglish,
  purposes,
  signedThings,
  type Agreement,
  type AgreementState,
  type NameOf,
  type SignatureMade,
} from './domain';

export const AgreementStateName = enumNamed(
  'AgreementState',
  Object.keys(agreementSteps) as AgreementState[],
  'How far an agreement has come. Whether it binds on a day follows from its dates, its review and its parent too.',
  {
    draft: 'Laid down; nobody has been asked to sign.',
    proposed: 'Open for the signatures of its parties.',
    inForce:
      'All parties have signed. It binds from `effectiveFrom` on, and no longer once its review is 90 days overdue.',
    suspended: 'Stopped by a lead until it is resumed.',
    expired: 'Its last day has passed.',
    terminated: 'Ended by a lead for good.',
    superseded: 'A later version has taken its place.',
  },
);
const PartyStatus = enumNamed(
  'PartyStatus',
  ['invited', 'signed', 'withdrawn'],
  'How far an authority has come with an agreement that names it.',
  {
    invited: 'It has not signed.',
    signed: 'It has signed.',
    withdrawn: 'It has given notice; `withdrawnFrom` says from which day it is no longer a party.',
  },
);
export const PurposeName = enumNamed('Purpose', purposes, 'What figures may be used for.', {
  'regional-benchmarking': 'To compare the authorities of a region.',
  'peer-challenge': 'To question one another’s practice.',
  'practice-exchange': 'To learn from what has worked elsewhere.',
  'service-improvement': 'To improve the own services.',
});

/** For what published figures are read. */
export const purposeArgument = {
  type: () => PurposeName,
  nullable: true,
  description: 'What the figures are read for, which an agreement has to allow; REGIONAL_BENCHMARKING when absent.',
} as const;

/** For how many days before its review date an agreement says that the review is due. */
const REVIEW_NOTICE_DAYS = 60;

@ObjectType('AgreementParty', { description: 'An authority that an agreement names, and how far it has come.' })
export class AgreementPartyView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => PartyStatus, { description: 'How far it has come.' }) status: string;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The first day on which it is no longer a party; null where it has given no notice.',
  })
  withdrawnFrom: string | null;
  @Field(() => [ID], { description: 'Codes of agencies whose keys may sign a return for this area.' })
  agencies: string[];
}

@ObjectType('Agreement', { description: 'Who shares what with whom, why, and from when to when; the parties sign it.' })
export class AgreementView {
  @Field(() => ID, { description: 'Its kebab-case name, the same in every version.' }) id: string;
  @Field(() => Int, { description: 'Counts from 1.' }) version: number;
  @Field(() => String, { description: 'Its title.' }) title: string;
  @Field(() => AgreementStateName, { description: 'As it is today.' }) state: string;
  @Field(() => [ID], {
    description:
      'Codes of the regions whose figures it covers. The first one is its home: its leads draft, propose and end it.',
  })
  regions: string[];
  @Field(() => [AgreementPartyView], { description: 'Every authority that the document names, in its order.' })
  parties: AgreementPartyView[];
  @Field(() => [PurposeName], { description: 'What figures may be used for under it.' }) purposes: string[];
  @Field(() => CivilDate, { description: 'Its first day.' }) effectiveFrom: string;
  @Field(() => CivilDate, { description: 'The day after its last.' }) effectiveUntil: string;
  @Field(() => CivilDate, {
    description:
      'The day on which its data protection impact assessment is to be reviewed. From 90 days after it the agreement binds no more.',
  })
  reviewDate: string;
  @Field(() => Boolean, { description: 'Whether the review date is past or at most 60 days away.' }) reviewDue: boolean;
  @Field(() => String, { description: 'SHA-256 of the document, lower-case hex.' }) digest: string;
  @Field(() => String, { description: 'The RFC 8785 form that the parties sign.' }) document: string;
  @Field(() => String, { description: 'The document as a page of plain English, in Markdown: every clause of it.' })
  plainEnglish: string;
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the overarching agreement that it stands under and can only narrow; null where it stands alone.',
  })
  parent: string | null;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'The first day on which a later version takes its place; null while there is none.',
  })
  supersededFrom: string | null;
  @Field(() => [AuthorityView], {
    description: 'Parties that still have to sign; one that has withdrawn is none of them.',
  })
  missingSignatures: AuthorityView[];
}
export const AgreementConnection = connectionOf('Agreement', () => AgreementView);

@ObjectType('PartyOf', { description: 'An agreement in force under which an authority shares its figures.' })
export class PartyOfView {
  @Field(() => ID, { description: 'The agreement’s kebab-case name.' }) id: string;
  @Field(() => Int, { description: 'The version that is in force.' }) version: number;
  @Field(() => CivilDate, { description: 'The first day on which that version was.' }) since: string;
  @Field(() => CivilDate, {
    description:
      'The first day on which the authority is no longer a party: by its own notice, or because the agreement ends.',
  })
  until: string;
}

@ObjectType('RegionAuthority', { description: 'An authority of a region today, and what it is a party of.' })
export class RegionAuthorityView {
  @Field(() => AuthorityView, { description: 'The authority.' }) authority: AuthorityView;
  @Field(() => CivilDate, {
    nullable: true,
    description: 'Its first day in the region; null where that lies before the registry begins.',
  })
  since: string | null;
  @Field(() => [PartyOfView], {
    description:
      'The agreements about the region that are in force and that it is a party of; none where it is no party.',
  })
  partyOf: readonly PartyOfView[];
}

const SignedThing = enumNamed('SignedThing', signedThings, 'What a party of an agreement has signed.', {
  signature: 'The document of the agreement.',
  withdrawal: 'Its notice that it leaves.',
});

@ObjectType('AgreementSignature', {
  description: 'What one party has signed, with the key that verifies it; nobody has to take the hub’s word for it.',
})
export class AgreementSignatureView {
  @Field(() => AuthorityView, { description: 'The party.' }) authority: AuthorityView;
  @Field(() => SignedThing, { description: 'What it has signed.' }) what: string;
  @Field(() => String, { description: 'The flattened JWS as it was sent, JSON text.' }) jws: string;
  @Field(() => ID, { description: 'The name of the key.' }) kid: string;
  @Field(() => String, { description: 'The public key as a JWK, JSON text, as it is registered to the authority.' })
  jwk: string;
}

export const signatureViewOf = (
  { authority, what, jws, kid, jwk }: SignatureMade,
  keys: RegistryKeys,
): AgreementSignatureView => ({
  authority: keys.authority(authority),
  what,
  jws,
  kid,
  jwk: JSON.stringify(jwk),
});

/** @param today  the civil date on which it is looked at */
export function viewOf(agreement: Agreement, today: string, keys: RegistryKeys, nameOf: NameOf): AgreementView {
  const { document, parties, successorFrom } = agreement;
  const text = agreementDigestInput(document);
  return {
    id: document.id,
    version: document.version,
    title: document.title,
    state: asOf(agreement, today).state,
    regions: [...document.regions],
    parties: document.parties.map(({ authority: code, agencies }) => {
      const standing = parties.get(code);
      return {
        authority: keys.authority(code),
        status: standing?.status ?? 'invited',
        withdrawnFrom: standing?.withdrawnFrom ?? null,
        agencies: [...(agencies ?? [])],
      };
    }),
    purposes: document.purposes.map(({ code }) => code),
    effectiveFrom: document.effective.from,
    effectiveUntil: document.effective.until,
    reviewDate: document.dpia.reviewDate,
    reviewDue: addDays(document.dpia.reviewDate, -REVIEW_NOTICE_DAYS) <= today,
    digest: sha256(text).toString('hex'),
    document: text,
    // Made only when it is asked for.
    get plainEnglish() {
      return plainEnglish(document, nameOf);
    },
    parent: document.parent ?? null,
    supersededFrom: successorFrom ?? null,
    missingSignatures: [...parties]
      .filter(([, { status }]) => status === 'invited')
      .map(([code]) => keys.authority(code)),
  };
}
