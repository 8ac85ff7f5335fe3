import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { asking, loadTrustedDocuments, queryLimits } from '@hub/platform';
import { shortLists } from './short-lists';

const root = resolve(__dirname, '../../..');
const schema = buildSchema(readFileSync(resolve(root, 'contracts/schema/hub.graphql'), 'utf8'), {
  assumeValidSDL: true,
});
const documents = [...loadTrustedDocuments(null).values()];

test('the documents of the client and the command line are known', () => {
  expect(documents.length).toBeGreaterThan(40);
  expect(documents.some((text) => text.includes('registerKey('))).toBe(true);
});

test.each(documents)('%s: fits the published schema and the limits', (text) => {
  const document = parse(text, { maxTokens: queryLimits.tokens });
  expect(validate(schema, document)).toEqual([]);
  const asked = asking(schema, document, getOperationAST(document)!, {}, shortLists);
  for (const name of ['depth', 'cost', 'aliases', 'directives', 'representations'] as const) {
    expect([name, asked[name] <= queryLimits[name]]).toEqual([name, true]);
  }
});

const page = readFileSync(resolve(root, 'docs/how-to/ten-questions.md'), 'utf8');
const questions = [...page.matchAll(/```graphql\n([^`]+)```/g)].map(([, text]) => text!);

test('a question of a quarterly meeting needs a tenth of what may be asked', () => {
  expect(questions).toHaveLength(10);
  const costs = questions.map((text) => {
    const document = parse(text);
    return asking(schema, document, getOperationAST(document)!, {}, shortLists).cost;
  });
  expect(Math.max(...costs)).toBeLessThan(queryLimits.cost / 10);
});
