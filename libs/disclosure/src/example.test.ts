import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outerIntervals, parseProblem, printedTable, runDisclosureCommand } from './index';

/* What docs/disclosure-control.md shows is what the commands answer. */

const docs = join(__dirname, '..', '..', '..', 'docs');
const page = readFileSync(join(docs, 'disclosure-control.md'), 'utf8');
const example = (name: string) => readFileSync(join(docs, 'examples', name), 'utf8');
/** The JSON that stands behind a marker in the page. */
const shown = (marker: string) =>
  JSON.parse(new RegExp(`<!-- ${marker} -->\\s+\`\`\`json\\n([^\`]*)\`\`\``).exec(page)![1]!) as Record<
    string,
    unknown
  >;
const answerOf = async (action: string, stdin: string) => {
  const { exitCode, stdout } = await runDisclosureCommand([action], stdin);
  const { certificate: _, ms: __, ...answer } = JSON.parse([...stdout].join('')) as Record<string, unknown>;
  return { exitCode, answer };
};

test('protect answers what the page shows', async () => {
  const { exitCode, answer } = await answerOf('protect', example('disclosure.json'));
  expect([exitCode, answer]).toEqual([0, shown('answer of protect, without certificate and time')]);
});

test('audit says of too little hidden what the page shows, and of the answer of protect that it is safe', async () => {
  const { exitCode, answer } = await answerOf('audit', example('disclosure-too-little.json'));
  expect([exitCode, answer]).toEqual([1, shown('answer of audit, without time')]);
  const problem = JSON.parse(example('disclosure.json')) as object;
  const decision = shown('answer of protect, without certificate and time');
  expect(await answerOf('audit', JSON.stringify({ ...problem, decision }))).toMatchObject({
    exitCode: 0,
    answer: { status: 'safe' },
  });
});

test('the two examples are one table, and the page prints its counts', () => {
  const { decision: _, ...other } = JSON.parse(example('disclosure-too-little.json')) as Record<string, unknown>;
  const problem = JSON.parse(example('disclosure.json')) as { cells: { id: string; value: number }[] };
  expect(other).toEqual(problem);
  const rows = [...page.matchAll(/^\| (Ashby|Brook|Calder|Dene|the region) +\|(.*)\|$/gm)].slice(0, 5);
  const printed = rows.map((row) => row[2]!.split('|').map((cell) => Number(cell.replaceAll('*', ''))));
  const value = (id: string) => problem.cells.find((cell) => cell.id === id)!.value;
  const columns = ['neglect', 'emotional', 'physical', 'sexual', 'all'];
  expect(printed).toEqual(
    ['ashby', 'brook', 'calder', 'dene', 'region'].map((row) => columns.map((column) => value(`${row}.${column}`))),
  );
});

test('the intervals that the page tells', async () => {
  const problem = parseProblem(JSON.parse(example('disclosure.json')));
  const { suppressed } = shown('answer of protect, without certificate and time') as { suppressed: string[] };
  const intervals = await outerIntervals(printedTable(problem, { suppressed }));
  expect([intervals['ashby.sexual'], intervals['dene.physical']]).toEqual([
    [1, 9],
    [5, 24],
  ]);
  expect(page).toContain('Ashby "1 to 9 of 85", Dene "5 to 24 of 163"');
});
