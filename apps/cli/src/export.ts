import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { parse as parseWhole } from 'csv-parse/sync';
import {
  EesFiles,
  EesScreener,
  filled,
  headOf,
  LICENCE,
  notInColumns,
  placesKnown,
  exportPlaces,
  POPULATION,
  sourceInWords,
  sentIn,
  togetherInWords,
  UNKNOWN,
  WHAT_LIMITS_LEAVE_OUT,
  WHY_NONE,
  withinInWords,
  withoutCode,
  WorkbookFile,
  type ExportBreakdown,
  type ExportEngland,
  type ExportFigure,
  type ExportHead,
  type ExportRow,
  type ExportTable,
} from '@hub/benchmarks/domain';
import { allPages, camelCase, type HubClient, type Page } from '@hub/client';
import { londonDate, parsePeriod, periodsUntil } from '@hub/kernel';
import { loadCatalogue, loadRegistry, neighbourModels, newestDataset, themeOf, versionsOf } from '@hub/registry/domain';
import { listIn, listing, UsageError, writeTogether, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf, nullWhere, placeIn } from './connection';
import { chartFiles } from './export-charts';
import { forFoi } from './foi';
import { editionOf, publicationsOf, type EditionNode } from './published';
import { whyNothing } from './why-nothing';

interface FigureNode {
  readonly kind: string;
  readonly count: number | null;
  readonly of: number | null;
  readonly population: { readonly children: number; readonly year: string } | null;
  readonly value: number | null;
  readonly valueKind: string;
  readonly unit: string;
}
interface BenchmarkNode {
  readonly indicator: { readonly code: string; readonly name: string };
  readonly coverage: ExportRow['coverage'];
  readonly england: ExportEngland | null;
  readonly region: FigureNode;
  readonly regionLimits: ExportFigure['limits'];
  readonly authorities: readonly {
    readonly authority: { readonly code: string; readonly name: string } | null;
    readonly figure: FigureNode;
    readonly limits: ExportFigure['limits'];
    readonly notes: readonly { readonly about: string; readonly text: string }[];
  }[];
  readonly publication: EditionNode & { readonly id: string; readonly number: number; readonly digest: string };
  readonly handling: string | null;
  readonly together: string | null;
  readonly commentary: readonly { readonly of: string; readonly text: string }[];
}
interface TableAnswer {
  readonly region: { readonly name: string; readonly benchmarkTable: Page<BenchmarkNode> };
}

const TABLE = `query ($code: ID!, $period: String!, $dataset: String, $breakdown: [CategoryInput!], $after: String) { region(code: $code) { name
  benchmarkTable(period: $period, dataset: $dataset, breakdown: $breakdown, first: 55, after: $after) { edges { node {
    indicator { code name } coverage { submitted parties text } england { count of value text } region { kind count of value valueKind unit population { children year } } regionLimits { lower upper }
    authorities { authority { code name } figure { kind count of value valueKind unit population { children year } } limits { lower upper } notes { about text } }
    publication { id number digest edition publishedAt revised } handling together commentary { of text } } } pageInfo { hasNextPage endCursor } } } }`;

/** What is asked for, in its form. */
interface Asked {
  readonly region: string;
  readonly dataset: string;
  readonly period: string;
}

/**
 * Every indicator of a published period, or those of one category; null when nothing of it is published, of which `whyNothing` asks
 * what is known, and of a category that an older version of the dataset did not have.
 */
async function nodesAt(
  hub: HubClient,
  { region: code, dataset, period }: Asked,
  breakdown: readonly { readonly dimension: string; readonly category: string }[] | null,
): Promise<{ name: string; nodes: readonly BenchmarkNode[] } | null> {
  let name = code;
  const pages = allPages(async (after) => {
    const { region } = await hub.graphql<TableAnswer>(TABLE, { code, period, dataset, breakdown, after });
    name = region.name;
    return region.benchmarkTable;
  });
  const absent = ['NOTHING_PUBLISHED', ...(breakdown ? ['INDICATOR_ABSENT'] : [])];
  const nodes = await nullWhere((problem) => absent.includes(problem.code), pages);
  return nodes && { name, nodes };
}

