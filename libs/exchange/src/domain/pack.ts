import { capital, inTenths, inWholes, parsePeriod, periodInWords } from '@hub/kernel';
import { issueStateWords, type IssueState } from './issue';
import type { ItemKind, ItemState } from './item';

/** A line of a pack about an issue that every called board may see. */
export interface PackIssue {
  readonly id: string;
  readonly board: string;
  readonly title: string;
  readonly question: string;
  readonly state: IssueState;
  /** How far it is, in words; this and the next two are absent in packs that were frozen before. */
  readonly standing?: string;
  readonly text?: string;
  /** Of those whom it names, the oldest first. */
  readonly replies?: readonly PackWords[];
  readonly risk: number;
  /** In words, as each called board may read them. */
  readonly evidence: readonly string[];
}

export interface PackItem {
  /** Its title. */
  readonly issue: string;
  readonly by: string;
  readonly to: string;
  readonly text: string;
  readonly state: ItemState;
  readonly due: string | null;
  readonly overdue: boolean;
  /** Answers and verdicts, or progress, the oldest first; absent in packs that were frozen before. */
  readonly said?: readonly PackWords[];
}

/** What somebody said on a day, of an issue or of what hangs on it. */
export interface PackWords {
  readonly kind: ItemKind;
  readonly on: string;
  readonly by: string;
  readonly text: string;
  /** What it changed for children. */
  readonly impact: string | null;
}

/** A picture with its table, for who cannot see it and for its numbers. */
export interface PackChart {
  readonly title: string;
  readonly description: string;
  /** The hub's own drawing, frozen with its figures. */
  readonly svg: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the authority says of how its figures compare. */
  readonly notes?: readonly string[];
}

/** A meeting's pack as it is frozen: its SHA-256 in RFC 8785 form is the digest. */
export interface PackDocument {
  readonly v: 1;
  readonly hub: string;
  readonly meeting: {
    readonly id: string;
    readonly title: string;
    readonly on: string;
    readonly boards: readonly string[];
  };
  /** The moment up to which it tells. */
  readonly cutOff: string;
  readonly handling: string;
  /** Codes of those whose figures stand in it, in the region's too: they may know who reads it. Absent in packs that were frozen before. */
  readonly authorities?: readonly string[];
  readonly agenda: readonly string[];
  /** What happened to the issues in the quarter before. */
  readonly changed: readonly string[];
  readonly patterns: readonly {
    readonly name: string;
    readonly where: string;
    readonly text: string;
    readonly question: string;
  }[];
  /** The newest of the indicators that it speaks of; absent in packs that were frozen before there were any. */
  readonly figures?: readonly PackChart[];
  /** Absent in packs that were frozen before there were any. */
  readonly charts?: readonly PackChart[];
  readonly completeness: readonly {
    readonly publication: string;
    /** Null where one of the boards may not see the whole. */
    readonly digest: string | null;
    readonly dataset: string;
    readonly period: string;
    /** "11 of 12"; null where one of the boards may not know of all. */
    readonly coverage: string | null;
    /** The same of the areas of each called board. */
    readonly boards?: readonly { readonly board: string; readonly coverage: string }[];
  }[];
  readonly issues: readonly PackIssue[];
  readonly challenges: readonly PackItem[];
  readonly actions: readonly PackItem[];
}

/** How strict a handling line is, by the marking with which it begins. */
const strictness = (line: string): number => (/sensitive|secret/i.test(line) ? 2 : /^official/i.test(line) ? 1 : 0);

/** The lines under which a pack may be handled: each of them holds, the strictest stands first. */
export const handlingOf = (lines: readonly string[]): string =>
  [...new Set(lines)].sort((a, b) => strictness(b) - strictness(a) || (a < b ? -1 : 1)).join(' ') || 'Official.';

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
interface Part {
  readonly title: string;
  /** What stands there, where the title alone does not say it. */
  readonly about?: string;
  readonly lines?: readonly string[];
  readonly table?: Table;
  readonly charts?: readonly PackChart[];
}

/** `inProgress` as people write it. */
const inWords = (state: string) => state.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const late = ({ due, overdue, state }: PackItem) =>
  `${inWords(state)}${due === null ? '' : `, due ${due}`}${overdue ? ', OVERDUE' : ''}`;

