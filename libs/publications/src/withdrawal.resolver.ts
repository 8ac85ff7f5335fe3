import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { withdrawalReasons, type WithdrawalReason } from '@hub/ledger/domain';
import { CONFIG, type Config, enumNamed, publicId } from '@hub/platform';
import { withdrawnBecause } from './domain';
import { PublicationView } from './publications.resolver';
import { Withdrawals } from './reading/withdrawals';
import { WithdrawalService } from './withdrawal.service';

const ReasonEnum = enumNamed(
  'WithdrawalReason',
  withdrawalReasons,
  'From a list, for words of one’s own beside figures could tell what is hidden.',
  {
    figuresWrong: 'Some of its figures are wrong.',
    agreementEnded: 'The agreement that allowed it has ended.',
    notToBeShown: 'It must not be shown any more.',
  },
);

@ObjectType('PublicationWithdrawal', {
  description: 'That a publication was withdrawn: from then on nobody is given anything of it.',
})
export class WithdrawalView {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) publication: string;
  @Field(() => GraphQLISODateTime, { description: 'When it was withdrawn.' }) at: Date;
  @Field(() => ReasonEnum, { description: 'Why.' }) because: string;
  @Field(() => String, { description: 'The reason as the end of a sentence, after “because”.' }) inWords: string;
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the publication of its dataset and period that is current now; null while there is none.',
  })
  replacedBy: string | null;
}

@Resolver(() => PublicationView)
export class WithdrawalResolver {
  constructor(
    private readonly service: WithdrawalService,
    private readonly withdrawals: Withdrawals,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Mutation(() => WithdrawalView, {
    nullable: true,
    description:
      'Takes a publication out of sight at once, current or superseded, by a lead of its region; nothing brings it back. The book keeps it. The edition before does not become current again; the round can be opened for the next.',
  })
  async withdrawPublication(
    @Args('id', { type: () => ID, description: 'The id of the publication, `pub_…`.' }) id: string,
    @Args('because', { type: () => ReasonEnum, description: 'Why; every authority of the region is told.' })
    because: WithdrawalReason,
    @Me() member: Member | null,
  ): Promise<WithdrawalView> {
    await this.service.withdraw(member, id, because);
    const view = await this.viewOf(member, id);
    if (!view) throw new Refusal('PUBLICATION_ABSENT');
    return view;
  }

  @ResolveField(() => WithdrawalView, {
    nullable: true,
    description:
      'That it was withdrawn, told to whomever anything of it was shown, from outside the region too. Null where it was not.',
  })
  withdrawal(@Parent() { id, state }: PublicationView, @Me() member: Member | null): Promise<WithdrawalView | null> {
    return state === 'withdrawn' ? this.viewOf(member, id) : Promise.resolve(null);
  }

  private async viewOf(member: Member | null, publication: string): Promise<WithdrawalView | null> {
    const found = member && (await this.withdrawals.of(member, publication));
    if (!found) return null;
    const { at, because, replacedBy } = found;
    return {
      publication,
      at,
      because,
      inWords: withdrawnBecause[because],
      replacedBy: replacedBy && publicId('pub', this.config.hubId, replacedBy),
    };
  }
}
