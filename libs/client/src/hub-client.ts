import type { AgreementState, SignatureMade } from '@hub/agreements/domain';
import { camelCase, screamingSnake, type Edition, type Finding } from '@hub/kernel';
import type { PublicJwk } from '@hub/identity/domain';
import type { WithdrawalReason } from '@hub/ledger/domain';
import type {
  AgreementAnswer,
  AgreementName,
  CheckAnswer,
  ErasureAnswer,
  ErasurePlanAnswer,
  ExceptionAnswer,
  HubDescription,
  KeyAnswer,
  KeyHistoryAnswer,
  OwnFiguresAnswer,
  ProposedDatesAnswer,
  PublicationAnswer,
  PublicationStanding,
  ReturnKeptAnswer,
  ReturnsAsked,
  RoundAnswer,
  RoundDatesAsked,
  RoundStatusAnswer,
  SubmissionAnswer,
  WholeAgreement,
  WhyAnswer,
  WithdrawalAnswer,
  WithdrawalPlanAnswer,
  WithdrawnAnswer,
} from './answers';
import { allPages, type Page } from './all-pages';
import { HubConnection } from './hub-connection';
import {
  AGREEMENT,
  agreementOf,
  ERASURE,
  erasureOf,
  EXCEPTION,
  KEPT,
  keptOf,
  keyOf,
  PLACE,
  returnsAsked,
  ROUND,
  roundOf,
  STANDING,
  standingOf,
  WITHDRAWAL,
  withdrawalOf,
  type AgreementNode,
  type RoundNode,
} from './nodes';
import { findingOf, wordOf } from './words';

/**
 * A hub as an authority's system uses it. Every method throws HubProblem when the hub says no, and Unreachable when
 * there is no answer; sending the same envelope again gives the same receipt.
 */
export class HubClient extends HubConnection {
  /** Sends an envelope. `known` says that the hub had it already, and this is the same receipt again. */
  async submit(envelope: string): Promise<SubmissionAnswer & { readonly known: boolean }> {
    const { status, body } = await this.call('/submissions', {
      method: 'POST',
      headers: { 'content-type': 'application/jose+json' },
      body: envelope,
    });
    return { ...(body as SubmissionAnswer), known: status === 200 };
  }

  /** State and receipt of a submission of the own authority. */
  async status(id: string): Promise<SubmissionAnswer> {
    return (await this.call(`/submissions/${encodeURIComponent(id)}`)).body as SubmissionAnswer;
  }

  /** The envelope of a return of the own authority that waits for its approver, to add a signature to; null where it does not wait. */
  async toSign(id: string): Promise<string | null> {
    const { submission } = await this.graphql<{ submission: { toSign: string | null } }>(
      'query ($id: ID!) { submission(id: $id) { toSign } }',
      { id },
    );
    return submission.toSign;
  }

  /** What has become of a publication that the caller may read: also of one that was withdrawn. */
  async publicationStanding(id: string): Promise<PublicationStanding> {
    const { publication } = await this.graphql<{ publication: PublicationStanding }>(
      `query ($id: ID!) { publication(id: $id) { ${STANDING} } }`,
      { id },
    );
    return standingOf(publication);
  }

  /**
   * Takes a publication of the caller's region out of sight, for good.
   * @throws HubProblem PUBLICATION_ABSENT | NOT_FOR_THIS_ROLE
   */
  async withdrawPublication(id: string, because: WithdrawalReason): Promise<WithdrawalAnswer> {
    const { withdrawPublication } = await this.graphql<{ withdrawPublication: WithdrawalAnswer }>(
      `mutation ($id: ID!, $because: WithdrawalReason!) { withdrawPublication(id: $id, because: $because) { ${WITHDRAWAL} } }`,
      { id, because: screamingSnake(because) },
    );
    return withdrawalOf(withdrawPublication);
  }

