import { tilePath, type LedgerSource } from '@hub/ledger/domain';
import { baseAddress } from './hub-connection';
import { Unreachable } from './problem';

/** No answer of a ledger is longer: a tile is 8 kB. */
const LONGEST = 64 * 1024;

/**
 * The ledger of a hub as anybody may read it, without a token: for `auditLedger` and `watchLedger`.
 * @param url  the hub's address
 * @throws Unreachable from every method, where the hub gives no answer or not one of a ledger
 */
export function ledgerOf(url: string): LedgerSource {
  const base = `${baseAddress(url)}/ledger`;
  async function get(path: string): Promise<Buffer | undefined> {
    let answer: Response;
    let bytes: Buffer;
    try {
      answer = await fetch(`${base}/${path}`, { redirect: 'error', signal: AbortSignal.timeout(30_000) });
      bytes = Buffer.from(await answer.arrayBuffer());
    } catch {
      throw new Unreachable(`No answer from ${base}.`);
    }
    if (answer.status === 404) return undefined;
    if (!answer.ok || bytes.length > LONGEST)
      throw new Unreachable(`The answer is not one of a ledger (HTTP ${answer.status}).`);
    return bytes;
  }
  return {
    checkpoint: async (size) => (await get(size === undefined ? 'checkpoint' : `checkpoint/${size}`))?.toString('utf8'),
    tile: (tile) => get(`tile/${tilePath(tile)}`),
  };
}
