import { editions } from '@hub/kernel';
import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { type Purpose, purposeArgument } from '@hub/agreements';
import { Me, type Member } from '@hub/identity';
import {
  CONFIG,
  type Config,
  type Connection,
  connectionOf,
  enumNamed,
  pageOf,
  publicId,
  toConnection,
  afterArgument,
  firstArgument,
} from '@hub/platform';
import {
  AuthorityView,
  breakdownIn,
  CATALOGUE,
  type Catalogue,
  DATASET_CODE,
  datasetArgument,
  datasetOf,
  IndicatorView,
  parseSeriesKey,
  PERIOD_TEXT,
  periodArgument,
  RegionView,
  RegistryKeys,
} from '@hub/registry';
import { publicationStates } from './domain';
import { PublicationsReader } from './publications.reader';
import type { Held, Listed, PublicationEventNow } from './reading/visit';
import { Withdrawals } from './reading/withdrawals';

export const EditionEnum = enumNamed('Edition', editions, 'Which publication of a round it is.', {
  provisional: 'The first one.',
  revised: 'A later one, in which later and late returns stand. Another may follow.',
  final: 'The last one.',
});
export const PublicationStateEnum = enumNamed('PublicationState', publicationStates, 'What a publication is now.', {
  current: 'It is what is read of its dataset and period.',
  superseded: 'A later edition has taken its place. It can still be read.',
  withdrawn: 'A lead has taken it out of sight: nobody is given a figure of it.',
});

@ObjectType('Publication', { description: 'A frozen, protected table of one round, with its number and digest.' })
export class PublicationView {
  @Field(() => ID, { description: 'The id of the publication, `pub_…`.' }) id: string;
  @Field(() => Int, {
    description: 'Counts from 1 in the region; for a reader from outside, in each dataset and period.',
  })
  number: number;
  @Field(() => EditionEnum, { description: 'Which edition of its round it is.' }) edition: string;
  @Field(() => PublicationStateEnum, { description: 'What it is now.' }) state: string;
  @Field(() => String, { description: DATASET_CODE }) dataset: string;
  @Field(() => String, { description: PERIOD_TEXT }) period: string;
  @Field(() => String, {
    description:
      'SHA-256 of its RFC 8785 document, in lower-case hex; for a reader who is shown a part, of what that part names, and empty once it was withdrawn.',
  })
  digest: string;
  @Field(() => GraphQLISODateTime, { description: 'When it appeared, to all its readers at once.' }) publishedAt: Date;
  @Field(() => [ID], {
    nullable: true,
    description:
      'Codes of the authorities whose return is another one than in the edition before, late ones too, of those that the reader is shown by name; none in a first edition. Null of one that was withdrawn, and for a reader who does not belong to the region.',
  })
  revised: readonly string[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'The line to print on every page that shows it, from the agreement by which the reader is shown it.',
  })
  handling: string | null;
  /** Where it was looked up, and for what: what stands under it is asked for in the same way. Not a field. */
  place: { readonly region: string; readonly purpose: Purpose | null };
}
const PublicationConnection = connectionOf('Publication', () => PublicationView);

@ObjectType('Revision', { description: 'A figure that an edition prints otherwise than the one before it.' })
export class RevisionView {
  @Field(() => AuthorityView, { nullable: true, description: 'Whose figure it is; null: the region’s.' })
  authority: AuthorityView | null;
  @Field(() => IndicatorView, { description: 'The indicator.' }) indicator: IndicatorView;
  @Field(() => String, { nullable: true, description: 'Code of the dimension; null: the total.' })
  dimension: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the category; null: the total.' })
  category: string | null;
  @Field(() => Boolean, { description: 'Whether it is the denominator sent with the count, and not the count.' })
  ofDenominator: boolean;
  @Field(() => Float, { description: 'The count that the edition before printed.' }) was: number;
  @Field(() => Float, { description: 'The count that this edition prints.' }) is: number;
}
const RevisionConnection = connectionOf('Revision', () => RevisionView);

