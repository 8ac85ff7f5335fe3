import { Injectable } from '@nestjs/common';
import { Args, Field, Float, GraphQLISODateTime, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { holds, Me, someoneAs, type Member } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { AuthorityView, RegistryKeys } from '@hub/registry';
import { IntakeStore } from './intake.store';

const among = ['authority-approver'] as const;

@ObjectType('OpenedCount', {
  description:
    'An own count that is not printed and that can be worked out since a national release: for the approvers of its authority alone.',
})
export class OpenedCountView {
  @Field(() => AuthorityView) authority: AuthorityView;
  @Field(() => String, { description: '`RF01|source=police#count`' }) series: string;
  @Field(() => String) period: string;
  @Field(() => String, { description: 'Title of the national release.' }) release: string;
  @Field(() => Float, { description: 'From this count on,' }) least: number;
  @Field(() => Float, { description: 'to this one: what is left of it.' }) most: number;
  @Field(() => GraphQLISODateTime) foundAt: Date;
}

/** What national releases have opened of an authority's counts. */
@Injectable()
export class OpenedService {
  constructor(
    private readonly store: IntakeStore,
    private readonly keys: RegistryKeys,
  ) {}

  /** The newest first. @throws Refusal NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT for any but the own authority */
  async of(member: Member | null, authority: string) {
    const approver = someoneAs(member, among);
    if (!holds(approver, among, authority)) throw new Refusal('ORGANISATION_ABSENT');
    const rows = await this.store.as(
      approver,
      (tx) =>
        tx.query(
          `select s.key as series, o.period, n.title as release, c.least, c.most, o.found_at as "foundAt"
           from intake.opening o join intake.opened c on c.opening_id = o.id join registry.series s on s.id = c.series_id
             join registry.national_release n on n.id = o.release_id
           where o.authority_id = $1 order by o.found_at desc, s.key`,
          [this.keys.authorityId(authority)],
        ) as Promise<{ series: string; period: string; release: string; least: string; most: string; foundAt: Date }[]>,
    );
    return rows.map(({ least, most, ...row }) => ({ ...row, least: Number(least), most: Number(most) }));
  }
}

@Resolver(() => OpenedCountView)
export class OpenedResolver {
  constructor(
    private readonly service: OpenedService,
    private readonly keys: RegistryKeys,
  ) {}

  @Query(() => [OpenedCountView], {
    nullable: true,
    description: 'Own counts that national releases have opened; for approvers of the authority.',
  })
  async openedCounts(
    @Args('authority', { type: () => ID }) authority: string,
    @Me() member: Member | null,
  ): Promise<OpenedCountView[]> {
    const opened = await this.service.of(member, authority);
    return opened.map((one) => ({ ...one, authority: { code: authority, name: this.keys.authorityName(authority) } }));
  }
}
