import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { CLOCK, londonDate, type Clock } from '@hub/kernel';
import { CivilDate, pageOf, toConnection, type Connection, afterArgument, firstArgument } from '@hub/platform';
import { CATALOGUE, namesOf, RegionView, REGISTRY, RegistryKeys, type Catalogue, type Registry } from '@hub/registry';
import { AgreementDesk } from './agreement-desk.service';
import {
  AgreementConnection,
  AgreementSignatureView,
  AgreementStateName,
  AgreementView,
  RegionAuthorityView,
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
    description:
      'An agreement that the caller has a part in: of a region, party or audience of theirs. Null and AGREEMENT_ABSENT for any other, existing or not.',
  })
  async agreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', {
      type: () => Int,
      nullable: true,
      description: 'The newest that the caller has a part in when absent.',
    })
    version: number | null,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.reader.find(member, id, version ?? null));
  }

  @Query(() => [AgreementSignatureView], {
    nullable: true,
    description:
      'What the parties of an agreement have signed: to verify it without the hub. Null and AGREEMENT_ABSENT as for `agreement`.',
  })
  async agreementSignatures(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', {
      type: () => Int,
      nullable: true,
      description: 'The newest that the caller has a part in when absent.',
    })
    version: number | null,
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
    @Args('region', {
      type: () => ID,
      nullable: true,
      description:
        'Those alone that cover this region; all when absent. REGION_ABSENT for one that is not the caller’s and of which no agreement tells them.',
    })
    region: string | null,
    @Args('state', {
      type: () => AgreementStateName,
      nullable: true,
      description: 'Those alone that are in this state today; all when absent.',
    })
    state: AgreementState | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
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

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Opens a draft for signature, by a lead of its home region.',
  })
  async proposeAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.propose(member, { id, version }));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description:
      'Adds the signature of the caller’s authority, by its approver; the last one brings the agreement into force. Signing again changes nothing.',
  })
  async signAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('signature', { description: 'A flattened JWS over the RFC 8785 form, by a key of the authority.' })
    signature: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.sign(member, { id, version }, signature));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Takes the caller’s authority out from a day on, by signed notice of its approver.',
  })
  async withdrawFromAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('from', {
      type: () => CivilDate,
      description: 'The first day on which it is no longer a party; AGREEMENT_NOTICE_TOO_SHORT says the earliest.',
    })
    from: string,
    @Args('notice', { description: 'A flattened JWS over {"v","agreement","authority","from"}.' }) notice: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.withdraw(member, { id, version, authority, from }, notice));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Stops an agreement in force until it is resumed, by a lead of its home region.',
  })
  async suspendAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('reason', { description: 'Why, in 1 to 500 characters on one line.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.suspend(member, { id, version }, reason));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Brings a suspended agreement back into force, by a lead of its home region.',
  })
  async resumeAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('reason', { description: 'Why, in 1 to 500 characters on one line.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.resume(member, { id, version }, reason));
  }

  @Mutation(() => AgreementView, {
    nullable: true,
    description: 'Ends an agreement, or a draft of one, for good, by a lead of its home region.',
  })
  async terminateAgreement(
    @Args('id', { type: () => ID, description: 'The agreement’s kebab-case name.' }) id: string,
    @Args('version', { type: () => Int, description: 'Which version.' }) version: number,
    @Args('reason', { description: 'Why, in 1 to 500 characters on one line.' }) reason: string,
    @Me() member: Member | null,
  ): Promise<AgreementView> {
    return this.view(await this.desk.terminate(member, { id, version }, reason));
  }

  private view(agreement: Agreement): AgreementView {
    return viewOf(agreement, londonDate(this.clock.now()), this.keys, this.nameOf);
  }
}

const keyOf = ({ document: { id, version } }: Agreement): string => `${id} ${version}`;

@Resolver(() => RegionView)
export class RegionAuthoritiesResolver {
  constructor(
    private readonly reader: AgreementsReader,
    private readonly keys: RegistryKeys,
  ) {}

  @ResolveField(() => [RegionAuthorityView], {
    nullable: true,
    description:
      'The authorities of the region today, by code, and whether each is a party of an agreement in force: for those who belong to it, null and REGION_ABSENT for others.',
  })
  async authorities(@Parent() region: RegionView, @Me() member: Member | null): Promise<RegionAuthorityView[]> {
    const found = await this.reader.authorities(member, region.code);
    return found.map((one) => ({ ...one, authority: this.keys.authority(one.authority) }));
  }
}