/** The totals of a published period; null when nothing of it is shared. */
async function totalsAt(hub: HubClient, asked: Asked): Promise<ExportTable | null> {
  const found = await nodesAt(hub, asked, null);
  const [first] = found?.nodes ?? [];
  return found && first ? { ...tableOf(asked, found.name, first, found.nodes), breakdowns: [] } : null;
}

/** Every dimension and category that any version of the dataset is broken down by, as the newest that has it names it: a period is of its own version. */
function dimensionsOf(dataset: string) {
  const found = new Map<string, { readonly name: string; readonly categories: Map<string, string> }>();
  for (const { dimensions, indicators } of versionsOf(catalogue, dataset)) {
    for (const dimension of new Set(indicators.flatMap((one) => one.breakdowns.map((by) => by.dimension)))) {
      const { name, categories } = dimensions[dimension]!;
      const known = found.get(dimension) ?? { name, categories: new Map<string, string>() };
      found.set(dimension, known);
      for (const one of categories) if (!known.categories.has(one.code)) known.categories.set(one.code, one.name);
    }
  }
  return found;
}

/** Every category that is shared of a published period. */
async function breakdownsAt(hub: HubClient, asked: Asked): Promise<ExportBreakdown[]> {
  const breakdowns: ExportBreakdown[] = [];
  for (const [dimension, { name: dimensionName, categories }] of dimensionsOf(asked.dataset)) {
    for (const [category, categoryName] of categories) {
      const nodes = (await nodesAt(hub, asked, [{ dimension, category }]))?.nodes ?? [];
      const together = [...new Set(nodes.flatMap((node) => node.together ?? []))];
      if (nodes.length)
        breakdowns.push({
          ...{ dimension, dimensionName, categoryName, together },
          rows: nodes.map(rowOf(asked.dataset)).map((row) => ({ ...row, name: nameIn(asked.dataset, row, dimension) })),
        });
    }
  }
  return breakdowns;
}

const figureOf = (
  { kind, count, of, value, valueKind, population }: FigureNode,
  limits: ExportFigure['limits'],
): ExportFigure => ({
  kind: camelCase(kind) as ExportFigure['kind'],
  count,
  of,
  population: population && populationOf(population),
  value,
  valueKind: camelCase(valueKind) as ExportFigure['kind'],
  limits,
});

/** Of which years: `2024`, or `2023 to 2024`. */
function populationOf({ children, year }: { readonly children: number; readonly year: string }) {
  const [from, to = from] = year.split(' to ').map(Number) as [number, number?];
  return { children, from, to };
}

/** The shared indicators as an export writes them; of authorities those that are shown by name. */
function tableOf(
  { region: code, dataset, period }: Asked,
  name: string,
  first: BenchmarkNode,
  nodes: readonly BenchmarkNode[],
): Omit<ExportTable, 'breakdowns'> {
  const { id, number, digest, ...edition } = first.publication;
  const named = nodes.flatMap(({ authorities }) => authorities.flatMap(({ authority }) => authority ?? []));
  const byCode = new Map(named.map((authority) => [authority.code, authority]));
  return {
    region: { code, name },
    dataset,
    title: newestDataset(catalogue, dataset).title,
    period,
    publication: { id, number, digest, ...editionOf(edition) },
    handling: first.handling ?? '',
    authorities: [...byCode.values()].map(({ code: of, name: called }) => ({
      ...{ oldNumber: null, region: UNKNOWN, ...places.get(of) },
      ...{ code: of, name: called },
    })),
    rows: nodes.map(rowOf(dataset)),
    leftOut: [],
  };
}

