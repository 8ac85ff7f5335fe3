import { defineConfig, globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '.data/', 'coverage/']),
  tseslint.configs.recommended,
  {
    rules: {
      // A name with an underscore says: it has to be there, and is not needed.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Off: Nest finds what to inject in the decorator metadata, and a type-only import leaves none.
      '@typescript-eslint/consistent-type-imports': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody waits for loses its error, and a transaction its order.
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },
  {
    // Checks of what the compiler has proved are marked with `!`; tests look into untyped answers.
    files: ['**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // A text that somebody sends must not keep the hub busy: no pattern takes more than in proportion to its length.
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.builder.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['libs/*/src/domain/**/*.ts', 'libs/{kernel,disclosure,statistics}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      // Rules are told the moment and the settings; asked by themselves, they could not be repeated.
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'A rule does not read the environment.',
        },
        {
          selector: "CallExpression[callee.property.name='toLocaleString'][arguments.length>1]",
          message:
            'It makes a formatter for each number, forty times as dear as the number: keep an Intl.NumberFormat.',
        },
      ],
    },
  },
);