const saidInWords = (said: readonly PackWords[] = []) =>
  said
    .map(({ kind, on, by, text, impact }) => `${on}, ${kind} of ${by}: ${text}${impact ? ` Impact: ${impact}` : ''}`)
    .join('; ');

/** The pack in its parts, in the order in which both forms print them. */
function partsOf(pack: PackDocument): Part[] {
  const items = (all: readonly PackItem[]) =>
    all.map((one) => [one.issue, one.to, one.text, saidInWords(one.said), late(one)]);
  return [
    { title: 'Agenda', lines: pack.agenda },
    {
      title: 'What changed',
      about: 'steps of issues, answers, decisions and progress in the quarter before; not what figures did',
      lines: pack.changed,
    },
    {
      title: 'Patterns',
      table: {
        head: ['Indicator', 'Where', 'What is seen', 'Question'],
        rows: pack.patterns.map(({ name, where, text, question }) => [name, where, text, question]),
      },
    },
    {
      title: 'Figures',
      about:
        'the newest published year, quarter or month, whichever they speak of, of the indicators of its issues and patterns, in the areas of its boards; [z] stands where nothing applies, [c] where a number is hidden',
      charts: pack.figures ?? [],
    },
    {
      title: 'Issues',
      table: {
        head: ['Issue', 'Raised by', 'What is seen', 'Question', 'Evidence', 'State', 'Risk'],
        rows: pack.issues.map((one) => [
          ...[one.title, one.board, one.text ?? '', one.question, one.evidence.join('; ')],
          ...[one.standing ?? issueStateWords[one.state], `${one.risk} of 25`],
        ]),
      },
    },
    {
      title: 'Replies',
      table: {
        head: ['Issue', 'Day', 'By', 'Reply'],
        rows: pack.issues.flatMap(({ title, replies = [] }) => replies.map((one) => [title, one.on, one.by, one.text])),
      },
    },
    {
      title: 'Challenges',
      table: { head: ['Issue', 'To', 'Question', 'Answers and verdicts', 'State'], rows: items(pack.challenges) },
    },
    {
      title: 'Actions',
      table: { head: ['Issue', 'Owner', 'Action', 'Progress', 'State'], rows: items(pack.actions) },
    },
    {
      title: 'Charts',
      about:
        'lines over time of its patterns and of the figures of its issues; a line is drawn where at least three periods that every board may read are printed',
      charts: pack.charts ?? [],
    },
    {
      title: 'Completeness',
      table: {
        head: ['Dataset', 'Period', 'Returns', 'Of the boards', 'Digest of the publication'],
        rows: pack.completeness.map(({ dataset, period, coverage, boards = [], digest }) => [
          dataset,
          `${periodInWords(parsePeriod(period))} (${period})`,
          coverage ?? 'not told to all',
          boards.map((one) => `${one.board}: ${one.coverage}`).join('; '),
          digest ?? 'not told to all',
        ]),
      },
    },
  ];
}

/** The parts with something in them, and one line for all others. */
function filledOf(pack: PackDocument): { filled: Part[]; empty: string | null } {
  const parts = partsOf(pack);
  const isFilled = ({ lines, table, charts }: Part) => (lines ?? table?.rows ?? charts)!.length > 0;
  const names = parts.filter((part) => !isFilled(part)).map(({ title, about }) => title + (about ? ` (${about})` : ''));
  return { filled: parts.filter(isFilled), empty: names.length ? `Nothing under: ${names.join(', ')}.` : null };
}
const sentence = (words: string) => `${capital(words)}.`;
/** A number as people read it: tables of charts have theirs as programs do. */
const spaced = (cell: string) =>
  /^\d{4,12}(?:\.\d)?$/.test(cell) ? (cell.includes('.') ? inTenths : inWholes)(Number(cell)) : cell;
