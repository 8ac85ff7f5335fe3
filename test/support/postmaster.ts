import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The number of the embedded server's first process. @param folder  the data folder of its hub */
export function postmasterOf(folder: string): number {
  const { place } = JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as { place: string };
  return Number(readFileSync(join(place, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
