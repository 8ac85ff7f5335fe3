import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { refusals, type Kind } from '@hub/contracts';
import { Refusal } from '@hub/kernel';
import { toProblem } from '@hub/platform';
import { limits } from '@hub/submissions/domain';

/** docs/http.md says what a hub answers at which address, and nothing else. */

const root = resolve(__dirname, '../../..');
const page = readFileSync(resolve(root, 'docs/http.md'), 'utf8');

test('the addresses are those of the controllers', () => {
  const files = ['apps/hub', 'libs'].flatMap((folder) =>
    (readdirSync(resolve(root, folder), { recursive: true }) as string[])
      .filter((name) => /\.(controller|module)\.ts$/.test(name))
      .map((name) => readFileSync(resolve(root, folder, name), 'utf8')),
  );
  const served = files.flatMap((text) => {
    const [, base] = /^@Controller\('(.*)'\)$/m.exec(text) ?? [];
    if (base === undefined) return [];
    return [...text.matchAll(/^ {2}@(Get|Post)\((?:'(.*)')?\)$/gm)].map(
      ([, method, path]) => `${method!.toUpperCase()} /${[base, path].filter(Boolean).join('/')}`,
    );
  });
  const told = [...page.matchAll(/^\| `((?:GET|POST) [^`]*)` /gm)].map(([, address]) => address);
  expect(told.sort()).toEqual(served.sort());
});

test('the statuses are those of the kinds of refusals', () => {
  const all = Object.keys(refusals).map((code) => toProblem(new Refusal(code as keyof typeof refusals), ''));
  const kindOf = (code: string): Kind => refusals[code as keyof typeof refusals].kind;
  const given = [...new Set(all.map(({ status, code }) => `${status} ${kindOf(code)}`))];
  const told = [...page.matchAll(/^\| (\d{3}) +\| (\w+) /gm)].map(([, status, kind]) => `${status} ${kind}`);
  expect(told).toEqual(given.sort());
});

test('problems have the members that it names, and limits are those of the hub', () => {
  const more = { pointer: '/a', findings: [] };
  for (const member of Object.keys(toProblem(new Refusal('SUBMISSION_INVALID', { expected: 'x' }, more), '')))
    expect(page).toContain(`\`${member}\``);
  for (const limit of [limits.envelopeBytes, limits.iatPastSeconds, limits.iatFutureSeconds])
    expect(page).toMatch(new RegExp(`\\b${limit}\\b`));
});
