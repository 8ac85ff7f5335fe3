// One swc call over everything; types are checked apart, by `npm run types`.
import { rmSync, chmodSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

rmSync('dist', { recursive: true, force: true });
const folders = ['apps', 'libs', 'contracts', 'test'].filter((folder) => existsSync(folder));
const done = spawnSync(
  process.execPath,
  ['node_modules/@swc/cli/bin/swc.js', ...folders, '-d', 'dist', '--ignore', '**/*.test.ts', '--quiet'],
  { stdio: 'inherit' },
);
if (done.status === 0 && existsSync('dist/apps/cli/src/main.js')) chmodSync('dist/apps/cli/src/main.js', 0o755);
process.exit(done.status ?? 1);
