import {
  Args,
  Field,
  GraphQLISODateTime,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Inject } from '@nestjs/common';
import { Me, someone, type Member } from '@hub/identity';
import { parsePeriod, Refusal } from '@hub/kernel';
import { CivilDate, enumNamed } from '@hub/platform';
import { AuthorityView, CATALOGUE, newestDataset, RegistryKeys, type Catalogue, DATASET_CODE } from '@hub/registry';
import { mailboxes, noticeKinds, proposedDates, remarksOn, type Mailbox } from './domain';
import { RemindersService, type ReminderAddress } from './reminders.service';
import { RoundView } from './rounds.view';

const NoticeKindEnum = enumNamed('NoticeKind', noticeKinds, 'What an authority was reminded of, or told.', {
  beforeDue: 'Made five working days before the due date, where nothing had been sent.',
  afterDue: 'Made on the first working day after the due date, where nothing had been sent.',
  beforeEnd: 'Made on the working day before the last one of the round, where nothing had been sent.',
  withdrawn: 'A publication of the round was withdrawn.',
});
const MailboxEnum = enumNamed('Mailbox', mailboxes, 'A mailbox of an authority.', {
  reminders: 'Of whoever sends its returns: told of everything.',
  dataProtection:
    'Of its data protection contact: told of withdrawals and of what national releases open, and of nothing else.',
});
const mailboxArgument = {
  type: () => MailboxEnum,
  nullable: true,
  description: 'REMINDERS when absent.',
} as const;

@ObjectType('Notice', {
  description:
    'A reminder to an authority that had sent nothing, or that a publication was withdrawn; it holds no figures.',
})
export class NoticeView {
  @Field(() => AuthorityView, { description: 'Who was reminded or told.' }) authority: AuthorityView;
  @Field(() => NoticeKindEnum, { description: 'What of.' }) kind: string;
  @Field(() => GraphQLISODateTime, { description: 'When the hub made it.' }) madeAt: Date;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'When its mail left; null where none has, for want of an address or of a way out, or because the return has come.',
  })
  sentAt: Date | null;
}

@ObjectType('ReminderAddress', { description: 'Where an authority wants to be reminded of a return.' })
export class ReminderAddressView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => String, { nullable: true, description: 'A mail address; null: nowhere, reminders are kept and shown.' })
  address: string | null;
}

@ObjectType('ProposedDates', { description: 'Dates for a round, each a working day of England.' })
export class ProposedDatesView {
  @Field(() => CivilDate, {
    description: 'The first day on which the round takes returns: the first working day after the period.',
  })
  opens: string;
  @Field(() => CivilDate, { description: 'The soft due date: 15 working days later.' }) due: string;
  @Field(() => CivilDate, { description: 'The last day: 5 working days after that.' }) closes: string;
  @Field(() => CivilDate, { description: 'The last day of the check window: 5 working days after that.' })
  checkUntil: string;
  @Field(() => GraphQLISODateTime, {
    description: 'The moment of publication: half past nine in London on the next working day.',
  })
  publishesAt: Date;
  @Field(() => [String], {
    description:
      'What to think of before they are used, a sentence each: bank holidays that are not known, publications of the Department.',
  })
  remarks: string[];
}

@Resolver(() => RoundView)
export class RemindersResolver {
  constructor(
    private readonly service: RemindersService,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @ResolveField(() => [String], {
    description:
      'What is particular about its dates, a sentence each: days off, other publications. Empty where nothing is.',
  })
  remarks(@Parent() { row }: RoundView): string[] {
    return remarksOn(row);
  }

  @ResolveField(() => [NoticeView], {
    nullable: true,
    description:
      'What authorities were reminded of or told, the newest first: all of it for the region’s leads, the own for those who act for an authority, null for anybody else.',
  })
  async notices(@Parent() round: RoundView, @Me() member: Member | null): Promise<NoticeView[] | null> {
    const notices = await this.service.notices(member, round.row);
    return notices && notices.map((one) => ({ ...one, authority: this.keys.authority(one.authority) }));
  }

  @Query(() => ProposedDatesView, {
    nullable: true,
    description:
      'Dates for the round of a dataset and period, over weekends and bank holidays, for any member. Nothing is opened.',
  })
  proposedDates(
    @Args('dataset', { description: DATASET_CODE }) dataset: string,
    @Args('period', { description: 'A period of the dataset’s length, such as `2025-Q1`; ROUND_DATES for another.' })
    period: string,
    @Me() member: Member | null,
  ): ProposedDatesView {
    someone(member);
    const { frequency } = newestDataset(this.catalogue, dataset);
    const parsed = parsePeriod(period);
    if (parsed.kind !== frequency) throw new Refusal('ROUND_DATES', { expected: `a period of kind ${frequency}` });
    const dates = proposedDates(parsed);
    return { ...dates, remarks: remarksOn(dates) };
  }

  @Query(() => ReminderAddressView, {
    nullable: true,
    description: 'Where the own authority wants to be reminded; for its analysts and approvers.',
  })
  async reminderAddress(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('mailbox', mailboxArgument) mailbox: Mailbox | null,
    @Me() member: Member | null,
  ): Promise<ReminderAddressView> {
    return this.view(await this.service.address(member, authority, mailbox ?? 'reminders'));
  }

  @Mutation(() => ReminderAddressView, {
    nullable: true,
    description:
      'Sets the mailbox to which the own authority’s reminders go, by its analyst or approver; without an address it is taken out.',
  })
  async setReminderAddress(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('address', { type: () => String, nullable: true, description: 'A mail address; none takes it out.' })
    address: string | null,
    @Args('mailbox', mailboxArgument) mailbox: Mailbox | null,
    @Me() member: Member | null,
  ): Promise<ReminderAddressView> {
    const asked = { authority, mailbox: mailbox ?? 'reminders', address: address ?? null };
    return this.view(await this.service.setAddress(member, asked));
  }

  private view({ authority, address }: ReminderAddress): ReminderAddressView {
    return { authority: this.keys.authority(authority), address };
  }
}
