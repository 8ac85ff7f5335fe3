import { existsSync } from 'node:fs';
import {
  allPages,
  camelCase,
  HubClient,
  type Page,
  type PublicationAnswer,
  type PublicationStanding,
} from '@hub/client';
import { strictObject } from '@hub/identity/domain';
import { londonDate, Refusal } from '@hub/kernel';
import { withdrawalReasons } from '@hub/ledger/domain';
import {
  checkOwn,
  checkPublication,
  documentIn,
  nameOfFigure,
  PublicationInvalid,
  type Checked,
  type OwnChecked,
  type PublicationFiles,
} from '@hub/publications/checker';
import { datasetOf, loadCatalogue, type Dataset } from '@hub/registry/domain';
import { listing, readText, table, UsageError, writeWhole, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubAddress, hubOf } from './connection';
import { readReturns } from './figures';
import { publicationsOf } from './published';
import { hubKeysIn } from './receipt';

/** What is kept of a publication in one file. */
interface Kept extends PublicationFiles {
  readonly v: 1;
  /** Of the own authorities alone: whoever gets the file gets their raw counts. */
  readonly own: readonly { readonly authority: string; readonly proof: string | null }[];
}

/** Deep enough for a document's text is one value in it. */
const DEPTH = 4;
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

function keptIn(file: string): Kept {
  const { v, document, proof, receipt, own } = strictObject(readText(file), DEPTH) ?? {};
  const isOwn = (one: unknown): boolean => {
    const { authority, proof: text } = (one ?? {}) as Record<string, unknown>;
    return typeof authority === 'string' && isTextOrNull(text);
  };
  if (
    v === 1 &&
    typeof document === 'string' &&
    isTextOrNull(proof) &&
    isTextOrNull(receipt) &&
    Array.isArray(own) &&
    own.every(isOwn)
  )
    return { v, document, proof, receipt, own: own as Kept['own'] };
  throw new UsageError(`${file} is not a file that \`hub publication verify --save\` has written.`);
}

/** The specification that the document names, as this program knows it. @throws UsageError */
function specificationOf(text: string): Dataset {
  const { dataset } = documentIn(text);
  try {
    return datasetOf(loadCatalogue(), dataset.code, dataset.version);
  } catch (error) {
    if (error instanceof Refusal)
      throw new UsageError(
        'The publication is of a dataset or version that this program does not know: take a newer one.',
      );
    throw error;
  }
}

interface Given {
  readonly kept: Kept;
  readonly hubKeys: readonly string[];
  /** What the hub gives of it; only where it was asked for by its id. */
  readonly answer?: PublicationAnswer;
  /** What has become of one that is checked from a file; only where a hub was asked. */
  readonly standing?: PublicationStanding;
}

/** Since when and by which, of one that does not stand any more. */
const standsAs = ({ state, endedAt, supersededBy }: Omit<PublicationStanding, 'withdrawal'>): string =>
  state === 'current'
    ? state
    : `${state}${endedAt ? ` since ${endedAt}` : ''}${supersededBy ? `, replaced by ${supersededBy}` : ''}`;