const rowsOf = ({ rows }: PackChart) => rows.map((row) => row.map(spaced));
/** No text of a pack becomes markup of the page. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');
const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!);

/** The pack as Markdown: of a chart its table. @param digest  of its frozen form, lower-case hex */
export function packMarkdown(pack: PackDocument, digest: string): string {
  const row = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const tableOf = ({ head, rows }: Table) => [row(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(row)];
  const linesOf = (lines: readonly string[]) => lines.map((line) => `- ${plain(line)}`);
  const chartsOf = (charts: readonly PackChart[]) =>
    charts.flatMap((chart) => [
      ...[`### ${plain(chart.title)}`, '', plain(chart.description), ''],
      ...[...tableOf({ head: chart.columns, rows: rowsOf(chart) }), ''],
      ...(chart.notes ?? []).flatMap((note) => [plain(note), '']),
    ]);
  const part = ({ title, about, lines, table, charts }: Part) => [
    ...[`## ${title}`, ''],
    ...(about ? [sentence(about), ''] : []),
    ...(table ? tableOf(table) : charts ? chartsOf(charts) : linesOf(lines!)),
    '',
  ];
  const { meeting, handling, cutOff } = pack;
  const { filled, empty } = filledOf(pack);
  return [
    `# ${plain(meeting.title)}, ${meeting.on}`,
    '',
    `Boards: ${meeting.boards.map(plain).join(', ')}`,
    '',
    `${plain(handling)} No child, case or review is discussed here.`,
    '',
    ...filled.flatMap(part),
    ...(empty ? [empty, ''] : []),
    `Frozen at ${cutOff}. SHA-256 ${digest}`,
    '',
  ].join('\n');
}

const STYLE = `body{font:16px/1.4 Arial,sans-serif;color:#0b0c0c;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #b1b4b6;padding:.3em .5em;text-align:left;vertical-align:top}
.long{overflow-wrap:anywhere}.handling{border-left:5px solid #12436D;padding-left:1em}footer{overflow-wrap:anywhere;font-size:.8em}
figure{margin:0 0 2em}figure svg{max-width:100%;height:auto}figure div{display:flex;gap:2em;align-items:flex-start}
figure table{font-size:.8em}figure th,figure td{padding:.15em .4em}
@page{size:A4;margin:15mm}
@media print{body{margin:0;max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}tr,figure{break-inside:avoid}}`;

/** A digest or the like: it may be broken anywhere, other words may not. */
const LONG = /\S{30}/;

/** A long table of periods stands in two halves beside each other, so that chart and table fit on a page. */
const ROWS_ABREAST = 12;
const PERIOD_LENGTH = 8;

/** The pack as one page of HTML that prints, without scripts and without anything from elsewhere. */
export function packHtml(pack: PackDocument, digest: string): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : LONG.test(cell) ? ' class="long"' : ''}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const tableOf = (title: string, { head, rows }: Table) =>
    `<table aria-label="${escaped(title)}"><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
  const linesOf = (lines: readonly string[]) => `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
  const chartOf = (chart: PackChart) => {
    const { title, description, svg, columns: head, notes = [] } = chart;
    const rows = rowsOf(chart);
    const isNarrow = rows.every(([first = '']) => first.length <= PERIOD_LENGTH);
    const half = isNarrow && rows.length > ROWS_ABREAST ? Math.ceil(rows.length / 2) : rows.length;
    const halves = [rows.slice(0, half), rows.slice(half)].filter(({ length }) => length);
    return `<figure>${svg}<figcaption>${escaped(description)}</figcaption><div>${halves.map((one) => tableOf(title, { head, rows: one })).join('')}</div>${notes.map((note) => `<p>${escaped(note)}</p>`).join('')}</figure>`;
  };
  const chartsOf = (charts: readonly PackChart[]) => charts.map(chartOf).join('\n');
  const part = ({ title, about, lines, table, charts }: Part) =>
    `<section><h2>${escaped(title)}</h2>${about ? `<p>${escaped(sentence(about))}</p>` : ''}${table ? tableOf(title, table) : charts ? chartsOf(charts) : linesOf(lines!)}</section>`;
  const { meeting, handling, cutOff } = pack;
  const { filled, empty } = filledOf(pack);
  const title = `${meeting.title}, ${meeting.on}`;
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<header><h1>${escaped(title)}</h1><p>Boards: ${meeting.boards.map(escaped).join(', ')}</p>
<p class="handling">${escaped(handling)} No child, case or review is discussed here.</p></header>
<main>${filled.map(part).join('\n')}${empty ? `<p>${escaped(empty)}</p>` : ''}</main>
<footer>Frozen at ${cutOff}. SHA-256 ${digest}</footer></body></html>
`;
}