const catalogue = loadCatalogue();
const registry = loadRegistry();
const places = exportPlaces(registry);
const known = placesKnown(registry.regions, [...places.values()]);

/** What the catalogue knows of an indicator of a dataset, and the answer does not say. */
function knownOf(dataset: string, code: string): Pick<ExportRow, 'decimals' | 'within'> {
  const { frequency } = newestDataset(catalogue, dataset);
  const found = versionsOf(catalogue, dataset)
    .flatMap(({ indicators }) => indicators)
    .find((one) => one.code === code);
  return { decimals: found?.decimals ?? 0, within: found ? withinInWords(found, { kind: frequency }) : '' };
}

/** What the categories of a dimension are shares of: those of how long conferences took, of conferences and not of those in time. */
function nameIn(dataset: string, { code, name }: Pick<ExportRow, 'code' | 'name'>, dimension: string): string {
  const { indicators } = newestDataset(catalogue, dataset);
  const breakdowns = indicators.find((one) => one.code === code)?.breakdowns;
  const sumsTo = breakdowns?.find((one) => one.dimension === dimension)?.sumsTo;
  return indicators.find((one) => one.code === sumsTo)?.name ?? name;
}

const rowOf =
  (dataset: string) =>
  ({ indicator, coverage, region, regionLimits, authorities, commentary, ...node }: BenchmarkNode): ExportRow => ({
    ...indicator,
    theme: themeOf(indicator.code),
    unit: region.unit as ExportTable['rows'][number]['unit'],
    coverage,
    ...knownOf(dataset, indicator.code),
    england: node.england,
    region: figureOf(region, regionLimits),
    figures: new Map(
      authorities.flatMap(({ authority, figure, limits }) =>
        authority ? [[authority.code, figureOf(figure, limits)] as const] : [],
      ),
    ),
    notes: authorities.flatMap(({ authority, notes }) =>
      authority ? notes.map((note) => ({ ...note, authority: authority.code })) : [],
    ),
    said: commentary,
  });

/** A file that is written as it comes. */
class Written {
  private readonly handle: number;
  private readonly hash = createHash('sha256');
  constructor(
    folder: string,
    readonly name: string,
  ) {
    this.handle = openSync(placeIn(folder, name), 'w');
  }
  write(bytes: Uint8Array | string): void {
    this.hash.update(bytes);
    // All of them: `writeSync` may take a part.
    writeFileSync(this.handle, bytes);
  }
  /** @returns the SHA-256 of what was written, in hex */
  end(): string {
    closeSync(this.handle);
    return this.hash.digest('hex');
  }
}

/** The checks of explore education statistics, on the files as they lie on the disk. */
async function screened(folder: string, name: string): Promise<void> {
  const meta = parseWhole(readFileSync(join(folder, `${name}.meta.csv`)), { relaxColumnCount: true }) as string[][];
  let screener: EesScreener | undefined;
  for await (const line of createReadStream(join(folder, `${name}.csv`)).pipe(parse({ relaxColumnCount: true }))) {
    if (screener) screener.line(line as string[]);
    else screener = new EesScreener(name, line as string[], meta, known);
  }
  const failed = screener?.results().filter(({ result }) => result === 'FAIL') ?? [];
  if (failed.length)
    throw new Error(`the CSV does not hold: ${failed.map(({ check, message }) => `${check}: ${message}`).join('; ')}`);
}

/** What is said of the figures of a period. */
const notesOf = ({ period, rows, breakdowns, ...table }: ExportTable): readonly object[] => [
  { period, text: sourceInWords(table) },
  ...rows.flatMap(({ code, notes }) => notes.map((note) => ({ ...note, indicator: code, period }))),
  ...rows.flatMap(({ code, england }) => (england ? [{ indicator: code, period, text: england.text }] : [])),
  ...rows.flatMap(({ code, said }) => said.map((one) => ({ ...one, indicator: code, period }))),
  ...breakdowns.flatMap(({ dimension, dimensionName, categoryName: category, together }) =>
    together.map((label) => ({ dimension, category, period, text: togetherInWords(period, dimensionName, label) })),
  ),
];

