import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '@hub/identity/domain';
import { NotStrictJson, parsePeriod, parseStrictJson, Refusal, type Finding, type Period } from '@hub/kernel';
import { datasetOf, inPeriod, type Catalogue, type Dataset } from '@hub/registry/domain';
import { readHead, validate } from '@hub/submissions/domain';
import { readInput, notRead, UsageError } from './command';

/** One authority's figures of one period, by series: what its return holds. */
export interface ReadReturn {
  readonly file: string;
  readonly authority: string;
  readonly dataset: Dataset;
  readonly period: Period;
  readonly cells: ReadonlyMap<string, ReadFigure>;
}
type ReadFigure =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'notCollected' | 'notApplicable' | 'notAvailable' };

/** A file that holds no valid return: which one, and everything that is wrong with it. */
export class FiguresInvalid extends Error {
  override readonly name = 'FiguresInvalid';
  constructor(
    readonly file: string,
    readonly findings: readonly Finding[],
  ) {
    super(`${file} holds no valid return`);
  }
}

/**
 * The returns in a file or in every `.json` of a folder: payloads as an authority's system writes them for signing, or the
 * project's own collections of figures (`{ "dataset": …, "returns": [{ "authority", "period", "rows" }] }`).
 * Each goes through the validation of a submission; what it would ask about a jump is not asked.
 * @throws UsageError for a file that cannot be read or is neither | FiguresInvalid
 */
export function readReturns(path: string, catalogue: Catalogue): ReadReturn[] {
  return filesIn(path).flatMap((file) => {
    const bytes = readInput(file);
    return payloadsIn(file, bytes).map((payload) => readReturn(file, payload, catalogue));
  });
}

function filesIn(path: string): string[] {
  if (path === '-') return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const files = readdirSync(path).filter((file) => file.endsWith('.json'));
    if (!files.length) throw new UsageError(`${path} holds no .json file.`);
    return files.sort().map((file) => join(path, file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw notRead(path, error);
  }
}

/** The payload itself, or one for each return of a collection. */
function payloadsIn(file: string, bytes: Buffer): Buffer[] {
  let json: unknown;
  try {
    json = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error;
    throw new UsageError(`${file} is not strict JSON: ${error.reason}${error.pointer ? ` at ${error.pointer}` : ''}.`);
  }
  if (!isObject(json)) throw new UsageError(`${file} holds no return.`);
  if (!Array.isArray(json['returns'])) return [bytes];
  const { dataset } = json;
  const agreement = { id: 'preview', version: 1 };
  return json['returns'].map((one: unknown) =>
    Buffer.from(JSON.stringify({ dataset, agreement, ...(isObject(one) ? one : {}) })),
  );
}

function readReturn(file: string, payload: Buffer, catalogue: Catalogue): ReadReturn {
  try {
    const head = readHead(payload);
    const period = parsePeriod(head.period);
    const dataset = inPeriod(datasetOf(catalogue, head.dataset.code, head.dataset.version), period);
    const { findings, cells } = validate(head.body, dataset, { period });
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length) throw new FiguresInvalid(file, errors);
    const figures = cells.map(({ series, kind, value }): [string, ReadFigure] => [
      series,
      kind === 'value' ? { kind, value: Number(value) } : { kind },
    ]);
    return { file, authority: head.authority, dataset, period, cells: new Map(figures) };
  } catch (error) {
    if (error instanceof Refusal && error.more.findings) throw new FiguresInvalid(file, error.more.findings);
    if (error instanceof Refusal && error.code === 'DATASET_ABSENT')
      throw new UsageError(`${file} names a dataset that there is not.`);
    throw error;
  }
}
