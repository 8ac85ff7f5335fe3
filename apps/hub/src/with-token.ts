import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { Asked } from '@hub/identity';
import { Refusal } from '@hub/kernel';

/** What nobody in particular may ask: who they are, and the schema's text. `_entities` answers each representation for itself. */
const open = ['me', '_service', '_entities'];

/**
 * Makes every root field refuse whoever sends no token with TOKEN_MISSING, before it looks at anything: "no such round" would be
 * looked for in the id. What a token may see each resolver still decides, and the database.
 */
export function withTokenAlone(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (open.includes(field.name)) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: Pick<Asked, 'subject'>, info) => {
        if (!context.subject) throw new Refusal('TOKEN_MISSING');
        return resolve(source, args, context, info) as unknown;
      };
    }
  }
  return schema;
}
