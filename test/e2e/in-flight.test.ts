import { isDeepStrictEqual } from 'node:util';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { PERIOD, twoRegions, type TwoRegions } from '../support/two-regions';
import { NORTH_EAST, WEST_MIDLANDS } from '../support/world';

/**
 * Much of what is read is kept in the process: documents, views, texts, agreements, tokens. Here everybody asks everything at the same time,
 * again and again, while something ends: what was asked afterwards is answered as afterwards, and nobody is handed what was made for another.
 */
let two: TwoRegions;
beforeAll(async () => {
  two = await twoRegions(() => Promise.resolve({ HUB_READING_PER_MINUTE: '0' }));
}, 240_000);
afterAll(() => two?.stop());

const benchmark =
  'publication { number } coverage { text } authorities { authority { code } figure { kind count value between } limits { lower upper } rank } region { count value } quartiles { median }';
const fields = [
  `benchmark(indicator: "CP07", period: "${PERIOD}") { ${benchmark} }`,
  `benchmark(indicator: "CP07", period: "${PERIOD}", back: 2) { ${benchmark} funnel { remark } }`,
  `benchmarkTable(period: "${PERIOD}", first: 20) { edges { node { ${benchmark} } } }`,
  `history(indicator: "CP01", period: "${PERIOD}") { lines { authority { code } points { period figure { kind count } } } }`,
  `chart(kind: BAR, indicator: "RF01", period: "${PERIOD}") { title svg }`,
  `patterns(period: "${PERIOD}") { remark }`,
  `monday { remark changes { text } }`,
  `publications(first: 5) { edges { node { id digest document proof why(series: "CP07#count") { formula } } } }`,
];
const documents = [...fields, fields.join(' ').replace(fields[1]!, '')].map(
  (field) => `{ region(code: "${NORTH_EAST}") { ${field} } }`,
);
const readers: readonly (readonly [role: string, organisation: () => string])[] = [
  ['regional-lead', () => NORTH_EAST],
  ['authority-analyst', () => two.northEast.authorities[0]!],
  ['authority-analyst', () => two.northEast.authorities[1]!],
  ['board-chair', () => 'brd-tees'],
  ['regional-lead', () => WEST_MIDLANDS],
  ['steward', () => 'hub'],
];

interface Answered {
  readonly reader: number;
  readonly document: number;
  readonly sent: number;
  readonly text: string;
}
const textOf = ({ data, errors, status }: GraphQLAnswer<unknown>) =>
  JSON.stringify({ data, errors: errors?.map(({ path, extensions: { code } }) => [path, code]).sort(), status });
async function ask(reader: number, document: number): Promise<Answered> {
  const [role, of] = readers[reader]!;
  const token = await two.world.token(role, of());
  const sent = performance.now();
  const answer = await graphql<unknown>(two.world.hub.url, token, documents[document]!);
  return { reader, document, sent, text: textOf(answer) };
}
const everybody = readers.flatMap((_, reader) => documents.map((_, document) => [reader, document] as const));
/** What each is answered while nothing else happens. */
async function alone(): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const [reader, document] of everybody) all.set(`${reader} ${document}`, (await ask(reader, document)).text);
  return all;
}

/** Until each question has been answered about twice more. */
const moreAnswers = async (answers: readonly Answered[]): Promise<void> => {
  const enough = answers.length + 2 * everybody.length;
  while (answers.length < enough) await new Promise((later) => setTimeout(later, 50));
};

/** Everybody asks everything, again and again, while something ends. */
async function whileItEnds(
  end: () => Promise<unknown>,
): Promise<{ before: Map<string, string>; after: Map<string, string>; answers: Answered[]; ended: number }> {
  const before = await alone();
  const answers: Answered[] = [];
  let isOver = false;
  const loops = everybody.map(async ([reader, document]) => {
    while (!isOver) answers.push(await ask(reader, document));
  });
  let ended: number;
  try {
    await moreAnswers(answers);
    await end();
    ended = performance.now();
    await moreAnswers(answers);
  } finally {
    isOver = true;
  }
  await Promise.all(loops);
  return { before, after: await alone(), answers, ended };
}
/** Whether each part of an answer is as it was before or as it is afterwards, or is not told: what is asked in parts can be overtaken. */
function isBetween(found: unknown, before: unknown, after: unknown): boolean {
  if (found === null || isDeepStrictEqual(found, before) || isDeepStrictEqual(found, after)) return true;
  if (typeof found !== 'object' || typeof before !== 'object' || before === null) return false;
  const [was, is] = [before, after ?? {}] as Record<string, unknown>[];
  return Object.entries(found as object).every(([name, one]) => isBetween(one, was![name], is![name]));
}
const dataIn = (text: string): unknown => (JSON.parse(text) as { data: unknown }).data ?? null;

const asLead = (query: string) =>
  two.world.token('regional-lead', NORTH_EAST).then((token) => two.world.ask<Record<string, never>>(token, query));
const ends: readonly (readonly [what: string, end: () => Promise<unknown>])[] = [
  ['nothing', () => Promise.resolve()],
  [
    'the role of an analyst',
    async () => {
      const of = two.northEast.authorities[1]!;
      const approver = await two.world.token('authority-approver', of);
      const analyst = await two.world.token('authority-analyst', of);
      const { me } = await two.world.ask<{ me: { id: string } }>(analyst, '{ me { id } }');
      await two.world.ask(
        approver,
        `mutation { endRole(member: "${me.id}", organisation: "${of}", role: AUTHORITY_ANALYST, on: "${new Date().toISOString().slice(0, 10)}") { role } }`,
      );
    },
  ],
  [
    'an agreement, for a while',
    () =>
      asLead(`mutation { suspendAgreement(id: "north-east-benchmarking", version: 1, reason: "A test.") { state } }`),
  ],
  [
    'the pause of an agreement',
    () =>
      asLead(`mutation { resumeAgreement(id: "north-east-benchmarking", version: 1, reason: "A test.") { state } }`),
  ],
  [
    'a publication',
    async () => {
      const { region } = (await asLead(
        `{ region(code: "${NORTH_EAST}") { publications(period: "${PERIOD}") { edges { node { id } } } } }`,
      )) as unknown as { region: { publications: { edges: { node: { id: string } }[] } } };
      await asLead(
        `mutation { withdrawPublication(id: "${region.publications.edges[0]!.node.id}", because: FIGURES_WRONG) { at } }`,
      );
    },
  ],
  [
    'an agreement',
    () =>
      asLead(`mutation { terminateAgreement(id: "north-east-benchmarking", version: 1, reason: "A test.") { state } }`),
  ],
];
test.each(ends)(
  'while %s ends, nobody is told what they are not to know',
  async (what, end) => {
    const { before, after, answers, ended } = await whileItEnds(end);
    const wrong = answers.filter(({ reader, document, sent, text }) => {
      const [was, is] = [before, after].map((all) => all.get(`${reader} ${document}`)!);
      return text !== is && (sent > ended || !isBetween(dataIn(text), dataIn(was!), dataIn(is!)));
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(answers.filter(({ text }) => text.includes('INTERNAL'))).toEqual([]);
    expect([...after].some(([key, text]) => before.get(key) !== text)).toBe(what !== 'nothing');
  },
  120_000,
);
