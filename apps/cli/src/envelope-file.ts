import { readInput, textOf, UsageError } from './command';

const begins = (bytes: Uint8Array, magic: string) =>
  Buffer.from(bytes.subarray(0, magic.length)).equals(Buffer.from(magic, 'latin1'));

/** @throws UsageError where the file is a table, which nobody signs or sends */
export function assertNoTable(path: string, bytes: Uint8Array): void {
  const isWorkbook = begins(bytes, 'PK\x03\x04') || begins(bytes, '\xd0\xcf\x11\xe0');
  const isNamedSo = /\.(?:csv|tsv|xlsx?)$/i.test(path) && !/^\uFEFF?\s*\{/.test(Buffer.from(bytes).toString());
  if (isWorkbook || isNamedSo)
    throw new UsageError(`${path} is a table: make its payload first, with \`hub submission make\`.`);
}

/** The envelope in a file, whose content the hub judges. @throws UsageError for a table and for a payload that nobody has signed */
export function readEnvelope(path: string): string {
  const bytes = readInput(path);
  assertNoTable(path, bytes);
  const envelope = textOf(path, bytes);
  let body: unknown;
  try {
    body = JSON.parse(envelope);
  } catch {
    return envelope;
  }
  if (typeof body === 'object' && body !== null && 'rows' in body && !('signatures' in body))
    throw new UsageError(`${path} is not signed yet: sign it first, with \`hub submission sign\`.`);
  return envelope;
}
