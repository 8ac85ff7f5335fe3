import { sha256 } from '@hub/kernel';
import { leafHash, nodeHash, openNote, parseCheckpoint, parseVerifierKey } from '@hub/ledger/domain';
import { ask } from './database';

/** The root of a tree as RFC 6962 (2.1) defines it, from all its leaves: nothing that the ledger stores is used. */
export function rootOfAll(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leafHash(leaves[0]!);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(rootOfAll(leaves.slice(0, half)), rootOfAll(leaves.slice(half)));
}

/**
 * Every checkpoint is signed by the hub and holds the root of the leaves up to it; no leaf is missing or has changed.
 * @returns how many entries there are
 */
export async function ledgerHolds(ownerUrl: string, hubId: string, hubKey: string): Promise<number> {
  const entries = await ask<{ index: string; leaf: Buffer }>(
    ownerUrl,
    'select index, leaf from ledger.entry order by index',
  );
  expect(entries.map(({ index }) => Number(index))).toEqual(entries.map((_, i) => i));
  const notes = await ask<{ size: string; note: string }>(
    ownerUrl,
    'select size, note from ledger.checkpoint order by size',
  );
  expect(notes.map(({ size }) => Number(size))).toEqual(entries.map((_, i) => i + 1));
  const leaves = entries.map(({ leaf }) => leaf);
  for (const { size, note } of notes) {
    const { root, ...said } = parseCheckpoint(openNote(note, [parseVerifierKey(hubKey)]).text);
    expect(said).toEqual({ origin: hubId, size: Number(size) });
    expect(root.toString('hex')).toBe(rootOfAll(leaves.slice(0, Number(size))).toString('hex'));
  }
  return entries.length;
}
