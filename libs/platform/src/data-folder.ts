import { accessSync, constants, mkdirSync } from 'node:fs';
import { Refusal } from '@hub/kernel';

/**
 * The folder of what this machine keeps: the embedded database, and what the hub has made up itself. Made where it is not there.
 * @throws Refusal CONFIGURATION where it is no folder, or none that this user may write in
 */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_DATA_DIR',
      expected: `a folder, there or not, that this user may write in (${code})`,
    });
  }
}
