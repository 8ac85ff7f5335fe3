import { withOwn, type PrintedTable, type ReadersProof } from '@hub/disclosure';
import { readersCheck } from '@hub/disclosure/checker';
import { canonical } from '@hub/kernel';
import { figureId } from './checker';
import type { Cells } from './domain';
import type { ReadersViews } from './readers';

/** Proofs for readers as their RFC 8785 texts; null where none was found within the limits of the search. */
export interface ReadersProofs {
  readonly everybody: string | null;
  /** By authority: for that authority alone. */
  readonly own: ReadonlyMap<string, string | null>;
}

/**
 * Proves to the readers of a publication that they cannot compute what it hides: to everybody from the document alone, and to
 * each authority from the document and its own return. Each depends on what its reader may see and on nothing else, and
 * each has been checked by addition.
 * @param printed   the table of the document as it will be frozen
 * @param returns   what each authority has sent, as far as it entered
 * @param prove     the prover
 * @param before    by authority the text of its own proof of an edition before, made of this same return
 * @returns `fault` where a proof does not add up: then document and compile do not agree, and nothing may leave
 */
export async function proveToReaders(
  printed: PrintedTable,
  returns: ReadonlyMap<string, Cells>,
  prove: ReadersViews['proofs'],
  before: ReadonlyMap<string, string> = new Map(),
): Promise<ReadersProofs | { readonly fault: string }> {
  const members = [...returns.keys()];
  const tables = [
    printed,
    ...members.map((authority) => withOwn(printed, countsOf(authority, returns.get(authority)!))),
  ];
  const earlier = members.flatMap((authority, i): [number, ReadersProof][] => {
    const text = before.get(authority);
    return text === undefined ? [] : [[i + 1, JSON.parse(text) as ReadersProof]];
  });
  const proofs = await prove(tables, new Map(earlier));
  const faultIn = readersCheck(printed);
  for (const [i, proof] of proofs.entries()) {
    const fault = proof && faultIn(tables[i]!.cells, proof);
    if (fault) return { fault };
  }
  const [everybody, ...own] = proofs.map(textOf);
  return { everybody: everybody!, own: new Map(members.map((authority, i) => [authority, own[i]!])) };
}

const textOf = (proof: ReadersProof | null): string | null => proof && canonical(proof);

/** One authority's own counts by the names that a proof gives them. */
const countsOf = (authority: string, cells: Cells): Record<string, number> =>
  Object.fromEntries(
    [...cells].flatMap(([key, figure]) => (figure.kind === 'value' ? [[figureId(authority, key), figure.value]] : [])),
  );
