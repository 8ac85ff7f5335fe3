/** One transform for all suites; a suite is a folder or a file ending, so that each can be run and counted alone. */
const { readFileSync } = require('node:fs');
const swc = JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8'));
delete swc.$schema;
delete swc.jsc.baseUrl;
delete swc.jsc.paths;
const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.[cm]?[tj]s$': ['@swc/jest', { ...swc, swcrc: false, module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['node_modules/(?!(@nestjs|@apollo/server|@as-integrations|jose)/)'],
  moduleNameMapper: {
    '^@hub/contracts$': '<rootDir>/contracts/index.ts',
    '^@hub/([^/]+)/(domain|checker)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^@hub/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    // Modules for import alone, some as .mjs, which is never transformed: the build that they carry for everything else.
    '^(d3-[a-z-]+|internmap)$': '<rootDir>/node_modules/$1/dist/$1.js',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};
const suite = (displayName, testMatch, more = {}) => ({ ...common, displayName, testMatch, ...more });
const database = {
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
};
module.exports = {
  maxWorkers: 2,
  testTimeout: 60000,
  projects: [
    suite('unit', [
      '<rootDir>/libs/**/*.test.ts',
      '<rootDir>/contracts/**/*.test.ts',
      '<rootDir>/apps/**/*.test.ts',
      '!**/*.db.test.ts',
    ]),
    suite('db', ['<rootDir>/libs/**/*.db.test.ts', '<rootDir>/test/db/**/*.test.ts'], database),
    suite('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], database),
    suite('faults', ['<rootDir>/test/faults/**/*.test.ts'], database),
    suite('redis', ['<rootDir>/test/redis/**/*.test.ts'], database),
  ],
};
