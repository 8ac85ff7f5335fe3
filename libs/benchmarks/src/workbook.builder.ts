import { inflateRawSync } from 'node:zlib';

/**
 * The parts of an archive, found by its own directory, as a reader that shares nothing with the writer finds them.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export function partsOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const file = Buffer.from(bytes);
  const end = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = file.readUInt32LE(end + 16);
  return new Map(
    Array.from({ length: file.readUInt16LE(end + 10) }, (): [string, string] => {
      const [method, packed, size] = [
        file.readUInt16LE(at + 10),
        file.readUInt32LE(at + 20),
        file.readUInt32LE(at + 24),
      ];
      const [name, extra, comment] = [28, 30, 32].map((place) => file.readUInt16LE(at + place)) as [
        number,
        number,
        number,
      ];
      const local = file.readUInt32LE(at + 42);
      const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
      const body = file.subarray(from, from + packed);
      const text = method === 8 ? inflateRawSync(body) : body;
      if (text.length !== size) throw new Error('a part is not as long as the directory says');
      const entry = file.toString('utf8', at + 46, at + 46 + name);
      at += 46 + name + extra + comment;
      return [entry, text.toString('utf8')];
    }),
  );
}

const unescaped = (text: string) =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

/** The cells of a sheet, row by row. */
export function cellsOf(xml: string): (string | number)[][] {
  return [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) =>
    [...row!.matchAll(/<c ([^>]*)>(.*?)<\/c>/gs)].map(([, attributes, inner]) => {
      const text = /<t[^>]*>(.*)<\/t>/s.exec(inner!)?.[1];
      if (attributes!.includes('t="inlineStr"')) return unescaped(text ?? '');
      return Number(/<v>(.*)<\/v>/.exec(inner!)![1]);
    }),
  );
}

/** What a person who opens a workbook finds: each sheet by its name, as the workbook's own relations name them. */
export function sheetsOf(bytes: Uint8Array): ReadonlyMap<string, (string | number)[][]> {
  const parts = partsOf(bytes);
  const targets = new Map(
    [...parts.get('xl/_rels/workbook.xml.rels')!.matchAll(/Id="(\w+)"[^>]*Target="([^"]+)"/g)].map(([, id, target]) => [
      id!,
      `xl/${target}`,
    ]),
  );
  const named = [...parts.get('xl/workbook.xml')!.matchAll(/<sheet name="([^"]+)"[^>]*r:id="(\w+)"/g)];
  return new Map(named.map(([, name, id]) => [unescaped(name!), cellsOf(parts.get(targets.get(id!)!)!)]));
}
