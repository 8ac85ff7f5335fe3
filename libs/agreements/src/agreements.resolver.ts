import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CLOCK, londonDate, type Clock } from '@hub/kernel';
import { CivilDate, pageOf, toConnection, type Connection } from '@hub/platform';
import { CATALOGUE, namesOf, REGISTRY, RegistryKeys, type Catalogue, type Registry } from '@hub/registry';
import { AgreementDesk } from './agreement-desk.service';
import {
  AgreementConnection,
  AgreementSignatureView,
  AgreementStateName,
  AgreementView,
  signatureViewOf,
  viewOf,
} from './agreement.view';
import { AgreementsReader } from './agreements.reader';
import type { Agreement, AgreementState, NameOf } from './domain';

@Resolver(() => AgreementView)
export class AgreementsResolver {
  private readonly nameOf: NameOf;

  constructor(
    private readonly desk: AgreementDesk,
    private readonly reader: AgreementsReader,
    private readonly keys: RegistryKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REGISTRY) registry: Registry,
    @Inject(CATALOGUE) catalogue: Catalogue,
  ) {
    this.nameOf = namesOf(registry, catalogue);
  }

  @Query(() => AgreementView, {
    nullable: true,
    description: 'An agreement that the caller has a part in: of a region, party or audience of theirs.',
  })
  async agreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int, nullable: true, description: 'Absent: the newest.' }) version: number | null,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.reader.find(member, id, version ?? null));
  }

  @Query(() => [AgreementSignatureView], {
    nullable: true,
    description: 'What the parties of an agreement have signed: to verify it without the hub.',
  })
  async agreementSignatures(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int, nullable: true, description: 'Absent: the newest.' }) version: number | null,
    @Me() member: Member | null,
  ): Promise<AgreementSignatureView[]> {
    const made = await this.reader.signatures(member, id, version ?? null);
    return made.map((one) => signatureViewOf(one, this.keys));
  }

  @Query(() => AgreementConnection, {
    nullable: true,
    description: 'Agreements that the caller has a part in, by id and version.',
  })
  async agreements(
    @Args('region', { type: () => ID, nullable: true }) region: string | null,
    @Args('state', { type: () => AgreementStateName, nullable: true }) state: AgreementState | null,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<AgreementView>> {
    const page = pageOf(first, after, 'idAndVersion');
    const [id = '', version] = page.after?.split(' ') ?? [];
    const rows = await this.reader.list(
      member,
      { region: region ?? null, state: state ?? null },
      { limit: page.limit, after: page.after === null ? null : { id, version: Number(version) } },
    );
    return toConnection(rows, page, keyOf, (one) => this.view(one));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Lays down a document of contracts/agreements, for a lead of its first region.',
  })
  async draftAgreement(
    @Args('document', { description: 'The document as JSON text.' }) document: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.draft(member, document));
  }

  @Mutation(() => AgreementView, { nullable: true, description: 'Opens a draft for signature.' })
  async proposeAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.propose(member, { id, version }));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Adds the signature of the caller’s authority; the last one brings the agreement into force.',
  })
  async signAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('signature', { description: 'A flattened JWS over the RFC 8785 form, by a key of the authority.' })
    signature: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.sign(member, { id, version }, signature));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Takes the caller’s authority out from a day on, by signed notice.',
  })
  async withdrawFromAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('authority', { type: () => ID }) authority: string,
    @Args('from', { type: () => CivilDate, description: 'The first day on which it is no longer a party.' })
    from: string,
    @Args('notice', { description: 'A flattened JWS over {"v","agreement","authority","from"}.' }) notice: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.withdraw(member, { id, version, authority, from }, notice));
  }

  @Mutation(() => AgreementView, { nullable: true, description: 'Stops an agreement until it is resumed.' })
  async suspendAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('reason') reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.suspend(member, { id, version }, reason));
  }

  @Mutation(() => AgreementView, { nullable: true, description: 'Brings a suspended agreement back into force.' })
  async resumeAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('reason') reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.resume(member, { id, version }, reason));
  }

  @Mutation(() => AgreementView, { nullable: true, description: 'Ends an agreement, or a draft of one, for good.' })
  async terminateAgreement(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('reason') reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.terminate(member, { id, version }, reason));
  }

  private view(agreement: Agreement): AgreementView {
    return viewOf(agreement, londonDate(this.clock.now()), this.keys, this.nameOf);
  }
}

const keyOf = ({ document: { id, version } }: Agreement): string => `${id} ${version}`;