  /**
   * A publication that the caller may read, with what is needed to check it elsewhere.
   * @throws HubProblem PUBLICATION_WITHDRAWN with since when, why, and which replaces it
   */
  async publication(id: string): Promise<PublicationAnswer> {
    type Mine = NonNullable<PublicationAnswer['mine']>[number];
    const { publication } = await this.graphql<{
      publication: Omit<PublicationAnswer, 'mine'> & {
        mine: (Omit<Mine, 'authority'> & { authority: { code: string } })[] | null;
      };
    }>(
      `query ($id: ID!) { publication(id: $id) {
         ${STANDING} number edition dataset period digest publishedAt handling document proof receipt
         mine { authority { code } submission version receipt proof } } }`,
      { id },
    );
    return {
      ...publication,
      ...standingOf(publication),
      edition: camelCase(publication.edition),
      mine: publication.mine && publication.mine.map((one) => ({ ...one, authority: one.authority.code })),
    };
  }

  /**
   * Why a figure of a publication is what it is; null where there is none that is shown by name.
   * @param series  as the document names it, `CP01|duration=2-years-or-more#count`
   * @param authority  null: the region's figure
   */
  async why(publication: string, series: string, authority: string | null): Promise<WhyAnswer | null> {
    const { publication: found } = await this.graphql<{ publication: { why: WhyAnswer | null } }>(
      `query ($id: ID!, $series: String!, $authority: ID) { publication(id: $id) { why(series: $series, authority: $authority) {
         figure { kind count value unit between } formula parts { as authority { code name } series count }
         hiddenParts agreement version clause } } }`,
      { id: publication, series, authority },
    );
    const { why } = found;
    return why && { ...why, figure: { ...why.figure, kind: camelCase(why.figure.kind) } };
  }

  /** Every finding of an envelope; stores nothing. */
  async check(envelope: string): Promise<CheckAnswer> {
    const { checkSubmission } = await this.graphql<{
      checkSubmission: { accepted: boolean; findings: Finding[] };
    }>(
      `mutation ($envelope: String!) { checkSubmission(envelope: $envelope) {
         accepted findings { severity rule pointer message expected found offered { answer text period } } } }`,
      { envelope },
    );
    return { accepted: checkSubmission.accepted, findings: checkSubmission.findings.map(findingOf) };
  }

  /**
   * Registers a public key of the authority or agency; `proof` is `keyProof` by the new key. It is pending until another
   * approver of the organisation approves it.
   * @param options.replaces  the kid of the key whose place it takes; that one ends 30 days after the approval
   */
  async registerKey(
    authority: string,
    jwk: PublicJwk,
    proof: string,
    { replaces }: { readonly replaces?: string } = {},
  ): Promise<KeyAnswer> {
    const { registerKey } = await this.graphql<{ registerKey: KeyAnswer }>(
      `mutation ($authority: ID!, $jwk: String!, $proof: String!, $replaces: ID) {
         registerKey(authority: $authority, jwk: $jwk, proof: $proof, replaces: $replaces) { kid state } }`,
      { authority, jwk: JSON.stringify(jwk), proof, replaces: replaces ?? null },
    );
    return keyOf(registerKey);
  }

  /** Makes a key good that somebody else of the organisation has registered. */
  async approveKey(kid: string): Promise<KeyAnswer> {
    const { approveKey } = await this.graphql<{ approveKey: KeyAnswer }>(
      'mutation ($kid: ID!) { approveKey(kid: $kid) { kid state } }',
      { kid },
    );
    return keyOf(approveKey);
  }

  /** Ends a key at once. */
  async revokeKey(kid: string, reason: string): Promise<KeyAnswer> {
    const { revokeKey } = await this.graphql<{ revokeKey: KeyAnswer }>(
      'mutation ($kid: ID!, $reason: String!) { revokeKey(kid: $kid, reason: $reason) { kid state } }',
      { kid, reason },
    );
    return keyOf(revokeKey);
  }

  /** Every key that the organisation ever had, newest first; for its approvers. */
  async signingKeys(organisation: string): Promise<KeyHistoryAnswer[]> {
    const { signingKeys } = await this.graphql<{ signingKeys: KeyHistoryAnswer[] }>(
      `query ($organisation: ID!) { signingKeys(organisation: $organisation) {
         kid state registeredAt approvedAt until revokedAt reason replaces } }`,
      { organisation },
    );
    return signingKeys.map(keyOf);
  }

