import { faultInReadersProof, type PrintedCell, type ReadersProof, type ReadersTable } from '@hub/disclosure/checker';
import { canonical, NotStrictJson, parsePeriod, parseStrictJson, Refusal, sha256 } from '@hub/kernel';
import { ReceiptInvalid, verifyRecord, type PublicationLeaf } from '@hub/ledger/domain';
import { allSeries, inPeriod, type Dataset } from '@hub/registry/domain';
import type { PublicationDocument } from '../domain/document';
import { nameOfFigure, REGION, figureId, tableOf } from './table';

/** What a reader keeps of a publication, each as the hub gave it. */
export interface PublicationFiles {
  /** The RFC 8785 text. */
  readonly document: string;
  /** The proof's RFC 8785 text; null where the hub has none. */
  readonly proof: string | null;
  /** The ledger's receipt of its publishing, a C2SP tlog-proof@v1; null for who is shown a part. */
  readonly receipt: string | null;
}

/** What holds of a publication. Counts are of things that were added up. */
export interface Checked {
  readonly document: PublicationDocument;
  /** Whether it is the whole; who is shown a part holds neither proof nor receipt of it. */
  readonly whole: boolean;
  /** SHA-256 of the document, lower-case hex. */
  readonly digest: string;
  /** What the ledger says of it; null for a part, and where there is no key to verify a receipt with. */
  readonly entry: PublicationLeaf | null;
  readonly equations: number;
  readonly ranges: number;
  readonly hidden: number;
  /** Further tables of the proof; null where there is no proof. */
  readonly tables: number | null;
  /** Hidden figures of which nothing is shown, by id; all of them where there is no proof. */
  readonly unshown: readonly string[];
}

/** What of a publication does not hold. */
export type FaultOfPublication =
  | 'document' // not a publication in its only form
  | 'receipt' // the receipt does not hold, or the whole comes without one
  | 'entry' // the ledger's entry is of something else
  | 'shape' // the document is not one of its dataset
  | 'equation' // printed figures do not add up
  | 'proof' // the proof is not the one that the document names
  | 'adding-up' // the proof does not fit what is printed
  | 'between' // an interval leaves out a count that the proof shows to be possible
  | 'own'; // a printed figure of the own authority is not the one that was sent

/** A publication that does not hold. Names figures by their codes; holds no text that failed to parse. */
export class PublicationInvalid extends Error {
  override readonly name = 'PublicationInvalid';
  constructor(
    readonly fault: FaultOfPublication,
    /** What is wrong, in plain words. */
    readonly words: string,
  ) {
    super(`the publication does not hold: ${words}`);
  }
}

/** The document of a publication out of its text. @throws PublicationInvalid unless it is the text of one */
export const documentIn = (text: string): PublicationDocument =>
  inOnlyForm(
    text,
    isDocument,
    new PublicationInvalid('document', 'it is not the text of a publication as the hub wrote it'),
  );

/** What a text holds, if that is of this form and the text its RFC 8785 one. @throws wrong otherwise */
function inOnlyForm<T>(text: string, isOne: (value: unknown) => value is T, wrong: PublicationInvalid): T {
  let value: unknown;
  try {
    value = parseStrictJson(Buffer.from(text, 'utf8'));
  } catch (error) {
    if (error instanceof NotStrictJson) throw wrong;
    throw error;
  }
  if (!isOne(value) || canonical(value) !== text) throw wrong;
  return value;
}

/**
 * Checks a publication, with nothing but what its reader holds: the document is in its only form; the ledger's entry, signed
 * by the hub, is of this very document; printed figures add up; and the proof, which the document names by its SHA-256,
 * holds by adding up: in its tables each hidden figure that it shows is one count and another, and all of them fit what
 * is printed. Nothing that compiled, protected or proved it takes part.
 * @param dataset  the specification of the document's dataset and version
 * @param hubKeys  verifier keys of the hub; none: the ledger's entry is not looked at
 * @throws PublicationInvalid for the first thing that does not hold
 */