/** A filter as the access record holds it: a text in the form of a code, else any. */
const codeOrAny = (text: string | null | undefined): string =>
  typeof text === 'string' && /^[A-Za-z0-9-]{1,40}$/.test(text) ? text : '*';

/** What the graph shows of a publication. @param place  where it was looked up, and for what */
export const viewOfPublication = (
  hubId: string,
  { head, share, digest, revised }: Listed,
  place: PublicationView['place'],
): PublicationView => ({
  place,
  id: publicId('pub', hubId, head.id),
  number: head.number,
  edition: head.edition,
  state: head.state,
  dataset: head.dataset,
  period: head.period,
  digest: digest?.toString('hex') ?? '',
  publishedAt: head.publishedAt,
  revised,
  handling: share.handling,
});

@Resolver(() => RegionView)
export class PublicationsResolver {
  constructor(
    private readonly reader: PublicationsReader,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => PublicationConnection, {
    nullable: true,
    description:
      'Publications that the caller may read, of whatever state, newest first. A page can hold fewer than were asked for, what an agreement refuses being left out, and still have a next one.',
  })
  async publications(
    @Parent() region: RegionView,
    @Args('dataset', datasetArgument) dataset: string | null,
    @Args('period', periodArgument) period: string | null,
    @Args('purpose', purposeArgument)
    purpose: Purpose | null,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<PublicationView>> {
    const visit = this.reader.visit(member, region.code, purpose);
    const page = pageOf(first, after, visit.belongs ? 'number' : 'id');
    const { rows, readable } = await this.reader.as(visit, 'read.publications', (tx, asking) => {
      asking.subject = `${visit.region} ${codeOrAny(dataset)} ${codeOrAny(period)}`;
      return this.reader.list(tx, visit, asking, { dataset, period }, page);
    });
    // Turned first and thinned then, so that a page of refused ones still leads to the next.
    const turned = toConnection(
      rows,
      page,
      ({ id, number }) => (visit.belongs ? String(number) : id),
      (head) => readable.get(head),
    );
    const edges = turned.edges.flatMap(({ cursor, node }) =>
      node ? [{ cursor, node: viewOfPublication(this.config.hubId, node, { region: region.code, purpose }) }] : [],
    );
    return { edges, pageInfo: turned.pageInfo };
  }
}

type Ending = Pick<PublicationEventNow, 'at' | 'successor'>;

/** What a reader takes away of a publication, to check it elsewhere. */
@Resolver(() => PublicationView)
export class PublicationFilesResolver {
  /** Several fields of one publication are one look. */
  private readonly looks = new WeakMap<PublicationView, Promise<Held>>();