  /**
   * An agreement with its words and its signatures.
   * @param version  absent: the newest that the caller has a part in
   */
  async agreement(id: string, version?: number): Promise<WholeAgreement> {
    const { agreement, agreementSignatures } = await this.graphql<{
      agreement: AgreementNode & { document: string; plainEnglish: string };
      agreementSignatures: { authority: { code: string }; what: string; jws: string; kid: string; jwk: string }[];
    }>(
      `query ($id: ID!, $version: Int) { agreement(id: $id, version: $version) { ${AGREEMENT} document plainEnglish }
         agreementSignatures(id: $id, version: $version) { authority { code } what jws kid jwk } }`,
      { id, version: version ?? null },
    );
    const { document, plainEnglish, ...node } = agreement;
    const signatures = agreementSignatures.map(({ authority, what, jws, kid, jwk }) => ({
      authority: authority.code as SignatureMade['authority'],
      what: camelCase(what) as SignatureMade['what'],
      jws,
      kid,
      jwk: JSON.parse(jwk) as unknown,
    }));
    return { ...agreementOf(node), document, plainEnglish, signatures };
  }

  /** Every agreement that the caller has a part in, by id and version. */
  async agreements(
    asked: { region?: string | undefined; state?: AgreementState | undefined } = {},
  ): Promise<AgreementAnswer[]> {
    const found = await allPages(async (after) => {
      const { agreements } = await this.graphql<{ agreements: Page<AgreementNode> }>(
        `query ($region: ID, $state: AgreementState, $after: String) {
           agreements(region: $region, state: $state, first: 100, after: $after) {
             edges { node { ${AGREEMENT} } } pageInfo { hasNextPage endCursor } } }`,
        { region: asked.region ?? null, state: asked.state ? screamingSnake(asked.state) : null, after },
      );
      return agreements;
    });
    return found.map(agreementOf);
  }

  /** Lays down a document, for a lead of its first region. @param document  JSON text */
  async draftAgreement(document: string): Promise<AgreementAnswer> {
    const { draftAgreement } = await this.graphql<{ draftAgreement: AgreementNode }>(
      `mutation ($document: String!) { draftAgreement(document: $document) { ${AGREEMENT} } }`,
      { document },
    );
    return agreementOf(draftAgreement);
  }

  /** Opens a draft for signature. */
  proposeAgreement(agreement: AgreementName): Promise<AgreementAnswer> {
    return this.agreementStep(
      `mutation ($id: ID!, $version: Int!) { answer: proposeAgreement(id: $id, version: $version) { ${AGREEMENT} } }`,
      agreement,
    );
  }

  /** Adds the signature of the caller's authority. @param signature  what `signAgreement` makes */
  signAgreement(agreement: AgreementName, signature: string): Promise<AgreementAnswer> {
    return this.agreementStep(
      `mutation ($id: ID!, $version: Int!, $signature: String!) {
         answer: signAgreement(id: $id, version: $version, signature: $signature) { ${AGREEMENT} } }`,
      agreement,
      { signature },
    );
  }

  /** Takes the caller's authority out from a civil date on. @param notice  what `signNotice` makes */
  withdrawFromAgreement(
    agreement: AgreementName,
    { authority, from, notice }: { readonly authority: string; readonly from: string; readonly notice: string },
  ): Promise<AgreementAnswer> {
    return this.agreementStep(
      `mutation ($id: ID!, $version: Int!, $authority: ID!, $from: Date!, $notice: String!) {
         answer: withdrawFromAgreement(id: $id, version: $version, authority: $authority, from: $from, notice: $notice) { ${AGREEMENT} } }`,
      agreement,
      { authority, from, notice },
    );
  }

  /** Stops an agreement until it is resumed, brings it back, or ends it for good; for a lead of its first region. */
  changeAgreement(step: 'suspend' | 'resume' | 'terminate', agreement: AgreementName, reason: string) {
    return this.agreementStep(
      `mutation ($id: ID!, $version: Int!, $reason: String!) {
         answer: ${step}Agreement(id: $id, version: $version, reason: $reason) { ${AGREEMENT} } }`,
      agreement,
      { reason },
    );
  }

  /** @param document  that names what it answers `answer` */
  private async agreementStep(
    document: string,
    { id, version }: AgreementName,
    more: Readonly<Record<string, string>> = {},
  ): Promise<AgreementAnswer> {
    const { answer } = await this.graphql<{ answer: AgreementNode }>(document, { id, version, ...more });
    return agreementOf(answer);
  }

