import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const rows = readFileSync(resolve(root, 'docs/threats.md'), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| (.+?) +\| `(.+?)` +\| (.+?) +\|$/.exec(line)?.slice(1) ?? [])
  .reduce<[string, string, string][]>((all, cell, i, cells) => {
    if (i % 3 === 0) all.push([cell, cells[i + 1]!, cells[i + 2]!]);
    return all;
  }, []);

test('the table is read', () => expect(rows.length).toBeGreaterThan(35));

test.each(rows)('%s: there is a test that names it, in %s', (_threat, file, words) => {
  expect(readFileSync(resolve(root, file), 'utf8')).toContain(words);
});
