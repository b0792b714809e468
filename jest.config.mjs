/** Tests run against the sources (no build between an edit and its test), with real PostgreSQL, Redis and sockets. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['posthorn-source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.posthorn'],
  globalSetup: '<rootDir>/packages/testkit/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testkit/global-teardown.mjs',
  testSequencer: '<rootDir>/packages/testkit/order-tests.mjs',
  maxWorkers: 3,
  testTimeout: 120_000,
};