  /** What leaving an agreement from that day would mean; nothing has happened yet. */
  async withdrawalPlan(agreement: AgreementName, authority: string, from: string): Promise<WithdrawalPlanAnswer> {
    const { withdrawalPlan } = await this.graphql<{ withdrawalPlan: WithdrawalPlanAnswer }>(
      `query ($id: ID!, $version: Int!, $authority: ID!, $from: Date!) {
         withdrawalPlan(agreement: $id, version: $version, authority: $authority, from: $from) { rounds returns { ${KEPT} } } }`,
      { ...agreement, authority, from },
    );
    return { ...withdrawalPlan, returns: withdrawalPlan.returns.map(keptOf) };
  }

  /** Until when what the authority has sent is kept, and what has gone; for its approvers. */
  async retention(asked: ReturnsAsked): Promise<ReturnKeptAnswer[]> {
    const { retentionPlan } = await this.graphql<{ retentionPlan: ReturnKeptAnswer[] }>(
      `query ($authority: ID!, $dataset: String, $period: String) {
         retentionPlan(authority: $authority, dataset: $dataset, period: $period) { ${KEPT} } }`,
      returnsAsked(asked),
    );
    return retentionPlan.map(keptOf);
  }

  /** What an erasure would take away; nothing has happened yet. */
  async erasurePlan(asked: ReturnsAsked): Promise<ErasurePlanAnswer> {
    const { erasurePlan } = await this.graphql<{ erasurePlan: ErasurePlanAnswer }>(
      `query ($authority: ID!, $dataset: String, $period: String) {
         erasurePlan(authority: $authority, dataset: $dataset, period: $period) {
           id submissions { submission dataset period version envelope cells } cells publications rounds alsoIn } }`,
      returnsAsked(asked),
    );
    return erasurePlan;
  }

  /** Erases what the plan of that id has shown. Returns at once: look at `erasure` until it is done. */
  async eraseReturns(asked: ReturnsAsked, plan: string): Promise<ErasureAnswer> {
    const { eraseReturns } = await this.graphql<{ eraseReturns: ErasureAnswer }>(
      `mutation ($authority: ID!, $dataset: String, $period: String, $plan: ID!) {
         eraseReturns(authority: $authority, dataset: $dataset, period: $period, plan: $plan) { ${ERASURE} } }`,
      { ...returnsAsked(asked), plan },
    );
    return erasureOf(eraseReturns);
  }

  /** An erasure of the caller's authority. */
  async erasure(id: string): Promise<ErasureAnswer> {
    const { erasure } = await this.graphql<{ erasure: ErasureAnswer }>(
      `query ($id: ID!) { erasure(id: $id) { ${ERASURE} } }`,
      { id },
    );
    return erasureOf(erasure);
  }

  /** Every round of a region, newest first. */
  async rounds(region: string, dataset?: string): Promise<RoundAnswer[]> {
    const found = await allPages(async (after) => {
      const answer = await this.graphql<{ region: { rounds: Page<RoundNode> } }>(
        `query ($region: ID!, $dataset: String, $after: String) { region(code: $region) {
             rounds(dataset: $dataset, first: 100, after: $after) { edges { node { ${ROUND} } } pageInfo { hasNextPage endCursor } } } }`,
        { region, dataset: dataset ?? null, after },
      );
      return answer.region.rounds;
    });
    return found.map(roundOf);
  }

  /** How a round stands: for a lead every authority's return without figures, for an authority its own. */
  async roundStatus(id: string): Promise<RoundStatusAnswer> {
    const { round } = await this.graphql<{
      round: RoundNode & Pick<RoundStatusAnswer, 'returns' | 'mine' | 'exceptions' | 'remarks' | 'notices'>;
    }>(
      `query ($id: ID!) { round(id: $id) { ${ROUND}
         exceptions { ${EXCEPTION} } remarks notices { authority { code name } kind madeAt sentAt }
         returns { authority { code name } state version receivedAt late counted confirmed indicators }
         mine { authority { code name } version receivedAt late confirmed waiting withdrawn
           indicators { indicator { code name } state counted expected } } } }`,
      { id },
    );
    type Indicators = NonNullable<NonNullable<RoundStatusAnswer['mine']>[number]['indicators']>;
    return {
      ...roundOf(round),
      exceptions: round.exceptions,
      remarks: round.remarks,
      notices: round.notices && round.notices.map((one) => ({ ...one, kind: wordOf(one.kind) })),
      returns: round.returns && round.returns.map((one) => ({ ...one, state: wordOf(one.state) })),
      mine:
        round.mine &&
        round.mine.map((one) => ({
          ...one,
          indicators:
            one.indicators &&
            one.indicators.map((each): Indicators[number] => ({ ...each, state: wordOf(each.state) })),
        })),
    };
  }

