/**
 * Which way the arrows point: contracts <- kernel <- a library's domain/ <- its framework side <- apps.
 * `npm run arrows` draws every import and holds it against these rules. Each comment is the reason.
 */
const tests = '\\.test\\.ts$';
const doors = '^libs/[^/]+/src/((domain|checker)/)?index\\.ts$';
/** Libraries that are pure as a whole: usable from the command line and by authorities' own systems. */
const pure = 'disclosure|statistics|client';
const frameworks =
  'node_modules/(@nestjs|@apollo|@as-integrations|typeorm|pg|bull|passport|passport-jwt|graphql|express|rxjs|reflect-metadata|pino)/';

/** What checkers of disclosure control know: how problems, printed tables and proofs are written. */
const shapes = '^libs/disclosure/src/(problem|reader/printed|reader/proof)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contracts-stand-alone',
      comment: 'Outsiders rely on the contracts; what they promise must not move because our code did.',
      severity: 'error',
      from: { path: '^contracts/', pathNot: tests },
      to: { path: '^(libs|apps|test)/' },
    },
    {
      name: 'kernel-knows-contracts-alone',
      comment: 'Everything rests on the kernel: an arrow out of it would be an arrow into everything.',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^(libs/(?!kernel/)|apps/|test/)' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules are read and tested without a framework: a domain knows kernel, contracts, pure libraries and the domain doors of others.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/domain/', pathNot: tests },
      to: {
        path: '^(libs|apps|test)/',
        pathNot: [
          '^libs/kernel/',
          '^libs/$1/src/domain/',
          '^libs/[^/]+/src/domain/index\\.ts$',
          `^libs/(${pure})/src/index\\.ts$`,
        ],
      },
    },
    {
      name: 'pure-libraries-stay-pure',
      comment:
        'The command line and the client of an authority load these; one arrow to the framework side would load Nest with them.',
      severity: 'error',
      from: { path: `^libs/(${pure})/`, pathNot: tests },
      to: {
        path: '^(libs|apps|test)/',
        pathNot: [
          '^libs/$1/',
          '^libs/kernel/',
          '^libs/[^/]+/src/domain/index\\.ts$',
          `^libs/(${pure})/src/index\\.ts$`,
        ],
      },
    },
    {
      name: 'the-checker-is-alone',
      comment:
        'A certificate is worth what its checker shares with its maker: the shape of a problem, and no suppressor, auditor or solver.',
      severity: 'error',
      from: { path: '^libs/disclosure/src/checker/', pathNot: tests },
      to: { path: '.', pathNot: ['^libs/disclosure/src/checker/', shapes] },
    },
    {
      name: 'the-checker-shares-types-alone',
      comment:
        'What is sensitive and who knows what the checker works out itself; a mistake in one place is then seen.',
      severity: 'error',
      from: { path: '^libs/disclosure/src/checker/', pathNot: tests },
      to: { path: shapes, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'whoever-checks-a-publication-did-not-make-it',
      comment:
        'An analyst who checks a publication relies on the rules of its dataset, the ledger and adding up; what compiled, protected and proved it is not asked.',
      severity: 'error',
      from: { path: '^libs/publications/src/checker/', pathNot: tests },
      to: {
        path: '^(libs|apps|test)/|node_modules/highs/',
        pathNot: [
          '^libs/publications/src/(checker/|domain/(document|figure)\\.ts$)',
          '^libs/disclosure/src/checker/index\\.ts$',
          '^libs/(registry|ledger)/src/domain/index\\.ts$',
          '^libs/kernel/',
        ],
      },
    },
    {
      name: 'the-auditor-attacks-on-its-own',
      comment: 'An auditor that leans on the suppressor repeats its mistakes; they share the problem and the solver.',
      severity: 'error',
      from: { path: '^libs/disclosure/src/(audit|knowledge)\\.ts$' },
      to: {
        path: '^(libs|apps|test)/',
        pathNot: '^libs/disclosure/src/(audit\\.ts|knowledge\\.ts|problem\\.ts|highs\\.ts|checker/)',
      },
    },
    {
      name: 'the-suppressor-cannot-ask-the-auditor',
      comment: 'A suppressor tuned to what its auditor sees would prove nothing; only the finished answer is checked.',
      severity: 'error',
      from: { path: '^libs/disclosure/src/[^/]+\\.ts$', pathNot: [tests, 'src/(index|command|audit|knowledge)\\.ts$'] },
      to: { path: '^libs/disclosure/src/(audit|knowledge)\\.ts$' },
    },
    {
      name: 'what-readers-see-is-made-without-the-truth',
      comment:
        'A proof or interval for readers is made from the printed table; what holds the true counts is out of its reach.',
      severity: 'error',
      from: { path: '^libs/disclosure/src/reader/', pathNot: [tests, 'reader/printed\\.ts$'] },
      to: {
        path: '^(libs|apps|test)/',
        pathNot: ['^libs/disclosure/src/reader/', '^libs/disclosure/src/(highs|thread)\\.ts$'],
      },
    },
    {
      name: 'no-framework-in-the-rules',
      comment:
        'A rule that needs a decorator or a database cannot be checked by reading it, nor used where neither exists.',
      severity: 'error',
      from: { path: `^(contracts|libs/kernel|libs/(${pure})|libs/[^/]+/src/domain)/`, pathNot: tests },
      to: { path: frameworks },
    },
    {
      name: 'one-door-between-libraries',
      comment:
        'What a library does not export it may change freely; other libraries enter by index.ts or domain/index.ts.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/(?!$1/)[^/]+/', pathNot: doors },
    },
    {
      name: 'one-door-from-outside',
      comment:
        'Apps and journeys use what every user of a library can use; only test data has a door of its own (*.builder.ts).',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/', pathNot: [doors, '^libs/[^/]+/src/[^/]+\\.builder\\.ts$'] },
    },
    {
      name: 'test-data-stays-in-tests',
      comment: 'A builder makes agreements nobody signed; running code must not be able to.',
      severity: 'error',
      from: { path: '^(apps|libs|contracts)/', pathNot: ['\\.test\\.ts$', '\\.builder\\.ts$'] },
      to: { path: '\\.builder\\.ts$' },
    },
    {
      name: 'apps-are-ends',
      comment: 'An app is wiring. What two of them need belongs into a library.',
      severity: 'error',
      from: { path: '^(libs|contracts)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'one-app-is-not-another',
      comment: 'Two processes that share an app cannot be started, scaled or granted apart.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/(?!$1/)' },
    },
    {
      name: 'tests-are-ends',
      comment: 'Seeds, issuers and journeys are not part of what runs.',
      severity: 'error',
      from: { path: '^(apps|libs|contracts)/', pathNot: tests },
      to: { path: '^test/' },
    },
    {
      name: 'no-test-of-a-test',
      comment:
        'Importing a test file runs its tests a second time, under another name; shared helpers are files of their own.',
      severity: 'error',
      from: {},
      to: { path: tests },
    },
    {
      name: 'reading-never-sees-intake',
      comment:
        'A query about others reads publications and nothing else: a bug in a resolver then cannot leak raw cells.',
      severity: 'error',
      from: { path: '^libs/(benchmarks|exchange)/', pathNot: tests },
      to: { path: ['^libs/(submissions|client)/', 'intake'] },
    },
    {
      name: 'returns-know-publications-not-the-reverse',
      comment: 'A figure travels one way; what both need of an edition stands in the kernel.',
      severity: 'error',
      from: { path: '^libs/publications/', pathNot: tests },
      to: { path: '^libs/submissions/' },
    },
    {
      name: 'no-cycles',
      comment: 'In a circle nothing can be understood, tested or loaded first.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-packages-at-run-time',
      comment: 'A production install leaves devDependencies out.',
      severity: 'error',
      from: { path: '^(apps|libs|contracts)/', pathNot: [tests, '\\.builder\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'every-import-is-found',
      comment: 'An import that cannot be followed cannot be judged by any rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    webpackConfig: { fileName: 'infra/arrows.cjs' },
    // Types are arrows too: a rule that names an entity's type knows the entity.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data)/' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
