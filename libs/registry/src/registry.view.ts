import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { AUTHORITY_CODE, INDICATOR_CODE, REGION_CODE } from './field-words';

@ObjectType('Authority', { description: 'A local authority, by its nine-character code.' })
@Directive('@shareable')
export class AuthorityView {
  @Field(() => ID, { description: AUTHORITY_CODE }) code: string;
  @Field(() => String, { nullable: true, description: 'Its name in the registry.' })
  name: string | null;
}

@ObjectType('Indicator', { description: 'What is counted, by the catalogue’s code.' })
@Directive('@shareable')
export class IndicatorView {
  @Field(() => ID, { description: INDICATOR_CODE }) code: string;
  @Field(() => String, { nullable: true, description: 'Its name; null where the dataset has no such indicator.' })
  name: string | null;
}

@ObjectType('Region', {
  description: 'Authorities that share a view. Every field may be null: another hub may own it.',
})
@Directive('@key(fields: "code")')
export class RegionView {
  @Field(() => ID, { description: REGION_CODE }) code: string;
  @Field(() => String, { nullable: true, description: 'Its name in the registry.' })
  @Directive('@shareable')
  name: string | null;
}