  /** The own returns of a round as they will be printed, with what has changed; empty for one who acts for no authority. */
  async ownFigures(round: string): Promise<readonly OwnFiguresAnswer[]> {
    const { round: found } = await this.graphql<{ round: { mine: OwnFiguresAnswer[] | null } }>(
      `query ($id: ID!) { round(id: $id) { mine { authority { code name } version confirmed check { replaces reason
         figures { ${PLACE} kind count of value unit } answers { ${PLACE} rule answer text }
         commentary { indicator { code name } text } changes { ${PLACE} ofDenominator before after } } } } }`,
      { id: round },
    );
    return (found.mine ?? []).map((one) => ({
      ...one,
      check: one.check && {
        ...one.check,
        figures: one.check.figures && one.check.figures.map((each) => ({ ...each, kind: wordOf(each.kind) })),
        answers: one.check.answers.map((each) => ({ ...each, answer: wordOf(each.answer) })),
      },
    }));
  }

  /** Says as an approver that this version of the own return is right. */
  async confirmReturn(
    round: string,
    asked: { readonly authority: string; readonly version: number },
  ): Promise<RoundAnswer> {
    const { confirmReturn } = await this.graphql<{ confirmReturn: RoundNode }>(
      `mutation ($round: ID!, $authority: ID!, $version: Int!) {
         confirmReturn(round: $round, authority: $authority, version: $version) { ${ROUND} } }`,
      { round, ...asked },
    );
    return roundOf(confirmReturn);
  }

  /** Dates for the round of a dataset and period, over weekends and bank holidays. */
  async proposedDates(dataset: string, period: string): Promise<ProposedDatesAnswer> {
    const { proposedDates } = await this.graphql<{ proposedDates: ProposedDatesAnswer }>(
      `query ($dataset: String!, $period: String!) { proposedDates(dataset: $dataset, period: $period) {
         opens due closes checkUntil publishesAt remarks } }`,
      { dataset, period },
    );
    return proposedDates;
  }

  /**
   * Where the own authority wants to be reminded, or its data protection contact to be told: what it is, or what it is from now on;
   * null takes it out.
   */
  async reminderAddress(
    authority: string,
    address?: string | null,
    mailbox: 'reminders' | 'dataProtection' = 'reminders',
  ): Promise<string | null> {
    const fields = '{ address }';
    const query =
      address === undefined
        ? `query ($authority: ID!, $mailbox: Mailbox) { answer: reminderAddress(authority: $authority, mailbox: $mailbox) ${fields} }`
        : `mutation ($authority: ID!, $address: String, $mailbox: Mailbox) {
             answer: setReminderAddress(authority: $authority, address: $address, mailbox: $mailbox) ${fields} }`;
    const { answer } = await this.graphql<{ answer: { address: string | null } }>(query, {
      authority,
      mailbox: screamingSnake(mailbox),
      ...(address === undefined ? {} : { address }),
    });
    return answer.address;
  }

  /** Ends the check window before its last day. */
  async checkRound(id: string): Promise<RoundAnswer> {
    const { checkRound } = await this.graphql<{ checkRound: RoundNode }>(
      `mutation ($id: ID!) { checkRound(id: $id) { ${ROUND} } }`,
      { id },
    );
    return roundOf(checkRound);
  }