/** The publication that is named: a file, or an id at a hub. @throws UsageError | HubProblem | Unreachable */
async function given(values: Values): Promise<Given> {
  const named = values.the('ID|FILE');
  const keys = values.get('hub-key');
  if (named === '-' || existsSync(named)) {
    if (keys === undefined)
      throw new UsageError('--hub-key is missing: who checks a file says whose signature counts.');
    const kept = keptIn(named);
    const asked = values.has('url')
      ? { standing: await hubOf(values).publicationStanding(documentIn(kept.document).id) }
      : {};
    return { kept, hubKeys: hubKeysIn(keys), ...asked };
  }
  if (!named.startsWith('pub_')) throw new UsageError('There is no such file, and it is no id of a publication.');
  for (const name of ['url', 'token-file'])
    if (!values.has(name)) throw new UsageError(`--${name} is missing: it is asked of the hub that has it.`);
  const answer = await hubOf(values).publication(named);
  const { document, proof, receipt, mine } = answer;
  const hubKeys =
    keys === undefined
      ? (await new HubClient({ url: hubAddress(values.the('url')) }).describe()).ledgerKeys.map(({ line }) => line)
      : hubKeysIn(keys);
  const own = (mine ?? []).map(({ authority, proof: text }) => ({ authority, proof: text }));
  return { kept: { v: 1, document, proof, receipt, own }, hubKeys, answer };
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** In a line, what holds of hidden figures; and by name those of which nothing is shown. */
function shownLine(hidden: number, unshown: readonly string[], from: string): string {
  const all = counted(hidden, 'hidden figure', 'hidden figures');
  if (hidden === 0) return 'no hidden figures';
  if (unshown.length === 0) return `${all}: none can be computed from ${from}`;
  if (unshown.length === hidden) return `${all}, and no proof about them`;
  return `${all}: ${hidden - unshown.length} cannot be computed from ${from}; of ${unshown.length} nothing is shown`;
}

function rowsOf(checked: Checked, stands?: PublicationStanding) {
  const { document, digest, entry, equations, ranges, tables, whole } = checked;
  const { id, number, region, dataset, period, edition } = document;
  return listing([
    ['publication', `${id}, number ${number} of ${region}`],
    ['dataset', `${dataset.code} ${dataset.version}, ${period}, ${edition}`],
    ['shown', whole ? undefined : 'a part of it, so without proof and receipt'],
    ['digest', `SHA-256 ${digest}`],
    ['ledger', entry ? `published ${entry.at}` : undefined],
    ['sums', `${counted(equations, 'equation', 'equations')}, ${counted(ranges, 'bound', 'bounds')}`],
    ['proof', tables === null ? undefined : `${counted(tables + 1, 'whole table', 'whole tables')}, each added up`],
    ['state', stands && standsAs(stands)],
  ]);
}

/** The own counts that --own names, of these authorities. @throws UsageError */
function ownCounts(path: string, { dataset, period }: Checked['document'], authorities: readonly string[]) {
  const returns = readReturns(path, loadCatalogue()).filter(
    (one) =>
      authorities.includes(one.authority) &&
      one.dataset.code === dataset.code &&
      one.dataset.version === dataset.version &&
      one.period.text === period,
  );
  if (!returns.length) throw new UsageError(`${path} holds no return that stands in this publication.`);
  return new Map(
    returns.map(({ authority, cells }) => [
      authority,
      new Map([...cells].flatMap(([key, figure]) => (figure.kind === 'value' ? [[key, figure.value] as const] : []))),
    ]),
  );
}

async function verify(values: Values): Promise<Outcome> {
  const { kept, hubKeys, answer, standing } = await given(values);
  try {
    const dataset = specificationOf(kept.document);
    const checked = checkPublication(kept, dataset, hubKeys);
    const { document, digest, entry, equations, hidden, unshown } = checked;
    if (answer && (answer.digest !== digest || answer.id !== document.id))
      throw new PublicationInvalid('document', 'the hub names another digest than that of the document it gives');
    const own: (OwnChecked & { authority: string })[] = [];
    const path = values.get('own');
    for (const [authority, counts] of path === undefined ? [] : ownCounts(path, document, document.submitted)) {
      const proof = kept.own.find((one) => one.authority === authority)?.proof ?? null;
      own.push({ authority, ...checkOwn(document, dataset, authority, counts, proof) });
    }
    const file = values.get('save');
    // Own proofs tell raw counts: its owner alone reads it.
    if (file !== undefined) writeWhole(file, `${JSON.stringify(kept)}\n`, 0o600);
    const parts = ['digest', ...(entry ? ['ledger entry'] : []), counted(equations, 'equation', 'equations')];
    const lines = [
      `checked: ${parts.join(', ')}, ${shownLine(hidden, unshown, 'what is printed')}`,
      ...unshown
        .slice(0, unshown.length === hidden ? 0 : undefined)
        .map((id) => `  nothing is shown of ${nameOfFigure(id)}`),
      ...own.map(
        (one) =>
          `checked for ${one.authority}: ${counted(one.asSent, 'figure is', 'figures are')} printed as sent, ${shownLine(one.hidden, one.unshown, 'what is printed and the own counts')}`,
      ),
    ];
    const { status, ...outcome } = verdictOf(checked, standing);
    return {
      ...outcome,
      text: `${lines.join('\n')}\n${rowsOf(checked, answer ?? standing)}`,
      json: {
        status,
        ...checked,
        document: undefined,
        publication: document.id,
        own,
        ...(standing ? { standing } : {}),
      },
    };
  } catch (error) {
    if (!(error instanceof PublicationInvalid)) throw error;
    return {
      exitCode: 1,
      text: '',
      json: { status: 'refused', fault: error.fault },
      remark: `PUBLICATION_INVALID: The publication does not hold: ${error.words}.`,
    };
  }
}

/** What a script has to know of a publication that adds up: whether to use it. */
export function verdictOf(
  { whole, hidden, tables }: Pick<Checked, 'whole' | 'hidden' | 'tables'>,
  standing?: Pick<PublicationStanding, 'state' | 'withdrawal'>,
): Partial<Outcome> & { readonly status: 'holds' | 'unproved' | 'withdrawn' } {
  if (standing?.state === 'withdrawn') {
    const why = standing.withdrawal ? `, because ${standing.withdrawal.inWords}` : '';
    const remark = `PUBLICATION_WITHDRAWN: The copy is what the hub has published, and it was withdrawn since${why}: do not use it.`;
    return { status: 'withdrawn', exitCode: 1, remark };
  }
  // A part never has one; of the whole, a hub that prints too much need only leave it out.
  if (!whole || hidden === 0 || tables !== null) return { status: 'holds' };
  const remark =
    'PUBLICATION_UNPROVED: It is what the hub has published, and adds up; but nothing shows that what it hides cannot be computed, for no proof comes with it. Ask the hub why.';
  return { status: 'unproved', exitCode: 1, remark };
}

async function withdraw(values: Values): Promise<Outcome> {
  const because = withdrawalReasons.find((one) => one === values.the('because'));
  if (!because) throw new UsageError(`--because is ${withdrawalReasons.join(', ')}: the region reads it.`);
  const id = values.the('ID');
  const done = await hubOf(values).withdrawPublication(id, because);
  return {
    text: listing([
      ['publication', id],
      ['withdrawn', done.at],
      ['because', done.inWords],
      [
        'replaced by',
        done.replacedBy ?? 'nothing yet: `hub round reopen` or `hub round edition` opens its round for the next',
      ],
    ]),
    json: { publication: id, ...done },
    ...(done.because === because ? {} : { remark: 'It was withdrawn before, for another reason; that one stays.' }),
  };
}

async function why(values: Values): Promise<Outcome> {
  const [id, series, of] = [values.the('ID'), values.the('series'), values.get('of') ?? null];
  const hub = hubOf(values);
  const answer = await hub.why(id, series.includes('#') ? series : `${series}#count`, of);
  if (!answer)
    return {
      exitCode: 1,
      text: '',
      json: { status: 'none' },
      remark: 'INDICATOR_ABSENT: There is no such figure that is shown to you by name.',
    };
  const publication = await hub.publication(id);
  const { formula, parts, hiddenParts, agreement, version, clause } = answer;
  const { number, dataset, period, edition, digest, state, endedAt, supersededBy, publishedAt } = publication;
  const whose = (authority: { code: string; name: string | null } | null) =>
    authority ? `${authority.code} ${authority.name ?? ''}`.trim() : 'the region';
  const inIt = parts.map(({ authority }) => authority?.code);
  // Of one's own returns alone; where one's own figure is hidden, nothing is said of it either.
  const receipts = (publication.mine ?? []).filter(({ authority }) => inIt.includes(authority));
  const lines = [
    formula,
    ...parts.map(
      (part) =>
        `  ${part.as.padEnd(12)}${String(part.count).padStart(10)}  ${part.series ?? 'children aged 0 to 17'}, ${whose(part.authority)}`,
    ),
    ...(hiddenParts ? [`  and ${counted(hiddenParts, 'hidden figure', 'hidden figures')}`] : []),
  ];
  const shown = listing([
    ['publication', `${id}, number ${number}, ${dataset} ${period}, ${edition}, of ${publishedAt}`],
    ['digest', `SHA-256 ${digest}`],
    ['state', standsAs(publication)],
    ['agreement', `${agreement}, version ${version}, clause ${clause}`],
    ...receipts.map((one) => ['your own return', `${one.submission}, version ${one.version}`] as const),
  ]);
  return {
    text: `${lines.join('\n')}\n${shown}`,
    json: {
      ...answer,
      publication: { id, number, dataset, period, edition, digest, state, endedAt, supersededBy },
      receipts,
    },
  };
}

interface Revision {
  readonly authority: { readonly code: string; readonly name: string | null } | null;
  readonly indicator: { readonly code: string; readonly name: string | null };
  readonly dimension: string | null;
  readonly category: string | null;
  readonly ofDenominator: boolean;
  readonly was: number;
  readonly is: number;
}

const REVISIONS = `query ($id: ID!, $after: String) { publication(id: $id) { revisions(first: 100, after: $after) {
  edges { node { authority { code name } indicator { code name } dimension category ofDenominator was is } }
  pageInfo { hasNextPage endCursor } } } }`;

async function revisions(values: Values): Promise<Outcome> {
  const hub = hubOf(values);
  let isNone = false;
  const all = await allPages(async (after) => {
    const { publication } = await hub.graphql<{ publication: { revisions: Page<Revision> | null } }>(REVISIONS, {
      id: values.the('ID'),
      after,
    });
    isNone = publication.revisions === null;
    return publication.revisions ?? { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
  });
  if (isNone) return { text: 'It took the place of no edition that you may read: nothing is revised.\n', json: null };
  const rows = all.map(({ authority, indicator, dimension, category, ofDenominator, was, is }) => [
    authority?.name ?? authority?.code ?? 'the region',
    `${indicator.code}${dimension === null ? '' : ` ${dimension}=${category}`}${ofDenominator ? ' (of)' : ''}`,
    String(was),
    String(is),
    indicator.name ?? '',
  ]);
  const text = rows.length
    ? table(['whose', 'figure', 'was', 'is', 'indicator'], rows, [2, 3])
    : 'No figure that both editions print differs.\n';
  return { text, json: all };
}

export const publicationCommands: readonly Command[] = [
  {
    name: 'publication list',
    usage: 'REGION --url HUB --token-file F',
    summary:
      'Publications of a region of which you see something, newest first, each with the id that other commands and the evidence of an issue take.',
    argument: 'REGION',
    options: connectionOptions,
    async run(values) {
      const all = await publicationsOf(hubOf(values), values.the('REGION'));
      const rows = all.map(({ id, number, period, dataset, edition, publishedAt, revised, state }) => [
        id,
        `${number}`,
        period,
        dataset,
        camelCase(edition),
        londonDate(new Date(publishedAt)),
        camelCase(state),
        revised?.join(' ') || '-',
      ]);
      const text = table(
        ['publication', 'number', 'period', 'dataset', 'edition', 'published', 'state', 'revised'],
        rows,
        [1],
      );
      return { text: rows.length ? text : 'Nothing is published.\n', json: all };
    },
  },
  {
    name: 'publication revisions',
    usage: 'ID --url HUB --token-file F',
    summary:
      'Which counts an edition prints otherwise than the one before it, from what to what; nothing of a figure that is hidden in either.',
    argument: 'ID',
    options: connectionOptions,
    run: revisions,
  },
  {
    name: 'publication verify',
    usage: 'ID|FILE [--url HUB --token-file F] [--hub-key LINE|FILE] [--own RETURN.json] [--save FILE]',
    summary:
      'Checks a publication by adding up: digest, ledger entry, every sum, and that no hidden figure can be computed from what is printed. Of an id it asks the hub; a file that --save has written is checked offline, with --hub-key; with --url the hub says whether it still stands.',
    argument: 'ID|FILE',
    options: { url: 'optional', 'token-file': 'optional', 'hub-key': 'optional', own: 'optional', save: 'optional' },
    more: `With --own, the payload of your own return or a folder of them: that your printed figures are the ones you sent, and that
you, who know your own counts, cannot compute anybody else's. Your own proof tells your counts: what --save writes is for
your authority alone.`,
    run: verify,
  },
  {
    name: 'publication withdraw',
    usage: 'ID --because figuresWrong|agreementEnded|notToBeShown --url HUB --token-file F',
    summary:
      'Takes a publication of your region out of sight at once, as its lead; nothing brings it back. The region reads the reason, and its authorities are told.',
    argument: 'ID',
    options: { because: 'required', ...connectionOptions },
    more: `The edition before does not come back in its place. Open the round for the next one: \`hub round reopen\` for the same edition,
\`hub round edition\` for a later one. Whoever keeps a copy is told by \`hub publication verify FILE --url HUB\`.`,
    run: withdraw,
  },
  {
    name: 'publication why',
    usage: 'ID --series INDICATOR[|DIMENSION=CATEGORY] [--of CODE] --url HUB --token-file F',
    summary:
      'Why a figure is what it is: its formula with the printed parts, its publication and whether that still stands, agreement and clause. Without --of the region’s figure; with --json the receipts of your own returns in it too.',
    argument: 'ID',
    options: { series: 'required', of: 'optional', ...connectionOptions },
    run: why,
  },
];