const sourcesOf = (tables: readonly ExportTable[]) =>
  tables.map(({ period, publication }) => ({ period, ...publication }));

/** What is said of the region's lines without a code, once. */
const withoutCodeIn = (tables: readonly ExportTable[]): readonly string[] => [
  ...new Set(tables.flatMap((table) => withoutCode(table) ?? [])),
];

/** What readers of numbers take for null. */
const SHORTHAND =
  'In place of a number: c hidden so that no child can be found, x not available, z not applicable, low not 0 but rounds to it.';

/** What the CSV itself has no place for: licence, handling, where it comes from. Source: W3C, CSV on the Web. */
function about(files: EesFiles, head: ExportHead, tables: readonly ExportTable[]): string {
  const { region, title, handling } = head;
  const columns = parseWhole(files.header)[0] as string[];
  const meta = new Map(
    (parseWhole(files.meta) as string[][]).slice(1).map(([column, type, label]) => [column!, { type, label }]),
  );
  const described = {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    url: `${files.name}.csv`,
    'dc:title': `${title}. ${region.name}`,
    // Of the newest edition: what is known of each stands in the notes.
    'dc:issued': londonDate(new Date(Math.max(...tables.map((one) => one.publication.publishedAt.getTime())))),
    'dc:license': LICENCE,
    'dc:rights': handling,
    'dc:source': sourcesOf(tables).map((one) => JSON.stringify(one)),
    notes: [
      { text: POPULATION },
      ...withoutCodeIn(tables).map((text) => ({ text })),
      { text: SHORTHAND },
      { text: `x: not available; table 8 of the workbook says why. ${WHY_NONE}` },
      { text: WHAT_LIMITS_LEAVE_OUT },
      ...notInColumns(head).map((text) => ({ text })),
      ...tables.flatMap(notesOf),
    ],
    tableSchema: {
      columns: columns.map((name) => {
        const { type, label = name } = meta.get(name) ?? {};
        return {
          name,
          titles: label,
          ...(type === 'Indicator' ? { datatype: 'decimal', null: ['c', 'x', 'z', 'low'] } : { datatype: 'string' }),
        };
      }),
      // What a line is of: when, where, and of which category.
      primaryKey: columns.filter((name) => meta.get(name)?.type !== 'Indicator'),
    },
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** So many periods are named, the newest. */
const MOST_NAMED = 8;

/** The periods of a dataset of which something stands that the caller may read, the newest first. */
async function periodsPublished(hub: HubClient, region: string, dataset: string): Promise<string[]> {
  const all = (await nullWhere(({ more }) => more.kind === 'absent', publicationsOf(hub, region))) ?? [];
  const standing = all.flatMap((one) => (one.dataset === dataset && one.state === 'CURRENT' ? one.period : []));
  return standing.sort((a, b) => (parsePeriod(a).from < parsePeriod(b).from ? 1 : -1));
}

async function exported(values: Values, say: (what: string) => void): Promise<Outcome> {
  const [dataset, until, folder] = ['dataset', 'period', 'out'].map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new UsageError(`hub export needs --${name}, or --foi.`);
    return value;
  }) as [string, string, string];
  const region = values.the('REGION');
  const periods = periodsOf(until, values.get('from') ?? until);
  const drawing = {
    ...{ neighbours: modelOf(values), without: listIn(values.get('without') ?? '') },
    widened: values.has('widened'),
  };
  for (const one of ['without', 'widened'])
    if (values.has(one) && !values.has('charts'))
      throw new UsageError(`--${one} is of the charts: it goes with --charts.`);
  const hub = hubOf(values);
  let why = '';
  const totals: ExportTable[] = [];
  for (const period of periods) {
    const found = await totalsAt(hub, { region, dataset, period });
    if (found) totals.push(found);
    else why = await whyNothing(hub, { region, dataset, period });
    if (periods.length > 1) say(`${period}: ${found ? sourceInWords(found) : why}`);
  }
  const [newest, ...older] = totals;
  if (!newest) {
    const published = await periodsPublished(hub, region, dataset);
    const there = published.length ? ` Published: ${published.slice(0, MOST_NAMED).join(', ')}.` : '';
    return {
      exitCode: 1,
      text: '',
      json: { status: 'nothing', why, published },
      remark: `NOTHING_PUBLISHED: Nothing of ${dataset} is published for that period: ${why}.${there}`,
    };
  }
  // All periods before the first line: of what nobody has sent in any of them there is no column, of what one has there is.
  const sent = sentIn(totals);
  const whole = async (total: ExportTable) => {
    const asked = { region, dataset, period: total.period };
    return filled({ ...total, breakdowns: values.has('breakdowns') ? await breakdownsAt(hub, asked) : [] }, sent);
  };
  const tables: [ExportTable, ...ExportTable[]] = [await whole(newest)];
  for (const total of older) tables.push(await whole(total));
  const chartsOf = async (first: ExportTable) =>
    values.has('charts') ? chartFiles(hub, first, drawing) : new Map<string, string>();
  const { name, written, ...outcome } = await writeTogether(folder, (draft) => filesOf(draft, tables, chartsOf));
  // An earlier edition's, or charts of an earlier call: whoever opens one would take it for one of these.
  const old = readdirSync(folder).filter((file) => file.startsWith(name) && !written.includes(file));
  if (!old.length) return outcome;
  const named = old.length > MOST_NAMED ? `${old.slice(0, MOST_NAMED).join(', ')} and others` : old.join(', ');
  const remark = `${old.length} ${old.length === 1 ? 'file' : 'files'} of an earlier export lie beside these in ${folder} and may be of another publication: ${named}. Delete them, or export into an empty folder.`;
  return { ...outcome, remark };
}

