import { Args, Field, GraphQLISODateTime, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { PurposeName } from '@hub/agreements';
import { Me, MemberRoleName, someoneOf, type Member } from '@hub/identity';
import {
  type Connection,
  connectionOf,
  enumNamed,
  pageOf,
  ReaderStore,
  toConnection,
  afterArgument,
  firstArgument,
} from '@hub/platform';
import { RegistryKeys } from '@hub/registry';

const AccessAction = enumNamed(
  'AccessAction',
  ['region', 'publications', 'publication', 'benchmark', 'issue', 'issues', 'pack', 'own'],
  'What was opened, or refused.',
  {
    region: 'A region, by somebody who does not belong to it. Of these refusals alone are kept.',
    publications: 'A list of publications.',
    publication:
      'One publication or one figure of it: its text or proof, why a figure is what it is, a figure that an issue names.',
    benchmark: 'Figures that are compared: benchmarks, history, patterns, charts, commentary.',
    issue: 'One issue that names the authority, read for another organisation than the board that raised it.',
    issues: 'A list of issues, or of what hangs on them.',
    pack: 'The frozen pack of a meeting. Its record names no authority, so none is shown it.',
    own: 'The authority’s own raw figures, by somebody who acts for it.',
  },
);

@ObjectType('Access', {
  description:
    'That somebody read figures of an authority or an issue that names it, or was refused them: for which organisation, never who in person.',
})
export class AccessView {
  @Field(() => GraphQLISODateTime, { description: 'Of a refusal: the first like it on that day.' }) at: Date;
  @Field(() => Int, { description: 'Of a refusal: how often on that day.' }) times: number;
  @Field(() => AccessAction, { description: 'What was opened, or refused.' }) action: string;
  @Field(() => String, {
    description: 'In codes: region, indicator or dataset, period; an issue, a meeting or boards.',
  })
  subject: string;
  @Field(() => MemberRoleName, {
    nullable: true,
    description: 'The role in which it was read; null of a refusal to somebody who has none that reads figures.',
  })
  role: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The organisation for which it was read, by its code; null as `role`.',
  })
  organisation: string | null;
  @Field(() => PurposeName, {
    nullable: true,
    description: 'The purpose for which published figures were read; null of anything else.',
  })
  purpose: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the agreement that let it, or refused it; null where none did.',
  })
  agreement: string | null;
  @Field(() => Int, { nullable: true, description: 'The version of that agreement; null with it.' }) version:
    number | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The clause, as a JSON pointer into the agreement; empty where none says so. Null without an agreement.',
  })
  clause: string | null;
  @Field(() => String, { nullable: true, description: 'The code of the refusal; null of a read.' })
  refusal: string | null;
}
const AccessConnection = connectionOf('Access', () => AccessView);

/** Those who answer for an authority's figures; a system sends them and asks nothing. */
const asking = ['authority-analyst', 'authority-approver'] as const;

@Resolver()
export class AccessesResolver {
  constructor(
    private readonly store: ReaderStore,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => AccessConnection, {
    nullable: true,
    description:
      'Who read figures of the caller’s authority, or was refused them, newest first; for its analysts and approvers.',
  })
  async accesses(
    @Args('authority', { type: () => ID, description: 'The own authority, by its code.' }) authority: string,
    @Args('first', firstArgument) first: number | null,
    @Args('after', afterArgument) after: string | null,
    @Me() member: Member | null,
  ): Promise<Connection<AccessView>> {
    const caller = someoneOf(member, asking, authority);
    const page = pageOf(first, after, 'id');
    const rows = await this.store.as(caller, (tx) =>
      tx.query<(AccessView & { id: string })[]>(
        `select id, at, times, substr(action, 6) as action, subject, role, organisation, purpose,
           agreement_id as agreement, agreement_version as version, clause, refusal
         from platform.access_log
         where action like 'read.%' and ($2::uuid is null or id < $2)
           and ($1 = any(authorities) or (authorities is null and region_id in (
             select ra.region_id from registry.region_authority ra
             where ra.authority_id = $1 and ra.valid @> (at at time zone 'Europe/London')::date)))
         order by id desc limit $3`,
        [this.keys.authorityId(authority), page.after, page.limit + 1],
      ),
    );
    return toConnection(
      rows,
      page,
      ({ id }) => id,
      ({ id: _, ...node }) => node,
    );
  }
}