export function checkPublication(files: PublicationFiles, dataset: Dataset, hubKeys: readonly string[]): Checked {
  const document = documentIn(files.document);
  const digest = sha256(files.document).toString('hex');
  const entry =
    files.receipt === null || hubKeys.length === 0 ? null : entryOf(files.receipt, hubKeys, document, digest);
  const whole = isWholeOf(document, dataset);
  if (!whole && (files.receipt !== null || files.proof !== null))
    throw new PublicationInvalid('shape', 'its figures are not those of its dataset');

  // Who is shown the whole is given its receipt: without one anybody may have written it.
  if (whole && files.receipt === null && hubKeys.length > 0)
    throw new PublicationInvalid('receipt', 'there is no receipt of the ledger with it');

  const table = tableOf(document, inPeriod(dataset, parsePeriod(document.period)));
  assertAddsUp(table);
  const hidden = table.cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : []));
  const proof = proofOf(document, files.proof);
  if (proof) {
    const fault = faultInReadersProof(table, proof);
    if (fault !== undefined) throw new PublicationInvalid('adding-up', `the proof does not add up: ${fault}`);
    assertBetween(document, proof);
  }
  return {
    document,
    whole,
    digest,
    entry,
    equations: table.equations.length,
    ranges: table.ranges.length,
    hidden: hidden.length,
    tables: proof ? proof.tables.length : null,
    unshown: proof ? proof.unshown : hidden,
  };
}

/** What holds of an authority's own proof. */
export interface OwnChecked {
  /** Own figures that are printed just as they were sent. */
  readonly asSent: number;
  /** Figures of others that are hidden. */
  readonly hidden: number;
  /** Those of them of which nothing is shown, by id; all where there is no proof. */
  readonly unshown: readonly string[];
}

/**
 * Checks a publication from the side of one authority, that knows its own counts: its printed figures are those that it
 * sent, and its own proof shows that it cannot compute the others' hidden ones.
 * @param document  checked already
 * @param own       its counts by series, in the units of the figures
 * @param proof     its own proof's text; null where there is none
 * @throws PublicationInvalid
 */
export function checkOwn(
  document: PublicationDocument,
  dataset: Dataset,
  authority: string,
  own: ReadonlyMap<string, number>,
  proof: string | null,
): OwnChecked {
  const table = tableOf(document, inPeriod(dataset, parsePeriod(document.period)));
  let asSent = 0;
  const cells = table.cells.map((cell): PrintedCell => {
    const count = cell.id.startsWith(`${authority}|`) ? own.get(cell.id.slice(authority.length + 1)) : undefined;
    if (count === undefined) return cell;
    if ('hidden' in cell) return { id: cell.id, value: count };
    if (cell.value !== count) throw new PublicationInvalid('own', `${nameOfFigure(cell.id)} is not what was sent`);
    asSent++;
    return cell;
  });
  const hidden = cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : []));
  const parsed = proof === null ? undefined : proofIn(proof);
  const fault = parsed && faultInReadersProof({ ...table, cells }, parsed);
  if (fault !== undefined) throw new PublicationInvalid('adding-up', `the own proof does not add up: ${fault}`);
  return { asSent, hidden: hidden.length, unshown: parsed ? parsed.unshown : hidden };
}

function entryOf(
  receipt: string,
  hubKeys: readonly string[],
  document: PublicationDocument,
  digest: string,
): PublicationLeaf {
  let leaf;
  try {
    leaf = verifyRecord(receipt, hubKeys);
  } catch (error) {
    if (!(error instanceof ReceiptInvalid)) throw error;
    throw new PublicationInvalid('receipt', `the receipt of the ledger does not hold (${error.reason})`);
  }
  const { id, hub, region, number, publishedAt, dataset, period } = document;
  const expected = {
    v: 1,
    kind: 'publication',
    event: 'published',
    publication: id,
    hub,
    region,
    number,
    dataset,
    period,
    at: publishedAt,
    digest,
  };
  if (leaf.kind !== 'publication' || canonical(leaf) !== canonical(expected))
    throw new PublicationInvalid('entry', 'the ledger’s entry is of something else, or of another text of it');
  return leaf;
}

/**
 * Whether it has every series of the dataset, in order.
 * @throws PublicationInvalid where it has others, or not one figure for each authority
 */
function isWholeOf({ dataset, series, authorities, submitted }: PublicationDocument, specification: Dataset): boolean {
  const keys = allSeries(specification).map(({ key }) => key);
  const given = new Set(series.map(({ key }) => key));
  const isOne =
    dataset.code === specification.code &&
    dataset.version === specification.version &&
    given.size === series.length &&
    [...given].every((key) => keys.includes(key)) &&
    series.every(({ figures }) => figures.length === authorities.length) &&
    new Set(authorities).size === authorities.length &&
    submitted.every((authority) => authorities.includes(authority));
  if (!isOne) throw new PublicationInvalid('shape', 'its figures are not those of its dataset');
  return series.length === keys.length && series.every(({ key }, i) => key === keys[i]);
}

