// Makes the package of the client out of `dist` (npm run build first): node infra/pack-client.mjs [FOLDER].
// It holds what the client rests on and nothing else, as CommonJS with a door for ESM, types, and the contracts' data.
import { createRequire } from 'node:module';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist', 'client-package'));
const built = join(root, 'dist');
const entry = 'libs/client/src/index';
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Every file that is reached from the entry, and the packages that they ask for. */
const files = new Set();
const packages = new Set();
function reach(file) {
  if (files.has(file)) return;
  files.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:require|import)\(\s*["']([^"']+)["']\s*\)/g)) {
    if (name.startsWith('.')) {
      const path = resolve(dirname(file), name);
      reach([path, `${path}.js`, join(path, 'index.js')].find((one) => one.endsWith('.js') && existsSync(one)));
    } else if (!name.startsWith('node:'))
      packages.add(
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
  }
}
reach(join(built, `${entry}.js`));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const file of files) cpSync(file, join(out, relative(built, file)));
for (const folder of ['agreements', 'datasets', 'registry', 'rules', 'submission']) {
  cpSync(join(root, 'contracts', folder), join(out, 'contracts', folder), { recursive: true });
}

// Types of the same files; the names of libraries become paths.
const config = join(out, 'tsconfig.json');
writeFileSync(
  config,
  JSON.stringify({
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: out,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    },
    files: [join(root, `${entry}.ts`)],
  }),
);
const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
  stdio: 'inherit',
  cwd: root,
});
rmSync(config);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);
for (const name of readdirSync(out, { recursive: true }).filter((one) => one.endsWith('.d.ts'))) {
  const types = join(out, name);
  const text = readFileSync(types, 'utf8').replace(
    /(['"])@hub\/([a-z]+)(\/[a-z]+)?\1/g,
    (_whole, quote, library, door = '') => {
      const target = library === 'contracts' ? 'contracts/index' : `libs/${library}/src${door}/index`;
      const path = relative(dirname(types), join(out, target));
      return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
    },
  );
  writeFileSync(types, text);
}

const names = Object.keys(createRequire(import.meta.url)(join(built, `${entry}.js`))).sort();
writeFileSync(
  join(out, 'index.mjs'),
  `import all from './${entry}.js';\nexport const { ${names.join(', ')} } = all;\n`,
);
writeFileSync(join(out, 'index.d.mts'), `export * from './${entry}.js';\n`);
cpSync(join(root, 'libs/client/README.md'), join(out, 'README.md'));
if (existsSync(join(root, 'LICENSE'))) cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify(
    {
      name: 'safeguarding-hub-client',
      version: own.version,
      description: 'Signs returns, checks and sends them to a safeguarding data hub, and verifies the receipts.',
      license: own.license,
      engines: own.engines,
      main: `./${entry}.js`,
      types: `./${entry}.d.ts`,
      exports: {
        '.': {
          import: { types: './index.d.mts', default: './index.mjs' },
          require: { types: `./${entry}.d.ts`, default: `./${entry}.js` },
        },
        './package.json': './package.json',
      },
      dependencies: Object.fromEntries([...packages].sort().map((name) => [name, own.dependencies[name]])),
    },
    null,
    2,
  )}\n`,
);
process.stdout.write(`${out}\n`);
