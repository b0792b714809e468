/** What `npm run check` runs: a name, the rule it keeps, and the command, given as a path in node_modules and arguments. */
export const checks = [
  {
    name: 'types',
    why: 'the whole tree, tests included, compiles in strict mode',
    command: ['typescript/bin/tsc', '-p', 'tsconfig.json'],
  },
  {
    name: 'console',
    why: 'the console compiles too, with the types of a browser',
    command: ['typescript/bin/tsc', '-p', 'apps/console/tsconfig.json'],
  },
  {
    name: 'format',
    why: 'one layout for all, so that a diff shows what changed',
    command: ['@biomejs/biome/bin/biome', 'check', '.'],
  },
  {
    name: 'lint',
    why: 'no promise is forgotten, no any slips in (type-aware)',
    command: ['oxlint/bin/oxlint', '--type-aware'],
  },
  {
    name: 'imports',
    why: 'imports go down a rank, one library has one door, no cycles',
    command: ['dependency-cruiser/bin/dependency-cruise.mjs', 'apps', 'packages'],
  },
  {
    name: 'unused',
    why: 'no dead file, export or dependency',
    command: ['knip/bin/knip.js'],
  },
  {
    name: 'docs',
    why: 'docs, .env.example and code say the same',
    command: ['../scripts/check-docs.mjs'],
  },
  {
    name: 'compose',
    why: 'docker-compose.yml fits the Compose schema',
    command: ['dclint/bin/dclint.cjs', '--quiet', 'docker-compose.yml'],
  },
];
