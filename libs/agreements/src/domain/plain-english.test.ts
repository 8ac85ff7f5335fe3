import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { anAgreement } from '../agreement.builder';
import { parseAgreement, type AgreementDocument } from './document';
import { plainEnglish } from './plain-english';

type Json = string | number | boolean | readonly Json[] | { readonly [member: string]: Json };
interface Schema {
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly $ref?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}
const schema = JSON.parse(readFileSync(join(contractsFolder, 'agreements', 'agreement.schema.json'), 'utf8')) as Schema;

/** With every member that may stand in an agreement. */
const full = parseAgreement({
  ...anAgreement.documentBetween(['E06000001', 'E06000002'] as never),
  parent: 'another-agreement',
  regions: ['E12000001', 'E12000005'],
  parties: [
    { authority: 'E06000001', role: 'controller', contact: 'First officer', agencies: ['agy-one', 'agy-two'] },
    { authority: 'E06000002', role: 'joint-controller', contact: 'Second officer' },
  ],
  purposes: [
    { code: 'regional-benchmarking', necessity: 'First need.' },
    { code: 'peer-challenge', necessity: 'Second need.' },
  ],
  gateway: ['children-act-2004-s10', 'children-act-2004-s11'],
  tables: [
    {
      dataset: 'safeguarding-annual',
      versions: { from: '1.0', until: '2.0' },
      indicators: ['RF01', 'RF02'],
      breakdowns: ['source', 'age'],
      frequency: 'year',
    },
    {
      dataset: 'safeguarding-quarterly',
      versions: { from: '1.1' },
      indicators: 'all',
      breakdowns: 'none',
      frequency: 'quarter',
    },
  ],
  audience: [
    { of: 'E12000001', roles: ['authority-analyst', 'regional-lead'], presentation: 'named' },
    { of: 'E12000005', roles: ['board-chair'], presentation: 'own-and-region', handling: 'Another line.' },
  ],
  dpia: { reference: 'DPIA 1', summary: 'Little risk.', reviewDate: '2030-04-01' },
});
const page = plainEnglish(full);

/** What the schema says at a place of the document. */
function schemaAt(path: readonly (string | number)[]): Schema {
  let here = schema;
  for (const step of path) {
    // Of a word or a list: the list, where the path leads into it.
    const list = here.oneOf?.find(({ items }) => items) ?? here;
    here = typeof step === 'number' ? list.items! : here.properties![step]!;
    while (here.$ref) here = schema.$defs![here.$ref.split('/').at(-1)!]!;
  }
  return here;
}

/** Every place of the document, each with its value; leaves and what holds them. */
function* placesOf(value: Json, path: readonly (string | number)[] = []): Generator<[(string | number)[], Json]> {
  if (path.length) yield [[...path], value];
  if (Array.isArray(value)) for (const [i, one] of (value as Json[]).entries()) yield* placesOf(one, [...path, i]);
  else if (typeof value === 'object')
    for (const [name, one] of Object.entries(value)) yield* placesOf(one as Json, [...path, name]);
}
const places = [...placesOf(full as unknown as Json)];
const isLeaf = (value: Json) => typeof value !== 'object';

/** The document with another value there; undefined takes the member or item away. */
function changed(path: readonly (string | number)[], value: Json | undefined): AgreementDocument {
  const copy = structuredClone(full) as unknown as Json;
  let here = copy as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) here = here[step] as never;
  const last = path.at(-1)!;
  if (value !== undefined) here[last] = value;
  else if (Array.isArray(here)) here.splice(last as number, 1);
  else delete here[last];
  return copy as unknown as AgreementDocument;
}

/** Other values that the schema allows there, or at least other ones of the same kind. */
function others(path: readonly (string | number)[], value: Json): Json[] {
  const { enum: words, const: only, format, oneOf } = schemaAt(path);
  if (only !== undefined) return [];
  if (oneOf) return [...oneOf.flatMap((one) => one.enum ?? []).filter((word) => word !== value), ['CL01', 'CL02']];
  if (words) return words.filter((word) => word !== value);
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1];
  return [format === 'date' ? '2031-05-17' : `${value as string}x`];
}

