import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('Authority', { description: 'A local authority, by its nine-character code.' })
@Directive('@shareable')
export class AuthorityView {
  @Field(() => ID) code: string;
  @Field(() => String, { nullable: true }) name: string | null;
}

@ObjectType('Indicator', { description: 'What is counted, by the catalogue’s code.' })
@Directive('@shareable')
export class IndicatorView {
  @Field(() => ID) code: string;
  @Field(() => String, { nullable: true }) name: string | null;
}

@ObjectType('Region', {
  description: 'Authorities that share a view. Every field may be null: another hub may own it.',
})
@Directive('@key(fields: "code")')
export class RegionView {
  @Field(() => ID) code: string;
  @Field(() => String, { nullable: true })
  @Directive('@shareable')
  name: string | null;
}
