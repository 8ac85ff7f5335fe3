import { Args, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { enumNamed } from '@hub/platform';
import { PERIOD_TEXT } from '@hub/registry';
import { NationalService, type NationalNow } from './national.service';

const NationalState = enumNamed(
  'NationalState',
  ['proposed', 'withdrawn', 'loading', 'loaded', 'confirmed', 'refused'],
  'How far a national release has come.',
  {
    proposed: 'It waits for a second steward.',
    withdrawn: 'It was taken back while it waited.',
    loading: 'Confirmed, and being entered into the book. Told to stewards alone.',
    loaded: 'In the book: later editions are protected beside it. Told to stewards alone.',
    confirmed: 'A second steward has confirmed it; what stewards see as LOADING or LOADED.',
    refused: 'The book could not take it in: `refusedBecause` says why.',
  },
);

@ObjectType('NationalRelease', {
  description:
    'Figures that the Department has printed, as part of what everybody knows. What they open is told to its owners.',
})
export class NationalReleaseView {
  @Field(() => ID, { description: 'The id of the release, `nat_…`.' }) id: string;
  @Field(() => String, { description: 'Its title, as its map gives it.' }) title: string;
  @Field(() => String, { description: 'Code of the dataset whose counts it prints.' }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, {
    nullable: true,
    description: 'Who prints it, as its map says; null of those loaded before that was kept.',
  })
  source: string | null;
  @Field(() => NationalState, {
    description: 'How far it has come: LOADING and LOADED for stewards, for others CONFIRMED in place of both.',
  })
  state: string;
  @Field(() => String, {
    nullable: true,
    description: 'Why the book is as it was: a refusal code. Null unless it was refused.',
  })
  refusedBecause: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of what was read, in lower-case hex: `hub book digest` finds the same from the file that the Department prints. Null of those loaded before that was kept.',
  })
  digest: string | null;
  @Field(() => Date, { description: 'When a steward proposed it.' }) proposedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When a second steward confirmed it; null while none has.' })
  confirmedAt: Date | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Receipt of its entry in the ledger, a C2SP tlog-proof@v1: who loaded and confirmed what. Null until it is confirmed.',
  })
  receipt: string | null;
}

@Resolver(() => NationalReleaseView)
export class NationalResolver {
  constructor(private readonly service: NationalService) {}

  @Query(() => [NationalReleaseView], {
    nullable: true,
    description:
      'National releases that were proposed, newest first, the last 100; for stewards and members of regions.',
  })
  nationalReleases(@Me() member: Member | null): Promise<NationalNow[]> {
    return this.service.list(member);
  }

  @Mutation(() => NationalReleaseView, {
    nullable: true,
    description:
      'Proposes one period of a national release for the book, by a steward; it waits until another steward confirms it.',
  })
  loadNationalRelease(
    @Args('map', { description: 'How the file is read, JSON as in contracts/national.' }) map: string,
    @Args('csv', { description: 'Rows of a file of explore education statistics, CSV with its heading.' }) csv: string,
    @Args('period', { description: 'As the hub writes it, `2024-FY`.' }) period: string,
    @Me() member: Member | null,
  ): Promise<NationalNow> {
    return this.service.load(member, { map, csv, period });
  }

  @Mutation(() => NationalReleaseView, {
    nullable: true,
    description:
      'Lets a release that waits into the book, by another steward than the one who loaded it; later editions are protected beside it.',
  })
  confirmNationalRelease(
    @Args('digest', { description: 'The digest of the release that waits, in lower-case hex.' }) digest: string,
    @Me() member: Member | null,
  ): Promise<NationalNow> {
    return this.service.confirm(member, digest);
  }

  @Mutation(() => NationalReleaseView, {
    nullable: true,
    description: 'Takes back a release that waits, by a steward.',
  })
  withdrawNationalRelease(
    @Args('digest', { description: 'The digest of the release that waits, in lower-case hex.' }) digest: string,
    @Me() member: Member | null,
  ): Promise<NationalNow> {
    return this.service.withdraw(member, digest);
  }
}