/**
 * Writes the files of an export, whose names begin alike.
 * @param tables  of each period, the newest first
 */
async function filesOf(
  folder: string,
  tables: readonly [ExportTable, ...ExportTable[]],
  chartsOf: (first: ExportTable) => Promise<ReadonlyMap<string, string>>,
): Promise<Outcome & { readonly name: string; readonly written: readonly string[] }> {
  const head = headOf(tables);
  const files = new EesFiles(head);
  const xlsx = new Written(folder, `${files.name}.xlsx`);
  const csv = new Written(folder, `${files.name}.csv`);
  const book = new WorkbookFile(head, (bytes) => xlsx.write(bytes));
  csv.write(files.header);
  for (const table of tables) {
    for (const line of files.lines(table)) csv.write(line);
    book.add(table);
  }
  const sources = sourcesOf(tables);
  book.end();
  const digests: Record<string, string> = { [csv.name]: csv.end(), [xlsx.name]: xlsx.end() };
  for (const [ending, text] of [
    ['meta.csv', files.meta],
    ['csv-metadata.json', about(files, head, tables)],
  ] as const) {
    const file = new Written(folder, `${files.name}.${ending}`);
    file.write(text);
    digests[file.name] = file.end();
  }
  await screened(folder, files.name);
  const charts = await chartsOf(tables[0]);
  for (const [name, text] of charts) {
    const file = new Written(folder, `${files.name}_${name}`);
    file.write(text);
    digests[file.name] = file.end();
  }
  writeFileSync(
    join(folder, 'SHA256SUMS'),
    Object.entries(digests)
      .map(([name, digest]) => `${digest}  ${name}\n`)
      .join(''),
  );
  const { handling, region, dataset, indicators } = head;
  const shown = listing([
    ...tables.map((one) => [one.period, `${sourceInWords(one)}, digest ${one.publication.digest}`] as const),
    ['indicators', indicators.length],
    ['authorities', new Set(tables.flatMap(({ authorities }) => authorities.map(({ code }) => code))).size],
    [
      'files',
      [...Object.keys(digests).filter((name) => !charts.has(name.slice(files.name.length + 1))), 'SHA256SUMS'].join(
        ' ',
      ),
    ],
    [
      'charts',
      charts.size
        ? `${[...charts.keys()].filter((name) => name.endsWith('.svg')).length}, each with its table as CSV and, as notes.txt, its digests, handling and licence`
        : undefined,
    ],
    ['without a code', withoutCodeIn(tables).join(' ') || undefined],
    ['handling', handling],
    ['licence', LICENCE],
  ]);
  return {
    name: files.name,
    written: Object.keys(digests),
    text: shown,
    json: { region: region.code, dataset, publications: sources, handling, licence: LICENCE, files: digests },
  };
}

