// Holds the documentation against the code. It reads the build, so build first (npm run check does).
//
//   node scripts/check-docs.mjs            every problem, and exit code 1 if there is one
//   node scripts/check-docs.mjs --write    writes the generated parts anew, then checks
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProblems } from './docs/find-problems.mjs';
import { readFacts } from './docs/read-facts.mjs';
import { regenerate } from './docs/regenerate.mjs';
import { rootFolder } from './root-folder.mjs';

let facts = await readFacts();
if (process.argv.includes('--write')) {
  for (const [path, text] of regenerate(facts)) {
    writeFileSync(join(rootFolder, path), text);
    console.log(`wrote ${path}`);
  }
  facts = await readFacts();
}
const stale = [...regenerate(facts).keys()].map(
  (path) => `${path}: not what the code says; run node scripts/check-docs.mjs --write`,
);
const problems = [...stale, ...findProblems(facts)];
for (const problem of problems) console.error(problem);
console.log(`docs: ${facts.pages.size} pages, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
