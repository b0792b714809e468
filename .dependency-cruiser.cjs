// Which file may import which. Every rule says why; `npm run check -- imports` runs them.

const PURE = '^packages/(wire|domain)/src';
const APPS = '^apps/';
/** Tests may reach for anything they exercise, except through another app's sources. */
const TESTS = '/test/|^test/|^packages/testkit/';

/** One library, one door: when a library is replaced or upgraded, one folder changes. */
const door = (library, places) => ({
  name: `door-${library.name}`,
  severity: 'error',
  comment: `${library.name} ${places.why}`,
  from: { path: '^(apps|packages)/', pathNot: [...places.folders.map((folder) => `^${folder}/`), TESTS] },
  to: { path: `(^|node_modules/)${library.pattern}(/|$)` },
});

/** A package may import from the packages listed, and from no other of ours. */
const rank = (name, allowed) => ({
  name: `rank-${name}`,
  severity: 'error',
  comment: `${name} imports only ${allowed.join(', ') || 'nothing of ours'}: imports go down a rank, never up or across`,
  from: { path: `^packages/${name}/src` },
  to: { path: '^(packages|apps)/', pathNot: [name, ...allowed].map((each) => `^packages/${each}/`) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Files that need each other cannot be understood, tested or moved one by one',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is left over',
      from: { orphan: true, pathNot: ['/test/', '(^|/)[^/]*config\\.[cm]?[jt]s$', '^packages/wire/src/index\\.ts$'] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'An import that leads nowhere fails when the process starts',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      comment: "A library that is not in the importing package's own package.json may vanish with the next install",
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: '^packages/testkit/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'The production image has no devDependencies (types are gone by then)',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: '^packages/testkit/|^apps/bench/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },

    rank('wire', []),
    rank('domain', ['wire']),
    rank('http-api', ['wire', 'domain']),
    rank('store', ['wire', 'domain']),
    rank('queue', ['wire', 'domain']),
    rank('runtime', ['wire', 'domain']),
    rank('local-services', ['wire', 'domain']),
    rank('testkit', ['wire', 'domain', 'http-api', 'store', 'queue', 'runtime', 'local-services']),
    {
      name: 'rank-testkit-stays-in-tests',
      severity: 'error',
      comment: 'testkit is for tests alone; it has no place in a production process',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: '^packages/testkit/' },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'rank-apps-apart',
      severity: 'error',
      comment: 'Apps are processes: they meet over HTTP, PostgreSQL and Redis, never by import',
      from: { path: '^apps/([^/]+)/' },
      to: { path: APPS, pathNot: '^apps/$1/' },
    },
    {
      name: 'rank-packages-below-apps',
      severity: 'error',
      comment: 'A package that imports an app could not be used by another one',
      from: { path: '^packages/' },
      to: { path: APPS },
    },
    {
      name: 'own-files-by-relative-path',
      severity: 'error',
      comment: "A package that imports itself by name runs its sources' build instead of its sources",
      from: { path: '^(packages|apps)/([^/]+)/src' },
      to: { path: '^$1/$2/', dependencyTypes: ['undetermined'] },
    },
    {
      name: 'sources-without-tests',
      severity: 'error',
      comment: 'What ships does not import what tests it',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: '^packages/testkit/' },
      to: { path: '/test/' },
    },

    {
      name: 'pure-without-io',
      severity: 'error',
      comment: 'wire and domain only compute: hashes, bytes and address lists, no files, sockets or clocks',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|net)$' },
    },
    {
      name: 'pure-without-libraries',
      severity: 'error',
      comment: 'A receiver installs wire alone, and domain must not depend on anything that has IO',
      from: { path: PURE },
      to: { path: 'node_modules/' },
    },

    door(
      { name: 'express', pattern: 'express' },
      { folders: ['apps/api', 'examples', 'apps/bench'], why: 'is how the API speaks HTTP' },
    ),
    door(
      { name: 'got', pattern: 'got' },
      { folders: ['apps/dispatcher/src/send', 'apps/bench'], why: 'sends only behind the egress guard' },
    ),
    door(
      { name: 'nodemailer', pattern: 'nodemailer' },
      { folders: ['apps/dispatcher/src/notify'], why: 'sends only what is kept until it is sent' },
    ),
    door(
      { name: 'bullmq', pattern: 'bullmq' },
      {
        folders: ['packages/queue'],
        why: 'stays behind the queue, so that its rules (ids, locks, retries) hold everywhere',
      },
    ),
    door(
      { name: 'ioredis', pattern: 'ioredis' },
      { folders: ['packages/queue'], why: 'stays behind the queue: one place knows how to live with Redis away' },
    ),
    door(
      { name: 'prisma', pattern: '@prisma' },
      { folders: ['packages/store'], why: 'stays behind the store: one place scopes queries to a tenant' },
    ),
    door(
      { name: 'pg', pattern: 'pg' },
      {
        folders: ['packages/store', 'packages/local-services', 'apps/bench'],
        why: 'stays behind the store; local-services starts servers with it, the bench fills tables',
      },
    ),
    door(
      { name: 'winston', pattern: 'winston' },
      { folders: ['packages/runtime'], why: 'is behind the Logger, which keeps secrets out of lines' },
    ),
    door(
      { name: 'prom-client', pattern: 'prom-client' },
      { folders: ['packages/runtime'], why: 'is behind createMetrics, so that every process has one registry' },
    ),
    door(
      { name: 'zod', pattern: 'zod' },
      {
        folders: ['packages/http-api', 'packages/runtime', 'apps/api'],
        why: 'checks what comes in from outside: requests and settings',
      },
    ),
    {
      name: 'door-store-from-routes',
      severity: 'error',
      comment: 'A route reads and writes through the tenant scope or the operator, never through the delivery engine',
      from: { path: '^apps/api/src/routes/' },
      to: {
        path: '^packages/store/',
        pathNot: [
          '^packages/store/(src|dist)/[^/]+$',
          '^packages/store/(src|dist)/(tenant|operator)/',
          '^packages/store/(src|dist)/engine/(accept-events|event-request)\\.',
        ],
      },
    },
    {
      name: 'door-generated-client',
      severity: 'error',
      comment: 'The generated client is an implementation detail of the store',
      from: { pathNot: '^packages/store/src' },
      to: { path: '^packages/store/(src|dist)/generated/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^packages/store/src/generated/'] },
    // The console is JSX, which this parser cannot read; .oxlintrc.json has its rules.
    exclude: { path: ['^(apps|packages)/[^/]+/dist/', '^apps/console/'] },
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['posthorn-source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main'],
    },
    builtInModules: {},
    reporterOptions: { text: { highlightFocused: true } },
  },
};
