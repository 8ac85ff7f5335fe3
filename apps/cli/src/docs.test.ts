import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refusals } from '@hub/contracts';
import { run, commands } from './hub';

/** What a page tells people to type is a command that there is, with options that it has. */
const root = resolve(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/agreements.md'), 'utf8');
const folders = ['.', 'docs', 'docs/how-to'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);
const typed = pages
  .flatMap((text) => [...text.matchAll(/^```(?:\w*)\n([\s\S]*?)^```$/gm)])
  .flatMap(([, block]) => block!.replace(/\s*\\\n\s*/g, ' ').split('\n'))
  .map((line) => line.trim().replace(/^(?:\$ )?(?:npx )?/, ''))
  // The engine reads its own arguments.
  .filter((line) => /^hub (?!disclosure )/.test(line));

test.each(typed)('%s', (line) => {
  const words = line
    .replace(/ > \S+$/, '')
    .split(' ')
    .slice(1);
  const command = commands.find(({ name }) => name.split(' ').every((word, i) => words[i] === word));
  expect(command).toBeDefined();
  const options = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  expect([...Object.keys(command!.options), 'json']).toEqual(expect.arrayContaining(options));
  const asked = Object.entries(command!.options).flatMap(([name, need]) => (need === 'required' ? [name] : []));
  // Address and token stand in the environment.
  expect([...options, 'url', 'token-file']).toEqual(expect.arrayContaining(asked));
});

test('the page shows every command about agreements, and every refusal that names one', () => {
  for (const { name } of commands.filter((one) => one.name.startsWith('agreement '))) {
    expect(typed.some((line) => line.startsWith(`hub ${name} `))).toBe(true);
  }
  for (const code of Object.keys(refusals).filter((one) => one.startsWith('AGREEMENT_'))) {
    expect(page).toContain(`| \`${code}\` `);
  }
});

test('the example is the page of the example agreement', async () => {
  const agreement = join(root, 'contracts/agreements/north-east-benchmarking.v1.json');
  let made = '';
  await run(['agreement', 'check', '--in', agreement, '--page'], {
    out: (text) => (made += text),
    err: () => undefined,
  });
  // Made by: npx hub agreement check --in contracts/agreements/north-east-benchmarking.v1.json --page > docs/agreement-example.md
  expect(readFileSync(join(root, 'docs/agreement-example.md'), 'utf8')).toBe(
    made.slice(made.indexOf('# ')), // what it notes about dates that run out stands before the page
  );
});

test('every decision stands in the list of decisions, and nothing else', () => {
  const folder = join(root, 'docs/decisions');
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^- \[.+\]\((\S+)\)$/gm)].map(
    ([, file]) => file,
  );
  expect(listed).toEqual(
    readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .sort(),
  );
});