/** The model of statistical neighbours as the schema names it. @throws UsageError */
function modelOf(values: Values): string | undefined {
  const model = values.get('neighbours');
  if (model === undefined) return undefined;
  if (!values.has('charts')) throw new UsageError('--neighbours is of the spines: it goes with --charts.');
  if (!(neighbourModels as readonly string[]).includes(model))
    throw new UsageError(`--neighbours is one of ${neighbourModels.join(', ')}.`);
  return `Y${model}`;
}

/** No file of more: ten years of months. */
const MOST_PERIODS = 120;

/** The periods from one to another of its kind, the newest first. @throws UsageError | Refusal PERIOD_MALFORMED */
function periodsOf(until: string, from: string): string[] {
  const [last, first] = [parsePeriod(until), parsePeriod(from)];
  if (first.kind === last.kind && first.from <= last.from) {
    for (let count = 1; count <= MOST_PERIODS; count++) {
      const periods = periodsUntil(last, count);
      if (periods[0]!.text === first.text) return periods.map(({ text }) => text).reverse();
    }
  }
  throw new UsageError(`--from is an earlier ${last.kind} than --period, ${MOST_PERIODS} at most, or the same.`);
}

export const exportCommands: readonly Command[] = [
  {
    name: 'export',
    usage:
      'REGION (--dataset CODE --period P [--from P] --out FOLDER [--breakdowns] [--charts [--neighbours YEAR] [--widened] [--without CODES]] | --foi) --url HUB --token-file F',
    summary:
      'What is published, as files: CSV with its metadata for explore education statistics, an accessible XLSX, charts.',
    argument: 'REGION',
    options: {
      dataset: 'optional',
      period: 'optional',
      from: 'optional',
      out: 'optional',
      breakdowns: 'flag',
      charts: 'flag',
      neighbours: 'optional',
      widened: 'flag',
      without: 'optional',
      foi: 'flag',
      ...connectionOptions,
    },
    more: 'With --breakdowns every category that is shared too: filter columns in the CSV, a table of their own in the workbook.\nWith --charts besides, of the newest period: a heat table, the spine of each authority, and bars, line and funnel of each indicator, as SVG. --neighbours YEAR names the Department’s model of statistical neighbours in the spines. --widened draws the limits of the funnels wider, by how far authorities differ from each other beyond chance, and says so under each. --without E06000001,E06000002 draws heat table, bars and funnels without these authorities, and says so under each; their tables and numbers are of all.\nOf authorities those stand in it that the agreement shows you by name. With --foi no figure: what exists, and who has to be asked before a request for information is answered.\n',
    run(values, say) {
      if (!values.has('foi')) return exported(values, say);
      const besides = [
        'dataset',
        'period',
        'from',
        'out',
        'breakdowns',
        'charts',
        'neighbours',
        'widened',
        'without',
      ].find((name) => values.has(name));
      if (besides) throw new UsageError(`--foi is a list to stdout, of everything: it takes no --${besides}.`);
      return forFoi(values);
    },
  },
];
