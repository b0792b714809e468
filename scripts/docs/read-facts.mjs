import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../root-folder.mjs';

const IGNORED = new Set(['node_modules', 'dist', '.git', '.turbo', '.posthorn', 'coverage', 'generated']);

/**
 * What the code says, and what the pages say. `pages` and `files` are by path from the root; everything else is what
 * the running processes use themselves.
 */
export async function readFacts() {
  const files = listFiles('');
  const read = (path) => readFileSync(join(rootFolder, path), 'utf8');
  const pages = new Map(files.filter((path) => path.endsWith('.md')).map((path) => [path, read(path)]));
  const sources = files
    .filter((path) => /^(apps|packages)\/[^/]+\/src\/.*\.ts$/.test(path))
    .map(read)
    .join('\n');
  const [
    { settings },
    { routeTable },
    { streamDescription },
    { errorCatalog },
    { profiles },
    verifiers,
    { deliveryStatuses },
    { attemptOutcomes },
    { checks },
  ] = await Promise.all([
    import('../../packages/runtime/dist/settings.js'),
    import('../../apps/api/dist/routes/route-table.js'),
    import('../../apps/api/dist/live/describe-stream.js'),
    import('../../apps/api/dist/http/error-catalog.js'),
    import('../../packages/wire/dist/profiles.js'),
    import('../../packages/wire/dist/verifiers/write-verifier.js'),
    import('../../packages/domain/dist/delivery/delivery-status.js'),
    import('../../packages/domain/dist/delivery/attempt-outcome.js'),
    import('../checks.mjs'),
  ]);
  return {
    pages,
    files: new Set(files),
    envExample: existsSync(join(rootFolder, '.env.example')) ? read('.env.example') : '',
    composeExample: read('deploy/compose.env.example'),
    sources,
    scripts: Object.keys(JSON.parse(read('package.json')).scripts),
    checks: checks.map(({ name }) => name),
    settings,
    routes: [...routeTable, streamDescription].map(({ method, path, scope, access, answers }) => ({
      method: method.toUpperCase(),
      path,
      scope,
      access,
      answers,
    })),
    errors: errorCatalog,
    profiles,
    verifiers,
    statuses: deliveryStatuses,
    outcomes: attemptOutcomes,
    metrics: [...new Set([...sources.matchAll(/name: '(posthorn_[a-z_]+)'/g)].map(([, name]) => name))],
  };
}

function listFiles(folder) {
  return readdirSync(join(rootFolder, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (IGNORED.has(entry.name)) return [];
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}