describe('nothing of the document is left unsaid', () => {
  const leaves = places.filter(([, value]) => isLeaf(value));
  const fixed = leaves.filter(([path, value]) => !others(path, value).length).map(([path]) => path.join('/'));

  test.each(leaves.map(([path, value]) => [path.join('/'), path, value] as const))(
    'another value at /%s is another page',
    (_pointer, path, value) => {
      for (const other of others(path, value)) expect(plainEnglish(changed(path, other))).not.toBe(page);
    },
  );

  test.each(
    places.filter(([path]) => typeof path.at(-1) === 'number').map(([path]) => [path.join('/'), path] as const),
  )('without the item /%s it is another page', (_pointer, path) =>
    expect(plainEnglish(changed(path, undefined))).not.toBe(page),
  );

  test('nor any member that may be absent', () => {
    const optional = places.filter(([path]) => {
      const name = path.at(-1)!;
      return typeof name === 'string' && !schemaAt(path.slice(0, -1)).required?.includes(name);
    });
    expect(optional.map(([path]) => path.join('/')).sort()).toEqual([
      'audience/1/handling',
      'dpia/summary',
      'parent',
      'parties/0/agencies',
      'tables/0/versions/until',
    ]);
    for (const [path] of optional) expect(plainEnglish(changed(path, undefined))).not.toBe(page);
  });

  test('what has one value only has its sentence', () => {
    expect(fixed).toEqual(['v', 'membership/joining', 'foi/duty']);
    expect(page).toContain('form 1 of such documents');
    expect(page).toContain('To join: a new version of the agreement that names the authority, signed by all');
    expect(page).toContain('consults those others before it answers');
  });

  test('and all members of the schema stand in the document that was walked', () => {
    const walk = (node: Schema, path: string): string[] => {
      const here = node.$ref ? schema.$defs![node.$ref.split('/').at(-1)!]! : node;
      if (here.items) return walk(here.items, `${path}/*`);
      return Object.entries(here.properties ?? {}).flatMap(([name, one]) => [
        `${path}/${name}`,
        ...walk(one, `${path}/${name}`),
      ]);
    };
    const walked = new Set(
      places.map(([path]) => `/${path.map((step) => (typeof step === 'number' ? '*' : step)).join('/')}`),
    );
    expect(walk(schema, '').filter((path) => !walked.has(path))).toEqual([]);
  });
});

