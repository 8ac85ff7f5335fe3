/** A line of a pack about an issue that every called board may see. */
export interface PackIssue {
  readonly id: string;
  readonly board: string;
  readonly title: string;
  readonly question: string;
  readonly state: string;
  readonly risk: number;
  /** In words, as each called board may read them. */
  readonly evidence: readonly string[];
}

export interface PackItem {
  readonly issue: string;
  readonly by: string;
  readonly to: string;
  readonly text: string;
  readonly state: string;
  readonly due: string | null;
  readonly overdue: boolean;
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
  readonly agenda: readonly string[];
  /** What happened to the issues since the meeting before. */
  readonly changed: readonly string[];
  readonly patterns: readonly {
    readonly name: string;
    readonly where: string;
    readonly text: string;
    readonly question: string;
  }[];
  readonly completeness: readonly {
    readonly publication: string;
    readonly digest: string;
    readonly dataset: string;
    readonly period: string;
    readonly coverage: string;
  }[];
  readonly issues: readonly PackIssue[];
  readonly challenges: readonly PackItem[];
  readonly actions: readonly PackItem[];
}

interface Part {
  readonly title: string;
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const late = ({ due, overdue, state }: PackItem) =>
  `${state}${due === null ? '' : `, due ${due}`}${overdue ? ', OVERDUE' : ''}`;

/** The pack in its parts, in the order in which both forms print them; an empty one says so. */
function partsOf(pack: PackDocument): Part[] {
  const items = (all: readonly PackItem[]) => all.map((one) => [one.issue, one.to, one.text, late(one)]);
  return [
    { title: 'Agenda', rows: pack.agenda.map((line) => [line]) },
    { title: 'What changed', rows: pack.changed.map((line) => [line]) },
    {
      title: 'Patterns',
      head: ['Indicator', 'Where', 'What is seen', 'Question'],
      rows: pack.patterns.map(({ name, where, text, question }) => [name, where, text, question]),
    },
    {
      title: 'Completeness',
      head: ['Dataset', 'Period', 'Returns', 'Digest of the publication'],
      rows: pack.completeness.map(({ dataset, period, coverage, digest }) => [dataset, period, coverage, digest]),
    },
    {
      title: 'Issues',
      head: ['Issue', 'Raised by', 'Question', 'Evidence', 'State', 'Risk'],
      rows: pack.issues.map((one) => [
        one.title,
        one.board,
        one.question,
        one.evidence.join('; '),
        one.state,
        `${one.risk} of 25`,
      ]),
    },
    { title: 'Challenges', head: ['Issue', 'To', 'Question', 'State'], rows: items(pack.challenges) },
    { title: 'Actions', head: ['Issue', 'Owner', 'Action', 'State'], rows: items(pack.actions) },
  ];
}

const NOTHING = 'Nothing.';
/** No text of a pack becomes markup of the page. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');
const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!);

/** The pack as Markdown. @param digest  of its frozen form, lower-case hex */
export function packMarkdown(pack: PackDocument, digest: string): string {
  const row = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const part = ({ title, head, rows }: Part) => [
    `## ${title}`,
    '',
    ...(!rows.length
      ? [NOTHING]
      : head
        ? [row(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(row)]
        : rows.map(([line]) => `- ${plain(line!)}`)),
    '',
  ];
  const { meeting, handling, cutOff } = pack;
  return [
    `# ${plain(meeting.title)}, ${meeting.on}`,
    '',
    `Boards: ${meeting.boards.map(plain).join(', ')}`,
    '',
    `${plain(handling)} No child, case or review is discussed here.`,
    '',
    ...partsOf(pack).flatMap(part),
    `Frozen at ${cutOff}. SHA-256 ${digest}`,
    '',
  ].join('\n');
}

const STYLE = `body{font:16px/1.4 Arial,sans-serif;color:#0b0c0c;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #b1b4b6;padding:.3em .5em;text-align:left;vertical-align:top}
.handling{border-left:5px solid #12436D;padding-left:1em}footer{overflow-wrap:anywhere;font-size:.8em}
@media print{body{margin:0;font-size:11pt}section{break-inside:avoid}}`;

/** The pack as one page of HTML that prints, without scripts and without anything from elsewhere. */
export function packHtml(pack: PackDocument, digest: string): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const part = ({ title, head, rows }: Part) =>
    `<section><h2>${escaped(title)}</h2>${
      !rows.length
        ? `<p>${NOTHING}</p>`
        : head
          ? `<table><caption hidden>${escaped(title)}</caption><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`
          : `<ul>${rows.map(([line]) => `<li>${escaped(line!)}</li>`).join('')}</ul>`
    }</section>`;
  const { meeting, handling, cutOff } = pack;
  const title = `${meeting.title}, ${meeting.on}`;
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<header><h1>${escaped(title)}</h1><p>Boards: ${meeting.boards.map(escaped).join(', ')}</p>
<p class="handling">${escaped(handling)} No child, case or review is discussed here.</p></header>
<main>${partsOf(pack).map(part).join('\n')}</main>
<footer>Frozen at ${cutOff}. SHA-256 ${digest}</footer></body></html>
`;
}
