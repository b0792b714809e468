import { dirname, normalize } from 'node:path/posix';

/** Names in capitals that are neither settings nor limits: what the pages' own examples use. */
const FOREIGN_NAMES = new Set(['SIGNING_SECRET']);
/** Names of settings and of limits look alike; a single word in capitals is not looked at. */
const CAPITALS = /(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-])/g;
const REPOSITORY_PATH = /^(?:apps|packages|docs|scripts|deploy|examples|prisma|test|\.ci)\/[\w./*{},-]*$/;
const ROOT_FILE = /^[\w.-]+\.(?:md|json|mjs|cjs|yml|ts|example)$|^(?:Dockerfile|LICENSE)$/;
/** Served beside the route table: the docs pages, the console's address, and the dispatcher's own health server. */
const SERVED_BESIDE = new Set([
  '/v1/stream',
  '/',
  '/docs',
  '/docs/errors',
  '/livez',
  '/readyz',
  '/metrics',
  '/openapi.json',
]);

/** Every place where a page says something that is not so, as `path:line: what is wrong`. */
export function findProblems(facts) {
  const problems = [];
  for (const [path, page] of facts.pages) {
    page.split('\n').forEach((line, index) => {
      for (const problem of problemsOfLine(line, path, facts)) problems.push(`${path}:${index + 1}: ${problem}`);
    });
  }
  return [...problems, ...missingFrom(facts)];
}

function* problemsOfLine(line, path, facts) {
  yield* wrongLinks(line, path, facts);
  yield* wrongPaths(line, path, facts);
  yield* wrongCommands(line, facts);
  yield* wrongSettings(line, facts);
  yield* wrongRoutes(line, facts);
  yield* wrongErrors(line, facts);
  yield* wrongMetrics(line, facts);
}

function* wrongLinks(line, path, { files, pages }) {
  for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file, anchor] = target.split('#');
    const linked = file ? normalize(`${dirname(path)}/${file}`) : path;
    if (!exists(linked, files)) yield `the link ${target} leads nowhere`;
    else if (anchor && !headingsOf(pages.get(linked) ?? '').has(anchor)) yield `${linked} has no heading #${anchor}`;
  }
}

/** The anchors of a page, made as GitHub makes them. */
function headingsOf(page) {
  const titles = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Text in backticks, and words of commands, that look like a path in the repository. */
function* wrongPaths(line, path, { files }) {
  const words = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, text]) => text.split(/\s+/));
  if (/^\s*(?:\$ )?(?:node|cp|sh|bash) /.test(line)) words.push(...line.trim().split(/\s+/));
  for (const word of words) {
    const name = word.replace(/[,;:]$/, '').replace(/:\d+$/, '');
    if (!REPOSITORY_PATH.test(name) && !ROOT_FILE.test(name)) continue;
    const beside = normalize(`${dirname(path)}/${name}`);
    if (!existsSomehow(name, files) && !existsSomehow(beside, files)) yield `there is no ${name}`;
  }
}

function existsSomehow(name, files) {
  // A name without a folder stands for the files of that name, wherever they are.
  if (!name.includes('/') && [...files].some((file) => file.endsWith(`/${name}`))) return true;
  return expand(name).every((each) => exists(each.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts'), files));
}

/** `a/{b,c}/d` stands for `a/b/d` and `a/c/d`. */
function expand(name) {
  const choice = /\{([^{}]*)\}/.exec(name);
  return choice ? choice[1].split(',').flatMap((each) => expand(name.replace(choice[0], each))) : [name];
}

function exists(name, files) {
  const path = name.replace(/\/$/, '');
  if (path === '' || path === '.') return true;
  const pattern = new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replaceAll('**', '.+')
      .replaceAll(/(?<!\.)\*/g, '[^/]+')}(/|$)`,
  );
  return files.has(path) || [...files].some((file) => pattern.test(file));
}

function* wrongCommands(line, { scripts, checks }) {
  for (const [, script] of line.matchAll(/npm run ([\w:-]+)/g)) {
    if (!scripts.includes(script)) yield `package.json has no script ${script}`;
  }
  for (const [, script] of line.matchAll(/npm (start|test)\b/g)) {
    if (!scripts.includes(script)) yield `package.json has no script ${script}`;
  }
  for (const [, names] of line.matchAll(/npm run check -- ([a-z ]+)/g)) {
    for (const name of names.trim().split(' ')) if (!checks.includes(name)) yield `there is no check ${name}`;
  }
}

function* wrongSettings(line, { settings, composeExample, sources }) {
  for (const [name] of line.matchAll(CAPITALS)) {
    const known = name in settings || FOREIGN_NAMES.has(name) || composeExample.includes(`${name}=`);
    // A named limit of the code may be named too.
    if (!known && !new RegExp(`\\b${name}\\b`).test(sources))
      yield `${name} is neither a setting nor a limit in the code`;
  }
}

function* wrongRoutes(line, { routes }) {
  for (const [, method, rest] of line.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[^\s`'"|)>]*)/g)) {
    const path = rest.replace(/[?#].*$/, '').replace(/[.,;:]$/, '');
    const matching = routes.filter((route) => samePath(route.path, path));
    if (matching.length === 0 && !SERVED_BESIDE.has(path)) yield `there is no route ${path}`;
    else if (matching.length > 0 && !matching.some((route) => route.method === method))
      yield `${path} has no ${method}`;
  }
  for (const [, rest] of line.matchAll(/localhost:808\d(\/[^\s`'"|)>]*)/g)) {
    const path = rest.replace(/[?#].*$/, '');
    const known = SERVED_BESIDE.has(path) || routes.some((route) => samePath(route.path, path));
    if (!known) yield `there is no route ${path}`;
  }
}

/** Whether a path, with ids, shell variables or placeholders in it, is one of this route. */
function samePath(routePath, path) {
  const [wanted, given] = [routePath.split('/'), path.replace(/\/$/, '').split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith('{') || part === given[index]);
}

function* wrongErrors(line, { errors }) {
  for (const [, name] of line.matchAll(/"code": ?"(\w+)"/g))
    if (!(name in errors)) yield `there is no error code ${name}`;
  for (const [, status, name] of line.matchAll(/\b([45]\d\d) `(\w+)`/g)) {
    if (!(name in errors)) yield `there is no error code ${name}`;
    else if (errors[name].status !== Number(status))
      yield `${name} has the status ${errors[name].status}, not ${status}`;
  }
}

function* wrongMetrics(line, { metrics }) {
  for (const [, name] of line.matchAll(/`(posthorn_[a-z_]+)`/g)) {
    const base = name.replace(/_(bucket|sum|count)$/, '');
    if (!metrics.includes(name) && !metrics.includes(base)) yield `there is no metric ${name}`;
  }
}

/** What the code has and the page that should explain it does not. */
function* missingFrom({ pages, errors, statuses, outcomes, metrics, checks }) {
  const expected = [
    ['docs/errors.md', Object.keys(errors).map((name) => `## ${name}`)],
    ['docs/delivery-lifecycle.md', [...statuses, ...outcomes].map((word) => `\`${word}\``)],
    ['docs/operations.md', metrics.map((name) => `\`${name}\``)],
    ['CONTRIBUTING.md', checks.map((name) => `\`${name}\``)],
  ];
  for (const [path, words] of expected) {
    const page = pages.get(path) ?? '';
    for (const word of words) if (!page.includes(word)) yield `${path}: says nothing of ${word}`;
  }
}
