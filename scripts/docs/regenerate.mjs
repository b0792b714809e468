import { describeVerifiers } from './describe-verifiers.mjs';
import {
  describeErrors,
  describeProfiles,
  describeRoutes,
  describeSettings,
  writeEnvExample,
} from './generated-parts.mjs';

/** Which part of which page is made from the code, between `<!-- name:start -->` and `<!-- name:end -->`. */
const PARTS = [
  { path: 'README.md', name: 'settings', make: describeSettings },
  { path: 'docs/errors.md', name: 'errors', make: describeErrors },
  { path: 'docs/receiving.md', name: 'profiles', make: describeProfiles },
  { path: 'docs/verifying-signatures.md', name: 'verifiers', make: describeVerifiers },
  { path: 'docs/http-api.md', name: 'routes', make: describeRoutes },
];

/** The files whose generated parts differ from what the code says, by path, as they should be. */
export function regenerate(facts) {
  const changed = new Map();
  for (const { path, name, make } of PARTS) {
    const before = changed.get(path) ?? facts.pages.get(path) ?? '';
    const after = replacePart(before, name, make(facts), path);
    if (after !== before) changed.set(path, after);
  }
  const envExample = writeEnvExample(facts);
  if (envExample !== facts.envExample) changed.set('.env.example', envExample);
  return changed;
}

function replacePart(page, name, text, path) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no part between ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}