/** What is printed whole has to add up by itself; what holds hidden figures is for the proof. */
function assertAddsUp({ cells, equations, ranges }: ReadersTable): void {
  const printed = new Map(cells.flatMap((cell) => ('hidden' in cell ? [] : [[cell.id, cell.value]])));
  const wrong = (id: string) =>
    new PublicationInvalid('equation', `${nameOfFigure(id)} is not what its parts add up to`);
  for (const { total, parts } of equations) {
    if (![total, ...parts].every((id) => printed.has(id))) continue;
    if (parts.reduce((sum, id) => sum + printed.get(id)!, 0) !== printed.get(total)) throw wrong(total);
  }
  for (const { terms, lo = -Infinity, hi = Infinity } of ranges) {
    if (!terms.every(([id]) => printed.has(id))) continue;
    const sum = terms.reduce((all, [id, factor]) => all + factor * printed.get(id)!, 0);
    if (!(sum >= lo && sum <= hi)) throw wrong(terms[0]![0]);
  }
}

/** The proof, if it is the one that the document names; undefined where the document names none. */
function proofOf({ proof: digest }: PublicationDocument, text: string | null): ReadersProof | undefined {
  if (!digest) {
    if (text !== null) throw new PublicationInvalid('proof', 'the document names no proof, and there is one');
    return undefined;
  }
  if (text === null) throw new PublicationInvalid('proof', 'the document names a proof, and it is not there');
  if (sha256(text).toString('hex') !== digest)
    throw new PublicationInvalid('proof', 'the proof is not the one that the document names');
  return proofIn(text);
}

/** The proof in a text, whichever document it is of. @throws PublicationInvalid unless it is the text of one */
export const proofIn = (text: string): ReadersProof =>
  inOnlyForm(text, isProof, new PublicationInvalid('proof', 'it is not the text of a proof as the hub wrote it'));

/** No interval may leave out a count that a table of the proof has. */
function assertBetween({ between = {} }: PublicationDocument, { base, tables }: ReadersProof): void {
  for (const [series, figures] of Object.entries(between)) {
    for (const [owner, [least, most]] of Object.entries(figures)) {
      const id = figureId(owner, series);
      const count = base[id];
      if (count === undefined) throw new PublicationInvalid('between', 'a figure that is not hidden has an interval');
      for (const change of [0, ...tables.map((table) => table[id] ?? 0)]) {
        if (count + change < least || count + change > (most ?? Infinity))
          throw new PublicationInvalid(
            'between',
            `the interval of ${nameOfFigure(id)} leaves out a count that is possible`,
          );
      }
    }
  }
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isCounts = (value: unknown): value is Record<string, number> =>
  isMembers(value) && Object.values(value).every((count) => Number.isSafeInteger(count));

function isProof(value: unknown): value is ReadersProof {
  if (!isMembers(value) || value['v'] !== 1 || Object.keys(value).length !== 4) return false;
  const { base, tables, unshown } = value;
  return isCounts(base) && Array.isArray(tables) && tables.every(isCounts) && isTexts(unshown);
}

const isPrinted = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isSafeInteger(value) && value >= 0
    : ['hidden', 'notCollected', 'notApplicable', 'notAvailable', 'notSubmitted'].includes(value as string);

function isInterval(value: unknown): boolean {
  const [least, most, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return Number.isSafeInteger(least) && (most === null || Number.isSafeInteger(most)) && more.length === 0;
}

/** The members that a check relies on, in their form. */
function isDocument(value: unknown): value is PublicationDocument {
  if (!isMembers(value) || value['v'] !== 1) return false;
  const { hub, id, region, number, dataset, period, publishedAt, authorities, submitted, series, between, proof } =
    value;
  return (
    [hub, id, region, publishedAt].every(isText) &&
    Number.isSafeInteger(number) &&
    isPeriod(period) &&
    isMembers(dataset) &&
    isText(dataset['code']) &&
    isText(dataset['version']) &&
    isTexts(authorities) &&
    isTexts(submitted) &&
    !authorities.includes(REGION) &&
    Array.isArray(series) &&
    series.every(
      (one) =>
        isMembers(one) &&
        isText(one['key']) &&
        isPrinted(one['region']) &&
        Array.isArray(one['figures']) &&
        one['figures'].every(isPrinted),
    ) &&
    (between === undefined ||
      (isMembers(between) &&
        Object.values(between).every((figures) => isMembers(figures) && Object.values(figures).every(isInterval)))) &&
    (proof === undefined || proof === null || isText(proof))
  );
}

function isPeriod(value: unknown): boolean {
  try {
    return isText(value) && parsePeriod(value).text === value;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
