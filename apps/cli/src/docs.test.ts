import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refusals } from '@hub/contracts';
import { run, commands } from './hub';

/** What a page tells people to type is a command that there is, with options that it has. */
const root = resolve(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/agreements.md'), 'utf8');
const pages =
  page +
  readFileSync(join(root, 'docs/how-to/check-a-publication.md'), 'utf8') +
  readFileSync(join(root, 'docs/chairs.md'), 'utf8');
const typed = [...pages.matchAll(/^```\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block]) => block!.split('\n'))
  .filter((line) => line.startsWith('hub '));

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
  expect(readFileSync(join(root, 'docs/agreement-example.md'), 'utf8')).toBe(made);
});
