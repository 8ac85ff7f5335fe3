import { Inject } from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Parent,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { PurposeName, type Purpose } from '@hub/agreements';
import { enumOf, Me, type Member } from '@hub/identity';
import { CONFIG, connectionOf, pageOf, publicId, toConnection, type Config, type Connection } from '@hub/platform';
import { RegionView } from '@hub/registry';
import { PublicationsReader, type Listed } from './publications.reader';

const Edition = enumOf(['provisional', 'revised', 'final']);
registerEnumType(Edition, { name: 'Edition' });
const PublicationState = enumOf(['current', 'superseded', 'withdrawn']);
registerEnumType(PublicationState, { name: 'PublicationState' });

@ObjectType('Publication', { description: 'A frozen, protected table of one round, with its number and digest.' })
export class PublicationView {
  @Field(() => ID) id: string;
  @Field(() => Int, {
    description: 'Counts from 1 in the region; for a reader from outside, in each dataset and period.',
  })
  number: number;
  @Field(() => Edition) edition: string;
  @Field(() => PublicationState) state: string;
  @Field(() => String) dataset: string;
  @Field(() => String) period: string;
  @Field(() => String, {
    description:
      'SHA-256 of its RFC 8785 document, in lower-case hex; for a reader who is shown a part, of what that part names.',
  })
  digest: string;
  @Field(() => GraphQLISODateTime) publishedAt: Date;
  @Field(() => String, { nullable: true, description: 'The line to print on every page that shows it.' })
  handling: string | null;
}
const PublicationConnection = connectionOf('Publication', () => PublicationView);

/** A filter as the access record holds it: a text in the form of a code, else any. */
const codeOrAny = (text: string | null | undefined): string =>
  typeof text === 'string' && /^[A-Za-z0-9-]{1,40}$/.test(text) ? text : '*';

/** What the graph shows of a publication. */
export const viewOfPublication = (hubId: string, { head, share, digest }: Listed): PublicationView => ({
  id: publicId('pub', hubId, head.id),
  number: head.number,
  edition: head.edition,
  state: head.state,
  dataset: head.dataset,
  period: head.period,
  digest: digest.toString('hex'),
  publishedAt: head.publishedAt,
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
    description: 'Publications that the caller may read, newest first.',
  })
  async publications(
    @Parent() region: RegionView,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('period', { type: () => String, nullable: true }) period: string | null,
    @Args('purpose', { type: () => PurposeName, nullable: true, description: 'REGIONAL_BENCHMARKING when absent.' })
    purpose: Purpose | null,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
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
      node ? [{ cursor, node: viewOfPublication(this.config.hubId, node) }] : [],
    );
    return { edges, pageInfo: turned.pageInfo };
  }
}
