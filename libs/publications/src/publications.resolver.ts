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
import { enumOf, Me, RegionGate, someone, type Member } from '@hub/identity';
import {
  CONFIG,
  connectionOf,
  pageOf,
  publicId,
  ReaderStore,
  toConnection,
  type Config,
  type Connection,
} from '@hub/platform';
import { RegionView } from '@hub/registry';
import { PublicationsReader, type PublicationHead } from './publications.reader';

const Edition = enumOf(['provisional', 'revised', 'final']);
registerEnumType(Edition, { name: 'Edition' });
const PublicationState = enumOf(['current', 'superseded', 'withdrawn']);
registerEnumType(PublicationState, { name: 'PublicationState' });

@ObjectType('Publication', { description: 'A frozen, protected table of one round, with its number and digest.' })
export class PublicationView {
  @Field(() => ID) id: string;
  @Field(() => Int) number: number;
  @Field(() => Edition) edition: string;
  @Field(() => PublicationState) state: string;
  @Field(() => String) dataset: string;
  @Field(() => String) period: string;
  @Field(() => String, { description: 'SHA-256 of its RFC 8785 document, in lower-case hex.' }) digest: string;
  @Field(() => GraphQLISODateTime) publishedAt: Date;
}
const PublicationConnection = connectionOf('Publication', () => PublicationView);

/** What the graph shows of a publication. */
export const viewOfPublication = (hubId: string, head: PublicationHead): PublicationView => ({
  id: publicId('pub', hubId, head.id),
  number: head.number,
  edition: head.edition,
  state: head.state,
  dataset: head.dataset,
  period: head.period,
  digest: head.digest.toString('hex'),
  publishedAt: head.publishedAt,
});

@Resolver(() => RegionView)
export class PublicationsResolver {
  constructor(
    private readonly store: ReaderStore,
    private readonly gate: RegionGate,
    private readonly reader: PublicationsReader,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @ResolveField(() => PublicationConnection, { nullable: true, description: 'Publications, newest first.' })
  async publications(
    @Parent() region: RegionView,
    @Args('dataset', { type: () => String, nullable: true }) dataset: string | null,
    @Args('period', { type: () => String, nullable: true }) period: string | null,
    @Args('first', { type: () => Int, nullable: true }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<PublicationView>> {
    const { regionId } = this.gate.enter(member, region.code);
    const caller = someone(member);
    const page = pageOf(first, after, 'number');
    const visit = { caller, region: region.code, regionId, standings: this.gate.standings(member) };
    return this.store.as(caller, async (tx) => {
      const heads = await this.reader.list(tx, visit, { dataset, period }, page);
      const subject = `${region.code} ${dataset ?? '*'} ${period ?? '*'}`;
      const readable = new Set(await this.reader.readAll(tx, visit, heads, 'read.publications', subject));
      // Turned first and thinned then, so that a page of refused ones still leads to the next.
      const turned = toConnection(
        heads,
        page,
        ({ number }) => String(number),
        (head) => head,
      );
      const edges = turned.edges.filter(({ node }) => readable.has(node));
      return {
        edges: edges.map(({ cursor, node }) => ({ cursor, node: viewOfPublication(this.config.hubId, node) })),
        pageInfo: turned.pageInfo,
      };
    });
  }
}
