/*
 * Two worlds that are alike differ in what chance and the clock give them: ids, moments, random digests. Each of these is
 * replaced by its kind and the number of its first appearance, so that who is whom stays to be seen and nothing else goes.
 */

const ID = /\b[a-z]{3}_hub-local_[0-9a-f]{32}\b/;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/;
const MOMENT = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
/** SHA-256 in hex, whole or as charts shorten it. */
const DIGEST = /\b[0-9a-f]{64}\b|\b[0-9a-f]{16}\b/;
/** Hashes, signatures, leaves, cursors. */
const BASE64 = /[A-Za-z0-9+/_-]{40,}={0,2}/;
const ANY = new RegExp([ID, UUID, MOMENT, DIGEST, BASE64].map(({ source }) => `(${source})`).join('|'), 'g');
const KINDS = ['id', 'uuid', 'moment', 'digest', 'base64'];

/** One world's names. */
export class Normal {
  private readonly names = new Map<string, string>();

  /** @param constants  texts of this world that stand for the same in each, its addresses for instance */
  constructor(private readonly constants: Readonly<Record<string, string>>) {}

  of(text: string): string {
    const plain = Object.entries(this.constants).reduce(
      (all, [name, value]) => all.replaceAll(value, `<${name}>`),
      text,
    );
    return plain.replace(ANY, (found, ...groups: unknown[]) => {
      const kind = KINDS[groups.findIndex((group) => group !== undefined)]!;
      const inner = kind === 'base64' ? readable(found) : undefined;
      return inner === undefined ? this.name(kind, found) : `<${this.of(inner)}>`;
    });
  }

  private name(kind: string, found: string): string {
    const name = this.names.get(found) ?? `<${kind} ${this.names.size + 1}>`;
    this.names.set(found, name);
    return name;
  }
}

/** What is written in base64 if it is text, a leaf of the ledger or a cursor; it is then compared for itself. */
function readable(text: string): string | undefined {
  const inner = Buffer.from(text, 'base64').toString('utf8');
  return /^[\x20-\x7e\n]+$/.test(inner) ? inner : undefined;
}
