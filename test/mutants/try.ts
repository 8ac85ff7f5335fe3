import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { transformSync, type Options } from '@swc/core';
import { configureGlobal } from 'fast-check';
import { rootFolder } from '../support/root';

const fromJest = createRequire(createRequire(__filename).resolve('jest/package.json'));
const { expect } = createRequire(fromJest.resolve('@jest/core'))('expect') as { expect: unknown };

/** One file with a change, by its path, and where the change is. */
export interface Change {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const { $schema: _, ...swcrc } = JSON.parse(readFileSync(join(rootFolder, '.swcrc'), 'utf8')) as Options & {
  $schema: string;
};
const compile = (file: string, text: string): Script => {
  const { code } = transformSync(text, {
    ...swcrc,
    swcrc: false,
    sourceMaps: false,
    filename: file,
    module: { type: 'commonjs' },
  });
  return new Script(
    `(function (exports, require, __dirname, test, describe, beforeAll, beforeEach, expect) {${code}\n})`,
    { filename: file },
  );
};
const compiled = new Map<string, Script>();
const asItIs = (file: string): Script => {
  const known = compiled.get(file) ?? compile(file, readFileSync(file, 'utf8'));
  compiled.set(file, known);
  return known;
};

type Work = () => unknown;
interface Case {
  readonly name: string;
  readonly work: Work;
}
const nameOf = (name: string, values: readonly unknown[]): string => `${name} (${String(values[0])})`;
const eachOf =
  (add: (name: string, work: Work) => void) =>
  (table: readonly unknown[]) =>
  (name: string, work: (...values: unknown[]) => unknown): void => {
    for (const row of table) {
      const values = Array.isArray(row) ? (row as unknown[]) : [row];
      add(nameOf(name, values), () => work(...values));
    }
  };

interface Module {
  readonly exports: object;
  /** Files that it rests on, itself too. */
  readonly needs: Set<string>;
  /** It was needed by what it needs: then what it rests on is not known. */
  circular?: boolean;
}
const UNKNOWN = '?';
/** Modules as they are, with all that they rest on: a change of another file leaves them as they are. */
const kept = new Map<string, Module>();
/** Gathers the files whose exports are used. */
let watching = new Set<string>();

/** Loads the test file with everything of its library that the change reaches anew, as it stands with the change; `used` gathers whose exports are used. */
function load(testFile: string, library: string, change: Change | undefined, used: Set<string>): Case[] {
  const cases: Case[] = [];
  const first: Work[] = [];
  const before: Work[] = [];
  const add = (name: string, work: Work) => {
    cases.push({ name, work });
  };
  const test = Object.assign(add, { each: eachOf(add) });
  const within = (_: string, work: Work) => void work();
  const describe = Object.assign(within, { each: eachOf(within) });
  const beforeAll = (work: Work) => void first.push(work);
  const beforeEach = (work: Work) => void before.push(work);

  watching = used;
  const modules = new Map<string, Module>();
  const under: Module[] = [];
  const require = (from: string, name: string): unknown => {
    const [, hub, domain = ''] = /^@hub\/([^/]+)(\/domain)?$/.exec(name) ?? [];
    if (hub === 'contracts') return createRequire(__filename)(join(rootFolder, 'dist/contracts/index.js'));
    if (hub && join(rootFolder, 'libs', hub, 'src') !== library) {
      return createRequire(__filename)(join(rootFolder, 'dist/libs', hub, 'src', domain, 'index.js'));
    }
    if (!hub && !name.startsWith('.')) return createRequire(from)(name);
    const path = hub ? join(library, domain) : resolve(dirname(from), name);
    const { exports, needs, circular } = evaluate(
      path.endsWith('/domain') || path === library ? join(path, 'index.ts') : `${path}.ts`,
    );
    const parent = under.at(-1)!;
    if (circular || needs.has(UNKNOWN)) parent.circular = true;
    for (const each of needs) parent.needs.add(each);
    return exports;
  };
  const evaluate = (file: string): Module => {
    const unchanged = kept.get(file);
    if (unchanged && !(change && unchanged.needs.has(change.file))) return unchanged;
    const known = modules.get(file);
    if (known) return known;
    const exported: Record<string, unknown> = {};
    const exports = new Proxy(exported, {
      get: (target, name) => {
        watching.add(file);
        return target[name as string];
      },
    });
    // Until it has run, nobody knows all that it needs.
    const module: Module = { exports, needs: new Set([file, UNKNOWN]) };
    modules.set(file, module);
    under.push(module);
    const script = file === change?.file ? compile(file, changed(readFileSync(file, 'utf8'), change)) : asItIs(file);
    const run = script.runInThisContext() as (...values: unknown[]) => void;
    run(exported, (name: string) => require(file, name), dirname(file), test, describe, beforeAll, beforeEach, expect);
    under.pop();
    module.needs.delete(UNKNOWN);
    const isOne = !file.endsWith('.test.ts') && !module.circular;
    if (isOne && !(change && module.needs.has(change.file))) kept.set(file, module);
    return module;
  };
  evaluate(testFile);
  return [
    ...first.map((work) => ({ name: 'beforeAll', work })),
    ...cases.map(({ name, work }) => ({
      name,
      work: async () => {
        for (const each of before) await each();
        await work();
      },
    })),
  ];
}

const changed = (text: string, { start, end, replacement }: Change) =>
  text.slice(0, start) + replacement + text.slice(end);

/** A test file that was green, and the files whose exports it came to use. */
export interface Done {
  readonly file: string;
  /** Of processor time: a machine that is busy otherwise does not lengthen it. */
  readonly milliseconds: number;
  readonly uses: ReadonlySet<string>;
}

/**
 * Runs the test files one after the other until one test is red.
 * @returns the name of that test; undefined when all are green; null when the change makes no program
 */
export async function firstRed(
  testFiles: readonly string[],
  library: string,
  change?: Change,
): Promise<{ red: string | undefined | null; done: readonly Done[] }> {
  configureGlobal({ seed: 1, ...(change ? { endOnFailure: true } : {}) }); // no shrinking: red is red
  const done: Done[] = [];
  if (change) {
    try {
      compile(change.file, changed(readFileSync(change.file, 'utf8'), change));
    } catch {
      return { red: null, done };
    }
  }
  for (const file of testFiles) {
    const began = process.cpuUsage();
    const used = new Set<string>();
    let name = 'loading';
    try {
      for (const one of load(file, library, change, used)) {
        ({ name } = one);
        await one.work();
      }
    } catch (error) {
      return { red: `${name}: ${String((error as Error | undefined)?.message).split('\n')[0]!}`, done };
    }
    const { user, system } = process.cpuUsage(began);
    done.push({ file, milliseconds: (user + system) / 1000, uses: used });
  }
  return { red: undefined, done };
}
