import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds the data files of the contracts, whether this runs from source or from `dist`. */
export const contractsFolder: string = [__dirname, join(__dirname, '..', '..', 'contracts')].find((folder) =>
  existsSync(join(folder, 'datasets')),
)!;
