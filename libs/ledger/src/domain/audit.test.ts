import { generateKeyPairSync } from 'node:crypto';
import { auditLedger, ledgerOwner, watchLedger, type LedgerSource } from './audit';
import { leafHash, rootOf } from './merkle';
import { formatCheckpoint, signNote, verifierKeyLine } from './note';
import { nodesOver, parseTilePath, TILE, tileHash, tilePath, tilesOf, tileWidth } from './tiles';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const owner = ledgerOwner('hub.example', [verifierKeyLine('hub.example', publicKey)]);
const hashes = (count: number, name = 'entry') =>
  Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`${name} ${n}`)));

/** The root over these hashes of entries, built from tiles. */
function rootOver(entries: readonly Buffer[]): Buffer {
  const tiles = tilesOf(0, entries.length).map(({ index }) =>
    Buffer.concat(entries.slice(index * TILE, (index + 1) * TILE)),
  );
  const whole = tiles.filter(({ length }) => length === TILE * 32).map(tileHash);
  return rootOf(entries.length, nodesOver(whole, tiles.at(-1) ?? Buffer.of()));
}
const noteOf = (entries: readonly Buffer[], key = privateKey) =>
  signNote(
    formatCheckpoint({ origin: 'hub.example', size: entries.length, root: rootOver(entries) }),
    'hub.example',
    key,
  );

/** A hub that has signed `signed` and serves `served`, and says how often it was asked. */
function hubOf(signed: readonly Buffer[], served: readonly (Buffer | undefined)[] = signed) {
  const asked: string[] = [];
  const source: LedgerSource = {
    checkpoint: async (size = signed.length) => {
      asked.push(`checkpoint ${size}`);
      return size <= signed.length ? noteOf(signed.slice(0, size)) : undefined;
    },
    tile: async (tile) => {
      asked.push(tilePath(tile));
      const span = TILE ** tile.level;
      const first = tile.index * TILE * span;
      if (tile.level === 0) {
        const found = served.slice(first, first + tile.width);
        return found.length === tile.width && found.every(Boolean) ? Buffer.concat(found as Buffer[]) : undefined;
      }
      return Buffer.concat(
        Array.from({ length: tile.width }, (_, i) => rootOver(signed.slice(first + i * span, first + (i + 1) * span))),
      );
    },
  };
  return { source, asked };
}
const audit = (signed: readonly Buffer[], served?: readonly (Buffer | undefined)[], before: readonly string[] = []) =>
  auditLedger(hubOf(signed, served).source, owner, before);

test('the path of a tile is the one of C2SP tlog-tiles, and has no other spelling', () => {
  expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('0/x001/x234/067');
  expect(tilePath({ level: 1, index: 0, width: 5 })).toBe('1/000.p/5');
  expect(parseTilePath('0/x001/x234/067')).toEqual({ level: 0, index: 1234067, width: 256 });
  expect(parseTilePath('1/000.p/5')).toEqual({ level: 1, index: 0, width: 5 });
  for (const other of [
    ...['', '0', '0/0', '0/0000', '0/x000/001', '0/001/002', '0/x001', '7/000', '-1/000', '00/000', '0/000.p/0'],
    ...['0/000.p/256', '0/000.p/05', '0/000.p/', '0/000/', '/0/000', '0/000.p/1.p/1', '0/x999/x999/x999/x999/x999/999'],
  ])
    expect([other, parseTilePath(other)]).toEqual([other, undefined]);
});

test('the tiles of a tree hold all of its hashes, once', () => {
  for (const size of [0, 1, 255, 256, 257, 65_535, 65_536, 70_000]) {
    for (const level of [0, 1, 2]) {
      const widths = tilesOf(level, size).map(({ width }) => width);
      expect(widths.reduce((sum, width) => sum + width, 0)).toBe(Math.floor(size / TILE ** level));
      expect(widths.slice(0, -1).every((width) => width === TILE)).toBe(true);
    }
  }
  expect(tileWidth(0, 3, 256)).toBe(0);
});

test.each([0, 1, 7, 256, 300, 1000])('a ledger of %d entries that is as it was signed holds', async (size) => {
  const signed = hashes(size);
  const before = [0, Math.floor(size / 3), size].map((some) => noteOf(signed.slice(0, some)));
  expect(await audit(signed, signed, before)).toMatchObject({ origin: 'hub.example', size });
});

