import { Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Me, type Member } from '@hub/identity';
import { PublicationView } from '@hub/publications';
import { AuthorityView, RegistryKeys } from '@hub/registry';
import { OwnReturnsService } from './own-returns.service';

@ObjectType('PublishedReturn', {
  description: 'The return of the caller’s own authority that stands in a publication. Nobody else is told of it.',
})
export class PublishedReturnView {
  @Field(() => AuthorityView, { description: 'The own authority.' }) authority: AuthorityView;
  @Field(() => ID, { description: 'The id of the submission, `sub_…`.' }) submission: string;
  @Field(() => Int, { description: 'Its version, counted from 1 for the authority, dataset and period.' })
  version: number;
  @Field(() => String, { description: 'The ledger’s receipt of the return, a C2SP tlog-proof@v1.' }) receipt: string;
  @Field(() => String, {
    nullable: true,
    description:
      'That the authority, knowing its own counts, cannot compute the others’ hidden figures, as RFC 8785 text. It tells these counts, so it is for this authority alone. Null where none was found, once the counts have been deleted, and of a publication that was withdrawn.',
  })
  proof: string | null;
}

@Resolver(() => PublicationView)
export class PublishedReturnsResolver {
  constructor(
    private readonly own: OwnReturnsService,
    private readonly keys: RegistryKeys,
  ) {}

  @ResolveField(() => [PublishedReturnView], {
    nullable: true,
    description:
      'What stands in it of the own authorities: for those who act for one of them, null for anybody else and in publications of before that was kept.',
  })
  async mine(@Parent() { id }: PublicationView, @Me() member: Member | null): Promise<PublishedReturnView[] | null> {
    const returns = await this.own.inPublication(member, id);
    return (
      returns &&
      returns.map((one) => ({
        ...one,
        authority: this.keys.authority(one.authority),
      }))
    );
  }
}
