import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, getOperationAST, parse, validate, type GraphQLObjectType } from 'graphql';
import { asking, loadTrustedDocuments, queryLimits } from '@hub/platform';
import { shortLists, weights } from './short-lists';

const root = resolve(__dirname, '../../..');
const schema = buildSchema(readFileSync(resolve(root, 'contracts/schema/hub.graphql'), 'utf8'), {
  assumeValidSDL: true,
});
const documents = [...loadTrustedDocuments(null).values()];

test('the documents of the client and the command line are known', () => {
  expect(documents.length).toBeGreaterThan(40);
  expect(documents.some((text) => text.includes('registerKey('))).toBe(true);
});

test.each(['curl', 'python'])('what the page on a first submission with %s sends is known', (language) => {
  const typed = readFileSync(resolve(root, `docs/how-to/first-submission-${language}.md`), 'utf8');
  for (const field of ['registerKey', 'approveKey', ...(language === 'python' ? ['checkSubmission'] : [])])
    expect(documents.filter((text) => text.includes(`{ ${field}(`) && typed.includes(`"${text}"`))).toHaveLength(1);
});

test.each(documents)('%s: fits the published schema and the limits', (text) => {
  const document = parse(text, { maxTokens: queryLimits.tokens });
  expect(validate(schema, document)).toEqual([]);
  const asked = asking(schema, document, getOperationAST(document)!, {}, shortLists, weights);
  for (const name of ['depth', 'cost', 'aliases', 'directives', 'representations'] as const) {
    expect([name, asked[name] <= queryLimits[name]]).toEqual([name, true]);
  }
});

const page = readFileSync(resolve(root, 'docs/how-to/ten-questions.md'), 'utf8');
const questions = [...page.matchAll(/```graphql\n([^`]+)```/g)].map(([, text]) => text!);

test('the questions of a quarterly meeting are known as they stand on the page, copied with the end of the last line or without', () => {
  for (const text of questions) {
    expect(documents).toContain(text);
    expect(documents).toContain(text.trimEnd());
    // What is asked about is sent beside it, so that the text stays.
    expect(text).toMatch(/^query \(/);
    expect(text.replace(/^query \([^)]*\)/, '')).not.toMatch(/"/);
  }
});

test('a question of a quarterly meeting needs a tenth of what may be asked', () => {
  expect(questions).toHaveLength(10);
  const costs = questions.map((text) => {
    const document = parse(text);
    return asking(schema, document, getOperationAST(document)!, {}, shortLists, weights).cost;
  });
  expect(Math.max(...costs)).toBeLessThan(queryLimits.cost / 10);
});

test.each([
  'monday { remark }',
  'patterns(period: "2025-Q1") { remark }',
  'chart(kind: BAR, indicator: "RF01", period: "2025-Q1") { title }',
  'history(indicator: "RF01", period: "2025-Q1") { handling }',
  'benchmarkTable(period: "2025-Q1", back: 36) { pageInfo { hasNextPage } }',
  'benchmarkTable(period: "2025-Q1", against: "2020-Q1") { pageInfo { hasNextPage } }',
  'publications(first: 10) { edges { node { document } } }',
  'publications(first: 10) { edges { node { proof } } }',
  'publications(first: 10) { edges { node { why(series: "RF01#count") { formula } } } }',
])('ten of what takes long are within the limit and forty are not: %s', (field) => {
  const costs = [10, 40].map((times) => {
    const many = Array.from({ length: times }, (_, i) => `a${i}: ${field}`).join(' ');
    const document = parse(`{ region(code: "E12000001") { ${many} } }`);
    expect(validate(schema, document)).toEqual([]);
    return asking(schema, document, getOperationAST(document)!, {}, shortLists, weights).cost;
  });
  expect(costs.map((cost) => cost <= queryLimits.cost)).toEqual([true, false]);
});

test('what is weighed is in the schema', () => {
  for (const name of Object.keys(weights)) {
    const [type, field] = name.split('.') as [string, string];
    expect((schema.getType(type) as GraphQLObjectType).getFields()[field]).toBeDefined();
  }
});