  constructor(
    private readonly reader: PublicationsReader,
    private readonly withdrawals: Withdrawals,
    private readonly keys: RegistryKeys,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => PublicationView, {
    nullable: true,
    description: 'A publication that the caller may read; null and PUBLICATION_ABSENT for any other, existing or not.',
  })
  async publication(
    @Args('id', { type: () => ID, description: 'The id of the publication, `pub_…`.' }) id: string,
    @Args('purpose', purposeArgument)
    purpose: Purpose | null,
    @Me() member: Member | null,
  ): Promise<PublicationView> {
    const region = await this.reader.regionOf(member, id);
    const visit = this.reader.visit(member, region, purpose);
    const listed = await this.reader.as(visit, 'read.publication', (tx, asking) =>
      this.reader.one(tx, visit, asking, id),
    );
    return viewOfPublication(this.config.hubId, listed, { region, purpose });
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'The text whose SHA-256 is `digest`: the RFC 8785 document, or of it what the reader is shown. Of one that was withdrawn null and PUBLICATION_WITHDRAWN, with since when, why, and what replaces it.',
  })
  async document(@Parent() view: PublicationView, @Me() member: Member | null): Promise<string> {
    return (await this.shown(view, member)).text!;
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'That no hidden figure can be computed from the document: whole tables that fit it, checked by addition. Its SHA-256 stands in the document. For those who are shown the whole by name, null for others; null too where none was found, and in publications of before.',
  })
  async proof(@Parent() view: PublicationView, @Me() member: Member | null): Promise<string | null> {
    return (await this.shown(view, member)).proof;
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'The ledger’s receipt of its publishing, a C2SP tlog-proof@v1; of one that was withdrawn that of its withdrawal. For those who are shown the whole by name, null for others; null too in publications of before.',
  })
  async receipt(@Parent() view: PublicationView, @Me() member: Member | null): Promise<string | null> {
    const { events } = await this.look(view, member);
    const about = view.state === 'withdrawn' ? 'withdrawn' : 'published';
    return events.find(({ event }) => event === about)?.receipt ?? null;
  }

  @ResolveField(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'Since when it is superseded or withdrawn. Null while it is current, and of a superseded one for a reader who is shown a part of it.',
  })
  async endedAt(@Parent() view: PublicationView, @Me() member: Member | null): Promise<Date | null> {
    return (await this.ending(view, member))?.at ?? null;
  }

  @ResolveField(() => ID, {
    nullable: true,
    description:
      'The id of the publication that stands in its place, of a withdrawn one of that which is current now. Null where there is none, and as `endedAt`.',
  })
  async supersededBy(@Parent() view: PublicationView, @Me() member: Member | null): Promise<string | null> {
    const successor = (await this.ending(view, member))?.successor ?? null;
    return successor === null ? null : publicId('pub', this.config.hubId, successor);
  }

  @ResolveField(() => RevisionConnection, {
    nullable: true,
    description:
      'What was printed in the edition before and is printed otherwise in this one, of those whom the reader is shown by name; nothing of a figure that is hidden in either. Null of a first edition, where the one before was withdrawn, and for a reader who does not belong to the region.',
  })
  async revisions(
    @Parent() view: PublicationView,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<RevisionView> | null> {
    // Both editions are frozen, so a place in the list stays what it is.
    const page = pageOf(first, after, 'number');
    const { region, purpose } = view.place;
    const visit = this.reader.visit(member, region, purpose);
    const found = await this.reader.as(visit, 'read.publication', (tx, asking) =>
      this.reader.revisions(tx, visit, asking, view.id),
    );
    if (!found) return null;
    const { indicators } = datasetOf(this.catalogue, found.head.dataset, found.head.datasetVersion);
    const from = page.after === null ? 0 : Number(page.after) + 1;
    const rows = found.revisions.map((one, place) => ({ ...one, place })).slice(from, from + page.limit + 1);
    return toConnection(
      rows,
      page,
      ({ place }) => String(place),
      ({ series, authority, was, is }): RevisionView => {
        const { indicator: code, categories, measure } = parseSeriesKey(series);
        const { name, decimals } = indicators.find((one) => one.code === code)!;
        return {
          authority: authority === null ? null : this.keys.authority(authority),
          indicator: { code, name },
          ...breakdownIn(categories),
          ofDenominator: measure === 'of',
          was: was / 10 ** decimals,
          is: is / 10 ** decimals,
        };
      },
    );
  }

  private async ending(view: PublicationView, member: Member | null): Promise<Ending | null> {
    if (view.state === 'current') return null;
    if (view.state === 'withdrawn') {
      const found = await this.withdrawals.of(member!, view.id);
      return found && { at: found.at, successor: found.replacedBy };
    }
    const { events } = await this.look(view, member);
    return events.findLast(({ event }) => event === view.state) ?? null;
  }

  /** @throws Refusal PUBLICATION_WITHDRAWN */
  private async shown(view: PublicationView, member: Member | null): Promise<Held> {
    const held = await this.look(view, member);
    if (held.text === null) throw this.withdrawals.refusal(await this.withdrawals.of(member!, view.id));
    return held;
  }

  private look(view: PublicationView, member: Member | null): Promise<Held> {
    const known = this.looks.get(view);
    if (known) return known;
    const { region, purpose } = view.place;
    const visit = this.reader.visit(member, region, purpose);
    const look = this.reader.as(visit, 'read.publication', (tx, asking) =>
      this.reader.hold(tx, visit, asking, view.id),
    );
    this.looks.set(view, look);
    return look;
  }
}