  /**
   * Opens a round; dates are civil, `2025-07-31`, and `closes` is the last day. Until the end of `checkUntil` each authority looks
   * at its own figures; at `publishesAt`, an instant, the hub publishes by itself.
   */
  async openRound(asked: {
    region: string;
    dataset: string;
    period: string;
    opens: string;
    due: string;
    closes: string;
    checkUntil?: string;
    publishesAt?: string;
  }): Promise<RoundAnswer> {
    const { openRound } = await this.graphql<{ openRound: RoundNode }>(
      `mutation ($region: ID!, $dataset: String!, $period: String!, $opens: Date!, $due: Date!, $closes: Date!, $checkUntil: Date,
           $publishesAt: DateTime) {
         openRound(region: $region, dataset: $dataset, period: $period, opens: $opens, due: $due, closes: $closes,
           checkUntil: $checkUntil, publishesAt: $publishesAt) { ${ROUND} } }`,
      asked,
    );
    return roundOf(openRound);
  }

  /** Opens a published or held round again for its next edition; `closes` is the last day for later and late returns. */
  async openEdition(
    round: string,
    {
      edition,
      ...dates
    }: { readonly edition: Edition } & Pick<RoundDatesAsked, 'due' | 'closes'> & Partial<RoundDatesAsked>,
  ): Promise<RoundAnswer> {
    const { openEdition } = await this.graphql<{ openEdition: RoundNode }>(
      `mutation ($round: ID!, $edition: Edition!, $due: Date!, $closes: Date!, $checkUntil: Date, $publishesAt: DateTime) {
         openEdition(round: $round, edition: $edition, due: $due, closes: $closes, checkUntil: $checkUntil,
           publishesAt: $publishesAt) { ${ROUND} } }`,
      { round, edition: screamingSnake(edition), ...dates },
    );
    return roundOf(openEdition);
  }

  /** Moves the dates of a round that are still to come. All are given; null is none. */
  async moveRoundDates(round: string, dates: RoundDatesAsked): Promise<RoundAnswer> {
    const { moveRoundDates } = await this.graphql<{ moveRoundDates: RoundNode }>(
      `mutation ($round: ID!, $opens: Date!, $due: Date!, $closes: Date!, $checkUntil: Date, $publishesAt: DateTime) {
         moveRoundDates(round: $round, opens: $opens, due: $due, closes: $closes, checkUntil: $checkUntil,
           publishesAt: $publishesAt) { ${ROUND} } }`,
      { round, ...dates },
    );
    return roundOf(moveRoundDates);
  }

  /** Closes an open round before its date. */
  async closeRound(id: string): Promise<RoundAnswer> {
    const { closeRound } = await this.graphql<{ closeRound: RoundNode }>(
      `mutation ($id: ID!) { closeRound(id: $id) { ${ROUND} } }`,
      { id },
    );
    return roundOf(closeRound);
  }

  /** Takes a return back before a round compiles it; an earlier version does not come back by itself. */
  async withdrawSubmission(id: string, reason: string): Promise<WithdrawnAnswer> {
    const { withdrawSubmission } = await this.graphql<{ withdrawSubmission: WithdrawnAnswer }>(
      `mutation ($id: ID!, $reason: String!) {
         withdrawSubmission(id: $id, reason: $reason) { id state version withdrawnBecause } }`,
      { id, reason },
    );
    return { ...withdrawSubmission, state: wordOf(withdrawSubmission.state) };
  }

  /** Lets an authority send its return after the end of a round, until the end of that civil date. */
  async grantException(
    round: string,
    asked: { readonly authority: string; readonly until: string; readonly reason: string },
  ): Promise<ExceptionAnswer> {
    const { grantException } = await this.graphql<{ grantException: ExceptionAnswer }>(
      `mutation ($round: ID!, $authority: ID!, $until: Date!, $reason: String!) {
         grantException(round: $round, authority: $authority, until: $until, reason: $reason) { ${EXCEPTION} } }`,
      { round, ...asked },
    );
    return grantException;
  }

  /** Asks for the publication of a closed round. Returns at once: look at `rounds` until it is published or held. */
  async publishRound(id: string): Promise<RoundAnswer> {
    const { publishRound } = await this.graphql<{ publishRound: RoundNode }>(
      `mutation ($id: ID!) { publishRound(id: $id) { ${ROUND} } }`,
      { id },
    );
    return roundOf(publishRound);
  }

  /** What the hub says of itself. */
  async describe(): Promise<HubDescription> {
    return (await this.call('/.well-known/hub.json')).body as HubDescription;
  }
}