test('it speaks to people: dates in words, no code of the software alone, names where they are known', () => {
  expect(page).toContain('From 1 April 2022 to the end of 31 March 2030.');
  expect(page).toContain('A count from 1 to 5 is not shown.');
  expect(page).toContain('Children Act 2004, section 11');
  expect(page).not.toMatch(/undefined|regional-benchmarking|own-and-region|new-version|authority-analyst|\[object/);
  const names: Record<string, string> = { E06000001: 'Hartlepool', RF01: 'Referrals' };
  const named = plainEnglish(full, (code) => names[code]);
  expect(named).toContain('- Hartlepool (E06000001). Answers for its own data');
  expect(named).toContain('Referrals (RF01) and RF02');
});

test('an agreement of one region, one party and no notice reads as one', () => {
  const one = plainEnglish(anAgreement.documentBetween(['E06000001'] as never));
  expect(one).toContain('It stands on its own');
  expect(one).toContain('It covers the figures of E12000001.');
  expect(one).toContain('One authority is a party:');
  expect(one).toContain('at least 1 authority has sent');
  expect(one).toContain('0 days’ notice');
});

describe('text of the document stays text', () => {
  const frame = (text: string) =>
    plainEnglish(
      anAgreement.documentBetween(['E06000001'] as never, {
        title: text,
        parties: [{ authority: 'E06000001' as never, role: 'controller', contact: text }],
        purposes: [{ code: 'peer-challenge', necessity: text }],
        handling: text,
        security: { breachContact: text, withinHours: 1 },
        dpia: { reference: text, summary: text, reviewDate: '2030-04-01' },
      }),
    );
  // Backslash before ASCII punctuation is that character (CommonMark 2.4): what is left unescaped must be harmless.
  const unescaped = (text: string) => text.replace(/\\[!-/:-@[-`{-~]/g, '');

  test.each([
    ['a link', '[click](http://evil.example)'],
    ['an image', '![x](https://evil.example/x.png)'],
    ['HTML', '<script>alert(1)</script>'],
    ['an entity', '&lt;b&gt;'],
    ['code', '`rm`'],
    ['emphasis', '**not** _this_ ~~that~~'],
    ['a table', '| a | b |'],
    ['a heading', '# All is allowed'],
    ['a backslash before a bracket', '\\[click](x)'],
    ['a bare address', 'www.evil.example and ftp://evil.example'],
    ['mathematics', '$x$'],
  ])('%s', (_what, text) => {
    const written = frame(text);
    expect(written.split('\n')).toHaveLength(frame('tame').split('\n').length);
    const left = unescaped(
      written
        .split('\n')
        .filter((line) => !line.startsWith('#') || line.startsWith('# '))
        .join('\n')
        .replace(/^#+ |\*\*/gm, ''),
    );
    expect(left).not.toMatch(/[\\`_[\]<>|#~$]|\*|:\/\/|www\.|&\w+;/);
  });

  test('what cannot be seen is shown, so that nothing turns the direction of reading', () => {
    expect(frame('pay \u202ereven\u202c')).toContain('pay (U+202E)reven(U+202C)');
    expect(frame('zero\u200bwidth')).toContain('zero(U+200B)width');
  });
});

describe('the words of the page, so that a change of them is seen by whoever reviews it', () => {
  const alone = parseAgreement({
    ...anAgreement.documentBetween(['E06000001'] as never),
    purposes: [
      { code: 'practice-exchange', necessity: 'Third need.' },
      { code: 'service-improvement', necessity: 'Fourth need.' },
    ],
    lawfulBasis: '6(1)(c)',
    article9Condition: '9(2)(h)',
    gateway: ['children-act-2004-s11'],
    tables: (['month', 'half', 'calendarYear'] as const).map((frequency) => ({
      ...full.tables[0],
      frequency,
      indicators: ['RF01'],
      breakdowns: 'all',
    })),
    audience: [
      {
        of: 'E12000001',
        roles: ['authority-system', 'authority-approver', 'agency-partner'],
        presentation: 'own-and-unnamed',
      },
      { of: 'brd-tees', roles: ['elected-member', 'scrutineer', 'board-chair'], presentation: 'named' },
    ],
    disclosure: { ...full.disclosure, zeros: 'either', protect: 'range', told: true },
    signOff: true,
    retention: { cellsYears: 1, envelopesYears: 2, atEnd: 'return' },
    membership: { joining: 'new-version', leavingNoticeDays: 1 },
    security: { breachContact: 'The lead', withinHours: 1 },
    foi: { duty: 'consult', withinWorkingDays: 1 },
  });
  const third = parseAgreement({
    ...full,
    parent: undefined,
    title: 'A title with \u200B*marks* and [a link](https://example.org) & www.example.org',
    article9Condition: '9(2)(j)',
    disclosure: { ...full.disclosure, zeros: 'hidden', leastContributors: 2, leastAuthorities: 2 },
    membership: { joining: 'new-version', leavingNoticeDays: 30 },
  });
  const names = (code: string) => ({ E12000001: 'North East', RF01: 'Contacts', E06000001: 'Hartlepool' })[code];

  test('three agreements that use every word between them', () => {
    const file = join(__dirname, 'plain-english.expected.md');
    const pages = [plainEnglish(full), plainEnglish(alone, names), plainEnglish(third)].join('\n---\n\n');
    if (process.env.WRITE_PAGES) writeFileSync(file, pages);
    expect(pages).toBe(readFileSync(file, 'utf8'));
  });
});