const size = 600;
const signed = hashes(size);
const other = leafHash(Buffer.from('another'));
const planted: Record<string, (at: number) => [(Buffer | undefined)[], string]> = {
  altered: (at) => [signed.with(at, other), 'altered'],
  'taken out, with a gap': (at) => [(signed as (Buffer | undefined)[]).with(at, undefined), 'missing'],
  'taken out, the others moved up': (at) => [signed.toSpliced(at, 1), at === size - 1 ? 'missing' : 'altered'],
  inserted: (at) => [signed.toSpliced(at, 0, other), 'altered'],
  'out of its order': (at) => [signed.with(at, signed[size - 1]!).with(size - 1, signed[at]!), 'altered'],
};
describe.each(Object.entries(planted))('an entry %s', (_what, plant) => {
  test.each([0, 1, 255, 256, 300, 511, 512, 598])('is found and named: entry %d', async (at) => {
    const [served, fault] = plant(at);
    await expect(audit(signed, served)).rejects.toMatchObject({ fault, first: at });
  });
});

test('of several alterations the first is named', async () => {
  await expect(audit(signed, signed.with(400, other).with(20, other))).rejects.toMatchObject({ first: 20 });
  await expect(audit(signed, signed.with(20, other).toSpliced(500, 1))).rejects.toMatchObject({ first: 20 });
});

test('an entry behind the last one that was signed is found', async () => {
  await expect(audit(signed, [...signed, other])).rejects.toMatchObject({ fault: 'unrecorded', first: size });
});

test('entries that are gone, checkpoints and all, are found by who saw them', async () => {
  const seen = noteOf(signed);
  for (const check of [auditLedger, watchLedger]) {
    await expect(check(hubOf(signed.slice(0, 590)).source, owner, [seen])).rejects.toMatchObject({
      fault: 'shrunk',
      first: 590,
      until: 600,
      evidence: [seen, noteOf(signed.slice(0, 590))],
    });
  }
});

test('a history that the hub has written and signed anew is found by who saw the first one, between two checkpoints', async () => {
  const seen = [100, 500, 300].map((some) => noteOf(signed.slice(0, some)));
  for (const anew of [signed.with(350, other), [...signed.with(350, other), other]]) {
    for (const check of [auditLedger, watchLedger]) {
      const found = check(hubOf(anew).source, owner, seen);
      await expect(found).rejects.toMatchObject({ fault: 'forked', first: 300, until: 500 });
      await expect(found).rejects.toMatchObject({ evidence: [seen[1], noteOf(anew)] });
    }
    await expect(audit(anew)).resolves.toMatchObject({ size: anew.length });
  }
  const sameSize = signed.with(500, other);
  await expect(watchLedger(hubOf(sameSize).source, owner, [...seen, noteOf(signed)])).rejects.toMatchObject({
    fault: 'forked',
    first: 500,
    until: 600,
  });
});

test('what others have signed is no checkpoint of this hub', async () => {
  const stranger = generateKeyPairSync('ed25519');
  const { source } = hubOf(signed);
  const theirs = { ...source, checkpoint: async () => noteOf(signed, stranger.privateKey) };
  for (const check of [auditLedger, watchLedger]) {
    await expect(check(theirs, owner, [])).rejects.toMatchObject({ fault: 'unsigned' });
    await expect(check({ ...source, checkpoint: async () => undefined }, owner, [])).rejects.toMatchObject({
      fault: 'unsigned',
    });
    await expect(check(source, owner, [noteOf(signed, stranger.privateKey)])).rejects.toThrow('unknownKey');
  }
});

test('a stored node that does not belong to its entries is found', async () => {
  const { source } = hubOf(signed);
  const forged: LedgerSource = {
    ...source,
    tile: async (tile) => (tile.level === 0 ? source.tile(tile) : Buffer.concat([tileHash(Buffer.alloc(8192)), other])),
  };
  await expect(auditLedger(forged, owner)).rejects.toMatchObject({ fault: 'node', first: 0, until: 256 });
  const without: LedgerSource = { ...source, tile: async (tile) => (tile.level ? undefined : source.tile(tile)) };
  await expect(auditLedger(without, owner)).rejects.toMatchObject({ fault: 'node', first: 0 });
});

test('a watcher reads a few tiles, the auditor each one about once', async () => {
  const long = hashes(3000);
  const watched = hubOf(long);
  await watchLedger(watched.source, owner, [noteOf(long.slice(0, 1700))]);
  expect(watched.asked.length).toBeLessThan(6);
  const audited = hubOf(long);
  await auditLedger(audited.source, owner);
  expect(audited.asked.length).toBeLessThan(12 + 5);
});
